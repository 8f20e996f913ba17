"""The state of the reserve in pictures: flows, supply against demand, history, the lots' ages, what is short.

Source  RESERVE-2a, RESERVE-2d, RESERVE-3
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from quota_lib.findings.reserve import demand
from quota_lib.park import Park
from quota_lib.periods import Quarter
from quota_lib.report.bars import Amount, bars, columns
from quota_lib.report.charts import Group, flow_moves, waterfall, waterfalls
from quota_lib.report.table import Cell, Column, Table
from quota_lib.reserve.balances import NOTHING, Balance, balances, by_factors
from quota_lib.tracing import Figure, fact_id, figure

T = "t"
FLOW = (
    ("储备", "deposited", 1),
    ("上级申请", "superior_in", 1),
    ("回收", "recovered", 1),
    ("扣除", "debited", -1),
    ("上级使用", "superior_out", -1),
    ("冲正", "corrected", 1),
)
OF_A_ZONE = (
    ("储备", "deposited", 1),
    ("调入", "transferred_in", 1),
    ("上级申请", "superior_in", 1),
    ("回收", "recovered", 1),
    ("扣除", "debited", -1),
    ("调出", "transferred_out", -1),
    ("上级使用", "superior_out", -1),
    ("冲正", "corrected", 1),
)
ORIGINS = {"期初结存": "hollow", "指标储备": "solid", "申请使用": "dashed"}


def flow_pictures(park: Park) -> str:
    """Return the quarter's flow of the reserve as pictures, one for each factor that moved in the park.

    Source  RESERVE-2a, RESERVE-3
    """
    by_factor = by_factors(balances(park.ledger.entries, park.quarter))

    def one(factor: str) -> str:
        own = by_factor.get(factor, NOTHING)
        parts = [(word, _named(sign * getattr(own, name), factor, name)) for word, name, sign in FLOW]
        if not any(amount for _, amount in parts):
            return ""
        ends = (_named(getattr(own, name), factor, name) for name in ("opening", "closing"))
        return waterfall(f"flow-{factor}", _title(park, factor), flow_moves(next(ends), parts, next(ends)), T)

    return _each(park, one, "本期没有收支。")


def zone_pictures(park: Park) -> str:
    """Return each zone's flow in the quarter, one picture for each factor, of the zones in which it moved.

    Source  RESERVE-2a, RESERVE-3
    """
    found = balances(park.ledger.entries, park.quarter)

    def one(factor: str) -> str:
        zones = sorted(zone for zone, name in found if name == factor)
        groups = [group for zone in zones if (group := _of_zone(park, zone, factor, found[zone, factor]))]
        return waterfalls(f"zones-{factor}", _title(park, factor), groups, T) if groups else ""

    return _each(park, one, "本期没有收支。")


def _of_zone(park: Park, zone: str, factor: str, own: Balance) -> Group | None:
    """Return a zone's steps from opening to closing, None if nothing moved there."""

    def named(name: str, sign: int = 1) -> int:
        return Figure(sign * getattr(own, name), fact_id("balance", zone, factor, name))

    parts = [(word, named(name, sign)) for word, name, sign in OF_A_ZONE]
    if not any(amount for _, amount in parts):
        return None
    return f"{zone} {park.book.zone_label(zone)}", flow_moves(named("opening"), parts, named("closing"))


def supply_pictures(park: Park) -> str:
    """Return what is available beside what waiting and undecided projects need, one picture for each factor needed.

    Source  RESERVE-2d, RESERVE-3
    """
    needs: dict[str, int] = {}
    for (_, factor), amount in demand(park).items():
        needs[factor] = needs.get(factor, 0) + amount
    by_factor = by_factors(balances(park.ledger.entries, park.quarter))

    def one(factor: str) -> str:
        if not needs.get(factor):
            return ""
        free = by_factor.get(factor, NOTHING).available
        wanted = Figure(needs[factor], fact_id("need", "*", factor, "need"))
        rows = [Amount("可用", _named(free, factor, "available")), Amount("待供给与待核定的需要", wanted, "hollow")]
        return bars(f"supply-{factor}", _title(park, factor), rows, T)

    return _each(park, one, "没有待供给或待核定的需要。")


