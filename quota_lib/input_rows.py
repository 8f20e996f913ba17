"""A method's input rows handed in again: the same are there already, others take the place of an earlier folder's.

Rows of one folder add up.  What stands in another workbook of the folder with the same content is the same row, not
another one; in one sheet it is another one, and a person is told.
Source  REDUCE-2; contract §2, The same row again
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from quota_lib.problems import Problem, at

Key = tuple[Any, ...]


Inputs = dict[tuple[str, str], list[tuple[str, Any]]]
"""By project and factor: method and row, as the Book holds them."""


def take_place(inputs: Inputs, method: str, rows: Iterable[Any]) -> tuple[list[Any], list[Problem]]:
    """Return which of a folder's rows of a method count and what is told of the others; they take an earlier folder's place."""
    held = {key: [row for name, row in found if name == method] for key, found in inputs.items()}
    found = again(rows, held, attrgetter("project", "factor"))
    for key in {(row.project, row.factor) for row in found.kept}:
        inputs[key] = [one for one in inputs.get(key, ()) if one[0] != method]
    told = [(one, "Q320") for one in found.repeated] + [(one, "Q143") for one in found.doubled]
    return found.kept, [at(row.at, "project", code, other=other.at) for (row, other), code in told]


class Again(NamedTuple):
    """What is new among input rows; ``repeated`` and ``doubled``: rows with the one that they are the same as."""

    kept: list[Any]
    repeated: list[tuple[Any, Any]]
    doubled: list[tuple[Any, Any]]


def again(rows: Iterable[Any], held: Mapping[Key, Sequence[Any]], key: Any) -> Again:
    """Return which of a folder's rows count, where ``held`` are those of earlier folders by key; in order of their places."""
    found = Again([], [], [])
    groups: dict[Key, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.at.position):
        groups[key(row)].append(row)
    for name, group in groups.items():
        _settle(group, held.get(name, ()), found)
    return found


def _settle(group: list[Any], held: Sequence[Any], found: Again) -> None:
    kept: list[Any] = []
    first: dict[Any, Any] = {}
    for row in group:
        other = first.setdefault(row[:-1], row)
        if other is row:
            kept.append(row)
        elif other.at.position[:2] == row.at.position[:2]:  # one sheet
            kept.append(row)
            found.doubled.append((row, other))
        else:
            found.repeated.append((row, other))
    before = {row[:-1]: row for row in held}
    if held and Counter(row[:-1] for row in kept) == Counter(row[:-1] for row in held):
        found.repeated.extend((row, before[row[:-1]]) for row in kept)
    else:
        found.kept.extend(kept)
