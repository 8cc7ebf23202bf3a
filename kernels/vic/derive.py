"""What follows from the parameters and the month alone: derived.py's rows, once a month for each tile.

Monthly values are a step function of the step's month (vic.md, section 2). Vegetation has fc = 1 where it has leaves;
bare tiles have fc = 0, no leaves and albedo 0.2. Air and soil have files of their own: derive_air.py, derive_soil.py.
"""

from ..elementary import exp
from .derive_air import derive_air, derive_air_adjoint, taken
from .derive_soil import derive_nodes, derive_nodes_adjoint, derive_soil, derive_soil_adjoint
from .derived import D
from .options import options
from .parameters import C, M, P
from .roots import root_shares, root_shares_adjoint
from .rows import derived_row, month_row

BARE_ALBEDO = 0.2
FILM = 0.1  # mm of water on a unit of leaf area


def derive(parameter, forcing, geometry, i, j):
    """Write all derived rows of cell i for the month of place j."""
    derive_cover(parameter, forcing, i, j)
    derive_air(parameter, forcing, i, j)
    derive_soil(parameter, i)
    root_shares(parameter, i)
    if options.frozen:
        derive_nodes(parameter, i)


def derive_adjoint(parameter, forcing, geometry, d_parameter, i, j):
    """Reverse of derive: hands the gradients of the derived rows to the parameters' and leaves them zero."""
    if options.frozen:
        derive_nodes_adjoint(parameter, d_parameter, i)
    root_shares_adjoint(parameter, d_parameter, i)
    derive_soil_adjoint(parameter, d_parameter, i)
    derive_air_adjoint(parameter, forcing, d_parameter, i, j)
    derive_cover_adjoint(parameter, forcing, d_parameter, i, j)


def derive_cover(parameter, forcing, i, j):
    """Leaves of the month: their area, albedo, fc, surf_atten = exp(-rad_atten LAI), Wmax = 0.1 LAI."""
    month = int(forcing[C.month, j])
    vegetated = parameter[P.vegetated, i] > 0.0
    leaves = parameter[month_row(M.leaf_area_index, month), i] if vegetated else 0.0
    parameter[derived_row(D.leaf_area_index), i] = leaves
    parameter[derived_row(D.albedo), i] = parameter[month_row(M.albedo, month), i] if vegetated else BARE_ALBEDO
    parameter[derived_row(D.canopy_fraction), i] = 1.0 if leaves > 0.0 else 0.0
    parameter[derived_row(D.transmission), i] = exp(-parameter[P.rad_atten, i] * leaves)
    parameter[derived_row(D.canopy_capacity), i] = FILM * leaves


def derive_cover_adjoint(parameter, forcing, d_parameter, i, j):
    """Reverse of derive_cover; that leaves appear is a jump that has no slope."""
    month = int(forcing[C.month, j])
    vegetated = parameter[P.vegetated, i] > 0.0
    leaves_row, attenuation = month_row(M.leaf_area_index, month), parameter[P.rad_atten, i]
    leaves = parameter[leaves_row, i] if vegetated else 0.0
    d_exponent = taken(d_parameter, derived_row(D.transmission), i) * exp(-attenuation * leaves)
    d_leaves = FILM * taken(d_parameter, derived_row(D.canopy_capacity), i) - attenuation * d_exponent
    d_leaves = d_leaves + taken(d_parameter, derived_row(D.leaf_area_index), i)
    d_albedo = taken(d_parameter, derived_row(D.albedo), i)
    d_parameter[derived_row(D.canopy_fraction), i] = 0.0
    d_parameter[leaves_row, i] += d_leaves if vegetated else 0.0
    d_parameter[month_row(M.albedo, month), i] += d_albedo if vegetated else 0.0
    d_parameter[P.rad_atten, i] -= d_exponent * leaves
