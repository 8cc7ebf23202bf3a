"""Where each quantity lies in the arrays of a form: rows as functions of its numbers of layers, nodes and sub-steps."""

from . import derived as _derived
from . import fluxes as _fluxes
from . import parameters as _parameters
from . import states as _states
from .options import options

STATES, CLOCK, MONTHS = len(_states.SINGLE), len(_parameters.CLOCK), _parameters.MONTHS
SINGLE, MONTHLY = len(_parameters.SINGLE), len(_parameters.MONTHLY)
LAYERED, ZONED = len(_parameters.LAYERED), len(_parameters.ZONED)
DERIVED, FLUXES, LAYERED_FLUXES = len(_derived.SINGLE), len(_fluxes.SINGLE), len(_fluxes.LAYERED)
LAYERED_DERIVED = len(_derived.LAYERED)


def moisture_row(k):
    """State: moisture of layer k (from 0)."""
    return STATES + k


def ice_row(k):
    """State of frozen forms: ice of layer k."""
    return STATES + options.layers + k


def node_row(n):
    """State: temperature of node n."""
    return STATES + (2 * options.layers if options.frozen else options.layers) + n


def remembered_row(n):
    """State of compatible forms with several sub-steps of snow: what is remembered of the canopy."""
    return node_row(options.nodes) + n


def state_rows():
    """How many states there are."""
    return remembered_row(2 if options.compat and options.substeps > 1 else 0)


def forcing_row(quantity, k):
    """Forcing: a quantity F of sub-step k."""
    return CLOCK + quantity * options.substeps + k


def month_row(quantity, month):
    """Parameter: a quantity M of a month (from 1)."""
    return SINGLE + quantity * MONTHS + month - 1


def layer_row(quantity, k):
    """Parameter: a quantity L of layer k."""
    return SINGLE + MONTHLY * MONTHS + quantity * options.layers + k


def zone_row(quantity, z):
    """Parameter: a quantity Z of root zone z."""
    return SINGLE + MONTHLY * MONTHS + LAYERED * options.layers + quantity * options.zones + z


def derived_row(quantity):
    """Derived parameter: a single quantity D, behind the parameters."""
    return SINGLE + MONTHLY * MONTHS + LAYERED * options.layers + ZONED * options.zones + quantity


def derived_layer_row(quantity, k):
    """Derived parameter: a quantity DL of layer k."""
    return derived_row(DERIVED) + quantity * options.layers + k


def derived_node_row(n):
    """Derived parameter of frozen forms: depth of node n."""
    return derived_layer_row(LAYERED_DERIVED, 0) + n


def flux_layer_row(quantity, k):
    """Flux: a quantity XL of layer k."""
    return FLUXES + quantity * options.layers + k


def work_row(n):
    """Scratch row n behind the fluxes."""
    return FLUXES + LAYERED_FLUXES * options.layers + n
