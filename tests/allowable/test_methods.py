"""The three methods and the readings that they stand on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quota_lib.allowable import (
    ALLOWABLE_METHODS,
    APPROVED,
    MET,
    NOT_MET,
    PARK,
    UNLISTED,
    AllowableInput,
    Assessment,
    CardError,
    Held,
    MethodError,
    Wish,
    allowable_method,
    allowables,
    describe_all,
    faults_of_examples,
    withdraw,
)
from quota_lib.amounts import Mass, text
from quota_lib.rules import RuleError

from .worlds import RULES, cap, plant, ruled, t

DAY = date(2025, 12, 31)


def nexts(park, method, rules=RULES):
    return {one.unit: text(one.next) for one in allowables(park, rules, DAY, method).plants if one.next is not None}


@pytest.mark.parametrize("name", sorted(ALLOWABLE_METHODS))
def test_the_worked_examples_of_each_card_come_out(name):
    assert faults_of_examples(name, RULES) == []


# ── cut_to_actual ──────────────────────────────────────────────────────────────────────────────────────────────


def cut(assessment=None, rules=RULES, **more):
    park = AllowableInput((plant("A", "11", **more),), assessments=(assessment,) if assessment else ())
    return nexts(park, "cut_to_actual", rules)["A"]


MET_ = Assessment("Z1", "COD", MET)


@pytest.mark.parametrize(("actual", "expected"), [("9.99", "10.989"), ("10", "11"), ("10.01", "11"), ("0", "0")])
def test_actual_plus_the_margin_counts_until_it_reaches_what_is_permitted(actual, expected):
    assert cut(MET_, actual=actual) == expected


def test_where_the_assessment_is_not_met_there_is_no_margin():
    assert cut(Assessment("Z1", "COD", NOT_MET), actual="5") == "5"


def test_without_an_assessment_the_stricter_margin_counts_as_the_parameter_says():
    assert cut(actual="5") == "5"
    assert cut(actual="5", rules=ruled(no_assessment=MET)) == "5.5"


def test_the_improvement_target_is_taken_off_actual_and_permitted_alike_rounded_once():
    goal = Assessment("Z1", "COD", MET, Decimal("3.5"))
    assert cut(goal, actual="5") == "5.3075"
    assert cut(goal, actual="11") == "10.615"
    assert cut(goal, actual="0.000000001") == "0.000000001"


@pytest.mark.parametrize(
    ("reading", "result", "expected"),
    [("stated", MET, "4.95"), ("stated", NOT_MET, "4.5"), ("not_met", MET, "5.5"), ("not_met", NOT_MET, "4.5")],
)
def test_when_the_target_counts_is_a_reading(reading, result, expected):
    assert cut(Assessment("Z1", "COD", result, Decimal(10)), ruled(target=reading), actual="5") == expected


@pytest.mark.parametrize(
    ("reading", "declared", "expected"),
    [("permitted", "3", "11"), ("declared", "3", "3"), ("declared", None, "11"), ("declared", "12", "11")],
)
def test_a_plant_without_a_verified_actual_is_not_cut_on_a_guess(reading, declared, expected):
    more = {} if declared is None else {"declared": declared}
    assert cut(MET_, ruled(no_actual=reading), **more) == expected


# ── performance ────────────────────────────────────────────────────────────────────────────────────────────────


@given(
    st.lists(st.tuples(st.integers(1, 50), st.sampled_from("ABCD"), st.integers(1, 90)), min_size=1, max_size=4),
    st.tuples(st.sampled_from("ABCD"), st.integers(1, 90)),
    st.tuples(st.sampled_from("ABCD"), st.integers(1, 90)),
    st.integers(0, 200),
)
@settings(max_examples=100, deadline=None)
def test_of_two_plants_alike_the_one_with_the_better_grade_and_lower_intensity_is_not_cut_more(others, one, two, limit):
    if not (one[0] <= two[0] and one[1] <= two[1]):
        one, two = (min(one[0], two[0]), min(one[1], two[1])), (max(one[0], two[0]), max(one[1], two[1]))
    plants = [plant(f"O{i}", str(p), str(a), grade=g, output=Decimal(10)) for i, (p, g, a) in enumerate(others)]
    plants += [
        plant(unit, "40", str(actual), grade=grade, output=Decimal(10))
        for unit, (grade, actual) in (("B", one), ("A", two))
    ]
    made = {
        key: Decimal(value)
        for key, value in nexts(AllowableInput(tuple(plants), (cap(str(limit)),)), "performance").items()
    }
    assert made["B"] >= made["A"] - Decimal("0.000000001")


def test_nothing_is_cut_where_nothing_must_be():
    park = AllowableInput((plant("A", "10", "9", grade="D", output=Decimal(1)), plant("B", "5")), (cap("15"),))
    assert nexts(park, "performance") == {"A": "10", "B": "5"}


@pytest.mark.parametrize(
    ("limit", "expected"), [("20", "10"), ("19.999999999", "9.999999999"), ("10", "5"), ("0", "0")]
)
def test_equal_plants_are_cut_alike(limit, expected):
    park = AllowableInput((plant("A", "10", grade="B"), plant("B", "10", grade="B")), (cap(limit),))
    assert nexts(park, "performance")["A"] == expected


@pytest.mark.parametrize(
    ("actual", "counts"),
    [("0.49", "0.5"), ("0.5", "0.5"), ("0.51", "0.51"), ("1.99", "1.99"), ("2", "2"), ("2.01", "2")],
)
def test_an_intensity_counts_only_within_its_bounds(actual, counts):
    rest = str(100 - Decimal(actual))  # so that the mean of the two is 1 t per 万元
    plants = (plant("A", "10", actual, output=Decimal(1)), plant("B", "10", rest, output=Decimal(99)))
    made = allowables(AllowableInput(plants, (cap("15"),)), RULES, DAY, "performance").plants[0]
    assert [step.value for step in made.steps if step.label.startswith("排放强度")] == [counts]


def test_without_output_the_intensity_does_not_count():
    park = AllowableInput((plant("A", "10", "1", output=Decimal(0)), plant("B", "10", "9")), (cap("15"),))
    assert nexts(park, "performance") == {"A": "7.5", "B": "7.5"}


# ── what is taken off a cap ────────────────────────────────────────────────────────────────────────────────────


def balance(park, zone="Z1", rules=RULES):
    return next(one for one in allowables(park, rules, DAY, "proportional").balances if one.zone == zone)


def test_what_is_reserved_approved_and_of_unlisted_plants_is_taken_off_the_cap_and_the_parks():
    held = (Held("Z1", "COD", APPROVED, t("1.5")), Held("Z2", "COD", UNLISTED, t("0.25")))
    park = AllowableInput((plant("A", "20"),), (cap("10", "2"), cap("12", "1", zone=PARK)), held)
    assert [text(balance(park)._asdict()[name]) for name in ("approved", "unlisted", "available")] == [
        "1.5",
        "0",
        "6.5",
    ]
    assert text(balance(park, PARK).available) == "9.25"
    assert nexts(park, "proportional") == {"A": "6.5"}


@pytest.mark.parametrize(
    ("reading", "actual", "left"), [("permitted", "3", "6"), ("actual", "3", "7"), ("actual", None, "6")]
)
def test_an_unlisted_plant_takes_what_it_holds_off_the_cap_and_gets_no_proposal(reading, actual, left):
    park = AllowableInput((plant("A", "20"), plant("B", "4", actual, listed=False)), (cap("10"),))
    assert nexts(park, "proportional", ruled(unlisted=reading)) == {"A": left}


def test_an_unlisted_plant_with_the_bureaus_figure_counts_by_that_figure_once():
    park = AllowableInput((plant("A", "20"), plant("B", "4", override="3", listed=False)), (cap("10"),))
    assert nexts(park, "proportional") == {"A": "7", "B": "3"}
    assert balance(park).unlisted == 0


@pytest.mark.parametrize(("inside", "expected"), [(False, "5"), (True, "3")])
def test_what_is_approved_and_not_running_is_not_given_a_second_time(inside, expected):
    held = (Held("Z1", "COD", APPROVED, t("2"), unit="A", in_permitted=inside),)
    assert nexts(AllowableInput((plant("A", "5"),), (), held), "proportional") == {"A": expected}


@pytest.mark.parametrize(("reading", "expected"), [("own", "19"), ("at_least_zones", "15")])
def test_whether_the_zones_reserves_count_in_the_parks_is_a_reading(reading, expected):
    park = AllowableInput((), (cap("12", "3"), cap("10", "2", zone="Z2"), cap("20", "1", zone=PARK)))
    assert text(balance(park, PARK, ruled(park_reserved=reading)).available) == expected


# ── choosing and adding a method ───────────────────────────────────────────────────────────────────────────────

CARD = """
label: 减半
clause: TOTAL-3
status: local
reasoning: 试验
formula: {plain: 允许 = 许可 ÷ 2, latex: A = P / 2}
inputs: {permitted: 许可排放量}
examples:
  - {title: 一半, plants: [{unit: A, permitted: "4"}], expect: {A: "2"}}
