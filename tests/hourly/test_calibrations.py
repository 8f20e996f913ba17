"""out_of_control: only what the monitor showed before its last passed calibration stands for other hours."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from quota_lib.hourly import read_year
from quota_lib.hourly.emission import NG_PER_MG
from quota_lib.problems import Place, Source
from quota_lib.rules import RuleError
from tests.hourly.series import FIRST, HOUR, RULES, YEAR, judged, new, steady, used
from tests.small_park import A

GAP = 3000
AT = Place(Source("2025/a.xlsx", "校准记录", 2025, {"unit": "A", "result": "E"}), 7)
OUTLETS = {(A, "DA001"): SimpleNamespace(medium="大气")}


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
    kept.append(SimpleNamespace(unit=A, outlet="DA001", factor="NOX", time=time, result=result, at=AT))
    made = read_year([("2025/monitoring/a.csv", path)], (), YEAR, RULES, OUTLETS, kept)
    first = next(iter(made.substitutions))
    assert first.new_kg * 10**6 == expected
    assert first.rule == ("max_180h_before_calibration" if result == "合格" else "max_180h")


# a calibration that failed


def failed(tmp_path, *calibrations, flags=(), reading="flag", hours=8760):
    """Read a year of 1 mg/m³ · 10⁶ m³/h; ``flags``: (first, after, flag); ``calibrations``: (hour, minute, result)."""
    flag = ["normal"] * hours
    for first, after, word in flags:
        flag[first:after] = [word] * (after - first)
    path = tmp_path / "a.csv"
    rows = (f"{A},DA001,{FIRST + HOUR * n:%Y-%m-%d %H:%M},NOX,1,1000000,{one}\n" for n, one in enumerate(flag))
    path.write_text("credit_code,outlet,time,factor,concentration,flow,flag\n" + "".join(rows), encoding="utf-8")
    kept = [
        SimpleNamespace(
            unit=A, outlet="DA001", factor="NOX", result=result, at=AT._replace(row=7 + n),
            time=FIRST + HOUR * hour + timedelta(minutes=minute),
        )
        for n, (hour, minute, result) in enumerate(calibrations)
    ]  # fmt: skip
    rules = RULES.changed({"monitoring.failed_calibration": reading}, "试验")
    return read_year([("2025/monitoring/a.csv", path)], (), YEAR, rules, OUTLETS, kept)


def said(made):
    return [(one.severity, one.sheet, one.cell, one.message) for one in made.problems if one.code == "Q632"]


def test_hours_that_stay_normal_after_a_failed_calibration_are_told_at_its_cell(tmp_path):
    made = failed(tmp_path, (100, 0, "合格"), (200, 0, "不合格"), (250, 0, "合格"))
    ((severity, sheet, cell, message),) = said(made)
    assert (severity, sheet, cell) == ("warning", "校准记录", "E8")
    assert "于 2025-01-09 08:00 校准不合格" in message
    assert "自 2025-01-09 08:00 至 2025-01-11 10:00 有 50 个小时的标记为 normal，按有效计" in message
    assert made.quarters[0].normal == 2160


@pytest.mark.parametrize(
    ("first", "minute", "until", "after", "count"),
    [(200, 0, 250, 0, 50), (200, 1, 250, 0, 49), (200, 0, 250, 59, 50), (200, 30, 201, 30, 0), (200, 0, 201, 0, 1)],
)
def test_an_hour_is_in_doubt_if_it_began_after_the_failure_and_ended_before_the_next_pass(
    tmp_path, first, minute, until, after, count
):
    found = said(failed(tmp_path, (first, minute, "不合格"), (until, after, "合格")))
    assert [f"有 {count} 个小时" in message for *_, message in found] == [True] * bool(count)


def test_a_failure_whose_hours_are_flagged_is_not_told(tmp_path):
    given = ((200, 20, "不合格"), (250, 0, "合格"))
    assert said(failed(tmp_path, *given, flags=[(201, 250, "out_of_control")])) == []
    assert "有 1 个小时" in said(failed(tmp_path, *given, flags=[(201, 249, "out_of_control")]))[0][3]


def test_of_several_failures_before_the_next_pass_the_first_is_told(tmp_path):
    made = failed(tmp_path, (200, 0, "不合格"), (210, 0, "不合格"), (250, 0, "合格"), (300, 0, "不合格"))
    assert [cell for _, _, cell, _ in said(made)] == ["E7", "E10"]
    assert "至 2026-01-01 00:00 有 8460 个小时" in said(made)[1][3]


def test_a_pass_within_the_hour_of_the_failure_ends_the_doubt(tmp_path):
    assert said(failed(tmp_path, (200, 20, "不合格"), (200, 40, "合格"))) == []
    assert said(failed(tmp_path, (200, 40, "不合格"), (200, 20, "合格"))) != []
    assert said(failed(tmp_path, (200, 0, "合格"), (200, 0, "不合格"))) == []  # at one time: calibrated until it passed


def test_a_failure_of_the_year_before_counts_from_the_first_hour_on(tmp_path):
    ((*_, message),) = said(failed(tmp_path, (-30, 0, "不合格"), (5, 0, "合格"), (9000, 0, "不合格")))
    assert "自 2025-01-01 00:00 至 2025-01-01 05:00 有 5 个小时" in message


def test_the_hours_after_a_failure_may_be_read_as_out_of_control(tmp_path):
    given = ((100, 0, "合格"), (200, 0, "不合格"), (250, 0, "合格"))
    until = failed(tmp_path, *given, reading="until_passed")
    assert (until.quarters[0].normal, until.quarters[0].substituted) == (2110, 50)
    assert "按失控替代" in said(until)[0][3]
    assert {(one.flag, one.rule) for one in until.substitutions} == {("out_of_control", "max_720h_before_calibration")}
    since = failed(tmp_path, *given, reading="since_passed")
    assert (since.quarters[0].normal, since.quarters[0].substituted) == (2010, 150)
    assert "自 2025-01-05 04:00 至" in said(since)[0][3]
    stopped = failed(tmp_path, *given, reading="until_passed", flags=[(210, 220, "stopped"), (220, 221, "fault")])
    assert (stopped.quarters[0].stopped, stopped.quarters[0].substituted) == (10, 40)
    assert {one.flag for one in stopped.substitutions} == {"out_of_control", "fault"}
    first = failed(tmp_path, (200, 0, "不合格"), (250, 0, "合格"), reading="since_passed")
    assert first.quarters[0].substituted == 50  # no pass before it


def test_a_reading_that_there_is_not_is_refused(tmp_path):
    with pytest.raises(RuleError, match="failed_calibration"):
        failed(tmp_path, reading="never")
