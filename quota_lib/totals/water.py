"""The water behind online data: measured where enough hours have a flow, else what 排放口年度 states, and which it was.

Source  TOTAL-2; methods §4, Q of 外排环境量
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from quota_lib.amounts import Ratio, plain
from quota_lib.facts import SewagePlant
from quota_lib.totals.online import Measured
from quota_lib.totals.parts import Part, segments

MEAN = "mean"


class Water(NamedTuple):
    """The m³ of a quarter.  ``volume`` None: not known.  ``by_day``: in what proportion, () for evenly.

    ``said``: what a person should know of it, "" where every hour was measured; ``source`` measured, stated or none.
    """

    volume: Fraction | None
    by_day: tuple[Fraction, ...]
    source: str
    said: str


SOURCES: Mapping[str, str] = {"measured": "水量按实测流量", "stated": "水量按排放口年度", "none": "没有水量"}


def water(measured: Measured | None, stated: Fraction | None, least: Ratio, rest: str) -> Water:
    """Return the water of a quarter.

    Units   m³
    Shape   ``stated``: the quarter's share of the year's volume; ``least``: the share of hours in operation from
            which measured flows count; ``rest``: what stands for the others, their mean or nothing.
    Source  methods §4: flows are measured, never replaced one by one; methods §5: E alone is
    """
    if measured is None:
        return _stated(stated, (), "")
    if measured.counted * least.denominator >= measured.due * least.numerator and (
        measured.counted or not measured.due
    ):
        return _measured(measured, rest)
    running = tuple(Fraction(counted + lacks) for _, counted, lacks in measured.days)
    share = f"有效流量只占 {_percent(measured)}，低于 {_percent_of(least)}"
    return _stated(stated, running, share)


def _measured(one: Measured, rest: str) -> Water:
    """Return the measured water; hours without a flow that counts take the quarter's mean, or nothing."""
    whole = Fraction(one.water)
    mean = whole / one.counted if one.counted and rest == MEAN else Fraction(0)
    lacking = one.due - one.counted
    by_day = tuple(Fraction(litres, 1000) + mean * lacks for litres, _, lacks in one.days)
    if not lacking:
        return Water(whole, by_day, "measured", "")
    how = f"按该季度平均流量计 {_number(mean * lacking)} m³" if rest == MEAN else "不计水量"
    aside = f"，其中 {one.aside_hours} 小时有流量而数据无效，共 {plain(one.aside)} m³ 未采用" if one.aside_hours else ""
    return Water(
        whole + mean * lacking, by_day, "measured", f"运行 {one.due} 小时中 {lacking} 小时没有有效流量，{how}{aside}"
    )


def _stated(stated: Fraction | None, running: tuple[Fraction, ...], why: str) -> Water:
    source = "none" if stated is None else "stated"
    return Water(stated, running, source, f"{why}，{SOURCES[source]}" if why else "")


def _percent(one: Measured) -> str:
    return f"{plain(Decimal(one.counted * 10_000 // max(one.due, 1)).scaleb(-2))} %"


def _percent_of(share: Ratio) -> str:
    return f"{plain(Decimal(share.numerator * 10_000 // share.denominator).scaleb(-2))} %"


def _number(exact: Fraction) -> str:
    """Return an amount of water in whole litres."""
    return plain(Decimal(round(exact * 1000)).scaleb(-3))


# what is said


def said_of_water(by_quarter: Mapping[int, Water]) -> str:
    """Return in one sentence where the water of the quarters is from; "" without any."""
    plain_ones = {number: one for number, one in by_quarter.items() if one.source == "measured" or not one.said}
    clauses = []
    for source, words in SOURCES.items():
        numbers = [str(number) for number, one in plain_ones.items() if one.source == source]
        if numbers:
            clauses.append(words if len(numbers) == len(by_quarter) else f"第 {'、'.join(numbers)} 季度{words}")
    clauses += [f"第 {number} 季度{one.said}" for number, one in by_quarter.items() if one.said]
    return "；".join(clauses)


def said_of_split(parts: Iterable[Part], plant: Sequence[SewagePlant]) -> str:
    """Return in one sentence how parts are divided where the sewage plant's concentration changes inside them."""
    hourly: set[date] = set()
    by_days: set[date] = set()
    for part in parts:
        starts = [first for first, _ in segments(part.first, part.last, (row.since for row in plant))]
        (hourly if part.load_by_day else by_days).update(starts[1:])
    clauses = [
        f"出水浓度自 {'、'.join(map(str, sorted(days)))} 起变化，按{what}拆分"
        for days, what in ((hourly, "小时数据"), (by_days, "天数"))
        if days
    ]
    return "；".join(clauses)
