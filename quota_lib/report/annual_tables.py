"""What the annual page shows in its own words: answers, zones, plants, the flow of the reserve.

Source  TOTAL-2, TOTAL-3, SAFE-4
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from quota_lib.annual import Closed
from quota_lib.periods import Quarter
from quota_lib.report.charts import flow_moves, waterfall
from quota_lib.report.html import Answer
from quota_lib.report.movements import Rows
from quota_lib.report.overview import PARK
from quota_lib.report.pictures import FLOW
from quota_lib.report.table import Column, Table
from quota_lib.reserve.balances import balances
from quota_lib.totals.reading import labels
from quota_lib.totals.scorecard import Score
from quota_lib.totals.totals import Total
from quota_lib.totals.year import WHOLE_PLANT
from quota_lib.tracing import fact_id, figure, signed
from quota_lib.tracing.fact import Sentence, Words, told
from quota_lib.tracing.plants import total_id
from quota_lib.tracing.year import PARK as ANYWHERE

YEARLY, T = "t/a", "t"
NEXT_YEAR = (
    ("above", "W556", " 项局核定的下年允许高于许可"),
    ("unpermitted", "W554", " 项没有任何许可排放量，不拟定下年允许"),
)
SUMS = ("reduced", "reserved", "used", "recovered", "actual", "permitted")


def answers(closed: Closed) -> list[Answer]:
    """Return one answer for each zone, and for the park where it has a cap: actual, caps, what to look at."""
    book = closed.park.book
    zones = sorted({one.zone for one in closed.account.scorecard if not one.unit}, key=lambda zone: (not zone, zone))
    return [_of_a_zone(closed, zone, book.zone_label(zone) if zone else PARK) for zone in zones]


def _of_a_zone(closed: Closed, zone: str, label: str) -> Answer:
    rows = [one for one in closed.account.scorecard if one.zone == zone and not one.unit]
    over = [one for one in rows if one.cap is not None and one.actual is not None and one.actual > one.cap]
    short = [one for one in closed.allowables.balances if one.zone == zone and one.short > 0]
    looks = [one for one in closed.findings if one.zone == zone and one.level == "预警"]
    factor = closed.year.rules.factors.label
    year, place = str(closed.year.year), zone or ANYWHERE
    lines: list[str] = [
        Sentence(
            f"{factor(one.factor)}实际 ",
            figure(one.actual, "score", place, one.factor, "actual") or 0,
            " t，限量 ",
            figure(one.cap, "cap", place, one.factor, year) or 0,
            " t",
        )
        for one in over
    ]
    lines += [
        Sentence(
            f"{factor(one.factor)}下年限量不能满足，差 ",
            figure(one.short, "room", place, one.factor, "short") or 0,
            " t",
        )
        for one in short
    ]
    for what, code, said in NEXT_YEAR:
        number = sum(one.code == code for one in looks)
        lines += [Sentence(_count(place, what, number), said)] if number else []
    if looks:
        lines.append(Sentence(_count(place, "looks", len(looks)), " 条预警待核查"))
    caps = sum(one.cap is not None for one in rows)
    if over or short:
        exceeded, unmet = _count(place, "over", len(over)), _count(place, "short", len(short))
        headline: str = Sentence(exceeded, " 种因子超过限量，", unmet, " 种下年限量不能满足。")
    else:
        headline = Sentence(_count(place, "caps", caps), " 个限量均未超过。") if caps else "没有设定排放限量。"
    verdict = "bad" if over or short else "look" if looks else "good"
    return Answer(label, verdict, headline, lines, "#table-zones")  # type: ignore[arg-type]


def _count(zone: str, what: str, number: int) -> Words:
    """Return a count that opens the list of what was counted."""
    return Words(str(number), fact_id("zone_count", zone, what))


def zones(closed: Closed) -> Table:
    """Return the scorecard of the zones, with the park's row where it has a cap."""
    book, found = closed.park.book, closed.account.scorecard
    own = [one for one in found if one.zone and not one.unit]
    rows: Rows = [(f"{one.zone} {book.zone_label(one.zone)}", one.factor, *_scores(closed, one)) for one in own]
    total = frozenset(range(len(rows), len(rows) + len({one.factor for one in own})))
    rows += [(PARK, one.factor, *_scores(closed, one)) for one in _whole_park(closed, own)]
    columns = (
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        *_score_columns(),
        Column("left", "限量余量", "signed", YEARLY),
    )
    note = "减排、储备、使用、回收为本年各季度入账净额；实际为全厂外排环境量，先取核定，其次核算，再次申报。"
    return Table("zones", "各功能区记分卡", columns, rows, factor="factor", note=note, total=total)


def _whole_park(closed: Closed, zones: Sequence[Score]) -> Iterable[Score]:
    """Return the park's row for every factor: the sums of its zones, beside its own caps."""
    caps, year = closed.year.caps, closed.year.year
    for factor in closed.year.rules.factors.by_id:
        own = [one for one in zones if one.factor == factor]
        if own:
            known = {name: [getattr(one, name) for one in own if getattr(one, name) is not None] for name in SUMS}
            sums: dict[str, Any] = {name: sum(found) if found else None for name, found in known.items()}
            cap, after = caps.get((year, "", factor)), caps.get((year + 1, "", factor))
            yield own[0]._replace(zone="", cap=cap and cap.cap, next_cap=after and after.cap, **sums)


