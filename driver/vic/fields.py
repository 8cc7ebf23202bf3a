"""What VIC's parameter files hold, declared once: name in the netCDF files, unit, meaning, limits of what can be.

Source: documentation of VIC 5 (soil, vegetation, vegetation library and elevation band parameters).
"""

from ...kernels.variable import Variable

# By place.
PLACE = (
    Variable("infilt", "1", "shape of the variable infiltration curve (b)", 1e-5, 100),
    Variable("Ds", "1", "share of Dsmax at which baseflow turns non-linear", 0, 1),
    Variable("Dsmax", "mm d-1", "largest baseflow", 0, 1e4),
    Variable("Ws", "1", "share of the lowest layer's moisture at which baseflow turns non-linear", 1e-6, 1),
    Variable("c", "1", "exponent of the non-linear baseflow", 0.1, 20),
    Variable("elev", "m", "mean elevation", -500, 9000),
    Variable("avg_T", "degC", "mean soil temperature, lower boundary of the soil's heat", -60, 60),
    Variable("dp", "m", "damping depth of the soil's heat", 0.01, 100),
    Variable("rough", "m", "roughness length of bare soil", 1e-6, 1),
    Variable("snow_rough", "m", "roughness length of snow", 1e-6, 1),
    Variable("fs_active", "1", "1 = soil may freeze", 0, 1),
)
# By soil layer and place.
LAYERED = (
    Variable("expt", "1", "exponent n of the hydraulic conductivity", 3.0001, 200),
    Variable("Ksat", "mm d-1", "saturated hydraulic conductivity", 1e-6, 1e7),
    Variable("init_moist", "mm", "moisture at the start", 0, 1e5),
    Variable("depth", "m", "thickness", 1e-3, 1000),
    Variable("bubble", "cm", "bubbling pressure", 1e-3, 1e5),
    Variable("quartz", "1", "share of quartz", 0, 1),
    Variable("bulk_density", "kg m-3", "bulk density", 10, 5000),
    Variable("soil_density", "kg m-3", "density of the particles", 100, 10000),
    Variable("Wcr_FRACT", "1", "critical point as a share of the largest moisture", 1e-6, 1),
    Variable("Wpwp_FRACT", "1", "wilting point as a share of the largest moisture", 0, 1),
    Variable("resid_moist", "1", "residual moisture as a share of the layer's volume", 0, 1),
)
# By elevation band and place.
BANDED = (
    Variable("AreaFract", "1", "share of the place", 0, 1.001),
    Variable("elevation", "m", "mean elevation of the band", -500, 9000),
    Variable("Pfactor", "1", "share of the place's precipitation", 0, 1.001),
)
# By vegetation tile and place.
TILED = (
    Variable("veg_class", "1", "number of the class in the library"),
    Variable("Cv", "1", "share of the place", 0, 1.5),
    Variable("overstory", "1", "1 = tall canopy", 0, 1),
    Variable("rarc", "s m-1", "architectural resistance", 0, 1e4),
    Variable("rmin", "s m-1", "smallest stomatal resistance", 0, 1e4),
    Variable("wind_h", "m", "height of the wind measurement", 0, 500),
    Variable("RGL", "W m-2", "shortwave radiation at which transpiration is allowed", 0, 1000),
    Variable("rad_atten", "1", "attenuation of radiation in the canopy", 0, 10),
    Variable("wind_atten", "1", "attenuation of wind in the canopy", 0, 10),
    Variable("trunk_ratio", "1", "height of the trunk over that of the tree", 0, 1),
)
# By month, tile and place.
MONTHLY = (
    Variable("LAI", "1", "leaf area index", 0, 30),
    Variable("albedo", "1", "albedo without snow", 0, 1),
    Variable("veg_rough", "m", "roughness length", 0, 20),
    Variable("displacement", "m", "displacement height", 0, 100),
)
CANOPY = Variable("fcanopy", "1", "share of the tile under its canopy", 0, 1)
MONTHS = 12
# By root zone, tile and place.
ROOTS = (
    Variable("root_depth", "m", "thickness of the root zone", 0, 100),
    Variable("root_fract", "1", "share of the roots in the zone", 0, 1.001),
)
