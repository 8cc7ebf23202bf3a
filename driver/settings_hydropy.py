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
    # Of the parameters that are derived from static fields, and of the cascade of the rivers.
    Setting(
        "hydropy", "wcap_perma", "real", 50.0, "largest storage of soil with permafrost", "mm", low=0.001, high=5000
    ),
    Setting(
        "hydropy",
        "v_lake",
        "real",
        0.01,
        "flow velocity in a cell full of lakes; 0 = lakes slow nothing",
        "m s-1",
        low=0,
        high=10,
    ),
    Setting(
        "hydropy",
        "v_wetl",
        "real",
        0.06,
        "flow velocity in a cell full of wetlands; 0 = wetlands slow nothing",
        "m s-1",
        low=0,
        high=10,
    ),
    Setting(
        "hydropy",
        "cf_wela",
        "real",
        0.5,
        "share of lakes or wetlands at which half of their effect is reached",
        low=0,
        high=1,
    ),
    Setting("hydropy", "fak_ovr", "real", 1.0, "factor of the residence time of surface water", low=0.001, high=1000),
    Setting("hydropy", "fak_gw", "real", 1.0, "factor of the residence time of groundwater", low=0.001, high=1000),
    Setting(
        "hydropy", "fak_riv", "real", 1.0, "factor of the residence time in the cascade of rivers", low=0.001, high=1000
    ),
)
