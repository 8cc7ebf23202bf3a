"""The river of HydroPy: a cascade of up to five linear reservoirs in every cell (HD model).

Hagemann & Dümenil (1998), Clim. Dyn. 14, 17-31; Stacke & Hagemann (2021), Geosci. Model Dev. 14, 7795-7816.
Each link delays by one sub-step; local runoff bypasses the cell's own cascade.
"""

import numpy as np

from ..variable import Variable, layout
from .router import IN_TRANSIT, Router

RESERVOIRS = 5
DAY = 86400.0  # s

STATES = (
    *(
        Variable(f"reservoir_{j + 1}", "m3", f"water in reservoir {j + 1} of the river cascade", 0, default=0.0)
        for j in range(RESERVOIRS)
    ),
    IN_TRANSIT,
)
S = layout(STATES)

PARAMETERS = (
    Variable("lag_river", "d", "residence time of one reservoir of the river", 0, 10000, 0.3, symbol="lag_riv"),
)
GEOMETRY = (Variable("river_reservoirs", "1", "number of reservoirs in the cell", 1, RESERVOIRS, 5, symbol="n_riv"),)
COEFFICIENTS = ("share", "reservoirs")
C = layout(Variable(name, "1", "") for name in COEFFICIENTS)


def prepare(parameters, geometry, seconds):
    """Share of a reservoir that leaves in one sub-step, h / (lag + h), and the number of reservoirs."""
    h = parameters.dtype.type(seconds / DAY)
    return np.stack((h / (parameters[0] + h), geometry[0]))


def prepare_adjoint(parameters, geometry, seconds, d_coefficients):
    """Reverse of prepare."""
    h = parameters.dtype.type(seconds / DAY)
    # share = h / (lag + h)
    return (-d_coefficients[C.share] * h / (parameters[0] + h) ** 2)[None]


def reservoir(storage, inflow, share, active):
    """A linear reservoir fills, then lets a share of its content go; one that is not active lets all inflow pass."""
    filled = storage + inflow
    outflow = filled * share
    return (filled - outflow if active else storage), (outflow if active else inflow)


def reservoir_adjoint(storage, inflow, share, active, d_storage, d_outflow):
    """Reverse of reservoir: d_storage, d_inflow, d_share."""
    # storage' = filled - outflow;  outflow = filled share
    d_released = d_outflow - d_storage
    d_filled = d_storage + d_released * share
    d_share = (storage + inflow) * d_released
    return (d_filled if active else d_storage), (d_filled if active else d_outflow), (d_share if active else 0.0)


def reach(state, inflow, lateral, coefficient, out, b, i):
    """One sub-step of the cascade of a cell."""
    share = coefficient[b, C.share, i]
    count = coefficient[b, C.reservoirs, i]
    flow = inflow[b, i]
    state[b, 0, i], flow = reservoir(state[b, 0, i], flow, share, count > 0.5)
    state[b, 1, i], flow = reservoir(state[b, 1, i], flow, share, count > 1.5)
    state[b, 2, i], flow = reservoir(state[b, 2, i], flow, share, count > 2.5)
    state[b, 3, i], flow = reservoir(state[b, 3, i], flow, share, count > 3.5)
    state[b, 4, i], flow = reservoir(state[b, 4, i], flow, share, count > 4.5)
    out[b, i] = flow + lateral[b, i]


def reach_adjoint(state, inflow, lateral, coefficient, d_state, d_out, d_inflow, d_lateral, d_coefficient, b, i):
    """Reverse of reach."""
    share = coefficient[b, C.share, i]
    count = coefficient[b, C.reservoirs, i]
    flow_0 = inflow[b, i]
    _, flow_1 = reservoir(state[b, 0, i], flow_0, share, count > 0.5)
    _, flow_2 = reservoir(state[b, 1, i], flow_1, share, count > 1.5)
    _, flow_3 = reservoir(state[b, 2, i], flow_2, share, count > 2.5)
    _, flow_4 = reservoir(state[b, 3, i], flow_3, share, count > 3.5)
    # out = flow + lateral
    d_flow = d_out[b, i]
    d_lateral[b, i] += d_flow
    d_state[b, 4, i], d_flow, share_4 = reservoir_adjoint(
        state[b, 4, i], flow_4, share, count > 4.5, d_state[b, 4, i], d_flow
    )
    d_state[b, 3, i], d_flow, share_3 = reservoir_adjoint(
        state[b, 3, i], flow_3, share, count > 3.5, d_state[b, 3, i], d_flow
    )
    d_state[b, 2, i], d_flow, share_2 = reservoir_adjoint(
        state[b, 2, i], flow_2, share, count > 2.5, d_state[b, 2, i], d_flow
    )
    d_state[b, 1, i], d_flow, share_1 = reservoir_adjoint(
        state[b, 1, i], flow_1, share, count > 1.5, d_state[b, 1, i], d_flow
    )
    d_state[b, 0, i], d_flow, share_0 = reservoir_adjoint(
        state[b, 0, i], flow_0, share, count > 0.5, d_state[b, 0, i], d_flow
    )
    d_inflow[b, i] = d_flow
    d_coefficient[b, C.share, i] += share_0 + share_1 + share_2 + share_3 + share_4


def build() -> Router:
    """The cascade with four sub-steps a day."""
    return Router(
        name="cascade",
        label="cascade",
        options={},
        states=STATES,
        parameters=PARAMETERS,
        geometry=GEOMETRY,
        coefficients=COEFFICIENTS,
        delayed=True,
        substeps=4,
        prepare=prepare,
        prepare_adjoint=prepare_adjoint,
        reach=reach,
        reach_adjoint=reach_adjoint,
        reference="Hagemann & Dümenil (1998); Stacke & Hagemann (2021)",
    )
