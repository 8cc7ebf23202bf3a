"""Which files hold which series, and in which calendar they all count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..errors import ConfigurationError, InputError
from ..nearest import suggestion
from .grid_file import GridFile
from .names import ECMWF_EVAPORATION, FIELDS, find_name, product_of
from .stamps import in_calendar

# Grid step in degrees by which ERA5-Land is told from ERA5, where the files do not say which they are.
ERA5_LAND_STEP = 0.1


def one_calendar(files: Sequence[GridFile]) -> list[GridFile]:
    """The files, all counting in the calendar of the first. InputError where one has other days."""
    first = files[0]
    same = []
    for file in files:
        stamps = in_calendar(file.stamps, first.stamps.calendar)
        if stamps is None:
            raise InputError(
                f"{file.path}: {file.stamps.name} has the calendar {file.stamps.calendar}, {first.path} has "
                f"{first.stamps.calendar}: expected one calendar in all files; convert one of them"
            )
        same.append(file if stamps is file.stamps else replace(file, stamps=stamps))
    return same


def choose_names(files: Sequence[GridFile], weather: Any) -> dict[str, str]:
    """Names in the files of the series that are there, by freshet's name.

    weather: the group &weather; its names come first. ConfigurationError where one of them is in no file.
    """
    present: dict[str, str] = {}
    for file in files:
        present |= {name: standard for name, standard in file.series.items() if name not in present}
    found = {}
    for name, field in FIELDS.items():
        asked = getattr(weather, name)
        if asked and asked not in present:
            raise ConfigurationError(
                f"&weather {name} = '{asked}': no such variable in the files{suggestion(asked, present)}"
            )
        taken = asked or find_name(field, present)
        # ECMWF's own is no evaporation of grass or water: only who asks for it gets it.
        if taken and (asked or taken != ECMWF_EVAPORATION):
            found[name] = taken
    return found


def choose_product(files: Sequence[GridFile], names: dict[str, str], asked: str) -> str:
    """Whose conventions the files follow: as asked, or by names, titles and, for ERA5-Land, the step of the grid."""
    if asked != "auto":
        return asked
    product = product_of(names)
    if product != "era5":
        return product
    titles = " ".join(file.title for file in files).lower().replace("_", "-")
    layout = files[0].layout
    fine = (
        not layout.listed
        and len(layout.latitude) > 1
        and (abs(abs(layout.latitude[1] - layout.latitude[0]) - ERA5_LAND_STEP) < 1e-3)
    )
    return "era5_land" if "era5-land" in titles or fine else "era5"
