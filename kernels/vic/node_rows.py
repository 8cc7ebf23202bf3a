"""Scratch rows of the thermal nodes: one block of `nodes` rows for each quantity, behind heat_row().

Old values are those at the start of the sub-step; the rest is the work of the heat solution. Gradients of the old
values stand in the same rows of the gradient's scratch.
"""

from .options import options
from .scratch import heat_row

OLD = 0  # temperature at the start of the sub-step, degC
MOISTURE = 1  # water and ice, share of the volume
POROSITY = 2
POWER = 3  # exponent of the unfrozen water, 2/(n - 3)
POINT = 4  # temperature below which there is ice, degC
DRY = 5  # conductivity of the dry soil, W m-1 K-1
SOLIDS = 6  # share of the solids in the conductivity
ICE = 7  # old ice, share of the volume
CONDUCTIVITY = 8  # old, W m-1 K-1
CAPACITY = 9  # old, J m-3 K-1
TEMPERATURE = 10  # of the solution, before cold noses are smoothed, degC
LOWER = 11  # the tridiagonal Jacobian of the residual
DIAGONAL = 12
UPPER = 13
RIGHT = 14
FACTOR = 15
SENSITIVITY = 16  # of the temperature to that of the surface
SLOPE = 17  # heat that warms the node by 1 K, that of freezing included, J m-3 K-1
SPARE = 18


def node(block, n):
    """Row of node n in a block."""
    return heat_row() + block * options.nodes + n


def turns_row():
    """Row with the number of turns of the joint solution; there is no SLOPE at the surface."""
    return node(SLOPE, 0)


def mode_row():
    """Row with how the temperatures were found; there is no SLOPE at the bottom."""
    return node(SLOPE, options.nodes - 1)


# What mode_row holds: all properties follow the temperature; conductivity and capacity stay the old ones (the explicit
# scheme); no solution, temperatures stay the old ones.
FULL, LAGGED, KEPT = 0.0, 1.0, 2.0
