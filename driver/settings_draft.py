"""Settings in the making: every key of the namelist and of --set against the table, every problem collected."""

import math
from collections.abc import Iterable
from typing import Any

from .namelist import Namelist
from .nearest import nearest, suggestion
from .setting import Setting
from .setting_value import convert, from_text
from .settings_table import GROUPS, SETTINGS

TABLE = {(setting.group, setting.key): setting for setting in SETTINGS}
KEYS = {group: [setting.key for setting in SETTINGS if setting.group == group] for group in GROUPS}

# Groups that also take keys of other names: parameters of the model or of the router, variants of an experiment.
OPEN = ("parameters", "routing", "variants")


class Draft:
    """Values read so far, where each came from, and the problems.

    values       checked values by (group, key); only what was given
    extra        raw values of &parameters that are no setting: overrides of model parameters, checked later
    river_extra  the same of &routing: overrides of the router's parameters
    variants     the same of &variants: lists of overrides by name
    failed       (group, key) of everything with a problem, so that later checks can leave it alone
    """

    def __init__(self, namelist: Namelist, overrides: Iterable[str]):
        self.namelist = namelist
        self.values: dict[tuple[str, str], Any] = {}
        self.extra: dict[str, Any] = {}
        self.river_extra: dict[str, Any] = {}
        self.variants: dict[str, Any] = {}
        self.failed: set[tuple[str, str]] = set()
        self.mentioned = set(namelist.lines)
        self._set: dict[tuple[str, str], str] = {}
        self._problems: list[tuple[float, str]] = list(namelist.problems)
        for text in overrides:
            self._take_override(text)
        for group, entries in namelist.entries.items():
            # What --set replaces is not looked at: its path may well exist only on another machine.
            left = {key: entry for key, entry in entries.items() if (group, key) not in self._set}
            self._take_group(group, [key for key, entry in left.items() if entry.sound])
            self.failed |= {(group, key) for key, entry in left.items() if not entry.sound}

    def problems(self) -> list[str]:
        """All problems in the order of the namelist, then those of --set; each once."""
        return list(dict.fromkeys(text for _, text in sorted(self._problems, key=lambda item: item[0])))

    def problem(self, group: str, key: str, message: str) -> None:
        """Note what is wrong with a key (or, where key is '', with a group)."""
        entry = self.namelist.entries.get(group, {}).get(key)
        self.failed.add((group, key))
        if (group, key) in self._set:
            self._problems.append((math.inf, f"{self._set[group, key]}: {message}"))
            return
        name = f"&{group} {key}".strip()
        line = entry.line if entry else self.namelist.lines.get(group, 0)
        where = self.namelist.where(group, key)
        self._problems.append((line or math.inf, f"{where}: {name}: {message}"))

    def given(self, group: str, key: str) -> bool:
        """Whether the namelist or --set says something about this key."""
        return (group, key) in self.values or (group, key) in self.failed

    def value(self, group: str, key: str) -> Any:
        """The value given, or the default."""
        return self.values.get((group, key), TABLE[group, key].default)

    def sound(self, *groups: str) -> bool:
        """Whether nothing is wrong so far with any key of these groups."""
        return not any(group in groups for group, _ in self.failed)

    def _take_group(self, group: str, keys: list[str]) -> None:
        if group not in GROUPS:
            self.problem(group, "", f"unknown group{suggestion(group, GROUPS)}")
            return
        for key in keys:
            raw = self.namelist.values[group][key]
            self._take(group, key, raw, self.namelist.entries[group][key].text)

    def _take(self, group: str, key: str, raw: Any, written: str) -> None:
        setting = TABLE.get((group, key))
        if setting is None and group in OPEN:
            {"parameters": self.extra, "routing": self.river_extra, "variants": self.variants}[group][key] = raw
            return
        try:
            if setting is None:
                raise ValueError(unknown_key(group, key))
            self.values[group, key] = convert(setting, raw, written)
            self.failed.discard((group, key))
        except ValueError as error:
            self.problem(group, key, str(error))

    def _take_override(self, text: str) -> None:
        name, equals, value = text.partition("=")
        group, dot, key = (part.strip().lower() for part in name.partition("."))
        if not (equals and dot and group and key):
            self._problems.append((math.inf, f"--set {text}: expected group.key=value, such as run.threads=2"))
            return
        if (group, key) in self._set:
            self._problems.append((math.inf, f"--set {text}: {group}.{key} is set twice: keep one"))
            return
        self._set[group, key] = f"--set {text}"
        self.mentioned.add(group)
        if group not in GROUPS:
            self.problem(group, key, f"unknown group '{group}'{suggestion(group, GROUPS)}")
            return
        # A parameter of the model is a number, whichever model it turns out to be.
        kind = "texts" if group == "variants" else "real" if group in OPEN else "text"
        number = Setting(group, key, kind, "", "")
        try:
            self._take(group, key, from_text(TABLE.get((group, key), number), value), value.strip())
        except ValueError as error:
            self.problem(group, key, str(error))


def unknown_key(group: str, key: str) -> str:
    """Message about a key that the group does not have: the nearest one, or the group where it belongs."""
    near = nearest(key, KEYS[group])
    elsewhere = [other for other, keys in KEYS.items() if key in keys]
    if elsewhere and not near:
        return f"unknown key; '{key}' belongs to &{elsewhere[0]}"
    return f"unknown key{suggestion(key, KEYS[group])}"