def _scores(closed: Closed, one: Score) -> tuple[int | None, ...]:
    """Return the figures of a zone or the park; the last: what the actual amount leaves of the cap."""
    zone, year = one.zone or ANYWHERE, closed.year.year
    left = None if one.cap is None or one.actual is None else one.cap - one.actual
    return (
        *(figure(getattr(one, name), "score", zone, one.factor, name) for name in SUMS),
        figure(one.cap, "cap", zone, one.factor, str(year)),
        figure(one.next_cap, "cap", zone, one.factor, str(year + 1)),
        figure(left, "score", zone, one.factor, "left"),
    )


def _score_columns() -> tuple[Column, ...]:
    names = ("减排", "储备", "使用", "回收", "实际", "许可", "本年限量", "下年限量")
    ids = ("reduced", "reserved", "used", "recovered", "actual", "permitted", "cap", "next_cap")
    return tuple(Column(one, name, "mass", YEARLY) for one, name in zip(ids, names, strict=True))


def plants(closed: Closed) -> Table:
    """Return every plant's year: declared, computed by which route, verified, permitted, allowable."""
    rows: Rows = [
        (
            closed.park.book.unit_label(one.unit),
            one.unit,
            one.zone or None,
            one.factor,
            one.basis,
            one.scope,
            _of_plant(one, "declared_actual"),
            _of_plant(one, "computed_actual"),
            labels(tuple(one.route.split("+"))) if one.route else None,
            _of_plant(one, "verified_actual"),
            _of_plant(one, "permitted"),
            _of_plant(one, "allowable"),
            _of_plant(one, "next_allowable"),
            Words(one.reason, total_id(one, "computed_actual")) if one.reason and one.route else one.reason or None,
        )
        for one in closed.account.totals
        if one.scope == WHOLE_PLANT or one.declared_actual is not None
    ]
    columns = (
        Column("label", "排污单位"),
        Column("unit", "代码"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("basis", "口径"),
        Column("scope", "范围"),
        Column("declared_actual", "申报实际", "mass", YEARLY),
        Column("computed_actual", "核算实际", "mass", YEARLY),
        Column("route", "采用途径"),
        Column("verified_actual", "核定实际", "mass", YEARLY),
        Column("permitted", "台账许可", "mass", YEARLY),
        Column("allowable", "本年允许", "mass", YEARLY),
        Column("next_allowable", "下年允许", "mass", YEARLY),
        Column("reason", "理由"),
    )
    note = "接管量与外排环境量是两种量，不相加。主要排放口没有申报的不列；全部途径、口径与范围的数值见 tables/totals.csv 与 annual.xlsx。"
    return Table("plants", "各排污单位", columns, rows, factor="factor", note=note, empty="没有申报或核算的排污单位。")


def _of_plant(one: Total, what: str) -> int | None:
    return told(getattr(one, what), total_id(one, what))


def flow_pictures(closed: Closed) -> str:
    """Return the year's flow of the reserve as pictures, one for each factor that moved."""
    table = flow(closed)
    found = []
    for row in table.rows:
        name, *amounts = row
        opening, *moved, closing = (one for one in amounts if isinstance(one, int))
        parts = [(word, signed(sign, one)) for (word, _, sign), one in zip(FLOW, moved, strict=True)]
        if any(amount for _, amount in parts):
            title = f"{closed.year.rules.factors.label(str(name))}（t）"
            moves = flow_moves(opening, parts, closing, ("年初", "年末"))
            found.append(waterfall(f"flow-{name}", title, moves, T))
    return f'<div class="flows">{"".join(found)}</div>' if found else "<p>本年储备库没有收支。</p>"


def flow(closed: Closed) -> Table:
    """Return the year's flow of the reserve by factor: opening, sources, uses, closing.

    Source  RESERVE-2a, SAFE-4
    """
    year = closed.year.year
    found = balances(closed.park.ledger.entries, Quarter(year, 1), Quarter(year, 4))
    rows: Rows = []
    for factor in closed.year.rules.factors.by_id:
        own = [one for (_, name), one in found.items() if name == factor]
        if own:
            names = (
                "opening",
                "deposited",
                "superior_in",
                "recovered",
                "debited",
                "superior_out",
                "corrected",
                "closing",
            )
            span = (f"{year}Q1", f"{year}Q4")
            sums = ((name, sum(getattr(one, name) for one in own)) for name in names)
            cells = (figure(amount, "balance", ANYWHERE, factor, name, *span) for name, amount in sums)
            rows.append((factor, *cells))
    columns = (
        Column("factor", "污染因子"),
        Column("opening", "年初", "mass", T),
        Column("deposited", "储备", "mass", T),
        Column("superior_in", "上级申请", "mass", T),
        Column("recovered", "回收", "mass", T),
        Column("debited", "扣除", "mass", T),
        Column("superior_out", "上级使用", "mass", T),
        Column("corrected", "冲正", "signed", T),
        Column("closing", "年末", "mass", T),
    )
    note = "年末＝年初＋储备＋上级申请＋回收－扣除－上级使用＋冲正。功能区之间的调剂在全园区相抵。"
    return Table("flow", "全园区储备：本年收支", columns, rows, factor="factor", note=note, empty="储备库没有收支。")
