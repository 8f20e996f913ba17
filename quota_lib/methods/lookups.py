"""Coefficients for one row: by the words in its cells, in the edition of the day, or as a stated percentage.

Source  REDUCE-2
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from quota_lib.amounts import plain
from quota_lib.coefficients import PERCENT, Coefficient, Coefficients, Word
from quota_lib.methods.card import ANY, Card, Lookup
from quota_lib.methods.chain import in_series
from quota_lib.methods.reading import Fault, Value, fault

HUNDRED = Decimal(100)


class Used(NamedTuple):
    """A coefficient that a computation stands on, or that a stated value replaces."""

    row: int
    name: str  # of the lookup
    coefficient: Coefficient
    replaced: bool


class Found(NamedTuple):
    """What a lookup comes to in one row; ``value`` None: not needed, or faulty."""

    value: Decimal | None
    given: bool  # by a word or a stated value; else by what counts when left out
    used: tuple[Used, ...] = ()
    parts: tuple[Decimal, ...] = ()  # of several controls or ways, or value and multiplier
    stated: bool = False
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


class Asking(NamedTuple):
    """The row that asks, and under which factor, day and tables."""

    card: Card
    row: int
    values: Mapping[str, Value]
    factor: str
    day: date
    coefficients: Coefficients
    faulty: frozenset[str] = frozenset()  # inputs that are known to be wrong already

    def heading(self, name: str) -> str:
        return self.card.inputs[name].heading

    def fault(self, name: str, code: str, **words: str) -> Fault:
        """Return a fault of this row; ``name`` "": a method that names the word itself has no cell for it."""
        heading = self.heading(name) if name else self.card.label
        return fault(self.row, name, code, heading=heading, **words)


def look_up(asking: Asking) -> dict[str, Found]:
    """Return every lookup of a card for one row, with what is wrong."""
    found = {name: _one(asking, lookup) for name, lookup in asking.card.lookups.items()}
    for name, lookup in asking.card.lookups.items():
        other = found.get(lookup.needed_with)
        nothing = not found[name].given and not found[name].faults and found[name].value == 0
        if other and nothing and other.given and other.value != 0:
            why = f"填“{asking.card.lookups[lookup.needed_with].label}”"
            found[name] = Found(None, False, faults=(asking.fault(lookup.word, "Q305", why=why),))
    return found


def split_words(text: Value) -> list[str]:
    """Return the words of a cell that may hold several, separated by 、 or a comma."""
    return [part.strip() for part in re.split("[、,，]", str(text or "")) if part.strip()]


def _one(asking: Asking, lookup: Lookup) -> Found:
    words, faults = _words(asking, lookup)
    stated = asking.values[lookup.stated] if lookup.stated else None
    wanted = lookup.stated not in asking.faulty and (not lookup.when or asking.values[lookup.when] is not None)
    coefficients, more = _coefficients(asking, lookup, words, isinstance(stated, Decimal) or not wanted)
    faults += more
    if faults or not wanted:
        return Found(None, False, faults=tuple(faults))
    if isinstance(stated, Decimal):
        return _stated(asking, lookup, stated, coefficients)
    if not words:
        return _left_out(asking, lookup)
    return _from_table(asking, lookup, coefficients)


def _words(asking: Asking, lookup: Lookup) -> tuple[list[Word], list[Fault]]:
    """Return the table's words that the cell holds."""
    if not lookup.word:
        found = asking.coefficients.read_word(lookup.table, lookup.fixed, lookup.kind)
        return ([found] if found else [Word(lookup.fixed, (), lookup.kind, "", "")]), []
    text = asking.values[lookup.word]
    read, faults = [], []
    for part in split_words(text) if lookup.several else [str(text)] if text else []:
        word = asking.coefficients.read_word(lookup.table, part, lookup.kind)
        if word:
            read.append(word)
        else:
            factors = (asking.factor,) if not lookup.factor else ()
            known = "、".join(asking.coefficients.words(lookup.table, factors, lookup.kind)) or "（该因子没有）"
            faults.append(asking.fault(lookup.word, "Q212", value=part, words=known))
    return read, [] if lookup.optional else faults


def _coefficients(
    asking: Asking, lookup: Lookup, words: Iterable[Word], replaced: bool
) -> tuple[list[Coefficient], list[Fault]]:
    """Return a coefficient for each word, and a fault for each word that the edition in force lacks."""
    tables, factor = asking.coefficients, lookup.factor or asking.factor
    edition = tables.edition_on(lookup.table, asking.day)
    label = tables.table(lookup.table).label
    found: list[Coefficient] = []
    faults: list[Fault] = []
    for word in words:
        unit = lookup.unit.replace("{unit}", word.unit)
        variant = str(asking.values[lookup.variant] or "") if lookup.variant else None
        one = tables.lookup(lookup.table, word.word, factor, unit, asking.day, variant)
        if one:
            found.append(one)
        elif lookup.optional or (replaced and (edition is None or lookup.unit != PERCENT)):
            continue
        elif edition is None:
            faults.append(asking.fault(lookup.word, "Q233", value=word.word, table=label, day=str(asking.day)))
        else:
            held = tables.alternatives(lookup.table, word.word, factor, unit, asking.day)
            held = [] if held and held[0].withdrawn and not held[0].variants else [o for o in held if not o.withdrawn]
            words_ = {"table": label, "edition": edition.label, "factor": tables.factor(factor)}
            since = tables.starts(lookup.table, word.word, factor, unit, asking.day)
            words_["why"] = f"自 {since} 起才有，按申报日 {asking.day} 计" if since else "不能计入"
            if not held:
                faults.append(asking.fault(lookup.word, "Q232", value=word.word, **words_))
            elif variant:
                faults.append(asking.fault(lookup.variant, "Q232", value=f"{word.word}、{variant}", **words_))
            else:
                faults.append(asking.fault(lookup.variant, "Q305", why=f"“{word.word}”的系数按此区分"))
    return found, faults


