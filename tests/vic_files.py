"""Small files of VIC 5 made in a folder: the classic driver's and the image driver's of the same three cells."""

from pathlib import Path

import netCDF4
import numpy as np
from freshet.kernels.vic.parameters import WEATHER

MONTHS = 12
CLASSES = (1, 7, 10)
# class: overstory rarc rmin LAI albedo rough displacement wind_h RGL rad_atten wind_atten trunk_ratio
LIBRARY = {
    1: (1, 60.0, 150.0, 4.9, 0.12, 1.476, 8.04, 50.0, 30.0, 0.5, 0.5, 0.2),
    7: (0, 40.0, 125.0, 2.0, 0.19, 0.495, 2.68, 5.0, 75.0, 0.5, 0.5, 0.2),
    10: (0, 25.0, 50.0, 1.0, 0.2, 0.0738, 0.402, 3.0, 100.0, 0.5, 0.5, 0.2),
}
# Tiles of each cell: class, Cv.
CELLS = {11: [(1, 0.6), (10, 0.3)], 12: [(7, 1.0)], 13: []}
PLACE = {11: (48.0, -121.0), 12: (48.0, -120.5), 13: (48.5, -121.0)}
ROOTS = ((0.1, 0.1), (1.0, 0.6), (0.5, 0.3))
BANDS = {11: ((0.25, 0.75), (1000.0, 2000.0), (0.2, 0.8)), 12: ((1.0, 0.0), (500.0, 0.0), (1.0, 0.0)),
         13: ((0.5, 0.5), (300.0, 310.0), (0.5, 0.5))}  # fmt: skip
ELEVATION = {11: 1750.0, 12: 500.4, 13: 305.0}
SOIL = {"infilt": 0.2, "Ds": 0.1, "Dsmax": 10.0, "Ws": 0.7, "c": 2.0, "avg_T": 5.0, "dp": 4.0, "off_gmt": -8.0,
        "rough": 0.01, "snow_rough": 0.03, "annual_prec": 900.0, "fs_active": 1.0}  # fmt: skip
LAYERED = {"expt": (12.0, 11.0, 10.0), "Ksat": (1000.0, 900.0, 800.0), "phi_s": (-99.0, -99.0, -99.0),
           "init_moist": (20.0, 60.0, 9999.0), "depth": (0.1, 0.3, 1.5), "bubble": (14.0, 15.0, 16.0),
           "quartz": (0.6, 0.7, 0.5), "bulk_density": (1500.0, 1550.0, 1600.0),
           "soil_density": (2650.0, 2650.0, 2650.0), "Wcr_FRACT": (0.4, 0.4, 0.4),
           "Wpwp_FRACT": (0.2, 0.2, 0.2), "resid_moist": (0.02, 0.02, 0.02)}  # fmt: skip
SOIL_COLUMNS = ("infilt", "Ds", "Dsmax", "Ws", "c", "expt", "Ksat", "phi_s", "init_moist", "elev", "depth", "avg_T",
                "dp", "bubble", "quartz", "bulk_density", "soil_density", "off_gmt", "Wcr_FRACT", "Wpwp_FRACT",
                "rough", "snow_rough", "annual_prec", "resid_moist", "fs_active")  # fmt: skip
VEGETATION = ("rarc", "rmin", "wind_h", "RGL", "rad_atten", "wind_atten", "trunk_ratio")


def tile_lai(number: int) -> np.ndarray:
    """Leaf area of a class in the vegetation parameter file: another than in the library."""
    return LIBRARY[number][3] * (1.0 + 0.01 * np.arange(MONTHS))


def words(values) -> str:
    return " ".join(f"{value:.10g}" for value in np.atleast_1d(values))


def soil_line(cell: int, **changes) -> str:
    values = {**SOIL, **LAYERED, "elev": ELEVATION[cell], **changes}
    return f"1 {cell} {words(PLACE[cell])} " + " ".join(words(values[name]) for name in SOIL_COLUMNS)


