"""Longwave radiation of the sky: emissivity of clear air by six formulas, and what clouds add (Bohn et al., 2013)."""

from collections.abc import Callable

import numpy as np

from .air import KELVIN

STEFAN_BOLTZMANN = 5.670374e-8  # W m-2 K-4


def tva(kelvin: np.ndarray, hectopascal: np.ndarray) -> np.ndarray:
    """Emissivity of clear air (Tennessee Valley Authority, 1972)."""
    return 0.740 + 0.0049 * hectopascal


def anderson(kelvin: np.ndarray, hectopascal: np.ndarray) -> np.ndarray:
    """Emissivity of clear air (Anderson, 1954)."""
    return 0.68 + 0.036 * np.sqrt(hectopascal)


def brutsaert(kelvin: np.ndarray, hectopascal: np.ndarray) -> np.ndarray:
    """Emissivity of clear air (Brutsaert, 1975)."""
    return 1.24 * (hectopascal / kelvin) ** (1.0 / 7.0)


def satterlund(kelvin: np.ndarray, hectopascal: np.ndarray) -> np.ndarray:
    """Emissivity of clear air (Satterlund, 1979)."""
    return 1.08 * (1.0 - np.exp(-(hectopascal ** (kelvin / 2016.0))))


def idso(kelvin: np.ndarray, hectopascal: np.ndarray) -> np.ndarray:
    """Emissivity of clear air (Idso, 1981)."""
    return 0.70 + 5.95e-5 * hectopascal * np.exp(1500.0 / kelvin)


def prata(kelvin: np.ndarray, hectopascal: np.ndarray) -> np.ndarray:
    """Emissivity of clear air (Prata, 1996): 1 - (1 + w) exp(-sqrt(1.2 + 3 w)), w = 46.5 e/T, cm of water."""
    w = 46.5 * hectopascal / kelvin
    return 1.0 - (1.0 + w) * np.exp(-np.sqrt(1.2 + 3.0 * w))


CLEAR: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "tva": tva,
    "anderson": anderson,
    "brutsaert": brutsaert,
    "satterlund": satterlund,
    "idso": idso,
    "prata": prata,
}
DEARDORFF, BRAS = "deardorff", "bras"


def longwave(
    temperature: np.ndarray,
    vapour_pressure: np.ndarray,
    through: np.ndarray,
    clear_sky: str = "prata",
    clouds: str = DEARDORFF,
) -> np.ndarray:
    """Longwave radiation from the sky, W m-2, from temperature (degC), vapour pressure (Pa) and the share of a clear
    day's shortwave that clouds let through.

    'deardorff': cover c = 1 - through is black, c + (1 - c) emissivity (Deardorff, 1978), as VIC and MetSim have it;
    'bras': emissivity (1 + 0.17 c^2) with c^2 = (1 - through)/0.65 (Tennessee Valley Authority, 1972; Bras, 1990).
    KeyError where a formula is not one of these.
    """
    kelvin = temperature + KELVIN
    emissivity = np.minimum(CLEAR[clear_sky](kelvin, 0.01 * np.maximum(vapour_pressure, 0.0)), 1.0)
    covered = 1.0 - through
    if clouds == DEARDORFF:
        emissivity = covered + through * emissivity
    elif clouds == BRAS:
        emissivity = np.minimum(emissivity * (1.0 + (0.17 / 0.65) * np.clip(covered, 0.0, 0.65)), 1.0)
    else:
        raise KeyError(clouds)
    return STEFAN_BOLTZMANN * emissivity * kelvin**4
