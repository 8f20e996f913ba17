"""What a coefficient table holds: words, editions and their numbers.

Source  REDUCE-2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from quota_lib.amounts import plain
from quota_lib.rules import RuleError

PERCENT = "%"


class CoefficientError(RuleError):
    """A coefficient is missing, malformed or not valid on a day; says which and why."""


class Coefficient(NamedTuple):
    """One number of a table in one edition.

    ``value`` None with ``low`` and ``high``: the table gives a range, a percentage must be stated;
    with neither: the table says from ``since`` on that there is none.
    """

    table: str
    word: str
    variants: tuple[str, ...]  # of the equipment it holds for ("": none named); () any
    factor: str
    unit: str
    edition: str
    since: date | None  # None: as long as its edition
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    per: str  # the input that the value is multiplied by; "" none
    per_unit: str
    source: str
    place: str
    status: str
    note: str

    @property
    def withdrawn(self) -> bool:
        return self.value is None and self.low is None

    @property
    def equipment(self) -> str:
        """Return the equipment that it holds for, in brackets; "" where it holds for any."""
        return f"（{'、'.join(name or '不填' for name in self.variants)}）" if self.variants else ""

    @property
    def shown(self) -> str:
        """Return the number as a table prints it: "30 %", "80–85 %", "0.02·sulphur kg/10⁴ m³"."""
        if self.withdrawn:
            return "–"
        by = f"·{self.per}" if self.per else ""
        known = plain(self.value) if self.value is not None else ""
        spread = f"{plain(self.low)}–{plain(self.high)}" if self.low is not None and self.high is not None else ""
        number = f"{known}（{spread}）" if known and spread else known or spread
        return f"{number}{by} {self.unit}"


class Edition(NamedTuple):
    """A version of a table.  ``since`` None: never in force here, for trials only; ``amends``: what holds beside it."""

    id: str
    label: str
    since: date | None
    source: str
    place: str
    note: str
    amends: str
    coefficients: tuple[Coefficient, ...]


class Word(NamedTuple):
    """A word of a table, how else it is written, and what the word itself says of the unit it counts in."""

    word: str
    also: tuple[str, ...]
    kind: str
    unit: str
    note: str


class Table(NamedTuple):
    """A coefficient table with all its editions, the oldest first."""

    name: str
    label: str
    clause: str
    unit: str
    note: str
    units: tuple[str, ...]
    quantities: Mapping[str, str]  # what it has coefficients for beside the controlled factors, with labels
    words: Mapping[str, Word]
    editions: Mapping[str, Edition]
    trial: tuple[Coefficient, ...] = ()  # what a trial puts in place of the edition's
    chosen: str = ""  # the edition that a trial puts in place of the one in force

    def edition_on(self, day: date) -> Edition | None:
        """Return the edition in force on a day (in a trial: the one that it chose), or None."""
        if self.chosen:
            return self.editions[self.chosen]
        dated = [one for one in self.editions.values() if one.since is not None and one.since <= day]
        return max(dated, key=lambda one: one.since or date.min, default=None)

    def entries(self, edition: Edition) -> Iterator[Coefficient]:
        """Return the coefficients that hold in an edition: a trial's, its own, then those of the one it amends."""
        yield from self.trial
        yield from edition.coefficients
        if edition.amends:
            yield from self.entries(self.editions[edition.amends])
