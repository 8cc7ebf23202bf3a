"""Tectonic plates of a world: where they are, what crust they carry, how they move."""

import numpy as np

from ..generator.keyed_random import uniforms

PLATES = 18
CONTINENTAL = 0.45  # share of the plates that carry a continent
LAND, PLATE = 10, 11  # purposes of random numbers: those of the catchment generator are below 10


def plates(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Centres [plate, (x, y, z, reach, crust)] and turning vectors [plate, 3] of a world's plates.

    Centres are spread evenly (the best of many draws); crust is positive under continents.
    """
    draws = uniforms(seed, 0, PLATE, 0, 4096)
    points = _on_sphere(draws[0:1000], draws[1000:2000])
    chosen = [0]
    for _ in range(PLATES - 1):
        nearest = (points @ points[chosen].T).max(axis=1)
        # Far from the others, but not the farthest: plates of all sizes.
        chosen.append(int(np.argsort(nearest, kind="stable")[int(250 * draws[2000 + len(chosen)])]))
    order = np.argsort(draws[3000 : 3000 + PLATES], kind="stable")
    crust = np.where(order < CONTINENTAL * PLATES, 0.35, -0.45) + 0.2 * (draws[3100 : 3100 + PLATES] - 0.5)
    reach = 0.25 * (draws[3200 : 3200 + PLATES] - 0.5)
    motions = _on_sphere(draws[3300 : 3300 + PLATES], draws[3400 : 3400 + PLATES])
    motions *= (0.5 + draws[3500 : 3500 + PLATES])[:, None]
    return np.column_stack([points[chosen], reach, crust]), np.ascontiguousarray(motions)


def _on_sphere(height: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """Points [point, 3] spread evenly over the unit sphere, from two uniform numbers each."""
    z, angle = 2.0 * height - 1.0, 2.0 * np.pi * turn
    level = np.sqrt(1.0 - z * z)
    return np.column_stack([level * np.cos(angle), level * np.sin(angle), z])
