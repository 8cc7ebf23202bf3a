"""Checkpoints: whole, safe to load, and used only on what they were made for."""

import pickle
import random

import numpy as np
import pytest
import torch
from freshet.driver.errors import InputError
from freshet.driver.parameters import declared
from freshet.driver.settings import parse
from freshet.driver.training_checkpoint import made_by, parameters_from_checkpoint
from freshet.kernels.registry import model
from freshet.nn import checkpoint, network, normalisation

from training_source import NAMELIST, source

HBV = model("hbv", version="1.0")


@pytest.fixture
def catchments():
    return source(days=40)


def write(path, catchments, *settings, kind="attributes"):
    """A checkpoint of an untrained network."""
    asked = parse(NAMELIST, "train.nml", [f"network.kind={kind}", *settings], "train")
    names = ["height", "wetness", "cover"] if kind == "attributes" else []
    fitted = normalisation.fit(catchments.attributes, names)
    net = network.build(
        kind, HBV, 2, inputs=fitted.size, places=len(catchments.ids), hidden=asked.network.hidden, seed=3
    )
    checkpoint.save(path, made_by(asked, catchments, fitted), net.state_dict())
    return net, fitted


@pytest.mark.parametrize("kind", network.KINDS)
def test_a_checkpoint_gives_the_parameters_of_the_network_that_made_it(tmp_path, catchments, kind):
    net, fitted = write(tmp_path / "best.pt", catchments, kind=kind)
    values, routing, components = parameters_from_checkpoint(tmp_path / "best.pt", catchments, HBV)
    inputs = torch.from_numpy(fitted.apply(catchments.attributes, len(catchments.ids)))
    expected = net(inputs, torch.arange(len(catchments.ids)))
    assert components == 2
    assert values.dtype == routing.dtype == np.float64
    assert values.flags.c_contiguous
    np.testing.assert_allclose(values, expected.static.detach().reshape(len(HBV.parameters), -1).numpy(), rtol=1e-6)
    np.testing.assert_allclose(routing, expected.routing.detach().numpy(), rtol=1e-6)
    low, high = (np.array([getattr(v, end) for v in declared(HBV)]) for end in ("low", "high"))
    assert (values >= low[:-2, None]).all()
    assert (values <= high[:-2, None]).all()


@pytest.mark.parametrize("kind", network.KINDS)
def test_basins_get_their_own_parameters_in_whatever_order_they_come(tmp_path, catchments, kind):
    write(tmp_path / "best.pt", catchments, kind=kind)
    everywhere = parameters_from_checkpoint(tmp_path / "best.pt", catchments, HBV)[0]
    order = [4, 0, 2]
    some = parameters_from_checkpoint(tmp_path / "best.pt", catchments.select([catchments.ids[k] for k in order]), HBV)
    places = len(catchments.ids)
    np.testing.assert_allclose(
        some[0].reshape(-1, 2, 3), everywhere.reshape(-1, 2, places)[:, :, order], rtol=1e-5, atol=1e-7
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"version": "1.0", "gamma": True}, r"label: 'hbv-1.0' in the checkpoint, 'hbv-1.0-gamma' here"),
        ({"version": "1.1p"}, r"options.capillary: False in the checkpoint, True here"),
        ({"version": "2.0"}, r"parameters.rt: absent in the checkpoint"),
    ],
)
def test_another_form_of_the_model_is_refused_by_name(tmp_path, catchments, options, told):
    write(tmp_path / "best.pt", catchments)
    with pytest.raises(InputError, match=told):
        parameters_from_checkpoint(tmp_path / "best.pt", catchments, model("hbv", **options))


def test_other_bounds_of_a_parameter_are_refused_by_name(tmp_path, catchments):
    write(tmp_path / "best.pt", catchments)
    content = checkpoint.load(tmp_path / "best.pt")
    content["made"]["model"]["parameters"][1][3] = 900.0
    checkpoint.save(tmp_path / "best.pt", content["made"], content["network"])
    with pytest.raises(InputError, match=r"parameters.fc: \['mm', 50.0, 900.0\] in the checkpoint"):
        parameters_from_checkpoint(tmp_path / "best.pt", catchments, HBV)


def test_missing_attributes_are_named(tmp_path, catchments):
    write(tmp_path / "best.pt", catchments)
    del catchments.attributes["wetness"]
    with pytest.raises(InputError, match="trained with attributes that the data lack: wetness"):
        parameters_from_checkpoint(tmp_path / "best.pt", catchments, HBV)


