"""Writers of small catchment data of every form, and the settings that open them."""

from pathlib import Path

import cftime
import netCDF4
import numpy as np
from freshet.driver.catchments import open_source
from freshet.driver.settings import parse

DAYS = 800
IDS = ("01013500", "01022500", "01030500")


def opened(path: Path, form: str = "netcdf", warmup: int = 0, **data: str):
    """The source of a namelist whose &data has these texts (on_missing='persist', ...), and start and end of &run."""
    run = {key: data.pop(key) for key in ("start", "end") if key in data}
    lines = [f"  {key} = {value if key == 'limit' else repr(value)}" for key, value in data.items()]
    dates = "\n".join(f"  {key} = '{value}'" for key, value in run.items())
    text = "\n".join(lines)
    namelist = f"&run\n  warmup_days = {warmup}\n{dates}\n/\n&data\n  form = '{form}'\n  path = '{path}'\n{text}\n/\n"
    return open_source(parse(namelist))


def weather(count: int = DAYS, places: int = len(IDS), seed: int = 3) -> dict[str, np.ndarray]:
    """Plausible series [time, place] in freshet's units by the names of the netCDF form, two decimals."""
    random = np.random.default_rng(seed)
    season = -np.cos(2 * np.pi * np.arange(count) / 365.25)[:, None]
    mean = 8 + 10 * season + random.normal(0, 3, (count, places))
    half = random.uniform(2, 7, (count, places))
    wet = random.uniform(size=(count, places)) < 0.4
    series = {
        "precipitation": wet * random.exponential(8, (count, places)),
        "temperature_mean": mean,
        "temperature_min": mean - half,
        "temperature_max": mean + half,
        "pet": np.maximum(2 + 2 * season + random.normal(0, 0.3, (count, places)), 0),
        "streamflow": random.exponential(2, (count, places)),
    }
    return {name: np.round(values, 2) for name, values in series.items()}


UNITS = {"precipitation": "mm day-1", "pet": "mm day-1", "streamflow": "mm day-1"} | {
    f"temperature_{which}": "degC" for which in ("mean", "min", "max")
}


def write_netcdf(
    file: Path,
    series: dict[str, np.ndarray],
    *,
    start: str = "1990-01-01",
    calendar: str = "standard",
    units: dict[str, str | None] | None = None,
    order: tuple[str, str] = ("basin", "time"),
    ids: tuple[str, ...] = IDS,
    days: np.ndarray | None = None,
    packed: tuple[str, ...] = (),
) -> Path:
    """One file of dimensions basin and time. days: time stamps since start; packed: variables kept as int16 x 0.01."""
    count = len(next(iter(series.values())))
    with netCDF4.Dataset(file, "w") as data:
        data.createDimension("basin", len(ids))
        data.createDimension("time", count)
        data.createVariable("basin", str, ("basin",))[:] = np.array(ids, object)
        time = data.createVariable("time", "f8", ("time",))
        time.units, time.calendar = f"days since {start}", calendar
        time[:] = np.arange(count) if days is None else days
        for name, values in series.items():
            _write_series(data, name, values, {**UNITS, **(units or {})}.get(name), order, name in packed)
        for name, value in (("gauge_lat", 45.0), ("gauge_lon", -70.0), ("area", 500.0), ("elev_mean", 300.0)):
            data.createVariable(name, "f4", ("basin",))[:] = value + np.arange(len(ids))
        data.createVariable("chosen", "i4", ("basin",))[:] = np.arange(len(ids)) % 2
        data.createVariable("gauge_name", str, ("basin",))[:] = np.array([f"River {name}" for name in ids], object)
    return file


def _write_series(data, name, values, unit, order, packed) -> None:
    if packed:
        variable = data.createVariable(name, "i2", order, zlib=True, fill_value=np.int16(-32768))
        variable.scale_factor = 0.01
    else:
        variable = data.createVariable(name, "f4", order, fill_value=np.float32(np.nan))
    if unit is not None:
        variable.units = unit
    variable[:] = values.T if order[0] == "basin" else values


CARAVAN = {
    "precipitation": "total_precipitation_sum",
    "temperature_mean": "temperature_2m_mean",
    "temperature_min": "temperature_2m_min",
    "temperature_max": "temperature_2m_max",
    "streamflow": "streamflow",
}
EVAPORATION = {"old": ("potential_evaporation_sum",), "new": (
    "potential_evaporation_sum_ERA5_LAND", "potential_evaporation_sum_FAO_PENMAN_MONTEITH")}  # fmt: skip


def caravan_columns(series: dict[str, np.ndarray], place: int, generation: str = "old") -> dict[str, np.ndarray]:
    """Columns of one basin under Caravan's names; ERA5-Land's potential evaporation is five times the other."""
    columns = {CARAVAN[name]: values[:, place] for name, values in series.items() if name in CARAVAN}
    for name in EVAPORATION[generation]:
        columns[name] = series["pet"][:, place] * (1 if "FAO" in name else 5)
    return columns


