"""Basins of the generator: where they lie, what grows on them, and their own numbers of their climate."""

from dataclasses import dataclass

from .climates import CLIMATES, Climate, Range, Region
from .keyed_random import PLACE, uniforms

LAPSE = 0.0065  # K m-1
POLEWARD = 0.5  # K per degree of latitude, inside a region
MORE_RAIN_UPHILL = 0.0002  # share of precipitation per m


@dataclass(frozen=True)
class Basin:
    """A basin: its number from 0, place, land and the basin's own numbers of its climate.

    latitude, longitude degrees; area km2; elevation m; slope m km-1; forest share; sand, clay % of the soil;
    soil_depth m; permeability log10 m2; temperature, amplitude as in Climate; wet, amount: dry and wet season.
    """

    number: int
    climate: Climate
    region: Region
    latitude: float
    longitude: float
    area: float
    elevation: float
    slope: float
    forest: float
    sand: float
    clay: float
    soil_depth: float
    permeability: float
    temperature: float
    amplitude: float
    wet: Range
    amount: Range

    @property
    def identifier(self) -> str:
        """Name of the basin in files, such as 'alpine_0007'."""
        return f"{self.climate.name}_{self.number + 1:04d}"


def draw_basins(count: int, seed: int) -> list[Basin]:
    """`count` basins, the climates in turn; a basin depends on the seed and its number alone."""
    return [draw_basin(number, seed) for number in range(count)]


def draw_basin(number: int, seed: int) -> Basin:
    """The basin of a number, drawn from the ranges of its climate."""
    draws = iter(uniforms(seed, number, PLACE, 0, 32).tolist())

    def between(limits: Range) -> float:
        return limits[0] + (limits[1] - limits[0]) * next(draws)

    climate = CLIMATES[number % len(CLIMATES)]
    region = climate.regions[int(next(draws) * len(climate.regions))]
    latitude, longitude = between(region.latitude), between(region.longitude)
    elevation, area = between(climate.elevation), 10.0 ** between((1.3, 3.6))
    above = elevation - middle(climate.elevation)
    poleward = abs(latitude) - abs(middle(region.latitude))
    wetter, heavier = between((0.9, 1.1)), between((0.88, 1.12)) * (1.0 + MORE_RAIN_UPHILL * above)
    sand = between((15.0, 65.0))
    return Basin(
        number=number,
        climate=climate,
        region=region,
        latitude=latitude,
        longitude=longitude,
        area=area,
        elevation=elevation,
        slope=(3.0 + 0.05 * elevation) * between((0.6, 1.6)),
        forest=between(climate.forest),
        sand=sand,
        clay=(90.0 - sand) * between((0.2, 0.65)),
        soil_depth=between(climate.soil_depth),
        permeability=between((-16.0, -11.5)),
        temperature=between(climate.temperature) - LAPSE * above - POLEWARD * poleward,
        amplitude=between(climate.amplitude),
        wet=(climate.wet[0] * wetter, climate.wet[1] * wetter),
        amount=(climate.amount[0] * heavier, climate.amount[1] * heavier),
    )


def middle(limits: Range) -> float:
    """Middle of a range."""
    return 0.5 * (limits[0] + limits[1])
