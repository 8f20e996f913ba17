"""Figures of hourly data: a quarter's sums with file, first and last row, and every hour that was replaced.

Source  TOTAL-2; contract §5, online and substitutions
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from quota_lib.amounts import Ratio, plain, text
from quota_lib.facts import Sample
from quota_lib.periods import quarter_of
from quota_lib.totals.fitting import WATER
from quota_lib.totals.manual import hourly_load, names_an_hour
from quota_lib.totals.online import MG_PER_KG
from quota_lib.totals.parts import rounded
from quota_lib.tracing.fact import Cell, Fact, fact_id
from quota_lib.tracing.trace import cell
from quota_lib.tracing.year import YearTrace, year_kind

if TYPE_CHECKING:
    from quota_lib.hourly.results import Key, OnlineQuarter, Rows, Substitution

MOST_RUNS = 5  # shown of the replaced hours; all of them stand in tables/substitutions.csv
AIR_RULES = ("capture_full", "capture_least", "gap_short", "history_short", "history_long", "history_low")
WATER_RULES = ("water_capture_least", "water_day_share", "water_history_days")
HOURS = {"normal": "正常", "substituted": "替代", "stopped": "停运", "missing": "缺失"}
HOUR = timedelta(hours=1)


@year_kind("online")
def online(trace: YearTrace, unit: str, outlet: str, factor: str, quarter: str, what: str) -> Fact:
    """Return a quarter's sum as given or as computed (t), or its replaced hours (h); of a year, those of its quarters."""
    if what == "capture":
        return _capture(trace, trace.online[(unit, outlet, factor, quarter)])
    if "Q" not in quarter:
        return _of_the_year(trace, (unit, outlet, factor), quarter, what)
    one = trace.online[(unit, outlet, factor, quarter)]
    label = f"{trace.name(unit)} {outlet} {trace.factor(factor)} {quarter} "
    rows, changed = _rows(trace, one), bool(one.substituted)
    if what == "as_given":
        said = "Σ 浓度 × 流量，各行按原值"
        return Fact("", f"{label}按原值", text(one.as_given), "t", said, "TOTAL-2", cells=rows)
    if what == "substituted":
        names = WATER_RULES if trace.year.rules.factors.by_id[factor].medium == WATER else AIR_RULES
        rules = tuple(trace.yearly_rule(f"monitoring.{name}") for name in names) if changed else ()
        said = f"正常 {one.normal} + 替代 {one.substituted} + 停运 {one.stopped} + 缺失 {one.missing} 为该季度全部小时"
        note = "；".join(_runs(_replaced(trace, one)))
        return Fact("", f"{label}替代小时", str(one.substituted), "h", said, "TOTAL-2", (), rules, rows, note)
    if what != "computed" or one.computed is None:
        raise KeyError(what)
    swapped = sum((row.new_kg for row in _replaced(trace, one)), Decimal(0))
    more = f"，另替代 {one.substituted} 小时 {plain(swapped)} kg" if changed else ""
    said = f"Σ 有效小时的浓度 × 流量，共 {one.normal} 小时{more}；合计后修约到毫克"
    parts = (fact_id("online", unit, outlet, factor, quarter, "substituted"),) if changed else ()
    return Fact("", f"{label}核算", text(one.computed), "t", said, "TOTAL-2", parts, cells=rows)


def _capture(trace: YearTrace, one: OnlineQuarter) -> Fact:
    """Return the share of a quarter's hours of operation with valid data."""
    if one.capture is None:
        raise KeyError(one.quarter)
    label = f"{trace.name(one.unit)} {one.outlet} {trace.factor(one.factor)} {one.quarter} 有效捕集率"
    water = trace.year.rules.factors.by_id[one.factor].medium == WATER
    rules = (trace.yearly_rule(f"monitoring.{'water_capture_least' if water else 'capture_least'}"),)
    due = one.normal + one.substituted + one.missing
    hours = f"正常 {one.normal} + 替代 {one.substituted} + 缺失 {one.missing}"
    said = f"有效 {plain(Decimal((one.capture * due).numerator))} 小时 ÷ 运行 {due} 小时（{hours}）"
    cells, note = _rows(trace, one), "取六位小数，舍去其余；有效的小时随所在的日一起替代的，不在正常之中"
    return Fact("", label, share_text(one.capture), "", said, "TOTAL-2", (), rules, cells, note)


