"""接管: water that went straight to the environment goes through a sewage plant.

Source  REDUCE-1(3)
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods.registry import Steps, method

TONNES_PER_G = Decimal("1e-6")


@method("sewer_takeover", label="接管", clause="REDUCE-1(3)")
def sewer_takeover(flow_m3: Decimal, direct_mg_per_l: Decimal, plant_outlet_mg_per_l: Decimal) -> Steps:
    """Return the fall in what reaches the environment, t/a: direct discharge less the sewage plant's outlet."""
    before = flow_m3 * direct_mg_per_l * TONNES_PER_G
    after = flow_m3 * plant_outlet_mg_per_l * TONNES_PER_G
    return {"before": before, "after": after, "reduction": before - after}
