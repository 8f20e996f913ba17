"""Words of a batch → one number for each row, by tables that grow: no row costs more than a few array reads."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from quota_lib.hourly.batch import Coded, Table
from quota_lib.hourly.gaps import changes, lengths

UNSEEN, ASKED = -2, -3
MOST_CELLS = 2**25
LONG = 4  # rows in a run, from which it pays to look for runs


def _runs(columns: Sequence[NDArray[np.int32]]) -> NDArray[np.int64]:
    """Return where rows begin that differ from the one before."""
    changed = columns[0][1:] != columns[0][:-1]
    for one in columns[1:]:
        changed |= one[1:] != one[:-1]
    return changes(changed, len(columns[0]))


class Vocabulary:
    """Every word of a column that any file used, numbered; 0 is a blank."""

    def __init__(self) -> None:
        self.words = [""]
        self._number = {"": 0}
        self._table = Table(self.number, 0)

    def number(self, word: str) -> int:
        found = self._number.setdefault(word, len(self.words))
        if found == len(self.words):
            self.words.append(word)
        return found

    def numbers(self, column: Coded) -> NDArray[np.int64]:
        """Return each row's number."""
        return self._table.values(column)


class Lookup:
    """What a combination of words stands for; ``ask`` is asked once for each."""

    def __init__(self, columns: int, ask: Callable[..., int]) -> None:
        self.vocabularies = [Vocabulary() for _ in range(columns)]
        self._ask = ask
        self._known: dict[tuple[int, ...], int] = {}
        self._shape = (1,) * columns
        self._table = np.full(1, UNSEEN, np.int32)

    def values(self, columns: Sequence[Coded]) -> NDArray[np.int32]:
        """Return what each row's words stand for; where rows with the same words stand together, once for all of them."""
        rows = len(columns[0].codes)
        starts = _runs([one.codes for one in columns])
        if len(starts) * LONG > rows:
            return self._of_rows(columns)
        found = self._of_rows([Coded(one.codes[starts], one.words) for one in columns])
        return np.repeat(found, lengths(starts, rows))

    def _of_rows(self, columns: Sequence[Coded]) -> NDArray[np.int32]:
        numbers = [one.numbers(column) for one, column in zip(self.vocabularies, columns, strict=True)]
        self._grow(tuple(len(one.words) for one in self.vocabularies))
        place = numbers[0]
        for number, size in zip(numbers[1:], self._shape[1:], strict=True):
            place *= size
            place += number
        if not len(self._table):
            new, inverse = np.unique(place, return_inverse=True)
            return np.array(self._ask_for(new), np.int32)[inverse]
        found = self._table[place]
        unseen = found == UNSEEN
        if unseen.any():
            self._table[place[unseen]] = ASKED
            new = np.flatnonzero(self._table == ASKED)
            self._table[new] = self._ask_for(new)
            found = self._table[place]
        return found

    def _grow(self, shape: tuple[int, ...]) -> None:
        """Make the table large enough, with room to spare; give it up where it would be too large."""
        if all(have >= need for have, need in zip(self._shape, shape, strict=True)):
            return
        self._shape = tuple(max(have, need * 5 // 4) for have, need in zip(self._shape, shape, strict=True))
        cells = math.prod(self._shape)
        self._table = np.full(cells if cells <= MOST_CELLS else 0, UNSEEN, np.int32)
        if len(self._table) and self._known:
            known = np.ravel_multi_index(np.array(list(self._known)).T, self._shape)
            self._table[known] = list(self._known.values())

    def _ask_for(self, places: NDArray[np.int64]) -> list[int]:
        """Return what combinations stand for, by their places in the table."""
        each = np.stack(np.unravel_index(places, self._shape)).T.tolist()
        return [self._one(tuple(one)) for one in each]

    def _one(self, numbers: tuple[int, ...]) -> int:
        if numbers not in self._known:
            words = (one.words[number] for one, number in zip(self.vocabularies, numbers, strict=True))
            self._known[numbers] = self._ask(*words)
        return self._known[numbers]
