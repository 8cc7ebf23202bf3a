"""What the options of VIC's global file say of its parameter files: which columns they have, which values are meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import ConfigurationError
from ..nearest import suggestion
from .options import truth, whole

VEGLIB, VEGPARAM, DEFAULT = "FROM_VEGLIB", "FROM_VEGPARAM", "FROM_DEFAULT"
ARNO, NIJSSEN = "ARNO", "NIJSSEN2001"
# Options that say how parameter files are to be read, by VIC's names.
FILE_OPTIONS = ("BASEFLOW", "JULY_TAVG_SUPPLIED", "ORGANIC_FRACT", "VEGLIB_PHOTO", "VEGLIB_FCAN", "VEGPARAM_LAI",
                "VEGPARAM_FCAN", "VEGPARAM_ALB", "LAI_SRC", "FCAN_SRC", "ALB_SRC", "NLAYER", "ROOT_ZONES",
                "SNOW_BAND")  # fmt: skip


@dataclass(frozen=True)
class Choices:
    """Defaults are those of VIC 5.1.

    layers, zones          of the soil, and of the roots; 0 = as the file has it (image driver)
    bands                  elevation bands; 1 = none, 0 = as the file has it (image driver)
    nijssen                Ds, Dsmax, Ws, c are those of Nijssen et al. (2001)
    organic, july          the soil file has columns of organic matter, and of the temperature of July
    veglib_photo, veglib_fcan  the library has columns of photosynthesis, and of the canopy fraction
    vegparam_lai, _fcan, _alb  each tile has a line of these
    lai, fcan, albedo      where they are taken from: FROM_VEGLIB, FROM_VEGPARAM, or FROM_DEFAULT (canopy fraction 1)
    """

    layers: int = 3
    zones: int = 3
    bands: int = 1
    nijssen: bool = False
    organic: bool = False
    july: bool = False
    veglib_photo: bool = False
    veglib_fcan: bool = False
    vegparam_lai: bool = False
    vegparam_fcan: bool = False
    vegparam_alb: bool = False
    lai: str = VEGLIB
    fcan: str = DEFAULT
    albedo: str = VEGLIB


def choices(settings: Mapping[str, object], where: str, image: bool = False) -> Choices:
    """From options of VIC by their names; the image driver has layers and root zones from its file, unless they are
    given. ConfigurationError, naming the option, where one cannot be or is unknown.
    """
    for name in settings:
        if name not in FILE_OPTIONS:
            raise ConfigurationError(f"{where}: {name} says nothing of parameter files{suggestion(name, FILE_OPTIONS)}")
    flags = {
        "organic": "ORGANIC_FRACT",
        "july": "JULY_TAVG_SUPPLIED",
        "veglib_photo": "VEGLIB_PHOTO",
        "veglib_fcan": "VEGLIB_FCAN",
        "vegparam_lai": "VEGPARAM_LAI",
        "vegparam_fcan": "VEGPARAM_FCAN",
        "vegparam_alb": "VEGPARAM_ALB",
    }
    sources = {"lai": ("LAI_SRC", VEGLIB), "fcan": ("FCAN_SRC", DEFAULT), "albedo": ("ALB_SRC", VEGLIB)}
    found = {own: str(settings.get(name, default)).upper() for own, (name, default) in sources.items()}
    for own, source in found.items():
        known = (VEGLIB, VEGPARAM, *((DEFAULT,) if own == "fcan" else ()))
        if source not in known:
            raise ConfigurationError(f"{where}: {sources[own][0]} {source} is not built, only {', '.join(known)}")
    baseflow = str(settings.get("BASEFLOW", ARNO)).upper()
    if baseflow not in (ARNO, NIJSSEN):
        raise ConfigurationError(f"{where}: BASEFLOW {baseflow} is not built, only {ARNO}, {NIJSSEN}")
    return Choices(
        layers=_count(settings, "NLAYER", where, 2, image),
        zones=_count(settings, "ROOT_ZONES", where, 1, image),
        bands=band_count(settings, where),
        nijssen=baseflow == NIJSSEN,
        lai=found["lai"],
        fcan=found["fcan"],
        albedo=found["albedo"],
        **{own: truth(settings, name, False, where) for own, name in flags.items()},
    )


def _count(settings: Mapping[str, object], name: str, where: str, lowest: int, image: bool) -> int:
    return 0 if image and name not in settings else whole(settings, name, 3, where, lowest)


def band_count(settings: Mapping[str, object], where: str) -> int:
    """Of SNOW_BAND: a number (classic driver; a file may follow) or TRUE (image driver: as many as the file has: 0)."""
    text = (str(settings.get("SNOW_BAND", "1")).split() or ["1"])[0].upper()
    if text in ("TRUE", "FALSE"):
        return 0 if text == "TRUE" else 1
    if not text.isdecimal() or int(text) < 1:
        raise ConfigurationError(f"{where}: SNOW_BAND is {text}, expected the number of bands, TRUE or FALSE")
    return int(text)
