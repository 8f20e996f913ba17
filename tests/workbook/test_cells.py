"""Every rule under "Values" of the contract: what a cell, a sheet, a workbook and a folder may hold."""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from quota_lib.amounts import mass
from quota_lib.periods import Quarter
from quota_lib.rules import Rules
from quota_lib.schema import CODE_HEADING, SITE_HEADING, Field
from quota_lib.workbook.cells import Column, Flaw, Mark, Units
from quota_lib.workbook.folder import read_folder

PARAMETERS = Path(__file__).parents[2] / "parameters"
FACTORS = Rules({"factors": (PARAMETERS / "factors.yaml").read_text(encoding="utf-8")}).factors
Q1 = Quarter(2025, 1)
CODE = "91320594MA2AB0005W"


def read(kind, raw, optional=False, words=(), default=""):
    """Return what a cell of a type is read as; of a flaw, its code."""
    value = Column(Field("field", "列", kind, optional, words, default), FACTORS)[raw]
    return value.code if isinstance(value, Flaw) else value


# amounts


@pytest.mark.parametrize(
    ("raw", "tonnes"),
    [
        (0, "0"),
        (0.0, "0"),
        ("-0", "0"),
        (1.2, "1.2"),
        (0.1 + 0.2, "0.3"),
        (1.1 - 1.0, "0.1"),
        (2 / 3 * 3, "2"),
        (1e-9, "0.000000001"),
        ("0.000000001", "0.000000001"),
        ("1.2", "1.2"),
        (" 1.2　", "1.2"),
        ("１２", "12"),
        ("1.", "1"),
        (".5", "0.5"),
        ("1.20000000000000", "1.2"),
        (999_999_999.999999, "999999999.999999"),
        ("999999999.999999999", "999999999.999999999"),
        (1e9, "1000000000"),
        ("1000000000", "1000000000"),
    ],
)
def test_an_amount_is_exactly_what_the_cell_shows(raw, tonnes):
    assert read("t", raw) == mass(tonnes)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("1.2吨", "Q203"),
        ("约2", "Q203"),
        ("1,234.5", "Q203"),
        ("1，234", "Q203"),
        ("1e3", "Q203"),
        ("+1", "Q203"),
        ("12%", "Q203"),
        ("一", "Q203"),
        ("/", "Q203"),
        ("NaN", "Q203"),
        (True, "Q204"),
        (Mark("", "TRUE"), "Q204"),
        (date(2025, 1, 2), "Q205"),
        (datetime(2025, 1, 2, 3), "Q205"),
        (time(3), "Q205"),
        (timedelta(hours=30), "Q205"),
        (-1e-9, "Q206"),
        ("-0.5", "Q206"),
        (1e-10, "Q207"),
        (0.1234567891, "Q207"),
        ("0.0000000001", "Q207"),
        ("1.0000000000000000000000000000000000001", "Q207"),
        ("1000000000.000000001", "Q208"),
        (1_000_000_000.001, "Q208"),
        ("9" * 400, "Q208"),
        (float("nan"), "Q219"),
        (float("inf"), "Q219"),
        (Mark("Q202", "#REF!"), "Q202"),
        (Mark("Q209", "公式"), "Q209"),
    ],
)
def test_what_is_no_amount_is_named_and_not_guessed(raw, code):
    assert read("t", raw) == code


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("percent", -0.1, "Q216"),
        ("percent", 0, Decimal(0)),
        ("percent", 99.9, Decimal("99.9")),
        ("percent", 100, Decimal(100)),
        ("percent", 100.1, "Q216"),
        ("percent", "80%", "Q203"),
        ("number", 0, Decimal(0)),
        ("number", -1, "Q206"),
        ("number", "1.5 mg/L", "Q203"),
        ("number", 2e9, Decimal(2000000000)),
        ("measured", "未检出", None),
        ("measured", " 未检出 ", None),
        ("measured", "未测", "Q203"),
        ("measured", 0.02, Decimal("0.02")),
        ("measured", -0.02, "Q206"),
        ("integer", 3, 3),
        ("integer", 3.5, "Q217"),
        ("integer", -3, "Q217"),
        ("year", 2025, 2025),
        ("year", "２０２５", 2025),
        ("year", "2025年", "Q217"),
        ("year", 2025.5, "Q217"),
        ("year", 1899, "Q217"),
        ("year", 1900, 1900),
        ("year", 2200, 2200),
        ("year", 2201, "Q217"),
        ("year", date(2025, 1, 1), "Q205"),
    ],
)
def test_other_numbers_keep_their_bounds(kind, raw, value):
    assert read(kind, raw) == value


