"""Where a run comes from: what is written into its files, and what has to be equal for it to be continued."""

import hashlib
import os
import platform
import sys
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .. import __version__
from ..kernels.model import Model
from .geometry import kind_of_place
from .parameters import Parameters
from .settings_cross import READS

# More input files than this are not listed one by one in every file of output.
LISTED = 1000
# Settings of what is written beside the main stream.
OTHER = ("steps", "daily", "monthly", "yearly", "gauges")


def global_attributes(settings: Any, source: Any, model: Model, parameters: Parameters) -> dict[str, Any]:
    """Attributes of every file of output, apart from the time of writing and the water balance."""
    return {
        "title": settings.run.title or f"{model.label}, {len(source.ids)} {kind_of_place(source)}s, freshet run",
        "source": f"freshet {__version__}, model {model.label} ({model.reference})".replace(" ()", ""),
        "model": model.label,
        "parameters": parameters.origin,
        "parameters_sha256": parameters.checksum(),
        "freshet_version": __version__,
        "versions": ", ".join(f"{name} {number}" for name, number in versions().items()),
        "namelist": settings.text(READS["run"]),
        "input_files": _input_files(source),
    }


def versions() -> dict[str, str]:
    """Versions of what computes and writes."""
    found = {"python": platform.python_version()}
    for name in ("numpy", "numba", "llvmlite", "netCDF4", "cftime"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def now() -> str:
    """The time in UTC; $SOURCE_DATE_EPOCH, where given, instead of the clock, so that files can be reproduced."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(given), timezone.utc) if given.isdigit() else datetime.now(timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def history_line(settings: Any) -> str:
    """CF's history: when and by what command a file was made."""
    return f"{now()}: freshet run {Path(settings.path).name} (freshet {__version__}, Python {sys.version.split()[0]})"


def identity(settings: Any, source: Any, model: Model, parameters: Parameters) -> dict[str, str]:
    """What makes a run the same run, in words: two runs that differ in any of it cannot be one.

    The end of the period, the blocks, threads and restarts are not in it: they may change from one leg to the next.
    """
    run, data, output = settings.run, settings.data, settings.output
    found = {
        "model": model.label,
        "states": " ".join(variable.name for variable in model.states),
        "precision": run.precision,
        "components": str(parameters.components),
        "parameters": f"sha256 {parameters.checksum()[:16]}",
        "basins": f"{len(source.ids)} (sha256 {_sha256(source.ids)[:16]})",
        "calendar": source.axis.calendar,
        "first day of the data": source.axis.text(0),
        "start": run.start or source.axis.text(0),
        "warmup_days": str(run.warmup_days),
        "data form": data.form,
        "data files": _files_text(source),
        "potential evaporation": data.pet,
        "on_missing": data.on_missing,
        "output variables": " ".join(output.variables),
        "output frequency": output.frequency,
        "other output": "; ".join(
            f"{key} = {', '.join(getattr(output, key))}" for key in OTHER if getattr(output, key)
        ),
        "maps": f"{output.maps}, windows {output.window}, digits {output.significant_digits}",
        "gauges": output.gauge_frequency,
        "freshet version": __version__,
    }
    if getattr(source, "inputs", None) is not None:
        found["initial state"] = f"sha256 {hashlib.sha256(source.inputs.state().tobytes()).hexdigest()[:16]}"
    if data.form == "generated":
        found["generator"] = ", ".join(f"{key} = {value}" for key, value in settings.generator)
    if data.form == "camels_us":
        found["forcing_product"] = data.forcing_product
    return found


def differences(mine: dict[str, str], other: dict[str, str]) -> list[str]:
    """What differs between two identities, in words: 'precision: float32 there, float64 here'."""
    names = [*mine, *(name for name in other if name not in mine)]
    return [
        f"{name}: {other.get(name, 'nothing')} there, {mine.get(name, 'nothing')} here"
        for name in names
        if mine.get(name) != other.get(name)
    ]


def _sha256(texts: Any) -> str:
    return hashlib.sha256("\n".join(map(str, texts)).encode()).hexdigest()


def _files_text(source: Any) -> str:
    files = [(Path(path).name, checksum) for path, checksum in source.files]
    return f"{len(files)} (sha256 {_sha256(sorted(files))[:16]})" if files else "none"


def _input_files(source: Any) -> str:
    """Checksum and name of each input file, as `sha256sum` would list them."""
    if not source.files:
        return "none"
    if len(source.files) > LISTED:
        return f"{len(source.files)} files, sha256 of the list of their names and checksums: {_files_text(source)}"
    return "\n".join(f"{checksum}  {path}" for path, checksum in source.files)
