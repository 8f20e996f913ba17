"""能源替代: another fuel, a better burner, electricity or bought heat in place of a fuel.

Source  REDUCE-1(2)
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods import chain
from quota_lib.methods.registry import Steps, method


@method("energy_substitution", label="能源替代", clause="REDUCE-1(2)")
def energy_substitution(amount: Decimal, ef: Decimal, removal: Decimal, flue_gas: Decimal | None) -> Steps:
    """Return what one fuel emits, t/a; the old fuels count, the new ones against, electricity has no row."""
    generated = chain.generated(amount, ef)
    return {
        "flue": None if flue_gas is None else amount * flue_gas,
        "generated": generated,
        "removed": generated * removal,
        "emitted": generated - generated * removal,
    }
