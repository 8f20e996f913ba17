"""Water: days are valid or not; an invalid day takes the highest of the last 30 valid days."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quota_lib.hourly.emission import NG_PER_G
from quota_lib.hourly.limits import WATER
from tests.hourly.series import FIRST, HOUR, judged, new, steady
from tests.hourly.water_reference import reckon_days

DAY = timedelta(days=1)


def changed(*parts):
    """Return a year of 10 g an hour in which hours (first, length, flag, amount) differ; "missing" has no row."""
    hours = steady()
    for start, length, flag, amount in parts:
        for n in range(start, min(start + length, 8760)):
            if flag == "missing":
                hours.pop(FIRST + HOUR * n, None)
            else:
                hours[FIRST + HOUR * n] = (flag, amount)
    return hours


def by_day(one, own=0):
    """Return what each day counts for, ng, by hours that are normal or replaced."""
    status, emission = one.series.status[own:], one.emission[own:].copy()
    emission[status != 1] = 0
    emission[one.replaced.hour - own] = one.replaced.amount
    return emission.reshape(-1, 24).sum(axis=1).tolist()


@pytest.mark.parametrize(("missing", "valid"), [(5, True), (6, True), (7, False)])
def test_a_day_is_valid_from_three_quarters_of_its_readings(missing, valid):
    one = judged(changed((240, 24, "normal", 50), (480, missing, "fault", 0)), WATER)
    counted = by_day(one)[20]
    assert counted == (24 * 10 if valid else 24 * 50) * NG_PER_G


def test_stopped_hours_are_not_due():
    one = judged(changed((480, 12, "stopped", 0), (492, 3, "missing", 0)), WATER)  # 9 of 12 due
    assert by_day(one)[20] == 12 * 10 * NG_PER_G
    one = judged(changed((480, 12, "stopped", 0), (492, 4, "missing", 0)), WATER)
    assert by_day(one)[20] == 24 * 10 * NG_PER_G  # the highest of the last valid days, on the twelve hours


def test_a_day_that_was_stopped_emits_nothing_and_is_no_valid_day():
    one = judged(changed((0, 24, "stopped", 0), (24, 24, "fault", 0)), WATER)
    assert by_day(one)[:3] == [0, 0, 24 * 10 * NG_PER_G]
    assert len(one.none) == 24


@pytest.mark.parametrize(("ago", "counts"), [(30, True), (31, False)])
def test_thirty_valid_days_count(ago, counts):
    one = judged(changed((24 * (100 - ago), 24, "normal", 50), (2400, 24, "fault", 0)), WATER)
    assert by_day(one)[100] == 24 * (50 if counts else 10) * NG_PER_G


def test_an_invalid_day_between_does_not_count_among_the_thirty():
    one = judged(changed((24 * 69, 24, "normal", 50), (24 * 90, 24, "fault", 0), (2400, 24, "fault", 0)), WATER)
    assert by_day(one)[100] == 24 * 50 * NG_PER_G


def test_all_hours_of_an_invalid_day_are_on_record_with_what_they_were():
    one = judged(changed((2400, 10, "fault", 0), (2410, 14, "normal", 99)), WATER)
    assert one.replaced.hour.tolist() == list(range(2400, 2424))
    assert one.replaced.amount.sum() == 24 * 10 * NG_PER_G


def test_a_quarter_with_low_capture_is_not_replaced():
    one = judged(changed((24, 600, "missing", 0)), WATER)
    assert one.computed[0] is None
    assert not len(one.replaced.hour)


@pytest.mark.parametrize(("interval", "capture"), [(1, 1080), (2, 2160)])
def test_a_reading_stands_for_the_hours_to_the_next(interval, capture):
    hours = {time: value for time, value in steady().items() if time.hour % 2 == 0}
    one = judged(hours, WATER, interval=interval)
    assert one.counts[0].valid == capture
    if interval == 2:
        assert by_day(one) == [24 * 10 * NG_PER_G] * 365


def test_a_reading_stands_no_longer_than_its_interval_and_not_for_hours_with_rows():
    hours = {time: value for time, value in steady().items() if time.hour % 2 == 0}
    del hours[FIRST + HOUR * 4]
    hours[FIRST + HOUR * 7] = ("fault", 0)
    one = judged(hours, WATER, interval=2)
    assert one.series.status[:9].tolist() == [1, 1, 1, 1, 0, 0, 1, 3, 1]


def test_valid_days_of_the_year_before_count():
    hours = {**steady(70, 366, 2024), **steady()}
    for n in range(24):
        del hours[FIRST + HOUR * n]
    one = judged(hours, WATER, before=True)
    assert by_day(one, own=8784)[0] == 24 * 70 * NG_PER_G
    assert new(one, FIRST) == 70 * NG_PER_G


part = st.tuples(
    st.integers(0, 8759),
    st.sampled_from([1, 5, 6, 7, 17, 18, 19, 24, 40, 300]),
    st.sampled_from(["missing", "fault", "stopped", "maintenance", "normal"]),
    st.integers(0, 99),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(part, max_size=8))
def test_any_year_of_water_agrees_with_the_slow_reckoning(parts):
    hours = changed(*parts)
    one = judged(hours, WATER)
    expected = reckon_days(hours, FIRST, FIRST, datetime(2026, 1, 1))
    usable = dict(zip((1, 2, 3, 4), one.usable, strict=True))
    for number, (day, due) in enumerate(expected.items()):
        if usable[(day.month + 2) // 3] and due is not None:
            assert abs(by_day_one(one, number) - due * NG_PER_G) <= 24, day  # each hour to the nanogram
    assert [count.hours for count in one.counts] == [2160, 2184, 2208, 2208]


def by_day_one(one, number):
    hours = range(24 * number, 24 * number + 24)
    new = dict(zip(one.replaced.hour.tolist(), one.replaced.amount.tolist(), strict=True))
    return sum(new.get(n, int(one.emission[n]) if one.series.status[n] == 1 else 0) for n in hours)
