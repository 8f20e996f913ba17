"""The laboratory: what a trial changes, what it turns, and that nothing of it reaches the official figures."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quota_lib.accounting import Basis
from quota_lib.amounts import text
from quota_lib.coefficients import CoefficientError, Coefficients
from quota_lib.methods import method, shipped_only, withdraw
from quota_lib.park import fold
from quota_lib.periods import Quarter
from quota_lib.report import record
from quota_lib.report.workings import workings
from quota_lib.rules import RuleError, Rules
from quota_lib.trial import (
    balances_compared,
    computed_with,
    flips,
    problems_of_the_trial,
    reductions_compared,
    try_out,
    warnings_compared,
)
from quota_lib.what_if import parse_what_if
from tests.small_park import A, B, applied, paper
from tests.test_accounting import TEXTS, declared, folders_with, project

WHO = "title: 试一试\nauthor: 分析人员\nreason: 比较\n"
CARBON = {"generated_t": "10", "collection_percent_after": "100", "technology_after": "一次性活性炭吸附"}
FIVE = "coefficients: {removal: {coefficients: [{word: 一次性活性炭吸附, factor: VOCS, unit: '%', value: '5'}]}}\n"
VOCS = ("voc_treatment", "J7", "VOCS", CARBON)


def what_if(content):
    return parse_what_if("t", WHO + content)


def tried(content, *papers, inputs=()):
    """Return a trial on the small park with a project J7 that treats 10 t of VOCs with carbon: 3 t by the table."""
    folders = folders_with(project(), declared("VOCs治理", "VOCS", 申报减排量="3"), *papers, inputs=[VOCS, *inputs])
    official = fold(folders, Quarter(2025, 2), Rules(TEXTS), Basis(Coefficients(TEXTS)))
    return try_out(official, folders, what_if(content))


def amounts(trial):
    return {
        (one.official.reduction.project, one.official.reduction.factor): tuple(
            None if part.computed is None else text(part.computed) for part in (one.official, one.trial)
        )
        for one in reductions_compared(trial)
    }


def turned(trial, kind):
    return [(one.project, one.factor, one.official, one.trial) for one in flips(trial) if one.kind == kind]


def verdict(amount, **cells):
    return paper("入库审核", 项目编号="J7", 污染因子="VOCS", 核定减排量=amount, 审核日期="2025-05-01", **cells)


def deposit(amount, number="CB-7", day="2025-05-10"):
    return paper("指标储备", 单号=number, 项目编号="J7", 污染因子="VOCS", 储备量=amount, 储备日期=day)


def decision(project_, factor, amount, number, way="备案"):
    cells = {"污染因子": factor, "核定新增外排环境量": amount, "文号": number, "确认方式": way}
    return [
        *applied(project_, plant=B, **{factor: amount}),
        paper("总量核定", 建设项目编号=project_, 核定日期="2025-05-20", **cells),
    ]


def test_a_coefficient_of_the_trial_moves_what_is_computed_with_it():
    assert amounts(tried(FIVE)) == {("J7", "VOCS"): ("3", "0.5")}


def test_another_edition_moves_what_is_computed_with_it():
    hood = {"generated_t": "10", "way_after": "包围型集气罩", "technology_after": "一次性活性炭吸附"}
    other = paper("减排项目", 项目编号="J8", 减排工程类型="深度治理")
    papers = [other, declared("VOCs治理", "VOCS", 项目编号="J8", 申报减排量="1.5")]
    trial = tried(
        "coefficients: {collection: {edition: provincial-earlier}}",
        *papers,
        inputs=[("voc_treatment", "J8", "VOCS", hood)],
    )
    assert amounts(trial)[("J8", "VOCS")] == ("1.5", "2.4")  # an enclosing hood: 50 % → 80 %
    assert amounts(trial)[("J7", "VOCS")] == ("3", "3")  # its collection rate is stated


def test_a_trial_of_other_methods_leaves_this_one_alone():
    assert amounts(tried(FIVE + "methods: [stack_treatment]")) == {("J7", "VOCS"): ("3", "3")}
    assert amounts(tried(FIVE + "methods: [VOCs治理]")) == {("J7", "VOCS"): ("3", "0.5")}


def test_a_trial_may_give_a_project_inputs_of_its_own():
    given = "inputs: [{project: J7, factor: VOCS, method: documented, evidence: 环评, amount_t: '7'}]"
    assert amounts(tried(given)) == {("J7", "VOCS"): ("3", "7")}
    two = given.replace("]", ", {project: J7, factor: vocs, method: documented, evidence: 环评, amount_t: '1'}]")
    assert amounts(tried(two)) == {("J7", "VOCS"): ("3", "8")}


@pytest.fixture
def half():
    card = {
        "status": "local",
        "source": "试验",
        "factors": ["VOCS"],
        "formula": {"plain": "R = G/2", "latex": "R = G / 2"},
        "inputs": {
            "generated_t": {"heading": "产生量(t/a)", "unit": "t/a", "type": "t", "required": "yes", "symbol": "G"}
        },
        "steps": {"reduction": {"label": "减排量", "unit": "t/a", "symbol": "R", "formula": "generated_t / 2"}},
        "examples": [{"title": "半", "factor": "VOCS", "rows": [{"generated_t": "2"}], "expect": {"reduction": "1"}}],
    }

    @method("half", label="减半", clause="REDUCE-1(3)", card=card)
    def half(generated_t: Decimal) -> Decimal:
        return generated_t / 2

    yield
    withdraw("half")


def test_a_method_of_a_notebook_takes_a_declared_ones_place_in_the_trial_alone(half):
    trial = tried("instead: {voc_treatment: half}")
    assert amounts(trial) == {("J7", "VOCS"): ("3", "5")}
    assert trial.official.accounted[("J7", "VOCS")].computation.method == "voc_treatment"
    with shipped_only(), pytest.raises(RuleError, match="half"):
        tried("instead: {voc_treatment: half}")


def test_the_trial_names_the_method_that_was_tried(half):
    trial = tried("instead: {voc_treatment: half}")
    assert list(computed_with(trial)) == [("VOCs治理", "national-2022 1 项", ""), ("减半", "", "不用系数表 1 项")]


def test_a_filing_line_turns_the_route():
    papers = applied("X2", plant=B, COD="0.8")
    assert turned(tried("parameters: {filing.COD: '0.8'}", *papers), "途径") == []
    assert turned(tried("parameters: {filing.COD: '0.799'}", *papers), "途径") == [("X2", "", "备案", "审核")]


def test_a_ratio_turns_the_debit_and_what_does_not_fit_any_more_waits():
    papers = [verdict("3"), deposit("1.5"), *decision("X2", "VOCS", "0.8", "W-2")]
    dearer = tried("parameters: {ratios.air_met: '1.8'}", *papers)
    assert turned(dearer, "扣除量") == [("X2", "VOCS", "0.8 t", "1.44 t")]
    assert turned(dearer, "期末状态") == []
    assert turned(tried("parameters: {ratios.air_met: '1.9'}", *papers), "期末状态") == [("X2", "", "已扣除", "待供给")]


def test_a_recovery_line_turns_who_is_a_candidate():
    papers = [  # 7 of 10 t in the first full year of operation
        paper("项目状态", 建设项目编号="X1", 状态="正式运行", 状态日期="2023-06-01"),
        paper("总量复核", "2024", 统一社会信用代码=A),
    ]
    assert turned(tried("parameters: {recovery.actual_below: '0.700000001'}", *papers), "回收") == []
    found = turned(tried("parameters: {recovery.actual_below: '0.7'}", *papers), "回收")
    assert [(one[0], one[1], one[3]) for one in found] == [("X1", "COD", "不列入回收候选")]


def test_what_is_computed_as_nothing_may_not_be_reserved():
    nothing = FIVE.replace("'5'", "'0'")
    assert turned(tried(nothing), "可储备") == [("J7", "VOCS", "可储备", "没有可储备的减排量")]
    assert turned(tried(FIVE, verdict("0.5")), "可储备") == []
    assert turned(tried(FIVE, verdict("0.500000001")), "可储备") == [("J7", "VOCS", "可储备", "核定超过核算")]


def test_verdict_and_deposit_stand_unless_they_are_to_follow():
    papers = [verdict("3"), deposit("0.4"), deposit("0.3", "CB-8", "2025-05-11"), *decision("X2", "VOCS", "0.6", "W-2")]
    stands = tried(FIVE, *papers)
    assert turned(stands, "期末状态") == []
    assert problems_of_the_trial(stands) == []
    follows = tried(FIVE + "verified: follow", *papers)  # 0.4 and 0.1 t are left to be reserved
    assert turned(follows, "期末状态") == [("X2", "", "已扣除", "待供给")]
    closing = {(zone, factor): after.closing for zone, factor, _, after in balances_compared(follows) if after}
    assert text(closing[("HX", "VOCS")]) == "0.5"
    assert [one.code for _, one in warnings_compared(follows) if one.code == "W531"] == []


def test_a_deposit_that_the_trial_still_covers_is_left_alone():
    follows = tried(FIVE + "verified: follow", verdict("3"), deposit("0.5"))
    closing = {(zone, factor): after.closing for zone, factor, _, after in balances_compared(follows) if after}
    assert text(closing[("HX", "VOCS")]) == "0.5"


def test_nothing_of_a_trial_reaches_the_official_figures():
    folders = folders_with(
        project(), declared("VOCs治理", "VOCS", 申报减排量="3"), verdict("3"), deposit("1"), inputs=[VOCS]
    )
    official = fold(folders, Quarter(2025, 2), Rules(TEXTS), Basis(Coefficients(TEXTS)))

    def figures():
        makers = (record.balances, record.entries, record.lots, record.applications, record.reductions, workings)
        return [list(make(official).rows) for make in makers]

    before = figures()
    content = FIVE + "parameters: {filing.COD: '0.1', ratios.air_met: '2'}\nverified: follow"
    try_out(official, folders, what_if(content))
    assert figures() == before
    again = fold(folders, Quarter(2025, 2), Rules(TEXTS), Basis(Coefficients(TEXTS)))
    assert list(record.balances(again).rows) == before[0]  # the rows that were read are as they were


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("parameters: {filing.CODD: '1'}", "filing.COD"),
        ("parameters: {filing.COD: viel}", "filing.COD"),
        ("coefficients: {removal: {edition: nix}}", "national-2022"),
        ("coefficients: {removed: {edition: x}}", "removed"),
        ("coefficients: {removal: {coefficients: [{word: 光解, factor: VOCS, unit: '%'}]}}", "光解"),
        ("methods: [nix]\n" + FIVE, "voc_treatment"),
        ("instead: {voc_treatment: nix}", "nix"),
        ("inputs: [{project: J7, factor: VOCS, method: closure, base: '1'}]", "baseline_t"),
        ("inputs: [{project: J99, factor: VOCS, method: closure, baseline_t: '1'}]", "J99/VOCS"),
        ("inputs: [{project: J7, factor: COD, method: closure, baseline_t: '1'}]", "J7/COD"),
        (FIVE.replace("VOCS", "VOC"), "'VOC'.*VOCS"),
    ],
)
def test_what_a_trial_names_and_is_not_there_is_said_with_what_there_is(content, said):
    with pytest.raises((RuleError, CoefficientError), match=said):
        tried(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("title: a\nauthor: b\n" + FIVE, "needs a reason"),
        (WHO, "changes nothing"),
        (WHO + FIVE + "verified: maybe", "stand or follow"),
        (WHO + "parameter: {filing.COD: '1'}", "unknown entry 'parameter'"),
        (WHO + "parameters: [1]", "must be a mapping"),
        (WHO + "methods: voc_treatment\n" + FIVE, "must be a list"),
        (WHO + "inputs: [{project: J7}]", "needs project, factor, method"),
        (
            WHO + "inputs: [{project: J7, factor: VOCS, method: a}, {project: J7, factor: VOCS, method: b}]",
            "two methods",
        ),
        ("[", "cannot be read"),
        ("a", "must hold"),
    ],
)
def test_a_malformed_trial_is_refused_with_its_file(content, said):
    with pytest.raises(RuleError, match=said) as fault:
        parse_what_if("t", content)
    assert "parameters/what_if/t.yaml" in str(fault.value)
