"""Amounts: whole milligrams, one rounding, half to even."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quota_lib.amounts import Mass, Ratio, below_share, mass, ratio, text, times, tonnes

amounts = st.integers(min_value=0, max_value=10**18).map(Mass)
ratios = st.builds(Ratio, st.integers(1, 10**6), st.integers(1, 10**6))


@given(amounts, ratios)
def test_a_product_is_rounded_once_half_to_even(amount, by):
    exact = Fraction(amount) * Fraction(by.numerator, by.denominator)
    assert times(amount, by) == round(exact)


@pytest.mark.parametrize(("amount", "expected"), [(1, 0), (2, 1), (3, 2), (5, 2), (7, 4)])
def test_half_a_milligram_goes_to_the_even_neighbour(amount, expected):
    assert times(Mass(amount), Ratio(1, 2)) == expected


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_text_is_a_plain_decimal_that_reads_back_exactly(amount):
    shown = text(amount)
    assert Decimal(shown) == tonnes(amount)
    assert "E" not in shown.upper()
    assert not ("." in shown and shown.endswith("0"))


def test_more_than_nine_decimals_are_not_an_amount():
    assert mass("0.000000001") == 1
    with pytest.raises(ValueError, match="whole number of milligrams"):
        mass("0.0000000001")


@pytest.mark.parametrize(("actual", "expected"), [(799_999_999, True), (800_000_000, False), (800_000_001, False)])
def test_less_than_eighty_percent_is_strict(actual, expected):
    assert below_share(Mass(actual), Mass(1_000_000_000), ratio("4/5")) is expected


@given(st.integers(1, 10**12))
def test_exactly_eighty_percent_is_never_below(permitted):
    assert not below_share(Mass(4 * permitted), Mass(5 * permitted), Ratio(4, 5))


def test_ratios_read_decimals_and_fractions():
    assert ratio("1.1") == Ratio(11, 10)
    assert ratio("4/5") == Ratio(4, 5)
    assert str(ratio("1.20")) == "1.2"
    assert str(Ratio(1, 3)) == "1/3"


@given(st.decimals(min_value=0, max_value=1000, places=9, allow_nan=False))
def test_tonnes_and_milligrams_are_the_same_amount(value):
    assert tonnes(mass(value)) == value.quantize(Decimal("1e-9"), ROUND_HALF_EVEN)
