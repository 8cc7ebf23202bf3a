"""Checkpoints: weights together with what made them, with a digest, read without running foreign code.

A checkpoint is a torch file of plain values and tensors:
  format      of this layout
  made        what made it (plain values): model, attributes, normalisation, data, periods, settings, versions
  network     weights of the best epoch so far
  training    state of the trainer, for going on; only in the file of the last epoch
  digest      of all of it
"""

import hashlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..kernels.model import Model
from ..kernels.routing.unit_hydrograph import PARAMETERS as ROUTING
from .build_network import build_network
from .normalisation import Normalisation, from_dict

FORMAT = 1


def save(path: Path, made: Mapping[str, Any], weights: Mapping[str, Tensor], training: Any = None) -> None:
    """Write a checkpoint; the caller sees to it that a file cut short is never taken for one (driver/files.py).

    OSError or RuntimeError where that fails.
    """
    content: dict[str, Any] = {"format": FORMAT, "made": dict(made), "network": dict(weights), "training": training}
    content["digest"] = digest(content)
    torch.save(content, path)


def load(path: Path) -> dict[str, Any]:
    """The content of a checkpoint, on the CPU. ValueError where it is no whole, sound checkpoint of this format."""
    try:
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of old pickles: what comes of them is said below
            content = _content(path, file.read())
    except FileNotFoundError as error:
        raise ValueError(f"checkpoint '{path}' does not exist") from error
    except OSError as error:
        raise ValueError(f"checkpoint '{path}' cannot be read: {error.strerror or error}") from error
    if not isinstance(content, dict) or "made" not in content or "digest" not in content:
        raise ValueError(f"'{path}' is a torch file but not a freshet checkpoint")
    if content.get("format") != FORMAT:
        raise ValueError(
            f"'{path}' has checkpoint format {content.get('format')}, this freshet reads {FORMAT}: train again"
        )
    if content.pop("digest") != digest(content):
        raise ValueError(f"'{path}' was damaged: its content does not match its own digest")
    return content


def _content(path: Path, whole: bytes) -> Any:
    try:
        return torch.load(BytesIO(whole), map_location="cpu", weights_only=True)
    except Exception as error:  # damaged bytes make the unpickler fail in any way there is
        raise ValueError(f"'{path}' is not a readable checkpoint of freshet, or was damaged") from error


def digest(content: Any) -> str:
    """SHA-256 of nested plain values and tensors, in their order."""
    found = hashlib.sha256()
    for piece in _pieces(content):
        found.update(piece)
    return found.hexdigest()


def _pieces(value: Any) -> Iterator[bytes]:
    if isinstance(value, Tensor):
        yield f"{value.dtype}{tuple(value.shape)}".encode()
        yield value.detach().cpu().contiguous().numpy().tobytes()
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield f"{key!r}:".encode()
            yield from _pieces(item)
    elif isinstance(value, list | tuple):
        yield f"[{len(value)}".encode()
        for item in value:
            yield from _pieces(item)
    else:
        yield repr(value).encode()


def describe_model(model: Model, components: int) -> dict[str, Any]:
    """What a checkpoint keeps of the model: form, components, and every trained parameter with its bounds."""
    return {
        "name": model.name,
        "label": model.label,
        "options": dict(model.options),
        "components": components,
        "parameters": [[v.name, v.unit, float(v.low), float(v.high)] for v in (*model.parameters, *ROUTING)],
    }


def differences(kept: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Every entry that is not the same in both, as 'name: kept there, now here'; nested names joined by dots."""
    found = []
    for key in [*kept, *(key for key in now if key not in kept)]:
        one, two = kept.get(key), now.get(key)
        if isinstance(one, Mapping) and isinstance(two, Mapping):
            found += [f"{key}.{text}" for text in differences(one, two)]
        elif _plain(one) != _plain(two):
            found.append(f"{key}: {_short(one)} in the checkpoint, {_short(two)} here")
    return found


def require_model(made: Mapping[str, Any], model: Model) -> None:
    """ValueError that names what differs where the checkpoint was made for another form of model, or other bounds."""
    kept = dict(made["model"])
    kept["parameters"] = _by_name(kept["parameters"])
    now = describe_model(model, kept["components"])
    now["parameters"] = _by_name(now["parameters"])
    unlike = differences(kept, now)
    if unlike:
        raise ValueError(f"it was trained for another model: {'; '.join(unlike)}")


def rebuild(content: Mapping[str, Any], model: Model) -> tuple[nn.Module, Normalisation]:
    """The trained network in the state of use, and the normalisation of its attributes.

    ValueError where the model is another one than that of the training.
    """
    made = content["made"]
    if made["network"]["kind"] != "streamflow":
        require_model(made, model)
    normalisation = from_dict(made["normalisation"])
    shape = made["network"]
    network = build_network(
        shape,
        model,
        made["model"]["components"],
        inputs=normalisation.size,
        places=len(made["data"]["basins"]),
        window=made["training"]["window_days"],
    )
    network.load_state_dict(content["network"])
    return network.eval(), normalisation


def place_numbers(made: Mapping[str, Any], ids: Sequence[str]) -> Tensor:
    """Numbers of these basins in the training; only a network of kind 'basin' needs them.

    ValueError names the basins that such a network does not know.
    """
    if made["network"]["kind"] != "basin":
        return torch.arange(len(ids))
    known = {name: number for number, name in enumerate(made["data"]["basins"])}
    strange = [name for name in ids if name not in known]
    if strange:
        raise ValueError(
            f"it holds one parameter set per training basin and knows nothing of {len(strange)} of these basins "
            f"({', '.join(strange[:5])})"
        )
    return torch.tensor([known[name] for name in ids])


def _by_name(parameters: Sequence[Sequence[Any]]) -> dict[str, Any]:
    return {name: list(rest) for name, *rest in parameters}


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _short(value: Any) -> str:
    text = "absent" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
