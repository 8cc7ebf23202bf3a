"""How often water has crossed from rank to rank before it arrives at a node: the order of work within a window."""

import numpy as np
import numpy.typing as npt

from . import check
from .compiled import compiled


def stages(downstream: npt.ArrayLike, bounds: npt.ArrayLike) -> np.ndarray:
    """Stage of every node, int32 [node]: the largest number of rank crossings on any way down to it.

    downstream [node] is in canonical order, bounds [rank + 1] as from cut. Nodes of stage 0 wait for nobody; a rank
    works on its stages in rising order, and before stage k it receives what the links into it from stage k - 1 bring.

    Raises:
        ValueError: the network is not in canonical order, or the bounds do not fit it.
    """
    downstream = check.canonical(downstream)
    return _stages(downstream, check.bounds(bounds, downstream.size))


@compiled
def _stages(downstream, bounds):
    stage = np.zeros(downstream.size, np.int32)
    for rank in range(bounds.size - 1):
        for i in range(bounds[rank], bounds[rank + 1]):
            j = downstream[i]
            crossed = 1 if j >= bounds[rank + 1] else 0
            if j != i:
                stage[j] = max(stage[j], stage[i] + crossed)
    return stage
