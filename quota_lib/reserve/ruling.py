"""What became of a decision: the state of a 文号 on one project, and what it takes from the reserve.

Source  RESERVE-2c
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from quota_lib.amounts import ZERO, Mass, Ratio
from quota_lib.book import DecisionDocument
from quota_lib.facts import Assessment, Decision
from quota_lib.periods import Quarter
from quota_lib.reserve.lots import Entry
from quota_lib.reserve.route import Judgement


class Status(Enum):
    """The state of a project, as tables print it."""

    UNDECIDED = "待核定"
    REFUSED = "不同意"
    WITHDRAWN = "已撤回"
    NOTHING = "无需扣除"
    DEBITED = "已扣除"
    WAITING = "待供给"
    LEFT = "不再建设"  # left the queue
    REVERSED = "已冲正"


STANDING = (Status.NOTHING, Status.DEBITED, Status.WAITING, Status.LEFT)
"""A 同意 that stands: it is not reversed."""


class Debit(NamedTuple):
    """What one factor of a 同意 takes from the reserve, kept as permitted, ratio and debit with its rule.

    ``ratio`` None: nothing is taken (another 平衡途径, or nothing new).  ``lot``: 指定批次, "" for none.
    """

    permitted: Mass
    ratio: Ratio | None
    rule: str
    amount: Mass
    lot: str
    row: Decision


@dataclass(eq=False)
class Ruling:
    """A decision in force or once in force, and its history.

    ``recovered``, ``returned``: of standing recoveries, by factor: 回收量 and what went back, mg.
    """

    document: DecisionDocument
    zone: str
    unit: str
    judgement: Judgement
    status: Status
    debits: dict[str, Debit] = field(default_factory=dict)
    assessments: dict[str, Assessment] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    supplied: Quarter | None = None
    left: Quarter | None = None
    reversed_in: Quarter | None = None
    recovered: dict[str, Mass] = field(default_factory=dict)
    returned: dict[str, Mass] = field(default_factory=dict)

    @property
    def project(self) -> str:
        return self.document.project

    @property
    def place_in_queue(self) -> tuple[object, ...]:
        """Oldest decision first: 核定日期, 文号, project."""
        return (self.document.date, self.document.document, self.project)

    @property
    def takes(self) -> dict[str, Debit]:
        return {factor: debit for factor, debit in self.debits.items() if debit.amount > ZERO}


class Recovered(NamedTuple):
    """A recovery that was posted.  ``year``: of a 富余, the verified year whose figure it used."""

    ruling: Ruling
    factor: str
    reason: str
    amount: Mass
    year: int | None
    returned: tuple[Entry, ...]
    document: str
