"""What construction projects applied for, what was decided, and what waits.

Source  RESERVE-2b, RESERVE-2c; contract §5, applications and balance_plan
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from quota_lib.amounts import ZERO, Mass, Ratio, times
from quota_lib.book import Book
from quota_lib.facts import Construction
from quota_lib.park import Park
from quota_lib.reserve.decisions import supply
from quota_lib.reserve.lots import Lot, share
from quota_lib.reserve.ratio import NoRatio, deduction
from quota_lib.reserve.route import Line, Years, increase, judge
from quota_lib.reserve.ruling import Debit, Ruling, Status

UNDECIDED = (Status.UNDECIDED, Status.REVERSED)
SHOWS_DEBIT = (Status.DEBITED, Status.WAITING, Status.NOTHING)


class Applied(NamedTuple):
    """One factor of one application at the quarter's end.  None: does not apply."""

    project: Construction
    factor: str
    line: Line
    applied: Mass
    route: str
    ruling: Ruling | None
    status: Status
    balance_way: str
    permitted: Mass | None
    debit: Debit | None
    recovered: Mass
    shortfall: int | None

    @property
    def ratio(self) -> Ratio | None:
        return self.debit.ratio if self.debit else None


def status(park: Park, project: str) -> Status:
    """Return a project's state at the quarter's end; a reversed decision is undecided, and says so."""
    ruling = park.ledger.ruling(project)
    return ruling.status if ruling else Status.UNDECIDED


def undecided(park: Park) -> list[str]:
    """Return the projects that wait for a decision, by number."""
    return sorted(one for one in park.book.factors_of if status(park, one) in UNDECIDED)


def of_the_quarter(park: Park) -> list[str]:
    """Return the projects that the quarter's table lists, by number.

    Undecided or waiting at the quarter's end; applied for, decided, supplied, reversed or
    recovered in it; or left the queue in it.
    """
    quarter, ledger = park.quarter, park.ledger
    found = set(undecided(park)) | {ruling.project for ruling in ledger.waiting}
    found |= {row.construction for row in park.rows.get("application", ())}
    for rulings in ledger.rulings.values():
        for ruling in rulings:
            if quarter in (ruling.document.booked, ruling.supplied, ruling.reversed_in, ruling.left):
                found.add(ruling.project)
    for documents in ledger.posted.values():
        for one in documents:
            if one.kind == "指标回收" and one.booked == quarter:
                found |= {row.construction for row in one.rows}
    return sorted(one for one in found if one in park.book.factors_of)


def applications(park: Park) -> Iterator[Applied]:
    """Return a row per factor applied for, of every project of the quarter."""
    order, years = park.rules.factors.order, Years(park.book)
    for project in of_the_quarter(park):
        ruling = park.ledger.ruling(project)
        day = ruling.document.date if ruling else park.quarter.end
        judgement = ruling.judgement if ruling else judge(park.book, park.rules, project, day, years)
        state = status(park, project)
        application = park.book.application(project)
        for factor in sorted(application, key=order.__getitem__):
            agreed = ruling is not None and ruling.document.agreed
            row = ruling.document.row(factor) if ruling and agreed else None
            debit = _debit(ruling, factor) if state in SHOWS_DEBIT else None
            waits = ruling and state is Status.WAITING
            yield Applied(
                project=park.book.construction(project),
                factor=factor,
                line=judgement.line(factor, park.rules, day),
                applied=increase(application[factor]),
                route=judgement.route,
                ruling=ruling,
                status=state,
                balance_way=row.balance_way if row else "",
                permitted=((row.permitted or ZERO) if row else ZERO) if agreed else None,
                debit=debit,
                recovered=ruling.recovered.get(factor, ZERO) if ruling else ZERO,
                shortfall=_shortfall(park, ruling, debit) if ruling and waits and debit else None,
            )


def _debit(ruling: Ruling | None, factor: str) -> Debit | None:
    if ruling is None:
        return None
    return ruling.debits.get(factor) or Debit(ZERO, None, "", ZERO, "", ruling.document.rows[0])


def _shortfall(park: Park, ruling: Ruling, debit: Debit) -> int:
    factor = next((name for name, one in ruling.debits.items() if one is debit), "")
    free = supply(park.ledger.lots, ruling.zone, factor, debit.lot) if factor else 0
    return max(debit.amount - free, 0)


class Planned(NamedTuple):
    """A lot that would serve a project, or (``lot`` None) what is short of it.  ``fault``: no ratio, and why."""

    project: Construction
    factor: str
    need: Mass | None
    ratio: Ratio | None
    lot: Lot | None
    amount: int
    fault: str = ""


def balance_plan(park: Park) -> Iterator[Planned]:
    """Return, for every project waiting or undecided, which lots would serve it now, as if it were alone.

    Undecided: the need as applied, at the ratio of the quarter's last day.
    Source  RESERVE-2b 总量平衡方案; contract §5, balance_plan
    """
    waiting = {ruling.project: ruling for ruling in park.ledger.waiting}
    for name in sorted({*waiting, *undecided(park)}):
        project = park.book.construction(name)
        ruling = waiting.get(name)
        if ruling:
            needs = [(f, d.amount, d.ratio, d.lot) for f, d in ruling.takes.items()]
        else:
            needs = []
            for factor, row in park.book.application(name).items():
                if increase(row) > 0:
                    priced = _price(park, park.book, project, factor)
                    if isinstance(priced, str):
                        yield Planned(project, factor, None, None, None, 0, priced)
                    else:
                        needs.append((factor, times(increase(row), priced), priced, ""))
        order = park.rules.factors.order
        for factor, need, ratio, named in sorted(needs, key=lambda one: order[one[0]]):
            yield from _served(park, project, factor, need, ratio, named)


def _price(park: Park, book: Book, project: Construction, factor: str) -> Ratio | str:
    try:
        return deduction(book, park.rules, project, factor, park.quarter.end)[0].ratio
    except NoRatio as none:
        return none.code


def _served(
    park: Park, project: Construction, factor: str, need: Mass, ratio: Ratio | None, named: str
) -> Iterator[Planned]:
    lots = park.ledger.lots
    only = lots.get(named, project.zone, factor)
    source = ([only] if only else []) if named else lots.oldest_first(project.zone, factor)
    parts = share(source, need)
    for lot, part in parts:
        yield Planned(project, factor, need, ratio, lot, part)
    short = need - sum(part for _, part in parts)
    if short:
        yield Planned(project, factor, need, ratio, None, short)
