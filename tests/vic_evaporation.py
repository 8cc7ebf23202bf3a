"""Cases of VIC's evaporation for its tests: single processes, layers with roots, and the whole chain of a cell."""

import numpy as np
from freshet.kernels.vic.arno import (
    bare_soil_share,
    bare_soil_share_adjoint,
    soil_evaporation,
    soil_evaporation_adjoint,
)
from freshet.kernels.vic.canopy_water import canopy_water, canopy_water_adjoint, wetness, wetness_adjoint
from freshet.kernels.vic.jarvis import unstressed_resistance, unstressed_resistance_adjoint
from freshet.kernels.vic.penman import (
    Evaporative,
    evaporative,
    evaporative_adjoint,
    penman,
    penman_adjoint,
    penman_line,
    penman_line_adjoint,
)
from freshet.kernels.vic.transpiration import (
    transpiration,
    transpiration_adjoint,
    transpiration_terms,
    transpiration_terms_adjoint,
)


class Form:
    """What bind reads of a model."""

    def __init__(self, frozen=False, compat=True, layers=3):
        self.options = {"frozen": frozen, "compat": compat, "layers": layers}
        self.label = f"vic-{frozen}-{compat}-{layers}"


FROZEN = Form(frozen=True)


CANOPY = {"water": (1e-3, 0.8), "rain": (0, 1), "capacity": (0, 0.6), "wet": (0, 1), "potential": (0, 1)}
AIR = {"slope": (5, 500), "latent": (2.4e6, 2.6e6), "psychrometric": (40, 70), "heat": (700, 1400)}


def draw(ranges, rng):
    """Uniform, and now and then at an end of a range."""
    return [rng.uniform(*ends) if rng.random() < 0.9 else float(rng.choice(ends)) for ends in ranges.values()]


# Rows of the layered case: four of air, then deficit, ra, rarc, unstressed, radiation, dry; five of each layer.
def layered(x, y, work, i):
    air = Evaporative(x[0, i], x[1, i], x[2, i], x[3, i])
    n = y.shape[0]
    transpiration_terms(
        x, 10, 10 + n, x, 10 + 2 * n, 10 + 3 * n, 10 + 4 * n, work, 0, i,
        air, x[4, i], x[5, i], x[6, i], x[7, i], 10800.0,
    )  # fmt: skip
    transpiration(work, 0, x[8, i], x[9, i], y, 0, i)


def layered_adjoint(x, d_y, work, d_work, d_x, i):
    air = Evaporative(x[0, i], x[1, i], x[2, i], x[3, i])
    n = d_y.shape[0]
    d_x[8, i], d_x[9, i] = transpiration_adjoint(work, 0, x[8, i], x[9, i], d_y, 0, i, 0.0, d_work)
    d_air, d_x[4, i], d_x[5, i], d_x[6, i], d_x[7, i] = transpiration_terms_adjoint(
        x, 10, 10 + n, x, 10 + 2 * n, 10 + 3 * n, 10 + 4 * n, d_work, 0, i,
        air, x[4, i], x[5, i], x[6, i], x[7, i], 10800.0, d_x, d_x,
    )  # fmt: skip
    d_x[0, i], d_x[1, i], d_x[2, i], d_x[3, i] = d_air.slope, d_air.latent, d_air.psychrometric, d_air.heat


