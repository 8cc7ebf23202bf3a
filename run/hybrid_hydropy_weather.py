"""Weather of a synthetic tropical basin: rain in waves, seasons that turn at the equator, all from one seed."""

import numpy as np


def fields(count: int, height: int, width: int, seed: int, length: float) -> np.ndarray:
    """Smooth random fields [field, y, x] of mean 0 and deviation 1; length of their features in cells."""
    random = np.random.default_rng(seed)
    ky, kx = np.fft.fftfreq(2 * height)[:, None], np.fft.rfftfreq(2 * width)[None, :]
    keep = np.exp(-0.5 * (2 * np.pi * length) ** 2 * (ky**2 + kx**2))
    made = []
    for _ in range(count):
        noise = np.fft.rfft2(random.standard_normal((2 * height, 2 * width)))
        field = np.fft.irfft2(noise * keep, s=(2 * height, 2 * width))[:height, :width]
        made.append((field - field.mean()) / field.std())
    return np.array(made)


class Weather:
    """Precipitation, temperature and true potential evaporation of all cells of a box, any days of it."""

    def __init__(self, shape: tuple[int, int], heights: np.ndarray, first: int, years: int, seed: int):
        self.shape, self.heights, self.first, self.seed = shape, heights, first, seed
        begin, end = np.datetime64(f"{first}-01-01"), np.datetime64(f"{first + years}-01-01")
        self.days = int((end - begin).astype(int))
        random = np.random.default_rng(seed + 9)
        self.waves = random.uniform(-1, 1, (10, 2)) * 0.5, random.uniform(0.2, 1.2, 10), random.uniform(0, 6.28, 10)
        # What makes years wet or dry: a slow walk, the same for the whole basin.
        steps = random.standard_normal(self.days)
        slow = np.zeros(self.days)
        for day in range(1, self.days):
            slow[day] = 0.995 * slow[day - 1] + 0.1 * steps[day]
        self.slow = slow
        self.wet = fields(1, *shape, seed + 10, 8.0)[0]

    def of(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """mm d-1, degC, mm d-1, each [time, y, x]."""
        day = np.arange(start, stop)[:, None, None]
        y, x = (axis[None] for axis in np.mgrid[0 : self.shape[0], 0 : self.shape[1]].astype(float))
        season = np.cos(2 * np.pi * (day / 365.25 - 0.15) + 2.2 * y / self.shape[0])
        (k, speed, phase) = self.waves
        wave = sum(np.cos(a * x + b * y - s * day + p) for (a, b), s, p in zip(k, speed, phase, strict=True)) / np.sqrt(
            len(speed) / 2
        )
        noise = np.empty((stop - start, *self.shape))
        for number in range(start, stop):
            noise[number - start] = np.random.default_rng((self.seed, number)).standard_normal(self.shape)
        mean = 4.2 * np.exp(0.4 * self.wet[None] + 1.0 * season + 0.15 * self.slow[start:stop, None, None])
        rain = mean * 1.1 * np.maximum(0.7 * wave + 0.6 * noise + 0.1, 0.0) ** 1.4
        warm = 27.0 - 0.006 * self.heights[None] + 1.2 * season - 0.05 * np.minimum(rain, 30.0) + 0.6 * wave
        evaporation = 3.8 + 0.12 * (warm - 26.0) - 0.5 * season - 0.04 * np.minimum(rain, 30.0)
        return rain, warm, np.maximum(evaporation, 0.8)
