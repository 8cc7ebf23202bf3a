"""VIC beside its reference runs: every error measure of every output and of the state, beside its bar.

    python run/parity_vic.py                     all output_*.nc below $FRESHET_SHARED/reference/vic
    python run/parity_vic.py wb3h eb3h           those whose name has one of these words; or paths of files
    python run/parity_vic.py --newton            roots by Newton's method of bounded length, as runs have them
    python run/parity_vic.py --failed            only what does not pass

float64, all cells and all steps, options from the files. measure: the largest error, its 99th percentile, its root mean
square or the error of the run's total; relative ones (/) are shares of the largest value. bar: the line of vic.md,
section 9 (9), or our own where it names none (own). found: a value for each cell of the group. What Newton's method is
known to miss, and why, is in tests/vic_known.py.
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from conftest import shared_folder
from vic_bars import Line, lines
from vic_parity import LEFT_OUT, repeat
from vic_reference import Case

COLUMNS = "{:<28} {:<13} {:<8} {:<8} {:<4} {:<5} {}"


def main() -> int:
    """Print the table; 1 where a line does not pass."""
    options = arguments()
    failed = 0
    for path in files(options.files):
        begun = time.process_time()
        case = Case(path)
        found = lines(repeat(case, brent=not options.newton), options.newton)
        bad = [line for line in found if not line.passes]
        failed += len(bad)
        print(f"\n{path.name}: {len(found) - len(bad)} of {len(found)} lines pass, {time.process_time() - begun:.0f} s")
        for name in [name for name in case.data if name in LEFT_OUT]:
            print(f"{name:<28} left out: {LEFT_OUT[name]}")
        print(COLUMNS.format("variable", "cells", "measure", "bar", "from", "pass", "found"))
        for line in bad if options.failed else found:
            print(shown(line))
    return 1 if failed else 0


def shown(line: Line) -> str:
    """A line of the table."""
    values = "  ".join(f"{cell}: {value:.1e}" for cell, value in line.found.items())
    measure = line.bar.measure + ("/" if line.bar.relative else "")
    return COLUMNS.format(
        line.name, line.group, measure, f"{line.bar.limit:g}", line.bar.source, "yes" if line.passes else "NO", values
    )


def files(words: list[str]) -> list[Path]:
    """Reference runs, by words of their names or by path."""
    folder = shared_folder() / "reference" / "vic"
    everything = sorted(folder.glob("output_*.nc"))
    if not everything and not words:
        raise SystemExit(f"no output_*.nc below {folder} (set FRESHET_SHARED)")
    named = [Path(word) for word in words if Path(word).is_file()]
    rest = [word for word in words if not Path(word).is_file()]
    if unknown := [word for word in rest if not any(word in path.stem for path in everything)]:
        raise SystemExit(f"no file of {folder} has '{unknown[0]}' in its name")
    return named + [path for path in everything if not words or any(word in path.stem for word in rest)]


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="words of the files' names, or paths")
    parser.add_argument("--newton", action="store_true", help="search roots by Newton's method")
    parser.add_argument("--failed", action="store_true", help="print only what does not pass")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
