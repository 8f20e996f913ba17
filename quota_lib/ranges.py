"""How far a computed reduction moves when its coefficients move inside their stated ranges.

Source  REDUCE-2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

from quota_lib.accounting import Accounted, Basis, counted
from quota_lib.amounts import Mass, plain
from quota_lib.coefficients import PERCENT, Coefficient, Coefficients
from quota_lib.methods import METHODS, Used, compute, method_named, together
from quota_lib.rules import Rules

MOST_TOGETHER = 8  # ranges that are moved together: every corner is computed, 2 to this power

End = tuple[Mapping[str, Any], tuple[tuple[int, str, str], ...]]
"""One end of a range: what changes in the tables, and which inputs (row, name, text)."""


class Swing(NamedTuple):
    """One range, and what the reduction comes to at its ends, mg/a after the cap."""

    label: str  # 治理后去除率（SCR）
    unit: str
    low: Decimal
    high: Decimal
    stands_at: Decimal | None
    source: str
    status: str
    at_low: Mass
    at_high: Mass


class Spread(NamedTuple):
    """Every swing of a computed reduction, and the least and most when all ranges move at once, mg/a.

    ``least`` and ``most`` None: more ranges than are moved together.
    """

    counted: Mass
    swings: tuple[Swing, ...]
    least: Mass | None
    most: Mass | None


class _Range(NamedTuple):
    label: str
    coefficient: Coefficient
    low: Decimal
    high: Decimal
    stands_at: Decimal | None
    ends: tuple[End, End]


def spread(made: Accounted, basis: Basis, rules: Rules) -> Spread | None:
    """Return how far a computed reduction moves; None of a faulty one.

    Units   mg/a, after the cap.
    Shape   a coefficient with a value and a range moves wherever it is used; a stated percentage, where the
            table gives a range only, moves inside that range.  A stated percentage in place of a value stands
            on its own evidence and does not move.
    """
    if made.counted is None:
        return None
    tables = basis.tables(method_named(made.reduction.method) or "")
    ranges = list(_ranges(made))

    def at(ends: tuple[End, ...]) -> Mass:
        return _recomputed(made, tables, rules, ends)

    swings = tuple(
        Swing(
            one.label,
            one.coefficient.unit,
            one.low,
            one.high,
            one.stands_at,
            one.coefficient.source,
            one.coefficient.status,
            at((one.ends[0],)),
            at((one.ends[1],)),
        )
        for one in ranges
    )
    if len(ranges) > MOST_TOGETHER:
        return Spread(made.counted, swings, None, None)
    corners = [at(corner) for corner in product(*(one.ends for one in ranges))]
    return Spread(made.counted, swings, min(corners), max(corners))


def _ranges(made: Accounted) -> Iterator[_Range]:
    """Return the ranges that a computation stands in: of coefficients with a value, then of stated percentages."""
    labels = {name: one.label for name, one in METHODS[made.computation.method].card.lookups.items()}
    used = made.computation.coefficients
    moving = dict.fromkeys(one.coefficient for one in used if not one.replaced and one.coefficient.value is not None)
    for one in moving:
        if one.low is not None and one.high is not None:
            name = next(u.name for u in used if u.coefficient == one)
            ends = ((_change(one, one.low), ()), (_change(one, one.high), ()))
            yield _Range(f"{labels[name]}（{one.word}）", one, one.low, one.high, one.value, ends)
    stated: dict[tuple[int, str], list[Used]] = {}
    for item in used:
        if item.replaced:
            stated.setdefault((item.row, item.name), []).append(item)
    for (row, name), found in stated.items():
        if any(one.coefficient.value is None for one in found):
            yield _of_a_stated_percentage(made, row, name, [one.coefficient for one in found], labels[name])


def _of_a_stated_percentage(made: Accounted, row: int, name: str, found: list[Coefficient], label: str) -> _Range:
    lookup = METHODS[made.computation.method].card.lookups[name]
    scale = Decimal(100) if lookup.unit == PERCENT else Decimal(1)
    tops = [one.high if one.high is not None else one.value or Decimal(0) for one in found]
    bottoms = [one.low if one.low is not None else one.value or Decimal(0) for one in found]
    low, high = (together(lookup, [one / scale for one in side]) * scale for side in (bottoms, tops))
    stands = next((g.value for g in made.computation.inputs if (g.row, g.name) == (row, lookup.stated)), None)
    words = "、".join(one.word for one in found)
    where = f"，第 {row + 1} 行" if len(made.rows) > 1 else ""
    ends: tuple[End, End] = (({}, ((row, lookup.stated, plain(low)),)), ({}, ((row, lookup.stated, plain(high)),)))
    return _Range(
        f"{label}（{words}{where}）", found[0], low, high, stands if isinstance(stands, Decimal) else None, ends
    )


def _change(one: Coefficient, value: Decimal) -> Mapping[str, Any]:
    """Return what a trial's tables differ in, with one coefficient at another value."""
    entry: dict[str, Any] = {
        "word": one.word,
        "factor": one.factor,
        "unit": one.unit,
        "value": plain(value),
        "per": one.per,
        "per_unit": one.per_unit,
        "variants": list(one.variants),
        "status": one.status,
    }
    return {one.table: {"coefficients": [entry]}}


def _recomputed(made: Accounted, tables: Coefficients, rules: Rules, ends: tuple[End, ...]) -> Mass:
    inputs = [dict(one) for one in made.inputs]
    for change, cells in ends:
        tables = tables.changed(change)
        for row, name, value in cells:
            inputs[row][name] = value
    day, factor = made.computation.day, made.reduction.factor
    result = compute(made.computation.method, inputs, factor, day, tables, made.type).result
    moved = counted(rules, made.reduction, result, day)
    if moved is None:
        raise ArithmeticError(f"{made.reduction.project}/{factor}: the ends of a stated range cannot be computed")
    return moved
