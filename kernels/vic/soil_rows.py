"""Scratch rows of the soil's water: what its sub-steps hand on, and what they keep for their adjoint."""

from .options import options
from .scratch import runoff_row


def liquid_row(k):
    """Liquid water of layer k (mm)."""
    return runoff_row() + k


def before_row(k):
    """Liquid water of layer k before the sub-step (mm)."""
    return runoff_row() + options.layers + k


def outflow_row(k):
    """What layer k gives in the sub-step to the one below or, the lowest, to the river, before it is corrected (mm)."""
    return runoff_row() + 2 * options.layers + k


def loss_row(k):
    """Evaporation of layer k in a sub-step (mm)."""
    return runoff_row() + 3 * options.layers + k


def level_row(k):
    """Liquid water of layer k before it is limited (mm); used by the adjoint only."""
    return runoff_row() + 4 * options.layers + k


def excess_row(k):
    """What layer k cannot hold (mm); used by the adjoint only."""
    return runoff_row() + 5 * options.layers + k


def infiltrated_row():
    """What enters the first layer in a sub-step (mm)."""
    return runoff_row() + 6 * options.layers


def lowest_row():
    """Baseflow of the step, before it is corrected (mm)."""
    return runoff_row() + 6 * options.layers + 1


def kept_row(s):
    """First of the rows kept of sub-step s: the rows before and outflow of all layers."""
    return runoff_row() + 6 * options.layers + 2 + 2 * options.layers * s
