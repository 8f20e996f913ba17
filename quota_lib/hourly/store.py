"""The rows of all files, kept by groups of series: in memory, and beyond a bound in one temporary file.

A group is read back whole, so that memory does not grow with the number of outlets.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

GROUP = 128  # series that are judged together
IN_MEMORY = 140 * 2**20  # bytes


class Block(NamedTuple):
    """Rows of one group: the place of the hour in the group's grid, what it says, and the number of the row."""

    cell: NDArray[np.int32]
    concentration: NDArray[np.float64]
    flow: NDArray[np.float64]
    status: NDArray[np.int8]
    row: NDArray[np.uint32]


class Store:
    """Rows by group."""

    def __init__(self) -> None:
        self._held: dict[int, list[Block]] = defaultdict(list)
        self._written: dict[int, list[tuple[int, int]]] = defaultdict(list)  # offset, rows
        self._size = 0
        self._file: IO[bytes] | None = None
        self._writer: ThreadPoolExecutor | None = None
        self._written_so_far: Future[None] | None = None

    def add(self, group: NDArray[np.int32], block: Block) -> None:
        """Keep rows, each in its group."""
        if not len(group):
            return
        low, high = int(group.min()), int(group.max())
        if low == high:
            self._held[low].append(block)
        else:
            self._divide(group, block, high)
        self._size += sum(one.nbytes for one in block)
        if self._size > IN_MEMORY:
            self._move()

    def _divide(self, group: NDArray[np.int32], block: Block, high: int) -> None:
        order = np.argsort(group.astype(np.uint16 if high < 2**16 else np.int32), kind="stable")
        ends = np.cumsum(np.bincount(group, minlength=high + 1))
        sorted_block = [one[order] for one in block]
        for number, (first, after) in enumerate(zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)):
            if after > first:
                self._held[number].append(Block(*(one[first:after] for one in sorted_block)))  # type: ignore[arg-type]

    def _move(self) -> None:
        """Have everything held written to the temporary file, beside what goes on here."""
        self._wait()
        if self._writer is None:
            self._writer = ThreadPoolExecutor(1)
        self._written_so_far = self._writer.submit(self._write, self._held)
        self._held, self._size = defaultdict(list), 0

    def _write(self, held: dict[int, list[Block]]) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115  (closed in close)
        for number, blocks in held.items():
            self._written[number].append((self._file.tell(), sum(len(one.cell) for one in blocks)))
            for columns in zip(*blocks, strict=True):
                for column in columns:
                    self._file.write(np.ascontiguousarray(column).data)
        held.clear()

    def _wait(self) -> None:
        if self._written_so_far is not None:
            self._written_so_far.result()
            self._written_so_far = None

    def groups(self) -> list[int]:
        """Return every group that has rows; nothing may be added any more."""
        self._wait()
        return sorted(self._held.keys() | self._written.keys())

    def read(self, group: int) -> Iterator[Block]:
        """Return the rows of a group in the order in which they came, and forget those in memory."""
        for offset, rows in self._written[group]:
            yield self._read(offset, rows)
        yield from self._held.pop(group, [])

    def _read(self, offset: int, rows: int) -> Block:
        assert self._file is not None
        self._file.seek(offset)
        return Block(
            np.frombuffer(self._file.read(4 * rows), np.int32),
            np.frombuffer(self._file.read(8 * rows), np.float64),
            np.frombuffer(self._file.read(8 * rows), np.float64),
            np.frombuffer(self._file.read(rows), np.int8),
            np.frombuffer(self._file.read(4 * rows), np.uint32),
        )

    def close(self) -> None:
        if self._writer is not None:
            self._writer.shutdown()
        if self._file is not None:
            self._file.close()
