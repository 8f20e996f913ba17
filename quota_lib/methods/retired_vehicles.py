"""机动车淘汰: old vehicles taken off the road, with or without a cleaner replacement.

Source  REDUCE-1(4)
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods.registry import Steps, method

TONNES_PER_G = Decimal("1e-6")


@method("retired_vehicles", label="机动车淘汰", clause="REDUCE-1(4)")
def retired_vehicles(
    vehicles: Decimal, km_per_year: Decimal, ef_g_per_km: Decimal, replacement_ef_g_per_km: Decimal
) -> Steps:
    """Return what the retired vehicles no longer emit over the same distance, t/a."""
    distance = vehicles * km_per_year
    before, after = distance * ef_g_per_km * TONNES_PER_G, distance * replacement_ef_g_per_km * TONNES_PER_G
    return {"distance": distance, "emitted_before": before, "emitted_after": after, "reduction": before - after}
