"""ASCII files of VIC's classic driver: lines of columns, comments behind '#'."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError


@dataclass(frozen=True)
class Line:
    """One line with its columns."""

    path: Path
    number: int
    columns: list[str]

    @property
    def where(self) -> str:
        """File and line, for messages."""
        return f"{self.path}, line {self.number}"

    def value(self, column: int, what: str) -> float:
        """The number in a column (from 0). InputError where it is none."""
        text = self.columns[column]
        try:
            return float(text)
        except ValueError:
            raise InputError(f"{self.where}: column {column + 1} is '{text}', expected a number ({what})") from None

    def values(self, first: int, count: int, what: str) -> list[float]:
        """Numbers of consecutive columns. InputError where one is none, or there are fewer."""
        self.require(first + count, what)
        return [self.value(first + k, what) for k in range(count)]

    def whole(self, column: int, what: str) -> int:
        """The whole number in a column. InputError where it is none."""
        self.require(column + 1, what)
        found = self.value(column, what)
        if found != int(found):
            raise InputError(f"{self.where}: column {column + 1} is {found:g}, expected a whole number ({what})")
        return int(found)

    def require(self, count: int, what: str) -> None:
        """InputError where the line has fewer columns."""
        if len(self.columns) < count:
            raise InputError(f"{self.where}: {len(self.columns)} columns, expected at least {count} (up to {what})")


def lines(path: Path, what: str) -> list[Line]:
    """Lines of a file that hold something. InputError where it cannot be read, or holds nothing."""
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}: expected {what} of VIC's classic driver") from error
    found = [
        Line(path, number, columns)
        for number, line in enumerate(text.splitlines(), 1)
        if (columns := line.partition("#")[0].split())
    ]
    if not found:
        raise InputError(f"{path} holds nothing: expected {what} of VIC's classic driver")
    return found
