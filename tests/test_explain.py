"""freshet explain: attributions of a checkpoint's parameters, written so that they can be read and trusted."""

import csv

import netCDF4
import numpy as np
import pytest
import torch
from freshet.driver.cli import main
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.explain import explain
from freshet.driver.explain_plots import maps
from freshet.driver.parallel.world import World
from freshet.driver.settings import parse
from freshet.driver.training_checkpoint import made_by, parameters_from_checkpoint
from freshet.driver.training_grid.domain import prepare
from freshet.driver.training_grid.train import build_trainer, made_on_grid
from freshet.kernels.registry import model
from freshet.nn import checkpoint, network, normalisation
from freshet.nn.build_network import build_network, fit_network

import training_rivers
from training_source import NAMELIST, source

HBV = model("hbv", version="1.0")
HBV_ROW = [variable.name for variable in HBV.parameters].index("fc")
NAMES = ["height", "wetness", "cover"]


def on_a_grid(path, *sets):
    """A checkpoint of a small country's cells, whose network has weights of some size; the lesson behind it."""
    asked = training_rivers.settings(path.parent, *sets)
    lesson = prepare(asked, training_rivers.country(), World(), lambda _: None)
    made = build_trainer(asked, lesson).network
    with torch.no_grad():
        made.layers[-1].weight.mul_(30.0)
    checkpoint.save(path, made_on_grid(asked, training_rivers.country(), lesson), made.state_dict())
    return lesson, made


@pytest.fixture(scope="module")
def observed(tmp_path_factory):
    """Some discharge at the gauges of the small country."""
    path = tmp_path_factory.mktemp("observed") / "discharge.csv"
    ids = [gauge.id for gauge in training_rivers.country().river.gauges]
    days = training_rivers.country().axis
    rows = [",".join(["date", *ids]), *(",".join([days.text(k), *["5.0"] * len(ids)]) for k in range(days.count))]
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.fixture
def catchments():
    found = source(days=40)
    found.attributes |= {"latitude": np.linspace(40, 45, 6), "longitude": np.linspace(-100, -90, 6)}
    return found


def trained(path, catchments, kind="attributes", seed=3, names=NAMES):
    """A checkpoint of a network that was given weights of some size instead of a training."""
    asked = parse(NAMELIST, "train.nml", [f"network.kind={kind}"], "train")
    fitted = normalisation.fit(catchments.attributes, names if kind == "attributes" else [])
    places = len(catchments.ids)
    made = network.build(kind, HBV, 2, inputs=fitted.size, places=places, hidden=asked.network.hidden, seed=seed)
    with torch.no_grad():
        for weight in list(made.parameters())[-2:-1]:
            weight.mul_(15.0)
    checkpoint.save(path, made_by(asked, catchments, fitted), made.state_dict())
    return path


def asking(tmp_path, *paths, sets=()):
    given = ",".join(map(str, paths))
    common = [f"explain.checkpoint={given}"] if given else [f"training.directory={tmp_path}"]
    common += [f"explain.directory={tmp_path / 'out'}", "explain.samples=600", "explain.plots=false"]
    taken = {text.split("=")[0] for text in sets}
    return parse(NAMELIST, "explain.nml", [*(c for c in common if c.split("=")[0] not in taken), *sets], "explain")


def test_attributions_are_of_the_parameters_that_the_checkpoint_gives(tmp_path, catchments):
    path = trained(tmp_path / "best.pt", catchments)
    found = explain(asking(tmp_path), catchments)
    values, routing, _ = parameters_from_checkpoint(path, catchments, HBV)
    means = values.reshape(len(HBV.parameters), 2, -1).mean(1)
    for row, variable in enumerate(HBV.parameters):
        np.testing.assert_allclose(found.found[variable.name].value[0], means[row], rtol=1e-5)
    np.testing.assert_allclose(found.found["route_b"].value[0], routing[1], rtol=1e-5)
    for one in found.found.values():
        assert one.phi.shape == (1, 3, 6)
        assert one.completeness < 0.05
        # the background are the very places explained: departures from their own mean add up to nothing
        np.testing.assert_allclose((one.value - one.expected).mean(), 0, atol=1e-4 * np.abs(one.value).max())