def draw_layers(n, rng):
    """A canopy on n layers, each dry, between or wet, with and without ice and roots."""
    scalars = draw(AIR | {"deficit": (0, 4500)} | {"ra": (1, 900), "rarc": (0, 100)}, rng)
    scalars += [
        rng.choice([rng.uniform(0, 600), 5000.0]),
        rng.uniform(0, 900),
        rng.choice([0.0, rng.uniform(), rng.uniform()]),
    ]
    critical = rng.uniform(30, 200, n)
    wilting = critical * rng.uniform(0.3, 0.9, n)
    moisture = rng.choice([rng.uniform(0, 1, n) * wilting, wilting + rng.uniform(0, 1) * (critical - wilting),
                           critical * rng.uniform(1.0, 1.6, n), critical], axis=0)  # fmt: skip
    moisture[rng.random(n) < 0.2] *= 0.5
    ice = moisture * rng.choice([0.0, 0.3 * rng.uniform(), 0.3 * rng.uniform(), 1.0], p=[0.3, 0.3, 0.3, 0.1])
    root = rng.dirichlet(np.ones(n)) if rng.random() < 0.7 or n == 1 else rng.permutation([0.5, 0.5] + [0.0] * (n - 2))
    return np.concatenate([scalars, moisture, ice, root, critical, wilting])


# Rows of the whole chain: weather, canopy and top soil, then five of each of three layers.
CHAIN = {
    "temperature": (-50, 50), "elevation": (-400, 6000), "radiation": (-300, 1000), "deficit": (0, 9000),
    "shortwave": (0, 1000), "ra": (0.5, 1e20), "rarc": (0, 100), "minimum": (0, 500), "leaf_area": (0, 8),
    "limit": (1, 500), "water": (0, 1), "rain": (0, 20), "soil": (0, 100), "b": (0, 5), "residual": (0, 5),
}  # fmt: skip


def chain(x, y, work, i):
    air = evaporative(x[0, i], x[1, i])
    unstressed = unstressed_resistance(x[7, i], x[8, i], x[0, i], x[3, i], x[4, i], x[9, i])
    factor, offset = penman_line(air, x[3, i], x[5, i], 0.0, x[6, i])
    potential = max(factor * x[2, i] + offset, 0.0) * 0.125
    capacity = 0.1 * x[8, i]
    wet = wetness(x[10, i], capacity)
    y[0, i], y[1, i], y[2, i], dry = canopy_water(x[10, i], x[11, i], capacity, wet, potential, 10800.0)
    transpiration_terms(x, 15, 18, x, 21, 24, 27, work, 0, i, air, x[3, i], x[5, i], x[6, i], unstressed, 10800.0)
    transpiration(work, 0, x[2, i], dry, y, 3, i)
    share = bare_soil_share(x[15, i] - x[18, i], x[12, i], x[13, i])
    demand = penman(air, x[2, i], x[3, i], x[5, i], 0.0, 100.0) * 0.125
    y[6, i] = soil_evaporation(demand, share, x[15, i] - x[18, i], x[14, i])


