"""Everything short of running: the data opened and read to the end, the output's place and size."""

import importlib
import os
import shutil
from pathlib import Path
from typing import Any

from .errors import ConfigurationError, InputError, WriteError
from .settings import Settings
from .tables import Table, render

# A run writes restarts and a manifest too; less than this free is too little for any run.
SPARE_BYTES = 50_000_000


def check(settings: Settings) -> str:
    """A report on what `freshet run` would do, as text.

    ConfigurationError, InputError or WriteError, as the run would raise them, only sooner.
    """
    from .catchments import open_source

    _check_device(settings)
    source = open_source(settings)
    first, last = period(settings, source)
    climate, weather = _scan(settings, source, first, last)
    tables = [
        Table(
            f"{settings.path}: nothing was found that would stop freshet run",
            ("what", "value"),
            [
                ("model", f"{settings.model.label}, {settings.run.components} component(s), {settings.run.precision}"),
                ("period", f"{source.axis.text(first)} to {source.axis.text(last)}, {last - first + 1} days"),
                ("calendar", source.axis.calendar),
                ("basins", _basins_text(source.ids)),
                ("parameters", _parameters_text(settings)),
                *_output_rows(settings, len(source.ids), last - first + 1),
            ],
        ),
        Table("Data", ("quantity", "lowest basin", "median", "highest basin", "unit"), climate + weather),
    ]
    if source.notes:
        tables.append(Table("Notes from the data", ("note",), [(note,) for note in source.notes]))
    return render(tables, "text")


def period(settings: Settings, source: Any) -> tuple[int, int]:
    """First and last day of the run as places on the source's axis; ConfigurationError where outside."""
    first = source.axis.index(settings.run.start) if settings.run.start else 0
    last = source.axis.index(settings.run.end) if settings.run.end else source.axis.count - 1
    if last < first:
        raise ConfigurationError(
            f"{settings.path}: the run would end ({source.axis.text(last)}) before it starts "
            f"({source.axis.text(first)}): change start or end in &run"
        )
    return first, last


def _check_device(settings: Settings) -> None:
    if settings.run.device != "cuda":
        return
    cuda = importlib.import_module("numba.cuda")
    if not cuda.is_available():
        raise ConfigurationError(
            f"{settings.path}: &run device: 'cuda' asked for, but no CUDA device is to be seen: "
            "install a driver and numba-cuda[cu13], or write device = 'cpu'"
        )


def _scan(settings: Settings, source: Any, first: int, last: int) -> tuple[list, list]:
    """Read all forcing and discharge of the period in blocks; rows of their means over the basins."""
    import numpy as np

    rows = settings.model.forcings
    total = np.zeros((len(rows), len(source.ids)))
    observed, flow = np.zeros(len(source.ids)), np.zeros(len(source.ids))
    for start in range(first, last + 1, settings.run.block):
        stop = min(start + settings.run.block, last + 1)
        forcing = source.forcing(start, stop)
        _check_range(rows, forcing, source, start)
        total += forcing.sum(axis=0)
        discharge = source.discharge(start, stop)
        if discharge is not None:
            observed += np.isfinite(discharge).sum(axis=0)
            flow += np.nansum(discharge, axis=0)
    days = last - first + 1
    climate = []
    for row, variable in enumerate(rows):
        yearly = variable.unit == "mm d-1"
        mean = total[row] / days * (365.25 if yearly else 1.0)
        climate.append((variable.name, *_spread(mean), "mm a-1" if yearly else variable.unit))
    if not observed.any():
        return climate, [("discharge", "", "none", "", "")]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = flow / observed * 365.25
    return climate, [
        ("discharge", *_spread(mean[np.isfinite(mean)]), "mm a-1"),
        ("days with discharge", *_spread(100 * observed / days), "%"),
    ]


def _check_range(rows: tuple, forcing: Any, source: Any, start: int) -> None:
    """InputError with place, date and value of the first forcing that is NaN or outside its plausible limits."""
    import numpy as np

    for row, variable in enumerate(rows):
        values = forcing[:, row]
        wrong = ~((values >= variable.low) & (values <= variable.high))
        if wrong.any():
            day, place = np.argwhere(wrong)[0]
            raise InputError(
                f"{variable.name} of basin {source.ids[place]} on {source.axis.text(start + int(day))} is "
                f"{values[day, place]:g}, expected {variable.low:g} to {variable.high:g} {variable.unit} "
                f"({int(wrong.sum())} such values in this block): correct the data or leave the basin out"
            )


def _spread(values: Any) -> tuple[str, str, str]:
    import numpy as np

    return tuple(f"{number:.4g}" for number in (values.min(), np.median(values), values.max()))  # type: ignore[return-value]


def _basins_text(ids: list[str]) -> str:
    return f"{len(ids)}: {', '.join(ids[:4])}" + (f", ... {ids[-1]}" if len(ids) > 4 else "")


def _parameters_text(settings: Settings) -> str:
    text = settings.parameters.source + (f" {settings.parameters.path}" if settings.parameters.path else "")
    changed = ", ".join(f"{name} = {value:g}" for name, value in settings.parameters.overrides.items())
    return text + (f"; {changed}" if changed else "")


def _output_rows(settings: Settings, places: int, days: int) -> list[tuple[str, str]]:
    """Where the output goes and how big it gets; WriteError where it cannot."""
    folder = Path(settings.output.directory)
    existing = folder if folder.exists() else next(parent for parent in folder.absolute().parents if parent.exists())
    if not os.access(existing, os.W_OK):
        raise WriteError(f"{existing} cannot be written to, which &output directory = '{folder}' needs: change either")
    steps = {"month": days // 28 + 1, "run": 1}.get(settings.output.frequency, days)
    size = steps * places * len(settings.output.variables) * (8 if settings.run.precision == "float64" else 4)
    free = shutil.disk_usage(existing).free
    if free < size + SPARE_BYTES:
        raise WriteError(
            f"{existing} has {free / 1e6:.0f} MB free, but the output needs up to {(size + SPARE_BYTES) / 1e6:.0f} MB: "
            "make space, or write fewer variables or a lower frequency"
        )
    names = ", ".join(settings.output.variables)
    return [
        ("output", f"{folder}: {names} each {settings.output.frequency}, at most {size / 1e6:.1f} MB"),
        ("disk", f"{free / 1e9:.1f} GB free"),
    ]
