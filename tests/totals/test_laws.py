"""What must hold whatever the figures are."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from quota_lib.amounts import Mass
from quota_lib.facts import SewagePlant
from quota_lib.periods import Quarter
from quota_lib.problems import Place, Source
from quota_lib.totals.online import Online
from quota_lib.totals.parts import Part, rounded, segments
from quota_lib.totals.plants import actuals
from quota_lib.totals.sewer import to_environment
from quota_lib.totals.year import MAIN_OUTLETS, TO_ENVIRONMENT, WHOLE_PLANT
from tests.totals.monitors import Quarterly
from tests.totals.worlds import A, row, year

AT = Place(Source("2025/a.xlsx", "污水处理厂", 2025, {"since": "A"}), 2)
YEAR = (date(2025, 1, 1), date(2025, 12, 31))
days = some.integers(0, 364).map(lambda n: YEAR[0] + timedelta(days=n))
levels = some.lists(some.tuples(days, some.integers(0, 300)), max_size=4, unique_by=lambda one: one[0])


def plant(changes: list[tuple[date, int]]) -> list[SewagePlant]:
    first = SewagePlant("清源", "COD", Decimal(50), "标准", date(2021, 1, 1), AT)
    later = [first._replace(since=day, concentration=Decimal(level)) for day, level in changes]
    return sorted([first, *later], key=lambda one: one.since)


@given(levels)
def test_the_segments_of_a_year_are_its_days_each_once(changes):
    found = segments(*YEAR, [day for day, _ in changes])
    assert [day for first, last in found for day in _days(first, last)] == list(_days(*YEAR))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@given(some.integers(0, 10**13), some.integers(0, 10**6), levels)
def test_what_reaches_the_environment_is_the_sum_of_the_days(load, volume, changes):
    known = plant(changes)
    found = to_environment([Part("online", *YEAR, Fraction(load), Fraction(volume))], known)
    slow = Fraction(0)
    for day in _days(*YEAR):
        level = [one for one in known if one.since <= day][-1].concentration
        slow += min(Fraction(load, 365), Fraction(volume, 365) * Fraction(level) * 1000)
    assert found == slow
    assert not isinstance(found, str) and found <= load


@given(some.fractions(0, 10**6))
def test_rounding_is_half_to_even_and_never_more_than_half_a_milligram_off(exact):
    assert abs(rounded(exact) - exact) <= Fraction(1, 2)
    assert [rounded(Fraction(n, 2)) for n in (1, 3, 5)] == [0, 2, 2]


amounts = some.lists(some.one_of(some.none(), some.integers(0, 10**12)), min_size=4, max_size=4)


def _quarters(outlet: str, values: list[int | None]) -> list[Quarterly]:
    return [
        Quarterly(
            A, outlet, "NOX", Quarter(2025, n), 2000, 0, 100, 60, None if v is None else Mass(v), v is not None, "无效"
        )
        for n, v in enumerate(values, start=1)
    ]


@settings(max_examples=40, deadline=None)
@given(amounts, amounts, some.booleans(), some.integers(0, 50))
def test_outlets_and_the_fugitive_part_add_up_to_the_plant(first, second, required, collected):
    rows: list[Any] = [
        row("排放口", "2025Q2"),
        row("核算-产排污系数", 排放口编号="DA001", **{"收集率(%)": str(collected)}),
        row("核算-产排污系数", 排放口编号="DA002", **{"收集率(%)": "90"}),
    ]
    if required:
        rows.append(row("排放口", "2025Q2", 排放口编号="DA001", 主要排放口="是", 应装自动监测因子="NOX"))
    found = actuals(year(*rows), Online((*_quarters("DA001", first), *_quarters("DA002", second))))
    whole = found.plants[(A, "NOX", TO_ENVIRONMENT, WHOLE_PLANT)]
    main = found.plants[(A, "NOX", TO_ENVIRONMENT, MAIN_OUTLETS)]
    chosen = {key[1]: sum((part.load for part in one.chosen), Fraction(0)) for key, one in found.outlets.items()}
    assert whole.computed == sum(rounded(one) for one in chosen.values()) + (whole.fugitive or 0)
    assert main.computed == rounded(chosen["DA001"])
    for one in found.outlets.values():
        assert sorted(n for numbers in one.used.values() for n in numbers) == [1, 2, 3, 4]
    if all(value is not None for value in (*first, *second)):
        assert whole.route == "online" and whole.by_route["online"] == sum(chosen.values())
