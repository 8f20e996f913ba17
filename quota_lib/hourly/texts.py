"""Written times and numbers → values, each different text once.

Source  contract §2, Values
"""

from __future__ import annotations

import re

import numpy as np

from quota_lib.hourly.batch import UNREADABLE, Coded, Numbers, Table, Times
from quota_lib.hourly.span import hour_of_text
from quota_lib.words import fold

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:nan|inf|infinity)", re.ASCII | re.IGNORECASE)


class TextHours:
    """Times as texts; a text is read once for all batches."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._table = Table(self._hour, UNREADABLE)

    def times(self, column: Coded) -> Times:
        """Return the hours that a column of texts names."""
        return Times(
            self._table.values(column), lambda row: column.words[column.codes[row]] if column.codes[row] >= 0 else ""
        )

    def _hour(self, word: str) -> int:
        if word not in self._known:
            hour = hour_of_text(word)
            self._known[word] = UNREADABLE if hour is None else hour
        return self._known[word]


def number_of_text(text: str) -> float | None:
    """Return a plain number, NaN for a blank; None for anything else.  ``nan`` and ``inf`` are what the fast reader takes them for.

    >>> number_of_text("１２.５"), number_of_text("1,234.5"), number_of_text("<0.1"), number_of_text(" ")
    (12.5, None, None, nan)
    """
    folded = fold(text)
    if not folded:
        return float("nan")
    return float(folded) if _NUMBER.fullmatch(folded) else None


def numbers_of_texts(column: Coded) -> Numbers:
    """Return the numbers of a column of texts, and what is none by row."""
    found = [number_of_text(word) for word in column.words]
    table = np.array([*(np.nan if one is None else one for one in found), np.nan])
    strange = np.array([*(one is None for one in found), False])
    rows = np.flatnonzero(strange[column.codes]).tolist()
    return Numbers(table[column.codes], {row: column.words[column.codes[row]] for row in rows})
