"""Drainage of a soil layer to the one below: Brooks-Corey conductivity (Liang et al., 1994; vic.md, 5.3)."""

from ..elementary import exp, expm1, log, log1p

DRY = 1e-20  # smallest x / range of a logarithm
STEEP = 60.0  # largest logarithm of a conductivity's ratio: reached by no soil, and finite in float32


def drainage(water, span, conductivity, expt):
    """Water that leaves in one step: the closed form of dx/dt = -Ks (x/span)^n with n = expt > 1.

    x' = (x^(1-n) + Ks (n-1)/span^n)^(1/(1-n)) is written as x (1 + y)^(-1/(n-1)) with y = Ks (n-1)/span (x/span)^(n-1):
    without powers of x that overflow, and accurate where little drains.
    water x = W - Wr >= 0 and span = Wm - Wr in mm, conductivity Ks in mm per step.
    """
    power = expt - 1.0
    ratio = exp(min(power * log(max(water / span, DRY)), STEEP))
    y = conductivity * power / span * ratio
    return -water * expm1(-log1p(y) / power)


def drainage_adjoint(water, span, conductivity, expt, d_drained):
    """Reverse of drainage. Its slope in x is 1 - (1 + y)^(-n/(n-1)), between 0 and 1: dry soil needs no guard."""
    power = expt - 1.0
    inverse = 1.0 / span
    per_power = 1.0 / power
    log_ratio = log(max(water * inverse, DRY))
    ratio = exp(min(power * log_ratio, STEEP))
    y = conductivity * power * inverse * ratio
    log_sum = log1p(y)
    lost = expm1(-log_sum * per_power)
    # drained = -water expm1(-log1p(y)/power)
    share = 1.0 / (1.0 + y)
    d_y = d_drained * water * (1.0 + lost) * share * per_power
    d_power = -d_drained * water * (1.0 + lost) * log_sum * per_power * per_power
    # y = Ks power/span (x/span)^power; what x and its part in y give together
    d_water = d_drained * ((y - lost) * share)  # in this order: y alone can be 1e36
    d_conductivity = d_y * power * inverse * ratio
    d_span = -d_y * y * inverse * expt
    d_expt = d_power + d_y * y * (per_power + log_ratio)
    return d_water, d_span, d_conductivity, d_expt
