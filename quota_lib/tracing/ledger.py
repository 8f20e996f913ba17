"""Figures of the ledger: balances, entries, lots.

Source  RESERVE-2a; contract §5, balances, entries, lots
"""

from __future__ import annotations

from collections.abc import Iterable

from quota_lib.amounts import text
from quota_lib.periods import Quarter, parse_period
from quota_lib.reserve.balances import FLOWS, NOTHING, USES, Balance, together
from quota_lib.reserve.lots import Entry
from quota_lib.tracing.fact import Fact, fact_id
from quota_lib.tracing.trace import Trace, cell, kind

PARK = "*"
LABELS = {
    "opening": "期初",
    "deposited": "储备",
    "transferred_in": "调入",
    "superior_in": "上级申请",
    "recovered": "回收",
    "debited": "扣除",
    "transferred_out": "调出",
    "superior_out": "上级使用",
    "corrected": "冲正",
    "closing": "期末",
    "frozen": "已纳入上级",
    "available": "可用",
    "brought": "来源",
    "sources": "来源（含调入）",
    "uses": "使用（含调出）",
    "change": "变化",
}
SUMS = {
    "brought": ("deposited", "superior_in", "recovered"),
    "sources": ("deposited", "transferred_in", "superior_in", "recovered"),
    "uses": USES,
}
DERIVED = ("closing", "frozen", "available", "change", *SUMS)
MOVEMENTS = {
    "opening": "期初结存",
    "deposit": "指标储备",
    "superior_in": "申请使用上级",
    "transfer_in": "调入",
    "transfer_out": "调出",
    "recovery": "回收",
    "debit": "扣除",
    "freeze": "纳入上级",
    "release": "退出上级",
    "superior_out": "上级使用",
    "correction": "冲正",
}
KIND_OF = {flow: kind_ for kind_, flow in FLOWS.items()}
CLOSING = tuple(name for name in LABELS if name not in DERIVED)
CHANGES = tuple(name for name in CLOSING if name != "opening")


@kind("balance")
def balance(trace: Trace, zone: str, factor: str, what: str, first: str = "", last: str = "") -> Fact:
    """Return a part of a balance, of the quarter or of the quarters from ``first`` to ``last``; zone ``*``: the park."""
    since, until = _quarter(trace, first), _quarter(trace, last or first)
    keys = (first, last) if last else (first,) if first else ()
    label = f"{_zone(trace, zone)} {trace.factor(factor)} {LABELS[what]}" + (f"（{since}–{until}）" if first else "")
    found = trace.balances(since, until)
    if zone == PARK:
        zones = sorted(z for z, f in found if f == factor)
        if what == "change":
            return _change(together(found[(one, factor)] for one in zones), label, (zone, factor), keys)
        total = _value(together(found[(one, factor)] for one in zones), what)
        parts = tuple(fact_id("balance", one, factor, what, *keys) for one in zones)
        return Fact("", label, text(total), formula="各功能区之和", clause="RESERVE-2a", parts=parts)
    one = found.get((zone, factor), NOTHING)
    if what == "change":
        return _change(one, label, (zone, factor), keys)
    value = text(_value(one, what))
    if what == "closing":
        parts = tuple(fact_id("balance", zone, factor, name, *keys) for name in CLOSING if getattr(one, name))
        return Fact("", label, value, formula=_sum(one, CLOSING, value), clause="RESERVE-2a", parts=parts)
    if what == "available":
        parts = tuple(fact_id("balance", zone, factor, name, *keys) for name in ("closing", "frozen"))
        said = f"{value} = 期末 {text(one.closing)} − 已纳入上级 {text(one.frozen)}"
        return Fact("", label, value, formula=said, clause="RESERVE-2a、RESERVE-2d", parts=parts)
    if what in SUMS:
        parts = tuple(fact_id("balance", zone, factor, name, *keys) for name in SUMS[what] if getattr(one, name))
        said = f"{value} = {_listed(one, SUMS[what], what == 'uses')}"
        return Fact("", label, value, formula=said, clause="RESERVE-2a", parts=parts, note=_none(what) * (not parts))
    own = [e for e in trace.by_account.get((zone, factor), ()) if e.booked <= until]
    if what == "opening":
        lots = _lots(own, since, factor, zone)
        note = "" if lots else "期初没有结存的批次。"
        return Fact("", label, value, formula="期初各批次之和", clause="RESERVE-2a", parts=lots, note=note)
    if what == "frozen":
        entries = [e for e in own if e.frozen]
        parts, note = trace.entry_facts(entries, "frozen"), "" if entries else "没有纳入上级的单据。"
        return Fact("", label, value, formula=_count(entries), clause="RESERVE-2d", parts=parts, note=note)
    entries = [e for e in own if e.booked >= since and e.kind == KIND_OF[what] and e.amount]
    clause = entries[0].clause if entries else "RESERVE-2a"
    said, note = _count(entries, -1 if what in USES else 1), "" if entries else _none(what)
    return Fact("", label, value, formula=said, clause=clause, parts=trace.entry_facts(entries), note=note)


