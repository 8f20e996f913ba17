"""A computation keeps everything that a reviewer needs to do it again by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quota_lib.methods import CardError, Given

from .tables import TABLES, exact, of

VOC = {
    "generated_t": "2",
    "way_after": "外部集气罩、密闭空间负压",
    "technology_after": "光解、一次性活性炭吸附",
    "running_percent_after": "50",
}


def test_the_best_of_several_ways_counts_and_controls_stand_in_series():
    made = of("voc_treatment", VOC)
    assert made.exact == Decimal("2") * Decimal("0.9") * Decimal("0.37") * Decimal("0.5")
    steps = {step.name: step for step in made.steps}
    assert steps["collection_after"].numbers == "ηc1 = max(30 %, 90 %) = 90 %"
    assert steps["removal_after"].numbers == "ηr1 = 1 − (1 − 10 %)·(1 − 30 %) = 37 %"
    assert steps["removed_after"].numbers == "D1 = 2·90 %·37 %·50 % = 0.333"
    assert steps["removed_after"].latex_numbers == (r"D_1 = 2 \cdot 90\,\% \cdot 37\,\% \cdot 50\,\% = 0.333")


def test_words_are_read_in_any_width_and_by_their_other_names():
    row = {**VOC, "way_after": "密闭管道", "technology_after": "rto"}
    assert exact("voc_treatment", row) == Decimal("0.855")
    assert exact("voc_treatment", {**row, "technology_after": "活性炭吸附(集中再生)，ＲＴＯ"}) == Decimal("0.9025")


def test_every_coefficient_bears_edition_unit_source_and_status():
    made = of("voc_treatment", VOC)
    assert made.edition == "national-2022"
    assert {(one.name, one.coefficient.word) for one in made.coefficients} == {
        ("collection_after", "外部集气罩"),
        ("collection_after", "密闭空间负压"),
        ("removal_after", "光解"),
        ("removal_after", "一次性活性炭吸附"),
    }
    for one in made.coefficients:
        assert one.coefficient.unit == "%"
        assert one.coefficient.source
        assert one.coefficient.status in ("quoted", "unverified")


def test_every_input_is_kept_with_its_row_also_what_counts_when_left_out():
    made = of("voc_treatment", VOC)
    assert Given(0, "running_percent_before", "治理前设施运行时间比例(%)", Decimal(100), "%", True) in made.inputs
    assert Given(0, "generated_t", "VOCs产生量(t/a)", Decimal(2), "t/a", False) in made.inputs


def test_rows_add_up_and_the_sum_is_a_step():
    made = of("closure", {"baseline_t": "1.2"}, {"baseline_t": "2", "share": "0.5"})
    assert made.exact == Decimal("2.2")
    assert made.steps[-1].row is None
    assert made.steps[-1].numbers == "R = 1.2 + 1 = 2.2"


def test_roles_show_what_is_taken_from_what():
    rows = [
        {"role": role, "mass_t": mass, "voc_percent": "50"} for role, mass in (("新", "1"), ("旧", "4"), ("旧", "2"))
    ]
    made = of("raw_material_substitution", *rows)
    assert made.steps[-1].formula == "R = Σ旧 E − Σ新 E"
    assert made.steps[-1].numbers == "R = − 0.5 + 2 + 1 = 2.5"
    assert made.total("generated") == Decimal("3.5")


@pytest.mark.parametrize(("mass", "result"), [("2", 0), ("3", -500_000_000), ("1", 500_000_000)])
def test_a_negative_or_zero_reduction_reserves_nothing_and_says_so(mass, result):
    rows = [{"role": role, "mass_t": mass_, "voc_percent": "50"} for role, mass_ in (("旧", "2"), ("新", mass))]
    made = of("raw_material_substitution", *rows)
    assert made.result == result
    assert made.reservable == max(result, 0)
    assert ("结果为负值或零，无可储备" in made.notes) == (result <= 0)


def test_electricity_in_place_of_a_fuel_has_no_new_row():
    made = of("energy_substitution", {"role": "旧", "fuel": "生物质（锅炉）", "amount": "100"}, factor="NOX")
    assert made.exact == Decimal("0.102")


def test_a_stated_coefficient_replaces_the_table_also_where_it_has_none():
    row = {"role": "旧", "fuel": "天然气（锅炉）", "amount": "10", "coefficient": "1.1"}
    made = of("energy_substitution", row, factor="PM")
    assert made.exact == Decimal("0.011")
    assert made.stated == ("coefficient",)


def test_a_mass_fraction_from_g_per_litre_is_not_that_of_water():
    row = {"role": "旧", "mass_t": "9", "voc_g_per_l": "300", "density_kg_per_l": "0.9"}
    made = of("raw_material_substitution", row)
    assert made.result == 3_000_000_000
    assert next(step for step in made.steps if step.name == "voc_share").numbers == (
        "w = 300/(1000·0.9) ≈ 33.3333333333333 %"
    )


def test_what_does_not_end_is_rounded_once_at_the_end():
    row = {"role": "旧", "mass_t": "0.000000001", "voc_g_per_l": "100", "density_kg_per_l": "0.3"}
    made = of("raw_material_substitution", *([row] * 6))
    assert made.result == 2  # six times a third of a milligram, not six times nothing


def test_nothing_is_collected_of_vocs_where_nothing_is_said_and_all_of_the_rest():
    row = {"activity": "1000", "ef_kg_per_unit": "1"}
    assert of("coefficient", row).total("fugitive") == 1
    assert of("coefficient", row, factor="NOX").total("organised") == 1


def test_the_mean_of_petrol_counts_where_no_coefficient_is_stated():
    row = {"sales_t": "1000", "removal_percent_before": "0", "removal_percent_after": "100"}
    made = of("vapour_recovery", row)
    assert made.exact == Decimal("2.41")
    assert made.coefficients[0].coefficient.low == Decimal("1.47")
    assert exact("vapour_recovery", {**row, "ef_kg_per_t": "3"}) == 3


def test_an_unknown_method_is_a_mistake_of_the_program():
    with pytest.raises(CardError, match="no method 'magic'"):
        of("magic", {})


def test_a_result_is_the_same_twice():
    assert of("voc_treatment", VOC, tables=TABLES) == of("voc_treatment", VOC, tables=TABLES)
