"""Memory of a run does not grow with its length."""

import subprocess
import sys
from pathlib import Path

CASE = Path(__file__).parent / "run_case.py"
YEAR = 365


def peak_memory(folder: Path, days: int) -> float:
    """MB, as the run says at its end."""
    options = ["output.variables=streamflow,states", "output.restart_every=1000"]
    command = [sys.executable, str(CASE), str(folder), str(days), "3", *options]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(out.split("peak memory ")[1].split(" MB")[0])


def test_sixty_years_need_no_more_memory_than_ten(tmp_path):
    short, long = peak_memory(tmp_path / "short", 10 * YEAR), peak_memory(tmp_path / "long", 60 * YEAR)
    assert long < 1.05 * short
