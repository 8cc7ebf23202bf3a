"""VIC's outputs by its own names (OUT_...) and units, made of the rows of the model (vic.md, section 6).

Layers, nodes and bands have their number behind the name: OUT_SOIL_MOIST_1. What an interval of several steps has of an
output is as VIC's documentation of its output variables says: sums of water, the last storages, means of all else.
"""

from collections.abc import Callable

import numpy as np

from ..combined import Around, Combined, Rows
from ..variable import Variable
from .air_outputs import AIR, leaf_area
from .fluxes import fluxes
from .parameters import P
from .states import states

# Factor and unit where VIC's are not the declared ones.
UNITS = {"OUT_SWE": (1000.0, "mm"), "OUT_SNOW_CANOPY": (1000.0, "mm")}
# Storages and what describes them: the last of an interval.
LAST = ("OUT_ASAT", "OUT_ROOTMOIST", "OUT_SNOW_CANOPY", "OUT_SNOW_COVER", "OUT_SNOW_DEPTH", "OUT_SOIL_ICE",
        "OUT_SOIL_LIQ", "OUT_SOIL_MOIST", "OUT_SOIL_WET", "OUT_SWE", "OUT_WDEW", "OUT_SWE_BAND",
        "OUT_SNOW_DEPTH_BAND", "OUT_SNOW_CANOPY_BAND")  # fmt: skip
# Those of a band: name without _BAND, source, factor, unit.
BANDED = (
    ("SWE", "snow_water_equivalent", 1000.0, "mm"),
    ("SNOW_DEPTH", "snow_depth", 100.0, "cm"),
    ("SNOW_CANOPY", "canopy_snow", 1000.0, "mm"),
    ("SNOW_MELT", "snowmelt", 1.0, "mm"),
    ("SNOW_SURFT", "snow_surface_temperature", 1.0, "degC"),
    ("SNOW_PACKT", "snow_pack_temperature", 1.0, "degC"),
    ("ALBEDO", "albedo", 1.0, "1"),
    ("SENSIBLE", "understorey_sensible_heat", 1.0, "W m-2"),
    ("LATENT", "understorey_latent_heat", 1.0, "W m-2"),
    ("GRND_FLUX", "ground_heat", 1.0, "W m-2"),
    ("SNOW_FLUX", "snow_ground_heat", 1.0, "W m-2"),
    ("DELTACC", "snow_heat_storage", 1.0, "W m-2"),
    ("ADVECTION", "advected_heat", 1.0, "W m-2"),
    ("RFRZ_ENERGY", "refreeze_heat", 1.0, "W m-2"),
)
FUSION = 3.337e5  # J kg-1
LEAST = 1e-12
HUGE = 1e20  # s m-1: VIC's resistance where there is none
Make = Callable[[Rows, Around], np.ndarray]


def outputs(layers: int, nodes: int, frozen: bool, step: int) -> tuple[Combined, ...]:
    """All of a form with steps of `step` seconds."""
    found = {each.variable.name: each for each in _declared(layers, nodes, frozen)}
    found |= {each.variable.name: each for each in (*_ratios(), *_sums(layers, frozen, step), *_around(), *_bands())}
    return tuple(found.values())


def stem_of(name: str) -> str:
    """The name without the number of its layer, node or band."""
    stem, _, number = name.rpartition("_")
    return stem if number.isdecimal() else name


def _made(name: str, unit: str, meaning: str, sources: tuple[str, ...], of: Make, by_band: bool = False) -> Combined:
    over_time = "last" if stem_of(name) in LAST else "sum" if unit == "mm" else "mean"
    return Combined(Variable(name, unit, meaning, symbol=name, over_time=over_time), sources, of, by_band)


def _scaled(name: str, factor: float) -> Make:
    return lambda rows, around: rows[name] if factor == 1.0 else factor * rows[name]


def _declared(layers: int, nodes: int, frozen: bool) -> list[Combined]:
    """Those that are a row of the model, but perhaps in another unit."""
    found = []
    for variable in (*fluxes(layers), *states(layers, nodes, frozen)):
        factor, unit = UNITS.get(variable.symbol, (1.0, variable.unit))
        if variable.symbol and not variable.symbol.endswith("_BAND"):
            of = _scaled(variable.name, factor)
            found.append(_made(variable.symbol, unit, variable.meaning, (variable.name,), of))
    return found


def _over(name: str, area: Make) -> Make:
    """A row divided by the area where it is defined, 0 where there is none."""

    def of(rows: Rows, around: Around) -> np.ndarray:
        share = np.broadcast_to(area(rows, around), rows[name].shape)
        return np.where(share > LEAST, rows[name] / np.where(share > LEAST, share, 1.0), 0.0).astype(rows[name].dtype)

    return of


def _snow(rows: Rows, around: Around) -> np.ndarray:
    return rows["snow_cover"]


