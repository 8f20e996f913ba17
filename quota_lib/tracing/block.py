"""Figures as one JSON text, as a report's page holds them for people and programs.

Shape   {"schema": 2, "period": "2025Q4",
         "words": ["", "t", …],
         "sheets": ["2025Q4/储备台账.xlsx › 指标储备", …],
         "rules": [{key, label, value, unit, since, clause, reference, status}, …],
         "fields": ["id", "label", "value", "unit", "clause", "parts", "cells", "formula", "note", "rules"],
         "facts": [[…], …]}
        A fact is a list in the order of ``fields``; 0, and what is left out at its end, is empty.  ``value``: exact decimal.
        ``id``, ``label``, ``unit``, ``formula``, ``clause``, ``note``: a word, or the list of several, which a space
        joins, those of an id a colon; a word is its place in ``words``, or, where it occurs once, itself.  ``parts`` and ``rules``: places in the lists
        ``facts`` and ``rules``.  A cell is [place in ``sheets``, address, heading (a word), value found there]; a value that
        is the fact's own is left out.  ``facts`` stand in order of their ids.

``unpacked`` gives the same with every text in full: each fact {id, label, value, unit, clause, parts, cells, formula,
note, rules}, without ``words`` and ``fields``; what is empty is left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from quota_lib.tracing.fact import Fact, Rule

SCHEMA = 2
FIELDS = ("id", "label", "value", "unit", "clause", "parts", "cells", "formula", "note", "rules")
TEXTS = ("id", "label", "unit", "formula", "clause", "note")
Block = dict[str, Any]


def block(facts: Mapping[str, Fact], period: str) -> str:
    """Return figures as JSON that may stand in a page: no ``<`` in it."""
    return as_json(packed(plain(facts, period)))


def as_json(content: Block) -> str:
    """Return a block as it stands in a page."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def plain(facts: Mapping[str, Fact], period: str) -> Block:
    """Return figures as a block with every text in full."""
    places = {name: at for at, name in enumerate(facts)}
    sheets: dict[str, int] = {}
    rules: dict[Rule, int] = {}
    found = [_entry(one, places, sheets, rules) for one in facts.values()]
    known = [one._asdict() for one in rules]
    return {"schema": SCHEMA, "period": period, "sheets": list(sheets), "rules": known, "facts": found}


def _entry(one: Fact, places: Mapping[str, int], sheets: dict[str, int], rules: dict[Rule, int]) -> Block:
    found: Block = {name: getattr(one, name) for name in FIELDS if getattr(one, name)}
    if one.parts:
        found["parts"] = [places[part] for part in one.parts]
    if one.rules:
        found["rules"] = [rules.setdefault(rule, len(rules)) for rule in one.rules]
    if one.cells:
        found["cells"] = []
        for cell in one.cells:
            sheet, _, address = cell.place.rpartition("!")
            found["cells"].append([sheets.setdefault(sheet, len(sheets)), address, cell.heading, cell.value])
    return found


def packed(content: Block) -> Block:
    """Return a block with its words told once; the most frequent first, where places are short."""
    counts: Counter[str] = Counter()
    for fact in content["facts"]:
        for name, text in _texts(fact):
            counts.update(_split(name, text))
    del counts[""]
    ordered = sorted((word for word in counts if counts[word] > 1), key=lambda word: (-counts[word], word))
    words = {word: at for at, word in enumerate(("", *ordered))}
    facts = [_packed(fact, words) for fact in content["facts"]]
    return {**content, "words": list(words), "fields": list(FIELDS), "facts": facts}


def _texts(fact: Block) -> Iterator[tuple[str, str]]:
    yield from ((name, fact[name]) for name in TEXTS if name in fact)
    yield from (("heading", heading) for _, _, heading, _ in fact.get("cells", ()))


def _split(name: str, text: str) -> list[str]:
    return [text] if name == "heading" else text.split(":" if name == "id" else " ")


def _packed(fact: Block, words: Mapping[str, int]) -> list[Any]:
    made = {"value": fact["value"], "parts": fact.get("parts", 0), "rules": fact.get("rules", 0)}
    for name in TEXTS:
        found = [words.get(word, word) for word in _split(name, fact.get(name, ""))]
        made[name] = found[0] if len(found) == 1 else found
    made["cells"] = [
        [sheet, at, words.get(heading, heading), *([] if value == fact["value"] else [value])]
        for sheet, at, heading, value in fact.get("cells", ())
    ] or 0
    row = [made[name] for name in FIELDS]
    while not row[-1]:
        row.pop()
    return row


def unpacked(content: Block) -> Block:
    """Return a page's block with every text in full, as ``plain`` gives it."""
    words = content["words"]
    facts = [_unpacked(dict(zip(content["fields"], row, strict=False)), words) for row in content["facts"]]
    return {name: content[name] for name in ("schema", "period", "sheets", "rules")} | {"facts": facts}


def _unpacked(fact: Block, words: list[str]) -> Block:
    for name in TEXTS:
        found = fact.get(name, 0)
        fact[name] = (":" if name == "id" else " ").join(
            _word(one, words) for one in (found if isinstance(found, list) else [found])
        )
    fact["cells"] = [
        [sheet, at, _word(heading, words), value[0] if value else fact["value"]]
        for sheet, at, heading, *value in fact.get("cells", 0) or ()
    ]
    return {name: fact[name] for name in FIELDS if fact.get(name)}


def _word(one: int | str, words: list[str]) -> str:
    return one if isinstance(one, str) else words[one]
