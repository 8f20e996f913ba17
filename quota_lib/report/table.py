"""A table of a report, once, for every form it is shown in: page, xlsx and CSV."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from quota_lib.amounts import Ratio, text

Kind = Literal["text", "mass", "signed", "ratio", "date", "count", "level"]
"""text · mass: milligrams, shown in t · signed: the same with its sign · ratio · date · count: whole number ·
level: 错误/预警/提示, shown by shape and word."""

Cell = str | int | date | Ratio | None
"""A mass is an ``int`` of milligrams; None shows as — (does not apply), 0 as 0."""

UNSEEN = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # hide, or reorder what stands around them
    "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"  # cannot be written in XML or HTML
)
"""Characters that are spelt out as their code points wherever people read a text."""


class Column(NamedTuple):
    """A column: its name in CSV files, its heading on pages, its unit (shown in the heading) and kind.

    ``factor``: id of the factor of every mass in the column, where the rows do not name one.
    ``lacks``: a figure below 0 is what is lacking, and set off.
    """

    name: str
    heading: str
    kind: Kind = "text"
    unit: str = ""
    factor: str = ""
    lacks: bool = False


class FactorShown(NamedTuple):
    """How pages name a factor, and the fewest decimals (of t) that its masses are shown with."""

    label: str
    decimals: int


@dataclass(frozen=True)
class Table:
    """Rows under columns, with the words around them.

    ``factor``: name of the column that holds the factor id; it decides the decimals of the masses in its row.
    ``total``: rows (by index) that are sums and are set off.  ``empty``: what is said where there is no row.
    ``facts``: the id of a figure, by row index and column name, as ``quota explain`` takes it.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    factor: str = ""
    note: str = ""
    empty: str = "本期无此项。"
    total: frozenset[int] = field(default_factory=frozenset)
    facts: Mapping[tuple[int, str], str] = field(default_factory=dict)


def heading(column: Column) -> str:
    """Return the heading with its unit: 储备量（t）."""
    return f"{column.heading}（{column.unit}）" if column.unit else column.heading


def factor_of(table: Table, row: Sequence[Cell], column: Column) -> str:
    """Return the id of the factor that decides the decimals of one cell, "" if nothing names one."""
    for other, cell in zip(table.columns, row, strict=True):
        if other.name == table.factor and isinstance(cell, str):
            return cell
    return column.factor


def digits(amount: int, fewest: int) -> tuple[str, str]:
    """Return a mass as the digits before and after its point: at least ``fewest`` decimals, none dropped.

    Zero is plain "0".

    >>> digits(1_250_000_000, 3), digits(-1, 3), digits(0, 3)
    (('1', '250'), ('-0', '000000001'), ('0', ''))
    """
    whole, _, rest = text(amount).partition(".")
    return (whole, rest.ljust(fewest, "0")) if amount else ("0", "")


def spelt_out(found: re.Match[str]) -> str:
    """Return the code point of what ``UNSEEN`` found: [U+202E]."""
    return f"[U+{ord(found[0]):04X}]"
