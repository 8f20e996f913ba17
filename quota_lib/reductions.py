"""The reduction library (减排库) as the reserve needs it: what was declared, verified, occupied, reserved, used.

Source  REDUCE-4, REDUCE-5, RESERVE-1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from quota_lib.amounts import ZERO, Mass
from quota_lib.facts import Reduction, ReductionProject
from quota_lib.methods import method_named
from quota_lib.park import Park


class Reduced(NamedTuple):
    """One factor of a reduction project at the quarter's end, mg.  ``verified`` None: no verdict yet."""

    project: ReductionProject
    reduction: Reduction
    verified: Mass | None
    occupied: int
    reserved: int
    used: int
    superior: int
    method: str
    computed: Mass | None  # after the cap
    edition: str

    @property
    def left(self) -> int:
        return (self.verified or ZERO) - self.occupied - self.reserved


def reductions(park: Park) -> Iterator[Reduced]:
    """Return a row per project and factor declared up to the quarter's end, by project and factor.

    Source  REDUCE-5 核定的污染物减排总量以及减排量使用情况
    """
    ledger, order = park.ledger, park.rules.factors.order
    used, superior = _used(park)
    rows: list[Reduction] = list(park.book.latest("reduction"))
    for row in sorted(rows, key=lambda one: (one.project, order[one.factor])):
        project = park.book.reduction_project(row.project)
        if project is None:
            continue
        key = (row.project, row.factor)
        yield Reduced(
            project=project,
            reduction=row,
            verified=ledger.verified.get(key),
            occupied=ledger.occupied.get(key, 0),
            reserved=ledger.reserved.get(key, 0),
            used=used.get(key, 0),
            superior=superior.get(key, 0),
            method=method_named(row.method) or "",
            computed=made.counted if (made := park.accounted.get(key)) else None,
            edition=made.computation.edition if made else "",
        )


def _used(park: Park) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """Return, by project and factor, what was debited net of recoveries, and what is frozen or used above."""
    ledger = park.ledger
    used: dict[tuple[str, str], int] = {}
    superior: dict[tuple[str, str], int] = {}
    kinds = {number: documents[0].kind for number, documents in ledger.posted.items()}
    for entry in ledger.entries:
        key = (ledger.lots.by_key[entry.lot_key].origin.project, entry.factor)
        kind = kinds[entry.original] if entry.kind == "correction" else kinds[entry.document]
        if kind in ("总量核定", "指标回收"):
            used[key] = used.get(key, 0) - entry.amount
        elif kind in ("纳入上级", "退出上级"):
            superior[key] = superior.get(key, 0) + entry.frozen
        elif kind == "上级使用":
            superior[key] = superior.get(key, 0) + entry.frozen - entry.amount
    return used, superior
