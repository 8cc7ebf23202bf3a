"""Height of the ground at points of the unit sphere: continents, mountains where plates meet, hills; compiled.

Everything is a function of the point, the seed and the plates: no grid, no edge, no seam. Noise is gradient noise on a
lattice in space (Perlin, 1985) with hashed gradients; mountains follow ridges of it (Musgrave, 1998).
"""

import numpy as np
from numba import njit

from ...kernels.network.compiled import compiled

MIX1, MIX2, MIX3 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@njit(error_model="numpy")
def _corner(i, j, k, salt, x, y, z):
    """Slope of the lattice point (i, j, k) times the way to it; its hash is that of splitmix64."""
    h = np.uint64(i) * MIX1 ^ np.uint64(j) * MIX2 ^ np.uint64(k) * MIX3 ^ salt
    h = (h ^ (h >> np.uint64(30))) * MIX2
    h = (h ^ (h >> np.uint64(27))) * MIX3
    h = h ^ (h >> np.uint64(31))
    u = np.float64(h & np.uint64(0x1FFFFF)) * 9.5367431640625e-07 - 1.0
    v = np.float64((h >> np.uint64(21)) & np.uint64(0x1FFFFF)) * 9.5367431640625e-07 - 1.0
    w = np.float64((h >> np.uint64(42)) & np.uint64(0x1FFFFF)) * 9.5367431640625e-07 - 1.0
    return u * x + v * y + w * z


@njit(error_model="numpy")
def _noise(x, y, z, salt):
    """Noise of wavelength about 2, mean 0, deviation about 0.3, from -1 to 1."""
    i, j, k = np.floor(x), np.floor(y), np.floor(z)
    x, y, z = x - i, y - j, z - k
    i, j, k = np.int64(i), np.int64(j), np.int64(k)
    total = 0.0
    for corner in range(8):
        a, b, c = corner & 1, (corner >> 1) & 1, corner >> 2
        s, t, u = abs(1.0 - a - x), abs(1.0 - b - y), abs(1.0 - c - z)
        weight = s * s * s * (s * (6.0 * s - 15.0) + 10.0)
        weight *= t * t * t * (t * (6.0 * t - 15.0) + 10.0)
        weight *= u * u * u * (u * (6.0 * u - 15.0) + 10.0)
        total += weight * _corner(i + a, j + b, k + c, salt, x - a, y - b, z - c)
    return total


@njit(error_model="numpy")
def _octaves(x, y, z, salt, frequency, octaves):
    """Noise of falling wavelengths, each half as high as the one before; deviation about 0.35."""
    total, high = 0.0, 1.0
    for octave in range(octaves):
        total += high * _noise(frequency * x, frequency * y, frequency * z, salt + np.uint64(octave))
        frequency *= 2.03
        high *= 0.53
    return total


@njit(error_model="numpy")
def _ridges(x, y, z, salt, frequency, octaves):
    """Ridges and valleys, 0 to 1, the finer ones only on the flanks of the greater."""
    total, high, above, most = 0.0, 1.0, 1.0, 0.0
    for octave in range(octaves):
        ridge = 1.0 - 2.2 * abs(_noise(frequency * x, frequency * y, frequency * z, salt + np.uint64(octave)))
        ridge = max(ridge, 0.0)
        total += high * ridge * above
        most += high
        above = min(max(1.6 * ridge, 0.25), 1.0)
        frequency *= 2.07
        high *= 0.55
    return total / most


