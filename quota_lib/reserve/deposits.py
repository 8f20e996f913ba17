"""Opening lots, verdicts, occupations, deposits: verified ≥ occupied + reserved, per project and factor, at every moment.

Source  REDUCE-4, RESERVE-1, RESERVE-2a
"""

from __future__ import annotations

from quota_lib.amounts import ZERO, text
from quota_lib.facts import Occupation, Verdict
from quota_lib.problems import Problem, at
from quota_lib.reserve.desk import Desk, Refused
from quota_lib.reserve.documents import Document
from quota_lib.reserve.lots import Origin


def open_lots(desk: Desk, document: Document) -> None:
    """Enter the lots with which the ledger was opened; they are older than all others."""
    for row in document.rows:
        origin = Origin("期初结存", "", desk.booked, desk.booked.start)
        desk.birth(document, row, "opening", row.zone, origin, "RESERVE-2a")


def verify(desk: Desk, document: Document) -> None:
    """Set what is verified of a factor; a verdict below what is already occupied and reserved is refused.

    Source  REDUCE-4 审核通过的，纳入减排库
    """
    row: Verdict = document.rows[0]
    key = (row.project, row.factor)
    passed = (row.verified or ZERO) if row.verdict == "通过" else ZERO
    used = desk.ledger.occupied.get(key, 0) + desk.ledger.reserved.get(key, 0)
    if used > passed:
        field = "verified" if row.verdict == "通过" else "verdict"
        raise Refused(_too_much(desk, row, field, f"审核结论{row.verdict}", passed, used, passed))
    desk.ledger.verified[key] = passed


def occupy(desk: Desk, document: Document) -> None:
    """Occupy an amount that may not be reserved: it is used elsewhere already.

    Source  RESERVE-1 以下项目不纳入储备
    """
    _claim(desk, document, desk.ledger.occupied, "占用")
    document.memory = desk.ledger.occupied


def deposit(desk: Desk, document: Document) -> None:
    """Take verified reductions into the reserve of the project's zone, a lot for each factor.

    Source  RESERVE-1
    """
    _claim(desk, document, desk.ledger.reserved, "储备")
    document.memory = desk.ledger.reserved
    for row in document.rows:
        project = desk.book.reduction_project(row.project)
        if project is None:
            raise AssertionError(f"{row.project} was admitted without its project")
        origin = Origin("指标储备", row.project, desk.booked, row.date)
        desk.birth(document, row, "deposit", project.zone, origin, "RESERVE-1")


def _claim(desk: Desk, document: Document, claims: dict[tuple[str, str], int], what: str) -> None:
    problems = []
    for row in document.rows:
        key = (row.project, row.factor)
        verified = desk.ledger.verified.get(key, ZERO)
        used = desk.ledger.occupied.get(key, 0) + desk.ledger.reserved.get(key, 0) + row.amount
        if used > verified:
            problems.append(_too_much(desk, row, "amount", what, row.amount, used, verified))
    if problems:
        raise Refused(*problems)
    for row in document.rows:
        claims[(row.project, row.factor)] = claims.get((row.project, row.factor), 0) + row.amount


def _too_much(
    desk: Desk, row: Verdict | Occupation, field: str, what: str, amount: int, used: int, verified: int
) -> Problem:
    words = {"what": what, "amount": text(amount), "project": row.project, "factor": desk.label(row.factor)}
    return at(row.at, field, "Q401", used=text(used), verified=text(verified), **words)
