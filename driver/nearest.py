"""The known name that comes nearest to a mistyped one."""

import difflib
from collections.abc import Iterable


def nearest(word: str, names: Iterable[str]) -> str:
    """The most similar of the names, '' where none is similar; upper and lower case are alike."""
    folded = {name.lower(): name for name in names}
    found = difflib.get_close_matches(word.lower(), folded, 1, 0.6)
    return folded[found[0]] if found else ""


def suggestion(word: str, names: Iterable[str]) -> str:
    """'; did you mean X?' or, where nothing is similar, the list of what there is."""
    known = list(names)
    found = nearest(word, known)
    return f"; did you mean '{found}'?" if found else f"; known: {', '.join(known)}"
