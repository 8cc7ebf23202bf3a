"""What one member of an experiment came to, in a few words."""

import json
from pathlib import Path


def headline(folder: Path) -> str:
    """Its median NSE over the basins held out, or over those learned from in the test; '' where it has none."""
    try:
        medians = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["medians"]
    except (OSError, ValueError, KeyError):
        return ""
    for period in ("test, held out", "training, held out", "test", "validation", "training"):
        found = medians.get(period, {}).get("all")
        if found and found.get("nse") is not None:
            return f": median NSE {found['nse']:.3f} over {found['basins']} basins ({period})"
    return ""
