"""文件核定: the amount that a document gives, where the guide does not reach.

Source  REDUCE-2
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods.registry import method


@method("documented", label="文件核定", clause="REDUCE-2")
def documented(amount_t: Decimal) -> Decimal:
    """Return the amount in the named document, t/a."""
    return amount_t
