"""Random snow on the ground, and its kernels over arrays of cases, for the tests of VIC's snow."""

from functools import cache

import numpy as np
from freshet.kernels.bind import bind
from freshet.kernels.vic.bundles import Air
from freshet.kernels.vic.ground_snow import Pack, PackFluxes, ground_snow
from freshet.kernels.vic.ground_snow_adjoint import ground_snow_adjoint
from numba import njit

# Rows of a table of cases: Pack, Air, then the other arguments of ground_snow.
OTHERS = (
    "rain", "snowfall", "sky_snowfall", "shortwave_in", "longwave_in", "ground_temperature", "resistance", "wind",
    "snow_rough", "dt", "day_of_year", "latitude",
)  # fmt: skip
ROWS = {name: k for k, name in enumerate(Pack._fields + tuple(f"air_{name}" for name in Air._fields) + OTHERS)}
RESULTS = {name: k for k, name in enumerate(Pack._fields + PackFluxes._fields)}
# Rows that switch or count, or that the snow does not read.
FIXED = (
    "cold_content", "albedo", "age", "melting", "air_deficit", "air_wind", "air_shortwave", "air_longwave",
    "sky_snowfall", "dt", "day_of_year", "latitude",
)  # fmt: skip


class Form:
    """What bind reads of a model."""

    def __init__(self, **options: bool):
        self.options = options
        self.label = "vic_snow_" + "_".join(name for name, on in options.items() if on)


@cache
def form(compat: bool, brent: bool) -> Form:
    return Form(compat=compat, brent=brent)


@cache
def forward(compat: bool, brent: bool, precision: str):
    """(cases) -> results, of ground_snow."""
    kernel = bind(ground_snow, form(compat, brent), precision)

    @njit(error_model="numpy")
    def run(x, out):
        for i in range(x.shape[1]):
            pack = Pack(x[0, i], x[1, i], x[2, i], x[3, i], x[4, i], x[5, i], x[6, i], x[7, i], x[8, i], x[9, i],
                        x[10, i])  # fmt: skip
            air = Air(x[11, i], x[12, i], x[13, i], x[14, i], x[15, i], x[16, i], x[17, i], x[18, i])
            new, fluxes = kernel(pack, air, x[19, i], x[20, i], x[21, i], x[22, i], x[23, i], x[24, i], x[25, i],
                                 x[26, i], x[27, i], x[28, i], x[29, i], x[30, i])  # fmt: skip
            for k in range(11):
                out[k, i] = new[k]
            for k in range(18):
                out[11 + k, i] = fluxes[k]

    def results(cases):
        out = np.zeros((len(RESULTS), cases.shape[1]), precision)
        run(np.ascontiguousarray(cases, precision), out)
        return out

    return results


@cache
def reverse(compat: bool, brent: bool, precision: str):
    """(cases, gradients of the results) -> gradients of the cases, of ground_snow."""
    kernel = bind(ground_snow_adjoint, form(compat, brent), precision)

    @njit(error_model="numpy")
    def run(x, d, out):
        for i in range(x.shape[1]):
            pack = Pack(x[0, i], x[1, i], x[2, i], x[3, i], x[4, i], x[5, i], x[6, i], x[7, i], x[8, i], x[9, i],
                        x[10, i])  # fmt: skip
            air = Air(x[11, i], x[12, i], x[13, i], x[14, i], x[15, i], x[16, i], x[17, i], x[18, i])
            d_pack = Pack(d[0, i], d[1, i], d[2, i], d[3, i], d[4, i], d[5, i], d[6, i], d[7, i], d[8, i], d[9, i],
                          d[10, i])  # fmt: skip
            d_fluxes = PackFluxes(
                d[11, i], d[12, i], d[13, i], d[14, i], d[15, i], d[16, i], d[17, i], d[18, i], d[19, i], d[20, i],
                d[21, i], d[22, i], d[23, i], d[24, i], d[25, i], d[26, i], d[27, i], d[28, i],
            )  # fmt: skip
            g_pack, g_air, rain, snowfall, shortwave, longwave, ground, resistance, wind, rough = kernel(
                pack, air, x[19, i], x[20, i], x[21, i], x[22, i], x[23, i], x[24, i], x[25, i], x[26, i], x[27, i],
                x[28, i], x[29, i], x[30, i], d_pack, d_fluxes,
            )  # fmt: skip
            for k in range(11):
                out[k, i] = g_pack[k]
            for k in range(8):
                out[11 + k, i] = g_air[k]
            out[19, i], out[20, i], out[22, i], out[23, i], out[24, i] = rain, snowfall, shortwave, longwave, ground
            out[25, i], out[26, i], out[27, i] = resistance, wind, rough

    def gradients(cases, d_results):
        out = np.zeros((len(ROWS), cases.shape[1]), precision)
        run(np.ascontiguousarray(cases, precision), np.ascontiguousarray(d_results, precision), out)
        return out

    return gradients


