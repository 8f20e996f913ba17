"""What a run of `quota reserve` leaves, file by file, as the contract's §5 says; beside tests/test_run.py.

The demo park's report is made once, by the command; what needs runs of its own is tried on the small park.
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
from collections import defaultdict
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest

from quota_lib.periods import Quarter
from quota_lib.report import record
from quota_lib.report.csvs import csv_text
from quota_lib.reserve.ruling import Status
from quota_lib.workspace import load_park, open_workspace
from tests.small_park import NOW, applied, paper
from tests.workspaces import demo_workspace, quota, small_workspace

LAST = Quarter(2025, 4)
FACTORS = ("PM", "SO2", "NOX", "VOCS", "COD", "NH3N", "TN", "TP", "PB", "HG", "CD", "CR", "AS")
LABELS = dict(
    zip(
        (
            "颗粒物",
            "二氧化硫",
            "氮氧化物",
            "挥发性有机物",
            "化学需氧量",
            "氨氮",
            "总氮",
            "总磷",
            "铅",
            "汞",
            "镉",
            "铬",
            "砷",
        ),
        FACTORS,
        strict=True,
    )
)
COLUMNS = {
    "applications": "project unit zone factor applied plant_year_new threshold margin route decision decided document "
    "balance_way permitted ratio rule debit recovered status shortfall",
    "balance_plan": "project factor need ratio lot source_project amount shortfall",
    "balances": "zone factor opening deposited transferred_in superior_in recovered debited transferred_out superior_out "
    "corrected closing frozen available",
    "entries": "entry_id booked date kind zone factor lot amount frozen document original project ratio gross clause source",
    "lots": "lot zone factor origin project booked date born moved used left frozen",
    "problems": "file sheet cell severity code message fix",
    "reductions": "project unit zone type factor declared computed verified occupied reserved left used superior method "
    "edition",
    "warnings": "zone unit project factor level code clause message",
    "workings": "project unit factor method edition source step value unit_of_value",
}
SORTED = {  # in the order of their first columns
    "applications": ("project", "unit", "zone", "factor"),
    "balance_plan": ("project", "factor"),
    "balances": ("zone", "factor"),
    "lots": ("lot", "zone", "factor"),
    "reductions": ("project", "unit", "zone", "type", "factor"),
    "warnings": ("zone", "unit", "project", "factor"),
}
AMOUNTS = [
    "applied",
    "plant_year_new",
    "threshold",
    "margin",
    "permitted",
    "debit",
    "recovered",
    "shortfall",
    "need",
    "amount",
    "opening",
    "deposited",
    "transferred_in",
    "superior_in",
    "debited",
    "transferred_out",
    "superior_out",
    "corrected",
    "closing",
    "frozen",
    "available",
    "gross",
    "born",
    "moved",
    "used",
    "left",
    "declared",
    "verified",
    "occupied",
    "reserved",
    "superior",
]
WORDS = {
    (
        "entries",
        "kind",
    ): "opening deposit superior_in transfer_in transfer_out recovery debit freeze release superior_out correction",
    ("lots", "origin"): "期初结存 指标储备 申请使用",
    ("applications", "status"): "待核定 不同意 已撤回 无需扣除 已扣除 待供给 不再建设 已冲正",
    ("applications", "route"): "备案 审核",
    ("warnings", "level"): "预警 提示",
    ("problems", "severity"): "error warning info",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    root = demo_workspace(tmp_path_factory.mktemp("report") / "demo")
    return root, quota(root, "reserve", str(LAST))


@pytest.fixture(scope="module")
def folder(demo):
    return demo[0] / "reports" / str(LAST)


@pytest.fixture(scope="module")
def tables(folder):
    return {name: table(folder, name) for name in COLUMNS}


@pytest.fixture(scope="module")
def parks(demo):
    """Return the park as it stood at the end of every quarter."""
    place = open_workspace(demo[0])
    return [load_park(place, quarter) for quarter in place.periods() if isinstance(quarter, Quarter)]


def table(folder, name):
    text = (folder / "tables" / f"{name}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def contents(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


# ── the files ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_says_in_one_line_what_it_made_and_what_it_found(demo, folder):
    _, ran = demo
    files = sum(path.is_file() for path in folder.rglob("*"))
    assert (ran.code, ran.err, len(ran.lines)) == (0, "", 1)
    assert re.fullmatch(
        rf"reports/2025Q4/reserve\.html：2025Q4，错误 0，预警 \d+，提示 \d+；共 {files} 个文件", ran.lines[0]
    )


def test_a_run_leaves_the_files_of_the_contract_and_no_others(folder):
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    forms = {name for name in names if name.startswith(("annex1/", "bulletin/"))}
    named = {
        "reserve.html",
        "workpapers.html",
        "reserve.ipynb",
        "reserve.xlsx",
        "manifest.json",
        *(f"tables/{name}.csv" for name in COLUMNS),
    }
    assert names - forms == named
    assert all(re.fullmatch(r"annex1/[\w.%-]+\.(html|xlsx|docx)|bulletin/[\w.%-]+\.docx", name) for name in forms)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_table_has_the_contracts_columns_a_byte_order_mark_and_lines_that_end_in_lf(folder, name):
    data = (folder / "tables" / f"{name}.csv").read_bytes()
    assert data.startswith("\ufeff".encode()) and data.count("\ufeff".encode()) == 1
    assert b"\r" not in data and data.endswith(b"\n") and not data.endswith(b"\n\n")
    assert data.decode("utf-8-sig").splitlines()[0].split(",") == COLUMNS[name].split()


@pytest.mark.parametrize("name", COLUMNS)
def test_amounts_are_plain_decimals_in_t_and_days_are_iso(tables, name):
    assert tables[name] or name == "workings"  # nobody computed anything where all is 文件核定
    for row in tables[name]:
        for column, cell in row.items():
            if column in AMOUNTS and name != "warnings" and cell:
                assert re.fullmatch(r"0|-?(0|[1-9]\d*)(\.\d{0,8}[1-9])?", cell) and cell != "-0", (column, cell)
            if column in ("date", "decided") and cell:
                assert re.fullmatch(r"\d{4}-\d\d-\d\d", cell)
            if column == "booked":
                assert re.fullmatch(r"\d{4}Q[1-4]", cell)
            if column == "ratio" and cell:
                assert re.fullmatch(r"[1-9]\d*(\.\d*[1-9])?", cell)


@pytest.mark.parametrize("name", SORTED)
def test_rows_stand_in_the_order_of_their_first_columns_and_factors_in_theirs(tables, name):
    keys = [
        tuple(
            (FACTORS.index(row[column]) if row[column] else -1) if column == "factor" else row[column]
            for column in SORTED[name]
        )
        for row in tables[name]
    ]
    assert keys == sorted(keys)


def test_entries_stand_as_posted_and_are_numbered_within_their_quarter(tables):
    rows = tables["entries"]
    assert [row["entry_id"] for row in rows] == [f"2025Q4-{number:05d}" for number in range(1, len(rows) + 1)]
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    assert {row["booked"] for row in rows} == {"2025Q4"}


@pytest.mark.parametrize(("name", "column"), WORDS)
def test_words_of_a_column_are_the_contracts(tables, name, column):
    assert {row[column] for row in tables[name]} <= set(WORDS[name, column].split())


def test_factors_stand_by_their_ids_in_every_table(tables):
    for name, rows in tables.items():
        assert {row.get("factor", "") for row in rows} <= {"", *FACTORS}, name


def test_a_cell_is_empty_only_where_a_column_does_not_apply(tables):
    for row in tables["balances"]:
        assert all(row.values())
    for row in tables["entries"]:
        priced = row["kind"] in ("debit", "recovery")
        assert bool(row["ratio"]) == bool(row["gross"]) == priced
        assert bool(row["original"]) == (row["kind"] == "correction")
        assert (row["amount"], row["frozen"]) != ("0", "0")
        assert re.fullmatch(r"20\d\dQ[1-4]/.+\.xlsx › .+![A-Z]+\d+", row["source"])
    for row in tables["applications"]:
        assert bool(row["threshold"]) == bool(row["margin"]) == (row["factor"] not in FACTORS[8:])
        if row["threshold"]:
            assert amount(row, "margin") == amount(row, "threshold") - amount(row, "plant_year_new")
        assert bool(row["shortfall"]) == (row["status"] == "待供给")
        assert bool(row["debit"]) == (row["status"] in ("无需扣除", "已扣除", "待供给"))
        assert bool(row["decision"]) == bool(row["document"]) == bool(row["decided"])
        assert bool(row["balance_way"]) <= bool(row["permitted"]) == (row["decision"] == "同意")
        assert row["recovered"]
    for row in tables["balance_plan"]:
        assert bool(row["lot"]) == bool(row["amount"]) != bool(row["shortfall"])
    for row in tables["lots"]:
        assert bool(row["project"]) == (row["origin"] == "指标储备")


# ── the figures ──────────────────────────────────────────────────────────────────────────────────────────────────


def figures(park, name):
    return list(csv.DictReader(io.StringIO(csv_text(getattr(record, name)(park))[1:], newline="")))


def amount(row, column):
    return Decimal(row[column])


def test_in_every_quarter_the_balances_close_and_open_as_the_last_one_closed(parks):
    assert len(parks) == 12
    closed = {}
    for park in parks:
        now = {(row["zone"], row["factor"]): row for row in figures(park, "balances")}
        opened = defaultdict(Decimal)
        for row in figures(park, "entries"):
            if row["kind"] == "opening":
                opened[row["zone"], row["factor"]] += amount(row, "amount")
        for key, row in now.items():
            sources = sum(
                amount(row, c) for c in ("deposited", "transferred_in", "superior_in", "recovered", "corrected")
            )
            uses = sum(amount(row, c) for c in ("debited", "transferred_out", "superior_out"))
            assert amount(row, "closing") == amount(row, "opening") + sources - uses
            assert amount(row, "available") == amount(row, "closing") - amount(row, "frozen") >= 0
            assert amount(row, "opening") == closed.get(key, 0) + opened[key]
        assert all(key in now for key, closing in closed.items() if closing)
        closed = {key: amount(row, "closing") for key, row in now.items()}


def test_the_entries_of_all_quarters_add_up_to_the_lots_and_the_balances(parks, tables):
    left, frozen = defaultdict(Decimal), defaultdict(Decimal)
    for park in parks:
        for row in figures(park, "entries"):
            left[row["lot"], row["zone"], row["factor"]] += amount(row, "amount")
            frozen[row["lot"], row["zone"], row["factor"]] += amount(row, "frozen")
    lots = {(row["lot"], row["zone"], row["factor"]): row for row in tables["lots"]}
    assert lots.keys() == left.keys()
    for key, row in lots.items():
        assert (amount(row, "left"), amount(row, "frozen")) == (left[key], frozen[key])
        assert amount(row, "used") == amount(row, "born") + amount(row, "moved") - amount(row, "left")
        assert 0 <= frozen[key] <= left[key]
    for row in tables["balances"]:
        mine = [one for one in lots.values() if (one["zone"], one["factor"]) == (row["zone"], row["factor"])]
        assert amount(row, "closing") == sum(amount(one, "left") for one in mine)


def test_an_entry_keeps_its_number_when_later_quarters_come(parks):
    last = record.entry_ids(parks[-1].ledger.entries)
    for park in parks[::4]:
        for sequence, number in record.entry_ids(park.ledger.entries).items():
            assert last[sequence] == number


def test_every_debit_names_a_lot_that_somebody_brought(tables):
    brought = {(row["lot"], row["factor"]) for row in tables["lots"] if amount(row, "born")}
    debits = [row for row in tables["entries"] if row["kind"] == "debit"]
    assert debits
    assert {(row["lot"], row["factor"]) for row in debits} <= brought


def test_the_plan_of_a_project_covers_its_need_or_says_what_is_short(tables):
    plans = defaultdict(list)
    for row in tables["balance_plan"]:
        plans[row["project"], row["factor"]].append(row)
    for rows in plans.values():
        found = sum(Decimal(row["amount"] or row["shortfall"]) for row in rows)
        assert {row["need"] for row in rows} == {rows[0]["need"]} and found == Decimal(rows[0]["need"])
    short = {(r["project"], r["factor"]): r["shortfall"] for r in tables["balance_plan"] if r["shortfall"]}
    waiting = {(r["project"], r["factor"]): r["shortfall"] for r in tables["applications"] if r["status"] == "待供给"}
    assert {key: value for key, value in waiting.items() if value != "0"} == {
        key: value for key, value in short.items() if key in waiting
    }


def test_what_waits_is_warned_of(tables):
    waiting = {row["project"] for row in tables["applications"] if row["status"] == "待供给"}
    assert waiting
    assert {row["project"] for row in tables["warnings"] if row["code"] == "W504"} == waiting


def test_a_reductions_amounts_never_exceed_what_was_verified(tables):
    for row in tables["reductions"]:
        if row["verified"]:
            assert (
                amount(row, "left") == amount(row, "verified") - amount(row, "occupied") - amount(row, "reserved") >= 0
            )


# ── annex 1 ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_annex_1_is_made_for_what_the_quarter_debited_or_needs_nothing_and_as_a_draft_for_what_waits(parks, folder):
    ledger, final, drafts = parks[-1].ledger, set(), set()
    for rulings in ledger.rulings.values():
        last = rulings[-1]
        if last.status is Status.WAITING:
            drafts.add(last.project)
        elif (last.status is Status.DEBITED and last.supplied == LAST) or (
            last.status is Status.NOTHING and last.document.booked == LAST
        ):
            final.add(last.project)
    assert final and drafts
    for suffix in ("html", "xlsx"):
        assert {path.stem for path in (folder / "annex1").glob(f"*.{suffix}")} == final | drafts
    marked = {p.stem for p in (folder / "annex1").glob("*.html") if "总量来源未落实" in p.read_text(encoding="utf-8")}
    assert marked == drafts


def test_annex_1_of_what_the_quarter_debited_agrees_with_the_entries(tables, folder):
    debited = {row["project"] for row in tables["entries"] if row["kind"] == "debit"}
    standing = {row["project"] for row in tables["applications"] if row["status"] == "已扣除"}
    assert debited & standing <= {path.stem for path in (folder / "annex1").glob("*.html")}


# ── the page, the workbook, the manifest ─────────────────────────────────────────────────────────────────────────


def pages(folder):
    return [*sorted(folder.glob("*.html")), *sorted((folder / "annex1").glob("*.html"))]


def test_no_page_asks_for_anything_outside_itself(folder):
    for path in pages(folder):
        page = path.read_text(encoding="utf-8")
        assert re.findall(r"""(?:src|srcset|action|data|poster)\s*=\s*["']?(?!data:)[^"'>\s]*(?://|\.)""", page) == []
        assert re.findall(r"""<(?:link|iframe|object|embed|base)\b""", page) == []
        assert re.findall(r"""href\s*=\s*["'](?!#)""", page) == []
        assert re.findall(r"@import|url\((?!['\"]?data:)", page) == []


def test_every_page_forbids_the_network_and_is_chinese(folder):
    for path in pages(folder):
        page = path.read_text(encoding="utf-8")
        assert "default-src 'none'" in page
        assert '<html lang="zh-CN"' in page


def sheet_rows(folder, title):
    """Return the rows of a sheet of the workbook below its headings."""
    page = openpyxl.load_workbook(folder / "reserve.xlsx", data_only=True)[title]
    found = [[cell.value for cell in row] for row in page.iter_rows(min_row=3)]
    return found[: next((n for n, row in enumerate(found) if not any(v is not None for v in row)), len(found))]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("entries", "本期分录"),
        ("lots", "批次"),
        ("reductions", "减排项目库"),
        ("balance_plan", "总量平衡方案"),
    ],
)
def test_the_workbook_shows_the_figures_of_the_tables(folder, tables, name, title):
    def plain(column, cell):
        if cell is None:
            return ""
        if isinstance(cell, datetime):
            return cell.date().isoformat()
        if isinstance(cell, int | float):
            return format(Decimal(repr(cell)).normalize(), "f") if cell else "0"
        return LABELS.get(cell, cell) if column == "factor" else cell

    columns = COLUMNS[name].split()
    shown = [{c: plain(c, cell) for c, cell in zip(columns, row, strict=False)} for row in sheet_rows(folder, title)]
    assert shown == tables[name]


