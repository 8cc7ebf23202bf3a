"""The members of an experiment and how far they are, without doing anything."""

from typing import Any

from .evaluation_report import Section, plain
from .experiment_members import Member, members
from .experiment_sources import Sources
from .experiment_summary import headline


def listed(settings: Any) -> str:
    """A table of all members: what they hold out, and how far they are."""
    found = members(settings, Sources(settings).of(settings))
    rows = [_row(member) for member in found]
    title = f"Experiment of kind '{settings.experiment.kind}' in {settings.experiment.directory}: {len(found)} members"
    return plain([Section(title, ["member", "held out", "learned", "held", "status"], rows)]).rstrip()


def _row(member: Member) -> list[str]:
    split, record = member.split, member.record
    status = record.status + (headline(member.folder) if record.status == "finished" else "")
    learned = str(len(split.learned)) if split.held else "all"
    return [member.name, split.meaning or "-", learned, str(len(split.held)), status]
