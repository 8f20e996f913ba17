"""Where every figure came from: its formula with numbers, its clause and parameters, its parts, at the end its cells.

A figure is named by an id, kind and keys joined by colons: ``balance:HX:COD:closing``.  ``Trace(park).fact(id)``
returns it with the ids of its parts; a part is a figure in turn, down to a cell of a workbook.

Source  二、基本原则 指标来源有出处; SAFE-4
"""

from __future__ import annotations

from quota_lib.tracing import ledger, projects  # noqa: F401  (they register their kinds)
from quota_lib.tracing.fact import Cell, Fact, Figure, Rule, fact_id, figure, keys_of
from quota_lib.tracing.trace import KINDS, Trace, UnknownFact, kind, tree

__all__ = [
    "KINDS",
    "Cell",
    "Fact",
    "Figure",
    "Rule",
    "Trace",
    "UnknownFact",
    "fact_id",
    "figure",
    "keys_of",
    "kind",
    "tree",
]