def history_pictures(park: Park) -> str:
    """Return the park's closing balance from quarter to quarter, one picture for each factor that the reserve ever held.

    Source  RESERVE-2a
    """
    quarters = _quarters(park)
    by_quarter = [by_factors(balances(park.ledger.entries, quarter)) for quarter in quarters]

    def one(factor: str) -> str:
        closing = [found.get(factor, NOTHING).closing for found in by_quarter]
        if not any(closing):
            return ""
        named = [_named(amount, factor, "closing", str(at)) for at, amount in zip(quarters, closing, strict=True)]
        points = [Amount(str(quarter), amount) for quarter, amount in zip(quarters, named, strict=True)]
        return columns(f"history-{factor}", _title(park, factor), points, T)

    return _each(park, one, "储备库还没有结存。")


def lots_pictures(park: Park) -> str:
    """Return what is left in the park's lots by the year and the kind of their origin, one picture for each factor.

    Source  RESERVE-2a
    """
    left: dict[str, dict[tuple[int, str], int]] = {}
    for lot in park.ledger.lots:
        if lot.left:
            found, key = left.setdefault(lot.factor, {}), (lot.origin.date.year, lot.origin.kind)
            found[key] = found.get(key, 0) + lot.left

    def one(factor: str) -> str:
        found = left.get(factor, {})
        rows = [
            Amount(
                f"{year} 年 {kind}", Figure(found[year, kind], fact_id("stock", factor, str(year), kind)), ORIGINS[kind]
            )
            for year, kind in sorted(found, key=_oldest)
        ]
        return bars(f"lots-{factor}", _title(park, factor), rows, T) if rows else ""

    return _each(park, one, "储备库没有结存。")


def _named(amount: int, factor: str, what: str, *at: str) -> int:
    """Return an amount of the whole park that knows which figure it is."""
    return Figure(amount, fact_id("balance", "*", factor, what, *at))


def _oldest(key: tuple[int, str]) -> tuple[bool, int, str]:
    """Order origins as they serve: opening lots before all others, then by year."""
    return (key[1] != "期初结存", *key)


def short_map(park: Park) -> Table:
    """Return zones against factors: what is available beyond what is needed; a shortage by shape, word and ground.

    Source  RESERVE-2d, RESERVE-3
    """
    needs, now = demand(park), balances(park.ledger.entries, park.quarter)
    factors = [one for one in park.rules.factors.all if any(factor == one.id for _, factor in (*needs, *now))]
    rows: list[tuple[Cell, ...]] = []
    for zone in sorted({zone for zone, _ in (*needs, *now)}):
        cells = []
        for factor in factors:
            key = (zone, factor.id)
            left = now.get(key, NOTHING).available - needs.get(key, 0)
            cells.append(figure(left, "need", zone, factor.id, "left") if key in needs or key in now else None)
        rows.append((f"{zone} {park.book.zone_label(zone)}", *cells))
    columns_ = (
        Column("zone", "功能区"),
        *(Column(one.id, one.label, "signed", T, factor=one.id, lacks=True) for one in factors),
    )
    note = "可用减去待供给与待核定的需要：▼ 和底色为不足，— 为没有结存也没有需要。"
    return Table("short_map", "各功能区、各因子的余缺", columns_, rows, note=note, empty="没有结存，也没有需要。")


def _quarters(park: Park) -> list[Quarter]:
    """Return the quarters from the first that was booked to the one reported."""
    first = min((one.booked for one in park.ledger.entries), default=park.quarter)
    found = [park.quarter]
    while found[-1] > first:
        found.append(found[-1].previous)
    return found[::-1]


def _title(park: Park, factor: str) -> str:
    return f"{park.rules.factors.label(factor)}（t）"


def _each(park: Park, one: Callable[[str], str], none: str) -> str:
    """Return a picture for each factor beside each other, or a line where there is none."""
    found = [picture for factor in park.rules.factors.by_id if (picture := one(factor))]
    return f'<div class="flows">{"".join(found)}</div>' if found else f"<p>{escape(none)}</p>"
