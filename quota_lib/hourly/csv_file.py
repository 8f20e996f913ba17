"""CSV, a part at a time: UTF-8, one line a row, the columns named in the first line.

The fast reader takes a line with too few columns for one with blanks at its end, and stops at one with too many:
where a sign of either shows, the lines are counted one by one.

Source  contract §2, Hourly data
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from quota_lib.hourly.batch import NAMES, Batch, Coded, Numbers
from quota_lib.hourly.columns import places_of
from quota_lib.hourly.faults import Faults
from quota_lib.hourly.texts import TextHours, numbers_of_texts

FIRST_ROW = 2  # the headings are row 1
ROWS = 2**17
VALUES = ("concentration", "flow")


def read_csv(path: Path, file: str, faults: Faults) -> Iterator[Batch]:
    """Read a file in batches; what is wrong with it as a whole is noted, and the rest given up."""
    import polars as pl

    headings = _read_headings(path, file, faults)
    places = None if headings is None else places_of(headings, file, faults)
    if headings is None or places is None:
        return
    words, hours, done = Categories(), TextHours(), 0
    wrong: frozenset[int] | None = None
    try:
        for frame in _read_parts(path, len(headings), places, done, words, careful=False):
            if wrong is None and frame["short"].any():
                wrong = _read_wrong_lines(path, len(headings), file, faults)
            yield _batch(frame, done, wrong, words, hours)
            done += len(frame)
    except pl.exceptions.PolarsError:  # a text among numbers, too many columns, letters that are not UTF-8
        if wrong is None:
            wrong = _read_wrong_lines(path, len(headings), file, faults)
        with tempfile.TemporaryDirectory() as place:
            copy = _write_legible(path, Path(place) / "copy.csv")
            try:
                for frame in _read_parts(copy, len(headings), places, done, words, careful=True):
                    yield _batch(frame, done, wrong, words, hours)
                    done += len(frame)
            except pl.exceptions.PolarsError:
                faults.of_file("Q601", file)


def _write_legible(path: Path, copy: Path) -> Path:
    """Return a copy of a file in UTF-8, in which every letter that is not is marked (�)."""
    with path.open("rb") as source, copy.open("wb") as target:
        for line in source:
            target.write(line.decode("utf-8", "replace").encode("utf-8"))
    return copy


def _read_headings(path: Path, file: str, faults: Faults) -> list[str] | None:
    with path.open("rb") as source:
        line = source.readline()
        source.seek(0, 2)
        if source.tell():
            source.seek(-1, 2)
            if source.read() != b"\n":
                faults.of_file("Q608", file)
    try:
        return next(csv.reader([line.decode("utf-8-sig").rstrip("\r\n")]), [])
    except UnicodeDecodeError:
        faults.of_file("Q610", file, 1)
        return None


def _read_parts(
    path: Path, columns: int, places: dict[str, int], done: int, words: Categories, careful: bool
) -> Iterator[Any]:
    """Read rows as frames, from a row on; ``careful``: numbers as texts, surplus columns let pass."""
    import polars as pl

    types: dict[str, Any] = {f"c{place}": pl.String for place in range(columns)}
    wanted = [pl.col(f"c{columns - 1}").is_null().alias("short")]
    for name, place in places.items():
        if careful or name not in VALUES:
            types[f"c{place}"] = words.type_of(name)
            wanted.append(pl.col(f"c{place}").to_physical().alias(name))
        else:
            types[f"c{place}"] = pl.Float64
            wanted.append(pl.col(f"c{place}").alias(name))
    rows = pl.scan_csv(
        path,
        has_header=False,
        skip_rows=1,
        schema=types,
        glob=False,
        raise_if_empty=False,
        truncate_ragged_lines=careful,
    )
    yield from rows.select(wanted).slice(done).collect_batches(maintain_order=True, chunk_size=ROWS)


def _read_wrong_lines(path: Path, columns: int, file: str, faults: Faults) -> frozenset[int]:
    """Return the rows with too few or too many columns, counted from 0, and note them and letters that are not UTF-8."""
    wrong = []
    with path.open("rb") as source:
        source.readline()
        for number, line in enumerate(source):
            try:
                text = line.decode("utf-8").rstrip("\r\n")
            except UnicodeDecodeError:
                faults.add("Q610", file, number + FIRST_ROW)
                text = line.decode("utf-8", "replace").rstrip("\r\n")
            found = len(next(csv.reader([text]), [])) if '"' in text else text.count(",") + 1
            if found != columns and text:
                wrong.append(number)
                said = (("found", str(found)), ("columns", str(columns)))
                faults.add("Q609", file, number + FIRST_ROW, 1, said)
    return frozenset(wrong)


def _batch(frame: Any, done: int, wrong: frozenset[int] | None, words: Categories, hours: TextHours) -> Batch:
    coded = {name: words.coded(name, frame[name]) for name in NAMES if name in frame.columns}
    coded.setdefault("site", Coded(np.full(len(frame), -1, np.int32), ()))
    time = words.coded("time", frame["time"])
    concentration, flow = (_numbers(name, frame[name], words) for name in VALUES)
    skipped: set[int] = set()
    if wrong is not None:
        empty = np.isnan(concentration.values) & np.isnan(flow.values) & (time.codes < 0)
        for one in coded.values():
            empty &= one.codes < 0
        skipped = {*np.flatnonzero(empty).tolist(), *(row for row in range(len(frame)) if row + done in wrong)}
    return Batch(done + FIRST_ROW, coded, hours.times(time), concentration, flow, sorted(skipped))


class Categories:
    """The words of a file's columns as the reader numbers them; each list only grows, a number keeps its word."""

    def __init__(self) -> None:
        self._types: dict[str, Any] = {}
        self._words: dict[str, list[str]] = {}

    def type_of(self, name: str) -> Any:
        """Return the type that numbers the words of a column."""
        import polars as pl

        self._types[name], self._words[name] = pl.Categorical(pl.Categories.random()), []
        return self._types[name]

    def __contains__(self, name: str) -> bool:
        return name in self._types

    def coded(self, name: str, column: Any) -> Coded:
        """Return a column of numbers with their words."""
        words, categories = self._words[name], self._types[name].categories
        codes = column.to_numpy()
        if column.null_count():
            codes = np.where(np.isnan(codes), -1, codes)
        codes = codes.astype(np.int32)
        most = int(codes.max(initial=-1))
        words.extend(categories[code] for code in range(len(words), most + 1))
        return Coded(codes, words)


def _numbers(name: str, column: Any, words: Categories) -> Numbers:
    if name in words:
        return numbers_of_texts(words.coded(name, column))
    return Numbers(column.to_numpy(), {})
