"""Weather of hours from that of days: what VIC 4 and MetSim make of precipitation, Tmin, Tmax and wind.

numpy, float64, arrays [day, place] and [step, place]; temperatures degC, vapour and pressure Pa, radiation W m-2,
precipitation mm. MTCLIM (Thornton & Running, 1999) estimates shortwave and humidity of days from the range of
temperature and the aridity of the place (Kimball et al., 1997); the sun's way, straight lines and cubics divide the
days among steps, and the longwave follows from temperature, humidity and clouds (Bohn et al., 2013; Bennett et al.,
2020). Written from these papers.

It differs from VIC 4 and MetSim where they are rough: the sun's declination is Spencer's (1971), theirs lags by up to
3 days (shortwave of October and November 3 to 4 % lower at 32 degrees north); steps have the mean of the cubic, not its
value at an hour; the air below a place is warmer, not colder, than at it (pressure 0.5 % higher at 1300 m); the first
weeks of a record do not borrow from its end.
"""

from .daily import ALWAYS, ARID, NEVER, Daily, estimate
from .edges import Clock
from .longwave import BRAS, CLEAR, DEARDORFF, longwave
from .subdaily import Record, disaggregate
from .sun import Course, Sun, course, daylight, potential, sun

__all__ = [
    "ALWAYS",
    "ARID",
    "BRAS",
    "CLEAR",
    "DEARDORFF",
    "NEVER",
    "Clock",
    "Course",
    "Daily",
    "Record",
    "Sun",
    "course",
    "daylight",
    "disaggregate",
    "estimate",
    "longwave",
    "potential",
    "sun",
]
