"""VIC's forcing as blocks of whole days for the loops: every row of the form at each of its steps."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from ...kernels.model import Model
from ..errors import ConfigurationError, InputError
from ..timeaxis import TimeAxis
from .clock import forcing_rows
from .open import YEAR, forcing_name, open_forcing
from .parameters import VicParameters
from .weather import Forcing

DAY = 86400
CALENDAR = "proleptic_gregorian"


class VicReader:
    """Forcing of some places.

    given: their parameters, for where they lie; axis: the days that the files have whole
    """

    def __init__(self, vic: dict[str, Any], given: VicParameters, model: Model, years: tuple[int, int]):
        """ConfigurationError or InputError where the files cannot be opened, or their steps do not fit the model's."""
        self.vic, self.given, self.model, self.years = vic, given, model, years
        self.notes: list[str] = []
        self.series: Forcing = open_forcing(vic, given, *years)
        self._require_steps()
        span = self.series.span
        self.per_day = DAY // span.interval
        first = span.start.astype("datetime64[D]")
        first = first + int(first.astype("datetime64[s]") < span.start)
        self.offset = span.number(first)
        days = (span.count - self.offset) // self.per_day
        if days < 1:
            raise InputError(f"{forcing_name(vic)}: {span.count} records from {span.start} on make no whole day")
        self.start = first
        self.axis = TimeAxis.parse(str(first), days, CALENDAR)

    def _require_steps(self) -> None:
        step, span, where = int(self.model.options["step"]), self.series.span, forcing_name(self.vic)
        part = step // int(self.model.options["substeps"])
        if part % span.interval:
            raise ConfigurationError(
                f"{where} has a record every {span.interval / 3600:g} h, which do not make the sub-steps of "
                f"{part / 3600:g} h that &vic step and substeps ask for: take longer ones"
            )
        since = span.start - span.start.astype("datetime64[D]")
        if int(since.astype(int)) % span.interval:
            raise InputError(
                f"{where}: its first record is of {span.start}, and none is of 00:00: times have to be the beginning "
                f"of what they are of ({span.interval / 3600:g} h), not its middle"
            )

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """[step, row, place] of the days from start up to stop, in the units of the model, float64."""
        first, last = (self.offset + day * self.per_day for day in (start, stop))
        weather = self.series.read(first, last)
        steps = self.model.steps_per_day * (stop - start)
        begin = (self.start + start).astype("datetime64[s]")
        times = begin + np.arange(steps) * np.timedelta64(int(self.model.options["step"]), "s")
        return forcing_rows(times, weather, int(self.model.options["substeps"]))

    def subset(self, first: int, stop: int) -> VicReader:
        """The places from first up to stop; nothing else is read."""
        return self.at(np.arange(first, stop))

    def at(self, places: np.ndarray) -> VicReader:
        """Some of the places, by number."""
        return VicReader(self.vic, self.given.at(places), self.model, self.years)


def years_of(vic: dict[str, Any], start: str, end: str, warmup: int) -> tuple[int, int]:
    """First and last year of the files to open: those of the run and, as far as there are files, of its warm-up.

    ConfigurationError where there is no file at all.
    """
    where = forcing_name(vic) if vic["forcing"] else ""
    if YEAR not in where:
        return 0, 0
    found = _years(where)
    if not found:
        raise ConfigurationError(f"&vic forcing: no file '{where}' is there: expected one for each year")
    first, last = int(start[:4] or min(found)), int(end[:4] or max(found))
    for _ in range(warmup and 1 + warmup // 365):
        first -= first - 1 in found
    return first, last


def forcing_files(vic: dict[str, Any]) -> list[Path]:
    """All netCDF files of forcing that are there; those of columns, one for each cell, are not listed."""
    where = forcing_name(vic) if vic["forcing"] else ""
    if not vic["forcing_names"]:
        return []
    if YEAR not in where:
        return [Path(where)] if Path(where).is_file() else []
    return [path for _, path in sorted(_years(where).items())]


def _years(where: str) -> dict[int, Path]:
    """Files by their years, of a name with {year} in it."""
    path = Path(where)
    before, _, after = path.name.partition(YEAR)
    names = re.compile(re.escape(before) + r"(\d{4})" + re.escape(after))
    folder = path.parent if path.parent.is_dir() else None
    matches = [(names.fullmatch(other.name), other) for other in (folder.iterdir() if folder else ())]
    return {int(match[1]): other for match, other in matches if match}
