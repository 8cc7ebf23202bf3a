"""Reverse of setting.py."""

from collections import namedtuple

from .arno import bare_soil_share_adjoint
from .bundles import Air
from .canopy_water import wetness_adjoint
from .derived import DL
from .jarvis import unstressed_resistance, unstressed_resistance_adjoint
from .options import options
from .parameters import G, P
from .penman import Evaporative, evaporative_adjoint, penman_line_adjoint
from .rows import derived_layer_row, ice_row, moisture_row
from .scratch import transpiration_row
from .setting import CONDUCTIVITY, DAY
from .surface_bundles import add_air
from .transpiration import transpiration_terms_adjoint

SLOPE_DEPTH = 1e-6  # m

# Gradients: air; of the site: albedo, leaf area, capacity, and resistance, wind, height, logarithm of the surface or of
# the snow; of the pack: water, liquid, temperature, density, depth, albedo; of its fluxes: shortwave, melt energy,
# advection, depth before; of what lies above: rain, shortwave, longwave, transmission; of the tile: water, joint terms
Setting = namedtuple(
    "Setting",
    "air albedo leaf_area capacity canopy_resistance resistance wind height logarithm pack_water pack_liquid "
    "pack_temperature pack_density pack_depth pack_albedo snow_shortwave melt_energy advection depth_before rain "
    "shortwave longwave transmission water joint",
)


def setting_adjoint(
    tile, above, below, scene, site, air, parameter, geometry, new_state, dt, i, j, d_under, d_factor, d_albedo,
    d_flux, d_state, d_parameter,
):  # fmt: skip
    """Gradients of all that the Scene was made of; those of parameters and of the soil's moisture go to their rows.

    d_under: of the Understorey; d_factor: of the soil's heat; d_albedo: of the understorey's albedo. d_state: the rows
    of the states before the step, whose moisture new_state still holds.
    """
    pack, snow = below.pack, below.fluxes
    thin = scene.under.thin > 0.0
    cover, lost = scene.cover, scene.lost
    touched = cover + lost
    zero = 0.0 * d_factor
    d_shortwave = d_under.shortwave
    d_site_albedo, d_pack_albedo = d_albedo * (1.0 - touched), d_albedo * touched
    d_conduction = 0.0 if thin or cover == 0.0 else d_under.conduction
    # conduction = 2.9302e-6 density2/(mean of depths); of less than SLOPE_DEPTH it has the slope there
    safe = max(0.5 * (snow.depth_before + pack.depth), SLOPE_DEPTH)
    per_density = CONDUCTIVITY * pack.density / safe
    d_density = d_under.snow_density + d_conduction * 2.0 * per_density
    d_depth = -0.5 * d_conduction * per_density * pack.density / safe
    d_air_terms = d_under.evaporative
    d_air, d_water, d_capacity, d_resistance, d_leaf_area = d_under.air, d_under.water, d_under.capacity, zero, zero
    if scene.under.dry_ground > 0.0 and site.green > 0.0:
        part, d_terms, d_held, d_size, d_resistance, d_leaf_area, d_absorbed = leaves_adjoint(
            scene, tile, site, air, parameter, geometry, new_state, dt, i, j, d_under, d_flux, d_state, d_parameter
        )
        d_air = add_air(d_air, part)
        d_air_terms = d_terms
        d_water = d_water + d_held
        d_capacity = d_capacity + d_size
        d_shortwave = d_shortwave + d_absorbed
    elif scene.under.dry_ground > 0.0:
        bare_adjoint(scene, parameter, i, d_under, d_state, d_parameter)
    d_temperature, _ = evaporative_adjoint(air.temperature, geometry[G.elevation, j], d_air_terms)
    d_air = add_air(d_air, Air(d_temperature, zero, zero, zero, zero, zero, zero, zero))
    # shortwave = incoming ((1 - touched)(1 - albedo) + lost (1 - albedo of snow)), or that of thin snow
    d_net = 0.0 if thin else d_shortwave
    d_site_albedo = d_site_albedo - d_net * above.shortwave * (1.0 - touched)
    d_pack_albedo = d_pack_albedo - d_net * above.shortwave * lost
    d_incoming = d_net * ((1.0 - touched) * (1.0 - site.albedo) + lost * (1.0 - pack.albedo))
    return Setting(
        d_air, d_site_albedo, d_leaf_area, d_capacity, d_resistance, d_under.resistance, d_under.wind, d_under.height,
        d_under.logarithm, d_under.snow_water, d_under.snow_liquid, d_under.snow_temperature + d_under.snow_before,
        d_density, d_depth, d_pack_albedo, d_shortwave if thin else 0.0, d_under.extra, d_under.advection, d_depth,
        d_under.rain, d_incoming, d_under.longwave, d_factor * (1.0 - cover), d_water, d_under.extra,
    )  # fmt: skip


