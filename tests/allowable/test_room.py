"""What is taken off a cap before anything is shared out: every tonne, and every tonne once."""

from __future__ import annotations

from datetime import date

import pytest

from quota_lib.allowable import APPROVED, PARK, AllowableInput, Held, allowables
from quota_lib.amounts import text

from .worlds import RULES, cap, plant, ruled, t

DAY = date(2025, 12, 31)


def balance(park, zone="Z1", rules=RULES):
    return next(one for one in allowables(park, rules, DAY, "proportional").balances if one.zone == zone)


def amounts(park, *names, rules=RULES):
    return [text(getattr(balance(park, rules=rules), name)) for name in names]


def only(park, rules=RULES):
    return allowables(park, rules, DAY, "proportional").plants[0]


def held(amount, unit="B", inside=True, **more):
    return Held("Z1", "COD", APPROVED, t(amount), unit=unit, in_permitted=inside, **more)


# ── a plant without any permitted figure ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("reading", "actual", "taken"), [("actual", "4", "4"), ("actual", None, "0"), ("nothing", "4", "0")]
)
@pytest.mark.parametrize("listed", [True, False])
def test_a_plant_without_any_permitted_figure_takes_its_verified_actual_off_the_cap(reading, actual, taken, listed):
    park = AllowableInput((plant("B", None, actual, listed=listed),), (cap("10"),))
    assert amounts(park, "unpermitted", "unlisted", "total", rules=ruled(no_permit=reading)) == [taken, "0", "0"]
    assert balance(park, rules=ruled(no_permit=reading)).available == t("10") - t(taken)
    assert balance(park._replace(caps=(cap("10", zone=PARK),)), PARK, ruled(no_permit=reading)).unpermitted == t(taken)


def test_it_gets_no_proposal_and_no_permitted_amount_of_zero_and_that_is_said():
    one = only(AllowableInput((plant("B", None, "4"),), (cap("10"),)))
    assert (one.permitted, one.proposed, one.next, one.taken) == (None, None, None, t("4"))
    assert one.notes == ("没有许可总量，不核定，按核定实际排放量从限量中扣除",)


@pytest.mark.parametrize(
    ("reading", "actual", "note"),
    [
        ("nothing", "4", "没有许可总量，不核定，不从限量中扣除"),
        ("actual", None, "没有许可总量，也没有核定实际排放量，不核定，无从扣除"),
    ],
)
def test_that_nothing_is_taken_off_for_it_is_said(reading, actual, note):
    one = only(AllowableInput((plant("B", None, actual),), (cap("10"),)), ruled(no_permit=reading))
    assert (one.taken, one.notes) == (0, (note,))


def test_with_the_bureaus_figure_it_counts_by_that_figure_once():
    park = AllowableInput((plant("B", None, "4", override="5"),), (cap("10"),))
    assert amounts(park, "unpermitted", "total", "available", "headroom") == ["0", "5", "10", "5"]
    assert (only(park).next, only(park).taken, only(park).notes) == (t("5"), 0, ("没有许可总量",))


# ── approved and not yet running ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("inside", "unlisted", "available"), [(True, "3", "5"), (False, "5", "3")])
def test_what_an_unlisted_plant_has_approved_and_not_running_is_taken_off_once(inside, unlisted, available):
    park = AllowableInput((plant("B", "5", listed=False),), (cap("10"),), (held("2", inside=inside),))
    assert amounts(park, "approved", "unlisted", "available") == ["2", unlisted, available]
    assert only(park).taken == t(unlisted)


def test_what_an_unlisted_plant_discharged_is_not_what_it_has_approved_and_not_running():
    park = AllowableInput((plant("B", "5", "4", listed=False),), (cap("10"),), (held("2"),))
    assert amounts(park, "approved", "unlisted", "available", rules=ruled(unlisted="actual")) == ["2", "4", "4"]


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize(
    ("override", "approved", "left"),
    [
        ("2.999999999", "2", "5.000000001"),
        ("3", "2", "5"),
        ("3.000000001", "1.999999999", "5"),
        ("5", "0", "5"),
        ("6", "0", "4"),
    ],
)
def test_the_bureaus_figure_and_what_is_approved_take_what_is_permitted_once(override, approved, left, listed):
    park = AllowableInput((plant("B", "5", override=override, listed=listed),), (cap("10"),), (held("2"),))
    assert amounts(park, "approved", "unlisted", "headroom") == [approved, "0", left]


def test_what_is_not_in_what_is_permitted_stands_beside_the_bureaus_figure_whole():
    for one in (plant("B", "5", override="5"), plant("B", None, override="5")):
        park = AllowableInput((one,), (cap("10"),), (held("2", inside=one.permitted is None),))
        assert amounts(park, "approved", "total", "headroom") == ["2", "5", "3"]


@pytest.mark.parametrize(("permitted", "approved"), [("1.9", "1.9"), ("2", "2"), ("2.1", "2")])
def test_what_is_approved_within_what_is_permitted_is_at_most_that(permitted, approved):
    park = AllowableInput((plant("B", permitted),), (cap("10"),), (held("2"),))
    assert amounts(park, "approved") == [approved]


# ── a project that is not built, or closed ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("reading", "approved", "ended"), [("held", "3", "2"), ("freed", "1", "0")])
@pytest.mark.parametrize("listed", [True, False])
def test_what_a_project_that_will_not_run_holds_is_a_reading_and_its_plant_never_gets_it(
    reading, approved, ended, listed
):
    park = AllowableInput((plant("B", "5", listed=listed),), (cap("10"),), (held("2", ended=True), held("1")))
    rules = ruled(ended=reading)
    assert amounts(park, "approved", "ended", rules=rules) == [approved, ended]
    one = only(park, rules)
    assert text((one.next or 0) + (one.taken or 0)) == "2"  # 5 permitted less 2 that will not run and 1 not yet
