"""One series of gridded weather over all its files: its cells, its time steps, and the days that they make up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..catchments.netcdf_file import opened
from ..errors import InputError
from ..files import NETCDF
from .grid_file import GridFile
from .layout import Layout
from .names import Field
from .packing import Packing
from .stamps import DAY, HOUR, JITTER, SHARES, stamp_text, time_step

# How the values of a day become one.
EXTREMES = {"minimum_temperature": "min", "maximum_temperature": "max"}


@dataclass(frozen=True)
class Conventions:
    """What the files do not say themselves: product, stamps and day_start (hours) of &weather."""

    product: str
    stamps: str
    day_start: float

    @property
    def era5(self) -> bool:
        """Whether sums and means stand at the end of their hour."""
        return self.product.startswith("era5")


@dataclass(frozen=True)
class Series:
    """One series.

    field, name  what it is, and its name in the files
    files        in order of time
    edges        [file + 1] number of the first time step of each file, and of all
    per_day      time steps of a day
    lead         time steps before the first whole day
    first, last  the first whole day and the day behind the last, since 0001-01-01 of the calendar
    how          how the steps of a day become one: mean, sum, min, max, or last (sums since midnight)
    notes        what was converted or left out
    """

    field: Field
    name: str
    files: tuple[GridFile, ...]
    edges: np.ndarray
    per_day: int
    lead: int
    first: int
    last: int
    how: str
    notes: tuple[str, ...]

    @property
    def where(self) -> str:
        """The first file and the variable, for messages."""
        return f"{self.files[0].path}: {self.name}"

    @property
    def layout(self) -> Layout:
        """The cells, the same in every file."""
        return self.files[0].layout

    @property
    def calendar(self) -> str:
        """CF name, the same in every file."""
        return self.files[0].stamps.calendar

    def place(self, day: int) -> str:
        """File and variable that hold a day, for messages."""
        step = min(max((day - self.first) * self.per_day + self.lead, 0), int(self.edges[-1]) - 1)
        return f"{self.files[int(np.searchsorted(self.edges, step, 'right')) - 1].path}: {self.name}"


def join(field: Field, name: str, files: Sequence[GridFile], conventions: Conventions) -> Series:
    """The series of one variable in these files (of one calendar).

    InputError where cells differ between files, or a time is missing, comes twice or is out of order.
    """
    ordered = tuple(sorted(files, key=lambda file: int(file.stamps.seconds[0])))
    _require_same_cells(ordered, name)
    edges = np.concatenate([[0], np.cumsum([len(file.stamps.seconds) for file in ordered])])
    calendar = ordered[0].stamps.calendar

    def where(place: int) -> str:
        return f"{ordered[int(np.searchsorted(edges, place, 'right')) - 1].path}: {name}"

    seconds = np.concatenate([file.stamps.seconds for file in ordered])
    step = time_step(seconds, calendar, where)
    with NETCDF, opened(ordered[0].path) as data:
        packing = Packing(data[name], field, where(0))
    begin, note = _begin(field, ordered[0], seconds, step, conventions)
    per_day, slack = DAY // step, int(JITTER * step)
    if per_day > 1:
        begin -= round(conventions.day_start * HOUR)
    skip = -((begin % DAY + slack) % DAY // step) % per_day
    first = (begin + slack) // DAY + (1 if skip else 0)
    days = (len(seconds) - skip) // per_day
    if not days:
        raise InputError(f"{where(0)} has {len(seconds)} time steps of {step / HOUR:g} hours: no whole day")
    how = _how(field, packing.amount, per_day, conventions)
    notes = [f"{where(0)}: converted {packing.converted}"] if packing.converted else []
    if per_day > 1:
        notes.append(
            f"{where(0)}: {per_day} values a day, {_words(how)}{note}{_left_out(seconds, skip, per_day, calendar)}"
        )
    return Series(field, name, ordered, edges, per_day, skip, int(first), int(first + days), how, tuple(notes))


def _begin(field: Field, file: GridFile, seconds: np.ndarray, step: int, conventions: Conventions) -> tuple[int, str]:
    """When the time begins for which the first value stands, and words on how that is known."""
    first, last = int(seconds[0]), int(seconds[-1])
    if not field.over:
        return first, ", each of the moment of its time"
    if conventions.stamps == "auto" and file.stamps.begins is not None:
        return int(file.stamps.begins[0]), ", the hours by the bounds of time"
    kind = conventions.stamps
    if kind == "auto":
        kind = "begin"
        phase = (first - round(conventions.day_start * HOUR)) % DAY
        if step < DAY and (conventions.era5 or (phase == step and (last - first + step) % DAY == 0)):
            kind = "end"
        elif step < DAY and phase == step // 2:
            kind = "middle"
    return first - round(SHARES[kind] * step), f", each over the time step whose {kind} is its time"


def _how(field: Field, amount: bool, per_day: int, conventions: Conventions) -> str:
    if field.name in EXTREMES:
        return EXTREMES[field.name]
    if not amount or per_day == 1:
        return "mean"
    return "last" if conventions.product == "era5_land" else "sum"


def _words(how: str) -> str:
    words = {"mean": "averaged", "sum": "added up", "min": "the lowest taken", "max": "the highest taken"}
    return words.get(how, "the last taken, as sums since midnight")


def _left_out(seconds: np.ndarray, skip: int, per_day: int, calendar: str) -> str:
    """Words on the times before the first whole day and behind the last."""
    tail = (len(seconds) - skip) % per_day
    texts = []
    if skip:
        texts.append(f"the first {skip} of them (from {stamp_text(seconds[0], calendar)})")
    if tail:
        texts.append(f"the last {tail} (to {stamp_text(seconds[-1], calendar)})")
    return f"; {' and '.join(texts)} make up no whole day and are left out" if texts else ""


def _require_same_cells(files: Sequence[GridFile], name: str) -> None:
    for file in files[1:]:
        if not file.layout.same(files[0].layout):
            raise InputError(
                f"{file.path}: {name} has other cells than in {files[0].path} (their number, order or place differs): "
                "expected one grid in all files of a series"
            )