def leaves_adjoint(
    scene, tile, site, air, parameter, geometry, new_state, dt, i, j, d_under, d_flux, d_state, d_parameter
):  # fmt: skip
    """What vegetation without snow evaporates: gradients of air, terms, water, capacity, ra1, leaves, light."""
    terms = scene.under.evaporative
    resistance, rarc = site.aero.resistance_canopy, parameter[P.rarc, i]
    rmin, limit = parameter[P.rmin, i], parameter[P.RGL, i]
    shortwave = scene.under.shortwave
    stomata = unstressed_resistance(rmin, site.leaf_area, air.temperature, air.deficit, shortwave, limit)
    d_terms, d_deficit, d_ra, d_rarc, d_stomata = transpiration_terms_adjoint(
        new_state, moisture_row(0), ice_row(0), parameter, derived_layer_row(DL.roots, 0),
        derived_layer_row(DL.critical, 0), derived_layer_row(DL.wilting, 0), d_flux, transpiration_row(), i, terms,
        air.deficit, resistance, rarc, stomata, dt, d_state, d_parameter,
    )  # fmt: skip
    d_rmin, d_leaf_area, d_warmth, d_dry, d_light, d_limit = unstressed_resistance_adjoint(
        rmin, site.leaf_area, air.temperature, air.deficit, shortwave, limit, d_stomata
    )
    d_line, d_line_deficit, d_line_ra, _, d_line_rarc = penman_line_adjoint(
        terms, air.deficit, resistance, 0.0, rarc, d_under.factor * (dt / DAY), d_under.offset * (dt / DAY)
    )
    d_water, d_capacity = wetness_adjoint(tile.canopy.water, site.capacity, d_under.wetness)
    d_parameter[P.rmin, i] += d_rmin
    d_parameter[P.RGL, i] += d_limit
    d_parameter[P.rarc, i] += d_rarc + d_line_rarc
    zero = 0.0 * d_warmth
    d_air = Air(d_warmth, zero, zero, d_deficit + d_dry + d_line_deficit, zero, zero, zero, zero)
    d_evaporative = Evaporative(
        d_terms.slope + d_line.slope, d_terms.latent + d_line.latent, d_terms.psychrometric + d_line.psychrometric,
        d_terms.heat + d_line.heat,
    )  # fmt: skip
    d_evaporative = Evaporative(
        d_evaporative.slope + d_under.evaporative.slope, d_evaporative.latent + d_under.evaporative.latent,
        d_evaporative.psychrometric + d_under.evaporative.psychrometric,
        d_evaporative.heat + d_under.evaporative.heat,
    )  # fmt: skip
    return d_air, d_evaporative, d_water, d_capacity, d_ra + d_line_ra, d_leaf_area, d_light


def bare_adjoint(scene, parameter, i, d_under, d_state, d_parameter):
    """Bare soil without snow: gradients go to the moisture of the first layer and to its parameters."""
    u = scene.under
    capacity = parameter[derived_layer_row(DL.capacity, 0), i]
    d_liquid, d_capacity, d_infilt = bare_soil_share_adjoint(u.liquid, capacity, parameter[P.infilt, i], d_under.share)
    d_liquid = d_liquid + d_under.liquid
    d_state[moisture_row(0), i] += d_liquid
    if options.frozen:
        d_state[ice_row(0), i] -= d_liquid
    d_parameter[derived_layer_row(DL.capacity, 0), i] += d_capacity
    d_parameter[derived_layer_row(DL.residual, 0), i] += d_under.residual
    d_parameter[P.infilt, i] += d_infilt
