"""Readings of the rules are parameters: the alternative that stands beside each one works when it is written in its place."""

from __future__ import annotations

from datetime import date

import pytest

from quota_lib.amounts import text
from quota_lib.findings import findings
from quota_lib.rules import Rules
from tests.oracle.compare import rules
from tests.small_park import A, applied, paper, parked


def changed(key: str, value: str) -> Rules:
    """Return the shipped parameters with one value changed from its first day on."""
    found = rules()
    one = found.parameters[key]
    found.parameters[key] = one._replace(history=(one.history[0]._replace(value=value),))
    return found


def split(given=None):
    """Return two applications of 0.6 t of one plant in one year, the second undecided."""
    first = [
        *applied("X2", plant=A, NOX="0.6"),
        paper("总量核定", 建设项目编号="X2", 污染因子="NOX", 文号="W-2", 核定新增外排环境量="0.6"),
    ]
    second = [
        one._replace(row={**one.row, "申请日期": "2025-05-20"}) if one.sheet == "建设项目" else one
        for one in applied("X3", plant=A, NOX="0.6")
    ]
    decided = paper(
        "总量核定",
        建设项目编号="X3",
        污染因子="NOX",
        文号="W-3",
        核定新增外排环境量="0.6",
        确认方式="审核",
        核定日期="2025-06-01",
    )
    return parked(*first, *second, decided, given=given).ledger.ruling("X3").judgement


def test_a_split_application_adds_up_by_default_and_stands_alone_under_the_alternative():
    assert split().route == "审核"
    assert split(changed("readings.increments", "each_application")).route == "备案"


@pytest.mark.parametrize(("reading", "back"), [("as_debited", "0.11"), ("one", "0.1")])
def test_a_recovery_goes_back_as_it_was_debited_or_one_to_one(reading, back):
    worse = paper("环境质量", 要素="水", 污染因子="TN", 考核结果="达标", 发布日期="2025-04-11")
    opened = paper("上级储备", 单号="SQ-1", 方向="申请使用", 污染因子="TN", 数量="3", 批次=None, 日期="2025-04-15")
    decided = paper("总量核定", 建设项目编号="X2", 污染因子="TN", 文号="W-2", 核定新增外排环境量="0.5", 确认方式="审核")
    taken = paper("指标回收", 单号="HS-2", 建设项目编号="X2", 污染因子="TN", 回收量="0.1", 回收日期="2025-06-01")
    park = parked(
        *applied("X2", plant=A, TN="0.5"),
        worse,
        opened,
        decided,
        taken,
        given=changed("readings.recovery_ratio", reading),
    )
    assert [text(one.amount) for one in park.ledger.entries if one.document == "HS-2"] == [back]


@pytest.mark.parametrize(
    ("published", "says"),
    [("2025-05-11", "规则未生效"), ("2025-05-10", None), ("2024-05-11", None), ("2024-05-10", "试行期已满")],
)
def test_once_the_rules_are_published_a_decision_outside_their_validity_says_so(published, says):
    papers = [*applied("X2", plant=A), paper("总量核定", 建设项目编号="X2", 文号="W-2", 核定日期="2025-05-10")]
    found = findings(parked(*papers, given=changed("scope.published", published)))
    told = [one.message for one in found if one.code == "W517" and one.project == "X2"]
    assert told == ([f"核定日期 2025-05-10 {says}"] if says else [])


def test_while_the_publication_is_unknown_nothing_is_said():
    assert rules().value("scope.published", date(2025, 6, 30)).value is None
    assert not [one for one in findings(parked()) if one.code == "W517"]
