"""A basin of the size of the Amazon whose truth is known: parameters and errors of potential evaporation.

    python run/hybrid_hydropy_world.py FOLDER [--cells 1951] [--gauges 24] [--years 16]

FOLDER gets static.nc (land, flow directions, 21 attributes), weather.nc (with wrong potential evaporation), gauges.csv,
discharge.csv and storage.nc (anomalies of blocks of 3 degrees, with noise), truth.nc, and train.nml, which
run/hybrid_hydropy.py and freshet train take as it is. Nothing is random but by the seed.
"""

import argparse
from pathlib import Path

import netCDF4
import numpy as np

from hybrid_hydropy_weather import Weather, fields

STEP, NORTH, WEST = 0.5, 5.0, -78.0
ATTRIBUTES = 21
SPIN_UP = 2  # years before what is learned from
# Name, low, high of what the networks learn (Wang et al., 2024, table 1), and whether it is spread by its logarithm:
# drainage is not, or too little would go through the groundwater for its residence time to be seen.
LEARNED = (
    ("rm_crit", 0.55, 0.95, False),
    ("sevap_low", 0.0, 0.25, False),
    ("qsb_min", 0.001, 0.1, True),
    ("qsb_max", 0.1, 10.0, False),
    ("qsb_low", 0.0, 0.2, False),
    ("qsb_hig", 0.2, 1.0, False),
    ("lag_land", 1.0, 200.0, True),
    ("lag_base", 30.0, 1500.0, True),
    ("lag_river", 0.01, 5.0, True),
)
NOISE = {"discharge": 0.05, "storage": 10.0}  # relative, and mm

NAMELIST = """! Made by run/hybrid_hydropy_world.py: a basin whose truth is in truth.nc.
&run
  title = 'synthetic basin, Hybrid(Q,S)+'
  model = 'hydropy'
  start = '{run}-01-01'
  end = '{last}-12-31'
  warmup_days = 0
/
&data
  form = 'grid'
  discharge = '{folder}/discharge.csv'
  attributes = {attributes}
/
&grid
  path = '{folder}/static.nc'
  gauges = '{folder}/gauges.csv'
/
&weather
  path = '{folder}/weather.nc'
  pet = 'given'
/
&inputs
  path = '{folder}/static.nc'
  variables = {attributes}
/
&routing
  router = 'cascade'
/
&network
  kind = 'attributes'
  hidden = 256, 64, 16
  activation = 'tanh'
  logarithm = .false.
/
&pet_network
  kind = 'convolution'
/
&training
  variables = {variables}
  start = '{start}-01-01'
  end = '{end}-12-31'
  test_start = '{test}-01-01'
  test_end = '{last}-12-31'
  warmup_days = {warmup}
  epochs = 300
  learning_rate = 0.002
  schedule = 'cosine'
  patience = 0
  directory = '{folder}/training'
/
&objective_1
  variable = 'discharge'
  weight = 0.5
/
&objective_2
  variable = 'terrestrial_water_storage'
  path = '{folder}/storage.nc'
  observed = 'storage'
  space = 'block'
  block = 3
  minimum_share = {share}
  time = 'month'
  anomaly = .true.
  weight = 0.5
/
"""


