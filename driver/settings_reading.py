"""Settings of the groups that read a trained network and judge a run by data that it never saw."""

from .setting import Setting

READING_GROUPS = {
    "explain": "what freshet explain finds out about a trained network",
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
        500,
        "draws of another place and of a point on the way from it, for each place explained",
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
    Setting("explain", "maps", "integer", 1, "attributes of each parameter drawn as maps, most important first", low=0),
    Setting("explain", "format", "text", "png", "file format of the pictures", choices=("png", "pdf", "svg")),
)

READING = EXPLAIN
