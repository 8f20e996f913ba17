"""Balances by zone and factor, of any quarter up to the one reported.

Source  RESERVE-2a 确保各功能区污染总量指标收支平衡; contract §5, balances
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from quota_lib.periods import Quarter
from quota_lib.reserve.ledger import Ledger
from quota_lib.reserve.lots import Account, Entry

FLOWS: Mapping[str, str] = {
    "deposit": "deposited",
    "transfer_in": "transferred_in",
    "superior_in": "superior_in",
    "recovery": "recovered",
    "debit": "debited",
    "transfer_out": "transferred_out",
    "superior_out": "superior_out",
    "correction": "corrected",
}
USES = ("debited", "transferred_out", "superior_out")


class Balance(NamedTuple):
    """A quarter of one zone and factor, mg; uses are positive numbers.

    closing = opening + deposited + transferred_in + superior_in + recovered
              − debited − transferred_out − superior_out + corrected
    """

    opening: int = 0
    deposited: int = 0
    transferred_in: int = 0
    superior_in: int = 0
    recovered: int = 0
    debited: int = 0
    transferred_out: int = 0
    superior_out: int = 0
    corrected: int = 0
    closing: int = 0
    frozen: int = 0

    @property
    def available(self) -> int:
        return self.closing - self.frozen

    @property
    def sources(self) -> int:
        return self.deposited + self.transferred_in + self.superior_in + self.recovered

    @property
    def uses(self) -> int:
        return self.debited + self.transferred_out + self.superior_out


NOTHING = Balance()


def balances(entries: Iterable[Entry], first: Quarter, last: Quarter | None = None) -> dict[Account, Balance]:
    """Return the balances of the quarters ``first`` to ``last`` taken together (default: the one quarter).

    Opening lots stand in the opening of their quarter; ``corrected`` is the net effect of the 冲正.
    """
    last = last or first
    sums: dict[Account, dict[str, int]] = {}
    for entry in entries:
        if entry.booked > last:
            continue
        account = sums.setdefault((entry.zone, entry.factor), {})
        if entry.booked < first or entry.kind == "opening":
            flow = "opening"
        else:
            flow = FLOWS.get(entry.kind, "")
        if flow:
            account[flow] = account.get(flow, 0) + (-entry.amount if flow in USES else entry.amount)
        account["closing"] = account.get("closing", 0) + entry.amount
        account["frozen"] = account.get("frozen", 0) + entry.frozen
    return {account: Balance(**found) for account, found in sums.items()}


def together(parts: Iterable[Balance]) -> Balance:
    """Return the sum of balances; between zones, transfers in and out stay beside each other."""
    return Balance(*(sum(column) for column in zip(*parts, NOTHING, strict=True)))


def by_factors(found: dict[tuple[str, str], Balance]) -> dict[str, Balance]:
    """Return the balances of zones put together by factor."""
    parts: dict[str, list[Balance]] = {}
    for (_, factor), balance in found.items():
        parts.setdefault(factor, []).append(balance)
    return {factor: together(ones) for factor, ones in parts.items()}


def accounts(ledger: Ledger, entries: Iterable[Entry], order: Mapping[str, int]) -> list[Account]:
    """Return every zone and factor with any entry ever or a decision waiting, in the tables' order."""
    found = {(entry.zone, entry.factor) for entry in entries}
    found |= {(ruling.zone, factor) for ruling in ledger.waiting for factor in ruling.takes}
    return sorted(found, key=lambda account: (account[0], order[account[1]]))
