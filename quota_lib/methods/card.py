"""The card of a method: what it is for, its inputs, the coefficients it looks up, its steps, its worked examples.

A card is the YAML beside the method's function (or, in a notebook, the same as a mapping).
Names in it are the inputs' names.  A percentage goes into the function as a share of 1, under
its name without ``_percent``; a coefficient under the name of its lookup.

Source  REDUCE-2
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from quota_lib.coverage import CLAUSES
from quota_lib.methods.formula import FormulaError, names
from quota_lib.plain_yaml import known_entries, parse_yaml
from quota_lib.rules import STATUSES
from quota_lib.schema import by_name

TYPES = ("number", "percent", "t", "word", "words", "text")
ROLE = "role"
SIGNS: Mapping[str, int] = {"旧": 1, "新": -1}
ANY = "*"
RESERVED = frozenset({"项目编号", "污染因子", "年度", "统一社会信用代码", "厂区编号", "排放口编号"})  # what names a row
_CARD = {"label", "clause", "order", "types", "factors", "status", "source", "note", "formula", "inputs", "one_of"}
_CARD |= {"constants", "lookups", "steps", "result", "examples"}
_INPUT = {"heading", "unit", "type", "words", "words_from", "kind", "required", "left_out"}
_INPUT |= {"least", "most", "above", "symbol", "latex", "note"}
_LOOKUP = {"label", "table", "word", "fixed", "kind", "factor", "unit", "variant", "stated", "several", "symbol"}
_LOOKUP |= {"latex", "required", "left_out", "with", "when", "optional"}
_STEP = {"label", "unit", "symbol", "latex", "formula"}
_EXAMPLE = {"title", "source", "factor", "day", "rows", "expect", "within", "note"}


class CardError(Exception):
    """A card is malformed or does not fit its function; says where."""


class Input(NamedTuple):
    """One input: its column, what may stand in it, and what an empty cell means (``left_out``; "" nothing)."""

    name: str
    heading: str
    unit: str
    type: str  # words: several words in one cell
    words: tuple[str, ...]
    words_from: str  # the coefficient table whose words they are
    kind: str  # of that table's words
    required: bool
    left_out: str
    least: Decimal
    most: Decimal | None
    above: Decimal | None
    symbol: str
    latex: str
    note: str

    @property
    def share(self) -> str:
        """Return the name of the share that a percentage is passed as; "" of any other input."""
        return self.name.replace("_percent", "") if self.type == "percent" else ""


class Lookup(NamedTuple):
    """A coefficient that a method needs: found by a word of a table, or stated in its place."""

    name: str
    label: str
    table: str
    word: str  # the input that holds the word(s)
    fixed: str  # the word, where no input holds it
    kind: str
    factor: str  # "" the computation's own
    unit: str  # {unit}: the unit that the word counts in
    variant: str  # the input that names the variant
    stated: str  # the input that replaces the table
    several: str  # series: 1 − Π(1 − η) · best: the highest counts · "": one word only
    required: bool
    left_out: Mapping[str, str]  # by factor, * any other: what counts where neither stands
    needed_with: str  # with this lookup above 0, a lookup that would count as 0 is required
    when: str  # the input without which it is not needed
    optional: bool  # what the table lacks is left out, not refused
    symbol: str
    latex: str


class Described(NamedTuple):
    """A step or the result: its name, heading, unit and symbol, and the formulas that may have given it."""

    name: str
    label: str
    unit: str
    symbol: str
    latex: str
    formulas: tuple[str, ...]


class Example(NamedTuple):
    """A worked example: rows in, and what the steps and the result must come to, within a tolerance."""

    title: str
    source: str
    factor: str
    day: date
    rows: tuple[Mapping[str, str], ...]
    expect: Mapping[str, Decimal]
    within: Decimal
    note: str


class Card(NamedTuple):
    """All that is known of a method beside its function."""

    name: str
    label: str
    clause: str
    order: int
    types: tuple[str, ...]  # of projects; () any
    factors: tuple[str, ...]  # () any
    status: str
    source: str
    note: str
    plain: str
    latex: str
    inputs: Mapping[str, Input]
    one_of: tuple[tuple[str, ...], ...]  # exactly one of these groups is filled; () no such choice
    constants: Mapping[str, Decimal]
    lookups: Mapping[str, Lookup]
    steps: Mapping[str, Described]
    result: Described
    examples: tuple[Example, ...]

    @property
    def signed(self) -> bool:
        """Return whether rows have a role: the old ones add, the new ones subtract."""
        return ROLE in self.inputs

    @property
    def sheet(self) -> str:
        return f"核算-{self.label}"

    @property
    def scope(self) -> set[str]:
        """Return every name that a formula or the function's parameters may stand on."""
        shares = {one.share for one in self.inputs.values() if one.share}
        return {*self.inputs, *shares, *self.constants, *self.lookups}


