"""VIC: water and energy balance of tiles and elevation bands (Liang et al., 1994; Hamman et al., 2018)."""

from ..model import Model

# Which equations a form has; each with steps of three hours unless it says otherwise.
FORMS: tuple[dict[str, bool | int], ...] = ({}, {"energy": True, "substeps": 1})


def build(
    energy: bool = False,
    frozen: bool = False,
    compat: bool = True,
    brent: bool = False,
    layers: int = 3,
    nodes: int = 0,
    zones: int = 3,
    step: int = 10800,
    substeps: int = 1,
    runoff_steps: int = 0,
) -> Model:
    """VIC with steps of `step` seconds, in each of them `substeps` of the snow and `runoff_steps` of the soil's water.

    nodes = 0: 3, or 10 where the soil can freeze; runoff_steps = 0: one for each hour, at least one. Raises ValueError
    where numbers do not fit.
    """
    from . import derived, fluxes, outputs, parameters, scratch, states
    from .derive import derive, derive_adjoint
    from .soil_water import soil_pass
    from .soil_water_adjoint import soil_pass_adjoint, soil_substeps
    from .sums import sums_pass, sums_pass_adjoint
    from .surface import surface_pass
    from .surface_adjoint import surface_pass_adjoint
    from .trainable import trainable

    nodes = nodes or (10 if frozen else 3)
    runoff_steps = runoff_steps or max(1, step // 3600)
    _check(energy, frozen, layers, nodes, zones, step, substeps, runoff_steps)
    options = {
        "energy": energy, "frozen": frozen, "compat": compat, "brent": brent, "layers": layers, "nodes": nodes,
        "zones": zones, "substeps": substeps, "runoff_steps": runoff_steps, "step": step, "seconds": float(step),
        "dt": step / substeps, "substep_count": float(substeps), "runoff_count": float(runoff_steps),
        "layer_count": float(layers),
    }  # fmt: skip
    words = (
        "energy" if energy else "water", "frozen" if frozen else "", "" if compat else "mended",
        "brent" if brent else "", f"{step}s", f"{layers}l{nodes}n{zones}z{substeps}s{runoff_steps}r",
    )  # fmt: skip
    given = parameters.parameters(layers, zones)
    return Model(
        name="vic",
        label="-".join(("vic", *filter(None, words))),
        options=options,
        states=states.states(layers, nodes, frozen, compat and substeps > 1),
        forcings=parameters.forcings(substeps),
        parameters=given,
        geometry=parameters.GEOMETRY,
        fluxes=fluxes.fluxes(layers),
        column=surface_pass,
        column_adjoint=surface_pass_adjoint,
        later=((soil_pass, soil_pass_adjoint), (sums_pass, sums_pass_adjoint)),
        substeps={soil_pass: soil_substeps(runoff_steps)},
        derived=derived.derived(layers, nodes if frozen else 0),
        derive=derive,
        derive_adjoint=derive_adjoint,
        work=scratch.rows(layers, nodes, runoff_steps, frozen, substeps),
        trainable=trainable(given),
        exact=brent,
        handed=scratch.handed(layers, nodes, runoff_steps, frozen, substeps),
        branches="snow_water_equivalent",
        combined=outputs.outputs(layers, nodes, frozen, step),
        counts=("snow_fallback", "canopy_fallback", "surface_fallback", "soil_fallback"),
        reference="Liang et al. (1994), Hamman et al. (2018)",
    )


def _check(
    energy: bool, frozen: bool, layers: int, nodes: int, zones: int, step: int, substeps: int, runoff_steps: int
) -> None:
    if frozen and not energy:
        raise ValueError("frozen soil of vic needs the energy balance: energy=True")
    if layers < 2 or zones < 1 or nodes < (4 if frozen else 3):
        raise ValueError(f"vic with {layers} layers, {zones} root zones, {nodes} nodes: at least 2, 1 and 3 (frozen 4)")
    if not 3600 <= step <= 86400 or 86400 % step:
        raise ValueError(f"a step of {step} s of vic: expected whole parts of a day from 3600 to 86400")
    if substeps < 1 or step % substeps or runoff_steps < 1:
        raise ValueError(f"{substeps} snow sub-steps and {runoff_steps} runoff sub-steps of {step} s do not fit")
