"""What freshet explain writes and tells: attributions as CF netCDF, importance as csv, and a table for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..kernels.variable import Variable
from ..nn.normalisation import is_text
from .checkpoint_provenance import provenance
from .evaluation_files import write_csv
from .explain_result import Explanation, One
from .files import NETCDF, whole_file
from .place_layout import Layout, create, layout
from .provenance import now
from .tables import Table, render

ATTRIBUTIONS, IMPORTANCE = "attributions.nc", "importance.csv"
TOLD = 5  # attributes named for each parameter
METHOD = "expected gradients (Erion et al., 2021, doi:10.1038/s42256-021-00343-w)"
NOT_WHOLE = 0.05  # of what is explained; a larger gap wants more draws


def write(directory: Path, result: Explanation, source: Any, settings: Any) -> None:
    """Write attributions.nc and importance.csv; WriteError where that fails."""
    places = layout(source)
    needed = 8 * sum(one.phi.size for one in result.found.values())
    with NETCDF:
        _write_attributions(directory / ATTRIBUTIONS, needed, result, source, places, settings)
    write_csv(directory / IMPORTANCE, *_importance_table(result))


def shares(one: One) -> np.ndarray:
    """Importance of attributes [attribute], the mean over components, as a share of their sum."""
    importance = one.importance.mean(0)
    total = importance.sum()
    return importance / total if total > 0 else importance


def show(result: Explanation) -> None:
    """Print which attributes matter for each parameter, and for all together; what did not add up."""
    rows = []
    for variable in result.variables:
        one = result.found[variable.name]
        share = shares(one)
        order = np.argsort(-share, kind="stable")[:TOLD]
        named = ", ".join(f"{result.attributes[k]} {100 * share[k]:.0f} %" for k in order if share[k] > 0)
        effect = float(np.abs(one.value - one.expected).mean())
        rows.append((variable.name, variable.unit, f"{one.value.mean():.4g}", f"{effect:.3g}", named or "nothing"))
    columns = ("parameter", "unit", "mean", "departs by", "share of the importance of attributes")
    title = f"Attributions of {len(result.variables)} parameters at {len(result.ids)} places"
    title += f", against {result.background} places"
    print(render([Table(title, columns, rows)], "text"))
    overall = np.mean([shares(result.found[variable.name]) for variable in result.variables], 0)
    order = np.argsort(-overall, kind="stable")[: 2 * TOLD]
    print("all parameters: " + ", ".join(f"{result.attributes[k]} {100 * overall[k]:.0f} %" for k in order))
    worst = max(result.variables, key=lambda variable: result.found[variable.name].completeness)
    left = result.found[worst.name].completeness
    advice = ": raise samples in &explain" if left > NOT_WHOLE else ""
    print(f"attributions add up to within {100 * left:.2g} % of what is explained (worst: {worst.name}){advice}")


def _importance_table(result: Explanation) -> tuple[list[str], list[list[Any]]]:
    """Header and rows: one for each parameter, component and attribute."""
    rows: list[list[Any]] = []
    for variable in result.variables:
        one = result.found[variable.name]
        importance = one.importance
        total = np.where(importance.sum(1) > 0, importance.sum(1), 1.0)
        for component, of_attributes in enumerate(importance):
            for k, value in enumerate(of_attributes):
                spread = np.nan if one.deviation is None else one.deviation[component, k]
                share = value / total[component]
                rows.append([variable.name, variable.unit, component + 1, result.attributes[k], value, share, spread])
    header = ["parameter", "unit", "component", "attribute", "importance", "share", "deviation_of_networks"]
    return header, rows


def _write_attributions(
    path: Path, needed: int, result: Explanation, source: Any, places: Layout, settings: Any
) -> None:
    import netCDF4

    with whole_file(path, needed) as temporary, netCDF4.Dataset(temporary, "w") as data:
        data.setncatts(_told(result, settings))
        data.createDimension("attribute", len(result.attributes))
        names = data.createVariable("attribute", str, ("attribute",))
        names.long_name = "attribute of the places that the network looks at"
        names[:] = np.array(result.attributes, object)
        components = {len(one.phi) for one in result.found.values()} - {1}
        if components:
            data.createDimension("component", components.pop())
        places.define(data)
        _write_values(data, result, source, places)
        for variable in result.variables:
            _write_one(data, variable, result.found[variable.name], places)


def _write_values(data: Any, result: Explanation, source: Any, places: Layout) -> None:
    """The attributes themselves, where the source has them as numbers."""
    written = create(
        data, "attribute_value", places, ("attribute",),
        {"long_name": "value of the attribute, NaN for classes and means of weather", "units": "1",
         "comment": "in the unit of the data"},
    )  # fmt: skip
    written[:] = places.spread(attribute_values(result, source))


def attribute_values(result: Explanation, source: Any) -> np.ndarray:
    """Values [attribute, place] of the attributes; NaN for classes, and where the source does not have them."""
    found = np.full((len(result.attributes), len(result.ids)), np.nan)
    for k, name in enumerate(result.attributes):
        values = source.attributes.get(name)
        if values is not None and not is_text(values):
            found[k] = np.asarray(values, np.float64)
    return found


def _write_one(data: Any, variable: Variable, one: One, places: Layout) -> None:
    front: tuple[str, ...] = ("component",) if len(one.phi) > 1 else ()
    name, unit, meaning = variable.name.replace("+", "_and_"), variable.unit, variable.meaning
    pick = slice(None) if front else 0

    def put(suffix: str, before: tuple[str, ...], values: np.ndarray, meant: str) -> None:
        told = {"long_name": meant, "units": unit}
        create(data, name + suffix, places, before, told)[:] = places.spread(values[pick])

    put("", front, one.value, meaning)
    put("_expected", front, one.expected, f"mean over the background of: {meaning}")
    put("_attribution", (*front, "attribute"), one.phi, f"what the attribute adds to: {meaning}")
    put("_gap", front, one.gap, f"what the attributions have too much to add up, of: {meaning}")
    for suffix, values, meant in (
        ("_importance", one.importance, "mean size of the attribution over all places"),
        ("_deviation", one.deviation, "standard deviation between networks of the importance"),
    ):
        if values is not None:
            written = data.createVariable(name + suffix, "f8", (*front, "attribute"), fill_value=False)
            written.setncatts({"long_name": f"{meant}, of: {meaning}", "units": unit})
            written[:] = values[pick]


def _told(result: Explanation, settings: Any) -> dict[str, Any]:
    """Global attributes of the file."""
    asked = settings.explain
    found = {
        "Conventions": "CF-1.11",
        "title": settings.run.title or "attributions of parameters to attributes",
        "source": f"freshet {__version__}, {METHOD}",
        "history": f"{now()}: freshet explain {Path(settings.path).name}",
        "samples": np.int32(result.samples),
        "seed": np.int32(asked.seed),
        "background": f"{result.background} places",
    }
    for number, member in enumerate(result.members):
        own = provenance(member.path, member.content)
        found |= {f"{key}{f'_{number + 1}' if number else ''}": value for key, value in own.items()}
    return found
