"""Each check sees what it should and not what it should not: below, at and above every threshold."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quota_lib.amounts import mass
from quota_lib.coverage import CLAUSES
from quota_lib.findings import Seen
from quota_lib.plausibility import (
    PLAUSIBILITY_CHECKS,
    Applied,
    Declared,
    PlausibilityInput,
    Series,
    implausible,
    plausibility_check,
    shape_of,
)
from quota_lib.problems import Place, Source, catalogue
from quota_lib.rules import RuleError
from tests.oracle.compare import rules

RULES = rules()
DAY = date(2025, 12, 31)
MARCH = date(2025, 3, 1)


def found(**facts):
    return implausible(PlausibilityInput(2025, **facts), RULES, DAY)


def codes(**facts):
    return sorted({one.code for one in found(**facts)})


def applied(increase, plant_year=None, project="C1", unit="U1", factor="COD", day=MARCH):
    return Applied(project, unit, "Z1", factor, day, mass(increase), mass(plant_year or increase))


def declared(actual, permitted="1000", unit="U1", year=2025, factor="COD", **more):
    return Declared(year, unit, "Z1", factor, mass(permitted), mass(actual), **more)


def series(outlet="001", unit="U1", digest="same", nonzero=8000, **more):
    return Series(unit, "Z1", outlet, "COD", digest, nonzero, **more)


# ── W560 … W562 values parked at a threshold ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("increase", "seen"), [("0.949999999", []), ("0.95", ["W560"]), ("1", ["W560"]), ("1.000000001", []), ("0", [])]
)
def test_an_increase_at_the_filing_line_or_within_the_margin_below_it_is_parked(increase, seen):
    assert codes(applications=(applied(increase),)) == seen


@pytest.mark.parametrize(("sum_", "seen"), [("0.94", []), ("0.95", ["W560"]), ("1", ["W560"]), ("1.01", [])])
def test_so_is_the_plants_of_the_year(sum_, seen):
    assert codes(applications=(applied("0.3", sum_),)) == seen


def test_the_message_says_which_of_the_two_is_parked():
    assert "全厂年新增 0.96 t" in found(applications=(applied("0.3", "0.96"),))[0].message
    assert "本项目新增 0.96 t" in found(applications=(applied("0.96", "3"),))[0].message


def test_a_metal_without_a_line_and_another_year_are_not_judged():
    assert codes(applications=(applied("0.96", factor="PB"),)) == []
    assert codes(applications=(applied("0.96", day=date(2024, 12, 31)),)) == []


@pytest.mark.parametrize(
    ("actual", "seen"), [("7.999999999", []), ("8", ["W561"]), ("8.1", ["W561"]), ("8.100000001", [])]
)
def test_an_actual_amount_at_80_percent_or_within_the_margin_above_it_is_parked(actual, seen):
    assert codes(declarations=(declared(actual, "10"),)) == seen


def test_the_line_of_recovery_is_said_in_per_cent():
    assert "恰在许可 10 t 的 80 % 或略高" in found(declarations=(declared("8", "10"),))[0].message


def test_findings_carry_what_tells_them_apart():
    twins = (series("001"), series("002"))
    assert sorted(one.mark for one in found(series=twins)) == ["001 浓度", "002 浓度"]
    (jump,) = found(declarations=(declared("1"), declared("9", year=2024)))
    assert (jump.code, jump.mark) == ("W566", "2025")


@pytest.mark.parametrize(
    ("actual", "seen"), [("9.949999999", []), ("9.95", ["W562"]), ("10", ["W562"]), ("10.000000001", [])]
)
def test_an_actual_amount_at_what_is_permitted_or_within_the_margin_below_it_is_parked(actual, seen):
    assert codes(declarations=(declared(actual, "10"),)) == seen


def test_nothing_permitted_and_nothing_discharged_is_not_parked():
    assert codes(declarations=(declared("0", "0"),)) == []


# ── W563 split applications ────────────────────────────────────────────────────────────────────────────────────


def two(first, second, days=10, **more):
    return (applied(first, project="C1"), applied(second, project="C2", day=MARCH + timedelta(days), **more))


@pytest.mark.parametrize(("second", "seen"), [("0.4", []), ("0.400000001", ["W563"]), ("0.41", ["W563"])])
def test_two_applications_that_are_together_above_the_line_are_split(second, seen):
    assert codes(applications=two("0.6", second)) == seen


@pytest.mark.parametrize(("days", "seen"), [(0, ["W563"]), (180, ["W563"]), (181, [])])
def test_they_count_together_within_so_many_days(days, seen):
    assert codes(applications=two("0.6", "0.7", days)) == seen


@pytest.mark.parametrize("more", [{"unit": "U2"}, {"factor": "NOX"}])
def test_another_plants_or_factors_do_not_count(more):
    assert codes(applications=two("0.6", "0.7", **more)) == []


def test_one_above_the_line_is_reviewed_anyway_and_is_no_part_of_a_split():
    assert codes(applications=two("0.6", "1.5")) == []
    assert "W563" in codes(applications=two("0.6", "1"))


def test_a_split_across_the_turn_of_the_year_is_seen_in_the_year_of_its_last_part():
    across = (applied("0.6", day=date(2024, 12, 20)), applied("0.7", project="C2", day=date(2025, 1, 5)))
    seen = found(applications=across)
    assert [(one.code, one.project) for one in seen] == [("W563", "C2")]
    assert "2024-12-20 至 2025-01-05" in seen[0].message and "C1、C2" in seen[0].message and "1.3 t" in seen[0].message
    assert implausible(PlausibilityInput(2024, applications=across), RULES, DAY) == []


def test_three_parts_are_one_split_and_not_three():
    for amount in ("0.4", "0.6"):  # of 0.6 the last two alone are above the line too
        parts = tuple(applied(amount, project=f"C{n}", day=MARCH + timedelta(n)) for n in range(3))
        assert [one.project for one in found(applications=parts)] == ["C2"]


def test_windows_that_reach_further_are_told_each():
    parts = tuple(applied("0.6", project=f"C{n}", day=date(2025, 1, 1) + timedelta(150 * n)) for n in range(3))
    assert [one.project for one in found(applications=parts)] == ["C1", "C2"]


# ── W564, W565 hourly series ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("nonzero", "seen"), [(23, []), (24, ["W564"]), (25, ["W564"])])
def test_the_same_series_in_two_outlets_is_seen_at_both(nonzero, seen):
    pair = (series(nonzero=nonzero), series("002", nonzero=nonzero))
    assert codes(series=pair) == seen
    assert len(found(series=pair)) == 2 * len(seen)


def test_different_series_and_different_kinds_are_not_the_same():
    assert codes(series=(series(), series("002", digest="other"))) == []
    assert codes(series=(series(), series("002", what="流量"))) == []


def test_each_outlet_is_told_the_others():
    seen = found(series=(series(), series("002", unit="U2"), series("003", unit="U2")))
    assert [one.unit for one in seen] == ["U1", "U2", "U2"]
    assert "U2 002 化学需氧量、U2 003 化学需氧量" in seen[0].message


@pytest.mark.parametrize(("hours", "seen"), [(23, []), (24, ["W565"]), (25, ["W565"])])
def test_a_monitor_that_stands_still_for_so_many_hours_is_flat(hours, seen):
    assert codes(series=(series(flat_hours=hours, flat_from="2025-03-01 00:00", flat_value="5.1"),)) == seen


VALUES = st.lists(st.sampled_from([0.0, -0.0, 1.5, 2.5, -1.0, float("nan")]), max_size=40)


@given(VALUES)
@example([])
@example([float("nan")] * 30)
@example([0.0] * 30)
@example([1.5] * 30)
def test_the_longest_run_is_the_one_that_a_plain_loop_finds(values):
    best, start, run = 0, -1, 0
    for place, value in enumerate(values):
        run = run + 1 if value > 0 and place and value == values[place - 1] else int(value > 0)
        if run > best:
            best, start = run, place - run + 1
    shape = shape_of(np.array(values, dtype=float))
    assert (shape.hours, shape.start) == (best, start)
    assert shape.nonzero == sum(value > 0 for value in values)


@given(VALUES, VALUES)
def test_digests_are_equal_where_the_values_are(one, other):
    same = len(one) == len(other) and all(a == b or (a != a and b != b) for a, b in zip(one, other, strict=True))
    assert (shape_of(np.array(one)).digest == shape_of(np.array(other)).digest) == same


# ── W566 … W569 compared with others ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "before", "seen"),
    [
        ("2", "1.01", []),
        ("2", "1", []),
        ("2.000000001", "1", ["W566"]),
        ("1", "2", []),
        ("0.999999999", "2", ["W566"]),
        ("1", "0", ["W566"]),
        ("0", "1", ["W566"]),
        ("0", "0", []),
        ("0.000999999", "0", []),
        ("0.001", "0", ["W566"]),
    ],
)
def test_a_jump_is_more_than_so_many_times_the_year_before_or_its_inverse(now, before, seen):
    assert codes(declarations=(declared(now), declared(before, year=2024))) == seen


def test_a_jump_is_of_one_plant_and_factor_from_the_year_before():
    assert codes(declarations=(declared("5"), declared("1", year=2023))) == []
    assert codes(declarations=(declared("5"), declared("1", year=2024, factor="NOX"))) == []
    assert codes(declarations=(declared("5"), declared("1", year=2024, unit="U2"))) == []


DIGITS = pytest.mark.parametrize(
    ("amount", "copied"), [("0", False), ("1.2", False), ("1.23", True), ("1.234", True), ("0.000000104", True)]
)


@DIGITS
def test_two_plants_with_the_same_amount_of_enough_digits_are_identical(amount, copied):
    seen = found(declarations=(declared(amount), declared(amount, unit="U2")))
    assert [(one.code, one.unit) for one in seen] == ([("W567", "U1"), ("W567", "U2")] if copied else [])


def test_a_milligram_of_difference_is_not_identical():
    assert codes(declarations=(declared("1.234"), declared("1.234000001", unit="U2"))) == []


@DIGITS
def test_a_plant_with_the_same_amount_as_the_year_before_is_identical(amount, copied):
    assert codes(declarations=(declared(amount), declared(amount, year=2024))) == (["W568"] if copied else [])


def industry(odd, plants=5, code="2614"):
    usual = [declared(f"{2 + n / 1000}", unit=f"U{n}", industry=code, output=Decimal(1)) for n in range(plants - 1)]
    return (*usual, declared(odd, unit="X", industry=code, output=Decimal(1)))


@pytest.mark.parametrize(
    ("odd", "seen"),
    # the median of 2, 2.001, 2.002, 2.003 and a large one is 2.002; with a small one 2.001
    [("20.019999999", []), ("20.02", []), ("20.020000001", ["W569"]), ("0.2001", []), ("0.200099999", ["W569"])],
)
def test_an_intensity_beyond_so_many_times_the_median_of_its_industry_is_far_off(odd, seen):
    assert codes(declarations=industry(odd)) == seen


def test_an_intensity_is_said_with_as_many_digits_as_the_amount_has():
    message = next(one.message for one in found(declarations=industry("33.4567")) if one.unit == "X")
    assert "单位产值排放 33.4567 t/万元" in message and "中位数 2.002 t/万元，相差超过 10 倍" in message
    thirds = tuple(one._replace(output=Decimal(3)) for one in industry("33.4567"))
    assert "单位产值排放 11.1522 t/万元" in found(declarations=thirds)[0].message
    few = tuple(one._replace(output=Decimal(3)) for one in industry("40"))
    assert "单位产值排放 13.3 t/万元" in found(declarations=few)[0].message


def test_too_few_plants_or_no_industry_or_no_output_give_no_median():
    assert codes(declarations=industry("90", plants=4)) == []
    assert codes(declarations=industry("90", code="")) == []
    assert codes(declarations=tuple(one._replace(output=None) for one in industry("90"))) == []


# ── the checks as a whole ──────────────────────────────────────────────────────────────────────────────────────


def test_every_check_has_words_a_clause_a_level_and_an_explanation():
    for code, check in PLAUSIBILITY_CHECKS.items():
        parameter = RULES.parameters[f"warnings.{code}"]
        assert catalogue()[code].clause in CLAUSES and catalogue()[code].clause == parameter.clause
        assert {"预警": "warning", "提示": "info"}[parameter.more["level"]] == catalogue()[code].severity
        assert parameter.more["explanation"] and check.__doc__


def test_every_threshold_is_asked():
    asked = rules()
    given_ = PlausibilityInput(2025, (applied("0.3"),), (declared("5"),), (series(),))
    implausible(given_, asked, DAY)
    keys = {one.key for one in asked.of("plausibility")}
    assert keys == {key for key, _ in asked.used if key.startswith("plausibility.")}


def test_a_finding_leads_to_its_cell():
    place = Place(Source("2025/年报.xlsx", "总量申报", 2025, {"actual": "F"}), 7)
    one = found(declarations=(declared("8", "10", at=(place, "actual")),))[0]
    assert one.at and one.at[0].reference(one.at[1]) == "2025/年报.xlsx › 总量申报!F7"


def test_a_check_is_added_by_a_function_and_one_without_a_level_is_refused():
    @plausibility_check("W579")
    def nothing(asked):
        yield Seen("", "", "", "", {})

    try:
        with pytest.raises(RuleError, match=r"warnings\.W579.*parameters/warnings\.yaml"):
            found()
    finally:
        del PLAUSIBILITY_CHECKS["W579"]


def test_the_order_of_the_facts_changes_nothing():
    facts = {
        "applications": two("0.6", "0.7"),
        "declarations": (declared("8.01", "10"), declared("8.01", "10", unit="U2"), declared("1", year=2024)),
        "series": (series(), series("002", flat_hours=30)),
    }
    turned = {name: tuple(reversed(part)) for name, part in facts.items()}
    assert found(**facts) == found(**turned) != []
