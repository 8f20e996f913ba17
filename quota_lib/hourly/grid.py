"""Rows → hours: a grid of a group's series, an hour a cell; two rows for one hour are found and settled.

Source  contract §2: the same row again is 提示, two different rows of one hour an error
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quota_lib.hourly.flags import INVALID, MISSING
from quota_lib.hourly.store import Block


class Grid(NamedTuple):
    """Hours of several series, series by series; ``row`` 0: no row."""

    status: NDArray[np.int8]
    concentration: NDArray[np.float64]
    flow: NDArray[np.float64]
    row: NDArray[np.uint32]


class Twice(NamedTuple):
    """Hours with a second row: the cell, the number of the first row, that of the other, and whether they say the same."""

    cell: NDArray[np.int32]
    first: NDArray[np.uint32]
    row: NDArray[np.uint32]
    same: NDArray[np.bool_]


def grid_of(blocks: Iterable[Block], series: int, hours: int) -> tuple[Grid, Twice | None]:
    """Return the hours of some series; of rows that say the same the one with the lowest number stays.

    Rows that differ leave an INVALID hour without concentration and flow: none is believed.
    """
    size = series * hours
    grid = Grid(
        np.full(size, MISSING, np.int8), np.full(size, np.nan), np.full(size, np.nan), np.zeros(size, np.uint32)
    )
    kept = []
    for block in blocks:
        kept.append(block)
        _put(grid, block, slice(None))
    given = sum(len(one.cell) for one in kept)
    twice = _settle(grid, kept) if given != np.count_nonzero(grid.row) else None
    return Grid(*(one.reshape(series, hours) for one in grid)), twice  # type: ignore[arg-type]


def _settle(grid: Grid, blocks: list[Block]) -> Twice:
    """Decide the hours that have more than one row."""
    rows = Block(*(np.concatenate(one) for one in zip(*blocks, strict=True)))
    often = np.bincount(rows.cell, minlength=len(grid.row))[rows.cell] > 1
    rows = Block(*(one[often] for one in rows))  # type: ignore[arg-type]
    order = np.lexsort((rows.row, rows.cell))
    rows = Block(*(one[order] for one in rows))  # type: ignore[arg-type]
    leads = np.concatenate([[True], rows.cell[1:] != rows.cell[:-1]])
    first = np.maximum.accumulate(np.where(leads, np.arange(len(leads)), 0))
    same = (
        (rows.status == rows.status[first])
        & _equal(rows.concentration, rows.concentration[first])
        & _equal(rows.flow, rows.flow[first])
    )
    _put(grid, rows, leads)
    split = rows.cell[~same]
    grid.status[split] = INVALID
    grid.concentration[split] = grid.flow[split] = np.nan
    return Twice(rows.cell[~leads], rows.row[first][~leads], rows.row[~leads], same[~leads])


def _put(grid: Grid, block: Block, chosen: NDArray[np.bool_] | slice) -> None:
    cell = block.cell[chosen]
    place: NDArray[np.int32] | slice = cell
    if len(cell) and cell[-1] - cell[0] + 1 == len(cell) and (cell[1:] - cell[:-1] == 1).all():
        place = slice(int(cell[0]), int(cell[-1]) + 1)  # hours on end, the usual case, are copied at once
    grid.status[place] = block.status[chosen]
    grid.concentration[place] = block.concentration[chosen]
    grid.flow[place] = block.flow[chosen]
    grid.row[place] = block.row[chosen]


def _equal(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    return (one == other) | (np.isnan(one) & np.isnan(other))  # type: ignore[no-any-return]
