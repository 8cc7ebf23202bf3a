"""One run or training at a time in a directory."""

import contextlib
import fcntl
import json
import os
import socket
import time
from pathlib import Path
from typing import Any

from .errors import InUse, WriteError

NAME = "run.lock"
# A run touches its lock at every block; one on another host that has been silent for so long is taken for dead.
SILENCE = 900.0


class DirectoryLock:
    """Lock file with host and process id, held while entered.

    The system drops the lock of a process that dies, so what a killed run leaves behind is seen to be stale at once on
    the same host. From other hosts, where the file system does not share locks, it is stale after SILENCE seconds
    without a sign of life. InUse names the run that holds it. group: of the setting that names the directory; name: of
    the file.
    """

    def __init__(self, directory: Path, group: str = "output", name: str = NAME):
        self.path, self.group = directory / name, group
        self._descriptor = -1

    def __enter__(self) -> "DirectoryLock":
        try:
            self._acquire()
        except OSError as error:
            raise WriteError(f"cannot lock '{self.path}': {error.strerror or error}") from error
        return self

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self._descriptor)

    def touch(self) -> None:
        """Tell runs on other hosts that this one lives."""
        with contextlib.suppress(OSError):  # a lock that cannot be touched still locks
            os.utime(self._descriptor)

    def _acquire(self) -> None:
        while True:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                self._take(descriptor)
            except BaseException:
                os.close(descriptor)
                raise
            # Between our open and our lock the former holder may have removed the file: then we hold nothing.
            if self.path.exists() and os.fstat(descriptor).st_ino == self.path.stat().st_ino:
                self._descriptor = descriptor
                return
            os.close(descriptor)

    def _take(self, descriptor: int) -> None:
        holder = self._read(descriptor)
        here = socket.gethostname()
        shared = True
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise self._refusal(self._read(descriptor)) from None
        except OSError:
            shared = False  # a file system without locks: the process id has to tell
        silent = time.time() - os.fstat(descriptor).st_mtime
        elsewhere = bool(holder) and holder.get("host") != here and silent < SILENCE
        alive = not shared and holder.get("host") == here and _lives(holder.get("pid"))
        if elsewhere or alive:
            raise self._refusal(holder)
        content = json.dumps({"host": here, "pid": os.getpid(), "since": time.strftime("%Y-%m-%dT%H:%M:%S")})
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, content.encode(), 0)

    @staticmethod
    def _read(descriptor: int) -> dict[str, Any]:
        try:
            holder = json.loads(os.pread(descriptor, 4096, 0) or b"{}")
        except ValueError:
            return {}
        return holder if isinstance(holder, dict) else {}

    def _refusal(self, holder: dict[str, Any]) -> WriteError:
        who = f"process {holder.get('pid', '?')} on {holder.get('host', '?')} since {holder.get('since', '?')}"
        return InUse(
            f"'{self.path.parent}' is in use by another process ({who}): wait for it or choose another "
            f"directory in &{self.group} (if that one is surely gone, delete {self.path})"
        )


def _lives(pid: Any) -> bool:
    """Whether a process of this number exists on this host."""
    return isinstance(pid, int) and Path(f"/proc/{pid}").exists()
