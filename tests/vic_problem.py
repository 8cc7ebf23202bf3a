"""Random but plausible tile-bands of VIC and their weather, with parameters, states and clock that fit each other."""

import numpy as np
from freshet.kernels.model import Model

DAYS = 365
START = 274  # the first of October: snow comes, goes, and a dry summer follows
CLEAR = 0.85
LAPSE = -6.5e-3  # K m-1
ICE_HEAT = 2.11727e6  # J m-3 K-1
SURFACE_LAYER = 0.125  # m of water: the most that the snow's surface layer holds
SOIL = {
    "infilt": (0.02, 0.5), "Ds": (0.005, 0.5), "Dsmax": (2.0, 30.0), "Ws": (0.4, 0.95), "c": (1.2, 3.0),
    "avg_T": (2.0, 14.0), "dp": (2.5, 6.0), "rough": (0.0005, 0.02), "snow_rough": (0.0003, 0.01),
}  # fmt: skip
PLANTS = {
    "rarc": (1.0, 60.0), "rmin": (60.0, 250.0), "RGL": (20.0, 120.0), "wind_atten": (0.3, 2.0),
    "rad_atten": (0.3, 0.7), "trunk_ratio": (0.1, 0.6),
}  # fmt: skip
LAYERS = {
    "bulk_density": (1100.0, 1650.0), "soil_density": (2500.0, 2700.0), "quartz": (0.1, 0.9), "Ksat": (50.0, 2000.0),
    "expt": (6.0, 24.0), "bubble": (8.0, 40.0), "Wcr_FRACT": (0.4, 0.75), "resid_moist": (0.005, 0.04),
}  # fmt: skip
USUAL_DEPTHS = (0.12, 0.5, 1.4, 2.0)
USUAL_ROOTS = (0.1, 0.6, 0.9, 1.0)


def vic_arrays(model: Model, steps: int, places: int, components: int, rng: np.random.Generator) -> dict:
    """Forcing, parameters, state and geometry of simulate.

    Fewer steps than a year has are spread over the year: hours follow each other, days are left out.
    """
    cells = places * components
    elevation, latitude = rng.uniform(0.0, 2500.0, places), rng.uniform(-60.0, 70.0, places)
    offset = LAPSE * rng.uniform(-500.0, 500.0, (components, places))
    offset[rng.random(offset.shape) < 0.3] = 0.0
    given = parameters(model, cells, rng) | {"temperature_offset": offset.ravel()}
    values = [given[variable.name] for variable in model.parameters]
    first = states(model, given, rng)
    return {
        "forcing": forcing(model, steps, elevation, rng),
        "parameters": np.stack([np.broadcast_to(value, cells) for value in values]),
        "state": np.stack([np.broadcast_to(first[variable.name], cells) for variable in model.states]),
        "geometry": np.stack([elevation, latitude, np.minimum(offset.min(0), 0.0)]),
    }


# --- weather


