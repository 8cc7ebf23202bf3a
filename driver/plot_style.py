"""How every picture looks: sizes for print, colours that a colour-blind reader can tell apart, saving whole files."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .files import whole_file

# Okabe & Ito (2008), in an order that keeps neighbours apart in lightness too; black is left to observations.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))
OBSERVED = "#000000"
PRECIPITATION = "#56B4E9"
FAINT = "#B0B0B0"
WIDTH = 7.1  # inches: two columns of a journal
DOTS_PER_INCH = 200

SETTINGS: dict[Any, Any] = {
    "font.size": 8.5,
    "axes.titlesize": 9,
    "axes.labelsize": 8.5,
    "legend.fontsize": 8,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.1,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}


@contextmanager
def style() -> Iterator[None]:
    """The look of all pictures, while the block lasts; nothing global stays changed."""
    from matplotlib import rc_context

    with rc_context(SETTINGS):
        yield


def new_figure(height: float, width: float = WIDTH) -> Any:
    """An empty figure of the given size in inches, drawn without a screen."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def save(figure: Any, path: Path) -> Path:
    """Write the figure in the format of the path's ending; it appears only when whole. Returns the path."""
    with whole_file(path) as temporary:
        figure.savefig(temporary, format=path.suffix[1:], dpi=DOTS_PER_INCH)
    return path


def date_ticks(dates: Sequence[str], most: int = 9) -> tuple[list[int], list[str]]:
    """Positions and labels of at most `most` ticks at first days of months, of dates 'YYYY-MM-DD' of any calendar."""
    firsts = [index for index, date in enumerate(dates) if date.endswith("-01")]
    for months in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200):
        ticks = [index for index in firsts if _month(dates[index]) % months == 0]
        if len(ticks) <= most:
            break
    if len(ticks) < 2:
        ticks = sorted({0, len(dates) // 2, len(dates) - 1}) if dates else []
        return ticks, [dates[index] for index in ticks]
    return ticks, [dates[index][:4] if months >= 12 else dates[index][:7] for index in ticks]


def _month(date: str) -> int:
    """Months since year 0."""
    year, month, _ = date.rsplit("-", 2)
    return 12 * int(year) + int(month) - 1
