"""Data that the members of an experiment share: opened once, as long as they ask for the same."""

from typing import Any

# Groups that choose the data, and the settings of the training that choose days of it.
GROUPS = ("data", "generator", "planet", "grid", "weather", "vic")
DAYS = ("start", "end", "validation_start", "validation_end", "test_start", "test_end", "warmup_days")


class Sources:
    """The data last opened. They are given again where settings ask for the same, as most members do."""

    def __init__(self, settings: Any):
        self._settings = settings
        self._key: Any = None
        self._source: Any = None

    def of(self, settings: Any) -> Any:
        """The data that settings ask for, with all their basins."""
        key = [dict(settings.groups[group]) for group in GROUPS]
        key += [{name: getattr(settings.training, name) for name in DAYS}]
        if self._source is None or key != self._key:
            from .catchments import open_source

            self._source, self._key = open_source(settings, "train"), key
        return self._source
