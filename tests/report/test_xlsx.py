import os
import shutil
import subprocess
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from quota_lib.amounts import Ratio, mass
from quota_lib.periods import Quarter
from quota_lib.report.reserve import TOTALS, ReserveReport
from quota_lib.report.table import Column, FactorShown, Table
from quota_lib.report.xlsx import new_workbook, sheet_names, totalled, write_tables
from quota_lib.reserve.balances import balances, by_factors
from quota_lib.workspace import Workspace, load_park
from tests.small_park import NOW, A, paper
from tests.tools import missing
from tests.workspaces import ROOT, quota, small_workspace

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


PLANT_COLUMNS = (
    Column("unit", "排污单位"),
    Column("factor", "污染因子"),
    Column("basis", "口径"),
    Column("scope", "范围"),
    Column("amount", "实际", "mass", "t/a"),
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


def test_a_ratio_without_a_decimal_is_a_number_shown_as_a_fraction(tmp_path):
    cell = sheet(tmp_path, lots(lot(1, ratio=Ratio(719, 2160))))["E3"]
    assert (round(cell.value, 15), cell.data_type, cell.number_format) == (round(719 / 2160, 15), "n", "# ????/????")


def test_ratios_of_a_column_show_the_decimals_of_the_longest(tmp_path):
    table = lots(lot(1, ratio=Ratio(11, 10)), lot(1, ratio=Ratio(1, 3)), lot(1, ratio=Ratio(1, 8)))
    cells = sheet(tmp_path, table)["E"][2:]
    assert [(cell.value, cell.number_format) for cell in cells[::2]] == [(1.1, "0.000"), (0.125, "0.000")]
    assert sheet(tmp_path, lots(lot(1, ratio=Ratio(2, 1))))["E3"].number_format == "0"


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


def test_every_column_that_says_what_a_row_is_about_stays_in_view(tmp_path):
    made = write(tmp_path / "a.xlsx", lots(), plants := Table("p", "单位", PLANT_COLUMNS, []))
    assert [one.freeze_panes for one in openpyxl.load_workbook(made).worksheets] == ["C3", "E3"]
    assert plants.columns[3].name == "scope"


def test_a_mark_stands_before_the_title_of_every_sheet_and_at_the_head_of_its_prints(tmp_path):
    path = tmp_path / "a.xlsx"
    write_tables(path, "储备季度报告", [lots(), totals()], FACTORS, {}, DAY, "初报·有错误")
    for made, title in zip(openpyxl.load_workbook(path).worksheets, ("批次", "合计"), strict=True):
        assert made["A1"].value == f"■ 初报·有错误　{title}"
        assert made.oddHeader.center.text == "■ 初报·有错误"
    plain = openpyxl.load_workbook(write(tmp_path / "b.xlsx", lots())).worksheets[0]
    assert plain["A1"].value == "批次" and plain.oddHeader.center.text is None


@pytest.mark.parametrize("command", [("reserve", NOW), ("annual", "2025")])
def test_a_workbook_of_data_with_errors_is_marked_on_every_sheet_and_one_without_is_not(tmp_path, command):
    listed = paper("总量管理名单", "2025", 年度=2025, 统一社会信用代码=A, 排定日期="2026-02-20")
    for name, papers in {"bad": (paper("指标储备", 储备量="1.2吨"),), "good": ()}.items():
        root = small_workspace(tmp_path / name, listed, *papers)
        quota(root, *command)
        for made in openpyxl.load_workbook(root / "reports" / command[1] / f"{command[0]}.xlsx").worksheets:
            assert made["A1"].value.startswith("■ 初报·有错误　") == (name == "bad"), made.title


def test_a_table_is_added_up_for_each_factor_with_formulas(tmp_path):
    rows = [("a", "COD", 1_000_000_000), ("b", "NOX", 2_000_000_000), ("c", "COD", 4_000_000_000)]
    columns = (Column("k", "项"), Column("factor", "污染因子"), Column("m", "量", "mass", "t"))
    table = totalled(Table("t", "量", columns, rows, factor="factor"), ["m"], ["factor"])
    assert table.rows[3:] == [("合计", "COD", 5_000_000_000), ("合计", "NOX", 2_000_000_000)]
    cells = sheet(tmp_path, table)["C"]
    assert [cell.value for cell in cells[5:]] == ["=SUMIF($B$3:$B$5,$B6,C3:C5)", "=SUMIF($B$3:$B$5,$B7,C3:C5)"]


def test_a_table_without_rows_has_no_total():
    assert list(totalled(lots(), ["left"], ["factor"]).rows) == []


def recomputed(path, folder):
    """Return what LibreOffice makes of a workbook's formulas, their stored results put away."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if not soffice:
        missing("LibreOffice")
    bare = openpyxl.load_workbook(path)  # openpyxl stores no results
    bare.save(folder / "bare.xlsx")
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    command = [str(soffice), "--headless", home, "--convert-to", "xlsx", "--outdir", str(folder / "out")]
    subprocess.run([*command, str(folder / "bare.xlsx")], check=True, capture_output=True, timeout=120)
    return openpyxl.load_workbook(folder / "out" / "bare.xlsx", data_only=True)


def test_the_totals_of_the_demo_park_are_what_libreoffice_computes(tmp_path):
    park = load_park(Workspace(ROOT), Quarter(2025, 4))
    report = ReserveReport(park, [])
    tables = [totalled(report.tables[name], *TOTALS[name]) for name in TOTALS]
    write_tables(tmp_path / "a.xlsx", "", tables, report.factors, {}, DAY)
    formulas, found = openpyxl.load_workbook(tmp_path / "a.xlsx"), recomputed(tmp_path / "a.xlsx", tmp_path)
    checked = 0
    for table in tables:
        for index in sorted(table.total):
            for at, cell in enumerate(table.rows[index]):
                if isinstance(cell, int):
                    assert str(formulas[table.title].cell(index + 3, at + 1).value).startswith("=SUMIF")
                    assert round(found[table.title].cell(index + 3, at + 1).value * 10**9) == cell
                    checked += 1
    assert checked > 100
    deposited = {row[5]: row[6] for row in tables[2].rows if row[:3] == ("合计", None, "指标储备")}
    own = by_factors(balances(park.ledger.entries, park.quarter))
    assert deposited == {factor: one.deposited for factor, one in own.items() if one.deposited}


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