def chain_adjoint(x, d_y, work, d_work, d_x, i):
    air = evaporative(x[0, i], x[1, i])
    unstressed = unstressed_resistance(x[7, i], x[8, i], x[0, i], x[3, i], x[4, i], x[9, i])
    factor, offset = penman_line(air, x[3, i], x[5, i], 0.0, x[6, i])
    rate = factor * x[2, i] + offset
    potential = max(rate, 0.0) * 0.125
    capacity = 0.1 * x[8, i]
    wet = wetness(x[10, i], capacity)
    _, _, _, dry = canopy_water(x[10, i], x[11, i], capacity, wet, potential, 10800.0)
    liquid = x[15, i] - x[18, i]
    share = bare_soil_share(liquid, x[12, i], x[13, i])
    demand = penman(air, x[2, i], x[3, i], x[5, i], 0.0, 100.0) * 0.125
    # bare soil
    d_demand, d_share, d_liquid, d_x[14, i] = soil_evaporation_adjoint(demand, share, liquid, x[14, i], d_y[6, i])
    d_air, d_radiation, d_deficit, d_ra, _, _ = penman_adjoint(
        air, x[2, i], x[3, i], x[5, i], 0.0, 100.0, d_demand * 0.125
    )
    d_more, d_x[12, i], d_x[13, i] = bare_soil_share_adjoint(liquid, x[12, i], x[13, i], d_share)
    d_x[15, i] += d_liquid + d_more
    d_x[18, i] -= d_liquid + d_more
    # plants
    d_more, d_dry = transpiration_adjoint(work, 0, x[2, i], dry, d_y, 3, i, 0.0, d_work)
    d_radiation = d_radiation + d_more
    d_air_plants, d_more, d_ra_plants, d_rarc, d_unstressed = transpiration_terms_adjoint(
        x, 15, 18, x, 21, 24, 27, d_work, 0, i,
        air, x[3, i], x[5, i], x[6, i], unstressed, 10800.0, d_x, d_x,
    )  # fmt: skip
    d_deficit, d_ra = d_deficit + d_more, d_ra + d_ra_plants
    # leaves
    d_x[10, i], d_x[11, i], d_capacity, d_wet, d_potential = canopy_water_adjoint(
        x[10, i], x[11, i], capacity, wet, potential, 10800.0, d_y[0, i], d_y[1, i], d_y[2, i], d_dry
    )
    d_more, d_size = wetness_adjoint(x[10, i], capacity, d_wet)
    d_x[10, i] += d_more
    d_rate = d_potential * 0.125 if rate >= 0.0 else 0.0
    d_air_line, d_more, d_ra_line, _, d_rarc_line = penman_line_adjoint(
        air, x[3, i], x[5, i], 0.0, x[6, i], d_rate * x[2, i], d_rate
    )
    d_x[2, i], d_x[6, i] = d_radiation + d_rate * factor, d_rarc + d_rarc_line
    d_x[5, i] = d_ra + d_ra_line
    # stomata and air
    d_x[7, i], d_leaves, d_warmth, d_dryness, d_x[4, i], d_x[9, i] = unstressed_resistance_adjoint(
        x[7, i], x[8, i], x[0, i], x[3, i], x[4, i], x[9, i], d_unstressed
    )
    d_x[3, i] = d_deficit + d_more + d_dryness
    d_x[8, i] = d_leaves + 0.1 * (d_capacity + d_size)
    d_total = Evaporative(
        d_air.slope + d_air_plants.slope + d_air_line.slope,
        d_air.latent + d_air_plants.latent + d_air_line.latent,
        d_air.psychrometric + d_air_plants.psychrometric + d_air_line.psychrometric,
        d_air.heat + d_air_plants.heat + d_air_line.heat,
    )
    d_temperature, d_x[1, i] = evaporative_adjoint(x[0, i], x[1, i], d_total)
    d_x[0, i] = d_temperature + d_warmth


def chain_cells(count):
    """Inputs of the chain within bounds: one in ten at an end of its range, layers at their thresholds now and then."""
    rng = np.random.default_rng(15)

    def some(ends):
        spread = 10.0 ** rng.uniform(np.log10(max(ends[0], 1e-9)), np.log10(ends[1]), count) if ends[1] > 1e9 else (
            rng.uniform(*ends, count)
        )  # fmt: skip
        return np.where(rng.random(count) < 0.9, spread, rng.choice(ends, count))

    scalars = np.stack([some(ends) for ends in CHAIN.values()])
    scalars[12] = rng.uniform(20, 100, count)
    critical = rng.uniform(0.2, 0.9, (3, count)) * 100.0
    wilting = critical * rng.choice([0.0, 0.5, 0.9, 1.0], (3, count))
    moisture = rng.uniform(0, 100, (3, count))
    for level in (critical, wilting, scalars[12:13], 0.0 * critical):
        moisture = np.where(rng.random((3, count)) < 0.08, level, moisture)
    ice = moisture * rng.choice([0.0, 0.2, 1.0], (3, count), p=[0.6, 0.3, 0.1])
    root = rng.dirichlet(np.ones(3), count).T
    root[:, rng.random(count) < 0.2] = np.array([[0.5], [0.0], [0.5]])
    x = np.concatenate([scalars, moisture, ice, root, critical, wilting])
    return np.float64(np.float32(x)), np.float64(np.float32(rng.normal(size=(7, count))))
