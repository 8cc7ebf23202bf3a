"""What a search tries of one setting: numbers between two ends, or one of several values."""

import re
from dataclasses import dataclass
from typing import Any

SHAPE = re.compile(r"(?P<name>\w+\.\w+)\s+(?P<rest>\S.*)", re.ASCII)
WHOLE = re.compile(r"[+-]?\d+")


@dataclass(frozen=True)
class Range:
    """The setting 'group.key' within low and high (whole numbers where both are), or one of the choices."""

    name: str
    low: float = 0.0
    high: float = 0.0
    logarithmic: bool = False
    step: float | None = None
    choices: tuple[str, ...] = ()

    def suggest(self, trial: Any) -> str:
        """The value that an optuna trial tries, as --set takes it."""
        if self.choices:
            return str(trial.suggest_categorical(self.name, self.choices))
        if isinstance(self.low, int):
            return str(trial.suggest_int(self.name, self.low, self.high, step=self.step or 1, log=self.logarithmic))
        return repr(float(trial.suggest_float(self.name, self.low, self.high, step=self.step, log=self.logarithmic)))

    @property
    def ends(self) -> tuple[str, ...]:
        """Values at the ends, or all the choices: what has to be allowed."""
        return self.choices or (str(self.low), str(self.high))


def read_range(text: str) -> Range:
    """The range in a text 'group.key low high [log | step x]' or 'group.key a|b|c'; ValueError where it is none."""
    match = SHAPE.fullmatch(text.strip())
    expected = f"found '{text}', expected 'group.key low high', with 'log' or 'step x' behind it, or 'group.key a|b|c'"
    if not match:
        raise ValueError(expected)
    name, rest = match["name"].lower(), match["rest"]
    if "|" in rest:
        choices = tuple(word.strip() for word in rest.split("|"))
        if len(set(choices)) < len(choices) or not all(choices):
            raise ValueError(f"found '{text}': each choice is named once, and none is empty")
        return Range(name, choices=choices)
    words = rest.split()
    whole = all(WHOLE.fullmatch(word) for word in [*words[:2], *words[3:]])
    try:
        low, high = (_number(word, whole) for word in words[:2])
        step = _number(words[3], whole) if words[2:3] == ["step"] and len(words) == 4 else None
    except (ValueError, IndexError):
        raise ValueError(expected) from None
    if words[2:] and step is None and words[2:] != ["log"]:
        raise ValueError(expected)
    logarithmic = words[2:] == ["log"]
    if not low < high or (logarithmic and low <= 0) or (step is not None and not 0 < step <= high - low):
        raise ValueError(f"found '{text}': low lies below high, above 0 for log, and step is positive and fits between")
    return Range(name, low, high, logarithmic, step)


def _number(word: str, whole: bool) -> float:
    return int(word) if whole else float(word)
