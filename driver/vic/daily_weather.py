"""Weather of VIC's steps from daily precipitation, lowest and highest temperature and wind."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...kernels.disaggregation import ARID, Clock, Record, disaggregate, estimate, sun
from ...kernels.disaggregation.daily import RAIN_DAYS, YEAR_DAYS
from ...kernels.disaggregation.edges import AROUND
from ..errors import InputError
from .daily_choices import LOCAL, DailyChoices
from .parameters import Arrays
from .weather import DAYS, Forcing, Span, require_types

DAY = 86400
BLOCK = 180  # days that are estimated together
GROUP = 6  # days whose steps are derived together: always the same ones, so that a restart gives the same bits
PLACES = 512  # at once: their arrays lie in the processor's cache


class DailyForcing:
    """Series of steps that are derived from one of days while they are read."""

    def __init__(
        self,
        days: Forcing,
        latitude: np.ndarray,
        longitude: np.ndarray,
        elevation: np.ndarray,
        steps: int,
        chosen: DailyChoices | None = None,
        where: str = "daily weather",
    ):
        """days: values by the names of weather.DAILY_TYPES; steps: how many a day.

        latitude degrees north, longitude degrees east, elevation m [place]. InputError where the series is not of days
        from 00:00, ValueError where a step is not a whole number of seconds.
        """
        start = days.span.start
        if days.span.interval != DAY or start != start.astype("datetime64[D]"):
            raise InputError(
                f"{where}: intervals of {days.span.interval} s from {start}; TMIN and TMAX need days from 00:00"
            )
        if steps < 1 or DAY % steps:
            raise ValueError(f"{steps} steps of a day are not whole seconds")
        self.days, self.where, self.steps = days, where, steps
        self.chosen = chosen or DailyChoices()
        self.latitude = np.asarray(latitude, np.float64)
        self.elevation = np.asarray(elevation, np.float64)
        self.clock = self.chosen.on(longitude)
        self.span = Span(start, DAY // steps, days.span.count * self.steps)
        # Blocks and groups are of the calendar, not of the files that happen to be open.
        self.before = int(start.astype("datetime64[D]").astype(int)) % BLOCK
        self.block: tuple[int, int, list[Record]] | None = None
        self.group: tuple[int, Arrays] | None = None

    def read(self, first: int, stop: int) -> Arrays:
        """Steps first <= number < stop, by the names of the kernels, [time, place]; InputError where values cannot be.

        The same bits, whatever is read together, and wherever the files begin, if it is early enough.
        """
        length, shift = GROUP * self.steps, self.before * self.steps
        first, stop = first + shift, stop + shift
        parts: dict[str, list[np.ndarray]] = {}
        for number in range(first // length, -(-stop // length)):
            if self.group is None or self.group[0] != number:
                self.group = (number, self._steps_of(number))
            cut = slice(max(first - number * length, 0), stop - number * length)
            for name, values in self.group[1].items():
                parts.setdefault(name, []).append(values[cut])
        return {name: np.concatenate(found) for name, found in parts.items()}

    def _steps_of(self, group: int) -> Arrays:
        """Steps of all days of a group; those that the series has not are never read."""
        block, chosen = group * GROUP // BLOCK, self.chosen
        if self.block is None or self.block[0] != block:
            self.block = (block, *self._estimated(block))
        _, origin, records = self.block
        begin = group * GROUP - self.before - origin
        found = []
        for k, record in enumerate(records):
            clock = Clock(*(part[k * PLACES : (k + 1) * PLACES] for part in self.clock))
            found.append(disaggregate(record, clock, begin, begin + GROUP, self.steps, chosen.longwave, chosen.clouds))
        return {name: np.concatenate([part[name] for part in found], axis=1) for name in found[0]}

    def _estimated(self, block: int) -> tuple[int, list[Record]]:
        """Daily records of a block for every few places, and the day that they begin at."""
        count, begin = self.days.span.count, block * BLOCK - self.before
        longest = YEAR_DAYS if self.chosen.humidity == ARID else RAIN_DAYS
        first = max(0, begin - longest - AROUND)
        # The first days look ahead as long as others look back.
        stop = min(count, max(begin + BLOCK + AROUND, longest))
        dates = self.days.span.times()[first:stop]
        values = self.days.read(first, stop)
        require_ordered(values, dates, self.where)
        return first, [
            _record(values, dates, slice(k, k + PLACES), self.latitude, self.elevation, self.chosen)
            for k in range(0, self.latitude.size, PLACES)
        ]


def daily_weather(
    dates: np.ndarray,
    values: Arrays,
    latitude: np.ndarray,
    longitude: np.ndarray,
    elevation: np.ndarray,
    steps: int,
    chosen: DailyChoices | None = None,
) -> Arrays:
    """Weather of all steps of successive days by the names of kernels/vic/parameters.WEATHER, [time, place].

    values [day, place]: precipitation mm d-1, minimum and maximum degC, wind m s-1; where they were measured, shortwave
    and longwave W m-2 (means of 24 hours) and vapour_pressure Pa are taken in place of the derived ones. dates:
    datetime64; steps: how many a day. What comes out fits clock.forcing_rows. InputError where something is missing
    or cannot be.
    """
    days = _Given(dates, values)
    forcing = DailyForcing(days, latitude, longitude, elevation, steps, chosen)
    return forcing.read(0, forcing.span.count)


class _Given:
    """A series of arrays."""

    def __init__(self, dates: np.ndarray, values: Arrays):
        from .weather import DAILY_TYPES, FACTORS, plausible

        names = {variable.name: force_type for force_type, variable in DAILY_TYPES.items()}
        require_types([names.get(name, name) for name in values], "daily weather", DAYS)
        starts = dates.astype("datetime64[s]")
        if (np.diff(starts.astype(np.int64)) != DAY).any():
            raise InputError("daily weather: dates are not successive days")
        self.span = Span(starts[0], DAY, len(starts))
        for name, found in values.items():
            kind = names[name]
            plausible(kind, found / FACTORS.get(kind, 1.0), "daily weather", dates, DAYS)
        self.values = values

    def read(self, first: int, stop: int) -> Arrays:
        return {name: found[first:stop] for name, found in self.values.items()}


def require_ordered(values: Mapping[str, np.ndarray], dates: np.ndarray, where: str) -> None:
    """InputError with day and place where the lowest temperature is above the highest."""
    wrong = values["minimum"] > values["maximum"]
    if wrong.any():
        day, place = np.argwhere(wrong)[0]
        low, high = values["minimum"][day, place], values["maximum"][day, place]
        raise InputError(
            f"{where}: TMIN {low:g} is above TMAX {high:g} degC on {dates[day].astype('datetime64[D]')}, place "
            f"{place + 1} ({wrong.mean():.2%} of all values); correct the files, or are the names exchanged?"
        )


def _record(
    values: Arrays,
    dates: np.ndarray,
    places: slice,
    latitude: np.ndarray,
    elevation: np.ndarray,
    chosen: DailyChoices,
) -> Record:
    own = {name: np.ascontiguousarray(found[:, places], np.float64) for name, found in values.items()}
    day, year = dates.astype("datetime64[D]"), dates.astype("datetime64[Y]")
    start, end = year.astype("datetime64[D]"), (year + 1).astype("datetime64[D]")
    sky = sun((day - start).astype(int) + 1, (end - start).astype(int))
    if chosen.clock == LOCAL:
        # The clock is the sun's own: noon at 12 the whole year.
        sky = sky._replace(equation=np.zeros_like(sky.equation))
    north, height = latitude[places], elevation[places]
    daily = estimate(
        own["precipitation"], own["minimum"], own["maximum"], north, height, sky,
        own.get("shortwave"), own.get("vapour_pressure"), chosen.humidity, chosen.wet_above,
    )  # fmt: skip
    rain, low, high, wind = (own[name] for name in ("precipitation", "minimum", "maximum", "wind"))
    return Record(rain, low, high, wind, daily, sky, north, height, own.get("longwave"))
