"""Text tables: attributes by basin, and series by day."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError

if TYPE_CHECKING:
    from pandas import DataFrame

# Days from 0001-01-01 of the calendar standard (Julian before 1582-10-15) to numpy's 1970-01-01.
SHIFT = 719164
UNKNOWN = ("", "NA", "NaN", "nan", "NULL", "None", "-999", "-9999")


def read_text(path: Path, **options: Any) -> DataFrame:
    """A text table as pandas reads it. InputError where the file is missing, empty or broken."""
    import pandas

    if not path.is_file():
        raise InputError(f"{path} does not exist")
    try:
        return pandas.read_csv(path, encoding="utf-8-sig", **options)
    except pandas.errors.EmptyDataError as error:
        raise InputError(f"{path} is empty: get it again") from error
    except (ValueError, pandas.errors.ParserError, OSError) as error:
        raise InputError(f"{path} cannot be read as a table ({str(error).splitlines()[0]}): cut short?") from error


def read_attributes(paths: Sequence[Path], separator: str, ids: Sequence[str]) -> dict[str, np.ndarray]:
    """Columns of attribute tables (first column: basin) for some basins, float64 or text [place].

    Basins without a row have NaN and ''. InputError where a file cannot be read or a basin has two rows.
    """
    found: dict[str, np.ndarray] = {}
    for path in paths:
        table = read_text(path, sep=separator, dtype=str, keep_default_na=False)
        key = next((name for name in ("gauge_id", "basin_id", "gauge") if name in table.columns), table.columns[0])
        table = table.set_index(key)
        if not table.index.is_unique:
            twice = table.index[table.index.duplicated()][0]
            raise InputError(f"{path}: basin '{twice}' has two rows, expected one")
        rows = table.reindex(list(ids), fill_value="")
        for name in rows.columns:
            values = _numbers_or_text(rows[name].to_numpy(dtype=object))
            found[name] = values if name not in found else _merged(found[name], values)
    return found


def _numbers_or_text(column: np.ndarray) -> np.ndarray:
    """A column of text as float64 where all of it can be read as numbers."""
    known = np.array([text.strip() not in UNKNOWN for text in column], bool)
    values = np.full(len(column), np.nan)
    try:
        values[known] = column[known].astype(np.float64)
    except ValueError:
        return column.astype(str)
    return values


def _merged(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Two columns of one name: where the first knows nothing, the second."""
    if one.dtype.kind == "f" and other.dtype.kind == "f":
        return np.where(np.isfinite(one), one, other)
    if "f" in (one.dtype.kind, other.dtype.kind):
        unknown, known = (one, other) if one.dtype.kind == "f" else (other, one)
        return known if not np.isfinite(unknown).any() else one.astype(str)
    return np.where(one == "", other, one)


def days_of_text(texts: Sequence[str], where: str) -> np.ndarray:
    """Days since 0001-01-01 (calendar standard) of 'YYYY-MM-DD ...'. InputError where one is no date."""
    try:
        days = np.array([text[:10] for text in texts], "datetime64[D]").astype(np.int64)
    except (ValueError, TypeError) as error:
        raise InputError(f"{where} holds what is no date ({error}), expected YYYY-MM-DD: cut short?") from error
    return days + SHIFT


def days_of_numbers(years: np.ndarray, months: np.ndarray, days: np.ndarray, where: str) -> np.ndarray:
    """Days since 0001-01-01 (calendar standard) of years, months and days. InputError where one is no date."""
    begin = ((years - 1970) * 12 + months - 1).astype("datetime64[M]")
    length = (begin + 1).astype("datetime64[D]") - begin.astype("datetime64[D]")
    wrong = (months < 1) | (months > 12) | (days < 1) | (days > length.astype(np.int64))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(
            f"{where}: {years[row]}-{months[row]}-{days[row]} (row {row + 1}) is no date: correct the file"
        )
    return begin.astype("datetime64[D]").astype(np.int64) + days - 1 + SHIFT
