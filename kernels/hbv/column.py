"""One step of HBV."""


def column(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Placeholder until the processes stand."""


def column_adjoint(state, forcing, geometry, parameter, new_state, flux, i, j):
    """Placeholder until the processes stand."""
