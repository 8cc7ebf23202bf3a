"""What VIC tells of a step with several sub-steps of snow, where that is no plain mean of them (vic.md, 6).

The snow's terms and the canopy's albedo depend on whether there was snow in the last sub-step; a sub-step without snow
adds the canopy's heat of the one before once more, the first of a step the mean of the last step with snow (found by
comparison with VIC's output). Forms that step the snow with the step, and mended ones, whose outputs are plain means of
their sub-steps, have nothing of this.
"""

from collections import namedtuple

from .fluxes import X
from .rows import remembered_row
from .scratch import means_row

# Rows behind means_row(): whether the last sub-step had snow, and the canopy; mean albedo of the canopy; heat that rain
# brought to the canopy and heat of its refreezing, in its last sub-step with snow and as sums of the step's mean.
SNOWING, CAUGHT, ALBEDO, ADVECTION, REFREEZE, ADVECTION_MEAN, REFREEZE_MEAN = 0, 1, 2, 3, 4, 5, 6

# Gradients of the terms of thin snow that was last solved with the soil
Joint = namedtuple("Joint", "advection cold refreeze")


def begin_means(state, flux, i):
    """Begin a step with what is remembered of those before."""
    first = means_row()
    flux[first + ALBEDO, i] = 0.0
    flux[first + ADVECTION, i] = state[remembered_row(0), i]
    flux[first + REFREEZE, i] = state[remembered_row(1), i]
    flux[first + ADVECTION_MEAN, i] = 0.0
    flux[first + REFREEZE_MEAN, i] = 0.0


def add_means(above, seen_albedo, understorey_albedo, part, flux, i):
    """Add a sub-step: albedo, and advection and refreezing of the canopy.

    seen_albedo: of the canopy, where that took part; part: the sub-step's share of the means.
    """
    first = means_row()
    flux[first + SNOWING, i] = above.snowing
    flux[first + CAUGHT, i] = above.caught
    flux[X.albedo, i] += part * understorey_albedo
    if above.caught > 0.0:
        flux[first + ALBEDO, i] += part * seen_albedo
        flux[first + ADVECTION, i] = above.fluxes.advection
        flux[first + REFREEZE, i] = above.fluxes.refreeze
    advection, refreeze = part * flux[first + ADVECTION, i], part * flux[first + REFREEZE, i]
    flux[X.advected_heat, i] += advection
    flux[X.refreeze_heat, i] += refreeze
    flux[first + ADVECTION_MEAN, i] += advection
    flux[first + REFREEZE_MEAN, i] += refreeze


def end_means(tile, new_state, flux, i):
    """The step's outputs and what is remembered, after the last sub-step; tile: what that left."""
    first = means_row()
    new_state[remembered_row(0), i] = flux[first + ADVECTION_MEAN, i]
    new_state[remembered_row(1), i] = flux[first + REFREEZE_MEAN, i]
    if flux[first + CAUGHT, i] > 0.0:
        flux[X.albedo, i] = flux[first + ALBEDO, i]
    if flux[first + SNOWING, i] == 0.0:
        flux[X.advected_heat, i] = tile.joint_advection
        flux[X.snow_heat_storage, i] = tile.joint_cold
        flux[X.refreeze_heat, i] = tile.joint_refreeze
        flux[X.snow_ground_heat, i] = 0.0


def end_means_adjoint(flux, d_new_state, d_flux, i):
    """Reverse of end_means, in the rows of d_flux; the Joint of gradients. flux: at the end of the step."""
    first = means_row()
    none = 0.0 * d_flux[X.albedo, i]
    d_flux[first + ADVECTION, i] = 0.0
    d_flux[first + REFREEZE, i] = 0.0
    d_flux[first + ADVECTION_MEAN, i] = d_new_state[remembered_row(0), i]
    d_flux[first + REFREEZE_MEAN, i] = d_new_state[remembered_row(1), i]
    d_flux[first + ALBEDO, i] = 0.0
    if flux[first + CAUGHT, i] > 0.0:
        d_flux[first + ALBEDO, i] = d_flux[X.albedo, i]
        d_flux[X.albedo, i] = 0.0
    if flux[first + SNOWING, i] > 0.0:
        return Joint(none, none, none)
    d = Joint(d_flux[X.advected_heat, i], d_flux[X.snow_heat_storage, i], d_flux[X.refreeze_heat, i])
    d_flux[X.advected_heat, i] = 0.0
    d_flux[X.snow_heat_storage, i] = 0.0
    d_flux[X.refreeze_heat, i] = 0.0
    d_flux[X.snow_ground_heat, i] = 0.0
    return d


def add_means_adjoint(above, part, d_flux, i):
    """Reverse of add_means: gradients of the canopy's albedo as seen, its advection and refreezing.

    The gradient of the understorey's albedo is part times that of the step's.
    """
    first = means_row()
    d_advection = d_flux[first + ADVECTION, i] + part * (d_flux[X.advected_heat, i] + d_flux[first + ADVECTION_MEAN, i])
    d_refreeze = d_flux[first + REFREEZE, i] + part * (d_flux[X.refreeze_heat, i] + d_flux[first + REFREEZE_MEAN, i])
    caught = above.caught > 0.0
    none = 0.0 * part
    d_flux[first + ADVECTION, i] = none if caught else d_advection
    d_flux[first + REFREEZE, i] = none if caught else d_refreeze
    if caught:
        return part * d_flux[first + ALBEDO, i], d_advection, d_refreeze
    return none, none, none


def begin_means_adjoint(d_flux, d_state, i):
    """Reverse of begin_means: adds to the gradients of what was remembered."""
    first = means_row()
    d_state[remembered_row(0), i] += d_flux[first + ADVECTION, i]
    d_state[remembered_row(1), i] += d_flux[first + REFREEZE, i]
