"""Words that stand next to each other again and again become one: a page's figures say most things many times.

A phrase is its words with spaces between; whoever joins words by a space reads it as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

PASSES = 6  # each at most doubles the length of a phrase
LEAST = 6  # times that a pair must stand there
PLACE = 4  # characters that a word's place takes
ENTRY = 8  # characters that a phrase's entry takes beside its own


def phrased(texts: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return texts, each a list of words, with frequent neighbours joined to phrases.

    >>> phrased([["sum", "of", "3", "lots"]] * 9 + [["7", "lots"]])[8:]
    [['sum of 3 lots'], ['7', 'lots']]
    """
    found = [list(text) for text in texts]
    for _ in range(PASSES):
        pairs: Counter[tuple[str, str]] = Counter()
        for text in found:
            pairs.update(pairwise(text))
        worth = {pair for pair, count in pairs.items() if _worth(pair, count)}
        if not worth:
            break
        found = [_joined(text, worth) for text in found]
    return found


def _worth(pair: tuple[str, str], count: int) -> bool:
    return count >= LEAST and (count - 1) * PLACE > len(pair[0]) + len(pair[1]) + ENTRY


def _joined(text: list[str], worth: set[tuple[str, str]]) -> list[str]:
    """Return a text with each pair that is worth it joined, from the left."""
    made: list[str] = []
    at = 0
    while at < len(text):
        pair = (text[at], text[at + 1]) if at + 1 < len(text) else None
        made.append(" ".join(pair) if pair in worth else text[at])
        at += 2 if pair in worth else 1
    return made
