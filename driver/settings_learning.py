"""Settings of the groups that train, evaluate and plot."""

from .setting import Setting
from .settings_network import NETWORK

LEARNING_GROUPS = {
    "network": "the network that turns basin attributes into parameters",
    "training": "periods, batches, optimiser and loss of freshet train",
    "evaluation": "what freshet evaluate compares with observed discharge",
    "plot": "what freshet plot draws",
}

TRAINING = (
    Setting("training", "start", "date", "", "first day whose discharge is fitted"),
    Setting("training", "end", "date", "", "last day whose discharge is fitted"),
    Setting("training", "validation_start", "date", "", "first day of validation; '' = no validation"),
    Setting("training", "validation_end", "date", "", "last day of validation"),
    Setting("training", "test_start", "date", "", "first day of the test; '' = no test after training"),
    Setting("training", "test_end", "date", "", "last day of the test"),
    Setting(
        "training",
        "basins",
        "texts",
        (),
        "basins to learn from, by id, or the name of a text file with one id per line; '' = all of &data",
    ),
    Setting(
        "training",
        "test_basins",
        "texts",
        (),
        "basins scored at the end, as in basins; those not learned from are seen by nothing before, not even by the "
        "normalisation; '' = those learned from",
    ),
    Setting(
        "training",
        "variables",
        "texts",
        (),
        "what is learned on a grid: 'name', 'name low high' or 'name x low high' (multiples), names joined by + have "
        "one value; '' = the trainable parameters of the model and the residence time of the router",
    ),
    Setting("training", "epochs", "integer", 50, "passes over the data", low=1),
    Setting("training", "batch_basins", "integer", 100, "basins of a minibatch", low=1),
    Setting("training", "window_days", "integer", 365, "days of a minibatch that count in the loss", "d", low=1),
    Setting("training", "warmup_days", "integer", 365, "days simulated before each window, unscored", "d", low=0),
    Setting("training", "learning_rate", "real", 0.001, "step size of the optimiser", low=1e-12, high=100),
    Setting("training", "optimiser", "text", "adam", "optimiser", choices=("adam", "adamw", "adadelta", "sgd")),
    Setting(
        "training",
        "loss",
        "text",
        "two_part_rmse",
        "what is made small: two_part_rmse mixes flow and its logarithm by loss_alpha",
        choices=("rmse", "nse", "kge", "two_part_rmse"),
    ),
    Setting("training", "loss_alpha", "real", 0.25, "weight of the logarithmic part of two_part_rmse", low=0, high=1),
    Setting("training", "loss_offset", "real", 0.1, "added to the deviation that nse divides by", "mm d-1", low=0),
    Setting(
        "training",
        "schedule",
        "text",
        "constant",
        "course of the learning rate: constant, cosine down to a hundredth, halved four times",
        choices=("constant", "cosine", "halving"),
    ),
    Setting("training", "weight_decay", "real", 0.0, "pull of the weights to zero", low=0, high=1),
    Setting(
        "training", "patience", "integer", 10, "epochs without gain in validation before stopping; 0 = never", low=0
    ),
    Setting("training", "seed", "integer", 1, "the same seed gives the same training", low=0, high=2**31 - 1),
    Setting("training", "steps_per_epoch", "integer", 0, "minibatches of an epoch; 0 = one look at every day", low=0),
    Setting(
        "training",
        "directory",
        "path",
        "",
        "folder of checkpoints and logs; '' = training in the directory of &output",
    ),
    Setting("training", "resume", "logical", False, "go on from the last checkpoint in the directory"),
    Setting("training", "overwrite", "logical", False, "replace an earlier training in the same directory"),
    Setting("training", "series", "logical", False, "write the flow of the test too, by basin and day: series.nc"),
    Setting("training", "tensorboard", "logical", False, "write the course of the training for TensorBoard too"),
    Setting("training", "clip", "real", 1.0, "largest norm of the gradient; 0 = not clipped", low=0),
)

EVALUATION = (
    Setting(
        "evaluation",
        "simulation",
        "input",
        "",
        "output file or folder of freshet run; '' and no checkpoint = the directory of &output",
    ),
    Setting("evaluation", "checkpoint", "inputs", (), "trained networks; the flow of several is averaged"),
    Setting(
        "evaluation",
        "start",
        "date",
        "",
        "first day compared; '' = first of the simulation, or of the test period of &training",
    ),
    Setting(
        "evaluation",
        "end",
        "date",
        "",
        "last day compared; '' = last of the simulation, or of the test period of &training",
    ),
    Setting(
        "evaluation",
        "warmup_days",
        "integer",
        3653,
        "days simulated before the start with checkpoints and parameters, as far as the data go back; never fewer than "
        "in &run",
        "d",
        low=0,
        high=36500,
    ),
    Setting("evaluation", "directory", "path", "", "folder of tables and plots; '' = the directory of &output"),
    Setting(
        "evaluation",
        "benchmarks",
        "texts",
        (),
        "models to compare with: 'default' (the default parameters), checkpoints, output files or folders of runs",
    ),
    Setting(
        "evaluation",
        "labels",
        "texts",
        (),
        "names in tables and plots, of the evaluated model and each benchmark; '' = made from the paths",
    ),
    Setting(
        "evaluation",
        "subsets",
        "texts",
        ("test_subset",),
        "0/1 attributes of the data whose basins get a summary of their own",
    ),
    Setting(
        "evaluation",
        "minimum_days",
        "integer",
        100,
        "basins with fewer observed days in the period get no score",
        "d",
        low=1,
    ),
    Setting(
        "evaluation",
        "metric",
        "text",
        "nse",
        "score by which basins are called good or bad",
        choices=("nse", "kge_2009", "kge_2012", "log_nse"),
    ),
    Setting("evaluation", "worst", "integer", 10, "how many of the worst basins are explained", low=0),
    Setting("evaluation", "plots", "logical", True, "draw map, distribution and hydrographs"),
)

PLOT = (
    Setting(
        "plot",
        "input",
        "input",
        "",
        "folder of freshet evaluate or freshet train, output of freshet run; '' = what they made of this namelist",
    ),
    Setting("plot", "directory", "path", "", "folder of the pictures; '' = the directory of &evaluation"),
    Setting("plot", "basins", "texts", (), "basins whose hydrographs are drawn; '' = a few from best to worst"),
    Setting("plot", "start", "date", "", "first day of the hydrographs; '' = of a year of typical flow"),
    Setting("plot", "end", "date", "", "last day of the hydrographs"),
    Setting("plot", "logarithmic", "logical", False, "logarithmic axis of flow in the hydrographs"),
    Setting(
        "plot",
        "kinds",
        "texts",
        ("map", "distribution", "hydrograph", "training"),
        "pictures to draw, of those that the input has",
        choices=("map", "distribution", "hydrograph", "training"),
    ),
    Setting("plot", "format", "text", "png", "file format of the pictures", choices=("png", "pdf", "svg")),
)

LEARNING = NETWORK + TRAINING + EVALUATION + PLOT
