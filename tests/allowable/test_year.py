"""From the sheets of a year to next year's allowable: who is there, what is held, what a person is told, what held before."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quota_lib.accounting import Basis
from quota_lib.amounts import mass, text
from quota_lib.annual import allowable_input, allowed_before, close_year, not_running
from quota_lib.park import fold
from quota_lib.periods import Quarter
from quota_lib.report.annual_tables import answers
from quota_lib.tracing import YearTrace
from tests import small_park
from tests.totals.worlds import CODE, COEFFICIENTS, RULES, A, B, folders_of, row

from .worlds import ruled

CAP = {"年度": 2026, "发布日期": "2026-03-01"}
PERMIT, VERIFIED, LISTED = row("许可总量"), row("总量复核"), row("总量管理名单")


def closed(*rows, of=2025, as_of=None, rules=RULES, bare=False):
    folders = folders_of(*rows, bare=bare)
    park = fold(folders, as_of or Quarter(of + 1, 2), rules, Basis(COEFFICIENTS))
    return close_year(park, folders, of)


def said(made, code):
    return [(one.zone, one.unit, one.factor, one.message) for one in made.findings if one.code == code]


def cell(made, code):
    found = next(one for one in made.findings if one.code == code).as_problem(2025)
    return f"{found.sheet}!{found.cell}"


def next_of(made, unit=A, factor="NOX"):
    return next(one for one in made.allowables.plants if (one.unit, one.factor) == (unit, factor))


# ── a plant that nobody permits anything ───────────────────────────────────────────────────────────────────────

BARE = {"核定许可排放量": None}


def test_a_verified_actual_without_any_permitted_figure_takes_its_room_and_is_told():
    made = closed(row("总量复核", **BARE, 核定实际排放量="4"), row("排放限量", **CAP, 限量="10"))
    one = next(one for one in made.allowables.balances if one.zone == "HX")
    assert (text(one.unpermitted), text(one.available)) == ("4", "6")
    assert (next_of(made).permitted, next_of(made).next) == (None, None)
    how = "不拟定下年允许排放量：按核定实际 4 t 从下年限量中扣除"
    assert said(made, "W554") == [("HX", A, "NOX", f"氮氧化物没有任何许可排放量（台账、核定、申报都没有），{how}")]
    assert cell(made, "W554") == "总量复核!D2"
    assert said(made, "W550") == []  # once is enough


def test_the_bureaus_figure_without_any_permitted_one_counts_and_is_told():
    figure = {"核定实际排放量": "0", "下年度核定允许排放量": "3"}
    made = closed(row("总量复核", **BARE, **figure), row("排放限量", **CAP, 限量="2"))
    one = next(one for one in made.allowables.balances if one.zone == "HX")
    assert (text(one.total), text(one.short)) == ("3", "1")
    assert said(made, "W554")[0][3].endswith("：按局核定数 3 t 计入下年限量")
    assert cell(made, "W554").startswith("总量复核!")


def test_what_is_computed_alone_is_not_taken_off_and_that_is_told():
    made = closed(row("手工监测"), row("排放口年度"), row("排放限量", **CAP, 限量="10"))
    assert next_of(made).taken == 0
    assert said(made, "W554")[0][3].endswith("：下年限量没有为它扣除")


@pytest.mark.parametrize("permit", [PERMIT, row("总量申报"), row("总量复核")], ids=["register", "declared", "verified"])
def test_whoever_says_what_is_permitted_is_enough(permit):
    made = closed(row("总量复核", **BARE, 复核日期="2026-04-19"), permit)
    assert said(made, "W554") == [] and next_of(made).permitted == mass("10")


def test_a_plant_of_which_there_is_nothing_is_not_there():
    made = closed(row("总量复核", **BARE, 核定实际排放量="0"))
    assert made.allowables.plants == () and said(made, "W554") == []


@pytest.mark.parametrize(("actual", "there"), [("0", False), ("0.000000001", True)])
def test_the_first_milligram_is_told(actual, there):
    assert bool(said(closed(row("总量复核", **BARE, 核定实际排放量=actual)), "W554")) == there


# ── a cap that cannot be met, a figure above what is permitted ─────────────────────────────────────────────────


@pytest.mark.parametrize("zone", ["HX", None])
@pytest.mark.parametrize(
    ("figure", "told"),
    [("2.999999999", []), ("3", []), ("3.000000001", ["差 0.000000001 t：预留、已批未投运、名单外和无许可共 2 t，局核定合计 3.000000001 t"])],
)  # fmt: skip
def test_a_cap_that_cannot_be_met_is_told_at_its_row_for_a_zone_and_for_the_park(figure, told, zone):
    cap = row("排放限量", **CAP, 功能区编码=zone, 限量="5", 预留量="2")
    made = closed(PERMIT, row("总量复核", 下年度核定允许排放量=figure), cap)
    name = "HX" if zone else "全园区"
    expected = [(zone or "", "", "NOX", f"{name}氮氧化物 2026 年度限量 5 t 不能满足，{one}") for one in told]
    assert said(made, "W555") == expected
    if told:
        assert cell(made, "W555") == "排放限量!C2"


@pytest.mark.parametrize(("figure", "found"), [("9.999999999", False), ("10", False), ("10.000000001", True)])
def test_a_bureaus_figure_above_what_is_permitted_is_told_at_its_cell(figure, found):
    made = closed(PERMIT, row("总量复核", 下年度核定允许排放量=figure))
    message = "氮氧化物局核定下年允许 10.000000001 t，高于许可 10 t"
    assert said(made, "W556") == ([("HX", A, "NOX", message)] if found else [])
    if found:
        assert cell(made, "W556") == "总量复核!H2"


def test_the_first_page_calls_nothing_normal_that_a_person_should_look_at():
    figure = {"下年度核定允许排放量": "11"}
    one = answers(closed(LISTED, row("总量申报"), PERMIT, row("总量复核", **figure)))[0]
    assert one.verdict == "look" and any("高于许可" in line for line in one.lines)
    other = answers(closed(row("总量复核", **BARE, 核定实际排放量="4")))[0]
    assert other.verdict == "look" and any("没有任何许可" in line for line in other.lines)


def test_the_first_page_answers_for_the_park_where_it_has_a_cap():
    cap = row("排放限量", **CAP, 功能区编码=None, 限量="5")
    found = answers(closed(PERMIT, row("总量复核", 下年度核定允许排放量="6"), cap))
    assert [(one.question, one.verdict) for one in found] == [("HX", "good"), ("全园区", "bad")]
    assert any("差 1 t" in line for line in found[1].lines)
    assert len(answers(closed(PERMIT, VERIFIED))) == 1


# ── what was agreed and does not run ───────────────────────────────────────────────────────────────────────────

PERMIT_COD = row("许可总量", 污染因子="COD", 全厂许可外排环境量="7")


def closed_with(papers, *more):
    """Return the year with these papers of the small park, a plant permitted COD, and more rows of a year."""
    pages = small_park.folders_of(*papers)
    rows = [(folder, sheet, one) for folder, sheets in pages.items() for sheet, ones in sheets.items() for one in ones]
    return closed(*rows, PERMIT_COD, *more, bare=True)


def idle(*papers):
    return dict(not_running(closed_with(papers).account))


@pytest.mark.parametrize(
    ("state", "held", "ended"),
    [
        ("未开工", True, False),
        ("在建", True, False),
        ("调试", True, False),
        ("正式运行", False, False),
        ("关停", True, True),
        ("不再建设", True, True),
    ],
)
def test_what_a_project_was_given_is_held_until_it_runs_or_is_recovered(state, held, ended):
    found = idle(small_park.paper("项目状态", 状态=state))
    assert ("X1" in found) == held
    if held:
        assert (text(found["X1"].amount), found["X1"].in_permitted, found["X1"].ended) == ("0.5", True, ended)


@pytest.mark.parametrize(
    ("quarter", "day", "taken", "permitted", "left", "gone"),
    [
        ("2025Q4", "2025-12-31", "0.2", "7.3", "0.3", "0"),
        ("2026Q1", "2026-01-01", "0.2", "7.5", "0.3", "0.2"),
        ("2026Q1", "2026-01-01", "0.5", "7.5", None, "0.5"),
        ("2026Q1", None, "0", "7.5", "0.5", "0"),
    ],
)
def test_what_went_back_after_the_year_is_not_shared_out_again(quarter, day, taken, permitted, left, gone):
    """Whether it still waits, went back before the year's end or after it: 7 t are left to the plant."""
    papers = [small_park.paper("项目状态", 状态="不再建设")]
    if day:
        papers.append(small_park.paper("指标回收", quarter, 回收原因="不再建设", 回收量=taken, 回收日期=day))
    made = closed_with(papers)
    given = allowable_input(made.account)
    held = [one for one in given.held if one.project == "X1"]
    (plant,) = [one for one in given.plants if (one.unit, one.factor) == (A, "COD")]
    assert (text(plant.permitted), [text(one.amount) for one in held]) == (permitted, [left] if left else [])
    assert text(plant.gone) == gone
    assert plant.permitted - sum(one.amount for one in held) - plant.gone == mass("7")
    assert text(next_of(made, factor="COD").proposed) == "7"


