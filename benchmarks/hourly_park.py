"""Hourly data of a made-up park, for the benchmark: any number of outlets, by outlet or by time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from benchmarks.many_rows import code

YEAR, HOURS, FACTORS = 2025, 8760, ("PM", "SO2", "NOX", "VOCS", "PB", "HG")
FLAGS = ("normal", "maintenance", "fault", "out_of_control", "stopped")
START = int(datetime(YEAR, 1, 1, tzinfo=UTC).timestamp())


def outlets(count: int) -> list[tuple[str, str]]:
    """Return plants with ten outlets each."""
    return [(code(number // 10), f"DA{number % 10 + 1:03d}") for number in range(count)]


def flags(random: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Return flags: nearly all normal, a stop of days, and gaps of some hours."""
    found = np.zeros(shape, np.int8)
    for row in found:
        for start in random.integers(0, shape[1], max(1, shape[1] // 350)):
            row[start : start + random.integers(1, 40)] = random.integers(1, 4)
        start = random.integers(0, shape[1])
        row[start : start + shape[1] // 20] = 4
    return found


def table(random: np.random.Generator, count: int, by_time: bool, first: int, hours: int) -> pa.Table:
    """Return the rows of all outlets for some hours."""
    series = count * len(FACTORS)
    shape = (series, hours)
    level = np.repeat(random.uniform(2, 80, series)[:, None], hours, 1)
    values = np.round(level * random.uniform(0.5, 1.5, shape), 2)
    flow = np.repeat(
        np.round(random.uniform(5e3, 9e4, (count, 1)) * random.uniform(0.8, 1.2, (count, hours))), len(FACTORS), 0
    )
    marks = flags(random, shape)
    values[marks == FLAGS.index("stopped")] = 0
    numbers = np.broadcast_to(np.arange(series)[:, None], shape)
    times = np.broadcast_to(START + 3600 * (first + np.arange(hours)), shape)
    columns = [numbers // len(FACTORS), times, numbers % len(FACTORS), values, flow, marks]
    place, time, factor, value, volume, flag = (one.T.ravel() if by_time else one.ravel() for one in columns)
    return pa.table(
        {"place": place, "time": time, "factor": factor, "concentration": value, "flow": volume, "flag": flag}
    )


def named(bare: pa.Table, names: list[tuple[str, str]]) -> pa.Table:
    """Return the rows with the names that staff write."""

    def words(column: str, found: list[str]) -> pa.Array:
        codes = bare[column].combine_chunks().cast(pa.int32())
        return pa.DictionaryArray.from_arrays(codes, pa.array(found)).cast(pa.string())

    return pa.table(
        {
            "credit_code": words("place", [unit for unit, _ in names]),
            "outlet": words("place", [outlet for _, outlet in names]),
            "time": bare["time"].cast(pa.timestamp("s")).cast(pa.timestamp("ms")),
            "factor": words("factor", list(FACTORS)),
            "concentration": bare["concentration"],
            "flow": bare["flow"],
            "flag": words("flag", list(FLAGS)),
        }
    )


def parts(count: int, by_time: bool) -> Iterator[pa.Table]:
    """Return the rows in parts that fit in memory, in the order of the file."""
    random, names = np.random.default_rng(1), outlets(count)
    if by_time:
        days = max(1, 1_000_000 // (count * len(FACTORS) * 24)) * 24
        for first in range(0, HOURS, days):
            yield named(table(random, count, True, first, min(days, HOURS - first)), names)
    else:
        for first in range(0, count, 20):
            some = names[first : first + 20]
            yield named(table(random, len(some), False, 0, HOURS), some)


def write_park(path: Path, count: int, by_time: bool = False) -> None:
    """Write one Parquet or CSV file."""
    writer = None
    for part in parts(count, by_time):
        if path.suffix == ".csv":
            part = part.set_column(2, "time", pa.compute.strftime(part["time"], format="%Y-%m-%d %H:%M"))
        if writer is None:
            writer = (
                pa.csv.CSVWriter(path, part.schema)
                if path.suffix == ".csv"
                else pq.ParquetWriter(path, part.schema, compression="zstd")
            )
        writer.write_table(part)
    if writer:
        writer.close()
