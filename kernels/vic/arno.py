"""Evaporation of bare soil from the variable infiltration curve (Francini & Pacciani, 1991; Liang et al., 1994).

VIC's sum over the unsaturated part, A + (1 - A)(1 - s)[1 + sum of b s^n/(b + n), n = 1..30] with A = 1 - s^b and
s = (1 - x)^(1/(1 + b)), x = W/Wm, is as exactly

    x + (1 - x)(1 - s) S,   S = sum of b s^(n-1)/(b + n), n = 1..30

which needs one power, loses no digits, and has a finite slope everywhere, at saturation too.
"""

from ..elementary import exp, log

TINY = 1e-30


def five_terms(m, square, odd, even, odd_slope, even_slope):
    """1/(m - 2) + s/(m - 1) + s^2/m + s^3/(m + 1) + s^4/(m + 2) over one denominator.

    square: s^2; odd: s + s^3; even: 1 + s^4; odd_slope: s^3 - s; even_slope: 2 (s^4 - 1).
    """
    q = m * m
    inner = q * odd - m * odd_slope
    outer = (q - 4.0) * square + q * even - m * even_slope
    return ((q - 1.0) * outer + (q - 4.0) * inner) / (m * (q - 1.0) * (q - 4.0))


def five_slope(m, value, square, odd, even, odd_slope, even_slope):
    """Slope of five_terms, of this value, with respect to m."""
    q = m * m
    inner = q * odd - m * odd_slope
    outer = (q - 4.0) * square + q * even - m * even_slope
    d_inner = 2.0 * m * odd - odd_slope
    d_outer = 2.0 * m * (square + even) - even_slope
    above = 2.0 * m * (outer + inner) + (q - 1.0) * d_outer + (q - 4.0) * d_inner
    below = (q - 1.0) * (q - 4.0) + 2.0 * q * (2.0 * q - 5.0)
    return (above - value * below) / (m * (q - 1.0) * (q - 4.0))


def series(s, b):
    """Sum of s^(n-1)/(b + n) for n = 1..30."""
    square = s * s
    cube = square * s
    fourth = square * square
    fifth = fourth * s
    odd, even, odd_slope, even_slope = s + cube, 1.0 + fourth, cube - s, 2.0 * (fourth - 1.0)
    total = five_terms(b + 28.0, square, odd, even, odd_slope, even_slope)
    total = total * fifth + five_terms(b + 23.0, square, odd, even, odd_slope, even_slope)
    total = total * fifth + five_terms(b + 18.0, square, odd, even, odd_slope, even_slope)
    total = total * fifth + five_terms(b + 13.0, square, odd, even, odd_slope, even_slope)
    total = total * fifth + five_terms(b + 8.0, square, odd, even, odd_slope, even_slope)
    return total * fifth + five_terms(b + 3.0, square, odd, even, odd_slope, even_slope)


def with_slope(total, slope, fifth, m, square, odd, even, odd_slope, even_slope):
    """One turn of series and of its slope with respect to b."""
    value = five_terms(m, square, odd, even, odd_slope, even_slope)
    return total * fifth + value, slope * fifth + five_slope(m, value, square, odd, even, odd_slope, even_slope)


def series_and_slope(s, b):
    """The series and its slope with respect to b."""
    square = s * s
    cube = square * s
    fourth = square * square
    fifth = fourth * s
    odd, even, odd_slope, even_slope = s + cube, 1.0 + fourth, cube - s, 2.0 * (fourth - 1.0)
    total = 0.0 * s
    slope = 0.0 * s
    total, slope = with_slope(total, slope, fifth, b + 28.0, square, odd, even, odd_slope, even_slope)
    total, slope = with_slope(total, slope, fifth, b + 23.0, square, odd, even, odd_slope, even_slope)
    total, slope = with_slope(total, slope, fifth, b + 18.0, square, odd, even, odd_slope, even_slope)
    total, slope = with_slope(total, slope, fifth, b + 13.0, square, odd, even, odd_slope, even_slope)
    total, slope = with_slope(total, slope, fifth, b + 8.0, square, odd, even, odd_slope, even_slope)
    return with_slope(total, slope, fifth, b + 3.0, square, odd, even, odd_slope, even_slope)


def bare_soil_share(liquid, capacity, b):
    """Share of the potential that bare soil evaporates; liquid and capacity (largest moisture) of layer 1, mm."""
    x = min(liquid, capacity) / capacity
    dryness = max(1.0 - x, 0.0)
    s = exp(log(max(dryness, TINY)) / (1.0 + b))
    return x + dryness * (1.0 - s) * (b * series(s, b))


def bare_soil_share_adjoint(liquid, capacity, b, d_share):
    """Reverse of bare_soil_share; at saturation the gradient passes to the liquid.

    d share/dx = 1 + (s S - b (1 - s^30))/(1 + b)
    """
    x = min(liquid, capacity) / capacity
    dryness = max(1.0 - x, 0.0)
    above = 1.0 + b
    logarithm = log(max(dryness, TINY))
    s = exp(logarithm / above)
    total, slope = series_and_slope(s, b)
    fifth = s * s * s * s * s
    tenth = fifth * fifth
    rest = b * (1.0 - tenth * tenth * tenth)
    # share = x + dryness (1 - s) b total;  s = dryness^(1/(1 + b))
    sloping = rest - b * total * (s + (1.0 - s) * above)  # s times the slope of (1 - s) b total with respect to s
    d_b = dryness * ((1.0 - s) * (total + b * slope) - sloping * logarithm / (above * above))
    d_x = 1.0 + (s * b * total - rest) / above
    # x = min(liquid, capacity)/capacity
    d_filled = d_share * d_x / capacity
    fits = liquid <= capacity
    return (d_filled if fits else 0.0), (-d_filled * x if fits else 0.0), d_share * d_b


def soil_evaporation(potential, share, liquid, residual):
    """Evaporation of bare soil, mm: the share of the potential (mm), at most the liquid above the residual, mm."""
    return min(potential * share, max(liquid - residual, 0.0))


def soil_evaporation_adjoint(potential, share, liquid, residual, d_evaporation):
    """Reverse of soil_evaporation; at its limit the gradient passes to the potential."""
    free = potential * share <= max(liquid - residual, 0.0)
    d_demand = d_evaporation if free else 0.0
    d_limit = 0.0 if free | (liquid < residual) else d_evaporation
    return d_demand * share, d_demand * potential, d_limit, -d_limit
