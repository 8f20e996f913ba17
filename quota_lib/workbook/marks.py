"""Cells that a value reader cannot tell from blanks: Excel errors and formulas without a stored result."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator, Mapping
from posixpath import join, normpath

from quota_lib.workbook.cells import Mark

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STEP = re.compile(
    rb"<(?:\w+:)?row\b(?P<row>[^>]*)>|<(?:\w+:)?c\b(?P<cell>[^>]*?)(?:/>|>(?P<inside>.*?)</(?:\w+:)?c>)", re.DOTALL
)
_R = re.compile(rb'\br="([A-Z]*)(\d*)"')
_T = re.compile(rb'\bt="(\w+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]*)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")


def sheet_parts(book: zipfile.ZipFile) -> Mapping[str, str]:
    """Return the part of the package that holds each sheet, by the sheet's name."""
    relations = {one.get("Id"): one.get("Target", "") for one in ET.fromstring(book.read("xl/_rels/workbook.xml.rels"))}
    parts = {}
    for element in ET.fromstring(book.read("xl/workbook.xml")).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            target = relations.get(element.get(_RELATION), "")
            parts[element.get("name", "")] = normpath(target.lstrip("/") if target[:1] == "/" else join("xl", target))
    return parts


def marks(part: bytes) -> Mapping[tuple[int, int], Mark]:
    """Return the marked cells of a sheet's XML by row and column, both from 0."""
    if b't="e"' not in part and b"<f" not in part and b":f" not in part:
        return {}
    return dict(_marked(part))


def _marked(part: bytes) -> Iterator[tuple[tuple[int, int], Mark]]:
    row = column = -1
    for step in _STEP.finditer(part):
        if step["row"] is not None:
            reference = _R.search(step["row"])
            row = int(reference[2]) - 1 if reference and reference[2] else row + 1
            column = -1
            continue
        reference = _R.search(step["cell"])
        column = _index(reference[1]) if reference and reference[1] else column + 1
        inside = step["inside"] or b""
        kind = _T.search(step["cell"])
        value = _VALUE.search(inside)
        stored = value[1].decode() if value else ""
        if kind and kind[1] == b"e":
            yield (row, column), Mark("Q202", stored or "#错误")
        elif _FORMULA.search(inside) and not stored and not (kind and kind[1] == b"str"):
            yield (row, column), Mark("Q209", "公式")


def _index(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1
