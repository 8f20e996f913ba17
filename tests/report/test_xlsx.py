import os
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from quota_lib.amounts import Ratio, mass
from quota_lib.report.table import Column, FactorShown, Table
from quota_lib.report.xlsx import new_workbook, sheet_names, write_tables

FACTORS = {"COD": FactorShown("化学需氧量", 3)}
DAY = date(2025, 3, 31)
COLUMNS = (
    Column("lot", "批次"),
    Column("factor", "污染因子"),
    Column("left", "结存", "signed", "t"),
    Column("born", "入账", "date"),
    Column("ratio", "比例", "ratio"),
    Column("n", "笔数", "count"),
    Column("level", "级别", "level"),
)


def lots(*rows, **more):
    return Table("lots", "批次", COLUMNS, rows, factor="factor", **more)


def lot(left, name="001", **more):
    row = {"born": DAY, "ratio": Ratio(11, 10), "n": 3, "level": "预警"} | more
    return (name, "COD", left, *row.values())


def write(path, *tables):
    write_tables(path, "储备季度报告", tables, FACTORS, {"subject": "2025Q1", "状态": "初报"}, DAY)
    return path


def sheet(tmp_path, table, **options):
    return openpyxl.load_workbook(write(tmp_path / "a.xlsx", table), **options).worksheets[0]


def test_two_writes_leave_the_same_bytes(tmp_path):
    table = lots(lot(mass("1.25")), ("合计", None, mass("1.25"), None, None, 3, None), total=frozenset({1}))
    assert write(tmp_path / "a.xlsx", table).read_bytes() == write(tmp_path / "b.xlsx", table).read_bytes()


def test_the_date_of_creation_is_the_given_day(tmp_path):
    properties = openpyxl.load_workbook(write(tmp_path / "a.xlsx", lots())).properties
    assert properties.created == properties.modified == datetime(2025, 3, 31)
    assert (properties.title, properties.subject) == ("储备季度报告", "2025Q1")


def test_cells_are_real_numbers_dates_and_texts(tmp_path):
    cells = sheet(tmp_path, lots(lot(mass("-1.25"))))[3]
    values = [cell.value for cell in cells]
    assert values == ["001", "化学需氧量", -1.25, datetime(2025, 3, 31), 1.1, 3, "预警"]
    assert [cell.data_type for cell in cells] == ["s", "s", "n", "d", "n", "n", "s"]


def test_number_formats_show_the_decimals_of_the_factor_or_of_the_value(tmp_path):
    table = lots(lot(mass("1.5")), lot(mass("0.000125")), lot(0))
    column = [cell.number_format for cell in sheet(tmp_path, table)["C"][2:]]
    assert column == ["0.000", "0.000000", "0"]


def test_what_does_not_apply_is_blank_and_zero_is_zero(tmp_path):
    cells = sheet(tmp_path, lots(lot(None, n=0, born=None)))[3]
    assert cells[2].value is None and cells[3].value is None and cells[5].value == 0


def test_a_ratio_without_a_decimal_is_written_as_a_fraction(tmp_path):
    assert sheet(tmp_path, lots(lot(1, ratio=Ratio(1, 3))))["E3"].value == "1/3"


@pytest.mark.parametrize("hostile", ['=HYPERLINK("http://x","y")', "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "1E5"])
def test_hostile_text_is_text(tmp_path, hostile):
    cell = sheet(tmp_path, lots(lot(1, name=hostile)))["A3"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (hostile, "s", None)


def test_a_workbook_makes_no_formula_or_link_of_a_text(tmp_path):
    with new_workbook(tmp_path / "a.xlsx", DAY) as book:
        sheet = book.add_worksheet()
        for row, hostile in enumerate(["=1+1", "https://example.org", "12"]):
            sheet.write(row, 0, hostile)
    cells = openpyxl.load_workbook(tmp_path / "a.xlsx").active["A"]
    assert [(cell.data_type, cell.hyperlink) for cell in cells] == [("s", None)] * 3


def test_an_address_is_not_made_a_link(tmp_path):
    assert sheet(tmp_path, lots(lot(1, name="https://example.org")))["A3"].hyperlink is None


def test_a_character_that_reorders_or_breaks_is_spelt_out(tmp_path):
    assert sheet(tmp_path, lots(lot(1, name="甲\u202e乙\x00")))["A3"].value == "甲[U+202E]乙[U+0000]"


def totals():
    sums = frozenset({2, 4, 5})
    rows = [("a", 1), ("b", 2), ("小计", 3), ("c", 4), ("小计", 4), ("合计", 7)]
    return Table("t", "合计", (Column("k", "项"), Column("m", "量", "mass", "t")), rows, total=sums)


def test_a_total_is_a_sum_formula_with_its_result(tmp_path):
    path = write(tmp_path / "a.xlsx", totals())
    formulas = openpyxl.load_workbook(path).worksheets[0]["B"]
    results = openpyxl.load_workbook(path, data_only=True).worksheets[0]["B"]
    assert [cell.value for cell in formulas[2:]] == [
        1e-09,
        2e-09,
        "=SUM(B3:B4)",
        4e-09,
        "=SUM(B6:B6)",
        "=SUM(B3:B4,B6:B6)",
    ]
    assert [cell.value for cell in results[4::2]] == [3e-09, 4e-09]


def test_a_total_that_is_no_sum_of_its_rows_is_a_number(tmp_path):
    rows = [("a", 1), ("合计", 2)]
    table = Table("t", "合计", (Column("k", "项"), Column("m", "量", "mass")), rows, total=frozenset({1}))
    assert sheet(tmp_path, table)["B4"].value == 2e-09


def test_the_head_is_frozen_and_filtered_and_the_totals_are_not(tmp_path):
    made = sheet(tmp_path, totals())
    assert made["A1"].value == "合计" and made["B2"].value == "量（t）"
    assert made.freeze_panes == "B3"
    assert made.auto_filter.ref == "A2:B6"


def test_columns_are_as_wide_as_their_chinese_words(tmp_path):
    widths = sheet(tmp_path, lots(lot(1, name="苏州工业园区生态环境局"))).column_dimensions
    assert widths["A"].width >= 22


def test_an_empty_table_says_so(tmp_path):
    assert sheet(tmp_path, lots(empty="本期没有批次。"))["A3"].value == "本期没有批次。"


def test_sheet_names_are_legal_and_unique():
    names = sheet_names(["a/b[c]:*?", "长" * 40, "长" * 35, "X", "x", "y", "Y", "'"])
    assert names == ["a·b·c····", "长" * 31, "长" * 29 + "-2", "X", "x-2", "y", "Y-2", "表"]


def test_a_failed_write_leaves_nothing(tmp_path):
    with pytest.raises(AttributeError):
        write(tmp_path / "a.xlsx", lots(), None)
    assert os.listdir(tmp_path) == []


def test_the_workbook_holds_no_date_of_today(tmp_path):
    with zipfile.ZipFile(write(tmp_path / "a.xlsx", lots())) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
