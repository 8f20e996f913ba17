from datetime import date

import pytest

from quota_lib.amounts import Ratio, mass
from quota_lib.report.csvs import csv_text, write_csv
from quota_lib.report.filename import safe_name
from quota_lib.report.table import Column, Table

COLUMNS = (
    Column("lot", "批次"),
    Column("left", "结存", "signed", "t"),
    Column("day", "日", "date"),
    Column("ratio", "比例", "ratio"),
    Column("n", "笔数", "count"),
)


def text(*rows, **more):
    return csv_text(Table("lots", "批次", COLUMNS, rows, **more))


def test_the_header_is_the_names_of_the_columns_after_a_byte_order_mark():
    assert text() == "\ufefflot,left,day,ratio,n\n"


def test_amounts_are_plain_decimals_and_days_are_iso():
    row = ("001", mass("-1.250"), date(2025, 3, 31), Ratio(11, 10), 10)
    assert text(row).split("\n")[1] == "001,-1.25,2025-03-31,1.1,10"
    assert text(("a", -1, None, None, 0)).split("\n")[1] == "a,-0.000000001,,,0"
    assert text(("a", 0, None, None, 0)).split("\n")[1] == "a,0,,,0"


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1", "@x", "<script>"])
def test_texts_stand_as_they_are_for_other_programs(hostile):
    assert text((hostile, 0, None, None, 0)).split("\n")[1] == f"{hostile},0,,,0"


def test_only_what_needs_quotes_gets_them():
    assert text(('甲,"乙"\n丙', 0, None, None, 0)).endswith('"甲,""乙""\n丙",0,,,0\n')


def test_rows_that_are_sums_are_left_out():
    assert text(("a", 1, None, None, 1), ("合计", 1, None, None, 1), total=frozenset({1})).count("\n") == 2


def test_lines_end_in_lf_on_every_system(tmp_path):
    write_csv(tmp_path / "lots.csv", Table("lots", "批次", COLUMNS, [("a", 1, None, None, 1)]))
    data = (tmp_path / "lots.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and b"\r" not in data and data.endswith(b"\n")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("JS-2025_001.a", "JS-2025_001.a"),
        ("苏园2025", "苏园2025"),
        ("a/b\\c:d", "a%2Fb%5Cc%3Ad"),
        ("50% 期", "50%25%20期"),
        ("（一）", "%EF%BC%88一%EF%BC%89"),
        ("²①", "%C2%B2%E2%91%A0"),
    ],
)
def test_every_character_of_a_file_name_but_letters_digits_and_three_marks_is_spelt_in_hex(name, safe):
    assert safe_name(name) == safe