@pytest.mark.parametrize(
    ("kind", "dynamic"), [("lstm", ()), ("lstm", ("fc",)), ("lstm_mlp", ("fc",))], ids=["static", "dynamic", "split"]
)
def test_a_network_that_reads_the_weather_is_explained_under_the_weather_of_each_place(tmp_path, kind, dynamic):
    catchments = source(days=600)
    sets = [f"network.kind={kind}", "network.hidden=8", "training.window_days=40", "training.end=2001-08-01"]
    sets += ["network.precipitation_correction=basin"]
    sets += [f"network.dynamic={','.join(dynamic)}"] if dynamic else []
    asked = parse(NAMELIST, "train.nml", sets, "train")
    fitted = normalisation.fit(catchments.attributes, NAMES)
    made = build_network(dict(asked.network), HBV, 2, inputs=fitted.size, places=6, window=40, seed=1)
    stop = catchments.axis.index("2001-08-01") + 1
    forcing = torch.from_numpy(catchments.forcing(max(0, stop - made.memory), stop)).float()
    fit_network(made, forcing, forcing[:, 0])
    with torch.no_grad():
        made.network.last.weight.mul_(15.0)
        made.network.layers.first.weight.mul_(3.0)
        made.layers[-1].weight.normal_(0.0, 0.1, generator=torch.Generator().manual_seed(2))
    checkpoint.save(tmp_path / "best.pt", made_by(asked, catchments, fitted), made.state_dict())
    sets = ["explain.variables=fc,route_a,precipitation_factor", "explain.samples=48", "explain.background=places"]
    found = explain(asking(tmp_path, sets=sets), catchments).found
    inputs = torch.from_numpy(fitted.apply(catchments.attributes, 6))
    with torch.no_grad():
        whole = made.eval()(inputs, torch.arange(6), forcing)
    fc = whole.dynamic["fc"][-40:].mean((0, 1)) if dynamic else whole.static[HBV_ROW].mean(0)
    np.testing.assert_allclose(found["fc"].value[0], fc, rtol=1e-5)
    np.testing.assert_allclose(found["route_a"].value[0], whole.routing[0], rtol=1e-5)
    np.testing.assert_allclose(found["precipitation_factor"].value[0], whole.correction[0].exp(), rtol=1e-5)
    assert np.ptp(found["precipitation_factor"].value) > 0.01
    for one in found.values():
        assert one.completeness < 0.1
    # the same attributes give another value under other weather
    assert np.ptp(found["fc"].expected) > 1e-3 * np.ptp(found["fc"].value)


def test_an_attribute_that_the_network_ignores_has_no_importance(tmp_path, catchments):
    path = trained(tmp_path / "best.pt", catchments)
    content = checkpoint.load(path)
    content["network"]["layers.0.weight"][:, 1] = 0.0
    checkpoint.save(path, content["made"], content["network"])
    for one in explain(asking(tmp_path), catchments).found.values():
        assert (one.importance[:, 1] == 0).all()
        assert (one.importance[:, 0] > 0).all()