def share_text(share: Fraction | Ratio) -> str:
    """Return a share as pages print it: six decimals, cut off."""
    return plain(Decimal(share.numerator * 10**6 // share.denominator).scaleb(-6))


def _of_the_year(trace: YearTrace, key: Key, year: str, what: str) -> Fact:
    quarters = [one for (*own, _), one in trace.online.items() if tuple(own) == key]
    found = [(one.quarter, getattr(one, what)) for one in quarters if getattr(one, what)]
    parts = tuple(fact_id("online", *key, str(quarter), what) for quarter, _ in found)
    word = {"as_given": "按原值", "computed": "核算", **{name: f"{said}小时" for name, said in HOURS.items()}}[what]
    whole = sum(known for _, known in found)
    value, unit = (str(whole), "h") if what in HOURS else (text(whole), "t")
    label = f"{trace.name(key[0])} {key[1]} {trace.factor(key[2])} {year} 年{word}"
    if what in HOURS and what != "substituted":
        said = " + ".join(f"{quarter} {known}" for quarter, known in found)
        cells = _rows(trace, quarters[0]) if quarters else ()
        return Fact("", label, value, unit, f"{value} = {said or '0'}", "TOTAL-2", cells=cells)
    return Fact("", label, value, unit, f"{len(found)} 个季度之和", "TOTAL-2", parts)


def _rows(trace: YearTrace, one: OnlineQuarter) -> tuple[Cell, ...]:
    """Return where the year's rows stand, by file: first and last row."""
    years = trace.made.hourly.years if trace.made.hourly else []
    found = (year for year in years if (year.unit, year.outlet, year.factor) == (one.unit, one.outlet, one.factor))
    return tuple(file_rows(rows) for year in found for rows in year.rows)


def file_rows(rows: Rows) -> Cell:
    """Return where rows of hourly data stand: file, first and last row."""
    return Cell(f"{rows.file} › 行!{rows.first}–{rows.last}", "首行至末行，行数", str(rows.last - rows.first + 1))


def _replaced(trace: YearTrace, one: OnlineQuarter) -> list[Substitution]:
    """Return the replaced hours of a quarter, by time."""
    if trace.made.hourly is None:
        return []
    every = trace.made.hourly.substitutions.of((one.unit, one.outlet, one.factor))
    return [row for row in every if quarter_of(row.time) == one.quarter]


def _runs(replaced: list[Substitution]) -> Iterator[str]:
    """Return the replaced hours in words, those on end with one value as one."""
    runs: list[list[Substitution]] = []
    for row in replaced:
        last = runs[-1][-1] if runs else None
        if last and last.time + HOUR == row.time and last[4:] == row._replace(old_kg=last.old_kg)[4:]:
            runs[-1].append(row)
        else:
            runs.append([row])
    for run in runs[:MOST_RUNS]:
        first = run[0]
        until = f" 至 {run[-1].time:%m-%d %H:%M}" if len(run) > 1 else ""
        yield (
            f"{first.time:%Y-%m-%d %H:%M}{until} {first.flag} 每小时按 {plain(first.new_kg)} kg"
            f"（{first.rule}，取自 {first.from_:%Y-%m-%d %H:%M}，有效小时 {first.hours_used}）"
        )
    if len(runs) > MOST_RUNS:
        yield f"其余 {sum(map(len, runs[MOST_RUNS:]))} 小时见 tables/substitutions.csv"


@year_kind("sampled_hours")
def sampled_hours(trace: YearTrace, unit: str, outlet: str, factor: str, quarter: str) -> Fact:
    """Return by how much manual samples differ from the online data of their hours, where they prevail."""
    rules = tuple(trace.yearly_rule(f"annual.{name}") for name in ("manual_over_online", "detection_share"))
    share = trace.year.rules.ratio("annual.detection_share", trace.year.end)
    water = trace.year.outlets[(unit, outlet)].medium == WATER
    difference, said, cells = Fraction(0), [], []
    for hour, (given, rows) in _sampled(trace, (unit, outlet, factor), quarter).items():
        load = sum((hourly_load(row, share, water) for row in rows), Fraction(0)) / len(rows)
        difference += load - Fraction(given) * MG_PER_KG
        said.append(f"{hour:%Y-%m-%d} {hour:%H} 时 手工 {text(rounded(load))} t − 在线 {plain(given)} kg")
        cells += [cell(row, name) for row in rows for name in _names(row)]
    label = f"{trace.name(unit)} {outlet} {trace.factor(factor)} {quarter} 采样小时手工与在线之差"
    return Fact("", label, text(rounded(difference)), "t", "；".join(said), "TOTAL-2", (), rules, tuple(cells))


def _sampled(trace: YearTrace, key: Key, quarter: str) -> dict[datetime, tuple[Decimal, list[Sample]]]:
    """Return the samples of a quarter that name an hour with an online emission (kg), by hour."""
    known = trace.made.hourly.hours if trace.made.hourly else {}
    found: dict[datetime, tuple[Decimal, list[Sample]]] = {}
    for row in trace.year.samples:
        hour = row.date.replace(minute=0, second=0, microsecond=0)
        timed = names_an_hour(row) and str(quarter_of(row.date)) == quarter
        if timed and (row.unit, row.outlet, row.factor) == key and (*key, hour) in known:
            found.setdefault(hour, (known[(*key, hour)], []))[1].append(row)
    return found


def _names(row: Sample) -> tuple[str, str]:
    return "concentration" if row.concentration is not None else "detection_limit", "flow"
