"""Water that stays liquid below 0 degC, and the ice that follows from it (Cherkauer & Lettenmaier, 1999; VIC 5.1).

u(T) = m [(-Lf T)/(273.16 g psi/100)]^(-2/(n - 3)) for T < 0, within 0..m; psi (bubbling pressure) in cm, n the exponent
of the hydraulic conductivity. Ice is what the moisture has above u(T; porosity, psi, n). It appears at the freezing
point T* where u(T*) = moisture, so below it ice = moisture [1 - (T/T*)^(-2/(n - 3))], a form without overflow. n - 3
counts as at least LEAST_EXCESS, and T* is not below -psi e^FARTHEST/SCALE: drier soil never freezes.
"""

from ..elementary import exp, log

SCALE = 3.337e5 * 100.0 / (273.16 * 9.80616)  # cm K-1: Lf/(273.16 g psi/100) is SCALE/psi
LEAST_EXCESS = 0.02
LEAST_MOISTURE = 1e-6
FARTHEST = 20.0


def freezing_power(n):
    """Exponent of the unfrozen water: 2/(n - 3)."""
    return 2.0 / max(n - 3.0, LEAST_EXCESS)


def freezing_power_adjoint(n, d_power):
    """Reverse of freezing_power."""
    excess = max(n - 3.0, LEAST_EXCESS)
    return -2.0 * d_power / (excess * excess) if n - 3.0 >= LEAST_EXCESS else 0.0


def unfrozen(temperature, most, bubble, n):
    """Water that is liquid at a temperature (degC), of at most `most`, in its unit.

    The plain form of what ice_at and freezing_point say together; the loops use these, tests compare them with it.
    """
    below = max(-temperature * SCALE / bubble, 1.0)
    return most * exp(-freezing_power(n) * log(below))


def freezing_point(moisture, most, bubble, power):
    """Temperature (degC) below which some of the moisture is ice; most: what the pores hold, in its unit."""
    dryness = log(max(most / max(moisture, LEAST_MOISTURE * most), 1.0)) / power
    return -bubble / SCALE * exp(min(dryness, FARTHEST))


def freezing_point_adjoint(moisture, most, bubble, power, d_point):
    """Reverse of freezing_point; full soil takes the slope of the drier side, very dry soil has none."""
    held = max(moisture, LEAST_MOISTURE * most)
    ratio = log(max(most / held, 1.0))
    dryness = ratio / power
    point = -bubble / SCALE * exp(min(dryness, FARTHEST))
    d_dryness = d_point * point if dryness < FARTHEST else 0.0
    d_ratio = d_dryness / power if most >= held else 0.0
    free = moisture >= LEAST_MOISTURE * most
    return (
        -d_ratio / held if free else 0.0,
        d_ratio / most if free else 0.0,
        d_point * point / bubble,
        -d_dryness * dryness / power,
    )


def ice_at(temperature, moisture, point, power):
    """Ice at a temperature, in the unit of the moisture: 0 from the freezing point up."""
    return moisture - moisture * exp(-power * log(max(temperature / point, 1.0)))


def ice_slope(temperature, moisture, point, power):
    """Change of ice_at with the temperature, K-1."""
    ratio = max(temperature / point, 1.0)
    return moisture * power * exp(-power * log(ratio)) / temperature if ratio > 1.0 else 0.0


def ice_at_adjoint(temperature, moisture, point, power, d_ice):
    """Reverse of ice_at; the freezing point belongs to the thawed side."""
    ratio = max(temperature / point, 1.0)
    logarithm = log(ratio)
    share = exp(-power * logarithm)
    d_exponent = -d_ice * moisture * share
    d_logarithm = -d_exponent * power if ratio > 1.0 else 0.0
    return (
        d_logarithm / temperature if ratio > 1.0 else 0.0,
        d_ice * (1.0 - share),
        -d_logarithm / point,
        -d_exponent * logarithm,
    )
