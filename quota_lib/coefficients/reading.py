"""A coefficient table's file, read and checked: each mistake refused with its file, edition, word and the way to mend it.

Source  REDUCE-2
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import yaml

from quota_lib.amounts import plain
from quota_lib.coefficients.table import PERCENT, Coefficient, CoefficientError, Edition, Table, Word
from quota_lib.plain_yaml import known_entries, parse_yaml, where_wrong
from quota_lib.rules import STATUSES
from quota_lib.words import key, nearest

_TABLE = {"label", "clause", "unit", "units", "quantities", "note", "words", "editions"}
_WORD = {"also", "kind", "unit", "note"}
_EDITION = {"label", "since", "source", "place", "note", "amends", "coefficients"}
_ENTRY = {"word", "variants", "factor", "unit", "value", "low", "high", "per", "per_unit"}
_ENTRY |= {"since", "source", "place", "status", "note"}
_CHANGE = {"edition", "coefficients"}
_ALIKE = 75  # per cent: a word that is this like a known one is taken for a slip of the pen
TRIAL, LOCAL = "试算", "local"
OWN = "本地约定（未写明出处）"  # what a local line without a source is printed under: not the edition's


class Known(NamedTuple):
    """What the coefficients of a table may name; an empty one is not tested."""

    factors: Mapping[str, str]  # with their labels: the controlled factors, and the table's own quantities
    units: tuple[str, ...] = ()
    words: Mapping[str, Word] = {}


def known_factors(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of the controlled factors by their ids, of the texts of the parameter files.

    Errors  CoefficientError
    """
    content = _parsed("parameters/factors.yaml", texts.get("factors", "{}"))
    return {name: entry.get("label", name) for name, entry in content.items() if isinstance(entry, dict)}


def _parsed(where: str, text: str) -> Any:
    try:
        return parse_yaml(text)
    except yaml.YAMLError as fault:
        raise CoefficientError(f"{where} cannot be read: {where_wrong(fault)}") from None


def read_table(name: str, text: str, factors: Mapping[str, str]) -> Table:
    """Return the table of a file; ``factors``: the controlled ones with their labels.

    Errors  CoefficientError
    """
    where = f"parameters/{name}.yaml"
    content = _parsed(where, text)
    known_entries(where, content, _TABLE, {"label", "clause", "unit", "editions"}, CoefficientError)
    words = {word: _word(where, word, entry) for word, entry in (content.get("words") or {}).items()}
    quantities = content.get("quantities") or {}
    units = tuple(content.get("units", (content["unit"],)))
    known = Known({**factors, **quantities} if factors else {}, units, words)
    editions = {one.id: one for one in _editions(where, name, content["editions"], known)}
    for one in editions.values():
        if one.amends and one.amends not in editions:
            raise CoefficientError(f"{where}: edition {one.id} amends {one.amends!r}, which is not there.")
    _check_spellings(where, words)
    for edition in editions.values():
        for coefficient in edition.coefficients:
            words.setdefault(coefficient.word, Word(coefficient.word, (), "", "", ""))
    note = content.get("note", "")
    return Table(name, content["label"], content["clause"], content["unit"], note, units, quantities, words, editions)


def read_changes(table: Table, change: Any, where: str, factors: Mapping[str, str]) -> Table:
    """Return a table as a trial has it: another edition in force, coefficients of its own before all others.

    A word that the table does not know may be tried.
    Errors  CoefficientError
    """
    where = f"{where}: {table.name}"
    known_entries(where, change, _CHANGE, set(), CoefficientError)
    chosen = change.get("edition", table.chosen)
    if chosen and chosen not in table.editions:
        raise CoefficientError(f"{where}: there is no edition {chosen!r}; known are {', '.join(table.editions)}.")
    given = Edition(TRIAL, TRIAL, None, TRIAL, "", "", "", ())
    known = Known({**factors, **table.quantities} if factors else {}, table.units)
    lines = [{"status": "local", **one} if isinstance(one, dict) else one for one in change.get("coefficients") or ()]
    trial = tuple(_coefficient(where, table.name, given, one, known) for one in lines)
    _check_once(where, trial)
    added = {one.word: Word(one.word, (), "", "", TRIAL) for one in trial if one.word not in table.words}
    words = {**table.words, **added}
    return table._replace(words=words, trial=(*trial, *table.trial), chosen=chosen)


def _check_spellings(where: str, words: Mapping[str, Word]) -> None:
    """Refuse a spelling that stands for two words of one kind."""
    seen: dict[tuple[str, str], str] = {}
    for one in words.values():
        for text in (one.word, *one.also):
            if seen.setdefault((one.kind, key(text)), one.word) != one.word:
                raise CoefficientError(
                    f"{where}: {text!r} stands for {seen[one.kind, key(text)]!r} and for {one.word!r}."
                )


