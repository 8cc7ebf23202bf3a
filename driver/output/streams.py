"""The streams that settings ask for, on the places and nodes of a source."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ...kernels.variable import Variable
from ..errors import ConfigurationError
from ..output_variables import expand_bands
from .basin_layout import basin_layout
from .frequency import HOURS, Frequency, frequency
from .gauge_layout import gauge_columns, gauge_layout
from .grid_layout import cells_layout, grid_layout
from .layout import NODE, PLACE, Layout
from .stream import Stream

# Streams beside the main one: key of &output, frequency.
EXTRA = {"steps": "step", "daily": "day", "monthly": "month", "yearly": "year"}
NONE, ALL = "none", "all"
# Processes up to which one of them writes for all, where nobody chooses.
FEW = 16


def output_names(output: Any) -> tuple[str, ...]:
    """Every quantity that the settings &output ask for, each once."""
    lists = [output.variables, *(getattr(output, key) for key in EXTRA)]
    if tuple(output.gauges) not in ((ALL,), (NONE,)):
        lists.append(output.gauges)
    return tuple(dict.fromkeys(name for names in lists for name in names))


def is_grid(source: Any) -> bool:
    """Whether the places of a source are cells of a grid."""
    return getattr(source, "grid", None) is not None


def chosen_mode(output: Any, source: Any, ranks: int) -> str:
    """Who writes: 'single', 'rank', 'zarr' or 'parallel'."""
    if not is_grid(source):
        return "single"
    if output.mode == "auto":
        return "single" if ranks <= FEW else "rank"
    return output.mode


class Streams:
    """Makes streams.

    known     variables by name; at_nodes: names of those of the river's nodes
    places, nodes  bounds int64 [rank + 1]; nodes are all 0 without routing
    step      of the model, hours
    """

    def __init__(
        self,
        settings: Any,
        source: Any,
        known: Mapping[str, Variable],
        at_nodes: Iterable[str],
        bounds: tuple[np.ndarray, np.ndarray],
        rank: int = 0,
        step: int = HOURS,
    ):
        self.settings, self.output, self.source, self.known = settings, settings.output, source, known
        self.at_nodes, self.rank = frozenset(at_nodes), rank
        self.bounds = {PLACE: bounds[0], NODE: bounds[1]}
        self.itemsize = np.dtype(settings.run.precision).itemsize
        self.step = step

    def all(self) -> list[Stream]:
        """The streams; ConfigurationError where nothing would be written."""
        output, found = self.output, []
        if not is_grid(self.source) or output.maps != NONE:
            layout = self._maps_layout()
            found.append(self._maps("main", output.variables, self._often(output.frequency), layout))
            for key, often in EXTRA.items():
                if getattr(output, key):
                    found.append(self._maps(key, getattr(output, key), self._often(often), layout))
        if self._has_gauges() and tuple(output.gauges) != (NONE,):
            found.append(self._gauges())
        if not found:
            raise ConfigurationError(
                f"{self.settings.path}: &output maps = 'none' and no gauges: nothing would be written; write maps, or "
                "name gauges (freshet describe grid)"
            )
        return found

    def _often(self, text: str) -> Frequency:
        return frequency(text, self.step)

    def _maps_layout(self) -> Layout:
        if not is_grid(self.source):
            return basin_layout(self.source.ids, self.source.attributes)
        routed = bool(self.bounds[NODE][-1])
        return (grid_layout if self.output.maps == "grid" else cells_layout)(self.source, routed)

    def _maps(self, name: str, names: Iterable[str], often: Frequency, layout: Layout) -> Stream:
        stem = "history" if name == "main" else f"history_{name}"
        names = expand_bands(names, self.known)
        variables = [self.known[each] for each in names]
        grid = is_grid(self.source)
        span = often.span(len(variables) * len(self.source.ids), self.itemsize, grid)
        if chosen_mode(self.output, self.source, 1) == "zarr":
            span = "run"  # a store grows
        window = self._window(often) if grid else 0
        return Stream(name, stem, variables, self._locations(names), often, layout, self.bounds, span, window)

    def _window(self, often: Frequency) -> int:
        """Records of a window, those of whole days."""
        asked = self.output.window or often.window
        return -(-asked // often.per_day) * often.per_day

    def _locations(self, names: Iterable[str]) -> dict[str, str]:
        return {name: NODE if name in self.at_nodes else PLACE for name in names}

    def _has_gauges(self) -> bool:
        return is_grid(self.source) and self.source.river is not None and bool(len(self.source.river.gauges))

    def _gauges(self) -> Stream:
        river, often = self.source.river, self._often(self.output.gauge_frequency)
        asked = tuple(self.output.gauges)
        names = expand_bands(output_names(self.output) if asked == (ALL,) else asked, self.known)
        nodes = np.array([gauge.node for gauge in river.gauges], np.int64)
        columns = gauge_columns(river)
        at = {NODE: nodes[columns[NODE]], PLACE: river.place[nodes[columns[PLACE]]]}
        # Both ascend, as ranks do: what ranks have of them lies side by side.
        bounds = {location: np.searchsorted(at[location], self.bounds[location]) for location in at}
        pick = {
            location: at[location][bounds[location][self.rank] : bounds[location][self.rank + 1]]
            - self.bounds[location][self.rank]
            for location in at
        }
        variables = [self.known[name] for name in names]
        span = often.span(len(variables) * len(river.gauges), self.itemsize, False)
        layout = gauge_layout(self.source)
        return Stream("gauges", "gauges", variables, self._locations(names), often, layout, bounds, span, 0, pick)
