"""Rows of the soil while the surface's sub-steps are reversed.

Without frozen soil the sub-steps read the moisture before the step, and nothing else of the soil is in rows. Where it
can freeze, ice and the nodes' temperatures change with each sub-step: the gradients of what a sub-step leaves are in
the rows of d_new_state, and become those of what it found.
"""

from .options import options
from .rows import ice_row, moisture_row, node_row
from .scratch import old_ice_row


def restore(state, new_state, d_new_state, i):
    """The moisture before the step, which the passes after the surface have changed."""
    for k in range(options.layers):
        new_state[moisture_row(k), i] = state[moisture_row(k), i]


def restore_frozen(state, new_state, d_new_state, i):
    """Moisture, ice and temperatures before the step; the moisture's gradient is handed on already."""
    for row in range(moisture_row(0), node_row(options.nodes)):
        new_state[row, i] = state[row, i]
    for k in range(options.layers):
        d_new_state[moisture_row(k), i] = 0.0


def keep_ice(new_state, flux, i):
    """No ice changes with the sub-steps."""


def keep_ice_frozen(new_state, flux, i):
    """Keep the layers' ice before a sub-step is stepped again, which writes the new one in its place."""
    for k in range(options.layers):
        flux[old_ice_row() + k, i] = new_state[ice_row(k), i]


def take_ice(new_state, flux, i):
    """No ice changes with the sub-steps."""


def take_ice_frozen(new_state, flux, i):
    """Put the ice that keep_ice kept into its rows: evaporation saw it, not the new one."""
    for k in range(options.layers):
        new_state[ice_row(k), i] = flux[old_ice_row() + k, i]


def soil_gradient(d_state, d_new_state):
    """Rows to which sub-steps add the gradients of the soil's moisture and ice."""
    return d_state


def soil_gradient_frozen(d_state, d_new_state):
    """Rows to which sub-steps add the gradients of the soil's moisture and ice."""
    return d_new_state


def hand_back(d_new_state, d_state, i):
    """Nothing is left in the rows of d_new_state."""


def hand_back_frozen(d_new_state, d_state, i):
    """Add what the first sub-step found to the gradient of the states before the step."""
    for row in range(moisture_row(0), node_row(options.nodes)):
        d_state[row, i] += d_new_state[row, i]