"""


@pytest.fixture
def halved():
    @allowable_method("halved", card=CARD)
    def function(group, rules, day):
        for one in group.plants:
            yield Wish(one.unit, Mass(one.most // 2))

    yield "halved"
    withdraw("halved")


def test_a_method_is_added_by_its_function_and_card_and_used_by_the_dated_parameter(halved):
    assert faults_of_examples(halved, RULES) == []
    made = allowables(AllowableInput((plant("A", "4"),)), ruled(method=halved), DAY)
    assert (made.method, made.label, text(made.plants[0].next)) == ("halved", "减半", "2")
    assert "## 减半 `halved`" in describe_all(RULES, DAY)


def test_the_method_in_force_is_the_one_of_the_day():
    made = allowables(AllowableInput((plant("A", "4", "1"),)), RULES, DAY)
    assert made.method == "cut_to_actual"


def test_an_unknown_method_or_reading_is_refused_and_never_replaced_by_another():
    with pytest.raises(RuleError, match=r"no method 'cut'.*cut_to_actual、proportional、performance"):
        allowables(AllowableInput(()), ruled(method="cut"), DAY)
    with pytest.raises(RuleError, match=r"allowable.unlisted is 'all'.*permitted or actual"):
        allowables(AllowableInput(()), ruled(unlisted="all"), DAY)


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        ([], "must answer for each plant of Z1 COD once: A"),
        ([Wish("A", Mass(1)), Wish("A", Mass(1))], "answers twice for A"),
        ([Wish("A", Mass(1)), Wish("X", Mass(1))], "once: X"),
        ([Wish("A", 1.5)], "not whole milligrams"),
        ([Wish("A", Decimal(1))], "not whole milligrams"),
    ],
)
def test_a_method_that_does_not_answer_as_it_must_is_stopped(wishes, says):
    allowable_method("odd", card=CARD.replace("减半", "怪"))(lambda group, rules, day: wishes)
    try:
        with pytest.raises(MethodError, match=says):
            allowables(AllowableInput((plant("A", "4"),)), RULES, DAY, "odd")
    finally:
        withdraw("odd")


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (CARD.replace("label: 减半\n", ""), "lacks 'label'"),
        (CARD.replace("reasoning", "reason"), "unknown entry 'reason'"),
        (CARD.replace("status: local", "status: sure"), "status 'sure'"),
        (CARD.replace("label: 减半", "label: 按实际核减"), "already the method 'cut_to_actual'"),
    ],
)
def test_a_malformed_card_is_refused(broken, says):
    with pytest.raises(CardError, match=says):
        allowable_method("broken", card=broken)(lambda group, rules, day: ())
    assert "broken" not in ALLOWABLE_METHODS


def test_a_method_without_a_card_is_refused():
    with pytest.raises(CardError, match="has no card"):
        allowable_method("bare")(lambda group, rules, day: ())


def test_examples_that_do_not_come_out_are_said():
    allowable_method("wrong", card=CARD.replace("减半", "错").replace('A: "2"', 'A: "3", B: "1"'))(
        lambda group, rules, day: (Wish(one.unit, Mass(one.most // 2)) for one in group.plants)
    )
    try:
        assert faults_of_examples("wrong", RULES) == [
            "wrong: 一半: A gets 2, not 3",
            "wrong: 一半: B gets nothing, not 1",
        ]
    finally:
        withdraw("wrong")


def test_facts_that_stand_twice_are_refused():
    with pytest.raises(ValueError, match="a plant stands twice: A COD"):
        allowables(AllowableInput((plant("A", "4"), plant("A", "5"))), RULES, DAY)
    with pytest.raises(ValueError, match="a cap stands twice: Z1 COD"):
        allowables(AllowableInput((), (cap("4"), cap("4"))), RULES, DAY)


def test_every_number_that_a_card_names_is_a_parameter_and_is_described_with_its_value():
    text_ = describe_all(RULES, DAY)
    for one in ALLOWABLE_METHODS.values():
        for name in one.card.parameters:
            assert f"`allowable.{name}`" in text_
    assert "| `allowable.margin_met` |" in text_ and "| `cut_to_actual`（现行） |" in text_
