"""废水治理: cleaner water at the outlet.

Source  REDUCE-1(3)
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods.registry import method

TONNES_PER_G = Decimal("1e-6")


@method("wastewater_treatment", label="废水治理", clause="REDUCE-1(3)")
def wastewater_treatment(flow_m3: Decimal, before_mg_per_l: Decimal, after_mg_per_l: Decimal) -> Decimal:
    """Return the load no longer discharged, t/a: flow times the fall in concentration."""
    return flow_m3 * (before_mg_per_l - after_mg_per_l) * TONNES_PER_G