def test_the_page_shows_the_closing_balance_of_every_zone_and_factor(folder, tables):
    page = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", (folder / "reserve.html").read_text("utf-8"))))
    for row in tables["balances"]:
        assert row["closing"] in page


def test_the_manifest_is_canonical_and_knows_every_file(demo, folder):
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert text == json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    files = contents(folder)
    assert manifest["outputs"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "manifest.json"
    }
    assert manifest["parameters"] == {"period": "2025Q4"}


@pytest.mark.parametrize("name", ["reserve.html", "reserve.ipynb", "manifest.json"])
def test_no_file_names_the_place_where_it_was_made(demo, folder, name):
    root, _ = demo
    text = (folder / name).read_text(encoding="utf-8")
    for trace in (str(root), str(root.parent), root.parent.name, "pytest-", "/tmp"):
        assert trace not in text


# ── runs of their own, on the small park ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small(tmp_path):
    root = small_workspace(tmp_path / "w", *applied(), paper("总量核定"))
    assert quota(root, "reserve", NOW).code == 0
    return root


def test_the_command_finds_the_same_again_and_what_was_changed_removed_or_added_since(small):
    folder = small / "reports" / NOW
    assert quota(small, "verify", NOW) == (0, "2025Q2 逐字节一致\n", "")
    before = contents(folder)
    page = folder / "reserve.html"
    page.write_bytes(before["reserve.html"][:-1] + b" ")
    (folder / "tables/lots.csv").unlink()
    (folder / "annex1/X0.html").write_bytes(b"x")
    (folder / "意见.docx").write_bytes(b"x")
    changed = contents(small / "reports")
    ran = quota(small, "verify", NOW)
    assert (ran.code, ran.err) == (4, "")
    assert sorted(ran.lines[:-1]) == [
        "2025Q2/annex1/X0.html：不应存在",
        "2025Q2/reserve.html：内容不同",
        "2025Q2/tables/lots.csv：缺少",
    ]
    assert ran.lines[-1] == "2025Q2 有 3 处不一致"
    assert contents(small / "reports") == changed


