"""freshet train: a network learns the parameters of a model from observed discharge."""

from pathlib import Path
from typing import Any

import torch

from ..nn import losses, randomness
from ..nn.batches import Sampler
from ..nn.build_network import build_network, build_physics, fit_network
from ..nn.trainer import CONVERGED, STOPPED, Trainer
from .checking import check_device
from .errors import ConfigurationError, Interrupted, NumericsError
from .files import made_folder, write_text
from .lock import DirectoryLock
from .parallel.environment import launched_ranks
from .settings_routing_check import FORMS as RIVERS
from .signals import StopRequest
from .told_as import told_as
from .training_checkpoint import made_by, parameters_from_checkpoint, require_same_training
from .training_data import Lesson, prepare
from .training_folder import BEST, LAST, TrainingFolder, Watch
from .training_held import divided, held_lesson
from .training_plan import plan
from .training_results import epoch_line, write_results

__all__ = ["parameters_from_checkpoint", "train"]


def train(settings: Any, source: Any = None, resume: bool = False, watch: Watch = None) -> dict[str, Any]:
    """Train as the settings ask, into the directory of &training; source None opens the settings' own.

    resume: go on from the last checkpoint where there is one, whatever the settings say. watch: takes what is recorded
    of each epoch; what it raises ends the training.

    Returns the summary that is written. Raises ConfigurationError (periods, attributes, an earlier training in the
    directory), InputError (data, a damaged checkpoint), NumericsError (no number in loss or gradient), WriteError, and
    Interrupted after a signal, with a checkpoint written from which --resume goes on to the same bits.
    """
    if settings.data.form in RIVERS:
        from .training_grid.train import train_grid

        return train_grid(settings, source, resume=resume, watch=watch)
    if launched_ranks() > 1:
        raise ConfigurationError("freshet train works in one process on basins: start it without mpiexec or srun")
    check_device(settings)
    _require_nothing_fixed(settings)
    torch.set_num_threads(settings.run.threads)
    folder = TrainingFolder(Path(settings.training.directory), watch)
    # What is refused leaves no folder behind, and an earlier training as it was.
    with (
        StopRequest("a checkpoint") as stop,
        made_folder(folder.path, "training"),
        DirectoryLock(folder.path, "training") as lock,
    ):
        kept = folder.claim(settings, resume)
        if source is None:
            from .catchments import open_source

            source = open_source(settings, "train")
        source, held = divided(settings, source)
        lesson = prepare(settings, source, folder.say)
        made = made_by(settings, source, lesson.normalisation)
        with told_as(ValueError, ConfigurationError, f"{settings.path}: &training: "):
            trainer = build_trainer(settings, lesson)
        _say_start(settings, source, trainer, folder)
        if kept is not None:
            _go_on(kept, made, trainer, folder)
        folder.begin(fresh=kept is None)
        write_text(folder.path / "namelist.nml", settings.text())
        _run(settings, trainer, made, folder, (stop, lock))
        trainer.network.load_state_dict(trainer.progress.best_weights)
        best = trainer.progress.best_epoch + 1
        others = held and (held_lesson(settings, held, lesson), held)
        summary = write_results(folder, trainer.network, trainer.physics, lesson, source, settings, best, others)
        folder.say(f"{folder.path / BEST} holds the network of epoch {best}")
        return summary


def _require_nothing_fixed(settings: Any) -> None:
    """ConfigurationError where &parameters fixes what the training is to learn."""
    fixed = settings.parameters.overrides
    if fixed:
        raise ConfigurationError(
            f"{settings.path}: &parameters: {', '.join(fixed)} given, but freshet train learns every parameter: "
            "leave them out"
        )


def build_trainer(settings: Any, lesson: Lesson) -> Trainer:
    """The trainer that the settings describe, at its start. ValueError where settings and data do not fit."""
    asked, run = settings.training, settings.run
    randomness.seed_all(asked.seed)
    series = lesson.series.to(run.device)
    sampler = Sampler(
        series,
        *lesson.periods["training"],
        window=asked.window_days,
        warmup=asked.warmup_days,
        batch=asked.batch_basins,
        seed=asked.seed,
    )
    return Trainer(
        _network(settings, lesson).to(run.device, series.forcing.dtype),
        build_physics(settings.network.kind, settings.model, run.components, threads=run.threads),
        sampler,
        losses.named(asked.loss, asked.loss_alpha, asked.loss_offset),
        plan(settings, asked.steps_per_epoch),
        deviation=lesson.deviation.to(run.device),
        validation=lesson.periods.get("validation"),
    )


def _network(settings: Any, lesson: Lesson) -> torch.nn.Module:
    network = build_network(
        dict(settings.network),
        settings.model,
        settings.run.components,
        inputs=lesson.normalisation.size,
        places=lesson.series.places,
        window=settings.training.window_days,
        seed=settings.training.seed,
    )
    known = slice(*lesson.periods["training"])
    fit_network(network, lesson.series.forcing[known], lesson.series.observed[known])
    return network


def _go_on(kept: dict[str, Any], made: dict[str, Any], trainer: Trainer, folder: TrainingFolder) -> None:
    """Put the trainer where the checkpoint was written."""
    for note in require_same_training(kept["made"], made, folder.path / LAST):
        folder.say(f"note: {note}")
    trainer.restore(kept["training"])
    folder.forget_after(trainer.progress.epoch)
    folder.say(f"going on after {trainer.progress.epoch} epochs and {trainer.progress.step} minibatches")


def _run(
    settings: Any,
    trainer: Trainer,
    made: dict[str, Any],
    folder: TrainingFolder,
    outside: tuple[StopRequest, DirectoryLock],
) -> None:
    """Train to the end; Interrupted after a signal."""
    stop, lock = outside

    def record(found: dict[str, Any]) -> None:
        folder.record(found)
        folder.say(epoch_line(found, settings.training.epochs))

    def save(state: dict[str, Any]) -> None:
        progress = trainer.progress
        if progress.step == 0 and progress.best_epoch == progress.epoch - 1:
            folder.save(BEST, made, progress.best_weights)
        folder.save(LAST, made, trainer.network.state_dict(), state)

    def stopped() -> bool:
        lock.touch()
        return bool(stop)

    with told_as(ArithmeticError, NumericsError):
        outcome = trainer.run(record, save, stopped)
    if outcome == STOPPED:
        raise Interrupted(
            f"stopped by {stop.name} in epoch {trainer.progress.epoch + 1}, checkpoint written; go on with: "
            f"{settings.command('train')}"
        )
    if outcome == CONVERGED:
        folder.say(f"no gain in {settings.training.patience} epochs: stopped early")


def _say_start(settings: Any, source: Any, trainer: Trainer, folder: TrainingFolder) -> None:
    count = sum(weight.numel() for weight in trainer.network.parameters())
    for note in source.notes:
        folder.say(f"note: {note}")
    folder.say(
        f"{settings.model.label}, {settings.run.components} component(s), {len(source.ids)} basins; network of kind "
        f"'{settings.network.kind}', {count} weights; {trainer.steps} minibatches an epoch"
    )