def _change(one: Balance, label: str, account: tuple[str, str], keys: tuple[str, ...]) -> Fact:
    """Return by how much a quarter changed a balance, with every movement that did."""
    names = (*(name for name in CHANGES if getattr(one, name)), "closing", "opening")
    said = f"{text(one.closing - one.opening)} = {_listed(one, CHANGES)}；期末 {text(one.closing)} − 期初 {text(one.opening)}"
    parts = tuple(fact_id("balance", *account, name, *keys) for name in names)
    return Fact("", label, text(one.closing - one.opening), formula=said, clause="RESERVE-2a", parts=parts)


def _value(one: Balance, what: str) -> int:
    """Return a part of a balance, or a sum of its parts."""
    found: int = sum(getattr(one, name) for name in SUMS[what]) if what in SUMS else getattr(one, what)
    return found


def _none(what: str) -> str:
    """Return why a movement is zero."""
    return f"所述期间没有“{LABELS[what]}”的单据记入该功能区的该因子。"


def _quarter(trace: Trace, name: str) -> Quarter:
    found = parse_period(name) if name else trace.park.quarter
    if not isinstance(found, Quarter):
        raise ValueError(name)
    return found


def _zone(trace: Trace, zone: str) -> str:
    return "全园区" if zone == PARK else trace.park.book.zone_label(zone)


def _count(entries: Iterable[Entry], sign: int = 1) -> str:
    """Return a sum of entries in words; ``sign`` −1: what the entries take away, as a positive number."""
    said = f"{len(list(entries))} 笔分录之和"
    return said if sign > 0 else f"−（{said}）"


def _sum(one: object, names: Iterable[str], value: str) -> str:
    """Return a sum in words; parts that are zero are left out."""
    return f"{value} = {_listed(one, names)}"


def _listed(one: object, names: Iterable[str], uses: bool = False) -> str:
    """Return the parts of a sum in words; uses are taken off, unless they are what is summed."""
    parts = [
        ("−" if name in USES and not uses else "+", LABELS[name], getattr(one, name))
        for name in names
        if getattr(one, name)
    ]
    said = " ".join(f"{sign} {label} {text(amount)}" for sign, label, amount in parts)
    return said.removeprefix("+ ") or "0"


def _lots(own: Iterable[Entry], since: Quarter, factor: str, zone: str) -> tuple[str, ...]:
    """Return the lots that a quarter opened with."""
    left: dict[str, int] = {}
    for one in own:
        if one.booked < since or one.kind == "opening":
            left[one.lot] = left.get(one.lot, 0) + one.amount
    return tuple(
        fact_id("lot", lot, zone, factor, "opening", str(since)) for lot, amount in sorted(left.items()) if amount
    )


@kind("stock")
def stock(trace: Trace, factor: str, year: str, origin: str) -> Fact:
    """Return what is left in the park of the lots of one year and kind of origin."""
    own = [
        one
        for one in trace.park.ledger.lots
        if (one.factor, one.origin.date.year, one.origin.kind) == (factor, int(year), origin) and one.left
    ]
    parts = tuple(fact_id("lot", one.number, one.zone, factor, "left") for one in sorted(own, key=lambda one: one.age))
    label = f"全园区 {trace.factor(factor)} {year} 年 {origin}的批次结存"
    return Fact(
        "",
        label,
        text(sum(one.left for one in own)),
        formula=f"{len(own)} 个批次之和",
        clause="RESERVE-2a",
        parts=parts,
    )


@kind("lot")
def lot(trace: Trace, number: str, zone: str, factor: str, what: str, since: str = "") -> Fact:
    """Return what a lot has left or frozen; ``opening``: what it had when a quarter began."""
    one = trace.park.ledger.lots.by_key[(number, zone, factor)]
    entries = trace.by_lot.get(one.key, [])
    word = {"left": "结存", "frozen": "已纳入上级", "opening": "期初"}[what]
    label = f"批次 {number} {_zone(trace, zone)} {trace.factor(factor)} {word}"
    source = f"{one.origin.kind} {one.origin.date}" + (f"，减排项目 {one.origin.project}" if one.origin.project else "")
    if what == "opening":
        quarter = _quarter(trace, since)
        entries = [e for e in entries if e.booked < quarter or e.kind == "opening"]
        value = sum(e.amount for e in entries)
    elif what == "frozen":
        entries, value = [e for e in entries if e.frozen], one.frozen
    else:
        entries, value = [e for e in entries if e.amount], one.left
    parts = trace.entry_facts(entries, "frozen" if what == "frozen" else "amount")
    return Fact("", label, text(value), formula=_count(entries), clause="RESERVE-2a", parts=parts, note=source)


