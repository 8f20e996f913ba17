"""The card of a method of setting the allowable: what it is called, why it is fair, its formula, its worked examples.

A card is the YAML beside the method's function (or, in a notebook, the same as a text or mapping).

Source  TOTAL-3
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from quota_lib.allowable.facts import AllowableInput, Assessment, Cap, Held, PlantFactor
from quota_lib.amounts import ZERO, Mass, mass
from quota_lib.methods.card import CardError
from quota_lib.plain_yaml import known_entries, parse_yaml
from quota_lib.rules import STATUSES

_CARD = {"label", "clause", "order", "status", "source", "reasoning", "formula", "inputs", "parameters", "examples"}
_EXAMPLE = {"title", "day", "plants", "caps", "held", "assessments", "expect", "short"}
_PLANT = {"unit", "zone", "factor", "permitted", "actual", "declared", "output", "grade", "override", "listed"}


class Example(NamedTuple):
    """A worked example: what is given, what each plant must get, and by how much a zone's cap cannot be met."""

    title: str
    day: date
    given: AllowableInput
    expect: Mapping[str, Mass]  # by unit
    short: Mapping[str, Mass]  # by zone


class Card(NamedTuple):
    """All that is known of a method beside its function.

    ``inputs``: what of a plant or zone it looks at, each in words; ``parameters``: the keys of
    parameters/allowable.yaml that it asks.
    """

    name: str
    label: str
    clause: str
    order: int
    status: str
    source: str
    reasoning: str
    plain: str
    latex: str
    inputs: Mapping[str, str]
    parameters: tuple[str, ...]
    examples: tuple[Example, ...]


def parse_card(name: str, content: str | Mapping[str, Any]) -> Card:
    """Return the card that a YAML text, or the same as a mapping, holds.

    Errors  CardError, yaml.YAMLError
    """
    made = parse_yaml(content) if isinstance(content, str) else content
    needed = {"label", "clause", "status", "reasoning", "formula", "inputs", "examples"}
    entry = known_entries(name, made, _CARD, needed, CardError)
    if entry["status"] not in STATUSES:
        raise CardError(f"{name}: the status {entry['status']!r} is none of {', '.join(STATUSES)}.")
    formula = known_entries(f"{name}: formula", entry["formula"], {"plain", "latex"}, {"plain", "latex"}, CardError)
    return Card(
        name=name,
        label=entry["label"],
        clause=entry["clause"],
        order=int(entry.get("order", 1000)),
        status=entry["status"],
        source=entry.get("source", ""),
        reasoning=entry["reasoning"],
        plain=formula["plain"],
        latex=formula["latex"],
        inputs=dict(entry["inputs"]),
        parameters=tuple(entry.get("parameters", ())),
        examples=tuple(_example(name, one) for one in entry["examples"]),
    )


def _example(card: str, content: Any) -> Example:
    entry = known_entries(f"{card}: example", content, _EXAMPLE, {"title", "plants", "expect"}, CardError)
    return Example(
        title=entry["title"],
        day=date.fromisoformat(entry.get("day", "2025-12-31")),
        given=AllowableInput(
            plants=tuple(_plant(card, one) for one in entry["plants"]),
            caps=tuple(_cap(one) for one in entry.get("caps", ())),
            held=tuple(
                Held(_zone(one), _factor(one), one["kind"], mass(one["amount"])) for one in entry.get("held", ())
            ),
            assessments=tuple(_assessment(one) for one in entry.get("assessments", ())),
        ),
        expect={unit: mass(value) for unit, value in entry["expect"].items()},
        short={zone: mass(value) for zone, value in entry.get("short", {}).items()},
    )


def _plant(card: str, content: Any) -> PlantFactor:
    entry = known_entries(f"{card}: plant", content, _PLANT, {"unit", "permitted"}, CardError)
    return PlantFactor(
        unit=entry["unit"],
        zone=_zone(entry),
        factor=_factor(entry),
        permitted=mass(entry["permitted"]),
        actual=_amount(entry, "actual"),
        declared=_amount(entry, "declared"),
        output=Decimal(entry["output"]) if "output" in entry else None,
        grade=entry.get("grade", ""),
        override=_amount(entry, "override"),
        listed=entry.get("listed", "yes") == "yes",
    )


def _amount(entry: Mapping[str, str], name: str) -> Mass | None:
    return mass(entry[name]) if name in entry else None


def _cap(entry: Mapping[str, str]) -> Cap:
    return Cap(_zone(entry), _factor(entry), mass(entry["cap"]), _amount(entry, "reserved") or ZERO)


def _assessment(entry: Mapping[str, str]) -> Assessment:
    target = Decimal(entry["target"]) if "target" in entry else None
    return Assessment(_zone(entry), _factor(entry), entry["result"], target)


def _zone(entry: Mapping[str, str]) -> str:
    return entry.get("zone", "Z1")


def _factor(entry: Mapping[str, str]) -> str:
    return entry.get("factor", "COD")
