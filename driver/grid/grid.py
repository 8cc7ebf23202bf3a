"""A regular grid of latitudes and longitudes, as its file has it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Radius of the sphere, m (HydroPy's).
EARTH_RADIUS = 6_371_000.0


@dataclass(frozen=True)
class Grid:
    """A regular grid of latitudes and longitudes, in the order of its file.

    latitude   [y] degrees north, and longitude [x] degrees east, of the cell centres, in the order of the file
    area       [y, x] m2, of whole cells
    land       [y, x] bool: active cells, where the model runs
    wraps      whether the last column is the first one's neighbour
    step       degrees of latitude and longitude between neighbours, both positive
    Cells are numbered y * nx + x. `coordinates.regular_grid` makes a Grid with all checks.
    """

    latitude: np.ndarray
    longitude: np.ndarray
    area: np.ndarray
    land: np.ndarray
    wraps: bool
    step: tuple[float, float]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.latitude), len(self.longitude)

    @property
    def north_first(self) -> bool:
        """Whether the first row is the northernmost."""
        return bool(self.latitude[0] >= self.latitude[-1])

    @property
    def east_positive(self) -> bool:
        """Whether columns run eastwards."""
        return bool(self.longitude[-1] >= self.longitude[0])

    def latitudes(self, cell: np.ndarray) -> np.ndarray:
        """Degrees north of cells by number."""
        return self.latitude[np.asarray(cell) // len(self.longitude)]

    def longitudes(self, cell: np.ndarray) -> np.ndarray:
        """Degrees east of cells by number, from -180 up to 180."""
        east = self.longitude[np.asarray(cell) % len(self.longitude)]
        return (east + 180.0) % 360.0 - 180.0

    def names(self, cell: np.ndarray) -> list[str]:
        """Where cells lie, as text that tells neighbours apart: '12.25N 7.75W'."""
        digits = next(n for n in range(1, 9) if n == 8 or 10.0**-n <= 0.05 * min(self.step))
        # Rows and columns are few, cells may be many.
        rows = [f"{abs(a):.{digits}f}{'N' if a >= 0 else 'S'} " for a in self.latitude.tolist()]
        east = (self.longitude + 180.0) % 360.0 - 180.0
        columns = [f"{abs(a):.{digits}f}{'E' if a >= 0 else 'W'}" for a in east.tolist()]
        places = np.divmod(np.atleast_1d(cell), len(self.longitude))
        return [rows[y] + columns[x] for y, x in zip(*(axis.tolist() for axis in places), strict=True)]

    def name(self, cell: int) -> str:
        """As names, of one cell."""
        return self.names(np.array([cell]))[0]
