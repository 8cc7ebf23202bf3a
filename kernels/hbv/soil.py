"""The soil of HBV: recharge by a power law, excess, evaporation (lines 5 to 7; Seibert & Vis, 2012)."""

from ..elementary import exp, log

FLOOR = 1e-5  # mm; the soil never falls below it (as in the reference program)
DRIEST = 1e-10  # relative wetness below which the power laws are flat, so that no slope is infinite


def recharge(soil, water, fc, beta):
    """Part of the water passes the soil: recharge = water min((soil/fc)^beta, 1); what exceeds fc follows it."""
    inverse = 1.0 / fc
    wetness = max(soil * inverse, DRIEST)
    share = min(exp(beta * log(wetness)), 1.0)
    passed = water * share
    soil = soil + water - passed
    excess = max(soil - fc, 0.0)
    return soil - excess, passed, excess


def recharge_adjoint(soil, water, fc, beta, d_soil, d_passed, d_excess):
    """Reverse of recharge; at share = 1 and excess = 0 the gradient passes, as in the reference program."""
    inverse = 1.0 / fc
    wetness = max(soil * inverse, DRIEST)
    logarithm = log(wetness)
    curve = exp(beta * logarithm)
    share = min(curve, 1.0)
    filled = soil + water - water * share
    # soil' = soil - excess;  excess = max(soil - fc, 0)
    d_excess = d_excess - d_soil if filled - fc >= 0.0 else 0.0
    d_soil = d_soil + d_excess
    d_fc = -d_excess
    # soil += water - passed;  passed = water share
    d_passed = d_passed - d_soil
    d_water = d_soil + d_passed * share
    d_curve = d_passed * water * curve if curve <= 1.0 else 0.0
    # share = min(wetness^beta, 1);  wetness = max(soil / fc, DRIEST)
    scaled = d_curve * beta if wetness > DRIEST else 0.0
    return d_soil + scaled * inverse / wetness, d_water, d_fc - scaled * inverse, d_curve * logarithm


def draw(soil, potential, factor):
    """Evaporation takes min(soil, potential factor); the soil keeps FLOOR, and what that adds is told."""
    taken = min(soil, potential * factor)
    rest = soil - taken
    soil = max(rest, FLOOR)
    return soil, taken, soil - rest


def draw_adjoint(soil, potential, factor, d_soil, d_taken, d_gain):
    """Reverse of draw; at taken = soil the demand gets the gradient, at soil = FLOOR it stops."""
    demand = potential * factor
    rest = soil - min(soil, demand)
    # gain = soil' - rest;  soil' = max(rest, FLOOR)
    d_rest = d_soil if rest > FLOOR else -d_gain
    # rest = soil - taken;  taken = min(soil, potential factor)
    d_taken = d_taken - d_rest
    d_demand = d_taken if demand <= soil else 0.0
    return d_rest + (d_taken - d_demand), d_demand * factor, d_demand * potential


def evaporation(soil, potential, fc, lp, betaet):
    """Evaporation is potential above lp fc: ET = min(soil, PET min((soil/(lp fc))^betaet, 1))."""
    inverse = 1.0 / (lp * fc)
    wetness = max(soil * inverse, DRIEST)
    factor = min(exp(betaet * log(wetness)), 1.0)
    soil, taken, gain = draw(soil, potential, factor)
    return soil, taken, factor, gain


def evaporation_adjoint(soil, potential, fc, lp, betaet, d_soil, d_taken, d_factor, d_gain):
    """Reverse of evaporation; at factor = 1 the gradient passes."""
    inverse = 1.0 / (lp * fc)
    wetness = max(soil * inverse, DRIEST)
    logarithm = log(wetness)
    curve = exp(betaet * logarithm)
    d_soil, d_potential, d_demand = draw_adjoint(soil, potential, min(curve, 1.0), d_soil, d_taken, d_gain)
    # factor = min(wetness^betaet, 1);  wetness = max(soil / (lp fc), DRIEST)
    d_curve = (d_factor + d_demand) * curve if curve <= 1.0 else 0.0
    scaled = d_curve * betaet * inverse if wetness > DRIEST else 0.0
    return d_soil + scaled / wetness, d_potential, -scaled * lp, -scaled * fc, d_curve * logarithm


def evaporation_linear(soil, potential, fc, lp):
    """Evaporation where the curve has no shape parameter (betaet = 1)."""
    factor = min(soil * (1.0 / (lp * fc)), 1.0)
    soil, taken, gain = draw(soil, potential, factor)
    return soil, taken, factor, gain


def evaporation_linear_adjoint(soil, potential, fc, lp, d_soil, d_taken, d_factor, d_gain):
    """Reverse of evaporation_linear, with the sides of evaporation_adjoint."""
    inverse = 1.0 / (lp * fc)
    curve = soil * inverse
    d_soil, d_potential, d_demand = draw_adjoint(soil, potential, min(curve, 1.0), d_soil, d_taken, d_gain)
    # factor = min(soil / (lp fc), 1)
    d_curve = (d_factor + d_demand) * inverse if curve <= 1.0 else 0.0
    scaled = d_curve * curve
    return d_soil + d_curve, d_potential, -scaled * lp, -scaled * fc
