"""The methods of setting the allowable by name, each a small function and its card, beside each other in this package.

A method is added by its two files; in a notebook by the decorator with ``card=…``.  Which one is used
is the dated parameter ``allowable.method``.

Source  TOTAL-3
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from importlib import import_module, resources
from typing import Any, NamedTuple

from quota_lib.allowable.card import Card, parse_card
from quota_lib.allowable.facts import Group, Wish
from quota_lib.methods.card import CardError
from quota_lib.methods.registry import card_beside
from quota_lib.rules import RuleError, Rules

PACKAGE = "quota_lib.allowable"
Function = Callable[[Group, Rules, date], Iterable[Wish]]


class AllowableMethod(NamedTuple):
    """A method: its card and the function that says what each plant of a zone × factor would get."""

    card: Card
    function: Function


ALLOWABLE_METHODS: dict[str, AllowableMethod] = {}


def allowable_method(name: str, *, card: str | Mapping[str, Any] | None = None) -> Callable[[Function], Function]:
    """Register the decorated function as a method; without ``card``, with the YAML beside its module.

    Errors  CardError if there is no card, it is malformed, or its label is another method's.
    """

    def register(function: Function) -> Function:
        made = AllowableMethod(parse_card(name, card_beside(name, PACKAGE) if card is None else card), function)
        for other in ALLOWABLE_METHODS.values():
            if other.card.label == made.card.label and other.card.name != name:
                raise CardError(f"{name}: {made.card.label!r} is already the method {other.card.name!r}.")
        ALLOWABLE_METHODS[name] = made
        return function

    return register


def withdraw(name: str) -> None:
    """Take a method out of the registry: one that was tried in a notebook."""
    ALLOWABLE_METHODS.pop(name, None)


def in_order() -> list[AllowableMethod]:
    """Return the methods in the order of their cards."""
    return sorted(ALLOWABLE_METHODS.values(), key=lambda one: (one.card.order, one.card.name))


def chosen(rules: Rules, day: date, name: str | None = None) -> AllowableMethod:
    """Return the method in force on a day, or the one that is asked for by name.

    Errors  RuleError if no such method is registered.
    """
    asked = name or rules.text("allowable.method", day)
    if asked not in ALLOWABLE_METHODS:
        known = "、".join(one.card.name for one in in_order())
        raise RuleError(f"there is no method {asked!r} for the allowable. See allowable.method; use one of {known}.")
    return ALLOWABLE_METHODS[asked]


def discover() -> None:
    """Import every method of the package: every module that has a card beside it."""
    for entry in sorted(resources.files(PACKAGE).iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".yaml"):
            import_module(f"{PACKAGE}.{entry.name.removesuffix('.yaml')}")
