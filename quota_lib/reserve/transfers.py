"""Transfers between zones: first-in first-out out of one, lots of the same number, origin and age into the other.

Source  RESERVE-2a
"""

from __future__ import annotations

from quota_lib.amounts import text
from quota_lib.problems import at
from quota_lib.reserve.desk import Desk, Refused
from quota_lib.reserve.documents import Document


def transfer(desk: Desk, document: Document) -> None:
    """Move free amounts from one zone to another; all factors of the document, or none."""
    lots = desk.ledger.lots
    problems = []
    for row in document.rows:
        free = lots.free(row.from_zone, row.factor)
        if row.amount > free:
            words = {"zone": row.from_zone, "factor": desk.label(row.factor), "amount": text(row.amount)}
            problems.append(at(row.at, "amount", "Q412", free=text(free), **words))
    if problems:
        raise Refused(*problems)
    for row in document.rows:
        for lot, part in lots.first_out(row.from_zone, row.factor, row.amount):
            lot.moved -= part
            desk.enter(document, row, "amount", "transfer_out", lot, -part, clause="RESERVE-2a")
            other = lots.lot(lot.number, row.to_zone, row.factor, lot.origin)
            other.moved += part
            desk.enter(document, row, "amount", "transfer_in", other, part, clause="RESERVE-2a")
