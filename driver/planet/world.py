"""A world on a grid: all that is static of it, from its resolution and seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ..grid.coordinates import sphere_area
from .climate import climate
from .conditions import Conditions, conditions
from .drainage import Drainage, drainage
from .flood import gathered, ponds
from .ground import Ground, ground
from .koeppen import zones
from .land import ice, plants, soil, waters
from .relief import texture

LAND = 0.5  # share of land from which a cell is land
POND = 1.5e11  # m2: waters smaller than that are lakes of the land, not sea
LOW, LAKE = 1.0, 0.9  # m above the sea of such a lake's cells, and the share of them under water


@dataclass(frozen=True)
class World:
    """A world; its land cells are [cell], numbered y * nx + x in `cell`.

    area [y, x] m2; conditions: climate of the land cells; fields: static fields by HydroPy's names, [cell] or
    [12, cell]
    """

    seed: int
    ground: Ground
    area: np.ndarray
    cell: np.ndarray
    conditions: Conditions
    drainage: Drainage
    fields: dict[str, np.ndarray]

    @property
    def land(self) -> np.ndarray:
        """Which cells are land, bool [y, x]."""
        return self.ground.share >= LAND

    def climate_zone(self) -> np.ndarray:
        """Index into koeppen.ZONES, [cell]."""
        north = self.ground.latitude[self.cell // self.land.shape[1]] > 0.0
        return zones(self.conditions.tas, self.conditions.precipitation, north)

    def upstream_area(self) -> np.ndarray:
        """Land that drains through each cell, its own among it, m2 [y, x]."""
        return self._gathered(self.area.ravel()[self.cell] * self.fields["lsm"])

    def expected_flow(self) -> np.ndarray:
        """Discharge that the climate lets expect, m3 s-1 [y, x]: precipitation less Turc's evaporation (1954)."""
        rain = self.conditions.precipitation.mean(axis=0)
        possible = np.maximum(self.conditions.potential_evaporation.mean(axis=0), 1e-3)
        runoff = rain - rain / np.sqrt(1.0 + (rain / possible) ** 2)
        land = self.area.ravel()[self.cell] * self.fields["lsm"] * (1.0 - self.fields["glacier"])
        return self._gathered(runoff * land * 1e-3 / 86400.0)

    def _gathered(self, values: np.ndarray) -> np.ndarray:
        whole = np.zeros(self.land.size)
        whole[self.cell] = values
        return gathered(self.drainage.downstream, self.drainage.rank, whole.reshape(self.land.shape))


@lru_cache(maxsize=2)
def world(resolution: float, seed: int) -> World:
    """The world of a seed on a global grid of a resolution in degrees."""
    below = ground(resolution, seed)
    area = np.repeat(
        sphere_area(below.latitude, (180.0 / len(below.latitude),) * 2)[:, None], len(below.longitude), axis=1
    )
    lakes = ponds(below.share < LAND, area, POND)
    below = replace(below, share=np.where(lakes, 1.0, below.share), height=np.where(lakes, LOW, below.height))
    land = below.share >= LAND
    cell = np.flatnonzero(land)
    y, x = np.divmod(cell, land.shape[1])
    latitude, longitude = below.latitude[y], below.longitude[x]
    height = below.height.ravel()[cell]
    north, east = np.radians(latitude), np.radians(longitude)
    points = np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
    found = conditions(climate(seed), latitude, longitude, height)
    humidity = np.ones(land.shape)
    humidity.ravel()[cell] = found.humidity
    rugged = np.zeros(land.shape)
    rugged.ravel()[cell] = _ruggedness(points, below.deviation.ravel()[cell], seed)
    drained = drainage(below.height, rugged, land, humidity, area, below.latitude)
    fields = _fields(below, cell, found, drained, points, seed)
    fields["flake"] = np.where(lakes.ravel()[cell], LAKE, fields["flake"])
    return World(seed, below, area, cell, found, drained, fields)


def _ruggedness(points: np.ndarray, deviation: np.ndarray, seed: int) -> np.ndarray:
    """Hills too small for the cells' mean height, m [cell], that decide where rivers run."""
    return (40.0 + 1.5 * deviation) * texture(points, np.uint64(seed * 1000 + 901), 30.0, 3)


def _fields(
    below: Ground, cell: np.ndarray, found: Conditions, drained: Drainage, points: np.ndarray, seed: int
) -> dict[str, np.ndarray]:  # fmt: skip
    """Static fields of land cells by HydroPy's names."""
    patches = np.clip(2.0 * texture(points, np.uint64(seed * 1000 + 801), 9.0, 4), -1.0, 1.0)
    sandy = np.clip(2.0 * texture(points, np.uint64(seed * 1000 + 851), 5.0, 4), -1.0, 1.0)
    deviation = below.deviation.ravel()[cell]
    grown = plants(found)
    water = waters(found, deviation, drained.lake.ravel()[cell], drained.closed.ravel()[cell], patches)
    frozen = ice(found)
    forest = np.clip(grown["lai"].mean(axis=0) / 4.0, 0.0, 1.0)
    return {
        "lsm": below.share.ravel()[cell],
        "srftopo": below.height.ravel()[cell],
        "topo_std": deviation,
        "slope_avg": 0.001 + 2e-4 * deviation,
        **soil(grown["fveg"].mean(axis=0), deviation, sandy),
        **frozen,
        "ddfac": 5.0 - 2.5 * forest,
        **water,
        **grown,
    }
