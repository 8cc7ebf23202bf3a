"""Soil parameter file and elevation band file of VIC's classic driver (ASCII)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..errors import InputError
from .choices import Choices
from .parameters import Arrays
from .text_file import Line, lines

LAYER, ORGANIC, JULY = "layer", "organic", "July_Tavg"
# Columns in their order; those of layers come once for each.
COLUMNS = (
    ("run_cell", ""),
    ("gridcel", ""),
    ("lat", ""),
    ("lon", ""),
    ("infilt", ""),
    ("Ds", ""),
    ("Dsmax", ""),
    ("Ws", ""),
    ("c", ""),
    ("expt", LAYER),
    ("Ksat", LAYER),
    ("phi_s", LAYER),
    ("init_moist", LAYER),
    ("elev", ""),
    ("depth", LAYER),
    ("avg_T", ""),
    ("dp", ""),
    ("bubble", LAYER),
    ("quartz", LAYER),
    ("bulk_density", LAYER),
    ("soil_density", LAYER),
    ("organic", ORGANIC),
    ("bulk_dens_org", ORGANIC),
    ("soil_dens_org", ORGANIC),
    ("off_gmt", ""),
    ("Wcr_FRACT", LAYER),
    ("Wpwp_FRACT", LAYER),
    ("rough", ""),
    ("snow_rough", ""),
    ("annual_prec", ""),
    ("resid_moist", LAYER),
    ("fs_active", ""),
    (JULY, JULY),
)


def columns(chosen: Choices) -> list[tuple[str, int]]:
    """Names of the columns and how many of each there are, 0 = a single one without layers."""
    found = []
    for name, kind in COLUMNS:
        if (kind == ORGANIC and not chosen.organic) or (kind == JULY and not chosen.july):
            continue
        found.append((name, chosen.layers if kind in (LAYER, ORGANIC) else 0))
    return found


def read_soil(path: Path, chosen: Choices) -> tuple[Arrays, Arrays]:
    """By name [place] and [layer, place], of the cells that run. InputError with the line where something is wrong."""
    layout = columns(chosen)
    count = sum(max(1, number) for _, number in layout)
    single: dict[str, list[float]] = {name: [] for name, number in layout if not number}
    layered: dict[str, list[list[float]]] = {name: [] for name, number in layout if number}
    for line in lines(path, "the soil parameters"):
        if line.whole(0, "run_cell") == 0:
            continue
        _require_columns(line, count, chosen)
        first = 0
        for name, number in layout:
            if number:
                layered[name].append(line.values(first, number, name))
            else:
                single[name].append(line.value(first, name))
            first += max(1, number)
    if not single["gridcel"]:
        raise InputError(f"{path} has no cell to run: run_cell is 1 in no line")
    return (
        {name: np.array(values) for name, values in single.items()},
        {name: np.array(values).T for name, values in layered.items()},
    )


def _require_columns(line: Line, count: int, chosen: Choices) -> None:
    if len(line.columns) != count:
        raise InputError(
            f"{line.where}: {len(line.columns)} columns, expected {count} with NLAYER {chosen.layers}, ORGANIC_FRACT "
            f"{str(chosen.organic).upper()}, JULY_TAVG_SUPPLIED {str(chosen.july).upper()}"
        )


def read_bands(path: Path, cell: np.ndarray, count: int) -> Arrays:
    """AreaFract, elevation (m) and Pfactor [band, place] of the cells. InputError where one has no line."""
    found = {}
    for line in lines(path, "the elevation bands"):
        if len(line.columns) != 1 + 3 * count:
            raise InputError(
                f"{line.where}: {len(line.columns)} columns, expected {1 + 3 * count} with SNOW_BAND {count}"
            )
        found[line.whole(0, "cellnum")] = line.values(1, 3 * count, "AreaFract, elevation, Pfactor")
    table = np.array([found[number] for number in require_cells(path, found, cell)]).T
    return {"AreaFract": table[:count], "elevation": table[count : 2 * count], "Pfactor": table[2 * count :]}


def require_cells(path: Path, found: dict[int, list], cell: np.ndarray) -> list[int]:
    """The numbers of the cells. InputError where the file has none of that number."""
    wanted = [int(number) for number in cell]
    absent = [number for number in wanted if number not in found]
    if absent:
        more = f" (and {len(absent) - 1} more)" if len(absent) > 1 else ""
        raise InputError(f"{path} has no cell {absent[0]}{more}: the soil file has it, and {len(found)} are here")
    return wanted
