"""What holds whichever method runs, a hostile one too: the caps, the permits, no negative, nothing hidden."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quota_lib.allowable import (
    ALLOWABLE_METHODS,
    APPROVED,
    PARK,
    UNLISTED,
    AllowableInput,
    Held,
    PlantFactor,
    Wish,
    allowable_method,
    allowables,
    withdraw,
)
from quota_lib.allowable.reading import readings
from quota_lib.allowable.room import taken_off
from quota_lib.amounts import Mass, text

from .worlds import RULES, cap, parks, plant, ruled, t

DAY = date(2025, 12, 31)
SHIPPED = ("cut_to_actual", "performance", "proportional")
HOSTILE = "hostile"
CARD = {
    "label": "敌意",
    "clause": "TOTAL-3",
    "status": "local",
    "reasoning": "给得太多，也给负数",
    "formula": {"plain": "乱", "latex": "x"},
    "inputs": {"permitted": "许可"},
    "examples": [],
}


@pytest.fixture(autouse=True, scope="module")
def _hostile():
    @allowable_method(HOSTILE, card=CARD)
    def hostile(group, rules, day):
        for place, one in enumerate(group.plants):
            yield Wish(one.unit, Mass((10 * one.most + 7) * (-1) ** place))

    yield
    withdraw(HOSTILE)


ALL = pytest.mark.parametrize("method", [*SHIPPED, HOSTILE])


def of(made, zone, factor, field="next"):
    found = [one for one in made.plants if one.factor == factor and zone in (PARK, one.zone)]
    return [getattr(one, field) for one in found if getattr(one, field) is not None]


EXACT = AllowableInput((plant("A", "6", "6"), plant("B", "4", "4")), (cap("10"),))
ONE_MG_SHORT = EXACT._replace(caps=(cap("9.999999999"),))
NOTHING = EXACT._replace(caps=(cap("0"),))
ALL_OVERRIDDEN = AllowableInput((plant("A", "6", override="5"), plant("B", "4", override="5")), (cap("10"),))
ABOVE_THE_CAP = AllowableInput((plant("A", "20", override="11"), plant("B", "4")), (cap("10"),))
NO_ACTUAL = AllowableInput((plant("A", "6"), plant("B", "4")), (cap("9"),))
EQUAL_REMAINDERS = AllowableInput(tuple(plant(unit, "1") for unit in "CAB"), (cap("1"),))
RESERVED_AWAY = EXACT._replace(caps=(cap("10", "11"),))
PARK_BINDS = AllowableInput(
    (plant("A", "6", "6"), plant("B", "4", "4", zone="Z2")), (cap("6"), cap("4", zone="Z2"), cap("9", zone=PARK))
)
INSIDE = tuple(Held("Z1", "COD", APPROVED, t("1"), unit, "", True, project=unit) for unit in "AB")
HELD_INSIDE = AllowableInput(
    (plant("A", "6", override="5.5", grade="A"), plant("B", "4", listed=False), plant("C", "3", grade="D")),
    (cap("10"),),
    INSIDE,
)
FREED_BY_THE_BUREAUS_FIGURE = AllowableInput(  # which has the 6 t in it that are approved
    (plant("A", "6", override="6"), plant("B", "10", grade="A"), plant("C", "10", grade="D")),
    (cap("10"),),
    (Held("Z1", "COD", APPROVED, t("6"), "A", "", True),),
)
WITHOUT_A_PERMIT = AllowableInput((plant("A", None, "6"), plant("B", "4", "4")), (cap("10"),))
EDGES = (
    HELD_INSIDE,
    WITHOUT_A_PERMIT,
    EXACT,
    ONE_MG_SHORT,
    NOTHING,
    ALL_OVERRIDDEN,
    ABOVE_THE_CAP,
    NO_ACTUAL,
    EQUAL_REMAINDERS,
    RESERVED_AWAY,
    PARK_BINDS,
)


def with_edges(test):
    for edge in EDGES:
        test = example(edge)(test)
    return given(parks())(settings(max_examples=50, deadline=None)(test))


@ALL
@with_edges
def test_no_cap_is_exceeded_unless_the_bureaus_own_figures_or_what_is_spoken_for_exceed_it(method, park):
    made = allowables(park, RULES, DAY, method)
    for one in made.balances:
        assert one.total == sum(of(made, one.zone, one.factor))
        if one.available is not None:
            overrides = sum(of(made, one.zone, one.factor, "override"))
            assert one.short == max(overrides - one.available, 0)
            assert one.total <= max(one.available, overrides)


@ALL
@with_edges
def test_what_cannot_be_met_is_said_with_by_how_much(method, park):
    for one in allowables(park, RULES, DAY, method).balances:
        assert (one.available is None) == (one.cap is None) == (one.headroom is None)
        assert ("无法满足" in one.words) == (one.short > 0)
        if one.cap is not None:
            assert one.available == one.cap - one.reserved - one.approved - one.unlisted - one.unpermitted
            assert 0 <= one.ended <= one.approved + sum(held.amount for held in park.held if held.kind == UNLISTED)
            assert one.headroom == one.available - one.total
            assert one.short == max(-one.headroom, 0)


@ALL
@with_edges
def test_proposals_alone_keep_every_cap_too(method, park):
    made = allowables(park, RULES, DAY, method)
    for one in made.balances:
        if one.available is not None:
            assert sum(of(made, one.zone, one.factor, "proposed")) <= max(one.available, 0)


@ALL
@with_edges
def test_nobody_is_proposed_more_than_permitted_nor_less_than_nothing(method, park):
    for one in allowables(park, RULES, DAY, method).plants:
        if one.proposed is not None:
            assert type(one.proposed) is int
            assert 0 <= one.proposed <= one.permitted


@ALL
@with_edges
def test_the_bureaus_figure_stands_and_is_shown_as_such(method, park):
    given_ = {(one.unit, one.factor): one for one in park.plants}
    for one in allowables(park, RULES, DAY, method).plants:
        override = given_[(one.unit, one.factor)].override
        assert one.override == override
        assert one.next == (one.proposed if override is None else override)
        assert (override is not None) == any("局核定的" in step.label for step in one.steps)
        above = None not in (override, one.permitted) and override > one.permitted
        assert any("高于许可" in note for note in one.notes) == above


READINGS = pytest.mark.parametrize(
    "rules",
    [RULES, ruled(unlisted="actual"), ruled(no_permit="nothing"), ruled(ended="freed")],
    ids=["as shipped", "unlisted by actual", "nothing without a permit", "freed"],
)


@READINGS
@with_edges
def test_of_every_plant_each_tonne_is_taken_off_at_most_once(rules, park):
    """What is permitted, or the bureau's higher figure, is the most that a plant takes off in all ways together."""
    read = readings(rules, DAY)
    taken = {}
    for one in taken_off(park, read):
        if isinstance(one.of, PlantFactor) or (one.of.in_permitted and one.kind == APPROVED):
            taken[(one.of.unit, one.factor)] = taken.get((one.of.unit, one.factor), 0) + one.amount
    made = {(one.unit, one.factor): one for one in allowables(park, rules, DAY, "proportional").plants}
    for plant_ in park.plants:
        one = made[(plant_.unit, plant_.factor)]
        most = max(plant_.permitted or 0, plant_.override or 0)
        if plant_.permitted is None or (not plant_.listed and read.unlisted == "actual"):
            most = None  # its verified actual, beside what does not run
        if most is not None and not any(held_twice(one) for one in park.held):
            assert taken.get((one.unit, one.factor), 0) + (one.next or 0) <= most


