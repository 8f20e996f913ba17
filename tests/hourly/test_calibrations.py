"""out_of_control: only what the monitor showed before its last passed calibration stands for other hours."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from quota_lib.hourly import read_year
from quota_lib.hourly.emission import NG_PER_MG
from tests.hourly.series import FIRST, HOUR, RULES, YEAR, judged, new, steady, used
from tests.small_park import A

GAP = 3000


def year(*tops, flag="out_of_control", length=5):
    """Return a year of 10 mg an hour with a gap, and hours before it of other amounts."""
    hours = steady()
    for ago, amount in tops:
        hours[FIRST + HOUR * (GAP - ago)] = ("normal", amount)
    for n in range(length):
        hours[FIRST + HOUR * (GAP + n)] = (flag, 0)
    return hours


def value(one, ahead=0):
    return new(one, FIRST + HOUR * (GAP + ahead)) // NG_PER_MG


@pytest.mark.parametrize(("flag", "expected"), [("out_of_control", 40), ("fault", 80), ("maintenance", 80)])
def test_hours_after_the_last_calibration_count_for_all_but_out_of_control(flag, expected):
    hours = year((50, 40), (10, 80), flag=flag)
    assert value(judged(hours, calibrations=[FIRST + HOUR * (GAP - 20)])) == expected
    assert value(judged(hours)) == 80


def test_of_several_calibrations_the_last_before_the_gap_counts():
    hours = year((50, 40), (10, 80))
    times = [FIRST + HOUR * (GAP - ago) for ago in (5, 100, -2)]
    assert value(judged(hours, calibrations=times)) == 80
    assert value(judged(hours, calibrations=times[1:])) == 10


@pytest.mark.parametrize(("minutes", "expected"), [(0, 10), (30, 10), (60, 80), (90, 80)])
def test_an_hour_counts_from_its_end_on(minutes, expected):
    time = FIRST + HOUR * (GAP - 10) + timedelta(minutes=minutes)  # the high hour begins at GAP - 10
    assert value(judged(year((10, 80)), calibrations=[time])) == expected


@pytest.mark.parametrize(("minutes", "expected"), [(-30, 10), (0, 80), (30, 80)])
def test_a_calibration_inside_the_gap_is_not_before_it(minutes, expected):
    time = FIRST + HOUR * GAP + timedelta(minutes=minutes)  # the high hour is the last before the gap
    assert value(judged(year((1, 80)), calibrations=[time])) == expected


def test_in_one_gap_each_hour_follows_its_own_flag_and_the_gap_is_one():
    hours = year((400, 90), (50, 40), (10, 80), length=10)
    for n in range(10, 25):
        hours[FIRST + HOUR * (GAP + n)] = ("fault", 0)
    one = judged(hours, calibrations=[FIRST + HOUR * (GAP - 20)])
    assert (value(one, 0), value(one, 10)) == (90, 90)  # 25 hours: 720 valid hours count
    del hours[FIRST + HOUR * (GAP - 400)]
    one = judged(hours, calibrations=[FIRST + HOUR * (GAP - 20)])
    assert (value(one, 0), value(one, 10)) == (40, 80)
    assert used(one, FIRST + HOUR * GAP) == 720


def test_before_the_first_calibration_with_no_valid_hour_nothing_is_replaced():
    one = judged(year(), calibrations=[FIRST])
    assert one.none.tolist() == [GAP + n for n in range(5)]


@pytest.mark.parametrize(("result", "expected"), [("合格", 40_000_000), ("不合格", 80_000_000)])
def test_only_passed_calibrations_of_the_outlet_and_factor_count(tmp_path, result, expected):
    rows = "".join(
        f"{A},DA001,{time:%Y-%m-%d %H:%M},NOX,{amount},1000000,{flag}\n"
        for time, (flag, amount) in year((50, 40), (10, 80)).items()
    )
    path = tmp_path / "a.csv"
    path.write_text("credit_code,outlet,time,factor,concentration,flow,flag\n" + rows, encoding="utf-8")
    time = FIRST + HOUR * (GAP - 20)
    others = [("B", "DA001", "NOX"), (A, "DA002", "NOX"), (A, "DA001", "SO2")]
    kept = [SimpleNamespace(unit=u, outlet=o, factor=f, time=time + HOUR * 15, result="合格") for u, o, f in others]
    kept.append(SimpleNamespace(unit=A, outlet="DA001", factor="NOX", time=time, result=result))
    outlets = {(A, "DA001"): SimpleNamespace(medium="大气")}
    made = read_year([("2025/monitoring/a.csv", path)], (), YEAR, RULES, outlets, kept)
    first = next(iter(made.substitutions))
    assert first.new_kg * 10**6 == expected
    assert first.rule == ("max_180h_before_calibration" if result == "合格" else "max_180h")
