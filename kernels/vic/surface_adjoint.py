"""Reverse of surface.py."""


def surface_pass_adjoint(
    state, forcing, geometry, parameter, new_state, flux, d_new_state, d_flux, d_state, d_forcing, d_parameter, i, j
):  # fmt: skip
    """Reverse of surface_pass."""
