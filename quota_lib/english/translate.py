"""Chinese of the reports → English, from the catalogue alone: exact entries, then patterns, then part by part.

Nothing is guessed: what no entry covers is a miss, which is kept in Chinese and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from quota_lib.english.joining import inside, opened, outside_brackets, whole_number
from quota_lib.english.pattern import DIGITS, Pattern

CHINESE = re.compile("[\u3400-\u9fff]")
RUN = re.compile("[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]*[\u3400-\u9fff][\u3001-\u303f\u3400-\u9fff\uff00-\uffef]*")
"""Chinese without anything else between."""
CITATION = re.compile("[\u4e00-\u9fff]{2,10}〔\\d{4}〕\\d+号")
"""A document's number, such as 环发〔2014〕197号: a name, which nobody translates."""
_NUMERAL = re.compile("(（?)([一二三四五六七八九十]+)([、）])")
_SEPARATORS = {
    "\n": "\n", " → ": " → ", "。": ". ", "；": "; ", "：": ": ", "，": ", ", "＝": " = ", "＋": " + ", "－": " − ", "、": ", ",
    "　": " ", " ": " ", "/": "/",
}  # fmt: skip
"""Between what a text is divided, the widest first, and what stands there in English."""
_MARKS = str.maketrans(
    {mark: between for mark, between in _SEPARATORS.items() if len(mark) == 1}
    | {"（": " (", "）": ")", "《": "“", "》": "”", "％": "%", "？": "?", "！": "!", "×": "×"}
)


class Translator:
    """Translates texts and remembers what it had no entry for.

    ``missed``: texts without a translation.  ``left``: Chinese that stands in what was translated: data.
    ``used``: the Chinese of every entry that was asked for.
    """

    def __init__(self, words: Mapping[str, str], patterns: Iterable[Pattern]) -> None:
        self.words = words
        self.patterns = sorted(patterns, key=lambda one: (-one.weight, one.chinese))
        self.missed: dict[str, int] = {}
        self.left: set[str] = set()
        self.used: set[str] = set()
        self._known: dict[tuple[str, bool], str | None] = {}
        self._candidates: dict[str, Sequence[Pattern]] = {}

    def translate(self, text: str, partly: bool = False) -> str | None:
        """Return a text in English, None if the catalogue does not cover it.

        ``partly``: what it does not cover is data and stays.
        """
        core = text.strip()
        if not core:
            return text
        key = (core, partly)
        if key not in self._known:
            self._known[key] = self._found(core, partly)
        found = self._known[key]
        if found is None:
            return None
        start = text.index(core[0])
        return f"{text[:start]}{found}{text[start + len(core) :]}"

    def page_text(self, text: str, partly: bool = False, where: str = "") -> str:
        """Return a text of a page in English; without a translation as it stands, which is remembered.

        ``where``: the id of the table whose heading it is, or "heading": an entry "where›text" goes before "text".
        """
        special = f"{where}›{text.strip()}"
        found = self.translate(text.replace(text.strip(), special) if special in self.words else text, partly)
        if found is None:
            self.missed[text.strip()] = self.missed.get(text.strip(), 0) + 1
        else:
            self.left.update(RUN.findall(found))
        return text if found is None else found

    def _found(self, text: str, partly: bool) -> str | None:
        if text in self.words:
            self.used.add(text)
            return self.words[text]
        if not CHINESE.search(text):
            return " ".join(text.translate(_MARKS).split(" ")).strip() if not text.isascii() else text
        numeral = _NUMERAL.fullmatch(text)
        if numeral:
            number = whole_number(numeral[2])
            return f"({number})" if numeral[1] else f"{number}."
        if CITATION.fullmatch(text):
            return text
        return (
            self._by_pattern(text)
            or self._in_brackets(text, partly)
            or self._in_parts(text, partly)
            or (text if partly else None)
        )

    def _by_pattern(self, text: str) -> str | None:
        skeleton = DIGITS.sub("0", text)
        if skeleton not in self._candidates:
            self._candidates[skeleton] = [one for one in self.patterns if one.key in skeleton]
        for one in self._candidates[skeleton]:
            match = one.regex.fullmatch(text)
            filled = match and self._filled(one, match.groupdict())
            if filled:
                self.used.add(one.chinese)
                return filled
        return None

    def _filled(self, one: Pattern, given: Mapping[str, str]) -> str | None:
        """Return a pattern's English with its placeholders filled, None if one cannot be."""
        words: dict[str, str] = {}
        for name, value in given.items():
            found = value if name in one.verbatim else self.translate(value, name in one.loose)
            if found is None and name not in one.loose:
                return None
            words[name] = value if found is None else found.strip()
        return one.filled(words)

    def _in_brackets(self, text: str, partly: bool) -> str | None:
        """Return something in brackets, after words or by itself: 收集率（第 1 行）, 排水量(m³/a), （天）."""
        for opening, closing in ("（）", "()"):
            at = opened(text, opening, closing) if text.endswith(closing) else -1
            inner = self.translate(text[at + 1 : -1], partly) if at >= 0 else None
            first = self.translate(text[:at], partly) if at > 0 else ""
            if inner and first is not None:
                return f"{first} ({inside(inner, first)})" if first else f"({inner})"
        return None

    def _in_parts(self, text: str, partly: bool) -> str | None:
        """Return a text divided where its widest separator stands, each part translated by itself.

        Between two parts that are kept as data the separator stays, too.
        """
        for mark, between in _SEPARATORS.items():
            parts = outside_brackets(text, mark)
            if len(parts) == 1 or not any(parts):
                continue
            made, before = "", ""
            for at, part in enumerate(parts):
                found = self.translate(part, partly) if part.strip() else part
                if found is None:
                    break
                kept = at and found == part and before == parts[at - 1] and bool(CHINESE.search(before + part))
                made += ((mark if kept else between) if at else "") + (found if mark in "\n。" else inside(found, made))
                before = found
            else:
                return made.strip(" ")
        return None
