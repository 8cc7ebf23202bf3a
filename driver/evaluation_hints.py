"""Why a basin scores badly: what its data say, and which part of the Kling-Gupta efficiency is lost."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .metrics import ratio, variation

DAYS_OF_YEAR = 365.25
# Bits of the attribute `qc_flag` of catchment files in freshet's netCDF form.
QUALITY_BITS = {
    1: "its polygon differs by more than 10 % from the gauge's stated area",
    2: "the long-term runoff ratio of the data is above 1",
    4: "less than 90 % of days have observed flow",
    8: "its mean flow differs by more than 25 % from another data set",
}
# From here on a fact of a basin is worth telling.
ARID = 1.5
SNOWY = 0.4
DRY_DAYS = 0.1
STEADY = 0.5
FEW_DAYS = 730
FAR_FROM_ONE = 0.1


def basin_facts(forcing: np.ndarray, observed: np.ndarray) -> dict[str, np.ndarray]:
    """What the data say about each basin over the days compared, each [place].

    forcing [time, (precipitation mm d-1, air temperature degC, potential evaporation mm d-1), place];
    observed [time, place] mm d-1 with NaN gaps. Water sums for the runoff ratio take only the days with observations.
    """
    precipitation, temperature, demand = forcing[:, 0], forcing[:, 1], forcing[:, 2]
    known = np.isfinite(observed)
    flow = np.where(known, observed, 0.0)
    rain = precipitation.sum(axis=0)
    return {
        "precipitation": DAYS_OF_YEAR * ratio(rain, np.full(rain.shape, len(forcing))),
        "aridity": ratio(demand.sum(axis=0), rain),
        "snow_fraction": ratio(np.where(temperature < 0, precipitation, 0.0).sum(axis=0), rain),
        "runoff_ratio": ratio(flow.sum(axis=0), np.where(known, precipitation, 0.0).sum(axis=0)),
        "dry_fraction": ratio((known & (flow <= 0)).sum(axis=0), known.sum(axis=0)),
        "flow_variation": variation(observed),
    }


def lost_parts(row: Mapping[str, Any]) -> list[tuple[float, str]]:
    """The three parts of 1 - KGE (2009) of one basin, each with its share of the squared distance, largest first."""
    if np.isnan(row["kge_2009"]):
        return []
    correlation = 0.0 if np.isnan(row["correlation"]) else row["correlation"]
    parts = [
        ((correlation - 1.0) ** 2, f"timing (r = {correlation:.2f})"),
        ((row["variability_ratio"] - 1.0) ** 2, f"variability ({row['variability_ratio']:.2f} of the observed)"),
        ((row["bias_ratio"] - 1.0) ** 2, f"volume (bias {row['percent_bias']:+.0f} %)"),
    ]
    total = sum(part for part, _ in parts)
    return sorted(((part / total, text) for part, text in parts), reverse=True) if total > 0 else []


def _flow_hints(row: Mapping[str, Any]) -> list[str]:
    """Hints from the observed flow alone."""
    hints = []
    if row["dry_fraction"] > DRY_DAYS:
        hints.append(f"falls dry ({100 * row['dry_fraction']:.0f} % of days without flow)")
    if row["flow_variation"] < STEADY:
        hints.append(
            f"steady flow (coefficient of variation {row['flow_variation']:.2f}): groundwater or regulation, and every "
            "error is large beside so small a variance"
        )
    if row["days"] < FEW_DAYS:
        hints.append(f"few observations ({row['days']:.0f} days)")
    return hints


def _water_hints(row: Mapping[str, Any]) -> list[str]:
    """Hints from the water balance of the data themselves, which no parameters can mend."""
    runoff, aridity = row["runoff_ratio"], row["aridity"]
    hints = []
    if runoff > 1.0:
        hints.append(f"more water leaves than falls (runoff ratio {runoff:.2f}): precipitation or area is wrong")
    elif 1.0 - runoff > aridity:
        hints.append(
            f"more water is lost than can evaporate (P - Q is {1.0 - runoff:.2f} P, PET {aridity:.2f} P): "
            "precipitation is too high, PET too low, or water leaves past the gauge"
        )
    if aridity > ARID:
        hints.append(f"arid (PET / P = {aridity:.1f}): runoff is a small rest of large terms")
    if row["snow_fraction"] > SNOWY:
        hints.append(f"snow-fed ({100 * row['snow_fraction']:.0f} % of precipitation falls below 0 degC)")
    return hints


def reasons(row: Mapping[str, Any]) -> list[str]:
    """Why the basin of this row (scores, facts, days, maybe qc_flag) scores as it does, one sentence each."""
    if np.isnan(row["nse"]):
        return [f"not scored: {row['days']:.0f} days with both flows, or observations that never change"]
    hints = []
    parts = lost_parts(row)
    if parts and row["kge_2009"] < 1.0 - FAR_FROM_ONE:
        hints.append("KGE is lost by " + ", ".join(f"{text} {100 * share:.0f} %" for share, text in parts))
    flag = row.get("qc_flag", 0)
    flag = 0 if np.isnan(flag) else int(flag)
    hints += [f"flagged: {meaning}" for bit, meaning in QUALITY_BITS.items() if flag & bit]
    return hints + _water_hints(row) + _flow_hints(row)


def worst_basins(
    ids: Sequence[str], columns: Mapping[str, np.ndarray], metric: str = "nse", count: int = 10
) -> list[dict[str, Any]]:
    """The `count` basins of the lowest `metric`, worst first, each as a dict of its columns, `basin` and `reasons`.

    columns [place]: scores, facts, days and, where the data have it, qc_flag. Basins without the score stay out.
    """
    values = columns[metric]
    order = [place for place in np.argsort(values, kind="stable") if not np.isnan(values[place])]
    rows = []
    for place in order[:count]:
        row = {"basin": ids[place], **{name: float(column[place]) for name, column in columns.items()}}
        rows.append({**row, "reasons": reasons(row)})
    return rows
