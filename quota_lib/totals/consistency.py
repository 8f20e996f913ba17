"""What was published against what was verified: environmental statistics, disclosure, execution reports.

Source  TOTAL-3 核定的排放总量应与环境统计、环境信息披露等结果一致; contract §5, consistency
"""

from __future__ import annotations

from typing import NamedTuple

from quota_lib.amounts import Mass
from quota_lib.facts import Disclosure
from quota_lib.totals.totals import agree
from quota_lib.totals.year import WHOLE_PLANT, Year

CONSISTENT, DIFFERENT = "一致", "不一致"
UNVERIFIED, OTHER_SCOPE = "尚未复核", "范围不同，不比较"


class Compared(NamedTuple):
    """A row of consistency.csv.  ``verified`` None: nothing of this 口径 and 范围 is verified."""

    unit: str
    factor: str
    basis: str
    scope: str
    source: str
    published: Mass
    verified: Mass | None
    difference: int | None
    verdict: str
    row: Disclosure


def consistency(year: Year) -> tuple[Compared, ...]:
    """Return every published figure beside the verified one, never across 口径 or 范围."""
    rows = sorted(
        year.disclosures.values(),
        key=lambda r: (r.unit, year.order(r.factor), r.measure, r.scope, r.source),
    )
    return tuple(_compared(year, row) for row in rows)


def _compared(year: Year, row: Disclosure) -> Compared:
    found = year.verifications.get((row.unit, row.factor, row.measure)) if row.scope == WHOLE_PLANT else None
    verified = found.actual if found else None
    tolerance = year.rules.ratio("annual.consistency_tolerance", year.end)
    same = agree(row.amount, verified, tolerance)
    verdict = OTHER_SCOPE if row.scope != WHOLE_PLANT else UNVERIFIED
    if same is not None:
        verdict = CONSISTENT if same else DIFFERENT
    difference = None if verified is None else row.amount - verified
    return Compared(
        row.unit, row.factor, row.measure, row.scope, row.source, row.amount, verified, difference, verdict, row
    )
