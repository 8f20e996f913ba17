"""A figure with all that it stands on."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, unquote

from quota_lib.amounts import text

_PLAIN = "()（）〔〕【】·，、。/"


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
    """A whole number (an amount in milligrams) in a table, and the id of the figure that it is."""

    fact: str

    def __new__(cls, value: int, fact: str) -> Figure:
        """Return the number with its id."""
        made = super().__new__(cls, value)
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


class Sentence(str):
    """A text with figures in it; ``figures``: where each starts and ends, and its id."""

    figures: tuple[tuple[int, int, str], ...]

    def __new__(cls, *pieces: str | int) -> Sentence:
        """Return the pieces joined; amounts (mg) as tonnes, those that know their id as figures."""
        words, figures = "", []
        for piece in pieces:
            said = piece if isinstance(piece, str) else text(piece)
            if isinstance(piece, Figure):
                figures.append((len(words), len(words) + len(said), piece.fact))
            words += said
        made = super().__new__(cls, words)
        made.figures = tuple(figures)
        return made


def fact_id(*keys: str) -> str:
    """Return the id of a figure: its kind and keys, joined by colons.

    >>> fact_id("balance", "HX", "COD", "closing")
    'balance:HX:COD:closing'
    >>> keys_of(fact_id("lot", "批次:1 %", "HX"))
    ('lot', '批次:1 %', 'HX')
    """
    return ":".join("".join(c if c.isalnum() or c in "-_." + _PLAIN else quote(c) for c in key) for key in keys)


def keys_of(name: str) -> tuple[str, ...]:
    """Return the kind and keys that an id is made of."""
    return tuple(unquote(part) for part in name.split(":"))
