"""Settings of what is written, where, and how often: the group &output."""

from .setting import Setting

OUTPUT = (
    Setting("output", "directory", "path", "", "folder of all files written; '' = output/<name of the namelist>"),
    Setting(
        "output",
        "variables",
        "texts",
        ("streamflow",),
        "quantities to write (freshet describe variables); 'states', 'fluxes' and 'all' stand for groups of them",
    ),
    Setting(
        "output",
        "frequency",
        "text",
        "day",
        "values of each day, or means (sums of amounts in mm): 'month', 'year', 'run', or a multiple such as '5 days' "
        "or '3 months'; of a model with several steps a day also 'step', or '6 hours'",
    ),
    Setting(
        "output", "steps", "texts", (), "more quantities, as values of each step of the model, in files of their own"
    ),
    Setting("output", "daily", "texts", (), "more quantities, as values of each day, in files of their own"),
    Setting("output", "monthly", "texts", (), "more quantities, as means of months, in files of their own"),
    Setting("output", "yearly", "texts", (), "more quantities, as means of years, in files of their own"),
    Setting(
        "output",
        "maps",
        "text",
        "grid",
        "grids only: 'grid' writes latitude by longitude, 'cells' the active cells alone (CF: compressed by "
        "gathering), 'none' no maps, series at gauges alone",
        choices=("grid", "cells", "none"),
    ),
    Setting(
        "output",
        "gauges",
        "texts",
        ("all",),
        "quantities written as series at the gauges of the network; 'all' = everything that is written, 'none' = no "
        "series",
    ),
    Setting("output", "gauge_frequency", "text", "day", "as frequency, of the series at gauges"),
    Setting(
        "output",
        "mode",
        "text",
        "auto",
        "grids only, who writes: 'single' one process all of it, 'rank' every process files of its own (freshet join "
        "makes one of them), 'zarr' all into one zarr store, 'parallel' all into one file through parallel HDF5; "
        "'auto' = single up to 16 processes, then rank",
        choices=("auto", "single", "rank", "zarr", "parallel"),
    ),
    Setting(
        "output",
        "window",
        "integer",
        0,
        "grids only: records that are collected, compressed and written at once; 0 = 32 days or 12 months",
        low=0,
        high=3660,
    ),
    Setting("output", "restart_every", "integer", 0, "days between restart files; 0 = only at the end", "d", low=0),
    Setting("output", "keep_restarts", "integer", 2, "how many restart files are kept", low=1, high=1000),
    Setting("output", "compression", "integer", 1, "deflate level of the output; 0 = none", low=0, high=9),
    Setting(
        "output",
        "significant_digits",
        "integer",
        0,
        "grids only: decimal digits that are kept, others are rounded off so that files get smaller; 0 = all",
        low=0,
        high=15,
    ),
    Setting("output", "overwrite", "logical", False, "replace the output of an earlier run in the same directory"),
)
