"""Settings of the group &grid: static fields on a grid, the river network and its gauges."""

from .setting import Setting

GRID_GROUPS = {"grid": "cells, static fields, flow directions and gauges (form = 'grid' of &data)"}

GRID = (
    Setting(
        "grid",
        "path",
        "inputs",
        (),
        "netCDF files of static fields; the first one's coordinates are the grid, the others are put on it",
    ),
    Setting("grid", "latitude", "text", "", "variable of latitudes; '' = recognised"),
    Setting("grid", "longitude", "text", "", "variable of longitudes; '' = recognised"),
    Setting(
        "grid",
        "land_mask",
        "text",
        "",
        "variable of land: 0 and 1, a fraction, or one that is missing at sea; '' = recognised, 'none' = all cells",
    ),
    Setting("grid", "area", "text", "", "variable of cell areas; '' = recognised, 'sphere' = computed"),
    Setting("grid", "land_area", "text", "", "variable of the land area of cells, instead of area times land mask"),
    Setting("grid", "flow_direction", "text", "", "variable of flow directions; '' = recognised, 'none' = no river"),
    Setting(
        "grid",
        "coding",
        "text",
        "auto",
        "of the flow directions: ESRI powers of two, keypad (PCRaster, HD), TRIP, number or id of the downstream cell",
        choices=("auto", "d8", "ldd", "hd", "trip", "index"),
    ),
    Setting(
        "grid", "cell_ids", "text", "", "variable of the ids of cells, where the flow directions are downstream ids"
    ),
    Setting(
        "grid",
        "lost_links",
        "text",
        "refuse",
        "cells that drain off the grid or into cells without direction: refuse them, or end their water there",
        choices=("refuse", "end"),
    ),
    Setting(
        "grid",
        "region",
        "reals",
        (),
        "take only cells whose centres lie in south, north, west, east; west > east crosses the date line",
        "degrees",
        low=-360,
        high=360,
    ),
    Setting(
        "grid",
        "distance",
        "text",
        "sphere",
        "between cells: great circles, or HydroPy's own formula (for global grids, without wrapping)",
        choices=("sphere", "hydropy"),
    ),
    Setting(
        "grid",
        "fields",
        "texts",
        (),
        "static fields by other names or as constants: 'wcap = my_capacity', 'perm = 0'",
    ),
    Setting(
        "grid",
        "product",
        "text",
        "auto",
        "whose static fields these are: HydroPy's own, or WaterGAP's or PCR-GLOBWB's, turned into HydroPy's",
        choices=("auto", "hydropy", "watergap", "pcrglobwb"),
    ),
    Setting(
        "grid",
        "without_weather",
        "text",
        "refuse",
        "land without weather on the first day: refuse it, or leave it out, as HydroPy does",
        choices=("refuse", "leave"),
    ),
    Setting(
        "grid",
        "start_states",
        "input",
        "",
        "netCDF file of states at the start, by the model's names or HydroPy's, such as a restart file of HydroPy",
    ),
    Setting("grid", "gauges", "input", "", "csv or netCDF table of gauges: id, name, latitude, longitude, area (km2)"),
    Setting("grid", "gauge_reach", "real", 1.6, "how far a gauge may be moved", "cell widths", low=0, high=100),
    Setting("grid", "gauge_basins", "logical", False, "take only cells that drain to the gauges"),
)