def saturation(temperature: np.ndarray) -> np.ndarray:
    return 610.78 * np.exp(17.269 * temperature / (237.3 + temperature))


def random_cases(count: int, seed: int, edges: bool = False) -> np.ndarray:
    """Plausible snow and weather [row, case], float64; with edges: ties and bounds of every argument as well."""
    rng = np.random.default_rng(seed)
    thickness = rng.choice([1e-3, 0.02, 0.2, 1.0], count) * rng.exponential(1.0, count)
    ice = np.where(rng.random(count) < 0.15, 0.0, thickness)
    melting = rng.random(count) < 0.4
    surface = np.minimum(ice, 0.125)
    liquid = np.where(melting, 0.03 * surface * rng.random(count), 0.0)
    below = np.where(melting, 0.03 * (ice - surface) * rng.random(count), 0.0)
    density = np.where(ice > 0.0, rng.uniform(60.0, 500.0, count), 0.0)
    water = ice + liquid + below
    temperature = np.where(melting | (ice == 0.0), 0.0, -rng.gamma(1.5, 4.0, count))
    warmth = rng.normal(-3.0, 7.0, count)
    pressure = rng.uniform(6e4, 1.02e5, count)
    full = saturation(warmth)
    vapour = full * np.minimum(rng.uniform(0.3, 1.1, count), 1.0)
    wind = rng.gamma(2.0, 1.5, count) + 0.05
    fall = np.where((rng.random(count) < 0.4) | (ice == 0.0), rng.gamma(0.7, 5.0, count) + 1e-3, 0.0)
    share = np.clip(warmth + 0.5, 0.0, 1.0)
    snowfall = np.where(ice == 0.0, fall, (1.0 - share) * fall)
    cases = {
        "water": water, "surface_liquid": liquid, "pack_liquid": below, "surface_temperature": temperature,
        "pack_temperature": np.where(ice > 0.125, 0.5 * temperature, 0.0),
        "cold_content": 2.11727e6 * surface * temperature,
        "density": density, "depth": np.where(ice > 0.0, 1000.0 * water / np.maximum(density, 1.0), 0.0),
        "albedo": 0.7, "age": rng.integers(0, 400, count), "melting": rng.random(count) < 0.3,
        "air_temperature": warmth, "air_pressure": pressure, "air_vapour_pressure": vapour,
        "air_deficit": full - vapour, "air_density": pressure / (287.0 * (warmth + 273.15)), "air_wind": wind,
        "air_shortwave": 0.0, "air_longwave": 0.0, "rain": share * fall * rng.random(count), "snowfall": snowfall,
        "sky_snowfall": snowfall * (rng.random(count) < 0.9),
        "shortwave_in": rng.uniform(0, 900, count) * (rng.random(count) < 0.6),
        "longwave_in": rng.uniform(150, 380, count),
        "ground_temperature": rng.normal(0, 4, count), "resistance": 120.0 / wind, "wind": wind,
        "snow_rough": 10.0 ** rng.uniform(-4, -1.3, count), "dt": rng.choice([3600.0, 10800.0], count),
        "day_of_year": rng.integers(1, 367, count), "latitude": rng.uniform(-70, 80, count),
    }  # fmt: skip
    table = np.stack([np.broadcast_to(np.asarray(cases[name], float), count) for name in ROWS])
    return with_edges(table, rng) if edges else table


def with_edges(table: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One argument in twenty at a tie or a bound."""
    edges = {
        "water": (0.0, 1e-12, 1e-7, 0.001, 0.125, 0.126, 30.0), "surface_liquid": (0.0, 1e-9, 0.02),
        "pack_liquid": (0.0, 1e-9, 0.5), "surface_temperature": (0.0, -1e-6, -80.0), "pack_temperature": (0.0, -60.0),
        "density": (0.0, 20.0, 900.0), "depth": (0.0, 1e-10, 1e-8, 0.01, 60.0), "age": (0.0, 1e5),
        "air_temperature": (0.0, -90.0, 65.0, -0.5), "air_pressure": (3e4, 1.15e5), "air_vapour_pressure": (0.0, 1e4),
        "air_deficit": (0.0,), "rain": (0.0, 500.0), "snowfall": (0.0, 1e-5, 125.0, 500.0), "sky_snowfall": (0.0,),
        "shortwave_in": (0.0, 1500.0), "longwave_in": (20.0, 700.0), "ground_temperature": (-90.0, 60.0),
        "resistance": (1e20, 1.0), "wind": (0.0, 1e-4, 60.0), "snow_rough": (1e-5, 0.1), "dt": (86400.0, 900.0),
    }  # fmt: skip
    for name, values in edges.items():
        chosen = rng.random(table.shape[1]) < 0.05
        table[ROWS[name], chosen] = rng.choice(values, chosen.sum())
    same = rng.random(table.shape[1]) < 0.02
    table[ROWS["surface_temperature"], same] = np.minimum(table[ROWS["air_temperature"], same], 0.0)
    return table
