"""What must hold for any inputs: nothing is lost, nothing is minted, nothing is rounded on the way."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from quota_lib.methods import chain, rounded
from quota_lib.methods.formula import PRECISION

from .tables import exact, of

amounts = st.decimals("0", "1000000", places=6).map(abs)
percents = st.decimals("0", "100", places=6).map(abs)
shares = percents.map(lambda one: one / 100)


@given(amounts, shares, shares, shares)
def test_removed_and_emitted_are_what_was_generated(amount, collection, removal, running):
    made = chain.removed(amount, collection, removal, running), chain.emitted(amount, collection, removal, running)
    assert Fraction(made[0]) + Fraction(made[1]) == Fraction(amount) or abs(sum(made) - amount) < Decimal("1e-15")


@given(amounts, amounts, percents, percents, percents)
def test_the_method_loses_nothing_at_all(activity, ef, collection, removal, running):
    made = of(
        "coefficient",
        {
            "activity": activity,
            "ef_kg_per_unit": ef,
            "collection_percent": collection,
            "removal_percent": removal,
            "running_percent": running,
        },
    )
    total = {name: Fraction(made.total(name)) for name in ("generated", "organised", "fugitive", "removed", "emitted")}
    assert total["generated"] == Fraction(activity) * Fraction(ef) / 1000
    assert total["removed"] + total["emitted"] == total["generated"]
    assert total["organised"] + total["fugitive"] == total["emitted"]
    assert total["removed"] == total["generated"] * Fraction(collection) * Fraction(removal) * Fraction(running) / 10**6


@given(amounts, percents, percents, percents)
def test_the_same_before_and_after_is_no_reduction(amount, collection, removal, running):
    row = {"generated_t": amount}
    for side in ("before", "after"):
        row |= {
            f"collection_percent_{side}": collection,
            f"removal_percent_{side}": removal,
            f"running_percent_{side}": running,
        }
    made = of("voc_treatment", row)
    assert made.exact == 0
    assert made.result == 0
    assert made.notes == ("结果为负值或零，无可储备",)


@given(st.lists(percents, min_size=1, max_size=4))
def test_controls_in_series_remove_at_least_what_each_does_and_never_more_than_all(rates):
    parts = [rate / 100 for rate in rates]
    with localcontext() as context:
        context.prec = PRECISION
        together = chain.in_series(parts)
    assert max(parts) <= together <= 1
    assert together < 1 or 1 in parts


@given(st.lists(amounts, min_size=1, max_size=5), percents, percents)
def test_splitting_an_activity_into_rows_changes_nothing(parts, collection, removal):
    def row(activity):
        return {
            "activity": activity,
            "ef_kg_per_unit": Decimal("2.7"),
            "collection_percent_after": collection,
            "removal_percent_after": removal,
        }

    whole = exact("voc_treatment", row(sum(parts, Decimal(0))))
    split = of("voc_treatment", *(row(part) for part in parts))
    assert split.exact == whole
    assert split.result == rounded(whole)


@given(amounts, amounts, percents)
def test_old_and_new_rows_are_a_difference(old, new, percent):
    rows = [{"role": role, "mass_t": mass, "voc_percent": percent} for role, mass in (("旧", old), ("新", new))]
    assert (
        Fraction(exact("raw_material_substitution", *rows)) == (Fraction(old) - Fraction(new)) * Fraction(percent) / 100
    )


@given(st.integers(0, 10**12), st.sampled_from([4, 5, 6]))
def test_one_rounding_to_the_milligram_half_to_even(milligrams, tenth):
    exact_t = (Decimal(milligrams) + Decimal(tenth) / 10).scaleb(-9)
    up = tenth == 6 or (tenth == 5 and milligrams % 2 == 1)
    assert rounded(exact_t) == milligrams + up
    assert rounded(-exact_t) == -(milligrams + up)
