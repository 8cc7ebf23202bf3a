"""Settings of the group &network: what gives a model its parameters."""

from .setting import Setting

NETWORK = (
    Setting(
        "network",
        "kind",
        "text",
        "attributes",
        "'attributes' learns parameters from basin attributes, 'single' is one set for all basins (the calibrated "
        "benchmark), 'basin' one set for each basin; 'lstm' learns from attributes and daily weather; 'lstm_mlp' has "
        "an lstm for the dynamic parameters and a perceptron for the others; 'streamflow' is an lstm that gives flow "
        "without a model",
        choices=("attributes", "single", "basin", "lstm", "lstm_mlp", "streamflow"),
    ),
    Setting(
        "network",
        "hidden",
        "integers",
        (256, 256),
        "sizes of the hidden layers; of an lstm: width of the linear layer before it, and its units",
        low=1,
        high=65536,
    ),
    Setting(
        "network",
        "static_hidden",
        "integers",
        (256, 256),
        "sizes of the hidden layers of the perceptron of lstm_mlp",
        low=1,
        high=65536,
    ),
    Setting(
        "network",
        "dropout",
        "real",
        0.0,
        "share of hidden units dropped while training; of an lstm: of its two matrices (published: 0.5)",
        low=0,
        high=0.95,
    ),
    Setting("network", "dynamic", "texts", (), "parameters that an lstm gives anew every day; '' = none"),
    Setting(
        "network",
        "dynamic_dropout",
        "real",
        0.0,
        "share of basins, for each dynamic parameter, where it stays the same all days of a minibatch",
        low=0,
        high=1,
    ),
    Setting(
        "network",
        "precipitation_correction",
        "text",
        "none",
        "a factor for precipitation that is learned too: one for each basin, or with a yearly cycle",
        choices=("none", "basin", "season"),
    ),
    Setting("network", "correction_limit", "real", 1.5, "largest factor; the smallest is its inverse", low=1, high=10),
    Setting(
        "network",
        "products",
        "text",
        "float32",
        "precision of the matrix products of an lstm: bfloat16 is twice as fast where the processor has it",
        choices=("float32", "bfloat16"),
    ),
    Setting("network", "activation", "text", "relu", "of the hidden layers", choices=("relu", "tanh", "gelu", "silu")),
    Setting("network", "spread", "real", 1.0, "scatter of the starting parameters between components", low=0, high=10),
    Setting("network", "logarithm", "logical", True, "take skewed positive attributes by their logarithm"),
)
