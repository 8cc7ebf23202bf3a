"""Checks of the terms of an objective: what each of them needs besides its own values."""

from typing import Any

from .settings_draft import KEYS, TABLE, Draft
from .settings_objective import NUMBERED
from .settings_routing_check import FORMS

DISCHARGE = "discharge"


def check_objectives(draft: Draft) -> None:
    """Note terms that cannot be computed, and networks for grids where there is none."""
    form = draft.value("data", "form")
    for group in NUMBERED:
        if group in draft.mentioned and draft.sound(group):
            _check_term(draft, group, form)
    if draft.value("pet_network", "kind") != "none" and form not in FORMS and ("data", "form") not in draft.failed:
        draft.problem("pet_network", "kind", f"has no neighbouring cells in form = '{form}' of &data: use a grid")


def _check_term(draft: Draft, group: str, form: str) -> None:
    def value(key: str) -> Any:
        return draft.value(group, key)

    if not value("variable"):
        if any(value(key) != TABLE[group, key].default for key in KEYS[group]):
            draft.problem(group, "variable", "is missing: 'discharge', or a flux or state (freshet describe variables)")
        return
    if form not in FORMS:
        draft.problem(group, "variable", f"terms are for grids, &data has form = '{form}': use loss of &training")
        return
    at_gauges = value("space") == "gauge"
    if at_gauges != (value("variable") == DISCHARGE):
        draft.problem(group, "space", "'gauge' is for the variable 'discharge', and discharge for gauges")
    if not at_gauges and not value("path"):
        draft.problem(group, "path", f"is missing: {value('variable')} needs a file of observations")
    if not at_gauges and not value("observed"):
        draft.problem(group, "observed", "is missing: name the variable of the file")
    if value("anomaly") and value("measure") in ("kge", "two_part_rmse"):
        draft.problem(group, "measure", f"'{value('measure')}' says nothing of anomalies, whose mean is 0: take 'nse'")
    if value("space") == "region" and not value("regions"):
        draft.problem(group, "regions", "is missing: space = 'region' needs a mask with numbers of regions")
    if bool(value("baseline_start")) != bool(value("baseline_end")):
        draft.problem(group, "baseline_start", "baseline_start and baseline_end belong together")
    if value("baseline_start") and value("baseline_end") < value("baseline_start"):
        draft.problem(group, "baseline_end", f"lies before baseline_start = '{value('baseline_start')}'")
