"""Arrays, coordinates and attributes of a zarr store."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from . import columns
from .grid_layout import CellFact
from .history_file import Head, time_attributes, time_values


def make(path: Path, head: Head, bounds: np.ndarray, facts: Mapping[str, CellFact]) -> None:
    """Make the store for the records with these bounds; what was there goes. facts: what the cells are."""
    import zarr
    from zarr.codecs import ZstdCodec

    shutil.rmtree(path, ignore_errors=True)
    group: Any = zarr.open_group(path, mode="w", zarr_format=3)
    cells = len(facts["cell"][0])
    compressors = ZstdCodec(level=head.compression) if head.compression else None
    for each in head.fields:
        group.create_array(
            each.name,
            shape=(len(bounds), cells),
            dtype=head.dtype,
            chunks=(head.depth, min(columns.WIDTH, cells)),
            compressors=compressors,
            fill_value=np.nan,
            dimension_names=("time", "cell"),
            attributes=_attributes(head, each.attributes),
        )
    times = time_values(bounds, head.per_day).astype(np.int32)
    _put(group, "time", times[:, 0], ("time",), time_attributes(head))
    _put(group, "time_bounds", times, ("time", "bound"), {})
    for name, (values, attributes) in facts.items():
        _put(group, name, values, ("cell",), attributes)


def lengthen(path: Path, head: Head, bounds: np.ndarray) -> None:
    """Have room for the records with these bounds."""
    import zarr

    group: Any = zarr.open_group(path, mode="r+", zarr_format=3)
    for each in head.fields:
        group[each.name].resize((len(bounds), group[each.name].shape[1]))
    times = time_values(bounds, head.per_day).astype(np.int32)
    _put(group, "time", times[:, 0], ("time",), time_attributes(head))
    _put(group, "time_bounds", times, ("time", "bound"), {})


def finish(path: Path, head: Head, fixed: Mapping[str, Any], attributes: Mapping[str, Any]) -> None:
    """Write what is known at the end: arrays [place] without time, and the attributes of the store."""
    import zarr

    group: Any = zarr.open_group(path, mode="r+", zarr_format=3)
    place = group["cell_place"][:]
    for name, (values, told) in fixed.items():
        spread = np.full(len(place), np.nan)
        spread[place >= 0] = np.asarray(values)[place[place >= 0]]
        _put(group, name, spread, ("cell",), _attributes(head, told))
    group.attrs.put({"Conventions": "CF-1.11", **{key: _plain(value) for key, value in attributes.items()}})


def _put(group: Any, name: str, values: np.ndarray, dimensions: tuple[str, ...], attributes: Mapping[str, Any]) -> None:
    if name in group:
        del group[name]
    group.create_array(name, data=values, dimension_names=dimensions, attributes=dict(attributes))


def _attributes(head: Head, own: Mapping[str, str]) -> dict[str, str]:
    found = {**own, "coordinates": "cell_latitude cell_longitude", "cell_measures": "area: cell_area"}
    if head.bits is not None:
        found["quantization"] = f"BitRound: {head.bits} bits of the mantissa are kept"
    return {name: text for name, text in found.items() if text}


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
