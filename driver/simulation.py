"""A run from its settings: read, step, route, check, write, and stop so that it can go on."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from .errors import ConfigurationError, WriteError
from .files import made_folder
from .leg import Leg
from .lock import DirectoryLock
from .parallel.world import World, current_world
from .progress import Report
from .run_folder import RunFolder
from .signals import StopRequest


def run(settings: Any, source: Any = None, world: World | None = None) -> None:
    """Simulate what the settings ask for and write it to the output directory; source None opens the settings' own.

    Under a launcher every rank calls this, with the same arguments; all of them raise what the root raises. world: the
    ranks of this run, by default all.

    Raises ConfigurationError (the period is outside of the data, the directory holds another run), InputError (data,
    parameters or restarts), NumericsError (no number, water balance), WriteError (disk, lock), and Interrupted after a
    signal, with a restart written.
    """
    require_device(settings)
    world = world or current_world()
    folder = RunFolder(Path(settings.output.directory))
    with (
        StopRequest("a restart", quiet=not world.root) as stop,
        ExitStack() as held,
        Report(mute=not world.root) as report,
    ):
        locks: list[DirectoryLock] = []
        world.on_root(lambda: locks.append(_claim(folder, settings, held)))
        if source is None:
            from .catchments import open_source

            source = open_source(settings)
        leg = Leg(settings, source, folder, report, world)
        try:
            leg.go(stop, locks)
        except WriteError as error:
            if not leg.recorder.manifest.latest:
                raise
            raise WriteError(
                f"{error}. Make room, then go on from {leg.recorder.manifest.latest}: {settings.command('run')}"
            ) from error
        finally:
            leg.output.stop()


def _claim(folder: RunFolder, settings: Any, held: ExitStack) -> DirectoryLock:
    """Take the output directory for this run until `held` ends; what is refused leaves no folder behind."""
    held.enter_context(made_folder(folder.restarts, "output"))
    lock = held.enter_context(DirectoryLock(folder.path, "output"))
    folder.claim(settings)
    return lock


def require_device(settings: Any) -> None:
    """ConfigurationError where the run is to compute on something that it cannot use."""
    if settings.run.device != "cpu":
        raise ConfigurationError(
            f"{settings.path}: &run device: freshet run computes on the CPU only so far (device = 'cpu'); "
            "'cuda' is for training"
        )