def _vegetated(rows: Rows, around: Around) -> np.ndarray:
    return np.asarray((around.weights * around.parameters[P.vegetated]).sum(axis=0))


def _bare(rows: Rows, around: Around) -> np.ndarray:
    return np.asarray((around.weights * (1.0 - around.parameters[P.vegetated])).sum(axis=0))


def _inverse(name: str, area: Make | None = None) -> Make:
    """The resistance of a mean conductance, which is that of all of the place, or of an area of it."""

    def of(rows: Rows, around: Around) -> np.ndarray:
        value = rows[name]
        share = np.ones(value.shape[-1]) if area is None else area(rows, around)
        return np.where(value > 0, share / np.where(value > 0, value, 1.0), HUGE).astype(value.dtype)

    return of


def _tall(rows: Rows, around: Around) -> np.ndarray:
    tall = around.parameters[P.vegetated] * around.parameters[P.overstory]
    return np.asarray((around.weights * tall).sum(axis=0))


def _ratios() -> list[Combined]:
    """Values over the area where they are defined; temperatures and resistances that are no means of their own."""
    snow, power = "snow_cover", "radiative_power"
    return [
        _made("OUT_SNOW_SURF_TEMP", "degC", "temperature of the snow's surface",
              ("covered_surface_temperature", snow), _over("covered_surface_temperature", _snow)),
        _made("OUT_SNOW_PACK_TEMP", "degC", "temperature of the snow's lower layer",
              ("covered_pack_temperature", snow), _over("covered_pack_temperature", _snow)),
        _made("OUT_SALBEDO", "1", "albedo of the snow", ("covered_albedo", snow), _over("covered_albedo", _snow)),
        _made("OUT_BARESOILT", "degC", "temperature of bare soil", ("bare_temperature",),
              _over("bare_temperature", _bare)),
        _made("OUT_VEGT", "degC", "temperature of vegetation", ("vegetation_temperature",),
              _over("vegetation_temperature", _vegetated)),
        _made("OUT_RAD_TEMP", "K", "radiative temperature", (power,), lambda rows, around: rows[power] ** 0.25),
        _made("OUT_AERO_RESIST", "s m-1", "aerodynamic resistance of the scene", ("conductance",),
              _inverse("conductance")),
        _made("OUT_AERO_RESIST1", "s m-1", "aerodynamic resistance of the surface", ("conductance_surface",),
              _inverse("conductance_surface")),
        _made("OUT_AERO_RESIST2", "s m-1", "aerodynamic resistance of tall canopies", ("conductance_canopy",),
              _inverse("conductance_canopy", _tall)),
    ]  # fmt: skip


def _sums(layers: int, frozen: bool, step: int) -> list[Combined]:
    """Sums and differences of rows."""
    to_water = step / FUSION
    found = [
        _made("OUT_R_NET", "W m-2", "net radiation", ("net_shortwave", "net_longwave"),
              lambda rows, around: rows["net_shortwave"] + rows["net_longwave"]),
        _made("OUT_SNOW_DEPTH", "cm", "depth of the snow", ("snow_depth",), _scaled("snow_depth", 100.0)),
        _made("OUT_REFREEZE", "mm", "water that refreezes in the snow", ("refreeze_heat",),
              lambda rows, around: to_water * rows["refreeze_heat"]),
        _made("OUT_TCAN_FBFLAG", "1", "0: the air in the canopy is the air above", ("canopy_fallback",),
              lambda rows, around: 0.0 * rows["canopy_fallback"]),
    ]  # fmt: skip
    for k in range(1, layers + 1):
        moisture, ice = f"soil_moisture_{k}", f"soil_ice_{k}"
        sources = (moisture, ice) if frozen else (moisture,)
        of = _liquid(moisture, ice)
        found.append(_made(f"OUT_SOIL_LIQ_{k}", "mm", f"liquid water of soil layer {k}", sources, of))
        if not frozen:
            none = _made(f"OUT_SOIL_ICE_{k}", "mm", f"ice of soil layer {k}", (moisture,), _scaled(moisture, 0.0))
            found.append(none)
    return found


def _liquid(moisture: str, ice: str) -> Make:
    return lambda rows, around: rows[moisture] - rows[ice] if ice in rows else rows[moisture]


def _around() -> list[Combined]:
    """Those of the air and of the leaves, which are no rows of the model."""
    found = [_made(name, unit, meaning, (), of) for name, unit, meaning, of in AIR]
    return [*found, _made("OUT_LAI", "1", "leaf area index", (), leaf_area)]


def _bands() -> list[Combined]:
    return [
        _made(f"OUT_{name}_BAND", unit, f"{source.replace('_', ' ')} of elevation band", (source,),
              _scaled(source, factor), by_band=True)
        for name, source, factor, unit in BANDED
    ]  # fmt: skip
