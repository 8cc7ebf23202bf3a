"""HBV: degree-day snow, a soil with a power law, two groundwater zones; any of its published forms."""

from ..model import Model
from . import declarations as d
from .column import column, column_adjoint

# What each version of the publications has on top of 1.0, and how many of the parameters it uses.
VERSIONS = {
    "1.0": {"gamma": False, "capillary": False, "regional": False},
    "1.1p": {"gamma": True, "capillary": True, "regional": False},
    "2.0": {"gamma": True, "capillary": True, "regional": True},
}
FORMS = ({"version": "1.0"}, {"version": "1.0", "gamma": True}, {"version": "1.1p"}, {"version": "2.0"})


def build(version: str = "1.0", gamma: bool = False) -> Model:
    """HBV in the given version; gamma adds the shape of the evaporation curve to 1.0 (the others always have it)."""
    if version not in VERSIONS:
        raise ValueError(f"unknown version '{version}' of hbv, expected one of: {', '.join(VERSIONS)}")
    options = dict(VERSIONS[version])
    options["gamma"] = options["gamma"] or gamma
    count = 16 if options["regional"] else 14 if options["capillary"] else 13 if options["gamma"] else 12
    return Model(
        name="hbv",
        label=f"hbv-{version}" + ("-gamma" if version == "1.0" and gamma else ""),
        options=options,
        states=d.STATES,
        forcings=d.FORCINGS,
        parameters=d.ALL_PARAMETERS[:count],
        geometry=d.GEOMETRY if options["regional"] else (),
        fluxes=d.FLUXES,
        column=column,
        column_adjoint=column_adjoint,
        reference="Seibert & Vis (2012); Feng et al. (2022, 2023, 2024); Song et al. (2024)",
    )
