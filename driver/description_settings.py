"""The tables of settings, the forms of data, and a namelist that shows every setting."""

from .nearest import suggestion
from .setting import Setting
from .setting_value import bounds, literal
from .settings_objective import FIRST, OTHERS
from .settings_table import GROUPS, SETTINGS
from .tables import Table

DATA_FORMS = (
    ("generated", "nothing", "the embedded weather generator makes catchments of several climates (&generator)"),
    ("planet", "nothing", "the embedded planet: an Earth-like world with rivers and weather, from its seed (&planet)"),
    (
        "netcdf",
        "a file",
        "dimensions basin and time; precipitation, temperature, discharge with units; attributes by basin",
    ),
    (
        "caravan",
        "a folder",
        "the Caravan distribution: timeseries/csv or timeseries/netcdf and attributes/, any generation of its names; "
        "its own potential evaporation is several times too high, so pet = 'oudin' is the default",
    ),
    (
        "camels_us",
        "a folder",
        "the CAMELS-US text tree: basin_mean_forcing/<forcing_product>, usgs_streamflow, camels_attributes_v2.0",
    ),
    (
        "grid",
        "nothing",
        "cells of a regular grid: land mask, soils and flow directions as &grid says, weather as &weather says",
    ),
    (
        "vic",
        "nothing",
        "VIC's own parameter and forcing files, of its image or its classic driver, as &vic says; flow directions as "
        "&grid says",
    ),
)


def settings_tables(groups: list[str]) -> list[Table]:
    """One table for each named group; all where none is named. ValueError where a group is unknown."""
    for group in groups:
        if group.lstrip("&") not in GROUPS:
            raise ValueError(f"unknown group '{group}'{suggestion(group, GROUPS)}")
    return [_group_table(group.lstrip("&")) for group in groups or GROUPS]


def _shown() -> list[str]:
    """Groups but those that repeat the settings of another."""
    return [group for group in GROUPS if group not in OTHERS]


def _group_table(group: str) -> Table:
    rows = [
        (setting.key, setting.type, literal(setting.default), bounds(setting), _meaning(setting))
        for setting in SETTINGS
        if setting.group == (FIRST if group in OTHERS else group)
    ]
    if group in OTHERS:
        rows = [(row[0], "", "", "", f"as in &{FIRST}") for row in rows[:1]]
    return Table(f"&{group}", ("key", "type", "default", "range", "meaning"), rows, f"{GROUPS[group]}.")


def _meaning(setting: Setting) -> str:
    return setting.meaning + (f"; one of: {', '.join(setting.choices)}" if setting.choices else "")


def allowed(setting: Setting) -> str:
    """Which values a setting may have, in words."""
    return ", ".join(setting.choices) if setting.choices else bounds(setting)


def setting_table(key: str) -> list[Table]:
    """All settings of that key, which several groups may have; or of 'group.key'."""
    group, _, name = key.rpartition(".")
    found = [setting for setting in SETTINGS if setting.key == name and group.lstrip("&") in ("", setting.group)]
    return [
        Table(
            f"&{setting.group} {setting.key}",
            ("what", "value"),
            [
                ("type", setting.type),
                ("default", literal(setting.default)),
                ("unit", setting.unit),
                ("allowed", allowed(setting)),
                ("meaning", setting.meaning),
            ],
        )
        for setting in found
    ]


def data_tables() -> list[Table]:
    """What &data understands."""
    return [
        Table("Forms of input data", ("form", "path is", "what is read"), list(DATA_FORMS)),
        *settings_tables(["data", "generator", "grid", "weather", "vic"]),
    ]


def namelist_text() -> str:
    """A namelist with every setting at its default and its meaning as a comment; it can be loaded as it is."""
    lines = ["! A namelist with every setting of freshet at its default. Delete what you do not need."]
    for group in _shown():
        about = GROUPS[group]
        lines += ["", f"&{group}  ! {about}"]
        for setting in SETTINGS:
            if setting.group == group:
                value = f"  {setting.key} = {literal(setting.default)}"
                extra = allowed(setting)
                comment = f"! {setting.meaning}" + (f" [{extra}]" if extra else "")
                lines.append(f"{value.ljust(34)} {comment}")
        lines.append("/")
    return "\n".join(lines)
