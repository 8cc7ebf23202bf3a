"""VIC's outputs by its own names: all of the reference files are there, in their units; air and leaves to the digit."""

import numpy as np
import pytest
import xarray as xr
from freshet.kernels.combined import Around
from freshet.kernels.registry import model
from freshet.kernels.vic.outputs import stem_of

from vic_reference import Case, outputs

# Water tables, which are not described, and the error of VIC's own balance.
NOT_BUILT = {"OUT_ZWT", "OUT_ZWT_LUMPED", "OUT_WATER_ERROR"}
AIR = ("OUT_DENSITY", "OUT_VP", "OUT_VPD", "OUT_LAI")


@pytest.mark.parity
@pytest.mark.parametrize("path", outputs("output_*.nc"))
def test_every_output_of_the_reference_has_a_definition_in_its_unit(path):
    case = Case(path)
    form = model("vic", **case.options)
    found = {stem_of(each.variable.name): each.variable for each in form.combined}
    with xr.open_dataset(path, decode_times=False) as data:
        units = {name: data[name].attrs.get("units", "") for name in data if str(name).startswith("OUT_")}
    assert set(units) - set(found) <= NOT_BUILT
    own = {name: {"degC": "C"}.get(variable.unit, variable.unit) for name, variable in found.items()}
    told = {name: unit for name, unit in units.items() if unit and name in own}
    assert {name: own[name] for name in told} == told


@pytest.mark.parity
@pytest.mark.parametrize("path", outputs("output_*_wb24h.nc") + outputs("output_snowy_wb3h.nc"))
def test_air_and_leaves_are_those_of_the_reference(path):
    case = Case(path)
    form = model("vic", **case.options)
    made = case.assembled(form)
    parts = made.weights.shape
    around = Around(case.forcing, made.parameters.reshape(-1, *parts), made.weights)
    for each in form.combined:
        if each.variable.name in AIR:
            expected = case.expected(each.variable.name)
            np.testing.assert_allclose(each.of({}, around), expected, rtol=2e-7, atol=1e-9, err_msg=each.variable.name)


def test_ratios_are_of_the_area_where_they_are_defined():
    form = model("vic")
    of = {each.variable.name: each for each in form.combined}
    names = [variable.name for variable in form.parameters]
    parameters = np.zeros((len(names), 3, 2))
    parameters[names.index("vegetated")] = [[1, 1], [1, 0], [0, 0]]
    parameters[names.index("overstory")] = [[1, 0], [0, 0], [0, 0]]
    weights = np.array([[0.5, 0.25], [0.3, 0.75], [0.2, 0.0]])
    around = Around(np.zeros((1, len(form.forcings), 2)), parameters, weights)

    def value(name: str, **rows: list[float]) -> list[float]:
        made = of[name].of({row: np.array([values]) for row, values in rows.items()}, around)
        return made[0].tolist()

    assert value("OUT_BARESOILT", bare_temperature=[0.2 * 7, 0.75 * 3]) == pytest.approx([7, 3])
    assert value("OUT_VEGT", vegetation_temperature=[0.8 * 5, 0.0]) == pytest.approx([5, 0])
    snow = {"covered_surface_temperature": [-1.5, 0.0], "snow_cover": [0.5, 0.0]}
    assert value("OUT_SNOW_SURF_TEMP", **snow) == pytest.approx([-3, 0])
    assert value("OUT_RAD_TEMP", radiative_power=[270.0**4, 280.0**4]) == pytest.approx([270, 280])
    assert value("OUT_AERO_RESIST1", conductance_surface=[0.01, 0.0]) == pytest.approx([100, 1e20])
    assert value("OUT_AERO_RESIST2", conductance_canopy=[0.005, 0.0]) == pytest.approx([100, 1e20])
