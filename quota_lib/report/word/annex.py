"""Annex 1 as a Word document of one page of A4: the bureau's form, to be signed, sealed and filed.

Source  附件 1 苏州工业园区排污总量指标管理信息表
Units   twips for widths and heights, half points for letters.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from quota_lib.report.annex1 import BUREAU, DAY, DRAFT, KINDS, QUANTITIES, REMINDER, SCOPES, TITLE, Annex1, _about
from quota_lib.report.word import ink
from quota_lib.report.word.grid import ALONG, PADDING
from quota_lib.report.word.package import Front, add, new_document, write_document
from quota_lib.report.xlsx import places

LABEL = 2082
AMOUNT = (ALONG - LABEL) // 4
WHOLE = LABEL + 4 * AMOUNT
CENTRE = ink.aligned("center")
ABOVE, BELOW = '<w:top w:val="nil"/>', '<w:bottom w:val="nil"/>'
ROOM, MARK = 8700, 800  # for the rows of a form on its sheet, and what of that a mark takes


class Letters(NamedTuple):
    """How tall the letters and, at least, the rows of a form are."""

    size: int
    row: int


TRIED = (Letters(24, 560), Letters(21, 480), Letters(18, 400), Letters(15, 320), Letters(12, 240), Letters(10, 200))


def write_annex1_docx(path: Path, project: str, annex: Annex1, day: date, mark: str = "") -> None:
    """Write the form of a project as a Word document; ``day``: the one it bears, ``mark``: what its data lack."""
    front = Front(f"{TITLE} {project}", project, day, mark, numbered=False)
    document = new_document(front)
    letters = fitting(annex)
    add(document, ink.paragraph(ink.run("附件 1"), "Annex"))
    add(document, ink.paragraph(ink.run(TITLE), "Title"))
    if annex.draft:
        add(document, ink.paragraph(ink.run(f"■ {DRAFT}"), "Mark"))
    rows = [*_about_rows(annex, letters), *_heads(letters), *_amounts(annex, letters), *_end(letters)]
    add(document, ink.grid("".join(rows), [LABEL, *[AMOUNT] * 4], TITLE))
    add(
        document,
        ink.paragraph(ink.run(""), "TableNote", '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'),
    )
    write_document(path, document)


def fitting(annex: Annex1) -> Letters:
    """Return the largest letters with which a form stays on its sheet; of one that cannot, the smallest."""
    room = ROOM - MARK * annex.draft
    return next((one for one in TRIED if _height(annex, one) <= room), TRIED[-1])


def _height(annex: Annex1, letters: Letters) -> int:
    """Return about how tall the rows of a form come out."""
    rows = [[(value, 4 * AMOUNT)] for _, value in _about(annex)] + [[("", AMOUNT)]] * 2
    rows += [[(one, AMOUNT) for one in cells] for cells in annex.rows.values()]
    return sum(
        max(letters.row, max(_lines(*one, letters.size) for one in row) * letters.size * 13 + 40) for row in rows
    )


def _lines(text: str, width: int, size: int) -> int:
    """Return the lines that a text takes in a cell."""
    room = (width - PADDING) // (size * 5)
    return sum(-(-max(places(line), 1) // room) for line in ink.shown(text).split("\n"))


def _boxed(text: str, letters: Letters, width: int = AMOUNT, properties: str = "") -> str:
    return ink.cell(ink.paragraph(ink.run(text, ink.sized(letters.size)), "TableText", CENTRE), width, properties)


def _row(cells: str, letters: Letters) -> str:
    return ink.row(cells, f'<w:trHeight w:val="{letters.row}" w:hRule="atLeast"/>')


def _span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


def _about_rows(annex: Annex1, letters: Letters) -> list[str]:
    """Return whose form it is: four rows across the amounts."""
    return [
        _row(_boxed(name, letters, LABEL) + _boxed(value, letters, 4 * AMOUNT, _span(4)), letters)
        for name, value in _about(annex)
    ]


def _heads(letters: Letters) -> list[str]:
    """Return the two rows of headings: what is permitted of whom, to sewer and to the environment."""
    first = _boxed(KINDS, letters, LABEL, '<w:vMerge w:val="restart"/>')
    scopes = "".join(_boxed(scope, letters, 2 * AMOUNT, _span(2)) for scope in SCOPES)
    below = _boxed("", letters, LABEL, "<w:vMerge/>")
    quantities = "".join(_boxed(quantity, letters) for quantity in QUANTITIES * 2)
    return [_row(first + scopes, letters), _row(below + quantities, letters)]


def _amounts(annex: Annex1, letters: Letters) -> list[str]:
    """Return a row for every factor, as the form has them."""
    return [
        _row(_boxed(label, letters, LABEL) + "".join(_boxed(cell, letters) for cell in cells), letters)
        for label, cells in annex.rows.items()
    ]


def _end(letters: Letters) -> list[str]:
    """Return the reminder, and where the bureau signs and dates by hand."""
    sized, right = ink.sized(letters.size), '<w:ind w:right="560"/>' + ink.aligned("right")
    spaced = '<w:spacing w:before="120" w:after="60" w:line="300" w:lineRule="auto"/>' + ink.aligned("both")
    parts = ((REMINDER, spaced, BELOW, 0), (BUREAU, right, ABOVE + BELOW, 900), (DAY, right, ABOVE, 600))
    return [
        ink.row(
            ink.cell(
                ink.paragraph(ink.run(text, sized), "TableText", place),
                WHOLE,
                f"{_span(5)}<w:tcBorders>{border}</w:tcBorders>",
            ),
            f'<w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>',
        )
        for text, place, border, height in parts
    ]
