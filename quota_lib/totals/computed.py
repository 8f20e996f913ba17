"""What the rows of 核算-… come to for a year: under the edition in force on 31 December, each fault at its cell.

Source  TOTAL-2 物料衡算、产排污系数; REDUCE-2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from quota_lib.amounts import Mass, text
from quota_lib.methods import METHODS, Computation, compute, rounded
from quota_lib.problems import Problem, at
from quota_lib.totals.year import OutletFactor, Year

CONTROLS = ("technology", "removal_percent")  # inputs of a coefficient's treatment
FUGITIVE = "fugitive"


class Computed(NamedTuple):
    """A method's result, t/a in mg.  ``emitted`` None: faulty, or below zero.  ``fugitive`` None: the method does not tell.

    ``uncontrolled``: of coefficients, all that is generated, as if nothing were treated.
    """

    computation: Computation
    rows: tuple[Any, ...]
    emitted: Mass | None
    fugitive: Mass | None
    uncontrolled: Mass | None

    @property
    def organised(self) -> Mass | None:
        """Return what leaves through the outlet; where the method does not tell, all of it."""
        return None if self.emitted is None else Mass(self.emitted - (self.fugitive or 0))

    @property
    def organised_uncontrolled(self) -> Mass | None:
        return None if self.uncontrolled is None else Mass(self.uncontrolled - (self.fugitive or 0))


Results = Mapping[OutletFactor, Mapping[str, Computed]]


def computed(year: Year) -> tuple[Results, list[Problem]]:
    """Return what every outlet's inputs (and those of no outlet) come to, by method, and every complaint."""
    made: dict[OutletFactor, dict[str, Computed]] = {}
    problems: list[Problem] = []
    for key, methods in sorted(year.inputs.items()):
        for method, rows in sorted(methods.items()):
            one = _computed(year, key[2], method, rows)
            made.setdefault(key, {})[method] = one
            problems += _complaints(one)
    return made, problems


def _computed(year: Year, factor: str, method: str, rows: tuple[Any, ...]) -> Computed:
    names = METHODS[method].card.inputs
    inputs = [{name: getattr(row, name, None) for name in names} for row in rows]
    tables = year.park.basis.coefficients
    computation = compute(method, inputs, factor, year.end, tables)
    tells = FUGITIVE in METHODS[method].card.steps and not computation.faults
    bare = None
    if tells:
        untreated = [{**one, **{name: None for name in CONTROLS if name in one}} for one in inputs]
        bare = compute(method, untreated, factor, year.end, tables).result
    emitted = computation.result
    return Computed(
        computation=computation,
        rows=rows,
        emitted=emitted if emitted is not None and emitted >= 0 else None,
        fugitive=rounded(computation.total(FUGITIVE)) if tells else None,
        uncontrolled=bare,
    )


def _complaints(one: Computed) -> Iterator[Problem]:
    result = one.computation.result
    for fault in one.computation.faults:
        row = one.rows[fault.row or 0]
        yield at(row.at, fault.name or "factor", fault.code, **dict(fault.words))
    if result is not None and result < 0:
        yield at(one.rows[0].at, "factor", "Q644", label=one.computation.label, amount=text(result))
