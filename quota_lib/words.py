"""The words of workbooks: folding what people type, factors and their aliases, the credit code's check digit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import NamedTuple

_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDE |= {0x3000: 0x20, 0xA0: 0x20, 0x200B: None, 0xFEFF: None}
_ANY_WIDE = re.compile("[" + "".join(map(chr, _WIDE)) + "]")


def fold(text: str) -> str:
    """Return text with full-width digits, letters and spaces made plain and outer spaces dropped.

    Source  contract §2, Values
    """
    return text.strip() if text.isascii() or not _ANY_WIDE.search(text) else text.translate(_WIDE).strip()


def key(text: str) -> str:
    """Return what decides whether two headings, words or factors are the same: width, script, case, spaces aside."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip("*")


def nearest(text: str, known: Iterable[str], alike: int = 0) -> str | None:
    """Return the known word that a text is most like, width, script and case aside; None where none is.

    Units   ``alike`` in per cent: how like it must be
    """
    words = {key(word): word for word in known}
    near = get_close_matches(key(text), words, n=1, cutoff=alike / 100)
    return words[near[0]] if near else None


class Factor(NamedTuple):
    """One of the pollutants under control.

    Source  SCOPE-2
    """

    id: str
    label: str
    aliases: tuple[str, ...]
    medium: str  # 大气 or 水 as the assessment of which it follows; 重金属 follows none
    decimals: int  # shown at least


class Factors:
    """All factors in the order of every table, and every way to write them."""

    def __init__(self, factors: Iterable[Factor]) -> None:
        self.all = tuple(factors)
        self.by_id: Mapping[str, Factor] = {factor.id: factor for factor in self.all}
        self.order: Mapping[str, int] = {factor.id: place for place, factor in enumerate(self.all)}
        self._read = {key(name): f.id for f in self.all for name in (f.id, f.label, *f.aliases)}

    def read(self, text: str) -> str | None:
        """Return the id of the factor that ``text`` names, or None."""
        return self._read.get(key(text))

    def label(self, factor: str) -> str:
        return self.by_id[factor].label


_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PLACE = {letter: value for value, letter in enumerate(_CODE)}
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def credit_code_fault(code: str) -> str | None:
    """Return what is wrong with a unified social credit code, or None.

    Source  GB 32100-2015
    """
    if len(code) != 18:
        return f"应为 18 位，现为 {len(code)} 位"
    strange = [letter for letter in code if letter not in _PLACE]
    if strange:
        return f"不得含字符“{strange[0]}”"
    total = sum(_PLACE[letter] * weight for letter, weight in zip(code, _WEIGHTS, strict=False))
    if _CODE[-total % 31] != code[-1]:
        return "校验码不符，可能有一位写错"
    return None


def unit_id(code: str, site: str) -> str:
    """Return how a plant is written: its code, followed by the site unless that is 001."""
    return code if site == "001" else f"{code}-{site}"
