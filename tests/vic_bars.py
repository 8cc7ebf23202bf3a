"""How near a repeated run of VIC has to be: the lines of vic.md, section 9, and what holds where it names none.

Cells with one elevation band are held to the largest difference. In cells with several bands VIC itself, compiled in
another way, takes other branches at round-off in a few of their many tile-bands: those are judged by percentiles and
totals. So are all cells where roots are searched by Newton's method, as a balance may have several roots.
"""

from dataclasses import dataclass

import numpy as np

from vic_parity import Repeated

MM, KELVIN, WATT = 1e-6, 1e-4, 1e-3  # of cells with one band: mm, K, W m-2
SMALL = 1e-6  # of the largest value, where the unit is another
TOTALS = ("OUT_EVAP", "OUT_RUNOFF", "OUT_BASEFLOW")
MOISTURE = ("OUT_SOIL_MOIST", "OUT_ROOTMOIST")  # the second is a sum of the first
JUDGED = ("OUT_EVAP", "OUT_RUNOFF")
SOIL = ("OUT_SOIL_MOIST", "OUT_SOIL_ICE", "OUT_ROOTMOIST")
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


def groups(repeated: Repeated) -> dict[str, list[int]]:
    """Cells with one and with several bands."""
    parts = repeated.assembled.components
    several = [len(set(parts.band[parts.used[:, cell], cell])) > 1 for cell in range(repeated.case.places)]
    found = {"one band": np.flatnonzero(~np.array(several)), "several bands": np.flatnonzero(several)}
    return {name: [int(cell) for cell in cells] for name, cells in found.items() if len(cells)}


def bars(name: str, unit: str, group: str, case: str, newton: bool) -> list[Bar]:
    """Those of an output or state of cells of one group in a case (kind)."""
    if newton:
        total = [Bar("total", 1e-3 if case == "eb" else 5e-4, True, STATED)] if name in TOTALS else []
        return [Bar("p99", REST, True), *total]
    return _several(name, unit, case) if group == "several bands" else [_one(unit)]


def _one(unit: str) -> Bar:
    limits = {"mm": MM, "m": MM * 1e-3, "degC": KELVIN, "K": KELVIN, "W m-2": WATT}
    if unit == "J m-2":
        return Bar("max", ENERGY)
    return Bar("max", limits[unit], source=STATED) if unit in limits else Bar("max", SMALL, True)


def _several(name: str, unit: str, case: str) -> list[Bar]:
    """What section 9 names; anything else by its 99th percentile, as a share of the largest value."""
    daily, energy, frozen = case.endswith("24h"), case.startswith("eb"), case.startswith("fs")
    if name == "OUT_SWE":
        return [Bar("max", 0.2 if energy else 0.5 if frozen else 0.05, source=STATED)]
    found = [Bar("total", 1e-3 if energy else 5e-4, True, STATED)] if name in TOTALS else []
    if name in JUDGED and not energy and not frozen:
        return [Bar("p99", 5e-3 if daily else 1e-4, source=STATED), Bar("max", 0.05, source=STATED), *found]
    if name in MOISTURE and not frozen:
        return [Bar("max", 0.1, source=OWN if energy else STATED)]
    if name in (*MOISTURE, "OUT_SOIL_ICE") and frozen:
        return [Bar("p99", 0.05, source=STATED)]
    if unit == "W m-2" and energy:
        return [Bar("p99", 0.1, source=STATED), Bar("rms", 0.5, source=STATED)]
    if unit in ("degC", "K") and energy:
        return [Bar("p99", 5e-3, source=STATED), Bar("max", 1.0, source=STATED)]
    if name == "OUT_SOIL_TNODE" and frozen:
        return [Bar("p99", 0.01, source=STATED)]
    return [Bar("p99", REST, True), *found]


def lines(repeated: Repeated, newton: bool = False) -> list[Line]:
    """Every measure of every output of the file, then of every state at VIC's date."""
    case, found = kind(repeated), []
    units = {each.variable.symbol: each.variable.unit for each in repeated.model.combined}
    for name in repeated.names:
        unit = units[name if name in units else f"{name}_1"]
        mine, known = repeated.found(name), repeated.case.expected(name)
        single = repeated.case.data[name].dtype == np.float32
        for group, cells in groups(repeated).items():
            for bar in bars(name, unit, group, case, newton):
                values = {cell: measured(bar, mine[:, cell], known[:, cell], single) for cell in cells}
                found.append(Line(name, group, bar, values))
    return found + state_lines(repeated, newton)


def state_lines(repeated: Repeated, newton: bool) -> list[Line]:
    """States of every tile and band; where a cell has several bands they count by their share of it."""
    case, found = kind(repeated), []
    units = {variable.name: variable.unit for variable in repeated.model.states}
    mine, theirs = repeated.found_state(), repeated.case.expected_state(repeated.assembled)
    # VIC leaves an old cold content where snow has vanished; nothing reads it there.
    theirs["snow_cold_content"] = np.where(
        theirs["snow_water_equivalent"] > 0.0, theirs["snow_cold_content"], np.nan
    )  # fmt: skip
    for name, known in theirs.items():
        if name not in mine:
            continue
        unit = units[name if name in units else f"{name}_1"]
        for group, cells in groups(repeated).items():
            bar = _state_bar(unit, group, case, newton)
            values = {}
            for cell in cells:
                share = 1.0 if group == "one band" else repeated.assembled.weights[:, cell, None]
                values[cell] = measured(bar, share * _tiles(mine[name], cell), share * _tiles(known, cell), False)
            found.append(Line(f"state {name}", group, bar, values))
    return found


def _state_bar(unit: str, group: str, case: str, newton: bool) -> Bar:
    if group == "one band" and not newton:
        return _one(unit)
    limits = {"mm": 0.1, "m": 2e-4 if case == "eb" else 5e-5, "degC": 1.0, "W m-2": 1.0, "J m-2": 1e4}
    return Bar("max", limits[unit]) if unit in limits else Bar("max", 1e-3, True)


def _tiles(values: np.ndarray, cell: int) -> np.ndarray:
    """[tile-band, layer] of one cell."""
    return np.moveaxis(values[..., cell], -1, 0).reshape(values.shape[-2], -1)


def measured(bar: Bar, found: np.ndarray, expected: np.ndarray, single: bool) -> float:
    """The measure of [time, ...]: along the time, then the largest of layers, nodes or bands.

    Where the file has float32 half of its last digit is no error. NaN in both is none either.
    """
    there = np.isfinite(expected)
    error = np.where(there, np.abs(found - expected), 0.0)
    if single:
        half = 0.5 * np.spacing(np.abs(np.where(there, expected, 0.0)).astype(np.float32)).astype(np.float64)
        error = np.maximum(error - half, 0.0)
    size = 1.0
    if bar.measure == "total":
        total = expected.sum(axis=0)
        return float(np.max(np.abs(found.sum(axis=0) - total) / np.maximum(np.abs(total), 1e-9)))
    if bar.relative:
        usual = np.abs(expected[there & (np.abs(expected) < 1e19)])
        size = max(float(usual.max(initial=0.0)), 1e-3)
    if bar.measure == "max":
        return float(error.max(initial=0.0)) / size
    if bar.measure == "rms":
        return float(np.sqrt(np.mean(error**2, axis=0)).max()) / size
    return float(np.quantile(error, 0.99, axis=0).max()) / size
