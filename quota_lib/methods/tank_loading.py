"""储罐装卸: vapours displaced when tanks and vehicles are loaded.

Source  REDUCE-1(3)
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods import chain
from quota_lib.methods.registry import Steps, method


@method("tank_loading", label="储罐装卸", clause="REDUCE-1(3)")
def tank_loading(
    volume_m3: Decimal,
    saturation: Decimal,
    vapour_kpa: Decimal,
    molar_g_per_mol: Decimal,
    temperature_k: Decimal,
    removal_before: Decimal,
    removal_after: Decimal,
    loading_constant: Decimal,
) -> Steps:
    """Return what loading no longer emits, t/a: the loss per m³ loaded, treated better than before."""
    loss = loading_constant * saturation * vapour_kpa * molar_g_per_mol / temperature_k
    generated = loss * volume_m3 / chain.KG_PER_TONNE
    before, after = generated * (chain.ONE - removal_before), generated * (chain.ONE - removal_after)
    return {
        "loss": loss,
        "generated": generated,
        "emitted_before": before,
        "emitted_after": after,
        "reduction": before - after,
    }
