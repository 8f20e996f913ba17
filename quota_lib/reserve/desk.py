"""The desk at which one quarter is posted: ledger, Book and rules, and how a document becomes entries.

Source  contract §3
"""

from __future__ import annotations

from typing import Any

from quota_lib.book import Book
from quota_lib.periods import Quarter
from quota_lib.problems import Problem
from quota_lib.reserve.documents import Document
from quota_lib.reserve.ledger import Ledger
from quota_lib.reserve.lots import Entry, Lot, Origin
from quota_lib.reserve.route import Years
from quota_lib.rules import Rules


class Refused(Exception):
    """A document that does not fit: the complaints about it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


class Desk:
    """What the functions of the clauses work on; they enter whole documents, or raise :class:`Refused`."""

    def __init__(self, ledger: Ledger, book: Book, rules: Rules, booked: Quarter) -> None:
        self.ledger, self.book, self.rules, self.booked = ledger, book, rules, booked
        self.years = Years(book)
        self.problems: list[Problem] = []

    def label(self, factor: str) -> str:
        """Return a factor's Chinese name."""
        return self.rules.factors.label(factor)

    def enter(
        self, document: Document, row: Any, field: str, kind: str, lot: Lot, amount: int, frozen: int = 0, **more: Any
    ) -> Entry:
        ledger = self.ledger
        ledger.lots.change(lot, amount, frozen)
        ledger.places += 1
        entry = Entry(
            sequence=ledger.places,
            booked=self.booked,
            date=more.pop("day", document.posting),
            kind=kind,
            zone=lot.zone,
            factor=lot.factor,
            lot=lot.number,
            amount=amount,
            frozen=frozen,
            document=document.number,
            original=more.pop("original", ""),
            project=more.pop("project", lot.origin.project),
            ratio=more.pop("ratio", None),
            gross=more.pop("gross", None),
            clause=more.pop("clause"),
            place=row.at,
            field=field,
        )
        ledger.entries.append(entry)
        document.entries.append(entry)
        return entry

    def birth(self, document: Document, row: Any, kind: str, zone: str, origin: Origin, clause: str) -> None:
        lot = self.ledger.lots.lot(document.number, zone, row.factor, origin)
        lot.born += row.amount
        self.enter(document, row, "amount", kind, lot, row.amount, clause=clause)
