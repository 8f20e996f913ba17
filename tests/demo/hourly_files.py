"""The hourly data as their systems export them: Parquet of three platforms, CSV of one plant."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from .hourly_register import FIRST
from .hourly_series import BEFORE, MISSING, WORDS, Stream, Values, Whole, values

PLAIN, DECIMAL, LETTERS, CSV = "湖西在线监测", "湖东在线监测", "第三方平台在线监测", "自建平台导出"
MARKS = {  # how a system writes the flags, in the order of WORDS
    LETTERS: ("", "N", "C", "D", "T", "stopped"),  # HJ 212, which has no letter for a stopped outlet
    CSV: ("", "正常", "维护", "故障", "失控", "停产"),
}
EPOCH = np.datetime64(f"{FIRST}-01-01T00", "s")
DIGITS = 3  # decimals of a decimal column


def write_hourly(streams: list[Stream], target: Path) -> list[Path]:
    """Write the monitoring folders below a folder and return the files' paths."""
    paths = []
    for system in (PLAIN, DECIMAL, LETTERS, CSV):
        of = [(one, values(one)) for one in streams if one.system == system]
        for year, first, after in ((FIRST - 1, -BEFORE, 0), (FIRST, 0, 10**4)):
            parts = [(one, cut(found, first, after)) for one, found in of if found.first <= first]
            if parts:
                folder = target / str(year) / "monitoring"
                folder.mkdir(parents=True, exist_ok=True)
                name = f"{system}{year}{'年12月' if year < FIRST else '年'}"
                paths.append(write_csv(parts, folder / name) if system == CSV else write_parquet(parts, folder / name))
    return paths


def cut(found: Values, first: int, after: int) -> Values:
    """Return the hours from ``first`` to before ``after``."""
    part = slice(first - found.first, after - found.first)
    return found._replace(first=first, status=found.status[part], level=found.level[part], flow=found.flow[part])


def write_parquet(parts: Iterable[tuple[Stream, Values]], path: Path) -> Path:
    """Write one platform's export: a row for each hour that has one, by outlet, factor and hour."""
    tables = [table(one, found) for one, found in parts]
    whole = pa.concat_tables(tables).unify_dictionaries()
    path = path.with_name(path.name + ".parquet")
    names = [name for name in whole.column_names if name != "time"]
    pq.write_table(
        whole,
        path,
        compression="zstd",
        compression_level=15,
        use_dictionary=names,
        column_encoding={"time": "DELTA_BINARY_PACKED"},
        write_statistics=False,
        store_schema=False,
    )
    return path


def table(one: Stream, found: Values) -> pa.Table:
    """Return one monitor's rows."""
    rows = np.flatnonzero(found.status != MISSING)
    marks = MARKS.get(one.system, WORDS)
    number = decimals if one.system == DECIMAL else doubles
    words = {"credit_code": one.code, "site": one.site, "outlet": one.outlet}
    columns = {name: repeated((word,), np.zeros(len(rows), np.int64)) for name, word in words.items()}
    columns["time"] = pa.array(EPOCH + (found.first + rows) * 3600, pa.timestamp("s"))
    columns["factor"] = repeated((one.factor,), np.zeros(len(rows), np.int64))
    columns["concentration"] = number(found.level[rows], found.decimals)
    columns["flow"] = number(found.flow[rows], found.flow_decimals)
    columns["flag"] = repeated(marks, found.status[rows])
    return pa.table(columns)


def repeated(words: tuple[str, ...], codes: Whole) -> pa.Array:
    """Return a column of a few words."""
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(words, pa.string()))


def doubles(whole: Whole, places: int) -> pa.Array:
    """Return numbers as doubles: the nearest to whole / 10**places; blank below 0."""
    return pa.array(whole / 10**places, pa.float64(), mask=whole < 0)


def decimals(whole: Whole, places: int) -> pa.Array:
    """Return numbers as exact decimals; blank below 0."""
    scaled = np.where(whole < 0, 0, whole) * 10 ** (DIGITS - places)
    words = np.stack([scaled, np.zeros_like(scaled)], axis=1).astype("<i8")  # 128 bits, the low half first
    exact = pa.Array.from_buffers(pa.decimal128(12, DIGITS), len(whole), [None, pa.py_buffer(words.tobytes())])
    return exact.filter(pa.array(whole >= 0)).take(pa.array(np.cumsum(whole >= 0) - 1, pa.int64(), mask=whole < 0))


def write_csv(parts: Iterable[tuple[Stream, Values]], path: Path) -> Path:
    """Write one plant's export, without a site, and blank where nothing was measured."""
    path = path.with_name(path.name + ".csv")
    lines = ["credit_code,outlet,time,factor,concentration,flow,flag"]
    for one, found in parts:
        for row in np.flatnonzero(found.status != MISSING).tolist():
            time = str(EPOCH + (found.first + row) * 3600)[:16].replace("T", " ")
            level = written(int(found.level[row]), found.decimals)
            flow = written(int(found.flow[row]), found.flow_decimals)
            mark = MARKS[CSV][int(found.status[row])]
            lines.append(f"{one.code},{one.outlet},{time},{one.factor},{level},{flow},{mark}")
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    return path


def written(whole: int, places: int) -> str:
    """Return a number as a system prints it; blank below 0."""
    if whole < 0:
        return ""
    text = str(whole).rjust(places + 1, "0")
    return f"{text[:-places]}.{text[-places:]}" if places else text
