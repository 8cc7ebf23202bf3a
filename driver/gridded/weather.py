"""Gridded weather behind one face: the days there are, the grid, and readers for chosen cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..timeaxis import TimeAxis


@dataclass
class Weather:
    """Daily weather on a grid.

    latitude, longitude  degrees north and east of the cell centres, [y] and [x] in the order of the file; of the
                         cells, [cell] both, where `listed` (files without a grid)
    axis                 the days that every variable has
    """

    latitude: np.ndarray
    longitude: np.ndarray
    listed: bool
    axis: TimeAxis

    @property
    def notes(self) -> list[str]:
        """What was recognised, converted, filled or is worth a warning, one line each; grows while blocks are read."""
        raise NotImplementedError

    @property
    def files(self) -> list[tuple[str, str]]:
        """Name and sha256 of each input file."""
        raise NotImplementedError

    def on(
        self,
        latitude: np.ndarray,
        longitude: np.ndarray,
        elevation: np.ndarray | None = None,
        dtype: type = np.float32,
    ) -> Reader:
        """A reader of the cells at these coordinates, degrees [place].

        elevation: m [place], needed by pet = 'penman_monteith' and 'priestley_taylor' where the files hold no surface
        pressure. InputError where no cell of the weather lies within 1e-4 degrees of a place, or elevation is missing.
        """
        raise NotImplementedError


class Reader:
    """Weather of some places."""

    latitude: np.ndarray
    longitude: np.ndarray
    axis: TimeAxis
    notes: list[str]

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """Precipitation mm d-1, air temperature degC, potential evaporation mm d-1 of the days from start up to stop.

        float32 (or the dtype asked for) [time, 3, place], without gaps. Takes files.NETCDF by itself, only while the
        netCDF library is at work. InputError where there are gaps that nobody asked to fill, values that cannot be, or
        a file breaks off.
        """
        raise NotImplementedError

    def subset(self, first: int, stop: int) -> Reader:
        """A reader of the places from first up to stop, which reads no others."""
        raise NotImplementedError


def open_weather(settings: Any) -> Weather:
    """The weather that &weather and &data (on_missing) ask for.

    ConfigurationError where no file fits the paths or the formula of potential evaporation needs more than the files
    hold; InputError where files are broken, days are missing or files do not fit together.
    """
    raise NotImplementedError
