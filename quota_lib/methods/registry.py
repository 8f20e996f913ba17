"""The methods by name, each a small function and its card; found beside each other in this package.

A method is added by its two files.  In a notebook the same decorator takes the card as a
text or mapping: ``@method("name", label=…, clause=…, card=…)``.

Source  REDUCE-2
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from importlib import import_module, resources
from typing import Any, NamedTuple

import yaml

from quota_lib.methods.card import Card, CardError, parse_card
from quota_lib.plain_yaml import parse_yaml, where_wrong
from quota_lib.words import key

PACKAGE = "quota_lib.methods"
Steps = Mapping[str, Decimal | None]  # the steps of one row in order; the last is the row's result, None: not taken
Function = Callable[..., Decimal | Steps]


class Method(NamedTuple):
    """A method: its card and the function that computes the steps of one row."""

    card: Card
    function: Function

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(inspect.signature(self.function).parameters)


METHODS: dict[str, Method] = {}
LABELS: dict[str, str] = {}  # by name, in the order of the cards
_read: dict[str, str] = {}


def method(
    name: str, *, label: str = "", clause: str = "", card: str | Mapping[str, Any] | None = None
) -> Callable[[Function], Function]:
    """Register the decorated function as a method; without ``card``, with the YAML beside its module.

    Errors  CardError if card and function do not fit, or the label is another method's.
    """

    def register(function: Function) -> Function:
        given = card_beside(name) if card is None else parse_yaml(card) if isinstance(card, str) else card
        if isinstance(given, Mapping) and card is not None:
            given = {"label": label, "clause": clause, **given}
        made = Method(parse_card(name, given), function)
        _check(made, label, clause)
        METHODS[name] = made
        _index()
        return function

    return register


def withdraw(name: str) -> None:
    """Take a method out of the registry: one that was tried in a notebook."""
    METHODS.pop(name, None)
    _index()


def foreign() -> list[str]:
    """Return the methods that are not the package's: written in a notebook, for trials only."""
    return [name for name, one in METHODS.items() if not one.function.__module__.startswith(f"{PACKAGE}.")]


@contextmanager
def shipped_only() -> Iterator[None]:
    """Leave out the methods of notebooks for a while: official figures are of the package's methods alone."""
    kept = {name: METHODS[name] for name in foreign()}
    for name in kept:
        withdraw(name)
    try:
        yield
    finally:
        METHODS.update(kept)
        _index()


def method_named(text: str) -> str | None:
    """Return the English name of the method that a label or name stands for, or None."""
    return _read.get(key(text))


def discover() -> None:
    """Import every method of the package: every module that has a card beside it, or that registers one.

    Errors  CardError naming the file, whatever is wrong in it.
    """
    entries = {entry.name: entry for entry in resources.files(PACKAGE).iterdir()}
    for name in sorted(entries):
        stem, _, suffix = name.rpartition(".")
        if suffix == "py" and f"{stem}.yaml" not in entries and "\n@method(" not in entries[name].read_text("utf-8"):
            continue
        if suffix == "yaml" and f"{stem}.py" not in entries:
            raise CardError(f"{name} has no function. Put {stem}.py beside it.")
        if suffix == "py":
            _import(stem)


def _import(stem: str) -> None:
    try:
        import_module(f"{PACKAGE}.{stem}")
    except CardError:
        raise
    except yaml.YAMLError as fault:
        raise CardError(f"{stem}.yaml cannot be read: {where_wrong(fault)}.") from None
    except SyntaxError as fault:
        raise CardError(f"{stem}.py line {fault.lineno}: {fault.msg}.") from None
    except Exception as fault:
        raise CardError(f"{stem}: {type(fault).__name__}: {fault}.") from fault


def card_beside(name: str, package: str = PACKAGE) -> str:
    """Return the YAML beside a method's module.

    Errors  CardError if there is none.
    """
    path = resources.files(package).joinpath(f"{name}.yaml")
    if not path.is_file():
        raise CardError(f"{name} has no card. Put {name}.yaml beside its module, or give the decorator card=….")
    return path.read_text(encoding="utf-8")


def _check(made: Method, label: str, clause: str) -> None:
    card = made.card
    for word, given, written in (("label", label, card.label), ("clause", clause, card.clause)):
        if given and given != written:
            raise CardError(f"{card.name}: the decorator says {word} {given!r}, the card {written!r}.")
    for parameter in made.parameters:
        if parameter not in card.scope:
            raise CardError(
                f"{card.name}: the function asks for {parameter!r}, which the card does not have; "
                f"it has {', '.join(sorted(card.scope))}."
            )
    taken = {key(text): one.card.name for one in METHODS.values() for text in (one.card.name, one.card.label)}
    for text in (card.name, card.label):
        if taken.get(key(text), card.name) != card.name:
            raise CardError(f"{card.name}: {text!r} is already the method {taken[key(text)]!r}.")


def _index() -> None:
    ordered = sorted(METHODS.values(), key=lambda one: (one.card.order, one.card.name))
    LABELS.clear()
    LABELS.update({one.card.name: one.card.label for one in ordered})
    _read.clear()
    _read.update({key(text): name for name, label in LABELS.items() for text in (name, label)})