def held_twice(held):
    return held.kind == UNLISTED and held.in_permitted  # what is unlisted and without a row is in nobody's permit


@READINGS
@with_edges
def test_what_is_taken_off_is_what_a_slow_reference_takes_off(rules, park):
    read = readings(rules, DAY)
    for one in allowables(park, rules, DAY, "proportional").balances:
        places = [one.zone] if one.zone != PARK else ["Z1", "Z2"]
        slow = [by_hand(park, place, one.factor, read) for place in places]
        got = (one.approved, one.unlisted, one.unpermitted)
        assert got == tuple(sum(part) for part in zip(*slow, strict=True))


def by_hand(park, zone, factor, read):
    """Return 已批未投运, 名单外 and 无许可总量 of a zone, plant by plant and project by project."""
    approved = unlisted = unpermitted = 0
    for plant_ in [*(one for one in park.plants if one.factor == factor), None]:
        room = None
        if plant_ is not None and plant_.permitted is not None:
            room = max(plant_.permitted - (plant_.override or 0), 0)
        own = [one for one in park.held if one.factor == factor and (plant_ is not None and one.unit == plant_.unit)]
        if plant_ is None:
            units = {one.unit for one in park.plants if one.factor == factor}
            own = [one for one in park.held if one.factor == factor and one.unit not in units]
        idle = 0
        for held in sorted(own):
            counts = held.amount
            if held.in_permitted and room is not None:
                idle += held.amount
                if not (held.ended and read.ended == "freed"):
                    counts = min(held.amount, room)
                    room -= counts
            if held.ended and read.ended == "freed":
                counts = 0
            if held.zone == zone:
                approved, unlisted = (
                    (approved + counts, unlisted) if held.kind == APPROVED else (approved, unlisted + counts)
                )
        if plant_ is None or plant_.zone != zone or plant_.override is not None:
            continue
        if plant_.permitted is None:
            unpermitted += (plant_.actual or 0) if read.no_permit == "actual" else 0
        elif not plant_.listed:
            by_actual = read.unlisted == "actual" and plant_.actual is not None
            unlisted += plant_.actual if by_actual else max(plant_.permitted - idle, 0)
    return approved, unlisted, unpermitted


