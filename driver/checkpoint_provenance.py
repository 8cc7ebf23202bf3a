"""What a file says of the checkpoint that its numbers come from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .files import checksum


def provenance(path: Path, content: Mapping[str, Any]) -> dict[str, str]:
    """Attributes of a netCDF file: the checkpoint by name and sha256, and what made it.

    content: as nn.checkpoint.load gives it.
    """
    made = content["made"]
    data = made["data"]
    files = ", ".join(name for name, _ in data["files"]) or "nothing"
    return {
        "checkpoint": path.name,
        "checkpoint_sha256": checksum(path),
        "checkpoint_made": f"{made['time']} by freshet {made['freshet']}",
        "checkpoint_model": made["model"]["label"],
        "checkpoint_network": ", ".join(f"{key} {value}" for key, value in made["network"].items()),
        "checkpoint_data": f"{len(data['basins'])} places of {files}",
        "checkpoint_versions": ", ".join(f"{name} {number}" for name, number in made["versions"].items()),
        "checkpoint_namelist": made["namelist"],
    }
