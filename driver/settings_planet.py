"""Settings of the embedded planet (form = 'planet')."""

from .setting import Setting

PLANET_GROUPS = {"planet": "the embedded planet, a world made from its seed alone (form = 'planet' of &data)"}

PLANET = (
    Setting(
        "planet",
        "resolution",
        "real",
        1.0,
        "size of the grid's cells; 180 degrees must be a whole number of them",
        "degree",
        low=0.05,
        high=10,
    ),
    Setting("planet", "seed", "integer", 24, "the same seed gives the same world and weather", low=0, high=2**31 - 1),
    Setting("planet", "years", "integer", 3, "length of the weather", "a", low=1, high=9999),
    Setting("planet", "start", "date", "2001-01-01", "first day"),
    Setting(
        "planet",
        "calendar",
        "text",
        "standard",
        "CF calendar",
        choices=("standard", "gregorian", "proleptic_gregorian", "julian", "noleap", "365_day", "360_day"),
    ),
    Setting("planet", "gauges", "integer", 24, "gauges, at the mouths of the largest rivers", low=0, high=1000),
)
