"""Bad hourly files: each mistake is named with its file and row, and nothing is dropped in silence."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from quota_lib.hourly import read_year
from tests.hourly.test_substitution import FIRST, HEAD, HOUR, HOURS, OUTLETS, RULES
from tests.small_park import A, B

FILE = "2025/monitoring/a.csv"


def line(hour=0, **cells):
    usual = {
        "credit_code": A,
        "site": "001",
        "outlet": "DA001",
        "time": f"{FIRST + HOUR * hour:%Y-%m-%d %H:%M}",
        "factor": "NOX",
        "concentration": "50",
        "flow": "1000",
        "flag": "normal",
    }
    return ",".join({**usual, **cells}.values()) + "\n"


def day(*changed, hours=24):
    """Return the text of a file of some normal hours, then lines as given."""
    return HEAD + "".join(line(n) for n in range(hours)) + "".join(changed)


def read(tmp_path: Path, text, name="a.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_year([(f"2025/monitoring/{name}", path)], [], 2025, RULES, OUTLETS)


def told(made, *severities):
    """Return severity, cell and message of what is said of the file, what follows from the rest of the year aside."""
    later = ("没有数据行", "有效捕集率", "需要替代", "在线数据不能", "无法替代", "不足")
    return [
        (one.severity, one.cell)
        for one in made.problems
        if not any(word in one.message for word in later) and (not severities or one.severity in severities)
    ]


def normal(made):
    return sum(one.normal for one in made.quarters)


def test_a_sound_file_has_no_error(tmp_path):
    made = read(tmp_path, day())
    assert (told(made), normal(made)) == ([], 24)
    assert made.quarters[0].as_given == 24 * 50_000


@pytest.mark.parametrize(
    ("row", "counted"),
    [
        (line(30, flag="gut"), 24),
        (line(30, credit_code="91320599YX0079190A"), 24),
        (line(30, credit_code=B), 24),
        (line(30, outlet="DA009"), 24),
        (line(30, factor="NOPE"), 24),
        (line(30, factor="COD"), 24),  # a water factor at a stack
        (line(30, concentration=""), 24),
        (line(30, flow=""), 24),
        (line(30, concentration="-1"), 24),
        (line(30, flow="1e12"), 24),
        (line(30, concentration="nan"), 24),
        (line(30, concentration="viel"), 24),
        (line(30, time="2025-01-02 06:30"), 24),
        (line(30, time="2026-01-02 06:00"), 24),
        (line(30, time="neulich"), 24),
        (line(5, concentration="51"), 23),  # two rows of one hour that differ: neither counts
    ],
)
def test_each_mistake_is_an_error_at_its_row_and_the_hour_does_not_count(tmp_path, row, counted):
    made = read(tmp_path, day(row))
    errors = told(made, "error")
    assert errors, [str(one) for one in made.problems]
    assert {cell for _, cell in errors} <= {"26", "7"}  # the row itself, or the one that it differs from
    assert normal(made) == counted


def test_the_same_row_again_counts_once_and_is_told(tmp_path):
    made = read(tmp_path, day(line(5)))
    assert told(made, "error") == []
    assert told(made, "info") and normal(made) == 24


def test_blanks_are_allowed_where_the_hour_is_not_normal(tmp_path):
    made = read(tmp_path, day(line(24, concentration="", flow="", flag="fault")))
    assert told(made, "error") == []


@pytest.mark.parametrize("column", ["credit_code", "outlet", "time", "factor", "concentration", "flow", "flag"])
def test_a_missing_column_is_an_error_of_the_file(tmp_path, column):
    text = day().replace(column, "xyz", 1)
    made = read(tmp_path, text)
    assert any(one.severity == "error" and column in one.message for one in made.problems)
    assert normal(made) == 0


def test_the_site_may_be_missing(tmp_path):
    rows = [one.split(",") for one in day().splitlines()]
    text = "\n".join(",".join(cell for at, cell in enumerate(row) if at != 1) for row in rows) + "\n"
    assert normal(read(tmp_path, text)) == 24


def test_a_file_that_was_cut_is_said_to_be(tmp_path):
    text = day()
    made = read(tmp_path, text[: len(text) - 12])
    assert [one.severity for one in made.problems if one.cell or "文件" in one.message]
    path = tmp_path / "b.parquet"
    table(range(24)).write_parquet(path)
    made = read(tmp_path, path.read_bytes()[:-40], "c.parquet")
    assert any(one.severity == "error" for one in made.problems)


def table(hours):
    times = [FIRST + HOUR * n for n in hours]
    count = len(times)
    return pl.DataFrame(
        {
            "credit_code": [A] * count,
            "site": ["001"] * count,
            "outlet": ["DA001"] * count,
            "time": times,
            "factor": ["NOX"] * count,
            "concentration": [50.0] * count,
            "flow": [1000.0] * count,
            "flag": ["normal"] * count,
        }
    )


def test_parquet_and_csv_and_any_order_of_rows_and_files_give_the_same(tmp_path):
    table(range(100)).write_parquet(tmp_path / "whole.parquet")
    table(reversed(range(60))).write_parquet(tmp_path / "one.parquet")
    table(range(50, 100)).write_parquet(tmp_path / "two.parquet")  # overlaps, with the same values
    (tmp_path / "a.csv").write_text(day(hours=100), encoding="utf-8")

    def quarters(*names):
        files = [(f"2025/monitoring/{name}", tmp_path / name) for name in names]
        return read_year(files, [], 2025, RULES, OUTLETS).quarters

    whole = quarters("whole.parquet")
    assert quarters("a.csv") == whole
    assert quarters("one.parquet", "two.parquet") == quarters("two.parquet", "one.parquet") == whole


def test_the_year_before_gives_the_hours_before_the_first(tmp_path):
    before = HEAD + "".join(
        line(0, time=f"{datetime(2024, 12, 1) + timedelta(hours=n):%Y-%m-%d %H:%M}") for n in range(744)
    )
    now = HEAD + "".join(line(n) for n in range(5, HOURS))
    (tmp_path / "b.csv").write_text(before, encoding="utf-8")
    (tmp_path / "a.csv").write_text(now, encoding="utf-8")
    files = [(FILE, tmp_path / "a.csv")]
    alone = read_year(files, [], 2025, RULES, OUTLETS)
    both = read_year(files, [("2024/monitoring/b.csv", tmp_path / "b.csv")], 2025, RULES, OUTLETS)
    assert (alone.quarters[0].missing, alone.quarters[0].substituted) == (5, 0)
    assert (both.quarters[0].missing, both.quarters[0].substituted) == (0, 5)