def write_classic(folder: Path) -> dict[str, Path]:
    """Soil, vegetation, library and bands; a cell that does not run is among them."""
    paths = {name: folder / f"{name}.txt" for name in ("soil", "vegetation", "library", "bands")}
    lines = ["#RUN GRID ...", soil_line(11), "0" + soil_line(12).replace(" 12 ", " 99 ", 1)[1:], soil_line(12)]
    paths["soil"].write_text("\n".join([*lines, soil_line(13), ""]))
    roots = " ".join(words(zone) for zone in ROOTS)
    lines = []
    for cell, tiles in CELLS.items():
        lines.append(f"{cell} {len(tiles)}")
        for number, cover in tiles:
            lines += [f"  {number} {cover} {roots}", "    " + words(tile_lai(number))]
    paths["vegetation"].write_text("\n".join([*lines, ""]))
    lines = ["#Class OvrStry ..."]
    for number, (overstory, rarc, rmin, *monthly) in LIBRARY.items():
        twelve = " ".join(words(np.full(MONTHS, value)) for value in monthly[:4])
        lines.append(f"{number} {overstory} {rarc} {rmin} {twelve} {words(monthly[4:])}  a comment 1 2")
    paths["library"].write_text("\n".join([*lines, ""]))
    paths["bands"].write_text("".join(f"{cell} {' '.join(words(part) for part in BANDS[cell])}\n" for cell in BANDS))
    return paths


def write_image(folder: Path, **changes: float) -> dict[str, Path]:
    """Parameter and domain file of the same cells on 2 x 2 cells, one of which does not run; changes: of soil."""
    paths = {"parameters": folder / "params.nc", "domain": folder / "domain.nc"}
    latitude, longitude, missing = [48.0, 48.5], [-121.0, -120.5], 9.969209968386869e36
    where = {cell: (latitude.index(north), longitude.index(east)) for cell, (north, east) in PLACE.items()}
    last = max(CLASSES) + 1
    with netCDF4.Dataset(paths["parameters"], "w") as data:
        sizes = {"lat": 2, "lon": 2, "nlayer": 3, "snow_band": 2, "veg_class": last, "root_zone": 3, "month": 12}
        for name, size in sizes.items():
            data.createDimension(name, size)
        data.createVariable("lat", "f8", ("lat",))[:] = latitude
        data.createVariable("lon", "f8", ("lon",))[:] = longitude

        def put(name, axes, of_cell, kind="f8"):
            fill = -99 if kind == "i4" else missing
            variable = data.createVariable(name, kind, (*axes, "lat", "lon"), fill_value=fill)
            full = np.full(variable.shape, fill, float)
            for cell, (y, x) in where.items():
                full[..., y, x] = of_cell(cell)
            variable[:] = full

        put("run_cell", (), lambda cell: 1, "i4")
        put("gridcell", (), lambda cell: cell, "i4")
        put("elev", (), ELEVATION.get)
        for name, value in {**SOIL, **changes}.items():
            put(name, (), lambda cell, value=value: value)
        for name, value in LAYERED.items():
            put(name, ("nlayer",), lambda cell, value=value: value)
        for k, name in enumerate(("AreaFract", "elevation", "Pfactor")):
            put(name, ("snow_band",), lambda cell, k=k: BANDS[cell][k])
        put("Nveg", (), lambda cell: len(CELLS[cell]), "i4")
        bare = {cell: 1.0 - sum(cover for _, cover in tiles) for cell, tiles in CELLS.items()}

        def cover(cell):
            shares = dict(CELLS[cell]) | {last: bare[cell]}
            return [shares.get(number + 1, 0.0) for number in range(last)]

        def by_class(value, empty=0.0):
            def of_cell(cell):
                return np.array([value(number) if number in LIBRARY else empty for number in range(1, last + 1)])

            return of_cell

        put("Cv", ("veg_class",), cover)
        put("overstory", ("veg_class",), by_class(lambda number: LIBRARY[number][0]), "i4")
        for name in VEGETATION:
            column = {"rarc": 1, "rmin": 2}.get(name) or 7 + VEGETATION[2:].index(name)
            put(name, ("veg_class",), by_class(lambda number, column=column: LIBRARY[number][column]))
        zeros = np.zeros(MONTHS)
        put("LAI", ("veg_class", "month"), by_class(tile_lai, zeros))
        for name, column in (("albedo", 4), ("veg_rough", 5), ("displacement", 6)):
            twelve = by_class(lambda number, column=column: np.full(MONTHS, LIBRARY[number][column]), zeros)
            put(name, ("veg_class", "month"), twelve)
        for k, name in enumerate(("root_depth", "root_fract")):
            zones = by_class(lambda number, k=k: np.array([zone[k] for zone in ROOTS]), np.zeros(3))
            put(name, ("veg_class", "root_zone"), zones)
    with netCDF4.Dataset(paths["domain"], "w") as data:
        data.createDimension("lat", 2)
        data.createDimension("lon", 2)
        data.createVariable("lat", "f8", ("lat",))[:] = latitude
        data.createVariable("lon", "f8", ("lon",))[:] = longitude
        data.createVariable("mask", "i4", ("lat", "lon"))[:] = 1
        data.createVariable("area", "f8", ("lat", "lon"))[:] = 1e9
        data.createVariable("frac", "f8", ("lat", "lon"))[:] = 1.0
    return paths


