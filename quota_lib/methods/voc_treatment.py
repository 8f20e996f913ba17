"""VOCs治理: better collection or treatment of the VOCs of the same activity.

Source  REDUCE-1(3)
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods import chain
from quota_lib.methods.registry import Steps, method


@method("voc_treatment", label="VOCs治理", clause="REDUCE-1(3)")
def voc_treatment(
    generated_t: Decimal | None,
    activity: Decimal | None,
    ef_kg_per_unit: Decimal | None,
    collection_before: Decimal,
    removal_before: Decimal,
    running_before: Decimal,
    collection_after: Decimal,
    removal_after: Decimal,
    running_after: Decimal,
) -> Steps:
    """Return what is removed after, less what was removed before, of the same generated amount, t/a."""
    generated = generated_t
    if activity is not None and ef_kg_per_unit is not None:
        generated = chain.generated(activity, ef_kg_per_unit)
    assert generated is not None  # one_of on the card
    before = chain.removed(generated, collection_before, removal_before, running_before)
    after = chain.removed(generated, collection_after, removal_after, running_after)
    return {
        "generated": generated,
        "removed_before": before,
        "emitted_before": generated - before,
        "removed_after": after,
        "emitted_after": generated - after,
        "reduction": after - before,
    }
