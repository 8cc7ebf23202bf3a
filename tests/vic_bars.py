"""How near a repeated run of VIC has to be: the lines of vic.md, section 9, and what holds where it names none.

Cells with one elevation band are held to the largest difference. In cells with several bands VIC itself, compiled in
another way, takes other branches at round-off in a few of their many tile-bands: those are judged by percentiles and
totals. So are all cells where roots are searched by Newton's method, as a balance may have several roots: the limits
stay, but a 99th percentile stands for the largest difference. There a tall canopy with snow has the limits that
section 9 grants it with another order of operations, and frozen soil in all cells those of cells with several bands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from vic_parity import Repeated

MM, KELVIN, WATT = 1e-6, 1e-4, 1e-3  # of cells with one band: mm, K, W m-2
SMALL = 1e-6  # of the largest value, where the unit is another
TOTALS = ("OUT_EVAP", "OUT_RUNOFF", "OUT_BASEFLOW")
JUDGED = ("OUT_EVAP", "OUT_RUNOFF")
MOISTURE = ("OUT_SOIL_MOIST", "OUT_ROOTMOIST")  # the second is a sum of the first
LIQUID = "OUT_SOIL_MOIST - OUT_SOIL_ICE"
SURFACE = "OUT_SURF_TEMP"
REST = 0.03  # two builds of VIC itself differ by 0.012 of albedo and 30 W m-2 in such cells
STATED = "9"  # vic.md, section 9
OWN = "own"
ENERGY = 10.0  # J m-2 of cold content: less than what a step's W m-2 come to


@dataclass(frozen=True)
class Bar:
    """What is measured ('max', 'p99', 'rms', 'total'), its limit, whether of the largest value, and who says so."""

    measure: str
    limit: float
    relative: bool = False
    source: str = OWN


@dataclass(frozen=True)
class Line:
    """A line of the table: an error measure of a group of cells beside its bar."""

    name: str
    group: str
    bar: Bar
    found: dict[int, float]

    @property
    def passes(self) -> bool:
        """Whether every cell does (NaN does not)."""
        return all(value <= self.bar.limit for value in self.found.values())


def kind(repeated: Repeated) -> str:
    """wb, eb or fs, and 24h of daily steps: which line of section 9 it is."""
    options = repeated.case.options
    name = "fs" if options["frozen"] else "eb" if options["energy"] else "wb"
    return f"{name}24h" if options["step"] == 86400 else name


def groups(repeated: Repeated, newton: bool) -> dict[str, list[int]]:
    """Cells with one and with several bands; of the former, by Newton's method, those with a tall canopy apart."""
    parts, cells = repeated.assembled.components, range(repeated.case.places)
    row = [variable.name for variable in repeated.model.parameters].index("overstory")
    tall = repeated.assembled.parameters[row].reshape(parts.used.shape) > 0.0
    found: dict[str, list[int]] = {}
    for cell in cells:
        name = "several bands" if len(set(parts.band[parts.used[:, cell], cell])) > 1 else "one band"
        if newton and name == "one band" and (tall & parts.used)[:, cell].any():
            name = "tall canopy"
        found.setdefault(name, []).append(cell)
    return found


def bars(name: str, unit: str, single: bool, group: str, case: str, newton: bool) -> list[Bar]:
    """Those of an output of cells of one group in a case (kind); single: the file has it in float32."""
    if not newton and group == "several bands":
        return _several(name, unit, case) + _totals(name, case)
    if not newton:  # of ice the file has fewer digits: liquid and ice together, and ice, say more than their difference
        return [] if name == LIQUID else [_one(name, unit, single)]
    if group == "tall canopy" and not case.startswith("fs") and name in ("OUT_EVAP", *MOISTURE):
        found = [Bar("p99", 1e-5 if name == "OUT_EVAP" else 0.05, source=OWN if name == "OUT_ROOTMOIST" else STATED)]
    elif group == "one band" and not case.startswith("fs"):
        found = [_one(name, unit, single)]
    else:
        found = _several(name, unit, case)
    by_percentile = {bar.measure: bar for bar in found}
    first = by_percentile.get("p99") or replace(found[0], measure="p99")
    return [first, *_totals(name, case)]


def _one(name: str, unit: str, single: bool) -> Bar:
    """Of one band. Section 9 names water in float64, the surface temperature and energy fluxes of the outputs."""
    limits = {"mm": MM, "m": MM * 1e-3, "degC": KELVIN, "K": KELVIN, "W m-2": WATT}
    if unit == "J m-2":
        return Bar("max", ENERGY)
    if unit not in limits:
        return Bar("max", SMALL, True)
    stated = name == SURFACE or (name.startswith("OUT_") and (unit == "W m-2" or (unit == "mm" and not single)))
    return Bar("max", limits[unit], source=STATED if stated else OWN)


def _totals(name: str, case: str) -> list[Bar]:
    return [Bar("total", 1e-3 if case.startswith("eb") else 5e-4, True, STATED)] if name in TOTALS else []