# dates


@pytest.mark.parametrize(
    "raw",
    [
        date(2025, 3, 1),
        datetime(2025, 3, 1, 13, 45),
        "2025-03-01",
        "2025-3-1",
        "2025/3/1",
        "2025/03/01",
        "2025.3.1",
        "2025年3月1日",
        "2025年03月01日",
        " ２０２５-3-1 ",
    ],
)
def test_five_notations_are_dates(raw):
    assert read("date", raw) == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2025-02-29", "Q220"),
        ("2025-13-01", "Q220"),
        ("2025-04-31", "Q220"),
        ("2025-01-00", "Q220"),
        ("0000-01-01", "Q220"),
        ("2025-3/1", "Q210"),
        ("2025-03", "Q210"),
        ("20250301", "Q210"),
        ("25-3-1", "Q210"),
        ("3月1日", "Q210"),
        ("2025年3月1", "Q210"),
        ("待定", "Q210"),
        (45717, "Q211"),
        (20250301, "Q211"),
        (True, "Q211"),
        (time(8), "Q211"),
        (Mark("Q202", "#VALUE!"), "Q202"),
        (Mark("Q209", "公式"), "Q209"),
    ],
)
def test_what_is_no_date_is_an_error(raw, code):
    assert read("date", raw) == code


def test_a_leap_day_is_a_date():
    assert read("date", "2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize("kind", ["time", "moment"])
@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (datetime(2025, 3, 1, 8, 30), datetime(2025, 3, 1, 8, 30)),
        ("2025-03-01 08:30", datetime(2025, 3, 1, 8, 30)),
        ("2025/3/1 8:30:05", datetime(2025, 3, 1, 8, 30, 5)),
        ("2025-03-01T08:30", datetime(2025, 3, 1, 8, 30)),
        (date(2025, 3, 1), datetime(2025, 3, 1)),
        ("2025年3月1日", datetime(2025, 3, 1)),
        ("2025-03-01 24:00", "Q220"),
        ("2025-02-30 08:30", "Q220"),
        ("08:30", "Q210"),
        (0.5, "Q211"),
    ],
)
def test_times_are_dates_with_a_clock(kind, raw, value):
    assert read(kind, raw) == value


# texts, ids, codes, words, factors


@pytest.mark.parametrize("kind", ["id", "zone"])
@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("001", "001"),
        ("００１", "001"),
        (" HX　", "HX"),
        ("ＨＸ０１", "HX01"),
        ("hx", "hx"),
        (7.0, "7"),
        (123456789012345.0, "123456789012345"),
        (0, "0"),
        (1e15, "Q215"),
        (1.5, "Q215"),
        (-1, "Q215"),
        (float("nan"), "Q215"),
        (float("inf"), "Q215"),
        (True, "Q215"),
        (date(2025, 3, 1), "Q215"),
        (Mark("Q202", "#N/A"), "Q202"),
    ],
)
def test_ids_are_text_and_whole_numbers_their_digits(kind, raw, value):
    assert read(kind, raw) == value


