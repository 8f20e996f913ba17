"""关停: a plant or line that is shut, by what it discharged in its last full year.

Source  REDUCE-1(1)
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods.registry import method


@method("closure", label="关停", clause="REDUCE-1(1)")
def closure(baseline_t: Decimal, share: Decimal) -> Decimal:
    """Return the share of the last full year's discharge that no longer takes place, t/a."""
    return baseline_t * share
