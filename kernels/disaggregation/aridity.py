"""The dew point of dry places: where the night does not cool to it (Kimball et al., 1997)."""

import numpy as np

from .air import KELVIN

PRIESTLEY_TAYLOR = 1.26
ALBEDO, INTO_GROUND = 0.2, 0.1  # of the radiation that evaporates (MTCLIM's)
LEAST_YEAR = 80.0  # mm: precipitation of a year is not taken below this
YEAR = 365.25
DAY = 86400.0


def daytime_temperature(minimum: np.ndarray, maximum: np.ndarray) -> np.ndarray:
    """Mean temperature of the daylight, degC: mean + 0.45 (maximum - mean) (Running et al., 1987)."""
    mean = 0.5 * (minimum + maximum)
    return mean + 0.45 * (maximum - mean)


def potential_evaporation(shortwave: np.ndarray, temperature: np.ndarray, pressure: np.ndarray) -> np.ndarray:
    """Potential evaporation, mm d-1, from the sun alone (Priestley & Taylor, 1972; Kimball et al., 1997).

    shortwave: mean of the 24 hours, W m-2; temperature of the daylight, degC; pressure Pa.
    """
    latent = (2.501 - 0.002361 * temperature) * 1e6
    over = 237.3 + temperature
    slope = 17.269 * 237.3 / over**2 * 610.78 * np.exp(17.269 * temperature / over)
    psychrometric = 1004.0 * pressure / (0.622 * latent)
    available = (1.0 - ALBEDO) * (1.0 - INTO_GROUND) * shortwave
    return PRIESTLEY_TAYLOR * slope / (slope + psychrometric) * available * DAY / latent


def dry_dewpoint(minimum: np.ndarray, maximum: np.ndarray, potential: np.ndarray, yearly: np.ndarray) -> np.ndarray:
    """Dew point, degC, from potential evaporation of the day (mm) over precipitation of a year (mm) = EF:

    Tdew = Tmin (-0.127 + 1.121 (1.003 - 1.444 EF + 12.312 EF^2 - 32.766 EF^3) + 0.0006 (Tmax - Tmin)), in K
    (Kimball et al., 1997). EF is held at 0.1, beyond which the cubic was not fitted. Never above the minimum.
    """
    ef = np.clip(potential / np.maximum(yearly, LEAST_YEAR), 0.0, 0.1)
    cubic = 1.003 + ef * (-1.444 + ef * (12.312 - 32.766 * ef))
    kelvin = (minimum + KELVIN) * (-0.127 + 1.121 * cubic + 0.0006 * (maximum - minimum))
    return np.minimum(kelvin - KELVIN, minimum)
