"""The models that an evaluation compares: where their flow comes from, and how it is had."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..kernels.model import Model
from .errors import ConfigurationError, InputError
from .evaluation_flow import Flow, simulate_period
from .evaluation_run import run_notes
from .evaluation_series import slug
from .evaluation_simulation import Simulation, has_flow, history_files, read_simulation
from .parameter_file import read_parameters
from .parameters import Parameters, default_parameters, require_valid

DEFAULT = "default"
DEFAULT_LABEL = "default parameters"
CHECKPOINT_ENDINGS = (".pt", ".pth", ".ckpt")


@dataclass(frozen=True)
class Candidate:
    """One model to be scored: kind (default, parameters, checkpoint, simulation), and the paths it is read from.

    notes: what a reader of its scores should know.
    """

    kind: str
    paths: tuple[Path, ...] = ()
    label: str = DEFAULT_LABEL
    notes: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """What to tell about where the flow comes from."""
        return ", ".join(map(str, self.paths)) or "the declared defaults of the model"


def candidates(settings: Any) -> list[Candidate]:
    """The evaluated model, then the benchmarks, with labels that differ.

    ConfigurationError where nothing is given to evaluate, a benchmark does not exist, or labels do not fit; InputError
    where the output of a run was damaged, or is of other generated catchments.
    """
    asked = settings.evaluation
    if asked.simulation and asked.checkpoint:
        raise ConfigurationError(
            f"{settings.path}: &evaluation: both simulation and checkpoint are given: name the other in benchmarks"
        )
    if asked.checkpoint:
        first = _of_paths("checkpoint", asked.checkpoint)
    else:
        first = _of_paths("simulation", [asked.simulation or settings.output.directory])
        if not first.paths[0].exists():
            raise ConfigurationError(
                f"{settings.path}: &evaluation: nothing to evaluate: give simulation or checkpoint, or start freshet "
                f"run first (its directory '{first.paths[0]}' does not exist)"
            )
    found = [first, *(_benchmark(text, settings.path) for text in asked.benchmarks)]
    return [
        replace(one, notes=tuple(run_notes(one.paths[0], settings))) if one.kind == "simulation" else one
        for one in _labelled(found, asked.labels, settings.path)
    ]


def _of_paths(kind: str, paths: Sequence[str]) -> Candidate:
    """A candidate with a label made from the last two parts of its path."""
    real = tuple(Path(path).expanduser() for path in paths)
    name = "/".join(real[0].with_suffix("").parts[-2:])
    return Candidate(kind, real, name if len(real) == 1 else f"ensemble of {len(real)}")


def _benchmark(text: str, namelist: str) -> Candidate:
    """What one entry of `benchmarks` means."""
    if text == DEFAULT:
        return Candidate(DEFAULT)
    path = Path(text).expanduser()
    if not path.exists():
        raise ConfigurationError(
            f"{namelist}: &evaluation benchmarks: '{text}' does not exist: expected 'default', a checkpoint, a file of "
            "parameters, or the output of a run"
        )
    if path.suffix in CHECKPOINT_ENDINGS:
        return _of_paths("checkpoint", [text])
    return _of_paths("simulation" if path.is_dir() or has_flow(path) else "parameters", [text])


def _labelled(found: list[Candidate], labels: Sequence[str], namelist: str) -> list[Candidate]:
    """The candidates under the names that the namelist gives; each name once."""
    if labels and len(labels) != len(found):
        raise ConfigurationError(
            f"{namelist}: &evaluation labels: {len(labels)} names for {len(found)} models ({found[0].label} and its "
            "benchmarks)"
        )
    names = list(labels) or [one.label for one in found]
    files = [slug(name) for name in names]
    twice = sorted({name for name, file in zip(names, files, strict=True) if files.count(file) > 1})
    if twice:
        called = " and ".join(f"'{name}'" for name in twice)
        raise ConfigurationError(
            f"{namelist}: &evaluation: two models would be called {called} and have the same files: give each a name "
            "of letters and digits of its own in labels"
        )
    return [Candidate(one.kind, one.paths, name) for one, name in zip(found, names, strict=True)]


def require_runs(found: Sequence[Candidate], namelist: str) -> None:
    """ConfigurationError where something else than the output of a run is to be compared: rivers need one."""
    for one in found:
        if one.kind != "simulation":
            raise ConfigurationError(
                f"{namelist}: &evaluation: '{one.label}' is no output of a run: discharge of a grid is compared run by "
                "run: start freshet run with these parameters, and name its folder"
            )


def restrict(source: Any, found: Sequence[Candidate]) -> Any:
    """The source with those basins that every simulation among the candidates holds, in the source's order.

    InputError where none is left. Checkpoints and defaults hold every basin.
    """
    ids = list(source.ids)
    for one in found:
        if one.kind == "simulation":
            held = set(_basins(one.paths[0]))
            kept = [basin for basin in ids if basin in held]
            if not kept:
                raise InputError(
                    f"'{one.paths[0]}' has none of the {len(ids)} basins of the data (first: {ids[0]}; there: "
                    f"{', '.join(sorted(held)[:3])})"
                )
            ids = kept
    return source if len(ids) == len(source.ids) else source.select(ids)


def _basins(path: Path) -> list[str]:
    """Basin ids of a simulation."""
    return read_simulation(history_files(path)[0], ()).ids


def flow_of(one: Candidate, source: Any, settings: Any, start: int, stop: int, stores: bool) -> Flow:
    """The candidate's flow over days start to stop of the source, with its stores where asked for and known."""
    names = [state.name for state in settings.model.states] if stores else []
    if one.kind == "simulation":
        return _read_flow(one, source, start, stop, names)
    # the slowest stores need years: as many days as there are before the start, as many as a run in any case
    warmup = max(settings.run.warmup_days, min(start, settings.evaluation.warmup_days))
    flow: np.ndarray | float = 0.0
    kept: dict[str, np.ndarray] = {}
    how = {"warmup": warmup, "stores": names, "threads": settings.run.threads}
    count = max(1, len(one.paths))
    for path in one.paths or (None,):
        simulated, of_member = _simulate(one.kind, path, source, settings, (start, stop), how)
        flow = flow + simulated / count
        kept = {name: kept.get(name, 0.0) + store / count for name, store in of_member.items()}
    notes = [f"mean of {count} trained networks"] if count > 1 else []
    if start < settings.run.warmup_days:
        notes.append(
            f"{settings.run.warmup_days - start} days of the warm-up are taken from the first year of the data"
        )
    return Flow(one.label, one.origin, np.asarray(flow), kept, tuple(notes))


