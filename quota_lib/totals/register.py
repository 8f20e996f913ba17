"""What a plant is permitted to discharge to the environment, day by day, and how that came about.

A permit's figure holds from its 生效日期 on; what is posted after that day moves it: a 同意 by its 核定新增
(one that waits: when it is supplied), a recovery down, a 冲正 back.

Source  TOTAL-2 许可排放量; contract §5, totals: permitted
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from quota_lib.amounts import Mass
from quota_lib.facts import Permit
from quota_lib.problems import Place
from quota_lib.reserve.documents import Document
from quota_lib.reserve.ledger import Ledger
from quota_lib.reserve.ruling import Ruling

PERMIT, AGREED, RECOVERED, CORRECTED = "许可总量", "总量核定", "指标回收", "冲正"
Key = tuple[str, str]  # unit, factor


class Step(NamedTuple):
    """One change of what is permitted: by how much, and what it is then (None: no permit's figure yet)."""

    day: date
    kind: str
    document: str
    project: str
    amount: int  # of a permit: its figure
    permitted: int | None
    at: Place
    field: str


class Register(NamedTuple):
    """The history of every plant and factor, by day."""

    steps: Mapping[Key, tuple[Step, ...]]

    def history(self, unit: str, factor: str, day: date) -> tuple[Step, ...]:
        """Return what moved it up to a day."""
        return tuple(step for step in self.steps.get((unit, factor), ()) if step.day <= day)

    def permitted(self, unit: str, factor: str, day: date) -> Mass | None:
        """Return what holds at the end of a day; None where no permit says so."""
        known = self.history(unit, factor, day)
        return None if not known or known[-1].permitted is None else Mass(known[-1].permitted)


def register(permits: Mapping[Key, Sequence[Permit]], ledger: Ledger) -> Register:
    """Return what every plant is permitted, as its permits and the ledger tell it."""
    moves: dict[Key, list[Step]] = defaultdict(list)
    for key, rows in permits.items():
        moves[key] += [_of_permit(row) for row in rows]
    for documents in ledger.posted.values():
        for document in documents:
            for key, step in (*_agreed(document), *_recovered(document)):
                moves[key].append(step)
                if document.undone_by:
                    moves[key].append(_back(step, ledger.posted[document.undone_by][0]))
    return Register({key: tuple(_running(steps)) for key, steps in moves.items()})


def _of_permit(row: Permit) -> Step:
    figure = "permitted_to_environment"
    return Step(row.since, PERMIT, row.reference, "", row.permitted_to_environment, None, row.at, figure)


def _agreed(document: Document) -> Iterator[tuple[Key, Step]]:
    """Return what a 同意 adds, from the day on which it is posted: one that waits, when it is supplied."""
    ruling = document.memory
    if document.kind != AGREED or not isinstance(ruling, Ruling) or not ruling.document.agreed:
        return
    debited = [entry.date for entry in document.entries if entry.kind == "debit"]
    if ruling.takes and not debited:
        return
    day = min(debited, default=document.posting)
    for factor, debit in ruling.debits.items():
        if debit.permitted:
            at = debit.row.at
            yield (
                (ruling.unit, factor),
                Step(day, AGREED, document.number, ruling.project, debit.permitted, None, at, "permitted"),
            )


def _recovered(document: Document) -> Iterator[tuple[Key, Step]]:
    """Return what a recovery takes back; its rows and what it remembers of them stand in one order."""
    if document.kind != RECOVERED:
        return
    for row, one in zip(document.rows, document.memory, strict=True):
        key = (one.ruling.unit, one.factor)
        yield (
            key,
            Step(document.posting, RECOVERED, document.number, one.ruling.project, -row.amount, None, row.at, "amount"),
        )


def _back(step: Step, correction: Document) -> Step:
    """Return what a 冲正 does to a step that its document made."""
    row = correction.rows[0]
    day = max(correction.posting, step.day)
    return step._replace(
        day=day, kind=CORRECTED, document=correction.number, amount=-step.amount, at=row.at, field="original"
    )


def _running(steps: list[Step]) -> Iterator[Step]:
    """Return the steps by day with what each leads to; a permit's figure holds against the moves of its own day."""
    permitted: int | None = None
    for step in sorted(steps, key=lambda one: (one.day, one.kind == PERMIT)):
        if step.kind == PERMIT:
            permitted = step.amount
        elif permitted is not None:
            permitted += step.amount
        yield step._replace(permitted=permitted)