def clock(model: Model, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Day of the year (from 0, whole) and hour of each step."""
    per_day = model.steps_per_day
    stride = max(1.0 / per_day, DAYS / max(steps, 1))
    hour = np.arange(steps) % per_day * (24.0 / per_day)
    return ((START + np.arange(steps) * stride) % DAYS).astype(int), hour


def saturated(temperature: np.ndarray) -> np.ndarray:
    """Vapour pressure at saturation, Pa."""
    frost = np.where(temperature < 0, 1.0 + 0.00972 * temperature + 4.2e-5 * temperature**2, 1.0)
    return 610.78 * np.exp(17.269 * temperature / (237.3 + temperature)) * frost


def forcing(model: Model, steps: int, elevation: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """[time, row, place]: seasons that cross freezing, days and nights, storms, clouds, calm and saturated air."""
    substeps = int(model.options["substeps"])
    day, hour = clock(model, steps)
    length = 24.0 / model.steps_per_day / substeps
    hours = (hour[:, None] + (np.arange(substeps) + 0.5) * length)[..., None]
    season = np.sin(2 * np.pi * (day / DAYS - 0.29))[:, None, None]
    shape = (steps, substeps, len(elevation))
    wet = rng.random((steps, 1, len(elevation))) < 0.4
    cloud = np.clip(0.3 + 0.45 * wet + rng.normal(0, 0.15, shape), 0.02, 1.0)
    daily = np.cos(2 * np.pi * (hours - 14.5) / 24.0) * (5.0 - 3.0 * cloud)
    warmth = 5.0 + 10.0 * season + daily + rng.normal(0, 2.5, shape)
    sun = np.clip(np.sin(np.pi * (hours - 6 + 1.5 * season) / (12 + 3 * season)), 0, 1)
    pressure = 101325 * np.exp(-elevation / 8400) * rng.uniform(0.98, 1.02, shape)
    humidity = np.clip(0.55 + 0.3 * cloud + rng.normal(0, 0.1, shape), 0.1, 0.98)
    humidity[rng.random(shape) < 0.1] = 1.1
    still = rng.random(shape) < 0.02
    rows = {
        "precipitation": rng.gamma(0.8, 0.5 * length, shape) * wet * (rng.random(shape) < 0.7),
        "air_temperature": warmth,
        "shortwave": sun * 950 * np.clip(0.6 + 0.35 * season, 0.1, 1) * (1 - 0.7 * cloud),
        "longwave": 5.67e-8 * (warmth + 273.15) ** 4 * (0.7 + 0.25 * cloud),
        "pressure": pressure,
        "vapour_pressure": humidity * saturated(warmth),
        "wind": np.where(still, 0.0, rng.gamma(4.0, 0.8, shape) + 0.2),
    }
    month = np.minimum(day // 30.42 + 1, 12)
    calendar = [np.broadcast_to(values[:, None, None], (steps, 1, len(elevation))) for values in (month, day + 1)]
    return np.concatenate([*calendar, *(np.broadcast_to(values, shape) for values in rows.values())], 1)


# --- tiles


def parameters(model: Model, cells: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """By name: tall and short canopies and bare soil, a quarter of all bare and a third tall."""
    vegetated = (rng.random(cells) < 0.75) * 1.0
    tall = vegetated * (rng.random(cells) < 0.45)
    found = {name: rng.uniform(*bounds, cells) for name, bounds in {**SOIL, **PLANTS}.items()}
    found |= {"vegetated": vegetated, "overstory": tall, "area": 1.0}
    found["precipitation_factor"] = rng.uniform(0.7, 1.4, cells)
    height = np.where(tall, rng.uniform(4.0, 25.0, cells), rng.uniform(0.1, 2.0, cells))
    found["wind_h"] = np.where(tall, 1.2 * height + rng.uniform(1.0, 10.0, cells), 10.0)
    summer = 0.5 + 0.5 * np.sin(2 * np.pi * ((np.arange(12) + 0.5) / 12 - 0.29))
    winter = rng.uniform(0.0, 2.0, cells)
    growth = rng.uniform(0.3, 4.0, cells)
    bald = rng.random(cells) < 0.2  # leaves that fall altogether
    for k in range(12):
        leaves = winter + growth * summer[k]
        found[f"leaf_area_index_{k + 1}"] = np.where(bald & (summer[k] < 0.3), 0.0, leaves)
        found[f"albedo_{k + 1}"] = rng.uniform(0.1, 0.25, cells)
        found[f"roughness_{k + 1}"] = 0.123 * height
        found[f"displacement_{k + 1}"] = 0.67 * height
    return found | ground(model, cells, rng)


def ground(model: Model, cells: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """What layers and root zones are."""
    layers, zones = int(model.options["layers"]), int(model.options["zones"])
    found = {}
    for k in range(layers):
        own = {name: rng.uniform(*bounds, cells) for name, bounds in LAYERS.items()}
        own["depth"] = USUAL_DEPTHS[k] * rng.uniform(0.7, 1.4, cells)
        own["Wpwp_FRACT"] = own["Wcr_FRACT"] * rng.uniform(0.4, 0.75, cells)
        found |= {f"{name}_{k + 1}": values for name, values in own.items()}
    shares = rng.dirichlet(np.ones(zones), cells).T
    for k in range(zones):
        found[f"root_depth_{k + 1}"] = USUAL_ROOTS[k] * rng.uniform(0.7, 1.4, cells)
        found[f"root_fract_{k + 1}"] = shares[k]
    return found


def states(model: Model, given: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """By name: no snow, thin or deep snow, cold or wet; leaves with water or snow; soil between residual and full."""
    cells = len(given["infilt"])
    found = snow(cells, rng)
    tall, leaves = given["vegetated"] * given["overstory"], given["leaf_area_index_10"] * given["vegetated"]
    warmth = rng.normal(2.0, 5.0, cells)
    found["canopy_snow"] = tall * leaves * 0.0005 * rng.uniform(0.05, 0.9, cells) * (rng.random(cells) < 0.3)
    found["canopy_melt"] = np.zeros(cells)
    found["canopy_water"] = 0.1 * leaves * rng.uniform(0.05, 0.95, cells) * (rng.random(cells) < 0.5)
    found["foliage_temperature"] = np.where(found["canopy_snow"] > 0, np.minimum(warmth, 0.0), warmth)
    found["upward_longwave"] = 0.97 * 5.67e-8 * (warmth + 273.15) ** 4
    for k in range(1, int(model.options["layers"]) + 1):
        depth = 1000.0 * given[f"depth_{k}"]
        full = depth * (1.0 - given[f"bulk_density_{k}"] / given[f"soil_density_{k}"])
        least = depth * given[f"resid_moist_{k}"]
        found[f"soil_moisture_{k}"] = least + (full - least) * rng.uniform(0.1, 0.95, cells)
        found[f"soil_ice_{k}"] = np.zeros(cells)
    found |= {"canopy_advected_heat": np.zeros(cells), "canopy_refreeze_heat": np.zeros(cells)}
    for n in range(1, int(model.options["nodes"]) + 1):
        found[f"soil_temperature_{n}"] = given["avg_T"] + rng.normal(0.0, 2.0 / n, cells)
    return found


def snow(cells: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The pack on the ground: its liquid within what it holds, its cold content that of its surface layer."""
    present = rng.random(cells) < 0.5
    ice = present * np.where(rng.random(cells) < 0.3, 0.003, 0.15) * (0.1 + rng.gamma(1.0, 1.0, cells))
    wet = rng.random(cells) < 0.5
    surface = np.minimum(ice, SURFACE_LAYER)
    liquid, below = 0.02 * wet * surface, 0.02 * wet * (ice - surface)
    cold = np.where(present & ~wet, -rng.uniform(0.2, 12.0, cells), 0.0)
    water, density = ice + liquid + below, np.where(present, rng.uniform(80.0, 450.0, cells), 0.0)
    return {
        "snow_water_equivalent": water, "snow_surface_liquid": liquid, "snow_pack_liquid": below,
        "snow_surface_temperature": cold, "snow_pack_temperature": np.where(ice > SURFACE_LAYER, 0.4 * cold, 0.0),
        "snow_cold_content": ICE_HEAT * surface * cold, "snow_density": density,
        "snow_depth": np.where(present, 1000.0 * water / np.maximum(density, 1.0), 0.0),
        "snow_albedo": np.where(present, rng.uniform(0.5, CLEAR, cells), 0.0),
        "snow_age": present * rng.integers(1, 200, cells), "snow_melting": 1.0 * (present & (rng.random(cells) < 0.3)),
    }  # fmt: skip
