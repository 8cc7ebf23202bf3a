"""What every door gives: basins, days, attributes, forcing and discharge in freshet's units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from ..errors import ConfigurationError
from ..nearest import suggestion
from ..timeaxis import TimeAxis

# Rows of the forcing, in the order in which the models declare them.
ROWS = ("precipitation", "air_temperature", "potential_evaporation")
# Attributes that every source has, NaN where the data do not say: degrees north, degrees east, km2, m.
PLACE_ATTRIBUTES = ("latitude", "longitude", "area", "elevation")


@runtime_checkable
class Source(Protocol):
    """Catchment data behind a door.

    ids         basin identifiers, in the order of the places
    axis        the days that every basin has
    attributes  by name, [place], float64 or text; always those of PLACE_ATTRIBUTES
    notes       what was converted, filled or is worth a warning, one line each; grows while blocks are read
    """

    @property
    def ids(self) -> list[str]:
        """Names of the places."""

    @property
    def axis(self) -> TimeAxis:
        """The days."""

    @property
    def attributes(self) -> dict[str, np.ndarray]:
        """What is known of the places, by name."""

    @property
    def notes(self) -> list[str]:
        """What a reader of the results should know about the data."""

    @property
    def files(self) -> list[tuple[str, str]]:
        """Name and sha256 of each input file."""

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """Precipitation mm d-1, air temperature degC, potential evaporation mm d-1 of the days from start up to stop.

        float64 [time, row, place], without gaps. InputError where there are gaps that nobody asked to fill, or values
        that cannot be.
        """

    def discharge(self, start: int, stop: int) -> np.ndarray | None:
        """Observed discharge, mm d-1, float64 [time, place], NaN where there is none; None without any."""

    def select(self, ids: Sequence[str]) -> Source:
        """The same data for some of the basins, in the order of `ids`. ConfigurationError where one is unknown."""


class ArraySource:
    """A source whose series lie in memory.

    forcing    [time, row, place], rows as in ROWS, mm d-1, degC, mm d-1
    discharge  [time, place] mm d-1, NaN = gap, or None
    The other arguments are as in Source; attributes of PLACE_ATTRIBUTES that are not given become NaN.
    """

    def __init__(
        self,
        ids: Sequence[str],
        axis: TimeAxis,
        attributes: dict[str, np.ndarray],
        forcing: np.ndarray,
        discharge: np.ndarray | None = None,
        files: Sequence[tuple[str, str]] = (),
        notes: Sequence[str] = (),
    ):
        if forcing.shape != (axis.count, len(ROWS), len(ids)):
            raise ValueError(f"forcing is {forcing.shape}, expected {(axis.count, len(ROWS), len(ids))}")
        if discharge is not None and discharge.shape != (axis.count, len(ids)):
            raise ValueError(f"discharge is {discharge.shape}, expected {(axis.count, len(ids))}")
        self.ids, self.axis = list(ids), axis
        self.attributes = with_place_attributes(attributes, len(self.ids))
        self.files, self.notes = list(files), list(notes)
        self._forcing, self._discharge = forcing, discharge

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """As Source.forcing."""
        return self._forcing[start:stop].astype(np.float64)

    def discharge(self, start: int, stop: int) -> np.ndarray | None:
        """As Source.discharge."""
        return None if self._discharge is None else self._discharge[start:stop].astype(np.float64)

    def select(self, ids: Sequence[str]) -> ArraySource:
        """As Source.select."""
        places = places_of(ids, self.ids)
        attributes = {name: values[places] for name, values in self.attributes.items()}
        flow = None if self._discharge is None else self._discharge[:, places]
        return ArraySource(ids, self.axis, attributes, self._forcing[:, :, places], flow, self.files, self.notes)


def with_place_attributes(attributes: dict[str, np.ndarray], count: int) -> dict[str, np.ndarray]:
    """The attributes, with NaN for those of PLACE_ATTRIBUTES that are not there."""
    return {name: np.full(count, np.nan) for name in PLACE_ATTRIBUTES} | attributes


def places_of(wanted: Sequence[str], ids: Sequence[str], where: str = "the data") -> np.ndarray:
    """Places of the wanted basins. ConfigurationError with the nearest known where one is unknown."""
    place = {name: index for index, name in enumerate(ids)}
    unknown = [name for name in wanted if name not in place]
    if unknown:
        known = ids if len(ids) <= 10 else [*ids[:9], f"... {len(ids)} in all"]
        hint = suggestion(unknown[0], ids) if _similar(unknown[0], ids) else f"; known: {', '.join(known)}"
        more = f" (and {len(unknown) - 1} more)" if len(unknown) > 1 else ""
        raise ConfigurationError(f"{where} has no basin '{unknown[0]}'{more}{hint}")
    return np.array([place[name] for name in wanted], np.int64)


def _similar(word: str, ids: Sequence[str]) -> bool:
    from ..nearest import nearest

    return bool(nearest(word, ids))
