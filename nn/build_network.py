"""Any network from the group &network as plain values: for a training, and again from its checkpoint."""

from collections.abc import Mapping
from typing import Any

from torch import nn

from ..kernels.model import Model
from . import network
from .network_lstm import DailyNetwork

DAILY = ("lstm",)  # kinds that read the weather
SEEING = ("attributes", *DAILY)  # kinds that see basin attributes


def build_network(
    shape: Mapping[str, Any], model: Model, components: int, *, inputs: int, places: int, window: int, seed: int = 0
) -> nn.Module:
    """The network that the entries of &network describe.

    inputs: normalised attributes of a place; places: of the training; window: days that count in a minibatch.
    ValueError on an unknown kind, no attributes, or dynamic parameters that are no parameters of the model.
    """
    kind = shape["kind"]
    common = {"hidden": shape["hidden"], "dropout": shape["dropout"], "spread": shape.get("spread", 1.0), "seed": seed}
    if kind not in DAILY:
        return network.build(
            kind, model, components, inputs=inputs, places=places, activation=shape["activation"], **common
        )
    if inputs < 1:
        raise ValueError(f"a network of kind '{kind}' needs at least one basin attribute, got none")
    _require_parameters(shape.get("dynamic", ()), model)
    lower = shape.get("products", "float32") == "bfloat16"
    return DailyNetwork(
        model.parameters, components, inputs, dynamic=shape.get("dynamic", ()),
        dynamic_dropout=shape.get("dynamic_dropout", 0.0), window=window, lower=lower, **common,
    )  # fmt: skip


def _require_parameters(dynamic: Any, model: Model) -> None:
    names = [variable.name for variable in model.parameters]
    strange = [name for name in dynamic if name not in names]
    if strange:
        raise ValueError(
            f"dynamic: {', '.join(strange)} is no parameter of {model.label}, expected some of {', '.join(names)}"
        )
