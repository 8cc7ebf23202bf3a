"""Settings of the groups that train, evaluate and plot."""

from .setting import Setting

LEARNING_GROUPS = {
    "network": "the network that turns basin attributes into parameters",
    "training": "periods, batches, optimiser and loss of freshet train",
    "evaluation": "what freshet evaluate compares with observed discharge",
    "plot": "what freshet plot draws",
}

NETWORK = (
    Setting("network", "hidden", "integers", (256, 256), "sizes of the hidden layers", low=1, high=65536),
    Setting("network", "dropout", "real", 0.0, "share of hidden units dropped while training", low=0, high=0.95),
    Setting("network", "activation", "text", "relu", "of the hidden layers", choices=("relu", "tanh", "gelu", "silu")),
)

TRAINING = (
    Setting("training", "start", "date", "", "first day whose discharge is fitted"),
    Setting("training", "end", "date", "", "last day whose discharge is fitted"),
    Setting("training", "validation_start", "date", "", "first day of validation; '' = no validation"),
    Setting("training", "validation_end", "date", "", "last day of validation"),
    Setting("training", "test_start", "date", "", "first day of the test; '' = no test after training"),
    Setting("training", "test_end", "date", "", "last day of the test"),
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
    Setting(
        "training", "patience", "integer", 10, "epochs without gain in validation before stopping; 0 = never", low=0
    ),
    Setting("training", "seed", "integer", 1, "the same seed gives the same training", low=0, high=2**31 - 1),
    Setting("training", "steps_per_epoch", "integer", 0, "minibatches of an epoch; 0 = one look at every day", low=0),
    Setting("training", "directory", "path", "", "folder of checkpoints and logs; '' = output/<name of the namelist>"),
    Setting("training", "resume", "logical", False, "go on from the last checkpoint in the directory"),
    Setting("training", "clip", "real", 1.0, "largest norm of the gradient; 0 = not clipped", low=0),
)

EVALUATION = (
    Setting("evaluation", "simulation", "input", "", "output file or folder of freshet run"),
    Setting("evaluation", "checkpoint", "inputs", (), "trained networks; several are averaged as an ensemble"),
    Setting("evaluation", "start", "date", "", "first day compared; '' = first of the simulation"),
    Setting("evaluation", "end", "date", "", "last day compared; '' = last of the simulation"),
    Setting("evaluation", "directory", "path", "", "folder of tables and plots; '' = output/<name of the namelist>"),
    Setting(
        "evaluation",
        "benchmarks",
        "texts",
        (),
        "models to compare with: the default parameters, one calibrated set for all basins",
        choices=("default", "single"),
    ),
    Setting("evaluation", "plots", "logical", True, "draw map, distribution and hydrographs"),
)

PLOT = (
    Setting("plot", "input", "input", "", "output file or folder of freshet run or freshet evaluate"),
    Setting("plot", "directory", "path", "", "folder of the pictures; '' = output/<name of the namelist>"),
    Setting("plot", "basins", "texts", (), "basins whose hydrographs are drawn; '' = a few from best to worst"),
    Setting("plot", "start", "date", "", "first day drawn"),
    Setting("plot", "end", "date", "", "last day drawn"),
    Setting(
        "plot",
        "kinds",
        "texts",
        ("map", "distribution", "hydrograph"),
        "pictures to draw",
        choices=("map", "distribution", "hydrograph"),
    ),
    Setting("plot", "format", "text", "png", "file format of the pictures", choices=("png", "pdf", "svg")),
)

LEARNING = NETWORK + TRAINING + EVALUATION + PLOT
