"""Which places of a run belong to which basin of the independent data: by id, or by where they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .errors import InputError
from .independent_reference import Mask, Reference, nearest
from .independent_run import Groups, Places

BY_ID, BY_PLACE = "id", "place"


@dataclass(frozen=True)
class Match:
    """Basins of the reference that the run has places in.

    basin [group] index in the reference; groups: the places of each; coverage [group]: share of the basin's area that
    the places have, NaN where an area is not known; places [group]: how many
    """

    how: str
    basin: np.ndarray
    groups: Groups
    coverage: np.ndarray
    places: np.ndarray


def match(how: str, places: Places, reference: Reference, mask: Mask | None) -> Match:
    """The places of each basin: `how` is 'id', 'place', or 'auto' (ids where any is the same, else where they lie).

    By place, a place belongs to the basin in whose cells of the mask its coordinates lie (of a cell: its centre);
    places of a basin are averaged by their areas. InputError where nothing belongs together.
    """
    named = {name.strip().upper(): index for index, name in enumerate(reference.ids)}
    basin = np.array([named.get(name.strip().upper(), -1) for name in places.ids], np.int64)
    if how == BY_ID or (how == "auto" and (basin >= 0).any()):
        if not (basin >= 0).any():
            told = f"of the run: {', '.join(places.ids[:3]) or 'a grid'}; there: {', '.join(reference.ids[:3])}"
            raise InputError(f"'{reference.path}' has no basin with an id of the run ({told}): match by 'place'")
        return _matched(BY_ID, basin, places, reference, None)
    if mask is None:
        raise InputError(
            f"'{reference.path}' has no basin with an id of the run, and no mask says where its basins lie: give mask"
        )
    row, column = nearest(places.latitude, mask.latitude), nearest(places.longitude, mask.longitude)
    here = (row >= 0) & (column >= 0) & np.isfinite(places.latitude) & ~(places.area == 0)
    number = np.where(here, mask.number[np.maximum(row, 0), np.maximum(column, 0)], 0)
    of_number = {int(value): index for index, value in enumerate(reference.number) if value != 0}
    basin = np.array([of_number.get(int(value), -1) for value in number], np.int64)
    if not (basin >= 0).any():
        raise InputError(f"no place of the run lies in a basin of '{reference.path}'")
    return _matched(BY_PLACE, basin, places, reference, mask)


def _matched(how: str, basin: np.ndarray, places: Places, reference: Reference, mask: Mask | None) -> Match:
    member = np.flatnonzero(basin >= 0)
    member = member[np.argsort(basin[member], kind="stable")]
    found, group, count = np.unique(basin[member], return_inverse=True, return_counts=True)
    area = places.area[member]
    weight = np.where(np.isfinite(area), area, np.nanmean(area) if np.isfinite(area).any() else 1.0)
    whole = reference.area[found]
    if mask is not None:
        each = np.broadcast_to(mask.area[:, None], mask.number.shape).ravel()
        cells = np.bincount(np.maximum(mask.number, 0).ravel(), each, minlength=int(reference.number.max()) + 1)
        whole = np.where(np.isfinite(whole), whole, cells[reference.number[found]])
    have = np.bincount(group, np.where(np.isfinite(area), area, np.nan))
    groups = Groups(member, group.astype(np.int64), weight, len(found))
    return Match(how, found, groups, have / whole, count)
