"""Parquet, a part at a time: names stay the codes that the file has.

Source  contract §2, Hourly data
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quota_lib.hourly.batch import NAMES, UNREADABLE, Batch, Coded, Numbers, Times
from quota_lib.hourly.columns import places_of
from quota_lib.hourly.faults import Faults
from quota_lib.hourly.span import EPOCH
from quota_lib.hourly.texts import TextHours, numbers_of_texts

ROWS = 2**17
_TICKS = {"s": 3600, "ms": 3600 * 10**3, "us": 3600 * 10**6, "ns": 3600 * 10**9}


def read_parquet(path: Path, file: str, faults: Faults, clock_offset: int) -> Iterator[Batch]:
    """Read a file in batches; what is wrong with it as a whole is noted, and the rest given up.

    ``clock_offset``: hours from UTC to local time, for times that bear a zone.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
        places = places_of(schema.names, file, faults)
        if places is None or not _usable(schema, places, file, faults):
            return
        names = {name: schema.names[place] for name, place in places.items()}
        source = pq.ParquetFile(path, read_dictionary=[names[one] for one in NAMES if one in names])
        row, hours = 1, TextHours()
        for part in source.iter_batches(batch_size=ROWS, columns=list(names.values())):
            yield _batch(part, row, names, hours, clock_offset)
            row += part.num_rows
    except (pa.ArrowException, OSError):
        faults.of_file("Q601", file)


def _usable(schema: Any, places: dict[str, int], file: str, faults: Faults) -> bool:
    """Return whether each column has a type that can be read; one that has none is noted."""
    import pyarrow.types as types

    def text(one: Any) -> bool:
        return types.is_string(one) or types.is_large_string(one) or types.is_string_view(one) or types.is_null(one)  # type: ignore[no-any-return]

    def number(one: Any) -> bool:
        return types.is_integer(one) or types.is_floating(one) or types.is_decimal(one)  # type: ignore[no-any-return]

    for name, place in places.items():
        kind = schema.field(place).type
        kind = kind.value_type if types.is_dictionary(kind) else kind
        fits = text(kind) or (types.is_timestamp(kind) if name == "time" else number(kind) and name != "flag")
        if not fits:
            faults.of_file("Q607", file, column=name, type=str(kind))
            return False
    return True


def _batch(part: Any, first: int, names: dict[str, str], hours: TextHours, clock_offset: int) -> Batch:
    import pyarrow.types as types

    columns = {name: part.column(heading) for name, heading in names.items()}
    time = columns["time"]
    coded = {name: _coded(columns[name]) for name in NAMES if name in columns}
    coded.setdefault("site", Coded(np.full(part.num_rows, -1, np.int32), ()))
    return Batch(
        first,
        coded,
        _times(time, clock_offset) if types.is_timestamp(time.type) else hours.times(_coded(time)),
        _numbers(columns["concentration"]),
        _numbers(columns["flow"]),
    )


def _coded(column: Any) -> Coded:
    """Return a column of words, or of whole numbers that are ids, as codes."""
    import pyarrow as pa
    import pyarrow.types as types

    if not types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    codes = column.indices.cast(pa.int32()).fill_null(-1)
    words = column.dictionary.cast(pa.string()).to_pylist()
    return Coded(codes.to_numpy(zero_copy_only=False), ["" if one is None else one for one in words])


def _times(column: Any, clock_offset: int) -> Times:
    """Return timestamps as hours since 1970; those with a zone are moved to local time."""
    import pyarrow as pa

    ticks = column.cast(pa.int64())
    blank = np.asarray(ticks.is_null()) if ticks.null_count else None
    values: NDArray[np.int64] = ticks.fill_null(0).to_numpy(zero_copy_only=False)
    each = _TICKS[column.type.unit]
    hours = values // each
    strange = hours * each != values
    if blank is not None:
        strange |= blank
    hours += clock_offset if column.type.tz else 0
    if strange.any():
        hours[strange] = UNREADABLE
    return Times(hours, lambda row: "" if blank is not None and blank[row] else _written(values[row], each))


def _written(ticks: int, each: int) -> str:
    """Return a time as its file has it; beyond what a calendar holds, as a number."""
    from datetime import timedelta

    try:
        return str(EPOCH + timedelta(seconds=float(ticks) * 3600 / each))
    except OverflowError:
        return str(ticks)


def _numbers(column: Any) -> Numbers:
    """Return a column of numbers as doubles; one of texts is read as texts."""
    import pyarrow as pa
    import pyarrow.types as types

    kind = column.type.value_type if types.is_dictionary(column.type) else column.type
    if types.is_null(kind) or types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return numbers_of_texts(_coded(column))
    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if types.is_decimal(kind):  # cast at once it is not always the nearest double
        column = column.cast(pa.string())
    values = column.cast(pa.float64(), safe=False)
    values = values.fill_null(float("nan")) if values.null_count else values
    return Numbers(values.to_numpy(zero_copy_only=False), {})
