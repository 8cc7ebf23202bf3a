"""Settings of the model hydropy: the options of the original program, and what is new here."""

from .setting import Setting

HYDROPY_GROUPS = {"hydropy": "options of the model hydropy"}

HYDROPY = (
    Setting(
        "hydropy",
        "melt",
        "text",
        "temporal",
        "what the melt rate of snow follows: the length of the day, the degree-day factor of the cell (ddfac), or both",
        choices=("temporal", "spatial", "both"),
    ),
    Setting("hydropy", "skin", "logical", True, "water is held, and evaporates, on bare soil and leaves"),
    Setting("hydropy", "leakage", "logical", False, "surface water leaks to the groundwater"),
    Setting("hydropy", "permafrost", "logical", True, "permafrost lessens the storage of the soil"),
    Setting(
        "hydropy",
        "smooth",
        "logical",
        False,
        "smooth curves in place of the switches that have no gradient, for calibration: frost, onset of drainage, "
        "runoff of a full soil",
    ),
)
