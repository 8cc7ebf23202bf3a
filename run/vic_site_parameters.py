"""VIC's parameters of a site from its description: soil by texture, plants by class, nothing calibrated.

Soil: regressions of Cosby et al. (1984, doi:10.1029/WR020i006p00682, table 5) on the shares of sand and clay; moisture
at 33 and 1500 kPa by their retention curve. Plants: the classes of the University of Maryland with the properties of
VIC's vegetation library (Nijssen et al., 2001, doi:10.1175/1520-0442(2001)014<3307:PTDOGR>2.0.CO;2). Baseflow and
infiltration: where VIC's documentation begins a calibration.
"""

from dataclasses import dataclass, field

import numpy as np
from freshet.driver.vic.parameters import VicParameters, required

PARTICLES = 2650.0  # kg m-3
INCH_PER_HOUR = 25.4 * 24.0  # mm d-1
FIELD, WILTING = 336.0, 15300.0  # cm of suction: 33 and 1500 kPa
DEPTHS = (0.1, 0.4, 1.5)  # m
ROOTS_OF_TREES = ((0.1, 1.0, 5.0), (0.05, 0.45, 0.5))  # thickness of the zones, m, and shares of roots
ROOTS_OF_GRASS = ((0.1, 1.0, 0.5), (0.1, 0.7, 0.2))
LEAVES_OUT = np.array([0, 0, 0, 0.1, 0.5, 0.9, 1, 1, 0.8, 0.3, 0.05, 0])  # share of the summer's leaves, by month


@dataclass(frozen=True)
class Plants:
    """A class of the library: resistances s m-1, radiation W m-2, heights and lengths m."""

    overstory: float
    rarc: float
    rmin: float
    RGL: float
    wind_h: float
    albedo: float
    roughness: float
    displacement: float
    roots: tuple[tuple[float, ...], tuple[float, ...]] = ROOTS_OF_TREES


CLASSES = {
    "needleleaf": Plants(1, 60, 150, 30, 50, 0.12, 1.476, 8.04),
    "deciduous": Plants(1, 60, 150, 30, 50, 0.18, 1.23, 6.7),
    "mixed": Plants(1, 60, 140, 50, 50, 0.18, 1.23, 6.7),
    "grass": Plants(0, 25, 50, 100, 3, 0.2, 0.0738, 0.402, ROOTS_OF_GRASS),
}


@dataclass(frozen=True)
class Description:
    """What is known of a site: degrees, m, degC, shares, leaf area of winter and summer by class, slope as a share."""

    latitude: float
    longitude: float
    elevation: float
    mean_temperature: float
    sand: float
    clay: float
    cover: dict[str, float]
    leaves: dict[str, tuple[float, float]]
    slope: float = 0.02
    moisture: float = 0.6  # of the pores, at the start of the spin-up
    wind_height: float | None = None
    soil: dict[str, float] = field(default_factory=dict)


def texture(sand: float, clay: float) -> dict[str, float]:
    """Hydraulic parameters of a soil by VIC's names, from shares of sand and clay."""
    sand, clay = 100.0 * sand, 100.0 * clay
    silt = 100.0 - sand - clay
    slope = 3.10 + 0.157 * clay - 0.003 * sand
    suction = 10.0 ** (1.54 - 0.0095 * sand + 0.0063 * silt)
    pores = 0.01 * (50.5 - 0.142 * sand - 0.037 * clay)
    return {
        "expt": 2.0 * slope + 3.0,
        "bubble": suction,
        "Ksat": INCH_PER_HOUR * 10.0 ** (-0.60 + 0.0126 * sand - 0.0064 * clay),
        "bulk_density": PARTICLES * (1.0 - pores),
        "soil_density": PARTICLES,
        "quartz": 0.01 * sand,
        # plants suffer from 70 % of the field capacity on (VIC's documentation)
        "Wcr_FRACT": 0.7 * (suction / FIELD) ** (1.0 / slope),
        "Wpwp_FRACT": (suction / WILTING) ** (1.0 / slope),
        "resid_moist": 0.02,
    }


def parameters(site: Description) -> VicParameters:
    """VIC's parameters of the one place; InputError of the driver where they cannot be."""
    layer = texture(site.sand, site.clay)
    layers = {name: np.full((3, 1), value) for name, value in layer.items()}
    layers["depth"] = np.array(DEPTHS)[:, None]
    pores = 1.0 - layer["bulk_density"] / PARTICLES
    layers["init_moist"] = 1000.0 * layers["depth"] * pores * site.moisture
    soil = {
        "infilt": 0.2, "Ds": 0.02, "Dsmax": layer["Ksat"] * site.slope, "Ws": 0.8, "c": 2.0, "elev": site.elevation,
        "avg_T": site.mean_temperature, "dp": 4.0, "rough": 0.001, "snow_rough": 0.0005, "fs_active": 0.0,
    } | site.soil  # fmt: skip
    height = np.array([site.elevation])
    tiles, monthly, roots = _vegetation(site)
    given = VicParameters(
        "the site's description", np.array([1.0]), np.array([site.latitude]), np.array([site.longitude]),
        {name: np.array([value]) for name, value in soil.items()}, layers,
        {"AreaFract": np.ones((1, 1)), "elevation": height[None], "Pfactor": np.ones((1, 1))},
        tiles, monthly, roots, np.array([1.0 - sum(site.cover.values())]), len(CLASSES) + 1,
    )  # fmt: skip
    return required(given)


def _vegetation(site: Description) -> tuple[dict[str, np.ndarray], ...]:
    """Tiles [tile, place], monthly values [month, tile, place] and roots [zone, tile, place]."""
    plants = [CLASSES[name] for name in site.cover]
    height = {} if site.wind_height is None else {"wind_h": site.wind_height}

    def column(name: str) -> np.ndarray:
        return np.array([[height.get(name, getattr(each, name))] for each in plants], float)

    tiles = {name: column(name) for name in ("overstory", "rarc", "rmin", "RGL", "wind_h")}
    shape = tiles["rarc"].shape
    tiles |= {"veg_class": np.arange(1.0, len(plants) + 1)[:, None], "Cv": np.array([[v] for v in site.cover.values()])}
    tiles |= {"rad_atten": np.full(shape, 0.5), "wind_atten": np.full(shape, 0.5), "trunk_ratio": np.full(shape, 0.2)}
    low, high = np.array([site.leaves[name] for name in site.cover]).T
    monthly = {
        "LAI": (low + (high - low) * LEAVES_OUT[:, None])[..., None],
        "albedo": np.repeat(column("albedo")[None], 12, 0),
        "veg_rough": np.repeat(column("roughness")[None], 12, 0),
        "displacement": np.repeat(column("displacement")[None], 12, 0),
    }
    roots = np.array([each.roots for each in plants]).transpose(1, 2, 0)[..., None]
    return tiles, monthly, {"root_depth": roots[0], "root_fract": roots[1]}
