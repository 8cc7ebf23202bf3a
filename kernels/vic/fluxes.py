"""Fluxes and diagnostics of VIC, declared once (vic.md, section 6); `symbol` is VIC's name of the output.

Water in mm per step; energy as means over the step, towards the surface or into the soil as each says. Values that VIC
divides by the area where they are defined stand here multiplied by that (0 or 1): outputs.py divides.
"""

from ..variable import Variable, layout


def _water(name: str, meaning: str, symbol: str = "", balance: int = 0, standard_name: str = "") -> Variable:
    return Variable(name, "mm", meaning, standard_name=standard_name, symbol=symbol, balance=balance)


def _storage(name: str, meaning: str, symbol: str = "") -> Variable:
    return Variable(name, "mm", meaning, symbol=symbol, over_time="last")


def _energy(name: str, meaning: str, symbol: str = "", standard_name: str = "") -> Variable:
    return Variable(name, "W m-2", meaning, standard_name=standard_name, symbol=symbol)


SINGLE = (
    _water("precipitation", "rain and snow", "OUT_PREC", 1, "lwe_thickness_of_precipitation_amount"),
    _water("rainfall", "liquid precipitation", "OUT_RAINF"),
    _water("snowfall", "solid precipitation", "OUT_SNOWF"),
    _water("evaporation", "evaporation, transpiration and sublimation", "OUT_EVAP", -1,
           "lwe_thickness_of_water_evaporation_amount"),
    _water("canopy_evaporation", "evaporation of water on the canopy", "OUT_EVAP_CANOP"),
    _water("transpiration", "transpiration", "OUT_TRANSP_VEG"),
    _water("bare_soil_evaporation", "evaporation of bare soil", "OUT_EVAP_BARE"),
    _water("snow_sublimation", "sublimation of the snow on the ground", "OUT_SUB_SNOW"),
    _water("canopy_sublimation", "sublimation of the snow on the canopy", "OUT_SUB_CANOP"),
    _water("potential_evaporation", "potential evapotranspiration", "OUT_PET"),
    _water("snowmelt", "water that leaves the snow", "OUT_SNOW_MELT"),
    _water("inflow", "water that reaches the soil", "OUT_INFLOW"),
    _water("surface_runoff", "water that the soil does not take", "OUT_RUNOFF", 0,
           "lwe_thickness_of_surface_runoff_amount"),
    _water("baseflow", "outflow of the lowest layer", "OUT_BASEFLOW"),
    _water("runoff", "surface runoff and baseflow: what rivers get", "", -1, "lwe_thickness_of_runoff_amount"),
    Variable("saturated_fraction", "1", "share that is saturated", symbol="OUT_ASAT"),
    Variable("snow_cover", "1", "share under snow", symbol="OUT_SNOW_COVER",
             standard_name="surface_snow_area_fraction"),
    _energy("net_shortwave", "net shortwave radiation", "OUT_SWNET", "surface_net_downward_shortwave_flux"),
    _energy("net_longwave", "net longwave radiation", "OUT_LWNET", "surface_net_downward_longwave_flux"),
    _energy("latent_heat", "latent heat, upward", "OUT_LATENT", "surface_upward_latent_heat_flux"),
    _energy("sublimation_heat", "latent heat of sublimation, upward", "OUT_LATENT_SUB"),
    _energy("sensible_heat", "sensible heat, upward", "OUT_SENSIBLE", "surface_upward_sensible_heat_flux"),
    _energy("ground_heat", "heat into the soil", "OUT_GRND_FLUX", "downward_heat_flux_in_soil"),
    _energy("heat_storage", "heat stored by the soil", "OUT_DELTAH"),
    _energy("fusion_heat", "heat of freezing and melting in the soil", "OUT_FUSION"),
    _energy("advected_heat", "heat that rain brings to the snow", "OUT_ADVECTION"),
    _energy("snow_heat_storage", "change of the snow's cold content", "OUT_DELTACC"),
    _energy("melt_heat", "heat of melting when thin snow vanishes", "OUT_MELT_ENERGY"),
    _energy("refreeze_heat", "heat of refreezing in the snow", "OUT_RFRZ_ENERGY"),
    _energy("snow_ground_heat", "heat through the snow", "OUT_SNOW_FLUX"),
    Variable("albedo", "1", "albedo of the surface", symbol="OUT_ALBEDO", standard_name="surface_albedo"),
    Variable("surface_temperature", "degC", "temperature of the surface", symbol="OUT_SURF_TEMP",
             standard_name="surface_temperature"),
    Variable("radiative_power", "K4", "fourth power of the radiative temperature"),
    Variable("conductance_surface", "m s-1", "aerodynamic conductance of the surface"),
    Variable("conductance_canopy", "m s-1", "aerodynamic conductance of tall canopies"),
    Variable("conductance", "m s-1", "aerodynamic conductance of the scene"),
    Variable("bare_temperature", "degC", "temperature of bare soil, 0 elsewhere"),
    Variable("vegetation_temperature", "degC", "temperature of vegetation, 0 elsewhere"),
    Variable("covered_albedo", "1", "albedo of the snow where there is snow, 0 elsewhere"),
    Variable("covered_surface_temperature", "degC", "temperature of the snow's surface where there is snow"),
    Variable("covered_pack_temperature", "degC", "temperature of the snow's lower layer where there is snow"),
    Variable("soil_wetness", "1", "moisture above wilting as a share, mean of the layers", symbol="OUT_SOIL_WET"),
    _storage("root_zone_moisture", "water of the layers with roots", "OUT_ROOTMOIST"),
    _energy("understorey_latent_heat", "latent heat of the understorey, upward", "OUT_LATENT_BAND"),
    _energy("understorey_sensible_heat", "sensible heat of the understorey, upward", "OUT_SENSIBLE_BAND"),
    Variable("snow_fallback", "1", "sub-steps whose snow temperature was not found", symbol="OUT_SNOWT_FBFLAG"),
    Variable("canopy_fallback", "1", "sub-steps in which the canopy's temperature was not found",
             symbol="OUT_TFOL_FBFLAG"),
    Variable("surface_fallback", "1", "sub-steps in which the soil's surface temperature was not found",
             symbol="OUT_SURFT_FBFLAG"),
    Variable("soil_fallback", "1", "sub-steps in which the temperatures of the soil took the explicit scheme"),
    _storage("water_storage", "all water of the tile at the end of the step"),
)  # fmt: skip
X = layout(SINGLE)

LAYERED = (
    _water("layer_evaporation", "evaporation that the surface asks of soil layer"),
    _water("layer_evaporation_taken", "evaporation taken from soil layer"),
    Variable("layer_temperature", "degC", "temperature of soil layer", symbol="OUT_SOIL_TEMP"),
)
XL = layout(LAYERED)


def fluxes(layers: int) -> tuple[Variable, ...]:
    """All fluxes of a form in the order of their rows: single ones, then those of each layer."""
    layered = tuple(
        Variable(f"{v.name}_{k}", v.unit, f"{v.meaning} {k}", symbol=f"{v.symbol}_{k}" if v.symbol else "")
        for v in LAYERED
        for k in range(1, layers + 1)
    )
    return SINGLE + layered
