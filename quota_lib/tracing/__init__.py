"""Where every figure came from: its formula with numbers, its clause and parameters, its parts, at the end its cells.

A figure is named by an id, kind and keys joined by colons: ``balance:HX:COD:closing``.  ``Trace(park).fact(id)``
returns it with the ids of its parts; a part is a figure in turn, down to a cell of a workbook.  ``YearTrace(closed)``
knows the figures of a year beside those of its ledger; what only a year has is registered in ``YEAR_KINDS``.

Source  二、基本原则 指标来源有出处; SAFE-4
"""

from __future__ import annotations

from quota_lib.tracing import (  # noqa: F401
    allowed,
    counts,
    forms,
    hourly,
    ledger,
    outlets,
    permits,
    plants,
    projects,
    sayings,
    scores,
    working,
    yearly,
)
from quota_lib.tracing.fact import Cell, Fact, Figure, Rule, fact_id, figure, keys_of, signed
from quota_lib.tracing.trace import KINDS, Trace, UnknownFact, kind, tree
from quota_lib.tracing.year import YEAR_KINDS, YearTrace, year_kind

__all__ = [
    "KINDS",
    "YEAR_KINDS",
    "Cell",
    "Fact",
    "Figure",
    "Rule",
    "Trace",
    "UnknownFact",
    "YearTrace",
    "fact_id",
    "figure",
    "keys_of",
    "kind",
    "signed",
    "tree",
    "year_kind",
]
