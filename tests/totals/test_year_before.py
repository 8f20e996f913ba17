"""A year's folder that holds hourly data alone: there for the hours before the first, nothing was left out of it."""

from __future__ import annotations

import pytest

from quota_lib.periods import Quarter
from quota_lib.workspace import load_park, load_year, open_workspace
from tests.totals.hours import HEAD
from tests.totals.worlds import A
from tests.workspaces import small_workspace, write_book

ROW = f"{A},001,DA001,2024-12-31 23:00,NOX,1,1,normal\n"


@pytest.fixture
def workspace(tmp_path):
    """Return a workspace with an annual book of 2025 and hourly data of 2024 alone."""
    root = small_workspace(tmp_path / "park")
    write_book(root / "data/2025/a.xlsx", {"总量管理名单": [["年度", "统一社会信用代码", "排定日期"]]})
    hours = root / "data/2024/monitoring/a.csv"
    hours.parent.mkdir(parents=True)
    hours.write_text(HEAD + ROW, encoding="utf-8")
    return open_workspace(root)


def errors(problems):
    return [(one.file, one.code) for one in problems if one.severity == "error"]


def test_a_year_before_with_hourly_data_alone_is_no_error(workspace):
    assert errors(load_year(workspace, 2025, Quarter(2026, 2)).problems) == []
    assert errors(load_park(workspace, Quarter(2025, 2)).problems) == []


def test_a_year_without_anything_or_with_another_file_alone_is_one(workspace):
    (workspace.data / "2023").mkdir()
    assert errors(load_year(workspace, 2025, Quarter(2026, 2)).problems) == [("2023", "Q106")]
    (workspace.data / "2024/note.txt").write_text("x", encoding="utf-8")
    assert errors(load_year(workspace, 2025, Quarter(2026, 2)).problems) == [("2023", "Q106"), ("2024", "Q106")]


def test_a_lock_file_beside_the_hourly_data_changes_nothing(workspace):
    (workspace.data / "2024/~$a.xlsx").write_bytes(b"")
    assert errors(load_year(workspace, 2025, Quarter(2026, 2)).problems) == []


def test_the_year_reported_itself_needs_a_workbook(workspace):
    assert ("2024", "Q106") in errors(load_year(workspace, 2024, Quarter(2025, 2)).problems)