def test_of_an_unlisted_plant_the_figure_says_what_went_back():
    back = {"回收原因": "不再建设", "回收量": "0.2", "回收日期": "2026-01-01"}
    papers = [small_park.paper("项目状态", 状态="不再建设"), small_park.paper("指标回收", "2026Q1", **back)]
    made = closed_with(papers, row("总量管理名单", **{CODE: B}))
    found = YearTrace(made).fact(f"taken:{A}:COD")
    assert (found.value, found.formula) == ("7", "max(许可 7.5 − 0.3 − 0.2, 0)")
    assert "年末以后收回或冲正 0.2 t" in found.note


@pytest.mark.parametrize(("quarter", "day", "held"), [("2025Q4", "2025-12-31", False), ("2026Q1", "2026-01-01", True)])
def test_what_was_given_after_the_year_is_held_although_it_runs(quarter, day, held):
    """It is in no permitted figure of 31 December, and will be discharged next year."""
    given = {"建设项目编号": "X5", "文号": "W-5", "核定新增外排环境量": "0.4", "核定日期": day}
    found = idle(
        *small_park.applied("X5", plant=A, COD="0.4"),
        small_park.paper("总量核定", quarter, **given),
        small_park.paper("项目状态", "2026Q2", 建设项目编号="X5", 状态="正式运行", 状态日期="2026-04-05"),
    )
    assert [(text(one.amount), one.in_permitted) for key, one in found.items() if key == "X5"] == [
        ("0.4", False)
    ] * held


