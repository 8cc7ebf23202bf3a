"""The water balance: what enters, leaves and is stored, for every basin and day, in float64."""

from typing import Any

import numpy as np

from ..kernels.model import Model
from .errors import NumericsError
from .schedule import Schedule

# Rounding that one day may add, in units of the precision times the water that is stored and moved.
ROUNDINGS = 32.0
# Residuals below this, mm d-1, are never complained of in float64 (promise 25).
SMALLEST = 1e-9


class Balance:
    """Residuals, summed from the first day of output.

    The daily residual is (what enters) - (what leaves) - (change of the states); the total compares with the discharge
    at the outlet and counts the water on its way there as stored. tolerance 0 is chosen by the precision: ROUNDINGS
    roundings of the water stored and moved that day.
    """

    def __init__(self, model: Model, ids: list[str], precision: str, components: int, tolerance: float = 0.0):
        self.fluxes = [variable for variable in model.fluxes if variable.balance]
        self.states = [variable.name for variable in model.states]
        self.ids, self.tolerance = ids, tolerance
        self._rounding = float(np.finfo(precision).eps) * (ROUNDINGS + components)
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
        return [variable.name for variable in self.fluxes] + self.states + ["runoff", "streamflow"]

    def start(self, state: np.ndarray, in_transit: np.ndarray) -> None:
        """Begin with the states [row, cell] and the water in the routing [place] of this moment."""
        self._clear()
        places = len(self.ids)
        means = state.reshape(len(state), -1, places).astype(np.float64).mean(axis=1)
        self.begun = means.sum(axis=0)
        self.stored = self.begun.copy()
        self.routing_begun = in_transit.copy()

    def add(self, days: dict[str, np.ndarray], begin: int, schedule: Schedule) -> None:
        """Count the values [time, place] of the days from `begin` on.

        NumericsError, with basin and date, where a day does not close or a value is no number.
        """
        gains = [variable.balance * days[variable.name].astype(np.float64) for variable in self.fluxes]
        net = np.sum(gains, axis=0)
        stored = np.sum([days[name].astype(np.float64) for name in self.states], axis=0)
        before = np.concatenate((self.stored[None], stored[:-1]))
        with np.errstate(invalid="ignore"):
            residual = net - (stored - before)
        moved = np.sum(np.abs(gains), axis=0)
        allowed = self.tolerance or np.maximum(SMALLEST, self._rounding * (before + moved))
        if not (np.abs(residual) <= allowed).all():
            self._complain(days, residual, np.broadcast_to(allowed, residual.shape), begin, schedule)
        np.maximum(self.largest, np.abs(residual).max(axis=0), out=self.largest)
        delay = days["runoff"].astype(np.float64) - days["streamflow"]
        inflow = np.sum([np.maximum(gain, 0.0) for gain in gains], axis=0)
        # Day by day, so that sums have the same bits however the run is cut.
        for day in range(len(net)):
            self.net += net[day]
            self.delay += delay[day]
            self.inflow += inflow[day]
        self.stored = stored[-1]

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
                f"the water balance of the routing of basin {self.ids[place]} does not close: {residual[place]:.3g} mm "
                f"in {days} days (allowed {allowed[place]:.3g} mm; balance_tolerance in &run changes that)"
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

    def _complain(
        self, days: dict[str, np.ndarray], residual: np.ndarray, allowed: np.ndarray, begin: int, schedule: Schedule
    ) -> None:
        day, place = np.argwhere(~(np.abs(residual) <= allowed))[0]
        where = f"basin {self.ids[place]} on {schedule.date_text(begin + int(day))}"
        states = ", ".join(f"{name} {days[name][day, place]:.6g}" for name in self.states)
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


def require_numbers(days: dict[str, np.ndarray], ids: list[str], begin: int, schedule: Schedule) -> None:
    """NumericsError, with variable, basin and date, where a value [time, place] is no number."""
    for name, values in days.items():
        wrong = ~np.isfinite(values)
        if wrong.any():
            day, place = np.argwhere(wrong)[0]
            raise NumericsError(
                f"{name} of basin {ids[place]} on {schedule.date_text(begin + int(day))} is {values[day, place]}: the "
                "parameters or the weather of the basin are out of range"
            )
