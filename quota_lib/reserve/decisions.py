"""Decisions and what they take: a 同意 is judged, priced, and debited whole, or waits.

Source  RESERVE-2b, RESERVE-2c
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from datetime import date
from typing import Any

from quota_lib.amounts import ZERO, text, times
from quota_lib.book import DecisionDocument
from quota_lib.facts import Decision
from quota_lib.problems import Problem, at
from quota_lib.reserve.desk import Desk, Refused
from quota_lib.reserve.documents import Document
from quota_lib.reserve.ledger import NOT_BUILDING
from quota_lib.reserve.lots import Lots
from quota_lib.reserve.ratio import NoRatio, deduction
from quota_lib.reserve.route import FILING, REVIEW, identity_sum, increase, judge
from quota_lib.reserve.ruling import Debit, Ruling, Status
from quota_lib.schema import by_name

RESERVE_ITSELF = "园区储备库"


def check_identities(desk: Desk, rows: Iterable[Any]) -> None:
    """Report every application whose amounts do not add up; the row stays in force until it is mended."""
    for row in rows:
        total = identity_sum(row)
        if row.whole != total:
            desk.problems.append(at(row.at, "whole", "Q402", whole=text(row.whole), sum=text(total)))


def decide(desk: Desk, document: Document) -> None:
    """Post a 文号 on one project: a 同意 is debited now or waits; 不同意 and 撤回 post nothing.

    Errors  Refused where a 同意 stands, or this one does not fit its application.
    """
    first: Decision = document.rows[0]
    project = first.construction
    stands = desk.ledger.standing(project)
    if stands:
        raise Refused(at(first.at, "document", "Q403", project=project, document=stands.document.document))
    entry = DecisionDocument(project, document.number, desk.booked, document.date, document.rows)
    judgement = judge(desk.book, desk.rules, project, document.date, desk.years)
    construction = desk.book.construction(project)
    ruling = Ruling(entry, construction.zone, construction.unit, judgement, Status.REFUSED)
    if entry.agreed:
        _check_agreement(desk, document, ruling)
        _price(desk, ruling)
        ruling.status = Status.WAITING if ruling.takes else Status.NOTHING
    elif first.decision == "撤回":
        ruling.status = Status.WITHDRAWN
    desk.ledger.rulings.setdefault(project, []).append(ruling)
    document.memory = ruling
    ruling.entries = document.entries
    if ruling.status is Status.WAITING and not _supply(desk, ruling, document.posting, document):
        insort(desk.ledger.waiting, ruling, key=lambda one: one.place_in_queue)


def _check_agreement(desk: Desk, document: Document, ruling: Ruling) -> None:
    """Judge a 同意 against its application; every complaint at its cell.

    Errors  Refused
    """
    project, first = ruling.project, document.rows[0]
    application = desk.book.application(project)
    problems = [
        at(row.at, "factor", "Q404", project=project, factor=desk.label(row.factor))
        for row in document.rows
        if row.factor not in application
    ]
    decided = {row.factor for row in document.rows}
    missing = [factor for factor, row in application.items() if increase(row) > 0 and factor not in decided]
    if missing:
        problems.append(at(first.at, "factor", "Q405", factors="、".join(map(desk.label, missing))))
    if first.route == FILING and ruling.judgement.route == REVIEW:
        problems.append(at(first.at, "route", "Q406", why=_over(desk, ruling)))
    if desk.ledger.state(project, document.posting, document.posting) == NOT_BUILDING:
        problems.append(at(first.at, "construction", "Q408", project=project))
    for row in document.rows:
        if row.factor in application:
            problems += _permitted_amounts(row, application[row.factor])
        if row.balance_way != RESERVE_ITSELF and not row.opinion:
            problems.append(at(row.at, "opinion", "Q411", way=row.balance_way))
    if problems:
        raise Refused(*problems)
    if first.route == REVIEW and ruling.judgement.route == FILING:
        desk.problems.append(at(first.at, "route", "Q407"))


def _over(desk: Desk, ruling: Ruling) -> str:
    lines = ruling.judgement.lines
    over = [factor for factor, line in lines.items() if line.applied > 0 and not line.files]
    return "；".join(
        f"{desk.label(factor)}全厂年新增 {text(lines[factor].plant_year_new)} t"
        + ("，无备案限值" if lines[factor].threshold is None else f"，超过 {text(lines[factor].threshold or 0)} t")
        for factor in over
    )


def _price(desk: Desk, ruling: Ruling) -> None:
    """Set what every factor of a 同意 takes: 核定新增 × ratio, at the ratio of the decision's date.

    Errors  Refused where no ratio is given.
    """
    project = desk.book.construction(ruling.project)
    problems = []
    for row in ruling.document.rows:
        permitted = row.permitted or ZERO
        if row.balance_way != RESERVE_ITSELF or permitted == 0:
            ruling.debits[row.factor] = Debit(permitted, None, "", ZERO, "", row)
            continue
        try:
            rule, found = deduction(desk.book, desk.rules, project, row.factor, row.date)
        except NoRatio as none:
            problems.append(at(row.at, "permitted", none.code, **none.words))
            continue
        debit = Debit(permitted, rule.ratio, rule.key, times(permitted, rule.ratio), row.lot, row)
        ruling.debits[row.factor] = debit
        if found:
            ruling.assessments[row.factor] = found
    if problems:
        raise Refused(*problems)


def _supply(desk: Desk, ruling: Ruling, day: date, document: Document) -> bool:
    """Debit all factors of a project, or none; return whether it was possible."""
    lots = desk.ledger.lots
    takes = ruling.takes
    if any(debit.amount > supply(lots, ruling.zone, factor, debit.lot) for factor, debit in takes.items()):
        return False
    for factor, debit in takes.items():
        named = lots.get(debit.lot, ruling.zone, factor) if debit.lot else None
        parts = [(named, int(debit.amount))] if named else lots.first_out(ruling.zone, factor, debit.amount)
        for lot, part in parts:
            words: dict[str, Any] = {"project": ruling.project, "ratio": debit.ratio, "gross": debit.permitted}
            words |= {"day": day, "clause": "RESERVE-2c"}
            desk.enter(document, debit.row, "permitted", "debit", lot, -part, **words)
    ruling.status, ruling.supplied = Status.DEBITED, desk.booked
    return True


def try_again(desk: Desk, day: date) -> None:
    """Try the projects again that wait where something became free, oldest decision first.

    One that does not fit holds up nobody.  Where nothing became free nothing fits that did not before.
    """
    ledger = desk.ledger
    zones, ledger.lots.freed = ledger.lots.freed, set()
    for ruling in [one for one in ledger.waiting if one.zone in zones] if zones else ():
        document = next(one for one in ledger.posted[ruling.document.document] if one.memory is ruling)
        if _supply(desk, ruling, day, document):
            ledger.waiting.remove(ruling)


def _permitted_amounts(row: Decision, applied: Any) -> list[Problem]:
    """Return what is wrong with the permitted amounts of a 同意: left out they are as applied.

    Source  contract §3, Decision
    """
    permitted, increased = row.permitted or ZERO, increase(applied)
    problems = []
    if permitted != increased:
        words = {"permitted": text(permitted), "applied": text(increased)}
        for field in ("permitted_project", "whole"):
            if getattr(row, field) is None:
                problems.append(at(row.at, field, "Q409", heading=by_name()["decision"].heading(field), **words))
    if row.whole is not None:
        total = max(row.whole - applied.existing - (applied.under_construction or 0), 0)
        if permitted != total:
            problems.append(at(row.at, "permitted", "Q410", permitted=text(permitted), sum=text(total)))
    return problems


def supply(lots: Lots, zone: str, factor: str, named: str) -> int:
    """Return what is free for a debit: in the zone, or of the 指定批次."""
    if not named:
        return lots.free(zone, factor)
    lot = lots.get(named, zone, factor)
    return lot.free if lot else 0
