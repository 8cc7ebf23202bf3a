"""A picture of a site: what was measured, VIC uncalibrated and calibrated, and the day at which calibration ends."""

from pathlib import Path

import numpy as np
from freshet.driver.plot_style import COLOURS, FAINT, OBSERVED, new_figure, save, style

LABELS = {
    "snow_water_equivalent": "snow water\nequivalent (mm)",
    "evaporation": "evapotranspiration\n(mm d$^{-1}$)",
    "sensible_heat": "sensible heat\n(W m$^{-2}$)",
    "streamflow": "discharge\n(mm d$^{-1}$)",
}
LONGEST = 3 * 365  # days that are told apart; of longer records these after the end of calibration
SMOOTH = {"evaporation": 7, "sensible_heat": 7}  # days of a running mean: days of eddies hide each other


def picture(
    path: Path,
    title: str,
    dates: np.ndarray,
    observed: dict[str, np.ndarray],
    simulated: dict[str, dict[str, np.ndarray]],
    half: int,
) -> Path:
    """Write the picture; simulated[label][name] and observed[name] are [day], half: days of calibration."""
    with style():
        figure = new_figure(0.6 + 2.2 * len(observed))
        panels = figure.subplots(len(observed), 1, sharex=True, squeeze=False)[:, 0]
        shown = slice(0, None) if len(dates) <= LONGEST else slice(half, half + LONGEST)
        for axes, (name, measured) in zip(panels, observed.items(), strict=True):
            axes.plot(dates[shown], _smooth(measured, name)[shown], color=OBSERVED, linewidth=1.3, label="measured")
            for colour, (label, found) in zip(COLOURS, simulated.items(), strict=False):
                axes.plot(dates[shown], _smooth(found[name], name)[shown], color=colour, label=label, alpha=0.85)
            if shown.start < half:
                axes.axvline(dates[half], color=FAINT, linestyle="--")
            axes.set_ylabel(LABELS[name] + (f"\nmean of {SMOOTH[name]} days" if name in SMOOTH else ""))
            axes.grid(color=FAINT, linewidth=0.4, alpha=0.5)
            axes.margins(x=0)
        panels[0].set_title(title, loc="left")
        panels[0].legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, borderaxespad=0.1)
        figure.align_ylabels()
        return save(figure, path)


def _smooth(values: np.ndarray, name: str) -> np.ndarray:
    """Running mean over the days that are known of each window."""
    window = np.ones(SMOOTH.get(name, 1))
    known = np.isfinite(values)
    count = np.convolve(known, window, "same")
    total = np.convolve(np.where(known, values, 0.0), window, "same")
    return np.where(known, total / np.maximum(count, 1.0), np.nan)
