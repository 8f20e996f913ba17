"""物料衡算: what came in and is found nowhere else has been emitted.

Source  TOTAL-2
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods.registry import method


@method("material_balance", label="物料衡算", clause="TOTAL-2")
def material_balance(in_t: Decimal, out_t: Decimal, recovered_t: Decimal, removed_t: Decimal) -> Decimal:
    """Return what is left of the inputs after products, recovery and removal, t/a."""
    return in_t - out_t - recovered_t - removed_t
