"""What freshet evaluate-independent writes and tells: tables as csv and text, the compared series as CF netCDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from . import independent_months as months
from .evaluation_files import write_csv
from .evaluation_report import Section, number
from .evaluation_report import show as show_sections
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
    show_sections([_section(one, result) for one in result.compared])


def _percent(share: float) -> str:
    return "area not known" if np.isnan(share) else f"{100 * share:.0f} % of the area"


def _section(one: Compared, result: Independent) -> Section:
    there = one.months[(np.isfinite(one.simulated) & np.isfinite(one.data)).any(1)]
    kind = ", departures from the mean" if one.pair.anomalies else ""
    title = (
        f"{'+'.join(one.pair.run)} against {one.pair.data} ({one.unit}{kind}), {months.text(int(there[0]))} to "
        f"{months.text(int(there[-1]))}: medians over basins"
    )
    header = ["climate", "basins", *TOLD.values(), *(f"{head} of other data" for head in AMONG.values() if one.among)]
    rows = []
    for group, inside in result.groups().items():
        scored = inside & np.isfinite(one.scores["rmse"])
        if not scored.any():
            continue
        cells = [number(_median(one.scores[name][scored])) for name in TOLD]
        cells += [number(_median(one.among[name][scored])) for name in AMONG if one.among]
        rows.append([group, str(int(scored.sum())), *cells])
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