def test_the_file_holds_what_was_found_with_units_and_provenance(tmp_path, catchments, capsys):
    trained(tmp_path / "best.pt", catchments)
    found = explain(asking(tmp_path, sets=["explain.variables=fc,tt"]), catchments)
    with netCDF4.Dataset(tmp_path / "out/attributions.nc") as data:
        assert data["fc_attribution"].dimensions == ("attribute", "basin")
        assert (data["fc"].units, data["tt_attribution"].units) == ("mm", "degC")
        assert data["attribute"][:].tolist() == NAMES
        assert data["basin"][:].tolist() == catchments.ids
        np.testing.assert_array_equal(data["latitude"][:], catchments.attributes["latitude"])
        np.testing.assert_array_equal(data["fc_attribution"][:], found.found["fc"].phi[0])
        gap = data["fc_attribution"][:].sum(0) - (data["fc"][:] - data["fc_expected"][:])
        np.testing.assert_allclose(data["fc_gap"][:], gap)
        assert data.checkpoint == "best.pt"
        assert len(data.checkpoint_sha256) == 64
        assert "k0" not in data.variables
        np.testing.assert_array_equal(data["attribute_value"][0], catchments.attributes["height"])
    with (tmp_path / "out/importance.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["parameter"], row["attribute"]) for row in rows] == [(p, a) for p in ("fc", "tt") for a in NAMES]
    assert sum(float(row["share"]) for row in rows[:3]) == pytest.approx(1.0)
    told = capsys.readouterr().out
    assert "Attributions of 2 parameters at 6 places" in told
    assert "attributions add up to within" in told


def test_every_component_can_be_explained(tmp_path, catchments):
    trained(tmp_path / "best.pt", catchments)
    mean = explain(asking(tmp_path), catchments).found["fc"]
    each = explain(asking(tmp_path, sets=["explain.components=each"]), catchments).found
    assert each["fc"].phi.shape == (2, 3, 6)
    assert each["route_a"].phi.shape == (1, 3, 6)
    np.testing.assert_allclose(each["fc"].phi.mean(0), mean.phi[0], rtol=1e-4, atol=1e-4)
    with netCDF4.Dataset(tmp_path / "out/attributions.nc") as data:
        assert data["fc_attribution"].dimensions == ("component", "attribute", "basin")
        assert data["route_a"].dimensions == ("basin",)


def test_of_several_networks_the_mean_is_explained(tmp_path, catchments):
    paths = [trained(tmp_path / f"{seed}.pt", catchments, seed=seed) for seed in (3, 4)]
    alone = [explain(asking(tmp_path, path), catchments).found["fc"] for path in paths]
    both = explain(asking(tmp_path, *paths), catchments).found["fc"]
    np.testing.assert_allclose(both.phi, (alone[0].phi + alone[1].phi) / 2)
    difference = np.abs(alone[0].importance - alone[1].importance) / np.sqrt(2)
    np.testing.assert_allclose(both.deviation, difference)


def test_pictures_are_drawn_of_importance_and_places(tmp_path, catchments):
    trained(tmp_path / "best.pt", catchments)
    sets = ["explain.variables=fc", "explain.plots=true", "explain.maps=2", "explain.format=svg"]
    explain(asking(tmp_path, sets=sets), catchments)
    drawn = {path.name for path in (tmp_path / "out").glob("*.svg")}
    assert drawn == {"importance_all.svg", "importance_fc.svg", "map_fc.svg"}
    text = (tmp_path / "out/map_fc.svg").read_text()
    assert "what height adds to fc" in text or "what cover adds to fc" in text


@pytest.mark.parametrize(
    ("kind", "sets", "told"),
    [
        ("basin", (), "network of kind 'basin', which looks at no attributes"),
        ("attributes", ("explain.variables=fcc",), "gives no 'fcc'; did you mean 'fc'?"),
    ],
)
def test_what_cannot_be_explained_is_told_in_one_line(tmp_path, catchments, kind, sets, told):
    trained(tmp_path / "best.pt", catchments, kind)
    with pytest.raises(ConfigurationError, match=told) as caught:
        explain(asking(tmp_path, sets=sets), catchments)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_without_a_checkpoint_the_training_is_asked_for(tmp_path, catchments):
    with pytest.raises(ConfigurationError, match=r"none is given, and '.*best.pt' does not exist: name one, or start"):
        explain(asking(tmp_path), catchments)


def test_missing_attributes_are_named(tmp_path, catchments):
    trained(tmp_path / "best.pt", catchments)
    del catchments.attributes["wetness"]
    with pytest.raises(InputError, match="trained with attributes that the data lack: wetness"):
        explain(asking(tmp_path), catchments)


def test_cells_of_a_grid_are_explained_with_the_namelist_of_their_training(tmp_path, observed):
    """Every cell shifts its own values: what attributes add to them, on latitudes and longitudes."""
    lesson, made = on_a_grid(tmp_path / "best.pt", f"data.discharge={observed}")
    sets = [f"data.discharge={observed}", f"explain.directory={tmp_path / 'out'}", "explain.samples=400"]
    asked = training_rivers.settings(tmp_path, *sets, "explain.plots=false", command="explain")
    country = training_rivers.country()
    found = explain(asked, country)
    assert list(found.found) == ["qsb_max", "lag_land", "lag_river"]
    values = made(lesson.basins.domain.inputs).detach().numpy()
    for row, one in zip(values, found.found.values(), strict=True):
        np.testing.assert_allclose(one.value[0], row)
        assert one.completeness < 0.05
    with netCDF4.Dataset(tmp_path / "out/attributions.nc") as data:
        written = data["lag_land_attribution"]
        assert written.dimensions == ("attribute", "latitude", "longitude")
        cells = np.ma.filled(written[:], np.nan).reshape(len(found.attributes), -1)[:, country.cell]
        np.testing.assert_array_equal(cells, found.found["lag_land"].phi[0])
    figure = maps(found.variables[1], found.found["lag_land"], found.attributes, country, 1)
    (mesh,) = (drawn for drawn in figure.axes[1].collections if type(drawn).__name__ == "QuadMesh")
    assert np.isfinite(np.ma.filled(mesh.get_array(), np.nan)).sum() == len(country.ids)
    other = training_rivers.settings(tmp_path, *sets, "network.activation=relu", command="explain")
    with pytest.raises(ConfigurationError, match=r"is of another training than this namelist's: network.activation:"):
        explain(other, country)


def test_a_checkpoint_of_a_grid_is_not_explained_at_basins(tmp_path, catchments, observed):
    on_a_grid(tmp_path / "best.pt", f"data.discharge={observed}")
    with pytest.raises(ConfigurationError, match="is of a training on a grid, &data has form = 'generated'"):
        explain(asking(tmp_path), catchments)


def test_the_command_explains_what_was_trained(tmp_path, monkeypatch):
    """On generated catchments, from the namelist of the training itself."""
    from freshet.driver.catchments import open_source

    monkeypatch.chdir(tmp_path)
    (tmp_path / "all.nml").write_text(
        "&run components = 2 /\n&data form = 'generated' /\n&generator basins = 4, years = 1 /\n"
        "&explain samples = 20, variables = 'fc', plots = .false. /\n"
    )
    asked = parse((tmp_path / "all.nml").read_text(), "all.nml", (), "explain")
    generated = open_source(asked, "explain")
    (tmp_path / asked.training.directory).mkdir(parents=True)
    names = [name for name in generated.attributes if np.asarray(generated.attributes[name]).dtype.kind == "f"][:2]
    trained(tmp_path / asked.training.directory / "best.pt", generated, names=names)
    with pytest.raises(SystemExit) as ended:
        main(["explain", "all.nml"])
    assert ended.value.code == 0
    assert (tmp_path / asked.explain.directory / "attributions.nc").exists()
