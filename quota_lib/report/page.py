"""An executed notebook as one page: self-contained, offline, with contents, numbers and a place to sign."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from quota_lib.report.html import banner_html, definitions_html
from quota_lib.report.table import UNSEEN, spelt_out
from quota_lib.report.wording import words_json
from quota_lib.tracing.block import block

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from quota_lib.tracing import Fact, Trace

TEMPLATES = Path(__file__).parent / "templates"
STYLES = ("report.css", "charts.css", "facts.css", "remarks.css")
SCRIPTS = ("report.js", "facts.js", "remarks.js")
"""The parts of the page's one script, in order; each minds its own part of the page."""
DIGITS = "〇一二三四五六七八九"
EXTERNAL = re.compile(
    r"""(?:src|srcset|action|data|poster)\s*=\s*["']?\s*(?:https?:)?//[^\s"'>]+|<link[^>]*>"""
    r"""|url\(\s*["']?(?:https?:)?//[^)]+|@import[^;]+|import\(\s*["']https?:[^)]+""",
    re.IGNORECASE,
)


_FACT = re.compile(r'data-fact(s?)="([^"]+)"')


class Head(NamedTuple):
    """What stands around the notebook: above it, at the head of each printed page, and below."""

    title: str  # of the file and of each printed page; the notebook may have its own above the text
    facts: Sequence[tuple[str, str]] = ()  # the title block: 报告期, 截止日, 状态 …
    banner: str = ""  # 初报·有错误
    banner_detail: str = ""
    banner_link: str = ""
    signers: Sequence[str] = ("编制人", "复核人", "负责人")
    provenance: Sequence[tuple[str, str]] = ()  # what the figures were made from: hashes, editions


class Heading(NamedTuple):
    """A heading in the contents."""

    level: int
    id: str
    number: str
    html: str


def page_html(nb: NotebookNode, head: Head, trace: Trace | None = None) -> str:
    """Return the page of an executed notebook; with a trace, each of its figures opens where it came from.

    Errors  ValueError if anything in it would be fetched from elsewhere.
    """
    from quota_lib.report.exporter import ReportExporter

    contents, title, markdown = read_markdown(nb)
    script = parts(SCRIPTS)
    facts = facts_of(nb, trace) if trace else {}
    page = {
        "title": head.title,
        "heading": title or escape(head.title),
        "facts": definitions_html(head.facts) if head.facts else "",
        "banner": banner_html(head.banner, head.banner_detail, head.banner_link) if head.banner else "",
        "contents": contents,
        "markdown": markdown,
        "has_code": any(cell.cell_type == "code" and cell.source.strip() for cell in nb.cells),
        "signers": head.signers,
        "provenance": definitions_html(head.provenance) if head.provenance else "",
        "style": _running_head(head) + parts(STYLES),
        "figures": facts_json(facts, trace.period) if trace else "",
        "words": words_json(),
        "script": script,
        "script_hash": script_hash(script),
    }
    exporter = ReportExporter()
    html, _ = exporter.from_notebook_node(nb, {"page": page})
    found = external_addresses(html)
    if found:
        raise ValueError(f"the page would fetch {found[0]}")
    return numbered(str(html), list(facts)) if trace else _FACT.sub("", str(html))


def facts_json(facts: Mapping[str, Fact], period: str) -> str:
    """Return the figures of a page as its block has them; what would hide or reorder texts is spelt out."""
    return UNSEEN.sub(spelt_out, block(facts, period))


def script_hash(script: str) -> str:
    """Return by what a page's policy knows its script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def facts_of(nb: NotebookNode, trace: Trace) -> dict[str, Fact]:
    """Return the figures that a page shows, with all their parts, by id."""
    outputs = (output.get("data", {}) for cell in nb.cells for output in cell.get("outputs", []))
    return trace.closed(shown_in("".join("".join(data.get("text/html", "")) for data in outputs)))


def shown_in(html: str) -> set[str]:
    """Return the ids of the figures that a piece of HTML shows."""
    return {name for _, names in _FACT.findall(html) for name in unescape(names).split(" ")}


def numbered(html: str, names: Sequence[str]) -> str:
    """Return HTML whose figures name their place in the block of figures, which is shorter than their id."""
    places = {name: str(at) for at, name in enumerate(names)}

    def placed(found: re.Match[str]) -> str:
        return f'data-fact{found[1]}="{" ".join(places[name] for name in unescape(found[2]).split(" "))}"'

    return _FACT.sub(placed, html) if names else html


def external_addresses(html: str) -> list[str]:
    """Return everything in a page that a browser would fetch from elsewhere; links to follow are not."""
    return sorted(set(EXTERNAL.findall(html)))


def read_markdown(nb: NotebookNode) -> tuple[list[Heading], str, dict[str, str]]:
    """Return the contents, the title (the first level-1 heading) and each text cell's HTML by its id."""
    from quota_lib.report.exporter import markdown_html

    numbering = Numbering()
    cells = {
        cell.id: markdown_html(cell.source, numbering.heading, cell.get("attachments", {}))
        for cell in nb.cells
        if cell.cell_type == "markdown"
    }
    return numbering.contents, numbering.title, cells


class Numbering:
    """Gives headings their numbers, 一、 and （一）, and ids; keeps them for the contents."""

    def __init__(self) -> None:
        """Start before the first heading."""
        self.title = ""
        self.contents: list[Heading] = []
        self._counts = [0, 0]
        self._ids: dict[str, int] = {}

    def heading(self, html: str, level: int) -> str:
        """Return a heading; the first of level 1 becomes the title and leaves the text."""
        if level == 1 and not self.title:
            self.title = html
            return ""
        level = max(level, 2)
        name, number = self._id(html), self._number(level)
        if level <= 3:
            self.contents.append(Heading(level, name, number, html))
        mark = f'<span class="number">{number}</span>' if number else ""
        return f'<h{level} id="{escape(name)}">{mark}{html}</h{level}>\n'

    def _number(self, level: int) -> str:
        if level > 3:
            return ""
        self._counts[level - 2] += 1
        if level == 2:
            self._counts[1] = 0
            return f"{chinese(self._counts[0])}、"
        return f"（{chinese(self._counts[1])}）"

    def _id(self, html: str) -> str:
        """Return the words of the heading; a second one of the same words gets a number."""
        words = re.sub(r"[\s\"'<>&#%]+", "-", unescape(re.sub(r"<[^>]+>", "", html))).strip("-") or "节"
        self._ids[words] = self._ids.get(words, 0) + 1
        return words if self._ids[words] == 1 else f"{words}-{self._ids[words]}"


def chinese(number: int) -> str:
    """Return a whole number from 1 to 99 as a numeral.

    >>> [chinese(n) for n in (1, 10, 12, 20, 35)]
    ['一', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(number, 10)
    front = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return front + (DIGITS[ones] if ones else "")


def parts(names: Sequence[str]) -> str:
    """Return files of the report's templates, one after the other."""
    return "".join((TEMPLATES / "report" / name).read_text(encoding="utf-8") for name in names)


def _running_head(head: Head) -> str:
    """Return the rule that prints the title, and the banner where there is one, on every sheet."""
    words = f"{head.title}　■ {head.banner}" if head.banner else head.title
    text = re.sub(r"[^\w\s·（）《》、，。：—■-]", lambda found: f"\\{ord(found[0]):x} ", words)
    return f'@page{{@top-left{{content:"{" ".join(text.split(chr(10)))}"}}}}\n'
