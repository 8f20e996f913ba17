"""Figures of a park by id; each kind of figure is one registered function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from quota_lib.amounts import plain, text
from quota_lib.applications import Applied, Planned, applications, balance_plan
from quota_lib.findings import Finding, findings
from quota_lib.findings.numbers import numbered
from quota_lib.findings.reserve import demand
from quota_lib.park import Park
from quota_lib.problems import Place
from quota_lib.reductions import Reduced, reductions
from quota_lib.reserve.balances import Balance, balances
from quota_lib.reserve.lots import Account, Entry, LotKey
from quota_lib.rules import STATUSES
from quota_lib.schema import by_name
from quota_lib.tracing.fact import Cell, Fact, Rule, fact_id, keys_of

Explain = Callable[..., Fact]
KINDS: dict[str, Explain] = {}
NOTHING_COUNTED = "没有单据、分录或单元格计入此数，故为 0。"
WITHOUT_UNIT = frozenset({"word", "words", "count"})


class UnknownFact(KeyError):
    """There is no figure of this id."""


def kind(name: str) -> Callable[[Explain], Explain]:
    """Register what explains the figures of a kind; it is given the trace and the id's keys."""

    def register(explain: Explain) -> Explain:
        KINDS[name] = explain
        return explain

    return register


class Trace:
    """The figures of a park; what several of them need is made once.

    ``kinds``: what explains the figures, by kind; a trace of more than a park has more of them.
    """

    kinds: Mapping[str, Explain] = KINDS

    def __init__(self, park: Park) -> None:
        self.park = park
        self._known: dict[str, Fact] = {}
        self._balances: dict[tuple[Any, Any], dict[tuple[str, str], Balance]] = {}

    @property
    def period(self) -> str:
        """Return the period whose figures these are."""
        return str(self.park.quarter)

    @property
    def last_day(self) -> date:
        """Return the last day of the period."""
        return self.park.quarter.end

    @cached_property
    def seen(self) -> dict[str, Finding]:
        """Return the findings by their number."""
        return dict(numbered(findings(self.park)))

    def about(self, one: Finding) -> Iterable[str]:
        """Return the ids of figures of a finding's subject; some of them may not exist."""
        from quota_lib.tracing.sayings import about

        return about(self, one)

    def fact(self, name: str) -> Fact:
        """Return a figure by its id.

        Errors  UnknownFact
        """
        if name not in self._known:
            what, *keys = keys_of(name)
            if what not in self.kinds:
                raise UnknownFact(name)
            try:
                made = self.kinds[what](self, *keys)
            except (KeyError, TypeError, ValueError, StopIteration, IndexError):
                raise UnknownFact(name) from None
            nothing = made.value == "0" and not (made.parts or made.cells or made.rules)
            made = made._replace(formula="", clause="", note=made.note or NOTHING_COUNTED) if nothing else made
            self._known[name] = made._replace(id=name)
        return self._known[name]

    def closed(self, names: Iterable[str]) -> dict[str, Fact]:
        """Return figures with all their parts, by id, in order of their ids."""
        found: dict[str, Fact] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = self.fact(name)
                waiting += found[name].parts
        return {name: found[name] for name in sorted(found)}

    @cached_property
    def entry_ids(self) -> dict[int, str]:
        """Return the entries' ids by their sequence: counted within each quarter, as posted."""
        return entry_ids(self.park.ledger.entries)

    @cached_property
    def entries(self) -> dict[str, Entry]:
        return {self.entry_ids[one.sequence]: one for one in self.park.ledger.entries}

    @cached_property
    def by_lot(self) -> dict[LotKey, list[Entry]]:
        """Return the entries of every lot, as posted."""
        found: dict[LotKey, list[Entry]] = {}
        for one in self.park.ledger.entries:
            found.setdefault(one.lot_key, []).append(one)
        return found

    @cached_property
    def by_account(self) -> dict[Account, list[Entry]]:
        """Return the entries of every zone and factor, as posted."""
        found: dict[Account, list[Entry]] = {}
        for one in self.park.ledger.entries:
            found.setdefault((one.zone, one.factor), []).append(one)
        return found

    @cached_property
    def rows(self) -> dict[tuple[str, str, int], Any]:
        """Return every row of the quarters so far, by file, sheet and row number."""
        found = {}
        for booked in self.park.booked.values():
            for rows in booked.rows.values():
                for row in rows:
                    found[(row.at.source.file, row.at.source.sheet, row.at.row)] = row
        return found

    def row(self, place: Place) -> Any:
        """Return the row at a place.

        Errors  KeyError
        """
        return self.rows[(place.source.file, place.source.sheet, place.row)]

    @cached_property
    def plans(self) -> list[Planned]:
        return list(balance_plan(self.park))

    @cached_property
    def applied(self) -> dict[tuple[str, str], Applied]:
        return {(one.project.construction, one.factor): one for one in applications(self.park)}

    @cached_property
    def needs(self) -> dict[tuple[str, str], int]:
        return demand(self.park)

    @cached_property
    def reduced(self) -> dict[tuple[str, str], Reduced]:
        return {(one.reduction.project, one.reduction.factor): one for one in reductions(self.park)}

    def balances(self, first: Any, last: Any) -> dict[tuple[str, str], Balance]:
        key = (first, last)
        if key not in self._balances:
            self._balances[key] = balances(self.park.ledger.entries, first, last)
        return self._balances[key]

    def entry_facts(self, found: Iterable[Entry], what: str = "amount") -> tuple[str, ...]:
        return tuple(fact_id("entry", self.entry_ids[one.sequence], what) for one in found)

    def factor(self, name: str) -> str:
        return self.park.rules.factors.label(name)

    def rule(self, key: str, day: date) -> Rule:
        """Return a parameter as it was on a day."""
        one = self.park.rules.parameters[key]
        value = one.on(day)
        if value is None:
            raise KeyError(key)
        shown = "无" if value.value is None else value.value
        status = STATUSES[value.status]
        unit = "" if one.unit in WITHOUT_UNIT else one.unit
        return Rule(key, one.label, shown, unit, str(value.since), one.clause, value.reference, status)


