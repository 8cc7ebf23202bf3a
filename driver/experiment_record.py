"""The manifest of a member of an experiment: how far it is, how it ended, and who was at it."""

import json
import os
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

from .files import write_text
from .provenance import now

NAME = "member.json"
WAITING, RUNNING, FINISHED, FAILED, INTERRUPTED = "waiting", "running", "finished", "failed", "interrupted"
MOST_STARTS = 2  # of one session: a member whose process was killed so often is given up


@dataclass(frozen=True)
class Record:
    """State of a member.

    session: the call of freshet experiment that was last at it; starts: how often within it; exit_status and message
    of its end; epochs: how many it was asked for when it finished; seconds of the last start to the end.
    """

    status: str = WAITING
    session: str = ""
    starts: int = 0
    exit_status: int = 0
    message: str = ""
    epochs: int = 0
    seconds: float = 0.0
    host: str = ""
    process: int = 0
    time: str = ""


def read_record(folder: Path) -> Record:
    """The record in a member's folder; that of one not begun where there is none, or it is damaged."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return Record(**{key: content[key] for key in Record.__dataclass_fields__})
    except (OSError, ValueError, KeyError, TypeError):
        return Record()


def write_record(folder: Path, record: Record) -> None:
    """Write the record whole, with time, host and process."""
    content = asdict(record) | {"host": socket.gethostname(), "process": os.getpid(), "time": now()}
    write_text(folder / NAME, json.dumps(content, indent=2) + "\n")
