"""The form of VIC that is compiled: constants that kernels/bind.py sets in every function that asks for them."""

from collections import namedtuple

# energy: the surface temperature solves the energy balance. frozen: finite-difference soil heat with ice. compat: VIC
# 5.1's own quirks. brent: Brent's root search as in VIC, otherwise Newton's. step: length of a step, s; substeps: of
# snow and canopy in it; runoff_steps: of soil water in it. The last say the same as floats, which take the form's
# precision: seconds of a step and of a sub-step, and how many sub-steps, runoff sub-steps and layers there are.
Options = namedtuple(
    "Options",
    "energy frozen compat brent layers nodes zones substeps runoff_steps step seconds dt substep_count runoff_count "
    "layer_count",
)
options = Options(False, False, True, False, 3, 3, 3, 1, 3, 10800, 10800.0, 10800.0, 1.0, 3.0, 3.0)
