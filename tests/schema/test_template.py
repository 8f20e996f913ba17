import shutil
import subprocess
import warnings
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from quota_lib.amounts import mass
from quota_lib.method_sheets import method_sheets
from quota_lib.periods import Quarter
from quota_lib.rules import Rules
from quota_lib.schema import CODE_HEADING, SITE_HEADING, sheets
from quota_lib.schema.guide import OTHERS
from quota_lib.schema.template import CREATED, HEADER, LISTS, ROWS, fitting, write_template
from quota_lib.words import Factor, Factors, unit_id
from quota_lib.workbook.folder import read_folder
from quota_lib.workspace import read_coefficients
from tests.tools import missing

PARAMETERS = Path(__file__).parents[2] / "parameters"
FACTORS = Rules({"factors": (PARAMETERS / "factors.yaml").read_text(encoding="utf-8")}).factors
Q1 = Quarter(2025, 1)
CODE = "91320594MA2AB0005W"

FILLED = {
    "功能区": [{"功能区编码": "001", "功能区名称": "湖西片区"}],
    "排污单位": [{CODE_HEADING: CODE, SITE_HEADING: "002", "单位名称": "甲公司", "功能区编码": "001"}],
    "许可总量": [
        {
            CODE_HEADING: CODE,
            SITE_HEADING: "002",
            "污染因子": "化学需氧量",
            "全厂许可接管量": 50,
            "全厂许可外排环境量": 5.5,
            "依据": "排污许可证",
            "生效日期": date(2024, 1, 1),
        }
    ],
    "污水处理厂": [
        {
            "污水处理厂名称": "第一污水处理厂",
            "污染因子": "氨氮",
            "出水浓度(mg/L)": 1.5,
            "依据": "标准",
            "生效日期": "2024.1.1",
        }
    ],
    "排放口": [
        {
            CODE_HEADING: CODE,
            "排放口编号": "0001",
            "类别": "水",
            "主要排放口": "是",
            "应装自动监测因子": "化学需氧量、氨氮",
        }
    ],
    "减排清单": [
        {
            "项目编号": "JP001",
            "项目名称": "喷涂线关停",
            CODE_HEADING: CODE,
            "功能区编码": "001",
            "提出单位": "经发委",
            "责任人": "张三",
            "列入日期": date(2025, 1, 6),
        }
    ],
    "减排项目": [
        {
            "项目编号": "JP001",
            "项目名称": "喷涂线关停",
            CODE_HEADING: CODE,
            "功能区编码": "001",
            "减排工程类型": "产业结构升级",
            "建设地点": "东路 1 号",
            "竣工时间": date(2024, 12, 1),
            "资金投入(万元)": 120,
            "关停时间": date(2024, 12, 1),
            "申报日期": "2025/1/8",
        }
    ],
    "减排量": [{"项目编号": "JP001", "污染因子": "挥发性有机物", "申报减排量": 0.1 + 0.2, "核算方法": "文件核定"}],
    "佐证材料": [{"项目编号": "JP001", "材料类型": "排污许可证", "文件名称": "许可证变更页"}],
    "入库审核": [
        {
            "项目编号": "JP001",
            "污染因子": "挥发性有机物",
            "审核结论": "通过",
            "核定减排量": "0.25",
            "审核人": "李四",
            "审核日期": "2025年2月10日",
        },
        {
            "项目编号": "JP001",
            "污染因子": "氮氧化物",
            "审核结论": "不通过",
            "原因": "缺少监测报告",
            "审核人": "李四",
            "审核日期": date(2025, 2, 10),
        },
    ],
    "减排量占用": [
        {
            "单号": "0000012",
            "项目编号": "JP001",
            "污染因子": "挥发性有机物",
            "用途": "以新带老",
            "数量": 0.000000001,
            "建设项目编号": "XM001",
            "日期": date(2025, 2, 12),
            "依据": "批复",
        }
    ],
    "期初结存": [{"单号": "QC1", "功能区编码": "001", "污染因子": "铅", "数量": 0.0123, "依据": "通报"}],
    "指标储备": [
        {
            "单号": "CB1",
            "项目编号": "JP001",
            "污染因子": "挥发性有机物",
            "储备量": 0.2,
            "储备日期": date(2025, 2, 20),
        }
    ],
    "建设项目": [
        {
            "建设项目编号": "XM001",
            "建设项目名称": "扩建",
            CODE_HEADING: CODE,
            "功能区编码": "001",
            "建设地点": "东路 1 号",
            "行业代码": "3971",
            "申请日期": date(2025, 2, 1),
        }
    ],
    "总量申请": [
        {
            "建设项目编号": "XM001",
            "污染因子": "挥发性有机物",
            "现有外排环境量": 1,
            "本项目外排环境量": 0.15,
            "以新带老削减量": 0,
            "全厂外排环境量": 1.15,
        }
    ],
    "总量核定": [
        {
            "建设项目编号": "XM001",
            "污染因子": "挥发性有机物",
            "确认方式": "备案",
            "结论": "同意",
            "核定新增外排环境量": 0.15,
            "核定日期": date(2025, 3, 3),
            "文号": "环总量〔2025〕1号",
        }
    ],
    "上级储备": [
        {
            "单号": "SJ1",
            "日期": date(2025, 3, 4),
            "方向": "申请使用",
            "功能区编码": "001",
            "污染因子": "总磷",
            "数量": 0.01,
            "文号": "文1",
        }
    ],
    "功能区调剂": [
        {
            "单号": "TJ1",
            "日期": date(2025, 3, 5),
            "调出功能区": "001",
            "调入功能区": "002",
            "污染因子": "总氮",
            "数量": 0.02,
            "文号": "文2",
        }
    ],
    "项目状态": [{"建设项目编号": "XM001", "状态": "在建", "状态日期": date(2025, 3, 10)}],
    "指标回收": [
        {
            "单号": "HS1",
            "建设项目编号": "XM001",
            "污染因子": "挥发性有机物",
            "回收原因": "其他",
            "回收量": 0.05,
            "回收日期": date(2025, 3, 20),
            "依据": "决定",
        }
    ],
    "冲正": [{"单号": "CZ1", "原单号": "TJ1", "日期": date(2025, 3, 21), "原因": "重复", "依据": "说明"}],
    "结存核对": [{"功能区编码": "001", "污染因子": "铅", "期末结存": 0}],
    "环境质量": [{"年度": 2024, "要素": "大气", "考核结果": "达标", "下年度改善目标(%)": 3, "发布日期": "2025-01-20"}],
}
DATES = {
    "2024.1.1": date(2024, 1, 1),
    "2025/1/8": date(2025, 1, 8),
    "2025年2月10日": date(2025, 2, 10),
    "2025-01-20": date(2025, 1, 20),
}


