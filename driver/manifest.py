"""The manifest of an output directory: which files a run has finished, and from which it can be continued."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .files import checksum, write_text

NAME = "manifest.json"
RUNNING, INTERRUPTED, FINISHED = "running", "interrupted", "finished"


@dataclass(frozen=True)
class Entry:
    """A file of the run: its name, dates of its first and last day, and checksum.

    first_day, end_day: the days of the run that it holds, end_day not included. A restart stands before end_day.
    """

    file: str
    first_date: str
    last_date: str
    first_day: int
    end_day: int
    bytes: int
    sha256: str
    whole: bool = True

    @classmethod
    def of(cls, path: Path, dates: tuple[str, str], days: tuple[int, int], whole: bool = True) -> "Entry":
        """The entry of a file just written."""
        return cls(path.name, *dates, *days, path.stat().st_size, checksum(path), whole)

    def problem(self, folder: Path) -> str:
        """What is wrong with the file, '' where it is as it was written."""
        path = folder / self.file
        if not path.is_file():
            return f"'{path}' is missing"
        if path.stat().st_size != self.bytes:
            return f"'{path}' has {path.stat().st_size} bytes, {self.bytes} were written"
        return "" if checksum(path) == self.sha256 else f"the checksum of '{path}' is wrong: the file was changed"


@dataclass
class Manifest:
    """State of a run; restarts are listed from old to new.

    The manifest is renamed into place after the files that it lists, so that it never names what is not there.
    """

    freshet: str
    identity: dict[str, str]
    status: str = RUNNING
    end: str = ""
    history: list[Entry] = field(default_factory=list)
    restarts: list[Entry] = field(default_factory=list)
    water_balance: dict[str, Any] = field(default_factory=dict)

    @property
    def latest(self) -> str:
        """Name of the restart from which a continued run starts."""
        return self.restarts[-1].file if self.restarts else ""

    def write(self, folder: Path) -> None:
        """Write manifest.json whole; WriteError where that fails."""
        content = asdict(self) | {"latest": self.latest}
        write_text(folder / NAME, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a directory, None where there is none. ValueError where it is damaged."""
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        content.pop("latest")
        for kind in ("history", "restarts"):
            content[kind] = [Entry(**entry) for entry in content[kind]]
        return Manifest(**content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"'{path}' is damaged ({error})") from error
