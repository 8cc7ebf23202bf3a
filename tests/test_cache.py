"""The cache of compiled loops: processes at the same time, full disks, damaged files, users without a home."""

import os
import subprocess
import sys

import pytest

from test_first_use import FIRST_STEP, python

# Both processes know the cache's content before either adds to it. The times are what each waits before it writes:
# whatever the second writes first is overtaken, whatever the first writes last stays.
AT_ONCE = """
import sys, time, pathlib
import numpy as np
from numba.core.caching import IndexDataCacheFile
from freshet.kernels.caching import cached_njit
from freshet.kernels.routing.convolution import _convolve
precision, mine, other, *delays = sys.argv[1:]
dump, written = IndexDataCacheFile._dump, []

def together(self, content):
    pathlib.Path(mine).touch()
    until = time.monotonic() + 30
    while not pathlib.Path(other).exists() and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(float(delays[len(written)]))
    written.append(content)
    return dump(self, content)

IndexDataCacheFile._dump = together
flow, weights = np.ones((20, 1, 4), precision), np.full((15, 4), 1 / 15, precision)
routed = np.empty((6, 1, 4), precision)
cached_njit(_convolve)(flow, weights, routed)
print(round(float(routed.sum()), 4))
"""

FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
"""

HOMELESS = """
import os, pathlib, tempfile
from freshet.kernels.caching import cache_folder, source_hash
source_hash()
del os.environ["HOME"]
os.setuid(54321)
print(cache_folder())
"""


def at_once(folder, *arguments):
    command = [sys.executable, "-c", AT_ONCE, *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "FRESHET_CACHE": str(folder)}
    )


def test_processes_that_compile_for_two_precisions_at_once_do_not_mix_their_code(tmp_path):
    marks = [tmp_path / name for name in ("single", "double")]
    both = [
        at_once(tmp_path, "float32", marks[0], marks[1], 0.0, 1.5),
        at_once(tmp_path, "float64", marks[1], marks[0], 0.5, 0.0),
    ]
    assert [process.communicate(timeout=120)[0].strip() for process in both] == ["24.0", "24.0"]
    for precision in ("float32", "float64"):
        later = at_once(tmp_path, precision, *marks, 0.0, 0.0)
        assert later.communicate(timeout=120)[0].strip() == "24.0", precision
        assert later.returncode == 0


def test_a_disk_without_room_for_the_cache_does_not_stop_a_run(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FULL + FIRST_STEP], capture_output=True, text=True, check=True,
        env={**os.environ, "FRESHET_CACHE": str(tmp_path)},
    )  # fmt: skip
    assert "cannot be kept in" in done.stderr
    assert "Set FRESHET_CACHE to another folder" in done.stderr


def test_damaged_files_of_the_cache_are_made_anew(tmp_path):
    assert python(FIRST_STEP, FRESHET_CACHE=str(tmp_path)) == "0 1"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    for path in files:
        path.write_bytes(path.read_bytes()[:100])
    assert python(FIRST_STEP, FRESHET_CACHE=str(tmp_path)) == "0 1"
    assert python(FIRST_STEP, FRESHET_CACHE=str(tmp_path)) == "1 0"


as_root = pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="needs root: becomes another user")


@as_root
def test_a_user_without_a_home_gets_a_temporary_cache(tmp_path):
    tmp_path.chmod(0o777)
    for parent in tmp_path.parents:
        if parent.owner() == "root" and parent.name.startswith(("pytest-", "popen-")):  # one more with several workers
            parent.chmod(0o755)
    variables = {"FRESHET_CACHE": "", "XDG_CACHE_HOME": "", "TMPDIR": str(tmp_path)}
    assert python(HOMELESS, **variables).startswith(str(tmp_path / "freshet-54321"))


@as_root
def test_a_temporary_cache_that_another_user_made_is_not_trusted(tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    foreign = tmp_path / f"freshet-{os.getuid()}"
    foreign.mkdir()
    os.chown(foreign, 54321, 54321)
    code = "from freshet.kernels.caching import cache_folder; print(cache_folder())"
    found = python(code, FRESHET_CACHE=str(blocked), TMPDIR=str(tmp_path))
    assert found.startswith(str(tmp_path / "freshet-"))
    assert not found.startswith(str(foreign))


def test_a_cache_that_is_switched_off_leaves_no_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    loops = "from freshet.kernels.loops import cuda, cuda_compiled; cuda_compiled.plain(cuda.sum_outputs, 'float32')\n"
    loops += "from freshet.kernels.routing import convolution; convolution.convolve('float32')"
    python(loops, FRESHET_CACHE="off")
    assert not list(tmp_path.iterdir())
