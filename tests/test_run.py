"""The whole run on the demo park: what it leaves, twice the same, and verifiable."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import nbformat
import openpyxl
import pytest

from quota_lib.periods import Quarter
from quota_lib.report.reserve import make_report, verify_report
from quota_lib.workspace import load_park, open_workspace

ROOT = Path(__file__).parents[1]
QUARTER = Quarter(2025, 4)
COLUMNS = {
    "balances": "zone, factor, opening, deposited, transferred_in, superior_in, recovered, debited, transferred_out, "
    "superior_out, corrected, closing, frozen, available",
    "entries": "entry_id, booked, date, kind, zone, factor, lot, amount, frozen, document, original, project, ratio, "
    "gross, clause, source",
    "lots": "lot, zone, factor, origin, project, booked, date, born, moved, used, left, frozen",
    "applications": "project, unit, zone, factor, applied, plant_year_new, threshold, margin, route, decision, decided, "
    "document, balance_way, permitted, ratio, rule, debit, recovered, status, shortfall",
    "balance_plan": "project, factor, need, ratio, lot, source_project, amount, shortfall",
    "reductions": "project, unit, zone, type, factor, declared, computed, verified, occupied, reserved, left, used, "
    "superior, method, edition",
    "warnings": "zone, unit, project, factor, level, code, clause, message",
    "problems": "file, sheet, cell, severity, code, message, fix",
}


def silent(words: str) -> None:
    """Show no progress."""


def workspace_at(place: Path):
    for name in ("data", "parameters", "notebooks"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return open_workspace(place)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = workspace_at(tmp_path_factory.mktemp("park"))
    made = make_report(workspace, QUARTER, silent)
    assert not made.has_errors
    return workspace


@pytest.fixture(scope="module")
def folder(workspace):
    return workspace.report(QUARTER)


def rows(folder, name):
    text = (folder / "tables" / f"{name}.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in text
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))


@pytest.mark.parametrize("name", COLUMNS)
def test_every_table_has_exactly_the_columns_of_the_contract(folder, name):
    head = (folder / "tables" / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert head == COLUMNS[name].replace(" ", "")


def test_amounts_are_plain_decimals_without_exponent_or_trailing_zeros(folder):
    for name in ("balances", "entries", "lots"):
        for row in rows(folder, name):
            for key, value in row.items():
                if key in ("opening", "closing", "amount", "left", "born", "debited", "frozen", "gross") and value:
                    assert value == format(Decimal(value).normalize(), "f") or value == "0"
                    assert "E" not in value


def test_two_runs_in_two_places_leave_the_same_bytes_in_every_file(workspace, tmp_path):
    other = workspace_at(tmp_path / "somewhere" / "else")
    make_report(other, QUARTER, silent)
    first, second = (
        {p.relative_to(one): p.read_bytes() for p in one.rglob("*") if p.is_file()}
        for one in (workspace.report(QUARTER), other.report(QUARTER))
    )
    assert first.keys() == second.keys()
    assert [str(name) for name in first if first[name] != second[name]] == []


def test_verification_finds_no_difference_and_finds_one_changed_byte(workspace, folder):
    assert verify_report(workspace, QUARTER, silent) == []
    path = folder / "tables" / "lots.csv"
    before = path.read_bytes()
    path.write_bytes(before + b" ")
    try:
        assert verify_report(workspace, QUARTER, silent) == ["2025Q4/tables/lots.csv：内容不同"]
    finally:
        path.write_bytes(before)


def test_a_run_takes_away_what_an_earlier_one_left_and_nothing_else(workspace, folder):
    stale, foreign = folder / "annex1" / "XM0000-000.html", folder / "意见.docx"
    for path in (stale, foreign):
        path.write_text("x", encoding="utf-8")
    make_report(workspace, QUARTER, silent)
    assert (stale.exists(), foreign.exists()) == (False, True)
    foreign.unlink()


def test_the_manifest_names_every_input_and_output_with_its_hash(workspace, folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    for name, digest in manifest["inputs"].items():
        assert hashlib.sha256((workspace.root / name).read_bytes()).hexdigest() == digest
    books = {f"data/{path.parent.name}/{path.name}" for path in workspace.data.glob("*/*.xlsx")}
    assert books <= set(manifest["inputs"])
    assert "draft" in manifest["statuses"].values()
    assert str(workspace.root) not in (folder / "manifest.json").read_text(encoding="utf-8")


def test_balances_close_and_every_quarter_opens_as_the_last_one_closed(workspace):
    closing = {}
    for quarter in (one for one in workspace.periods() if isinstance(one, Quarter)):
        park = load_park(workspace, quarter)
        assert [one for one in park.problems if one.severity == "error"] == []
        from quota_lib.reserve.balances import balances

        now = balances(park.ledger.entries, quarter)
        for key, one in now.items():
            assert one.opening + one.sources - one.uses + one.corrected == one.closing
            if closing:
                assert one.opening == closing.get(key, 0)
        closing = {key: one.closing for key, one in now.items()}


def test_annex_1_is_made_for_what_was_debited_and_as_a_draft_for_what_waits(folder):
    listed = rows(folder, "applications")
    made = {path.stem for path in (folder / "annex1").glob("*.html")}
    waiting = {row["project"] for row in listed if row["status"] == "待供给"}
    assert waiting <= made
    for path in (folder / "annex1").glob("*.html"):
        assert ("总量来源未落实" in path.read_text(encoding="utf-8")) == (path.stem in waiting)
    assert {path.stem for path in (folder / "annex1").glob("*.xlsx")} == made
    refused = {row["project"] for row in listed if row["status"] in ("待核定", "不同意", "已撤回", "不再建设")}
    assert not refused & made


def test_the_workbook_holds_the_same_figures_as_real_numbers(folder):
    book = openpyxl.load_workbook(folder / "reserve.xlsx", data_only=True)
    sheet = book["批次"]
    top = next(row for row in range(1, 6) if sheet.cell(row, 1).value == "批次" and sheet.cell(row, 2).value)
    head = [cell.value for cell in sheet[top]]
    column = next(place for place, name in enumerate(head) if str(name).startswith("结存"))
    found = [row[column].value for row in sheet.iter_rows(min_row=top + 1) if row[0].value]
    expected = [Decimal(row["left"]) for row in rows(folder, "lots")]
    assert [Decimal(str(value)).quantize(Decimal("1e-9")) for value in found[: len(expected)]] == [
        one.quantize(Decimal("1e-9")) for one in expected
    ]


def test_the_page_answers_four_questions_and_shows_every_section(folder):
    page = (folder / "reserve.html").read_text(encoding="utf-8")
    for words in (
        "是否收支平衡",
        "哪里不足",
        "需要人来决定什么",
        "与上季度相比",
        "指标来源",
        "总量平衡方案",
        "冲正",
        "补报",
        "签署",
    ):
        assert words in page
    assert "初报·有错误" not in page
    assert 'lang="zh-CN"' in page


def test_a_report_on_data_with_errors_is_made_and_marked_on_its_first_page(workspace, tmp_path):
    other = workspace_at(tmp_path / "park")
    shutil.copy(ROOT / "tests" / "demo" / "常见错误.xlsx", other.data / "2025Q4")
    made = make_report(other, QUARTER, silent)
    page = (made.folder / "reserve.html").read_text(encoding="utf-8")
    assert made.has_errors
    assert "初报·有错误" in page
    errors = [row for row in rows(made.folder, "problems") if row["severity"] == "error"]
    assert len(errors) > 40
    assert all(
        row["message"] in page.replace("&quot;", '"').replace("&#x27;", "'").replace("&lt;", "<") for row in errors[:20]
    )


def test_the_executed_notebook_holds_when_run_again_and_a_changed_output_is_noticed(workspace, folder):
    held = workspace.notebooks / "held.ipynb"
    notebook = nbformat.read(folder / "reserve.ipynb", as_version=4)
    nbformat.write(notebook, held)
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(held)]
    try:
        good = subprocess.run(command, cwd=workspace.notebooks, capture_output=True, text=True)
        assert good.returncode == 0, good.stdout[-2000:]
        cell = next(one for one in notebook.cells if one.cell_type == "code" and one.outputs)
        cell.outputs[0].data["text/plain"] = "<另一个>"
        nbformat.write(notebook, held)
        assert subprocess.run(command, cwd=workspace.notebooks, capture_output=True).returncode != 0
    finally:
        held.unlink()


def test_committed_notebooks_hold_no_output_and_one_parameters_cell():
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)
        assert sum("parameters" in cell.metadata.get("tags", []) for cell in cells) == 1
        assert all(len(cell.source.strip().splitlines()) <= 3 for cell in cells if cell.cell_type == "code")