def test_what_changed_in_the_data_is_found_by_verifying(small):
    (small / "data" / NOW / "说明.txt").write_text("x")
    ran = quota(small, "verify", NOW)
    assert ran.code == 4
    assert "2025Q2/tables/problems.csv：内容不同" in ran.lines


def test_a_second_run_takes_away_its_own_stale_files_and_leaves_those_of_others(small):
    folder = small / "reports" / NOW
    before = contents(folder)
    stale = ["annex1/X0.html", "annex1/X0.xlsx", "tables/old.csv"]
    foreign = ["意见.docx", "annex1/签字.pdf", "tables/notes.txt", "校核/x.csv"]
    for name in (*stale, *foreign):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")
    assert quota(small, "reserve", NOW).code == 0
    assert contents(folder) == before | dict.fromkeys(foreign, b"x")


def test_the_order_of_files_sheets_and_rows_changes_no_figure(small, tmp_path):
    other = small_workspace(tmp_path / "other", *applied(), paper("总量核定"))
    for folder in ("2025Q1", NOW):
        path = other / "data" / folder / "all.xlsx"
        book = openpyxl.load_workbook(path)
        half = openpyxl.Workbook()
        del half["Sheet"]
        for title in reversed(book.sheetnames):
            rows = [[cell.value for cell in row] for row in book[title].iter_rows()]
            page = half.create_sheet(title)
            for row in (rows[0], *reversed(rows[1:])):
                page.append(row)
        half.save(path.with_name("z.xlsx"))
        path.unlink()
    assert quota(other, "reserve", NOW).code == 0
    for name in COLUMNS:
        first, second = (table(root / "reports" / NOW, name) for root in (small, other))
        for row in (*first, *second):
            row.pop("source", None)
        assert first == second


