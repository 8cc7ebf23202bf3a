"""Baseflow parameters of Nijssen et al. (2001) as those of ARNO."""

from __future__ import annotations

from .parameters import Arrays


def arno_parameters(soil: Arrays, layers: Arrays) -> Arrays:
    """The soil with Ds, Dsmax, Ws, c, which hold D1 to D4 of Nijssen et al. (2001, doi:10.1175/1520-0442).

    Their baseflow is D1 W + D2 max(W - D3, 0)^D4 of the lowest layer's moisture W (mm), D1 in d-1. ARNO's has the same
    two slopes and the same value where the layer is full (W = Wm): Dsmax = D1 Wm + D2 (Wm - D3)^D4,
    Ds = D1 D3/Dsmax, Ws = D3/Wm, c = D4.
    """
    first, second, third, fourth = (soil[name] for name in ("Ds", "Dsmax", "Ws", "c"))
    porosity = 1.0 - layers["bulk_density"][-1] / layers["soil_density"][-1]
    full = 1000.0 * layers["depth"][-1] * porosity
    most = first * full + second * (full - third) ** fourth
    return soil | {"Ds": first * third / most, "Dsmax": most, "Ws": third / full, "c": fourth}
