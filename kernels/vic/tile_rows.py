"""A Tile in scratch rows: where the adjoint keeps the beginnings of sub-steps."""

from .interception import Canopy
from .options import options
from .rows import ice_row, node_row
from .scratch import TILE_ROWS
from .snow_pack import Pack
from .surface_bundles import Tile


def keep_tile(tile, rows, row, i):
    """Write a Tile to the rows from row on."""
    p, c = tile.pack, tile.canopy
    rows[row, i] = p.water
    rows[row + 1, i] = p.surface_liquid
    rows[row + 2, i] = p.pack_liquid
    rows[row + 3, i] = p.surface_temperature
    rows[row + 4, i] = p.pack_temperature
    rows[row + 5, i] = p.cold_content
    rows[row + 6, i] = p.density
    rows[row + 7, i] = p.depth
    rows[row + 8, i] = p.albedo
    rows[row + 9, i] = p.age
    rows[row + 10, i] = p.melting
    rows[row + 11, i] = c.snow
    rows[row + 12, i] = c.melt
    rows[row + 13, i] = c.water
    rows[row + 14, i] = c.temperature
    rows[row + 15, i] = tile.surface
    rows[row + 16, i] = tile.interface
    rows[row + 17, i] = tile.longwave_up
    rows[row + 18, i] = tile.transmission
    rows[row + 19, i] = tile.joint_advection
    rows[row + 20, i] = tile.joint_cold
    rows[row + 21, i] = tile.joint_refreeze


def kept_tile(rows, row, i):
    """The Tile that keep_tile wrote."""
    pack = Pack(
        rows[row, i], rows[row + 1, i], rows[row + 2, i], rows[row + 3, i], rows[row + 4, i], rows[row + 5, i],
        rows[row + 6, i], rows[row + 7, i], rows[row + 8, i], rows[row + 9, i], rows[row + 10, i],
    )  # fmt: skip
    canopy = Canopy(rows[row + 11, i], rows[row + 12, i], rows[row + 13, i], rows[row + 14, i])
    return Tile(
        pack, canopy, rows[row + 15, i], rows[row + 16, i], rows[row + 17, i], rows[row + 18, i], rows[row + 19, i],
        rows[row + 20, i], rows[row + 21, i],
    )  # fmt: skip


def keep_soil(new_state, rows, row, i):
    """Nothing of the soil changes with the sub-steps."""


def keep_soil_frozen(new_state, rows, row, i):
    """Write ice and nodes to the rows behind the Tile."""
    first = ice_row(0)
    for n in range(node_row(options.nodes) - first):
        rows[row + TILE_ROWS + n, i] = new_state[first + n, i]


def take_soil(new_state, rows, row, i):
    """Nothing of the soil changes with the sub-steps."""


def take_soil_frozen(new_state, rows, row, i):
    """Read what keep_soil_frozen wrote."""
    first = ice_row(0)
    for n in range(node_row(options.nodes) - first):
        new_state[first + n, i] = rows[row + TILE_ROWS + n, i]
