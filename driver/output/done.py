"""What a job of writing came to."""

from dataclasses import dataclass

from ..files import size
from ..manifest import Entry


@dataclass(frozen=True)
class Done:
    """A file that was written: its entry for the manifest, and what to say of it, '' for nothing."""

    entry: Entry
    text: str


def told(entry: Entry, records: int) -> Done:
    """Done, with words."""
    days = f"{entry.first_date} to {entry.last_date}"
    return Done(entry, f"wrote {entry.file}: {days}, {records} record(s), {size(entry.bytes)}")
