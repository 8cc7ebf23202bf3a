"""Parameters and geometry of a river, as its router declares them."""

from __future__ import annotations

from typing import Any

from .river_stepping import RiverInput


def river_input(settings: Any, source: Any) -> RiverInput | None:
    """What the router that &routing asks for needs, for all nodes of the source's river; None without a router."""
    return None