def _stated(asking: Asking, lookup: Lookup, stated: Decimal, coefficients: list[Coefficient]) -> Found:
    """Return a stated value in place of the table's; within the range, where the table gives one."""
    used = tuple(Used(asking.row, lookup.name, one, True) for one in coefficients)
    value = stated / HUNDRED if lookup.unit == PERCENT else stated
    bounds = [_bounds(one, lookup) for one in coefficients if one.low is not None or one.value is not None]
    if bounds and any(one.value is None for one in coefficients):
        low, high = (together(lookup, [bound[side] for bound in bounds]) for side in (0, 1))
        if not low <= value <= high:
            return Found(None, True, used, faults=(_outside(asking, lookup, stated, coefficients, low, high),))
    notes = [
        f"第 {asking.row + 1} 行：{asking.heading(lookup.stated)}填报 {plain(stated)}，"
        f"代替“{one.word}”的表列值 {one.shown}（{one.edition}）"
        for one in coefficients
        if one.value is not None and not one.per and _bounds(one, lookup)[0] != value
    ]
    return Found(value, True, used, stated=True, notes=tuple(notes))


def _outside(
    asking: Asking, lookup: Lookup, stated: Decimal, coefficients: list[Coefficient], low: Decimal, high: Decimal
) -> Fault:
    return asking.fault(
        lookup.stated,
        "Q235",
        value=plain(stated),
        word="、".join(one.word for one in coefficients),
        low=plain(low * HUNDRED if lookup.unit == PERCENT else low),
        high=plain(high * HUNDRED if lookup.unit == PERCENT else high),
        unit=lookup.unit,
        edition=coefficients[0].edition,
    )


def _left_out(asking: Asking, lookup: Lookup) -> Found:
    counts = lookup.left_out.get(asking.factor, lookup.left_out.get(ANY, ""))
    if lookup.required or (not counts and not lookup.optional):
        choices = "、".join(f"“{asking.heading(name)}”" for name in (lookup.word, lookup.stated) if name)
        return Found(None, False, faults=(asking.fault(lookup.word or lookup.stated, "Q231", choices=choices),))
    if not counts:
        return Found(None, False)
    value = Decimal(counts)
    return Found(value / HUNDRED if lookup.unit == PERCENT else value, False)


def _from_table(asking: Asking, lookup: Lookup, coefficients: list[Coefficient]) -> Found:
    """Return what the table's coefficients come to: several in series or the best, or one times an input."""
    used = tuple(Used(asking.row, lookup.name, one, False) for one in coefficients)
    if not coefficients:
        return Found(None, False)
    ranges = [one for one in coefficients if one.value is None]
    if ranges:
        faults = tuple(
            asking.fault(
                lookup.stated or lookup.word,
                "Q234",
                value=one.word,
                low=plain(one.low or Decimal(0)),
                high=plain(one.high or Decimal(0)),
                unit=lookup.unit,
                edition=one.edition,
            )
            for one in ranges
        )
        return Found(None, True, used, faults=faults)
    parts = [_bounds(one, lookup)[0] for one in coefficients]
    if coefficients[0].per:
        return _multiplied(asking, lookup, coefficients[0], used)
    shown_parts = tuple(parts) if len(parts) > 1 else ()
    return Found(
        together(lookup, parts), True, used, shown_parts, notes=tuple(_unnamed(asking, lookup, coefficients[0]))
    )


def _unnamed(asking: Asking, lookup: Lookup, one: Coefficient) -> Iterator[str]:
    """Return a note where a table holds several variants and the row names none."""
    if lookup.variant and not asking.values[lookup.variant]:
        held = asking.coefficients.alternatives(one.table, one.word, one.factor, one.unit, asking.day)
        if len(held) > 1:
            yield f"第 {asking.row + 1} 行：未填{asking.heading(lookup.variant)}，“{one.word}”按 {one.shown}"


def _multiplied(asking: Asking, lookup: Lookup, one: Coefficient, used: tuple[Used, ...]) -> Found:
    by = asking.values.get(one.per)
    if one.per not in asking.card.inputs or not isinstance(by, Decimal):
        name = one.per if one.per in asking.card.inputs else lookup.word
        why = f"“{one.word}”的系数要乘以它"
        return Found(None, True, used, faults=(asking.fault(name, "Q305", why=why),))
    if one.per_unit == PERCENT and by > HUNDRED:
        return Found(None, True, used, faults=(asking.fault(one.per, "Q216", value=plain(by)),))
    value = one.value or Decimal(0)
    return Found(value * by, True, used, (value, by))


def _bounds(one: Coefficient, lookup: Lookup) -> tuple[Decimal, Decimal]:
    """Return the least and most that a coefficient allows, both its value where it has one; shares of 1."""
    low, high = (one.value, one.value) if one.value is not None else (one.low, one.high)
    scale = HUNDRED if lookup.unit == PERCENT else Decimal(1)
    return (low or Decimal(0)) / scale, (high or Decimal(0)) / scale


def together(lookup: Lookup, parts: list[Decimal]) -> Decimal:
    """Return what several coefficients come to: controls in series 1 − Π(1 − η), of several ways the best."""
    return in_series(parts) if lookup.several == "series" else max(parts)
