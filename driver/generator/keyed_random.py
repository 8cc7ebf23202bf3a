"""Random numbers by key: every number has an address, so that no order of asking can change it.

Philox is a counter-based generator (Salmon et al., 2011): key = (seed, basin), counter = (running, 0, year, purpose).
Its raw stream is guaranteed by numpy for good, which the distributions of numpy's Generator are not.
"""

import numpy as np

PLACE, WEATHER, YEARS, GAUGE, GAPS = range(5)  # purposes
PER_DAY = 366  # numbers of a year, whatever its length


def uniforms(seed: int, number: int, purpose: int, year: int, count: int) -> np.ndarray:
    """Numbers in [0, 1), [count], of a basin's year. Years may be 0 or negative."""
    key = np.array([seed, number], np.uint64)
    counter = np.array([0, 0, year + 2**31, purpose], np.uint64)
    raw = np.random.Philox(key=key, counter=counter).random_raw(count)
    return (raw >> np.uint64(11)) * 2.0**-53


def exponentials(uniform: np.ndarray) -> np.ndarray:
    """Exponential numbers of mean 1 from uniform ones."""
    return -np.log(1.0 - uniform)


def normals(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Standard normal numbers from two sets of uniform ones (Box & Muller, 1958)."""
    return np.sqrt(2.0 * exponentials(first)) * np.cos(2.0 * np.pi * second)