def test_a_text_keeps_what_stands_between_its_ends():
    assert read("text", "  甲 公司（二期） ") == "甲 公司（二期）"
    assert read("text", 12.50) == "12.5"
    assert read("text", True) == "Q215"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (CODE, CODE),
        (CODE.lower(), CODE),
        ("９１３２０５９４ＭＡ２ＡＢ０００５Ｗ", CODE),
        (f" {CODE} ", CODE),
        (CODE[:-1], "Q214"),
        (CODE + "0", "Q214"),
        (CODE[:-1] + "X", "Q214"),
        (CODE.replace("B", "I"), "Q214"),
        (123456789012345.0, "Q214"),
        (9.13205941e17, "Q215"),
        ("", "Q201"),
        (True, "Q215"),
    ],
)
def test_a_credit_code_is_checked(raw, value):
    read_as = Units()[raw, ""]
    assert (read_as.code if isinstance(read_as, Flaw) else read_as) == value


def test_a_site_is_part_of_the_plant_unless_it_is_001():
    assert [Units()[CODE, site] for site in ("", "001", "002", "００２", " ")] == [
        CODE,
        CODE,
        f"{CODE}-002",
        f"{CODE}-002",
        CODE,
    ]


@pytest.mark.parametrize("raw", ["产业结构升级", "产业结构升级类", " 产业结构升级 ", "产业 结构升级"])
def test_words_are_read_with_their_aliases(raw):
    assert read("word", raw, words=("产业结构升级", "其他")) == "产业结构升级"


def test_words_are_read_in_any_case_and_width():
    assert [read("word", raw, words=("A", "B")) for raw in ("a", "Ｂ", "ｂ")] == ["A", "B", "B"]


def test_a_word_that_is_not_offered_is_an_error():
    assert read("word", "大概同意", words=("同意", "不同意")) == "Q212"
    assert read("word", "未建", words=("同意", "不同意")) == "Q212"


@pytest.mark.parametrize(
    ("raw", "factor"),
    [
        ("COD", "COD"),
        ("cod", "COD"),
        ("ＣＯＤ", "COD"),
        ("CODcr", "COD"),
        ("化学需氧量", "COD"),
        ("NOx", "NOX"),
        ("NOₓ", "NOX"),
        ("SO₂", "SO2"),
        ("NH₃-N", "NH3N"),
        ("nh3-n", "NH3N"),
        ("烟粉尘", "PM"),
        ("总铅", "PB"),
        ("VOCs", "VOCS"),
        ("二氧化碳", "Q213"),
        (1, "Q213"),
    ],
)
def test_factors_are_read_by_every_name(raw, factor):
    assert read("factor", raw) == factor


def test_several_factors_stand_in_one_cell():
    assert read("factors", "COD、氨氮,总磷，ＴＮ") == ("COD", "NH3N", "TP", "TN")
    assert read("factors", "COD、水温") == "Q213"


# blanks


@pytest.mark.parametrize("raw", ["", " ", "　", "\u200b"])
def test_a_blank_is_an_error_where_a_value_is_required_and_never_zero(raw):
    assert {read(kind, raw) for kind in ("t", "number", "date", "id", "text", "factor", "year")} == {"Q201"}


@pytest.mark.parametrize("raw", ["", "　"])
def test_a_blank_says_nothing_where_it_may_stand(raw):
    assert read("t", raw, optional=True) is None
    assert read("date", raw, optional=True) is None
    assert read("text", raw, optional=True) == ""
    assert read("factors", raw, optional=True) == ()
    assert read("word", raw, optional=True, words=("全厂",), default="全厂") == "全厂"


# sheets, as they lie in a workbook


