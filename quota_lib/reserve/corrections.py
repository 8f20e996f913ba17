"""Corrections: every effect of one document on its lots, reversed in the correcting quarter.

Source  SAFE-4; contract §3, Correction
"""

from __future__ import annotations

from collections.abc import Iterable

from quota_lib.amounts import Mass, text
from quota_lib.facts import Correction
from quota_lib.problems import at
from quota_lib.reserve.desk import Desk, Refused
from quota_lib.reserve.documents import Document
from quota_lib.reserve.lots import Entry, LotKey
from quota_lib.reserve.ruling import Ruling, Status


def correct(desk: Desk, document: Document) -> None:
    """Reverse every effect of one document on its lots, in this quarter."""
    row: Correction = document.rows[0]
    uses = desk.book.numbers.get(row.original, ())
    if any(use.sheet == "correction" for use in uses):
        raise Refused(at(row.at, "original", "Q440", original=row.original))
    posted = desk.ledger.posted.get(row.original, [])
    originals = [one for one in posted if not one.undone_by]
    if not posted:
        cause = desk.ledger.refused[row.original]
        words = {"value": row.original, "cause": f"{cause.file} › {cause.sheet}!{cause.cell} {cause.code}"}
        raise Refused(at(row.at, "original", "Q311", heading="原单号", **words))
    if not originals:
        raise Refused(at(row.at, "original", "Q441", original=row.original, document=posted[0].undone_by))
    _check_reversible(desk, row, originals)
    for original in originals:
        for entry in list(original.entries):
            lot = desk.ledger.lots.by_key[entry.lot_key]
            if entry.kind in ("opening", "deposit", "superior_in"):
                lot.born -= entry.amount
            elif entry.kind in ("transfer_out", "transfer_in"):
                lot.moved -= entry.amount
        _undo_memory(desk, original)
        original.undone_by = document.number
    _reverse(desk, document, row, [entry for original in originals for entry in original.entries])


def _check_reversible(desk: Desk, row: Correction, originals: list[Document]) -> None:
    """Errors  Refused if part of a debit is recovered, or a lot would leave its bounds."""
    rulings = [one.memory for one in originals if one.kind == "总量核定"]
    users = [one.document for one in desk.ledger.recoveries if any(one.ruling is ruling for ruling in rulings)]
    if users:
        raise Refused(at(row.at, "original", "Q443", original=row.original, users="、".join(sorted(set(users)))))
    change: dict[LotKey, tuple[int, int]] = {}
    for original in originals:
        for entry in original.entries:
            amount, frozen = change.get(entry.lot_key, (0, 0))
            change[entry.lot_key] = (amount - entry.amount, frozen - entry.frozen)
    for key, (amount, frozen) in change.items():
        lot = desk.ledger.lots.by_key[key]
        left, held = lot.left + amount, lot.frozen + frozen
        if not 0 <= held <= left:
            short = max(held - left, -held)
            own = {id(entry) for original in originals for entry in original.entries}
            first = min(entry.sequence for original in originals for entry in original.entries)
            later = (e for e in desk.ledger.entries if e.sequence > first and e.lot_key == key and id(e) not in own)
            used = "、".join(dict.fromkeys(entry.document for entry in later)) or "转出或扣除"
            words = {"lot": lot.number, "zone": lot.zone, "factor": desk.label(lot.factor), "users": used}
            raise Refused(at(row.at, "original", "Q442", original=row.original, short=text(short), **words))


def _undo_memory(desk: Desk, original: Document) -> None:
    if original.kind in ("减排量占用", "指标储备"):
        for row in original.rows:
            original.memory[(row.project, row.factor)] -= row.amount
    elif original.kind == "指标回收":
        for one in original.memory:
            desk.ledger.recoveries.remove(one)
            one.ruling.recovered[one.factor] = Mass(one.ruling.recovered[one.factor] - one.amount)
            back = sum(entry.amount for entry in one.returned)
            one.ruling.returned[one.factor] = Mass(one.ruling.returned[one.factor] - back)
    elif original.kind == "总量核定":
        ruling: Ruling = original.memory
        if ruling in desk.ledger.waiting:
            desk.ledger.waiting.remove(ruling)
        ruling.status, ruling.reversed_in = Status.REVERSED, desk.booked


def _reverse(desk: Desk, document: Document, row: Correction, entries: Iterable[Entry]) -> None:
    """Enter the opposite of every entry."""
    for entry in sorted(entries, key=lambda one: one.sequence):
        lot = desk.ledger.lots.by_key[entry.lot_key]
        words = {"original": entry.document, "project": entry.project, "clause": "SAFE-4"}
        desk.enter(document, row, "original", "correction", lot, -entry.amount, -entry.frozen, **words)