def parse_card(name: str, content: str | Mapping[str, Any]) -> Card:
    """Return the card that a YAML text, or the same as a mapping, holds.

    Errors  CardError, yaml.YAMLError
    """
    made = parse_yaml(content) if isinstance(content, str) else content
    needed = {"label", "clause", "status", "formula", "inputs", "steps", "examples"}
    entry = _checked(name, made, _CARD, needed)
    if entry["status"] not in STATUSES:
        raise CardError(f"{name}: the status {entry['status']!r} is none of {', '.join(STATUSES)}.")
    formula = _checked(f"{name}: formula", entry["formula"], {"plain", "latex"}, {"plain", "latex"})
    steps = {word: _described(name, word, one) for word, one in entry["steps"].items()}
    last = list(steps.values())[-1]
    card = Card(
        name=name,
        label=entry["label"],
        clause=entry["clause"],
        order=int(entry.get("order", 1000)),
        types=tuple(entry.get("types", ())),
        factors=tuple(entry.get("factors", ())),
        status=entry["status"],
        source=entry.get("source", ""),
        note=entry.get("note", ""),
        plain=formula["plain"],
        latex=formula["latex"],
        inputs={word: _input(name, word, one) for word, one in entry["inputs"].items()},
        one_of=tuple(map(tuple, entry.get("one_of", ()))),
        constants={word: Decimal(value) for word, value in entry.get("constants", {}).items()},
        lookups={word: _lookup(name, word, one) for word, one in entry.get("lookups", {}).items()},
        steps=steps,
        result=_described(name, *next(iter(entry["result"].items()))) if "result" in entry else last,
        examples=tuple(_example(name, one) for one in entry["examples"]),
    )
    _check_names(card)
    return card


def _input(card: str, name: str, content: Any) -> Input:
    entry = _checked(f"{card}: {name}", content, _INPUT, {"heading", "type"})
    if entry["type"] not in TYPES:
        raise CardError(f"{card}: {name} has the type {entry['type']!r}; use one of {', '.join(TYPES)}.")
    if name == ROLE and tuple(entry.get("words", ())) != tuple(SIGNS):
        raise CardError(f"{card}: the words of role are {'、'.join(SIGNS)}.")
    most = entry.get("most", "100" if entry["type"] == "percent" else None)
    return Input(
        name=name,
        heading=entry["heading"],
        unit=entry.get("unit", "%" if entry["type"] == "percent" else ""),
        type=entry["type"],
        words=tuple(entry.get("words", ())),
        words_from=entry.get("words_from", ""),
        kind=entry.get("kind", ""),
        required=entry.get("required", "no") == "yes",
        left_out=entry.get("left_out", ""),
        least=Decimal(entry.get("least", "0")),
        most=None if most is None else Decimal(most),
        above=Decimal(entry["above"]) if "above" in entry else None,
        symbol=entry.get("symbol", name),
        latex=entry.get("latex", entry.get("symbol", _as_text(name))),
        note=entry.get("note", ""),
    )


