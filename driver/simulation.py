"""A run from its settings: read, step, route, check, write, and stop so that it can go on."""

from pathlib import Path
from typing import Any

from .errors import ConfigurationError, WriteError
from .files import made_folder
from .leg import Leg
from .lock import DirectoryLock
from .progress import Report
from .run_folder import RunFolder
from .signals import StopRequest


def run(settings: Any, source: Any = None) -> None:
    """Simulate what the settings ask for and write it to the output directory; source None opens the settings' own.

    Raises ConfigurationError (the period is outside of the data, the directory holds another run), InputError (data,
    parameters or restarts), NumericsError (no number, water balance), WriteError (disk, lock), and Interrupted after a
    signal, with a restart written.
    """
    require_device(settings)
    folder = RunFolder(Path(settings.output.directory))
    # What is refused leaves no folder behind, and an earlier run as it was.
    with (
        StopRequest("a restart") as stop,
        made_folder(folder.restarts, "output"),
        DirectoryLock(folder.path, "output") as lock,
        Report() as report,
    ):
        folder.claim(settings)
        if source is None:
            from .catchments import open_source

            source = open_source(settings)
        leg = Leg(settings, source, folder, report)
        try:
            leg.go(stop, lock)
        except WriteError as error:
            if not leg.recorder.manifest.latest:
                raise
            raise WriteError(
                f"{error}. Make room, then go on from {leg.recorder.manifest.latest}: {settings.command('run')}"
            ) from error


def require_device(settings: Any) -> None:
    """ConfigurationError where the run is to compute on something that it cannot use."""
    if settings.run.device != "cpu":
        raise ConfigurationError(
            f"{settings.path}: &run device: freshet run computes on the CPU only so far (device = 'cpu'); "
            "'cuda' is for training"
        )
