"""Rows to hours, and words to series: the short ways for rows in good order say what the long ones say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quota_lib.hourly.batch import Coded
from quota_lib.hourly.grid import grid_of
from quota_lib.hourly.lookup import Lookup
from quota_lib.hourly.store import Block


@pytest.mark.parametrize("cells", [[0, 1, 2, 3], [0, 2, 1, 3], [3, 2, 1, 0], [1, 2, 3, 4], [0, 3, 1, 2], [2], [0, 2]])
def test_a_row_lands_in_its_own_hour_whatever_stands_before_it(cells):
    count = len(cells)
    values = np.array([10.0 * cell for cell in cells])
    block = Block(
        np.array(cells, np.int32),
        values,
        values + 1,
        np.full(count, 1, np.int8),
        np.arange(1, count + 1).astype(np.uint32),
    )
    grid, twice = grid_of([block], 1, 6)
    assert twice is None
    for cell in range(6):
        if cell in cells:
            assert (grid.concentration[0, cell], grid.flow[0, cell]) == (10 * cell, 10 * cell + 1)
            assert grid.row[0, cell] == cells.index(cell) + 1
        else:
            assert grid.row[0, cell] == 0 and np.isnan(grid.concentration[0, cell])


words = st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 3), st.integers(1, 9)), min_size=1, max_size=12)


@given(words)
def test_every_row_gets_what_its_own_words_stand_for_in_runs_of_any_length(runs):
    names, others = ["a", "b", "c"], ["w", "x", "y", "z"]
    rows = [(one, other) for one, other, length in runs for _ in range(length)]
    columns = [
        Coded(np.array([row[0] for row in rows], np.int32), names),
        Coded(np.array([row[1] for row in rows], np.int32), others),
    ]
    asked: list[tuple[str, str]] = []

    def number(one: str, other: str) -> int:
        asked.append((one, other))
        return len(asked) - 1

    found = Lookup(2, number).values(columns)
    told = [asked[one] for one in found.tolist()]
    assert told == [(names[a] if a >= 0 else "", others[b] if b >= 0 else "") for a, b in rows]
    assert len(set(asked)) == len(asked)
