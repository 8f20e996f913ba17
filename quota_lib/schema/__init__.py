"""The sheets as data: one schema from which reader, checks, template and data dictionary are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from quota_lib.plain_yaml import parse_yaml
from quota_lib.words import key

CODE_HEADING = "统一社会信用代码"
SITE_HEADING = "厂区编号"
INPUTS_PREFIX = "核算-"


@dataclass(frozen=True)
class Field:
    """One value of a record and the heading (a plant: two headings) it is read under.

    ``optional``: the column may be missing and the cell empty.  ``default``: what an empty cell means.
    ``words``: what a word must be one of; of a text, what the template offers.
    """

    name: str
    heading: str
    type: str
    optional: bool
    words: tuple[str, ...] = ()
    default: str = ""
    unit: str = ""
    note: str = ""

    @property
    def headings(self) -> tuple[str, ...]:
        return (CODE_HEADING, SITE_HEADING) if self.type == "unit" else (self.heading,)


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet of the contract: what a row is, where it may lie, what makes a row the same row."""

    title: str
    name: str
    part: str
    row: str
    clauses: tuple[str, ...]
    folders: str  # quarter, year, any, first
    key: tuple[str, ...]
    same: tuple[str, ...]
    same_each: tuple[str, ...]
    number: str
    date: str
    again: str
    fixed: tuple[str, ...]
    fields: tuple[Field, ...]
    aliases: Mapping[str, str]

    @property
    def refuses(self) -> bool:
        return self.again == "refused"

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    def position(self, name: str) -> int:
        """Return the place of a field in the sheet's records."""
        return next(place for place, field in enumerate(self.fields) if field.name == name)

    def heading(self, name: str) -> str:
        return self.field(name).headings[0]

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(heading for field in self.fields for heading in field.headings)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(f.headings[0] for f in self.fields if not f.optional)


def _field(heading: str, spec: list[Any]) -> Field:
    more: dict[str, Any] = spec[2] if len(spec) > 2 else {}
    return Field(
        name=spec[0],
        heading=heading,
        type=spec[1].rstrip("°"),
        optional=spec[1].endswith("°"),
        words=tuple(more.get("words", ())),
        default=more.get("default", ""),
        unit=more.get("unit", ""),
        note=more.get("note", ""),
    )


def _sheet(title: str, spec: dict[str, Any], aliases: Mapping[str, list[str]]) -> Sheet:
    return Sheet(
        title=title,
        name=spec["name"],
        part=spec["part"],
        row=spec["row"],
        clauses=tuple(part.strip() for part in spec["clause"].split(",")),
        folders=spec["in"],
        key=tuple(spec.get("key", ())),
        same=tuple(spec.get("same", ())),
        same_each=tuple(spec.get("same_each", ())),
        number=spec.get("number", ""),
        date=spec.get("date", ""),
        again=spec.get("again", ""),
        fixed=tuple(spec.get("fixed", ())),
        fields=tuple(_field(heading, column) for heading, column in (spec["columns"] or {}).items()),
        aliases={key(alias): heading for heading, others in aliases.items() for alias in others},
    )


@cache
def _source() -> dict[str, Any]:
    text = resources.files(__name__).joinpath("sheets.yaml").read_text(encoding="utf-8")
    source: dict[str, Any] = parse_yaml(text)
    return source


@cache
def sheets() -> Mapping[str, Sheet]:
    """Return every sheet of the contract by its title, in the contract's order."""
    source = _source()
    return {
        title: _sheet(title, spec, source["headings"].get(title, {}))
        for title, spec in source.items()
        if title not in ("words", "headings")
    }


@cache
def by_name() -> Mapping[str, Sheet]:
    """Return every sheet by the name of its records."""
    return {sheet.name: sheet for sheet in sheets().values()}


@cache
def also_accepted() -> Mapping[str, str]:
    """Return, for words that are read as another (产业结构升级类), the word that is printed."""
    return {key(other): word for word, others in _source()["words"].items() for other in others}
