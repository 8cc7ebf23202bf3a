"""Physics and rivers of a domain as one function of what is learned, and what observations see of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from .objective import RIVER_WATER, Objective, Term
from .observation import Period, river_water, storage_change
from .physics import Physics
from .river import River
from .slabs import Slabs

LAND, RIVER, WEATHER = "land", "river", "weather"
# Potential evaporation of some days, first day and day behind the last: [time, place] of all places.
Evaporation = Callable[[int, int], Tensor]


@dataclass(frozen=True)
class Learned:
    """What one row of the network's values means.

    rows    that it sets: several rows have the same value, or are multiplied alike
    factor  it multiplies what is there instead of taking its place
    of      whose rows these are: LAND (parameters of the model), RIVER (those of the router), or WEATHER (factors of
            the forcing)
    """

    rows: tuple[int, ...]
    factor: bool = False
    of: str = LAND


@dataclass(frozen=True)
class Domain:
    """What is simulated, and what is compared; the own slab of places and nodes, everything else whole.

    forcing     [time, row, own place]
    geometry    [row, own place]
    base        [parameter, place] and river_base [parameter, node]: values of what is not learned
    learned     what the rows of the network's values are, in its order
    node_place  [node] place whose value a node takes, -1: it keeps that of river_base
    inputs      [place, input] of the network
    gauges      [gauge] nodes in ascending order, and area [gauge], m2 upstream
    observed    [time, gauge] mm d-1 over that area, NaN = gap
    places, nodes, at_gauges   the cut of all three between ranks
    downstream, land_area   [node], own index at ends, and [place] m2: for the water in the rivers
    """

    forcing: Tensor
    geometry: Tensor
    base: Tensor
    river_base: Tensor
    learned: tuple[Learned, ...]
    node_place: Tensor
    inputs: Tensor
    gauges: Tensor
    area: Tensor
    observed: Tensor
    places: Slabs
    nodes: Slabs
    at_gauges: Slabs
    downstream: Tensor | None = None
    land_area: Tensor | None = None


@dataclass(frozen=True)
class Simulated:
    """What a simulation gives from the day `begin` on.

    discharge  [time, gauge] mm d-1 over their areas, of all gauges
    fields     outputs of the model by name [time, own place]
    water      what nodes kept and what left them, m3 [time, own node]; None unless asked for
    """

    begin: int
    discharge: Tensor
    fields: dict[str, Tensor] = field(default_factory=dict)
    water: tuple[Tensor, Tensor] | None = None


class Basins(nn.Module):
    """Physics and rivers of a domain as one function of the network's values."""

    def __init__(self, physics: Physics, river: River, domain: Domain) -> None:
        super().__init__()
        self.physics, self.river, self.domain = physics, river, domain

    def parameters_of(self, values: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """Parameters [parameter, place] and [parameter, node], and factors of the forcing [row, place].

        Of all places, from the learned values [row, place]; None: those to begin with.
        """
        domain = self.domain
        rows = {
            LAND: list(domain.base),
            RIVER: list(domain.river_base),
            WEATHER: list(domain.base.new_ones((domain.forcing.shape[1], domain.base.shape[1]))),
        }
        known, place = domain.node_place >= 0, domain.node_place.clamp(min=0)
        for what, value in zip(domain.learned, () if values is None else values, strict=values is not None):
            target = rows[what.of]
            here = value[place] if what.of == RIVER else value
            for row in what.rows:
                new = target[row] * here if what.factor else here
                target[row] = torch.where(known, new, target[row]) if what.of == RIVER else new
        land, river, weather = (torch.stack(rows[name]) for name in (LAND, RIVER, WEATHER))
        return land, river, weather

    def forward(self, values: Tensor | None, period: Period, warmup: int) -> Tensor:
        """Discharge at the gauges [time, gauge], mm d-1 over their areas, of the days of the period."""
        return self.simulate(values, period, warmup).discharge

    def simulate(
        self,
        values: Tensor | None,
        period: Period,
        warmup: int,
        evaporation: Evaporation | None = None,
        rivers: bool = False,
    ) -> Simulated:
        """Discharge, and the outputs of the physics; with rivers: their water too.

        The `warmup` days before the period (fewer where the data begin later) run without gradient. evaporation: gives
        potential evaporation in place of that of the forcing.
        """
        domain, (start, stop) = self.domain, period
        land, river, weather = self.parameters_of(values)
        land, weather = domain.places.share(land)[:, None], domain.places.share(weather)
        river = domain.nodes.share(river)
        first = max(0, start - warmup)
        stores = water = None
        if first < start:
            with torch.no_grad():
                stores, water = self._warm_up(self._forcing(first, start, weather, evaporation), land, river)
        forcing = self._forcing(start, stop, weather, evaporation)
        outputs, _ = self.physics(forcing, land, state=stores, geometry=self._geometry())
        flow, _ = self.river(outputs[:, 0], river, water)
        own = domain.gauges[domain.at_gauges.low : domain.at_gauges.high] - domain.nodes.low
        return Simulated(
            start,
            domain.at_gauges.collect(flow[:, own]) * (86400e3 / domain.area),
            {name: outputs[:, row] for row, name in enumerate(self.physics.outputs)},
            storage_change(self.river.lateral(outputs[:, 0]), flow) if rivers else None,
        )

    def compared(self, objective: Objective, simulated: Simulated, period: Period) -> list[tuple[Tensor, Tensor]]:
        """Simulated and observed [step, target] of each term in a period, on every rank; the simulation covers it."""
        pairs = []
        for term in objective.terms:
            covered = term.steps.within(term.span(period))
            pairs.append(term.pair(self.seen(term, simulated, covered), covered, period))
        return pairs

    def seen(self, term: Term, simulated: Simulated, steps: slice) -> Tensor:
        """What a term would see [step, target]: means over time first, which shortens what ranks tell each other."""
        if term.regions is None:
            return term.steps.means(simulated.discharge, simulated.begin, steps)
        fields = [simulated.fields[name] for name in term.parts if name != RIVER_WATER]
        pieces = []
        if fields:
            own = torch.stack(fields).sum(0) if len(fields) > 1 else fields[0]
            pieces.append(self.domain.places.collect(term.steps.means(own, simulated.begin, steps)))
        if RIVER_WATER in term.parts:
            pieces.append(self._river_water(term, simulated, steps))
        return term.regions.means(pieces[0] if len(pieces) == 1 else pieces[0] + pieces[1])

    def _river_water(self, term: Term, simulated: Simulated, steps: slice) -> Tensor:
        """Change of the water in rivers since the first day, mm [step, place]."""
        domain = self.domain
        if simulated.water is None or domain.downstream is None or domain.land_area is None:
            raise ValueError(f"{term.name}: water in rivers needs downstream, land_area, and a simulation with rivers")
        kept, left = (
            domain.nodes.collect(term.steps.means(water, simulated.begin, steps)) for water in simulated.water
        )
        drained = torch.nonzero(domain.node_place >= 0)[:, 0]
        place = domain.node_place[drained]
        water = river_water(kept, left, domain.downstream)[:, drained] * (1e3 / domain.land_area[place])
        whole = water.new_zeros((len(water), len(domain.land_area)))
        return whole.index_add(1, place, water).to(domain.base.dtype)

    def _forcing(self, start: int, stop: int, factors: Tensor, evaporation: Evaporation | None) -> Tensor:
        """Forcing of some days, corrected and multiplied where that is learned."""
        domain = self.domain
        forcing = domain.forcing[start:stop]
        if evaporation is not None:
            row = [variable.name for variable in self.physics.model.forcings].index("potential_evaporation")
            own = domain.places.share(evaporation(start, stop))
            forcing = forcing.index_copy(1, torch.tensor([row]), own[:, None])
        if not any(what.of == WEATHER for what in domain.learned):
            return forcing
        return forcing * factors

    def _warm_up(self, forcing: Tensor, land: Tensor, river: Tensor) -> tuple[Tensor, Tensor]:
        outputs, stores = self.physics(forcing, land, geometry=self._geometry())
        return stores, self.river(outputs[:, 0], river)[1]

    def _geometry(self) -> Tensor | None:
        return self.domain.geometry if self.domain.geometry.shape[0] else None
