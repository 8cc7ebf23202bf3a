"""Settings of the groups that read a trained network and judge a run by data that it never saw."""

from .setting import Setting

READING_GROUPS = {
    "explain": "what freshet explain finds out about a trained network",
    "independent": "data that no training has seen, and what of a run is compared with them",
}

EXPLAIN = (
    Setting(
        "explain",
        "checkpoint",
        "inputs",
        (),
        "trained networks; '' = best.pt in the directory of &training; of several, their mean is explained",
    ),
    Setting("explain", "variables", "texts", (), "parameters to explain; '' = all that the network gives"),
    Setting(
        "explain",
        "components",
        "text",
        "mean",
        "'mean' explains the mean over the components of a place, 'each' every one",
        choices=("mean", "each"),
    ),
    Setting(
        "explain",
        "samples",
        "integer",
        1000,
        "draws of another place and of a point on the way from it, for each place explained; more than there are other "
        "places are whole rounds of them",
        low=1,
        high=1000000,
    ),
    Setting("explain", "seed", "integer", 1, "of the draws", low=0, high=2**31 - 1),
    Setting(
        "explain",
        "background",
        "text",
        "training",
        "what places are compared with: those of the training, or those explained (on a grid always these)",
        choices=("training", "places"),
    ),
    Setting("explain", "directory", "path", "", "folder of tables and plots; '' = explain in the directory of &output"),
    Setting("explain", "plots", "logical", True, "draw the importance of attributes, and maps"),
    Setting(
        "explain",
        "maps",
        "integer",
        1,
        "attributes of each parameter drawn as maps below its own, most important first; 0 = no maps",
        low=0,
    ),
    Setting("explain", "format", "text", "png", "file format of the pictures", choices=("png", "pdf", "svg")),
)

INDEPENDENT = (
    Setting(
        "independent", "simulation", "input", "", "output file or folder of freshet run; '' = the directory of &output"
    ),
    Setting("independent", "reference", "input", "", "netCDF file of monthly series by basin: the data"),
    Setting("independent", "mask", "input", "", "netCDF file of the basins' numbers (mask_value) on a grid"),
    Setting("independent", "climate", "input", "", "netCDF file of Koeppen classes on a grid; '' = as the data say"),
    Setting(
        "independent",
        "pairs",
        "texts",
        (),
        "what is compared: 'et_gleam = evaporation', '~' for departures from the mean, such as 'tws ~ storage'; '' = "
        "every series et_..., tws_..., swe_... and snow_... of the data that the run has a counterpart of",
    ),
    Setting(
        "independent",
        "match",
        "text",
        "auto",
        "places of the run belong to basins by the same id, or by lying in their cells of the mask",
        choices=("auto", "id", "place"),
    ),
    Setting(
        "independent",
        "minimum_coverage",
        "real",
        0.5,
        "basins of which the run covers a smaller share are left out",
        "1",
        low=0,
        high=1,
    ),
    Setting("independent", "minimum_months", "integer", 24, "basins with fewer months get no score", low=2),
    Setting("independent", "start", "date", "", "first month compared; '' = first that both have"),
    Setting("independent", "end", "date", "", "last month compared; '' = last that both have"),
    Setting("independent", "baseline_start", "date", "", "first month of the mean that '~' takes off; '' = all"),
    Setting("independent", "baseline_end", "date", "", "last month of the mean that '~' takes off; '' = all"),
    Setting("independent", "directory", "path", "", "folder of tables and plots; '' = independent in that of &output"),
    Setting("independent", "plots", "logical", True, "draw series and mean years"),
)

READING = EXPLAIN + INDEPENDENT
