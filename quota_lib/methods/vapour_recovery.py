"""油气回收: petrol vapours recovered at filling stations and depots.

Source  REDUCE-1(4)
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods import chain
from quota_lib.methods.registry import Steps, method


@method("vapour_recovery", label="油气回收", clause="REDUCE-1(4)")
def vapour_recovery(sales_t: Decimal, ef: Decimal, removal_before: Decimal, removal_after: Decimal) -> Steps:
    """Return the vapours no longer emitted for the same sales of petrol, t/a."""
    generated = chain.generated(sales_t, ef)
    before, after = generated * removal_before, generated * removal_after
    return {"generated": generated, "removed_before": before, "removed_after": after, "reduction": after - before}
