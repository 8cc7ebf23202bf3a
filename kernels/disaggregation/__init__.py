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

Measured, derived less measured (root of the mean square; correlation). Hours of a year at Reynolds Mountain East: air
temperature +0.1 K (2.7; 0.96), shortwave +6 of 180 W m-2 (91; 0.95), longwave +6 of 274 W m-2 (26; 0.84), vapour
pressure +120 of 530 Pa (270; 0.63): the dew point there lies far below the night's temperature, so give humidity where
it was measured (84; 0.92). Days of four CAMELS basins beside Daymet: shortwave +1 to +14 % (0.96 to 0.98), vapour
pressure 0 to 1 % (0.998) with aridity 'never', as Daymet has it. Hours that VIC's tools made of the same days at
Findley Lake: temperature 0.0 K (0.4), shortwave +3 % (0.9997), longwave -1.4 W m-2 (3.0), vapour pressure -10 Pa (20).
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
