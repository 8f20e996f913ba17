"""接管量 and 外排环境量: two quantities, never added; what goes to a sewage plant leaves it at most at its outlet's level.

    外排环境量 = Q · min(C_sewer, C_plant_out), split where the plant's concentration changes

Source  RESERVE-2b 污水处理厂; TOTAL-2
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from quota_lib.facts import SewagePlant
from quota_lib.totals.parts import MG_PER_GRAM, Part, segments


def to_environment(parts: Iterable[Part], plant: Sequence[SewagePlant]) -> Fraction | str:
    """Return what parts of a sewer load come to behind the sewage plant, mg; or why that cannot be said.

    Shape   ``plant``: its concentrations of the factor, by 生效日期.
    """
    whole = Fraction(0)
    for part in parts:
        for first, last in segments(part.first, part.last, (row.since for row in plant)):
            held = level(plant, first)
            piece = part.within(first, last)
            if piece.load and (held is None or piece.volume is None):
                return "没有水量" if piece.volume is None else f"自 {first} 起污水处理厂没有该因子的出水浓度"
            limit = Fraction(held.concentration if held else 0) * (piece.volume or Fraction(0)) * MG_PER_GRAM
            whole += min(piece.load, limit)
    return whole


def level(plant: Sequence[SewagePlant], day: date) -> SewagePlant | None:
    """Return the concentration that holds on a day."""
    holding = [row for row in plant if row.since <= day]
    return holding[-1] if holding else None
