"""What a first use costs: nothing heavy is imported until used, loops are compiled once and cached by their sources."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import freshet
import pytest

HEAVY = ("numba", "torch", "xarray", "netCDF4", "matplotlib", "pandas", "scipy", "h5py", "numpy")

FIRST_STEP = """
import sys
import numpy as np
from freshet.kernels.loops import compiled
from freshet.kernels.registry import model
from freshet.kernels.simulate import initial_state, simulate
m = model("hbv")
forcing = np.ones((3, 3, 2), np.float32)
parameters = np.stack([np.full(2, v.default, np.float32) for v in m.parameters])
simulate(m, forcing, parameters, initial_state(m, 2))
stats = compiled.forward(m, "float32").stats
print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
"""


def python(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, **environment}
    )
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["freshet", "freshet.driver.cli"])
def test_import_loads_nothing_heavy(module):
    loaded = python(f"import sys, {module}; print(*sys.modules)").split()
    assert not set(HEAVY) & set(loaded)


def test_a_second_process_finds_the_loops_compiled(tmp_path):
    folder = str(tmp_path / "cache")
    assert python(FIRST_STEP, FRESHET_CACHE=folder) == "0 1"
    assert python(FIRST_STEP, FRESHET_CACHE=folder) == "1 0"


def test_an_edit_of_any_kernel_source_empties_the_cache(tmp_path):
    copy = tmp_path / "freshet"
    shutil.copytree(Path(freshet.__file__).parent / "kernels", copy / "kernels")
    (copy / "__init__.py").write_text("")
    code = "from freshet.kernels.caching import source_hash; print(source_hash())"
    before = python(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}")
    with (copy / "kernels" / "hbv" / "snow.py").open("a") as file:
        file.write("\n# another melt\n")
    after = python(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}")
    assert before != after


def test_an_unwritable_cache_folder_does_not_stop_a_run(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert python(FIRST_STEP, FRESHET_CACHE=str(blocked), TMPDIR=str(tmp_path)) == "0 1"
