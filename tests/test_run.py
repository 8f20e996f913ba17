"""The whole run on the demo park: what it leaves, twice the same, and verifiable."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from pathlib import Path

import pytest

from quota_lib.periods import Quarter
from quota_lib.report.reserve import make_report, verify_report
from quota_lib.workspace import open_workspace

ROOT = Path(__file__).parents[1]
QUARTER = Quarter(2025, 4)


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


def test_the_manifest_names_every_input_and_output_with_its_hash(workspace, folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    for name, digest in manifest["inputs"].items():
        assert hashlib.sha256((workspace.root / name).read_bytes()).hexdigest() == digest
    read = [path for path in workspace.data.glob("*/*.xlsx") if path.parent.name != "2025"]  # counts from 2026Q1 on
    books = {f"data/{path.parent.name}/{path.name}" for path in read}
    named = {name for name in manifest["inputs"] if name.startswith("data/")}
    assert books == named
    assert "draft" in manifest["statuses"].values()
    assert str(workspace.root) not in (folder / "manifest.json").read_text(encoding="utf-8")


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
