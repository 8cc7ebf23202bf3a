"""States of a tile-band of VIC, declared once (vic.md, sections 2 and 6; Hamman et al., 2018).

Snow is in m of water as in VIC, water of soil and canopy in mm. Layered states follow the single ones.
"""

from ..variable import Variable, layout

SINGLE = (
    Variable("snow_water_equivalent", "m", "ice and liquid water of the snow on the ground", 0, default=0.0,
             standard_name="lwe_thickness_of_surface_snow_amount", symbol="OUT_SWE", balance=1),
    Variable("snow_surface_liquid", "m", "liquid water of the snow's surface layer", 0, default=0.0),
    Variable("snow_pack_liquid", "m", "liquid water of the snow's lower layer", 0, default=0.0),
    Variable("snow_surface_temperature", "degC", "temperature of the snow's surface layer", -120, 0.5, 0.0,
             symbol="OUT_SNOW_SURF_TEMP"),
    Variable("snow_pack_temperature", "degC", "temperature of the snow's lower layer", -120, 0.5, 0.0,
             symbol="OUT_SNOW_PACK_TEMP"),
    Variable("snow_cold_content", "J m-2", "cold content of the snow's surface layer", default=0.0),
    Variable("snow_depth", "m", "depth of the snow", 0, default=0.0, standard_name="surface_snow_thickness"),
    Variable("snow_density", "kg m-3", "density of the snow", 0, default=0.0, symbol="OUT_SNOW_DENSITY"),
    Variable("snow_albedo", "1", "albedo of the snow", 0, 1, 0.0, symbol="OUT_SALBEDO"),
    Variable("snow_age", "1", "sub-steps since the last snowfall", 0, default=0.0, discrete=True),
    Variable("snow_melting", "1", "whether the snow is in its melting season", 0, 1, 0.0, discrete=True),
    Variable("canopy_snow", "m", "snow held by the canopy, as water", 0, default=0.0, symbol="OUT_SNOW_CANOPY",
             balance=1),
    Variable("canopy_melt", "m", "melt water that the canopy's snow has kept back", 0, default=0.0),
    Variable("canopy_water", "mm", "liquid water on the canopy", 0, default=0.0, symbol="OUT_WDEW",
             standard_name="lwe_thickness_of_canopy_water_amount", balance=1),
    Variable("foliage_temperature", "degC", "temperature of the canopy", -120, 90, 0.0, symbol="OUT_TFOL"),
    Variable("upward_longwave", "W m-2", "longwave radiation that the understorey emitted in the last step", 0,
             default=306.0),
)  # fmt: skip
S = layout(SINGLE)


# What VIC remembers of the canopy between steps that have several sub-steps of snow: means of the last one with snow.
REMEMBERED = (
    Variable("canopy_advected_heat", "W m-2", "heat that rain brought to the canopy's snow when there last was some",
             default=0.0),
    Variable("canopy_refreeze_heat", "W m-2", "heat of refreezing in the canopy when there last was snow",
             default=0.0),
)  # fmt: skip


def states(layers: int, nodes: int, frozen: bool, remembered: bool = False) -> tuple[Variable, ...]:
    """All states of a form: single ones, then moisture and ice of each layer, then the temperature of each node.

    remembered: those follow that only compatible forms with several sub-steps of snow have.
    """
    moisture = tuple(
        Variable(f"soil_moisture_{k}", "mm", f"water and ice of soil layer {k}", 0, default=0.0,
                 symbol=f"OUT_SOIL_MOIST_{k}", balance=1)
        for k in range(1, layers + 1)
    )  # fmt: skip
    ice = tuple(
        Variable(f"soil_ice_{k}", "mm", f"ice of soil layer {k}", 0, default=0.0, symbol=f"OUT_SOIL_ICE_{k}")
        for k in range(1, layers + 1 if frozen else 1)
    )  # fmt: skip
    temperature = tuple(
        Variable(f"soil_temperature_{n}", "degC", f"temperature of thermal node {n} of the soil", -120, 90, 0.0,
                 symbol=f"OUT_SOIL_TNODE_{n}")
        for n in range(1, nodes + 1)
    )  # fmt: skip
    return SINGLE + moisture + ice + temperature + (REMEMBERED if remembered else ())
