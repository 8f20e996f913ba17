"""The Book: every row that counts, what holds on a day, which numbers are taken, and what is missing and why."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from quota_lib.facts import (
    Application,
    Assessment,
    Construction,
    Decision,
    ReductionProject,
    Unit,
    Verdict,
    Verification,
)
from quota_lib.facts import Zone as ZoneRow
from quota_lib.periods import Period, Quarter
from quota_lib.problems import Problem
from quota_lib.schema import Sheet

Key = tuple[Any, ...]


class Held(NamedTuple):
    """A row and from when it holds; rows of a key order by folder, then business date."""

    batch: int
    day: date
    since: date
    row: Any


class Use(NamedTuple):
    """Where a document's number stands."""

    sheet: str
    folder: Period
    project: str  # of a decision: the construction project; else ""
    row: Any


class DecisionDocument(NamedTuple):
    """All rows of one 文号 on one project in one folder."""

    project: str
    document: str
    booked: Quarter
    date: date
    rows: tuple[Decision, ...]

    @property
    def agreed(self) -> bool:
        return self.rows[0].decision == "同意"

    def row(self, factor: str) -> Decision | None:
        return next((row for row in self.rows if row.factor == factor), None)


@dataclass
class Book:
    """What has been handed in so far.  ``batch`` counts the folders (an annual one before its quarter)."""

    batch: int = 0
    histories: dict[str, dict[Key, list[Held]]] = field(default_factory=dict)
    numbers: dict[str, list[Use]] = field(default_factory=dict)
    absent: dict[tuple[str, str], Problem] = field(default_factory=dict)
    halted: dict[str, dict[tuple[str, Period, str], Problem]] = field(
        default_factory=dict
    )  # documents with a row in error
    blind: dict[str, Problem] = field(default_factory=dict)  # sheet name, or "" for a whole workbook
    decisions: dict[str, list[DecisionDocument]] = field(default_factory=dict)
    corrected: set[str] = field(default_factory=set)  # numbers that a 冲正 row names
    brought: set[tuple[str, str]] = field(default_factory=set)  # (number, factor) that some row brings
    by_unit: dict[tuple[str, int], list[str]] = field(default_factory=dict)  # (plant, year of 申请) → projects
    factors_of: dict[str, list[str]] = field(default_factory=dict)  # project → factors applied for
    inputs: dict[tuple[str, str], list[tuple[str, Any]]] = field(
        default_factory=dict
    )  # (project, factor) → method, row
    declared_of: dict[str, list[str]] = field(default_factory=dict)  # project → factors declared

    # what holds

    def history(self, sheet: str, key: Key) -> list[Held]:
        return self.histories.get(sheet, {}).get(key, [])

    def holding(self, sheet: str, key: Key, day: date | None = None) -> Any | None:
        """Return the row that holds on a day (None: the latest of all)."""
        held = self.history(sheet, key)
        if day is None:
            return held[-1].row if held else None
        return next((one.row for one in reversed(held) if one.since <= day), None)

    def rows(self, sheet: str) -> Iterator[Any]:
        """Return every row of a sheet that counts."""
        return (one.row for held in self.histories.get(sheet, {}).values() for one in held)

    def latest(self, sheet: str) -> Iterator[Any]:
        """Return the row that holds last for every key."""
        return (held[-1].row for held in self.histories.get(sheet, {}).values())

    def enter(self, sheet: Sheet, row: Any, since: date, day: date) -> None:
        key = key_of(sheet, row)
        held = self.histories.setdefault(sheet.name, {}).setdefault(key, [])
        one = Held(self.batch, day, since, row)
        if held:
            insort(held, one, key=lambda other: other[:2])
        else:
            held.append(one)
        if sheet.number:
            use = Use(sheet.name, row.at.source.folder, row.construction if sheet.name == "decision" else "", row)
            self.numbers.setdefault(getattr(row, sheet.number), []).append(use)
        self._index(sheet.name, row)

    def _index(self, name: str, row: Any) -> None:
        if name == "construction":
            projects = self.by_unit.setdefault((row.unit, row.date.year), [])
            if row.construction not in projects:
                projects.append(row.construction)
        elif name == "application":
            factors = self.factors_of.setdefault(row.construction, [])
            if row.factor not in factors:
                factors.append(row.factor)
        elif name == "reduction":
            factors = self.declared_of.setdefault(row.project, [])
            if row.factor not in factors:
                factors.append(row.factor)
        elif name in ("opening", "deposit") or (name == "superior" and row.direction == "申请使用"):
            self.brought.add((row.document, row.factor))

    def halt(self, number: str, use: tuple[str, Period, str], cause: Problem) -> None:
        """Note that a row of a document (sheet, folder, project) is in error: nothing of it posts or can be named."""
        self.halted.setdefault(number, {}).setdefault(use, cause)

    def sound(self, number: str) -> list[Use]:
        """Return where a number stands in a document that is whole."""
        halted = self.halted.get(number, {})
        return [use for use in self.numbers.get(number, ()) if use[:3] not in halted]

    # by name

    def zone_label(self, zone: str) -> str:
        row: ZoneRow | None = self.holding("zone", (zone,))
        return row.label if row else zone

    def unit(self, unit: str) -> Unit | None:
        row: Unit | None = self.holding("unit", (unit,))
        return row

    def unit_label(self, unit: str) -> str:
        row = self.unit(unit)
        return row.label if row else unit

    def reduction_project(self, project: str) -> ReductionProject | None:
        row: ReductionProject | None = self.holding("reduction_project", (project,))
        return row

    def construction(self, project: str) -> Construction:
        """Return a construction project that is known."""
        row: Construction = self.histories["construction"][(project,)][-1].row
        return row

    def application(self, project: str) -> dict[str, Application]:
        """Return what a project applies for, by factor, as it holds now."""
        return {factor: self.holding("application", (project, factor)) for factor in self.factors_of.get(project, ())}  # type: ignore[misc]

    def first_passed(self, project: str, factor: str) -> date | None:
        """Return when a project's reduction of a factor passed review first."""
        verdicts: list[Verdict] = [one.row for one in self.history("verdict", (project, factor))]
        return min((row.date for row in verdicts if row.verdict == "通过"), default=None)

    def assessments(self) -> Iterator[Assessment]:
        return self.rows("assessment")

    def verifications(self, unit: str, factor: str) -> Iterator[Verification]:
        """Return every verified figure of a plant's discharge of a factor to the environment."""
        return (
            one.row
            for (_, who, what, measure), held in self.histories.get("verification", {}).items()
            if (who, what, measure) == (unit, factor, "外排环境量")
            for one in held
        )

    def known(self, kind: str, name: str) -> bool:
        """Return whether something that a row names is known."""
        if kind == "document":
            return bool(self.sound(name))
        if kind == "application":
            return any(self.history("application", (name, factor)) for factor in self.factors_of.get(name, ()))
        return (name,) in self.histories.get(kind, {})

    def cause(self, kind: str, name: str) -> Problem | None:
        """Return why something that a row names is missing, where a reported error is the reason."""
        halted = self.halted.get(name) if kind == "document" else None
        if halted:
            return next(iter(halted.values()))
        return (
            self.absent.get((kind, name))
            or self.blind.get("")
            or next((self.blind[sheet] for sheet in DEFINED_ON.get(kind, ()) if sheet in self.blind), None)
        )


DEFINED_ON = {
    "zone": ("zone",),
    "unit": ("unit",),
    "reduction_project": ("reduction_project",),
    "construction": ("construction",),
    "application": ("application",),
    "document": ("opening", "occupation", "deposit", "decision", "superior", "transfer", "recovery", "correction"),
}


def key_of(sheet: Sheet, row: Any) -> Key:
    """Return what makes a row the same row as another of its sheet."""
    key: Key = _key_getter(sheet)(row)
    return key


@cache
def _key_getter(sheet: Sheet) -> Callable[[Any], Key]:
    if "folder" in sheet.key:
        return lambda row: tuple(str(row.at.source.folder) if n == "folder" else getattr(row, n) for n in sheet.key)
    get = attrgetter(*sheet.key)
    return get if len(sheet.key) > 1 else lambda row: (get(row),)
