"""Snow that slides off a tall canopy as it melts (Andreadis et al., 2009; VIC 5.1, Hamman et al., 2018). In m of water.

Each turn, while the snow is more than 5 mm and the stored melt at least a tenth of it, a tenth of the snow drips, and
17 % of it, but nothing of the last 5 mm, slides. So a turn leaves 0.73 of the snow, or ends the sliding: ten turns
suffice for 85 mm of snow, the most that a leaf area index of 42 can hold; what would slide later stays on the canopy.
"""

KEPT = 0.005  # m of snow that never slides
DRIPPING = 0.1  # share of the snow that drips in a turn
SLIDING = 0.17  # share of the snow that slides in a turn
LEFT = 0.73  # 1 - DRIPPING - SLIDING
TURNS = 10


def release(snow, melt):
    """Snow and stored melt after the sliding, water that drips, snow that slides.

    At the end the stored melt, as far as there is snow, drips and leaves the snow; above 5 mm of snow it is counted
    again later, as VIC does.
    """
    snow, melt, drip, slid, _, _ = slide(snow, melt)
    last = min(melt, snow)
    return snow - last, melt if snow > KEPT else 0.0, drip + last, slid


def slide(snow, melt):
    """Snow, melt, drip, snow that slid, turns of 17 %, and how the last turn was: 1 down to 5 mm, 2 nothing slid."""
    drip = 0.0
    slid = 0.0
    full = 0.0
    last = 0.0
    for _ in range(TURNS):
        if snow <= KEPT or melt < DRIPPING * snow:
            break
        before = snow
        dripped = DRIPPING * before
        drip = drip + dripped
        snow = snow - dripped
        melt = melt - dripped
        part = 0.0 if snow < KEPT else min(snow - KEPT, SLIDING * before)
        last = 2.0 if snow < KEPT else (1.0 if snow - KEPT < SLIDING * before else 0.0)
        full = full + (1.0 if last == 0.0 else 0.0)
        snow = snow - part
        slid = slid + part
    return snow, melt, drip, slid, full, last


def release_adjoint(snow, melt, d_snow, d_melt, d_drip, d_slid):
    """Reverse of release: turns are linear, so their number and the last one's kind are all that is recomputed."""
    snow, melt, _, _, full, last = slide(snow, melt)
    # snow' = snow - min(melt, snow);  drip' = drip + min(melt, snow)
    d_last = d_drip - d_snow
    d_melt = d_melt if snow > KEPT else 0.0
    d_melt = d_melt + d_last if melt < snow else d_melt
    d_snow = d_snow if melt < snow else d_snow + d_last
    # the last turn: a tenth drips, and all but 5 mm slides, or nothing
    if last == 1.0:
        d_snow = DRIPPING * (d_drip - d_melt) + (1.0 - DRIPPING) * d_slid
    elif last == 2.0:
        d_snow = DRIPPING * (d_drip - d_melt) + (1.0 - DRIPPING) * d_snow
    # turns before it: snow' = 0.73 snow, slid = 0.17 snow, drip = 0.1 snow, melt' = melt - 0.1 snow
    for k in range(TURNS):
        if k < full:
            d_snow = LEFT * d_snow + DRIPPING * (d_drip - d_melt) + SLIDING * d_slid
    return d_snow, d_melt
