"""freshet train on a grid: parameters of cells learned through the rivers, on any number of ranks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch

from ...nn import randomness
from ...nn.river_trainer import RiverTrainer
from ...nn.shift_network import Shifts
from ...nn.trainer import CONVERGED, STOPPED
from ..catchments.checksums import Checksums
from ..checking import check_device
from ..errors import ConfigurationError, Interrupted, NumericsError
from ..files import made_folder, write_text
from ..lock import DirectoryLock
from ..parallel.environment import RANKS, launched_ranks
from ..parallel.stopping import Vote
from ..parallel.world import World, current_world
from ..provenance import identity
from ..river_input import river_identity
from ..signals import StopRequest
from ..told_as import told_as
from ..training_checkpoint import made_by, require_same_training
from ..training_folder import BEST, LAST, TrainingFolder, Watch
from ..training_plan import plan
from ..training_results import epoch_line
from .domain import Lesson, prepare
from .results import write_results


def train_grid(
    settings: Any, source: Any = None, world: World | None = None, resume: bool = False, watch: Watch = None
) -> dict[str, Any]:
    """Train as the settings ask, into the directory of &training; source None opens the settings' own.

    Under a launcher every rank calls this; the root writes and speaks. Returns the summary, on every rank. Raises as
    training.train does.
    """
    check_device(settings)
    if settings.run.device == "cuda":
        raise ConfigurationError(
            f"{settings.path}: &run device: trainings on grids run on the CPU, on any number of processes (--ranks): "
            "write device = 'cpu'"
        )
    torch.set_num_threads(settings.run.threads)
    world = world or current_world()
    folder = TrainingFolder(Path(settings.training.directory), watch)
    with StopRequest("a checkpoint", quiet=not world.root) as stop, ExitStack() as held:
        locks: list[DirectoryLock] = []
        world.on_root(lambda: locks.append(_claim(folder, held)))
        course = Course(settings, folder, world, locks)
        kept = world.on_root(lambda: folder.claim(settings, resume))
        if source is None:
            from ..catchments import open_source

            source = open_source(settings, "train")
        lesson = prepare(settings, source, world, course.say)
        made = world.on_root(lambda: made_on_grid(settings, source, lesson))
        with told_as(ValueError, ConfigurationError, f"{settings.path}: &training: "):
            trainer = build_trainer(settings, lesson)
        course.begin(trainer, made, source, kept)
        course.run(trainer, made, stop)
        trainer.network.load_state_dict(trainer.progress.best_weights)
        return course.finish(trainer, lesson, source)


def _claim(folder: TrainingFolder, held: ExitStack) -> DirectoryLock:
    """Take the folder for this training; what is refused leaves no folder behind."""
    held.enter_context(made_folder(folder.path, "training"))
    return held.enter_context(DirectoryLock(folder.path, "training"))


def made_on_grid(settings: Any, source: Any, lesson: Lesson) -> dict[str, Any]:
    """What made a checkpoint: as of basins, and the cells, rivers and parameters that it begins with."""
    made = made_by(settings, _Described(source, lesson.normalisation), lesson.normalisation)
    known = identity(settings, source, settings.model, lesson.given) | river_identity(lesson.rivers, source)
    # Beside what is learned, a training has the same start, weather and days only if these are the same.
    wanted = ("parameters", "start", "warmup_days", "data files", *river_identity(lesson.rivers, source))
    made["data"] |= {name: known[name] for name in wanted}
    made["data"] |= {"gauges": [gauge.id for gauge in lesson.gauges], "weather": dict(settings.weather) | {"path": ""}}
    # Without terms and without the network of potential evaporation, what earlier versions have written.
    if settings.objectives:
        made["training"]["objectives"] = [_plain(term) for term in settings.objectives]
        paths = dict.fromkeys(path for term in settings.objectives for path in (term.path, term.regions) if path)
        made["training"]["observations"] = [
            [Path(one).name, digest] for one, digest in Checksums([*map(Path, paths)]).files()
        ]
    if lesson.correction is not None:
        made["network"]["pet_network"] = _plain(settings.pet_network)
    return made | {"rivers": True}


def _plain(group: Any) -> dict[str, Any]:
    """Settings of a group but paths, which may be others on another machine."""
    paths = ("path", "regions")
    return {key: list(value) if isinstance(value, tuple) else value for key, value in group if key not in paths}


class _Described:
    """A source with the means of its weather among its attributes, which the checkpoint does not keep."""

    def __init__(self, source: Any, normalisation: Any):
        self.ids, self.axis, self.files = source.ids, source.axis, source.files
        self.attributes = {name: source.attributes.get(name, []) for name in normalisation.names}


def build_trainer(settings: Any, lesson: Lesson) -> RiverTrainer:
    """The trainer that the settings describe, at its start. ValueError where settings and data do not fit."""
    asked, shape = settings.training, settings.network
    randomness.seed_all(asked.seed)
    network = Shifts(
        lesson.lessons.variables,
        lesson.start,
        shape.kind,
        inputs=lesson.normalisation.size,
        hidden=shape.hidden,
        dropout=shape.dropout,
        activation=shape.activation,
        seed=asked.seed,
    )
    return RiverTrainer(
        network,
        lesson.basins,
        lesson.compared.objective,
        plan(settings, 1),
        lesson.periods,
        asked.warmup_days,
        lesson.correction,
    )


class Course:
    """A training in its folder: what the root says and writes, and what all ranks do together."""

    def __init__(self, settings: Any, folder: TrainingFolder, world: World, locks: list[DirectoryLock]):
        self.settings, self.folder, self.world, self.locks = settings, folder, world, locks

    def say(self, text: str) -> None:
        """One line for people, from the root."""
        if self.world.root:
            self.folder.say(text)

    def begin(self, trainer: RiverTrainer, made: dict[str, Any], source: Any, kept: dict[str, Any] | None) -> None:
        """Say what is about to be done; put the trainer where a checkpoint was written."""
        settings, world = self.settings, self.world
        for note in source.notes:
            self.say(f"note: {note}")
        weights = sum(weight.numel() for weight in trainer.network.parameters())
        ranks = f", {world.size} processes" if world.size > 1 else ""
        domain = trainer.basins.domain
        self.say(
            f"{settings.model.label} and {trainer.basins.river.router.label}, {len(source.ids)} cells, "
            f"{len(domain.gauges)} gauges; network of kind '{settings.network.kind}', {weights} weights{ranks}"
        )
        self.say("learned: " + "; ".join(_range(variable) for variable in trainer.variables))
        if kept is not None:
            for note in require_same_training(kept["made"], made, self.folder.path / LAST):
                self.say(f"note: {note}")
            trainer.restore(kept["training"])
            world.on_root(lambda: self.folder.forget_after(trainer.progress.epoch))
            self.say(f"going on after {trainer.progress.epoch} epochs")
        world.on_root(lambda: self.folder.begin(fresh=kept is None))
        world.on_root(lambda: write_text(self.folder.path / "namelist.nml", settings.text()))

    def run(self, trainer: RiverTrainer, made: dict[str, Any], stop: StopRequest) -> None:
        """Train to the end; Interrupted after a signal that any rank has got."""
        vote, asked = Vote(self.world, stop), [""]

        def record(found: dict[str, Any]) -> None:
            if self.world.root:
                self.folder.record(found)
            self.say(epoch_line(found, self.settings.training.epochs))

        def stopped() -> bool:
            for lock in self.locks:
                lock.touch()
            asked[0] = asked[0] or vote.asked()
            return bool(asked[0])

        with told_as(ArithmeticError, NumericsError):
            outcome = trainer.run(record, self._saver(trainer, made), stopped)
        vote.close()
        if outcome == STOPPED:
            ranks = f" --ranks {self.world.size}" if launched_ranks() > 1 and _by_us() else ""
            raise Interrupted(
                f"stopped by {asked[0]} in epoch {trainer.progress.epoch + 1}, checkpoint written; go on with: "
                f"{self.settings.command(f'train{ranks}')}"
            )
        if outcome == CONVERGED:
            self.say(f"no gain in {self.settings.training.patience} epochs: stopped early")

    def _saver(self, trainer: RiverTrainer, made: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
        def write(state: dict[str, Any]) -> None:
            progress = trainer.progress
            if progress.step == 0 and progress.best_epoch == progress.epoch - 1:
                self.folder.save(BEST, made, progress.best_weights)
            self.folder.save(LAST, made, trainer.network.state_dict(), state)

        return lambda state: self.world.on_root(lambda: write(state))

    def finish(self, trainer: RiverTrainer, lesson: Lesson, source: Any) -> dict[str, Any]:
        """Write what was learned and what it is worth; the summary."""
        best = trainer.progress.best_epoch + 1
        summary = write_results(self.folder, trainer, lesson, source, self.settings, self.world)
        self.say(f"{self.folder.path / BEST} holds the network of epoch {best}")
        return summary


def _range(variable: Any) -> str:
    return f"{variable.name} {variable.low:g} to {variable.high:g} {variable.unit}"


def _by_us() -> bool:
    """Whether freshet --ranks has started the processes, and not a launcher by hand."""
    import os

    return RANKS in os.environ
