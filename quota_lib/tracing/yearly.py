"""What only a year's findings and counts need: the figures of a finding's subject, and what was counted.

Source  TOTAL-2, TOTAL-3, SAFE-4
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from quota_lib.amounts import plain, text
from quota_lib.annual import plausibility_input
from quota_lib.findings import Finding
from quota_lib.tracing import sayings
from quota_lib.tracing.counts import NOTHING_TO_COUNT
from quota_lib.tracing.fact import Cell, Fact, fact_id
from quota_lib.tracing.hourly import file_rows, share_text
from quota_lib.tracing.plants import DECLARED, VERIFIED, total_id
from quota_lib.tracing.scores import WORDS
from quota_lib.tracing.trace import cell, heading_of
from quota_lib.tracing.year import PARK, YEARLY, YearTrace, usual, year_kind

SERIES = {
    "nonzero": ("非零小时值的个数", ""),
    "flat_hours": ("同一值连续的小时", "h"),
    "flat_value": ("连续不变的值", ""),
    "invalid": ("全年缺失小时", "h"),
    "hours": ("全年小时", "h"),
}


@year_kind("series")
def series_(trace: YearTrace, unit: str, outlet: str, factor: str, what: str) -> Fact:
    """Return what is told of an outlet's year of hourly concentrations: how many, and the longest run of one value."""
    years = trace.made.hourly.years if trace.made.hourly else ()
    one = next(year for year in years if (year.unit, year.outlet, year.factor) == (unit, outlet, factor))
    word, measure = SERIES[what]
    label = f"{trace.name(unit)} {outlet} {trace.factor(factor)} {word}"
    value = getattr(one, what)
    cells = tuple(file_rows(rows) for rows in one.rows)
    return Fact("", label, plain(Decimal(value)), measure, "", "SAFE-4", cells=cells)


@year_kind("spoken_for")
def spoken_for(trace: YearTrace, zone: str, factor: str) -> Fact:
    """Return how much of a cap is taken before any plant's allowable: all but what is available."""
    one = trace.rooms[(zone, factor)]
    if one.cap is None or one.available is None:
        raise KeyError(zone)
    parts = tuple(fact_id("room", zone, factor, name) for name in ("cap", "available"))
    said = f"限量 {text(one.cap)} − 可分配 {text(one.available)}"
    label = f"{trace.park.book.zone_label(zone)} {trace.factor(factor)} 下年限量已占用"
    return Fact("", label, text(one.cap - one.available), YEARLY, said, "TOTAL-3", parts)


@year_kind("before")
def before(trace: YearTrace, unit: str, factor: str) -> Fact:
    """Return what a plant declared as its actual amount for the year before."""
    one = plausibility_input(trace.year, None).declared_before[(unit, factor)]
    if one.at is None:
        raise KeyError(unit)
    place, field = one.at
    cells = (Cell(place.reference(field), heading_of(place, field), text(one.actual)),)
    label = f"{trace.name(unit)} {trace.factor(factor)} {one.year} 年申报实际"
    return Fact("", label, text(one.actual), YEARLY, "", "TOTAL-2", cells=cells)


