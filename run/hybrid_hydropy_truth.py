"""What a synthetic basin would show of its truth: discharge at gauges and storage of blocks, with noise."""

from pathlib import Path

import netCDF4
import numpy as np
import torch
from freshet.driver.catchments import open_source
from freshet.driver.parallel.world import World
from freshet.driver.settings import parse
from freshet.driver.training_grid.domain import prepare

from hybrid_hydropy_world import LEARNED, NOISE, NORTH, STEP, WEST, coordinates, true_values

BLOCK = 3.0


def write_gauges(path: Path, land: np.ndarray, code: np.ndarray, count: int) -> None:
    """The mouth, and gauges whose basins have all sizes; drainage areas as the network has them."""
    down = {}
    for y, x in np.argwhere(land):
        turn = code[y, x] - 1
        down[y, x] = (y, x) if code[y, x] == 5 else (y + 1 - turn // 3, x + turn % 3 - 1)
    upstream = {cell: 0.0 for cell in down}
    area = {cell: _area(cell[0]) for cell in down}
    for cell in down:
        at = cell
        while True:
            upstream[at] += area[cell]
            if down[at] == at:
                break
            at = down[at]
    by_size = sorted(down, key=lambda cell: -upstream[cell])
    big = [cell for cell in by_size if upstream[cell] > 6 * max(area.values())] or by_size
    # Equal steps of the logarithm of the area, so that large and small rivers are there.
    sizes = np.geomspace(upstream[big[0]], upstream[big[-1]], count)
    chosen: list[tuple[int, int]] = []
    for size in sizes:
        left = [cell for cell in by_size if cell not in chosen and not _next_to(cell, chosen, down)]
        left = left or [cell for cell in by_size if cell not in chosen]
        chosen.append(min(left, key=lambda cell: abs(np.log(upstream[cell] / size))))
    with path.open("w", encoding="utf-8") as file:
        file.write("id,name,latitude,longitude,area\n")
        for number, (y, x) in enumerate(chosen):
            north, east = NORTH - STEP * (y + 0.5), WEST + STEP * (x + 0.5)
            file.write(f"g{number:02d},Gauge {number},{north},{east},{upstream[y, x]:.3f}\n")


def _area(row: int) -> float:
    """km2 of a cell."""
    north = np.radians(NORTH - STEP * row)
    return float(6371.0**2 * np.radians(STEP) * (np.sin(north) - np.sin(north - np.radians(STEP))))


def _next_to(cell: tuple[int, int], chosen: list[tuple[int, int]], down: dict) -> bool:
    return any(down[one] == cell or down[cell] == one for one in chosen)


def observe(folder: Path, text: str, seed: int) -> None:
    """Simulate the truth; write discharge.csv, storage.nc, truth.nc, and the namelist."""
    days = _placeholders(folder)
    share, count = _share(folder)
    text = text.replace("{share}", f"{share:.7g}")
    (folder / "train.nml").write_text(text, encoding="utf-8")
    dry = ("network.kind=basin", "pet_network.kind=none")
    asked = parse(text, "train.nml", dry, "train")
    source = open_source(asked, "train")
    lesson = prepare(asked, source, World(), lambda line: None)
    attributes = np.stack([_on_cells(folder / "static.nc", f"attribute_{k}", source) for k in range(21)], 1)
    values = torch.from_numpy(true_values(attributes, seed + 3)).to(lesson.start.dtype)
    with netCDF4.Dataset(folder / "weather.nc") as data:
        true = np.ascontiguousarray(data["PET_true"][:].reshape(days, -1)[:, source.cell].filled(np.nan), np.float32)
        given = np.ascontiguousarray(data["PET"][:].reshape(days, -1)[:, source.cell].filled(np.nan), np.float32)
    right = torch.from_numpy(true)
    with torch.no_grad():
        done = lesson.basins.simulate(values, (0, days), 0, lambda a, b: right[a:b], rivers=True)
        term = lesson.compared.objective.terms[1]
        everything = term.steps.within((0, days))
        storage = lesson.basins.seen(term, done, everything).double().numpy()
    _write_discharge(folder, lesson, source, done, seed)
    _write_storage(folder, storage, lesson, seed)
    _write_truth(folder, values.numpy(), true - given, source)
    print(f"{len(source.ids)} cells, {len(lesson.gauges)} gauges, {count} blocks of {BLOCK:g} degrees: {folder}")


def _on_cells(path: Path, name: str, source) -> np.ndarray:
    with netCDF4.Dataset(path) as data:
        return np.asarray(data[name][:], float).ravel()[source.cell]


def _placeholders(folder: Path) -> int:
    """Observations to begin with, so that the namelist can be read; the number of days."""
    with netCDF4.Dataset(folder / "weather.nc") as data:
        days = len(data.dimensions["time"])
        first = np.datetime64(data["time"].units.split()[-1])
    with (folder / "gauges.csv").open() as file:
        ids = [line.split(",")[0] for line in file][1:]
    rows = [f"{first + day}," + ",".join(["1.0"] * len(ids)) for day in range(days)]
    (folder / "discharge.csv").write_text("date," + ",".join(ids) + "\n" + "\n".join(rows) + "\n")
    _storage_file(folder, first, days, None)
    return days


def _storage_file(folder: Path, first: np.datetime64, days: int, values: dict[tuple[float, float], np.ndarray] | None):
    """Months of a grid of blocks, mm; None: all 0."""
    with netCDF4.Dataset(folder / "static.nc") as static:
        north, east = static["lat"][:], static["lon"][:]
    rows = np.unique(np.floor((north + 90.0) / BLOCK + 1e-6)) * BLOCK - 90.0 + BLOCK / 2
    columns = np.unique(np.floor((east + 180.0) / BLOCK + 1e-6)) * BLOCK - 180.0 + BLOCK / 2
    months = np.arange(first.astype("M8[M]"), (first + days).astype("M8[M]"))
    with netCDF4.Dataset(folder / "storage.nc", "w") as data:
        for name, centres, unit in (("lat", rows, "degrees_north"), ("lon", columns, "degrees_east")):
            data.createDimension(name, len(centres))
            written = data.createVariable(name, "f8", (name,))
            written.units = unit
            written[:] = centres
        data.createDimension("time", len(months))
        time = data.createVariable("time", "f8", ("time",))
        time.units, time.calendar = f"days since {first}", "standard"
        time[:] = (months.astype("M8[D]") - first).astype(int)
        storage = data.createVariable("storage", "f4", ("time", "lat", "lon"), fill_value=1e20)
        storage.units = "mm"
        whole = np.full((len(months), len(rows), len(columns)), 1e20 if values else 0.0, np.float32)
        for (y, x), series in (values or {}).items():
            whole[:, np.argmin(abs(rows - y)), np.argmin(abs(columns - x))] = series
        storage[:] = whole


def _share(folder: Path) -> tuple[float, int]:
    """The smallest share of a block that counts: such that the whole Amazon has 56 blocks; and how many there are."""
    with netCDF4.Dataset(folder / "static.nc") as data:
        y, x = np.nonzero(data["land_mask"][:] > 0)
        north, east = data["lat"][:][y], data["lon"][:][x]
    weight = np.cos(np.radians(north)) * STEP**2
    names, block = np.unique(
        np.stack((np.floor((north + 90) / BLOCK + 1e-6), np.floor((east + 180) / BLOCK + 1e-6))),
        axis=1,
        return_inverse=True,
    )
    full = BLOCK**2 * np.cos(np.radians(names[0] * BLOCK - 90 + BLOCK / 2))
    shares = np.sort(np.bincount(block.ravel(), weight) / full)[::-1]
    wanted = min(len(shares), max(1, round(56 * len(y) / 1951)))
    return float(shares[wanted - 1]) - 1e-6, int((shares >= shares[wanted - 1] - 1e-6).sum())


def _write_discharge(folder: Path, lesson, source, done, seed: int) -> None:
    flow = done.discharge.double().numpy() * lesson.basins.domain.area.double().numpy() / 86400e3
    random = np.random.default_rng(seed + 20)
    flow = flow * np.exp(NOISE["discharge"] * random.standard_normal(flow.shape))
    ids = [gauge.id for gauge in lesson.gauges]
    with (folder / "discharge.csv").open("w") as file:
        file.write("date," + ",".join(ids) + "\n")
        for day, row in enumerate(flow):
            file.write(source.axis.text(day) + "," + ",".join(f"{value:.5g}" for value in row) + "\n")


def _write_storage(folder: Path, storage: np.ndarray, lesson, seed: int) -> None:
    random = np.random.default_rng(seed + 21)
    noisy = storage - storage.mean(0) + NOISE["storage"] * random.standard_normal(storage.shape)
    values = {}
    for target, name in enumerate(lesson.compared.targets[1]):
        y, x = (float(word[:-1]) for word in name.split())
        values[y, x] = noisy[:, target]
    with netCDF4.Dataset(folder / "weather.nc") as data:
        days, first = len(data.dimensions["time"]), np.datetime64(data["time"].units.split()[-1])
    _storage_file(folder, first, days, values)


def _write_truth(folder: Path, values: np.ndarray, error: np.ndarray, source) -> None:
    """Parameters and the mean error of potential evaporation on the grid, and its months."""
    month = (np.asarray(source.axis.months()) % 12)[: len(error)]
    with netCDF4.Dataset(folder / "truth.nc", "w") as data:
        coordinates(data, *source.grid.shape)
        data.createDimension("month", 12)
        for (name, *_), row in zip(LEARNED, values, strict=True):
            _put(data, name, row, source)
        _put(data, "PET_error", error.mean(0), source)
        rows = data.createVariable("PET_error_by_month", "f4", ("month", "lat", "lon"), fill_value=1e20)
        for number in range(12):
            rows[number] = _box(error[month == number].mean(0), source)


def _put(data, name: str, row: np.ndarray, source) -> None:
    written = data.createVariable(name, "f4", ("lat", "lon"), fill_value=1e20)
    written[:] = _box(row, source)


def _box(row: np.ndarray, source) -> np.ndarray:
    whole = np.full(source.grid.shape[0] * source.grid.shape[1], 1e20, np.float32)
    whole[source.cell] = row
    return whole.reshape(source.grid.shape)
