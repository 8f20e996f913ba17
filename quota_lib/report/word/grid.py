"""Any table of a report in a Word document: units in the headings, figures under each other by their points.

Units   milligrams in, t in the cells, exact; widths in twips, letters in half points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from quota_lib.amounts import Ratio
from quota_lib.report.html import LEVELS, MINUS, NONE, NUMBERS
from quota_lib.report.table import Cell, FactorShown, Table, digits, factor_of, heading
from quota_lib.report.word import ink
from quota_lib.report.word.package import add, turn, turned
from quota_lib.report.xlsx import places

if TYPE_CHECKING:
    from docx.document import Document

ALONG, ACROSS = 9298, 14230  # between the margins of templates/word/document.xml
SIZES = {False: (18, 17, 16), True: (18, 17, 16, 15, 14, 13, 12, 10)}  # the letters that are tried, along and across
PADDING = 2 * 57 + 10  # beside the text of a cell
UNIT, HEADING, WRAPPED, LONGEST = 7, 8, 14, 90
"""Places of a column at least for its unit, its heading, a text that wraps; and the most that a text asks for."""
TALL = 12  # lines; a taller row may be broken over pages
Points = Sequence[tuple[int, int]]
"""Of each column: the most places before and after the point."""


class Laid(NamedTuple):
    """How a table stands on the paper: across or along it, the size of its letters, the width of each column."""

    across: bool
    size: int
    widths: list[int]


def laid_out(table: Table, factors: Mapping[str, FactorShown], across: bool = False) -> Laid:
    """Return how a table stands on the paper: along it if its figures fit, else across; ``across``: so in any case."""
    needs = [_need(table, at, factors) for at in range(len(table.columns))]
    for turning in (True,) if across else (False, True):
        room = ACROSS if turning else ALONG
        for size in SIZES[turning]:
            if sum(_twips(least, size) for least, _ in needs) <= room:
                return Laid(turning, size, _widths(needs, size, room))
    size = SIZES[True][-1]
    least = [_twips(one, size) for one, _ in needs]
    return Laid(True, size, [one * ACROSS // sum(least) for one in least])


def add_heading(document: Document, text: str, tables: Sequence[Table], factors: Mapping[str, FactorShown]) -> None:
    """Add a heading to a document; the paper is turned before it if a table below it needs that."""
    turn(document, any(laid_out(table, factors).across for table in tables if table.rows))
    add(document, ink.paragraph(ink.run(text), ink.HEADING))


def add_table(document: Document, table: Table, factors: Mapping[str, FactorShown], number: int | None = None) -> None:
    """Add a table with its title and note to a document; its head stands again on every page that it reaches."""
    laid = laid_out(table, factors, turned(document))
    if table.rows:
        turn(document, laid.across)
    title = f"表 {number}　{table.title}" if number else table.title
    add(document, ink.paragraph(ink.run(title), "Caption"))
    if not table.rows:
        add(document, ink.paragraph(ink.run(table.empty), "TableNote", ink.aligned("center")))
        return
    points = [_points(table, at, factors) if one.kind in NUMBERS else (0, 0) for at, one in enumerate(table.columns)]
    rows = [_head(table, laid), *(_row(table, index, laid, points, factors) for index in range(len(table.rows)))]
    add(document, ink.grid("".join(rows), laid.widths, table.title))
    add(document, ink.paragraph(ink.run(f"注：{table.note}" if table.note else ""), "TableNote"))


def cell_text(table: Table, index: int, at: int, factors: Mapping[str, FactorShown]) -> tuple[str, str]:
    """Return a cell in two parts, split before the decimal point of a figure: None as —, 0 as 0, minus as −."""
    row, column = table.rows[index], table.columns[at]
    cell: Cell = row[at]
    if cell is None:
        return NONE, ""
    if isinstance(cell, Ratio):
        whole, point, rest = str(cell).partition(".")
        return whole.replace("-", MINUS), point + rest
    if isinstance(cell, date):
        return cell.isoformat(), ""
    if isinstance(cell, str):
        return _word(table, at, cell, factors), ""
    if column.kind not in ("mass", "signed"):
        return str(cell).replace("-", MINUS), ""
    factor = factor_of(table, row, column)
    before, after = digits(cell, factors[factor].decimals if factor in factors else 0)
    return before.replace("-", MINUS), f".{after}" if after else ""


def _word(table: Table, at: int, word: str, factors: Mapping[str, FactorShown]) -> str:
    column = table.columns[at]
    if column.kind == "level" and word in LEVELS:
        return f"{LEVELS[word][1]} {word}"
    return factors[word].label if column.name == table.factor and word in factors else word


def _points(table: Table, at: int, factors: Mapping[str, FactorShown]) -> tuple[int, int]:
    """Return the most places before and after the point that the figures of a column take."""
    figures = [cell_text(table, i, at, factors) for i in range(len(table.rows)) if table.rows[i][at] is not None]
    return max((places(one) for one, _ in figures), default=1), max((len(one) for _, one in figures), default=0)


def _need(table: Table, at: int, factors: Mapping[str, FactorShown]) -> tuple[int, int]:
    """Return the places that a column needs at least, and those that it would like: figures are never broken."""
    head = _broad(heading(table.columns[at]))
    narrowest = max(min(_broad(table.columns[at].heading), HEADING), UNIT)
    if table.columns[at].kind in NUMBERS:
        least = max(sum(_points(table, at, factors)), narrowest)
        return least, max(least, min(head, 10))
    longest = max((_broad(cell_text(table, i, at, factors)[0]) for i in range(len(table.rows))), default=0)
    return max(min(longest, WRAPPED), narrowest), max(min(longest, LONGEST), min(head, 10))


def _broad(text: str) -> int:
    """Return how wide the longest line of a text is, in places; a capital takes one and a half."""
    lines = ink.shown(text).split("\n")
    return max(places(line) + (sum("A" <= letter <= "Z" for letter in line) + 1) // 2 for line in lines)


def _twips(count: int, size: int) -> int:
    """Return how wide some places are: half a letter's height each."""
    return count * size * 5 + PADDING


