"""Members of an experiment: every split, with every variant and every seed, each a training with its own namelist."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import ConfigurationError
from .evaluation_series import NAME as SERIES
from .experiment_places import held_out, places
from .experiment_record import FINISHED, Record, read_record
from .experiment_record import NAME as RECORD
from .experiment_split import Split, splits
from .files import make_folder, write_text
from .lock import DirectoryLock
from .namelist_scan import shortened
from .settings import Settings, load, parse
from .settings_experiment import EXPERIMENT_GROUPS, SEARCH_GROUPS
from .settings_routing_check import FORMS as RIVERS
from .training_folder import BEST, LAST

NAMELIST = "member.nml"
LOCK = "member.lock"
TRAINED_BY = "namelist.nml"  # as freshet train writes it
# Settings that may change while an experiment goes on: they do not touch what was done.
FREE = {
    "training": ("epochs", "patience", "resume", "overwrite", "directory", "tensorboard", "series"),
    "run": ("threads", "title", "resume"),
    "data": ("path",),
}
# Groups that a training reads: the others of a member's namelist may say what they like.
LEFT_OUT = (*EXPERIMENT_GROUPS, *SEARCH_GROUPS, "output", "evaluation", "plot", "weather")


@dataclass(frozen=True)
class Member:
    """One training: its name, variant ('' where there are none), split, seed, folder, and whole settings."""

    name: str
    variant: str
    split: Split
    seed: int
    folder: Path
    settings: Settings

    @property
    def text(self) -> str:
        """Its whole namelist, which freshet train takes as it is."""
        return training_text(self.settings)

    @property
    def record(self) -> Record:
        """How far it is."""
        return read_record(self.folder)

    @property
    def finished(self) -> bool:
        """Whether it was trained for as many epochs as are asked for."""
        record, asked = self.record, self.settings.training
        kept = not asked.series or (self.folder / SERIES).is_file()
        return record.status == FINISHED and record.epochs >= asked.epochs and kept


def training_text(settings: Settings) -> str:
    """The namelist of a training alone: without the groups of what it belongs to."""
    return settings.text([group for group in settings.asked() if group not in EXPERIMENT_GROUPS | SEARCH_GROUPS])


def members(settings: Settings, source: Any) -> list[Member]:
    """Every member of the experiment, in the order of variants, splits and seeds.

    ConfigurationError where the splits do not fit the data, or a variant cannot be.
    """
    found = splits(settings, places(settings, source))
    variants: dict[str, tuple[str, ...]] = settings.variants.overrides or {"": ()}
    return [
        _member(settings, variant, overrides, split, seed)
        for variant, overrides in variants.items()
        for split in found
        for seed in settings.experiment.seeds
    ]


def _member(settings: Settings, variant: str, overrides: tuple[str, ...], split: Split, seed: int) -> Member:
    name = "_".join(filter(None, (variant, split.name, f"seed_{seed}")))
    folder = Path(settings.experiment.directory) / name
    own = [f"training.directory={folder}", f"training.seed={seed}", "training.overwrite=false"]
    own += held_out(settings, split)
    if settings.experiment.ensemble and settings.data.form not in RIVERS:  # of grids, discharge.csv is always there
        own.append("training.series=true")
    given = {text.partition("=")[0].strip().lower() for text in (*overrides, *own)}
    kept = [text for text in settings.overrides if text.partition("=")[0].strip().lower() not in given]
    try:
        return Member(name, variant, split, seed, folder, load(settings.path, (*kept, *overrides, *own), "train"))
    except ConfigurationError as error:
        lines = [line.removeprefix("--set ") for line in str(error).splitlines()]
        message = "\n".join(f"{settings.path}: &variants {variant}: {line}" for line in lines)
        raise ConfigurationError(message) from error


def write_namelists(found: list[Member], replace: bool = False) -> None:
    """Write the namelist of every member.

    ConfigurationError, before the first, where one was trained as another; replace: that training goes instead, InUse
    where somebody is at it.
    """
    unlike = [(member, differences) for member in found if (differences := _trained_otherwise(member))]
    if unlike and not replace:
        member, differences = unlike[0]
        raise ConfigurationError(
            f"'{member.folder}' was trained otherwise ({'; '.join(differences[:5])}): put the settings back, choose "
            "another directory in &experiment, or replace it with --set training.overwrite=true"
        )
    for member, _ in unlike:
        with DirectoryLock(member.folder, "experiment", LOCK):
            for name in (LAST, BEST, RECORD, TRAINED_BY):
                (member.folder / name).unlink(missing_ok=True)
    for member in found:
        make_folder(member.folder, "experiment")
        file = member.folder / NAMELIST
        if not (file.is_file() and file.read_text(encoding="utf-8") == member.text):
            write_text(file, member.text)


def _trained_otherwise(member: Member) -> list[str]:
    """What differs from the settings by which the member was trained; empty where it was not, or nothing does."""
    file = member.folder / TRAINED_BY
    if not (file.is_file() and (member.folder / LAST).is_file()):
        return []
    try:
        before = parse(file.read_text(encoding="utf-8"), str(file), command="plot")
    except ConfigurationError:
        return []  # the training itself says what does not fit
    return list(_differences(before, member.settings))


def _differences(before: Settings, now: Settings) -> Iterator[str]:
    for name, group in now.groups.items():
        if name in LEFT_OUT:
            continue
        old = dict(before.groups[name])
        for key, value in group:
            if key not in FREE.get(name, ()) and old.get(key) != value:
                yield f"{name}.{key} was {shortened(str(old.get(key)))}, now {shortened(str(value))}"
