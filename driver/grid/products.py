"""Static fields of other models turned into HydroPy's: WaterGAP's and PCR-GLOBWB's. What is done is in each note."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from . import vegetation
from .names import recognised
from .soil import (
    SUCTION_FIELD,
    SUCTION_WILT,
    capacity_from_available,
    held,
    largest_local,
    spread_of_shape,
)

Fields = dict[str, np.ndarray]
# Reads a variable on the run's grid, None where no file has it.
Read = Callable[[str], np.ndarray | None]
MARKS = {"pcrglobwb": ("soil_soilWaterStorageCap1", "soilWaterStorageCap1"), "watergap": ("smax", "tawc")}
BETA = 0.2  # shape of the distribution of capacities where no map has it (Hagemann & Gates, 2003)


def product_of(variables: Iterable[str]) -> str:
    """Whose fields these are, by their names: 'watergap', 'pcrglobwb', otherwise 'hydropy'."""
    there = list(variables)
    return next((name for name, marks in MARKS.items() if recognised([m.lower() for m in marks], there)), "hydropy")


def watergap(read: Read, latitude: np.ndarray) -> tuple[Fields, list[str]]:
    """HydroPy's fields [y, x] or [12, y, x] from WaterGAP 2.2e's, and notes. latitude [y] degrees north."""
    found: Fields = {}
    notes = []
    available = read("smax") if read("smax") is not None else read("tawc")
    spread = read("elevation_std")
    if available is not None:
        texture = read("soil_texture")
        unknown = np.full_like(available, np.nan)
        # Rock and ice have next to nothing; HydroPy divides by the capacity.
        available = np.where(available < 10.0, 10.0, available)
        found["wava"] = available
        found["wcap"] = capacity_from_available(available, unknown if texture is None else texture)
        found["beta"] = np.full_like(available, BETA)
        found["wmin"] = 0.05 * found["wcap"]
        relief = np.nan_to_num(spread) if spread is not None else np.zeros_like(available)
        found["wmax"] = largest_local(found["wcap"], found["wmin"], found["beta"], relief)
        notes.append(
            "WaterGAP: wava = smax (or tawc), at least 10 mm; wcap = wava / (0.64 coarse to 0.31 fine soils); "
            f"wmin = 0.05 wcap, beta = {BETA:g}, wmax so that the mean of the distribution is wcap"
        )
    if spread is not None:
        found["topo_std"] = spread
    for name, parts in (
        ("flake", ("lake_global", "lake_local", "lake_regulated")),
        ("fwetl", ("wetland_global", "wetland_local")),
    ):
        shares = [share for share in (read(f"frac_{part}") for part in parts) if share is not None]
        if shares:
            found[name] = np.minimum(sum(np.nan_to_num(share) for share in shares) / 100.0, 1.0)
            notes.append(f"WaterGAP: {name} = {' + '.join(f'frac_{part}' for part in parts)}")
    cover = read("landcover")
    if cover is not None:
        found |= vegetation.by_class(cover, latitude)
        notes.append("WaterGAP: fveg, lai and ddfac by landcover (Mueller Schmied et al., 2014) and season")
    return found, notes


def pcrglobwb(read: Read, latitude: np.ndarray) -> tuple[Fields, list[str]]:
    """HydroPy's fields [y, x] or [12, y, x] from PCR-GLOBWB's, and notes; names with or without soil_, topo_, forest_,
    grass_ before them.
    """

    def one(name: str, *prefixes: str) -> np.ndarray | None:
        return next((field for prefix in (*prefixes, "") if (field := read(prefix + name)) is not None), None)

    found, notes = _soil(one)
    shape = one("orographyBeta", "topo_")
    if shape is not None:
        found["topo_std"] = spread_of_shape(np.nan_to_num(shape))
        notes.append("PCR-GLOBWB: topo_std from orographyBeta = (s - 100) / (s + 1000)")
    forest, grass = one("fracVegCover", "forest_"), read("grass_fracVegCover")
    covers = read("forest_cover_fraction"), read("grassland_cover_fraction")
    if forest is not None and grass is not None:
        _distribution(found, read, forest, grass)
        notes.append(
            "PCR-GLOBWB: wmin = minSoilDepthFrac wcap, beta = (max - 1) / (1 - min) of the soil depth fractions"
        )
        if covers[0] is not None and covers[1] is not None:
            found["fveg"] = np.clip(np.nan_to_num(forest * covers[0] + grass * covers[1]), 0.0, 1.0)
            inside = found["fveg"] / np.maximum(np.nan_to_num(forest + grass), 1e-6)
            found["lai"] = vegetation.leaf_area(np.clip(inside, 0.0, 1.0))
            notes.append("PCR-GLOBWB: fveg from cover fractions, lai = -ln(1 - cover) / 0.5")
    if "wcap" in found and "beta" in found:
        relief = found.get("topo_std", np.zeros_like(found["wcap"]))
        found["wmax"] = largest_local(found["wcap"], found["wmin"], found["beta"], relief)
    return found, notes


def _soil(one: Callable[..., np.ndarray | None]) -> tuple[Fields, list[str]]:
    """wcap and wava of both soil layers: what is held at field capacity, and that without what is held at wilting."""
    wcap = wava = None
    for layer in ("1", "2"):
        parts = [one(f"{name}{layer}", "soil_") for name in ("soilWaterStorageCap", "airEntryValue", "poreSizeBeta")]
        if any(part is None for part in parts):
            continue
        capacity, air_entry, exponent = (np.asarray(part) for part in parts)
        full = 1e3 * held(capacity, air_entry, exponent, SUCTION_FIELD)
        dry = 1e3 * held(capacity, air_entry, exponent, SUCTION_WILT)
        wcap = full if wcap is None else wcap + full
        wava = full - dry if wava is None else wava + full - dry
    if wcap is None or wava is None:
        return {}, []
    note = "PCR-GLOBWB: wcap = soilWaterStorageCap held at a suction of 1 m, wava without that held at 156 m"
    return {"wcap": wcap, "wava": wava}, [note]


def _distribution(found: Fields, read: Read, forest: np.ndarray, grass: np.ndarray) -> None:
    """wmin and beta from the soil depth fractions of forest and grass, by their shares."""
    names = ("minSoilDepthFrac", "maxSoilDepthFrac")
    fractions = [(read(f"forest_{name}"), read(f"grass_{name}")) for name in names]
    if "wcap" not in found or any(one is None or other is None for one, other in fractions):
        return
    low, high = (
        (forest * one + grass * other) / np.maximum(forest + grass, 1e-6)
        for one, other in fractions
        if one is not None and other is not None
    )
    low = np.clip(low, 0.0, 0.95)
    found["wmin"] = low * found["wcap"]
    found["beta"] = np.clip((high - 1.0) / (1.0 - low), 0.01, 5.0)


PRODUCTS = {"watergap": watergap, "pcrglobwb": pcrglobwb}
