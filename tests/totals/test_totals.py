"""The rows of the totals and of the consistency table: which figure is which."""

from __future__ import annotations

from typing import Any

import pytest

from quota_lib.amounts import Mass, mass, text
from quota_lib.totals import Annual, annual
from quota_lib.totals.totals import Total
from quota_lib.totals.year import MAIN_OUTLETS, TO_ENVIRONMENT, TO_SEWER, WHOLE_PLANT
from tests.totals.worlds import CODE, A, B, row, year

HOURS, SAMPLE = row("排放口年度"), row("手工监测")  # 0.4 t of NOX


def account(*rows: Any, **given: Any) -> Annual:
    return annual(year(*rows), **given)


def of(found: Annual, factor: str = "NOX", basis: str = TO_ENVIRONMENT, scope: str = WHOLE_PLANT) -> Total:
    return next(one for one in found.totals if one.figure == (A, factor, basis, scope))


def t(amount: Mass | None) -> str | None:
    return None if amount is None else text(amount)


def test_declared_computed_verified_and_permitted_stand_beside_each_other():
    found = of(account(row("总量申报"), SAMPLE, HOURS, row("总量复核", 核定实际排放量="4"), row("许可总量")))
    assert (t(found.declared_permitted), t(found.declared_actual), t(found.declared_allowable)) == ("10", "5", "9")
    assert (t(found.self_monitoring), t(found.computed_actual), found.route) == ("0.4", "0.4", "self_monitoring")
    assert (t(found.verified_permitted), t(found.verified_actual), t(found.permitted)) == ("10", "4", "10")
    assert (t(found.online), t(found.supervisory), t(found.execution_report)) == (None, None, None)


@pytest.mark.parametrize(
    ("rows", "actual"),
    [
        ([], ("5", "申报")),
        ([SAMPLE, HOURS], ("0.4", "核算")),
        ([SAMPLE, HOURS, row("总量复核", 核定实际排放量="4")], ("4", "核定")),
    ],
)
def test_the_actual_amount_is_the_verified_one_else_the_computed_else_the_declared_one(rows, actual):
    found = of(account(row("总量申报"), *rows))
    assert (t(found.actual), found.actual_from) == actual


def test_permitted_is_that_of_the_thirty_first_of_december():
    rows = [row("许可总量"), row("许可总量", 生效日期="2025-12-31", 全厂许可外排环境量="8")]
    assert t(of(account(*rows)).permitted) == "8"
    assert t(of(account(rows[0], row("许可总量", 生效日期="2026-01-01", 全厂许可外排环境量="8"))).permitted) == "10"


def test_what_is_permitted_to_the_sewer_is_another_figure():
    found = account(row("许可总量", 污染因子="COD", 全厂许可接管量="30"))
    assert t(of(found, "COD").permitted) == "10" and t(of(found, "COD", TO_SEWER).permitted) == "30"
    later = row("许可总量", 污染因子="COD", 全厂许可接管量="20", 生效日期="2026-01-01")
    assert (
        t(of(account(row("许可总量", 污染因子="COD", 全厂许可接管量="30"), later), "COD", TO_SEWER).permitted) == "30"
    )


def test_a_permit_is_plant_wide_and_says_nothing_of_the_main_outlets():
    found = account(row("许可总量"), SAMPLE, HOURS)
    assert of(found, scope=MAIN_OUTLETS).permitted is None


def test_what_held_for_the_year_is_what_the_bureau_set_the_year_before():
    before = row("总量复核", "2024", **{"年度": 2024, "复核日期": "2025-04-20", "下年度核定允许排放量": "8"})
    register = [
        row("功能区", "2024Q4", 功能区编码="HX", 功能区名称="HX"),
        row("排污单位", "2024Q4", **{CODE: A, "单位名称": "甲厂", "功能区编码": "HX", "受纳污水处理厂": "清源"}),
    ]
    found = of(account(*register, before, row("总量申报")))
    assert (t(found.allowable), t(found.declared_allowable)) == ("8", "9")
    other = {(A, "NOX"): mass("7")}
    assert t(of(account(*register, before, row("总量申报"), held=other)).allowable) == "8"
    assert t(of(account(row("总量申报"), held=other)).allowable) == "7"


def test_the_next_allowable_is_the_bureaus_else_the_proposed_one():
    proposed = {(A, "NOX"): mass("7")}
    own = row("总量复核", 下年度核定允许排放量="6")
    assert t(of(account(row("总量申报"), proposed=proposed)).next_allowable) == "7"
    found = of(account(row("总量申报"), own, proposed=proposed))
    assert (t(found.proposed_allowable), t(found.verified_allowable), t(found.next_allowable)) == ("7", "6", "6")
    assert of(account(row("总量申报"))).next_allowable is None


def test_a_proposal_is_plant_wide_and_to_the_environment():
    found = account(row("总量申报", 范围="主要排放口"), proposed={(A, "NOX"): mass("7")})
    assert of(found, scope=MAIN_OUTLETS).next_allowable is None and t(of(found).next_allowable) == "7"


def test_the_grade_stands_on_every_row_of_the_plant():
    assert of(account(row("总量申报"), row("年度绩效"))).grade == "B"


@pytest.mark.parametrize(
    ("declared", "agrees"), [("0.3799", False), ("0.38", True), ("0.42", True), ("0.420000001", False)]
)
def test_declared_agrees_with_computed_up_to_the_tolerance(declared, agrees):
    assert of(account(row("总量申报", 实际排放量=declared), SAMPLE, HOURS)).agrees is agrees


def test_without_one_of_the_two_there_is_nothing_to_agree():
    assert of(account(row("总量申报"))).agrees is None


def test_rows_stand_in_the_order_of_their_first_columns():
    rows = account(
        row("总量申报", 污染因子="COD", 口径="接管量"),
        row("总量申报", 污染因子="COD"),
        row("总量申报", **{CODE: B}),
        row("总量申报"),
    ).totals
    assert [(one.unit, one.factor, one.basis) for one in rows] == [
        (A, "NOX", "外排环境量"),
        (A, "COD", "外排环境量"),
        (A, "COD", "接管量"),
        (B, "NOX", "外排环境量"),
    ]


# consistency

VERIFIED = row("总量复核", 核定实际排放量="10")


@pytest.mark.parametrize(
    ("published", "verdict"),
    [("9.899999999", "不一致"), ("9.9", "一致"), ("10.1", "一致"), ("10.100000001", "不一致")],
)
def test_published_and_verified_figures_agree_up_to_the_tolerance(published, verdict):
    (found,) = account(VERIFIED, row("统计与披露", 排放量=published)).consistency
    assert found.verdict == verdict and found.difference == mass(published) - mass("10")


def test_what_is_not_verified_is_said():
    (found,) = account(row("统计与披露")).consistency
    assert (found.verdict, found.verified, found.difference) == ("尚未复核", None, None)


def test_measures_and_scopes_are_never_compared_with_each_other():
    rows = account(VERIFIED, row("统计与披露", 范围="主要排放口"), row("统计与披露", 口径="接管量")).consistency
    assert [(one.basis, one.scope, one.verdict) for one in rows] == [
        ("外排环境量", "主要排放口", "范围不同，不比较"),
        ("接管量", "全厂", "尚未复核"),
    ]
