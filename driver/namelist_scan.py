"""Where everything of a namelist stands, and what is wrong with its form.

f90nml takes the last of two equal keys, drops text outside groups, reads 1990-01-01 as 199 and 86400s as two values,
all without a word. This scan finds such lines first; namelist.py then gives f90nml only what is sound.
"""

import re
from dataclasses import dataclass, field

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([ed][+-]?\d+)?", re.IGNORECASE)
LOGICAL = re.compile(r"\.?(true|false|t|f)\.?", re.IGNORECASE)
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(t[\d:.]*z?)?", re.IGNORECASE)
INFINITE = re.compile(r"[+-]?(nan|inf(inity)?)(\(.*\))?", re.IGNORECASE)
WITH_UNIT = re.compile(rf"({NUMBER.pattern})[^\W\d_]\S*", re.IGNORECASE)
TOKEN = re.compile(
    r"""(?P<space>\s+) | (?P<comment>!.*) | (?P<comma>,)
      | (?P<text>(?:\d{1,4}\*)?(?:'(?:[^']|'')*'|"(?:[^"]|"")*"))
      | (?P<open>['"].*)
      | (?P<group>&[^\s,!=/]*)
      | (?P<key>[^\s,!='"&/]+(?:\s*=))
      | (?P<word>[^\s,!='"]+)
      | (?P<stray>.)""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass
class Entry:
    """One key: the line it stands on and its values as written; not sound when something is wrong with it."""

    line: int
    words: list[str] = field(default_factory=list)
    sound: bool = True

    @property
    def text(self) -> str:
        """The values as written."""
        return ", ".join(self.words)


class Scan:
    """Groups and keys of a namelist text with their lines, and all problems of form.

    groups    entries by group and key, both lower case
    lines     line of each group's start
    problems  (line, message) in the order of the text
    """

    def __init__(self, text: str):
        self.groups: dict[str, dict[str, Entry]] = {}
        self.lines: dict[str, int] = {}
        self.problems: list[tuple[int, str]] = []
        self.line = 0
        self._group, self._key = "", ""
        self._entries: dict[str, Entry] = {}
        self._entry: Entry | None = None
        self._comma = False
        self._begun = self._outside = self._keyless = -1
        for line in text.splitlines():
            self.line += 1
            self._scan_line(line)
        if self._group:
            self._unclosed("before the end of the file")

    def _scan_line(self, line: str) -> None:
        for match in TOKEN.finditer(line):
            kind, token = match.lastgroup, match.group()
            if kind in ("space", "comment"):
                continue
            if kind == "group":
                self._start_group(token)
            elif not self._group:
                self._text_outside(line[match.start() :].strip())
                return
            elif kind == "open":
                self._problem(f"the quote of {token[:40].strip()} is not closed on this line", spoil=True)
                return
            elif token.startswith("#"):
                self._problem("comments begin with '!', not with '#'", spoil=True)
                return
            else:
                getattr(self, f"_on_{kind}")(token)

    def _problem(self, message: str, spoil: bool = False, line: int = 0) -> None:
        """Note a problem; of a key that is spoilt already nothing more is said."""
        where = f"&{self._group} " if self._group else ""
        if spoil and self._entry is not None:
            if not self._entry.sound:
                return
            self._entry.sound = False
            where += f"{self._key}: "
        self.problems.append((line or self.line, where + message))

    def _text_outside(self, text: str) -> None:
        if self._outside != self.line - 1:
            remedy = "begin groups with '&'" if text[0] == "$" else "begin comments with '!'"
            self._problem(
                f"'{shortened(text)}' stands outside any group and would be ignored: "
                f"put it between '&group' and '/' ({remedy})"
            )
        self._outside = self.line

    def _unclosed(self, where: str) -> None:
        self._finish_entry()
        self._problem(f"has no closing '/' {where}", line=self._begun)
        self._group = ""

    def _start_group(self, token: str) -> None:
        name = token[1:].lower() or "?"
        if self._group:
            if name == "end":
                self._problem("ends with '&end': end it with '/'")
                self._end_group()
                return
            self._unclosed(f"before {token} on line {self.line}")
        self._entries, self._entry = {}, None
        if name in self.groups:
            self._problem(f"group &{name} appears twice (first on line {self.lines[name]}): join the two")
        else:
            self.groups[name] = self._entries
            self.lines[name] = self.line
        if not name.isidentifier():
            self._problem(f"'{token}' is no name of a group")
        self._group, self._begun = name, self.line

    def _end_group(self) -> None:
        self._finish_entry()
        self._group = ""

    def _finish_entry(self) -> None:
        if self._entry is not None and not self._entry.words and self._entry.sound:
            self._problem("has no value: write one, or delete the key", spoil=True, line=self._entry.line)
        self._entry = None

    def _on_key(self, token: str) -> None:
        self._finish_entry()
        self._key = key = token[:-1].strip().lower()
        self._entry, self._comma = Entry(self.line), True
        if "(" in key or "%" in key:
            self._problem("indices and parts are not understood: write the whole list", spoil=True)
        elif not key.isidentifier():
            self._problem("is no name of a key (letters, digits and '_')", spoil=True)
        elif key in self._entries:
            self._problem(f"is given twice (first on line {self._entries[key].line}): keep one", spoil=True)
        else:
            self._entries[key] = self._entry

    def _on_comma(self, _: str) -> None:
        if self._entry is not None and self._comma:
            self._problem("has an empty place before a comma: every value has to be written", spoil=True)
        self._comma = True

    def _on_stray(self, token: str) -> None:
        self._problem(f"'{token}' does not belong here: write key = value", spoil=True)

    def _without_key(self, token: str) -> None:
        if self._keyless != self.line:
            self._problem(f"'{shortened(token)}' belongs to no key: write key = value")
        self._keyless = self.line

    def _on_text(self, token: str) -> None:
        if self._entry is None:
            self._without_key(token)
        else:
            self._entry.words.append(token)
            self._comma = False

    def _on_word(self, token: str) -> None:
        value = token.removesuffix("/")
        if value != token and (not value or _is_value(value)):
            if value:
                self._on_word(value)
            self._end_group()
            return
        if self._entry is None:
            self._without_key(token)
            return
        if not _is_value(token):
            self._problem(_what_is_wrong(self._key, token), spoil=True)
        self._entry.words.append(token)
        self._comma = False


def _is_value(word: str) -> bool:
    repeated = re.sub(r"^\d{1,4}\*", "", word)
    return bool(NUMBER.fullmatch(repeated) or LOGICAL.fullmatch(repeated))


def _what_is_wrong(key: str, word: str) -> str:
    """Why an unquoted word cannot be a value, and what to write."""
    if DATE.fullmatch(word):
        return f"dates need quotes: write {key} = '{word}'"
    if INFINITE.fullmatch(word):
        return f"found {word}, expected a finite number"
    unit = WITH_UNIT.fullmatch(word)
    if unit:
        return f"found '{word}', a number with a unit: write the number alone ({unit.group(1)}), in the setting's unit"
    if word[0] in "\u2018\u2019\u201c\u201d\u00b4`":
        return f"found the typographic quote {word[0]}: use ' or \""
    word = shortened(word)
    return f"found the unquoted text '{word}': write '{word}' in quotes, or '=' after it if it is a key"


def shortened(text: str) -> str:
    """At most 60 letters of a text, for a message."""
    return text if len(text) <= 60 else text[:57] + "..."
