"""Data that the members of an experiment share: opened once, as long as they ask for the same."""

from typing import Any

# Groups that choose the data, and the settings of the training that choose days of it.
GROUPS = ("data", "generator", "planet", "grid", "weather", "vic")
DAYS = ("start", "end", "validation_start", "validation_end", "test_start", "test_end", "warmup_days")


class Sources:
    """The data last opened. They are given again where settings ask for the same, as most members do.

    source: what `settings` ask for, where it is open already.
    """

    def __init__(self, settings: Any, source: Any = None):
        self._key, self._source = _key(settings), source

    def of(self, settings: Any) -> Any:
        """The data that settings ask for, with all their basins."""
        key = _key(settings)
        if self._source is None or key != self._key:
            from .catchments import open_source

            self._source, self._key = open_source(settings, "train"), key
        return self._source


def _key(settings: Any) -> list[dict[str, Any]]:
    groups = [dict(settings.groups[group]) for group in GROUPS]
    return [*groups, {name: getattr(settings.training, name) for name in DAYS}]