def basin(cells: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Land [y, x], heights, and the keypad direction of every cell: a tree that drains to one mouth in the east."""
    height = max(6, round((cells / 1.9) ** 0.5 * 1.1))
    width = max(8, round(cells * 1.55 / height))
    y, x = np.mgrid[0:height, 0:width]
    bumps = fields(1, height, width, seed, 4.0)[0]
    distance = np.hypot((y - height / 2) / height * 2.0, (x - width / 2) / width * 2.0) + 0.12 * bumps
    rank = np.argsort(distance, axis=None, kind="stable")
    land = np.zeros(height * width, bool)
    land[rank[:cells]] = True
    land = _connected(land.reshape(height, width), rank[0], cells, rank)
    rough = fields(1, height, width, seed + 1, 1.5)[0]
    west = 1.0 - x / width
    heights = 60.0 + 250.0 * west + 3200.0 * np.exp(-(((x / width) / 0.12) ** 2)) + 40.0 * rough
    return land, heights, _drained(land, heights)


def _connected(land: np.ndarray, first: int, cells: int, rank: np.ndarray) -> np.ndarray:
    """As many cells as asked for that hang together: those nearest to the middle, grown cell by cell."""
    order = np.empty(land.size, int)
    order[rank] = np.arange(land.size)
    done, edge = np.zeros(land.shape, bool), {tuple(np.unravel_index(first, land.shape))}
    for _ in range(cells):
        cell = min(edge, key=lambda at: order[at[0] * land.shape[1] + at[1]])
        edge.discard(cell)
        done[cell] = True
        edge |= {at for at in _around(cell, land.shape) if not done[at]}
    return done


def _around(cell: tuple[int, int], shape: tuple[int, int]) -> list[tuple[int, int]]:
    y, x = cell
    near = [(y + a, x + b) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b]
    return [(a, b) for a, b in near if 0 <= a < shape[0] and 0 <= b < shape[1]]


def _drained(land: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Directions by a flood from the mouth, lowest cell first (Barnes et al., 2014)."""
    import heapq

    mouth = max(zip(*np.nonzero(land), strict=True), key=lambda at: (at[1], -heights[at]))
    code = np.full(land.shape, -1, np.int32)
    code[mouth] = 5
    queue = [(heights[mouth], mouth)]
    while queue:
        level, cell = heapq.heappop(queue)
        for at in _around(cell, land.shape):
            if land[at] and code[at] < 0:
                # Keypad: 8 is north, 6 east; the first row is the northernmost.
                code[at] = 5 + 3 * (at[0] - cell[0]) + (cell[1] - at[1])
                heapq.heappush(queue, (max(level, heights[at]), at))
    return code


def true_values(attributes: np.ndarray, seed: int) -> np.ndarray:
    """Parameters [row, cell] from attributes [cell, attribute] through a small random network."""
    random = np.random.default_rng(seed)
    inner = np.tanh(attributes @ random.normal(0, 0.45, (attributes.shape[1], 8)))
    raw = inner @ random.normal(0, 0.7, (8, len(LEARNED)))
    share = 1.0 / (1.0 + np.exp(-raw))
    rows = []
    for (_, low, high, decades), part in zip(LEARNED, share.T, strict=True):
        rows.append(low * (high / low) ** part if decades else low + (high - low) * part)
    rows[LEARNED.index(("lag_river", 0.01, 5.0, True))] *= 0.6  # a cascade of five of the largest would be a lake
    return np.array(rows)


def evaporation_error(attributes: np.ndarray, warmth: np.ndarray) -> np.ndarray:
    """What the given potential evaporation is too low by, mm d-1 [time, cell]; warmth [time, cell] in K around 0."""
    return 1.3 * np.tanh(0.9 * attributes[:, 0] - 0.6 * attributes[:, 1] + 0.25 * attributes[:, 2] * warmth)


def write_static(path: Path, land: np.ndarray, heights: np.ndarray, code: np.ndarray, seed: int) -> np.ndarray:
    """static.nc; the attributes [attribute, y, x]."""
    attributes = fields(ATTRIBUTES, *land.shape, seed + 5, 3.0)
    attributes[ATTRIBUTES - 1] = (heights - heights[land].mean()) / heights[land].std()
    with netCDF4.Dataset(path, "w") as data:
        coordinates(data, *land.shape)
        put(data, "land_mask", land.astype(np.float32), "1")
        put(data, "drainage_direction", np.where(land, code, -99).astype(np.float32), "1", flag="keypad")
        put(data, "srftopo", heights, "m")
        put(data, "wcap", 300.0 + 80.0 * attributes[3], "mm")
        put(data, "flake", np.full(land.shape, 0.02), "1")
        put(data, "fveg", np.full(land.shape, 0.8), "1")
        put(data, "lai", np.full(land.shape, 4.0), "1")
        for number, values in enumerate(attributes):
            put(data, f"attribute_{number}", values, "1")
    return attributes


def coordinates(data: netCDF4.Dataset, height: int, width: int, step: float = STEP) -> None:
    """Latitudes from north to south, and longitudes, of cells."""
    north = NORTH - STEP / 2 - STEP * np.arange(height)
    east = WEST + STEP / 2 + STEP * np.arange(width)
    for name, values, unit in (("lat", north, "degrees_north"), ("lon", east, "degrees_east")):
        data.createDimension(name, len(values))
        written = data.createVariable(name, "f8", (name,))
        written.units = unit
        written[:] = values


def put(data: netCDF4.Dataset, name: str, values: np.ndarray, unit: str, **more: str) -> None:
    """A variable on the grid."""
    dimensions = ("time", "lat", "lon")[3 - values.ndim :]
    written = data.createVariable(name, "f4", dimensions)
    written.setncatts({"units": unit, **more})
    written[:] = values


def write_weather(path: Path, weather: Weather, attributes: np.ndarray, land: np.ndarray) -> None:
    """weather.nc with potential evaporation that is wrong, and truth.nc beside it with what is right."""
    flat = attributes[:, land].T
    with netCDF4.Dataset(path, "w") as data:
        coordinates(data, *land.shape)
        data.createDimension("time", weather.days)
        time = data.createVariable("time", "f8", ("time",))
        time.units, time.calendar = f"days since {weather.first}-01-01", "standard"
        time[:] = np.arange(weather.days)
        kinds = (("precipitation", "mm d-1"), ("temperature", "degC"), ("PET", "mm d-1"), ("PET_true", "mm d-1"))
        made = [data.createVariable(name, "f4", ("time", "lat", "lon"), fill_value=1e20) for name, _ in kinds]
        for variable, (_, unit) in zip(made, kinds, strict=True):
            variable.units = unit
        for begin in range(0, weather.days, 365):
            stop = min(begin + 365, weather.days)
            rain, warm, true = weather.of(begin, stop)
            error = evaporation_error(flat, warm[:, land] - 26.0)
            given, right = np.zeros_like(rain), np.zeros_like(rain)
            right[:, land] = true[:, land]
            given[:, land] = np.maximum(true[:, land] - error, 0.1)
            for variable, values in zip(made, (rain, warm, given, right), strict=True):
                variable[begin:stop] = np.where(land, values, 1e20)


def main() -> None:
    """Make the world and its truth."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cells", type=int, default=1951)
    parser.add_argument("--gauges", type=int, default=24)
    parser.add_argument("--years", type=int, default=16, help="two of spin-up, four of test, the rest to learn from")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    make(asked.folder.resolve(), asked.cells, asked.gauges, asked.years, asked.seed)


def make(folder: Path, cells: int = 1951, gauges: int = 24, years: int = 16, seed: int = 1) -> None:
    """All files of a world, into a folder."""
    from hybrid_hydropy_truth import observe, write_gauges

    folder.mkdir(parents=True, exist_ok=True)
    land, heights, code = basin(cells, seed)
    attributes = write_static(folder / "static.nc", land, heights, code, seed)
    weather = Weather(land.shape, heights, 2001, years, seed)
    write_weather(folder / "weather.nc", weather, attributes, land)
    write_gauges(folder / "gauges.csv", land, code, gauges)
    names = ", ".join(f"'attribute_{number}'" for number in range(ATTRIBUTES))
    learned = ", ".join(f"'{name}'" if name != "lag_river" else "'lag_river 0.01 5'" for name, *_ in LEARNED)
    last = 2000 + years
    test = max(4, years // 4) if years >= 8 else 1
    text = NAMELIST.format(
        folder=folder, attributes=names, variables=learned, run=2001, start=2001 + min(SPIN_UP, years - 2),
        end=last - test, test=last - test + 1, last=last, warmup=366 * SPIN_UP, share="{share}",
    )  # fmt: skip
    observe(folder, text, seed)


if __name__ == "__main__":
    main()
