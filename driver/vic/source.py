"""VIC's files as the source of a run: cells of a grid, with their rivers, or a list of places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ...kernels.model import Model
from ..catchments.checksums import Checksums
from ..catchments.source import places_of, with_place_attributes
from ..errors import ConfigurationError
from ..grid.assemble import assemble
from ..grid.coordinates import columns_of, regular_grid, rows_of, sphere_area
from ..grid.directions import without_faults
from ..grid.gauge_table import read_gauges
from ..grid.grid import Grid
from ..grid.open import directions_of
from ..grid.source import GridSource
from ..grid.static_file import open_static
from ..gridded.fingerprint import Fingerprints
from .image import NEAR, ImageGrid
from .inputs import VicInputs
from .open import open_parameters
from .parameters import VicParameters
from .reader import VicReader, forcing_files, years_of

FILES = ("parameters", "domain", "soil", "vegetation", "library", "bands", "initial_state")


class VicPlaces:
    """Places as a Source (catchments/source.py) that reads all rows of the model at each of its steps.

    inputs: parameters, states and shares of the components of all places of the run
    """

    def __init__(
        self, ids: Sequence[str], reader: VicReader, inputs: VicInputs, files: _Files, notes: Sequence[str] = ()
    ):
        self.ids, self.reader, self.inputs, self.axis = list(ids), reader, inputs, reader.axis
        self.notes, self._files = list(notes), files
        self.rows_read, self.steps_per_day = len(inputs.model.forcings), inputs.model.steps_per_day
        given = reader.given
        own = {"latitude": given.latitude, "longitude": given.longitude}
        self.attributes = with_place_attributes(own, len(self.ids))
        if len(given.cell) == len(inputs.given.cell):
            self.attributes |= inputs.attributes | {"area": 1e-6 * inputs.grid.area * inputs.grid.fraction}

    @property
    def files(self) -> list[tuple[str, str]]:
        """As Source.files."""
        return self._files.files()

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """Rows of the model at its steps of the days from start up to stop, [step, row, place]."""
        return self.reader.forcing(start, stop)

    def discharge(self, start: int, stop: int) -> None:
        """None: the files have none."""

    def select(self, ids: Sequence[str]) -> VicPlaces:
        """The same data for some of the places. ConfigurationError where one is unknown."""
        chosen = places_of(ids, self.ids, self.inputs.given.source)
        given, image = self.inputs.given.at(chosen), at(self.inputs.grid, chosen)
        inputs = VicInputs(given, image, self.inputs.vic, self.inputs.model)
        return VicPlaces(ids, self.reader.at(chosen), inputs, self._files, self.notes)

    def slab(self, first: int, stop: int) -> VicPlaces:
        """The places from first up to stop; only their weather is read."""
        return VicPlaces(self.ids[first:stop], self.reader.subset(first, stop), self.inputs, self._files, self.notes)


class VicGrid(GridSource):
    """Cells of a grid; otherwise as VicPlaces."""

    def __init__(self, found: GridSource, inputs: VicInputs):
        super().__init__(
            found.grid, found.cell, found.land_area, found.fields, found.reader, found.axis, found.river, found.notes,
            lambda: found.files, found.first,
        )  # fmt: skip
        self.inputs = inputs
        self.rows_read, self.steps_per_day = len(inputs.model.forcings), inputs.model.steps_per_day

    def slab(self, first: int, stop: int) -> VicGrid:
        """As GridSource.slab."""
        return VicGrid(super().slab(first, stop), self.inputs)


class VicWeather:
    """What makes readers of places of a grid, in any order of theirs."""

    def __init__(self, vic: dict[str, Any], given: VicParameters, grid: Grid, model: Model, years: tuple[int, int]):
        self.vic, self.given, self.grid, self.model, self.years = vic, given, grid, model, years
        self.axis, self.files = VicReader(vic, given.at(np.arange(1)), model, years).axis, ()

    def on(self, latitude: np.ndarray, longitude: np.ndarray, elevation: Any = None, dtype: Any = None) -> VicReader:
        """The reader of the cells with these centres."""
        order = order_of(self.given, self.grid, latitude, longitude)
        return VicReader(self.vic, self.given.at(order), self.model, self.years)


def open_vic(settings: Any) -> VicPlaces | VicGrid:
    """What &vic asks for: a grid where the cells lie on one, otherwise, or with basins or limit in &data, places.

    ConfigurationError where settings are missing or contradict each other, InputError where a file is at fault.
    """
    vic, model, data = dict(settings.vic), settings.model, settings.data
    given, image = open_parameters(vic)
    run = settings.run
    years = years_of(vic, run.start, run.end, run.warmup_days)
    checksums = _Files([Path(vic[key]) for key in FILES if vic[key]], forcing_files(vic))
    ids = [str(cell) for cell in given.cell]
    chosen = np.arange(len(ids))
    if data.basins:
        chosen = places_of(data.basins, ids, given.source)
    chosen = chosen[: data.limit] if data.limit else chosen
    grid = None if data.basins or data.limit or len(ids) == 1 else _grid(given, image)
    if grid is None:
        if settings.routing.router != "none":
            raise ConfigurationError(f"{settings.path}: &routing needs a grid, and {given.source} is a list of places")
        given, image = given.at(chosen), at(image, chosen)
        reader = VicReader(vic, given, model, years)
        return VicPlaces([ids[k] for k in chosen], reader, _inputs(given, image, vic, model), checksums)
    weather = VicWeather(vic, given, grid, model, years)
    found = _assembled(settings, grid, given, image, weather, checksums)
    order = order_of(given, grid, found.grid.latitudes(found.cell), found.grid.longitudes(found.cell))
    inputs = _inputs(given.at(order), at(image, order), vic, model)
    found.fields |= {"srftopo": inputs.attributes["elevation"], **inputs.attributes}
    return VicGrid(found, inputs)


def _inputs(given: VicParameters, image: ImageGrid, vic: dict[str, Any], model: Model) -> VicInputs:
    """The inputs, with the states to begin with already read: what is wrong with them is found before a run begins."""
    found = VicInputs(given, image, vic, model)
    found.state()
    return found


def at(image: ImageGrid, places: np.ndarray) -> ImageGrid:
    """Where some of the places lie, in another order."""
    return replace(
        image, row=image.row[places], column=image.column[places], area=image.area[places],
        fraction=image.fraction[places],
    )  # fmt: skip


def order_of(given: VicParameters, grid: Grid, latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Number among the places of each cell of their grid with these centres."""
    number = np.full(grid.shape, -1, np.int64)
    row, column = rows_of(given.latitude, grid.latitude), columns_of(given.longitude, grid.longitude)
    number[row, column] = np.arange(len(row))
    return number[rows_of(latitude, grid.latitude), columns_of(longitude, grid.longitude)]


