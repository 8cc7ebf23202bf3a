"""What one key of a namelist is: declared once, read by the checks, the help and the resolved namelist."""

from dataclasses import dataclass
from math import inf
from typing import Any

# What a value may be. A list is written with commas; 'input' must exist before the run, 'path' may be made by it.
TYPES = {
    "text": "quoted text",
    "date": "quoted date 'YYYY-MM-DD'",
    "path": "quoted path",
    "input": "quoted path of something that exists",
    "integer": "whole number",
    "real": "number",
    "logical": ".true. or .false.",
    "texts": "list of quoted texts",
    "inputs": "list of quoted paths that exist",
    "paths": "list of quoted paths",
    "integers": "list of whole numbers",
    "reals": "list of numbers",
}


@dataclass(frozen=True)
class Setting:
    """One key of one namelist group.

    type     one of TYPES; lists become tuples
    default  the value where the namelist says nothing; '' or () where there is none
    unit     of numbers, UDUNITS text; '' for everything else
    choices  the allowed texts, or () where any is
    low      smallest and high largest allowed number (of each element of a list)
    """

    group: str
    key: str
    type: str
    default: Any
    meaning: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    low: float = -inf
    high: float = inf

    @property
    def is_list(self) -> bool:
        """Whether the value is a tuple."""
        return self.type.endswith("s")

    @property
    def scalar_type(self) -> str:
        """Type of one element."""
        return self.type.removesuffix("s")
