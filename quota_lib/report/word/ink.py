"""Texts as WordprocessingML: runs, paragraphs and cells, every text escaped.

Units   twips (twentieths of a point) for widths, half points for letters, as Word counts them.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from quota_lib.report.table import UNSEEN, spelt_out

HEADING = "Heading1"
KEPT = "<w:keepNext/>"  # on the page of what follows
_CHINESE = frozenset("“”‘’…")  # Word takes them from the Latin font unless told otherwise
_BREAKS = {"\n": "<w:br/>", "\t": "<w:tab/>"}


def shown(text: str) -> str:
    """Return text as people shall read it, with what would reorder, hide or break it spelt out."""
    return UNSEEN.sub(spelt_out, text.replace("\r\n", "\n").replace("\r", "\n"))


def run(text: str, properties: str = "") -> str:
    """Return a text as runs; line ends and tabs stay what they are."""
    found = shown(text)
    for mark in _BREAKS:
        found = found.replace(mark, f"\0{mark}\0")
    parts = (_BREAKS.get(part) or _words(part) for part in found.split("\0") if part)
    hint = '<w:rFonts w:hint="eastAsia"/>' if _CHINESE & set(found) else ""
    look = f"<w:rPr>{hint}{properties}</w:rPr>" if hint or properties else ""
    return f"<w:r>{look}{''.join(parts)}</w:r>"


def _words(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def sized(half_points: int) -> str:
    """Return the property of letters that are larger or smaller than their style says; 0 as it says."""
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>' if half_points else ""


def paragraph(inner: str, style: str, properties: str = "") -> str:
    """Return runs as a paragraph of a style; ``properties``: what differs from it."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{inner}</w:p>'


def aligned(where: str) -> str:
    """Return the property of a paragraph that stands left, center or right."""
    return f'<w:jc w:val="{where}"/>'


def cell(inner: str, width: int, properties: str = "") -> str:
    """Return paragraphs as a cell of a table; ``properties``: spans and borders, in Word's order."""
    middle = '<w:vAlign w:val="center"/>'
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}{middle}</w:tcPr>{inner}</w:tc>'


def row(cells: str, properties: str = "") -> str:
    """Return cells as a row of a table."""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


def grid(rows: str, widths: list[int], title: str) -> str:
    """Return rows as a table of fixed widths with lines all round; ``title`` is read to who cannot see it."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    name = escape(shown(title), {'"': "&quot;", "\n": " ", "\t": " "})
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCaption w:val="{name}"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>'
    )


def element(xml: str) -> Any:
    """Return a piece of WordprocessingML as an element of a document."""
    start = xml.index(">") - (xml[xml.index(">") - 1] == "/")
    return parse_xml(f"{xml[:start]} {nsdecls('w')}{xml[start:]}")
