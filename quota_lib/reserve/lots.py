"""Lots: what one document brought of one factor and what is of it in one zone; every change is an entry.

Source  RESERVE-2a 按功能区进行指标储备和统计核算; contract §3, Lots
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from quota_lib.amounts import Mass, Ratio
from quota_lib.periods import Quarter
from quota_lib.problems import Place

Account = tuple[str, str]  # zone, factor
LotKey = tuple[str, str, str]  # number, zone, factor
Age = tuple[bool, Quarter, date, str]


class Origin(NamedTuple):
    """Where a lot came from; it stays the same wherever parts of the lot go."""

    kind: str  # 期初结存, 指标储备, 申请使用
    project: str  # of 指标储备: the reduction project
    booked: Quarter
    date: date


@dataclass(slots=True)
class Lot:
    """One lot.  At every moment 0 ≤ frozen ≤ left; born and moved are net of their 冲正."""

    number: str
    zone: str
    factor: str
    origin: Origin
    left: int = 0
    frozen: int = 0
    born: int = 0
    moved: int = 0

    @property
    def key(self) -> LotKey:
        return (self.number, self.zone, self.factor)

    @property
    def free(self) -> int:
        return self.left - self.frozen

    @property
    def age(self) -> Age:
        """Oldest first: opening lots before all others, then by booked quarter, business date, number."""
        return (self.origin.kind != "期初结存", self.origin.booked, self.origin.date, self.number)


class Entry(NamedTuple):
    """One change of one lot by one row of a document.

    ``amount``: change of what is left, ``frozen``: of what is frozen, mg.  ``gross``: the whole row's
    核定新增 or 回收量.  ``original``: of a correction, the document it reverses.
    """

    sequence: int
    booked: Quarter
    date: date
    kind: str
    zone: str
    factor: str
    lot: str
    amount: int
    frozen: int
    document: str
    original: str
    project: str
    ratio: Ratio | None
    gross: Mass | None
    clause: str
    place: Place
    field: str

    @property
    def lot_key(self) -> LotKey:
        return (self.lot, self.zone, self.factor)


class Lots:
    """All lots, and of each zone and factor the ones with something free, oldest first."""

    def __init__(self) -> None:
        self.by_key: dict[LotKey, Lot] = {}
        self._open: dict[Account, list[tuple[Age, LotKey]]] = {}
        self._free: dict[Account, int] = {}
        self.freed: set[str] = set()  # zones in which something became free since waiting projects were tried

    def __iter__(self) -> Iterator[Lot]:
        return iter(self.by_key.values())

    def get(self, number: str, zone: str, factor: str) -> Lot | None:
        return self.by_key.get((number, zone, factor))

    def lot(self, number: str, zone: str, factor: str, origin: Origin) -> Lot:
        """Return a lot, made new and empty where there is none; parts of one number that meet are one lot."""
        key = (number, zone, factor)
        if key not in self.by_key:
            self.by_key[key] = Lot(number, zone, factor, origin)
        return self.by_key[key]

    def free(self, zone: str, factor: str) -> int:
        """Return what is free of a factor in a zone, mg."""
        return self._free.get((zone, factor), 0)

    def change(self, lot: Lot, amount: int, frozen: int) -> None:
        """Change what is left and frozen of a lot.

        Errors  AssertionError if the lot would leave its bounds: whoever posts checks first.
        """
        account, before = (lot.zone, lot.factor), lot.free
        lot.left += amount
        lot.frozen += frozen
        if not 0 <= lot.frozen <= lot.left:
            raise AssertionError(f"lot {lot.key} would be left {lot.left}, frozen {lot.frozen}")
        self._free[account] = self._free.get(account, 0) + lot.free - before
        if lot.free > before:
            self.freed.add(lot.zone)
        waiting = self._open.setdefault(account, [])
        if before == 0 < lot.free:
            insort(waiting, (lot.age, lot.key))
        elif before > 0 == lot.free:
            del waiting[bisect_left(waiting, (lot.age, lot.key))]

    def oldest_first(self, zone: str, factor: str) -> Iterator[Lot]:
        """Return the lots with something free, first-in first-out."""
        return (self.by_key[key] for _, key in self._open.get((zone, factor), ()))

    def first_out(self, zone: str, factor: str, amount: int) -> list[tuple[Lot, int]]:
        """Return which lots give ``amount`` (mg, at most what is free), oldest first."""
        return share(self.oldest_first(zone, factor), amount)


def share(lots: Iterable[Lot], amount: int) -> list[tuple[Lot, int]]:
    """Return how much each lot gives, in the order given, until ``amount`` is reached or nothing is left."""
    parts = []
    for lot in lots:
        if amount == 0:
            break
        part = min(lot.free, amount)
        if part:
            parts.append((lot, part))
            amount -= part
    return parts
