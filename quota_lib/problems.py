"""Complaints about data: where, what and how to mend, each with a stable code from one catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from quota_lib.periods import Period
from quota_lib.plain_yaml import parse_yaml

SEVERITIES: Mapping[str, str] = {"error": "错误", "warning": "预警", "info": "提示"}


class Source(NamedTuple):
    """A sheet that was read: its workbook (below data/), title, folder, and the column of every heading."""

    file: str
    sheet: str
    folder: Period
    columns: Mapping[str, str]  # field name → column letters


class Place(NamedTuple):
    """A row of a sheet."""

    source: Source
    row: int

    @property
    def position(self) -> tuple[str, str, int]:
        """Return what rows are in order by: file, sheet, row."""
        return (self.source.file, self.source.sheet, self.row)

    def cell(self, field: str) -> str:
        """Return the address of a field's cell ("F5"), or of the row's first cell where the column is missing."""
        return f"{self.source.columns.get(field) or min(self.source.columns.values(), key=_column)}{self.row}"

    def reference(self, field: str) -> str:
        """Return the place as reports print it: ``file › sheet!cell``."""
        return f"{self.source.file} › {self.source.sheet}!{self.cell(field)}"

    def __str__(self) -> str:
        return f"{self.source.file} › {self.source.sheet} 第 {self.row} 行"


class Problem(NamedTuple):
    """One complaint, as `quota check --json` and problems.csv give it."""

    file: str
    sheet: str
    cell: str
    severity: str
    code: str
    message: str
    fix: str

    @property
    def order(self) -> tuple[str, str, int, int, str, str]:
        letters, row = split_cell(self.cell)
        return (self.file, self.sheet, row, _column(letters), self.code, self.message)

    def __str__(self) -> str:
        place = " › ".join(part for part in (self.file, "!".join(p for p in (self.sheet, self.cell) if p)) if part)
        return f"{place}: {SEVERITIES[self.severity]} {self.code} {self.message} → {self.fix}"


def split_cell(cell: str) -> tuple[str, int]:
    """Return the column letters and the row of an address such as "F5"."""
    letters = cell.rstrip("0123456789")
    return letters, int(cell[len(letters) :] or 0)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


class Entry(NamedTuple):
    """A code of the catalogue, with its words."""

    severity: str
    message: str
    fix: str
    clause: str


@cache
def catalogue() -> Mapping[str, Entry]:
    """Return every code with its severity, message, mend and clause."""
    text = resources.files("quota_lib").joinpath("problems.yaml").read_text(encoding="utf-8")
    return {
        code: Entry(entry["severity"], entry["message"], entry["fix"], entry.get("clause", ""))
        for code, entry in parse_yaml(text).items()
    }


def problem(code: str, file: str, sheet: str = "", cell: str = "", **words: object) -> Problem:
    """Return the complaint ``code`` about a place, its words filled in."""
    entry = catalogue()[code]
    return Problem(file, sheet, cell, entry.severity, code, entry.message.format(**words), entry.fix.format(**words))


def at(place: Place, field: str, code: str, **words: object) -> Problem:
    """Return the complaint ``code`` about the cell of a row's field."""
    return problem(code, place.source.file, place.source.sheet, place.cell(field), **words)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Return whether any of the complaints is an error."""
    return any(one.severity == "error" for one in problems)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems as they are listed: by file, sheet, row, column; each once."""
    return sorted(set(problems), key=lambda one: one.order)
