"""freshet search: trainings with hyperparameters that a study proposes, cut short where they promise nothing."""

import math
import time
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import ConfigurationError, FreshetError, Interrupted, InUse
from .experiment_members import NAMELIST, training_text
from .experiment_progress import echo
from .experiment_sources import Sources
from .files import make_folder, write_text
from .lock import DirectoryLock
from .outcome import outcome
from .parallel.environment import alone
from .parallel.world import current_world
from .search_range import Range, read_range
from .search_study import import_optuna, next_trial, open_study, running
from .settings import Settings, load
from .signals import StopRequest
from .training_folder import TrainingFolder

LOCK, PAUSE = "trial.lock", 1.0


class Pruned(Exception):
    """The study has no more hope in the trial."""


@dataclass
class Searcher:
    """One process at work on a search."""

    settings: Settings
    study: Any
    ranges: list[Range]
    sources: Sources
    several: bool
    stop: StopRequest

    def folder(self, trial: Any) -> Path:
        """Of one trial."""
        return Path(self.settings.search.directory) / f"trial_{trial.number:04d}"


def run_search(settings: Settings, session: str = "") -> Any:
    """Train until there are as many trials as asked for; the study. Under a launcher the ranks share them.

    session: not '' in one of several processes. ConfigurationError where optuna is not there or a range does not fit,
    Interrupted after a signal, FreshetError where every trial failed.
    """
    world = current_world()
    ranges = checked_ranges(settings)
    world.on_root(lambda: open_study(settings))
    study = open_study(settings)
    with StopRequest("the state of the search", quiet=not world.root) as stop:
        searcher = Searcher(settings, study, ranges, Sources(settings), bool(session) or world.size > 1, stop)
        work(searcher)
    world.barrier()
    return study


def checked_ranges(settings: Settings) -> list[Range]:
    """The ranges; ConfigurationError where an end of one is no value of its setting."""
    import_optuna()
    ranges = [read_range(text) for text in settings.search.ranges]
    for one in ranges:
        for value in one.ends:
            _with(settings, [f"{one.name}={value}"], Path(settings.search.directory))
    return ranges


def _with(settings: Settings, overrides: list[str], folder: Path) -> Settings:
    """The settings of a training with some replaced, in a folder."""
    own = [*overrides, f"training.directory={folder}"]
    given = {text.partition("=")[0] for text in own}
    kept = [text for text in settings.overrides if text.partition("=")[0].strip().lower() not in given]
    try:
        return load(settings.path, (*kept, *own), "train")
    except ConfigurationError as error:
        raise ConfigurationError(f"{settings.path}: &search ranges: {error}") from error


def work(searcher: Searcher) -> None:
    """Go on with trials that nobody is at, begin new ones, and wait for the others' last."""
    while True:
        left = running(searcher.study)
        if any(_go_on(trial, searcher) for trial in left):
            continue
        _require_unstopped(searcher)
        begun = next_trial(searcher.study, searcher.settings, searcher.ranges)
        if begun is not None:
            trial, overrides = begun
            _attempt(trial, overrides, searcher)
        elif not running(searcher.study):
            return
        else:
            time.sleep(PAUSE)


def _require_unstopped(searcher: Searcher) -> None:
    if searcher.stop:
        raise Interrupted(f"stopped by {searcher.stop.name}; go on with the same command")


def _go_on(frozen: Any, searcher: Searcher) -> bool:
    """Take over a trial whose process has gone; False where it is still at work."""
    from optuna.trial import Trial

    _require_unstopped(searcher)
    trial = Trial(searcher.study, frozen._trial_id)
    # Asked again, a trial gives what it was given.
    overrides = [f"{one.name}={one.suggest(trial)}" for one in searcher.ranges]
    return _attempt(trial, overrides, searcher)


def _attempt(trial: Any, overrides: list[str], searcher: Searcher) -> bool:
    """Train one trial and tell the study; False where another process holds it or has ended it."""
    folder = searcher.folder(trial)
    make_folder(folder, "search")
    try:
        with DirectoryLock(folder, "search", LOCK):
            if trial.number not in {one.number for one in running(searcher.study)}:
                return False
            _train(trial, overrides, folder, searcher)
            return True
    except InUse:
        return False


def _train(trial: Any, overrides: list[str], folder: Path, searcher: Searcher) -> None:
    states = import_optuna().trial.TrialState
    asked = _with(searcher.settings, overrides, folder)
    write_text(folder / NAMELIST, training_text(asked))
    name = folder.name
    print(f"{name}: {' '.join(overrides)}", flush=True)
    pruned: list[int] = []

    def watch(found: Any) -> None:
        _report(trial, found["epoch"], best_of(folder))
        # Nothing is saved by cutting the last epoch.
        if found["epoch"] < asked.training.epochs and trial.should_prune():
            pruned.append(found["epoch"])
            raise Pruned

    status, message = outcome(lambda: _trained(asked, searcher, watch, name))
    best = best_of(folder)
    if pruned:
        searcher.study.tell(trial, state=states.PRUNED)
        print(f"{name}: cut short after {pruned[0]} epochs, NSE {best:.4f}", flush=True)
    elif status in (Interrupted.status, 130):
        raise Interrupted(f"{message.partition('; go on with')[0]}; go on with the same command")
    elif status == InUse.status and "in use by another process" in message:
        raise InUse(message)
    elif status or not math.isfinite(best):
        trial.set_user_attr("message", message or "no validation score is a number")
        searcher.study.tell(trial, state=states.FAIL)
        print(f"{name}: FAILED: {(message.splitlines() or ['no validation score is a number'])[0]}", flush=True)
    else:
        searcher.study.tell(trial, best)
        print(f"{name}: NSE {best:.4f}", flush=True)


def _trained(asked: Settings, searcher: Searcher, watch: Any, name: str) -> int:
    from .training import train

    settings = load(Path(asked.training.directory) / NAMELIST, ["run.threads=1"] if searcher.several else [], "train")
    with redirect_stdout(echo(name)), alone(), suppress(Pruned):
        train(settings, searcher.sources.of(settings), resume=True, watch=watch)
    return 0


def _report(trial: Any, epoch: int, best: float) -> None:
    """Tell the study of an epoch that it does not know yet: the best so far, since the best is what is kept."""
    known = trial.study.get_trials(deepcopy=False)[trial.number].intermediate_values
    if math.isfinite(best) and epoch not in known:
        trial.report(best, epoch)


def best_of(folder: Path) -> float:
    """The best validation score of a training; NaN where it has none."""
    scores = [entry["validation_nse"] for entry in TrainingFolder(folder).records()]
    return max((score for score in scores if score is not None and math.isfinite(score)), default=math.nan)


def require_success(study: Any) -> None:
    """FreshetError where no trial came to its end."""
    trials = study.get_trials(deepcopy=False)
    done = [trial for trial in trials if trial.state.name == "COMPLETE"]
    if not done:
        messages = [trial.user_attrs["message"] for trial in trials if "message" in trial.user_attrs]
        raise FreshetError(f"none of {len(trials)} trials came to its end" + (f": {messages[0]}" if messages else ""))
