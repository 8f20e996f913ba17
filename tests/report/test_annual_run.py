"""The annual report's run: its tables as the contract lists them, the same bytes twice, verified, marked where wrong."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from quota_lib.report.page import external_addresses
from quota_lib.tracing.block import unpacked
from tests.small_park import A, B, paper
from tests.workspaces import quota, small_workspace

COLUMNS = {
    "totals": "unit, zone, factor, basis, scope, declared_permitted, declared_actual, declared_allowable, online, "
    "supervisory, self_monitoring, material_balance, coefficient, execution_report, fugitive, route, reason, "
    "computed_actual, verified_permitted, verified_actual, permitted, allowable, proposed_allowable, "
    "verified_allowable, next_allowable, grade",
    "routes": "unit, outlet, factor, basis, scope, route, amount, chosen, reason",
    "online": "unit, outlet, factor, quarter, normal, substituted, stopped, missing, capture, as_given, computed",
    "substitutions": "unit, outlet, factor, time, flag, old_kg, new_kg, rule, from, hours_used",
    "recoveries": "project, unit, factor, reason, permitted, actual, share, surplus, surplus_at_80, load, scope, "
    "flips, recovered, status",
    "consistency": "unit, factor, basis, scope, source, published, verified, difference, verdict",
    "scorecard": "zone, unit, factor, reduced, reserved, used, recovered, actual, permitted, cap, next_cap",
    "workings": "project, unit, factor, method, edition, source, step, value, unit_of_value",
    "warnings": "zone, unit, project, factor, level, code, clause, message",
    "problems": "file, sheet, cell, severity, code, message, fix",
}
PERMIT = {"污染因子": "COD", "全厂许可外排环境量": "10", "依据": "许可证", "生效日期": "2025-01-01"}
DECLARED = {
    "年度": 2025,
    "统一社会信用代码": A,
    "污染因子": "COD",
    "许可排放量": "10",
    "实际排放量": "7.5",
    "允许排放量": "9",
    "核算方法": "执行报告",
    "申报日期": "2026-03-10",
}


def year(*more):
    return [
        paper("许可总量", 统一社会信用代码=A, **PERMIT),
        paper("总量管理名单", "2025", 年度=2025, 统一社会信用代码=A, 排定日期="2026-02-20"),
        paper("总量管理名单", "2025", 年度=2025, 统一社会信用代码=B, 排定日期="2026-02-20"),
        paper("总量申报", "2025", **DECLARED),
        paper("排放限量", "2025", 年度=2025, 功能区编码="HX", 污染因子="COD", 限量="7.5", 发布日期="2025-03-01"),
        paper(
            "排放限量", "2025", 年度=2026, 功能区编码="HX", 污染因子="COD", 限量="8", 预留量="1", 发布日期="2025-12-01"
        ),
        paper("统计与披露", "2025", 年度=2025, 统一社会信用代码=A, 污染因子="COD", 来源="执行报告", 排放量="7.4"),
        *more,
    ]


def hashes(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rows(place: Path, name: str) -> list[dict[str, str]]:
    with (place / "reports" / "2025" / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = small_workspace(tmp_path_factory.mktemp("annual") / "w", *year())
    ran = quota(place, "annual", "2025")
    assert (ran.code, ran.err) == (0, ""), ran.out
    return place


@pytest.mark.parametrize("name", COLUMNS)
def test_each_table_has_the_columns_of_the_contract(place, name):
    path = place / "reports" / "2025" / "tables" / f"{name}.csv"
    first = path.read_text(encoding="utf-8-sig").splitlines()[0]
    assert first.split(",") == COLUMNS[name].split(", ")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") and b"\r" not in path.read_bytes()


def test_a_plants_year_stands_with_every_route_and_what_counts(place):
    one = next(row for row in rows(place, "totals") if (row["unit"], row["factor"]) == (A, "COD"))
    assert (one["declared_actual"], one["execution_report"], one["computed_actual"]) == ("7.5", "7.4", "7.4")
    assert one["route"] == "execution_report"
    # the permit's 10 t holds before the decision of the first quarter, which adds 0.5 t
    assert one["permitted"] == "10.5"


def test_next_years_allowable_keeps_within_the_cap_and_says_how(place):
    total = sum(float(row["next_allowable"] or 0) for row in rows(place, "totals") if row["factor"] == "COD")
    assert total <= 7  # 8 t less 1 t held back
    page = (place / "reports" / "2025" / "annual.html").read_text(encoding="utf-8")
    assert "按实际核减" in page and "由来" in page


def table(place: Path, name: str) -> list[list[str]]:
    """Return what a table of the page shows, row by row."""
    page = (place / "reports" / "2025" / "annual.html").read_text(encoding="utf-8")
    body = page.split(f'id="table-{name}"')[1].split("<tbody>")[1].split("</tbody>")[0]
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("</tr>"))
    return [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in row] for row in cells if row]


def test_how_an_allowable_came_about_is_said_once_where_nothing_is_verified(place):
    (row,) = (row for row in table(place, "allowable") if row[2] == "化学需氧量")
    assert row[8].splitlines() == [
        "没有核定实际排放量，按许可排放量：10.0000 t/a",
        "合计超过功能区可用限量，等比削减：10.0000 × 6.5000 ÷ 10.0000 = 6.5000 t/a",
    ]
    # of the 10.5 t, 0.5 t do not run yet
    assert row[3:8] == ["10.5000", "6.5000", "—", "6.5000", "—"]


def test_amounts_in_words_have_the_decimals_of_the_columns_beside_them(place):
    row = next(row for row in table(place, "caps") if row[0].startswith("HX") and row[1] == "化学需氧量")
    assert row[2:11] == ["8.0000", "1.0000", "0.5000", "—", "0", "—", "6.5000", "6.5000", "0"]
    assert row[11] == "可用 6.5000 t，核定合计 6.5000 t，余 0 t"


def test_the_whole_park_stands_below_its_zones_with_sums_that_a_spreadsheet_follows(place):
    assert [row[0] for row in table(place, "zones")][-1] == "全园区"
    book = openpyxl.load_workbook(place / "reports" / "2025" / "annual.xlsx")
    for title in ("各功能区记分卡", "下年度限量与允许排放量"):
        sheet = book[title]
        rows = [row for row in sheet.iter_rows(min_row=3) if row[0].value == "全园区"]
        formulas = [cell.value for row in rows for cell in row if cell.data_type == "f"]
        assert formulas and all(one.startswith("=SUMIF($B$3:$B$") for one in formulas)
        with_values = openpyxl.load_workbook(place / "reports" / "2025" / "annual.xlsx", data_only=True)[title]
        for row in rows:
            for cell in (cell for cell in row if cell.data_type == "f"):
                above = (
                    with_values.cell(at, cell.column).value or 0
                    for at in range(3, rows[0][0].row)
                    if with_values.cell(at, 2).value == row[1].value
                )
                assert with_values.cell(cell.row, cell.column).value == pytest.approx(sum(above))


def test_a_figure_of_the_page_is_explained_by_the_command(place):
    page = (place / "reports" / "2025" / "annual.html").read_text(encoding="utf-8")
    block = unpacked(json.loads(re.search(r'id="facts">(.*?)</script>', page)[1]))
    names = [one["id"] for one in block["facts"]]
    assert f"permit:{A}:COD:permitted" in names
    ran = quota(place, "explain", "2025", f"permit:{A}:COD:permitted")
    assert ran.code == 0
    assert ran.lines[0].endswith(f"许可 = 10.5 t/a　[permit:{A}:COD:permitted]")
    assert any("许可总量!" in line and "= 10" in line for line in ran.lines)
    shown = {int(at) for at in re.findall(r'data-fact="(\d+)"', page)}
    assert names.index(f"permit:{A}:COD:permitted") in shown


def test_who_is_listed_and_did_not_declare_is_a_finding(place):
    assert [row["unit"] for row in rows(place, "warnings") if row["code"] == "W540"] == [B]


def test_two_runs_leave_the_same_bytes_and_verify_says_so(place):
    before = hashes(place / "reports" / "2025")
    assert quota(place, "annual", "2025").code == 0
    assert hashes(place / "reports" / "2025") == before
    ran = quota(place, "verify", "2025")
    assert (ran.code, ran.out) == (0, "2025 逐字节一致\n")


def test_verify_names_the_file_that_was_changed(place):
    path = place / "reports" / "2025" / "tables" / "totals.csv"
    kept = path.read_bytes()
    path.write_bytes(kept + b"x")
    ran = quota(place, "verify", "2025")
    path.write_bytes(kept)
    assert (ran.code, ran.lines[0]) == (4, "2025/tables/totals.csv：内容不同")


def test_the_page_is_one_file_without_network(place):
    assert external_addresses((place / "reports" / "2025" / "annual.html").read_text(encoding="utf-8")) == []


def test_a_mistake_in_the_annual_folder_marks_the_report_and_is_listed_by_check(tmp_path):
    wrong = paper("总量申报", "2025", **{**DECLARED, "统一社会信用代码": B, "实际排放量": "7.5吨"})
    place = small_workspace(tmp_path / "w", *year(wrong))
    ran = quota(place, "check", "2025")
    assert ran.code == 1
    assert any("总量申报" in line and "错误 Q203" in line for line in ran.lines)
    ran = quota(place, "annual", "2025")
    assert ran.code == 1 and "初报·有错误" in ran.out
    assert "初报·有错误" in (place / "reports" / "2025" / "annual.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("annual", "2025Q4"), "年度"),
        (("annual", "2031"), "2031"),
        (("annual", "2025", "--as-of", "2025Q3"), "2025Q4"),
        (("annual", "2025", "--as-of", "nix"), "季度"),
    ],
)
def test_a_year_or_quarter_that_is_none_gives_one_line(place, arguments, said):
    ran = quota(place, *arguments)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert said in ran.err


def test_the_annual_template_holds_the_sheets_of_the_annual_methods(tmp_path):
    place = small_workspace(tmp_path / "w")
    assert quota(place, "template", "2025").code == 0
    book = openpyxl.load_workbook(place / "填报模板-2025.xlsx")
    assert {"总量申报", "手工监测", "核算-产排污系数", "核算-物料衡算"} <= set(book.sheetnames)
    page = book["核算-产排污系数"]
    headings = [cell.value for row in page.iter_rows(max_row=4) for cell in row]
    assert {"年度", "统一社会信用代码", "厂区编号", "排放口编号"} <= set(headings)
    assert "核算-关停" not in book.sheetnames  # a reduction of a project, not a plant's year


def test_the_manifest_names_the_hourly_files_with_their_hashes(tmp_path):
    outlet = paper("排放口", "2025", 统一社会信用代码=A, 排放口编号="DA001", 类别="大气", 主要排放口="是")
    place = small_workspace(tmp_path / "w", *year(outlet))
    folder = place / "data" / "2025" / "monitoring"
    folder.mkdir()
    head = "credit_code,site,outlet,time,factor,concentration,flow,flag\n"
    rows_ = "".join(f"{A},001,DA001,2025-01-01 {n:02d}:00,NOX,50,1000,normal\n" for n in range(24))
    (folder / "a.csv").write_text(head + rows_, encoding="utf-8")
    assert quota(place, "annual", "2025").code == 0
    inputs = json.loads((place / "reports/2025/manifest.json").read_text(encoding="utf-8"))["inputs"]
    assert inputs["data/2025/monitoring/a.csv"] == hashlib.sha256((folder / "a.csv").read_bytes()).hexdigest()
    books = {path.relative_to(place).as_posix() for path in place.glob("data/*/*.xlsx")}
    assert {name for name in inputs if name.endswith(".xlsx")} == books
    assert rows(place, "online")[0]["as_given"] == "0.0012"  # 24 h · 50 mg/m³ · 1000 m³/h
