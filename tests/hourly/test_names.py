"""Names and values that a person typed: shown in one line, whatever stands in them."""

from __future__ import annotations

import polars as pl
import pytest

from quota_lib.hourly import read_year
from tests.hourly.test_bad_files import table
from tests.hourly.test_substitution import OUTLETS, RULES


@pytest.mark.parametrize(
    ("column", "code"),
    [("outlet", "Q612"), ("credit_code", "Q611"), ("factor", "Q613"), ("flag", "Q617"), ("site", "Q612")],
)
def test_a_line_break_in_a_name_is_shown_escaped_in_one_line(tmp_path, column, code):
    path = tmp_path / "a.parquet"
    table(range(5)).with_columns(pl.lit("甲\n\r\t乙\u2028丙").alias(column)).write_parquet(path)
    made = read_year([("2025/monitoring/a.parquet", path)], [], 2025, RULES, OUTLETS)
    (message,) = (one.message for one in made.problems if one.code == code)
    assert message.isprintable()
    assert "甲\\n\\r\\t乙\\u2028丙" in message


def test_a_line_break_in_a_value_and_in_a_heading_is_shown_escaped(tmp_path):
    path = tmp_path / "a.parquet"
    odd = table(range(5)).with_columns(pl.lit("1\n2").alias("concentration"), pl.lit(1).alias("x\ny"))
    odd.write_parquet(path)
    made = read_year([("2025/monitoring/a.parquet", path)], [], 2025, RULES, OUTLETS)
    told = {one.code: one.message for one in made.problems}
    assert all(message.isprintable() for message in told.values())
    assert "“1\\n2”" in told["Q621"] and "“x\\ny”" in told["Q605"]
