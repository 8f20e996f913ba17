"""The first page: four questions, each with its answer in a line.

Is every zone in balance · where is it short · what must a person decide · what changed since last quarter.
Source  RESERVE-3
"""

from __future__ import annotations

from collections.abc import Sequence

from quota_lib.applications import undecided
from quota_lib.findings import Finding
from quota_lib.findings.reserve import demand
from quota_lib.park import Park
from quota_lib.problems import Problem
from quota_lib.report.html import Answer
from quota_lib.reserve.balances import NOTHING, Balance, balances, together
from quota_lib.tracing import Figure, fact_id
from quota_lib.tracing.counts import TO_RECOVER, UNBALANCED, unreviewed
from quota_lib.tracing.fact import Sentence, Words

MOST_LINES = 6


def answers(park: Park, found: Sequence[Finding], problems: Sequence[Problem]) -> list[Answer]:
    """Return the four questions with their answers."""
    return [_in_balance(park, found), _short(park), _to_decide(park, found, problems), _changed(park)]


def _in_balance(park: Park, found: Sequence[Finding]) -> Answer:
    uneven = {one.zone for one in found if one.code in UNBALANCED and one.zone}
    zones = sorted(row.zone for row in park.book.latest("zone"))
    lines = []
    for zone in zones:
        own = [one for one in found if one.zone == zone and one.code in UNBALANCED]
        words = {"W501": "用尽", "W502": "不足", "W503": "供给慢于使用"}
        factors = [f"{park.rules.factors.label(one.factor)}{words[one.code]}" for one in own]
        lines.append(f"{park.book.zone_label(zone)}：{'、'.join(factors) or '收支平衡'}")
    if not uneven:
        return Answer(
            "各功能区是否收支平衡？",
            "good",
            Sentence(_count("zones", len(zones)), " 个功能区均收支平衡。"),
            lines,
            "#table-park_balances",
        )
    bad = {one.zone for one in found if one.code == "W502"}
    headline = Sentence(_count("zones", len(zones)), " 个功能区中 ", _count("uneven", len(uneven)), " 个失衡或需关注。")
    return Answer("各功能区是否收支平衡？", "bad" if bad else "look", headline, lines, "#table-park_balances")


def _short(park: Park) -> Answer:
    now = balances(park.ledger.entries, park.quarter)
    short = {
        account: need - now.get(account, NOTHING).available
        for account, need in demand(park).items()
        if need > now.get(account, NOTHING).available
    }
    question, link = "哪里不足？", "#table-shortages"
    if not short:
        return Answer(question, "good", "可用指标足以覆盖全部待供给与待核定的项目。", [], link)
    order = park.rules.factors.order
    lines = [
        Sentence(
            f"{park.book.zone_label(zone)} {park.rules.factors.label(factor)}：缺 ",
            Figure(amount, fact_id("need", zone, factor, "short")),
            " t",
        )
        for (zone, factor), amount in sorted(short.items(), key=lambda one: (one[0][0], order[one[0][1]]))
    ]
    waiting = len(park.ledger.waiting)
    more = Sentence("，", _count("waiting", waiting), " 个已同意的项目待供给。") if waiting else "。"
    headline = Sentence(_count("short", len(short)), " 处不足", more)
    return Answer(question, "bad" if waiting else "look", headline, _cut(lines), link)


def _to_decide(park: Park, found: Sequence[Finding], problems: Sequence[Problem]) -> Answer:
    errors = sum(one.severity == "error" for one in problems)
    pending, waiting, open_ = undecided(park), park.ledger.waiting, unreviewed(park)
    back = {one.project for one in found if one.code in TO_RECOVER}
    lines: list[str] = []
    if errors:
        lines.append(Sentence("改正 ", _count("errors", errors), " 处数据错误后重新生成本报告"))
    if pending:
        lines.append(Sentence("核定 ", _count("pending", len(pending)), f" 个建设项目：{_few(pending)}"))
    if waiting:
        projects = _few([ruling.project for ruling in waiting])
        lines.append(Sentence("落实 ", _count("waiting", len(waiting)), f" 个待供给项目的总量来源：{projects}"))
    if open_:
        projects = _count("unreviewed_projects", len({row.project for row in open_}))
        lines.append(Sentence("审核 ", projects, " 个减排项目的 ", _count("unreviewed", len(open_)), " 项申报"))
    if back:
        lines.append(Sentence("决定是否收回 ", _count("back", len(back)), f" 个项目的指标：{_few(sorted(back))}"))
    question = "需要人来决定什么？"
    if not lines:
        return Answer(question, "good", "没有待决定的事项。", [], "#table-warnings")
    headline = Sentence(_count("to_decide", len(lines)), " 类事项待决定。")
    return Answer(question, "bad" if errors else "look", headline, lines, "#table-applications")


def _changed(park: Park) -> Answer:
    now = balances(park.ledger.entries, park.quarter)
    by_factor: dict[str, list[Balance]] = {}
    for (_, factor), one in now.items():
        by_factor.setdefault(factor, []).append(one)
    totals = {factor: together(by_factor[factor]) for factor in park.rules.factors.by_id if factor in by_factor}
    labels = park.rules.factors.label
    lines = [_change(labels(factor), one, factor) for factor, one in totals.items() if _moved(one)]
    question, link = "与上季度相比有何变化？", "#table-compared"
    if not lines:
        return Answer(question, "good", "本期没有变动。", [], link)
    count = len({one.document for one in park.ledger.entries if one.booked == park.quarter})
    falls = any(one.closing < one.opening for one in totals.values())
    headline = Sentence(_count("documents", count), " 张单据入账，", _count("changed", len(lines)), " 种因子有变动。")
    return Answer(question, "look" if falls else "good", headline, _cut(lines), link)


def _moved(one: Balance) -> bool:
    return any((one.deposited, one.superior_in, one.recovered, one.debited, one.superior_out, one.corrected))


def _change(label: str, one: Balance, factor: str) -> Sentence:
    """Return how the park's balance of a factor changed, with every part that is not zero."""
    change = one.closing - one.opening
    word = "增加" if change > 0 else "减少" if change < 0 else "不变"
    parts = [
        ("储备", one.deposited, "deposited"),
        ("上级申请", one.superior_in, "superior_in"),
        ("回收", one.recovered, "recovered"),
        ("扣除", -one.debited, "debited"),
        ("上级使用", -one.superior_out, "superior_out"),
        ("冲正", one.corrected, "corrected"),
    ]
    pieces: list[str | int] = []
    for name, part, what in parts:
        if part:
            sign = "+" if part > 0 else "−"
            pieces += ["，" * bool(pieces), f"{name} {sign}", Figure(abs(part), fact_id("balance", "*", factor, what))]
    return Sentence(
        f"{label}：{word} ", Figure(abs(change), fact_id("balance", "*", factor, "change")), " t（", *pieces, "）"
    )


def _count(what: str, number: int) -> Words:
    """Return a count that opens the list of what was counted."""
    return Words(str(number), fact_id("count", what))


def _cut(lines: Sequence[str]) -> list[str]:
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"另有 {more} 处，见明细"] if more > 0 else [*lines]


def _few(names: Sequence[str]) -> str:
    return "、".join(names[:4]) + (" 等" if len(names) > 4 else "")
