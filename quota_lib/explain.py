"""Where a balance, or any figure of a report, came from, in lines: its parts, entries, lots, every cell."""

from __future__ import annotations

from collections.abc import Iterator

from quota_lib.amounts import text
from quota_lib.park import Park
from quota_lib.report.trial_facts import OF_TRIALS, TrialTrace
from quota_lib.reserve.balances import NOTHING, balances
from quota_lib.tracing import Trace, UnknownFact, keys_of, tree
from quota_lib.tracing.ledger import MOVEMENTS
from quota_lib.tracing.trace import entry_ids
from quota_lib.workspace import UsageError


def explain_balance(park: Park, zone: str, factor: str) -> Iterator[str]:
    """Return the lines that explain the closing balance of a zone and factor.

    Errors  UsageError if there is no such zone or factor.
    """
    read = park.rules.factors.read(factor)
    if read is None:
        raise UsageError(f"“{factor}”不是受控污染因子；可写 {'、'.join(park.rules.factors.by_id)} 或中文名。")
    zones = sorted(row.zone for row in park.book.latest("zone"))
    if zone not in zones:
        raise UsageError(f"没有功能区“{zone}”；现有：{'、'.join(zones) or '（尚无）'}。")
    balance = balances(park.ledger.entries, park.quarter).get((zone, read), NOTHING)
    yield f"{park.quarter} {zone} {park.book.zone_label(zone)} · {park.rules.factors.label(read)}（t）"
    yield (
        f"期末 {text(balance.closing)} = 期初 {text(balance.opening)} + 储备 {text(balance.deposited)} + 调入 "
        f"{text(balance.transferred_in)} + 上级申请 {text(balance.superior_in)} + 回收 {text(balance.recovered)} − 扣除 "
        f"{text(balance.debited)} − 调出 {text(balance.transferred_out)} − 上级使用 {text(balance.superior_out)} + 冲正 "
        f"{text(balance.corrected)}；可用 {text(balance.available)}（已纳入上级 {text(balance.frozen)}）"
    )
    ids = entry_ids(park.ledger.entries)
    yield "分录："
    running = 0
    for one in park.ledger.entries:
        if (one.zone, one.factor) == (zone, read):
            running += one.amount
            frozen = f"，冻结 {text(one.frozen)}" if one.frozen else ""
            yield (
                f"  {ids[one.sequence]} {one.date} {MOVEMENTS[one.kind]} {text(one.amount)}{frozen}，结存 {text(running)}；"
                f"批次 {one.lot}，单号 {one.document}{f'（冲正 {one.original}）' if one.original else ''}，{one.clause} ← "
                f"{one.place.reference(one.field)}"
            )
    yield "批次："
    for lot in sorted(park.ledger.lots, key=lambda one: one.age):
        if (lot.zone, lot.factor) == (zone, read) and (lot.left or lot.frozen):
            source = f"，减排项目 {lot.origin.project}" if lot.origin.project else ""
            yield f"  {lot.number}（{lot.origin.kind} {lot.origin.date}{source}）结存 {text(lot.left)}，已纳入上级 {text(lot.frozen)}"


def explain_fact(trace: Trace, name: str) -> Iterator[str]:
    """Return the lines that explain a figure, of a quarter or a year, by the id that the report shows on it.

    Errors  UsageError if there is no such figure.
    """
    try:
        trace.fact(name)
    except UnknownFact:
        if keys_of(name)[0] in OF_TRIALS and not isinstance(trace, TrialTrace):
            raise UsageError(
                f"“{name}”是试算页上的数字。用 --try 写明是哪一个试算，例如 quota explain {trace.period} {name} --try national-2021。"
            ) from None
        kinds = "、".join(f"{one}:…" for one in trace.kinds)
        raise UsageError(
            f"{trace.period} 没有编号为“{name}”的数字。点开报告中的数字可看到它的编号；编号的开头有 {kinds}。"
        ) from None
    yield from tree(trace, name)
