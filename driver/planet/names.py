"""Names for the rivers of a world: invented, pronounceable, the same for a river at any resolution."""

from __future__ import annotations

import numpy as np

from ..generator.keyed_random import uniforms

NAME = 14  # purpose of random numbers
REGION = 4.0  # degrees: mouths in one square have the names of one list
BEGINNINGS = "Al Am An Ar Bel Bra Cor Dar Del El En Er Fal Gal Gar Hal Il Ir Ka Kel La Lor Mar Mel Mo Na Ner No Ol Or"
BEGINNINGS += " Pal Per Ra Ril Ro Sa Sel Sil Ta Tel Tor Ul Um Va Vel Vor Wa Yal Ye Za Zel"
MIDDLES = "a e i o u ami ana ari eli ema eri ila imo ini ola ora umi una anda endo isca onda usta"
ENDS = "bo dan dra gon la lin lo ma mir na ne nor ra ren ria ro sa ska ta than tis va ven via wen zan"


def river_names(seed: int, latitude: np.ndarray, longitude: np.ndarray) -> list[str]:
    """Names of the rivers with mouths at these degrees, [river], no two the same."""
    taken: dict[str, None] = {}
    for north, east in zip(np.floor((90.0 - latitude) / REGION), np.floor((longitude + 180.0) / REGION), strict=True):
        region, attempt = int(north * 1000 + east), 0
        while (name := _name(uniforms(seed, region, NAME, attempt, 4).tolist())) in taken:
            attempt += 1
        taken[name] = None
    return list(taken)


def _name(draws: list[float]) -> str:
    lists = [words.split() for words in (BEGINNINGS, MIDDLES, ENDS)]
    chosen = [words[int(draw * len(words))] for words, draw in zip(lists, draws[:3], strict=True)]
    # A vowel after a vowel reads badly, and every other name is short.
    if draws[3] < 0.35 or chosen[0][-1] in "aeiou":
        del chosen[1]
    return "".join(chosen)
