"""A linear reservoir in every cell, solved implicitly along the river (e.g. Liston et al., 1994; TRIP)."""

from ..variable import Variable, layout
from .router import Router

DAY = 86400.0  # s

STATES = (Variable("river_storage", "m3", "water in the river of the cell", 0, default=0.0),)
S = layout(STATES)
PARAMETERS = (Variable("residence_time", "d", "residence time of water in the river of the cell", 0, 1000, 0.5),)
COEFFICIENTS = ("share",)
C = layout(Variable(name, "1", "") for name in COEFFICIENTS)


def prepare(parameters, geometry, seconds):
    """Share of the water that leaves in one sub-step: implicit Euler of dS/dt = inflow - S/k is h / (k + h)."""
    h = parameters.dtype.type(seconds / DAY)
    return (h / (parameters[0] + h))[None]


def prepare_adjoint(parameters, geometry, seconds, d_coefficients):
    """Reverse of prepare."""
    h = parameters.dtype.type(seconds / DAY)
    return (-d_coefficients[C.share] * h / (parameters[0] + h) ** 2)[None]


def reach(state, inflow, lateral, coefficient, out, b, i):
    """One sub-step: inflow and local runoff enter, a share of all leaves."""
    filled = state[b, S.river_storage, i] + (inflow[b, i] + lateral[b, i])
    outflow = filled * coefficient[b, C.share, i]
    state[b, S.river_storage, i] = filled - outflow
    out[b, i] = outflow


def reach_adjoint(state, inflow, lateral, coefficient, d_state, d_out, d_inflow, d_lateral, d_coefficient, b, i):
    """Reverse of reach."""
    filled = state[b, S.river_storage, i] + (inflow[b, i] + lateral[b, i])
    # storage' = filled - outflow;  outflow = filled share
    d_storage = d_state[b, S.river_storage, i]
    d_outflow = d_out[b, i] - d_storage
    d_filled = d_storage + d_outflow * coefficient[b, C.share, i]
    d_coefficient[b, C.share, i] += d_outflow * filled
    d_state[b, S.river_storage, i] = d_filled
    d_inflow[b, i] = d_filled
    d_lateral[b, i] += d_filled


def build() -> Router:
    """The linear reservoir, stepped once a day."""
    return Router(
        name="linear_reservoir",
        label="linear_reservoir",
        options={},
        states=STATES,
        parameters=PARAMETERS,
        geometry=(),
        coefficients=COEFFICIENTS,
        delayed=False,
        substeps=1,
        prepare=prepare,
        prepare_adjoint=prepare_adjoint,
        reach=reach,
        reach_adjoint=reach_adjoint,
        reference="Liston et al. (1994), J. Appl. Meteorol. 33, 394-403",
    )
