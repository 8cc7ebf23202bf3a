"""What the root zone has at the end of the day (Stacke & Hagemann, 2021)."""

TINY = 1e-12


def soil(moisture, water, runoff, transpired, evaporated, drained, wcap):
    """The soil takes the water that does not run off; losses shrink together where there is not enough for all.

    Above wcap it spills to the surface runoff. Returns moisture', runoff', transpired', evaporated', drained'.
    """
    available = moisture + (water - runoff)
    wanted = transpired + evaporated + drained
    scale = max(available, 0.0) / max(wanted, TINY) if available < wanted else 1.0
    rest = max(available - wanted, 0.0)
    spilled = max(0.0, rest - wcap)
    return rest - spilled, runoff + spilled, transpired * scale, evaporated * scale, drained * scale


def soil_adjoint(
    moisture, water, runoff, transpired, evaporated, drained, wcap,
    d_moisture, d_runoff, d_transpired, d_evaporated, d_drained,
):  # fmt: skip
    """Reverse of soil; at rest = wcap nothing spills, at available = wanted nothing is scaled."""
    available = moisture + (water - runoff)
    wanted = transpired + evaporated + drained
    short = available < wanted
    inverse = 1.0 / max(wanted, TINY)
    scale = max(available, 0.0) * inverse if short else 1.0
    # moisture' = rest - spilled;  runoff' = runoff + spilled;  spilled = (rest - wcap)+;  rest = (available - wanted)+
    d_spilled = d_runoff - d_moisture if max(available - wanted, 0.0) - wcap > 0.0 else 0.0
    d_rest = 0.0 if short else d_moisture + d_spilled
    # transpired' = transpired scale, ...;  scale = available/wanted where short
    d_scale = d_transpired * transpired + d_evaporated * evaporated + d_drained * drained
    d_ratio = d_scale * inverse if short else 0.0
    d_available = d_rest + (d_ratio if available >= 0.0 else 0.0)
    d_wanted = -d_rest - (d_ratio * scale if wanted >= TINY else 0.0)
    return (
        d_available,
        d_available,
        d_runoff - d_available,
        d_transpired * scale + d_wanted,
        d_evaporated * scale + d_wanted,
        d_drained * scale + d_wanted,
        -d_spilled,
    )
