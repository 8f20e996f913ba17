"""Documents in the order in which they post.

Source  contract §3, Order
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from quota_lib.periods import Quarter, posting_day
from quota_lib.reserve.lots import Entry

KINDS = (
    "期初结存",
    "入库审核",
    "减排量占用",
    "指标储备",
    "申请使用",
    "退出上级",
    "指标回收",
    "冲正",
    "功能区调剂",
    "纳入上级",
    "上级使用",
    "总量核定",
)
_SHEET_KINDS = {
    "opening": "期初结存",
    "verdict": "入库审核",
    "occupation": "减排量占用",
    "deposit": "指标储备",
    "recovery": "指标回收",
    "correction": "冲正",
    "transfer": "功能区调剂",
    "decision": "总量核定",
}
BEFORE_EVERYTHING = date.min


@dataclass(eq=False)
class Document:
    """All rows of one number on one sheet (a decision: of one project; a verdict: one row).

    ``place``: its turn among everything that was posted; ``entries``: what it did to lots, also
    later (a debit supplied later); ``undone_by``: the 冲正 that reversed it.
    """

    kind: str
    number: str
    project: str
    rows: tuple[Any, ...]
    booked: Quarter
    posting: date
    date: date
    place: int = -1
    entries: list[Entry] = field(default_factory=list)
    undone_by: str = ""
    memory: Any = None  # what its correction must undo beside lots

    @property
    def order(self) -> tuple[Any, ...]:
        first = BEFORE_EVERYTHING if self.kind == "期初结存" else self.posting
        return (first, self.date, KINDS.index(self.kind), self.number, self.project)

    @property
    def last_booked(self) -> int:
        """Return when its last entry was booked; without entries its own place."""
        return max((entry.sequence for entry in self.entries), default=self.place)


def documents(rows: Mapping[str, list[Any]], booked: Quarter, order: Mapping[str, int]) -> list[Document]:
    """Return a quarter's documents in the order in which they post; their rows by factor, then lot."""
    groups: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for sheet, kind in (*_SHEET_KINDS.items(), ("superior", "")):
        for row in rows.get(sheet, ()):
            if sheet == "verdict":
                groups[(kind, row.project, row.factor + str(row.date))].append(row)
            elif sheet == "decision":
                groups[(kind, row.document, row.construction)].append(row)
            else:
                groups[(kind or row.direction, row.document, "")].append(row)
    found = []
    for (kind, number, project), members in groups.items():
        day = booked.start if kind == "期初结存" else members[0].date
        members.sort(key=lambda row: (order.get(getattr(row, "factor", ""), 0), getattr(row, "lot", "")))
        found.append(Document(kind, number, project, tuple(members), booked, posting_day(day, booked), day))
    return sorted(found, key=lambda one: one.order)
