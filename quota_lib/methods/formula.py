"""Formulas of cards: sums, differences, products and quotients of names, written out in symbols or in numbers.

>>> write("activity * ef / 1000", {"activity": "A", "ef": "EF"}.get, PLAIN)
'A·EF/1000'
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext
from functools import cache
from typing import NamedTuple

from quota_lib.amounts import plain

PRECISION = 200  # of every computation: products of a few inputs of 15 digits are exact
SHOWN_DIGITS = 15
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_OPERATIONS: Mapping[type[ast.operator], tuple[int, Callable[[Decimal, Decimal], Decimal]]] = {
    ast.Add: (1, lambda a, b: a + b),
    ast.Sub: (1, lambda a, b: a - b),
    ast.Mult: (2, lambda a, b: a * b),
    ast.Div: (2, lambda a, b: a / b),
}


class FormulaError(Exception):
    """A formula is not made of names, numbers, + − * / and brackets alone."""


class Style(NamedTuple):
    """How a formula is written: signs, brackets, and whether a quotient stands as a fraction."""

    add: str
    subtract: str
    multiply: str
    opening: str
    closing: str
    fraction: bool


PLAIN = Style(" + ", " − ", "·", "(", ")", False)
LATEX = Style(" + ", " - ", r" \cdot ", r"\left( ", r" \right)", True)


@cache
def _tree(formula: str) -> ast.expr:
    try:
        tree = ast.parse(formula, mode="eval").body
    except SyntaxError:
        raise FormulaError(f"{formula!r} cannot be read as a formula") from None
    for node in ast.walk(tree):
        known = ast.BinOp | ast.Name | ast.Constant | ast.Load | ast.operator
        if not isinstance(node, known) or (isinstance(node, ast.operator) and type(node) not in _OPERATIONS):
            raise FormulaError(f"{formula!r} may hold names, numbers, + - * / and brackets only")
    return tree


def names(formula: str) -> set[str]:
    """Return the names that a formula stands on.

    Errors  FormulaError
    """
    return {node.id for node in ast.walk(_tree(formula)) if isinstance(node, ast.Name)}


def evaluate(formula: str, values: Mapping[str, Decimal]) -> Decimal:
    """Return what a formula gives for values: the check on the function that the card describes."""
    with localcontext() as context:
        context.prec = PRECISION
        return _value(_tree(formula), formula, values)


def _value(node: ast.expr, formula: str, values: Mapping[str, Decimal]) -> Decimal:
    if isinstance(node, ast.BinOp):
        _, operation = _OPERATIONS[type(node.op)]
        return operation(_value(node.left, formula, values), _value(node.right, formula, values))
    return values[node.id] if isinstance(node, ast.Name) else Decimal(_literal(node, formula))


def write(formula: str, leaf: Callable[[str], str | None], style: Style) -> str:
    """Return a formula with each name written as ``leaf`` says; a negative number stands in brackets."""
    return _written(_tree(formula), formula, leaf, style, 0)


def _written(node: ast.expr, formula: str, leaf: Callable[[str], str | None], style: Style, outer: int) -> str:
    """Return a part of a formula; ``outer`` is the rank that it must exceed or equal to stand without brackets."""
    if not isinstance(node, ast.BinOp):
        text = (leaf(node.id) or node.id) if isinstance(node, ast.Name) else _power(_literal(node, formula), style)
        return _bracketed(text, style) if text.startswith(("-", "−")) and outer else text
    rank, _ = _OPERATIONS[type(node.op)]
    if isinstance(node.op, ast.Div) and style.fraction:
        over, under = (_written(part, formula, leaf, style, 0) for part in (node.left, node.right))
        return rf"\frac{{{over}}}{{{under}}}"
    left = _written(node.left, formula, leaf, style, rank)
    right = _written(node.right, formula, leaf, style, rank + isinstance(node.op, ast.Sub | ast.Div))
    if isinstance(node.op, ast.Add | ast.Sub):
        text = left + (style.add if isinstance(node.op, ast.Add) else style.subtract) + right
    else:
        text = left + (style.multiply if isinstance(node.op, ast.Mult) else "/") + right
    return _bracketed(text, style) if rank < outer else text


def _bracketed(text: str, style: Style) -> str:
    return f"{style.opening}{text}{style.closing}"


def _literal(node: ast.expr, formula: str) -> str:
    return ast.get_source_segment(formula, node) or ""


def _power(number: str, style: Style) -> str:
    """Return a number; 1e-9 as a power of ten."""
    base, _, exponent = number.partition("e")
    if not exponent or base != "1":
        return number
    return f"10^{{{exponent}}}" if style.fraction else f"10{exponent.translate(_RAISED)}"


def exact(value: Decimal) -> bool:
    """Return whether a value is shown in full."""
    return _cut(value) == value


def shown(value: Decimal) -> str:
    """Return a value as pages print it: in full, or where it does not end (as 1/3) in fifteen significant digits.

    >>> shown(Decimal("0.2808")), shown(evaluate("1 / 3", {}))
    ('0.2808', '0.333333333333333')
    """
    return plain(_cut(value))


def _cut(value: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = SHOWN_DIGITS
        cut = +value
    with localcontext() as context:
        context.prec = 2 * SHOWN_DIGITS
        longer = +value
    return longer if longer == value else cut
