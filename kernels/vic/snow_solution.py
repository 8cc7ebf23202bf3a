"""The surface temperature of the snow on the ground: where its balance is zero (vic.md, 3 and 4.6 (ii))."""

from collections import namedtuple

from .options import options
from .root import FAR, MOST, root_begin, root_next
from .saturation import latent_heat_of_sublimation
from .snow_balance import Terms, snow_balance

# zero: 1 where the surface is at 0 degC; thin: 1 where it is left to be solved together with the soil; failed: 1 where
# the search was given up and the old temperature kept
Solution = namedtuple("Solution", "temperature terms zero thin failed")

THIN = 0.001  # m of ice
BRACKET = 5.0  # K
LEAST_SLOPE = 5.0  # W m-2 K-1: what longwave radiation alone has, for the first guess
NEAR = 3e-3  # K; from a trial so near one step of Newton's on all terms ends the search
JUST_BELOW = -1e-7  # degC; nearer to 0 a temperature is where the balance jumps, and does not move


def solve_surface(ice, start, surface):
    """Solution of the Surface under a layer of ice (m) that was at start (degC) when the snow had fallen.

    The balance is called at one place: first at 0 degC, last at the root. At 0 degC it jumps, as vapour is sublimated
    below, as rain gives its heat only there; where it is positive just below, Newton's search stays there. Rain colder
    than 0 degC can make it negative at 0 degC alone: VIC then finds a root some mK above, which its density takes for
    new snow. options.compat off: the surface stays just below.
    """
    trial = 0.0
    zero = 0.0
    thin = 0.0
    last = 0.0
    failed = 0.0
    root = root_begin(start - BRACKET, start + BRACKET, start, 0.0)
    for turn in range(MOST):
        terms = snow_balance(trial, surface)
        if last > 0.0:
            break
        if turn == 0:
            zero = 1.0 if terms.residual == 0.0 else 0.0
            thin = 1.0 if zero == 0.0 and ice <= THIN else 0.0
            if zero > 0.0 or thin > 0.0:
                break
            below, above = value_below(terms, surface), terms.residual - terms.advection
            warm = options.compat and below >= 0.0 and above > 0.0
            flattest = max(-terms.slope, LEAST_SLOPE)
            guess = max(above / flattest, -JUST_BELOW) if warm else min(below / flattest, JUST_BELOW)
            root = root_begin(start - BRACKET, start + BRACKET, guess, FAR if warm else 0.0)
            if not options.brent and below >= 0.0 and not warm:
                last = 1.0
        else:
            root = root_next(root, terms.residual, terms.slope)
            last, failed = root.done, root.failed
            if not options.brent and (root.x - trial) * (root.x - trial) < NEAR * NEAR:
                last = 1.0
        trial = surface.old_temperature if failed > 0.0 else root.x
    if not options.brent and last > failed and (trial < JUST_BELOW or trial > -JUST_BELOW):
        least, most = (-NEAR, JUST_BELOW - trial) if trial < 0.0 else (-0.5 * trial, NEAR)
        shift = min(max(-terms.residual / terms.slope, least, -NEAR), NEAR, most)
        trial = trial + shift
        terms = shifted(terms, shift)
    return Solution(surface.old_temperature if thin > 0.0 else trial, terms, zero, thin, failed)


def value_below(terms, surface):
    """The balance just below 0 degC, from its terms at 0 degC: ice sublimates, and rain gives no heat."""
    return terms.residual - terms.advection + (latent_heat_of_sublimation(0.0) - surface.latent) * terms.vapour


def shifted(terms, shift):
    """The terms at a temperature so near that they are linear."""
    return Terms(
        terms.residual + terms.slope * shift, terms.sensible + terms.sensible_slope * shift,
        terms.vapour + terms.vapour_slope * shift, terms.latent + terms.latent_slope * shift,
        terms.longwave + terms.longwave_slope * shift, terms.storage + terms.storage_slope * shift,
        terms.advection, terms.refreeze, terms.factor + terms.factor_slope * shift,
        terms.slope, terms.sensible_slope, terms.vapour_slope, terms.latent_slope, terms.longwave_slope,
        terms.storage_slope, terms.factor_slope,
    )  # fmt: skip
