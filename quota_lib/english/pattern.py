"""Entries with placeholders: what they match, and what their placeholders take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from quota_lib.english.joining import inside

HOLE = re.compile(r"\{(\w+)(\*?)\}")
_FILLED = re.compile(r"\{(\w+)(!,?|\?[^{}]*:[^{}]*)?\}")
_BESIDE_A_NUMBER = re.compile("(?<=[A-Za-z0-9])、|、(?=[A-Za-z0-9])")
_ANYTHING, _A_PHRASE = ".+?", "[^。；\n]+?"
_VOCABULARY = {
    "factor": " ?(?:颗粒物|二氧化硫|氮氧化物|挥发性有机物|化学需氧量|氨氮|总氮|总磷|铅|汞|镉|铬|砷|[A-Z0-9]+|\\{\\w+\\}) ?",
    **dict.fromkeys(("n", "m", "year", "years", "months"), "[-−]?\\d[\\d., 、–]*"),
    "source": "核定|核算|申报|环境统计|环境信息披露|执行报告",
}
"""Placeholders that stand against others, with nothing between to tell them apart: what they can be."""
DIGITS = re.compile(r"\d+")


class Pattern(NamedTuple):
    """An entry with placeholders; ``key`` is its longest literal part, with every number written as 0."""

    chinese: str
    english: str
    regex: re.Pattern[str]
    loose: frozenset[str]
    key: str
    weight: int

    @property
    def verbatim(self) -> frozenset[str]:
        """The placeholders that the English takes as they were typed: {a!}, and lists of such: {a!,}."""
        return frozenset(name for name, how in _FILLED.findall(self.english) if how.startswith("!"))

    def filled(self, words: Mapping[str, str]) -> str:
        """Return the English with its placeholders filled; {n?place:places} chooses by whether n is 1."""
        made, place = "", 0
        for hole in _FILLED.finditer(self.english):
            made += self.english[place : hole.start()]
            name, how = hole[1], hole[2] or ""
            if how.startswith("?"):
                single, _, many = how[1:].partition(":")
                made += single if words[name] == "1" else many
            else:
                made += listed(words[name], bool(how[1:])) if how.startswith("!") else inside(words[name], made)
            place = hole.end()
        return made + self.english[place:]


def listed(data: str, names: bool) -> str:
    """Return data as typed, but numbers that 、 divides with commas; with ``names`` whatever it divides.

    >>> listed("JP2025-001、JP2025-002", False), listed("废水、废气改造", False), listed("甲、乙", True)
    ('JP2025-001, JP2025-002', '废水、废气改造', '甲, 乙')
    """
    return data.replace("、", ", ") if names else _BESIDE_A_NUMBER.sub(", ", data)


def pattern_of(chinese: str, english: str, loose: bool = False) -> Pattern:
    """Return an entry as a pattern.

    Shape   {a} is what an entry covers, or what holds no Chinese; {a*} (with ``loose`` each) may be data too
    """
    parts, found, literal = [], set(), []
    place = 0
    for hole in HOLE.finditer(chinese):
        literal.append(chinese[place : hole.start()])
        name, free = hole[1], loose or bool(hole[2])
        parts.append(re.escape(literal[-1]))
        kind = _VOCABULARY.get(name) or (_ANYTHING if free else _A_PHRASE)
        parts.append(f"(?P={name})" if name in found else f"(?P<{name}>{kind})")
        found |= {name}
        place = hole.end()
    literal.append(chinese[place:])
    parts.append(re.escape(literal[-1]))
    free_names = frozenset(hole[1] for hole in HOLE.finditer(chinese) if loose or hole[2])
    regex = re.compile("".join(parts), re.DOTALL)
    key = max((DIGITS.sub("0", part) for part in literal), key=len)
    return Pattern(chinese, english, regex, free_names, key, sum(map(len, literal)))
