"""原料替代: inks, paints, cleaners and glues with less VOCs in place of others.

Source  REDUCE-1(2)
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.methods import chain
from quota_lib.methods.registry import Steps, method

G_PER_KG = Decimal(1000)


@method("raw_material_substitution", label="原料替代", clause="REDUCE-1(2)")
def raw_material_substitution(
    mass_t: Decimal,
    voc: Decimal | None,
    voc_g_per_l: Decimal | None,
    density_kg_per_l: Decimal | None,
    collection: Decimal,
    removal: Decimal,
) -> Steps:
    """Return what the VOCs of one material come to in the air, t/a; the old materials count, the new ones against."""
    share = voc
    if voc_g_per_l is not None and density_kg_per_l is not None:
        share = voc_g_per_l / (G_PER_KG * density_kg_per_l)
    assert share is not None  # one_of on the card
    contained = mass_t * share
    return {
        "voc_share": share,
        "generated": contained,
        "removed": chain.removed(contained, collection, removal, chain.ONE),
        "emitted": chain.emitted(contained, collection, removal, chain.ONE),
    }
