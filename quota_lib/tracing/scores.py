"""Figures of the scorecard: zones from their plants, plants from verdicts, entries, actual and permitted amounts.

Source  SAFE-4
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from quota_lib.amounts import text
from quota_lib.facts import Verdict
from quota_lib.totals.scorecard import Moved
from quota_lib.tracing.fact import Fact, fact_id
from quota_lib.tracing.plants import actual_id, total_id
from quota_lib.tracing.trace import cell
from quota_lib.tracing.year import PARK, YEARLY, YearTrace, year_kind

WORDS = {
    "reduced": ("减排", "REDUCE-4"),
    "reserved": ("储备", "RESERVE-1"),
    "used": ("使用", "RESERVE-2c"),
    "recovered": ("回收", "RESERVE-4"),
    "actual": ("实际", "TOTAL-2"),
    "permitted": ("许可", "TOTAL-2"),
}


@year_kind("score")
def score(trace: YearTrace, zone: str, factor: str, what: str, unit: str = "") -> Fact:
    """Return a figure of the scorecard: of a plant, of a zone, or (zone ``*``) of the park.

    ``left``: what the actual amount leaves of the year's cap.
    """
    where = "全园区" if zone == PARK else trace.name(unit) if unit else trace.park.book.zone_label(zone)
    if what == "left":
        return _left(trace, zone, factor, where)
    word, clause = WORDS[what]
    label = f"{where} {trace.factor(factor)} {trace.year.year} 年{word}"
    found = _moves(trace, zone, factor, what, unit)
    value = text(sum(one.amount for one in found))
    if unit or zone != PARK:
        parts, of = _parts(trace, zone, factor, what, unit, found)
    else:
        zones = sorted({one.account[0] for one in found})
        parts, of = tuple(fact_id("score", name, factor, what) for name in zones), f"{len(zones)} 个功能区之和"
    rules = (trace.yearly_rule("annual.actual"),) if what == "actual" else ()
    return Fact("", label, value, YEARLY, of, clause, parts, rules)


def _moves(trace: YearTrace, zone: str, factor: str, what: str, unit: str) -> list[Moved]:
    return [
        one
        for (own, plant, name, column), found in sorted(trace.moved.items())
        if (name, column) == (factor, what) and (zone in (PARK, own)) and (not unit or plant == unit)
        for one in found
    ]


def _parts(
    trace: YearTrace, zone: str, factor: str, what: str, unit: str, found: list[Moved]
) -> tuple[tuple[str, ...], str]:
    """Return what a zone's or plant's figure is the sum of; a zone's opens into plants where these are sums in turn."""
    units = sorted({one.account[1] for one in found})
    if what in ("actual", "permitted"):
        return tuple(_of_a_total(one.by, what) for one in found), f"{len(units)} 个排污单位之和"
    if not unit and all(units):
        return tuple(fact_id("score", zone, factor, what, one) for one in units), f"{len(units)} 个排污单位之和"
    return tuple(_of_a_move(trace, one, what) for one in found), f"{len(found)} 项变动之和"


def _of_a_total(row: Any, what: str) -> str:
    return actual_id(row) if what == "actual" else total_id(row, "permitted")


def _of_a_move(trace: YearTrace, one: Moved, what: str) -> str:
    """Return the id of a verdict's change or of an entry; what is used is taken from lots, with the sign turned."""
    if isinstance(one.by, Verdict):
        place = one.by.at
        return fact_id("verdict", one.by.project, one.by.factor, place.source.file, str(place.row))
    number = trace.entry_ids[one.by.sequence]  # type: ignore[union-attr]
    return fact_id("drawn", number) if what == "used" else fact_id("entry", number, "amount")


def _left(trace: YearTrace, zone: str, factor: str, where: str) -> Fact:
    cap = trace.year.caps[(trace.year.year, "" if zone == PARK else zone, factor)].cap
    actual = sum(one.amount for one in _moves(trace, zone, factor, "actual", ""))
    said = f"限量 {text(cap)} − 实际 {text(actual)}"
    parts = (fact_id("cap", zone, factor, str(trace.year.year)), fact_id("score", zone, factor, "actual"))
    label = f"{where} {trace.factor(factor)} 限量余量"
    return Fact("", label, text(cap - actual), YEARLY, said, "TOTAL-3", parts)


@year_kind("verdict")
def verdict(trace: YearTrace, project: str, factor: str, file: str, row: str) -> Fact:
    """Return by how much a verdict changes what is verified of a project's factor."""
    one = next(found for found in _verdicts(trace.moved.values(), project, factor) if _at(found, file, row))
    judged = one.by
    if not isinstance(judged, Verdict):
        raise TypeError(judged)
    passed = (judged.verified or 0) if judged.verdict == "通过" else 0
    before = passed - one.amount
    said = f"核定 {text(passed)} − 此前核定 {text(before)}" if before or not passed else ""
    field = "verified" if judged.verdict == "通过" else "verdict"
    label = f"{project} {trace.factor(factor)} {judged.date} {judged.verdict}"
    return Fact("", label, text(one.amount), YEARLY, said, "REDUCE-4", cells=(cell(judged, field),))


def _verdicts(found: Iterable[list[Moved]], project: str, factor: str) -> Iterable[Moved]:
    return (
        one
        for moves in found
        for one in moves
        if isinstance(one.by, Verdict) and (one.by.project, one.by.factor) == (project, factor)
    )


def _at(one: Moved, file: str, row: str) -> bool:
    place = one.by.at if isinstance(one.by, Verdict) else None
    return place is not None and (place.source.file, str(place.row)) == (file, row)
