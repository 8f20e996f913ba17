"""Recovery candidates: not built, below 80 % after a full verified year, other; and what was decided.

X1 of plant A is permitted 0.5 t of COD and runs since 2025-05-10; the first full year is 2026.
"""

from __future__ import annotations

from typing import Any

import pytest

from quota_lib.amounts import Mass, text
from quota_lib.totals import annual, annual_findings
from quota_lib.totals.recovery import Candidate
from tests.small_park import A, Paper, folders_of, paper
from tests.small_park import applied as applied_for
from tests.totals.worlds import row, year

RUNS = paper("项目状态", 状态="正式运行")
OUTLET = {"排放口编号": "DW001", "污染因子": "COD"}


def verified(actual: str, permitted: str | None = "10", of: int = 2026, **cells: Any) -> Any:
    known = {"年度": of, "复核日期": f"{of + 1}-04-20", "核定许可排放量": permitted, "核定实际排放量": actual}
    return row("总量复核", str(of), **{"污染因子": "COD", **known, **cells})


def account(*papers: Paper, rows: tuple[Any, ...] = (), of: int = 2026) -> Any:
    given = [
        (folder, sheet, cells)
        for folder, content in folders_of(*papers).items()
        for sheet, found in content.items()
        for cells in found
    ]
    return annual(year(*given, *rows, of=of, as_of=f"{of + 1}Q2", bare=True))


def found(*papers: Paper, rows: tuple[Any, ...] = (), project: str = "X1", **more: Any) -> list[Candidate]:
    return [one for one in account(*papers, rows=rows, **more).recoveries if one.project == project]


def t(amount: Mass | None) -> str | None:
    return None if amount is None else text(amount)


@pytest.mark.parametrize(
    ("actual", "status", "at_80"),
    [("7.999999999", "candidate", "0.000000001"), ("8", "none", "0"), ("8.000000001", "none", "0")],
)
def test_less_than_the_line_is_strict(actual, status, at_80):
    (one,) = found(RUNS, rows=(verified(actual),))
    assert (one.status, t(one.surplus_at_80)) == (status, at_80)


def test_both_candidate_amounts_are_given():
    (one,) = found(RUNS, rows=(verified("0.254", "0.48"),))
    assert (one.reason, t(one.permitted), t(one.actual)) == ("富余", "0.48", "0.254")
    assert (t(one.surplus), t(one.surplus_at_80), one.status) == ("0.226", "0.13", "candidate")
    assert one.share is not None and round(1000 * one.share.numerator / one.share.denominator) == 529


def test_a_plant_at_five_sixths_is_none():
    (one,) = found(RUNS, rows=(verified("0.083", "0.099"),))
    assert one.status == "none" and t(one.surplus) == "0.016"


def test_a_year_that_began_before_formal_operation_is_not_a_full_one():
    assert found(RUNS, rows=(verified("1", of=2025),), of=2025) == []
    assert [one.status for one in found(RUNS, rows=(verified("1", of=2026),))] == ["candidate"]


def test_a_project_that_does_not_run_yet_is_not_judged():
    assert found(rows=(verified("1"),)) == []


def test_an_amount_to_the_sewer_is_not_what_is_tested():
    assert found(RUNS, rows=(verified("1", 口径="接管量"),)) == []


def test_a_verification_without_a_permitted_amount_says_nothing():
    (one,) = found(RUNS, rows=(verified("1", None),))
    assert (one.status, one.surplus, one.share) == ("none", None, None)


def test_no_more_may_be_left_than_the_project_was_permitted():
    (one,) = found(RUNS, rows=(verified("1"),))
    assert (t(one.surplus), t(one.left)) == ("9", "0.5")


def test_what_is_not_built_is_a_candidate_until_it_is_taken_back():
    gone = paper("项目状态", 状态="不再建设")
    (one,) = found(gone, of=2025)
    assert (one.reason, t(one.permitted), t(one.surplus), one.status) == ("不再建设", "0.5", "0.5", "candidate")
    taken = paper("指标回收", 回收原因="不再建设", 回收量="0.2", 回收日期="2025-06-10")
    (one,) = found(gone, taken, of=2025)
    assert (t(one.surplus), t(one.recovered), one.status) == ("0.3", "0.2", "candidate")
    (one,) = found(
        gone,
        taken,
        paper("指标回收", "2025Q3", 单号="H2", 回收原因="不再建设", 回收量="0.3", 回收日期="2025-07-10"),
        of=2025,
    )
    assert (t(one.surplus), t(one.recovered), one.status) == ("0", "0.5", "decided")


def test_what_was_taken_back_stays_listed_when_the_project_is_built_after_all():
    gone = paper("项目状态", 状态="不再建设")
    taken = paper("指标回收", 回收原因="不再建设", 回收量="0.2", 回收日期="2025-06-10")
    built = paper("项目状态", "2025Q3", 状态="在建", 状态日期="2025-07-10")
    (one,) = found(gone, taken, built, of=2025)
    assert (one.reason, t(one.recovered), one.status, t(one.surplus)) == ("不再建设", "0.2", "decided", "0")


