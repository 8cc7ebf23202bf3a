"""Settings of objectives on grids: groups &objective_1 to &objective_6, &pet_network and &inputs."""

from .setting import Setting

NUMBERED = tuple(f"objective_{number}" for number in range(1, 7))
FIRST, *OTHERS = NUMBERED

OBJECTIVE_GROUPS = {
    FIRST: "a term of the objective on a grid, beside &objective_2 to &objective_6: what is compared, and how",
    **{name: f"another term of the objective; its settings are those of &{FIRST}" for name in OTHERS},
    "pet_network": "a network on a grid that corrects potential evaporation from the cells around (freshet train)",
    "inputs": "static fields from other files for the networks on a grid, beside those of &grid",
}


def _term(group: str) -> tuple[Setting, ...]:
    return (
        Setting(
            group,
            "variable",
            "text",
            "",
            "'discharge' at the gauges, any flux or state of the model, several joined by +, or "
            "'terrestrial_water_storage': all water of land and rivers; '' = no such term",
        ),
        Setting(group, "path", "input", "", "netCDF file of observations; '' = discharge as &data and &grid say"),
        Setting(group, "observed", "text", "", "variable of the file"),
        Setting(
            group,
            "space",
            "text",
            "gauge",
            "of what in space the means are: gauges, cells, blocks of a coarser grid, or regions of a mask",
            choices=("gauge", "cell", "block", "region"),
        ),
        Setting(group, "block", "real", 3.0, "size of blocks", "degrees", low=0.01, high=90),
        Setting(group, "regions", "input", "", "netCDF file of a mask with numbers of regions"),
        Setting(group, "mask", "text", "", "variable of the mask; '' = the only one on its grid"),
        Setting(
            group,
            "number",
            "text",
            "mask_value",
            "variable of the observations that gives a region's number in the mask",
        ),
        Setting(group, "names", "texts", (), "take only these gauges or regions; '' = all that are there"),
        Setting(group, "held_out", "texts", (), "gauges, regions or blocks that are scored, and never learned from"),
        Setting(
            group,
            "minimum_share",
            "real",
            0.5,
            "blocks and regions of which a smaller share lies in the domain do not count",
            low=0,
            high=1,
        ),
        Setting(group, "time", "text", "day", "over what time the means are", choices=("day", "month", "year")),
        Setting(group, "anomaly", "logical", False, "compare what is above the mean of the baseline, of each its own"),
        Setting(group, "baseline_start", "date", "", "first day of the baseline; '' = the training period"),
        Setting(group, "baseline_end", "date", "", "last day of the baseline"),
        Setting(
            group,
            "measure",
            "text",
            "nse",
            "what is made small, for nse and kge: 1 - their mean",
            choices=("nse", "kge", "rmse", "mse", "two_part_rmse"),
        ),
        Setting(
            group, "offset", "real", 0.0, "added to the deviation that nse divides by, in the variable's unit", low=0
        ),
        Setting(group, "alpha", "real", 0.25, "weight of the logarithmic part of two_part_rmse", low=0, high=1),
        Setting(group, "weight", "real", 1.0, "of the term in the sum", low=0),
        Setting(group, "scale", "real", 1.0, "by which observations are multiplied, after their unit is understood"),
    )


PET_NETWORK = (
    Setting(
        "pet_network",
        "kind",
        "text",
        "none",
        "'convolution': potential evaporation plus an error from 3 x 3 cells and 3 days of weather and static fields",
        choices=("none", "convolution"),
    ),
    Setting("pet_network", "hidden", "integer", 16, "channels of the convolution", low=1, high=4096),
    Setting(
        "pet_network", "activation", "text", "tanh", "behind the convolution", choices=("relu", "tanh", "gelu", "silu")
    ),
    Setting(
        "pet_network",
        "limit",
        "real",
        2.0,
        "by how much potential evaporation rises or falls at most; never below 0",
        "mm d-1",
        low=0.01,
        high=50,
    ),
    Setting("pet_network", "chunk_days", "integer", 32, "days computed at once: memory", "d", low=1, high=100000),
)

INPUTS = (
    Setting("inputs", "path", "inputs", (), "netCDF files of static fields on a grid that holds the cells"),
    Setting("inputs", "variables", "texts", (), "fields that are taken from them; '' = all numbers without months"),
)

OBJECTIVE = (*(setting for name in NUMBERED for setting in _term(name)), *PET_NETWORK, *INPUTS)
