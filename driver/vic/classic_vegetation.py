"""Vegetation library and vegetation parameter file of VIC's classic driver (ASCII)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..errors import InputError
from .choices import DEFAULT, VEGPARAM, Choices
from .classic_soil import require_cells
from .fields import MONTHS
from .parameters import UNUSED, Arrays
from .text_file import Line, lines

BEFORE = ("overstory", "rarc", "rmin")
AFTER = ("wind_h", "RGL", "rad_atten", "wind_atten", "trunk_ratio")
WORDS = {"TRUE": "1", "FALSE": "0"}


class Tile(NamedTuple):
    """One tile of a cell: monthly has what its own lines say."""

    line: Line
    number: int
    cover: float
    roots: np.ndarray
    monthly: Arrays


def read_library(path: Path, chosen: Choices) -> dict[int, Arrays]:
    """Each class by its number: single values, and monthly ones [month]. Text behind the columns is a comment."""
    monthly = ("LAI", *(("fcanopy",) if chosen.veglib_fcan else ()), "albedo", "veg_rough", "displacement")
    found: dict[int, Arrays] = {}
    for line in lines(path, "the vegetation library"):
        line.require(1 + len(BEFORE) + MONTHS * len(monthly) + len(AFTER), AFTER[-1])
        line.columns[1] = WORDS.get(line.columns[1].upper(), line.columns[1])
        number = line.whole(0, "class")
        if number in found:
            raise InputError(f"{line.where}: class {number} comes twice: expected each once")
        own = {name: np.array(line.value(1 + k, name)) for k, name in enumerate(BEFORE)}
        column = 1 + len(BEFORE)
        for name in monthly:
            own[name] = np.array(line.values(column, MONTHS, name))
            column += MONTHS
        own |= {name: np.array(line.value(column + k, name)) for k, name in enumerate(AFTER)}
        found[number] = own
    return found


def read_cells(path: Path, chosen: Choices) -> dict[int, list[Tile]]:
    """Tiles of every cell of the vegetation parameter file by its number. InputError where the lines do not fit."""
    own = [("LAI", chosen.vegparam_lai), ("fcanopy", chosen.vegparam_fcan), ("albedo", chosen.vegparam_alb)]
    wanted = [name for name, there in own if there]
    rows = lines(path, "the vegetation parameters")
    found: dict[int, list[Tile]] = {}
    at = 0
    while at < len(rows):
        head = rows[at]
        if len(head.columns) != 2:
            raise InputError(
                f"{head.where}: {len(head.columns)} columns, expected the 2 of a cell, its number and Nveg: do "
                "ROOT_ZONES, VEGPARAM_LAI, VEGPARAM_FCAN and VEGPARAM_ALB fit the file?"
            )
        cell, count = head.whole(0, "gridcel"), head.whole(1, "Nveg")
        if cell in found:
            raise InputError(f"{head.where}: cell {cell} comes twice: expected each once")
        step = 1 + len(wanted)
        block = rows[at + 1 : at + 1 + count * step]
        if len(block) < count * step:
            raise InputError(f"{path} ends within cell {cell}: expected {count} tiles of {step} lines each")
        found[cell] = [_tile(block[k : k + step], wanted, chosen) for k in range(0, count * step, step)]
        at += 1 + count * step
    return found


def _tile(block: list[Line], wanted: list[str], chosen: Choices) -> Tile:
    line, *more = block
    expected = 2 + 2 * chosen.zones
    if len(line.columns) != expected:
        raise InputError(
            f"{line.where}: {len(line.columns)} columns, expected the {expected} of a tile with ROOT_ZONES "
            f"{chosen.zones}: class, Cv, and depth and share of each root zone"
        )
    monthly = {}
    for name, own in zip(wanted, more, strict=True):
        if len(own.columns) != MONTHS:
            raise InputError(f"{own.where}: {len(own.columns)} columns, expected {name} of 12 months")
        monthly[name] = np.array(own.values(0, MONTHS, name))
    roots = np.array(line.values(2, 2 * chosen.zones, "root zones")).reshape(chosen.zones, 2)
    return Tile(line, line.whole(0, "class"), line.value(1, "Cv"), roots, monthly)


def tiles_of(
    path: Path, cells: dict[int, list[Tile]], library: dict[int, Arrays], cell: np.ndarray, chosen: Choices
) -> tuple[Arrays, Arrays, Arrays]:
    """tiles [tile, place], monthly [month, tile, place] and roots [zone, tile, place] of the cells of the soil file."""
    numbers = require_cells(path, cells, cell)
    slots = max([1, *(len(cells[number]) for number in numbers)])
    shape = (slots, len(numbers))
    tiles = {name: np.zeros(shape) for name in ("Cv", *BEFORE, *AFTER)} | {"veg_class": np.full(shape, UNUSED)}
    sources = {"LAI": chosen.lai, "albedo": chosen.albedo, "veg_rough": "", "displacement": ""}
    sources |= {} if chosen.fcan == DEFAULT else {"fcanopy": chosen.fcan}
    monthly = {name: np.zeros((MONTHS, *shape)) for name in sources}
    roots = {name: np.zeros((chosen.zones, *shape)) for name in ("root_depth", "root_fract")}
    for place, number in enumerate(numbers):
        for slot, tile in enumerate(cells[number]):
            if tile.number not in library:
                known = ", ".join(map(str, library))
                raise InputError(f"{tile.line.where}: class {tile.number} is not in the library, which has {known}")
            kind = library[tile.number]
            tiles["veg_class"][slot, place], tiles["Cv"][slot, place] = tile.number, tile.cover
            for name in (*BEFORE, *AFTER):
                tiles[name][slot, place] = kind[name]
            for name, source in sources.items():
                monthly[name][:, slot, place] = _months(name, source, tile, kind)
            roots["root_depth"][:, slot, place], roots["root_fract"][:, slot, place] = tile.roots.T
    return tiles, monthly, roots


def _months(name: str, source: str, tile: Tile, kind: Arrays) -> np.ndarray:
    found = (tile.monthly if source == VEGPARAM else kind).get(name)
    if found is None:
        option = {"LAI": "LAI", "fcanopy": "FCAN", "albedo": "ALB"}[name]
        there = "VEGPARAM" if source == VEGPARAM else "VEGLIB"
        raise InputError(
            f"{tile.line.path}: {option}_SRC is {source}, which has no {name}: set {option}_SRC, or {there}_{option} "
            "where the file has it"
        )
    return found
