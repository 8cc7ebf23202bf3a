"""freshet explain: which attributes make a network give a place its parameters (expected gradients)."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import torch

from ..nn.attribution import Attribution, draws, expected_gradients
from ..nn.attribution_network import by_attribute
from .explain_result import Explanation, One
from .explain_subject import Subject, checkpoints, subjects
from .files import made_folder

EARLY, LONG = 3.0, 60.0  # seconds after which the time left is known, and from which it is told


def explain(settings: Any, source: Any = None) -> Explanation:
    """Explain the parameters of &explain; write and print tables, draw pictures. source None opens the settings' own.

    Into the directory of &explain: attributions.nc, importance.csv and pictures. ConfigurationError where the
    checkpoint has nothing to explain or is of another training, InputError where data or checkpoint lack what is
    needed, WriteError where a file cannot be written.
    """
    from .explain_report import show, write

    kept = checkpoints(settings)
    torch.set_num_threads(settings.run.threads)
    directory = Path(settings.explain.directory)
    with made_folder(directory, "explain"):
        if source is None:
            from .catchments import open_source

            source = open_source(settings, "explain")
        result = explanation(settings, source, kept)
        write(directory, result, source, settings)
    show(result)
    if settings.explain.plots:
        from .explain_plots import draw

        draw(directory, result, source, settings.explain)
    print(f"tables and pictures are in {directory}")
    return result


def explanation(settings: Any, source: Any, kept: list[tuple[Path, dict[str, Any]]]) -> Explanation:
    """Attributions of the parameters that &explain asks for, at the places of the source; kept: see checkpoints."""
    asked = settings.explain
    members = subjects(settings, source, kept)
    first = members[0]
    rows = first.rows(asked.variables, settings.path)
    each = asked.components == "each"
    sizes = [first.components[row] or 1 if each else 1 for row in rows]
    runs = [_attributed(member, rows, each, asked) for member in members]
    variables = tuple(first.variables[row] for row in rows)
    found = {}
    for variable, part in zip(variables, _slices(sizes), strict=True):
        phi, value, expected = (np.mean([run[k][part] for run in runs], 0) for k in range(3))
        importance = [np.abs(run[0][part]).mean(-1) for run in runs]
        deviation = np.std(importance, 0, ddof=1) if len(runs) > 1 else None
        found[variable.name] = One(phi, value, expected, deviation)
    samples = len(draws(len(first.background), asked.samples, asked.seed).row)
    names = first.normalisation.names
    return Explanation(list(source.ids), names, variables, found, members, len(first.background), samples)


class Patience:
    """Says once how long it will take, where that is long."""

    def __init__(self) -> None:
        self.begun, self.told = monotonic(), False

    def __call__(self, share: float) -> None:
        """After every chunk, with the share that is done."""
        spent = monotonic() - self.begun
        left = spent / share - spent
        if not self.told and spent > EARLY and left > LONG:
            self.told = True
            print(
                f"about {left / 60:.0f} minutes left; quicker with fewer samples or variables in &explain, or fewer "
                "basins in &data",
                flush=True,
            )


def _slices(sizes: list[int]) -> list[slice]:
    ends = np.cumsum([0, *sizes]).tolist()
    return [slice(*pair) for pair in pairwise(ends)]


def _attributed(member: Subject, rows: list[int], each: bool, asked: Any) -> tuple[np.ndarray, ...]:
    """phi [output, attribute, place], value and expected [output, place] of one network."""
    samples = draws(len(member.background), asked.samples, asked.seed)
    found: Attribution = expected_gradients(
        member.function(rows, each), member.inputs, member.background, samples, report=Patience()
    )
    phi = by_attribute(found.phi, member.normalisation).transpose(1, 2)
    return phi.numpy(), found.value.numpy(), found.expected.numpy()
