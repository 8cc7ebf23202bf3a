"""What follows from the parameters and the month alone: computed once a month for each tile (see derive.py)."""

from ..variable import Variable, layout

SINGLE = (
    Variable("wind_surface", "1", "wind at the surface at a wind of 1 m s-1 (U0)"),
    Variable("wind_canopy", "1", "wind at the canopy at a wind of 1 m s-1 (U1)"),
    Variable("wind_snow", "1", "wind at the snow at a wind of 1 m s-1 (U2)"),
    Variable("resistance_surface", "s m-1", "aerodynamic resistance of the surface at a wind of 1 m s-1 (ra0)"),
    Variable("resistance_canopy", "s m-1", "aerodynamic resistance of the canopy at a wind of 1 m s-1 (ra1)"),
    Variable("resistance_snow", "s m-1", "aerodynamic resistance of the snow at a wind of 1 m s-1 (ra2)"),
    Variable("wind_bare", "1", "wind at bare soil at a wind of 1 m s-1"),
    Variable("resistance_bare", "s m-1", "aerodynamic resistance of bare soil at a wind of 1 m s-1"),
    Variable("stability_height", "m", "reference height less displacement of the surface's stability factor (Z - d)"),
    Variable("stability_log", "1", "ln((Z - d)/z0) of the surface's stability factor"),
    Variable("bare_height", "m", "Z - d of bare soil"),
    Variable("bare_log", "1", "ln((Z - d)/z0) of bare soil"),
    Variable("snow_log", "1", "ln((2 + zs)/zs) of snow (its Z - d is 2 + zs)"),
    Variable("leaf_area_index", "1", "leaf area index of the month"),
    Variable("albedo", "1", "albedo without snow of the month; 0.2 on bare soil"),
    Variable("canopy_fraction", "1", "1 = under vegetation, 0 = bare or without leaves (fc)"),
    Variable("transmission", "1", "share of shortwave radiation that passes the canopy (surf_atten)"),
    Variable("canopy_capacity", "mm", "water that the leaves hold (Wmax)"),
    Variable("damped", "1", "1 - exp(-D1/dp): what the first soil layer takes off a wave of temperature"),
    Variable("node_spacing", "1", "distance of the nodes of frozen soil on their logarithmic scale (B)"),
)
D = layout(SINGLE)

LAYERED = (
    Variable("capacity", "mm", "largest moisture (Wm)"),
    Variable("critical", "mm", "moisture below which plants are stressed (Wcr)"),
    Variable("wilting", "mm", "moisture at which plants wilt (Wpwp)"),
    Variable("residual", "mm", "moisture that never leaves (Wr)"),
    Variable("roots", "1", "share of the roots"),
    Variable("porosity", "1", "share of pores"),
    Variable("conductivity_dry", "W m-1 K-1", "heat conductivity of the dry soil (Kdry)"),
    Variable("conductivity_solids", "W m-1 K-1", "share of the solids in the conductivity: Ks^(1 - p)"),
    Variable("conductivity_saturated", "W m-1 K-1", "heat conductivity of the soil full of water (Ksat)"),
    Variable("temperature_share", "1", "share of T1 - T2 in the mean temperature of a layer below the first"),
)
DL = layout(LAYERED)


def derived(layers: int, nodes: int = 0) -> tuple[Variable, ...]:
    """All derived parameters of a form in the order of their rows, which follow those of the parameters.

    nodes: thermal nodes of a form with frozen soil, whose depths are derived; otherwise 0.
    """
    layered = tuple(
        Variable(f"{v.name}_{k}", v.unit, f"{v.meaning} of soil layer {k}")
        for v in LAYERED
        for k in range(1, layers + 1)
    )
    depths = tuple(Variable(f"node_depth_{n}", "m", f"depth of thermal node {n}") for n in range(1, nodes + 1))
    return SINGLE + layered + depths
