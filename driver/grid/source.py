"""The source whose places are cells of a grid, in canonical order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from ...kernels.hydropy.cover import surface_water_fraction
from ..catchments.source import places_of
from ..timeaxis import TimeAxis
from .grid import Grid
from .river import River

# Name and sha256 of files, or what finds them when they are asked for.
Files = Sequence[tuple[str, str]] | Callable[[], list[tuple[str, str]]]


class Reader(Protocol):
    """Weather of some places; what Weather.on(latitude, longitude) gives (driver/gridded)."""

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """float32 [time, 3, place] in mm d-1, degC, mm d-1, of the days from start up to stop."""

    def subset(self, first: int, stop: int) -> Reader:
        """The weather of the places from first up to stop; nothing else is read."""


class GridSource:
    """Cells of a grid as a Source (catchments/source.py); assemble.assemble makes one from arrays on the grid.

    grid        the Grid
    cell        int64 [place], number of each place's cell, in canonical order
    land_area   float64 [place], m2 to which the model's mm refer
    fields      raw static fields by HydroPy's names, float64 [place] or [12, place] (months)
    reader      Reader of the weather of these places
    axis        days of the weather
    river       River, or None. In a slab it is still the whole one: whoever cuts places cuts the river too
    first       index of the first place of a slab in the whole source
    notes       of the grid; those of the reader are added
    files       name and sha256 of all input files, or what finds them
    attributes  by name [place]: latitude, longitude, area (km2), elevation (m), and the fields without months
    """

    def __init__(
        self,
        grid: Grid,
        cell: np.ndarray,
        land_area: np.ndarray,
        fields: Mapping[str, np.ndarray],
        reader: Reader,
        axis: TimeAxis,
        river: River | None = None,
        notes: Sequence[str] = (),
        files: Files = (),
        first: int = 0,
    ):
        self.grid, self.cell, self.land_area, self.fields = grid, cell, land_area, dict(fields)
        self.reader, self.axis, self.river, self.first = reader, axis, river, first
        self._notes, self._files = list(notes), files

    @property
    def notes(self) -> list[str]:
        """As Source.notes: of the grid, then of the weather."""
        return [*self._notes, *getattr(self.reader, "notes", [])]

    @property
    def files(self) -> list[tuple[str, str]]:
        """As Source.files."""
        return _listed(self._files)

    def add(self, note: str, files: Files) -> None:
        """Add a note, and files that were read beside those known."""
        before = self._files
        self._notes = [*self._notes, note]
        self._files = lambda: [*_listed(before), *_listed(files)]

    @cached_property
    def ids(self) -> list[str]:
        """Where each place lies, as text: '12.25N 7.75W'."""
        return self.grid.names(self.cell)

    @cached_property
    def attributes(self) -> dict[str, np.ndarray]:
        """As Source.attributes."""
        flat = {name: values for name, values in self.fields.items() if values.ndim == 1}
        unknown = np.full(len(self.cell), np.nan)
        if "flake" in flat or "fwetl" in flat:
            none = np.zeros(len(self.cell))
            flat["surface_water_fraction"] = surface_water_fraction(flat.get("flake", none), flat.get("fwetl", none))
        return flat | {
            "latitude": self.grid.latitudes(self.cell),
            "longitude": self.grid.longitudes(self.cell),
            "area": self.land_area * 1e-6,
            "elevation": flat.get("srftopo", unknown),
        }

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """As Source.forcing, but float32."""
        return self.reader.forcing(start, stop)

    def discharge(self, start: int, stop: int) -> np.ndarray | None:
        """None: discharge is observed at gauges, not in cells."""
        return None

    def slab(self, first: int, stop: int) -> GridSource:
        """The places from first up to stop; only their weather is read."""
        cut = slice(first, stop)
        fields = {name: values[..., cut] for name, values in self.fields.items()}
        reader = self.reader.subset(first, stop)
        return GridSource(
            self.grid, self.cell[cut], self.land_area[cut], fields, reader, self.axis, self.river, self._notes,
            self._files, self.first + first,
        )  # fmt: skip

    def select(self, ids: Sequence[str]) -> GridSource:
        """As Source.select, without the river, which needs all of its cells."""
        places = places_of(ids, self.ids, "the grid")
        fields = {name: values[..., places] for name, values in self.fields.items()}
        picked = _Picked(self.reader, places)
        cell, area = self.cell[places], self.land_area[places]
        return GridSource(self.grid, cell, area, fields, picked, self.axis, None, self._notes, self._files)


def _listed(files: Files) -> list[tuple[str, str]]:
    return list(files() if callable(files) else files)


class _Picked:
    """Some places of a reader, in any order."""

    def __init__(self, reader: Any, places: np.ndarray):
        self.reader, self.places = reader, places
        self.notes = getattr(reader, "notes", [])

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """As Reader.forcing."""
        return np.ascontiguousarray(self.reader.forcing(start, stop)[:, :, self.places])

    def subset(self, first: int, stop: int) -> _Picked:
        """As Reader.subset."""
        return _Picked(self.reader, self.places[first:stop])
