"""Blocks of scratch rows behind the fluxes: where a pass keeps what has no place in registers.

`rows` tells how many a form needs; the other functions where each block begins, as work_row numbers.
"""

from .fluxes import SINGLE, XL, X, fluxes
from .options import options
from .rows import work_row

HEAT_ROWS = 19  # rows of a node of frozen soil: the blocks of node_rows.py
TILE_ROWS = 22  # rows of a tile before a sub-step
MEANS_ROWS = 7  # rows of the means of a step with several sub-steps
TERMS = 4  # rows of a layer's transpiration: factor, offset, limit, what is taken


def rows(layers: int, nodes: int, runoff_steps: int, frozen: bool, substeps: int = 1) -> int:
    """Scratch rows of a form."""
    tile = TILE_ROWS + (layers + nodes if frozen else 0)
    tiles = tile * substeps + MEANS_ROWS if substeps > 1 else 0
    soil = TERMS * layers + 6 * layers + 2 + 2 * layers * runoff_steps
    return soil + (HEAT_ROWS * nodes + layers if frozen else 0) + tiles


def handed(layers: int, nodes: int, runoff_steps: int, frozen: bool, substeps: int = 1) -> tuple[int, ...]:
    """Rows that the pass over the surface leaves to that of the soil, or that its own reverse reads (step_means.py)."""
    asked = tuple(len(SINGLE) + XL.layer_evaporation * layers + k for k in range(layers))
    means = len(fluxes(layers)) + rows(layers, nodes, runoff_steps, frozen, substeps) - MEANS_ROWS
    return X.snow_cover, X.inflow, *asked, *((means, means + 1) if substeps > 1 else ())


def transpiration_row():
    """Three rows for each layer: the terms of transpiration."""
    return work_row(0)


def taken_row():
    """A row for each layer: transpiration in the sub-step."""
    return work_row(3 * options.layers)


def runoff_row():
    """Rows of the soil's water: soil_rows.py."""
    return work_row(TERMS * options.layers)


def heat_row():
    """Rows of the nodes of frozen soil."""
    return work_row(TERMS * options.layers + 6 * options.layers + 2 + 2 * options.layers * options.runoff_steps)


def old_ice_row():
    """A row for each layer of soil that can freeze: its ice before the sub-step that is reversed."""
    return heat_row() + HEAT_ROWS * options.nodes


def tile_row(k):
    """Rows of the tile before sub-step k: tile_rows.py."""
    if options.frozen:
        return old_ice_row() + options.layers + (TILE_ROWS + options.layers + options.nodes) * k
    return heat_row() + TILE_ROWS * k


def means_row():
    """Rows of the means of a step with several sub-steps, behind its tiles: step_means.py."""
    return tile_row(options.substeps)
