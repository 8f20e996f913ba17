"""Recoveries: what is taken back, up to its ceiling, into the lots it came from.

Source  RESERVE-4
"""

from __future__ import annotations

from datetime import date
from typing import Any

from quota_lib.amounts import ZERO, Mass, Ratio, below_share, text, times
from quota_lib.book import Book
from quota_lib.facts import Recovery, Verification
from quota_lib.problems import Problem, at
from quota_lib.reserve.desk import Desk, Refused
from quota_lib.reserve.documents import Document
from quota_lib.reserve.ledger import NOT_BUILDING, Ledger
from quota_lib.reserve.lots import LotKey
from quota_lib.reserve.ruling import Debit, Recovered, Ruling, Status
from quota_lib.rules import Rules


def recover(desk: Desk, document: Document) -> None:
    """Take back permitted amounts: 回收量 so far × the debit's ratio, less what went back, last taken first.

    Units   mg/a of permitted discharge in, mg of reserve out.
    Errors  Refused if a row is above its ceiling or its reason does not hold.
    """
    plans = []
    problems: list[Problem] = []
    for row in document.rows:
        try:
            plans.append((row, *_recoverable(desk, row, document)))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(*problems)
    document.memory = []
    for row, ruling, year in plans:
        debit = ruling.debits[row.factor]
        ratio = _return_ratio(desk, debit, row.date)
        so_far = ruling.recovered.get(row.factor, ZERO)
        returned = ruling.returned.get(row.factor, ZERO)
        back = max(times(Mass(so_far + row.amount), ratio) - returned, 0)
        words: dict[str, Any] = {
            "project": ruling.project,
            "ratio": ratio,
            "gross": row.amount,
            "clause": "RESERVE-4",
        }
        entries = [
            desk.enter(document, row, "amount", "recovery", desk.ledger.lots.by_key[key], part, **words)
            for key, part in _last_taken_first(_taken(desk, ruling, row.factor), back)
        ]
        ruling.recovered[row.factor] = Mass(so_far + row.amount)
        ruling.returned[row.factor] = Mass(returned + back)
        one = Recovered(ruling, row.factor, row.reason, row.amount, year, tuple(entries), document.number)
        desk.ledger.recoveries.append(one)
        document.memory.append(one)


def _recoverable(desk: Desk, row: Recovery, document: Document) -> tuple[Ruling, int | None]:
    """Return the ruling a recovery takes from, and of a 富余 the year it rests on.

    Errors  Refused if it is above its ceiling or its reason does not hold.
    """
    ruling = desk.ledger.standing(row.construction)
    debit = ruling.takes.get(row.factor) if ruling and ruling.status is Status.DEBITED else None
    if ruling is None or debit is None:
        raise Refused(at(row.at, "factor", "Q430", project=row.construction, factor=desk.label(row.factor)))
    if row.date < ruling.document.date:
        words = {"heading": "回收日期", "value": row.date, "other": "核定日期", "before": ruling.document.date}
        raise Refused(at(row.at, "date", "Q327", **words))
    recovered = ruling.recovered.get(row.factor, ZERO)
    ceiling = debit.permitted - recovered
    if row.amount > ceiling:
        words = {"amount": text(row.amount), "ceiling": text(ceiling), "permitted": text(debit.permitted)}
        raise Refused(at(row.at, "amount", "Q431", recovered=text(recovered), **words))
    if row.reason == "不再建设":
        state = desk.ledger.state(row.construction, row.date, document.posting)
        if state != NOT_BUILDING:
            raise Refused(at(row.at, "reason", "Q432", day=row.date, state=state or "未填报"))
    if row.reason != "富余":
        return ruling, None
    return ruling, _within_surplus(desk, row, ruling, document.posting)


def _within_surplus(desk: Desk, row: Recovery, ruling: Ruling, posting: date) -> int:
    since = desk.ledger.running_since(row.construction, posting)
    figure = verified_figure(desk.book, ruling.unit, row.factor, since, row.date)
    if figure is None:
        raise Refused(at(row.at, "reason", "Q434", day=row.date))
    if figure.permitted is None:
        raise Refused(at(row.at, "amount", "Q435", year=figure.year, other=figure.at))
    left = surplus(desk.ledger, desk.rules, figure, row.date)
    if row.amount > left:
        words = {"amount": text(row.amount), "year": figure.year, "surplus": text(left)}
        raise Refused(at(row.at, "amount", "Q433", **words))
    return figure.year


def surplus(ledger: Ledger, rules: Rules, figure: Verification, day: date) -> int:
    """Return what is left of a plant's surplus of a year, after every standing 富余 taken on its figure, mg.

    Source  RESERVE-4(2) 核定实际排放量小于许可总量80%的; "less than" is strict
    """
    permitted = figure.permitted or ZERO
    unused = below_share(figure.actual, permitted, rules.ratio("recovery.actual_below", day))
    taken = sum(
        one.amount
        for one in ledger.recoveries
        if (one.ruling.unit, one.factor, one.year) == (figure.unit, figure.factor, figure.year)
    )
    return max((permitted - figure.actual if unused else 0) - taken, 0)


def _return_ratio(desk: Desk, debit: Debit, day: date) -> Ratio:
    as_debited = desk.rules.text("readings.recovery_ratio", day) == "as_debited"
    return debit.ratio if as_debited and debit.ratio else Ratio(1, 1)


def _taken(desk: Desk, ruling: Ruling, factor: str) -> list[tuple[LotKey, int]]:
    """Return what a debit took of each lot, in order, less what went back and stays there."""
    back: dict[LotKey, int] = {}
    for one in desk.ledger.recoveries:
        if one.ruling is ruling and one.factor == factor:
            for entry in one.returned:
                back[entry.lot_key] = back.get(entry.lot_key, 0) + entry.amount
    taken = [entry for entry in ruling.entries if entry.kind == "debit" and entry.factor == factor]
    return [(entry.lot_key, -entry.amount - back.get(entry.lot_key, 0)) for entry in taken]


def verified_figure(book: Book, unit: str, factor: str, since: date | None, day: date) -> Verification | None:
    """Return a plant's latest verified year that began on or after formal operation, verified by ``day``.

    Source  RESERVE-4(2): a verified full calendar year after formal operation began
    """
    if since is None:
        return None
    fitting = [row for row in book.verifications(unit, factor) if date(row.year, 1, 1) >= since and row.date <= day]
    latest = max((row.year for row in fitting), default=None)
    return next((row for row in reversed(fitting) if row.year == latest), None)


def _last_taken_first(taken: list[tuple[LotKey, int]], amount: int) -> list[tuple[LotKey, int]]:
    """Return how much goes back into each lot, beginning with the one the debit took from last."""
    parts = []
    for key, left in reversed(taken):
        part = min(left, amount)
        if part > 0:
            parts.append((key, part))
            amount -= part
    return parts
