"""How parts of a sentence are told apart in Chinese and put together in English."""

from __future__ import annotations

import re

_BRACKETS = re.compile("[（(]")
_ORDINARY = re.compile(r"[A-Z][a-z]+(?![\w₀-₉]|-\d)")
PROPER = frozenset({"Suzhou", "Excel", "Chinese", "English", "Word", "Class", "Article", "Announcement", "Annex"})
"""First words of entries that keep their capital inside a sentence."""


STARTS = ("“", ".", "\n", "■", "▲", "●", "✓", "◆", "□", "▣")
"""After these a sentence begins."""


def inside(words: str, before: str) -> str:
    """Return words as they stand after others: an ordinary first word loses its capital.

    >>> inside("Closing balance", "= "), inside("COD", "of "), inside("Closing", ""), inside("Closing", "“")
    ('closing balance', 'COD', 'Closing', 'Closing')
    """
    first = _ORDINARY.match(words)
    if not first or first[0] in PROPER or not before.strip() or before.rstrip(" ").endswith(STARTS):
        return words
    return words[0].lower() + words[1:]


def whole_number(numeral: str) -> int:
    """Return a Chinese numeral from 1 to 99 as a number.

    >>> [whole_number(one) for one in ("一", "十", "十二", "二十", "三十五")]
    [1, 10, 12, 20, 35]
    """
    digits = "〇一二三四五六七八九"
    tens, ten, ones = numeral.rpartition("十")
    return (digits.index(tens or "一") * 10 if ten else 0) + (digits.index(ones) if ones else 0)


def outside_brackets(text: str, mark: str) -> list[str]:
    """Return a text divided by a mark, but not where it stands in brackets.

    >>> outside_brackets("a，b（c，d）", "，")
    ['a', 'b（c，d）']
    """
    if mark not in text or not _BRACKETS.search(text):
        return text.split(mark)
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter in "（(") - (letter in "）)")
        if depth <= 0 and at >= start and text.startswith(mark, at):
            parts.append(text[start:at])
            start = at + len(mark)
    return [*parts, text[start:]]


def opened(text: str, opening: str, closing: str) -> int:
    """Return where the bracket that closes a text was opened, -1 if nowhere."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] == closing) - (text[at] == opening)
        if depth == 0:
            return at
    return -1