@njit(error_model="numpy")
def _plates(x, y, z, centres, motions):
    """Crust under a point (positive: continent), and the mountains that closing plates pile up there.

    Plates share a point by how near they are, smoothly; a pair piles up mountains where both have a share. Returns
    crust, narrow belts, wide belts between continents (all about -1 to 1).
    """
    near, best = np.empty(len(centres)), -3.0
    for n in range(len(centres)):
        near[n] = centres[n, 0] * x + centres[n, 1] * y + centres[n, 2] * z + centres[n, 3]
        best = max(best, near[n])
    all_share, all_part, crust = 0.0, 0.0, 0.0
    share, part = np.empty(len(centres)), np.empty(len(centres))
    for n in range(len(centres)):
        behind = best - near[n]
        share[n] = np.exp(-behind / 0.07) if behind < 0.45 else 0.0
        part[n] = np.exp(-behind / 0.03) if behind < 0.45 else 0.0
        all_share += share[n]
        all_part += part[n]
        crust += share[n] * centres[n, 4]
    narrow, wide = 0.0, 0.0
    for n in range(len(centres)):
        for m in range(n):
            if share[n] * share[m] > 1e-3:
                a, b = centres[n], centres[m]
                u, v, w = b[0] - a[0], b[1] - a[1], b[2] - a[2]
                p, q, r = motions[n, 0] - motions[m, 0], motions[n, 1] - motions[m, 1], motions[n, 2] - motions[m, 2]
                closing = (q * z - r * y) * u + (r * x - p * z) * v + (p * y - q * x) * w
                closing = min(max(closing / np.sqrt(u * u + v * v + w * w), 0.0), 1.0)
                both = min(max(1.2 * (a[4] + b[4]), 0.0), 1.0)
                narrow += closing * 4.0 * part[n] * part[m] / (all_part * all_part)
                wide += closing * both * 4.0 * share[n] * share[m] / (all_share * all_share)
    return crust / all_share, narrow, wide


@njit(error_model="numpy")
def _point(x, y, z, salt, octaves, centres, motions):
    """Height over the datum, m, and roughness, m, of one point."""
    s = salt * np.uint64(1000)
    # Borders of plates and coasts are drawn by bending space.
    u = x + 0.16 * _octaves(x, y, z, s + np.uint64(100), 1.7, 4)
    v = y + 0.16 * _octaves(x, y, z, s + np.uint64(200), 1.7, 4)
    w = z + 0.16 * _octaves(x, y, z, s + np.uint64(300), 1.7, 4)
    size = np.sqrt(u * u + v * v + w * w)
    crust, narrow, wide = _plates(u / size, v / size, w / size, centres, motions)
    crust += 1.15 * _octaves(x, y, z, s + np.uint64(400), 1.5, octaves) + 0.35 * narrow
    old = max(_octaves(x, y, z, s + np.uint64(500), 2.3, 3) - 0.12, 0.0)
    ridges = _ridges(u, v, w, s + np.uint64(600), 5.0, octaves)
    height = 650.0 * crust / (abs(crust) + 0.25) + 200.0 * _octaves(x, y, z, s + np.uint64(700), 4.0, octaves)
    if crust < 0.0:
        height += 7000.0 * crust / (abs(crust) + 0.5)
    inside = min(max(2.0 * crust + 0.6, 0.1), 1.0)
    rise = (2800.0 * narrow + 2200.0 * old) * inside
    plateau = 3000.0 * wide * inside
    height += rise * (0.25 + 1.0 * ridges) + plateau * (0.6 + 0.5 * ridges)
    return height, 60.0 + 0.3 * (rise + 0.5 * plateau) * ridges


@compiled
def heights(points, salt, octaves, centres, motions):
    """Height over the datum and roughness, m, float64 [2, point], at points [point, 3] of the unit sphere."""
    result = np.empty((2, len(points)))
    for n in range(len(points)):
        x, y, z = points[n, 0], points[n, 1], points[n, 2]
        result[0, n], result[1, n] = _point(x, y, z, salt, octaves, centres, motions)
    return result


@compiled
def texture(points, salt, frequency, octaves):
    """Noise of wavelength about 2 / frequency at points [point, 3] of the unit sphere: mean 0, deviation about 0.35."""
    result = np.empty(len(points))
    for n in range(len(points)):
        result[n] = _octaves(points[n, 0], points[n, 1], points[n, 2], salt, frequency, octaves)
    return result
