"""Figures as one JSON text, as a report's page holds them for people and programs.

Shape   {"schema": 1, "period": "2025Q4",
         "sheets": ["2025Q4/储备台账.xlsx › 指标储备", …],
         "rules": [{key, label, value, unit, since, clause, reference, status}, …],
         "facts": [{id, label, value, unit, formula, clause, note, parts, rules, cells}, …]}
        ``parts`` and ``rules`` are places in the lists ``facts`` and ``rules``, a cell is [place in ``sheets``, address,
        heading, value found there]; values are exact decimals; a ``unit`` that is left out is t, anything else that is
        left out is empty.  ``facts`` stand in order of their ids.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from quota_lib.tracing.fact import Fact, Rule

SCHEMA = 1


def block(facts: Mapping[str, Fact], period: str) -> str:
    """Return figures as JSON that may stand in a page: no ``<`` in it."""
    places = {name: at for at, name in enumerate(facts)}
    sheets: dict[str, int] = {}
    rules: dict[Rule, int] = {}
    found = [_entry(one, places, sheets, rules) for one in facts.values()]
    content = {
        "schema": SCHEMA,
        "period": period,
        "sheets": list(sheets),
        "rules": [one._asdict() for one in rules],
        "facts": found,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _entry(one: Fact, places: Mapping[str, int], sheets: dict[str, int], rules: dict[Rule, int]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": one.id, "label": one.label, "value": one.value}
    found |= {"unit": one.unit} if one.unit != "t" else {}
    found |= {name: getattr(one, name) for name in ("formula", "clause", "note") if getattr(one, name)}
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
