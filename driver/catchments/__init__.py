"""The doors through which catchment data come in: netCDF, Caravan, CAMELS-US, and the weather generator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ConfigurationError

if TYPE_CHECKING:
    from .selection import Door
    from .source import Source

# Bytes of weather that are looked through before a run begins; more would take too long.
LOOKED_THROUGH = 2**31


def open_source(settings: Any) -> Source:
    """The catchment data that &data asks for (form, path, basins, subset, limit, pet, on_missing, forcing_product).

    The axis holds every day of the data; the days that &run and &training name are looked through for gaps and values
    that cannot be. ConfigurationError where something asked for is not there, InputError where the data are wrong.
    """
    data = settings.data
    if data.form == "generated":
        return _generated(settings)
    from .record_source import RecordSource
    from .selection import choose

    where = str(data.path)
    door = _door(data)
    places, attributes = choose(door, data, where)
    source = RecordSource(door.record(places), attributes, data.pet, data.on_missing, where)
    first, stop = _needed_days(settings, source)
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
        f"form '{data.form}' of &data is unknown, expected one of: generated, netcdf, caravan, camels_us"
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


def _needed_days(settings: Any, source: Source) -> tuple[int, int]:
    """First day, and day after the last, that the namelist's periods reach with their warm-up; all where none is given.

    ConfigurationError where a period leaves the data.
    """
    axis = source.axis
    firsts, lasts = [], []
    run, training = settings.run, getattr(settings, "training", None)
    if run.start or run.end:
        firsts.append(max(axis.index(run.start) - run.warmup_days, 0) if run.start else 0)
        lasts.append(axis.index(run.end) + 1 if run.end else axis.count)
    for part in ("", "validation_", "test_"):
        start, end = (getattr(training, f"{part}{key}", "") for key in ("start", "end"))
        if start and end:
            warmup = training.warmup_days if training is not None else 0
            firsts.append(max(axis.index(start) - warmup, 0))
            lasts.append(axis.index(end) + 1)
    return (min(firsts), max(lasts)) if firsts else (0, axis.count)
