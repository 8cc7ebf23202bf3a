"""What a checkpoint says of its making, and its use on basins: only on what it was made for."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .. import __version__
from ..kernels.caching import source_hash
from ..kernels.model import Model
from ..nn import checkpoint
from ..nn.correction import Corrected
from ..nn.network import Parameters
from ..nn.normalisation import Normalisation, is_text
from ..nn.weather import asked, reads
from .errors import ConfigurationError, InputError
from .parameters import declared
from .provenance import now, versions

# Settings of a training that may change when it goes on: they do not touch what was done.
# The basins learned from are compared as those of the data.
MAY_CHANGE = (
    "epochs",
    "patience",
    "resume",
    "overwrite",
    "directory",
    "basins",
    "test_basins",
    "tensorboard",
    "series",
)
SAME = 1e-4  # relative difference from which an attribute of a basin is another number


def made_by(settings: Any, source: Any, normalisation: Normalisation) -> dict[str, Any]:
    """Everything that made a checkpoint, in plain values and tensors."""
    asked, data = settings.training, settings.data
    values = {name: source.attributes[name] for name in normalisation.names}
    return {
        "freshet": __version__,
        "versions": versions() | {"torch": str(torch.__version__)},
        "kernels": source_hash(),
        "time": now(),
        "model": checkpoint.describe_model(settings.model, settings.run.components),
        "precision": settings.run.precision,
        "threads": settings.run.threads,
        "normalisation": normalisation.to_dict(),
        "network": _plain(dict(settings.network)),
        "training": _plain({key: value for key, value in asked if key not in MAY_CHANGE}),
        "epochs": asked.epochs,
        "data": {
            "form": data.form,
            "pet": data.pet,
            "forcing_product": data.forcing_product if data.form == "camels_us" else "",
            "on_missing": data.on_missing,
            "generator": _plain(dict(settings.generator)) if data.form == "generated" else {},
            "calendar": source.axis.calendar,
            "basins": [str(name) for name in source.ids],
            "files": [[Path(path).name, str(checksum)] for path, checksum in source.files],
        },
        "attributes": {name: _kept(column) for name, column in values.items()},
        "namelist": settings.text(),
    }


def require_same_training(kept: Mapping[str, Any], made: Mapping[str, Any], path: Path) -> list[str]:
    """Notes on what differs and does no harm; ConfigurationError where a training cannot go on as another one."""
    parts = ("model", "precision", "normalisation", "network", "training", "data")
    unlike = checkpoint.differences({key: kept[key] for key in parts}, {key: made[key] for key in parts})
    if kept["training"]["schedule"] != "constant" and kept["epochs"] != made["epochs"]:
        unlike.append(f"epochs: {kept['epochs']} in the checkpoint, {made['epochs']} here, which bends the schedule")
    if unlike:
        raise ConfigurationError(
            f"'{path}' cannot be gone on with, it is another training: {'; '.join(unlike[:8])}: put the settings back, "
            "or choose another directory in &training"
        )
    harmless = ("freshet", "versions", "kernels", "threads")
    told = checkpoint.differences({key: kept[key] for key in harmless}, {key: made[key] for key in harmless})
    return [f"not to the bit as without a stop, because of {'; '.join(told)}"] if told else []


def parameters_from_checkpoint(
    path: str | Path, source: Any, model: Model, data: Any = None
) -> tuple[np.ndarray, np.ndarray, int]:
    """Parameters [row, cell] and routing [2, place], float64, that a trained network gives the basins of a source.

    Also returns the number of components. data is the group &data of the namelist, for a check of the potential
    evaporation. InputError names what differs where the checkpoint was made for another model, other attributes, or
    basins that it cannot know.
    """
    network, inputs, numbers, made = trained_network(path, source, model, data)
    if made["network"]["kind"] == "streamflow":
        raise InputError(f"checkpoint '{path}' gives streamflow and no parameters: compare it with freshet evaluate")
    if isinstance(network, Corrected):
        raise InputError(
            f"checkpoint '{path}' corrects the precipitation, which freshet run does not do so far: compare its flow "
            "with freshet evaluate"
        )
    if reads(network) == "days":
        raise InputError(
            f"checkpoint '{path}' gives parameters that vary by day, which freshet run does not take so far: compare "
            "its flow with freshet evaluate, or run with the parameters of the last training day (&parameters source = "
            "'file', path = parameters.nc beside the checkpoint)"
        )
    found = static_parameters(path, network, inputs, numbers, made, source)
    return within_bounds(found.static.numpy(), found.routing.numpy(), model)


def trained_network(
    path: str | Path, source: Any, model: Model, data: Any = None
) -> tuple[Any, torch.Tensor, torch.Tensor, dict[str, Any]]:
    """A trained network in the state of use, its inputs and place numbers for the basins of a source, what made it.

    InputError as parameters_from_checkpoint.
    """
    try:
        content = checkpoint.load(Path(path))
    except ValueError as error:
        raise InputError(str(error)) from error
    made = content["made"]
    if made.get("rivers"):
        raise InputError(
            f"checkpoint '{path}' is of a training through rivers, whose parameters are in files: &parameters source = "
            "'file' with parameters.nc beside it, and &routing path with parameters_river.nc"
        )
    try:
        network, normalisation = checkpoint.rebuild(content, model)
        require_like(made, source, data)
        inputs = torch.from_numpy(normalisation.apply(source.attributes, len(source.ids)))
        numbers = checkpoint.place_numbers(made, source.ids)
    except ValueError as error:
        raise InputError(f"checkpoint '{path}' cannot be used here: {error}") from error
    return network, inputs.to(next(network.parameters()).dtype), numbers, made


@torch.no_grad()
def static_parameters(
    path: str | Path,
    network: Any,
    inputs: torch.Tensor,
    numbers: torch.Tensor,
    made: Mapping[str, Any],
    source: Any,
) -> Parameters:
    """Parameters that do not vary; networks that read the weather see that of the last days of their training.

    InputError where the source does not hold these days.
    """
    if reads(network) == "nothing":
        return network(inputs, numbers)
    try:
        stop = source.axis.index(made["training"]["end"]) + 1
    except ConfigurationError as error:
        raise InputError(
            f"checkpoint '{path}' reads the weather of the last days of its training, and the data lack them: {error}"
        ) from error
    days = source.forcing(max(0, stop - max(1, network.memory)), stop)
    weather = torch.from_numpy(days).to(inputs.dtype)
    return asked(network, inputs, numbers, weather, len(weather) - 1)


def within_bounds(static: np.ndarray, routing: np.ndarray, model: Model) -> tuple[np.ndarray, np.ndarray, int]:
    """Parameters [row, cell] and routing [2, place] in float64, rounding beyond the bounds cut off, and components.

    static [row, component, place], routing [2, place].
    """
    low, high = (np.array([getattr(v, end) for v in declared(model)]) for end in ("low", "high"))
    own = len(model.parameters)
    values = np.clip(static.astype(np.float64), low[:own, None, None], high[:own, None, None])
    outlet = np.clip(routing.astype(np.float64), low[own:, None], high[own:, None])
    return np.ascontiguousarray(values.reshape(own, -1)), np.ascontiguousarray(outlet), static.shape[1]


def require_like(made: Mapping[str, Any], source: Any, data: Any) -> None:
    """ValueError where potential evaporation or attributes of a known basin are not those of the training."""
    if data is not None and data.pet != made["data"]["pet"]:
        raise ValueError(
            f"it was trained with pet = '{made['data']['pet']}', &data has pet = '{data.pet}': its parameters make up "
            "for the first"
        )
    known = {name: number for number, name in enumerate(made["data"]["basins"])}
    here = [place for place, name in enumerate(source.ids) if name in known]
    there = [known[source.ids[place]] for place in here]
    for name, kept in made["attributes"].items():
        if name in source.attributes and here:
            _require_same(name, source.attributes[name][here], kept, there, [source.ids[place] for place in here])


def _require_same(name: str, now_values: np.ndarray, kept: Any, there: Sequence[int], ids: Sequence[str]) -> None:
    if is_text(now_values) or isinstance(kept, list):
        return  # classes are compared by the normalisation, one by one
    before, after = kept.numpy()[there], np.asarray(now_values, np.float64)
    unlike = ~(np.isclose(before, after, rtol=SAME, atol=1e-8) | (np.isnan(before) & np.isnan(after)))
    if unlike.any():
        place = int(np.argmax(unlike))
        raise ValueError(
            f"attribute '{name}' of basin {ids[place]} was {before[place]:g} in training and is {after[place]:g} here "
            f"({unlike.sum()} of {len(ids)} basins differ): another data set, or another unit"
        )


def _kept(column: np.ndarray) -> Any:
    return [str(value) for value in column] if is_text(column) else torch.from_numpy(np.array(column, np.float64))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
