"""What freshet evaluate-independent writes and tells: tables as csv and text, the compared series as CF netCDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from .evaluation_files import write_csv
from .evaluation_report import Section, number
from .evaluation_report import show as show_sections
from .evaluation_table import ALL
from .files import NETCDF, whole_file
from .independent import Compared, Independent
from .independent_match import BY_ID
from .independent_scores import SCORES
from .netcdf_places import write_basins
from .provenance import now

BASINS, SUMMARY, SERIES = "independent_basins.csv", "independent_summary.csv", "independent_series.nc"
NAMED = 6  # basins named in what is printed
# Scores of the table that is printed, by their heads.
TOLD = {
    "correlation": "r", "anomaly_correlation": "r anomaly", "rmse": "RMSE", "bias": "bias",
    "residual_variation": "CV resid.", "residual_share": "resid./s.d.",
}  # fmt: skip
AMONG = {"correlation": "r", "rmse": "RMSE"}  # of other products against the same data
EPOCH = "days since 1900-01-01"


def write(directory: Path, result: Independent, settings: Any) -> None:
    """Write the tables and the series; WriteError where that fails."""
    write_csv(directory / BASINS, *_basin_table(result))
    write_csv(directory / SUMMARY, *_summary_table(result))
    with NETCDF:
        _write_series(directory / SERIES, result, settings)


def show(result: Independent) -> None:
    """Print what was compared, and medians over basins by climate."""
    how = "their ids" if result.match.how == BY_ID else "where their places lie"
    order = np.argsort(-np.nan_to_num(result.match.coverage), kind="stable")
    named = [
        f"{result.ids[k]} ({result.match.places[k]} places, {_percent(result.match.coverage[k])})"
        for k in order[:NAMED]
    ]
    more = f" and {len(order) - NAMED} more" if len(order) > NAMED else ""
    print(f"{len(result.ids)} basin{'s' * (len(result.ids) > 1)}, matched by {how}; covered: {', '.join(named)}{more}")
    for note in result.notes:
        print(f"note: {note}")
    print()
    kinds = dict.fromkeys((one.pair.word, one.pair.anomalies) for one in result.compared)
    alike = [[one for one in result.compared if (one.pair.word, one.pair.anomalies) == kind] for kind in kinds]
    show_sections([_section(part, result) for part in alike])


def _percent(share: float) -> str:
    return "area not known" if np.isnan(share) else f"{100 * share:.0f} % of the area"


def _section(part: list[Compared], result: Independent) -> Section:
    """A table of what is compared with the same quantity of the run: medians over basins, by data and climate."""
    first = part[0]
    kind = ", departures from the mean" if first.pair.anomalies else ""
    title = f"{' + '.join(first.pair.run)} of the run ({first.unit}{kind}): medians over basins"
    among = any(one.among for one in part)
    header = ["data", "climate", "basins", "months", *TOLD.values()]
    header += [f"{head} of other data" for head in AMONG.values()] if among else []
    rows = []
    for one in part:
        for group, inside in result.groups().items():
            scored = inside & np.isfinite(one.scores["rmse"])
            if not scored.any() or (group != ALL and scored.sum() == np.isfinite(one.scores["rmse"]).sum()):
                continue  # a group that holds every basin says nothing new
            cells = [str(int(scored.sum())), f"{np.median(one.months_compared[scored]):.0f}"]
            cells += [number(_median(one.scores[name][scored])) for name in TOLD]
            if among:
                cells += [number(_median(one.among[name][scored])) if one.among else "-" for name in AMONG]
            rows.append([one.pair.data if group == ALL else "", group, *cells])
    lines = [] if rows else ["no basin has enough months"]
    return Section(title, header, rows, lines)


def _median(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _basin_table(result: Independent) -> tuple[list[str], list[list[Any]]]:
    header = ["basin", "climate", "places", "coverage", "data", "run", "unit", "months", *SCORES]
    rows: list[list[Any]] = []
    for one in result.compared:
        for k, basin in enumerate(result.ids):
            where = [basin, result.climate[k], int(result.match.places[k]), float(result.match.coverage[k])]
            what = [one.pair.data, "+".join(one.pair.run), one.unit, int(one.months_compared[k])]
            rows.append([*where, *what, *(one.scores[name][k] for name in SCORES)])
    return header, rows


def _summary_table(result: Independent) -> tuple[list[str], list[list[Any]]]:
    header = ["data", "run", "group", "score", "unit", "basins", "median", "p25", "p75", "median_of_other_data"]
    rows: list[list[Any]] = []
    for one in result.compared:
        for group, inside in result.groups().items():
            for name, (unit, _) in SCORES.items():
                values = one.scores[name][inside]
                values = values[np.isfinite(values)]
                quartiles = np.quantile(values, [0.5, 0.25, 0.75]) if len(values) else [np.nan] * 3
                others = _median(one.among[name][inside]) if one.among else np.nan
                what = [one.pair.data, "+".join(one.pair.run), group, name, unit or one.unit, len(values)]
                rows.append([*what, *quartiles, others])
    return header, rows


def _write_series(path: Path, result: Independent, settings: Any) -> None:
    import cftime
    import netCDF4

    axis = np.unique(np.concatenate([one.months for one in result.compared]))
    with whole_file(path) as temporary, netCDF4.Dataset(temporary, "w") as data:
        data.setncatts(
            {
                "Conventions": "CF-1.11",
                "title": settings.run.title or "monthly series of a run and of independent data",
                "source": f"freshet {__version__}",
                "history": f"{now()}: freshet evaluate-independent {Path(settings.path).name}",
                "run": settings.independent.simulation or settings.output.directory,
                "reference": settings.independent.reference,
            }
        )
        data.createDimension("time", len(axis))
        time = data.createVariable("time", "f8", ("time",))
        time.setncatts({"standard_name": "time", "long_name": "first day of the month", "units": EPOCH,
                        "calendar": "standard", "axis": "T"})  # fmt: skip
        firsts = [cftime.datetime(int(m) // 12, int(m) % 12 + 1, 1, calendar="standard") for m in axis]
        time[:] = cftime.date2num(firsts, EPOCH, calendar="standard")
        write_basins(data, result.ids)
        climate = data.createVariable("climate", str, ("basin",))
        climate.long_name = "Koeppen-Geiger class of most of the basin"
        climate[:] = np.array(result.climate, object)
        share = data.createVariable("coverage", "f8", ("basin",), fill_value=np.nan)
        share.setncatts({"units": "1", "long_name": "share of the area of the basin that places of the run have"})
        share[:] = result.match.coverage
        for one in result.compared:
            rows = np.searchsorted(axis, one.months)
            about = "anomaly of " if one.pair.anomalies else ""
            for name, values, meant in (
                (one.pair.data, one.data, f"{about}{one.pair.data}"),
                (f"{one.pair.data}_run", one.simulated, f"{about}{'+'.join(one.pair.run)} of the run"),
            ):
                written = data.createVariable(name, "f4", ("time", "basin"), fill_value=np.float32(np.nan))
                written.setncatts({"units": one.unit, "long_name": meant, "cell_methods": "area: time: mean"})
                whole = np.full((len(axis), len(result.ids)), np.nan)
                whole[rows] = values
                written[:] = whole
