"""Heat conductivity and heat capacity of a soil layer or node (Johansen, 1975; VIC 5.1; vic.md, 5.1).

What follows from the soil's constants alone (dry, solids, saturated) is apart from what follows from its moisture.
Conductivities in W m-1 K-1, capacities in J m-3 K-1; moisture, liquid and ice as shares of the volume, saturation =
moisture/porosity. Porosity is at least LEAST_POROSITY, and so is what bulk density leaves in Kdry's denominator.
"""

from ..elementary import exp, log

LOG_QUARTZ = 2.0412203288596382  # ln 7.7
LOG_OTHER = 0.7884573603642703  # ln 2.2: other minerals, and ice
LOG_OTHER_COARSE = 1.0986122886681098  # ln 3.0
LOG_WATER = -0.5621189181535413  # ln 0.57
LITTLE_QUARTZ = 0.2
KERSTEN = 0.7 / 2.302585092994046  # 0.7/ln 10
LEAST_POROSITY = 0.05
DRY = 1e-3  # saturation; Ke is negative, and the conductivity that of the dry soil, below 0.037
SOLIDS, WATER, ICE, AIR = 2.0e6, 4.2e6, 1.9e6, 1.3e3


def porosity(bulk_density, soil_density):
    """Share of pores: 1 - bulk_density/soil_density (kg m-3)."""
    return max(1.0 - bulk_density / soil_density, LEAST_POROSITY)


def porosity_adjoint(bulk_density, soil_density, d_porosity):
    """Reverse of porosity."""
    ratio = bulk_density / soil_density
    d_ratio = -d_porosity if 1.0 - ratio >= LEAST_POROSITY else 0.0
    return d_ratio / soil_density, -d_ratio * ratio / soil_density


def dry_conductivity(bulk_density, soil_density):
    """Kdry = (0.135 rb + 64.7)/(rs - 0.947 rb)."""
    return (0.135 * bulk_density + 64.7) / max(soil_density - 0.947 * bulk_density, LEAST_POROSITY * soil_density)


def dry_conductivity_adjoint(bulk_density, soil_density, d_dry):
    """Reverse of dry_conductivity."""
    rest = soil_density - 0.947 * bulk_density
    least = LEAST_POROSITY * soil_density
    below = max(rest, least)
    d_below = -d_dry * (0.135 * bulk_density + 64.7) / (below * below)
    free = rest >= least
    return (
        0.135 * d_dry / below - (0.947 * d_below if free else 0.0),
        d_below if free else LEAST_POROSITY * d_below,
    )


def solids_conductivity(quartz, porosity):
    """Ks^(1-p), Ks = 7.7^q c^(1-q) with c = 3.0 where q < 0.2, otherwise 2.2; a jump that has no slope."""
    other = LOG_OTHER_COARSE if quartz < LITTLE_QUARTZ else LOG_OTHER
    return exp((1.0 - porosity) * (quartz * LOG_QUARTZ + (1.0 - quartz) * other))


def solids_conductivity_adjoint(quartz, porosity, d_solids):
    """Reverse of solids_conductivity."""
    other = LOG_OTHER_COARSE if quartz < LITTLE_QUARTZ else LOG_OTHER
    mixed = quartz * LOG_QUARTZ + (1.0 - quartz) * other
    d_exponent = d_solids * exp((1.0 - porosity) * mixed)
    return d_exponent * (1.0 - porosity) * (LOG_QUARTZ - other), -d_exponent * mixed


def saturated_conductivity(solids, porosity):
    """Of the soil full of water: Ks^(1-p) 0.57^p."""
    return solids * exp(porosity * LOG_WATER)


def saturated_conductivity_adjoint(solids, porosity, d_saturated):
    """Reverse of saturated_conductivity."""
    full = exp(porosity * LOG_WATER)
    return d_saturated * full, d_saturated * solids * full * LOG_WATER


def conductivity(saturation, dry, saturated):
    """Without ice: Kdry + (Ksat - Kdry)(0.7 log10(Sr) + 1), at least Kdry."""
    kersten = KERSTEN * log(max(saturation, DRY)) + 1.0
    return max(dry + (saturated - dry) * kersten, dry)


def conductivity_adjoint(saturation, dry, saturated, d_conductivity):
    """Reverse of conductivity; dry soil, where Ke is not positive, has the slope 0 with its moisture."""
    kersten = KERSTEN * log(max(saturation, DRY)) + 1.0
    d_mixed = d_conductivity if (saturated - dry) * kersten >= 0.0 else 0.0
    d_kersten = d_mixed * (saturated - dry)
    d_saturation = d_kersten * KERSTEN / saturation if saturation >= DRY else 0.0
    return d_saturation, d_conductivity - d_mixed * kersten, d_mixed * kersten


def conductivity_with_ice(saturation, liquid, ice, porosity, dry, solids):
    """With ice where ice > 0: Ksat = Ks^(1-p) 2.2^(p - liquid) 0.57^liquid and Ke = Sr; saturation counts the ice."""
    frozen = ice > 0.0
    water = min(liquid, porosity) if frozen else porosity
    saturated = solids * exp((porosity - water) * LOG_OTHER + water * LOG_WATER)
    kersten = saturation if frozen else KERSTEN * log(max(saturation, DRY)) + 1.0
    return max(dry + (saturated - dry) * kersten, dry)


def conductivity_with_ice_adjoint(saturation, liquid, ice, porosity, dry, solids, d_conductivity):
    """Reverse of conductivity_with_ice; that ice appears is a jump that has no slope."""
    frozen = ice > 0.0
    water = min(liquid, porosity) if frozen else porosity
    mixed = exp((porosity - water) * LOG_OTHER + water * LOG_WATER)
    saturated = solids * mixed
    kersten = saturation if frozen else KERSTEN * log(max(saturation, DRY)) + 1.0
    d_mixed = d_conductivity if (saturated - dry) * kersten >= 0.0 else 0.0
    d_kersten = d_mixed * (saturated - dry)
    d_thawed = d_kersten * KERSTEN / saturation if saturation >= DRY else 0.0
    # Ksat = solids exp((p - water) ln 2.2 + water ln 0.57)
    d_saturated = d_mixed * kersten
    d_exponent = d_saturated * saturated
    d_water = d_exponent * (LOG_WATER - LOG_OTHER)
    wet = frozen and liquid <= porosity
    return (
        d_kersten if frozen else d_thawed,
        d_water if wet else 0.0,
        0.0,
        d_exponent * LOG_OTHER + (0.0 if wet else d_water),
        d_conductivity - d_mixed * kersten,
        d_saturated * mixed,
    )


def heat_capacity(liquid, ice, porosity):
    """Cs = 2.0e6 (1-p) + 4.2e6 liquid + 1.9e6 ice + 1.3e3 air."""
    return SOLIDS * (1.0 - porosity) + WATER * liquid + ICE * ice + AIR * (porosity - liquid - ice)


def heat_capacity_adjoint(d_capacity):
    """Reverse of heat_capacity, which is linear."""
    return d_capacity * (WATER - AIR), d_capacity * (ICE - AIR), d_capacity * (AIR - SOLIDS)
