"""Complaints about rows, gathered: one of each kind and file, with its first row and how many there are.

Source  contract §4
"""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import category

from quota_lib.problems import Problem, problem

Words = tuple[tuple[str, str], ...]


def in_one_line(text: str) -> str:
    """Return a text with its line breaks and other control letters written out.

    >>> in_one_line("DA\\n001\\u3000甲")
    'DA\\\\n001\\u3000甲'
    """
    shown = (
        one if one.isprintable() or category(one) == "Zs" else one.encode("unicode_escape").decode() for one in text
    )
    return text if text.isprintable() else "".join(shown)


class Faults:
    """What is wrong with the rows of hourly files."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, Words], tuple[int, int, Words]] = {}
        self._single: list[Problem] = []

    def add(self, code: str, file: str, row: int, count: int = 1, first: Words = (), **words: str) -> None:
        """Note ``count`` rows of one kind, the first of them ``row``; ``first``: words about that row alone."""
        kind = (code, file, tuple(sorted((name, in_one_line(value)) for name, value in words.items())))
        first = tuple((name, in_one_line(value)) for name, value in first)
        known, so_far, said = self._found.get(kind, (row, 0, first))
        self._found[kind] = (row, so_far + count, first) if row < known else (known, so_far + count, said)

    def of_file(self, code: str, file: str, row: int = 0, **words: object) -> None:
        """Note what is wrong with a whole file, from a row on where one is given."""
        shown = {name: in_one_line(one) if isinstance(one, str) else one for name, one in words.items()}
        self._single.append(problem(code, file, cell=str(row) if row else "", **shown))  # type: ignore[arg-type]

    def note(self, one: Problem) -> None:
        self._single.append(one)

    def names(self, file: str) -> bool:
        """Return whether anything was noted about a file."""
        return any(one.file == file for one in self._single) or any(kind[1] == file for kind in self._found)

    def problems(self) -> Iterator[Problem]:
        yield from self._single
        for (code, file, words), (row, count, first) in self._found.items():
            yield problem(code, file, cell=str(row), count=count, **dict(words), **dict(first))
