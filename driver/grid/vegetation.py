"""Vegetation by months from maps of land cover or of cover fractions."""

from __future__ import annotations

import numpy as np

# Land cover class: largest leaf area index, deciduous share, evergreen reduction, degree-day factor (mm K-1 d-1)
# (WaterGAP 2.2: Mueller Schmied et al., 2014), and share of the ground under leaves in full season.
CLASSES = {
    1: (4.02, 0.0, 1.0, 1.5, 0.90),
    2: (4.78, 0.0, 0.8, 3.0, 0.95),
    3: (4.63, 1.0, 0.8, 1.5, 0.85),
    4: (4.49, 1.0, 0.8, 3.0, 0.90),
    5: (4.34, 0.25, 0.8, 2.0, 0.90),
    6: (2.08, 0.5, 0.8, 3.0, 0.60),
    7: (1.88, 0.5, 0.8, 4.0, 0.30),
    8: (2.08, 0.5, 0.3, 4.0, 0.75),
    9: (1.71, 0.5, 0.5, 4.0, 0.65),
    10: (1.71, 0.0, 0.5, 5.0, 0.60),
    12: (3.62, 0.0, 0.1, 4.0, 0.70),
    14: (3.62, 0.5, 0.5, 4.0, 0.75),
    15: (0.0, 0.0, 0.0, 6.0, 0.0),
    16: (1.31, 0.0, 1.0, 6.0, 0.05),
}
OTHER = 10  # grassland, for classes that are not in the table (urban land, wetlands, water)
TROPIC = 23.5  # degrees, inside of which seasons fade towards the equator
EXTINCTION = 0.5  # of light by leaves, for the leaf area that shades a share of the ground (Beer's law)


def by_class(land_cover: np.ndarray, latitude: np.ndarray) -> dict[str, np.ndarray]:
    """fveg and lai [12, y, x] and ddfac [y, x] from land cover classes [y, x]; latitude [y].

    Leaf area goes between its smallest (0.1 of the deciduous share, the reduced one of evergreens) and its largest as a
    cosine over the year, with its top in July north and in January south of the equator.
    """
    rows = {key: np.array(values) for key, values in CLASSES.items()}
    table = np.array([rows.get(key, rows[OTHER]) for key in range(max(CLASSES) + 1)])
    known = np.where(np.isfinite(land_cover), land_cover, OTHER).astype(np.int64)
    largest, deciduous, reduction, ddfac, cover = np.moveaxis(table[np.clip(known, 0, len(table) - 1)], -1, 0)
    smallest = np.minimum(0.1 * deciduous + (1.0 - deciduous) * reduction * largest, largest)
    season = seasons(latitude)[:, :, None]
    lai = smallest + (largest - smallest) * season
    full = np.where(largest > 0, lai / np.maximum(largest, 0.1), 0.0)
    return {"lai": lai, "fveg": cover * (0.4 + 0.6 * full), "ddfac": ddfac}


def seasons(latitude: np.ndarray) -> np.ndarray:
    """Stand of the growing season by month and latitude, [12, y], 0 to 1; constant at the equator."""
    month = np.arange(12)[:, None]
    wave = np.cos(2.0 * np.pi * (month - 6.0) / 12.0) * np.sign(latitude)
    strength = np.minimum(np.abs(latitude) / TROPIC, 1.0)
    result: np.ndarray = 1.0 - strength * (1.0 - wave) / 2.0
    return result


def leaf_area(cover: np.ndarray) -> np.ndarray:
    """Leaf area index that covers a share of the ground: -ln(1 - cover) / 0.5, at most 6."""
    return np.minimum(-np.log1p(-np.minimum(cover, 0.9502)) / EXTINCTION, 6.0)
