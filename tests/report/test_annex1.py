import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from quota_lib.periods import Quarter
from quota_lib.report.annex1 import ROWS, Annex1, annex1_html, write_annex1_xlsx
from quota_lib.report.forms import annexes
from quota_lib.tracing import Trace
from quota_lib.tracing.fact import figures_of
from quota_lib.workspace import Workspace, load_park
from tests.pages import quiet
from tests.tools import chromium
from tests.tracing.printed import facts_in
from tests.workspaces import ROOT

METALS = "铅 0.0001；镉 0.00002；六价铬 0.0003；汞 0.000001；砷 0.00005；镍 0.01"
FORM = {label: ("/", "1.25", "/", "12.5") for label in ROWS} | {"重金属": (METALS,) * 4}
ANNEX = Annex1("某某电子（苏州）有限公司", "91320594MA1XXXXX0X", "扩建项目", "某某路 88 号", FORM)
LONG = ANNEX._replace(unit_name="某某" * 60, project_name="扩建" * 60, place="路" * 120, draft=True)
HOSTILE = ANNEX._replace(unit_name="=1+1", project_name="<script>x</script>", place="甲\u202e乙")

WORDS = """苏州工业园区排污总量指标管理信息表 排污单位名称 统一社会信用代码 建设项目名称 建设地点
排污种类及数量（t/a）
本次核定建设项目许可排放量 全厂核定许可排放量 接管量 外排环境量 接管量 外排环境量
颗粒物 二氧化硫 氮氧化物 挥发性有机物 化学需氧量 氨氮 总氮 总磷 重金属
提醒：我局对排污单位排污总量实施动态管理和指标校核，并根据苏州工业园区环境质量状况和排污单位实际管理情况，
对不符合管理要求的排污单位排污总量指标予以收回。
苏州工业园区生态环境局 年 月 日"""


def words(html):
    return re.sub(r"\s", "", re.sub(r"<[^>]+>", "", html[html.index("<body") :]))


def workbook(tmp_path, annex, mark=""):
    write_annex1_xlsx(tmp_path / "a.xlsx", annex, date(2025, 3, 31), mark)
    return openpyxl.load_workbook(tmp_path / "a.xlsx").active


def test_the_form_has_the_words_of_the_regulation_in_their_order():
    blank = Annex1("", "", "", "", {label: ("",) * 4 for label in ROWS})
    assert words(annex1_html(blank)) == "附件1" + re.sub(r"\s", "", WORDS)


def test_the_workbook_has_the_same_words_in_the_same_order(tmp_path):
    sheet = workbook(tmp_path, Annex1("", "", "", "", {label: ("",) * 4 for label in ROWS}))
    said = "".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert re.sub(r"\s", "", said) == "附件1" + re.sub(r"\s", "", WORDS)


def test_the_cells_are_shown_as_given(tmp_path):
    html = annex1_html(ANNEX)
    assert f'<th scope="row">重金属</th>{f"<td>{METALS}</td>" * 4}' in html
    row = next(row for row in workbook(tmp_path, ANNEX).iter_rows(values_only=True) if row[0] == "颗粒物")
    assert row == ("颗粒物", "/", "1.25", "/", "12.5")


@pytest.mark.parametrize("draft", [True, False])
def test_only_a_draft_is_marked_so(tmp_path, draft):
    annex = ANNEX._replace(draft=draft)
    said = [cell for row in workbook(tmp_path, annex).iter_rows(values_only=True) for cell in row]
    assert ("草案 · 总量来源未落实" in annex1_html(annex)) is draft
    assert ("■ 草案 · 总量来源未落实" in said) is draft


def test_hostile_text_stays_text(tmp_path):
    html = annex1_html(HOSTILE)
    assert "<script" not in html and "\u202e" not in html
    cells = {cell.value: cell.data_type for row in workbook(tmp_path, HOSTILE).iter_rows() for cell in row}
    assert cells["=1+1"] == "s" and "甲[U+202E]乙" in cells


def test_two_writes_leave_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_annex1_xlsx(tmp_path / name, ANNEX, date(2025, 3, 31))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert annex1_html(ANNEX) == annex1_html(ANNEX)


