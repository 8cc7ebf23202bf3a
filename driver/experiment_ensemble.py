"""Ensembles: the flow of the test averaged over the seeds of a variant, and scored."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .evaluation_files import read_csv
from .evaluation_report import Section, number
from .evaluation_series import NAME
from .evaluation_table import score_basins, summarise
from .experiment_members import Member
from .experiment_report import PLAIN
from .files import NETCDF
from .metrics import SCORES
from .training_scores import COLUMNS

OF_GRIDS = "discharge.csv"
# Ids, observed and simulated flow [time, place].
Series = tuple[list[str], np.ndarray, np.ndarray]


def ensembles(members: Sequence[Member], ids: Sequence[str]) -> dict[str, dict[str, np.ndarray]]:
    """Scores [basin] of the mean flow of each variant; NaN where fewer than two seeds are finished."""
    place = {name: number for number, name in enumerate(ids)}
    found: dict[str, dict[str, np.ndarray]] = {}
    keys = dict.fromkeys((member.variant, member.split) for member in members)
    for variant, split in keys:
        alike = [member for member in members if (member.variant, member.split) == (variant, split)]
        series = [one for member in alike if member.finished and (one := read_series(member)) is not None]
        table = found.setdefault(variant, {name: np.full(len(ids), np.nan) for name in COLUMNS})
        if len(series) < 2:
            continue
        names, observed, _ = series[0]
        columns = score_basins(np.mean([flow for _, _, flow in series], axis=0), observed)
        known = [number for number, name in enumerate(names) if name in place]
        for name in COLUMNS:
            table[name][[place[names[number]] for number in known]] = columns[name][known]
    return found


def read_series(member: Member) -> Series | None:
    """The flow that a member left of its test; None where there is none."""
    if (member.folder / NAME).is_file():
        import netCDF4

        with NETCDF, netCDF4.Dataset(member.folder / NAME) as data:
            ids = [str(name) for name in data["basin"][:]]
            flows = (np.ma.filled(data[name][:], np.nan) for name in ("streamflow_observed", "streamflow"))
            observed, flow = (np.asarray(values, np.float64) for values in flows)
            return ids, observed, flow
    if (member.folder / OF_GRIDS).is_file():
        table, asked = read_csv(member.folder / OF_GRIDS), member.settings.training
        days = (table["date"] >= asked.test_start) & (table["date"] <= asked.test_end)
        names = [name.removesuffix("_after") for name in table if name.endswith("_after")]
        names = [name for name in names if not member.split.held or name in member.split.held]
        observed, flow = (
            np.stack([table[f"{name}_{what}"][days] for name in names], 1) for what in ("observed", "after")
        )
        return names, observed.astype(float), flow.astype(float)
    return None


def section(found: Mapping[str, Mapping[str, np.ndarray]], masks: Mapping[str, np.ndarray], seeds: int) -> Section:
    """Medians of every score over all basins, one column for each variant, then NSE by group."""
    rows = [
        [
            entry.name,
            entry.unit,
            *(number(summarise(table[entry.name], entry.signed).median) for table in found.values()),
        ]
        for entry in SCORES
    ]
    for group, mask in list(masks.items())[1:]:
        rows.append([f"nse, {group}", "1", *(number(summarise(t["nse"][mask]).median) for t in found.values())])
    title = f"Medians of the flow averaged over {seeds} seeds, test period"
    return Section(title, ["score", "unit", *(variant or PLAIN for variant in found)], rows)


def rows(found: Mapping[str, Mapping[str, np.ndarray]], ids: Sequence[str]) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of the table by variant and basin."""
    lines = [
        [variant, name, *(table[key][place] for key in COLUMNS)]
        for variant, table in found.items()
        for place, name in enumerate(ids)
        if np.isfinite(table["days"][place])
    ]
    return ["variant", "basin", *COLUMNS], lines
