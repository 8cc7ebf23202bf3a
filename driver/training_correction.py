"""What a learned correction of precipitation did: factors by basin, and the volume that it added."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from torch import Tensor

from ..nn.batches import Series
from ..nn.correction import added
from .evaluation_files import write_csv
from .training_folder import TrainingFolder

FILE = "precipitation_factors.csv"


def write_corrections(
    folder: TrainingFolder, correction: Tensor, series: Series, days: tuple[int, int], ids: Sequence[str]
) -> dict[str, float]:
    """Write what the correction of each basin is; per cent added to the precipitation of these days, for the summary.

    The file has the logarithm of the factor: its mean, and where it has a yearly cycle those of cosine and sine.
    """
    share = 100.0 * added(correction, series, *days).cpu().numpy()
    names = ("mean", "cosine", "sine")[: len(correction)]
    values = correction.cpu().numpy().astype(float)
    rows = [[name, share[place], *values[:, place]] for place, name in enumerate(ids)]
    write_csv(folder.path / FILE, ["basin", "added_percent", *(f"log_factor_{name}" for name in names)], rows)
    rain = series.forcing[days[0] : days[1], 0].double().sum(0).cpu().numpy()
    everywhere = float((share * rain).sum() / max(rain.sum(), 1e-9))
    quantiles = {f"p{part:02d}": float(np.percentile(share, part)) for part in (5, 50, 95)}
    return {"volume": everywhere, **quantiles}


def correction_line(found: Mapping[str, Any]) -> str:
    """The volume added, as a line for people."""
    return (
        f"precipitation of the training period changed by {found['volume']:+.1f} % of its volume; by basin "
        f"{found['p05']:+.1f} to {found['p95']:+.1f} %, median {found['p50']:+.1f} % ({FILE}); parameters.nc holds for "
        "the corrected precipitation"
    )