def template(folder, period=Q1, factors=FACTORS, name="填报.xlsx"):
    folder.mkdir(parents=True, exist_ok=True)
    write_template(folder / name, period, factors)
    return folder / name


def fill(path):
    """Fill in a template as staff would: below the headings, some columns left out."""
    book = openpyxl.load_workbook(path)
    for title, rows in FILLED.items():
        page = book[title]
        place = {cell.value: cell.column for cell in page[HEADER + 1]}
        for number, row in enumerate(rows, start=HEADER + 2):
            for heading, value in row.items():
                page.cell(number, place[heading], value)
    book.save(path)


def meant(field, row):
    """Return what a filled row says of a field."""
    if field.type == "unit":
        return unit_id(row[CODE_HEADING], row.get(SITE_HEADING, "001"))
    value = row.get(field.heading, field.default)
    if value == "":
        return () if field.type == "factors" else None if field.type in ("t", "date", "number") else ""
    if field.type == "t":
        return mass(f"{float(value):.15g}")
    if field.type == "factor":
        return FACTORS.read(value)
    if field.type == "factors":
        return tuple(FACTORS.read(one) for one in value.split("、"))
    return DATES.get(value, value)


def assert_reads_back(folder):
    read = read_folder(folder, Q1, FACTORS)
    assert [str(one) for one in read.problems] == []
    rows = {reading.sheet.title: [row[:-1] for row in reading.rows] for reading in read.readings}
    for title, filled in FILLED.items():
        fields = sheets()[title].fields
        assert rows[title] == [tuple(meant(field, row) for field in fields) for row in filled], title


def test_the_filled_rows_cover_the_reserve_part():
    assert set(FILLED) == {s.title for s in fitting(Q1) if s.part != "总量库"}


def test_a_filled_template_reads_back_as_filled(tmp_path):
    fill(template(tmp_path / "2025Q1"))
    assert_reads_back(tmp_path / "2025Q1")


