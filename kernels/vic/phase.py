"""Rain or snow (vic.md, 3.1): all snow up to -0.5 degC of the band, all rain from 0.5 degC, linear between."""

from .options import options

WARMEST_SNOW, COLDEST_RAIN = 0.5, -0.5  # degC
SMALLEST_SNOWFALL = 1e-5  # mm in a sub-step; less is dropped


def phase(precipitation, temperature):
    """Rain and snowfall, mm. VIC drops snowfall below 1e-5 mm, which is then no part of its precipitation either.

    Mended: such snowfall is rain, so that no water is lost.
    """
    share = min(max((temperature - COLDEST_RAIN) / (WARMEST_SNOW - COLDEST_RAIN), 0.0), 1.0)
    rain = precipitation * share
    snowfall = precipitation - rain
    small = snowfall < SMALLEST_SNOWFALL
    if options.compat:
        return rain, 0.0 if small else snowfall
    return precipitation if small else rain, 0.0 if small else snowfall


def phase_adjoint(precipitation, temperature, d_rain, d_snowfall):
    """Reverse of phase; at both ends of the range the temperature has the slope of its inside."""
    part = (temperature - COLDEST_RAIN) / (WARMEST_SNOW - COLDEST_RAIN)
    share = min(max(part, 0.0), 1.0)
    small = precipitation - precipitation * share < SMALLEST_SNOWFALL
    if small and not options.compat:
        return d_rain, 0.0 * d_rain
    d_snow = 0.0 if small else d_snowfall
    inside = 1.0 if part >= 0.0 and part <= 1.0 else 0.0
    d_share = (d_rain - d_snow) * precipitation * inside
    return d_rain * share + d_snow * (1.0 - share), d_share / (WARMEST_SNOW - COLDEST_RAIN)