def _lookup(card: str, name: str, content: Any) -> Lookup:
    entry = _checked(f"{card}: {name}", content, _LOOKUP, {"label", "table", "unit"})
    left_out = entry.get("left_out", {})
    return Lookup(
        name=name,
        label=entry["label"],
        table=entry["table"],
        word=entry.get("word", ""),
        fixed=entry.get("fixed", ""),
        kind=entry.get("kind", ""),
        factor=entry.get("factor", ""),
        unit=entry["unit"],
        variant=entry.get("variant", ""),
        stated=entry.get("stated", ""),
        several=entry.get("several", ""),
        required=entry.get("required", "no") == "yes",
        left_out=left_out if isinstance(left_out, Mapping) else {ANY: left_out},
        needed_with=entry.get("with", ""),
        when=entry.get("when", ""),
        optional=entry.get("optional", "no") == "yes",
        symbol=entry.get("symbol", name),
        latex=entry.get("latex", entry.get("symbol", _as_text(name))),
    )


def _described(card: str, name: str, content: Any) -> Described:
    entry = _checked(f"{card}: {name}", content, _STEP, {"label", "unit", "symbol"})
    formulas = entry.get("formula", ())
    return Described(
        name=name,
        label=entry["label"],
        unit=entry["unit"],
        symbol=entry["symbol"],
        latex=entry.get("latex", entry["symbol"]),
        formulas=(formulas,) if isinstance(formulas, str) else tuple(formulas),
    )


def _example(card: str, content: Any) -> Example:
    entry = _checked(f"{card}: example", content, _EXAMPLE, {"title", "factor", "rows", "expect"})
    return Example(
        title=entry["title"],
        source=entry.get("source", ""),
        factor=entry["factor"],
        day=date.fromisoformat(entry.get("day", "2025-03-31")),
        rows=tuple(entry["rows"]),
        expect={name: Decimal(value) for name, value in entry["expect"].items()},
        within=Decimal(entry.get("within", "0")),
        note=entry.get("note", ""),
    )


def _check_names(card: Card) -> None:
    """Refuse a card that names an input, lookup or step that it does not have."""
    inputs = set(card.inputs)
    for lookup in card.lookups.values():
        used = {lookup.word, lookup.variant, lookup.stated, lookup.when} - {""}
        _check_known(card, f"lookup {lookup.name}", used, inputs)
        _check_known(card, f"lookup {lookup.name}", {lookup.needed_with} - {""}, set(card.lookups))
        if not lookup.word and not lookup.fixed:
            raise CardError(f"{card.name}: lookup {lookup.name} needs a word, or a fixed one.")
    _check_known(card, "one_of", {name for group in card.one_of for name in group}, inputs)
    known = card.scope
    for step in card.steps.values():
        for formula in step.formulas:
            try:
                _check_known(card, f"step {step.name}", names(formula), known)
            except FormulaError as fault:
                raise CardError(f"{card.name}: step {step.name}: {fault}.") from None
        known = known | {step.name}
    headings = [one.heading for one in card.inputs.values()]
    for heading in sorted(set(headings) & RESERVED):
        raise CardError(f"{card.name}: the heading {heading!r} stands on every method's sheet already.")
    types = next(one.words for one in by_name()["reduction_project"].fields if one.name == "type")
    for word in sorted(set(card.types) - set(types)):
        raise CardError(f"{card.name}: there is no type of project {word!r}; there are {'、'.join(types)}.")
    if card.clause.split("(")[0] not in CLAUSES:
        raise CardError(f"{card.name}: there is no clause {card.clause!r}; see docs/clauses.md.")
    if len(set(headings)) != len(headings):
        raise CardError(f"{card.name}: two inputs have the same heading.")
    for example in card.examples:
        for row in example.rows:
            _check_known(card, f"example {example.title}", set(row), inputs)
        _check_known(card, f"example {example.title}", set(example.expect), {*card.steps, card.result.name})


def _check_known(card: Card, where: str, used: Iterable[str], known: set[str]) -> None:
    for name in sorted(set(used) - known):
        raise CardError(f"{card.name}: {where} names {name!r}, which the card does not have.")


def _checked(where: str, content: Any, allowed: set[str], needed: set[str]) -> Mapping[str, Any]:
    found = known_entries(where, content, allowed, needed, CardError)
    for word in ("required", "optional"):
        if found.get(word, "no") not in ("yes", "no"):
            raise CardError(f'{where}: {word} is {found[word]!r}; write "yes" or "no".')
    return found


def _as_text(name: str) -> str:
    return rf"\text{{{name.replace('_', ' ')}}}"
