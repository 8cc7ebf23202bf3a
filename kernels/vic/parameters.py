"""Forcing, geometry and parameters of VIC, declared once (vic.md, section 2); `symbol` is VIC's own name.

A form's parameters are the single ones, then those by month (12 rows each), by soil layer and by root zone.
"""

from dataclasses import replace

from ..variable import Variable, layout

CLOCK = (
    Variable("month", "1", "month of the step", 1, 12, discrete=True),
    Variable("day_of_year", "1", "day of the year, from 1", 1, 366, discrete=True),
)
WEATHER = (
    Variable("precipitation", "mm", "rain and snow of the sub-step", 0, 500, symbol="PREC",
             standard_name="lwe_thickness_of_precipitation_amount"),
    Variable("air_temperature", "degC", "air temperature", -90, 65, 0.0, "air_temperature", "AIR_TEMP"),
    Variable("shortwave", "W m-2", "incoming shortwave radiation", 0, 1500, 0.0,
             "surface_downwelling_shortwave_flux_in_air", "SWDOWN"),
    Variable("longwave", "W m-2", "incoming longwave radiation", 20, 700, 300.0,
             "surface_downwelling_longwave_flux_in_air", "LWDOWN"),
    Variable("pressure", "Pa", "air pressure", 3e4, 1.15e5, 1e5, "surface_air_pressure", "PRESSURE"),
    Variable("vapour_pressure", "Pa", "pressure of the water vapour", 0, 1e4, 800.0,
             "water_vapor_partial_pressure_in_air", "VP"),
    Variable("wind", "m s-1", "wind speed", 0, 60, 2.0, "wind_speed", "WIND"),
)  # fmt: skip
C, F = layout(CLOCK), layout(WEATHER)

GEOMETRY = (
    Variable("elevation", "m", "mean elevation of the place", -500, 9000, 0.0, "surface_altitude", "elev"),
    Variable("latitude", "degrees_north", "latitude", -90, 90, 45.0, "latitude", "lat"),
    Variable("smallest_offset", "degC", "temperature of the highest band less that of the place", -60, 0, 0.0),
)
G = layout(GEOMETRY)

SINGLE = (
    Variable("infilt", "1", "shape of the variable infiltration curve (b)", 1e-4, 10, 0.2, symbol="infilt"),
    Variable("Ds", "1", "share of Dsmax at which baseflow turns non-linear", 1e-6, 1, 0.02, symbol="Ds"),
    Variable("Dsmax", "mm d-1", "largest baseflow", 1e-3, 200, 10.0, symbol="Dsmax"),
    Variable("Ws", "1", "share of the lowest layer's moisture at which baseflow turns non-linear", 1e-3, 0.999, 0.8,
             symbol="Ws"),
    Variable("c", "1", "exponent of the non-linear baseflow", 1, 4, 2.0, symbol="c"),
    Variable("avg_T", "degC", "temperature of the soil at the damping depth", -40, 50, 10.0, symbol="avg_T"),
    Variable("dp", "m", "depth at which the soil's temperature does not change", 0.5, 50, 4.0, symbol="dp"),
    Variable("rough", "m", "roughness length of bare soil", 1e-5, 0.1, 0.001, symbol="rough"),
    Variable("snow_rough", "m", "roughness length of snow", 1e-5, 0.1, 0.0005, symbol="snow_rough"),
    Variable("temperature_offset", "degC", "air temperature of the band less that of the place", -60, 60, 0.0),
    Variable("precipitation_factor", "1", "precipitation of the band over that of the place", 0, 20, 1.0),
    Variable("area", "1", "share of the place; nothing is computed where it is 0", 0, 1, 1.0, discrete=True),
    Variable("vegetated", "1", "1 = vegetation, 0 = bare soil", 0, 1, 1.0, discrete=True),
    Variable("overstory", "1", "1 = tall canopy, 0 = short", 0, 1, 0.0, symbol="overstory", discrete=True),
    Variable("rarc", "s m-1", "architectural resistance", 0, 200, 2.0, symbol="rarc"),
    Variable("rmin", "s m-1", "smallest stomatal resistance", 0, 1000, 120.0, symbol="rmin"),
    Variable("RGL", "W m-2", "shortwave radiation at which transpiration is allowed", 1, 500, 100.0, symbol="RGL"),
    Variable("wind_h", "m", "height of the wind measurement", 1, 100, 10.0, symbol="wind_h"),
    Variable("wind_atten", "1", "attenuation of the wind in the canopy", 0.01, 5, 0.5, symbol="wind_atten"),
    Variable("rad_atten", "1", "attenuation of shortwave radiation in the canopy", 0, 3, 0.5, symbol="rad_atten"),
    Variable("trunk_ratio", "1", "height of the trunk over that of the tree", 0.01, 0.9, 0.2, symbol="trunk_ratio"),
)  # fmt: skip
P = layout(SINGLE)

