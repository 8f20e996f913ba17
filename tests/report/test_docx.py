"""Annex 1 and the zones' bulletins as Word documents: their words, their figures, their bytes, their pages."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

import docx
import pytest

from quota_lib.amounts import Ratio, mass, text
from quota_lib.periods import Quarter
from quota_lib.report.annex1 import ROWS, TITLE, Annex1
from quota_lib.report.csvs import csv_text
from quota_lib.report.reserve import SIGNERS, ReserveReport, _write_word
from quota_lib.report.table import Column, FactorShown, Table
from quota_lib.report.word.annex import write_annex1_docx
from quota_lib.report.word.bulletin import of_zone, sections, signed, summed, write_bulletin, zones
from quota_lib.report.word.grid import ACROSS, ALONG, PADDING, add_heading, add_table, laid_out
from quota_lib.report.word.package import Front, new_document, write_document
from quota_lib.workspace import load_park, open_workspace
from tests.report.test_annex1 import ANNEX, LONG, METALS, WORDS
from tests.small_park import NOW, applied, paper, parked
from tests.tools import missing
from tests.workspaces import ROOT, quota, small_workspace

DAY = date(2025, 12, 31)
FACTORS = {"COD": FactorShown("化学需氧量", 4), "PB": FactorShown("铅", 6)}
BLANK = Annex1("", "", "", "", {label: ("",) * 4 for label in ROWS})
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


def lot(left, factor="COD", name="001"):
    return (name, factor, left, DAY, Ratio(11, 10), 3, "预警")


def annex(path, form=ANNEX, mark=""):
    write_annex1_docx(path, "XM-1", form, DAY, mark)
    return docx.Document(str(path))


def with_table(table):
    document = new_document(Front("表", "2025Q4", DAY))
    add_table(document, table, FACTORS, 1)
    return document


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def words(document):
    """Return every text of a document as it stands in it, merged cells once."""
    return str(document.element.body.xpath("string()"))


def headers(document):
    return [section.header.paragraphs[0].text for section in document.sections]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return what LibreOffice makes of a document: its pages, as pypdf reads them."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    pypdf = pytest.importorskip("pypdf")
    place = tmp_path_factory.mktemp("office")

    def printed(path):
        if not soffice:
            missing("LibreOffice")
        command = [str(soffice), "--headless", f"-env:UserInstallation={(place / 'home').as_uri()}"]
        command += ["--convert-to", "pdf", "--outdir", str(place), str(path)]
        subprocess.run(command, capture_output=True, timeout=180)
        made = place / f"{path.stem}.pdf"
        if not made.is_file():
            missing("LibreOffice Writer")
        found = pypdf.PdfReader(io.BytesIO(made.read_bytes())).pages
        made.unlink()
        return found

    return printed


# ── annex 1 ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_form_has_the_words_of_the_regulation_in_their_order(tmp_path):
    assert re.sub(r"\s", "", words(annex(tmp_path / "a.docx", BLANK))) == "附件1" + re.sub(r"\s", "", WORDS)


def test_the_forms_cells_are_shown_as_given(tmp_path):
    rows = {row[0]: row[1:] for row in cells(annex(tmp_path / "a.docx").tables[0])}
    assert rows["颗粒物"] == ["/", "1.25", "/", "12.5"]
    assert rows["重金属"] == [METALS] * 4
    assert rows["排污单位名称"] == ["某某电子（苏州）有限公司"] * 4


@pytest.mark.parametrize("draft", [True, False])
def test_only_a_draft_of_the_form_is_marked_so(tmp_path, draft):
    said = words(annex(tmp_path / "a.docx", ANNEX._replace(draft=draft)))
    assert ("■ 草案 · 总量来源未落实" in said) is draft


def test_the_form_leaves_the_day_of_signature_blank(tmp_path):
    assert [row[0] for row in cells(annex(tmp_path / "a.docx").tables[0])][-1] == "年　　月　　日"


@pytest.mark.parametrize("mark", ["", "初报·有错误"])
@pytest.mark.parametrize("form", [BLANK, ANNEX, ANNEX._replace(draft=True), LONG])
def test_the_form_is_one_page_of_a4(tmp_path, pages, form, mark):
    annex(tmp_path / "a.docx", form, mark)
    (page,) = pages(tmp_path / "a.docx")
    assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (595, 842)
    assert mark in page.extract_text()


# ── a table ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_amounts_are_exact_and_padded_to_their_factors_decimals():
    table = lots(lot(mass("1.25")), lot(-mass("0.5")), lot(0), lot(None), lot(1), lot(mass("2"), "PB"))
    (shown,) = with_table(lots(*table.rows)).tables
    assert [row[2] for row in cells(shown)] == [
        "结存（t）",
        "1.2500",
        "\u22120.5000",
        "0",
        "—",
        "0.000000001",
        "2.000000",
    ]


def test_the_other_cells_are_shown_as_words():
    (shown,) = with_table(lots(lot(1))).tables
    assert cells(shown)[1] == ["001", "化学需氧量", "0.000000001", "2025-12-31", "1.1", "3", "▲ 预警"]


def test_figures_stand_under_each_other_by_their_points_and_never_wrap():
    table = lots(lot(mass("1234567.5")), lot(1), lot(-1))
    (shown,) = with_table(table).tables
    places = {row.cells[2].paragraphs[0].paragraph_format.tab_stops[0].position.twips for row in shown.rows[1:]}
    assert len(places) == 1
    room = laid_out(table, FACTORS).widths[2] - PADDING
    before, after = (len(one) * laid_out(table, FACTORS).size * 5 for one in ("1234567", ".000000001"))
    assert before <= places.pop() <= room - after


def test_the_head_of_a_table_stands_again_on_every_page(tmp_path, pages):
    write_document(tmp_path / "a.docx", with_table(lots(*[lot(mass("1.25"))] * 200)))
    found = [page.extract_text() for page in pages(tmp_path / "a.docx")]
    assert len(found) > 2 and all("结存" in page for page in found)
    assert [f"— {number + 1} —" in page for number, page in enumerate(found)] == [True] * len(found)


@pytest.mark.parametrize(("count", "across"), [(8, False), (13, True), (40, True)])
def test_a_table_too_wide_for_its_figures_is_turned_and_none_leaves_the_paper(count, across):
    columns = (Column("factor", "污染因子"), *(Column(f"c{n}", "数量", "mass", "t") for n in range(count)))
    table = Table("wide", "宽", columns, [("COD", *[mass("12.3456")] * count)], factor="factor")
    laid = laid_out(table, FACTORS)
    assert laid.across is across and sum(laid.widths) <= (ACROSS if across else ALONG)
    section = with_table(table).sections[-1]
    assert (section.page_width > section.page_height) is across


def test_a_heading_goes_with_its_turned_table_to_the_new_page():
    columns = (Column("factor", "污染因子"), *(Column(f"c{n}", "数量", "mass", "t") for n in range(13)))
    wide = Table("wide", "宽", columns, [("COD", *[mass("12.3456")] * 13)], factor="factor")
    document = with_table(lots(lot(1)))
    add_heading(document, "附表", [wide], FACTORS)
    add_table(document, wide, FACTORS)
    styles = [paragraph.style.style_id for paragraph in document.paragraphs]
    assert len(document.sections) == 2 and styles[-3:] == ["Heading1", "Caption", "TableNote"]


def test_an_empty_table_says_so():
    document = with_table(lots(empty="本期没有批次。"))
    assert not document.tables and [one.text for one in document.paragraphs] == ["表 1　批次", "本期没有批次。"]


def test_texts_are_in_chinese_fonts(tmp_path):
    parts = zipfile.ZipFile(tmp_path / "a.docx") if annex(tmp_path / "a.docx") else None
    styles = parts.read("word/styles.xml").decode()
    assert {"仿宋", "宋体", "黑体"} <= set(re.findall('w:eastAsia="([^"]+)"', styles))


# ── hostile texts ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ('"/><w:tbl>&amp;', '"/><w:tbl>&amp;'),
        ("=1+1", "=1+1"),
        ("甲\u202e乙", "甲[U+202E]乙"),
        ("甲\x00\x07乙", "甲[U+0000][U+0007]乙"),
        ("甲\ud800\uffff乙", "甲[U+D800][U+FFFF]乙"),
        ("甲\r\n乙\t丙", "甲\n乙\t丙"),
        ("字" * 10_000, "字" * 10_000),
        ("x" * 10_000, "x" * 10_000),
    ],
)
def test_hostile_text_is_shown_as_text(tmp_path, hostile, shown):
    form = ANNEX._replace(unit_name=hostile, rows={**ANNEX.rows, "颗粒物": (hostile,) * 4})
    assert cells(annex(tmp_path / "a.docx", form).tables[0])[0][1] == shown
    document = with_table(lots(lot(1, name=hostile), note=hostile))
    write_document(tmp_path / "b.docx", document)
    read = docx.Document(str(tmp_path / "b.docx"))
    assert cells(read.tables[0])[1][0] == shown and read.paragraphs[-1].text == f"注：{shown}"


def test_a_text_of_ten_thousand_characters_leaves_all_of_itself_on_paper(tmp_path, pages):
    write_document(tmp_path / "a.docx", with_table(lots(lot(1, name="字" * 10_000))))
    found = [page.extract_text().count("字") for page in pages(tmp_path / "a.docx")]
    assert sum(found) == 10_000


# ── the bytes ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_writes_leave_the_same_bytes(tmp_path):
    for name in ("a.docx", "b.docx"):
        annex(tmp_path / name)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_nothing_of_a_document_tells_when_or_on_what_machine_it_was_made(tmp_path):
    about = annex(tmp_path / "a.docx").core_properties
    assert about.created == about.modified and about.created.replace(tzinfo=None) == datetime(2025, 12, 31)
    assert (about.title, about.author, about.last_modified_by, about.comments) == (f"{TITLE} XM-1", "", "", "")
    parts = zipfile.ZipFile(tmp_path / "a.docx").infolist()
    assert {(one.date_time, one.create_system, one.compress_type) for one in parts} == {((1980, 1, 1, 0, 0, 0), 3, 0)}
    names = [one.filename for one in parts]
    assert names == ["[Content_Types].xml", *sorted(set(names) - {"[Content_Types].xml"})]


# ── the bulletin ─────────────────────────────────────────────────────────────────────────────────────────────────


def bulletins(folder, park, mark=""):
    """Write the bulletins of a park; return them by zone."""
    report, found = ReserveReport(park, []), {}
    for zone in zones(park, report.record["balances"]):
        detail = signed(of_zone(report.record["balances"], zone))
        parts = sections(park, zone, report.tables, report.record["balances"])
        write_bulletin(folder / f"{zone}.docx", park, zone, parts, detail, report.factors, SIGNERS, mark)
        found[zone] = docx.Document(str(folder / f"{zone}.docx"))
    return found


def under(document, title):
    """Return the rows of the table under a title, by heading without unit."""
    at = next(i for i, one in enumerate(document.element.body) if (one.xpath("string()")).endswith(f"　{title}"))
    table = docx.table.Table(document.element.body[at + 1], document)
    head, *rows = [[re.sub("（t.*）", "", cell) for cell in row] for row in cells(table)]
    return [dict(zip(head, row, strict=True)) for row in rows]


def amount(cell):
    return Decimal(cell.replace("\u2212", "-"))


def record(table):
    return list(csv.DictReader(io.StringIO(csv_text(table).removeprefix("\ufeff"), newline="")))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    park = load_park(open_workspace(ROOT), Quarter(2025, 4))
    return park, ReserveReport(park, []), bulletins(tmp_path_factory.mktemp("bulletins"), park)


def test_the_demo_parks_bulletins_have_the_balances_of_the_csv(demo):
    park, report, found = demo
    columns = {c.name: c.heading for c in report.record["balances"].columns}
    uses = ("debited", "transferred_out", "superior_out")
    told = {(zone, row["污染因子"]): row for zone, one in found.items() for row in under(one, "储备收支明细")}
    rows = record(report.record["balances"])
    assert len(told) == len(rows) > 0
    for row in rows:
        shown = told[row["zone"], park.rules.factors.label(row["factor"])]
        for name in list(row)[2:]:
            sign = -1 if name in uses else 1
            assert amount(shown[columns[name]]) == sign * Decimal(row[name]), (row, name)


def test_every_row_of_the_summed_balances_adds_up(demo):
    for one in demo[2].values():
        for row in under(one, "本季度储备收支"):
            parts = [amount(row[name]) for name in ("期初", "来源", "使用", "冲正")]
            assert sum(parts) == amount(row["期末"])
            assert amount(row["期末"]) - amount(row["其中已纳入上级"]) == amount(row["可用"])


def test_sources_and_uses_are_summed_apart():
    names = (
        "factor opening deposited transferred_in superior_in recovered debited transferred_out superior_out corrected"
    )
    columns = tuple(Column(name, name, "mass", "t") for name in [*names.split(), "closing", "frozen", "available"])
    row = ("COD", 10**7, 1, 20, 300, 4000, 50000, 600000, 7000000, -8, 9, 10, 11)
    assert summed(Table("b", "", columns, [row])).rows == [("COD", 10**7, 4321, -7650000, -8, 9, 10, 11)]


def test_the_demo_parks_bulletins_have_the_reductions_of_the_csv(demo):
    park, report, found = demo
    headings = {"申报": "declared", "核定": "verified", "占用": "occupied", "已储备": "reserved", "未储备": "left"}
    headings |= {"已使用": "used", "纳入上级": "superior"}
    sums = defaultdict(Decimal)
    for row in record(report.record["reductions"]):
        key = (row["zone"], row["type"], park.rules.factors.label(row["factor"]))
        for heading, name in headings.items():
            sums[*key, heading] += Decimal(row[name] or 0)
    told = {
        (zone, row["减排工程类型"], row["污染因子"], heading): amount(row[heading])
        for zone, one in found.items()
        for row in under(one, "减排情况通报")
        for heading in headings
    }
    assert told == sums and told


def test_a_bulletin_names_its_own_zones_projects_and_warnings_alone(demo):
    _, report, found = demo
    for zone, one in found.items():
        expected = [row for row in record(report.record["warnings"]) if row["zone"] == zone]
        told = under(one, "预警与提示") if expected else []
        assert sorted(row["情形"] for row in told) == sorted(row["message"] for row in expected)
        open_ones = {
            (row["project"], row["shortfall"])
            for row in record(report.record["applications"])
            if row["zone"] == zone and row["status"] in ("待供给", "待核定")
        }
        waiting = under(one, "待供给与待核定的建设项目") if open_ones else []
        assert {row["建设项目"].split()[0] for row in waiting} == {project for project, _ in open_ones}


def test_a_bulletin_stands_on_a4_and_only_its_last_table_across(tmp_path, pages, demo):
    park, _, _ = demo
    bulletins(tmp_path, park)
    sizes = {
        tuple(round(float(x)) for x in (page.mediabox.width, page.mediabox.height))
        for page in pages(tmp_path / "HX.docx")
    }
    assert sizes == {(595, 842), (842, 595)}


def test_a_waiting_project_is_in_its_zones_bulletin_with_what_is_short(tmp_path):
    papers = [*applied("X9", COD="50"), paper("总量核定", 建设项目编号="X9", 核定新增外排环境量="50", 确认方式="审核")]
    park = parked(*papers)
    found = bulletins(tmp_path, park)
    (row,) = under(found["HX"], "待供给与待核定的建设项目")
    table = record(ReserveReport(park, []).record["applications"])
    short = next(one["shortfall"] for one in table if one["project"] == "X9")
    assert (
        row["建设项目"].split()[0] == "X9" and row["期末状态"] == "待供给" and amount(row["缺口"]) == Decimal(short) > 0
    )
    assert "待供给的建设项目 1 个" in words(found["HX"]) and "待供给的建设项目 0 个" in words(found["HD"])


def test_a_zone_without_reduction_or_balance_gets_no_bulletin(tmp_path):
    park = parked(paper("功能区", NOW, 功能区编码="KZ", 功能区名称="空"))
    assert {row.zone for row in park.book.latest("zone")} == {"HD", "HX", "KZ"}
    assert list(bulletins(tmp_path, park)) == ["HD", "HX"]


@pytest.mark.parametrize("mark", ["", "初报·有错误"])
def test_every_page_of_a_bulletin_bears_the_mark_of_data_with_errors(tmp_path, pages, demo, mark):
    one = bulletins(tmp_path, demo[0], mark)["HX"]
    assert ("所涉单据未入账" in words(one)) is bool(mark)
    found = [page.extract_text() for page in pages(tmp_path / "HX.docx")]
    assert [("■ 初报·有错误　总量指标管理通报" in page) for page in found] == [bool(mark)] * len(found)


def test_who_signs_a_bulletin_finds_a_place_without_a_day(tmp_path):
    one = bulletins(tmp_path, parked())["HX"]
    signed_by = next(cells(table) for table in one.tables if table.rows[0].cells[0].text == SIGNERS[0])
    assert signed_by == [list(SIGNERS), [""] * len(SIGNERS)]
    assert "年　　月　　日" in words(one)


# ── the run ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_writes_a_form_and_a_bulletin_for_each_and_takes_away_what_is_no_more(tmp_path):
    root = small_workspace(tmp_path / "w", paper("指标储备", 单号="CB-9", 储备量="-1"))
    stale = root / "reports" / NOW / "bulletin" / "ALT.docx"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"")
    ran = quota(root, "reserve", NOW)
    folder = root / "reports" / NOW
    assert ran.code == 1 and not stale.exists()
    forms = {path.stem for path in folder.glob("annex1/*.html")}
    assert {path.stem for path in folder.glob("annex1/*.docx")} == forms and forms
    assert {path.name for path in folder.glob("bulletin/*")} == {"HD.docx", "HX.docx"}
    for path in folder.rglob("*.docx"):
        assert headers(docx.Document(str(path)))[0].startswith("■ 初报·有错误")
    before = {path.name: path.read_bytes() for path in folder.rglob("*.docx")}
    quota(root, "reserve", NOW, TZ="America/Caracas", PYTHONHASHSEED="7")
    assert {path.name: path.read_bytes() for path in folder.rglob("*.docx")} == before


def test_names_that_are_no_file_names_are_written_as_the_contract_says(tmp_path):
    park = parked(
        *applied("X/9", COD="0.1"), paper("总量核定", 建设项目编号="X/9", 文号="W-9", 核定新增外排环境量="0.1")
    )
    names = _write_word(ReserveReport(park, []), tmp_path)
    assert "annex1/X%2F9.docx" in names and all((tmp_path / name).is_file() for name in names)


def test_an_amount_of_the_form_is_that_of_the_application(tmp_path):
    park = parked(*applied("X9", COD="0.1"), paper("总量核定", 建设项目编号="X9", 文号="W-9", 核定新增外排环境量="0.1"))
    _write_word(ReserveReport(park, []), tmp_path)
    rows = {row[0]: row for row in cells(docx.Document(str(tmp_path / "annex1" / "X9.docx")).tables[0])}
    assert rows["化学需氧量"][2] == text(mass("0.1")) == "0.1"