@kind("entry")
def entry(trace: Trace, number: str, what: str) -> Fact:
    """Return an entry: what it changed of a lot, the document row that says so, and by which rule."""
    one = trace.entries[number]
    label = f"分录 {number} {MOVEMENTS[one.kind]}" + (" 纳入上级变动" if what == "frozen" else "")
    parts: tuple[str, ...] = ()
    formula, rules = "", ()
    row = trace.row(one.place)
    if one.kind == "debit":
        parts = (fact_id("application", one.project, one.factor, "debit"),)
        formula = f"扣除 核定新增 {text(one.gross or 0)} × 比例 {one.ratio} 中由批次 {one.lot} 供给的部分"
    elif one.kind == "recovery" and one.ratio is not None:
        formula = f"回收量 {text(one.gross or 0)} × 原扣除比例 {one.ratio}，退回批次 {one.lot}（末取先退）"
        parts = (fact_id("application", one.project, one.factor, "debit"),)
    elif one.kind == "correction":
        same = [e for e in trace.by_lot[one.lot_key] if e.document == one.original and e.sequence < one.sequence]
        parts, formula = trace.entry_facts(same, what), f"撤销 {one.original} 对批次 {one.lot} 的作用"
    elif one.kind == "deposit" and one.project:
        parts = (fact_id("reduction", one.project, one.factor, "verified"),)
        formula = f"自减排项目 {one.project} 储备"
    note = f"{one.date} 入账，单号 {one.document}，批次 {one.lot}"
    cells = (cell(row, one.field),)
    value = text(one.frozen if what == "frozen" else one.amount)
    return Fact("", label, value, formula=formula, clause=one.clause, parts=parts, rules=rules, cells=cells, note=note)


@kind("need")
def need(trace: Trace, zone: str, factor: str, what: str) -> Fact:
    """Return what waiting and undecided projects need, and what is short of it.

    Source  RESERVE-2d, RESERVE-3
    """
    needs = trace.needs
    free = {key: one.available for key, one in trace.balances(trace.park.quarter, trace.park.quarter).items()}
    own, wanted = free.get((zone, factor), 0), needs.get((zone, factor), 0)
    park_free = sum(amount for (_, f), amount in free.items() if f == factor)
    park_need = sum(amount for (_, f), amount in needs.items() if f == factor)
    name = f"{_zone(trace, zone)} {trace.factor(factor)}"
    mine = fact_id("balance", zone, factor, "available")
    wants = fact_id("need", zone, factor, "need")
    if what == "need" and zone == PARK:
        every_need = tuple(fact_id("need", z, f, "need") for z, f in sorted(needs) if f == factor)
        said = "各功能区需要之和"
        return Fact(
            "",
            f"全园区 {trace.factor(factor)} 需要",
            text(park_need),
            formula=said,
            clause="RESERVE-3",
            parts=every_need,
        )
    if what == "need":
        parts = tuple(
            dict.fromkeys(
                fact_id("plan", one.project.construction, factor, "need")
                for one in trace.plans
                if one.project.zone == zone and one.factor == factor and one.need is not None
            )
        )
        return Fact(
            "", f"{name} 需要", text(wanted), formula="待供给与待核定项目的需要之和", clause="RESERVE-3", parts=parts
        )
    if what == "short":
        said = f"max(需要 {text(wanted)} − 可用 {text(own)}, 0)"
        return Fact(
            "", f"{name} 缺口", text(max(wanted - own, 0)), formula=said, clause="RESERVE-3", parts=(wants, mine)
        )
    if what == "left":
        said = f"可用 {text(own)} − 需要 {text(wanted)}"
        return Fact("", f"{name} 余缺", text(own - wanted), formula=said, clause="RESERVE-3", parts=(mine, wants))
    every = fact_id("balance", PARK, factor, "available")
    if what == "elsewhere":
        said = f"max(全园区可用 {text(park_free)} − 本功能区可用 {text(own)}, 0)"
        return Fact(
            "",
            f"{name} 其他功能区可用",
            text(max(park_free - own, 0)),
            formula=said,
            clause="RESERVE-2a",
            parts=(every, mine),
        )
    if what != "ask":
        raise ValueError(what)
    said = f"max(全园区需要 {text(park_need)} − 全园区可用 {text(park_free)}, 0)"
    all_needs = tuple(fact_id("need", z, f, "need") for z, f in sorted(needs) if f == factor)
    return Fact(
        "",
        f"{trace.factor(factor)} 全园区缺口",
        text(max(park_need - park_free, 0)),
        formula=said,
        clause="RESERVE-2d",
        parts=(*all_needs, every),
    )


@kind("drawn")
def drawn(trace: Trace, number: str) -> Fact:
    """Return what an entry takes from its lot, as a positive number."""
    one = trace.entries[number]
    parts = (fact_id("entry", number, "amount"),)
    label = f"由批次 {one.lot} 扣除"
    return Fact("", label, text(-one.amount), formula="−（分录的变动）", clause=one.clause, parts=parts)
