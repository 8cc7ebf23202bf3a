"""What a run is about to do, and what it came to, in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..nn.memory import peak_memory
from .files import size
from .grid_summary import grid_lines
from .parallel.environment import local_ranks, processors
from .parameters import Parameters
from .progress import rate_text
from .residuals import Residuals
from .river_stepping import RiverInput
from .schedule import Schedule

if TYPE_CHECKING:
    from .leg import Leg


def warmup_text(schedule: Schedule) -> str:
    """Which days the warm-up has."""
    days = len(schedule.warmup)
    if not days:
        return "none, the run starts from the initial state of the model"
    before = min(days, schedule.start)
    if before == days:
        return f"{days} days before the start"
    again = f"{days - before} days that the data do not have are taken from the first year of the data"
    return f"{days} days before the start, {again}" if before else f"{days} days; {again}"


def announcement(leg: "Leg", given: Parameters, rivers: RiverInput | None, notes: Sequence[str]) -> list[str]:
    """Lines on what a leg is about to do."""
    settings, schedule, world = leg.settings, leg.schedule, leg.world
    run, axis = settings.run, schedule.axis
    ranks = f"{world.size} processes of " if world.size > 1 else ""
    lines = [
        f"{settings.path}: {settings.model.label}, {leg.places} {leg.kind}s, {given.components} component(s), "
        f"{run.precision}, {ranks}{run.threads} thread(s)",
        f"period {axis.text(0)} to {axis.text(axis.count - 1)} ({axis.calendar}), {axis.count} days",
        f"warm-up: {warmup_text(schedule)}",
        f"weather: {settings.data.form}; parameters: {given.origin}",
    ]
    if rivers is not None:
        nodes = int(leg.division.nodes[-1])
        lines.append(f"rivers: {rivers.router.label}, {nodes} cells; parameters: {rivers.origin}")
    here = local_ranks() * run.threads
    if world.size > 1 and here > processors():
        lines.append(f"note: {here} processes and threads share {processors()} processors of this node")
    return lines + [f"note: {note}" for note in notes]


def summary(leg: "Leg", begun: int, residuals: Residuals) -> list[str]:
    """Lines on speed, water balance, files and memory of a leg that began with day `begun`."""
    report, reader, recorder, schedule = leg.report, leg.reader, leg.recorder, leg.schedule
    kind = report.kind
    found = residuals.facts(leg.recorder.source.ids)
    days = schedule.count - begun
    share = found["largest_total_residual_mm"] / max(found["inflow_mm"], 1e-30)
    files, lines = recorder.manifest.history, grid_lines(leg, residuals)
    return [
        f"{leg.places} {kind}s, {days} days in {report.seconds:.1f} s: "
        f"{rate_text(days * leg.places / report.seconds, kind)}",
        f"reading {reader.seconds:.1f} s ({size(reader.bytes / max(reader.seconds, 1e-9))}/s, while computing), "
        f"writing {recorder.seconds:.1f} s ({size(recorder.bytes)})",
        f"water balance: largest residual of a day {found['largest_daily_residual_mm']:.2g} mm ({kind} "
        f"{found['largest_daily_residual_basin']}), of the run {found['largest_total_residual_mm']:.2g} mm ({kind} "
        f"{found['largest_total_residual_basin']}), {abs(share):.1g} of the mean inflow",
        *([residuals.river_text()] if residuals.river else []),
        *([residuals.counts_text()] if residuals.counts else []),
        *lines[:-1],
        f"{len(files)} history file(s), {size(sum(entry.bytes for entry in files))}, in {leg.folder.path}; "
        f"restart {recorder.manifest.latest}; peak memory {size(peak_memory())}",
        *lines[-1:],
    ]
