"""Projects that wait for supply: who is tried, when, in which order, at which ratio (contract §3, Debit)."""

from __future__ import annotations

from quota_lib.amounts import text
from quota_lib.reserve.ruling import Status
from tests.small_park import LATER, NOW, A, B, applied, paper, parked, told


def waiting(project, number, day, amount="0.9", folder=NOW, plant=B, factor="NOX"):
    decided = {"文号": number, "核定日期": day, "污染因子": factor, "核定新增外排环境量": amount, "确认方式": "审核"}
    return [
        *applied(project, folder, plant, **{factor: amount}),
        paper("总量核定", folder, 建设项目编号=project, **decided),
    ]


def supply(amount, day, number="SQ-1", folder=NOW):
    cells = {"方向": "申请使用", "污染因子": "NOX", "数量": amount, "批次": None, "日期": day}
    return paper("上级储备", folder, 单号=number, **cells)


def status(park, project):
    return park.ledger.ruling(project).status


def test_the_oldest_decision_goes_first_also_when_it_was_booked_later():
    late = [
        one._replace(row={**one.row, "申请日期": "2025-04-12"}) if one.sheet == "建设项目" else one
        for one in waiting("X3", "W-3", "2025-05-01", folder=LATER)
    ]
    park = parked(*waiting("X2", "W-2", "2025-05-10"), *late, supply("1", "2025-07-10", folder=LATER), upto=LATER)
    assert status(park, "X3") is Status.DEBITED
    assert status(park, "X2") is Status.WAITING


def test_of_one_day_the_smaller_number_goes_first():
    papers = [*waiting("X2", "W-3", "2025-05-10"), *waiting("X3", "W-2", "2025-05-10")]
    park = parked(*papers, supply("1", "2025-06-10"))
    assert (status(park, "X3"), status(park, "X2")) == (Status.DEBITED, Status.WAITING)


def test_one_that_does_not_fit_holds_up_nobody():
    papers = [*waiting("X2", "W-2", "2025-05-10", "5"), *waiting("X3", "W-3", "2025-05-20", "0.5")]
    park = parked(*papers, supply("1", "2025-06-10"))
    assert (status(park, "X2"), status(park, "X3")) == (Status.WAITING, Status.DEBITED)


def test_a_project_is_debited_whole_or_not_at_all():
    both = [*applied("X2", NOX="0.5", COD="0.5")]
    decided = [
        paper("总量核定", 建设项目编号="X2", 污染因子=f, 文号="W-2", 核定新增外排环境量="0.5") for f in ("NOX", "COD")
    ]
    park = parked(*both, *decided)
    assert status(park, "X2") is Status.WAITING
    assert [one for one in park.ledger.entries if one.document == "W-2"] == []


def test_a_debit_supplied_later_is_booked_then_at_the_ratio_of_its_decision():
    worse = paper("环境质量", 要素="大气", 考核结果="未达标", 发布日期="2025-06-01")
    park = parked(*waiting("X2", "W-2", "2025-05-10"), worse, supply("1", "2025-07-10", folder=LATER), upto=LATER)
    (debit,) = [one for one in park.ledger.entries if one.document == "W-2"]
    assert (str(debit.booked), str(debit.date), str(debit.ratio), text(debit.amount)) == (
        LATER,
        "2025-07-10",
        "1",
        "-0.9",
    )


def test_a_project_that_will_not_be_built_leaves_the_queue_for_good():
    gone = paper("项目状态", 建设项目编号="X2", 状态="不再建设", 状态日期="2025-06-01")
    back = paper("项目状态", 建设项目编号="X2", 状态="在建", 状态日期="2025-06-05")
    park = parked(*waiting("X2", "W-2", "2025-05-10"), gone, back, supply("1", "2025-06-10"))
    assert status(park, "X2") is Status.LEFT


def test_a_named_lot_is_the_only_one_a_debit_may_take_from():
    other = supply("5", "2025-04-20", "SQ-9")
    named = paper(
        "总量核定",
        建设项目编号="X2",
        污染因子="NOX",
        文号="W-2",
        核定新增外排环境量="0.9",
        指定批次="SQ-1",
        确认方式="审核",
    )
    small = supply("0.5", "2025-04-20")
    park = parked(*applied("X2", plant=A, NOX="0.9"), named, other, small)
    assert status(park, "X2") is Status.WAITING
    assert not [line for line in told(park) if "错误" in line]