def _grid(given: VicParameters, image: ImageGrid) -> Grid | None:
    """The regular grid on which the cells lie, or None."""
    axes = [_regular(image.latitude), _regular(image.longitude)]
    if any(axis is None for axis in axes):
        return None
    (north, dy), (east, dx) = axes  # type: ignore[misc]
    step = (dy or dx, dx or dy)
    land = np.zeros((len(north), len(east)), bool)
    row, column = rows_of(given.latitude, north), columns_of(given.longitude, east)
    land[row, column] = True
    area = np.repeat(sphere_area(north, step)[:, None], len(east), axis=1)
    known = np.isfinite(image.area)
    area[row[known], column[known]] = image.area[known]
    return regular_grid(north, east, land, area, given.source, step)


def _regular(centres: np.ndarray) -> tuple[np.ndarray, float] | None:
    """Equally spaced centres that have all of the given ones among them, and their spacing; None where there are none.

    Rows that no cell lies in may be missing in between.
    """
    if len(centres) == 1:
        return centres, 0.0
    step = float(np.abs(np.diff(centres)).min())
    number = (centres - centres[0]) / (step * np.sign(centres[-1] - centres[0]))
    if np.abs(number - np.round(number)).max() * step > NEAR or len(set(np.round(number))) != len(centres):
        return None
    every = np.arange(int(np.round(number).max()) + 1)
    return centres[0] + every * (centres[-1] - centres[0]) / every[-1], step


def _assembled(
    settings: Any, grid: Grid, given: VicParameters, image: ImageGrid, weather: VicWeather, files: _Files
) -> GridSource:
    """The cells in canonical order, with the rivers of &grid."""
    asked = settings.grid
    fraction = np.zeros(grid.shape)
    row, column = rows_of(given.latitude, grid.latitude), columns_of(given.longitude, grid.longitude)
    fraction[row, column] = image.fraction
    notes: list[str] = []
    downstream, sites = None, []
    if asked.path:
        static = [open_static(Path(path), asked.latitude, asked.longitude) for path in asked.path]
        downstream, notes = directions_of(static, asked, grid)
        sites = read_gauges(Path(asked.gauges)) if asked.gauges else []
        more = [*map(Path, asked.path), *([Path(asked.gauges)] if asked.gauges else [])]
        files = _Files([*files.paths, *more], files.forcing)
    if downstream is not None:
        where = str(asked.path[0])
        downstream, ended = without_faults(downstream, grid.land, grid, asked.lost_links, True, where)
        notes += ended
    return assemble(
        grid, {"lsm": fraction}, weather, downstream, sites, asked.distance, notes, files.files, asked.gauge_reach
    )


class _Files:
    """Names and sha256 of the files of a run, and of all forcing that is there, whichever years a leg has."""

    def __init__(self, paths: Sequence[Path], forcing: Sequence[Path]):
        self.paths, self.forcing = list(paths), list(forcing)
        self._sums, self._weather = Checksums(self.paths), Fingerprints(self.forcing)

    def files(self) -> list[tuple[str, str]]:
        """Name and sha256 of each file. InputError where one is gone."""
        return self._sums.files() + self._weather.files()
