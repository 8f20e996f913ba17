"""Coefficient tables of the accounting methods, by edition: collection, removal, generation.

A file of ``parameters/`` with ``editions:`` at its margin is such a table.  A coefficient is
found under its table, word, factor and unit, in the one edition that is in force on a day;
what that edition lacks is lacking, and no other edition is asked instead.

Source  REDUCE-2
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import yaml

from quota_lib.amounts import plain
from quota_lib.plain_yaml import parse_yaml
from quota_lib.rules import STATUSES, RuleError, is_coefficient_table
from quota_lib.words import key

PERCENT = "%"
_TABLE = {"label", "clause", "unit", "note", "words", "editions"}
_WORD = {"also", "kind", "unit", "note"}
_EDITION = {"label", "since", "source", "place", "note", "amends", "coefficients"}
_ENTRY = {"word", "variants", "factor", "unit", "value", "low", "high", "per", "per_unit"}
_ENTRY |= {"since", "source", "place", "status", "note"}
_CHANGE = {"edition", "coefficients"}
TRIAL = "试算"


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


class Coefficients:
    """All coefficient tables of a workspace."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Read the tables among the texts of the parameter files, by file name without ``.yaml``.

        Errors  CoefficientError naming file, edition, coefficient and what is wrong.
        """
        self.tables: Mapping[str, Table] = {
            name: _table(name, texts[name]) for name in sorted(texts) if is_coefficient_table(texts[name])
        }

    def table(self, name: str) -> Table:
        """Return a table.

        Errors  CoefficientError if there is none of this name.
        """
        if name not in self.tables:
            raise CoefficientError(f"there is no coefficient table {name!r}. Add parameters/{name}.yaml.")
        return self.tables[name]

    def edition_on(self, table: str, day: date) -> Edition | None:
        """Return the edition of a table that is in force on a day, or None before the first one."""
        return self.table(table).edition_on(day)

    def lookup(
        self, table: str, word: str, factor: str, unit: str, day: date, variant: str | None = None
    ) -> Coefficient | None:
        """Return the coefficient in force on a day, or None where the edition has none for this word, factor and unit.

        ``variant``: of the equipment ("": none named); None where the table knows no variants.
        """
        edition = self.edition_on(table, day)
        found = [one for one in self.alternatives(table, word, factor, unit, day) if _fits(one, variant)]
        return found[0] if edition and found and not found[0].withdrawn else None

    def alternatives(self, table: str, word: str, factor: str, unit: str, day: date) -> list[Coefficient]:
        """Return what holds on a day for a word, factor and unit, for every variant; the one that counts first."""
        edition = self.edition_on(table, day)
        if edition is None:
            return []
        wanted = (word, factor, unit)
        layers: dict[str, list[Coefficient]] = {}
        for one in self.table(table).entries(edition):
            if (one.word, one.factor, one.unit) == wanted and (one.since is None or one.since <= day):
                layers.setdefault(one.edition, []).append(one)
        return [
            one for layer in layers.values() for one in sorted(layer, key=lambda c: c.since or date.min, reverse=True)
        ]

    def coefficient(
        self, table: str, word: str, factor: str, unit: str, day: date, variant: str | None = None
    ) -> Coefficient:
        """Return the coefficient in force on a day.

        Errors  CoefficientError saying whether an edition or only the pair is missing.
        """
        found = self.lookup(table, word, factor, unit, day, variant)
        if found is None:
            edition = self.edition_on(table, day)
            lacks = f"edition {edition.id!r} has no {word}/{factor} in {unit}" if edition else "no edition is in force"
            raise CoefficientError(f"table {table!r} on {day}: {lacks}. See parameters/{table}.yaml.")
        return found

    def words(self, table: str, factors: Iterable[str] = (), kind: str = "") -> tuple[str, ...]:
        """Return a table's words, of a kind, that some edition holds for one of the factors (without factors: any)."""
        wanted, found = set(factors), self.table(table)
        held = {
            one.word
            for edition in found.editions.values()
            for one in (*edition.coefficients, *found.trial)
            if not wanted or one.factor in wanted
        }
        return tuple(word for word, entry in found.words.items() if word in held and entry.kind == kind)

    def read_word(self, table: str, text: str, kind: str = "") -> Word | None:
        """Return the word of a table that a text stands for, or None."""
        read = {
            key(name): entry
            for entry in self.table(table).words.values()
            if entry.kind == kind
            for name in (*entry.also, entry.word)
        }
        return read.get(key(text))

    def changed(self, differences: Mapping[str, Any]) -> Coefficients:
        """Return these tables as a trial has them.

        Shape   by table: ``edition`` (compute with this one whatever the day) and ``coefficients``
                (entries as in the file; each from its ``since`` on, or always).
        Errors  CoefficientError
        """
        tables = dict(self.tables)
        for name, change in differences.items():
            table, where = self.table(name), f"what_if: {name}"
            _check_keys(where, change, _CHANGE, set())
            chosen = change.get("edition", table.chosen)
            if chosen and chosen not in table.editions:
                raise CoefficientError(
                    f"{where}: there is no edition {chosen!r}; known are {', '.join(table.editions)}."
                )
            given = Edition(TRIAL, TRIAL, None, TRIAL, "", "", "", ())
            trial = tuple(
                _coefficient(where, name, given, {"status": "local", **entry})
                for entry in change.get("coefficients", ())
            )
            added = {one.word: Word(one.word, (), "", "", TRIAL) for one in trial if one.word not in table.words}
            words = {**table.words, **added}
            tables[name] = table._replace(words=words, trial=(*trial, *table.trial), chosen=chosen)
        return _with(tables)


