"""The study of a search: its trials in a journal that any number of processes write to, and from which all go on."""

import time
from pathlib import Path
from typing import Any

import numpy as np

from .errors import ConfigurationError, InUse
from .files import make_folder
from .lock import DirectoryLock
from .search_range import Range

JOURNAL, LOCK = "journal.log", "search.lock"
NAME = "freshet"  # the study's name: brackets of Hyperband are dealt by it


def import_optuna() -> Any:
    """The module optuna; ConfigurationError where it is not installed."""
    try:
        import optuna
    except ImportError as error:
        raise ConfigurationError("freshet search needs optuna: pip install 'freshet[search]'") from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def open_study(settings: Any) -> Any:
    """The study in the directory of &search, made where there is none."""
    optuna = import_optuna()
    from optuna.storages.journal import JournalFileBackend

    folder = Path(settings.search.directory)
    make_folder(folder, "search")
    storage = optuna.storages.JournalStorage(JournalFileBackend(str(folder / JOURNAL)))
    # Two processes that make the study at once would both find none.
    with WaitingLock(folder):
        return optuna.create_study(
            study_name=NAME,
            storage=storage,
            direction="maximize",
            load_if_exists=True,
            pruner=_pruner(optuna, settings),
        )


def _pruner(optuna: Any, settings: Any) -> Any:
    asked, epochs = settings.search, settings.training.epochs
    if asked.pruner == "hyperband":
        least = min(asked.least_epochs, epochs)
        return optuna.pruners.HyperbandPruner(least, epochs, asked.reduction)
    if asked.pruner == "median":
        return optuna.pruners.MedianPruner(n_startup_trials=asked.startup, n_warmup_steps=asked.least_epochs)
    return optuna.pruners.NopPruner()


class WaitingLock(DirectoryLock):
    """The lock under which trials are counted and begun; it waits until it is free, for a minute."""

    def __init__(self, folder: Path):
        super().__init__(folder, "search", LOCK)

    def __enter__(self) -> DirectoryLock:
        for _ in range(600):
            try:
                return super().__enter__()
            except InUse:
                time.sleep(0.1)
        return super().__enter__()


def next_trial(study: Any, settings: Any, ranges: list[Range]) -> tuple[Any, list[str]] | None:
    """A new trial with its overrides 'group.key=value', None where there are as many as asked for."""
    asked = settings.search
    with WaitingLock(Path(asked.directory)):
        count = len(study.get_trials(deepcopy=False))
        if count >= asked.trials:
            return None
        study.sampler = _sampler(asked, count)
        trial = study.ask()
        return trial, [f"{one.name}={one.suggest(trial)}" for one in ranges]


def _sampler(asked: Any, count: int) -> Any:
    """The sampler of one trial. Its seed is of its own: what is tried does not depend on what was stopped when."""
    optuna = import_optuna()
    seed = int(np.random.SeedSequence((asked.seed, count)).generate_state(1)[0])
    if asked.sampler == "random":
        return optuna.samplers.RandomSampler(seed=seed)
    return optuna.samplers.TPESampler(n_startup_trials=asked.startup, seed=seed)


def running(study: Any) -> list[Any]:
    """Trials that were begun and have not ended: another process is at them, or was."""
    state = import_optuna().trial.TrialState.RUNNING
    return study.get_trials(deepcopy=False, states=(state,))


def unfinished(study: Any, settings: Any) -> int:
    """How many trials are still to be begun or ended."""
    count = len(study.get_trials(deepcopy=False))
    return max(settings.search.trials - count, 0) + len(running(study))
