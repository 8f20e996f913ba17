"""What the annual page shows of permits and next year: the register, recoveries, the allowable, the caps.

Source  TOTAL-2, TOTAL-3, RESERVE-4
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from quota_lib.allowable import Balance, PlantAllowable, Step
from quota_lib.annual import Closed
from quota_lib.report import annual_record
from quota_lib.report.movements import Rows
from quota_lib.report.overview import PARK
from quota_lib.report.table import Column, Table
from quota_lib.totals.register import PERMIT
from quota_lib.totals.totals import Total
from quota_lib.totals.year import TO_ENVIRONMENT, WHOLE_PLANT
from quota_lib.tracing import fact_id, figure
from quota_lib.tracing.fact import Words, told
from quota_lib.tracing.plants import limit_id, total_id
from quota_lib.tracing.year import PARK as ANYWHERE

YEARLY = "t/a"
ROOM = ("cap", "reserved", "approved", "ended", "unlisted", "unpermitted", "available", "total", "headroom")
ONLY_WHERE_THERE_IS_ANY = ("ended", "unpermitted")
CAPS = (
    "可分配＝下年限量－预留－已批未投运－名单外－无许可总量，每吨只扣一次：许可之内已批未投运的，不再计入名单外，也不与局核定数重复。"
    "不再投运：关停、不再建设的项目尚未收回的核定量，收回（RESERVE-4）之前仍占限量（参数 allowable.ended）。没有的留空。"
)
STATES = {"candidate": "候选", "decided": "已决定", "none": "不列入"}
_TONNES = re.compile(r"\d+(?:\.\d+)?(?= t\b)")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
_SHARE = re.compile(r"(\([^()]*%\))")


def allowable(closed: Closed) -> Table:
    """Return next year's allowable of every plant, and how each number came about."""
    known = {one.figure: one for one in closed.account.totals}
    decimals = {one.id: one.decimals for one in closed.year.rules.factors.all}
    rows: Rows = [
        (
            closed.park.book.unit_label(one.unit),
            one.zone,
            one.factor,
            *_allowed(one, known[(one.unit, one.factor, TO_ENVIRONMENT, WHOLE_PLANT)]),
            *_said(one, known[(one.unit, one.factor, TO_ENVIRONMENT, WHOLE_PLANT)], decimals[one.factor]),
        )
        for one in closed.allowables.plants
    ]
    columns = (
        Column("unit", "排污单位"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("permitted", "许可", "mass", YEARLY),
        Column("proposed", "拟定允许", "mass", YEARLY),
        Column("override", "生态环境局核定", "mass", YEARLY),
        Column("next", "下年允许", "mass", YEARLY),
        Column("taken", "从限量扣除", "mass", YEARLY),
        Column("steps", "由来"),
        Column("notes", "说明"),
    )
    note = f"方法：{closed.allowables.label}（{closed.allowables.method}）。生态环境局核定的以核定为准。"
    return Table(
        "allowable", "下年度允许排放量", columns, rows, factor="factor", note=note, empty="没有可拟定的排污单位。"
    )


def _said(one: PlantAllowable, row: Total, decimals: int) -> tuple[Words | None, Words | None]:
    """Return the steps of a plant's allowable, a line each, and what is to be said of it; both open as that figure."""
    said = "\n".join(_step(step, decimals) for step in one.steps)
    noted = "；".join(in_tonnes(note, decimals) for note in one.notes)
    name = fact_id("allowable", one.unit, one.factor, "proposed")
    if one.proposed is None:
        name = total_id(row, "next_allowable") if one.next is not None else fact_id("taken", one.unit, one.factor)
    return Words(said, name) if said else None, Words(noted, name) if noted else None


def _step(step: Step, decimals: int) -> str:
    """Return a step in a line, its amounts with the factor's decimals; a sum that is its value alone is not repeated."""
    unit = "" if step.unit == "1" else f" {step.unit}"
    if step.unit == "1":
        return f"{step.label}：{step.formula} = {step.value}"
    value = padded(step.value, decimals) + unit
    sum_ = "".join(
        part if place % 2 else _NUMBER.sub(lambda found: padded(found[0], decimals), part)
        for place, part in enumerate(_SHARE.split(step.formula))
    )
    return f"{step.label}：{value}" if step.formula == step.value else f"{step.label}：{sum_} = {value}"


def in_tonnes(words: str, decimals: int) -> str:
    """Return a text whose amounts, each followed by t, have the factor's decimals as in the columns beside it."""
    return _TONNES.sub(lambda found: padded(found[0], decimals), words)


def padded(amount: str, decimals: int) -> str:
    """Return an amount with at least so many decimals; zero is 0.

    >>> padded("0.905", 4), padded("12", 4), padded("0", 4), padded("1.23456", 4)
    ('0.9050', '12.0000', '0', '1.23456')
    """
    whole, _, rest = amount.partition(".")
    return f"{whole}.{rest.ljust(decimals, '0')}" if decimals and amount.strip("0.") else amount


def _allowed(one: PlantAllowable, row: Total) -> tuple[int | None, ...]:
    """Return what a plant is permitted, what is proposed, what the bureau says, which of them counts, what it takes."""
    return (
        None if one.permitted is None else told(one.permitted, limit_id(row)),
        figure(one.proposed, "allowable", one.unit, one.factor, "proposed"),
        told(one.override, total_id(row, "verified_allowable")),
        told(one.next, total_id(row, "next_allowable")),
        None if one.next is not None else figure(one.taken, "taken", one.unit, one.factor),
    )


def caps(closed: Closed) -> Table:
    """Return next year's caps and what they must carry; one that cannot be met is said, with by how much."""
    decimals = {one.id: one.decimals for one in closed.year.rules.factors.all}
    rows: Rows = [
        (
            f"{one.zone} {closed.park.book.zone_label(one.zone)}" if one.zone else PARK,
            one.factor,
            *(_room(one, name) for name in ROOM),
            _verdict(one, in_tonnes(one.words, decimals[one.factor])),
        )
        for one in _park_last(closed.allowables.balances)
    ]
    columns = (
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("cap", "下年限量", "mass", YEARLY),
        Column("reserved", "预留", "mass", YEARLY),
        Column("approved", "已批未投运", "mass", YEARLY),
        Column("ended", "其中不再投运", "mass", YEARLY),
        Column("unlisted", "名单外", "mass", YEARLY),
        Column("unpermitted", "无许可总量", "mass", YEARLY),
        Column("available", "可分配", "signed", YEARLY),
        Column("total", "允许合计", "mass", YEARLY),
        Column("headroom", "余量", "signed", YEARLY),
        Column("words", "结论"),
    )
    total = frozenset(place for place, row in enumerate(rows) if row[0] == PARK)
    return Table(
        "caps", "下年度限量与允许排放量", columns, rows, factor="factor", note=CAPS, total=total, empty="没有排放限量。"
    )


def _verdict(one: Balance, words: str) -> str:
    """Return what is said of a cap; it opens as what is left of it."""
    name = fact_id("room", one.zone or ANYWHERE, one.factor, "headroom")
    return words if one.headroom is None else Words(words, name)


def _room(one: Balance, name: str) -> int | None:
    """Return a part of what a cap must carry; of what few places have, only where there is any."""
    amount = getattr(one, name)
    if name in ONLY_WHERE_THERE_IS_ANY and not amount:
        return None
    return figure(amount, "room", one.zone or ANYWHERE, one.factor, name)


def _park_last(balances: Sequence[Balance]) -> list[Balance]:
    return [*(one for one in balances if one.zone), *(one for one in balances if not one.zone)]


def permits(closed: Closed) -> Table:
    """Return the register of what plants are permitted: every change of the year."""
    rows: Rows = []
    end, start = closed.year.end, closed.year.start
    order = closed.year.rules.factors.order
    for unit, factor in sorted(closed.account.register.steps, key=lambda key: (key[0], order[key[1]])):
        before: int | None = None
        for number, step in enumerate(closed.account.register.history(unit, factor, end), start=1):
            change = figure(step.amount, "permit", unit, factor, "amount", str(number))
            if step.kind == PERMIT:
                moved = None if before is None or step.permitted is None else step.permitted - before
                change = figure(moved, "permit", unit, factor, "change", str(number))
            before = step.permitted
            if step.day >= start:
                label = closed.park.book.unit_label(unit)
                place = step.at.reference(step.field)
                after = figure(step.permitted, "permit", unit, factor, "permitted", str(number))
                rows.append((label, factor, step.day, step.kind, step.document or None, change, after, place))
    columns = (
        Column("unit", "排污单位"),
        Column("factor", "污染因子"),
        Column("date", "日期", "date"),
        Column("kind", "事项"),
        Column("document", "文号或单号"),
        Column("amount", "变动", "signed", YEARLY),
        Column("permitted", "此后许可", "mass", YEARLY),
        Column("source", "单元格"),
    )
    return Table("permits", "许可总量台账：本年变动", columns, rows, factor="factor", empty="本年许可总量没有变动。")


def recoveries(closed: Closed) -> Table:
    """Return the candidates for recovery as people read them."""
    table = annual_record.recoveries(closed)
    return replace(table, rows=[(*row[:-1], STATES[str(row[-1])]) for row in table.rows])
