"""One day of one cell of HydroPy, in the order of the original program, and its reverse."""


def column(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Step cell i, which lies in place j, by one day. Rows: declarations.S, F, G, P, X."""


def column_adjoint(
    state, forcing, geometry, parameter, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Reverse of column: sets d_state and d_forcing of cell i, adds to its d_parameter."""
