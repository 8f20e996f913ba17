"""What a plant is permitted: figures, movements, and the day from which each counts."""

from __future__ import annotations

from datetime import date
from typing import Any

from quota_lib.amounts import text
from quota_lib.totals.register import Register, register
from tests.small_park import A, B, Paper, paper, parked
from tests.small_park import applied as applied_for
from tests.totals import worlds

DECIDED = date(2025, 5, 10)


def permits(since: str = "2025-04-01", amount: str = "10", unit: str = B, factor: str = "COD") -> Any:
    year = worlds.year(
        worlds.row("许可总量", 生效日期=since, 全厂许可外排环境量=amount, 污染因子=factor, **{worlds.CODE: unit})
    )
    return year.permits


def of(*papers: Paper, upto: str = "2025Q2", **permit: str) -> Register:
    return register(permits(**permit), parked(*papers, upto=upto).ledger)


def on(found: Register, month: int, day: int, unit: str = B, year: int = 2025) -> str | None:
    amount = found.permitted(unit, "COD", date(year, month, day))
    return None if amount is None else text(amount)


AGREED = [*applied_for(), paper("总量核定")]


def test_without_a_permit_nothing_says_what_is_permitted_even_after_a_decision():
    found = register({}, parked(*AGREED).ledger)
    assert on(found, 12, 31) is None
    assert [step.amount for step in found.history(B, "COD", date(2025, 12, 31))] == [500_000_000]


def test_a_permit_holds_from_its_day_on():
    found = of()
    assert [on(found, 3, 31), on(found, 4, 1), on(found, 12, 31)] == [None, "10", "10"]


def test_a_decision_adds_what_it_permits_from_the_day_on_which_it_is_posted():
    found = of(*AGREED)
    assert [on(found, 5, 9), on(found, 5, 10)] == ["10", "10.5"]


def test_a_decision_before_or_on_the_day_of_a_permit_is_contained_in_its_figure():
    assert [on(of(*AGREED, since=since), 12, 31) for since in ("2025-05-09", "2025-05-10", "2025-05-11")] == [
        "10.5",
        "10",
        "10",
    ]


def test_a_later_permit_starts_anew():
    found = register(
        {(B, "COD"): (*permits()[(B, "COD")], *permits("2025-06-01", "7")[(B, "COD")])}, parked(*AGREED).ledger
    )
    assert [on(found, 5, 31), on(found, 6, 1)] == ["10.5", "7"]


def test_a_decision_that_waits_permits_nothing_until_it_is_supplied():
    big = [
        *applied_for(COD="40"),
        paper("总量核定", 核定新增外排环境量="40", 确认方式="审核", 审核意见="可"),
    ]
    assert on(of(*big), 12, 31) == "10"
    supply = paper("上级储备", "2025Q3", 日期="2025-08-01", 方向="申请使用", 数量="60", 批次=None)
    assert [on(of(*big, supply, upto="2025Q3"), 7, 31), on(of(*big, supply, upto="2025Q3"), 8, 1)] == ["10", "50"]


def test_a_recovery_takes_back_and_its_correction_gives_it_again():
    recovery = paper("指标回收")  # 0.1 of X1, plant A, 2025-05-10
    undone = paper("冲正", "2025Q3", 原单号="HS", 日期="2025-07-10")
    found = of(recovery, undone, upto="2025Q3", unit=A)
    assert [on(found, month, day, A) for month, day in ((5, 9), (5, 10), (7, 9), (7, 10))] == ["10", "9.9", "9.9", "10"]


def test_a_reversed_decision_permits_until_its_correction():
    undone = paper("冲正", "2025Q3", 原单号="W9", 日期="2025-07-10")
    found = of(*AGREED, undone, upto="2025Q3")
    assert [on(found, month, day) for month, day in ((5, 10), (7, 9), (7, 10))] == ["10.5", "10.5", "10"]
    assert [step.kind for step in found.history(B, "COD", date(2025, 12, 31))] == ["许可总量", "总量核定", "冲正"]


def test_what_another_way_balances_is_permitted_too():
    other = paper("总量核定", 平衡途径="污水处理厂内平衡", 审核意见="污水处理厂内平衡")
    assert on(of(*applied_for(), other), 12, 31) == "10.5"


def test_what_is_refused_permits_nothing():
    assert on(of(*applied_for(), paper("总量核定", 结论="不同意", 核定新增外排环境量=None)), 12, 31) == "10"


def test_what_is_booked_late_counts_from_the_quarter_in_which_it_is_booked():
    late = [*applied_for("X8", COD="0.5"), paper("总量核定", "2025Q3", 建设项目编号="X8", 核定日期="2025-05-10")]
    found = of(*late, upto="2025Q3")
    assert [on(found, 6, 30), on(found, 7, 1)] == ["10", "10.5"]