@pytest.mark.parametrize(("taken", "left"), [("0.499999999", ["0.000000001"]), ("0.5", [])])
def test_what_is_recovered_is_held_no_more(taken, left):
    back = {"回收原因": "不再建设", "回收量": taken}
    found = idle(small_park.paper("项目状态", 状态="不再建设"), small_park.paper("指标回收", **back))
    assert [text(one.amount) for project, one in found.items() if project == "X1"] == left


def test_a_project_that_waits_is_not_in_what_is_permitted_though_its_document_gave_another_one_its_amount():
    two = [
        *small_park.applied("X5", plant=A, COD="0.4"),
        small_park.paper("总量核定", 建设项目编号="X5", 文号="W-5", 核定新增外排环境量="0.4"),
        *small_park.applied("X6", plant=A, COD="90"),
        small_park.paper("总量核定", 建设项目编号="X6", 文号="W-5", 核定新增外排环境量="90", 确认方式="审核"),
    ]
    found = idle(*two)
    assert {project: one.in_permitted for project, one in found.items() if project in ("X5", "X6")} == {
        "X5": True,
        "X6": False,
    }


@pytest.mark.parametrize(("state", "held"), [("在建", True), ("不再建设", False)])
def test_a_project_that_gave_up_while_it_waited_holds_nothing(state, held):
    waits = [
        *small_park.applied("X6", plant=A, COD="90"),
        small_park.paper("总量核定", 建设项目编号="X6", 文号="W-6", 核定新增外排环境量="90", 确认方式="审核"),
        small_park.paper("项目状态", 建设项目编号="X6", 状态=state, 状态日期="2025-06-10"),
    ]
    assert ("X6" in idle(*waits)) == held


# ── what held for the year ─────────────────────────────────────────────────────────────────────────────────────