def test_a_filled_template_reads_back_after_libreoffice_saved_it(tmp_path):
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if not soffice:
        missing("LibreOffice")
    path = template(tmp_path / "filled")
    fill(path)
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    out = tmp_path / "2025Q1"
    command = [str(soffice), "--headless", home, "--convert-to", "xlsx", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert_reads_back(out)


def test_a_sum_of_binary_fractions_is_what_the_cell_shows(tmp_path):
    fill(template(tmp_path / "2025Q1"))
    read = read_folder(tmp_path / "2025Q1", Q1, FACTORS)
    declared = {r.sheet.title: r.rows for r in read.readings}["减排量"][0].declared
    assert declared == mass("0.3")


@pytest.mark.parametrize(
    ("period", "folder"),
    [(Q1, Q1), (2025, 2025), (None, Q1), (None, 2025)],
    ids=["Q1", "2025", "all-Q1", "all-2025"],
)
def test_a_blank_template_gives_no_complaint(tmp_path, period, folder):
    template(tmp_path / str(folder), period)
    assert read_folder(tmp_path / str(folder), folder, FACTORS).problems == []


def test_the_sheets_are_those_of_the_period(tmp_path):
    quarter, year, both = (openpyxl.load_workbook(template(tmp_path, period)).sheetnames for period in (Q1, 2025, None))
    assert quarter[0] == year[0] == both[0] == "填表说明"
    assert "期初结存" in quarter
    assert "总量申报" not in quarter
    assert "总量申报" in year
    assert "总量核定" not in year
    assert "功能区" in year
    assert both == ["填表说明", *(title for title in sheets() if title != "核算-…")]


def test_two_writes_leave_the_same_bytes(tmp_path):
    one, other = template(tmp_path, name="a.xlsx"), template(tmp_path, name="b.xlsx")
    assert one.read_bytes() == other.read_bytes()
    told = openpyxl.load_workbook(one).properties
    assert told.created == told.modified == CREATED


def test_nothing_is_too_long_for_excel(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # XlsxWriter warns of what it leaves out
        path = template(tmp_path, None)
    for page in openpyxl.load_workbook(path).worksheets:
        for one in page.data_validations.dataValidation:
            assert len(one.prompt or "") <= 255
            assert len(one.promptTitle or "") <= 32


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    return openpyxl.load_workbook(template(tmp_path_factory.mktemp("all"), None))


def area(check):
    (whole,) = check.sqref.ranges
    return whole


def checks_of(page):
    """Return a sheet's checks by heading."""
    headings = {cell.column: cell.value for cell in page[HEADER + 1]}
    return {headings[area(one).min_col]: one for one in page.data_validations.dataValidation}


def test_every_heading_stands_in_the_header_row_and_nothing_below_it(everything):
    for sheet in fitting(None):
        page = everything[sheet.title]
        assert tuple(cell.value for cell in page[HEADER + 1]) == sheet.headings
        assert page.max_row == HEADER + 1
        assert page.freeze_panes == f"B{HEADER + 2}"


def test_every_column_is_explained_on_its_heading_and_in_its_cells(everything):
    for sheet in fitting(None):
        page = everything[sheet.title]
        checks = checks_of(page)
        for cell in page[HEADER + 1]:
            check = checks[cell.value]
            assert cell.comment.text == check.prompt
            assert check.showInputMessage
            assert area(check).min_row == HEADER + 2
            assert area(check).max_row == HEADER + 1 + ROWS


def test_required_headings_look_different_from_optional_ones(everything):
    page = everything["入库审核"]
    fills = {cell.value: cell.fill.fgColor.rgb for cell in page[HEADER + 1]}
    hints = {page.cell(HEADER + 1, c.column).value: c.value for c in page[HEADER]}
    assert len({fills["审核结论"], fills["核定减排量"], fills["审核单位"]}) == 3
    assert (hints["审核结论"], hints["核定减排量"]) == ("必填 · 下拉选择", "条件必填 · t/a")


def test_words_and_factors_are_offered_in_chinese(everything):
    for sheet in fitting(None):
        checks = checks_of(everything[sheet.title])
        for field in sheet.fields:
            if field.type == "word":
                assert checks[field.heading].formula1 == f'"{",".join(field.words)}"'
            if field.type == "factor":
                assert checks[field.heading].formula1.startswith('"颗粒物,二氧化硫,')


def test_the_zones_of_the_workbook_are_offered_but_others_are_taken(everything):
    check = checks_of(everything["建设项目"])["功能区编码"]
    assert check.formula1 == "功能区!$A$4:$A$203"
    assert not check.showErrorMessage


def test_a_list_too_long_for_a_cell_stands_on_the_hidden_sheet(tmp_path):
    labels = [f"挥发性有机物的第 {n} 个分类" for n in range(40)]
    factors = Factors(Factor(f"F{n}", label, (), "大气", 4) for n, label in enumerate(labels))
    path = template(tmp_path / "2025Q1", Q1, factors)
    book = openpyxl.load_workbook(path)
    assert checks_of(book["减排量"])["污染因子"].formula1 == f"'{LISTS}'!$A$1:$A$40"
    assert [cell.value for cell in book[LISTS]["A"]] == labels
    assert book[LISTS].sheet_state == "hidden"
    assert read_folder(tmp_path / "2025Q1", Q1, factors).problems == []


def test_amounts_are_checked_and_dates_only_warned_of(everything):
    checks = checks_of(everything["入库审核"])
    amount, day = checks["核定减排量"], checks["审核日期"]
    assert (amount.type, amount.formula1, amount.formula2) == ("decimal", "0", "1000000000")
    assert amount.errorStyle in (None, "stop")
    assert (day.type, day.errorStyle) == ("date", "warning")


@pytest.mark.parametrize(
    ("title", "heading", "says"),
    [
        ("入库审核", "核定减排量", "审核结论为“通过”时必填"),
        ("入库审核", "原因", "审核结论为“不通过”时必填"),
        ("减排量占用", "建设项目编号", "用途为“以新带老”时必填"),
        ("总量核定", "核定新增外排环境量", "结论为“同意”时必填"),
        ("总量核定", "平衡途径", "不填为“园区储备库”"),
        ("上级储备", "批次", "其他方向必填"),
        ("手工监测", "检出限", "浓度为“未检出”时必填"),
        ("总量申请", "全厂外排环境量", "现有 + 在建 + 本项目 − 以新带老"),
        ("排污单位", "厂区编号", "不填为 001"),
        ("环境质量", "发布日期", "放在年度文件夹时必填"),
    ],
)
def test_what_is_needed_only_sometimes_says_when(everything, title, heading, says):
    assert says in checks_of(everything[title])[heading].prompt


def test_codes_and_ids_are_text_cells(everything):
    page = everything["排污单位"]
    assert {page.column_dimensions[letter].number_format for letter in "ABCD"} == {"@"}


def test_the_first_page_lists_every_sheet_with_a_link(everything):
    page = everything["填表说明"]
    linked = {cell.value for row in page.iter_rows() for cell in row if cell.hyperlink}
    assert linked == {sheet.title for sheet in fitting(None)}


def test_the_first_page_names_folder_and_command(tmp_path):
    page = openpyxl.load_workbook(template(tmp_path, Quarter(2026, 2)))["填表说明"]
    text = "\n".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value)
    assert "data/2026Q2/" in text
    assert "quota check 2026Q2" in text


def test_those_who_fill_fill_sheets_that_there_are():
    assert set(OTHERS) <= set(sheets())


def test_the_words_of_a_coefficient_table_are_offered_on_a_methods_sheet_and_others_let_in(tmp_path):
    path = tmp_path / "t.xlsx"
    write_template(path, Quarter(2025, 4), FACTORS, list(method_sheets(read_coefficients(None))))
    book = openpyxl.load_workbook(path)
    checks = checks_of(book["核算-VOCs治理"])
    for heading, word in (("治理后收集方式", "密闭管道"), ("治理后治理技术", "一次性活性炭吸附")):
        assert word in offered(book, checks[heading])
        assert not checks[heading].showErrorMessage  # several in one cell, and the words of another edition
    fuels = checks_of(book["核算-能源替代"])
    assert "天然气（锅炉）" in offered(book, fuels["燃料"])
    assert fuels["新旧"].showErrorMessage


def offered(book, check):
    """Return the words that a cell's list offers, in place or from the hidden sheet."""
    if check.formula1.startswith('"'):
        return check.formula1.strip('"').split(",")
    sheet, _, cells = check.formula1.partition("!")
    return [row[0].value for row in book[sheet.strip("'")][cells.replace("$", "")]]
