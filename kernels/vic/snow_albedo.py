"""Albedo of the snow on the ground (VIC 5.1; Hamman et al., 2018, after USACE, 1956; vic.md, 4.7a)."""

from ..elementary import exp, log

FRESH = 0.85
ENOUGH = 0.03  # mm of snowfall that makes the surface new
LOG_COLD, LOG_MELTING = -0.061875403718087454, -0.19845093872383832  # ln 0.94, ln 0.82
TINY = 1e-30


def snow_albedo(snowfall, cold_content, melting, age, dt):
    """Albedo of snow that no snow from the sky has fallen on for age sub-steps of dt s.

    0.85 where more than 0.03 mm of snowfall reach cold snow, else 0.85 0.94^(t^0.58), t in days; 0.85 0.82^(t^0.46)
    where the cold content (J m-2) is not negative or the snow is in its melting season. No argument has a slope: age
    counts, and the others are switches.
    """
    cold = cold_content < 0.0
    ageing = cold and melting == 0.0
    days = max(age * dt * 1.1574074074074073e-05, TINY)
    aged = exp((0.58 if ageing else 0.46) * log(days)) * (LOG_COLD if ageing else LOG_MELTING)
    return FRESH if cold and snowfall > ENOUGH else FRESH * exp(aged)
