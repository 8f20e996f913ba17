"""废气治理: better treatment of a stack, by coefficient or by measured concentration.

Source  REDUCE-1(3)
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods import chain
from quota_lib.methods.registry import Steps, method

TONNES_PER_MG = Decimal("1e-9")


@method("stack_treatment", label="废气治理", clause="REDUCE-1(3)")
def stack_treatment(
    activity: Decimal | None,
    ef_kg_per_unit: Decimal | None,
    removal_before: Decimal | None,
    removal_after: Decimal | None,
    flow_nm3_per_h: Decimal | None,
    hours: Decimal | None,
    before_mg_per_m3: Decimal | None,
    after_mg_per_m3: Decimal | None,
) -> Steps:
    """Return what the stack no longer emits, t/a: the same activity, or the same dry flow and hours."""
    if activity is not None and ef_kg_per_unit is not None and removal_before is not None and removal_after is not None:
        generated = chain.generated(activity, ef_kg_per_unit)
        before, after = generated * (chain.ONE - removal_before), generated * (chain.ONE - removal_after)
        return {"generated": generated, "emitted_before": before, "emitted_after": after, "reduction": before - after}
    assert flow_nm3_per_h is not None and hours is not None  # one_of on the card
    assert before_mg_per_m3 is not None and after_mg_per_m3 is not None
    year = flow_nm3_per_h * hours
    before, after = year * before_mg_per_m3 * TONNES_PER_MG, year * after_mg_per_m3 * TONNES_PER_MG
    return {"flow_year": year, "emitted_before": before, "emitted_after": after, "reduction": before - after}
