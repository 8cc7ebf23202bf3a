"""The switches of HydroPy that have no gradient, and the smooth curves that can stand for them in a calibration.

Original: liquid water of the snow freezes where T < t_refreeze; the ground is frozen, so that all water runs off and
nothing drains or leaks, where T < 0 degC; and nothing drains where w <= qsb_low wcap. The option smooth puts a
logistic curve in place of each, of width FROST_WIDTH (0.5 K) or OPENING_WIDTH (0.01 of wcap), and lets the runoff of
a partly full soil end where that of a full one begins (see runoff_size). The other kinks of the model have gradients
on both sides and stay.
"""

from ..elementary import exp

FREEZING = 0.0  # degC
FROST_WIDTH = 0.5  # K
OPENING_WIDTH = 0.01  # share of wcap
STEEPEST = 40.0
THIN = 1e-3  # mm; no soil is taken to be thinner


def frost(temperature, limit):
    """1 where it is colder than the limit, else 0."""
    return 1.0 if temperature < limit else 0.0


def smooth_frost(temperature, limit):
    """Share of the place that is colder than the limit: 1/(1 + exp((T - limit)/FROST_WIDTH))."""
    return 1.0 / (1.0 + exp(min(max((temperature - limit) / FROST_WIDTH, -STEEPEST), STEEPEST)))


def smooth_frost_adjoint(temperature, limit, d_share):
    """Reverse of smooth_frost."""
    height = (temperature - limit) / FROST_WIDTH
    share = 1.0 / (1.0 + exp(min(max(height, -STEEPEST), STEEPEST)))
    inside = height >= -STEEPEST and height <= STEEPEST
    d_height = -d_share * share * (1.0 - share) / FROST_WIDTH if inside else 0.0
    return d_height, -d_height


def opening(moisture, wcap, qsb_low):
    """1 where the soil is moist enough to drain, else 0."""
    return 1.0 if moisture > qsb_low * wcap else 0.0


def smooth_opening(moisture, wcap, qsb_low):
    """Share of the soil that is moist enough to drain: 1/(1 + exp((qsb_low - w/wcap)/OPENING_WIDTH))."""
    height = (qsb_low - moisture / max(wcap, THIN)) / OPENING_WIDTH
    return 1.0 / (1.0 + exp(min(max(height, -STEEPEST), STEEPEST)))


def smooth_opening_adjoint(moisture, wcap, qsb_low, d_share):
    """Reverse of smooth_opening."""
    whole = max(wcap, THIN)
    wetness = moisture / whole
    height = (qsb_low - wetness) / OPENING_WIDTH
    share = 1.0 / (1.0 + exp(min(max(height, -STEEPEST), STEEPEST)))
    inside = height >= -STEEPEST and height <= STEEPEST
    d_low = -d_share * share * (1.0 - share) / OPENING_WIDTH if inside else 0.0
    d_wetness = -d_low / whole
    return d_wetness, (-d_wetness * wetness if wcap >= THIN else 0.0), d_low


def runoff_size(wmin, wmax, beta_oro):
    """What the soil holds above wmin by the distribution of capacities: (wmax - wmin)/(1 + b).

    It is wcap - wmin where the fields agree. Where they do not (beta_oro has the orography's share, wcap has not),
    surface runoff jumps when the soil fills up; with the option smooth wcap - wmin is used instead, and it does not.
    """
    return (wmax - wmin) / (1.0 + beta_oro)


def runoff_size_adjoint(wmin, wmax, beta_oro, d_size):
    """Reverse of runoff_size."""
    d_spread = d_size / (1.0 + beta_oro)
    return -d_spread, d_spread, -d_spread * (wmax - wmin) / (1.0 + beta_oro)
