"""Units at the door."""

import numpy as np
import pytest
from freshet.driver.errors import InputError
from freshet.driver.unit_spelling import canonical
from freshet.driver.units import QUANTITIES, convert

# 1 of each unit in freshet's own.
KNOWN = [
    ("precipitation", "mm/day", 1.0),
    ("precipitation", "mm d-1", 1.0),
    ("precipitation", "mm day^-1", 1.0),
    ("precipitation", "mm.d**-1", 1.0),
    ("precipitation", "mm d⁻¹", 1.0),
    ("precipitation", "millimeters per day", 1.0),
    ("precipitation", "mm", 1.0),
    ("precipitation", "kg m-2 d-1", 1.0),
    ("precipitation", "mm/h", 24.0),
    ("precipitation", "m/day", 1000.0),
    ("precipitation", "m s-1", 86400e3),
    ("precipitation", "kg m-2 s-1", 86400.0),
    ("precipitation", "kg m**-2 s**-1", 86400.0),
    ("precipitation", "kg/m2/s", 86400.0),
    ("precipitation", "kg/(m^2 s)", 86400.0),
    ("precipitation", "cm/day", 10.0),
    ("precipitation", "inch/day", 25.4),
    ("potential_evaporation", "m", 1000.0),
    ("temperature", "degC", 1.0),
    ("temperature", "deg_C", 1.0),
    ("temperature", "°C", 1.0),
    ("temperature", "degrees Celsius", 1.0),
    ("temperature", "C", 1.0),
    ("temperature", "K", 1.0 - 273.15),
    ("temperature", "kelvin", 1.0 - 273.15),
    ("temperature", "degF", -31 / 1.8),
    ("shortwave", "W m-2", 1.0),
    ("shortwave", "W/m2", 1.0),
    ("shortwave", "MJ m-2 d-1", 1e6 / 86400),
    ("shortwave", "MJ/m2/day", 1e6 / 86400),
    ("shortwave", "J m-2", 1 / 86400),
    ("vapour_pressure", "Pa", 1e-3),
    ("vapour_pressure", "hPa", 0.1),
    ("vapour_pressure", "mbar", 0.1),
    ("vapour_pressure", "kPa", 1.0),
    ("wind", "km/h", 1 / 3.6),
    ("discharge", "mm/day", 1.0),
]


@pytest.mark.parametrize(("quantity", "unit", "expected"), KNOWN)
def test_one_of_each_unit_becomes_freshets(quantity, unit, expected):
    assert convert(np.ones(1), quantity, unit, "file: x")[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("unit", "litres"), [("m3/s", 1000.0), ("m**3 s**-1", 1000.0), ("cfs", 28.316846592), ("ft3/s", 28.316846592)]
)
def test_volumes_become_depths_over_the_area_of_the_basin(unit, litres):
    depth = convert(np.ones((2, 2)), "discharge", unit, "file: q", np.array([100.0, 200.0]))
    # litres per second over km2: a litre is a millimetre over a square metre.
    assert depth[0] == pytest.approx([litres * 86400 / 100e6, litres * 86400 / 200e6], rel=1e-12)


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [
        ("precipitation", "degC"),
        ("precipitation", "furlong"),
        ("precipitation", "mm/month"),
        ("precipitation", "mm2 d-1"),
        ("precipitation", "0.1 mm"),
        ("precipitation", "kg m-2 s"),
        ("precipitation", "m3/s"),
        ("temperature", "mm"),
        ("temperature", "k"),
        ("discharge", "m3"),
        ("shortwave", "W"),
    ],
)
def test_an_unknown_unit_is_refused_with_what_is_known(quantity, unit):
    with pytest.raises(InputError) as error:
        convert(np.ones(1), quantity, unit, "file.nc: x")
    text = str(error.value)
    assert text.startswith(f"file.nc: x: unit '{unit}' is unknown")
    assert next(iter(QUANTITIES[quantity].units)) in text
    assert "\n" not in text


@pytest.mark.parametrize("unit", ["", None])
def test_an_absent_unit_is_refused(unit):
    with pytest.raises(InputError, match=r"file.nc: x: the unit is missing.*mm d-1"):
        convert(np.ones(1), "precipitation", unit, "file.nc: x")


def test_a_volume_without_an_area_is_refused():
    with pytest.raises(InputError, match="needs the area"):
        convert(np.ones(1), "discharge", "m3/s", "file.nc: q")


def test_no_unit_of_a_quantity_is_declared_twice():
    for quantity in QUANTITIES.values():
        names = [canonical(unit) for unit in (*quantity.units, *quantity.volume)]
        assert all(names)
        assert len(set(names)) == len(names)
