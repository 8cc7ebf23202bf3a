"""The five schemes of Wang et al. (2024): trained one after the other from one namelist, and their table.

    python run/hybrid_hydropy.py namelists/train_rhine_hybrid.nml OUT
    python run/hybrid_hydropy.py WORLD/train.nml OUT --truth WORLD/truth.nc --schemes hybrid_qs hybrid_qs_plus
    python run/hybrid_hydropy.py NAMELIST OUT --folds 4 --fold 0        stations in four groups, one held out

The namelist has the discharge in &objective_1 and the storage in &objective_2. A training that is done is not done
again, one that was stopped goes on. OUT/schemes.csv has medians over stations and blocks; with --truth (truth.nc of
run/hybrid_hydropy_world.py) also what was found of the parameters and of the error of potential evaporation.
"""

import argparse
import csv
import json
import subprocess
import sys
from pathlib import Path
from statistics import median

import netCDF4
import numpy as np

NONE = ("pet_network.kind=none",)
ONLY_DISCHARGE = ("objective_1.weight=1", "objective_2.weight=0")
# Scheme: title, and what differs from the namelist. The defaults are what every training is compared with.
SCHEMES = {
    "hydropynn_qs": ("HydroPyNN(Q,S)", (*NONE, "network.kind=basin", "training.learning_rate=0.05")),
    "hybrid_q": ("Hybrid(Q)", (*NONE, *ONLY_DISCHARGE)),
    "hybrid_qs": ("Hybrid(Q,S)", NONE),
    "hybrid_qs_plus": ("Hybrid(Q,S)+", ("pet_network.kind=convolution",)),
}
DEFAULT = "HydroPyNN"
LEARNED, HELD_OUT = "learned", "held_out"


def train(namelist: Path, folder: Path, sets: list[str], ranks: int) -> dict:
    """The summary of a training, done now or before."""
    if not (folder / "summary.json").exists():
        words = [
            sys.executable,
            "-m",
            "freshet",
            "train",
            str(namelist),
            *(["--ranks", str(ranks)] if ranks > 1 else []),
        ]
        words += [word for text in (*sets, f"training.directory={folder}") for word in ("--set", text)]
        done = subprocess.run([*words, *(["--resume"] if (folder / "last.pt").exists() else [])], check=False)
        if done.returncode:
            raise SystemExit(f"{folder.name}: freshet train ended with {done.returncode}")
    return json.loads((folder / "summary.json").read_text(encoding="utf-8"))


def medians(summary: dict, when: str) -> dict[str, float]:
    """Median NSE by period, quantity and use."""
    found: dict[str, list[float]] = {}
    for entry in summary["objectives"]:
        if entry["parameters"] == when and np.isfinite(entry["nse"]):
            name = "Q" if entry["variable"] == "discharge" else "S"
            found.setdefault(f"{entry['period']}_{name}_{entry['use']}", []).append(entry["nse"])
    return {name: median(values) for name, values in found.items()}


def against_truth(folder: Path, truth: Path) -> dict[str, float]:
    """Correlation over cells of learned with true parameters, by rank; of the pattern of the correction, and its error.

    Errors are in mm d-1, of the mean over time of potential evaporation, before and after.
    """
    found = {}
    with netCDF4.Dataset(truth) as true, netCDF4.Dataset(folder / "parameters.nc") as land:
        cell = _cells(land["basin"][:], true)
        for name in land.variables:
            if name in true.variables and name != "basin":
                found[f"r_{name}"] = _rank(np.ravel(land[name][:]), true[name][:][cell])
        with netCDF4.Dataset(folder / "parameters_river.nc") as river:
            place = _nearest(river["latitude"][:], true["lat"][:]), _nearest(river["longitude"][:], true["lon"][:])
            known = ~np.ma.getmaskarray(true["lag_river"][:][place])
            found["r_lag_river"] = _rank(river["lag_river"][:][known], true["lag_river"][:][place][known])
        error = np.ma.getdata(true["PET_error"][:][cell])
        found["pet_rmse_before"] = float(np.sqrt((error**2).mean()))
        if (folder / "potential_evaporation.nc").exists():
            with netCDF4.Dataset(folder / "potential_evaporation.nc") as data:
                change = np.ma.getdata(data["PET_correction"][:][cell])
            found["pet_pattern_r"] = float(np.corrcoef(change, error)[0, 1])
            found["pet_rmse_after"] = float(np.sqrt(((change - error) ** 2).mean()))
    return found


