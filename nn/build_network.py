"""Any network from the group &network as plain values: for a training, and again from its checkpoint."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from ..kernels.model import Model
from . import network
from .correction import Corrected
from .network_flow import FlowNetwork, Passed
from .network_lstm import DailyNetwork
from .network_split import SplitNetwork
from .physics import Physics
from .weather import Weather

DAILY = ("lstm", "lstm_mlp", "streamflow")  # kinds that read the weather
SEEING = ("attributes", *DAILY)  # kinds that see basin attributes


def build_network(
    shape: Mapping[str, Any], model: Model, components: int, *, inputs: int, places: int, window: int, seed: int = 0
) -> nn.Module:
    """The network that the entries of &network describe.

    inputs: normalised attributes of a place; places: of the training; window: days that count in a minibatch.
    ValueError on an unknown kind, no attributes, or dynamic parameters that are no parameters of the model.
    """
    kind, correction = shape["kind"], shape.get("precipitation_correction", "none")
    if kind in DAILY:
        found = _daily(shape, model, components, inputs, window, seed)
    else:
        if shape.get("dynamic"):
            raise ValueError(f"dynamic: a network of kind '{kind}' gives no parameters that vary: kind = 'lstm' does")
        found = network.build(
            kind, model, components, inputs=inputs, places=places, hidden=shape["hidden"], dropout=shape["dropout"],
            activation=shape["activation"], spread=shape.get("spread", 1.0), seed=seed,
        )  # fmt: skip
    if correction == "none":
        return found
    if kind == "streamflow":
        raise ValueError("precipitation_correction: a network of kind 'streamflow' has no water balance to correct for")
    own = places if kind == "basin" else 1
    limit = shape["correction_limit"]
    return Corrected(found, correction, limit, inputs=inputs if kind in SEEING else 0, places=own, seed=seed)


def _daily(shape: Mapping[str, Any], model: Model, components: int, inputs: int, window: int, seed: int) -> nn.Module:
    kind, dynamic = shape["kind"], shape.get("dynamic", ())
    if inputs < 1:
        raise ValueError(f"a network of kind '{kind}' needs at least one basin attribute, got none")
    lower = shape.get("products", "float32") == "bfloat16"
    same = {"hidden": shape["hidden"], "dropout": shape["dropout"], "lower": lower, "seed": seed}
    if kind == "streamflow":
        return FlowNetwork(inputs, **same)
    names = [variable.name for variable in model.parameters]
    strange = [name for name in dynamic if name not in names]
    if strange:
        raise ValueError(
            f"dynamic: {', '.join(strange)} is no parameter of {model.label}, expected some of {', '.join(names)}"
        )
    same |= {"dynamic": dynamic, "dynamic_dropout": shape.get("dynamic_dropout", 0.0), "window": window}
    same["spread"] = shape.get("spread", 1.0)
    if kind == "lstm":
        return DailyNetwork(model.parameters, components, inputs, **same)
    more = {"static_hidden": shape["static_hidden"], "activation": shape["activation"]}
    return SplitNetwork(model.parameters, components, inputs, **more, **same)


def build_physics(kind: str, model: Model, components: int, **options: Any) -> nn.Module:
    """What makes flow of what a network of that kind gives; options of nn/physics.py."""
    return Passed() if kind == "streamflow" else Physics(model, components, **options)


def fit_network(found: nn.Module, forcing: Tensor, observed: Tensor) -> None:
    """Let a network take means and deviations from the weather and the flow of the training."""
    for layer in found.modules():
        if isinstance(layer, Weather):
            layer.fit(forcing)
        if isinstance(layer, FlowNetwork):
            layer.fit(observed)