def about(trace: YearTrace, one: Finding) -> Iterator[str]:
    """Return the ids of the year's figures of a finding's subject: of its plant, project or zone."""
    year = str(trace.year.year)
    if one.unit and one.factor:
        for row in trace.account.totals:
            if (row.unit, row.factor) == (one.unit, one.factor):
                yield from (total_id(row, name) for name in (*DECLARED, *VERIFIED, "computed_actual", "permitted"))
        for key in trace.compared:
            if key[:2] == (one.unit, one.factor):
                yield from (fact_id(name, *key[:3], *usual(*key[3:])) for name in ("published", "difference"))
        for place in trace.online:
            if (place[0], place[2]) == (one.unit, one.factor):
                yield fact_id("online", *place, "capture")
        for series in trace.made.hourly.years if trace.made.hourly else ():
            if (series.unit, series.factor) == (one.unit, one.factor):
                yield from (fact_id("series", one.unit, series.outlet, one.factor, name) for name in SERIES)
        yield fact_id("before", one.unit, one.factor)
        yield from (
            fact_id("permit", one.unit, one.factor, "permitted"),
            fact_id("allowable", one.unit, one.factor, "proposed"),
            fact_id("allowable", one.unit, one.factor, "held"),
            fact_id("total", one.unit, one.factor, "allowable"),
            fact_id("taken", one.unit, one.factor),
        )
    elif one.zone and one.factor:
        yield from (fact_id("score", one.zone, one.factor, name) for name in (*WORDS, "left"))
        yield from (fact_id("cap", one.zone, one.factor, at) for at in (year, str(trace.year.year + 1)))
        yield from (fact_id("room", one.zone, one.factor, name) for name in ("available", "total", "headroom", "short"))
        yield fact_id("spoken_for", one.zone, one.factor)
    yield from sayings.about(trace, one)


LOOKS = {
    "looks": ("", "预警"),
    "above": ("W556", "局核定的下年允许高于许可"),
    "unpermitted": ("W554", "没有任何许可排放量"),
}


@year_kind("zone_count")
def zone_count(trace: YearTrace, zone: str, what: str) -> Fact:
    """Return a count of a zone's year: caps, those exceeded, next year's that cannot be met, warnings to look into."""
    year, place = trace.year.year, "" if zone == PARK else zone
    rows = [one for one in trace.account.scorecard if one.zone == place and not one.unit and one.cap is not None]
    if what in LOOKS:
        code, word = LOOKS[what]
        looks = [(number, one.code) for number, one in trace.seen.items() if (one.zone, one.level) == (place, "预警")]
        parts = tuple(fact_id("finding", number) for number, own in looks if code in ("", own))
    elif what == "caps":
        parts, word = tuple(fact_id("cap", zone, one.factor, str(year)) for one in rows), "本年的限量"
    elif what == "over":
        over = [one for one in rows if one.actual is not None and one.cap is not None and one.actual > one.cap]
        parts, word = tuple(fact_id("score", zone, one.factor, "left") for one in over), "超过限量的因子"
    elif what == "short":
        short = [one for one in trace.made.allowables.balances if one.zone == place and one.short > 0]
        parts, word = tuple(fact_id("room", zone, one.factor, "short") for one in short), "下年限量不能满足的因子"
    else:
        raise ValueError(what)
    label = f"{trace.park.book.zone_label(place) if place else '全园区'} {word}"
    note = "" if parts else NOTHING_TO_COUNT
    return Fact("", label, str(len(parts)), "", f"共 {len(parts)} 项，逐项如下", "TOTAL-3", parts, note=note)


@year_kind("candidate")
def candidate(trace: YearTrace, project: str, factor: str, reason: str, what: str) -> Fact:
    """Return which share of what is permitted a candidate for recovery used, or the load at which it was sampled."""
    one = trace.candidates[(project, factor, reason)]
    label = f"{project} {trace.factor(factor)} {reason} "
    if what == "share" and one.share is not None:
        said = f"实际 {text(one.actual or 0)} ÷ 许可 {text(one.permitted or 0)}，取六位小数（舍去其余）"
        parts = tuple(fact_id("recovery", project, factor, reason, name) for name in ("actual", "permitted"))
        rules = (trace.yearly_rule("recovery.actual_below"),)
        return Fact("", f"{label}实际占许可", share_text(one.share), "", said, "RESERVE-4", parts, rules)
    if what != "load" or one.load is None:
        raise ValueError(what)
    samples = trace.year.samples if one.year == trace.year.year else trace.year.book.rows("sample")
    about = (one.unit, factor, one.year)
    rows = [row for row in samples if (row.unit, row.factor, row.date.year) == about and row.load is not None]
    cells = tuple(cell(row, "load") for row in rows)
    said = "各排放口监督监测与自行监测各自平均，再平均"
    return Fact("", f"{label}监测时负荷", plain(one.load), "%", said, "RESERVE-4", cells=cells)
