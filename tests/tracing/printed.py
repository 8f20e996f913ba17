"""What a page prints, read as a reviewer reads it: its numbers with where they stand, and the figures that it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from typing import NamedTuple

from quota_lib.tracing import Cell, Fact, Rule
from quota_lib.tracing.block import unpacked

VOID = frozenset({"meta", "input", "br", "line", "rect", "circle", "path", "img", "link", "hr", "polyline"})
NUMBER = re.compile(r"(?<![\w.\-/])[-\u2212]?\d+(?:\.\d+)?(?![\w/]|\.\d)")
NAMED = re.compile(
    r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?|\d{4}Q\d|〔\d{4}〕\d+号|[A-Z]+\d{4}-\d+|\d{4} ?年度?|[A-Z]{2}\d{3}\b|\b[A-Z]+-\d\w*"
    r"|[0-9A-Z]{18}(?:-\d{3})?|[WQ]\d{3}|[^\s（]+\.(?:xlsx|csv|parquet)(?: › [^\s!]+![A-Z]*\d+(?:–\d+)?)?|第 ?[\d、 ]+ ?(?:行|季度)"
)
"""Dates, periods, numbers of documents, projects, clauses and plants, files with their cells, ordinals."""


class Printed(NamedTuple):
    """A text of a page with numbers in it: where it stands, the ids that open it, whether as a whole or each by value."""

    where: str
    text: str
    facts: tuple[int, ...]
    alone: bool  # the text is one figure

    @property
    def numbers(self) -> list[str]:
        """Return its numbers; those in names of things are none."""
        return [one.replace("\u2212", "-") for one in NUMBER.findall(NAMED.sub(" ", self.text))]


class Reader(HTMLParser):
    """Reads a page from top to bottom."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.found: list[Printed] = []
        self.table, self.at, self.term = "", -1, ""
        self.heads: list[str] = []
        self.buffer = ""

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        """Keep track of where the next text stands."""
        about = dict(given)
        if tag in VOID:
            return
        if tag == "figure":
            self.table = re.sub(
                r"^(table-(?:inputs|coefficients|ranges|seen|evidence))-.*", r"\1", about.get("id") or ""
            )
        elif tag == "table":
            self.heads = []
        elif tag == "tr":
            self.at = -1
        elif tag in ("td", "th"):
            self.at += 1
            if about.get("scope") == "col":
                self.heads.append("")
        elif tag == "dt":
            self.term = ""
        self.open.append((tag, about))

    def handle_endtag(self, tag: str) -> None:
        """Go back to what is open around it."""
        if tag in VOID:
            return
        while self.open:
            last = self.open.pop()[0]
            if last == "figure":
                self.table = ""
            if last == tag:
                return

    def handle_data(self, text: str) -> None:
        """Keep a text that has numbers."""
        tags = [tag for tag, _ in self.open]
        if {"script", "style", "title", "pre", "head"} & set(tags):
            return
        if "thead" in tags and self.heads and "th" in tags:
            self.heads[-1] += text
        if "dt" in tags:
            self.term += text
        one = next((about for _, about in reversed(self.open) if "data-fact" in about or "data-facts" in about), {})
        alone = "data-fact" in one
        names = (one.get("data-fact") or one.get("data-facts") or "").split()
        here = Printed(self._where(tags), text.strip(), tuple(map(int, names)), alone)
        if here.numbers:
            self.found.append(here)

    def _where(self, tags: list[str]) -> str:
        if "nav" in tags:
            return "nav"
        if "svg" in tags:
            return "svg"
        if "math" in tags and "td" not in tags:
            return "math"
        if "tbody" in tags or ("td" in tags and "thead" not in tags):
            head = self.heads[self.at] if 0 <= self.at < len(self.heads) else ""
            return f"{self.table}›{head}"
        if "dd" in tags:
            return f"dd›{self.term}"
        classes = " ".join(f"{tag}.{about.get('class') or ''}".rstrip(".") for tag, about in self.open[-2:])
        return classes


def texts(html: str) -> list[Printed]:
    """Return the texts of a page with numbers in them."""
    reader = Reader()
    reader.feed(html)
    return reader.found


def facts_in(html: str) -> dict[str, Fact]:
    """Return the figures of a page, in order of their places, as its block of JSON gives them."""
    found = re.search(r'<script type="application/json" id="facts">(.*?)</script>', html, re.DOTALL)
    assert found, "a page without figures"
    block = unpacked(json.loads(found[1]))
    names = [one["id"] for one in block["facts"]]
    rules = [Rule(**one) for one in block["rules"]]

    def fact(one: dict) -> Fact:
        cells = tuple(
            Cell(f"{block['sheets'][at]}!{cell}", head, said) for at, cell, head, said in one.get("cells", ())
        )
        return Fact(
            one["id"],
            one["label"],
            one.get("value", ""),
            one.get("unit", ""),
            one.get("formula", ""),
            one.get("clause", ""),
            tuple(names[at] for at in one.get("parts", ())),
            tuple(rules[at] for at in one.get("rules", ())),
            cells,
            one.get("note", ""),
        )

    return {one["id"]: fact(one) for one in block["facts"]}


def number(text: str) -> Decimal:
    """Return a printed number."""
    return Decimal(text.replace("\u2212", "-"))


def numeric(text: str) -> bool:
    """Return whether a text is a number."""
    try:
        return number(text).is_finite()
    except InvalidOperation:
        return False


def without_cells(facts: Mapping[str, Fact], ends: Iterable[str] = ()) -> list[str]:
    """Return the figures other than zero that lead to no cell, parameter or file; ``ends``: ids that end elsewhere."""
    reaches: dict[str, bool] = dict.fromkeys(ends, True)

    def reached(name: str) -> bool:
        if name not in reaches:
            one = facts[name]
            reaches[name] = bool(one.cells or one.rules) or any(map(reached, one.parts))
        return reaches[name]

    return [name for name, one in facts.items() if one.value != "0" and not reached(name)]


def false_sums(facts: Mapping[str, Fact]) -> list[str]:
    """Return the figures that say to be a sum, with its sign, and are not."""
    return [
        name for name, one in facts.items() if (sums := list(_stated(facts, one))) and number(one.value) not in sums
    ]


def _stated(facts: Mapping[str, Fact], one: Fact) -> Iterator[Decimal]:
    """Return what a figure's formula says that it is, where that is a sum of its parts or cells."""
    values = [number(facts[name].value) for name in one.parts if numeric(facts[name].value)]
    if re.match(r"(?:−（)?[^；，=]*之和", one.formula):
        sign = -1 if one.formula.startswith("−（") else 1
        yield sign * sum(values if one.parts else [number(cell.value) for cell in one.cells])
        return
    added = re.match(r"-?[\d.]+ = ([^；]*)", one.formula)
    if added and one.parts and not re.search("[×÷]", added[1]):
        signs = [1, *(1 if sign == "+" else -1 for sign in re.findall(r" ([+−]) ", f" {added[1].removeprefix('− ')}"))]
        signs[0] = -1 if added[1].startswith("− ") else 1
        if len(signs) <= len(values):
            yield sum(sign * value for sign, value in zip(signs, values, strict=False) if value >= 0 or sign > 0) + sum(
                value for sign, value in zip(signs, values, strict=False) if value < 0 and sign < 0
            )
