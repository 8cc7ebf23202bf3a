"""Namelists: what is sound is read as f90nml reads it; what f90nml takes silently is found, with its line."""

import f90nml
import pytest
from freshet.driver import namelist
from freshet.driver.errors import ConfigurationError

GOOD = """! a comment with 'quotes', & and /
&run
  model = 'hbv', version = "1.0"   ! two on a line
  threads = 2
  gamma = .true.
/
&output variables = 'streamflow',
                    'snowpack'  compression = 1 /
&parameters fc = 2.5d2 k0 = .3, cfr = 5e-2 /
&data path = 'a!b/c&d', title = 'it''s' /
&network hidden = 2*256, 3 /
"""


def problems_of(text: str) -> list[str]:
    return [message for _, message in namelist.parse(text, "x.nml").problems]


def test_good_namelist_gives_typed_values():
    read = namelist.parse(GOOD, "x.nml")
    assert read.problems == []
    assert read.values["run"] == {"model": "hbv", "version": "1.0", "threads": 2, "gamma": True}
    assert read.values["output"] == {"variables": ["streamflow", "snowpack"], "compression": 1}
    assert read.values["parameters"] == {"fc": 250.0, "k0": 0.3, "cfr": 0.05}
    assert read.values["data"] == {"path": "a!b/c&d", "title": "it's"}
    assert read.values["network"] == {"hidden": [256, 256, 3]}


def test_a_sound_namelist_means_to_us_what_it_means_to_f90nml():
    theirs = {group: dict(values) for group, values in f90nml.reads(GOOD).items()}
    assert namelist.parse(GOOD).values == theirs


def test_lines_of_groups_and_keys_are_known():
    read = namelist.parse(GOOD, "x.nml")
    assert read.where("run") == "x.nml:2"
    assert read.where("run", "threads") == "x.nml:4"
    assert read.where("output", "variables") == "x.nml:7"
    assert read.where("output", "compression") == "x.nml:8"


def test_names_are_the_same_in_upper_and_lower_case():
    assert namelist.parse("&RUN Threads = 2 /").values == {"run": {"threads": 2}}


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace(" ", "\t").encode(),
        lambda text: text.rstrip("\n").encode(),
    ],
    ids=["CRLF", "CR", "byte order mark", "tabs", "no last newline"],
)
def test_line_ends_tabs_and_byte_order_marks_change_nothing(tmp_path, disguise):
    file = tmp_path / "x.nml"
    file.write_bytes(disguise(GOOD))
    read = namelist.read(file)
    assert read.problems == []
    assert read.values == namelist.parse(GOOD).values


