"""The number of a finding: short enough for the telephone, and the same in every run in which the finding stands.

It is made of what the finding is about, never of its figures: ``W504-7K3QX`` stays when the shortage
grows, when other findings come and go, and when the next quarter still has it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quota_lib.findings import Finding

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U; a reader who types I, L or O means 1, 1, 0
_HEARD = str.maketrans("ILO", "110")
SHORTEST = 5
APART: Mapping[str, tuple[str, ...]] = {
    "W509": ("year",),
    "W516": ("day",),
    "W517": ("day",),
    "W530": ("construction",),
    "W534": ("rate",),
    **dict.fromkeys(("W544", "W545", "W546", "W549", "W553"), ("what",)),
    "W547": ("what", "source"),
    "W548": ("outlet",),
    "W564": ("outlet", "what"),
    "W565": ("outlet", "what", "since"),
    "W566": ("year",),
    "W567": ("year",),
    "W568": ("year",),
    "W569": ("year",),
}
"""The words by which findings of one code about one subject are told apart."""


def mark_of(code: str, words: Mapping[str, object]) -> str:
    """Return what tells a finding from others of its code about the same subject, "" where nothing needs to."""
    return " ".join(str(words.get(name, "")) for name in APART.get(code, ()))


def numbered(found: Iterable[Finding]) -> list[tuple[str, Finding]]:
    """Return findings in their order, each with its number.

    Of findings that agree in code, subject and mark the first by message has the number that it would have
    alone, the others one that follows from their message too.  Two numbers that agree by chance grow by a letter.
    """
    ones = list(found)
    numbers: dict[int, str] = {}
    taken: set[str] = set()
    for name, place in sorted(_identities(ones)):
        code, size = ones[place].code, SHORTEST
        while f"{code}-{_short(name, size)}" in taken:
            size += 1
        numbers[place] = f"{code}-{_short(name, size)}"
        taken.add(numbers[place])
    return [(numbers[place], one) for place, one in enumerate(ones)]


def read_number(text: str) -> str:
    """Return a number as findings have it, in whatever case and with whatever stroke it was written.

    >>> read_number("w504 － 7k3qo")
    'W504-7K3Q0'
    """
    parts = "".join(text.upper().translate(str.maketrans("－—–−", "----")).split()).split("-")
    return "-".join([parts[0], *(part.translate(_HEARD) for part in parts[1:])])


def _identities(ones: list[Finding]) -> list[tuple[str, int]]:
    """Return for every finding what it is, as text no two share, with its place."""
    seen: Counter[str] = Counter()
    names = []
    for place, one in sorted(enumerate(ones), key=lambda pair: (_subject(pair[1]), pair[1].message)):
        name, first = _subject(one), not seen[_subject(one)]
        seen[name] += 1
        if not first:
            twin = f"{name}\x1f{one.message}"
            seen[twin] += 1
            name = twin if seen[twin] == 1 else f"{twin}\x1f{seen[twin]}"
        names.append((name, place))
    return names


def _subject(one: Finding) -> str:
    return "\x1f".join((one.code, one.zone, one.unit, one.project, one.factor, one.mark))


def _short(name: str, size: int) -> str:
    """Return the first letters of a text's hash."""
    bits = int.from_bytes(hashlib.sha256(name.encode()).digest())
    return "".join(LETTERS[bits >> (251 - 5 * place) & 31] for place in range(size))
