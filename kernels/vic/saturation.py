"""Vapour pressure at saturation, latent heats and longwave emission; temperatures in degC.

Numbers are those of VIC 5.1 (Hamman et al., 2018).
"""

from ..elementary import exp

KELVIN = 273.15
EMISSIVITY, STEFAN_BOLTZMANN = 0.97, 5.67e-8  # 1, W m-2 K-4
COLDEST = -200.0  # degC; the formula for the vapour pressure has a pole at -237.3


def saturation_pressure(temperature):
    """Pressure of saturated vapour, Pa: over water, and with a factor of frost below 0 degC.

    e = 610.78 exp(17.269 T/(237.3 + T)) {1 + 0.00972 T + 4.2e-5 T^2 if T < 0}
    """
    t = max(temperature, COLDEST)
    pressure = 0.61078 * exp(17.269 * t / (237.3 + t))
    return (pressure * (1.0 + 0.00972 * t + 4.2e-5 * t * t) if t < 0.0 else pressure) * 1000.0


def saturation_pressure_adjoint(temperature, d_pressure):
    """Reverse of saturation_pressure, with the slope of the frost factor; with d_pressure = 1 its derivative."""
    t = max(temperature, COLDEST)
    pressure = saturation_pressure(t)
    ratio = 1.0 / (237.3 + t)
    # e = 610.78 exp(17.269 T/(237.3 + T)) frost
    frost = 1.0 + 0.00972 * t + 4.2e-5 * t * t
    relative = 17.269 * 237.3 * ratio * ratio + ((0.00972 + 8.4e-5 * t) / frost if t < 0.0 else 0.0)
    return d_pressure * pressure * relative if temperature >= COLDEST else 0.0


def saturation_slope(temperature):
    """Slope of the vapour pressure as VIC has it, Pa K-1: the frost factor counts as constant."""
    t = max(temperature, COLDEST)
    return 17.269 * 237.3 / ((237.3 + t) * (237.3 + t)) * saturation_pressure(t)


def saturation_slope_adjoint(temperature, d_slope):
    """Reverse of saturation_slope."""
    t = max(temperature, COLDEST)
    ratio = 1.0 / (237.3 + t)
    factor = 17.269 * 237.3 * ratio * ratio
    # slope = 17.269 237.3/(237.3 + T)^2 e
    d_temperature = saturation_pressure_adjoint(temperature, d_slope * factor)
    passed = d_slope if temperature >= COLDEST else 0.0
    return d_temperature - 2.0 * passed * factor * ratio * saturation_pressure(t)


def latent_heat(temperature):
    """Heat of vaporisation, J kg-1."""
    return 2.501e6 - 2361.0 * temperature


def latent_heat_adjoint(temperature, d_heat):
    """Reverse of latent_heat."""
    return -2361.0 * d_heat


def latent_heat_of_sublimation(temperature):
    """Heat of sublimation, J kg-1."""
    return 4186.8 * (677.0 - 0.07 * temperature)


def latent_heat_of_sublimation_adjoint(temperature, d_heat):
    """Reverse of latent_heat_of_sublimation."""
    return -4186.8 * 0.07 * d_heat


def emitted(temperature):
    """Longwave radiation of a surface, W m-2: 0.97 sigma T_K^4, multiplied in VIC's order."""
    kelvin = temperature + KELVIN
    return EMISSIVITY * STEFAN_BOLTZMANN * kelvin * kelvin * kelvin * kelvin


def emitted_adjoint(temperature, d_emitted):
    """Reverse of emitted; with d_emitted = 1 its derivative."""
    kelvin = temperature + KELVIN
    return d_emitted * (4.0 * EMISSIVITY * STEFAN_BOLTZMANN * kelvin * kelvin * kelvin)
