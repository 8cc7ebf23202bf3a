"""From the original's parameter fields to the rows of the model: soil, orography, permafrost (hydropy.md, 1.0).

Names are those of HydroPy's files (Stacke & Hagemann, 2021; Hagemann, 2002). Lags are in lags.py.
"""

from collections.abc import Mapping

import numpy as np

PERMAFROST_DEPTH = 50.0  # mm; moisture that frozen ground can hold (wcap_perma)
SMALLEST_OROGRAPHY = 0.01


def orography(topo_std: np.ndarray) -> np.ndarray:
    """Share of the orography in the shape of the distribution of capacities (1), from topo_std (m)."""
    return np.maximum(0.0, (topo_std - 100.0) / (topo_std + 1000.0))


def shape_with_orography(beta: np.ndarray, topo_std: np.ndarray) -> np.ndarray:
    """Parameter beta_oro (1): beta, and the orography's share where it is not small."""
    share = orography(topo_std)
    return np.where(share >= SMALLEST_OROGRAPHY, beta + share, beta)


def permafrost_ratio(wcap: np.ndarray, perm: np.ndarray, depth: float = PERMAFROST_DEPTH) -> np.ndarray:
    """What permafrost, on a share perm of the cell, leaves of the soil's storage (1)."""
    whole = np.where(wcap > 0.0, wcap, 1.0)
    return np.where(wcap > 0.0, (np.minimum(wcap, depth) * perm + wcap * (1.0 - perm)) / whole, 1.0)


def soil_parameters(
    fields: Mapping[str, np.ndarray], permafrost: bool = True, depth: float = PERMAFROST_DEPTH
) -> dict[str, np.ndarray]:
    """Rows wcap, wava, wmin, wmax (mm) and beta_oro (1) from the fields wcap, wava, wmin, wmax, beta, topo_std, perm.

    perm may be missing where permafrost is not asked for. Raises KeyError that names a field that is missing.
    """
    ratio = permafrost_ratio(fields["wcap"], fields["perm"], depth) if permafrost else 1.0
    rows = {name: np.asarray(fields[name], np.float64) * ratio for name in ("wcap", "wava", "wmin", "wmax")}
    rows["beta_oro"] = shape_with_orography(fields["beta"], fields["topo_std"])
    return rows
