"""Hourly data against the slow reckoning: gaps at the start, at and across quarters' ends, of 24 and 25 hours, capture at its lines."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quota_lib.hourly import read_year
from quota_lib.rules import Rules
from tests.hourly.reference import reckon
from tests.oracle.compare import PARAMETERS
from tests.small_park import A

RULES = Rules({path.stem: path.read_text(encoding="utf-8") for path in PARAMETERS.glob("*.yaml")})
OUTLETS = {(A, "DA001"): SimpleNamespace(medium="大气")}
HOUR, FIRST = timedelta(hours=1), datetime(2025, 1, 1)
HOURS = 8760
Q2, Q3 = 90 * 24, 181 * 24  # the first hours of the second and third quarter
HEAD = "credit_code,site,outlet,time,factor,concentration,flow,flag\n"


def year_of(*gaps, top=None):
    """Return a year in which every hour is normal but for gaps (first hour, length, flag); "missing" rows are not there."""
    hours = {FIRST + HOUR * n: ("normal", (n * 7919 % 97 + 1) * 1000) for n in range(HOURS)}
    for at, amount in (top or {}).items():
        hours[FIRST + HOUR * at] = ("normal", amount)
    for start, length, flag in gaps:
        for n in range(start, min(start + length, HOURS)):
            time = FIRST + HOUR * n
            if flag == "missing":
                hours.pop(time, None)
            else:
                hours[time] = (flag, 0)
    return hours


def read(hours):
    lines = [
        f"{A},001,DA001,{time:%Y-%m-%d %H:%M},NOX,{amount // 1000 if flag == 'normal' else ''},"
        f"{1000 if flag == 'normal' else ''},{flag}\n"
        for time, (flag, amount) in sorted(hours.items())
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text(HEAD + "".join(lines), encoding="utf-8")
        return read_year([("2025/monitoring/a.csv", path)], [], 2025, RULES, OUTLETS)


def agree(hours):
    made, expected = read(hours), reckon(hours, 2025)
    replaced = {one.time: round(one.new_kg * 10**6) for one in made.substitutions}
    for one in made.quarters:
        due = expected[one.quarter.number]
        assert (one.normal, one.stopped, one.substituted + one.missing) == (due.normal, due.stopped, due.invalid)
        assert (one.capture, one.computed) == (due.capture, due.computed), one
        if one.usable and one.computed is not None:
            own = {t: v for t, v in replaced.items() if (t.month - 1) // 3 + 1 == one.quarter.number}
            assert own == due.replaced
            assert one.substituted == len(due.replaced)


def capture_of(made, number):
    return next(one.capture for one in made.quarters if one.quarter.number == number)


@pytest.mark.parametrize("length", [1, 23, 24, 25])
@pytest.mark.parametrize("start", [0, 10, Q2 - 30, Q2 - 12, Q2, HOURS - 25, 5000])
@pytest.mark.parametrize("flag", ["missing", "fault"])
def test_a_gap_is_replaced_by_its_length_wherever_it_lies(start, length, flag):
    agree(year_of((start, length, flag), top={max(start - 300, 0): 99_000_000}))


def test_a_day_of_hours_looks_back_180_and_one_hour_more_looks_back_720():
    top = {5000 - 500: 500_000_000}  # before the last 180, within the last 720
    short, long = read(year_of((5000, 24, "fault"), top=top)), read(year_of((5000, 25, "fault"), top=top))
    assert max(one.new_kg for one in short.substitutions) < 1
    assert {one.new_kg for one in long.substitutions} == {500}


@pytest.mark.parametrize(
    ("invalid", "grade"),
    [(216, "full"), (217, "low"), (540, "low"), (541, "none")],  # of 2160 hours: 90 %, below; 75 %, below
)
def test_capture_at_its_lines_counts_to_the_better_side(invalid, grade):
    hours = year_of((100, invalid, "fault"), top={20: 400_000_000})
    made = read(hours)
    one = next(q for q in made.quarters if q.quarter.number == 1)
    assert one.capture == Fraction(2160 - invalid, 2160)
    assert (one.computed is None) == (grade == "none")
    agree(hours)


def test_a_stopped_hour_is_neither_valid_nor_missing_and_ends_a_gap():
    hours = year_of((5000, 20, "fault"), (5020, 1, "stopped"), (5021, 20, "fault"))
    agree(hours)
    one = next(q for q in read(hours).quarters if q.quarter.number == 3)
    assert (one.stopped, one.capture) == (1, Fraction(92 * 24 - 41, 92 * 24 - 1))


def test_before_the_first_valid_hour_nothing_can_be_replaced_and_it_is_said():
    made = read(year_of((0, 5, "missing")))
    one = made.quarters[0]
    assert (one.missing, one.substituted) == (5, 0)
    assert any("无法替代" in problem.message for problem in made.problems)


gaps = st.tuples(
    st.integers(0, HOURS - 1),
    st.sampled_from([1, 2, 23, 24, 25, 100, 217, 300]),
    st.sampled_from(["missing", "fault", "maintenance", "out_of_control", "stopped"]),
)


@settings(max_examples=20, deadline=None)
@given(st.lists(gaps, min_size=1, max_size=6))
def test_any_year_agrees_with_the_slow_reckoning(found):
    agree(year_of(*found))