@ALL
@with_edges
def test_a_plant_without_a_permitted_figure_is_there_and_is_never_given_one_of_zero(method, park):
    given_ = {(one.unit, one.factor): one for one in park.plants}
    for one in allowables(park, RULES, DAY, method).plants:
        plant_ = given_[(one.unit, one.factor)]
        assert (one.permitted is None) == (plant_.permitted is None)
        if one.permitted is None:
            assert one.proposed is None and one.next == plant_.override
            assert one.taken == (0 if plant_.override is not None else plant_.actual or 0)
            assert any("没有许可总量" in note for note in one.notes)


@ALL
@with_edges
def test_each_plant_and_factor_is_answered_once_and_the_last_step_is_its_number(method, park):
    made = allowables(park, RULES, DAY, method)
    assert len(made.plants) == len(park.plants)
    assert {(one.unit, one.factor) for one in made.plants} == {(one.unit, one.factor) for one in park.plants}
    for one in made.plants:
        if one.steps and method != HOSTILE:
            assert one.steps[-1].value == text(one.next or 0)


@ALL
@given(park=parks(), seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_facts_changes_nothing(method, park, seed):
    mix = random.Random(seed)
    shuffled = AllowableInput(*(tuple(mix.sample(part, len(part))) for part in park))
    assert allowables(shuffled, RULES, DAY, method) == allowables(park, RULES, DAY, method)


@ALL
@given(park=parks())
@example(park=FREED_BY_THE_BUREAUS_FIGURE)
@settings(max_examples=40, deadline=None)
def test_the_bureaus_figures_never_raise_another_plants_proposal(method, park):
    only = park._replace(plants=tuple(one for one in park.plants if one.listed and one.permitted is not None))
    without = only._replace(plants=tuple(one._replace(override=None) for one in only.plants))
    before = {(one.unit, one.factor): one.proposed for one in allowables(without, RULES, DAY, method).plants}
    for one in allowables(only, RULES, DAY, method).plants:
        assert one.proposed <= before[(one.unit, one.factor)]


def test_the_edges_by_hand():
    def nexts(park, method="proportional"):
        return [(one.unit, one.next) for one in allowables(park, RULES, DAY, method).plants]

    assert nexts(EXACT) == [("A", 6 * 10**9), ("B", 4 * 10**9)]
    assert nexts(ONE_MG_SHORT) == [("A", 5_999_999_999), ("B", 4 * 10**9)]
    assert nexts(NOTHING) == [("A", 0), ("B", 0)]
    assert nexts(ALL_OVERRIDDEN) == [("A", 5 * 10**9), ("B", 5 * 10**9)]
    assert nexts(ABOVE_THE_CAP) == [("A", 11 * 10**9), ("B", 0)]
    assert nexts(EQUAL_REMAINDERS) == [("A", 333_333_334), ("B", 333_333_333), ("C", 333_333_333)]
    assert nexts(RESERVED_AWAY) == [("A", 0), ("B", 0)]
    assert nexts(PARK_BINDS) == [("A", 5_400_000_000), ("B", 3_600_000_000)]


def shorts(park):
    return {one.zone: one.short for one in allowables(park, RULES, DAY, "proportional").balances if one.short}


def test_by_how_much_a_cap_cannot_be_met():
    assert shorts(ALL_OVERRIDDEN) == {}
    assert shorts(ALL_OVERRIDDEN._replace(caps=(cap("9.999999999"),))) == {"Z1": 1}
    assert shorts(ABOVE_THE_CAP) == {"Z1": 10**9}
    assert shorts(RESERVED_AWAY) == {"Z1": 10**9}
    assert shorts(EXACT._replace(caps=(cap("10", "10"),))) == {}


def test_without_a_cap_there_is_no_limit_and_that_is_said():
    made = allowables(EXACT._replace(caps=()), RULES, DAY, "proportional")
    assert [one.next for one in made.plants] == [6 * 10**9, 4 * 10**9]
    assert {(one.zone, one.cap, one.words) for one in made.balances} == {
        (PARK, None, "未设限量，不受限制"),
        ("Z1", None, "未设限量，不受限制"),
    }


def test_the_shipped_methods_are_the_ones_tested():
    assert {*ALLOWABLE_METHODS} == {*SHIPPED, HOSTILE}
