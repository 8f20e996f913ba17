"""产排污系数: the chain by itself, what a source emits in a year.

Source  TOTAL-2, REDUCE-2
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods import chain
from quota_lib.methods.registry import Steps, method


@method("coefficient", label="产排污系数", clause="TOTAL-2")
def coefficient(
    activity: Decimal, ef_kg_per_unit: Decimal, collection: Decimal, removal: Decimal, running: Decimal
) -> Steps:
    """Return what is generated, leaves through the stack, escapes uncollected, and both together, t/a."""
    amount = chain.generated(activity, ef_kg_per_unit)
    return {
        "generated": amount,
        "organised": chain.organised(amount, collection, removal, running),
        "fugitive": chain.fugitive(amount, collection),
        "removed": chain.removed(amount, collection, removal, running),
        "emitted": chain.emitted(amount, collection, removal, running),
    }
