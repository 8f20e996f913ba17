"""Around a computation: the cap, and the carbon that must take up what is removed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from quota_lib.amounts import Mass, Ratio, mass
from quota_lib.methods import activated_carbon_check, capped
from quota_lib.rules import Rules

from .tables import TEXTS, of

RULES = Rules(TEXTS)
DAY = date(2025, 1, 1)
VOC = {"generated_t": "3", "collection_percent_after": "100", "technology_after": "一次性活性炭吸附"}


@pytest.mark.parametrize(
    ("amount", "permitted", "actual", "expected"),
    [
        ("1", "2", "3", "1"),
        ("2", "2", "3", "2"),
        ("2.000000001", "2", "3", "2"),
        ("3", "2", "1.5", "1.5"),
        ("3", None, "1.5", "1.5"),
        ("3", "2", None, "2"),
        ("3", None, None, "3"),
    ],
)
def test_no_more_counts_than_was_permitted_and_than_was_discharged(amount, permitted, actual, expected):
    given = [None if one is None else mass(one) for one in (permitted, actual)]
    reading = RULES.text("readings.reduction_cap", DAY)
    assert capped(mass(amount), given[0], mass("1.9"), given[1], reading) == mass(expected)


def test_the_alternative_counts_by_how_much_the_permit_fell():
    assert capped(mass("3"), mass("2"), mass("0.5"), mass("9"), "permitted_fall") == mass("1.5")
    assert capped(mass("3"), mass("2"), mass("2.5"), mass("9"), "permitted_fall") == 0
    assert capped(mass("3"), mass("2"), None, mass("9"), "permitted_fall") == mass("2")


def test_a_negative_amount_stays_negative():
    assert capped(Mass(-5), mass("2"), None, mass("1"), "permitted_and_actual") == -5


def test_a_reading_that_is_none_is_refused():
    with pytest.raises(ValueError, match="reading 'x'"):
        capped(Mass(1), None, None, None, "x")


@pytest.mark.parametrize(("carbon", "holds"), [("5.999999999", False), ("6", True), ("7", True)])
def test_the_carbon_can_have_taken_up_what_is_removed(carbon, holds):
    uptake = RULES.ratio("checks.carbon_uptake", DAY)
    assert uptake == Ratio(3, 20)
    (check,) = activated_carbon_check(of("voc_treatment", {**VOC, "carbon_t_after": carbon}), uptake)
    assert check.removed_t == Decimal("0.9")
    assert check.holds is holds


def test_without_carbon_there_is_nothing_to_check():
    assert activated_carbon_check(of("voc_treatment", VOC), Ratio(3, 20)) == ()
    assert activated_carbon_check(of("voc_treatment", {}), Ratio(3, 20)) == ()
