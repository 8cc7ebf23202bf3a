"""VIC's evaporation: vapour pressure, Penman-Monteith, stomata, water on leaves, transpiration, bare soil."""

from functools import cache

import netCDF4
import numpy as np
import pytest
from freshet.kernels.bind import bind
from freshet.kernels.vic.arno import (
    bare_soil_share,
    bare_soil_share_adjoint,
    soil_evaporation,
    soil_evaporation_adjoint,
)
from freshet.kernels.vic.canopy_water import (
    canopy_slopes,
    canopy_water,
    canopy_water_adjoint,
    wetness,
    wetness_adjoint,
)
from freshet.kernels.vic.jarvis import canopy_resistance, canopy_resistance_adjoint
from freshet.kernels.vic.penman import (
    Evaporative,
    evaporative,
    evaporative_adjoint,
    penman,
    penman_adjoint,
    penman_line,
    penman_line_adjoint,
)
from freshet.kernels.vic.saturation import (
    emitted,
    emitted_adjoint,
    latent_heat,
    latent_heat_adjoint,
    latent_heat_of_sublimation,
    latent_heat_of_sublimation_adjoint,
    saturation_pressure,
    saturation_pressure_adjoint,
    saturation_slope,
    saturation_slope_adjoint,
)
from freshet.kernels.vic.transpiration import (
    transpiration,
    transpiration_adjoint,
    transpiration_by_dry,
    transpiration_terms,
    transpiration_terms_adjoint,
)
from numba import njit

from dual import Dual, dual
from problem import plain

DAY = 86400.0


class Form:
    """What bind reads of a model."""

    def __init__(self, frozen=False, compat=True, layers=3):
        self.options = {"frozen": frozen, "compat": compat, "layers": layers}
        self.label = f"vic-{frozen}-{compat}-{layers}"


FROZEN = Form(frozen=True)


# One cell from rows of x to rows of y; what has no gradient is left out of x.
def cell_saturation(x, y, work, i):
    t = x[0, i]
    y[0, i], y[1, i] = saturation_pressure(t), saturation_slope(t)
    y[2, i], y[3, i], y[4, i] = latent_heat(t), latent_heat_of_sublimation(t), emitted(t)


def cell_penman(x, y, work, i):
    air = evaporative(x[0, i], x[1, i])
    y[0, i] = penman(air, x[2, i], x[3, i], x[4, i], x[5, i], x[6, i])


def cell_jarvis(x, y, work, i):
    y[0, i] = canopy_resistance(x[0, i], x[5, i], x[6, i], x[3, i], x[4, i], x[1, i], x[2, i])


def cell_canopy(x, y, work, i):
    """Rows: T, elevation, radiation, deficit, ra, W, Wmax, rain, dt, rarc."""
    dt = x[8, i]
    potential = penman(evaporative(x[0, i], x[1, i]), x[2, i], x[3, i], x[4, i], 0.0, x[9, i]) * dt / 86400.0
    wet = wetness(x[5, i], x[6, i])
    y[2, i], y[0, i], y[1, i], y[3, i] = canopy_water(x[5, i], x[7, i], x[6, i], wet, potential, dt)


def cell_transpiration(x, y, work, i):
    """Rows: T, elevation, radiation, deficit, shortwave, ra, dry, dt, LAI, RGL, rmin, rarc, then five of layers."""
    unstressed = canopy_resistance(x[10, i], x[8, i], 1.0, x[0, i], x[3, i], x[4, i], x[9, i])
    air = evaporative(x[0, i], x[1, i])
    transpiration_terms(x, 15, 18, x, 12, 21, 24, work, 0, i, air, x[3, i], x[5, i], x[11, i], unstressed, x[7, i])
    transpiration(work, 0, x[2, i], x[6, i], y, 0, i)


def cell_soil(x, y, work, i):
    """Rows: radiation, T, deficit, W, Wm, elevation, b, ra, dt, Wr."""
    potential = penman(evaporative(x[1, i], x[5, i]), x[0, i], x[2, i], x[7, i], 0.0, 100.0) * x[8, i] / 86400.0
    share = bare_soil_share(x[3, i], x[4, i], x[6, i])
    y[0, i] = soil_evaporation(potential, share, min(x[3, i], x[4, i]), x[9, i])


@cache
def over_cells(cell, precision="float64", model=FROZEN, rows=9):
    """A compiled loop of the cell function over the columns of its arrays."""
    compiled = bind(cell, model, precision)

    @njit(error_model="numpy")
    def loop(x, y, work):
        for i in range(x.shape[1]):
            compiled(x, y, work, i)

    def run(x, outputs):
        x = np.ascontiguousarray(x, precision)
        y = np.zeros((outputs, x.shape[1]), precision)
        loop(x, y, np.zeros((rows, x.shape[1]), precision))
        return y

    return run


TABLES = {
    "saturation": (cell_saturation, "T", "es slope Lv Ls lw_out"),
    "penman": (cell_penman, "T elev rad vpd ra rc rarc", "E"),
    "jarvis": (cell_jarvis, "rmin swnet RGL T vpd lai gsm", "rc"),
    "canopy": (cell_canopy, "T elev rad vpd ra W Wmax rain dt rarc", "Ec throughfall W dry_fraction"),
    "transp": (
        cell_transpiration,
        "T elev rad vpd swnet ra dry dt lai RGL rmin rarc root moist ice Wcr Wpwp",
        "Et",
    ),
    "arno": (cell_soil, "rad T vpd W Wm elev b ra dt Wr", "Es"),
}


@pytest.mark.parity
@pytest.mark.parametrize("table", TABLES, ids=[f"vic-{name}" for name in TABLES])
def test_evaporation_is_that_of_the_reference_tables(table, shared):
    cell, inputs, outputs = TABLES[table]
    with netCDF4.Dataset(shared / "reference" / "vic" / "functions.nc") as file:
        x = np.vstack([np.asarray(file[f"{table}_in_{name}"][:]).T for name in inputs.split()])
        expected = np.vstack([np.asarray(file[f"{table}_out_{name}"][:]).T for name in outputs.split()])
    np.testing.assert_allclose(over_cells(cell)(x, len(expected)), expected, rtol=1e-10, atol=1e-13)
