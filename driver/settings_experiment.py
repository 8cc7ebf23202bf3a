"""Settings of experiments: trainings that belong together, their variants, and searches over hyperparameters."""

from .setting import Setting

EXPERIMENT_GROUPS = {
    "variants": "variants of the training in an experiment: each key is a name, with a list of 'group.key=value'",
    "experiment": "trainings that belong together: splits of the basins, seeds and variants (freshet experiment)",
}

KINDS = ("temporal", "seeds", "ungauged_basins", "ungauged_regions", "spatial", "spatiotemporal")

EXPERIMENT = (
    Setting(
        "experiment",
        "kind",
        "text",
        "temporal",
        "what is held out of the training: 'temporal' and 'seeds' nothing but the test period, 'ungauged_basins' one "
        "fold of basins after the other, 'ungauged_regions' one region after the other (both scored in the test "
        "period), 'spatial' folds scored in the training period, 'spatiotemporal' folds scored in both",
        choices=KINDS,
    ),
    Setting("experiment", "folds", "integer", 10, "parts into which the basins are dealt out", low=2, high=1000),
    Setting("experiment", "fold_seed", "integer", 1, "the same seed deals the basins alike", low=0, high=2**31 - 1),
    Setting("experiment", "attribute", "text", "huc_02", "attribute of the basins that tells their region"),
    Setting(
        "experiment",
        "regions",
        "texts",
        (),
        "values of the attribute that are held out together, joined by +, such as '1+2'; '' = of huc_02 the seven "
        "regions of Feng et al. (2021), of another attribute each value, of one with many values as many parts of "
        "equal size as folds",
    ),
    Setting("experiment", "seeds", "integers", (1,), "each training is repeated with these seeds", low=0),
    Setting(
        "experiment",
        "groups",
        "texts",
        (),
        "attributes by which medians are told apart: 0/1 or classes, 'name x y' cuts numbers at x and y",
    ),
    Setting(
        "experiment",
        "published",
        "texts",
        (),
        "columns of the table with what others reached, such as 'Feng 2022: nse=0.73 |fhv|=15.3', where |fhv| is the "
        "median of absolute values",
    ),
    Setting(
        "experiment",
        "ensemble",
        "logical",
        False,
        "average the flow of the test over the seeds too, and score that: the trainings keep their flow",
    ),
    Setting("experiment", "plots", "logical", True, "draw distributions, and boxes by group"),
    Setting("experiment", "workers", "integer", 1, "processes that train at the same time", low=1, high=4096),
    Setting("experiment", "directory", "path", "", "folder of the trainings; '' = experiment in that of &output"),
)

SEARCH_GROUPS = {"search": "hyperparameters that freshet search tries, by the skill in the validation period"}

SEARCH = (
    Setting(
        "search",
        "ranges",
        "texts",
        (),
        "what is tried: 'group.key low high', with 'log' or 'step x' behind it, or 'group.key a|b|c'",
    ),
    Setting("search", "trials", "integer", 30, "trainings in all, those cut short among them", low=1),
    Setting(
        "search",
        "sampler",
        "text",
        "tpe",
        "how the next is chosen: tree-structured Parzen estimator (Bergstra et al., 2011), or at random",
        choices=("tpe", "random"),
    ),
    Setting("search", "startup", "integer", 10, "trainings chosen at random before tpe begins", low=1),
    Setting(
        "search",
        "pruner",
        "text",
        "hyperband",
        "which trainings are cut short: by Hyperband (Li et al., 2018), those below the median, or none",
        choices=("hyperband", "median", "none"),
    ),
    Setting("search", "least_epochs", "integer", 3, "no training is cut short before", low=1),
    Setting("search", "reduction", "integer", 3, "of Hyperband: one of so many goes on at each rung", low=2, high=100),
    Setting("search", "seed", "integer", 1, "the same seed tries the same, with one process", low=0, high=2**31 - 1),
    Setting("search", "workers", "integer", 1, "processes that train at the same time", low=1, high=4096),
    Setting("search", "directory", "path", "", "folder of the trainings; '' = search in that of &output"),
)