def test_the_workbook_prints_on_one_sheet_of_a4(tmp_path):
    sheet = workbook(tmp_path, ANNEX)
    assert sheet.page_setup.paperSize == 9 and sheet.page_setup.orientation == "portrait"
    assert {sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight or 1} == {1}
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_area == f"'附件1'!$A$1:$E${sheet.max_row}"


def test_scopes_and_texts_run_across_their_columns(tmp_path):
    merged = {str(cells) for cells in workbook(tmp_path, ANNEX).merged_cells.ranges}
    assert {"A2:E2", "B3:E3", "A7:A8", "B7:C7", "D7:E7"} <= merged


@pytest.mark.parametrize(
    ("annex", "mark"), [(ANNEX, ""), (ANNEX._replace(draft=True), "初报·有错误"), (LONG, "初报·有错误")]
)
def test_the_page_prints_on_one_sheet_and_asks_for_nothing(tmp_path, annex, mark):
    pypdf = pytest.importorskip("pypdf")
    path: Path = tmp_path / "annex.html"
    path.write_text(annex1_html(annex, mark), encoding="utf-8")
    with chromium() as browser, quiet(browser, path, viewport={"width": 375, "height": 800}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == 375
        page.pdf(path=tmp_path / "annex.pdf", prefer_css_page_size=True)
    sheets = pypdf.PdfReader(tmp_path / "annex.pdf").pages
    assert len(sheets) == 1
    assert ("初报·有错误" in sheets[0].extract_text()) is bool(mark)


@pytest.fixture(scope="module")
def park():
    return load_park(Workspace(ROOT), Quarter(2025, 4))


def test_every_amount_of_a_form_opens_to_the_cell_that_holds_it(park):
    """As decided, and as applied for where the decision says nothing else; metals stand together in one cell."""
    trace, amounts, seen = Trace(park), 0, set()
    for _, annex in annexes(park):
        facts = facts_in(annex1_html(annex, "", trace))
        for cells in annex.rows.values():
            for cell in cells:
                said = re.findall(r"\d+(?:\.\d+)?", cell)
                assert [facts[name].value for name in figures_of(cell)] == said
                for name in figures_of(cell):
                    amounts += 1
                    assert [found.value for found in facts[name].cells] == [facts[name].value]
                    seen.add(facts[name].cells[0].place.split("!")[0].split(" › ")[1])
        assert set(facts) == set(trace.closed(one for row in annex.rows.values() for c in row for one in figures_of(c)))
    assert amounts > 40 and seen == {"总量申请", "总量核定"}


def test_a_form_with_its_figures_opens_by_key_and_prints_on_one_sheet_as_without_them(park, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    annex = next(one for _, one in annexes(park) if not one.draft)
    path = tmp_path / "annex.html"
    path.write_text(annex1_html(annex, "", Trace(park)), encoding="utf-8")
    assert path.stat().st_size < 40_000
    with chromium() as browser, quiet(browser, path, viewport={"width": 800, "height": 900}) as page:
        figure = page.locator("[data-fact]").first
        figure.focus()
        page.keyboard.press("Enter")
        assert page.locator("dialog.trace h2 b").text_content().split()[0] == figure.text_content()
        assert page.locator("dialog.trace .cell code").first.is_visible()
        page.keyboard.press("Escape")
        page.pdf(path=tmp_path / "annex.pdf", prefer_css_page_size=True)
    sheets = pypdf.PdfReader(tmp_path / "annex.pdf").pages
    assert len(sheets) == 1 and "编号" not in sheets[0].extract_text()


@pytest.mark.parametrize("mark", ["", "初报·有错误"])
def test_a_form_bears_the_mark_of_its_report_on_the_page_and_in_the_workbook(tmp_path, mark):
    assert ("■ 初报·有错误" in annex1_html(ANNEX, mark)) is bool(mark)
    said = [cell for row in workbook(tmp_path, ANNEX, mark).iter_rows(values_only=True) for cell in row]
    assert ("■ 初报·有错误" in said) is bool(mark)
