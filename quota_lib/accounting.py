"""What a project's inputs come to: computed by the method that its 减排量 names, each fault at its cell.

Source  REDUCE-2, REDUCE-3
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from quota_lib.amounts import Mass, plain
from quota_lib.book import Book
from quota_lib.coefficients import PERCENT, Coefficients
from quota_lib.facts import Reduction
from quota_lib.method_sheets import method_of
from quota_lib.methods import METHODS, Computation, Fault, capped, compute, method_named, permit_cap
from quota_lib.problems import Problem, at
from quota_lib.rules import Rules

Key = tuple[str, str]  # project, factor


class Basis(NamedTuple):
    """What reductions are computed with: the coefficient tables and, in a trial, what takes their place.

    ``changed``: tables for the methods named in ``only`` (none named: for all).
    ``instead``: by the declared method's name, the one that is computed in its place.
    ``given``: by project and factor, a method and its input rows in place of those handed in.
    """

    coefficients: Coefficients
    changed: Coefficients | None = None
    only: frozenset[str] = frozenset()
    instead: Mapping[str, str] = {}
    given: Mapping[Key, tuple[str, tuple[Mapping[str, Any], ...]]] = {}

    def tables(self, declared: str) -> Coefficients:
        """Return the coefficient tables that a declared method is computed with."""
        touched = not self.only or declared in self.only
        return self.changed if self.changed is not None and touched else self.coefficients

    def method(self, declared: str) -> str:
        """Return the method that a declared one is computed with."""
        return self.instead.get(declared, declared)


class Accounted(NamedTuple):
    """A computation with the rows it stands on.  ``counted``: after the cap; None where it is faulty."""

    reduction: Reduction
    type: str  # of the project
    rows: tuple[Any, ...]
    inputs: tuple[Mapping[str, Any], ...]  # of each row, by name
    computation: Computation
    counted: Mass | None


def account(
    book: Book, rules: Rules, basis: Basis, rows: Mapping[str, Iterable[Any]]
) -> tuple[dict[Key, Accounted], list[Problem]]:
    """Compute every reduction that the rows of a quarter declare or give inputs for.

    The edition is the one in force on the project's first 申报日期: what was computed stays.
    """
    keys = {(row.project, row.factor) for row in rows.get("reduction", ())}
    given: dict[Key, list[tuple[str, Any]]] = {}
    for name, found in rows.items():
        method = method_of(name)
        for row in found if method else ():
            given.setdefault((row.project, row.factor), []).append((str(method), row))
    keys |= given.keys()
    made: dict[Key, Accounted] = {}
    problems: list[Problem] = []
    for key in sorted(keys):
        reduction: Reduction | None = book.holding("reduction", key)
        asked = _asked(book, basis, reduction) if reduction else None
        problems += _beside(book, key, reduction, given.get(key, ()))
        if reduction and asked:
            made[key] = _accounted(book, rules, basis, reduction, asked)
            problems += _complaints(made[key])
    return made, problems


class _Asked(NamedTuple):
    """What is to be computed for a reduction."""

    method: str
    declared: str
    rows: tuple[Any, ...]
    inputs: tuple[Mapping[str, Any], ...]


def _asked(book: Book, basis: Basis, reduction: Reduction) -> _Asked | None:
    """Return the method, its rows and their inputs; None where there are none."""
    key = (reduction.project, reduction.factor)
    if key in basis.given:
        name, inputs = basis.given[key]
        every = METHODS[name].card.inputs
        return _Asked(name, name, (), tuple({one: row.get(one) for one in every} for row in inputs))
    declared = method_named(reduction.method)
    rows = tuple(row for name, row in book.inputs.get(key, ()) if name == declared)
    if not declared or not rows:
        return None
    method = basis.method(declared)
    inputs = tuple({name: getattr(row, name, None) for name in METHODS[method].card.inputs} for row in rows)
    return _Asked(method, declared, rows, inputs)


def _accounted(book: Book, rules: Rules, basis: Basis, reduction: Reduction, asked: _Asked) -> Accounted:
    project = book.reduction_project(reduction.project)
    first = min(one.day for one in book.history("reduction_project", (reduction.project,)))
    kind = project.type if project else ""
    tables = basis.tables(asked.declared)
    computation = compute(asked.method, asked.inputs, reduction.factor, first, tables, kind)
    limited = counted(rules, reduction, computation.result, first)
    return Accounted(reduction, kind, asked.rows, asked.inputs, computation, limited)


def counted(rules: Rules, reduction: Reduction, result: Mass | None, day: date) -> Mass | None:
    """Return how much of a computed reduction may count, under the reading of the day; None of a faulty one.

    Source  RESERVE-1
    """
    reading = rules.text("readings.reduction_cap", day)
    before, after, actual = reduction.permitted_before, reduction.permitted_after, reduction.actual_before
    return None if result is None else capped(result, before, after, actual, reading)


def _beside(book: Book, key: Key, reduction: Reduction | None, given: Iterable[tuple[str, Any]]) -> Iterable[Problem]:
    """Tell of input rows that belong to no declared reduction, or to another method than the declared one."""
    if reduction is None and ("reduction_row", "/".join(key)) in book.absent:
        return  # the declaration is in error, which is told
    declared = method_named(reduction.method) if reduction else None
    why = f"减排量表申报的核算方法是“{reduction.method}”" if reduction else "减排量表没有申报该项目的这一污染因子"
    for method, row in given:
        if method != declared:
            yield at(row.at, "project", "Q144", why=why)


class Limit(NamedTuple):
    """What a computed reduction may not exceed, mg/a, and the fields of its 减排量 row that say so."""

    label: str
    amount: Mass
    fields: tuple[str, ...]


def limits(rules: Rules, one: Accounted) -> list[Limit]:
    """Return what limits a reduction under the reading of its day; nothing where nothing is declared.

    Source  RESERVE-1
    """
    row, found = one.reduction, []
    reading = rules.text("readings.reduction_cap", one.computation.day)
    permitted, by_fall = permit_cap(row.permitted_before, row.permitted_after, reading)
    if permitted is not None and by_fall:
        found.append(Limit("许可排放量的减少量（减排前－减排后）", permitted, ("permitted_before", "permitted_after")))
    elif permitted is not None:
        found.append(Limit("减排前许可排放量", permitted, ("permitted_before",)))
    if row.actual_before is not None:
        found.append(Limit("减排前实际排放量", row.actual_before, ("actual_before",)))
    return found


def _complaints(one: Accounted) -> Iterable[Problem]:
    for fault in one.computation.faults:
        yield _at_its_cell(one, fault)
    for given in one.computation.inputs if one.rows else ():
        if given.unit == PERCENT and not given.left_out and isinstance(given.value, Decimal) and 0 < given.value < 1:
            share, percent = plain(given.value), plain(given.value * 100)
            yield at(one.rows[given.row].at, given.name, "Q142", heading=given.heading, value=share, percent=percent)
    if one.computation.stated and not one.reduction.basis:
        headings = {name: i.heading for name, i in METHODS[one.computation.method].card.inputs.items()}
        stated = "、".join(headings.get(name, name) for name in one.computation.stated)
        yield at(one.reduction.at, "basis", "Q239", stated=stated)


def _at_its_cell(one: Accounted, fault: Fault) -> Problem:
    words: dict[str, Any] = dict(fault.words)
    if fault.row is None or not one.rows:
        return at(one.reduction.at, "method", fault.code, **words)
    return at(one.rows[fault.row].at, fault.name or "project", fault.code, **words)
