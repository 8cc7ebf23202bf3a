"""Gauges out of a list, put on the network."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """A gauge as a list of gauges names it: degrees, and m2 upstream (NaN = not said)."""

    id: str
    name: str
    latitude: float
    longitude: float
    area: float