def _with(tables: Mapping[str, Table]) -> Coefficients:
    made = Coefficients({})
    made.tables = tables
    return made


def _fits(one: Coefficient, variant: str | None) -> bool:
    return not one.variants or (variant or "") in one.variants


def _table(name: str, text: str) -> Table:
    where = f"parameters/{name}.yaml"
    try:
        content = parse_yaml(text)
    except yaml.YAMLError as fault:
        raise CoefficientError(f"{where} cannot be read: {' '.join(str(fault).split())}") from None
    _check_keys(where, content, _TABLE, {"label", "clause", "unit", "editions"})
    editions = {one.id: one for one in _editions(where, name, content["editions"])}
    for one in editions.values():
        if one.amends and one.amends not in editions:
            raise CoefficientError(f"{where}: edition {one.id} amends {one.amends!r}, which is not there.")
    words = {word: _word(where, word, entry) for word, entry in (content.get("words") or {}).items()}
    for edition in editions.values():
        for coefficient in edition.coefficients:
            words.setdefault(coefficient.word, Word(coefficient.word, (), "", "", ""))
    return Table(name, content["label"], content["clause"], content["unit"], content.get("note", ""), words, editions)


def _word(where: str, word: str, entry: Any) -> Word:
    entry = entry or {}
    _check_keys(f"{where}: {word}", entry, _WORD, set())
    return Word(word, tuple(entry.get("also", ())), entry.get("kind", ""), entry.get("unit", ""), entry.get("note", ""))


def _editions(where: str, table: str, content: Any) -> Iterator[Edition]:
    if not isinstance(content, dict) or not content:
        raise CoefficientError(f"{where} needs at least one edition.")
    seen: dict[date, str] = {}
    for name, entry in content.items():
        place = f"{where}: edition {name}"
        _check_keys(place, entry, _EDITION, {"label", "since", "source", "coefficients"})
        since = None if entry["since"] == "null" else _day(place, entry["since"])
        if since is not None and seen.setdefault(since, name) != name:
            raise CoefficientError(f"{place} starts on {since}, as {seen[since]} does; on that day one must hold.")
        edition = Edition(
            name,
            entry["label"],
            since,
            entry["source"],
            entry.get("place", ""),
            entry.get("note", ""),
            entry.get("amends", ""),
            (),
        )
        made = tuple(_coefficient(place, table, edition, one) for one in entry["coefficients"])
        _check_once(place, made)
        yield edition._replace(coefficients=made)


def _coefficient(where: str, table: str, edition: Edition, entry: Any) -> Coefficient:
    _check_keys(where, entry, _ENTRY, {"word", "factor", "unit", "status"})
    place = f"{where}: {entry['word']}/{entry['factor']}"
    if entry["status"] not in STATUSES:
        raise CoefficientError(f"{place} has the status {entry['status']!r}; use one of {', '.join(STATUSES)}.")
    value, low, high = (_number(place, entry.get(name), entry["unit"]) for name in ("value", "low", "high"))
    if (low is None) != (high is None) or (low is not None and high is not None and low > high):
        raise CoefficientError(f"{place} needs low and high together, low not above high.")
    if value is None and low is None and "value" not in entry:
        raise CoefficientError(f"{place} needs a value, or low and high; `value: null` says that there is none.")
    if value is not None and low is not None and high is not None and not low <= value <= high:
        raise CoefficientError(f"{place} has the value {plain(value)} outside its own range.")
    return Coefficient(
        table=table,
        word=entry["word"],
        variants=tuple(entry.get("variants", ())),
        factor=entry["factor"],
        unit=entry["unit"],
        edition=edition.id,
        since=_day(place, entry["since"]) if "since" in entry else None,
        value=value,
        low=low,
        high=high,
        per=entry.get("per", ""),
        per_unit=entry.get("per_unit", ""),
        source=entry.get("source", edition.source),
        place=entry.get("place", edition.place),
        status=entry["status"],
        note=entry.get("note", ""),
    )


def _check_once(where: str, coefficients: Iterable[Coefficient]) -> None:
    """Refuse two numbers of one edition for one word, variant, factor, unit and day."""
    seen: set[tuple[object, ...]] = set()
    for one in coefficients:
        for variant in one.variants or ("*",):
            place = (one.word, variant, one.factor, one.unit, one.since)
            if place in seen:
                raise CoefficientError(f"{where}: {one.word}/{one.factor} in {one.unit} stands twice.")
            seen.add(place)


def _number(where: str, text: Any, unit: str) -> Decimal | None:
    if text is None or text == "null":
        return None
    try:
        number = Decimal(text)
    except (InvalidOperation, TypeError):
        raise CoefficientError(f"{where} has {text!r} where a number is needed.") from None
    if not number.is_finite() or number < 0 or (unit == PERCENT and number > 100):
        raise CoefficientError(f"{where} has {text}, which is out of bounds.")
    return number


def _day(where: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except (ValueError, TypeError):
        raise CoefficientError(f"{where} has the date {text!r}; write it as 2025-03-01.") from None


def _check_keys(where: str, entry: Any, allowed: set[str], needed: set[str]) -> None:
    if not isinstance(entry, dict):
        raise CoefficientError(f"{where} must be a mapping.")
    for word in sorted(set(entry) - allowed):
        raise CoefficientError(f"{where} has an unknown entry {word!r}; known are {', '.join(sorted(allowed))}.")
    for word in sorted(needed - set(entry)):
        raise CoefficientError(f"{where} lacks {word!r}.")