# text, line of the problem, what the message has to say
FAULTS = {
    "unquoted date": ("&run\nstart = 1990-01-01\n/", 2, "write start = '1990-01-01'"),
    "unit after a number": ("&run\ndt = 86400s\n/", 2, "number with a unit: write the number alone (86400)"),
    "unquoted text": ("&run\nmodel = hbv\n/", 2, "write 'hbv' in quotes"),
    "unquoted path": ("&data\npath = data/x.nc\n/", 2, "write 'data/x.nc' in quotes"),
    "no value": ("&run\nmodel =\nthreads = 1\n/", 2, "&run model: has no value"),
    "no value at the end": ("&run\nthreads =\n/", 2, "&run threads: has no value"),
    "no value before a comma": ("&run\nthreads = ,\n/", 2, "empty place"),
    "empty place in a list": ("&network\nhidden = 1,,2\n/", 2, "empty place before a comma"),
    "duplicate key": ("&run\nthreads = 1\nthreads = 2\n/", 3, "given twice (first on line 2)"),
    "duplicate key, other case": ("&run\nthreads = 1\nTHREADS = 2\n/", 3, "given twice (first on line 2)"),
    "duplicate group": ("&run\n/\n&data\n/\n&run\n/", 5, "appears twice (first on line 1)"),
    "text before the groups": ("threads = 1\n&run\n/", 1, "stands outside any group"),
    "text after a group": ("&run\n/\nthreads = 1", 3, "stands outside any group"),
    "text on the line of the end": ("&run\n/ threads = 1", 2, "'threads = 1' stands outside any group"),
    "missing slash": ("&run\nthreads = 1\n&data\n/", 1, "no closing '/' before &data on line 3"),
    "missing slash at the end": ("&run\nthreads = 1\n", 1, "no closing '/' before the end of the file"),
    "unclosed quote": ("&run\nmodel = 'hbv\nthreads = 1\n/", 2, "quote of 'hbv is not closed"),
    "missing equals": ("&run\nmodel 'hbv'\n/", 2, "belongs to no key: write key = value"),
    "not a number": ("&parameters\nfc = nan\n/", 2, "found nan, expected a finite number"),
    "infinite": ("&parameters\nfc = -Infinity\n/", 2, "expected a finite number"),
    "old group sign": ("$run\nthreads = 1\n$end", 1, "begin groups with '&'"),
    "old end": ("&run\nthreads = 1\n&end", 3, "end it with '/'"),
    "index": ("&network\nhidden(2) = 3\n/", 2, "write the whole list"),
    "hash comment": ("&run\nthreads = 1 # two\n/", 2, "comments begin with '!'"),
    "typographic quotes": ("&run\nmodel = \u201chbv\u201d\n/", 2, "typographic quote"),
    "hyphen in a key": ("&run\nwarmup-days = 1\n/", 2, "is no name of a key"),
    "group without a name": ("&\nthreads = 1\n/", 1, "is no name of a group"),
}


@pytest.mark.parametrize(("text", "line", "words"), FAULTS.values(), ids=FAULTS)
def test_faults_of_form_are_told_with_their_line(text, line, words):
    found = problems_of(text)
    assert len(found) == 1
    assert found[0].startswith(f"x.nml:{line}: ")
    assert words in found[0]
    assert "\n" not in found[0]


def test_all_faults_are_told_at_once():
    text = "&run\nstart = 1990-01-01\ndt = 86400s\nmodel = 'hbv\n\n&run\na =\n"
    lines = [int(message.split(":")[1]) for message in problems_of(text)]
    assert sorted(lines) == [1, 2, 3, 4, 6, 6, 7]


def test_a_fault_leaves_the_sound_keys_readable():
    read = namelist.parse("&run\nstart = 1990-01-01\nthreads = 2\n/")
    assert read.values == {"run": {"threads": 2}}


def test_a_file_that_is_something_else_is_not_told_line_by_line():
    table = "\n".join(f"{day},1.0,2.0" for day in range(1000))
    assert len(problems_of(table)) == 1
    assert len(problems_of("&a\n" + table.replace(",", " = x "))) < 40


@pytest.mark.parametrize("text", ["", "\n\n", "! nothing but a comment\n"])
def test_an_empty_namelist_is_refused(text):
    assert "is empty" in problems_of(text)[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("&run /".encode("utf-16"), "UTF-16"),
        (b"&run\ntitle = 'Isle d\xe9serte'\n/", "x.nml:2: byte 0xe9 is not UTF-8"),
        (b"\x89HDF\r\n\x1a\n\0\0", "not a text file"),
    ],
    ids=["UTF-16", "Latin-1", "netCDF"],
)
def test_files_that_are_no_utf8_text_are_refused(tmp_path, content, words):
    file = tmp_path / "x.nml"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=words):
        namelist.read(file)


def test_a_missing_file_is_answered_with_the_nearest(tmp_path):
    (tmp_path / "hbv_caravan.nml").write_text(GOOD)
    with pytest.raises(ConfigurationError, match=r"does not exist; did you mean .*hbv_caravan\.nml"):
        namelist.read(tmp_path / "hbv_carvan.nml")
    with pytest.raises(ConfigurationError, match="is a folder"):
        namelist.read(tmp_path)
