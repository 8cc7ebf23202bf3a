"""The water balance: what enters, leaves and is stored, for every basin and day, in float64."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..kernels.balance import Rows, Sums, add_days
from ..kernels.model import Model
from .errors import NumericsError
from .schedule import Schedule
from .stepping import Steps

# Rounding that one day may add, in units of the precision times the water that is stored and moved.
ROUNDINGS = 32.0
# Residuals below this, mm d-1, are never complained of in float64 (promise 25).
SMALLEST = 1e-9


class Balance:
    """Residuals, summed from the first day of output.

    The daily residual is (what enters) - (what leaves) - (change of the states); the total compares with the discharge
    at the outlet, where flow is routed in the basin itself, and counts the water on its way there as stored. tolerance
    0 is chosen by the precision: ROUNDINGS roundings of the water stored and moved that day.
    """

    def __init__(
        self,
        model: Model,
        ids: Sequence[str],
        precision: str,
        components: int,
        tolerance: float = 0.0,
        threads: int = 1,
        kind: str = "basin",
    ):
        self.fluxes = [variable for variable in model.fluxes if variable.balance]
        self.storages = model.storages
        self.states = [model.states[row].name for row, _ in self.storages]
        self.ids, self.tolerance, self.threads, self.kind = ids, tolerance, threads, kind
        self._rounding = float(np.finfo(precision).eps) * (ROUNDINGS * model.steps_per_day + components)
        self._clear()

    def _clear(self) -> None:
        places = len(self.ids)
        self.net = np.zeros(places)  # gain of the cells from all fluxes, mm
        self.delay = np.zeros(places)  # runoff less discharge, mm
        self.inflow = np.zeros(places)  # all that entered, mm
        self.largest = np.zeros(places)  # largest daily residual, mm d-1
        self.begun = np.zeros(places)  # water in the states at the start, mm
        self.stored = np.zeros(places)  # the same before the next day, mm
        self.routing_begun = np.zeros(places)  # water in the routing at the start, mm

    @property
    def names(self) -> list[str]:
        """Outputs that a balance needs."""
        return [variable.name for variable in self.fluxes] + self.states + ["runoff"]

    def start(self, state: np.ndarray, in_transit: np.ndarray, weights: np.ndarray | None = None) -> None:
        """Begin with the states [row, cell] and the water in the routing [place] of this moment.

        weights: share [component, place] of each component; None = all alike.
        """
        self._clear()
        places = len(self.ids)
        components = state.shape[1] // max(places, 1)
        # One after the other: numpy's own sums have other bits where there is one place only.
        for number, unit in self.storages:
            row, total = state[number].astype(np.float64).reshape(components, places), np.zeros(places)
            for component in range(components):
                total += row[component] if weights is None else weights[component] * row[component]
            self.begun += unit * (total / max(components, 1) if weights is None else total)
        self.stored = self.begun.copy()
        self.routing_begun = in_transit.copy()

    def add(self, days: Steps, begin: int, schedule: Schedule) -> None:
        """Count the values of the days from `begin` on.

        NumericsError, with basin and date, where a day does not close or a value is no number.
        """
        row = {name: number for number, name in enumerate(days.names)}
        rows = Rows(
            np.array([row[variable.name] for variable in self.fluxes]),
            np.array([float(variable.balance) for variable in self.fluxes]),
            np.array([row[name] for name in self.states]),
            np.array([unit for _, unit in self.storages]),
            row["runoff"],
        )
        sums = Sums(self.net, self.delay, self.inflow, self.largest, self.stored)
        before = self.stored.copy()
        limits = (self._rounding, SMALLEST, self.tolerance)
        if not add_days(days.outputs, days.routed, rows, sums, *limits, self.threads):
            self._complain(days, before, begin, schedule)

    def total(self, in_transit: np.ndarray) -> np.ndarray:
        """Residual [place] since the start, mm: all that entered less all that left at the outlet or is stored."""
        return self.net - (self.stored - self.begun) + self._routing_residual(in_transit)

    def require_closed(self, in_transit: np.ndarray, days: int) -> None:
        """NumericsError where the routing of a basin lost or made water, beyond rounding, since the start."""
        residual = np.abs(self._routing_residual(in_transit))
        moved = self._rounding * (self.inflow + self.begun + self.routing_begun)
        allowed = np.broadcast_to(self.tolerance * days or np.maximum(SMALLEST * max(days, 1), moved), residual.shape)
        wrong = ~(residual <= allowed)
        if wrong.any():
            place = int(np.argmax(wrong))
            raise NumericsError(
                f"the water balance of the routing of {self.kind} {self.ids[place]} does not close: "
                f"{residual[place]:.3g} mm in {days} days (allowed {allowed[place]:.3g} mm; "
                "balance_tolerance in &run changes that)"
            )

    def _routing_residual(self, in_transit: np.ndarray) -> np.ndarray:
        return self.delay - (in_transit - self.routing_begun)

    def carry(self) -> dict[str, Any]:
        """What has to be kept for an exact continuation."""
        names = ("net", "delay", "inflow", "largest", "begun", "stored", "routing_begun")
        return {f"balance_{name}": getattr(self, name) for name in names}

    def restore(self, kept: dict[str, Any]) -> None:
        """Go on from what carry gave."""
        for name in self.carry():
            setattr(self, name.removeprefix("balance_"), kept[name])

    def _complain(self, days: Steps, before: np.ndarray, begin: int, schedule: Schedule) -> None:
        """NumericsError that names the first day and basin that is not in order; `before` is what was stored then."""
        fields = days.fields
        gains = [variable.balance * fields[variable.name].astype(np.float64) for variable in self.fluxes]
        units = [unit for _, unit in self.storages]
        parts = [unit * fields[name].astype(np.float64) for name, unit in zip(self.states, units, strict=True)]
        stored = np.sum(parts, axis=0)
        earlier = np.concatenate((before[None], stored[:-1]))
        with np.errstate(invalid="ignore"):
            residual = np.sum(gains, axis=0) - (stored - earlier)
            moved = np.sum(np.abs(gains), axis=0)
            allowed = np.maximum(SMALLEST, self._rounding * (earlier + moved))
        if self.tolerance:
            allowed = np.full_like(residual, self.tolerance)
        wrong = np.argwhere(~(np.abs(residual) <= allowed))
        if not len(wrong):
            require_numbers(fields, self.ids, begin, schedule, self.kind)
            return
        day, place = wrong[0]
        where = f"{self.kind} {self.ids[place]} on {schedule.date_text(begin + int(day))}"
        states = ", ".join(
            f"{name} {unit * fields[name][day, place]:.6g}" for name, unit in zip(self.states, units, strict=True)
        )
        if not np.isfinite(residual[day, place]):
            raise NumericsError(
                f"the model gives no number in {where}: its parameters or its weather are out of range (states at the "
                f"end of the day, mm: {states})"
            )
        raise NumericsError(
            f"the water balance of {where} does not close: {residual[day, place]:.3g} mm (allowed "
            f"{allowed[day, place]:.3g}; balance_tolerance in &run changes that; states at the end of the day, mm: "
            f"{states})"
        )


def require_numbers(
    fields: Mapping[str, np.ndarray], ids: Sequence[str], begin: int, schedule: Schedule, kind: str = "basin"
) -> None:
    """NumericsError, with variable, basin and date, where a value [time, place] is no number."""
    for name, values in fields.items():
        wrong = ~np.isfinite(values)
        if wrong.any():
            day, place = np.argwhere(wrong)[0]
            raise NumericsError(
                f"{name} of {kind} {ids[place]} on {schedule.date_text(begin + int(day))} is {values[day, place]}: the "
                f"parameters or the weather of the {kind} are out of range"
            )
