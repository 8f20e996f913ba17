"""餐饮: better cleaning of a kitchen's exhaust.

Source  REDUCE-1(4)
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods.registry import Steps, method

TONNES_PER_MG = Decimal("1e-9")


@method("catering", label="餐饮", clause="REDUCE-1(4)")
def catering(
    concentration_mg_per_m3: Decimal,
    flow_m3_per_h: Decimal,
    hours: Decimal,
    removal_before: Decimal,
    removal_after: Decimal,
) -> Steps:
    """Return what the kitchen's exhaust no longer carries, t/a."""
    generated = concentration_mg_per_m3 * flow_m3_per_h * hours * TONNES_PER_MG
    before, after = generated * removal_before, generated * removal_after
    return {"generated": generated, "removed_before": before, "removed_after": after, "reduction": after - before}
