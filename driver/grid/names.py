"""Names under which files keep what a grid needs, the preferred first; upper and lower case are alike."""

from __future__ import annotations

from collections.abc import Iterable

LATITUDE = ("latitude", "lat", "nav_lat", "y")
LONGITUDE = ("longitude", "lon", "nav_lon", "x", "long")
LAND_MASK = (
    "lsm", "land_mask", "landmask", "land_sea_mask", "land_binary_mask", "land_fraction", "landfrac", "sftlf", "mask",
)  # fmt: skip
AREA = ("area", "cell_area", "cellarea", "areacella", "grid_area", "gridarea", "cell_size")
LAND_AREA = ("landarea", "land_area", "continental_area", "arealand")
FLOW_DIRECTION = (
    "flow_direction", "flowdirection", "flow_dir", "flowdir", "fdir", "flwdir", "drainage_direction", "ldd", "d8",
    "rivdir", "lddi", "directions",
)  # fmt: skip
# HydroPy's: row and column, from 0, of the cell into which each cell drains.
TARGET_ROW, TARGET_COLUMN = "rout_lat", "rout_lon"


def recognised(known: Iterable[str], there: Iterable[str]) -> str:
    """The first of the known names that is there, as it is written there; '' where none is."""
    folded = {name.lower(): name for name in there}
    return next((folded[name] for name in known if name in folded), "")
