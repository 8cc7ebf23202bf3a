"""The checked settings of one command: groups as attributes, frozen."""

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..kernels.model import Model
from . import namelist as namelists
from .errors import ConfigurationError
from .setting_value import literal
from .settings_cross import cross_check
from .settings_draft import KEYS, Draft
from .settings_model import form_of
from .settings_objective import NUMBERED

WIDTH = 110
# What the option --resume stands for.
RESUMES = ("run.resume=true", "training.resume=true")


class Group:
    """The settings of one namelist group as attributes; they cannot be changed."""

    def __init__(self, name: str, values: dict[str, Any]):
        self.__dict__.update(values)
        self.__dict__["_name"] = name

    def __setattr__(self, key: str, value: Any) -> None:
        raise AttributeError(f"settings are frozen: &{self._name} {key} cannot be changed")

    __delattr__ = __setattr__  # type: ignore[assignment]

    def __getattr__(self, key: str) -> Any:
        raise AttributeError(f"&{self.__dict__.get('_name', '')} has no setting '{key}'")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Group) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Key and value of each setting, in the order of the table."""
        return ((key, value) for key, value in self.__dict__.items() if key != "_name")

    def __repr__(self) -> str:
        return f"Group({self._name}: {dict(self)})"


class Settings:
    """All settings of a namelist: settings.run.model, settings.output.directory, ...

    path    the namelist's file name
    groups  the groups by name; settings.parameters.overrides is a dict of model parameters by name
    overrides  the texts 'group.key=value' of --set
    """

    run: Group
    hydropy: Group
    vic: Group
    data: Group
    generator: Group
    routing: Group
    parameters: Group
    output: Group
    network: Group
    training: Group
    experiment: Group
    variants: Group
    search: Group
    evaluation: Group
    plot: Group
    explain: Group
    pet_network: Group
    inputs: Group
    independent: Group
    path: str
    groups: dict[str, Group]
    overrides: tuple[str, ...]

    def __init__(self, path: str, groups: dict[str, Group], overrides: Iterable[str] = ()):
        self.__dict__.update(groups)
        self.__dict__["path"] = path
        self.__dict__["overrides"] = tuple(overrides)
        self.__dict__["groups"] = groups

    def __setattr__(self, key: str, value: Any) -> None:
        raise AttributeError(f"settings are frozen: {key} cannot be changed")

    def __eq__(self, other: object) -> bool:
        """Whether two namelists ask for the same, whatever their files are called."""
        return isinstance(other, Settings) and self.groups == other.groups

    __hash__ = None  # type: ignore[assignment]

    def command(self, name: str) -> str:
        """The command that goes on with what was stopped, with every --set, to be typed into a shell as it is."""
        kept = [text for text in self.overrides if text not in RESUMES]
        sets = [word for text in kept for word in ("--set", shlex.quote(text))]
        return " ".join(["freshet", name, shlex.quote(self.path), *sets, "--resume"])

    @property
    def objectives(self) -> list[Group]:
        """The terms of the objective that the namelist names, in order."""
        return [self.groups[name] for name in NUMBERED if self.groups[name].variable]

    @property
    def model(self) -> Model:
        """The model in the form asked for."""
        return form_of(self.run.model, lambda group, key: getattr(self.groups[group], key))

    def text(self, groups: Iterable[str] = ()) -> str:
        """The resolved namelist: every setting of some groups, or of all, written out. Loaded, it gives them again."""
        return "\n".join(_group_text(group, dict(self.groups[group])) for group in groups or self.asked())

    def asked(self) -> list[str]:
        """All groups but terms of an objective that are not there."""
        return [name for name, group in self.groups.items() if name not in NUMBERED or group.variable]


def load(path: str | Path, overrides: Iterable[str] = (), command: str = "run") -> Settings:
    """The settings in a namelist file.

    overrides  texts 'group.key=value' of --set, which win over the file
    command    run, train, evaluate or plot: whose files have to exist, and whose groups have to be there

    ConfigurationError with one line for every problem found.
    """
    return _settings(namelists.read(path), overrides, command)


def parse(text: str, name: str = "namelist", overrides: Iterable[str] = (), command: str = "run") -> Settings:
    """The settings in a namelist text; name stands for the file in messages. Otherwise as load."""
    return _settings(namelists.parse(text, name), overrides, command)


def _settings(namelist: namelists.Namelist, overrides: Iterable[str], command: str) -> Settings:
    overrides = tuple(overrides)
    draft = Draft(namelist, overrides)
    cross_check(draft, command)
    problems = draft.problems()
    if problems:
        raise ConfigurationError("\n".join(problems))
    groups = {}
    for name, keys in KEYS.items():
        values = {key: draft.value(name, key) for key in keys}
        if (name, "overrides") in draft.values:
            values["overrides"] = draft.values[name, "overrides"]
        groups[name] = Group(name, values)
    return Settings(namelist.name, groups, overrides)


def _group_text(name: str, values: dict[str, Any]) -> str:
    values = values | values.pop("overrides", {})
    lines = [f"&{name}"]
    for key, value in values.items():
        items = list(value) if isinstance(value, tuple) and value else [value]
        line = f"  {key} ="
        for place, item in enumerate(items):
            word = literal(item) + ("," if place < len(items) - 1 else "")
            if len(line) + len(word) > WIDTH:
                lines.append(line)
                line = "   "
            line += f" {word}"
        lines.append(line)
    return "\n".join([*lines, "/", ""])
