"""Sharing out whole milligrams, against a slow and obvious reference."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from quota_lib.allowable import divide

PARTS = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 30), st.integers(0, 40)), min_size=1)


def by_hand(total, weights, most):
    """Fill the tightest bounds first, then give milligrams one by one to whoever lacks most of its exact share."""
    names = sorted((name for name in weights if weights[name]), key=lambda name: Fraction(most[name]) / weights[name])
    given_, left = dict.fromkeys(weights, 0), total
    while names:
        whole = sum(weights[name] for name in names)
        first = names[0]
        if Fraction(left * weights[first], 1) / whole < most[first]:
            break
        given_[first] = most[first]
        left -= most[first]
        names = names[1:]
    if names:
        whole = sum(weights[name] for name in names)
        exact = {name: Fraction(left * weights[name]) / whole for name in names}
        for name in names:
            given_[name] = int(exact[name])
        for _ in range(left - sum(given_[name] for name in names)):
            given_[max(sorted(names), key=lambda name: exact[name] - given_[name])] += 1
    return given_


@given(st.integers(0, 200), PARTS)
@example(10, {"a": (1, 9), "b": (1, 9), "c": (1, 9)})
@example(0, {"a": (1, 9)})
@example(9, {"a": (1, 9)})
@example(10, {"a": (1, 9)})
def test_it_gives_what_the_reference_gives(total, parts):
    weights, most = ({name: pair[i] for name, pair in parts.items()} for i in (0, 1))
    assert divide(total, weights, most) == by_hand(total, weights, most)


@given(st.integers(0, 200), PARTS)
def test_nothing_is_lost_and_nobody_gets_more_than_it_may(total, parts):
    weights, most = ({name: pair[i] for name, pair in parts.items()} for i in (0, 1))
    made = divide(total, weights, most)
    assert all(0 <= made[name] <= most[name] for name in weights)
    assert sum(made.values()) == min(total, sum(most[name] for name in weights if weights[name]))


def test_equal_remainders_go_to_the_lower_id():
    assert divide(2, {"b": 1, "c": 1, "a": 1}, {"a": 9, "b": 9, "c": 9}) == {"a": 1, "b": 1, "c": 0}
