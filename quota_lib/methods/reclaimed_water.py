"""中水回用: treated water that is used again and so never leaves.

Source  REDUCE-1(3)
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods.registry import method

TONNES_PER_G = Decimal("1e-6")


@method("reclaimed_water", label="中水回用", clause="REDUCE-1(3)")
def reclaimed_water(reused_m3: Decimal, outlet_mg_per_l: Decimal) -> Decimal:
    """Return the load of the water that no longer discharges, t/a."""
    return reused_m3 * outlet_mg_per_l * TONNES_PER_G
