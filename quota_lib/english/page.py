"""A finished Chinese page → the same page in English: its texts change, everything else stays byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from html import escape, unescape
from typing import NamedTuple

from quota_lib.english.catalogue import Catalogue, load_catalogue
from quota_lib.english.data import (
    KEPT_COLUMNS,
    KEPT_DEFINITIONS,
    MIXED_COLUMNS,
    MIXED_DEFINITIONS,
    MIXED_HERE,
    WORDS_AMONG_DATA,
)
from quota_lib.english.figures import figures_in_english, words_in_english
from quota_lib.english.terms import Terms
from quota_lib.english.translate import CHINESE, RUN, Translator

_PIECE = re.compile(
    r"<script\b.*?</script>|<style\b.*?</style>|<!--.*?-->|<(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>|[^<]+", re.DOTALL
)
_CONTENT = re.compile(r"(<[^>]*>)(.*)(</\w+>)", re.DOTALL)
_NAME = re.compile(r"</?([^\s/>]+)")
_SEEN = re.compile(r'\b(title|aria-label|alt|placeholder|data-label)="([^"]*)"')
_ID = re.compile(r'\bid="table-([^"]*)"')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_WIDE = re.compile("[\u3000-\u303f\uff00-\uffef]")
_PAGE_LINK = re.compile(r'(\bhref=")([^"#:]*)\.html(["#])')
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
VOID |= frozenset({"circle", "line", "path", "rect", "polyline", "polygon"})
INLINE = frozenset({"a", "b", "code", "em", "i", "label", "small", "span", "strong", "sub", "sup"})
DRAWN = frozenset({"svg", "math", "option", "title"})
"""Elements whose texts cannot hold a mark-up of their own."""
QUIET = frozenset({"nav", "button", "svg", "title", "th", "td", "a", "math", "dt"})
"""Elements in which a term is not explained: headings of tables, links, pictures."""
HEADINGS = frozenset({"nav", "h2", "h3", "h4", "caption"})
NOTE = (
    '<p class="note translation">English translation. The <a href="{page}" lang="zh-CN" hreflang="zh-CN">Chinese report '
    "(中文)</a> is the official one. Names, document numbers, cells and what people wrote stand as they were handed in; "
    "Annex 1 and the Word documents are in Chinese only.</p>"
)


class English(NamedTuple):
    """A page in English; what had no translation and stands in it in Chinese; what was kept as data; which entries it used."""

    html: str
    missed: Mapping[str, int]
    left: frozenset[str]
    used: frozenset[str]


def english_page(html: str, page: str, siblings: Collection[str] = (), catalogue: Catalogue | None = None) -> English:
    """Return a report's page in English.

    ``page``: the file name of the Chinese one, which the English one leads to.  ``siblings``: the addresses of pages
    that have an English one beside them; links to them lead there.
    """
    known = catalogue or load_catalogue()
    translator = known.translator()
    made = _Page(translator, known.terms, siblings).made(html)
    made = made.replace('<html lang="zh-CN"', '<html lang="en"', 1)
    made = made.replace("</header>", f"{NOTE.format(page=escape(page))}\n</header>", 1)
    return English(made, dict(translator.missed), frozenset(translator.left), frozenset(translator.used))


class _Page:
    """One pass over a page, piece by piece."""

    def __init__(self, translator: Translator, terms: Mapping[str, str], siblings: Collection[str]) -> None:
        self.translator = translator
        self.siblings = frozenset(siblings)
        self.terms = Terms(terms)
        self.out: list[str] = []
        self.open: list[str] = []
        self.kept = 0  # how deep in the open elements one stands that is not to be translated; 0: in none
        self.cell = 0  # where in ``out`` the start of the cell or definition stands whose texts are data; 0: in none
        self.mixed = False
        self.table = ""
        self.heads: list[str] = []
        self.at = -1
        self.term = ""
        self.day = False  # whether one stands in the line for the day of a signature
        self.changed = False  # whether the text before was translated

    def made(self, html: str) -> str:
        for piece in _PIECE.findall(html):
            if piece.startswith("<!"):
                self.out.append(piece)
            elif piece.startswith(("<script", "<style")):
                self.out.append(_CONTENT.sub(self._script, piece, count=1))
            elif piece.startswith("</"):
                self._end(piece)
            elif piece.startswith("<"):
                self._start(piece)
            else:
                self._text(piece)
        return "".join(self.out)

    def _start(self, tag: str) -> None:
        name = _NAME.match(tag)[1].lower()  # type: ignore[index]
        self._place(name, tag)
        if not tag.isascii():
            tag = _SEEN.sub(self._attribute, tag)
        if name == "a" and self.siblings and "aria-label" not in tag:  # a link that names its file leads to it
            tag = _PAGE_LINK.sub(self._link, tag)
        self.out.append(tag)
        if name in VOID or tag.endswith("/>"):
            return
        self.open.append(name)
        if not self.kept and ('translate="no"' in tag or tag == '<pre class="code">'):
            self.kept = len(self.open)
            if tag == '<pre class="code">':
                self.out[-1] = '<pre class="code" translate="no">'

    def _place(self, name: str, tag: str) -> None:
        """Keep track of the column or the definition that the next texts stand in."""
        if name == "figure":
            self.table = "".join(_ID.findall(tag))
        elif name == "table":
            self.heads = []
        elif name == "tr":
            self.at = -1
        elif name in ("td", "th"):
            self.at += 1
            if 'scope="col"' in tag:
                self.heads.append("")
                return
            head = self.heads[self.at] if self.at < len(self.heads) else ""
            here = f"{self.table}›{head}" in MIXED_HERE
            self.mixed = here or head in MIXED_COLUMNS
            if head in KEPT_COLUMNS and not here and 'class="empty"' not in tag:
                self.cell = len(self.out)
        elif name == "p":
            self.day = 'class="day"' in tag
        elif name == "dt":
            self.term = ""
        elif name == "dd":
            self.mixed = self.term in MIXED_DEFINITIONS
            if self.term in KEPT_DEFINITIONS:
                self.cell = len(self.out)

    def _end(self, tag: str) -> None:
        self.out.append(tag)
        name = _NAME.match(tag)[1].lower()  # type: ignore[index]
        if name == "figure":
            self.table = ""
        if name == "p":
            self.day = False
        if name in ("td", "th", "dd"):
            self.cell, self.mixed = 0, False
        while self.open:
            last = self.open.pop()
            if self.kept > len(self.open):
                self.kept = 0
            if last == name:
                break

    def _text(self, raw: str) -> None:
        inner = self.open[-1] if self.open else ""
        given = raw
        if not raw.isascii() or "&" in raw:
            raw = self._words(raw)
        before, self.changed = self.changed, raw != given
        if (
            raw
            and (before or self.changed)
            and inner in INLINE | {"caption", "p", "li", "h2", "h3", "h4", "th"}
            and self._runs_on(raw)
        ):
            raw = f" {raw}"
        self.out.append(raw)

    def _words(self, raw: str) -> str:
        text = unescape(raw)
        if self.open and self.open[-1] == "th" and self.heads and self.heads[-1] == "" and "thead" in self.open:
            self.heads[-1] = text.strip()
        if "dt" in self.open:
            self.term += text.strip()
        if self.kept:
            return self._marked(raw)
        if self.cell and text.strip() not in WORDS_AMONG_DATA:
            if CHINESE.search(text) and 'lang="zh-CN"' not in self.out[self.cell]:
                self.out[self.cell] = self.out[self.cell][:-1] + ' lang="zh-CN" translate="no">'
            return raw
        if not CHINESE.search(text) and not _WIDE.search(text):
            return raw
        partly = self.mixed or "svg" in self.open or "article" in self.open
        said = self.translator.page_text(text, partly, self._context())
        if text[-1] in "：，、" and not said[-1].isspace():  # something goes on in the next element
            said += " "
        return self._marked(escape(self._with_terms(text, said), quote=False))

    def _context(self) -> str:
        """Return where a text stands, which may give it a translation of its own."""
        if self.day:
            return "day"
        if "thead" in self.open:
            return self.table
        if self.open and self.open[-1] == "text":
            return "picture"
        return "heading" if HEADINGS.intersection(self.open) else ""

    def _with_terms(self, chinese: str, english: str) -> str:
        """Return a text with the Chinese of each term that it is the first to use."""
        return english if QUIET.intersection(self.open) else self.terms.explained(chinese, english)

    def _marked(self, html: str) -> str:
        """Return HTML with its Chinese marked as such, where mark-up may stand."""
        if DRAWN.intersection(self.open):
            return html
        return RUN.sub(lambda run: f'<span lang="zh-CN" translate="no">{run[0]}</span>', html)

    def _runs_on(self, raw: str) -> bool:
        """Return whether a text would run into the word before it, which stands in another element."""
        back = len(self.out) - 1
        while back >= 0 and self.out[back].startswith("<"):
            name = _NAME.match(self.out[back])
            if not name or name[1] not in INLINE:
                return False
            back -= 1
        if back < 0 or back == len(self.out) - 1:
            return False
        before = self.out[back][-1:]
        return (before.isalnum() or before in ".,;:)") and (raw[0].isalnum() or raw[0] in "(“")

    def _attribute(self, found: re.Match[str]) -> str:
        said = self.translator.page_text(unescape(found[2]), self.mixed) if CHINESE.search(found[2]) else found[2]
        return f'{found[1]}="{escape(said) if said != found[2] else said}"'

    def _link(self, found: re.Match[str]) -> str:
        name = f"{found[2]}.html"
        return f"{found[1]}{found[2]}.en.html{found[3]}" if unescape(name) in self.siblings else found[0]

    def _quoted(self, found: re.Match[str]) -> str:
        text = found[1]
        return f'"{self.translator.page_text(text)}"' if CHINESE.search(text) and "\\" not in text else found[0]

    def _script(self, found: re.Match[str]) -> str:
        tag, content, end = found.groups()
        if tag.startswith("<style"):
            content = _QUOTED.sub(self._quoted, content)
        elif "application/json" in tag:
            change = figures_in_english if 'id="facts"' in tag else words_in_english
            text = json.dumps(change(json.loads(content), self.translator), ensure_ascii=False, separators=(",", ":"))
            content = text.replace("<", "\\u003c")
        return f"{tag}{content}{end}"
