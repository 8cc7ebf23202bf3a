"""From what soil maps hold to the capacities that HydroPy asks for."""

from __future__ import annotations

import numpy as np

from ...kernels.hydropy.derive import shape_with_orography

# Share of the water at field capacity that plants can take, by texture from coarse to fine: sand, loam, clay loam, clay
# at 10, 20, 25, 30 of WaterGAP's class index (field capacity and wilting point of Rawls et al., 1982, table 2).
TEXTURE = np.array([10.0, 20.0, 25.0, 30.0])
AVAILABLE = np.array([0.64, 0.57, 0.38, 0.31])
# Matric suction at field capacity and wilting point, m (PCR-GLOBWB: van Beek & Bierkens, 2009).
SUCTION_FIELD, SUCTION_WILT = 1.0, 156.0


def capacity_from_available(available: np.ndarray, texture: np.ndarray) -> np.ndarray:
    """Root-zone capacity wcap (mm) from plant-available water (mm) and texture class; loam where it is not known."""
    known = np.where(np.isfinite(texture) & (texture >= 10), texture, 20.0)
    return available / np.interp(known, TEXTURE, AVAILABLE)


def held(capacity: np.ndarray, air_entry: np.ndarray, exponent: np.ndarray, suction: float) -> np.ndarray:
    """Water held against a suction (m), of a capacity between residual water and saturation (Clapp & Hornberger, 1978).

    capacity [any unit], air_entry suction m, exponent -; result in the unit of the capacity
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (suction / np.abs(air_entry)) ** (-1.0 / exponent)
    return capacity * np.clip(share, 0.0, 1.0)


def largest_local(wcap: np.ndarray, wmin: np.ndarray, beta: np.ndarray, topo_std: np.ndarray) -> np.ndarray:
    """wmax (mm) with which the distribution of local capacities has the mean wcap: wmin + (1 + b) (wcap - wmin).

    b = beta with the share of the orography, as the model uses it: surface runoff has no jump where the soil fills.
    """
    return wmin + (1.0 + shape_with_orography(beta, topo_std)) * np.maximum(wcap - wmin, 0.0)


def spread_of_shape(shape: np.ndarray) -> np.ndarray:
    """topo_std (m) with this share of the orography in the shape; PCR-GLOBWB keeps the share."""
    return np.where(shape > 0, (100.0 + 1000.0 * shape) / np.maximum(1.0 - shape, 0.05), 0.0)
