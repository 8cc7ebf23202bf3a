"""VIC's global parameter file said in settings of a namelist: what is taken, what is left, what is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ConfigurationError
from .choices import FILE_OPTIONS
from .global_file import GlobalFile, OutputLines, StreamLines
from .image import image_sizes
from .options import HOURS, model_options, whole
from .output_names import output_names

Values = dict[tuple[str, str], Any]
MODEL_OPTIONS = ("FULL_ENERGY", "FROZEN_SOIL", "QUICK_FLUX", "MODEL_STEPS_PER_DAY", "SNOW_STEPS_PER_DAY",
                 "RUNOFF_STEPS_PER_DAY", "NODES")  # fmt: skip
PATHS = {"PARAMETERS": "parameters", "DOMAIN": "domain", "SOIL": "soil", "VEGPARAM": "vegetation",
         "VEGLIB": "library", "INIT_STATE": "initial_state"}  # fmt: skip
DATES = ("STARTYEAR", "STARTMONTH", "STARTDAY", "STARTSEC", "ENDYEAR", "ENDMONTH", "ENDDAY", "NRECS", "CALENDAR")
STATE = ("STATENAME", "STATEYEAR", "STATEMONTH", "STATEDAY", "STATESEC")
GREGORIAN = ("STANDARD", "GREGORIAN", "PROLEPTIC_GREGORIAN")
# What has no effect here, and why.
IDLE = {
    "LOG_DIR": "messages go to the screen",
    "RESULT_DIR": "see directory of &output",
    "OUT_TIME_UNITS": "times are in days",
    "STATE_FORMAT": "states are netCDF",
    "GRID_DECIMAL": "of the names of classic forcing files only",
    "CONTINUEONERROR": "a run stops where numbers are wrong",
    "RESOLUTION": "of lakes only",
    "EQUAL_AREA": "of lakes only",
    "CANOPY_LAYERS": "of carbon only",
    "PLAPSE": "forcing is taken as it is given",
    "SW_PREC_THRESH": "forcing is taken as it is given",
    "MTCLIM_SWE_CORR": "forcing is taken as it is given",
    "VP_ITER": "forcing is taken as it is given",
    "VP_INTERP": "forcing is taken as it is given",
    "LW_TYPE": "forcing is taken as it is given",
    "LW_CLOUD": "forcing is taken as it is given",
}
REFUSED = {
    "CONSTANTS": "other physical constants are not built: leave it out",
    "TIME_STEP": "it is of VIC 4: VIC 5 has MODEL_STEPS_PER_DAY",
    "SNOW_STEP": "it is of VIC 4: VIC 5 has SNOW_STEPS_PER_DAY",
    "ARC_SOIL": "it is of VIC 4: give the soil in one file",
}
PERIODS = {"NSTEPS 1": "steps", "NDAYS 1": "daily", "NMONTHS 1": "monthly", "NYEARS 1": "yearly"}


@dataclass
class Translation:
    """values: settings by group and key; took, left: lines that say what became of each option."""

    values: Values = field(default_factory=dict)
    took: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def take(self, group: str, key: str, value: Any, of: str) -> None:
        """Set a setting, and say of which option."""
        self.values[group, key] = value
        self.took.append(f"{of} -> {key} of &{group}")


def translate(given: GlobalFile) -> Translation:
    """ConfigurationError that names the option where one is not built; what has no counterpart is left, and told."""
    where, settings = str(given.path), dict(given.settings)
    for name, why in REFUSED.items():
        if name in settings:
            raise ConfigurationError(f"{where}: {name} {settings[name]}: {why}")
    found = Translation(
        {
            ("run", "model"): "vic",
            ("run", "precision"): "float64",
            ("run", "warmup_days"): 0,
            ("data", "form"): "vic",
        }
    )
    options = model_options(settings, where)
    for key, option in options.items():
        found.values["vic", key] = option // 3600 if key == "step" else option
    found.took += [f"{name} {settings[name]} -> &vic" for name in MODEL_OPTIONS if name in settings]
    if not options["frozen"] and settings.get("NODES", "3") != "3":
        found.left.append(f"NODES {settings['NODES']}: the quick flux has 3")
    _period(found, given, where)
    _files(found, given, where)
    _forcing(found, given, where)
    _state(found, given, where)
    _outputs(found, given.outputs, f"NHOURS {options['step'] // 3600}")
    done = {*FILE_OPTIONS, *MODEL_OPTIONS, *PATHS, *DATES, *STATE}
    for name, value in settings.items():
        if name in IDLE:
            found.left.append(f"{name} {value}: {IDLE[name]}")
        elif name not in done and not _is_default(name):
            found.left.append(f"{name} {value}: unknown to VIC 5.1")
    return found


def _is_default(name: str) -> bool:
    """Whether the option is one whose only built value it then has."""
    from .options import BUILT, FIXED

    return name in BUILT or name in FIXED


def _date(settings: dict[str, str], stem: str, where: str) -> np.datetime64:
    year, month, day = (whole(settings, f"{stem}{part}", 0, where, 1) for part in ("YEAR", "MONTH", "DAY"))
    try:
        return np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "D")
    except ValueError:
        raise ConfigurationError(f"{where}: {stem}YEAR {year}, MONTH {month}, DAY {day} is no date") from None


def _period(found: Translation, given: GlobalFile, where: str) -> None:
    settings = given.settings
    calendar = settings.get("CALENDAR", "PROLEPTIC_GREGORIAN").upper()
    if calendar not in GREGORIAN:
        raise ConfigurationError(f"{where}: CALENDAR {calendar} is not built, only {', '.join(GREGORIAN)}")
    if whole(settings, "STARTSEC", 0, where, 0):
        raise ConfigurationError(f"{where}: STARTSEC {settings['STARTSEC']} is not built: a run starts at 00:00")
    start = _date(settings, "START", where)
    found.take("run", "start", str(start), "STARTYEAR, STARTMONTH, STARTDAY")
    if "NRECS" in settings:
        steps = whole(settings, "MODEL_STEPS_PER_DAY", HOURS, where, 1)
        records = whole(settings, "NRECS", 0, where, 1)
        if records % steps:
            raise ConfigurationError(f"{where}: NRECS {records} does not complete a day of {steps} steps")
        found.take("run", "end", str(start + records // steps - 1), f"NRECS {records}")
    else:
        found.take("run", "end", str(_date(settings, "END", where)), "ENDYEAR, ENDMONTH, ENDDAY")
    if found.values["run", "end"] < found.values["run", "start"]:
        raise ConfigurationError(f"{where}: the end, {found.values['run', 'end']}, lies before the start, {start}")


def _files(found: Translation, given: GlobalFile, where: str) -> None:
    needed = ("PARAMETERS", "DOMAIN") if given.image else ("SOIL", "VEGPARAM", "VEGLIB")
    for name in needed:
        if given.file(name) is None:
            raise ConfigurationError(f"{where}: no {name}: expected the path of that file")
    for name, key in PATHS.items():
        path = given.file(name)
        if path is not None and (name in needed or name == "INIT_STATE"):
            found.take("vic", key, str(path), name)
    bands = given.settings.get("SNOW_BAND", "1").split() or ["1"]
    if len(bands) > 1:
        found.take("vic", "bands", str(given.under(bands[1])), "SNOW_BAND")
    elif bands[0].isdecimal() and int(bands[0]) > 1 and not given.image:
        raise ConfigurationError(f"{where}: SNOW_BAND {bands[0]} without the path of the file of bands")
    if given.image:
        sizes = image_sizes(Path(found.values["vic", "parameters"]))
        found.values["vic", "layers"], found.values["vic", "zones"] = sizes
    kept = {name: given.settings[name] for name in FILE_OPTIONS if name in given.settings} | {"SNOW_BAND": bands[0]}
    found.take("vic", "file_options", tuple(f"{name} = {value}" for name, value in kept.items()), ", ".join(kept))
    if given.domain:
        names = tuple(f"{name} = {own}" for name, own in given.domain.items())
        found.take("vic", "domain_names", names, "DOMAIN_TYPE")


def _forcing(found: Translation, given: GlobalFile, where: str) -> None:
    if not given.streams:
        raise ConfigurationError(f"{where}: no FORCING1: expected the forcing files")
    if len(given.streams) > 1:
        raise ConfigurationError(f"{where}: FORCING2 is not built: put all variables into the files of FORCING1")
    stream = given.streams[0]
    if any(not words for words in stream.types):
        raise ConfigurationError(f"{where}: a FORCE_TYPE without a name")
    prefix = str(given.under(stream.prefix))
    if given.image:
        found.take("vic", "forcing", prefix + "{year}.nc", "FORCING1")
        names = tuple(f"{words[0].upper()} = {words[-1]}" for words in stream.types)
        found.take("vic", "forcing_names", names, "FORCE_TYPE")
        return
    found.take("vic", "forcing", prefix, "FORCING1")
    _classic_forcing(found, stream, given, where)


def _classic_forcing(found: Translation, stream: StreamLines, given: GlobalFile, where: str) -> None:
    lines = stream.lines
    for old, new in (("FORCE_DT", "FORCE_STEPS_PER_DAY"), ("FORCEHOUR", "FORCESEC")):
        if old in lines:
            raise ConfigurationError(f"{where}: {old} is of VIC 4: VIC 5 has {new}")
    if whole(lines, "FORCESEC", 0, where, 0):
        raise ConfigurationError(f"{where}: FORCESEC {lines['FORCESEC']} is not built: forcing starts at 00:00")
    binary = lines.get("FORCE_FORMAT", "ASCII").upper() == "BINARY"
    found.take("vic", "forcing_columns", tuple(" ".join(words) for words in stream.types), "FORCE_TYPE")
    found.take("vic", "forcing_start", str(_date(lines, "FORCE", where)), "FORCEYEAR, FORCEMONTH, FORCEDAY")
    steps = whole(lines, "FORCE_STEPS_PER_DAY", 0, where, 1)
    found.take("vic", "forcing_steps_per_day", steps, "FORCE_STEPS_PER_DAY")
    found.take("vic", "forcing_decimals", whole(given.settings, "GRID_DECIMAL", 4, where, 0), "GRID_DECIMAL")
    if binary:
        order = lines.get("FORCE_ENDIAN", "LITTLE").lower()
        found.take("vic", "forcing_binary", order, "FORCE_FORMAT, FORCE_ENDIAN")


def _state(found: Translation, given: GlobalFile, where: str) -> None:
    settings = given.settings
    if "STATENAME" in settings:
        found.take("vic", "state_path", str(Path(settings["STATENAME"]).expanduser()), "STATENAME")
        date = _date(settings, "STATE", where)
        found.take("vic", "state_date", str(date), "STATEYEAR, STATEMONTH, STATEDAY")
        if whole(settings, "STATESEC", 0, where, 0):
            raise ConfigurationError(f"{where}: STATESEC {settings['STATESEC']} is not built: states are of 00:00")


def _outputs(found: Translation, outputs: list[OutputLines], step: str) -> None:
    """Names of VIC stay as they are: they are outputs of the model too. step: a step of the model as AGGFREQ."""
    known = output_names()
    periods = {step: "steps", **PERIODS}
    lists: dict[str, list[str]] = {}
    for output in outputs:
        key = periods.get(output.frequency or "NDAYS 1", "")
        if not key:
            found.left.append(f"AGGFREQ {output.frequency} of {output.prefix}: values of each day are written instead")
        for name in output.variables:
            if name in known:
                lists.setdefault(key or "daily", []).append(name)
            else:
                found.left.append(f"OUTVAR {name}: freshet has no such output")
    for key, names in lists.items():
        found.take("output", key, tuple(dict.fromkeys(names)), "OUTVAR")
    found.values["output", "variables"] = ("OUT_RUNOFF", "OUT_BASEFLOW")
