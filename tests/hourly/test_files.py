"""However the same hours are written, the result is the same: formats, types, order, batches, memory or disk."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from quota_lib.hourly import csv_file, lookup, parquet_file, read_year, store
from tests.hourly.series import RULES, YEAR
from tests.small_park import A, B

PLACES = [(A, "DA001", "大气", ("NOX", "SO2")), (B, "DW001", "水", ("COD", "TP"))]
OUTLETS = {(unit, outlet): SimpleNamespace(medium=medium) for unit, outlet, medium, _ in PLACES}


def table(hours=2100):
    """Return hours of four series with all flags, blanks and gaps."""
    draw, rows = random.Random(5), []
    for unit, outlet, _, factors in PLACES:
        for factor in factors:
            for n in range(hours):
                flag = draw.choice(["normal"] * 40 + ["fault", "maintenance", "out_of_control", "stopped"])
                blank = flag != "normal" and draw.random() < 0.5
                value = None if blank else draw.randrange(1, 9999) / 100
                time = datetime(YEAR, 1, 1) + timedelta(hours=n)
                if draw.random() > 0.03:
                    rows.append(
                        (unit, outlet, time, factor, value, None if blank else float(draw.randrange(9000)), flag)
                    )
    names = ("credit_code", "outlet", "time", "factor", "concentration", "flow", "flag")
    return pa.table(dict(zip(names, (pa.array(one) for one in zip(*rows, strict=True)), strict=True)))


TABLE = table()


def read(*paths, **more):
    return read_year([(f"2025/monitoring/{path.name}", path) for path in paths], (), YEAR, RULES, OUTLETS, **more)


def came(made):
    """Return everything but where rows stand and the order they stand in."""
    years = [one._replace(rows=()) for one in made.years]
    told = sorted((one.code, one.message) for one in made.problems if one.code not in ("Q624", "Q622"))
    return made.quarters, years, list(made.substitutions), told, made.volumes


def write(path, content):
    if path.suffix == ".parquet":
        pq.write_table(content, path)
    else:
        column = pa.compute.strftime(content["time"], format="%Y-%m-%d %H:%M")
        pa.csv.write_csv(content.set_column(content.schema.get_field_index("time"), "time", column), path)
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    made = read(write(tmp_path_factory.mktemp("hours") / "a.parquet", TABLE))
    assert [one.severity for one in made.problems].count("error") == 0
    assert len(made.substitutions) > 100
    return came(made)


def test_csv_says_what_parquet_says(tmp_path, whole):
    assert came(read(write(tmp_path / "a.csv", TABLE))) == whole


def changed(name, kind):
    return lambda content: content.set_column(content.schema.get_field_index(name), name, content[name].cast(kind))


def decimals(content):
    place = content.schema.get_field_index("concentration")
    values = [None if one is None else Decimal(str(one)) for one in content["concentration"].to_pylist()]
    return content.set_column(place, "concentration", pa.array(values, pa.decimal128(9, 2)))


def zoned(content):
    """Return the same hours as instants in UTC, eight hours before local time."""
    place = content.schema.get_field_index("time")
    utc = pa.compute.subtract(content["time"], pa.scalar(timedelta(hours=8)))
    return content.set_column(place, "time", utc.cast(pa.timestamp("us", "UTC")))


@pytest.mark.parametrize(
    "other",
    [
        changed("time", pa.timestamp("s")),
        changed("time", pa.timestamp("ns")),
        changed("flag", pa.dictionary(pa.int8(), pa.string())),
        changed("outlet", pa.large_string()),
        changed("concentration", pa.string()),
        decimals,
        zoned,
        lambda content: content.set_column(2, "time", pa.compute.strftime(content["time"], format="%Y/%m/%d %H:%M")),
        lambda content: content.append_column("site", pa.array(["001"] * len(content))),
        lambda content: content.select(content.column_names[::-1]),
    ],
)
def test_types_and_order_of_columns_change_nothing(tmp_path, whole, other):
    assert came(read(write(tmp_path / "a.parquet", other(TABLE)))) == whole


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_the_order_of_rows_and_files_changes_nothing(tmp_path, whole, suffix):
    mixed = TABLE.take(np.random.default_rng(3).permutation(len(TABLE)))
    parts = [write(tmp_path / f"{n}.{suffix}", mixed.slice(n * 3000, 3000)) for n in range(len(mixed) // 3000 + 1)]
    assert came(read(*parts)) == whole
    assert came(read(*parts[::-1])) == whole


def test_the_same_file_twice_counts_once_and_says_so(tmp_path, whole):
    made = read(write(tmp_path / "a.parquet", TABLE), write(tmp_path / "b.csv", TABLE))
    assert came(made) == whole
    (told,) = (one for one in made.problems if one.code == "Q622")
    assert (told.file, told.cell) == ("2025/monitoring/b.csv", "2")
    assert f"{len(TABLE)} 行" in told.message
    assert "a.parquet 第 1 行" in told.message


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_small_batches_small_tables_and_the_disk_change_nothing(tmp_path, whole, suffix, monkeypatch):
    path = write(tmp_path / f"a.{suffix}", TABLE)
    for module, name, value in (
        (store, "IN_MEMORY", 20_000),
        (store, "GROUP", 2),
        (lookup, "MOST_CELLS", 3),
        (csv_file, "ROWS", 700),
        (parquet_file, "ROWS", 700),
    ):
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr("quota_lib.hourly.intake.GROUP", 2)
    monkeypatch.setattr("quota_lib.hourly.account.GROUP", 2)
    assert came(read(path)) == whole


def test_a_text_among_numbers_costs_that_value_alone(tmp_path, whole):
    path = write(tmp_path / "a.csv", TABLE)
    lines = path.read_text(encoding="utf-8").splitlines()
    target = next(n for n, line in enumerate(lines) if n > 900 and "fault" in line and ",," not in line)
    cells = lines[target].split(",")
    lines[target] = ",".join([*cells[:4], "约2", *cells[5:]])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    made = read(path)
    (told,) = (one for one in made.problems if one.severity == "error")
    assert (told.code, told.cell) == ("Q621", str(target + 1))
    assert "约2" in told.message
    assert [one.computed for one in made.quarters] == [one.computed for one in whole[0]]


@pytest.mark.parametrize(
    "text", ["1", "1.5", "+2", ".5", "5.", "1e3", "1E-2", " 7 ", "07", "-3", "nan", "NaN", "inf", "1e400"]
)
def test_a_number_is_the_same_read_fast_or_with_care(tmp_path, text):
    head = "credit_code,outlet,time,factor,concentration,flow,flag\n"
    row = f"{A},DA001,2025-01-01 00:00,NOX,{text},1,normal\n"
    results = []
    for more in ("", f"{A},DA001,2025-01-01 01:00,NOX,约2,1,fault\n"):
        path = tmp_path / "a.csv"
        path.write_text(head + row + more, encoding="utf-8")
        made = read(path)
        told = [(one.code, one.cell) for one in made.problems if one.severity == "error" and one.code != "Q621"]
        results.append((made.quarters[0].as_given, made.quarters[0].normal, told))
    assert results[0] == results[1]


def test_a_line_with_too_few_or_too_many_columns_is_named_and_the_others_count(tmp_path):
    path = write(tmp_path / "a.csv", TABLE)
    lines = path.read_text(encoding="utf-8").splitlines()
    whole_lines = len(lines)
    lines.insert(50, lines[40] + ",x")
    lines.insert(60, ",".join(lines[41].split(",")[:4]))
    lines.insert(70, "")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    made = read(path)
    (told,) = (one for one in made.problems if one.severity == "error")
    assert (told.code, told.cell) == ("Q609", "51")
    assert told.message.startswith("2 行")
    assert sum(one.last - one.first + 1 for year in made.years for one in year.rows) <= whole_lines + 3
    assert came(made)[:3] == came(read(write(tmp_path / "b.csv", TABLE)))[:3]


def test_letters_that_are_not_utf8_are_named(tmp_path):
    path = tmp_path / "a.csv"
    text = f"credit_code,outlet,time,factor,concentration,flow,flag\n{A},DA001,2025-01-01 00:00,NOX,1,1,正常\n"
    path.write_bytes(text.encode("gbk"))
    assert {("Q610", "2"), ("Q617", "2")} <= {(one.code, one.cell) for one in read(path).problems}
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("utf-8"))
    made = read(path)
    assert (made.quarters[0].normal, [one for one in made.problems if one.severity == "error"]) == (1, [])


def test_hours_that_are_asked_for_are_given_as_they_were_computed(tmp_path):
    first = datetime(YEAR, 1, 1)
    flags = ["normal"] * 2160 + ["fault"] * 1000 + ["normal"] * 5600
    flags[500], flags[600] = "fault", "stopped"
    rows = [(A, "DA001", first + timedelta(hours=n), "NOX", 2.0, 1e6, flag) for n, flag in enumerate(flags)]
    names = ("credit_code", "outlet", "time", "factor", "concentration", "flow", "flag")
    content = pa.table(dict(zip(names, (pa.array(one) for one in zip(*rows, strict=True)), strict=True)))
    wanted = [(A, "DA001", "NOX", first + timedelta(hours=n)) for n in (5, 500, 600, 3300, 9000)]
    made = read(write(tmp_path / "a.parquet", content), wanted=[*wanted, (B, "DA001", "NOX", first)])
    assert made.hours == {wanted[0]: 2, wanted[1]: 2, wanted[2]: 0}  # the second quarter is not usable


def test_nothing_is_said_of_other_files_than_it_is_about(tmp_path):
    made = read(write(tmp_path / "a.parquet", TABLE), write(tmp_path / "b.txt", TABLE))
    assert [one.file for one in made.problems if one.code == "Q602"] == ["2025/monitoring/b.txt"]
