"""An invented continent in VIC's files: parameters and domain as its image driver reads them, 3-hourly weather.

Every cell has five tile-bands: lowlands have needleleaf and broadleaf forest, grass, crops and bare soil in one
elevation band, mountains one plant cover in five bands. Rivers run to the nearest coast. Everything follows from seeds;
fewer cells make a coarser grid of the same continent.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import netCDF4
import numpy as np

from vic_case import ALBEDO, HEIGHT, LAPSE, LEAVES, PER_DAY, ROOTS, ROOTS_OF, TILES
from vic_grid_weather import Weather

START = np.datetime64("2001-01-01")
SOUTH, TALL = 29.0, 42.0  # degrees: the southern edge, and how far north the land reaches from there
WEST, ACROSS = -125.0, 80.0
HALF = 0.5  # degrees, of 10,000 cells
FULL = 10_000
LAND = 0.75  # of the cells of the map
PLANTS = len(HEIGHT) - 1  # the last tile is bare
COVER = (0.25, 0.2, 0.25, 0.2, 0.1)
HIGH = 1000.0  # m: mountains begin
BANDS = np.array([-500.0, -250.0, 0.0, 250.0, 500.0])  # m from the mean of the cell
BAND_AREA = np.array([0.15, 0.2, 0.3, 0.2, 0.15])
FORCING = {"PREC": "prec", "AIR_TEMP": "temp", "SWDOWN": "shortwave", "LWDOWN": "longwave", "PRESSURE": "pressure",
           "VP": "vp", "WIND": "wind"}  # fmt: skip
DAYS_AT_ONCE = 8
MISSING = 1e20
# Steps north and east of ESRI's codes.
AROUND = {1: (0, 1), 2: (-1, 1), 4: (-1, 0), 8: (-1, -1), 16: (0, -1), 32: (1, -1), 64: (1, 0), 128: (1, 1)}


@dataclass(frozen=True)
class Continent:
    """So many land cells."""

    cells: int

    @cached_property
    def step(self) -> float:
        """Degrees between neighbours."""
        return HALF * (FULL / self.cells) ** 0.5

    @cached_property
    def latitude(self) -> np.ndarray:
        return SOUTH + self.step * (np.arange(max(2, round(TALL / self.step))) + 0.5)

    @cached_property
    def longitude(self) -> np.ndarray:
        count = -(-self.cells // (LAND * len(self.latitude)))
        return WEST + self.step * (np.arange(max(2, int(count))) + 0.5)

    @cached_property
    def land(self) -> np.ndarray:
        """[y, x]: the cells that are nearest to the middle, with a wavy coast."""
        y, x = (np.linspace(-1, 1, len(axis)) for axis in (self.latitude, self.longitude))
        angle = np.arctan2(y[:, None], x[None])
        away = np.maximum(np.abs(y)[:, None] + 0 * x, np.abs(x)) + 0.5 * np.hypot(y[:, None], x)
        order = np.argsort(away + 0.06 * np.sin(7 * angle) + 0.03 * np.sin(17 * angle), axis=None, kind="stable")
        found = np.zeros(angle.size, bool)
        found[order[: self.cells]] = True
        return found.reshape(angle.shape)

    @cached_property
    def elevation(self) -> np.ndarray:
        """[y, x], m: a chain of mountains in the west, lower ones in the east."""
        y, x = np.meshgrid(self.latitude - SOUTH, self.longitude - WEST, indexing="ij")
        west = 2000 * np.exp(-(((x - 0.25 * ACROSS - 4 * np.sin(y / 6)) / 8) ** 2))
        east = 900 * np.exp(-(((x - 0.75 * ACROSS - y / 5) / 4) ** 2))
        return 150 + west + east + 120 * np.sin(x) * np.sin(1.3 * y)

    @cached_property
    def high(self) -> np.ndarray:
        return self.elevation > HIGH

    @cached_property
    def mean_temperature(self) -> np.ndarray:
        """Of the year [y, x], degC."""
        return 37.0 - 0.6 * self.latitude[:, None] + LAPSE * self.elevation

    def write(self, folder: Path, days: int) -> None:
        """params.nc, domain.nc, directions.nc and forcing.<year>.nc for so many days."""
        _write_parameters(self, folder / "params.nc")
        _write_domain(self, folder / "domain.nc")
        _write_directions(self, folder / "directions.nc")
        _write_forcing(self, folder, days)


def _new(path: Path, continent: Continent, **sizes: int) -> netCDF4.Dataset:
    data = netCDF4.Dataset(path, "w")
    axes = (("lat", continent.latitude, "degrees_north"), ("lon", continent.longitude, "degrees_east"))
    for axis, points, unit in axes:
        data.createDimension(axis, len(points))
        data.createVariable(axis, "f8", (axis,))[:] = points
        data[axis].units = unit
    for name, size in sizes.items():
        data.createDimension(name, size)
    return data


def _write_parameters(continent: Continent, path: Path) -> None:
    random, land, high = np.random.default_rng(5), continent.land, continent.high
    sizes = {"nlayer": 3, "snow_band": len(BANDS), "veg_class": len(HEIGHT), "root_zone": 3, "month": 12}
    with _new(path, continent, **sizes) as data:

        def put(name: str, values: np.ndarray | float, *axes: str, kind: str = "f8") -> None:
            shape = (*(sizes[axis] for axis in axes), *land.shape)
            variable = data.createVariable(name, kind, (*axes, "lat", "lon"), fill_value=-99)
            variable[:] = np.where(land, np.broadcast_to(values, shape), -99)

        def of_layers(low: float, up: float) -> np.ndarray:
            return random.uniform(low, up, (3, *land.shape))

        put("run_cell", 1, kind="i4")
        put("gridcell", np.arange(land.size).reshape(land.shape), kind="i4")
        put("elev", continent.elevation)
        put("avg_T", continent.mean_temperature)
        for name, low, up in (("infilt", 0.05, 0.4), ("Ds", 0.005, 0.3), ("Dsmax", 5, 25), ("Ws", 0.6, 0.95)):
            put(name, random.uniform(low, up, land.shape))
        for name, value in (("c", 2), ("dp", 4), ("rough", 0.001), ("snow_rough", 0.0005), ("fs_active", 1)):
            put(name, value)
        depth = of_layers(0.8, 1.2) * np.array([0.1, 0.5, 1.5])[:, None, None]
        density, bulk = 2650.0, of_layers(1300, 1600)
        layers = {"depth": depth, "bulk_density": bulk, "soil_density": density, "resid_moist": 0.02}
        layers |= {"expt": of_layers(9, 18), "Ksat": of_layers(200, 1500), "bubble": of_layers(8, 40)}
        layers |= {"quartz": of_layers(0.2, 0.7), "Wcr_FRACT": of_layers(0.4, 0.6), "Wpwp_FRACT": of_layers(0.15, 0.3)}
        layers["init_moist"] = 500 * depth * (1 - bulk / density)
        for name, values in layers.items():
            put(name, values, "nlayer")
        lowland = np.arange(len(BANDS)) == 0
        area = np.where(high[None], BAND_AREA[:, None, None], lowland[:, None, None])
        rise = np.where(high[None], BANDS[:, None, None], 0.0)
        put("AreaFract", area, "snow_band")
        put("elevation", np.where(area > 0, continent.elevation + rise, 0), "snow_band")
        more = area * (1 + 0.0004 * rise)
        put("Pfactor", more / more.sum(0), "snow_band")
        # Needleleaf forest in mountains, grass where they are highest.
        only = np.where(continent.elevation > 1.7 * HIGH, 2, 0)
        alone = np.arange(len(HEIGHT))[:, None, None] == only
        put("Cv", np.where(high, alone, np.array(COVER)[:, None, None]), "veg_class")
        put("Nveg", np.where(high, 1, PLANTS), kind="i4")
        for name, values in TILES.items():
            if name != "vegetated":
                kind = "i4" if name == "overstory" else "f8"
                put(name, np.array(values)[:, None, None], "veg_class", kind=kind)
        summer = 0.5 + 0.5 * np.sin(2 * np.pi * ((np.arange(12) + 0.5) / 12 - 0.29))
        leaves = LEAVES[:, :1] + (LEAVES[:, 1:] - LEAVES[:, :1]) * summer
        constant = {"albedo": np.array(ALBEDO), "veg_rough": 0.123 * HEIGHT, "displacement": 0.67 * HEIGHT}
        monthly = {"LAI": leaves} | {name: np.repeat(v[:, None], 12, 1) for name, v in constant.items()}
        for name, values in monthly.items():
            put(name, values[..., None, None], "veg_class", "month")
        roots = {name: np.array(values) for name, values in ROOTS.items()}
        put("root_depth", roots["root_depth"][None, :, None, None], "veg_class", "root_zone")
        put("root_fract", roots["root_fract"][list(ROOTS_OF)][..., None, None], "veg_class", "root_zone")


def _write_domain(continent: Continent, path: Path) -> None:
    land, side = continent.land, np.deg2rad(continent.step) * 6.371e6
    with _new(path, continent) as data:
        data.createVariable("mask", "i4", ("lat", "lon"))[:] = land
        data.createVariable("frac", "f8", ("lat", "lon"))[:] = land
        area = side**2 * np.cos(np.deg2rad(continent.latitude))[:, None]
        data.createVariable("area", "f8", ("lat", "lon"))[:] = area + 0 * land


def _write_directions(continent: Continent, path: Path) -> None:
    """ESRI's codes: cells at the coast end (0), others flow to their lowest neighbour that is a step nearer to it."""
    land = np.pad(continent.land, 1)
    height = np.pad(continent.elevation, 1)
    code, reached = np.full(land.shape, -9), np.zeros(land.shape, bool)
    coast = land & np.any([~np.roll(land, turn, (0, 1)) for turn in AROUND.values()], axis=0)
    code[coast], reached[coast] = 0, True
    while (land & ~reached).any():
        lower = np.where(reached, height, np.inf)
        # What lies a step north (east) is seen by turning the map a step south (west).
        around = np.stack([np.roll(lower, (-up, -right), (0, 1)) for up, right in AROUND.values()])
        new = land & ~reached & np.isfinite(around.min(0))
        code[new] = np.array(list(AROUND))[around.argmin(0)][new]
        reached |= new
    with _new(path, continent) as data:
        data.createVariable("flow_direction", "i4", ("lat", "lon"), fill_value=-9)[:] = code[1:-1, 1:-1]


def _write_forcing(continent: Continent, folder: Path, days: int) -> None:
    """A file a year, float32, a day of all cells to a piece; not deflated, as VIC's own forcing seldom is."""
    weather, land = Weather(continent), continent.land
    dates = START + np.arange(days)
    for year in np.unique(dates.astype("datetime64[Y]")):
        own = dates[dates.astype("datetime64[Y]") == year]
        with _new(folder / f"forcing.{year}.nc", continent, time=len(own) * PER_DAY) as data:
            time = data.createVariable("time", "i4", ("time",))
            time.setncatts({"units": f"hours since {year}-01-01", "calendar": "proleptic_gregorian"})
            time[:] = 24 // PER_DAY * np.arange(len(own) * PER_DAY)
            for name in FORCING.values():
                chunks = (PER_DAY, *land.shape)
                data.createVariable(name, "f4", ("time", "lat", "lon"), chunksizes=chunks, fill_value=MISSING)
            for first in range(0, len(own), DAYS_AT_ONCE):
                part = own[first : first + DAYS_AT_ONCE]
                for name, values in weather.of(part).items():
                    low = first * PER_DAY
                    data[FORCING[name]][low : low + len(values)] = np.where(land, values, np.float32(MISSING))
