"""The steps of a working: each in symbols and with its numbers put in, as text and as LaTeX."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from quota_lib.coefficients import PERCENT
from quota_lib.methods.card import Card, Described, Lookup
from quota_lib.methods.formula import LATEX, PLAIN, exact, names, shown, write
from quota_lib.methods.lookups import HUNDRED, Found


class Step(NamedTuple):
    """One intermediate result, or the sum; ``row`` None: over all rows.  A rate's value is in per cent."""

    row: int | None
    name: str
    label: str
    value: Decimal
    unit: str
    formula: str  # "G = A·EF/1000"
    numbers: str  # "G = 200·2.7/1000 = 0.54"
    latex: str
    latex_numbers: str
    aside: bool = False  # shown for the reader; the result does not stand on it


def formula_of(card: Card, formula: str) -> str:
    """Return a step's formula in the card's symbols; an input taken as it is, by its heading."""
    if formula in card.inputs:
        return f"“{card.inputs[formula].heading}”"
    symbols = _symbols(card)
    return write(formula, lambda part: symbols[part][0], PLAIN)


def row_steps(card: Card, row: int, scope: Mapping[str, Decimal | None], made: Mapping[str, Decimal]) -> Iterator[Step]:
    """Return the steps of one row, in the card's order."""
    symbols, shares = _symbols(card), _shares(card)
    entering = _entering(card, made, scope)
    values = {name: value for name, value in scope.items() if value is not None} | dict(made)
    numbers = {name: _number(value, name in shares) for name, value in values.items()}
    for name, value in made.items():
        one = card.steps[name]
        formula = _formula(one, values)
        plain = write(formula, lambda part: symbols[part][0], PLAIN) if formula else ""
        latex = write(formula, lambda part: symbols[part][1], LATEX) if formula else ""
        filled = write(formula, lambda part: numbers[part][0], PLAIN) if formula else ""
        latex_filled = write(formula, lambda part: numbers[part][1], LATEX) if formula else ""
        alone = formula.isidentifier()  # an input taken as it is: nothing to put in
        step = _step(
            row,
            one,
            value,
            ("（填报值）" if alone else f" = {plain}", "" if alone else filled),
            ("" if alone else f" = {latex}", "" if alone else latex_filled),
        )
        yield step._replace(aside=name not in entering)


def _formula(one: Described, values: Mapping[str, Decimal]) -> str:
    """Return the first of a step's formulas for which all numbers are there; "" where there is none."""
    return next((text for text in one.formulas if names(text) <= set(values) - {one.name}), "")


def _entering(card: Card, made: Mapping[str, Decimal], scope: Mapping[str, Decimal | None]) -> set[str]:
    """Return the steps of a row that its last step stands on, and that step."""
    values = {name: value for name, value in scope.items() if value is not None} | dict(made)
    found: set[str] = set()
    waiting = [list(made)[-1]]
    while waiting:
        name = waiting.pop()
        if name in made and name not in found:
            found.add(name)
            waiting += names(_formula(card.steps[name], values) or "0")
    return found


def lookup_steps(card: Card, row: int, found: Mapping[str, Found]) -> Iterator[Step]:
    """Return how several coefficients, or a coefficient and its multiplier, became the one that counts."""
    for name, item in found.items():
        if not item.parts or item.value is None:
            continue
        lookup = card.lookups[name]
        coefficient = item.used[0].coefficient
        unit = PERCENT if lookup.unit == PERCENT else coefficient.unit
        described = Described(name, lookup.label, unit, lookup.symbol, lookup.latex, ())
        plain, latex = [], []
        for part in item.parts:
            number = _number(part, lookup.unit == PERCENT)
            plain.append(number[0])
            latex.append(number[1])
        if coefficient.per:
            by = card.inputs[coefficient.per]
            yield _step(
                row,
                described,
                item.value,
                (f" = {plain[0]}·{by.symbol}", "·".join(plain)),
                (rf" = {latex[0]} \cdot {by.latex}", r" \cdot ".join(latex)),
            )
        else:
            yield _step(row, described, item.value, *_combined(lookup, plain, latex))


