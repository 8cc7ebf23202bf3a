"""Namelist files: bytes to groups of values with their lines, and every problem of form at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import ConfigurationError
from .namelist_scan import Entry, Scan
from .nearest import nearest

MOST_PROBLEMS = 30


@dataclass(frozen=True)
class Namelist:
    """What a namelist says: values by group and key, where each stands, and what is wrong with its form.

    values    groups of typed values: str, int, float, bool, or a list of them
    entries   the same keys as written, with their lines
    lines     line of each group
    problems  (line, complete message with file and line number)
    """

    name: str
    values: dict[str, dict[str, Any]]
    entries: dict[str, dict[str, Entry]]
    lines: dict[str, int]
    problems: list[tuple[float, str]]

    def where(self, group: str, key: str = "") -> str:
        """File and line of a group or key, as a prefix of a message."""
        entry = self.entries.get(group, {}).get(key)
        line = entry.line if entry else self.lines.get(group, 0)
        return f"{self.name}:{line}" if line else self.name


def read(path: str | Path) -> Namelist:
    """The namelist in a file. ConfigurationError where there is no readable text file of that name."""
    file = Path(path)
    if file.is_dir():
        raise ConfigurationError(f"{path} is a folder, expected a namelist file")
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        raise ConfigurationError(f"namelist {path} does not exist{_similar_file(file)}") from None
    except OSError as error:
        raise ConfigurationError(f"namelist {path} cannot be read: {error.strerror}") from None
    return parse(_decode(raw, str(path)), str(path))


def parse(text: str, name: str = "namelist") -> Namelist:
    """The namelist in a text; name stands for it in messages."""
    scan = Scan(text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"))
    problems: list[tuple[float, str]] = [(line, f"{name}:{line}: {message}") for line, message in scan.problems]
    if not scan.groups and not problems:
        problems = [(0, f"{name} is empty: expected groups such as '&run ... /' (freshet describe settings)")]
    if len(problems) > MOST_PROBLEMS:
        more = f"{name}: and {len(problems) - MOST_PROBLEMS} more problems of this kind"
        problems[MOST_PROBLEMS:] = [(problems[MOST_PROBLEMS][0], more)]
    return Namelist(name, _values(scan), scan.groups, scan.lines, problems)


def _values(scan: Scan) -> dict[str, dict[str, Any]]:
    """Typed values of the sound entries, by f90nml, which sees them one key a line and without comments."""
    import f90nml

    values: dict[str, dict[str, Any]] = {}
    for group, entries in scan.groups.items():
        values[group] = {}
        for key, entry in entries.items():
            if entry.sound:
                parsed = f90nml.reads(f"&group\nkey = {entry.text}\n/\n")
                values[group][key] = parsed["group"]["key"]
    return values


def _decode(raw: bytes, name: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ConfigurationError(f"{name} is UTF-16 text: save it as UTF-8")
    if b"\0" in raw:
        raise ConfigurationError(f"{name} is not a text file, expected a namelist")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        found = raw[error.start]
        raise ConfigurationError(f"{name}:{line}: byte 0x{found:02x} is not UTF-8: save the file as UTF-8") from None


def _similar_file(file: Path) -> str:
    folder = file.parent
    if not folder.is_dir():
        return f" (nor does the folder {folder}); relative paths start from the current directory"
    found = nearest(file.name, [other.name for other in folder.glob("*.nml")])
    return f"; did you mean {folder / found}?" if found else ""
