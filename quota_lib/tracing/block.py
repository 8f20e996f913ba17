"""Figures as one JSON text, as a report's page holds them for people and programs.

Shape   {"schema": 3, "period": "2025Q4",
         "words": ["", "t", …],
         "sheets": ["2025Q4/储备台账.xlsx › 指标储备", …],
         "cells": [[place in "sheets", address, heading, value found there], …],
         "rules": [{key, label, value, unit, since, clause, reference, status}, …],
         "fields": ["id", "label", "value", "unit", "clause", "parts", "cells", "formula", "note", "rules"],
         "facts": [[…], …]}
        A fact is a list in the order of ``fields``; 0, and what is left out at its end, is empty.  ``value``: exact decimal.
        ``unit``, ``formula``, ``clause``, ``note``, the heading of a cell: a word, or the list of several, which a space
        joins; a word (it may be several that often stand together) is its place in ``words``, or, where it occurs
        once, itself.  ``id``, ``label``: a list; its first
        number says how many words are those of the fact before, the rest are words; a space joins those of a label,
        a colon those of an id.  ``parts``, ``cells``, ``rules``: places in the lists ``facts``, ``cells``, ``rules``.
        ``facts`` stand in order of their ids.

``unpacked`` gives the same with every text in full: each fact {id, label, value, unit, clause, parts, cells, formula,
note, rules}, its cells [place in ``sheets``, address, heading, value], without ``words`` and ``fields``; what is empty
is left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from quota_lib.tracing.fact import Fact, Rule
from quota_lib.tracing.phrases import phrased

SCHEMA = 3
FIELDS = ("id", "label", "value", "unit", "clause", "parts", "cells", "formula", "note", "rules")
TEXTS = ("unit", "formula", "clause", "note")
GROWN = {"id": ":", "label": " "}
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
    """Return a block with its words and cells told once; the most frequent words first, where places are short."""
    cells: dict[tuple[Any, ...], int] = {}
    rows = [_referring(fact, cells) for fact in content["facts"]]
    _with_phrases(rows)
    counts: Counter[str] = Counter(heading for _, _, heading, _ in cells)
    for row in rows:
        for name, words in row.items():
            if name in TEXTS or name in GROWN:
                counts.update(one for one in words if isinstance(one, str))
    del counts[""]
    ordered = sorted((word for word in counts if counts[word] > 1), key=lambda word: (-counts[word], word))
    places = {word: at for at, word in enumerate(("", *ordered))}
    grown = list(_grown(rows))
    known = [[sheet, at, places.get(heading, heading), value] for sheet, at, heading, value in cells]
    facts = [_packed(row, places) for row in grown]
    return {
        **{name: content[name] for name in ("schema", "period")},
        "words": list(places),
        "sheets": content["sheets"],
        "cells": known,
        "rules": content["rules"],
        "fields": list(FIELDS),
        "facts": facts,
    }


def _with_phrases(rows: list[Block]) -> None:
    """Put phrases in place of words in the long texts of facts."""
    found = [(row, name) for row in rows for name in ("formula", "note") if name in row]
    for (row, name), words in zip(found, phrased([row[name] for row, name in found]), strict=True):
        row[name] = words


def _referring(fact: Block, cells: dict[tuple[Any, ...], int]) -> Block:
    """Return a fact with its texts as words and its cells as places in the list of all cells."""
    made = {name: fact[name].split(" ") for name in TEXTS if name in fact}
    made |= {name: fact.get(name, "").split(between) for name, between in GROWN.items()}
    made["value"] = fact.get("value", "")
    made |= {name: fact[name] for name in ("parts", "rules") if name in fact}
    if "cells" in fact:
        made["cells"] = [cells.setdefault(tuple(cell), len(cells)) for cell in fact["cells"]]
    return made


def _grown(rows: list[Block]) -> Iterator[Block]:
    """Return facts whose ids and labels say how much of them the fact before has, and then the rest."""
    before: dict[str, list[str]] = {name: [] for name in GROWN}
    for row in rows:
        made = dict(row)
        for name in GROWN:
            kept = _shared(before[name], row[name])
            before[name], made[name] = row[name], [kept, *row[name][kept:]]
        yield made


def _shared(one: list[str], other: list[str]) -> int:
    """Return how many words two lists have in common before the first that differs."""
    for at, (mine, yours) in enumerate(zip(one, other, strict=False)):
        if mine != yours:
            return at
    return min(len(one), len(other))


def _packed(fact: Block, places: Mapping[str, int]) -> list[Any]:
    made = dict(fact)
    for name in TEXTS:
        found = [places.get(word, word) for word in fact.get(name, [""])]
        made[name] = found[0] if len(found) == 1 else found
    for name in GROWN:
        kept, *rest = fact[name]
        made[name] = [kept, *(places.get(word, word) for word in rest)]
    row = [made.get(name, 0) for name in FIELDS]
    while not row[-1]:
        row.pop()
    return row


def unpacked(content: Block) -> Block:
    """Return a page's block with every text in full, as ``plain`` gives it."""
    words, cells = content["words"], content["cells"]
    full = [[sheet, at, _word(heading, words), value] for sheet, at, heading, value in cells]
    before: dict[str, list[str]] = {name: [] for name in GROWN}
    facts = []
    for row in content["facts"]:
        fact = dict(zip(content["fields"], row, strict=False))
        for name, between in GROWN.items():
            kept, *rest = fact[name]
            before[name] = [*before[name][:kept], *(_word(one, words) for one in rest)]
            fact[name] = between.join(before[name])
        for name in TEXTS:
            found = fact.get(name, 0)
            fact[name] = " ".join(_word(one, words) for one in (found if isinstance(found, list) else [found]))
        fact["cells"] = [full[at] for at in fact.get("cells", 0) or ()]
        facts.append({name: fact[name] for name in FIELDS if fact.get(name)})
    return {name: content[name] for name in ("schema", "period", "sheets", "rules")} | {"facts": facts}


def _word(one: int | str, words: list[str]) -> str:
    return one if isinstance(one, str) else words[one]
