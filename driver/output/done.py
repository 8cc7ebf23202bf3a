"""What a job of writing came to."""

from dataclasses import dataclass

from ..files import size
from ..manifest import Entry


@dataclass(frozen=True)
class Done:
    """A file that was written: its entry for the manifest, records in it, seconds that writing took."""

    entry: Entry
    records: int
    seconds: float

    @property
    def text(self) -> str:
        """In words."""
        entry = self.entry
        return (
            f"wrote {entry.file}: {entry.first_date} to {entry.last_date}, {self.records} record(s), "
            f"{size(entry.bytes)}"
        )