FORCE_NAMES = {"PREC": "prcp", "AIR_TEMP": "tas", "SWDOWN": "dswrf", "LWDOWN": "dlwrf", "PRESSURE": "pres",
               "VP": "vp", "WIND": "wind"}  # fmt: skip


def weather(hours: int, cells: int = 3) -> dict[str, np.ndarray]:
    """Weather [time, cell] in VIC's units, every number another."""
    number = np.arange(hours * cells, dtype=float).reshape(hours, cells)
    return {"PREC": 0.01 * number, "AIR_TEMP": 0.1 * number - 5, "SWDOWN": number, "LWDOWN": 200 + number,
            "PRESSURE": 80 + 0.01 * number, "VP": 0.5 + 0.001 * number, "WIND": 1 + 0.01 * number}  # fmt: skip


def kernel_weather(hours: slice) -> dict[str, np.ndarray]:
    """The weather of the files in the units of the kernels."""
    values = {name: series[hours] for name, series in weather(48).items()}
    factor = {"PRESSURE": 1000.0, "VP": 1000.0}
    ours = {variable.symbol: variable.name for variable in WEATHER}
    return {ours[name]: series * factor.get(name, 1.0) for name, series in values.items()}


def write_image_forcing(folder: Path, hours: int = 48, split: int = 24) -> Path:
    """Hourly forcing of two years that meet: the last `split` hours of 1999, the first ones of 2000. The prefix."""
    values, prefix = weather(hours), folder / "forcing."
    for year, part, start in ((1999, slice(0, split), 8760 - split), (2000, slice(split, hours), 0)):
        with netCDF4.Dataset(f"{prefix}{year}.nc", "w") as data:
            for name, size in (("time", None), ("lat", 2), ("lon", 2)):
                data.createDimension(name, size)
            data.createVariable("lat", "f8", ("lat",))[:] = [48.0, 48.5]
            data.createVariable("lon", "f8", ("lon",))[:] = [-121.0, -120.5]
            time = data.createVariable("time", "i4", ("time",))
            time.setncatts({"units": f"hours since {year}-01-01", "calendar": "proleptic_gregorian"})
            count = len(range(*part.indices(hours)))
            time[:] = start + np.arange(count)
            for force_type, name in FORCE_NAMES.items():
                variable = data.createVariable(name, "f8", ("time", "lat", "lon"), fill_value=-9999.0)
                full = np.ma.masked_all((count, 2, 2))
                for place, (y, x) in enumerate(((0, 0), (0, 1), (1, 0))):
                    full[:, y, x] = values[force_type][part, place]
                variable[:] = full
    return prefix


def write_classic_forcing(folder: Path, hours: int = 48) -> Path:
    """A file of columns for each cell, with a column that is skipped between them. The prefix."""
    values = weather(hours)
    for place, (north, east) in enumerate(PLACE.values()):
        table = [values[name][:, place] for name in FORCE_NAMES]
        table.insert(4, np.full(hours, 1.2))
        np.savetxt(folder / f"data_{north:.4f}_{east:.4f}", np.stack(table, 1), fmt="%.10g")
    return folder / "data_"
