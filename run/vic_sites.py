"""VIC at real sites, uncalibrated and calibrated by its gradient: scores in the half of the record not calibrated on.

    python run/vic_sites.py --pictures pictures              all sites, about ten minutes on one core
    python run/vic_sites.py --sites mountain gulch --iterations 10 --years 4

mountain: snow water equivalent at Reynolds Mountain East; gulch: evapotranspiration and sensible heat at Walnut Gulch;
cannonsville: discharge that another VIC made of the same weather (none was measured); piscataquis, north: discharge of
CAMELS 01031500 and 01620500. Data below $FRESHET_SHARED, by default the folder `shared` beside the checkout.

Energy-balance form, steps of three hours, float64, one elevation band; weather of days is disaggregated. The record
runs after a spin-up of its own first years. At most eight parameters are searched for by Adam within their bounds in
the first half (loss: 1 - (NSE + KGE 2009)/2, of discharge with square roots); days of the second half are scored, as
they are. bias: % of the mean.

--json prints one object per line: site, variable, what, nse, kge, bias, days; and one per site with its parameters.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
from freshet.driver.metrics import days, kge_2009, nse, percent_bias

from vic_site_calibration import Site
from vic_site_records import SITES

COLUMNS = "{:<22} {:<22} {:<13} {:>7} {:>7} {:>8} {:>6}"
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def main() -> int:
    """Run the sites and print what was found as it comes."""
    options = arguments()
    torch.set_num_threads(1)
    if not options.json:
        print(COLUMNS.format("site", "variable", "what", "NSE", "KGE", "bias %", "days"))
    for name in options.sites:
        run(name, options)
    return 0


def arguments() -> argparse.Namespace:
    """The command line; an unknown site or missing data end here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", nargs="+", default=list(SITES), choices=list(SITES))
    parser.add_argument("--iterations", type=int, default=24, help="of the search; 0 = uncalibrated only")
    parser.add_argument("--years", type=float, default=1000.0, help="the first so many years of each record")
    parser.add_argument("--pictures", type=Path, help="folder for a picture of each site")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.add_argument("--verbose", action="store_true", help="what each step of the search found, on stderr")
    options = parser.parse_args()
    options.data = Path(os.environ.get("FRESHET_SHARED", SHARED)) / "data"
    if not options.data.is_dir():
        parser.error(f"no folder {options.data}: set FRESHET_SHARED")
    return options


def run(name: str, options: argparse.Namespace) -> None:
    """One site: scores, parameters, picture."""
    begun = time.process_time()
    record = SITES[name](options.data).first(options.years)
    site, half = Site(record), record.days // 2
    simulated = {"uncalibrated": simulation(site, {})}
    tell(record, "uncalibrated", simulated["uncalibrated"], half, options.json)
    if options.iterations:
        found = site.calibrate(half, options.iterations, progress if options.verbose else None)
        simulated["calibrated"] = simulation(site, found)
        tell(record, "calibrated", simulated["calibrated"], half, options.json)
        if options.json:
            print(json.dumps({"site": record.name, "parameters": found, "seconds": time.process_time() - begun}))
        else:
            words = (f"{each.name} {_told(each, found[each.name])}" for each in site.free)
            print(f"  {time.process_time() - begun:.0f} s; " + ", ".join(words), flush=True)
    if options.pictures:
        from vic_site_pictures import picture

        options.pictures.mkdir(parents=True, exist_ok=True)
        picture(options.pictures / f"{name}.png", record.name, record.dates, record.observed, simulated, half)


def simulation(site: Site, found: dict[str, float]) -> dict[str, np.ndarray]:
    """The whole record without gradients."""
    with torch.no_grad():
        values = {name: torch.tensor(value, dtype=torch.float64) for name, value in found.items()}
        return {name: series.numpy() for name, series in site.simulate(values, site.record.days).items()}


def scores(simulated: np.ndarray, observed: np.ndarray) -> dict[str, float]:
    """NSE, KGE, bias in % and the number of days that were measured."""
    pair = simulated[:, None], observed[:, None]
    found = {"nse": nse, "kge": kge_2009, "bias": percent_bias, "days": days}
    return {name: float(function(*pair)[0]) for name, function in found.items()}


def tell(record, what: str, simulated: dict[str, np.ndarray], half: int, as_json: bool) -> None:
    """One line for each variable: scores of the second half."""
    for name, values in simulated.items():
        found = scores(values[half:], record.observed[name][half:])
        if as_json:
            print(json.dumps({"site": record.name, "variable": name, "what": what, **found}), flush=True)
        else:
            told = f"{found['nse']:.3f}", f"{found['kge']:.3f}", f"{found['bias']:+.1f}", f"{found['days']:.0f}"
            print(COLUMNS.format(record.name, name, what, *told), flush=True)


def progress(iteration: int, lost: float, found: dict[str, float]) -> None:
    """What a step of the search found."""
    told = ", ".join(f"{name} {value:.4g}" for name, value in found.items())
    print(f"  {iteration:>3}: {lost:.4f}  {told}", file=sys.stderr, flush=True)


def _told(each, value: float) -> str:
    sign = "x " if each.factor else ""
    return f"{sign}{value:.3g} ({sign}{each.begin:.3g})"


if __name__ == "__main__":
    sys.exit(main())