def _simulate(
    kind: str, path: Path | None, source: Any, settings: Any, days: tuple[int, int], how: dict[str, Any]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Flow and stores of one member whose flows are averaged: one set of parameters, or one trained network."""
    model = settings.model
    if kind == "checkpoint" and path is not None:
        from .evaluation_daily import simulate_daily

        daily = simulate_daily(path, source, settings, days, **how)
        if daily is not None:
            return daily
    if path is None:
        member = default_parameters(model, len(source.ids))
    elif kind == "parameters":
        member = read_parameters(path, source.ids, model)
    else:
        member = _trained(path, source, model, settings.data)
    require_valid(member, source.ids, model)
    return simulate_period(source, model, member, *days, precision=settings.run.precision, **how)


def _trained(path: Path, source: Any, model: Model, data: Any) -> Parameters:
    """Parameters that a trained network gives to the basins of the source; data is the group &data."""
    from .training_checkpoint import parameters_from_checkpoint

    values, routing, components = parameters_from_checkpoint(path, source, model, data)
    shape = (len(model.parameters), components, len(source.ids))
    return Parameters(np.asarray(values, float).reshape(shape), np.asarray(routing, float), f"checkpoint {path.name}")


def _read_flow(one: Candidate, source: Any, start: int, stop: int, names: Sequence[str]) -> Flow:
    """Flow and stores that a run wrote, for the source's basins and days."""
    path = one.paths[0]
    found = read_simulation(path, names)
    first = _first_day(found, source, path, start, stop)
    order = [found.ids.index(basin) for basin in source.ids]
    fields = {name: values[first : first + stop - start][:, order] for name, values in found.fields.items()}
    flow = fields.pop("streamflow")
    bad = ~np.isfinite(flow)
    if bad.any():
        day, place = (int(index[0]) for index in np.nonzero(bad))
        raise InputError(
            f"'{path}': streamflow of basin {source.ids[place]} on {source.axis.text(start + day)} is missing or not a "
            "number: run again, or compare another period"
        )
    return Flow(one.label, one.origin, flow, fields, one.notes)


def _first_day(found: Simulation, source: Any, path: Path, start: int, stop: int) -> int:
    """Index in the simulation of day `start` of the source; InputError where it does not hold the whole period."""
    if found.axis.calendar != source.axis.calendar:
        raise InputError(f"'{path}' has calendar {found.axis.calendar}, the data have {source.axis.calendar}")
    wanted, last = source.axis.text(start), source.axis.text(stop - 1)
    held = (found.axis.text(0), found.axis.text(found.axis.count - 1))
    if not held[0] <= wanted <= last <= held[1]:
        raise InputError(f"'{path}' holds {held[0]} to {held[1]}, not the whole period {wanted} to {last}")
    return found.axis.index(wanted)
