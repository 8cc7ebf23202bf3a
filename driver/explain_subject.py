"""What is explained: the parameters that a checkpoint gives the places of the data, as a function of attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..kernels.variable import Variable
from ..nn import checkpoint
from ..nn.attribution import Function
from ..nn.attribution_network import DailyParametersOf, ParametersOf, parameter_network
from ..nn.correction import Corrected
from ..nn.normalisation import Normalisation
from ..nn.weather import reads
from .errors import ConfigurationError, InputError
from .nearest import suggestion
from .parameters import declared
from .settings_routing_check import FORMS as GRIDS
from .told_as import told_as
from .training_checkpoint import require_like
from .training_folder import BEST

# What a network may learn beside the parameters.
FACTOR = Variable("precipitation_factor", "1", "factor of precipitation, mean of the year", low=0.0)


@dataclass(frozen=True)
class Subject:
    """One trained network at the places of a source.

    variables   what it gives, of which `function` makes values of the chosen rows: (rows, each component) -> Function
    components  of each variable, 0 where a variable (routing) has none
    inputs      [place, input] and background [row, input], as the network sees them
    """

    path: Path
    content: dict[str, Any]
    variables: tuple[Variable, ...]
    components: tuple[int, ...]
    normalisation: Normalisation
    inputs: Tensor
    background: Tensor
    function: Callable[[Sequence[int], bool], Function]

    def rows(self, names: Sequence[str], where: str) -> list[int]:
        """Numbers of the variables of these names, of all without names. ConfigurationError where one is unknown."""
        known = [variable.name for variable in self.variables]
        for name in names:
            if name not in known:
                raise ConfigurationError(
                    f"{where}: &explain variables: '{self.path}' gives no '{name}'{suggestion(name, known)}"
                )
        return [known.index(name) for name in names or known]


def checkpoints(settings: Any) -> list[tuple[Path, dict[str, Any]]]:
    """Paths and contents of the checkpoints that &explain names.

    ConfigurationError where there is none, or its network looks at no attributes; InputError where one is damaged.
    """
    own = Path(settings.training.directory) / BEST
    paths = [Path(path).expanduser() for path in settings.explain.checkpoint] or [own]
    if not settings.explain.checkpoint and not own.exists():
        raise ConfigurationError(
            f"{settings.path}: &explain checkpoint: none is given, and '{own}' does not exist: name one, or start "
            "freshet train first"
        )
    found = []
    for path in paths:
        with told_as(ValueError, InputError):
            found.append((path, checkpoint.load(path)))
        kind = found[-1][1]["made"]["network"]["kind"]
        if not found[-1][1]["made"]["normalisation"]:
            raise ConfigurationError(
                f"{settings.path}: &explain checkpoint: '{path}' has a network of kind '{kind}', which looks at no "
                "attributes: there is nothing to explain; train one of kind 'attributes'"
            )
    return found


def subjects(settings: Any, source: Any, kept: Sequence[tuple[Path, dict[str, Any]]]) -> list[Subject]:
    """What is explained, one for each checkpoint.

    ConfigurationError or InputError where a checkpoint was made for another model, other data or attributes.
    """
    found = []
    for path, content in kept:
        if content["made"].get("rivers"):
            if settings.data.form not in GRIDS:
                raise ConfigurationError(
                    f"{settings.path}: &explain checkpoint: '{path}' is of a training on a grid, &data has form = "
                    f"'{settings.data.form}': explain it with the namelist of its training"
                )
            from .explain_grid import grid_subject

            found.append(grid_subject(settings, source, path, content))
        else:
            found.append(_subject(settings, source, path, content))
    for one in found[1:]:
        if (one.normalisation.names, one.components) != (found[0].normalisation.names, found[0].components):
            raise ConfigurationError(
                f"{settings.path}: &explain checkpoint: '{one.path}' has other attributes or components than "
                f"'{found[0].path}': explain them one by one"
            )
    return found


def _subject(settings: Any, source: Any, path: Path, content: dict[str, Any]) -> Subject:
    """A network that gives the model's parameters from attributes of basins, or of cells with the same attributes."""
    model, made = settings.model, content["made"]
    with told_as(ValueError, InputError, f"checkpoint '{path}' cannot be used here: "):
        network, normalisation = checkpoint.rebuild(content, model)
        require_like(made, source, settings.data)
        inputs = torch.from_numpy(normalisation.apply(source.attributes, len(source.ids)))
        background = inputs if settings.explain.background == "places" else _of_training(made, normalisation)
    if made["network"]["kind"] == "streamflow":
        raise ConfigurationError(
            f"{settings.path}: &explain checkpoint: '{path}' gives streamflow and no parameters: there is nothing to "
            "explain"
        )
    kind, count = next(network.parameters()).dtype, made["model"]["components"]
    own = len(model.parameters)
    variables = declared(model) + ((FACTOR,) if isinstance(network, Corrected) else ())
    return Subject(
        path,
        content,
        variables,
        (count,) * own + (0,) * (len(variables) - own),
        normalisation,
        inputs.to(kind),
        background.to(kind),
        _function(network, path, made, source),
    )


def _function(network: Any, path: Path, made: dict[str, Any], source: Any) -> Callable[[Sequence[int], bool], Function]:
    """What makes a function of the network; networks that read the weather get that of the end of their training."""
    if reads(network) == "nothing":
        return lambda rows, each: ParametersOf(network, rows, each)
    try:
        stop = source.axis.index(made["training"]["end"]) + 1
    except ConfigurationError as error:
        raise InputError(
            f"checkpoint '{path}' reads the weather of the last days of its training, and the data lack them: {error}"
        ) from error
    weather = source.forcing(max(0, stop - parameter_network(network).memory), stop)
    forcing = torch.from_numpy(weather).to(next(network.parameters()).dtype)
    return lambda rows, each: DailyParametersOf(network, forcing, rows, each)


def _of_training(made: dict[str, Any], normalisation: Normalisation) -> Tensor:
    """Inputs [row, input] of the places of the training, which the checkpoint keeps."""
    kept = {name: np.asarray(column) for name, column in made["attributes"].items()}
    return torch.from_numpy(normalisation.apply(kept, len(made["data"]["basins"])))
