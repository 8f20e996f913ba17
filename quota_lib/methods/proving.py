"""The proof of a card: its examples come out, and its formulas give what its function gives."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from quota_lib.amounts import plain
from quota_lib.coefficients import Coefficients
from quota_lib.methods.card import Card, Example
from quota_lib.methods.computing import Computation, uncompared
from quota_lib.methods.registry import METHODS


def faults_of_examples(name: str, coefficients: Coefficients) -> list[str]:
    """Return what does not come out in a method's worked examples; a card without any is a fault itself."""
    card = METHODS[name].card
    if not card.examples:
        return [f"{name}: the card has no worked example"]
    return [text for example in card.examples for text in _faults(card, example, coefficients)]


def _faults(card: Card, example: Example, coefficients: Coefficients) -> Iterator[str]:
    where = f"{card.name}: {example.title}"
    made = uncompared(card.name, example.rows, example.factor, example.day, coefficients)
    if made.exact is None:
        yield f"{where}: {made.faults}"
        return
    for step, expected in example.expect.items():
        value = _value(made, step)
        if abs(value - expected) > example.within:
            yield f"{where}: {step} is {plain(value)}, not {plain(expected)}"
    yield from (f"{where}: {said}" for said in made.disagreements)


def _value(made: Computation, step: str) -> Decimal:
    if step == made.result_name and made.exact is not None:
        return made.exact
    return made.total(step)