def _cells(names: np.ndarray, data: netCDF4.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of places by their names, such as '12.25N 7.75W'."""
    words = [str(name).split() for name in names]
    north = np.array([float(one[:-1]) * (1 if one[-1] == "N" else -1) for one, _ in words])
    east = np.array([float(two[:-1]) * (1 if two[-1] == "E" else -1) for _, two in words])
    return _nearest(north, data["lat"][:]), _nearest(east, data["lon"][:])


def _nearest(wanted: np.ndarray, there: np.ndarray) -> np.ndarray:
    return np.abs(np.asarray(wanted)[:, None] - np.asarray(there)[None]).argmin(1)


def _rank(one: np.ndarray, other: np.ndarray) -> float:
    """Rank correlation."""
    ranks = [np.argsort(np.argsort(np.ma.getdata(values))) for values in (one, other)]
    return float(np.corrcoef(*ranks)[0, 1])


def held_out(namelist: Path, fold: int, folds: int) -> list[str]:
    """The setting that holds out every folds-th gauge of the namelist, from the given one on."""
    from freshet.driver.grid.gauge_table import read_gauges
    from freshet.driver.settings import load

    ids = [site.id for site in read_gauges(Path(load(namelist, (), "train").grid.gauges))]
    return [f"objective_1.held_out={','.join(ids[fold::folds])}"]


def table(rows: list[dict], path: Path) -> None:
    """Write the rows, and print them."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    for row in rows:
        print("  ".join(f"{key} {value:.3f}" if isinstance(value, float) else str(value) for key, value in row.items()))


def main() -> None:
    """Train and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("namelist", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--schemes", nargs="+", choices=SCHEMES, default=list(SCHEMES))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--folds", type=int, default=0, help="groups of stations; 0 = all are learned from")
    parser.add_argument("--fold", type=int, nargs="+", help="groups that are held out, one after the other; all")
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--set", action="append", default=[], dest="sets", help="as of freshet train")
    asked = parser.parse_args()
    rows: list[dict] = []
    for fold in (asked.fold or range(asked.folds)) if asked.folds else [-1]:
        out = held_out(asked.namelist, fold, asked.folds) if fold >= 0 else []
        for scheme in asked.schemes:
            title, sets = SCHEMES[scheme]
            for seed in asked.seeds:
                name = scheme + (f"_fold{fold}" if fold >= 0 else "") + f"_seed{seed}"
                given = [*sets, f"training.seed={seed}", f"run.title={title}", *out]
                own = {text.split("=")[0] for text in asked.sets}
                given = [text for text in given if text.split("=")[0] not in own] + asked.sets
                summary = train(asked.namelist, asked.folder / name, given, asked.ranks)
                about = {"seed": seed, **({"fold": fold} if fold >= 0 else {})}
                if not any(row["scheme"] == DEFAULT and row.get("fold", -1) == fold for row in rows):
                    rows.append({"scheme": DEFAULT, **about, **medians(summary, "before")})
                more = against_truth(asked.folder / name, asked.truth) if asked.truth else {}
                cost = {"seconds_per_epoch": summary["seconds_per_epoch"], "peak_mb": summary["memory"] / 1e6}
                rows.append({"scheme": title, **about, **medians(summary, "after"), **more, **cost})
    table(rows, asked.folder / "schemes.csv")


if __name__ == "__main__":
    main()
