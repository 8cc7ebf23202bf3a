"""What is learned from on a grid: forcing, parameters to begin with, the river, and discharge at gauges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ...kernels.rivers.plan import plan
from ...nn.grid_network import Correction
from ...nn.normalisation import Normalisation, fit
from ...nn.objective import DISCHARGE
from ...nn.physics import Physics
from ...nn.river import River
from ...nn.river_basins import Basins, Domain
from ...nn.slabs import Slabs
from ..errors import ConfigurationError, InputError
from ..geometry import geometry
from ..observed_discharge import observations_file, observed_discharge
from ..parallel.division import Division, divide
from ..parallel.exchange import exchange
from ..parallel.world import World
from ..parameters import Parameters, parameters
from ..river_input import river_input
from ..river_stepping import RiverInput
from ..training_attributes import choose
from ..training_data import periods_of
from .forcing import Days, climate, days_of, read_forcing
from .inputs import fields_of
from .learned import Lessons, lessons
from .objectives import Compared, baselines, compared
from .pet import correction

Say = Callable[[str], None]


@dataclass(frozen=True)
class Lesson:
    """What a training on a grid learns from.

    basins         physics and rivers of this rank's part
    days           the days of the arrays; periods by name as indices on them
    gauges         those with observations, in the order of the arrays
    given, rivers  parameters to begin with, of all places and nodes
    start          values [row, place] to begin with, of what is learned
    compared       what is made small, with the names of its targets
    correction     of potential evaporation, or None
    """

    basins: Basins
    days: Days
    periods: dict[str, tuple[int, int]]
    gauges: list[Any]
    given: Parameters
    rivers: RiverInput
    lessons: Lessons
    start: torch.Tensor
    normalisation: Normalisation
    compared: Compared
    correction: Correction | None = None


def prepare(settings: Any, source: Any, world: World, say: Say) -> Lesson:
    """Read what the settings ask for; every rank its own slab of the weather.

    ConfigurationError where settings do not fit together, InputError where data are broken or nothing was observed.
    """
    rivers = river_input(settings, source)
    if rivers is None:
        raise ConfigurationError(
            f"{settings.path}: &routing: discharge is learned from at gauges: name a router, 'cascade' for example"
        )
    if settings.run.components > 1:
        raise ConfigurationError(f"{settings.path}: &run components: cells of a grid are trained with one component")
    given = parameters(settings, source, settings.model)
    fixed = [*settings.parameters.overrides, *settings.routing.overrides]
    learns = lessons(settings.training.variables, settings.model, rivers.router, fixed, settings.path)
    start = learns.start(given.values[:, 0], rivers.parameters, source.river.place)
    for note in learns.cut_off(start, len(source.ids)):
        say(f"note: {note}")
    periods = periods_of(settings, source.axis)
    days = days_of(settings, source.axis, periods | baselines(settings, source.axis))
    gauges, observed = _observed(settings, source, days, say)
    periods = {name: (first + days.offset, stop + days.offset) for name, (first, stop) in periods.items()}
    if not settings.objectives:
        _require_observed(settings, observed, periods)
    division = divide(world, source, True)
    mine = division.cut(source)
    forcing = read_forcing(settings, mine, days)
    normalisation, inputs = _inputs(settings, source, climate(forcing, division, periods["training"]), say)
    domain = _domain(settings, source, division, (forcing, inputs, observed), (given, rivers, learns), gauges, say)
    aim = compared(settings, source, days, periods, domain.observed, gauges, say)
    basins = _basins(settings, source, division, rivers, domain, aim.outputs)
    kind = getattr(torch, settings.run.precision)
    begin = torch.from_numpy(start).to(kind)
    correct = correction(settings, source, division, domain, periods["training"])
    return Lesson(basins, days, periods, gauges, given, rivers, learns, begin, normalisation, aim, correct)


def _observed(settings: Any, source: Any, days: Days, say: Say) -> tuple[list[Any], np.ndarray]:
    """Gauges with observations in the order of nodes, and their discharge [time, gauge] mm d-1, NaN in the lead."""
    if settings.objectives and all(asked.variable != DISCHARGE for asked in settings.objectives):
        return [], np.empty((len(days.index), 0))
    path = observations_file(settings)
    gauges = sorted(source.river.gauges, key=lambda gauge: gauge.node)
    if not gauges:
        raise InputError(f"no gauge is on the river network: there is nothing to learn from ({path})")
    axis = source.axis.slice(days.begin, days.stop)
    observed = observed_discharge(path, gauges, axis)
    known = np.isfinite(observed).any(axis=0)
    if not known.any():
        raise InputError(f"{path} has no observed discharge between {axis.text(0)} and {axis.text(axis.count - 1)}")
    silent = [gauge.id for gauge, there in zip(gauges, known, strict=True) if not there]
    if silent:
        say(f"warning: gauges without observations are not learned from: {', '.join(silent)}")
    share = 100.0 * np.isfinite(observed[:, known]).mean()
    say(f"{int(known.sum())} gauges with observations ({share:.1f} % of the days): {path.name}")
    whole = np.concatenate((np.full((len(days.lead), int(known.sum())), np.nan), observed[:, known]))
    return [gauge for gauge, there in zip(gauges, known, strict=True) if there], whole


def _require_observed(settings: Any, observed: np.ndarray, periods: dict[str, tuple[int, int]]) -> None:
    for name in ("training", "validation"):
        if name in periods and not np.isfinite(observed[slice(*periods[name])]).any():
            raise InputError(f"{settings.path}: &training: no discharge was observed in the {name} period")


def _inputs(settings: Any, source: Any, found: dict[str, np.ndarray], say: Say) -> tuple[Normalisation, torch.Tensor]:
    """The normalisation, and the network's inputs [place, input]; without inputs where the network needs none."""
    places = len(source.ids)
    if settings.network.kind != "attributes" and settings.pet_network.kind == "none":
        return Normalisation(()), torch.empty(places, 0)
    attributes = source.attributes | found | fields_of(settings, source)
    names, warnings = choose(settings.data.attributes, attributes, settings.path)
    for warning in warnings:
        say(f"warning: {warning}")
    normalisation = fit(attributes, names, settings.network.logarithm)
    say(f"{len(names)} fields of the cells, {normalisation.size} inputs: {', '.join(names)}")
    return normalisation, torch.from_numpy(normalisation.apply(attributes, places))


