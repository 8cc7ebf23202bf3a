"""The exit status that the ranks come to, told to the process that has started their launcher.

After an abort a launcher kills, and makes one number of the statuses of those who ended and those whom it killed: which
one is a race. So whoever decides tells the status beforehand. The word stands in a symbolic link, named in the
environment, whose target is the status: it is made in one step, only once, and cannot be half-written.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from .environment import VERDICT

# In the job of a queue the ranks may be on other nodes, which share the current directory, but no /tmp.
JOBS = ("SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID")
BEGUN = ".begun"


def begin() -> None:
    """Tell that the ranks have found each other."""
    _link("0", BEGUN)


def tell(status: int) -> None:
    """Tell how all ranks end; the first word counts. Without anybody who listens, nothing."""
    _link(str(status), "")


class Verdict:
    """The place of the word, while entered; the ranks find it by the environment."""

    def __enter__(self) -> "Verdict":
        shared = any(name in os.environ for name in JOBS) and os.access(os.curdir, os.W_OK)
        self._folder = Path(tempfile.mkdtemp(prefix=".freshet-", dir=Path.cwd() if shared else None))
        self._path = self._folder / "verdict"
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        """What the ranks need to know."""
        return {VERDICT: str(self._path)}

    @property
    def status(self) -> int | None:
        """The status that was told; None without a word."""
        return int(os.readlink(self._path)) if self._path.is_symlink() else None

    @property
    def begun(self) -> bool:
        """Whether the ranks have found each other."""
        return self._path.with_name(self._path.name + BEGUN).is_symlink()


def _link(word: str, end: str) -> None:
    path = os.environ.get(VERDICT)
    if path:
        # There already, or on another node: then there is nothing to add, or nobody to tell.
        with suppress(OSError):
            os.symlink(word, path + end)
