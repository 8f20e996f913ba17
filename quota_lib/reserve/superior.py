"""The superior reserve: what is asked of it, what is frozen for it, used there, and freed.

Source  RESERVE-2d
"""

from __future__ import annotations

from collections.abc import Callable

from quota_lib.amounts import text
from quota_lib.facts import Superior
from quota_lib.problems import Problem, at
from quota_lib.reserve.desk import Desk, Refused
from quota_lib.reserve.documents import Document
from quota_lib.reserve.lots import Lot, Origin


def take_from_superior(desk: Desk, document: Document) -> None:
    """Bring in what the superior reserve gives (申请使用), as lots of their own."""
    for row in document.rows:
        origin = Origin("申请使用", "", desk.booked, row.date)
        desk.birth(document, row, "superior_in", row.zone, origin, "RESERVE-2d")


def freeze(desk: Desk, document: Document) -> None:
    """Freeze part of a lot that came from a reduction project: it went up (纳入上级) and is not yet used there."""

    def bound(row: Superior, lot: Lot) -> Problem | None:
        if lot.origin.kind != "指标储备":
            return at(row.at, "lot", "Q421", lot=row.lot, origin=lot.origin.kind)
        return _beyond(desk, row, "Q422", lot.free)

    _on_lots(desk, document, bound, "freeze", 0, 1)


def release(desk: Desk, document: Document) -> None:
    """Free what was frozen of a lot (退出上级)."""
    _on_lots(desk, document, lambda row, lot: _beyond(desk, row, "Q423", lot.frozen), "release", 0, -1)


def use_frozen(desk: Desk, document: Document) -> None:
    """Take from a lot what was used of it in the superior reserve (上级使用): 应在园区储备库中予以扣除."""
    _on_lots(desk, document, lambda row, lot: _beyond(desk, row, "Q423", lot.frozen), "superior_out", -1, -1)


def _beyond(desk: Desk, row: Superior, code: str, bound: int) -> Problem | None:
    if row.amount <= bound:
        return None
    words = {"direction": row.direction, "amount": text(row.amount), "lot": row.lot}
    return at(row.at, "amount", code, bound=text(bound), **words)


def _on_lots(
    desk: Desk,
    document: Document,
    bound: Callable[[Superior, Lot], Problem | None],
    kind: str,
    amount: int,
    frozen: int,
) -> None:
    problems: list[Problem] = []
    for row in document.rows:
        lot = desk.ledger.lots.get(row.lot, row.zone, row.factor)
        if lot is None:
            problems.append(at(row.at, "lot", "Q420", zone=row.zone, factor=desk.label(row.factor), lot=row.lot))
        else:
            problems += [fault for fault in [bound(row, lot)] if fault]
    if problems:
        raise Refused(*problems)
    for row in document.rows:
        lot = desk.ledger.lots.lot(row.lot, row.zone, row.factor, Origin("", "", desk.booked, row.date))
        desk.enter(document, row, "amount", kind, lot, amount * row.amount, frozen * row.amount, clause="RESERVE-2d")
