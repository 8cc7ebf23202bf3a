"""The flow of the test period that a training leaves on request, of the basins that the test is about."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .evaluation_flow import Flow
from .evaluation_series import NAME, write_series
from .training_data import Lesson


def write_test_series(
    folder: Path, parts: Sequence[tuple[Any, Lesson, np.ndarray | None]], test_basins: Collection[str]
) -> None:
    """Write series.nc: observed and simulated flow and precipitation of test_basins; empty: of the first part.

    parts: sources, what was learned from them, and simulated flow [time, place] mm d-1; those held out come last.
    """
    wanted = set(test_basins) or set(parts[0][0].ids)
    ids, columns, attributes = [], [], []
    for source, lesson, flow in parts:
        chosen = [place for place, name in enumerate(source.ids) if name in wanted]
        days = slice(*lesson.periods["test"])
        observed, forcing = lesson.series.observed[days].cpu().numpy(), lesson.series.forcing[days, 0].cpu().numpy()
        ids += [source.ids[place] for place in chosen]
        columns.append([values[:, chosen] for values in (observed, forcing, np.asarray(flow))])
        attributes.append({name: source.attributes[name][chosen] for name in ("latitude", "longitude")})
    source, lesson, _ = parts[0]
    start, stop = lesson.periods["test"]
    axis = source.axis.slice(lesson.first + start, lesson.first + stop)
    observed, rain, flow = (np.concatenate(values, 1) for values in zip(*columns, strict=True))
    where = {name: np.concatenate([part[name] for part in attributes]) for name in attributes[0]}
    write_series(folder / NAME, ids, axis, where, observed, rain, [Flow("simulated", "freshet train", flow)])