HOSTILE = '<script>alert(1)</script>"\'&=HYPERLINK("http://x")'


def test_hostile_text_is_shown_as_text(tmp_path):
    rows = [
        paper("建设项目", 建设项目编号="X<9/", 建设项目名称=HOSTILE, 建设地点="=1+1"),
        *(one._replace(row={**one.row, "建设项目编号": "X<9/"}) for one in applied()[1:]),
        paper("总量核定", 建设项目编号="X<9/", 文号="=2+2<b>"),
        paper("指标储备", 单号="<img src=x>", 储备量="0.5"),
        paper("功能区", 功能区编码="HX", 功能区名称="<b>湖西\u202e</b>"),
    ]
    root = small_workspace(tmp_path / "w", *rows)
    (root / "data" / NOW / "all.xlsx").rename(root / "data" / NOW / "<b>&'申报'.xlsx")
    assert quota(root, "reserve", NOW).code == 0
    folder = root / "reports" / NOW
    assert {path.name for path in (folder / "annex1").iterdir()} >= {"X%3C9%2F.html", "X%3C9%2F.xlsx"}
    for path in pages(folder):
        page = path.read_text(encoding="utf-8")
        assert "<script>alert" not in page and "<img src=x" not in page and "<b>湖西" not in page
        assert "\u202e" not in page and "<b>&'申报'" not in page
    page = (folder / "reserve.html").read_text(encoding="utf-8")
    assert HOSTILE in html.unescape(page) and "<img src=x>" in html.unescape(page)
    assert {row["lot"] for row in table(folder, "lots")} >= {"<img src=x>"}
    assert any("<b>&'申报'.xlsx" in row["source"] for row in table(folder, "entries"))
    for path in (folder / "reserve.xlsx", folder / "annex1" / "X%3C9%2F.xlsx"):
        for sheet in openpyxl.load_workbook(path):
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
                assert cell.value.startswith(("=SUM(", "=SUMIF(", "=SUMIFS("))
