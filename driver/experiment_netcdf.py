"""The scores of an experiment as CF netCDF: [part, variant, seed, basin]."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from .experiment_pool import Pool
from .files import NETCDF, whole_file
from .metrics import SCORES
from .netcdf_places import write_basins, write_coordinates
from .training_scores import COLUMNS


def write_scores(path: Path, pool: Pool, attributes: Mapping[str, np.ndarray], title: str) -> None:
    """Write every score of every basin, NaN where there is none; WriteError where that fails."""
    import netCDF4

    axes = {"part": [part.name for part in pool.parts], "variant": pool.variants}
    with NETCDF, whole_file(path, 2 * pool.values.nbytes) as temporary, netCDF4.Dataset(temporary, "w") as data:
        data.Conventions, data.title = "CF-1.11", f"scores of an experiment: {title}"
        for name, labels in axes.items():
            data.createDimension(name, len(labels))
            variable = data.createVariable(name, str, (name,))
            variable.long_name = f"{name} of the experiment"
            variable[:] = np.array([label or "training" for label in labels], object)
        data.createDimension("seed", len(pool.seeds))
        seeds = data.createVariable("seed", "i4", ("seed",))
        seeds.long_name = "seed of the training"
        seeds[:] = pool.seeds
        write_basins(data, pool.ids)
        write_coordinates(data, attributes, ("latitude", "longitude"))
        units = {entry.name: (entry.unit, entry.meaning) for entry in SCORES} | {"days": ("1", "days compared")}
        dimensions = ("part", "variant", "seed", "basin")
        for column, name in enumerate(COLUMNS):
            variable = data.createVariable(name, "f8", dimensions, zlib=True, complevel=1, fill_value=np.nan)
            variable.units, variable.long_name = units[name]
            if "latitude" in attributes:
                variable.coordinates = "latitude longitude"
            variable[:] = pool.values[..., column].swapaxes(0, 1)
