"""Whether the output of a run is what its manifest says, and of the data that it is compared with."""

from pathlib import Path
from typing import Any

from .errors import InputError
from .manifest import FINISHED, Manifest, read_manifest

# Settings of the generator that make other catchments of the same names.
CATCHMENTS = ("seed", "calendar")


def run_notes(folder: Path, settings: Any) -> list[str]:
    """What a reader of scores of the run in a folder should know; nothing where the folder has no manifest.

    InputError where a file of the run is missing or was changed, or its catchments were generated and are not those of
    the settings: their flow would be compared with that of others.
    """
    try:
        manifest = read_manifest(folder) if folder.is_dir() else None
    except ValueError as error:
        return [f"the manifest of '{folder}' cannot be read ({error}): its files are taken as they are"]
    if manifest is None:
        return []
    for entry in manifest.history:
        problem = entry.problem(folder)
        if problem:
            raise InputError(f"{problem}: run again with --set output.overwrite=true")
    _require_same_catchments(folder, manifest, settings)
    notes = []
    if manifest.status != FINISHED:
        ended = manifest.history[-1].last_date if manifest.history else "its start"
        notes.append(f"the run is not finished: it has come to {ended}; freshet run --resume goes on")
    ran, asked = manifest.identity.get("potential evaporation"), settings.data.pet
    if ran not in (None, asked):
        notes.append(f"the run had pet = '{ran}', &data has pet = '{asked}'")
    return notes


def _require_same_catchments(folder: Path, manifest: Manifest, settings: Any) -> None:
    """InputError where a run of generated catchments is compared with other generated ones."""
    text = manifest.identity.get("generator", "")
    if not text or settings.data.form != "generated":
        return
    ran = dict(part.split(" = ", 1) for part in text.split(", "))
    asked = {key: str(value) for key, value in settings.generator}
    other = [f"{key} = {ran[key]} there, {asked[key]} here" for key in CATCHMENTS if ran.get(key) != asked[key]]
    if other:
        raise InputError(
            f"the run in '{folder}' is of other generated catchments than &generator: {', '.join(other)}: run again, "
            "or put the settings back"
        )
