"""Checks of the group &output against the model: names of quantities, frequencies, what goes together."""

from ..kernels.model import Model
from .nearest import nearest
from .output.frequency import HOURS, frequency
from .output_variables import SOURCES as ROUTED
from .output_variables import WORDS, expand_names, numbered, output_variables
from .settings_draft import TABLE, Draft

NONE, ALL = "none", "all"
LISTS = ("variables", "steps", "daily", "monthly", "yearly", "gauges")


def check_output(draft: Draft, form: Model) -> None:
    """Note what &output asks for that the model does not have; complete the lists of quantities."""
    rivers = draft.value("routing", "router") != "none"
    if rivers and not draft.given("output", "variables"):
        draft.values["output", "variables"] = ("discharge",)
    known = [*output_variables(form, rivers), *numbered(form)]
    for key in LISTS:
        if ("output", key) not in draft.failed:
            _check_names(draft, form, key, known, rivers)
    for key in ("frequency", "gauge_frequency"):
        _check_frequency(draft, key, form)
    _check_form(draft)
    _check_within(draft, form)


def _check_names(draft: Draft, form: Model, key: str, known: list[str], rivers: bool) -> None:
    names = draft.value("output", key)
    if key == "gauges" and names in ((ALL,), (NONE,)):
        return
    for name in names:
        if name not in known and name not in WORDS:
            near = nearest(name, [*known, *WORDS])
            hint = f"; did you mean '{near}'?" if near else "; freshet describe variables lists them"
            if name == "discharge":
                hint = ": name a router in &routing, or take streamflow"
            if rivers and name in output_variables(form):
                hint = ": it is routed inside basins, and here rivers flow between cells; take discharge"
            draft.problem("output", key, f"{form.label} has no output '{name}'{hint}")
    if not names and TABLE["output", key].default:
        draft.problem("output", key, "is empty: name at least one, such as 'streamflow'")
    draft.values["output", key] = expand_names(form, names, rivers)


def _check_frequency(draft: Draft, key: str, form: Model) -> None:
    if ("output", key) in draft.failed:
        return
    try:
        draft.values["output", key] = frequency(draft.value("output", key), HOURS // form.steps_per_day).text
    except ValueError as error:
        draft.problem("output", key, str(error))


def _check_within(draft: Draft, form: Model) -> None:
    """Water that is routed from day to day has no values within a day."""
    step = HOURS // form.steps_per_day
    for key, often in (("variables", "frequency"), ("gauges", "gauge_frequency"), ("steps", "")):
        if ("output", key) in draft.failed or ("output", often) in draft.failed:
            continue
        if frequency(draft.value("output", often) if often else "step", step).per_day == 1:
            continue
        names = draft.value("output", key)
        if names == (ALL,):
            names = [name for other in LISTS[:-1] for name in draft.value("output", other)]
        routed = [name for name in names if name in ("discharge", *ROUTED)]
        if routed:
            draft.problem("output", key, f"{routed[0]} is routed from day to day: write it each day (daily in &output)")


def _check_form(draft: Draft) -> None:
    """What is meant for grids is refused for basins."""
    if draft.value("data", "form") in ("grid", "planet", "vic") or ("data", "form") in draft.failed:
        return
    for key in ("maps", "mode", "window", "significant_digits"):
        if draft.given("output", key) and draft.value("output", key) != TABLE["output", key].default:
            draft.problem("output", key, "is for grids (form = 'grid' or 'planet' of &data): leave it out")
