"""Each mistake is one fault at its input, and all of them are told at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from quota_lib.methods import METHODS
from quota_lib.problems import catalogue

from .tables import DAY, TABLES, exact, faults, of

VOC = {"generated_t": "2", "way_after": "密闭管道", "technology_after": "蓄热燃烧"}
OLD = {"role": "旧", "mass_t": "10"}
GAS = {"role": "旧", "fuel": "天然气（锅炉）", "amount": "10"}


def without(row, name, **more):
    return {**{key: value for key, value in row.items() if key != name}, **more}


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        ("voc_treatment", without(VOC, "generated_t"), [("generated_t", "Q231")]),
        ("voc_treatment", without(VOC, "generated_t", activity="3"), [("ef_kg_per_unit", "Q305")]),
        ("voc_treatment", without(VOC, "generated_t", ef_kg_per_unit="3"), [("activity", "Q231")]),
        ("voc_treatment", {**VOC, "activity": "3", "ef_kg_per_unit": "1"}, [("activity", "Q306")]),
        ("voc_treatment", without(VOC, "technology_after"), [("technology_after", "Q231")]),
        ("voc_treatment", without(VOC, "way_after"), [("way_after", "Q305")]),
        ("voc_treatment", {**VOC, "technology_before": "光解"}, [("way_before", "Q305")]),
        ("voc_treatment", {**VOC, "way_after": "大罩子"}, [("way_after", "Q212")]),
        ("voc_treatment", {**VOC, "technology_after": "蓄热燃烧、魔法"}, [("technology_after", "Q212")]),
        ("voc_treatment", {**VOC, "technology_after": "SCR"}, [("technology_after", "Q232")]),
        ("voc_treatment", {**VOC, "technology_after": "催化燃烧"}, [("removal_percent_after", "Q234")]),
        ("voc_treatment", {**VOC, "running_percent_after": "101"}, [("running_percent_after", "Q216")]),
        ("voc_treatment", {**VOC, "collection_percent_after": "-1"}, [("collection_percent_after", "Q216")]),
        ("voc_treatment", {**VOC, "generated_t": "约2"}, [("generated_t", "Q219")]),
        ("voc_treatment", {**VOC, "generated_t": "-2"}, [("generated_t", "Q206")]),
        ("raw_material_substitution", OLD, [("voc_percent", "Q231")]),
        ("raw_material_substitution", {**OLD, "voc_g_per_l": "300"}, [("density_kg_per_l", "Q305")]),
        (
            "raw_material_substitution",
            {**OLD, "voc_g_per_l": "300", "density_kg_per_l": "0"},
            [("density_kg_per_l", "Q237")],
        ),
        (
            "raw_material_substitution",
            {**OLD, "voc_g_per_l": "1300", "density_kg_per_l": "1.2"},
            [("voc_g_per_l", "Q237")],
        ),
        (
            "raw_material_substitution",
            {**OLD, "voc_percent": "3", "voc_g_per_l": "300", "density_kg_per_l": "1"},
            [("voc_g_per_l", "Q306")],
        ),
        ("raw_material_substitution", {"mass_t": "1", "voc_percent": "3"}, [("role", "Q201")]),
        ("raw_material_substitution", {**OLD, "role": "中", "voc_percent": "3"}, [("role", "Q212")]),
        ("tank_loading", {"saturation": "0.7"}, [("saturation", "Q212")]),
        ("closure", {"baseline_t": "1", "share": "1.01"}, [("share", "Q237")]),
        ("coefficient", {"activity": "1", "ef_kg_per_unit": "1", "technology": "光解"}, [("way", "Q305")]),
    ],
)
def test_a_mistake_is_a_fault_at_its_input(name, row, expected):
    found = [(where, code) for _, where, code in faults(name, row)]
    assert [one for one in found if one[1] != "Q201" or one in expected] == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"fuel": "木炭", "amount": "1", "role": "旧"}, [("fuel", "Q212")]),
        (GAS, [("burner", "Q305")]),
        ({**GAS, "fuel": "煤（层燃炉）", "burner": "国际领先"}, [("burner", "Q232")]),
        ({"fuel": "煤（层燃炉）", "amount": "1"}, [("role", "Q201")]),
    ],
)
def test_a_fuel_and_burner_that_the_table_lacks_are_refused(row, expected):
    assert [(where, code) for _, where, code in faults("energy_substitution", row, factor="NOX")] == expected


@pytest.mark.parametrize(
    ("factor", "row", "expected"),
    [
        ("SO2", GAS, [("sulphur", "Q305")]),
        ("PM", GAS, [("fuel", "Q232")]),
        ("PM", {**GAS, "fuel": "煤（层燃炉）"}, [("ash_percent", "Q305")]),
        ("SO2", {**GAS, "fuel": "煤（层燃炉）", "sulphur": "101"}, [("sulphur", "Q216")]),
    ],
)
def test_what_a_coefficient_is_multiplied_by_is_required(factor, row, expected):
    assert [(where, code) for _, where, code in faults("energy_substitution", row, factor=factor)] == expected


@pytest.mark.parametrize("technology", ["一次性活性炭吸附", "水喷淋（水溶性）"])
def test_activated_carbon_and_water_spray_remove_no_nox(technology):
    row = {"activity": "1", "ef_kg_per_unit": "1", "technology_after": technology, "removal_percent_after": "30"}
    assert faults("stack_treatment", row, factor="NOX") == [(0, "technology_after", "Q232")]


def test_a_stated_percentage_stands_without_a_word_where_the_table_has_none():
    row = {"activity": "1000", "ef_kg_per_unit": "1", "removal_percent_after": "99"}
    made = of("stack_treatment", row, factor="PM")
    assert made.exact == Decimal("0.99")
    assert made.stated == ("removal_percent_after",)


@pytest.mark.parametrize(
    ("percent", "fine"), [("79.999999", False), ("80", True), ("82.5", True), ("85", True), ("85.000001", False)]
)
def test_a_percentage_lies_inside_the_range_of_its_technology(percent, fine):
    row = {**VOC, "technology_after": "催化燃烧", "removal_percent_after": percent}
    assert faults("voc_treatment", row) == ([] if fine else [(0, "removal_percent_after", "Q235")])


@pytest.mark.parametrize(
    ("percent", "fine"), [("85.999999", False), ("86", True), ("89.5", True), ("89.500001", False)]
)
def test_in_series_the_range_is_that_of_the_series(percent, fine):
    row = {**VOC, "technology_after": "催化燃烧、一次性活性炭吸附", "removal_percent_after": percent}
    assert faults("voc_treatment", row) == ([] if fine else [(0, "removal_percent_after", "Q235")])


@pytest.mark.parametrize("percent", ["0", "100"])
def test_the_ends_of_a_percentage_are_allowed(percent):
    assert faults("voc_treatment", {**VOC, "collection_percent_after": percent}) == []


def test_a_stated_percentage_replaces_a_single_value_and_says_so():
    made = of("voc_treatment", {**VOC, "removal_percent_after": "95"})
    assert made.exact == Decimal("1.805")
    assert made.stated == ("removal_percent_after",)
    assert [(one.coefficient.word, one.replaced) for one in made.coefficients] == [
        ("密闭管道", False),
        ("蓄热燃烧", True),
    ]
    assert "代替“蓄热燃烧”的表列值 90 %" in made.notes[0]


def test_all_faults_of_all_rows_are_told_at_once():
    rows = [
        {"role": "旧", "mass_t": "x", "voc_g_per_l": "300"},
        {"mass_t": "1", "voc_percent": "200", "technology": "SCR"},
        {"role": "新", "mass_t": "1", "voc_percent": "5"},
    ]
    assert faults("raw_material_substitution", *rows) == [
        (0, "mass_t", "Q219"),
        (0, "density_kg_per_l", "Q305"),
        (1, "role", "Q201"),
        (1, "voc_percent", "Q216"),
        (1, "technology", "Q232"),
    ]


def test_a_method_is_refused_for_a_factor_or_type_that_it_does_not_apply_to():
    assert faults("voc_treatment", VOC, factor="NOX") == [(None, "", "Q236")]
    assert faults("voc_treatment", VOC, project_type="其他") == [(None, "", "Q236")]
    assert faults("voc_treatment", VOC, project_type="深度治理") == []


def test_no_row_is_a_fault_too():
    assert faults("voc_treatment") == [(None, "", "Q238")]


def test_a_day_without_an_edition_refuses_the_word_but_not_the_percentage():
    early = {"day": date(2021, 6, 30)}
    row = {**VOC, "technology_after": "光解"}
    assert faults("voc_treatment", row, **early) == [(0, "way_after", "Q233")]
    assert exact("voc_treatment", {**row, "collection_percent_after": "50"}, **early) == Decimal("0.1")


@pytest.mark.parametrize("value", [1.5, True])
def test_a_binary_float_is_a_mistake_of_the_program(value):
    with pytest.raises(TypeError, match="Decimal"):
        of("voc_treatment", {**VOC, "running_percent_after": value})


def test_an_integer_of_tonnes_could_be_milligrams():
    with pytest.raises(TypeError, match="generated_t"):
        of("voc_treatment", {**VOC, "generated_t": 2_000_000_000})


def test_an_input_that_the_method_does_not_have_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="has no input 'colour'"):
        of("voc_treatment", {**VOC, "colour": "red"})


def test_every_fault_fills_the_words_of_its_message():
    seen = set()
    rows = [
        ("voc_treatment", {}, "VOCS"),
        ("voc_treatment", {**VOC, "activity": "3", "way_after": "大罩子", "technology_after": "催化燃烧"}, "VOCS"),
        ("voc_treatment", {**VOC, "technology_after": "SCR", "running_percent_after": "120"}, "VOCS"),
        ("voc_treatment", {**VOC, "technology_after": "催化燃烧", "removal_percent_after": "1"}, "VOCS"),
        ("voc_treatment", {**VOC, "generated_t": "x", "carbon_t_after": "-1"}, "VOCS"),
        ("closure", {"share": "2"}, "VOCS"),
        ("raw_material_substitution", {**OLD, "voc_g_per_l": "1"}, "VOCS"),
        ("voc_treatment", VOC, "PM"),
    ]
    for name, row, factor in rows:
        seen |= {(one.code, one.words) for one in of(name, row, factor=factor).faults}
    seen |= {(one.code, one.words) for one in of("voc_treatment").faults}
    seen |= {(one.code, one.words) for one in of("voc_treatment", VOC, day=date(2021, 6, 30)).faults}
    for code, words in seen:
        catalogue()[code].message.format(**dict(words))
        catalogue()[code].fix.format(**dict(words))
    assert {code for code, _ in seen} >= {f"Q23{digit}" for digit in range(1, 9)}


def test_every_word_of_a_table_is_taken_by_the_methods_that_offer_it():
    card = METHODS["voc_treatment"].card
    there = [
        word for word in TABLES.words("removal", card.factors) if TABLES.alternatives("removal", word, "VOCS", "%", DAY)
    ]
    assert len(there) >= 11
    for word in there:
        row = {**VOC, "technology_after": word}
        assert faults("voc_treatment", row) in ([], [(0, "removal_percent_after", "Q234")]), word


def test_a_removal_of_nothing_needs_no_collection():
    assert faults("coefficient", {"activity": "1", "ef_kg_per_unit": "1", "removal_percent": "0"}) == []


def test_one_mistake_is_one_fault():
    row = {**GAS, "fuel": "煤（层燃炉）", "ash_percent": "120"}
    assert faults("energy_substitution", row, factor="PM") == [(0, "ash_percent", "Q216")]
    row = {**VOC, "technology_after": "催化燃烧", "removal_percent_after": "120"}
    assert faults("voc_treatment", row) == [(0, "removal_percent_after", "Q216")]
