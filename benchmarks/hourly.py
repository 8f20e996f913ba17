"""Hourly data at full size: `python benchmarks/hourly.py` (about five minutes, 3 GB of disk).

Parquet with substitution on 100 outlets × 6 factors × 8,760 h (5.3 M rows) against a straightforward pandas version and
against pyarrow only decoding the file; the same on 1,000 outlets, sorted by outlet and by time; CSV against a polars scan
with a group-by sum.  Each measurement is a process of its own, imports not counted, the rounds in turn; the ratios are of
the medians.  ``--small``: a tenth of everything.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.hourly_park import YEAR, outlets, write_park  # noqa: E402

RUNS = 5
KEYS = ["credit_code", "outlet", "factor"]


def ours(path: Path, count: int) -> Callable[[], object]:
    import polars  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    from quota_lib.hourly import read_year
    from quota_lib.problems import catalogue
    from quota_lib.rules import Rules

    catalogue()
    rules = Rules({one.stem: one.read_text(encoding="utf-8") for one in (ROOT / "parameters").glob("*.yaml")})
    known = {key: SimpleNamespace(medium="大气") for key in outlets(count)}
    return lambda: read_year([(path.name, path)], (), YEAR, rules, known)


def decode(path: Path, count: int) -> Callable[[], object]:
    import pyarrow.parquet as pq

    return lambda: pq.read_table(path)


def decode_by_parts(path: Path, count: int) -> Callable[[], object]:
    import pyarrow.parquet as pq

    return lambda: [part.num_rows for part in pq.ParquetFile(path).iter_batches()]


def polars_sum(path: Path, count: int) -> Callable[[], object]:
    import polars as pl

    product = (pl.col("concentration") * pl.col("flow")).sum()
    return lambda: pl.scan_csv(path).group_by(KEYS).agg(product).collect()


def pandas_version(path: Path, count: int) -> Callable[[], object]:
    """Substitute as one would write it first: by outlet and factor, gap by gap."""
    import pandas as pd

    def one_series(hours: pd.DataFrame) -> float:
        grid = (
            hours.set_index("time")
            .sort_index()
            .reindex(pd.date_range(f"{YEAR}-01-01", f"{YEAR}-12-31 23:00", freq="h"))
        )
        emission = grid["concentration"] * grid["flow"]
        valid, stopped = grid["flag"] == "normal", grid["flag"] == "stopped"
        need = ~valid & ~stopped
        quarter = grid.index.quarter
        capture = valid.groupby(quarter).sum() / (~stopped).groupby(quarter).sum()
        measured = emission[valid]
        total = measured.sum()
        gap = (need != need.shift()).cumsum()[need]
        for _, part in gap.groupby(gap):
            share = capture[part.index[0].quarter]
            last = (180 if len(part) <= 24 else 720) if share >= 0.9 else 2160
            before = measured[: part.index[0]].tail(last)
            if share >= 0.75 and len(before):
                total += before.max() * len(part)
        return total

    return lambda: pd.read_parquet(path).groupby(KEYS).apply(one_series)


KINDS = {one.__name__: one for one in (ours, decode, decode_by_parts, polars_sum, pandas_version)}


def measure(kind: str, path: Path, count: int) -> tuple[float, int]:
    """Return seconds and MB at the peak, in a process of its own."""
    command = [sys.executable, __file__, "--one", kind, str(path), str(count)]
    seconds, most = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return seconds, most


def one(kind: str, path: str, count: str) -> None:
    work = KINDS[kind](Path(path), int(count))
    start = time.perf_counter()
    work()
    print(json.dumps([time.perf_counter() - start, peak()]))


def peak() -> int:
    """Return the peak of this process alone in MB; what getrusage says counts the parent's, too."""
    status = Path("/proc/self/status")
    if status.exists():
        return (
            int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1]) // 1024
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def rounds(wanted: dict[str, tuple[str, Path, int]], runs: int) -> dict[str, float]:
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in wanted}
    for _ in range(runs):
        for name, (kind, path, count) in wanted.items():
            found[name].append(measure(kind, path, count))
    for name, each in found.items():
        low, middle = min(x for x, _ in each), statistics.median(x for x, _ in each)
        print(
            f"  {name:<34} best {low:7.2f} s  median {middle:7.2f} s  {max(most for _, most in each):6} MB", flush=True
        )
    return {name: statistics.median(x for x, _ in each) for name, each in found.items()}


def main(small: bool) -> int:
    count = 10 if small else 100
    with tempfile.TemporaryDirectory() as place:
        park, large, by_time, text = (Path(place) / name for name in ("a.parquet", "b.parquet", "t.parquet", "a.csv"))
        write_park(park, count)
        write_park(text, count)
        base = rounds(
            {
                "ours, Parquet": ("ours", park, count),
                "pyarrow decoding only": ("decode", park, count),
                "pyarrow decoding only, by parts": ("decode_by_parts", park, count),
                "ours, CSV": ("ours", text, count),
                "polars scan with group-by sum": ("polars_sum", text, count),
            },
            RUNS,
        )
        base |= rounds({"pandas, Parquet": ("pandas_version", park, count)}, 1)
        text.unlink()
        write_park(large, 10 * count)
        write_park(by_time, 10 * count, by_time=True)
        base |= rounds(
            {
                "ours, Parquet, 10 × the outlets": ("ours", large, 10 * count),
                "ours, Parquet, 10 ×, by time": ("ours", by_time, 10 * count),
                "ours, Parquet again": ("ours", park, count),
            },
            3,
        )
    for name, over, under, aim in (
        ("pandas / ours", "pandas, Parquet", "ours, Parquet", "≥ 3"),
        ("ours / decoding", "ours, Parquet", "pyarrow decoding only", "≤ 6"),
        ("ours, 10 × / 1 ×", "ours, Parquet, 10 × the outlets", "ours, Parquet again", "≤ 13"),
        ("ours, 10 × by time / 1 ×", "ours, Parquet, 10 ×, by time", "ours, Parquet again", "≤ 13"),
        ("ours CSV / polars", "ours, CSV", "polars scan with group-by sum", "≤ 2"),
    ):
        print(f"{name:<26} {base[over] / base[under]:5.1f}   aim {aim}")
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        sys.exit(main("--small" in sys.argv))
