"""Lines of vic.md, section 9, that VIC by Newton's method misses, one by one, with what was measured (vic_bars.py).

They are held to WORSE times what was measured: other processors round otherwise, and a bug would show.
"""

from vic_bars import LIQUID, Line

SEVERAL = "balances with several roots of which Newton's search takes another than Brent's"
ROUNDING = "snow on canopies at round-off, and " + SEVERAL
ABOVE = "snow's root above 0 degC, which VIC's density takes for new snow, hangs on the mK of single bands"
SPIKES = "the flux through thin snow, of which VIC divides by its depth, has spikes"

WORSE = 1.5
# By run: name, cells, measure: the largest error, what was found in which cell, and why.
KNOWN = {
    "snowy_wb24h": {
        ("OUT_SNOW_FLUX", "several bands", "p99"): (0.097, f"9.7e-2 of the largest in cell 4: {SPIKES}"),
        ("OUT_SNOW_FLUX_BAND", "several bands", "p99"): (0.097, f"9.7e-2 of the largest in cell 4: {SPIKES}"),
        ("OUT_SNOW_DEPTH_BAND", "several bands", "p99"): (0.096, f"9.6e-2 of the largest in cell 4: {ABOVE}"),
    },
    "snowy_wb3h": {
        ("OUT_SNOW_FLUX", "several bands", "p99"): (0.059, f"5.9e-2 of the largest in cell 4: {SPIKES}"),
        ("OUT_SNOW_FLUX_BAND", "several bands", "p99"): (0.059, f"5.9e-2 of the largest in cell 4: {SPIKES}"),
        ("OUT_SNOW_DEPTH_BAND", "several bands", "p99"): (0.071, f"7.1e-2 of the largest in cell 4: {ABOVE}"),
    },
    "snowy_eb3h": {
        ("OUT_EVAP", "tall canopy", "p99"): (1.9e-05, f"1.9e-5 mm in cell 2: {ROUNDING}"),
        ("OUT_SURF_TEMP", "several bands", "p99"): (0.019, f"1.1e-2, 1.9e-2 K in cells 4, 5: {ROUNDING}"),
        ("OUT_RAD_TEMP", "several bands", "p99"): (0.014, f"1.1e-2, 1.4e-2 K in cells 4, 5: {ROUNDING}"),
        ("OUT_SOIL_TEMP", "several bands", "p99"): (0.045, f"2.9e-2, 4.5e-2 K in cells 4, 5: {ROUNDING}"),
        ("OUT_SOIL_TNODE", "several bands", "p99"): (0.047, f"3.0e-2, 4.7e-2 K in cells 4, 5: {ROUNDING}"),
        ("OUT_DELTAH", "several bands", "p99"): (2, f"0.29, 0.55 W m-2 in cells 4, 5: {ROUNDING}"),
        ("OUT_LATENT", "several bands", "p99"): (2, f"0.15 W m-2 in cell 5: {ROUNDING}"),
        ("OUT_SENSIBLE", "several bands", "p99"): (2, f"0.29, 0.48 W m-2 in cells 4, 5: {ROUNDING}"),
        ("OUT_SENSIBLE_BAND", "several bands", "p99"): (2, f"0.16, 0.89 W m-2 in cells 4, 5: {ROUNDING}"),
        ("OUT_LATENT_BAND", "several bands", "p99"): (2, f"0.18 W m-2 in cell 5: {ROUNDING}"),
        ("OUT_GRND_FLUX_BAND", "several bands", "p99"): (2, f"0.17 W m-2 in cell 5: {ROUNDING}"),
        ("OUT_SNOW_FLUX_BAND", "several bands", "p99"): (2, f"0.40 W m-2 in cell 5: {ROUNDING}"),
        ("OUT_SNOW_DEPTH_BAND", "several bands", "p99"): (0.071, f"7.1e-2 of the largest in cell 4: {ABOVE}"),
    },
    "snowy_fs3h": {
        ("OUT_BASEFLOW", "several bands", "total"): (0.0038, f"0.38 % in cell 5: {SEVERAL}"),
        ("OUT_RUNOFF", "several bands", "total"): (0.00082, f"0.082 % in cell 5: {SEVERAL}"),
        ("OUT_ROOTMOIST", "several bands", "p99"): (0.45, f"0.21, 0.45 mm in cells 4, 5: {SEVERAL}"),
        ("OUT_SOIL_MOIST", "one band", "p99"): (0.17, f"0.06, 0.17, 0.06 mm in cells 0, 1, 3: {SEVERAL}"),
        ("OUT_SOIL_MOIST", "several bands", "p99"): (0.95, f"0.24, 0.95 mm in cells 4, 5: {SEVERAL}"),
        ("OUT_SOIL_ICE", "one band", "p99"): (0.09, f"0.09 mm in cell 3: {SEVERAL}"),
        ("OUT_SOIL_ICE", "several bands", "p99"): (1.2, f"0.28, 1.2 mm in cells 4, 5: {SEVERAL}"),
        (LIQUID, "one band", "p99"): (0.17, f"0.14, 0.17, 0.11 mm in cells 0, 1, 3: {SEVERAL}"),
        (LIQUID, "several bands", "p99"): (0.64, f"0.28, 0.64 mm in cells 4, 5: {SEVERAL}"),
        ("OUT_SOIL_TNODE", "one band", "p99"): (0.63, f"0.63, 0.04, 0.29 K in cells 0, 1, 3: {SEVERAL}"),
        ("OUT_SOIL_TNODE", "tall canopy", "p99"): (0.029, f"0.029 K in cell 2: {SEVERAL}"),
        ("OUT_SOIL_TNODE", "several bands", "p99"): (0.071, f"0.071, 0.043 K in cells 4, 5: {SEVERAL}"),
        ("OUT_SNOW_DEPTH_BAND", "several bands", "p99"): (0.071, f"7.1e-2 of the largest in cell 4: {ABOVE}"),
        ("state soil_moisture", "several bands", "max"): (0.35, f"0.35 mm in cell 5: {SEVERAL}"),
        ("state soil_ice", "several bands", "max"): (0.39, f"0.39 mm in cell 5: {SEVERAL}"),
    },
    "arid_fs3h": {("OUT_SOIL_TNODE", "one band", "p99"): (0.11, f"0.041, 0.065, 0.11 K in cells 0, 1, 2: {SEVERAL}")},
    "arid_eb3h": {
        ("OUT_SOIL_MOIST", "one band", "p99"): (4.9e-05, f"4.9e-5 mm in cell 1: {SEVERAL}"),
        ("OUT_ROOTMOIST", "one band", "p99"): (6.6e-05, f"6.6e-5 mm in cell 1: {SEVERAL}"),
    },
}  # fmt: skip


def key(line: Line) -> tuple[str, str, str]:
    """What a line is called here."""
    return line.name, line.group, line.bar.measure
