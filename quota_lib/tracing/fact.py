"""A figure with all that it stands on."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from quota_lib.amounts import Ratio, text

_TO_QUOTE = re.compile(r"[^\w.()（）〔〕【】·，、。/-]")


class Cell(NamedTuple):
    """A cell of a workbook (``file › sheet!A1``), the heading it stands under and the value found there."""

    place: str
    heading: str
    value: str


class Rule(NamedTuple):
    """A parameter or coefficient: what it is, since when, where it stands, how well it is known."""

    key: str
    label: str
    value: str
    unit: str
    since: str
    clause: str
    reference: str
    status: str


class Fact(NamedTuple):
    """One figure.

    ``value``: exact, as text, in ``unit``.  ``formula``: how it follows from its parts, with their numbers.
    ``parts``: the ids of the figures it is made of.  ``note``: what else a person should know of it.
    """

    id: str
    label: str
    value: str
    unit: str = "t"
    formula: str = ""
    clause: str = ""
    parts: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    cells: tuple[Cell, ...] = ()
    note: str = ""


class Figure(int):
    """A whole number (an amount in milligrams, a count) in a table, and the id of the figure that it is."""

    fact: str

    def __new__(cls, value: int, fact: str) -> Figure:
        """Return the number with its id."""
        made = super().__new__(cls, value)
        made.fact = fact
        return made


class Share(Ratio):
    """A ratio in a table, and the id of the figure that it is."""

    fact: str


class Words(str):
    """A text that says a figure, or what one is about, and that figure's id."""

    fact: str

    def __new__(cls, words: str, fact: str) -> Words:
        """Return the text with its id."""
        made = super().__new__(cls, words)
        made.fact = fact
        return made


def signed(sign: int, value: int) -> int:
    """Return a number with its sign turned where ``sign`` is −1; it stays the figure that it is."""
    return Figure(sign * value, value.fact) if isinstance(value, Figure) else sign * value


def figure(value: int | None, *keys: str) -> int | None:
    """Return a table's number that knows its id; None stays None."""
    return told(value, fact_id(*keys))


def told(value: int | None, name: str) -> int | None:
    """Return a table's number with the id of the figure that it is; None stays None."""
    return None if value is None else Figure(value, name)


def ratio_figure(value: Ratio | None, *keys: str) -> Ratio | None:
    """Return a table's ratio that knows its id; None stays None."""
    if value is None:
        return None
    made = Share(*value)
    made.fact = fact_id(*keys)
    return made


class Sentence(str):
    """A text with figures in it; ``figures``: their ids, in the order in which they stand."""

    figures: tuple[str, ...]

    def __new__(cls, *pieces: str | int) -> Sentence:
        """Return the pieces joined; amounts (mg) as tonnes, those that know their id as figures."""
        made = super().__new__(cls, "".join(one if isinstance(one, str) else text(one) for one in pieces))
        made.figures = tuple(name for one in pieces for name in figures_of(one))
        return made


def figures_of(one: object) -> tuple[str, ...]:
    """Return the ids of the figures that a cell or a text holds."""
    if isinstance(one, Sentence):
        return one.figures
    name = getattr(one, "fact", "")
    return (name,) if name else ()


def fact_id(*keys: str) -> str:
    """Return the id of a figure: its kind and keys, joined by colons.

    >>> fact_id("balance", "HX", "COD", "closing")
    'balance:HX:COD:closing'
    >>> keys_of(fact_id("lot", "批次:1 %", "HX"))
    ('lot', '批次:1 %', 'HX')
    """
    return ":".join(_TO_QUOTE.sub(_quoted, key) for key in keys)


def _quoted(found: re.Match[str]) -> str:
    return quote(found[0])


def keys_of(name: str) -> tuple[str, ...]:
    """Return the kind and keys that an id is made of."""
    return tuple(unquote(part) if "%" in part else part for part in name.split(":"))
