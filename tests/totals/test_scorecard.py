"""The scorecard by zone and plant."""

from __future__ import annotations

from typing import Any

from quota_lib.amounts import text
from quota_lib.periods import Quarter
from quota_lib.reserve.balances import balances
from quota_lib.totals import Annual, annual
from quota_lib.totals.scorecard import Score
from tests.small_park import A, B, Paper, applied, declared, folders_of, paper
from tests.totals.worlds import CODE, row, year


def account(*papers: Paper, rows: tuple[Any, ...] = (), of: int = 2025, as_of: str = "2026Q2") -> Annual:
    given = [
        (folder, sheet, cells)
        for folder, content in folders_of(*papers).items()
        for sheet, found in content.items()
        for cells in found
    ]
    return annual(year(*given, *rows, of=of, as_of=as_of, bare=True))


def score(made: Annual, unit: str = "", zone: str = "HX", factor: str = "COD") -> Score:
    return next(one for one in made.scorecard if (one.zone, one.unit, one.factor) == (zone, unit, factor))


def moves(one: Score) -> tuple[str, ...]:
    return tuple(text(amount) for amount in (one.reduced, one.reserved, one.used, one.recovered))


def test_a_year_counts_what_its_quarters_booked_by_plant_and_by_zone():
    made = account(paper("指标回收"), *applied(), paper("总量核定"))
    assert moves(score(made, A)) == ("5", "2", "0.5", "0.1")
    assert moves(score(made, B)) == ("0", "0", "0.5", "0")
    assert moves(score(made)) == ("5", "2", "1", "0.1")


def test_what_is_corrected_in_the_year_does_not_count():
    undone = [paper("冲正", 原单号="CB-1"), paper("冲正", 单号="C2", 原单号="W-1")]
    assert moves(score(account(*undone), A)) == ("5", "0", "0", "0")
    back = [paper("指标回收"), paper("冲正", "2025Q3", 原单号="HS", 日期="2025-07-10")]
    assert moves(score(account(*back), A)) == ("5", "2", "0.5", "0")


def test_what_is_corrected_in_another_year_counts_there():
    undone = paper("冲正", "2026Q1", 原单号="W-1", 日期="2026-01-10")
    assert moves(score(account(undone), A)) == ("5", "2", "0.5", "0")
    assert moves(score(account(undone, of=2026, as_of="2026Q1"), A)) == ("0", "0", "-0.5", "0")


def test_a_verdict_that_changes_another_counts_with_its_difference():
    lower = paper("入库审核", 核定减排量="4", 审核日期="2025-05-10")
    assert moves(score(account(lower), A))[0] == "4"
    later = paper("入库审核", "2026Q1", 核定减排量="6", 审核日期="2026-01-10")
    assert [moves(score(account(lower, later, of=of), A))[0] for of in (2025, 2026)] == ["4", "2"]


def test_a_verdict_that_the_ledger_refuses_changes_nothing():
    too_low = paper("入库审核", 核定减排量="1", 审核日期="2025-05-10")  # 2 t are reserved
    made = account(too_low)
    assert [one.code for one in made.year.park.problems if one.severity == "error"] == ["Q401"]
    assert moves(score(made, A))[0] == "5"


def test_a_transfer_is_neither_used_nor_reserved():
    assert moves(score(account(paper("功能区调剂")))) == ("5", "2", "0.5", "0")


def test_the_caps_stand_at_the_zone_with_the_actual_amounts_of_its_plants():
    figures = [
        row("总量复核", 污染因子="COD", 核定实际排放量="3"),
        row("总量复核", 污染因子="COD", 核定实际排放量="4", **{CODE: B}),
        row("许可总量", 污染因子="COD"),
        row("排放限量", 污染因子="COD", 限量="50"),
        row("排放限量", 污染因子="COD", 限量="45", 年度=2026),
        row("排放限量", 污染因子="COD", 限量="40", 年度=2027),
    ]
    made = account(rows=tuple(figures))
    one = score(made)
    assert (one.actual, one.permitted, one.cap, one.next_cap) == (7 * 10**9, 105 * 10**8, 50 * 10**9, 45 * 10**9)
    assert (score(made, A).cap, score(made, A).actual) == (None, 3 * 10**9)


def test_the_park_has_a_row_where_it_has_a_cap():
    made = account(rows=(row("排放限量", 污染因子="TN", 功能区编码=None),))
    park, *zones = [score(made, zone=zone, factor="TN") for zone in ("", "HX", "HD")]
    for name in ("reduced", "reserved", "used", "recovered"):
        assert getattr(park, name) == sum(getattr(one, name) for one in zones)
    assert not [one for one in made.scorecard if not one.zone and one.factor == "COD"]


def test_used_and_recovered_are_the_years_balances():
    made = account(paper("指标回收"), *applied(), paper("总量核定"), *declared(COD="1"))
    found = balances(made.year.park.ledger.entries, Quarter(2025, 1), Quarter(2025, 4))
    for one in made.scorecard:
        if not one.unit and one.zone:
            balance = found[(one.zone, one.factor)]
            expected = (balance.deposited, balance.debited, balance.recovered)
            assert balance.corrected or (one.reserved, one.used, one.recovered) == expected