MONTHLY = (
    Variable("leaf_area_index", "1", "leaf area index", 0, 12, 2.0, "leaf_area_index", "LAI"),
    Variable("albedo", "1", "albedo without snow", 0, 1, 0.18, "surface_albedo", "albedo"),
    Variable("roughness", "m", "roughness length of the vegetation", 0, 5, 0.1, symbol="veg_rough"),
    Variable("displacement", "m", "displacement height of the vegetation", 0, 40, 0.5, symbol="displacement"),
)
M = layout(MONTHLY)

LAYERED = (
    Variable("depth", "m", "thickness", 0.01, 20, 0.5, symbol="depth"),
    Variable("bulk_density", "kg m-3", "bulk density", 100, 2500, 1500.0, symbol="bulk_density"),
    Variable("soil_density", "kg m-3", "density of the particles", 1000, 3500, 2650.0, symbol="soil_density"),
    Variable("quartz", "1", "share of quartz", 0, 1, 0.5, symbol="quartz"),
    Variable("Ksat", "mm d-1", "saturated hydraulic conductivity", 0.01, 1e5, 400.0, symbol="Ksat"),
    Variable("expt", "1", "exponent n of the hydraulic conductivity", 3.1, 40, 12.0, symbol="expt"),
    Variable("bubble", "cm", "bubbling pressure", 1, 500, 20.0, symbol="bubble"),
    Variable("Wcr_FRACT", "1", "critical point as a share of the largest moisture", 0.01, 1, 0.5, symbol="Wcr_FRACT"),
    Variable("Wpwp_FRACT", "1", "wilting point as a share of the largest moisture", 0, 0.99, 0.25, symbol="Wpwp_FRACT"),
    Variable("resid_moist", "1", "residual moisture as a share of the layer's volume", 0, 0.3, 0.02,
             symbol="resid_moist"),
)  # fmt: skip
L = layout(LAYERED)

ZONED = (
    Variable("root_depth", "m", "thickness of the root zone", 0, 20, 0.5, symbol="root_depth"),
    Variable("root_fract", "1", "share of the roots in the zone", 0, 1, 0.33, symbol="root_fract"),
)
Z = layout(ZONED)
MONTHS = 12


def forcings(substeps: int) -> tuple[Variable, ...]:
    """The clock, then each quantity of the weather for all sub-steps of a step."""
    return CLOCK + _numbered(WEATHER, substeps, "sub-step") if substeps > 1 else CLOCK + WEATHER


def parameters(layers: int, zones: int) -> tuple[Variable, ...]:
    """All parameters of a form in the order of their rows."""
    monthly = _numbered(MONTHLY, MONTHS, "month")
    return SINGLE + monthly + _numbered(LAYERED, layers, "soil layer") + _numbered(ZONED, zones, "root zone")


def _numbered(variables: tuple[Variable, ...], count: int, of: str) -> tuple[Variable, ...]:
    return tuple(
        replace(v, name=f"{v.name}_{k}", meaning=f"{v.meaning} of {of} {k}")
        for v in variables
        for k in range(1, count + 1)
    )
