"""HydroPy: snow, skin and canopy, improved ARNO soil, surface water and groundwater (Stacke & Hagemann, 2021)."""

from dataclasses import replace

from ..model import Model
from ..variable import Variable
from . import declarations as d
from .column import column
from .column_adjoint import column_adjoint

MELTS = ("temporal", "spatial", "both")  # what the degree-day factor follows: day length, the cell's own, or both
FORMS: tuple[dict[str, bool | str], ...] = (
    {},
    {"melt": "both", "leakage": True},
    {"melt": "spatial", "skin": False, "smooth": True},
)


def build(melt: str = "temporal", skin: bool = True, leakage: bool = False, smooth: bool = False) -> Model:
    """HydroPy with the original's options; smooth softens the switches that have no gradient (see switches.py).

    Raises ValueError where melt is not one of MELTS.
    """
    if melt not in MELTS:
        raise ValueError(f"unknown melt '{melt}' of hydropy, expected one of: {', '.join(MELTS)}")
    words = (
        "" if melt == "temporal" else f"-{melt}",
        "" if skin else "-noskin",
        "-leakage" if leakage else "",
        "-smooth" if smooth else "",
    )
    temporal, spatial = melt in ("temporal", "both"), melt in ("spatial", "both")
    return Model(
        name="hydropy",
        label="hydropy" + "".join(words),
        options={"temporal": temporal, "spatial": spatial, "skin": skin, "leakage": leakage, "smooth": smooth},
        states=d.STATES,
        forcings=d.FORCINGS,
        parameters=d.PARAMETERS,
        geometry=d.GEOMETRY,
        fluxes=d.FLUXES,
        column=column,
        column_adjoint=column_adjoint,
        trainable=tuple(replace(v, low=d.BOUNDS[v.name][0], high=d.BOUNDS[v.name][1]) for v in _chosen()),
        reference="Stacke & Hagemann (2021)",
    )


def _chosen() -> list[Variable]:
    return [variable for variable in d.PARAMETERS if variable.name in d.BOUNDS]
