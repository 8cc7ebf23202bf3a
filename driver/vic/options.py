"""Options of VIC 5's global parameter file as options of our form of it; what is not built is refused by name."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import ConfigurationError

HOURS = 24
DAY = 86400
# Values with which each option is built. An option that is absent has the first of them, VIC 5.1's default.
BUILT: dict[str, tuple[str, ...]] = {
    "CLOSE_ENERGY": ("FALSE",),
    "IMPLICIT": ("TRUE",),
    "QUICK_SOLVE": ("FALSE",),
    "NOFLUX": ("FALSE",),
    "EXP_TRANS": ("TRUE",),
    "GRND_FLUX_TYPE": ("GF_410",),
    "TFALLBACK": ("TRUE",),
    "SPATIAL_FROST": ("FALSE",),
    "SPATIAL_SNOW": ("FALSE",),
    "SHARE_LAYER_MOIST": ("TRUE",),
    "SNOW_DENSITY": ("DENS_BRAS",),
    "AERO_RESIST_CANSNOW": ("AR_406_FULL",),
    "RC_MODE": ("RC_JARVIS",),
    "BLOWING": ("FALSE",),
    "BLOWING_SNOW": ("FALSE",),
    "CARBON": ("FALSE",),
    "CORRPREC": ("FALSE",),
    "COMPUTE_TREELINE": ("FALSE",),
    "CONTINUEONERROR": ("TRUE", "FALSE"),
    "LAKES": ("FALSE",),
    "LAKE_PROFILE": ("FALSE",),
    "EQUAL_AREA": ("FALSE", "TRUE"),
    "BASEFLOW": ("ARNO", "NIJSSEN2001"),
    "JULY_TAVG_SUPPLIED": ("FALSE", "TRUE"),
    "ORGANIC_FRACT": ("FALSE", "TRUE"),
}
# Numbers of which only one is built.
FIXED: dict[str, tuple[float, str]] = {
    "WIND_H": (10.0, "the height of the wind over bare soil is 10 m"),
    "MIN_WIND_SPEED": (0.1, "left at VIC's default"),
}


def model_options(settings: Mapping[str, object], where: str) -> dict[str, bool | int]:
    """Options of model("vic", ...), but for compat and brent, from options of VIC by their names.

    ConfigurationError that names the option where one is not built or cannot be; where: the file, for the message.
    """
    for name, value in settings.items():
        _require_built(name, value, where)
    energy, frozen = truth(settings, "FULL_ENERGY", False, where), truth(settings, "FROZEN_SOIL", False, where)
    if frozen and not energy:
        raise ConfigurationError(f"{where}: FROZEN_SOIL TRUE without FULL_ENERGY TRUE is not built: set FULL_ENERGY")
    if truth(settings, "QUICK_FLUX", not frozen, where) == frozen:
        raise ConfigurationError(
            f"{where}: QUICK_FLUX {'TRUE' if frozen else 'FALSE'} with FROZEN_SOIL {'TRUE' if frozen else 'FALSE'} is "
            f"not built: set QUICK_FLUX {'FALSE' if frozen else 'TRUE'}"
        )
    steps = whole(settings, "MODEL_STEPS_PER_DAY", HOURS, where, 1)
    snow = whole(settings, "SNOW_STEPS_PER_DAY", steps, where, 1)
    runoff = whole(settings, "RUNOFF_STEPS_PER_DAY", max(steps, HOURS), where, 1)
    for name, count in (("SNOW_STEPS_PER_DAY", snow), ("RUNOFF_STEPS_PER_DAY", runoff)):
        if count % steps:
            raise ConfigurationError(f"{where}: {name} {count} is no multiple of MODEL_STEPS_PER_DAY {steps}")
    if HOURS % steps or HOURS % snow:
        raise ConfigurationError(
            f"{where}: MODEL_STEPS_PER_DAY {steps}, SNOW_STEPS_PER_DAY {snow}: a step has to be whole hours"
        )
    return {
        "energy": energy,
        "frozen": frozen,
        "layers": whole(settings, "NLAYER", 3, where, 2),
        "nodes": whole(settings, "NODES", 10, where, 4) if frozen else 3,
        "zones": whole(settings, "ROOT_ZONES", 3, where, 1),
        "step": DAY // steps,
        "substeps": snow // steps,
        "runoff_steps": runoff // steps,
    }


def _require_built(name: str, value: object, where: str) -> None:
    text = str(value).upper()
    if name in BUILT and text not in BUILT[name]:
        # VIC calls a lake file by its name here; any name asks for lakes.
        raise ConfigurationError(f"{where}: {name} {value} is not built, only {' or '.join(BUILT[name])}")
    if name in FIXED and float(text) != FIXED[name][0]:
        raise ConfigurationError(f"{where}: {name} {value} is not built, only {FIXED[name][0]:g} ({FIXED[name][1]})")


def truth(settings: Mapping[str, object], name: str, default: bool, where: str) -> bool:
    """TRUE or FALSE of an option. ConfigurationError where it is something else."""
    text = str(settings.get(name, default)).upper()
    if text not in ("TRUE", "FALSE"):
        raise ConfigurationError(f"{where}: {name} is {settings[name]}, expected TRUE or FALSE")
    return text == "TRUE"


def whole(settings: Mapping[str, object], name: str, default: int, where: str, lowest: int) -> int:
    """A count. ConfigurationError where it is no whole number, or below the lowest."""
    text = str(settings.get(name, default))
    if not text.isdecimal() or int(text) < lowest:
        raise ConfigurationError(f"{where}: {name} is {text}, expected a whole number of at least {lowest}")
    return int(text)
