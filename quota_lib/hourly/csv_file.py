"""CSV, a part at a time: UTF-8, one line a row, the columns named in the first line.

The fast reader takes quotes for letters, a line with too few columns for one with blanks at its end, and stops at one
with too many or at a quoted number: where a sign of any of these shows, or a quote anywhere but around a word, the lines
are looked at one by one, and those that are no row are named.  A field cannot hold a line's end.

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
QUOTE = b'"'


class QuoteLeft(Exception):
    """A word holds a quote that is not around it: it may not have been closed."""


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
        if len(places) < len(headings) and _read_quotes(path):
            raise QuoteLeft  # may be: in a column that is not read it would not show
        for frame in _read_parts(path, len(headings), places, done, words, careful=False):
            if wrong is None and frame["short"].any():
                wrong = _read_wrong_lines(path, len(headings), file, faults)
            yield _batch(frame, done, wrong, words, hours)
            done += len(frame)
    except (pl.exceptions.PolarsError, QuoteLeft):  # also a text among numbers, letters that are not UTF-8
        if wrong is None:
            wrong = _read_wrong_lines(path, len(headings), file, faults)
        words.strict = False
        with tempfile.TemporaryDirectory() as place:
            copy = _write_legible(path, Path(place) / "copy.csv", len(headings), wrong)
            try:
                for frame in _read_parts(copy, len(headings), places, done, words, careful=True):
                    yield _batch(frame, done, wrong, words, hours)
                    done += len(frame)
            except pl.exceptions.PolarsError:
                faults.of_file("Q601", file)


def _read_quotes(path: Path) -> bool:
    """Return whether some line has a quote that is not closed."""
    with path.open("rb") as source:
        return any(line.count(QUOTE) % 2 for line in source)


def _write_legible(path: Path, copy: Path, columns: int, wrong: frozenset[int]) -> Path:
    """Return a copy of a file in UTF-8, in which every letter that is not is marked (�), and lines that are no row are blank."""
    blank = b"," * (columns - 1) + b"\n"
    with path.open("rb") as source, copy.open("wb") as target:
        target.write(source.readline())
        for number, line in enumerate(source):
            row = number not in wrong and line.rstrip(b"\r\n")
            target.write(line.decode("utf-8", "replace").encode("utf-8") if row else blank)
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
        quote_char='"' if careful else None,
    )
    yield from rows.select(wanted).slice(done).collect_batches(maintain_order=True, chunk_size=ROWS)


def _read_wrong_lines(path: Path, columns: int, file: str, faults: Faults) -> frozenset[int]:
    """Return the lines that are no row, counted from 0, and note them and letters that are not UTF-8.

    They have too few or too many columns, or a quote that is not closed.
    """
    wrong = []
    with path.open("rb") as source:
        source.readline()
        for number, line in enumerate(source):
            try:
                text = line.decode("utf-8").rstrip("\r\n")
            except UnicodeDecodeError:
                faults.add("Q610", file, number + FIRST_ROW)
                text = line.decode("utf-8", "replace").rstrip("\r\n")
            cells = _cells(text)
            if cells is None:
                wrong.append(number)
                faults.add("Q633", file, number + FIRST_ROW)
                continue
            found = len(cells)
            if found != columns and text:
                wrong.append(number)
                said = (("found", str(found)), ("columns", str(columns)))
                faults.add("Q609", file, number + FIRST_ROW, 1, said)
    return frozenset(wrong)


def _cells(text: str) -> list[str] | None:
    """Return the cells of a line; None where its quotes do not pair, or something stands between a quote and the comma."""
    if '"' not in text:
        return text.split(",")
    try:
        return None if text.count('"') % 2 else next(csv.reader([text], strict=True), [])
    except csv.Error:
        return None


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
    """The words of a file's columns as the reader numbers them; each list only grows, a number keeps its word.

    ``strict``: quotes around a word are taken off, a word with one elsewhere is refused.
    """

    def __init__(self) -> None:
        self.strict = True
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
        codes = codes.view(np.int32) if codes.dtype == np.uint32 else codes.astype(np.int32)
        most = int(codes.max(initial=-1))
        new = [categories[code] for code in range(len(words), most + 1)]
        words.extend(map(_bare, new) if self.strict else new)
        return Coded(codes, words)


def _bare(word: str) -> str:
    """Return a word without the quotes around it.

    Errors  QuoteLeft: a quote stands elsewhere in it.
    """
    bare = word[1:-1] if len(word) > 1 and word[0] == word[-1] == '"' else word
    if '"' in bare:
        raise QuoteLeft
    return bare


def _numbers(name: str, column: Any, words: Categories) -> Numbers:
    if name in words:
        return numbers_of_texts(words.coded(name, column))
    return Numbers(column.to_numpy(), {})