def _combined(lookup: Lookup, plain: list[str], latex: list[str]) -> tuple[tuple[str, str], tuple[str, str]]:
    if lookup.several == "series":
        return (
            (" = 1 − Π(1 − ηi)", "1 − " + "·".join(f"(1 − {part})" for part in plain)),
            (r" = 1 - \prod_i \left( 1 - \eta_i \right)", "1 - " + r" \cdot ".join(f"(1 - {part})" for part in latex)),
        )
    return (
        (" = max ηi", f"max({', '.join(plain)})"),
        (r" = \max_i \eta_i", rf"\max \left( {', '.join(latex)} \right)"),
    )


def total_step(card: Card, parts: list[tuple[int, Decimal]], total: Decimal) -> Step:
    """Return the sum over the rows; of a card with roles, the old ones less the new ones."""
    one, last = card.result, list(card.steps.values())[-1]
    signs = [("+" if sign > 0 else "−", *_number(value, False)) for sign, value in parts]
    plain = " ".join(f"{sign} {_enclosed(number)}" for sign, number, _ in signs)
    latex = " ".join(f"{sign.replace('−', '-')} {_enclosed(number)}" for sign, _, number in signs)
    if card.signed:
        formula = f" = Σ旧 {last.symbol} − Σ新 {last.symbol}"
        formula_latex = rf" = \sum_{{\text{{旧}}}} {last.latex} - \sum_{{\text{{新}}}} {last.latex}"
    else:
        formula, formula_latex = f" = Σ {last.symbol}", rf" = \sum {last.latex}"
    return _step(None, one, total, (formula, plain.removeprefix("+ ")), (formula_latex, latex.removeprefix("+ ")))


def _enclosed(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


def _step(row: int | None, one: Described, value: Decimal, plain: tuple[str, str], latex: tuple[str, str]) -> Step:
    share = one.unit == PERCENT
    sign = "=" if exact(value) else "≈"
    sign_latex = "=" if exact(value) else r"\approx"
    number, number_latex = _number(value, share)
    filled = f"{one.symbol} = {plain[1]} {sign} {number}" if plain[1] else f"{one.symbol} {sign} {number}"
    filled_latex = (
        f"{one.latex} = {latex[1]} {sign_latex} {number_latex}"
        if latex[1]
        else f"{one.latex} {sign_latex} {number_latex}"
    )
    return Step(
        row=row,
        name=one.name,
        label=one.label,
        value=value * HUNDRED if share else value,
        unit=one.unit,
        formula=one.symbol + plain[0],
        numbers=filled,
        latex=one.latex + latex[0],
        latex_numbers=filled_latex,
    )


def _number(value: Decimal, share: bool) -> tuple[str, str]:
    """Return a number as text and as LaTeX; a share as a percentage."""
    if share:
        text = shown(value * HUNDRED)
        return f"{text} %", rf"{text}\,\%"
    return shown(value), shown(value)


def _symbols(card: Card) -> dict[str, tuple[str, str]]:
    symbols: dict[str, tuple[str, str]] = {name: (str(value), str(value)) for name, value in card.constants.items()}
    for one in card.inputs.values():
        symbols[one.name] = (one.symbol, one.latex)
        if one.share:
            symbols[one.share] = (one.symbol, one.latex)
    symbols |= {one.name: (one.symbol, one.latex) for one in card.lookups.values()}
    return symbols | {one.name: (one.symbol, one.latex) for one in card.steps.values()}


def _shares(card: Card) -> set[str]:
    """Return the names whose values are shares of 1, printed as percentages."""
    found = {one.share for one in card.inputs.values() if one.share}
    found |= {one.name for one in card.lookups.values() if one.unit == PERCENT}
    return found | {one.name for one in card.steps.values() if one.unit == PERCENT}
