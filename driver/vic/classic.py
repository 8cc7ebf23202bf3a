"""Parameters from the four ASCII files of VIC's classic driver."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..errors import InputError
from . import fields
from .baseflow import arno_parameters
from .choices import Choices
from .classic_soil import read_bands, read_soil
from .classic_vegetation import read_cells, read_library, tiles_of
from .cover import shares
from .parameters import UNUSED, Arrays, VicParameters, required


def read_classic(
    soil: Path, vegetation: Path, library: Path, bands: Path | None = None, chosen: Choices | None = None
) -> VicParameters:
    """The parameters of the cells that run, in the order of the soil file.

    InputError with file and line, or file and cell, where something is missing or cannot be.
    """
    chosen = chosen or Choices()
    single, layers = read_soil(soil, chosen)
    cell = single["gridcel"].astype(np.int64)
    if chosen.organic and (layers["organic"] > 0).any():
        raise InputError(f"{soil}: organic is above 0 in a layer: organic soil is not built")
    place = {v.name: single[v.name] for v in fields.PLACE}
    layers = {v.name: layers[v.name] for v in fields.LAYERED}
    kinds = read_library(library, chosen)
    tiles, monthly, roots = tiles_of(vegetation, read_cells(vegetation, chosen), kinds, cell, chosen)
    cover, bare = shares(tiles["Cv"])
    tiles["veg_class"] = np.where(cover > 0, tiles["veg_class"], UNUSED)
    return required(
        VicParameters(
            source=str(soil),
            cell=cell,
            latitude=single["lat"],
            longitude=single["lon"],
            soil=arno_parameters(place, layers) if chosen.nijssen else place,
            layers=layers,
            bands=_bands(bands, cell, place, chosen),
            tiles=tiles | {"Cv": cover},
            monthly=monthly,
            roots=roots,
            bare=bare,
            classes=max(kinds) + 1,
        )
    )


def _bands(path: Path | None, cell: np.ndarray, soil: Arrays, chosen: Choices) -> Arrays:
    if chosen.bands == 1 or path is None:
        one = np.ones((1, cell.size))
        return {"AreaFract": one, "elevation": soil["elev"][None], "Pfactor": one}
    return read_bands(path, cell, chosen.bands)
