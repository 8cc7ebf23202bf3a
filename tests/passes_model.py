"""A small model of three passes, rows derived from the parameters once a month, and scratch rows: for the loops' tests.

Snow that melts above 0 degC, a store that drains by a rate derived from its depth and the month's share, and sums.
"""

from freshet.kernels.elementary import exp
from freshet.kernels.model import Model
from freshet.kernels.variable import Variable

MONTHS = 12
# Rows: states snow 0, water 1; forcing month 0, precipitation 1, temperature 2; geometry height 0; parameters melt 0,
# depth 1, share of each month 2 to 13, derived rate 14; fluxes melt 0, outflow 1, all water 2, scratch 3.
MELT, DEPTH, SHARE, RATE = 0, 1, 2, 14


def snow_pass(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Snow falls below 0 degC and melts above; scratch holds what reaches the store."""
    warmth = forcing[2, j] - 0.001 * geometry[0, j]
    falls = forcing[1, j]
    flux[3, i] = falls if warmth > 0.0 else 0.0
    flux[0, i] = 0.0
    new_state[0, i] = state[0, i] + falls - flux[3, i]
    if state[0, i] > 0.0 and warmth > 0.0:
        melt = min(parameter[MELT, i] * warmth, state[0, i])
        flux[0, i] = melt
        flux[3, i] += melt
        new_state[0, i] = state[0, i] - melt


def snow_pass_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Reverse of snow_pass."""
    warmth = forcing[2, j] - 0.001 * geometry[0, j]
    d_state[0, i] += d_new_state[0, i]
    d_forcing[1, i] += d_flux[3, i] if warmth > 0.0 else d_new_state[0, i]
    if state[0, i] > 0.0 and warmth > 0.0:
        d_melt = d_flux[0, i] + d_flux[3, i] - d_new_state[0, i]
        free = parameter[MELT, i] * warmth <= state[0, i]
        d_parameter[MELT, i] += d_melt * warmth if free else 0.0
        d_forcing[2, i] += d_melt * parameter[MELT, i] if free else 0.0
        d_state[0, i] += 0.0 if free else d_melt


def store_pass(state, forcing, geometry, parameter, new_state, flux, i, j):
    """The store drains by its derived rate."""
    flux[1, i] = parameter[RATE, i] * state[1, i]
    new_state[1, i] = state[1, i] + flux[3, i] - flux[1, i]


def store_pass_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Reverse of store_pass."""
    d_outflow = d_flux[1, i] - d_new_state[1, i]
    d_state[1, i] += d_new_state[1, i] + d_outflow * parameter[RATE, i]
    d_flux[3, i] += d_new_state[1, i]
    d_parameter[RATE, i] += d_outflow * state[1, i]


def sums_pass(state, forcing, geometry, parameter, new_state, flux, i, j):
    """The square of all water."""
    total = new_state[0, i] + new_state[1, i]
    flux[2, i] = total * total


def sums_pass_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Reverse of sums_pass."""
    d_total = 2.0 * (new_state[0, i] + new_state[1, i]) * d_flux[2, i]
    d_new_state[0, i] += d_total
    d_new_state[1, i] += d_total


def derive(parameter, forcing, geometry, i, j):
    """The store's rate: the month's share of 1 - exp(-depth)."""
    share = parameter[SHARE + int(forcing[0, j]) - 1, i]
    parameter[RATE, i] = share * (1.0 - exp(-parameter[DEPTH, i]))


def derive_adjoint(parameter, forcing, geometry, d_parameter, i, j):
    """Reverse of derive."""
    row, left = SHARE + int(forcing[0, j]) - 1, exp(-parameter[DEPTH, i])
    d_parameter[DEPTH, i] += d_parameter[RATE, i] * parameter[row, i] * left
    d_parameter[row, i] += d_parameter[RATE, i] * (1.0 - left)
    d_parameter[RATE, i] = 0.0


SHARES = tuple(Variable(f"share_{k}", "1", f"share in month {k}", 0.1, 0.9) for k in range(1, MONTHS + 1))
PASSES = Model(
    name="passes",
    label="passes",
    options={},
    states=(Variable("snow", "mm", "snow", 0, default=0.0), Variable("water", "mm", "water", 0, default=0.0)),
    forcings=(
        Variable("month", "1", "month"),
        Variable("precipitation", "mm", "precipitation"),
        Variable("air_temperature", "degC", "temperature"),
    ),
    parameters=(Variable("melt", "mm d-1 K-1", "rate", 1, 5), Variable("depth", "m", "depth", 0.1, 2), *SHARES),
    geometry=(Variable("height", "m", "height", 0, 2000),),
    fluxes=(
        Variable("melt_water", "mm", "melt"),
        Variable("outflow", "mm", "outflow"),
        Variable("water_squared", "mm2", "square of all water"),
    ),
    column=snow_pass,
    column_adjoint=snow_pass_adjoint,
    later=((store_pass, store_pass_adjoint), (sums_pass, sums_pass_adjoint)),
    derived=(Variable("rate", "1", "what the store loses in a step"),),
    derive=derive,
    derive_adjoint=derive_adjoint,
    work=1,
    branches="snow",
)