def test_an_attribute_in_another_unit_is_refused_with_the_basin(tmp_path, catchments):
    write(tmp_path / "best.pt", catchments)
    catchments.attributes["height"] = catchments.attributes["height"] / 0.3048
    with pytest.raises(InputError, match=r"attribute 'height' of basin b0 was 100 in training and is 328.084 here"):
        parameters_from_checkpoint(tmp_path / "best.pt", catchments, HBV)


def test_other_potential_evaporation_is_refused(tmp_path, catchments):
    write(tmp_path / "best.pt", catchments)
    other = parse(NAMELIST, "run.nml", ["data.pet=hargreaves"], "train")
    with pytest.raises(InputError, match="trained with pet = 'oudin', &data has pet = 'hargreaves'"):
        parameters_from_checkpoint(tmp_path / "best.pt", catchments, HBV, other.data)


def test_a_set_by_basin_knows_only_its_own_basins(tmp_path, catchments):
    write(tmp_path / "best.pt", catchments.select(["b0", "b1"]), kind="basin")
    with pytest.raises(InputError, match=r"knows nothing of 4 of these basins \(b2, b3, b4, b5\)"):
        parameters_from_checkpoint(tmp_path / "best.pt", catchments, HBV)


def test_one_set_for_all_serves_any_basin(tmp_path, catchments):
    write(tmp_path / "best.pt", catchments.select(["b0", "b1"]), kind="single")
    values = parameters_from_checkpoint(tmp_path / "best.pt", catchments, HBV)[0].reshape(-1, 2, 6)
    assert (values == values[:, :, :1]).all()


def test_files_that_are_no_checkpoint_are_refused(tmp_path, catchments):
    torch.save({"weights": torch.zeros(3)}, tmp_path / "other.pt")
    torch.save({"made": {}, "digest": "0"}, tmp_path / "formless.pt")
    (tmp_path / "text.pt").write_text("hello")
    (tmp_path / "empty.pt").touch()
    for name, told in (
        ("other.pt", "is a torch file but not a freshet checkpoint"),
        ("formless.pt", "has checkpoint format None, this freshet reads 1"),
        ("text.pt", "is not a readable checkpoint"),
        ("empty.pt", "is not a readable checkpoint"),
        ("absent.pt", "does not exist"),
    ):
        with pytest.raises(InputError, match=told) as caught:
            parameters_from_checkpoint(tmp_path / name, catchments, HBV)
        assert "\n" not in str(caught.value)
        assert name in str(caught.value)


def test_a_checkpoint_runs_no_foreign_code(tmp_path):
    class Evil:
        def __reduce__(self):
            return (exec, (f"open({str(tmp_path / 'proof')!r}, 'w')",))

    torch.save({"made": Evil(), "digest": ""}, tmp_path / "evil.pt")
    with pytest.raises(ValueError, match="not a readable checkpoint"):
        checkpoint.load(tmp_path / "evil.pt")
    (tmp_path / "evil2.pt").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(ValueError, match="not a readable checkpoint"):
        checkpoint.load(tmp_path / "evil2.pt")
    assert not (tmp_path / "proof").exists()


def refuses(path, content, sound):
    """Whether a file of these bytes is refused; a file that is read must hold what was written."""
    path.write_bytes(content)
    try:
        found = checkpoint.load(path)
    except ValueError:
        return True
    assert checkpoint.digest(found) == sound
    return False


def test_every_damage_is_found(tmp_path, catchments):
    """Fifty flipped bytes and ten cuts: refused, or (in bytes that carry nothing) the same content."""
    path = tmp_path / "best.pt"
    write(path, catchments)
    whole, sound = path.read_bytes(), checkpoint.digest(checkpoint.load(path))
    chance = random.Random(7)
    damaged = []
    for _ in range(50):
        place = chance.randrange(len(whole))
        damaged.append(whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :])
    damaged += [whole[: chance.randrange(len(whole))] for _ in range(10)]
    refused = sum(refuses(path, content, sound) for content in damaged)
    assert refused > 30


def test_a_checkpoint_tells_what_made_it(tmp_path, catchments):
    write(tmp_path / "best.pt", catchments)
    made = checkpoint.load(tmp_path / "best.pt")["made"]
    assert made["model"]["label"] == "hbv-1.0"
    assert made["model"]["components"] == 2
    assert [entry["name"] for entry in made["normalisation"]] == ["height", "wetness", "cover"]
    assert made["data"]["basins"] == catchments.ids
    assert made["data"]["files"] == [["basins.nc", "0" * 64]]
    assert made["training"]["seed"] == 1
    assert {"python", "numpy", "torch", "numba"} <= set(made["versions"])
    assert "&training" in made["namelist"]
