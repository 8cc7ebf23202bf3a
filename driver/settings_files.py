"""Checks of settings against the file system: folders of output, files of input, lists of basins."""

from pathlib import Path

from .nearest import nearest
from .settings_draft import TABLE, Draft

# What makes a file that is not there yet.
MAKERS = {
    "evaluation": "freshet run or freshet train",
    "plot": "freshet run or freshet evaluate",
    "explain": "freshet train",
}


def check_directories(draft: Draft) -> None:
    """Complete the folders of output; note those that are files."""
    # In this order: evaluations and pictures lie with the run that they are of, wherever --set puts it.
    output = _complete(draft, "output", f"output/{Path(draft.namelist.name).stem}")
    _complete(draft, "experiment", f"{output}/experiment")
    _complete(draft, "search", f"{output}/search")
    # Runs and trainings write files of the same names: a folder for each.
    _complete(draft, "training", f"{output}/training")
    _complete(draft, "explain", f"{output}/explain")
    _complete(draft, "independent", f"{output}/independent")
    _complete(draft, "plot", _complete(draft, "evaluation", output))
    told = set()
    for (group, key), setting in TABLE.items():
        folder = draft.value(group, key)
        if setting.type == "path" and folder not in told and Path(folder).is_file():
            draft.problem(group, key, f"'{folder}' is a file, expected a folder")
            told.add(folder)


def _complete(draft: Draft, group: str, default: str) -> str:
    """Set the directory of a group where none is given; the directory."""
    if not draft.value(group, "directory"):
        draft.values[group, "directory"] = default
    return draft.value(group, "directory")


def check_inputs(draft: Draft, groups: tuple[str, ...]) -> None:
    """Note every input of the groups that does not exist."""
    for (group, key), setting in TABLE.items():
        if setting.scalar_type != "input" or group not in groups or (group, key) in draft.failed:
            continue
        value = draft.value(group, key)
        for path in value if setting.is_list else [value]:
            if path and not Path(path).exists():
                draft.problem(group, key, f"'{path}' does not exist{_nearby(Path(path))}{_maker(group)}")


def _maker(group: str) -> str:
    return f"; {MAKERS[group]} makes it" if group in MAKERS else ""


def _nearby(path: Path) -> str:
    """What stands in the place where a missing file was looked for."""
    if not path.is_absolute() and not path.parent.is_dir():
        return f" (relative paths start from the current directory, {Path.cwd()})"
    if not path.parent.is_dir():
        existing = next(parent for parent in path.parents if parent.is_dir())
        return f" (the path exists as far as {existing})"
    found = nearest(path.name, [other.name for other in path.parent.iterdir()])
    return f"; did you mean '{path.parent / found}'?" if found else ""


def check_basins(draft: Draft) -> None:
    """Replace the names of text files by the ids in them."""
    for group, key in (("data", "basins"), ("training", "basins"), ("training", "test_basins")):
        names = draft.value(group, key)
        if len(names) == 1 and (names[0].endswith((".txt", ".csv", ".lst")) or "/" in names[0]):
            _read_basins(draft, group, key, Path(names[0]).expanduser())


def _read_basins(draft: Draft, group: str, key: str, file: Path) -> None:
    try:
        lines = [line.split("#")[0].strip() for line in file.read_text(encoding="utf-8-sig").splitlines()]
    except OSError:
        draft.problem(group, key, f"the list of basins '{file}' cannot be read: expected one id per line")
        return
    except UnicodeDecodeError:
        draft.problem(group, key, f"the list of basins '{file}' is not UTF-8 text: expected one id per line")
        return
    ids = [line for line in lines if line]
    twice = sorted({name for name in ids if ids.count(name) > 1}) if len(set(ids)) < len(ids) else []
    if not ids or twice or any("," in name for name in ids):
        what = f"names {', '.join(twice[:5])} more than once" if twice else "is empty" if not ids else "has commas"
        draft.problem(group, key, f"the list of basins '{file}' {what}: expected one id per line, each once")
    draft.values[group, key] = tuple(ids)
