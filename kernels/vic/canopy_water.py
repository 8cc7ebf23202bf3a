"""Rain water on leaves: evaporation, throughfall and the dry share of the canopy (Liang et al., 1994; VIC 5.1)."""

from ..elementary import power

DAY = 86400.0  # s
TWO_THIRDS = 2.0 / 3.0
LEAST_CAPACITY = 1e-6  # mm; a smaller one (LAI below 1e-5) is filled as if it were this
TINY = 1e-30
# The slope of (W/capacity)^(2/3) is that at this W/capacity where there is less: at most 67 per unit.
LEAST_SHARE = 1e-6
# mm; the slope of the dry share to a potential below this is bounded to that of this potential.
LEAST_POTENTIAL = 1e-6


def wetness(water, capacity):
    """Share of the leaves that evaporates freely: (water/capacity)^(2/3), 1 above the capacity; water in mm."""
    filled = min(water, capacity) / max(capacity, LEAST_CAPACITY)
    return power(filled, TWO_THIRDS) if filled > TINY else 0.0


def wetness_adjoint(water, capacity, d_wet):
    """Reverse of wetness; the slope is bounded at LEAST_SHARE, at the capacity it passes to the water.

    None with a capacity below LEAST_CAPACITY.
    """
    size = max(capacity, LEAST_CAPACITY)
    filled = min(water, capacity) / size
    share = max(filled, LEAST_SHARE)
    # wet = filled^(2/3);  filled = min(water, capacity)/capacity
    d_filled = d_wet * (TWO_THIRDS * power(share, TWO_THIRDS) / share) if capacity >= LEAST_CAPACITY else 0.0
    d_content = d_filled / size
    fits = water <= capacity
    return (d_content if fits else 0.0), (-d_content * filled if fits else 0.0)


def canopy_water(water, rain, capacity, wet, potential, dt):
    """Water on the leaves after dt seconds, mm; evaporation and throughfall, mm; and the dry share of the canopy.

    wet: wetness(water, capacity); potential: evaporation of a wet canopy in dt, mm (penman with rc = 0).
    evaporation = min(wet potential, W), in a step of a day min(wet potential, W + rain);
    dry = 1 - evaporation/potential, 0 without leaves.
    What the leaves cannot hold falls through: at the start, and after rain and evaporation.
    """
    held = min(water, capacity)
    demand = wet * potential
    available = held + rain if dt == DAY else held
    limited = demand > available
    evaporation = available if limited else demand
    share = available / max(demand, TINY) if limited else 1.0
    filled = held + rain - evaporation
    left = min(filled, capacity)
    dry = 1.0 - share * wet if capacity > 0.0 else 0.0
    return left, evaporation, (water - held) + (filled - left), dry


def canopy_water_adjoint(
    water, rain, capacity, wet, potential, dt, d_left, d_evaporation, d_throughfall, d_dry
):  # fmt: skip
    """Reverse of canopy_water without a gradient of dt; where both are equal, the demand decides the evaporation.

    On dry leaves the water does: the first drop evaporates, though the slope of wet there has no limit.
    """
    held = min(water, capacity)
    demand = wet * potential
    available = held + rain if dt == DAY else held
    limited = demand > available or (capacity > 0.0 and available <= 0.0 and potential > 0.0)
    evaporation = available if limited else demand
    filled = held + rain - evaporation
    # left = min(filled, capacity);  throughfall = (water - held) + (filled - left)
    kept = filled <= capacity
    d_filled = d_left if kept else d_throughfall
    d_capacity = 0.0 if kept else d_left - d_throughfall
    # filled = held + rain - evaporation
    d_used = d_evaporation - d_filled
    d_held = d_filled - d_throughfall
    # dry = 1 - available/potential, or 1 - wet
    d_share = -d_dry if capacity > 0.0 else 0.0
    least = max(potential, LEAST_POTENTIAL)
    d_available = d_used + d_share / least if limited else 0.0
    d_demand = 0.0 if limited else d_used
    d_potential = -d_share * (available / least) / least if limited else d_demand * wet
    d_wet = 0.0 if limited else d_demand * potential + d_share
    # available = held, or held + rain;  held = min(water, capacity)
    d_held = d_held + d_available
    d_rain = d_filled + (d_available if dt == DAY else 0.0)
    fits = water <= capacity
    d_capacity = d_capacity + (0.0 if fits else d_held)
    return d_throughfall + (d_held if fits else 0.0), d_rain, d_capacity, d_wet, d_potential


def canopy_slopes(water, rain, capacity, wet, potential, dt):
    """Slopes of canopy_water's evaporation and dry share with respect to the potential, for a root search."""
    held = min(water, capacity)
    available = held + rain if dt == DAY else held
    limited = wet * potential > available
    least = max(potential, LEAST_POTENTIAL)
    return (0.0 if limited else wet), (available / least / least if limited and capacity > 0.0 else 0.0)