def _several(name: str, unit: str, case: str) -> list[Bar]:
    """What section 9 names; anything else by its 99th percentile, as a share of the largest value."""
    daily, energy, frozen = case.endswith("24h"), case.startswith("eb"), case.startswith("fs")
    if name == "OUT_SWE":
        return [Bar("max", 0.2 if energy else 0.5 if frozen else 0.05, source=STATED)]
    if name in JUDGED and not energy and not frozen:
        return [Bar("p99", 5e-3 if daily else 1e-4, source=STATED), Bar("max", 0.05, source=STATED)]
    if name in MOISTURE and not frozen:
        return [Bar("max", 0.1, source=OWN if energy or name == "OUT_ROOTMOIST" else STATED)]
    if name in (*MOISTURE, "OUT_SOIL_ICE", LIQUID) and frozen:
        return [Bar("p99", 0.05, source=OWN if name in MOISTURE else STATED)]
    if unit == "W m-2" and energy:
        return [Bar("p99", 0.1, source=STATED), Bar("rms", 0.5, source=STATED)]
    if unit in ("degC", "K") and energy:
        source = STATED if name == SURFACE else OWN
        return [Bar("p99", 5e-3, source=source), Bar("max", 1.0, source=source)]
    if name == "OUT_SOIL_TNODE" and frozen:
        return [Bar("p99", 0.01, source=STATED)]
    return [Bar("p99", REST, True)]


def lines(repeated: Repeated, newton: bool = False) -> list[Line]:
    """Every measure of every output of the file, then of every state at VIC's date."""
    case, found = kind(repeated), []
    for name, unit, single, mine, known in compared(repeated):
        for group, cells in groups(repeated, newton).items():
            for bar in bars(name, unit, single, group, case, newton):
                values = {cell: measured(bar, mine[:, cell], known[:, cell], single) for cell in cells}
                found.append(Line(name, group, bar, values))
    return found + state_lines(repeated, newton)


def compared(repeated: Repeated) -> Iterator[tuple[str, str, bool, np.ndarray, np.ndarray]]:
    """Name, unit, whether in float32, ours and theirs of each output; of frozen soil the liquid water too."""
    units = {each.variable.symbol: each.variable.unit for each in repeated.model.combined}
    for name in repeated.names:
        unit = units[name if name in units else f"{name}_1"]
        single = repeated.case.data[name].dtype == np.float32
        yield name, unit, single, repeated.found(name), repeated.case.expected(name)
    if repeated.case.options["frozen"]:
        whole, ice = "OUT_SOIL_MOIST", "OUT_SOIL_ICE"
        yield (LIQUID, "mm", True, repeated.found(whole) - repeated.found(ice),
               repeated.case.expected(whole) - repeated.case.expected(ice))  # fmt: skip


def state_lines(repeated: Repeated, newton: bool) -> list[Line]:
    """States of every tile and band; where a cell has several bands they count by their share of it."""
    case, found = kind(repeated), []
    units = {variable.name: variable.unit for variable in repeated.model.states}
    mine, theirs = repeated.found_state(), repeated.case.expected_state(repeated.assembled)
    # VIC leaves an old cold content where snow has vanished; nothing reads it there.
    used = repeated.assembled.components.used
    there = {"snow_cold_content": used & (theirs["snow_water_equivalent"] > 0.0)}
    for name in [name for name in theirs if name in mine]:
        ours, known = (np.where(there.get(name, used), values[name], np.nan) for values in (mine, theirs))
        unit = units[name if name in units else f"{name}_1"]
        for group, cells in groups(repeated, newton).items():
            bar = _state_bar(unit, group, case, newton)
            values = {}
            for cell in cells:
                share = repeated.assembled.weights[:, cell, None] if group == "several bands" else 1.0
                values[cell] = measured(bar, share * _tiles(ours, cell), share * _tiles(known, cell), False)
            found.append(Line(f"state {name}", group, bar, values))
    return found


def _state_bar(unit: str, group: str, case: str, newton: bool) -> Bar:
    if group != "several bands" and not newton:
        return _one("", unit, False)
    limits = {"mm": 0.1, "m": 2e-4 if case == "eb" else 5e-5, "degC": 1.0, "W m-2": 1.0, "J m-2": 1e4}
    return Bar("max", limits[unit]) if unit in limits else Bar("max", 1e-3, True)


def _tiles(values: np.ndarray, cell: int) -> np.ndarray:
    """[tile-band, layer] of one cell."""
    return np.moveaxis(values[..., cell], -1, 0).reshape(values.shape[-2], -1)


def measured(bar: Bar, found: np.ndarray, expected: np.ndarray, single: bool) -> float:
    """The measure of [time, ...]: along the time, then the largest of layers, nodes or bands.

    Where the file has float32 half of its last digit is no error. NaN in both is none either; in one of them the
    measure is NaN, which does not pass.
    """
    there = np.isfinite(expected)
    if not np.array_equal(there, np.isfinite(found)):
        return float("nan")
    error = np.where(there, np.abs(found - expected), 0.0)
    if single:
        half = 0.5 * np.spacing(np.abs(np.where(there, expected, 0.0)).astype(np.float32)).astype(np.float64)
        error = np.maximum(error - half, 0.0)
    size = 1.0
    if bar.measure == "total":
        ours, total = (np.where(there, values, 0.0).sum(axis=0) for values in (found, expected))
        return float(np.max(np.abs(ours - total) / np.maximum(np.abs(total), 1e-9)))
    if bar.relative:
        usual = np.abs(expected[there & (np.abs(expected) < 1e19)])
        size = max(float(usual.max(initial=0.0)), 1e-3)
    if bar.measure == "max":
        return float(error.max(initial=0.0)) / size
    if bar.measure == "rms":
        return float(np.sqrt(np.mean(error**2, axis=0)).max()) / size
    return float(np.quantile(error, 0.99, axis=0).max()) / size
