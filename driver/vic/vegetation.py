"""Vegetation of the tile that each component is, with what VIC takes where a library says nothing."""

from __future__ import annotations

import numpy as np

from .components import Components
from .parameters import Arrays, VicParameters

# Names in the kernels of what is called otherwise in the files.
RENAMED = {"leaf_area_index": "LAI", "roughness": "veg_rough"}
WIND_H = 10.0  # m
# Bare soil: what is not here is 0 (vic.md, section 2); its roughness is that of the place.
BARE_TILE = {"rarc": 100.0, "wind_h": WIND_H, "RGL": 100.0, "wind_atten": 0.5, "trunk_ratio": 0.2, "albedo": 0.2}
ROUGHNESS_TO_DISPLACEMENT = 0.667 / 0.123
# Of short vegetation these are not used: where a library has 0, what harms no formula.
HARMLESS = {"wind_atten": 0.5, "trunk_ratio": 0.2, "RGL": 1.0}


def vegetation(given: VicParameters, parts: Components) -> Arrays:
    """Everything that depends on the tile, by the names of the kernels: [component, place], with a first axis of
    months or root zones where it has one.

    A class without a height of the wind (wind_h = 0, as of water in some libraries) takes VIC's WIND_H of 10 m; one
    without roughness in a month takes that of the soil (vic.md, section 2).
    """
    planted = parts.tile >= 0
    slot, places = np.where(planted, parts.tile, 0), np.arange(parts.tile.shape[1])
    bare = _bare_soil(given, slot.shape)
    found = {}
    for name, values in (given.tiles | given.monthly | given.roots).items():
        own = values[..., slot, places] if values.shape[-2] else np.zeros((*values.shape[:-2], *slot.shape))
        found[name] = np.where(planted, own, bare.get(name, 0.0))
    found["veg_rough"] = np.where(found["veg_rough"] > 0.0, found["veg_rough"], bare["veg_rough"])
    found["wind_h"] = np.where(found["wind_h"] > 0.0, found["wind_h"], WIND_H)
    for name, value in HARMLESS.items():
        found[name] = np.where(found[name] > 0.0, found[name], value)
    return found | {name: found[own] for name, own in RENAMED.items()}


def _bare_soil(given: VicParameters, shape: tuple[int, ...]) -> Arrays:
    rough = np.broadcast_to(given.soil["rough"], shape)
    constant = {name: np.full(shape, value) for name, value in BARE_TILE.items()}
    return constant | {"veg_rough": rough, "displacement": rough * ROUGHNESS_TO_DISPLACEMENT}