def write_caravan(root: Path, form: str, generation: str = "old", starts: dict[str, str] | None = None) -> dict:
    """A Caravan tree of three basins, its series [time, place]. starts: first day of some basins, by id."""
    series = weather()
    for place, name in enumerate(IDS):
        start = (starts or {}).get(f"camels_{name}", "1990-01-01")
        write_caravan_basin(root, form, f"camels_{name}", caravan_columns(series, place, generation), start)
    write_caravan_attributes(root, [f"camels_{name}" for name in IDS])
    return series


def write_caravan_basin(
    root: Path, form: str, name: str, columns: dict, start: str, calendar: str = "standard"
) -> Path:
    """The series of one basin as csv or netCDF."""
    folder = root / "timeseries" / form / name.split("_", maxsplit=1)[0]
    folder.mkdir(parents=True, exist_ok=True)
    count = len(next(iter(columns.values())))
    file = folder / f"{name}.{'csv' if form == 'csv' else 'nc'}"
    if form == "csv":
        first = np.datetime64(start, "D")
        rows = zip((first + np.arange(count)).astype(str), *columns.values(), strict=True)
        lines = [",".join(["date", *columns]), *(",".join(map(_cell, row)) for row in rows)]
        file.write_text("\n".join(lines) + "\n")
        return file
    with netCDF4.Dataset(file, "w") as data:
        data.createDimension("date", count)
        date = data.createVariable("date", "i8", ("date",))
        date.units, date.calendar = f"days since {start} 00:00:00", calendar
        date[:] = np.arange(count)
        for column, values in columns.items():
            data.createVariable(column, "f4", ("date",), fill_value=np.float32(np.nan))[:] = values
    return file


def _cell(value) -> str:
    return "" if isinstance(value, float) and np.isnan(value) else str(value)


def write_caravan_attributes(root: Path, ids: list[str]) -> None:
    """The three tables of a dataset."""
    dataset = ids[0].split("_")[0]
    folder = root / "attributes" / dataset
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"{name},{45 + place},-70.5,River {name},USA,{500 + place}" for place, name in enumerate(ids)]
    head = "gauge_id,gauge_lat,gauge_lon,gauge_name,country,area"
    (folder / f"attributes_other_{dataset}.csv").write_text("\n".join([head, *rows]) + "\n")
    rows = [f"{name},3.{place},0.{place}" for place, name in enumerate(ids)]
    (folder / f"attributes_caravan_{dataset}.csv").write_text("\n".join(["gauge_id,p_mean,aridity", *rows]) + "\n")
    rows = [f"{name},{300 + place}" for place, name in enumerate(ids)]
    (folder / f"attributes_hydroatlas_{dataset}.csv").write_text("\n".join(["gauge_id,ele_mt_sav", *rows]) + "\n")


def write_camels(root: Path, *, product: str = "daymet", huc: str = "", start: str = "1990-01-01") -> dict:
    """A CAMELS-US text tree of three basins, its series [time, place]."""
    series = weather()
    first = cftime.datetime(*map(int, start.split("-")))
    forcing = root / "basin_mean_forcing" / product / huc
    flow = root / "usgs_streamflow" / huc
    tables = root / "camels_attributes_v2.0"
    for folder in (forcing, flow, tables):
        folder.mkdir(parents=True, exist_ok=True)
    days = [cftime.num2date(day, f"days since {first.isoformat()}") for day in range(DAYS)]
    for place, name in enumerate(IDS):
        lines = [f"  {45 + place}.00", " 300.00", f" {(500 + place) * 10**6}"]
        lines.append("Year Mnth Day Hr\tdayl(s)\tprcp(mm/day)\tsrad(W/m2)\tswe(mm)\ttmax(C)\ttmin(C)\tvp(Pa)")
        rain, high, low = (series[key][:, place] for key in ("precipitation", "temperature_max", "temperature_min"))
        for row, day in enumerate(days):
            numbers = f"43200.00\t{rain[row]:.2f}\t300.00\t0.00\t{high[row]:.2f}\t{low[row]:.2f}\t700.00"
            lines.append(f"{day.year} {day.month:02d} {day.day:02d} 12\t{numbers}")
        (forcing / f"{name}_lump_cida_forcing_leap.txt").write_text("\n".join(lines) + "\n")
        discharge = series["streamflow"][:, place]
        rows = [f"{name} {d.year} {d.month:02d} {d.day:02d} {q:8.2f} A" for d, q in zip(days, discharge, strict=True)]
        (flow / f"{name}_streamflow_qc.txt").write_text("\n".join(rows) + "\n")
    rows = [f"{name};{45 + place};-70.5;{310 + place};12;NA;499.5" for place, name in enumerate(IDS)]
    head = "gauge_id;gauge_lat;gauge_lon;elev_mean;slope_mean;area_gages2;area_geospa_fabric"
    (tables / "camels_topo.txt").write_text("\n".join([head, *rows]) + "\n")
    return series
