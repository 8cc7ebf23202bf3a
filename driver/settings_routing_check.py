"""Checks of the group &routing: where there are rivers, and the parameters of the router by name."""

from typing import Any

from ..kernels.rivers.registry import ROUTERS, router
from .nearest import suggestion
from .setting import Setting
from .setting_value import convert
from .settings_draft import Draft

NONE = "none"
# Forms of data that have rivers.
FORMS = ("grid", "planet", "vic")


def check_routing(draft: Draft) -> None:
    """Note what cannot be routed; complete the overrides of the router's parameters."""
    draft.values["routing", "overrides"] = {}
    name = draft.value("routing", "router")
    if ("routing", "router") in draft.failed:
        return
    if name == NONE:
        for key in draft.river_extra:
            draft.problem("routing", key, "is a parameter of no router: name one, router = 'cascade' for example")
        return
    if name not in ROUTERS:
        draft.problem("routing", "router", f"'{name}' is not there{suggestion(name, ROUTERS)}")
        return
    form = draft.value("data", "form")
    if form not in FORMS and ("data", "form") not in draft.failed:
        draft.problem(
            "routing", "router", f"'{name}' needs rivers, which form = '{form}' of &data does not have: 'none'"
        )
    draft.values["routing", "overrides"] = _overrides(draft, name)


def _overrides(draft: Draft, name: str) -> dict[str, float]:
    known = {variable.name: variable for variable in router(name).parameters}
    values: dict[str, Any] = {}
    for key, raw in draft.river_extra.items():
        variable = known.get(key)
        if variable is None:
            hint = suggestion(key, [*known, "router", "substeps", "path"])
            draft.problem("routing", key, f"{name} has no such parameter{hint}")
            continue
        setting = Setting("routing", key, "real", 0.0, "", variable.unit, low=variable.low, high=variable.high)
        try:
            values[key] = convert(setting, raw)
        except ValueError as error:
            draft.problem("routing", key, f"{error} ({variable.meaning})")
    return values