def save(folder, pages, name="报表.xlsx"):
    """Write rows of cells, by sheet name, into a workbook in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in pages.items():
        page = book.create_sheet(title)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row, start=1):
                page.cell(number, place, value)
    book.save(folder / name)
    return folder / name


@pytest.fixture
def quarter(tmp_path):
    return tmp_path / "2025Q1"


def complaints(folder, period=Q1):
    return [(one.sheet, one.cell, one.code) for one in read_folder(folder, period, FACTORS).problems]


def rows_of(folder, period=Q1):
    return [tuple(row[:-1]) for reading in read_folder(folder, period, FACTORS).readings for row in reading.rows]


BALANCES = ["功能区编码", "污染因子", "期末结存"]
ONE = ("001", "COD", mass("1.5"))


def balances(*rows):
    return {"结存核对": [BALANCES, *rows]}


def test_an_excel_error_is_an_error_and_no_blank(quarter):
    save(quarter, balances(["001", "COD", "#REF!"], ["001", "TP", "#DIV/0!"], ["001", "TN", 1.5]))
    assert complaints(quarter) == [("结存核对", "C2", "Q202"), ("结存核对", "C3", "Q202")]
    assert rows_of(quarter) == [("001", "TN", mass("1.5"))]


def test_an_excel_error_in_an_optional_column_is_an_error_too(quarter):
    save(quarter, {"环境质量": [["年度", "要素", "考核结果", "发布日期"], [2024, "水", "达标", "#VALUE!"]]})
    assert complaints(quarter) == [("环境质量", "D2", "Q202")]


def test_a_formula_without_a_stored_result_is_an_error(quarter):
    save(quarter, balances(["001", "COD", "=1+1"], ["001", "TP", 2]))
    assert complaints(quarter) == [("结存核对", "C2", "Q209")]


def test_a_row_of_nothing_but_formulas_without_results_is_not_lost(quarter):
    save(quarter, balances(["001", "COD", 1.5], [], ["=A2", "=B2", "=C2"]))
    assert complaints(quarter) == [("结存核对", f"{letter}4", "Q209") for letter in "ABC"]
    assert rows_of(quarter) == [ONE]


def test_a_formula_with_its_result_is_its_result(quarter):
    path = save(quarter, balances(["001", "COD", "=1+0.5"]))
    replace_in(path, "xl/worksheets/sheet1.xml", b"<f>1+0.5</f><v />", b"<f>1+0.5</f><v>1.5</v>")
    assert complaints(quarter) == []
    assert rows_of(quarter) == [ONE]


def test_truth_is_no_number_even_beside_a_one(quarter):
    save(quarter, balances(["001", "COD", 1], ["001", "TP", True], ["002", "TN", 0], ["002", "TP", False]))
    assert complaints(quarter) == [("结存核对", "C3", "Q204"), ("结存核对", "C5", "Q204")]


def test_every_fault_of_a_row_is_named_at_its_cell(quarter):
    save(quarter, balances([None, "臭氧", "1.2吨"]))
    assert complaints(quarter) == [
        ("结存核对", "A2", "Q201"),
        ("结存核对", "B2", "Q213"),
        ("结存核对", "C2", "Q203"),
    ]


def test_a_complaint_gives_place_value_and_mend(quarter):
    save(quarter, balances(["001", "COD", "1.2吨"]), name="结存.xlsx")
    (said,) = read_folder(quarter, Q1, FACTORS).problems
    assert str(said) == ("2025Q1/结存.xlsx › 结存核对!C2: 错误 Q203 期末结存是文本“1.2吨” → 填数字，单位 t/a，例如 1.2")


def test_a_fault_in_the_site_stands_at_the_site(quarter):
    save(
        quarter,
        {"排污单位": [[CODE_HEADING, SITE_HEADING, "单位名称", "功能区编码"], [CODE, 1.5, "甲公司", "001"]]},
    )
    (said,) = read_folder(quarter, Q1, FACTORS).problems
    assert (said.cell, said.code) == ("B2", "Q215")
    assert said.message.startswith(SITE_HEADING)


def test_a_row_in_error_is_absent_with_its_cause(quarter):
    save(quarter, balances(["001", "COD", "1.2吨"], ["001", "TP", 1]))
    (reading,) = read_folder(quarter, Q1, FACTORS).readings
    (gone,) = reading.absent
    assert (gone.values["zone"], gone.values["factor"], gone.values["closing"]) == ("001", "COD", None)
    assert (gone.at.row, gone.cause.code) == (2, "Q203")


def test_real_dates_and_written_ones_are_the_same(quarter):
    states = [["建设项目编号", "状态", "状态日期"]]
    states += [["XM1", "在建", day] for day in (datetime(2025, 3, 1), "2025.3.1", "2025年3月1日")]
    save(quarter, {"项目状态": states})
    assert complaints(quarter) == []
    assert rows_of(quarter) == [("XM1", "在建", date(2025, 3, 1))] * 3


# headers


def test_the_header_is_found_below_title_rows(quarter):
    save(quarter, {"结存核对": [["二〇二五年一季度结存"], ["单位：t/a"], [], BALANCES, ["001", "COD", 1.5]]})
    assert complaints(quarter) == []
    (reading,) = read_folder(quarter, Q1, FACTORS).readings
    assert [(row.closing, row.at.row) for row in reading.rows] == [(mass("1.5"), 5)]


def test_the_header_is_found_right_of_an_empty_column_and_in_any_order(quarter):
    save(quarter, {"结存核对": [[], [None, "期末结存", "污染因子", "功能区编码"], [None, 1.5, "COD", "001"]]})
    assert complaints(quarter) == []
    assert rows_of(quarter) == [ONE]


@pytest.mark.parametrize("heading", ["期末结存*", " 期末 结存", "期末结存　"])
def test_headings_are_read_with_stars_and_spaces(quarter, heading):
    save(quarter, {"结存核对": [["功能区编码", "污染因子", heading], ["001", "COD", 1.5]]})
    assert rows_of(quarter) == [ONE]


def test_headings_are_read_by_their_other_names_and_widths(quarter):
    headings = ["污水厂名称", "污染因子", "出水浓度（ｍｇ/L）", "依据", "生效日期"]
    save(quarter, {"污水处理厂": [headings, ["一厂", "COD", 30, "标准", "2024-01-01"]]})
    assert complaints(quarter) == []
    assert rows_of(quarter) == [("一厂", "COD", Decimal(30), "标准", date(2024, 1, 1))]


@pytest.mark.parametrize(
    ("headings", "says"),
    [
        (["功能区编码", "污染因子"], "缺少“期末结存”"),
        ([*BALANCES, "期末结存"], "“期末结存”出现 2 次"),
        ([*BALANCES, "备注"], "不认识“备注”"),
        (["功能区编码", "污染因子", "期未结存"], "不认识“期未结存”（是否“期末结存”）"),
        ([*BALANCES, 2025], "不认识“2025”"),
    ],
)
def test_missing_doubled_and_unknown_headings_are_one_error(quarter, headings, says):
    save(quarter, {"结存核对": [headings, ["001", "COD", "x"], ["002", "TP", "y"]]})
    folder = read_folder(quarter, Q1, FACTORS)
    (said,) = folder.problems
    assert (said.code, said.cell) == ("Q111", "A1")
    assert says in said.message
    assert folder.readings[0].blind == said
    assert folder.readings[0].rows == []


def test_a_sheet_without_a_header_is_one_error(quarter):
    save(quarter, {"结存核对": [["001", "COD", 1.5], ["002", "COD", 1.5]]})
    assert complaints(quarter) == [("结存核对", "A1", "Q110")]


def test_optional_columns_may_be_missing(quarter):
    save(quarter, {"环境质量": [["年度", "要素", "考核结果"], [2024, "水", "达标"]]})
    assert complaints(quarter) == []
    assert rows_of(quarter) == [(2024, "水", "", "", "达标", None, None)]


def test_what_stands_under_no_heading_is_reported(quarter):
    save(quarter, {"结存核对": [[*BALANCES, None], ["001", "COD", 1.5, "核对过"]]})
    assert complaints(quarter) == [("结存核对", "D1", "Q112")]
    assert rows_of(quarter) == [ONE]


def test_a_note_beside_the_table_is_no_row_of_it(quarter):
    save(quarter, {"结存核对": [BALANCES, ["001", "COD", 1.5], [None, None, None, "填表人：张三"]]})
    assert complaints(quarter) == [("结存核对", "D1", "Q112")]
    assert rows_of(quarter) == [ONE]


# rows that are not data


@pytest.mark.parametrize(
    "first",
    [
        "说明",
        "填写说明：按季填写",
        "单位：t/a",
        "单位:t/a",
        "示例",
        "注：含无组织",
        "注:1",
        "合计",
        "小计",
        "总计（吨）",
        " 合计",
    ],
)
def test_rows_of_words_and_sums_are_skipped_with_a_hint(quarter, first):
    save(quarter, balances(["001", "COD", 1.5], [first, None, 99], [None, first, 99]))
    assert complaints(quarter) == [("结存核对", "A3", "Q113"), ("结存核对", "B4", "Q113")]
    assert rows_of(quarter) == [ONE]


def test_a_row_that_only_mentions_a_sum_is_data(quarter):
    save(quarter, balances(["东区合计", "COD", 1.5]))
    assert rows_of(quarter) == [("东区合计", "COD", mass("1.5"))]


def test_blank_rows_are_skipped_wherever_they_stand(quarter):
    save(quarter, balances([], [" ", "　", None], ["001", "COD", 1.5], [], [], ["001", "TP", 1], [None, " "]))
    assert complaints(quarter) == []
    assert [row[1] for row in rows_of(quarter)] == ["COD", "TP"]


# sheets by name


def test_a_sheet_without_cells_is_mentioned(quarter):
    save(quarter, {"结存核对": [], "功能区": [["功能区编码", "功能区名称"]]})
    assert complaints(quarter) == [("结存核对", "", "Q115")]


def test_an_unknown_sheet_is_mentioned_and_skipped(quarter):
    save(quarter, {"Sheet1": [["草稿"]], **balances(["001", "COD", 1.5])})
    assert complaints(quarter) == [("Sheet1", "", "Q107")]
    assert rows_of(quarter) == [ONE]


@pytest.mark.parametrize(
    ("title", "near"),
    [
        ("总量核订", "总量核定"),
        ("建设 项目", "建设项目"),
        ("结存核对表", "结存核对"),
        ("减排量占", "减排量占用"),
        ("冲正 (2)", "冲正"),
    ],
)
def test_a_sheet_whose_name_is_nearly_known_is_an_error_with_the_nearest_name(quarter, title, near):
    save(quarter, {title: [BALANCES, ["001", "COD", 1.5]]})
    folder = read_folder(quarter, Q1, FACTORS)
    (said,) = folder.problems
    assert said.code == "Q108"
    assert f"“{near}”" in said.message
    assert [(reading.sheet.title, reading.blind) for reading in folder.readings] == [(near, said)]


def test_outer_spaces_of_a_sheet_name_are_dropped(quarter):
    save(quarter, {" 结存核对　": [BALANCES, ["001", "COD", "#REF!"], ["001", "COD", 1.5]]})
    assert [code for _, _, code in complaints(quarter)] == ["Q202"]
    assert rows_of(quarter) == [ONE]


def test_the_pages_of_the_template_are_no_unknown_sheets(quarter):
    save(quarter, {"填表说明": [["x"]], "_词表": [["x"]], **balances(["001", "COD", 1.5])})
    assert complaints(quarter) == []


def test_a_sheet_of_the_other_kind_of_folder_is_an_error_only_if_it_holds_rows(tmp_path):
    yearly = [["年度", CODE_HEADING, "排定日期"]]
    save(tmp_path / "2025Q1", {"总量管理名单": [*yearly, [2025, CODE, "2025-02-01"]]})
    save(tmp_path / "2025Q2", {"总量管理名单": yearly})
    save(tmp_path / "2025", balances(["001", "COD", 1.5]))
    assert complaints(tmp_path / "2025Q1") == [("总量管理名单", "", "Q109")]
    assert complaints(tmp_path / "2025Q2", Quarter(2025, 2)) == []
    assert complaints(tmp_path / "2025", 2025) == [("结存核对", "", "Q109")]
    assert rows_of(tmp_path / "2025Q1") == []


# files and folders


def replace_in(path, part, old, new):
    """Change the bytes of one part of a workbook."""
    before, after = path.read_bytes(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(before)) as source, zipfile.ZipFile(after, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new)
            target.writestr(name, content)
    path.write_bytes(after.getvalue())


def only_complaint(folder, period=Q1):
    (said,) = read_folder(folder, period, FACTORS).problems
    return said.file, said.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "Q101"),
        (b"PK\x03\x04 not a zip", "Q101"),
        (b"<html>a table saved as a page</html>", "Q101"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"), "Q102"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "Workbook".encode("utf-16-le"), "Q103"),
    ],
    ids=["empty", "broken", "page", "password", "old format"],
)
def test_a_file_that_cannot_be_read_is_an_error_and_the_sheets_stay_unknown(quarter, content, code):
    quarter.mkdir()
    (quarter / "坏.xlsx").write_bytes(content)
    folder = read_folder(quarter, Q1, FACTORS)
    assert [(one.file, one.code) for one in folder.problems] == [("2025Q1/坏.xlsx", code)]
    assert folder.blind == folder.problems


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_workbook_is_an_error(quarter, share):
    path = save(quarter, balances(["001", "COD", 1.5]))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert only_complaint(quarter) == ("2025Q1/报表.xlsx", "Q101")


def test_a_damaged_sheet_is_an_error_and_its_neighbours_are_read(quarter):
    path = save(quarter, {"功能区": [["功能区编码", "功能区名称"]], **balances(["001", "COD", 1.5])})
    replace_in(path, "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData><row r='1'><c r='A0' t='s'><v>9")
    folder = read_folder(quarter, Q1, FACTORS)
    assert [(one.sheet, one.code) for one in folder.problems] == [("功能区", "Q101")]
    assert folder.blind == folder.problems
    assert rows_of(quarter) == [ONE]


@pytest.mark.parametrize("name", ["旧.xls", "宏.xlsm", "二进制.xlsb", "金山.et", "表.csv", "表.ods", "旧.XLS"])
def test_other_spreadsheets_are_errors(quarter, name):
    save(quarter, balances(["001", "COD", 1.5]))
    (quarter / name).write_bytes(b"")
    assert only_complaint(quarter) == (f"2025Q1/{name}", "Q103")
    assert rows_of(quarter) == [ONE]


def test_other_files_and_folders_are_mentioned(quarter):
    save(quarter, balances(["001", "COD", 1.5]))
    (quarter / "说明.docx").write_bytes(b"")
    (quarter / "旧稿").mkdir()
    found = read_folder(quarter, Q1, FACTORS).problems
    assert [(one.file, one.severity, one.code) for one in found] == [
        ("2025Q1/旧稿", "info", "Q105"),
        ("2025Q1/说明.docx", "info", "Q104"),
    ]


def test_hourly_data_belongs_to_a_year(tmp_path):
    for name in ("2025", "2025Q1"):
        save(tmp_path / name, {"功能区": [["功能区编码", "功能区名称"], ["001", "湖西"]]})
        (tmp_path / name / "monitoring").mkdir()
    assert complaints(tmp_path / "2025", 2025) == []
    assert only_complaint(tmp_path / "2025Q1") == ("2025Q1/monitoring", "Q105")


@pytest.mark.parametrize("name", ["~$报表.xlsx", ".~报表.xlsx", ".~lock.报表.xlsx#"])
def test_lock_files_are_passed_over(quarter, name):
    save(quarter, balances(["001", "COD", 1.5]))
    (quarter / name).write_bytes(b"\x00")
    assert complaints(quarter) == []


def test_a_folder_without_workbooks_is_an_error(quarter):
    quarter.mkdir()
    assert only_complaint(quarter) == ("2025Q1", "Q106")


def test_an_ending_in_capitals_is_a_workbook_too(quarter):
    save(quarter, balances(["001", "COD", 1.5]), name="报表.XLSX")
    assert rows_of(quarter) == [ONE]


def test_the_order_of_files_does_not_change_what_is_read(tmp_path):
    for folder, names in (("a", "12"), ("b", "21")):
        save(tmp_path / folder / "2025Q1", balances(["001", "COD", 1]), name=f"{names[0]}.xlsx")
        save(tmp_path / folder / "2025Q1", balances(["001", "TP", 2]), name=f"{names[1]}.xlsx")
    assert sorted(rows_of(tmp_path / "a" / "2025Q1")) == sorted(rows_of(tmp_path / "b" / "2025Q1"))