def test_only_assessments_up_to_the_year_set_the_next_allowable_however_late_the_ledger_is_read():
    later = row("环境质量", "2027Q1", 年度=2026, 要素="大气", 考核结果="未达标", 发布日期="2027-02-10")
    own = row("环境质量", "2026Q1", 年度=2025, 要素="大气", 考核结果="达标", 发布日期="2026-02-10")
    made = closed(PERMIT, VERIFIED, own, later, as_of=Quarter(2027, 2))
    assert [one.result for one in allowable_input(made.account).assessments if one.factor == "NOX"] == ["达标"]


def before(*more, permitted="10"):
    last = {"年度": 2024, "申报日期": "2025-04-10"}
    verified = row("总量复核", "2024", 年度=2024, 核定实际排放量="6", 复核日期="2025-04-20")
    return [row("总量申报", "2024", **last), verified, row("许可总量", 全厂许可外排环境量=permitted), *more]


MET = row("环境质量", "2025Q1", 年度=2024, 要素="大气", 考核结果="达标", 发布日期="2025-02-10")


def this(made, unit=A, factor="NOX"):
    figure = (unit, factor, "外排环境量", "全厂")
    one = next(one for one in made.account.totals if one.figure == figure)
    return None if one.allowable is None else text(one.allowable), one.allowable_from


def test_what_held_for_the_year_is_what_the_report_of_the_year_before_proposed():
    assert this(closed(*before(MET))) == ("6.6", "拟定")
    earlier = closed(*before(MET), of=2024)
    assert text(next_of(earlier).proposed) == "6.6"


@pytest.mark.parametrize(("figure", "held"), [("5", ("5", "核定")), ("0", ("0", "核定")), (None, ("6.6", "拟定"))])
def test_the_bureaus_figure_of_the_year_before_comes_first(figure, held):
    own = row("总量复核", "2024", 年度=2024, 核定实际排放量="6", 下年度核定允许排放量=figure, 复核日期="2025-04-21")
    assert this(closed(*before(MET, own))) == held


def test_only_what_the_bureau_said_holds_under_the_other_reading():
    assert this(closed(*before(MET), rules=ruled(held="verified"))) == (None, "")


def test_it_is_as_the_report_of_the_year_before_stands_by_default_whatever_came_later():
    later = row("环境质量", "2025Q3", 年度=2024, 要素="大气", 考核结果="未达标", 发布日期="2025-08-10")
    assert this(closed(*before(MET, later))) == ("6.6", "拟定")
    assert this(closed(*before(MET, later), as_of=Quarter(2025, 4))) == ("6.6", "拟定")


def test_without_a_declaration_or_verification_of_the_year_before_nothing_held():
    for rows in ([PERMIT], [PERMIT, row("排放口年度", "2024", 年度=2024)]):
        made = closed(*rows, VERIFIED)
        assert (made.before, this(made)) == (None, (None, ""))


def test_only_the_year_before_is_asked_and_not_the_one_before_it(monkeypatch):
    asked = []

    def once(park, folders, number):
        asked.append(number)
        return allowed_before(park, folders, number)

    monkeypatch.setattr("quota_lib.annual.allowed_before", once)
    closed(*before(MET), row("总量申报", "2023", 年度=2023, 申报日期="2024-03-20"))
    assert asked == [2025]


@pytest.mark.parametrize(("actual", "found"), [("6.599999999", False), ("6.6", False), ("6.600000001", True)])
def test_a_plant_above_what_was_proposed_for_it_is_told(actual, found):
    made = closed(*before(MET), row("总量复核", 核定实际排放量=actual))
    message = "氮氧化物实际 6.600000001 t（核定），超过允许 6.6 t（拟定）"
    assert said(made, "W546") == ([("HX", A, "NOX", message)] if found else [])


def test_an_unlisted_plant_of_the_year_before_was_allowed_nothing_of_its_own():
    listed = row("总量管理名单", "2024", **{"年度": 2024, CODE: B, "排定日期": "2025-04-10"})
    assert this(closed(*before(MET, listed))) == (None, "")


def test_what_the_allowable_stands_on_is_the_same_before_and_after_it_is_set():
    made = closed(*before(MET), VERIFIED)
    assert allowable_input(made.account).plants[0].actual == mass("5")
    assert Decimal(text(made.allowables.plants[0].permitted or 0)) == 10
