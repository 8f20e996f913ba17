"""Warnings about supply: zones and factors out of balance, decisions that deserve a second look.

Source  RESERVE-2b to RESERVE-3
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from quota_lib.amounts import mass, ratio, text
from quota_lib.applications import balance_plan
from quota_lib.findings import Seen, finding
from quota_lib.park import Park
from quota_lib.periods import Quarter
from quota_lib.reserve.balances import balances
from quota_lib.reserve.decisions import supply
from quota_lib.reserve.ruling import Ruling


def _rulings_of_the_quarter(park: Park) -> Iterator[Ruling]:
    for project in sorted(park.ledger.rulings):
        for ruling in park.ledger.rulings[project]:
            if ruling.document.booked == park.quarter and ruling.document.agreed:
                yield ruling


@finding("W501")
def used_up(park: Park) -> Iterator[Seen]:
    """A zone has nothing available of a factor that it once had (RESERVE-3)."""
    line = park.rules.mass("warnings.W501", park.quarter.end) or 0
    once = {(entry.zone, entry.factor) for entry in park.ledger.entries if entry.amount > 0}
    for account, balance in balances(park.ledger.entries, park.quarter).items():
        if account in once and balance.available <= line:
            words = {"zone": park.book.zone_label(account[0]), "factor": park.rules.factors.label(account[1])}
            yield Seen(account[0], "", "", account[1], dict(words))


def demand(park: Park) -> dict[tuple[str, str], int]:
    """Return what waiting and undecided projects need, mg by zone and factor."""
    need: dict[tuple[str, str, str], int] = {}
    for row in balance_plan(park):
        need[(row.project.zone, row.factor, row.project.construction)] = row.need or 0
    sums: dict[tuple[str, str], int] = {}
    for (zone, factor, _), amount in need.items():
        sums[(zone, factor)] = sums.get((zone, factor), 0) + amount
    return sums


@finding("W502")
def cannot_cover(park: Park) -> Iterator[Seen]:
    """Pending applications need more of a factor than its zone has available (RESERVE-3)."""
    share = ratio(park.rules.text("warnings.W502", park.quarter.end))
    now = balances(park.ledger.entries, park.quarter)
    for account, need in demand(park).items():
        available = now[account].available if account in now else 0
        if need * share.denominator > available * share.numerator:
            words = {
                "zone": park.book.zone_label(account[0]),
                "factor": park.rules.factors.label(account[1]),
                "need": text(need),
                "available": text(available),
                "short": text(need - available),
            }
            yield Seen(account[0], "", "", account[1], dict(words))


@finding("W503")
def below_the_pace(park: Park) -> Iterator[Seen]:
    """A zone gives out more of a factor than it takes in, and will run out within as many quarters (RESERVE-3)."""
    count = park.rules.count("warnings.W503", park.quarter.end)
    first: Quarter = park.quarter
    for _ in range(count - 1):
        first = first.previous
    for account, balance in balances(park.ledger.entries, first, park.quarter).items():
        sources, uses = balance.sources, balance.uses
        if uses - sources > balance.available:
            words = {
                "zone": park.book.zone_label(account[0]),
                "factor": park.rules.factors.label(account[1]),
                "quarters": count,
                "sources": text(sources),
                "uses": text(uses),
                "available": text(balance.available),
            }
            yield Seen(account[0], "", "", account[1], dict(words))


@finding("W504")
def waits(park: Park) -> Iterator[Seen]:
    """A project's debit does not fit and waits for supply (RESERVE-2d)."""
    for ruling in park.ledger.waiting:
        for factor, debit in ruling.takes.items():
            short = debit.amount - supply(park.ledger.lots, ruling.zone, factor, debit.lot)
            if short > 0:
                label = park.rules.factors.label(factor)
                words = {"project": ruling.project, "factor": label, "short": text(short)}
                yield Seen(ruling.zone, ruling.unit, ruling.project, factor, dict(words), (debit.row.at, "permitted"))


@finding("W505")
def old_assessment(park: Park) -> Iterator[Seen]:
    """A decision's ratio rests on an assessment older than two years (RESERVE-2c)."""
    line = park.rules.count("warnings.W505", park.quarter.end)
    for ruling in _rulings_of_the_quarter(park):
        for factor, row in ruling.assessments.items():
            if ruling.document.date.year - row.year > line:
                words = {"factor": park.rules.factors.label(factor), "year": row.year}
                place = (ruling.debits[factor].row.at, "permitted")
                yield Seen(ruling.zone, ruling.unit, ruling.project, factor, dict(words), place)


@finding("W506")
def above_applied(park: Park) -> Iterator[Seen]:
    """More was permitted than was applied for (RESERVE-2c)."""
    line = mass(park.rules.text("warnings.W506", park.quarter.end))
    for ruling in _rulings_of_the_quarter(park):
        for factor, debit in ruling.debits.items():
            applied = ruling.judgement.lines[factor].applied
            if debit.permitted > applied + line:
                label = park.rules.factors.label(factor)
                words = {"factor": label, "permitted": text(debit.permitted), "applied": text(applied)}
                yield Seen(ruling.zone, ruling.unit, ruling.project, factor, dict(words), (debit.row.at, "permitted"))


@finding("W517")
def outside_validity(park: Park) -> Iterator[Seen]:
    """A decision was taken before the rules took effect, or after their trial period (EFFECT-1)."""
    published = park.rules.value("scope.published", park.quarter.end).value
    if published is None:
        return
    start = date.fromisoformat(published)
    end = start.replace(year=start.year + park.rules.count("scope.trial_years", park.quarter.end))
    for ruling in _rulings_of_the_quarter(park):
        day = ruling.document.date
        if not start <= day < end:
            words = {"day": day, "why": "规则未生效" if day < start else "试行期已满"}
            row = ruling.document.rows[0]
            yield Seen(ruling.zone, ruling.unit, ruling.project, "", dict(words), (row.at, "date"))
