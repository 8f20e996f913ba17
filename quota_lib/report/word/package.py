"""The empty Word document of the bureau's: A4, its styles, header and page number; and how it reaches the disk.

Two runs write the same bytes, on any machine: parts stand in a fixed order, with a fixed time, and are not
compressed (how a machine compresses is its own affair); nothing of the document tells who made it, or when.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from quota_lib.report.atomic import whole
from quota_lib.report.word.ink import element, paragraph, run, shown

if TYPE_CHECKING:
    from docx.document import Document

TEMPLATES = Path(__file__).parents[1] / "templates" / "word"
PARTS = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package_rels.xml",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document_rels.xml",
    "word/styles.xml": "styles.xml",
    "word/settings.xml": "settings.xml",
}
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time that a zip file can tell
READABLE = 0o644 << 16
PAGE = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
RED = '<w:b/><w:color w:val="A8201A"/>'


class Front(NamedTuple):
    """What stands around a document: its title and period, the day it bears, and a mark that no page goes without."""

    title: str
    subject: str
    day: date
    mark: str = ""
    header: str = ""
    numbered: bool = True


def new_document(front: Front) -> Document:
    """Return an empty document with its header, page numbers and properties."""
    document = docx.Document(io.BytesIO(_blank()))
    about, day = document.core_properties, datetime.combine(front.day, time())
    about.title, about.subject, about.language = shown(front.title)[:255], shown(front.subject)[:255], "zh-CN"
    about.author = about.comments = about.last_modified_by = about.keywords = about.category = ""
    about.created = about.modified = day
    about.revision = 1
    section = document.sections[0]
    if front.header or front.mark:
        mark = run(f"■ {front.mark}　", RED) if front.mark else ""
        _fill(section.header.paragraphs[0], paragraph(mark + run(front.header), "Header"))
    if front.numbered:
        _fill(section.footer.paragraphs[0], paragraph(f"{run('— ')}{PAGE}{run(' —')}", "Footer"))
    return document


def add(document: Document, xml: str) -> None:
    """Add a paragraph or table to the end of a document."""
    document.element.body[-1].addprevious(element(xml))


def turned(document: Document) -> bool:
    """Return whether what is added now stands across the long side of the paper."""
    return document.sections[-1].orientation == WD_ORIENT.LANDSCAPE


def turn(document: Document, across: bool) -> None:
    """Go on across the long side of the paper or along it; on a new page if that is a change."""
    if turned(document) == across:
        return
    body = document.element.body
    if len(body) > 1:
        document.add_section(WD_SECTION.NEW_PAGE)
        Paragraph(body[-2], document.part).paragraph_format.line_spacing = Pt(1)
    section = document.sections[-1]
    section.page_width, section.page_height = section.page_height, section.page_width
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT


def write_document(path: Path, document: Document) -> None:
    """Write a document, whole or not at all; the same document gives the same bytes on any machine."""
    made = io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as parts, whole(path) as place:
        place.write_bytes(_zipped({name: parts.read(name) for name in parts.namelist()}))


def _fill(old: Paragraph, new: str) -> None:
    """Put a paragraph in the place of one that python-docx made."""
    old._p.getparent().replace(old._p, element(new))


@cache
def _blank() -> bytes:
    return _zipped({name: (TEMPLATES / file).read_bytes() for name, file in PARTS.items()})


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return parts as a package: the list of contents first, then by name, none compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name in sorted(parts, key=lambda one: (one != "[Content_Types].xml", one)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr = 3, READABLE
            package.writestr(entry, parts[name])
    return out.getvalue()
