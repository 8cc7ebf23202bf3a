"""The network that corrects potential evaporation: made from the settings, and its result as weather for any run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from ...nn.grid_network import Correction, Neighbourhood, Ranks
from ...nn.observation import Period
from ...nn.river_basins import Domain
from ..files import NETCDF, whole_file
from ..parallel.division import Division

ROW = "potential_evaporation"
FILL = np.float32(1e20)
BLOCK = 64  # days


def correction(settings: Any, source: Any, division: Division, domain: Domain, period: Period) -> Correction | None:
    """The network at its start, on every rank, or None where none is asked for; every rank gets all of the weather."""
    asked, world = settings.pet_network, division.world
    if asked.kind == "none":
        return None
    weather = domain.forcing
    if world.size > 1:
        weather = torch.from_numpy(world.all_gather(domain.forcing.numpy(), division.places))
    names = [variable.name for variable in settings.model.forcings]
    return Correction(
        weather,
        domain.inputs,
        neighbourhood(source.grid, source.cell),
        period,
        corrected=names.index(ROW),
        hidden=asked.hidden,
        limit=asked.limit,
        activation=asked.activation,
        chunk=asked.chunk_days,
        seed=settings.training.seed + 1,
        ranks=Ranks(world.rank, world.size, world.all_gather if world.size > 1 else None),
    )


def neighbourhood(grid: Any, cell: np.ndarray) -> Neighbourhood:
    """Where cells lie in the smallest box of the grid around them; all of a grid around the Earth."""
    row, column = np.divmod(cell, grid.shape[1])
    row = row - row.min()
    if not grid.wraps:
        column = column - column.min()
    shape = (int(row.max()) + 1, grid.shape[1] if grid.wraps else int(column.max()) + 1)
    return Neighbourhood(torch.from_numpy(row), torch.from_numpy(column), shape, grid.wraps)


def write_evaporation(path: Path, made: Correction, source: Any, lead: int, begin: int) -> None:
    """Corrected potential evaporation of the days behind the lead, as &weather reads it, and its mean change.

    One rank calls this and computes all chunks. WriteError where that fails.
    """
    import netCDF4

    grid, days = source.grid, made.weather.shape[0] - lead
    size = 4 * days * grid.shape[0] * grid.shape[1]
    with NETCDF, whole_file(path, size) as temporary, netCDF4.Dataset(temporary, "w") as data:
        data.setncatts({"Conventions": "CF-1.11", "title": "potential evaporation, corrected by a network"})
        data.createDimension("time", days)
        for name, standard, unit, values in (
            ("lat", "latitude", "degrees_north", grid.latitude),
            ("lon", "longitude", "degrees_east", grid.longitude),
        ):
            data.createDimension(name, len(values))
            written = data.createVariable(name, "f8", (name,))
            written.setncatts({"units": unit, "standard_name": standard})
            written[:] = values
        time = data.createVariable("time", "f8", ("time",))
        unit = f"days since {source.axis.text(begin)}"
        time.setncatts({"units": unit, "calendar": source.axis.calendar, "standard_name": "time"})
        time[:] = np.arange(days)
        pet = data.createVariable("PET", "f4", ("time", "lat", "lon"), zlib=True, complevel=1, fill_value=FILL)
        pet.setncatts(
            {"units": "mm d-1", "long_name": "potential evaporation, corrected", "cell_methods": "time: mean"}
        )
        change = np.zeros(len(source.cell))
        for first in range(0, days, BLOCK):
            stop = min(first + BLOCK, days)
            values = made.chunk(lead + first, lead + stop).double().numpy()
            change += (values - made.weather[lead + first : lead + stop, made.corrected].double().numpy()).sum(0)
            pet[first:stop] = _on_grid(values, source)
        mean = data.createVariable("PET_correction", "f4", ("lat", "lon"), fill_value=FILL)
        mean.setncatts({"units": "mm d-1", "long_name": "mean of the correction of potential evaporation"})
        mean[:] = _on_grid(change[None] / days, source)[0]


def _on_grid(values: np.ndarray, source: Any) -> np.ndarray:
    whole = np.full((len(values), source.grid.shape[0] * source.grid.shape[1]), FILL, np.float32)
    whole[:, source.cell] = values
    return whole.reshape(-1, *source.grid.shape)
