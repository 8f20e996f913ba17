"""The proof of a card: its examples come out, and its formulas give what its function gives."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from quota_lib.amounts import plain
from quota_lib.coefficients import Coefficients
from quota_lib.methods.card import Card, Example
from quota_lib.methods.computing import Computation, uncompared
from quota_lib.methods.registry import METHODS
from quota_lib.problems import problem


def faults_of_examples(name: str, coefficients: Coefficients) -> list[str]:
    """Return what does not come out in a method's worked examples; a card without any is a fault itself."""
    card = METHODS[name].card
    if not card.examples:
        return [f"{name}: the card has no worked example"]
    strange = sorted({*card.factors, *(one.factor for one in card.examples)} - set(coefficients.factors))
    if coefficients.factors and strange:
        return [f"{name}: there is no factor {'、'.join(strange)}; there are {', '.join(coefficients.factors)}"]
    return [text for example in card.examples for text in faults_of_example(card, example, coefficients)]


def faults_of_example(card: Card, example: Example, coefficients: Coefficients) -> Iterator[str]:
    """Return what does not come out in one worked example."""
    where = f"{card.name}: {example.title}"
    made = uncompared(card.name, example.rows, example.factor, example.day, coefficients)
    if made.exact is None:
        yield f"{where}: " + "；".join(problem(one.code, "", **dict(one.words)).message for one in made.faults)
        return
    for step, expected in example.expect.items():
        value = _value(made, step)
        if abs(value - expected) > example.within:
            label = card.result.label if step == card.result.name else card.steps[step].label
            yield f"{where}: {label} {step} 算得 {plain(value)}，应得 {plain(expected)}"
    yield from (f"{where}: {said}" for said in made.disagreements)


def _value(made: Computation, step: str) -> Decimal:
    if step == made.result_name and made.exact is not None:
        return made.exact
    return made.total(step)
