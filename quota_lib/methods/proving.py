"""The proof of a card: its examples come out, and its formulas give what its function gives."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, localcontext

from quota_lib.amounts import plain
from quota_lib.coefficients import Coefficients
from quota_lib.methods.card import Card, Example
from quota_lib.methods.computing import Computation, compute, run_row, scopes
from quota_lib.methods.formula import PRECISION, evaluate, names
from quota_lib.methods.registry import METHODS

LAST_DIGITS = Decimal("1e-100")  # of quotients that do not end


def faults_of_examples(name: str, coefficients: Coefficients) -> list[str]:
    """Return what does not come out in a method's worked examples; a card without any is a fault itself."""
    card = METHODS[name].card
    if not card.examples:
        return [f"{name}: the card has no worked example"]
    return [text for example in card.examples for text in _faults(card, example, coefficients)]


def _faults(card: Card, example: Example, coefficients: Coefficients) -> Iterator[str]:
    where = f"{card.name}: {example.title}"
    made = compute(card.name, example.rows, example.factor, example.day, coefficients)
    if made.exact is None:
        yield f"{where}: {made.faults}"
        return
    for step, expected in example.expect.items():
        value = _value(made, step)
        if abs(value - expected) > example.within:
            yield f"{where}: {step} is {plain(value)}, not {plain(expected)}"
    yield from (f"{where}: {text}" for text in _disagreements(card, example, coefficients))


def _value(made: Computation, step: str) -> Decimal:
    if step == made.result_name and made.exact is not None:
        return made.exact
    return made.total(step)


def _disagreements(card: Card, example: Example, coefficients: Coefficients) -> Iterator[str]:
    """Return the steps whose printed formula does not give what the function gave."""
    method = METHODS[card.name]
    with localcontext() as context:
        context.prec = PRECISION
        for scope in scopes(card, example.rows, example.factor, example.day, coefficients):
            made = run_row(method, scope)
            values = {name: value for name, value in scope.items() if value is not None} | made
            for name, value in made.items():
                formulas = [one for one in card.steps[name].formulas if names(one) <= set(values) - {name}]
                if not formulas:
                    yield f"step {name} has no formula for this row"
                elif abs(evaluate(formulas[0], values) - value) > LAST_DIGITS:
                    yield f"step {name}: the card's formula {formulas[0]} gives another value than the function"