def entry_ids(entries: Iterable[Entry]) -> dict[int, str]:
    """Return the ids of entries by their sequence: counted within each quarter, as posted."""
    counts: dict[str, int] = {}
    found = {}
    for entry in entries:
        quarter = str(entry.booked)
        counts[quarter] = counts.get(quarter, 0) + 1
        found[entry.sequence] = f"{quarter}-{counts[quarter]:05d}"
    return found


def cell(row: Any, field: str) -> Cell:
    """Return the cell that a field of a record was read from."""
    return Cell(row.at.reference(field), heading_of(row.at, field), shown(getattr(row, field)))


def heading_of(place: Place, field: str) -> str:
    """Return the heading that a field stands under; a field of a method's sheet by its name."""
    sheet = next((one for one in by_name().values() if one.title == place.source.sheet), None)
    return sheet.heading(field) if sheet else field


def shown(value: Any) -> str:
    """Return a value as a cell shows it: amounts in t."""
    if value is None or value == "":
        return "（空）"
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return text(value)
    return plain(value) if hasattr(value, "as_tuple") else str(value)


def tree(trace: Trace, name: str, depth: int = 99) -> Iterator[str]:
    """Return the lines that explain a figure: itself, what it stands on, its parts below it, each once.

    Errors  UnknownFact
    """
    yield from _lines(trace, name, 0, depth, set())


def _lines(trace: Trace, name: str, level: int, depth: int, seen: set[str]) -> Iterator[str]:
    one, pad = trace.fact(name), "  " * level
    yield f"{pad}{one.label} = {one.value} {one.unit}　[{one.id}]".rstrip()
    if name in seen:
        yield f"{pad}  （见上）"
        return
    seen.add(name)
    for word, said in (("算式", one.formula), ("条款", one.clause), ("说明", one.note)):
        if said:
            yield f"{pad}  {word}：{said}"
    for rule in one.rules:
        yield (
            f"{pad}  参数：{f'{rule.label} {rule.value} {rule.unit}'.rstrip()}（{rule.key}，{rule.since} 起，{rule.reference}，{rule.status}）"
        )
    for found in one.cells:
        yield f"{pad}  ← {found.place} {found.heading} = {found.value}"
    if level < depth:
        for part in one.parts:
            yield from _lines(trace, part, level + 1, depth, seen)