def _domain(
    settings: Any,
    source: Any,
    division: Division,
    arrays: tuple[np.ndarray, torch.Tensor, np.ndarray],
    start: tuple[Parameters, RiverInput, Lessons],
    gauges: list[Any],
    say: Say,
) -> Domain:
    forcing, inputs, observed = arrays
    given, rivers, learns = start
    kind = getattr(torch, settings.run.precision)
    shape, notes = geometry(settings.model, source, settings.run.precision)
    for note in notes:
        say(f"note: {note}")
    shape = np.empty((0, len(source.ids)), settings.run.precision) if shape is None else shape
    node = np.array([gauge.node for gauge in gauges], np.int64)
    world = division.world
    gather = world.all_gather if world.size > 1 else None
    return Domain(
        forcing=torch.from_numpy(forcing),
        geometry=torch.from_numpy(np.ascontiguousarray(shape[:, division.place_slab])),
        base=torch.from_numpy(given.values[:, 0]).to(kind),
        river_base=torch.from_numpy(rivers.parameters).to(kind),
        learned=learns.learned,
        node_place=torch.from_numpy(source.river.place),
        inputs=inputs.to(kind),
        gauges=torch.from_numpy(node),
        area=torch.tensor([gauge.upstream_area for gauge in gauges], dtype=kind),
        observed=torch.from_numpy(observed).to(kind),
        places=Slabs(division.places, world.rank, gather),
        nodes=Slabs(division.nodes, world.rank, gather),
        at_gauges=Slabs(np.searchsorted(node, division.nodes), world.rank, gather),
        downstream=torch.from_numpy(np.asarray(source.river.downstream, np.int64)),
        land_area=torch.from_numpy(np.asarray(source.land_area, np.float64)),
    )


def _basins(
    settings: Any, source: Any, division: Division, rivers: RiverInput, domain: Domain, outputs: tuple[str, ...]
) -> Basins:
    run, nodes, places = settings.run, division.node_slab, division.place_slab
    place = source.river.place[nodes]
    river = River(
        rivers.router,
        plan(source.river.downstream, division.nodes, division.world.rank, run.threads),
        source.land_area[places],
        np.where(place >= 0, place - places.start, -1),
        np.ascontiguousarray(rivers.geometry[:, nodes]),
        substeps=rivers.substeps,
        exchange=exchange(division.world),
    )
    return Basins(Physics(settings.model, outputs=outputs, threads=run.threads), river, domain)
