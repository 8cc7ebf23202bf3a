"""One value against one setting: type, range, choices; and how a value is written in a namelist.

Every ValueError raised here says what was found, what is expected and, where it can, what to write.
"""

import math
import os
import re
from typing import Any

from .namelist_scan import LOGICAL, NUMBER, shortened
from .nearest import suggestion
from .setting import TYPES, Setting

DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
TEXT_TYPES = ("text", "date", "path", "input")
# The longest months of any CF calendar: February has 30 days in 360_day.
LONGEST = (31, 30, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def convert(setting: Setting, raw: Any, written: str = "") -> Any:
    """The checked value of a setting, lists as tuples.

    raw      what f90nml or from_text made of it
    written  how it stands in the namelist, for messages
    """
    found = written or literal(raw)
    if not setting.is_list:
        if isinstance(raw, list):
            comma = "; is the comma a decimal point? write '.'" if len(raw) == 2 and setting.type == "real" else ""
            raise ValueError(f"found {len(raw)} values ({shortened(found)}), expected one{comma}")
        return _element(setting, raw, found)
    items = raw if isinstance(raw, list) else [raw]
    if items == [""] and (setting.scalar_type in TEXT_TYPES or setting.default == ()):
        return ()
    values = tuple(_element(setting, item, literal(item)) for item in items)
    repeated = {value for value in values if values.count(value) > 1} if setting.scalar_type in TEXT_TYPES else set()
    if repeated:
        raise ValueError(f"names {', '.join(sorted(repeated))} more than once: name each once")
    return values


def _element(setting: Setting, raw: Any, found: str) -> Any:
    kind = setting.scalar_type
    if kind in TEXT_TYPES:
        return _text(setting, raw, found)
    if kind == "logical":
        if not isinstance(raw, bool):
            raise ValueError(f"found {found}, expected {TYPES['logical']}")
        return raw
    whole = kind == "integer"
    if isinstance(raw, bool) or not isinstance(raw, int if whole else int | float):
        example = f"; write {round(raw)}" if whole and isinstance(raw, float) and raw.is_integer() else ""
        raise ValueError(f"found {found}, expected a {TYPES[kind]}{example}")
    value = raw if whole else float(raw)
    if not math.isfinite(value):
        raise ValueError(f"found {found}, expected a finite number")
    if not setting.low <= value <= setting.high:
        raise ValueError(f"found {found}, expected {bounds(setting)}")
    return value


def _text(setting: Setting, raw: Any, found: str) -> str:
    kind = setting.scalar_type
    if not isinstance(raw, str):
        raise ValueError(f"found {found} without quotes, expected {TYPES[kind]}: write {setting.key} = '{found}'")
    if any(ord(letter) < 32 for letter in raw):
        raise ValueError(f"found {raw!r}, expected text without line breaks and control characters")
    if kind == "date":
        return _date(setting, raw)
    if kind in ("path", "input"):
        return expand(raw)
    if setting.choices and raw not in setting.choices:
        raise ValueError(f"found '{raw}', expected one of: {', '.join(setting.choices)}{_hint(raw, setting.choices)}")
    return raw


def _date(setting: Setting, raw: str) -> str:
    match = DATE.fullmatch(raw)
    if raw == "" and setting.default == "":
        return raw
    if not match:
        raise ValueError(f"found '{raw}', expected a date 'YYYY-MM-DD' such as '1990-01-01'")
    year, month, day = map(int, match.groups())
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= LONGEST[month - 1]:
        raise ValueError(f"found '{raw}', which is in no calendar: expected a date 'YYYY-MM-DD'")
    return raw


def expand(path: str) -> str:
    """The path with ~ and $VARIABLES replaced; ValueError where a variable is not set."""
    expanded = os.path.expanduser(os.path.expandvars(path))
    missing = re.search(r"\$\{?(\w+)", expanded)
    if missing:
        name = missing.group(1)
        raise ValueError(f"found '{path}', but the environment variable {name} is not set: export {name}=...")
    return expanded


def from_text(setting: Setting, text: str) -> Any:
    """The raw value of `--set group.key=text`, where the shell has taken the quotes away."""
    if not text.strip():
        raise ValueError("has no value: write one after '='")
    if not setting.is_list:
        return _word(setting, text.strip())
    return [_word(setting, word.strip()) for word in text.split(",")]


def _word(setting: Setting, word: str) -> Any:
    if len(word) > 1 and word[0] == word[-1] and word[0] in "'\"":
        return word[1:-1]
    if setting.scalar_type in TEXT_TYPES:
        return word
    if NUMBER.fullmatch(word):
        number = re.sub("[dD]", "e", word)
        return int(number) if re.fullmatch(r"[+-]?\d+", number) else float(number)
    return "t" in word.lower() if LOGICAL.fullmatch(word) else word


def literal(value: Any) -> str:
    """A value as a namelist writes it; lists with commas, the empty list as ''."""
    if isinstance(value, list | tuple):
        return ", ".join(map(literal, value)) if value else "''"
    if isinstance(value, bool):
        return ".true." if value else ".false."
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


def bounds(setting: Setting) -> str:
    """The allowed range in words, with its unit; '' where every number is allowed."""
    low, high = (f"{limit:g}" if abs(limit) < 1e6 else f"{limit}" for limit in (setting.low, setting.high))
    unit = f" {setting.unit}" if setting.unit not in ("", "1") else ""
    if math.isinf(setting.high):
        return f"at least {low}{unit}" if math.isfinite(setting.low) else ""
    return f"{low} to {high}{unit}" if math.isfinite(setting.low) else f"at most {high}{unit}"


def _hint(word: str, names: tuple[str, ...]) -> str:
    hint = suggestion(word, names)
    return hint if "did you mean" in hint else ""
