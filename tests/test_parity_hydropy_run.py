"""Set-ups of HydroPy run from its own files: every state, flux and discharge that the original left, to 1e-10."""

import ast
import json

import netCDF4
import numpy as np
import pytest
from freshet.kernels.registry import model

from conftest import shared_folder
from hydropy_files import write_case
from misuse import freshet

TOLERANCE = 1e-10  # of the largest value of each variable
CASES = sorted((shared_folder() / "reference" / "hydropy").glob("*_inputs.nc"))
pytestmark = [
    pytest.mark.parity,
    pytest.mark.skipif(not CASES, reason="needs the reference files of HydroPy (set FRESHET_SHARED)"),
]
# Symbols of the original that are written, and the model's names.
NAMES = {
    variable.symbol: variable.name
    for form in (model("hydropy"),)
    for variable in (*form.fluxes, *form.states)
    if variable.symbol
}


@pytest.fixture(scope="module", params=CASES, ids=[f"hydropy-{path.stem.removesuffix('_inputs')}" for path in CASES])
def run(request, tmp_path_factory):
    """Inputs and outputs of the original, and the daily file of freshet."""
    folder = tmp_path_factory.mktemp("hydropy")
    write_case(request.param, folder)
    with netCDF4.Dataset(request.param) as data:
        options = ast.literal_eval(data.options)
        first, last = netCDF4.num2date(data["time"][[0, -1]], data["time"].units, data["time"].calendar)
    with netCDF4.Dataset(request.param.with_name(request.param.name.replace("inputs", "outputs"))) as data:
        there = {name.partition("_")[2] for name in data.variables}
        daily = [symbol for symbol in (*NAMES, "dis") if symbol in there]
    setup = {
        "para": "hydropy_para.nc",
        "forcing": ".",
        "year": 2001,
        "restart": "hydropy_restart.nc",
        "restdate": 20010214,
        "daily": daily,
        "monthly": None,
        "output": str(folder / "out"),
        **options,
    }
    (folder / "setup.json").write_text(json.dumps(setup))
    return request.param, folder, [f"run.start={first.strftime('%Y-%m-%d')}", f"run.end={last.strftime('%Y-%m-%d')}"]


def test_a_run_from_the_originals_files_gives_the_originals_numbers(run, capsys):
    inputs, folder, days = run
    sets = [word for text in (*days, "output.maps=cells") for word in ("--set", text)]
    for command in (
        ["prepare", "hydropy", str(folder / "setup.json"), "-o", str(folder / "run.nml")],
        ["run", str(folder / "run.nml"), *sets],
    ):
        status, _, error = freshet(capsys, *command)
        assert (status, error) == (0, "")
    found = _series(folder / "out")
    with netCDF4.Dataset(inputs) as given, netCDF4.Dataset(str(inputs).replace("inputs", "outputs")) as known:
        for data in (given, known):
            data.set_auto_mask(False)
        columns = int(given.grid.split(" x ")[1].split()[0])
        cell = given["row"][:].astype(np.int64) * columns + given["col"][:]
        sinks = given["down"][:] == np.arange(len(cell))
        checked = 0
        for name in found:
            symbol = "dis" if name == "discharge" else next(s for s, n in NAMES.items() if n == name)
            for kind, chosen, days in (
                ("snap", np.arange(len(cell)), known["snap"][:]),
                ("day", known["cell_index"][:], np.arange(len(given["time"]))),
            ):
                if f"{kind}_{symbol}" in known.variables:
                    _compare(found[name], known, kind, symbol, cell, chosen, days.astype(int), sinks)
                    checked += 1
    assert checked >= 30


def _series(folder):
    """By name: values [time, cell] and the numbers of the cells."""
    file = next(folder.glob("history_daily_*.nc"))
    with netCDF4.Dataset(file) as data:
        data.set_auto_mask(False)
        number = {int(cell): place for place, cell in enumerate(data["cell"][:])}
        names = [name for name, variable in data.variables.items() if variable.dimensions == ("time", "cell")]
        return {name: (data[name][:], number) for name in names}


def _compare(mine, known, kind, symbol, cell, chosen, days, sinks):
    values, number = mine
    variable = known[f"{kind}_{symbol}"]
    expected = variable[:] * (86400.0 if variable.units == "kg m-2 s-1" else 1.0)
    if symbol == "dis":
        # The original adds to the outflow of a sink all that ends there, its own outflow too: once more than there is.
        expected = np.where(sinks[chosen], known[f"{kind}_freshwater"][:], expected)
    there = np.flatnonzero(np.isfinite(expected).all(axis=0) & np.array([int(cell[c]) in number for c in chosen]))
    assert len(there) > 0.5 * len(chosen)
    places = [number[int(cell[c])] for c in chosen[there]]
    limit = TOLERANCE * np.abs(expected[:, there]).max()
    np.testing.assert_allclose(
        values[days][:, places], expected[:, there], rtol=0, atol=limit, err_msg=f"{kind}_{symbol}"
    )
