"""The demo park keeps its promises: the same bytes each time, no mistakes, and something of everything."""

from pathlib import Path

import pytest

from .make_park import build
from .park import QUARTERS, Row
from .writer import write_park

Folders = dict[str, dict[str, list[Row]]]


@pytest.fixture(scope="module")
def folders() -> Folders:
    return build().folders()


def test_two_runs_leave_the_same_bytes_and_not_many(tmp_path: Path) -> None:
    first, second = (write_park(build(), tmp_path / name) for name in "ab")

    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert sum(path.stat().st_size for path in first if path.suffix == ".xlsx") < 2_000_000


def test_every_quarter_reduces_and_builds(folders: Folders) -> None:
    for quarter in QUARTERS:
        assert 10 <= len(folders[quarter]["减排项目"]) <= 25
        assert 10 <= len(folders[quarter]["建设项目"]) <= 25


@pytest.mark.parametrize(
    ("sheet", "heading", "words"),
    [
        ("减排项目", "减排工程类型", {"产业结构升级", "工艺改进", "深度治理", "其他"}),
        ("入库审核", "审核结论", {"通过", "不通过"}),
        ("减排量占用", "用途", {"约束性减排", "以新带老", "排污权出让", "其他"}),
        ("总量核定", "结论", {"同意", "不同意", "撤回"}),
        ("总量核定", "平衡途径", {"污水处理厂内平衡", "豁免"}),
        ("上级储备", "方向", {"申请使用", "纳入上级", "上级使用", "退出上级"}),
        ("指标回收", "回收原因", {"不再建设", "富余", "其他"}),
        ("环境质量", "考核结果", {"达标", "未达标"}),
    ],
)
def test_every_word_is_used(folders: Folders, sheet: str, heading: str, words: set[str]) -> None:
    rows = [row for sheets in folders.values() for row in sheets.get(sheet, [])]

    assert words == {row[heading] for row in rows if heading in row}


def test_every_kind_of_document_is_reversed_once(folders: Folders) -> None:
    sheet_of = {
        row.get("单号") or row.get("文号"): sheet
        for sheets in folders.values()
        for sheet, rows in sheets.items()
        for row in rows
    }
    reversed_sheets = {sheet_of[row["原单号"]] for sheets in folders.values() for row in sheets.get("冲正", [])}

    assert reversed_sheets == {
        "期初结存",
        "减排量占用",
        "指标储备",
        "上级储备",
        "功能区调剂",
        "指标回收",
        "总量核定",
    }
