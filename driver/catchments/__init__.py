"""The doors through which data come in: netCDF, Caravan, CAMELS-US, the weather generator, and grids."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ConfigurationError

if TYPE_CHECKING:
    from ..timeaxis import TimeAxis
    from .selection import Door
    from .source import Source

# Bytes of weather that are looked through before a run begins; more would take too long.
LOOKED_THROUGH = 2**31
# Where the periods that a command reads stand: group, what stands before start and end there, group of warmup_days.
PERIODS = {
    "train": (("training", "", "training"), ("training", "validation_", "training"), ("training", "test_", "training")),
    "evaluate": (("evaluation", "", ""),),
}


def open_source(settings: Any, command: str = "run") -> Source:
    """The data that &data asks for: catchments (path, basins, subset, limit, pet, on_missing, ...), or form 'grid'.

    The axis holds every day of the data; the days that the command (run, train, evaluate) reads are looked through for
    gaps and values that cannot be. ConfigurationError where something asked for is not there, InputError where the data
    are wrong.
    """
    data = settings.data
    if data.form == "generated":
        return _generated(settings)
    if data.form == "grid":
        from ..grid.factors import with_factors
        from ..grid.open import open_grid

        return with_factors(open_grid(settings), settings.weather.factors)
    if data.form == "planet":
        from ..grid.factors import with_factors
        from ..planet.source import open_planet

        return with_factors(open_planet(settings), settings.weather.factors)
    if data.form == "vic":
        from ..vic.source import open_vic

        return open_vic(settings)
    from .record_source import RecordSource
    from .selection import choose

    where = str(data.path)
    door = _door(data)
    places, attributes = choose(door, data, where)
    source = RecordSource(door.record(places), attributes, data.pet, data.on_missing, where)
    first, stop = _needed_days(settings, source.axis, command)
    if (stop - first) * len(source.ids) * 8 <= LOOKED_THROUGH:
        source.verify(first, stop)
    return source


def _door(data: Any) -> Door:
    path = Path(data.path).expanduser()
    if data.form == "netcdf":
        from .netcdf import NetcdfDoor

        return NetcdfDoor(path)
    if data.form == "caravan":
        from .caravan import CaravanDoor

        return CaravanDoor(path)
    if data.form == "camels_us":
        from .camels_us import CamelsDoor

        return CamelsDoor(path, data.forcing_product)
    raise ConfigurationError(
        f"form '{data.form}' of &data is unknown, expected one of: generated, netcdf, caravan, camels_us, grid, "
        "planet, vic"
    )


def _generated(settings: Any) -> Source:
    from ..generator import generate
    from .selection import flags
    from .source import places_of

    asked, data = settings.generator, settings.data
    source: Source = generate(asked.basins, asked.seed, asked.start, asked.years, asked.calendar)
    ids = list(source.ids)
    if data.basins:
        places_of(data.basins, ids, "the generator")
        ids = list(data.basins)
    if data.subset:
        taken = dict(zip(source.ids, flags(source.attributes, data.subset, "the generator"), strict=True))
        ids = [name for name in ids if taken[name]]
    ids = ids[: data.limit] if data.limit else ids
    return source if ids == list(source.ids) else source.select(ids)


def _needed_days(settings: Any, axis: TimeAxis, command: str) -> tuple[int, int]:
    """First day, and day after the last, that the command reads, warm-up included; equal where it has no period yet.

    ConfigurationError where a run leaves the data; the other commands say that of their periods themselves.
    """
    run = settings.run
    if command == "run":
        where = f"{settings.path}: &run"
        first = axis.index(run.start, f"{where} start") - run.warmup_days if run.start else 0
        return max(first, 0), axis.index(run.end, f"{where} end") + 1 if run.end else axis.count
    cuts = []
    for name, part, of_warmup in PERIODS.get(command, ()):
        group = getattr(settings, name)
        start, end = (getattr(group, part + key) for key in ("start", "end"))
        warmup = getattr(settings, of_warmup).warmup_days if of_warmup else 0
        if start and end:
            with suppress(ConfigurationError):
                cuts.append((max(axis.index(start) - warmup, 0), axis.index(end) + 1))
    return (min(first for first, _ in cuts), max(stop for _, stop in cuts)) if cuts else (0, 0)
