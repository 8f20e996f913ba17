"""Posting: a quarter's documents, one after the other in their order, each whole or not at all.

Source  contract §3, Order
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from quota_lib.book import Book
from quota_lib.facts import State
from quota_lib.periods import Quarter, posting_day
from quota_lib.problems import Problem
from quota_lib.reserve import corrections, decisions, deposits, recoveries, superior, transfers
from quota_lib.reserve.desk import Desk, Refused
from quota_lib.reserve.documents import Document, documents
from quota_lib.reserve.ledger import NOT_BUILDING, Ledger
from quota_lib.reserve.ruling import Status
from quota_lib.rules import Rules

POST: Mapping[str, Callable[[Desk, Document], None]] = {
    "期初结存": deposits.open_lots,
    "入库审核": deposits.verify,
    "减排量占用": deposits.occupy,
    "指标储备": deposits.deposit,
    "申请使用": superior.take_from_superior,
    "退出上级": superior.release,
    "指标回收": recoveries.recover,
    "冲正": corrections.correct,
    "功能区调剂": transfers.transfer,
    "纳入上级": superior.freeze,
    "上级使用": superior.use_frozen,
    "总量核定": decisions.decide,
}


def post_quarter(
    ledger: Ledger, book: Book, rules: Rules, booked: Quarter, rows: Mapping[str, list[Any]]
) -> list[Problem]:
    """Post a quarter's rows into the ledger and return every complaint."""
    desk = Desk(ledger, book, rules, booked)
    decisions.check_identities(desk, rows.get("application", ()))
    queue = documents(rows, booked, rules.factors.order)
    at_once = _right_after(queue)
    held_back = {id(one) for group in at_once.values() for one in group}
    days = _state_days(desk, rows.get("state", ()))
    turn = [one for one in queue if id(one) not in held_back]
    for _, same in groupby(turn, key=lambda one: one.order[:3] if one.kind == "冲正" else (id(one),)):
        group = list(same)
        day = group[0].posting
        days = _advance(desk, days, day)
        for one in _last_booked_first(desk, group) if group[0].kind == "冲正" else group:
            _turn(desk, one)
            for correction in at_once.get(id(one), ()):
                correction.posting = one.posting
                _turn(desk, correction)
            decisions.try_again(desk, day)
    _advance(desk, days, booked.end)
    return desk.problems


def _right_after(queue: list[Document]) -> dict[int, list[Document]]:
    """Return the corrections that post right after their original: its posting day and date are not before theirs."""
    last = {one.number: one for one in queue if one.kind not in ("冲正", "入库审核")}
    found: dict[int, list[Document]] = {}
    for one in queue:
        original = last.get(one.rows[0].original) if one.kind == "冲正" else None
        if original and original.posting >= one.posting and original.date >= one.date:
            found.setdefault(id(original), []).append(one)
    return found


def _last_booked_first(desk: Desk, corrections: list[Document]) -> list[Document]:
    """Of several 冲正 of one day the one whose original's entries were booked last goes first."""

    def booked(one: Document) -> int:
        originals = desk.ledger.posted.get(one.rows[0].original, ())
        return max((original.last_booked for original in originals), default=-1)

    return sorted(corrections, key=lambda one: -booked(one))


def _turn(desk: Desk, document: Document) -> None:
    """Post one document whole, or not at all."""
    ledger = desk.ledger
    ledger.places += 1
    document.place = ledger.places
    try:
        POST[document.kind](desk, document)
    except Refused as refused:  # it posts nothing; its rows, its key and its number stay
        desk.problems += refused.problems
        ledger.refused.setdefault(document.number, refused.problems[0])
        return
    if document.kind != "入库审核":
        ledger.posted.setdefault(document.number, []).append(document)


def _state_days(desk: Desk, rows: Iterable[State]) -> list[tuple[date, State]]:
    return sorted(((posting_day(row.date, desk.booked), row) for row in rows), key=lambda one: (one[0], one[1].date))


def _advance(desk: Desk, days: list[tuple[date, State]], day: date) -> list[tuple[date, State]]:
    """Let the states up to a day count, each from the start of its posting day; return the later ones."""
    ledger = desk.ledger
    while days and days[0][0] <= day:
        today = days[0][0]
        arrived = [row for since, row in days if since == today]
        days = [one for one in days if one[0] > today]
        for row in arrived:
            ledger.states.setdefault(row.construction, []).append((today, row))
        gone = {row.construction for row in arrived if ledger.state(row.construction, today, today) == NOT_BUILDING}
        for ruling in [one for one in ledger.waiting if one.project in gone]:
            ledger.waiting.remove(ruling)
            ruling.status, ruling.left = Status.LEFT, desk.booked
    return days
