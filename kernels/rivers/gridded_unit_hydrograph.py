"""The gridded unit hydrograph: every link answers an impulse by the linearised Saint-Venant equation.

Lohmann et al. (1996), Tellus A 48, 708-721; (1998), Hydrol. Sci. J. 43, 131-141; as in RVIC and in VIC's routing. What
enters a reach, from above and from its cell, leaves it by the ordinates of the reach; delays of runoff within the cell
are left to the model. The states are the water under way, by the sub-steps until it leaves.
"""

from ..variable import Variable
from .gridded_unit_hydrograph_ordinates import COEFFICIENTS, GEOMETRY, LAGS, PARAMETERS, prepare, prepare_adjoint
from .router import Router

STATES = tuple(
    Variable(f"water_leaving_{j + 1}", "m3", f"water that leaves the cell in {j + 1} sub-steps", 0, default=0.0)
    for j in range(LAGS - 1)
)
LAST = LAGS - 2


def reach(state, inflow, lateral, coefficient, out, b, i):
    """One sub-step: what is due leaves, the rest comes one sub-step nearer, and what enters is spread over all."""
    water = inflow[b, i] + lateral[b, i]
    out[b, i] = state[b, 0, i] + coefficient[b, 0, i] * water
    for j in range(LAST):
        state[b, j, i] = state[b, j + 1, i] + coefficient[b, j + 1, i] * water
    state[b, LAST, i] = coefficient[b, LAST + 1, i] * water


def reach_adjoint(state, inflow, lateral, coefficient, d_state, d_out, d_inflow, d_lateral, d_coefficient, b, i):
    """Reverse of reach."""
    water = inflow[b, i] + lateral[b, i]
    # state' [j] = state [j + 1] + coefficient [j + 1] water;  out = state [0] + coefficient [0] water
    d_due = d_out[b, i]
    d_water = d_due * coefficient[b, 0, i]
    d_coefficient[b, 0, i] += d_due * water
    for j in range(LAST + 1):
        d_later = d_state[b, j, i]
        d_state[b, j, i] = d_due
        d_water += d_later * coefficient[b, j + 1, i]
        d_coefficient[b, j + 1, i] += d_later * water
        d_due = d_later
    d_inflow[b, i] = d_water
    d_lateral[b, i] += d_water


def build() -> Router:
    """The gridded unit hydrograph with sub-steps of three hours."""
    return Router(
        name="gridded_unit_hydrograph",
        label="gridded_unit_hydrograph",
        options={},
        states=STATES,
        parameters=PARAMETERS,
        geometry=GEOMETRY,
        coefficients=COEFFICIENTS,
        delayed=False,
        substeps=8,
        prepare=prepare,
        prepare_adjoint=prepare_adjoint,
        reach=reach,
        reach_adjoint=reach_adjoint,
        reference="Lohmann et al. (1996, 1998)",
        linear=True,
    )