def test_another_reason_is_listed_once_it_is_decided():
    (one,) = found(paper("指标回收"), of=2025)
    assert (one.reason, t(one.recovered), one.status, one.actual) == ("其他", "0.1", "decided", None)


def test_a_decided_surplus_is_followed_from_the_ledger():
    taken = paper("指标回收", "2027Q2", 回收原因="富余", 回收量="0.5", 回收日期="2027-05-10")
    (one,) = found(RUNS, taken, rows=(verified("1"),))
    assert (t(one.recovered), t(one.left), one.status) == ("0.5", "0", "decided")


def test_a_part_that_is_decided_leaves_the_rest_a_candidate():
    taken = paper("指标回收", "2027Q2", 回收原因="富余", 回收量="0.2", 回收日期="2027-05-10")
    (one,) = found(RUNS, taken, rows=(verified("1"),))
    assert (t(one.recovered), t(one.left), one.status) == ("0.2", "0.3", "candidate")


def test_the_plants_surplus_is_shared_by_its_projects():
    other = [
        *applied_for("X8", plant=A, COD="0.5"),
        paper("总量核定", 建设项目编号="X8"),
        paper("项目状态", 建设项目编号="X8", 状态="正式运行"),
    ]
    taken = paper("指标回收", "2027Q2", 回收原因="富余", 回收量="0.4", 回收日期="2027-05-10")
    rows = account(RUNS, *other, taken, rows=(verified("0.5", "1"),)).recoveries
    assert [(one.project, t(one.left)) for one in rows if one.unit == A] == [("X1", "0.1"), ("X8", "0.1")]


def test_the_load_at_monitoring_is_shown():
    samples = row(
        "手工监测",
        "2026",
        **OUTLET,
        采样日期="2026-05-10",
        **{"浓度(mg/m³ 或 mg/L)": "50", "流量(m³/h)": "1", "生产负荷(%)": "75"},
    )
    (one,) = found(RUNS, rows=(verified("1"), samples))
    assert one.load == 75


def sampled(of, load, number="1", **cells):
    known = {"浓度(mg/m³ 或 mg/L)": "50", "流量(m³/h)": "1", "生产负荷(%)": load, "报告编号": number}
    return row("手工监测", str(of), **{**OUTLET, "采样日期": f"{of}-05-10", **known, **cells})


def test_the_load_is_that_of_the_year_that_is_judged_and_not_of_the_reports_year():
    samples = [
        sampled(2026, "70"), sampled(2026, "80", "2"), sampled(2026, "95", "3", 类型="监督监测"), sampled(2027, "20"),
    ]  # fmt: skip
    (one,) = found(RUNS, rows=(verified("1"), *samples), of=2027)
    assert (one.year, one.load) == (2026, 85)  # own 75, supervisory 95
    (one,) = found(RUNS, rows=(verified("1"), verified("1", of=2027), *samples), of=2027)
    assert (one.year, one.load) == (2027, 20)
    (one,) = found(RUNS, rows=(verified("1"), sampled(2027, "20")), of=2027)
    assert (one.year, one.load) == (2026, None)


def test_the_verdict_may_flip_without_the_fugitive_part():
    fugitive = row(
        "核算-产排污系数", "2026", 年度=2026, 污染因子="VOCS",
        **{"活动水平(计量单位/a)": "1000", "产污系数(kg/计量单位)": "1"},
    )  # fmt: skip
    applied = [*applied_for("X8", plant=A, VOCS="0.5"), paper("总量核定", 建设项目编号="X8", 污染因子="VOCS")]
    opening = paper("期初结存", "2025Q1", 单号="QC-2", 污染因子="VOCS", 数量="10")
    runs = paper("项目状态", 建设项目编号="X8", 状态="正式运行")
    figure = verified("8.5", 污染因子="VOCS")
    made = account(*applied, opening, runs, rows=(fugitive, figure))
    (one,) = [c for c in made.recoveries if c.project == "X8"]
    assert (one.status, one.flips) == ("none", ("不含无组织",))
    (said,) = (one.message for one in annual_findings(made) if one.code == "W552")
    assert "是否低于许可的 80 %，按不含无组织与按全厂的结论不同" in said


def test_the_verdict_may_flip_for_the_main_outlets_alone():
    main = row(
        "总量申报",
        "2026",
        年度=2026,
        污染因子="COD",
        范围="主要排放口",
        许可排放量="5",
        实际排放量="4.5",
        申报日期="2027-03-20",
    )
    (one,) = found(RUNS, rows=(verified("1"), main))
    assert (one.status, one.flips) == ("candidate", ("主要排放口",))
    same = (main[0], main[1], {**main[2], "实际排放量": "3.9"})
    assert found(RUNS, rows=(verified("1"), same))[0].flips == ()


def test_a_project_whose_debit_is_reversed_is_not_listed():
    undone = paper("冲正", 原单号="W-1", 日期="2025-06-10")
    assert found(RUNS, undone, rows=(verified("1"),)) == []
