"""freshet experiment: train every member, shared among whoever is at work in the folder.

Nobody hands out the members. Every process goes through them, takes the next that is not done and that no other holds
(a lock, which the system drops when its holder dies), and goes on with it from its last checkpoint. So any number of
processes, ranks and jobs may share an experiment, and may come and go.
"""

import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from typing import Any

from .errors import FreshetError, Interrupted, InUse
from .experiment_members import LOCK, NAMELIST, Member, members, write_namelists
from .experiment_progress import Progress
from .experiment_record import FAILED, FINISHED, INTERRUPTED, MOST_STARTS, RUNNING, Record, write_record
from .experiment_sources import Sources
from .lock import DirectoryLock
from .outcome import outcome
from .parallel.environment import alone
from .parallel.world import current_world
from .settings import Settings, load
from .signals import StopRequest

PAUSE = 1.0  # seconds between looks at members that others hold
TOLD = 5  # failures that are told one by one


@dataclass
class Shift:
    """One process at work.

    session: the call that it belongs to; several: whether others work beside it; its open data, words, and signals.
    """

    session: str
    several: bool
    sources: Sources
    progress: Progress
    stop: StopRequest


def run_experiment(settings: Settings, session: str = "", source: Any = None) -> list[Member]:
    """Train every member that is not finished, in this process; under a launcher the ranks share them.

    session: of the call that this process belongs to, which tells of failures itself; '' begins one. source None opens
    the settings' own. Returns the members. When all is done, an error of the first failure's status where members
    failed; Interrupted after a signal, ConfigurationError before the first member is begun.
    """
    world = current_world()
    of_one = not session
    several = world.size > 1 or not of_one
    session = session or world.broadcast(f"{time.time():.3f}" if world.root else None)
    sources = Sources(settings, source)
    found = members(settings, sources.of(settings))
    if of_one:
        world.on_root(lambda: write_namelists(found, settings.training.overwrite))
    with StopRequest("the state of the experiment", quiet=not world.root) as stop:
        shift = Shift(session, several, sources, Progress(found), stop)
        if world.root and of_one:
            shift.progress.begin(settings.experiment.kind)
        work(found, shift, world.rank)
    world.barrier()
    if of_one:
        conclude(found)
    return found


def work(found: Sequence[Member], shift: Shift, rank: int = 0) -> None:
    """Train what is left to train until all is settled, whoever did it; Interrupted after a signal."""
    # Ranks begin at different members, so that they do not all ask for the same locks.
    order = [*found[rank:], *found[:rank]]
    while left := [member for member in order if not settled(member, shift.session)]:
        begun = 0
        for member in left:
            if shift.stop:
                raise Interrupted(
                    f"stopped by {shift.stop.name}, {len(left)} members left; go on with the same command"
                )
            begun += attempt(member, shift)
        if not begun:
            time.sleep(PAUSE)


def settled(member: Member, session: str) -> bool:
    """Whether nothing is left to do: finished with as many epochs as are asked for, or failed in this session."""
    record = member.record
    return member.finished or (record.status == FAILED and record.session == session)


def attempt(member: Member, shift: Shift) -> bool:
    """Train a member unless another process holds it, or has settled it meanwhile; whether it was tried."""
    try:
        with DirectoryLock(member.folder, "experiment", LOCK):
            if settled(member, shift.session):
                return False
            _train(member, shift)
            return True
    except InUse:
        return False


def _train(member: Member, shift: Shift) -> None:
    """Train and note how it ended. Interrupted where a signal did it, InUse where freshet train is at work there."""
    before = member.record
    starts = before.starts + 1 if before.session == shift.session and before.status == RUNNING else 1
    record = Record(RUNNING, shift.session, starts)
    if starts > MOST_STARTS:
        message = f"its process was killed {MOST_STARTS} times (out of memory?)"
        write_record(member.folder, replace(record, status=FAILED, exit_status=1, message=message))
        shift.progress.failed(member, message)
        return
    write_record(member.folder, record)
    shift.progress.started(member)
    begun = time.monotonic()
    status, message = outcome(lambda: _trained(member, shift))
    record = replace(record, seconds=round(time.monotonic() - begun, 1), exit_status=status, message=message)
    if status == InUse.status and "in use by another process" in message:
        write_record(member.folder, before)
        raise InUse(message)
    if status in (Interrupted.status, 130):
        write_record(member.folder, replace(record, status=INTERRUPTED))
        raise Interrupted(f"{member.name}: {message}" if status == 130 else _stopped(message))
    if status:
        write_record(member.folder, replace(record, status=FAILED))
        shift.progress.failed(member, message)
    else:
        write_record(member.folder, replace(record, status=FINISHED, epochs=member.settings.training.epochs))
        shift.progress.finished(member, record.seconds)


def _trained(member: Member, shift: Shift) -> None:
    """Train by the member's own namelist, as freshet train does; 0 tells outcome that all went well."""
    from .training import train

    threads = ["run.threads=1"] if shift.several else []
    settings = load(member.folder / NAMELIST, threads, "train")
    with redirect_stdout(shift.progress.of(member)), alone():  # type: ignore[type-var]
        train(settings, shift.sources.of(settings), resume=True)


def _stopped(message: str) -> str:
    """What a training says of its interruption, with the command that goes on with all."""
    return f"{message.partition('; go on with')[0]}; go on with the same command"


def conclude(found: Sequence[Member]) -> None:
    """Raise an error of the first failure's status where members failed."""
    failed = [(member, member.record) for member in found if member.record.status == FAILED]
    if not failed:
        return
    lines = [f"{len(failed)} of {len(found)} members failed (start again to try these again)"]
    lines += [
        f"{member.folder}: {record.message.splitlines()[0]}" for member, record in failed[:TOLD] if record.message
    ]
    if len(failed) > TOLD:
        lines.append(f"and {len(failed) - TOLD} more")
    kinds = {kind.status: kind for kind in FreshetError.__subclasses__()}
    raise kinds.get(failed[0][1].exit_status, FreshetError)("\n".join(lines))
