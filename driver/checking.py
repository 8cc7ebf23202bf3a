"""Everything short of running: the data opened and read to the end, the parameters, the output's place and size."""

import importlib
import os
from pathlib import Path
from typing import Any

from .errors import ConfigurationError, WriteError
from .settings import Settings
from .tables import Table, render

# A run writes restarts and a manifest too: this much free space beside the output is asked for.
SPARE_BYTES = 50_000_000


def check(settings: Settings) -> tuple[str, ConfigurationError | None]:
    """A report on what `freshet run` would do, as text, and the error by which it would keep an earlier run's output.

    ConfigurationError, InputError or WriteError for all else, as the run would raise them, only sooner.
    """
    from .catchments import open_source
    from .checking_data import data_table
    from .geometry import geometry
    from .parameters import parameters
    from .river_input import river_input
    from .schedule import schedule
    from .simulation import require_device
    from .states_to_write import StatesToWrite

    require_device(settings)
    source = open_source(settings)
    plan = schedule(settings, source, dates=StatesToWrite(settings, source).dates)
    given = parameters(settings, source, settings.model)
    rivers = river_input(settings, source)
    _, notes = geometry(settings.model, source, settings.run.precision)
    data = data_table(settings, source, plan)
    start, refused = _beginning(settings, source, given, rivers, plan.count)
    rows = [
        ("model", f"{settings.model.label}, {given.components} component(s), {settings.run.precision}"),
        ("period", f"{plan.axis.text(0)} to {plan.axis.text(plan.count - 1)}, {plan.count} days"),
        ("warm-up", f"{len(plan.warmup)} days"),
        ("calendar", plan.axis.calendar),
        ("basins", _basins_text(source.ids)),
        ("parameters", given.origin),
        *([("rivers", f"{rivers.router.label}; {rivers.origin}")] if rivers else []),
        ("start", start),
        *_output_rows(settings, source, plan.count),
    ]
    found = "freshet run would keep an earlier run" if refused else "nothing was found that would stop freshet run"
    tables = [Table(f"{settings.path}: {found}", ("what", "value"), rows), data]
    return render([*tables, *_source_tables(source, plan.count, notes)], "text"), refused


def _source_tables(source: Any, days: int, notes: list[str]) -> list[Table]:
    """The grid and its network, where the source has one, and notes on the data."""
    from .grid.source import GridSource

    tables = []
    if isinstance(source, GridSource):
        from .grid.report import grid_tables

        tables += grid_tables(source, days)
    told = [*source.notes, *notes]
    return [*tables, Table("Notes on the data", ("note",), [(note,) for note in told])] if told else tables


def period(settings: Any, source: Any) -> tuple[int, int]:
    """First and last day of the run as places on the source's axis; ConfigurationError where outside."""
    run, axis, path = settings.run, source.axis, settings.path
    first = axis.index(run.start, f"{path}: &run start") if run.start else 0
    last = axis.index(run.end, f"{path}: &run end") if run.end else axis.count - 1
    if last < first:
        raise ConfigurationError(
            f"{path}: the run would end ({axis.text(last)}) before it starts ({axis.text(first)}): change start or end "
            "in &run"
        )
    return first, last


def check_device(settings: Settings) -> None:
    """ConfigurationError where a GPU is asked for that is not to be seen."""
    if settings.run.device == "cuda" and not importlib.import_module("numba.cuda").is_available():
        raise ConfigurationError(
            f"{settings.path}: &run device: 'cuda' is asked for, but no CUDA device is to be seen: "
            "install a driver and numba-cuda[cu13], or write device = 'cpu'"
        )


def _beginning(
    settings: Settings, source: Any, given: Any, rivers: Any, days: int
) -> tuple[str, ConfigurationError | None]:
    """From where the run would go on, and the error of a directory in use by an earlier run.

    The errors of restarts that are of another run, or cannot be gone on from, are raised.
    """
    from .provenance import identity
    from .river_input import river_identity
    from .run_folder import RunFolder

    folder = RunFolder(Path(settings.output.directory))
    try:
        folder.require_free(settings)
    except ConfigurationError as error:
        return "not at all, the directory is in use", error
    if not settings.run.resume:
        return "from the beginning", None
    warnings: list[str] = []
    mine = identity(settings, source, settings.model, given) | river_identity(rivers, source)
    start = folder.last_restart(mine, days, warnings.append)
    found = f"goes on from {start.restarts[-1].file}" if start else "from the beginning: no restart was written yet"
    return "; ".join([found, *warnings]), None


def _basins_text(ids: list[str]) -> str:
    return f"{len(ids)}: {', '.join(ids[:4])}" + (f", ... {ids[-1]}" if len(ids) > 4 else "")


def _output_rows(settings: Settings, source: Any, days: int) -> list[tuple[str, str]]:
    """Where the output goes and how big it gets; WriteError where it cannot."""
    from .files import free_bytes, size
    from .output.estimate import estimate
    from .output.sinks import require_mode

    folder = Path(settings.output.directory).absolute()
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(existing, os.W_OK):
        raise WriteError(f"'{existing}' cannot be written to, as &output directory = '{folder}' needs: change either")
    require_mode(settings.output.mode)
    streams = estimate(settings, source, days)
    output = sum(count for _, count in streams)
    free = free_bytes(existing / "x")
    if free < output + SPARE_BYTES:
        raise WriteError(
            f"'{existing}' has {size(free)} free, expected {size(output + SPARE_BYTES)}: the output needs up to "
            f"{size(output)}, restarts and logs some of the other {size(SPARE_BYTES)}: make space, or write fewer "
            "variables or at a lower frequency"
        )
    return [
        *(("output", f"{settings.output.directory}: {text}") for text, _ in streams),
        ("size", f"at most {size(output)}; {size(free)} are free"),
    ]
