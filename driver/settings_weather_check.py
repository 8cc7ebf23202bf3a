"""Checks of &weather beside the other groups."""

from .settings_draft import TABLE, Draft


def check_weather(draft: Draft) -> None:
    """Note weather that nobody reads, and keys of &data that have their place in &weather.

    Defaults pass, for a namelist that freshet wrote names them all.
    """
    grid = draft.value("data", "form") == "grid"
    if not grid and draft.value("weather", "path") and draft.sound("data"):
        draft.problem("weather", "path", "is read only with form = 'grid' in &data: change the form or leave it out")
    if grid and draft.value("data", "pet") != TABLE["data", "pet"].default:
        draft.problem("data", "pet", "is of catchments: with form = 'grid' it is pet in &weather")
