"""VIC's names of outputs that the model has; those of layers, nodes and bands without their number."""

from __future__ import annotations

from ...kernels.vic.outputs import outputs, stem_of


def output_names() -> set[str]:
    """All of them, of any form."""
    return {stem_of(each.variable.name) for each in outputs(2, 3, True, 3600)}