def _word(where: str, word: str, entry: Any) -> Word:
    entry = entry or {}
    known_entries(f"{where}: {word}", entry, _WORD, set(), CoefficientError)
    return Word(word, tuple(entry.get("also", ())), entry.get("kind", ""), entry.get("unit", ""), entry.get("note", ""))


def _editions(where: str, table: str, content: Any, known: Known) -> Iterator[Edition]:
    if not isinstance(content, dict) or not content:
        raise CoefficientError(f"{where} needs at least one edition.")
    seen: dict[date, str] = {}
    for name, entry in content.items():
        place = f"{where}: edition {name}"
        known_entries(place, entry, _EDITION, {"label", "since", "source", "coefficients"}, CoefficientError)
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
        made = tuple(_coefficient(place, table, edition, one, known) for one in entry["coefficients"])
        _check_once(place, made)
        yield edition._replace(coefficients=made)


def _coefficient(where: str, table: str, edition: Edition, entry: Any, known: Known) -> Coefficient:
    named = (
        "/".join(str(entry[name]) for name in ("word", "factor") if name in entry) if isinstance(entry, dict) else ""
    )
    place = f"{where}: {named or 'coefficients'}"
    known_entries(place, entry, _ENTRY, {"word", "factor", "unit", "status"}, CoefficientError)
    _check_known(place, entry, known)
    if entry["status"] not in STATUSES:
        raise CoefficientError(f"{place} has the status {entry['status']!r}; use one of {', '.join(STATUSES)}.")
    value, low, high = (_number(place, entry.get(name), entry["unit"]) for name in ("value", "low", "high"))
    if (low is None) != (high is None) or (low is not None and high is not None and low > high):
        raise CoefficientError(f"{place} needs low and high together, low not above high.")
    if value is None and low is None and "value" not in entry:
        raise CoefficientError(f"{place} needs a value, or low and high; `value: null` says that there is none.")
    if value is not None and low is not None and high is not None and not low <= value <= high:
        raise CoefficientError(f"{place} has the value {plain(value)} outside its own range.")
    since = _day(place, entry["since"]) if "since" in entry else None
    if since is not None and edition.since is not None and since <= edition.since:
        raise CoefficientError(
            f"{place} starts on {since}; its edition does on {edition.since}. Leave `since` out, or mend it."
        )
    return Coefficient(
        table=table,
        word=entry["word"],
        variants=tuple(entry.get("variants", ())),
        factor=entry["factor"],
        unit=entry["unit"],
        edition=edition.id,
        since=since,
        value=value,
        low=low,
        high=high,
        per=entry.get("per", ""),
        per_unit=entry.get("per_unit", ""),
        source=entry.get("source", OWN if entry["status"] == LOCAL and edition.id != TRIAL else edition.source),
        place=entry.get("place", "" if "source" in entry or entry["status"] == LOCAL else edition.place),
        status=entry["status"],
        note=entry.get("note", ""),
    )


def _check_known(where: str, entry: Mapping[str, Any], known: Known) -> None:
    """Refuse a factor or a unit that no method can ask for, and a word that is nearly a known one."""
    word, factor, unit = entry["word"], entry["factor"], entry["unit"]
    if known.factors and factor not in known.factors:
        near = nearest(factor, known.factors)
        raise CoefficientError(
            f"{where} has the factor {factor!r}; the nearest is {near}, known are {', '.join(known.factors)}."
        )
    if known.units and unit not in known.units:
        raise CoefficientError(
            f"{where} has the unit {unit!r}; known are {', '.join(known.units)}. A new one is added to the table's `units`."
        )
    counted = known.words[word].unit if word in known.words else ""
    if counted and not unit.endswith(f"/{counted}"):
        raise CoefficientError(f"{where} has the unit {unit!r}, but {word} is counted in {counted}.")
    near = nearest(word, known.words, _ALIKE) if known.words and word not in known.words else None
    if near:
        raise CoefficientError(
            f"{where}: the word {word!r} is nearly {near!r}. Mend it; if it is a new one, add it to the table's `words`."
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
    if unit == PERCENT and 0 < number < 1:
        raise CoefficientError(f"{where} has {text} %; write {plain(number * 100)} for {plain(number * 100)} %.")
    if not number.is_finite() or number < 0 or (unit == PERCENT and number > 100):
        raise CoefficientError(
            f"{where} has {text}, which is out of bounds; use {'0 to 100' if unit == PERCENT else '0 or more'}."
        )
    return number


def _day(where: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except (ValueError, TypeError):
        raise CoefficientError(f"{where} has the date {text!r}; write it as 2025-03-01.") from None