def _widths(needs: Sequence[tuple[int, int]], size: int, room: int) -> list[int]:
    """Return the widths of the columns: what each needs, and what is left by what more it would like."""
    least = [_twips(one, size) for one, _ in needs]
    more = [liked - one for one, liked in needs]
    if sum(more) * size * 5 <= room - sum(least):  # all have what they like: the rest goes to everyone alike
        least, more = [_twips(liked, size) for _, liked in needs], [1] * len(needs)
    left = room - sum(least)
    return [one + left * share // sum(more) for one, share in zip(least, more, strict=True)]


def _letters(size: int) -> str:
    return ink.sized(size if size != SIZES[False][0] else 0)


def _head(table: Table, laid: Laid) -> str:
    look = _letters(laid.size)
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EEF2F6"/>'
    cells = (
        ink.cell(ink.paragraph(ink.run(heading(column), look), "TableHead"), width, shade)
        for column, width in zip(table.columns, laid.widths, strict=True)
    )
    return ink.row("".join(cells), "<w:cantSplit/><w:tblHeader/>")


def _row(table: Table, index: int, laid: Laid, points: Points, factors: Mapping[str, FactorShown]) -> str:
    """Return a row; it is broken over pages only if it is tall, and the last one keeps to the note below it."""
    tall = any(_lines(table, index, at, laid, factors) > TALL for at in range(len(table.columns)))
    keep = ink.KEPT if index == len(table.rows) - 1 and not tall else ""
    cells = "".join(_cell(table, index, at, laid, one, factors, keep) for at, one in enumerate(points))
    return ink.row(cells, "" if tall else "<w:cantSplit/>")


def _lines(table: Table, index: int, at: int, laid: Laid, factors: Mapping[str, FactorShown]) -> int:
    """Return about how many lines a cell takes."""
    room = max((laid.widths[at] - PADDING) // (laid.size * 5), 1)
    return sum(-(-_broad(line) // room) or 1 for line in cell_text(table, index, at, factors)[0].splitlines() or [""])


def _cell(
    table: Table,
    index: int,
    at: int,
    laid: Laid,
    points: tuple[int, int],
    factors: Mapping[str, FactorShown],
    keep: str,
) -> str:
    column, width = table.columns[at], laid.widths[at]
    whole, rest = cell_text(table, index, at, factors)
    look = ("<w:b/>" if index in table.total else "") + _letters(laid.size)
    place = ""
    if table.rows[index][at] is None or column.kind in ("date", "level"):
        place = ink.aligned("center")
    elif column.kind in NUMBERS:
        place = _under_the_point(points, width, laid.size)
    return ink.cell(ink.paragraph(ink.run(whole + rest, look), "TableText", keep + place), width)


def _under_the_point(points: tuple[int, int], width: int, size: int) -> str:
    """Return the property that puts a figure's point where those of its column stand, the whole in the middle."""
    before, after = (one * size * 5 for one in points)
    at = (width - PADDING - before - after) // 2 + before
    return f'<w:tabs><w:tab w:val="decimal" w:pos="{max(at, 0)}"/></w:tabs>'
