"""CSV, a part at a time: UTF-8, one line a row, the columns named in the first line.

The fast reader takes a line with too few columns for one with blanks at its end, and stops at one with too many:
where a sign of either shows, the lines are counted one by one.

Source  contract §2, Hourly data
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from quota_lib.hourly.batch import NAMES, Batch, Coded, Numbers
from quota_lib.hourly.columns import places_of
from quota_lib.hourly.faults import Faults
from quota_lib.hourly.texts import TextHours, numbers_of_texts

FIRST_ROW = 2  # the headings are row 1
VALUES = ("concentration", "flow")


def read_csv(path: Path, file: str, faults: Faults) -> Iterator[Batch]:
    """Read a file in batches; what is wrong with it as a whole is noted, and the rest given up."""
    import polars as pl

    headings = _read_headings(path, file, faults)
    places = None if headings is None else places_of(headings, file, faults)
    if headings is None or places is None:
        return
    last, hours, done = f"c{len(headings) - 1}", TextHours(), 0
    wrong: frozenset[int] | None = None
    try:
        for frame in _read_parts(path, len(headings), places, done, careful=False):
            if wrong is None and frame[last].null_count():
                wrong = _read_wrong_lines(path, len(headings), file, faults)
            yield _batch(frame, done, places, wrong, hours)
            done += len(frame)
    except pl.exceptions.PolarsError:  # a text among numbers, too many columns, letters that are not UTF-8
        if wrong is None:
            wrong = _read_wrong_lines(path, len(headings), file, faults)
        try:
            for frame in _read_parts(path, len(headings), places, done, careful=True):
                yield _batch(frame, done, places, wrong, hours)
                done += len(frame)
        except pl.exceptions.PolarsError:
            faults.of_file("Q601", file)


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


def _read_parts(path: Path, columns: int, places: dict[str, int], done: int, careful: bool) -> Iterator[Any]:
    """Read rows as frames, from a row on; ``careful``: numbers as texts, surplus columns and strange letters let pass."""
    import polars as pl

    types = {f"c{place}": pl.String for place in range(columns)}
    for name, place in places.items():
        words = careful or name not in VALUES
        types[f"c{place}"] = pl.Categorical(pl.Categories.random()) if words else pl.Float64  # type: ignore[assignment]
    rows = pl.scan_csv(
        path,
        has_header=False,
        skip_rows=1,
        schema=types,
        glob=False,
        raise_if_empty=False,
        truncate_ragged_lines=careful,
        encoding="utf8-lossy" if careful else "utf8",
    )
    wanted = sorted({*(f"c{place}" for place in places.values()), f"c{columns - 1}"})
    yield from rows.select(wanted).slice(done).collect_batches(maintain_order=True)


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


def _batch(frame: Any, done: int, places: dict[str, int], wrong: frozenset[int] | None, hours: TextHours) -> Batch:
    columns = {name: frame[f"c{place}"] for name, place in places.items()}
    coded = {name: _coded(columns[name]) for name in NAMES if name in columns}
    coded.setdefault("site", Coded(np.full(len(frame), -1, np.int32), ()))
    time = _coded(columns["time"])
    concentration, flow = (_numbers(columns[name]) for name in VALUES)
    skipped: set[int] = set()
    if wrong is not None:
        empty = np.isnan(concentration.values) & np.isnan(flow.values) & (time.codes < 0)
        for one in coded.values():
            empty &= one.codes < 0
        skipped = {*np.flatnonzero(empty).tolist(), *(row for row in range(len(frame)) if row + done in wrong)}
    return Batch(done + FIRST_ROW, coded, hours.times(time), concentration, flow, sorted(skipped))


def _coded(column: Any) -> Coded:
    import polars as pl

    words = column.dtype.categories
    codes = column.to_physical()
    most = codes.max()
    found = codes.cast(pl.Int32).fill_null(-1).to_numpy()
    return Coded(found, [words[code] for code in range(0 if most is None else most + 1)])


def _numbers(column: Any) -> Numbers:
    import polars as pl

    if column.dtype != pl.Float64:
        return numbers_of_texts(_coded(column))
    return Numbers(column.fill_null(float("nan")).to_numpy(), {})
