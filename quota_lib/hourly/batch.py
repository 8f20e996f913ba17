"""A part of a file as it was read: columns, names as codes into a list of words.

Source  contract §2, Hourly data
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NAMES = ("credit_code", "site", "outlet", "factor", "flag")
NEEDED = ("credit_code", "outlet", "time", "factor", "concentration", "flow", "flag")
COLUMNS = ("credit_code", "site", *NEEDED[1:])


class Coded(NamedTuple):
    """A column of words: a code per row, -1 for a blank; ``words`` may grow, a code keeps its word."""

    codes: NDArray[np.int32]
    words: Sequence[str]


class Table:
    """The number that each word of a column stands for; made once for a list of words, and again where it has grown."""

    def __init__(self, of_word: Callable[[str], int], of_blank: int) -> None:
        self._of_word, self._of_blank = of_word, of_blank
        self._words: Sequence[str] = ()
        self._made = self._array(())

    def values(self, column: Coded) -> NDArray[np.int64]:
        """Return what the words of the rows stand for."""
        if column.words is not self._words or len(self._made) != len(column.words) + 1:
            self._words, self._made = column.words, self._array(column.words)
        return self._made[column.codes]

    def _array(self, words: Sequence[str]) -> NDArray[np.int64]:
        return np.array(
            [*(self._of_word(word) for word in words), self._of_blank], np.int64
        )  # -1, a blank, is the last


class Times(NamedTuple):
    """A column of times: hours since 1970, UNREADABLE where it is no start of an hour, and how a row wrote it."""

    hours: NDArray[np.int64]
    written: Callable[[int], str]


class Numbers(NamedTuple):
    """A column of numbers, NaN where blank; ``refused``: what stood in rows that hold no number."""

    values: NDArray[np.float64]
    refused: Mapping[int, str]


UNREADABLE = -(2**62)


class Batch(NamedTuple):
    """Consecutive rows of a file.  ``first``: the number of the first row, as a person counts.

    ``names``: by column.  ``skipped``: rows that are not data, blank or reported.
    """

    first: int
    names: Mapping[str, Coded]
    time: Times
    concentration: Numbers
    flow: Numbers
    skipped: Sequence[int] = ()
