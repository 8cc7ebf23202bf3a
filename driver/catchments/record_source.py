"""A source made of a record: gaps dealt with, values checked, potential evaporation computed."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence

import numpy as np

from ..errors import InputError
from .checked import DISCHARGE, Checked
from .checksums import Checksums
from .evaporation import WIND_HEIGHT, check_places, evaporation, needed, temperature
from .fields import ERA5_LAND_EVAPORATION, FIELDS
from .record import Record
from .source import places_of

BLOCK = 1461
DAY = 86400.0
# Daily ranges that are zero on more than this share of the days are none: the NLDAS files of CAMELS-US give the mean
# as minimum and as maximum.
WITHOUT_RANGE = 0.5


class RecordSource:
    """Catchment data of a door. See source.Source.

    record      the series of the files
    attributes  of its basins
    pet         formula of potential evaporation, a key of evaporation.NEEDS
    on_missing  what to do with gaps in the weather: refuse, or a method of gaps.METHODS
    where       the data, for messages

    ConfigurationError where the data do not have what the formula needs; InputError where they cannot be read.
    """

    def __init__(self, record: Record, attributes: Mapping[str, np.ndarray], pet: str, on_missing: str, where: str):
        self.record, self.pet, self.where = record, pet, where
        usable = dict(record.available)
        self.daylight = "shortwave" in usable and "daylight" in record.title("shortwave").lower()
        if self.daylight and "day_length" not in usable:
            del usable["shortwave"]
        known = [name for name, values in attributes.items() if values.dtype.kind == "f" and np.isfinite(values).all()]
        self.names = needed(pet, usable, known, where)
        self.has_discharge = DISCHARGE in usable
        record.prepare([*self.names, *self._beside(), *([DISCHARGE] if self.has_discharge else [])])
        self.axis, self.attributes, self.ids = record.axis, dict(attributes), list(record.ids)
        check_places(pet, self.names, self.attributes, self.ids, where)
        self.checked = Checked(record, np.arange(len(self.ids)), on_missing)
        self.checksums = Checksums(record.paths)

    @property
    def files(self) -> list[tuple[str, str]]:
        """As Source.files."""
        return self.checksums.files()

    @property
    def notes(self) -> list[str]:
        """As Source.notes."""
        return [*self.record.notes, *self._remarks(), *self.checked.notes()]

    def forcing(self, start: int, stop: int) -> np.ndarray:
        """As Source.forcing."""
        kept: dict[str, np.ndarray] = {}

        def read(name: str) -> np.ndarray:
            if name not in kept:
                kept[name] = self._series(name, start, stop)
            return kept[name]

        block = np.empty((stop - start, 3, len(self.ids)))
        block[:, 0] = read("precipitation")
        block[:, 1] = temperature(read, self.names)
        if self.pet == "hargreaves":
            self._check_range(read("minimum_temperature"), read("maximum_temperature"))
        block[:, 2] = evaporation(self.pet, read, self.names, self.axis.slice(start, stop), self.attributes)
        return block

    def discharge(self, start: int, stop: int) -> np.ndarray | None:
        """As Source.discharge."""
        return self.checked.discharge(start, stop) if self.has_discharge else None

    def select(self, ids: Sequence[str]) -> RecordSource:
        """As Source.select."""
        chosen = places_of(ids, self.ids, self.where)
        part = copy.copy(self)
        part.ids = list(ids)
        part.attributes = {name: values[chosen] for name, values in self.attributes.items()}
        part.checked = Checked(self.record, self.checked.places[chosen], self.checked.on_missing)
        return part

    def verify(self, start: int, stop: int) -> None:
        """Read the weather of the days from start up to stop once: InputError where a run would stop later."""
        for first in range(start, stop, BLOCK):
            last = min(first + BLOCK, stop)
            read = {name: self.checked.field(name, first, last, stop) for name in [*self.names, *self._beside()]}
            if self.pet == "hargreaves":
                self._check_range(read["minimum_temperature"], read["maximum_temperature"])

    def _beside(self) -> list[str]:
        """Series that are read to understand another."""
        return ["day_length"] if self.daylight and "shortwave" in self.names else []

    def _series(self, name: str, start: int, stop: int) -> np.ndarray:
        values = self.checked.field(name, start, stop)
        if name == "shortwave" and self.daylight:
            values *= self.checked.field("day_length", start, stop) / DAY
        return values

    def _check_range(self, low: np.ndarray, high: np.ndarray) -> None:
        """InputError where the extremes of a basin are one and the same: its evaporation would be zero."""
        same = (low == high).mean(axis=0) > WITHOUT_RANGE
        if len(low) and same.any():
            place = int(np.argmax(same))
            raise InputError(
                f"{self.record.where('maximum_temperature', int(self.checked.places[place]))} of basin "
                f"{self.ids[place]} equals the minimum on most days, so that pet = 'hargreaves' would be zero: choose "
                "pet = 'oudin' or another product"
            )

    def _remarks(self) -> list[str]:
        remarks = []
        if self._beside():
            remarks.append(
                f"{self.record.where('shortwave', 0)} is the mean over the daylight: multiplied by day length / 86400 s"
            )
        if "air_temperature" not in self.names:
            remarks.append(f"{self.where}: air temperature is the mean of minimum and maximum temperature")
        wind = [self.record.available[name] for name in self.names if FIELDS[name].quantity == "wind"]
        if wind:
            length = ", the length of the mean vector" if len(wind) > 1 else ""
            remarks.append(
                f"{self.where}: wind ({' and '.join(wind)}{length}) is taken as measured {WIND_HEIGHT:g} m above ground"
            )
        if self.pet != "given":
            return [*remarks, f"{self.where}: potential evaporation computed, pet = '{self.pet}'"]
        title = self.record.title("potential_evaporation")
        if "ERA5-Land" in title or any(name in title.split() for name in ERA5_LAND_EVAPORATION):
            remarks.append(
                f"warning: {self.record.where('potential_evaporation', 0)} is ERA5-Land's potential evaporation, 2 to "
                "7 times too high: choose another pet in &data, such as 'oudin'"
            )
        return remarks
