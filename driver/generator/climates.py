"""Climates of the weather generator, declared once: where they are found and how their days behave.

Values follow the climate normals of stations of each Koeppen class (Peel et al., 2007, for the classes). Days of peaks
are those of the northern hemisphere; the south has them half a year later.
"""

from dataclasses import dataclass

Range = tuple[float, float]


@dataclass(frozen=True)
class Region:
    """Part of the Earth with a climate: degrees north (south negative) and east, from low to high."""

    name: str
    latitude: Range
    longitude: Range


@dataclass(frozen=True)
class Climate:
    """What the weather of a climate's basins has in common; ranges are those of the basins.

    elevation m; temperature degC, mean of the year at the middle elevation; amplitude K, of the season;
    wet: chance of a wet day, in the dry and in the wet season; amount mm on a wet day, in both;
    wet_peak day of the middle of the wet season; sharpness of its season (1 a cosine, above 1 shorter);
    persistence of wet and dry spells (lag-1 correlation); deviation K of daily temperature, in winter and in summer;
    memory lag-1 correlation of it; cooling K of a wet day against a dry one; rain_years, warm_years deviation of years
    (share, K); forest share; soil_depth m.
    """

    name: str
    koeppen: str
    regions: tuple[Region, ...]
    elevation: Range
    temperature: Range
    amplitude: Range
    wet: Range
    amount: Range
    wet_peak: int
    deviation: Range
    cooling: float
    rain_years: float
    forest: Range
    soil_depth: Range
    sharpness: float = 1.0
    warm_peak: int = 203
    persistence: float = 0.3
    memory: float = 0.75
    warm_years: float = 0.6


CLIMATES = (
    Climate(
        "boreal", "Dfc",
        (Region("Fennoscandia", (61, 67), (14, 30)), Region("north-west Canada", (58, 63), (-128, -112))),
        elevation=(150, 700), temperature=(-2.5, 0.5), amplitude=(14, 18), wet=(0.34, 0.48), amount=(2.4, 4.6),
        wet_peak=215, deviation=(6.5, 3.0), cooling=1.0, rain_years=0.13, forest=(0.5, 0.95), soil_depth=(0.4, 1.5),
    ),
    Climate(
        "maritime", "Cfb",
        (
            Region("north-west Europe", (48, 57), (-6, 9)),
            Region("Pacific north-west", (45, 50), (-124, -122)),
            Region("New Zealand", (-46, -39), (169, 176)),
        ),
        elevation=(40, 500), temperature=(8.5, 11), amplitude=(5.5, 8), wet=(0.42, 0.58), amount=(4.0, 5.6),
        wet_peak=350, deviation=(3.5, 2.5), cooling=0.8, rain_years=0.12, forest=(0.1, 0.6), soil_depth=(0.7, 2.0),
    ),
    Climate(
        "continental", "Dfb",
        (Region("upper Midwest", (42, 47), (-96, -84)), Region("eastern Europe", (48, 55), (24, 45))),
        elevation=(120, 500), temperature=(5, 8), amplitude=(13, 16), wet=(0.24, 0.36), amount=(4.2, 8.0),
        wet_peak=180, deviation=(5.8, 3.2), cooling=1.5, rain_years=0.15, forest=(0.1, 0.7), soil_depth=(0.8, 2.5),
    ),
    Climate(
        "mediterranean", "Csa",
        (
            Region("southern Europe", (36, 42), (-6, 24)),
            Region("California", (35, 40), (-122, -119)),
            Region("central Chile", (-37, -33), (-72, -71)),
        ),
        elevation=(100, 900), temperature=(13.5, 16.5), amplitude=(7.5, 9.5), wet=(0.05, 0.36), amount=(6.0, 10.0),
        wet_peak=5, deviation=(3.0, 2.6), cooling=1.5, rain_years=0.25, forest=(0.1, 0.55), soil_depth=(0.4, 1.5),
    ),
    Climate(
        "semi_arid", "BSk",
        (
            Region("south-west USA", (32, 38), (-112, -103)),
            Region("Iberian plateau", (38, 41), (-4, -1)),
            Region("Karoo", (-33, -30), (20, 26)),
        ),
        elevation=(400, 1700), temperature=(11.5, 16), amplitude=(9, 12), wet=(0.07, 0.19), amount=(3.8, 6.5),
        wet_peak=215, sharpness=2.0, deviation=(4.2, 2.8), cooling=2.5, rain_years=0.28, forest=(0.0, 0.15),
        soil_depth=(0.3, 1.3),
    ),
    Climate(
        "tropical", "Af",
        (
            Region("Amazon", (-8, 2), (-72, -55)),
            Region("Congo", (-3, 4), (14, 26)),
            Region("Borneo", (-2, 5), (110, 117)),
        ),
        elevation=(30, 500), temperature=(24.5, 26.5), amplitude=(0.4, 1.2), wet=(0.45, 0.75), amount=(8.0, 12.5),
        wet_peak=90, deviation=(1.1, 1.1), cooling=1.5, rain_years=0.12, forest=(0.6, 0.98), soil_depth=(1.5, 4.0),
        warm_peak=240, warm_years=0.4,
    ),
    Climate(
        "alpine", "ET",
        (
            Region("Alps", (45.5, 47.5), (6.5, 13)),
            Region("Rocky Mountains", (39, 45), (-115, -106)),
            Region("southern Alps", (-45, -43), (168, 171)),
        ),
        elevation=(1300, 2500), temperature=(1.0, 4.0), amplitude=(7.5, 10), wet=(0.36, 0.48), amount=(5.5, 9.0),
        wet_peak=190, deviation=(4.5, 3.2), cooling=2.0, rain_years=0.13, forest=(0.05, 0.55), soil_depth=(0.15, 0.9),
    ),
    Climate(
        "monsoon", "Cwa",
        (Region("northern India", (20, 27), (75, 88)), Region("northern Australia", (-18, -13), (130, 140))),
        elevation=(50, 700), temperature=(23, 26), amplitude=(4.5, 7.5), wet=(0.03, 0.7), amount=(5.0, 16.0),
        wet_peak=210, sharpness=2.0, deviation=(2.0, 1.5), cooling=2.5, rain_years=0.18, forest=(0.05, 0.5),
        soil_depth=(0.8, 3.0), warm_peak=165,
    ),
)  # fmt: skip
