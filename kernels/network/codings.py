"""The common codings of flow directions, each declared once."""

from typing import NamedTuple


class Coding(NamedTuple):
    """What the numbers of a map of flow directions mean.

    steps: code -> (rows towards the south, columns towards the east); ends: codes of cells where the water stays (a
    mouth, an inland sink); nothing: further codes of cells that are not part of the network. Other negative codes and
    missing values are no cells either.
    """

    title: str
    steps: dict[int, tuple[int, int]]
    ends: tuple[int, ...]
    nothing: tuple[int, ...] = ()


_CLOCKWISE = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))  # N NE E SE S SW W NW
_KEYPAD = {7: (-1, -1), 8: (-1, 0), 9: (-1, 1), 4: (0, -1), 6: (0, 1), 1: (1, -1), 2: (1, 0), 3: (1, 1)}

CODINGS = {
    "d8": Coding(
        "powers of two from 1 = east clockwise to 128 = northeast (ESRI, HydroSHEDS, MERIT Hydro)",
        {2 ** ((k - 2) % 8): step for k, step in enumerate(_CLOCKWISE)},
        ends=(0, 255, -1),
        nothing=(247,),
    ),
    "ldd": Coding(
        "numeric keypad with 5 = end (PCRaster; also DDM30 with -1 = inland sink)",
        _KEYPAD,
        ends=(5, -1),
        nothing=(0, 255),
    ),
    "hd": Coding(
        "numeric keypad with 5 = inland sink, 0 = mouth, -1 = ocean (HD model)",
        _KEYPAD,
        ends=(5, 0),
    ),
    "trip": Coding(
        "1 = north clockwise to 8 = northwest, 9 = mouth, 10 = inland sink (TRIP)",
        {k + 1: step for k, step in enumerate(_CLOCKWISE)},
        ends=(9, 10),
        nothing=(0,),
    ),
}
INDEX = "index"
INDEX_TITLE = "index or id of the downstream cell"
