"""Cards: each has examples and they hold; each says what methods.md says."""

from __future__ import annotations

import re
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest

from quota_lib.coverage import CLAUSES
from quota_lib.methods import LABELS, METHODS, CardError, compute, faults_of_examples, method_named, parse_card
from quota_lib.methods.card import SIGNS
from quota_lib.words import key

from .tables import TABLES

INPUTS = {
    "closure": "baseline_t share°",
    "raw_material_substitution": "role mass_t voc_percent° voc_g_per_l° density_kg_per_l° way° collection_percent° "
    "technology° removal_percent°",
    "energy_substitution": "role fuel amount burner° coefficient° sulphur° ash_percent° removal_percent°",
    "voc_treatment": "generated_t° activity° ef_kg_per_unit° way_before° collection_percent_before° technology_before° "
    "removal_percent_before° running_percent_before° way_after° collection_percent_after° technology_after° "
    "removal_percent_after° running_percent_after° carbon_t_after°",
    "stack_treatment": "activity° ef_kg_per_unit° technology_before° technology_after° removal_percent_before° "
    "removal_percent_after° flow_nm3_per_h° hours° before_mg_per_m3° after_mg_per_m3°",
    "wastewater_treatment": "flow_m3 before_mg_per_l after_mg_per_l",
    "sewer_takeover": "flow_m3 direct_mg_per_l plant_outlet_mg_per_l",
    "reclaimed_water": "reused_m3 outlet_mg_per_l",
    "tank_loading": "volume_m3 saturation vapour_kpa molar_g_per_mol temperature_k removal_percent_before "
    "removal_percent_after",
    "vapour_recovery": "sales_t ef_kg_per_t° removal_percent_before removal_percent_after",
    "retired_vehicles": "vehicles km_per_year ef_g_per_km replacement_ef_g_per_km°",
    "catering": "concentration_mg_per_m3 flow_m3_per_h hours removal_percent_before removal_percent_after",
    "documented": "evidence amount_t",
    "coefficient": "activity ef_kg_per_unit way° collection_percent° technology° removal_percent° running_percent°",
    "material_balance": "in_t out_t recovered_t removed_t",
}
AIR = ("NOX", "SO2", "PM")
WATER = ("COD", "NH3N", "TN", "TP")
APPLIES = {
    "closure": (("产业结构升级",), ()),
    "raw_material_substitution": (("工艺改进",), ("VOCS",)),
    "energy_substitution": (("工艺改进",), AIR),
    "voc_treatment": (("深度治理",), ("VOCS",)),
    "stack_treatment": (("深度治理",), AIR),
    "wastewater_treatment": (("深度治理",), (*WATER, "PB", "HG", "CD", "CR", "AS")),
    "sewer_takeover": (("深度治理",), WATER),
    "reclaimed_water": (("深度治理",), WATER),
    "tank_loading": (("深度治理",), ("VOCS",)),
    "vapour_recovery": (("其他",), ("VOCS",)),
    "retired_vehicles": (("其他",), ("NOX", "PM", "VOCS")),
    "catering": (("其他",), ("PM", "VOCS")),
    "documented": ((), ()),
    "coefficient": ((), ()),
    "material_balance": ((), ()),
}
STATUSES = {
    "closure": "draft",
    "documented": "draft",
    "sewer_takeover": "quoted",
    "vapour_recovery": "quoted",
    "coefficient": "enacted",
    "material_balance": "enacted",
}


def test_the_methods_of_the_list_are_there_in_its_order_whatever_is_added():
    assert [name for name in LABELS if name in INPUTS] == list(INPUTS)


@pytest.mark.parametrize("name", INPUTS)
def test_the_inputs_are_those_of_the_list(name):
    card = METHODS[name].card
    wanted = {one.rstrip("°"): not one.endswith("°") for one in INPUTS[name].split()}
    assert {one.name: one.required for one in card.inputs.values()} == wanted


@pytest.mark.parametrize("name", INPUTS)
def test_a_method_applies_to_the_types_and_factors_of_the_list(name):
    card = METHODS[name].card
    assert (card.types, card.factors) == APPLIES[name]
    assert card.status == STATUSES.get(name, "unverified")


@pytest.mark.parametrize("name", METHODS)
def test_every_card_has_examples_and_they_hold(name):
    assert faults_of_examples(name, TABLES) == []


@pytest.mark.parametrize("name", METHODS)
def test_every_formula_that_a_card_prints_is_used_by_an_example(name):
    card = METHODS[name].card
    shown = set()
    for example in card.examples:
        made = compute(name, example.rows, example.factor, example.day, TABLES)
        shown |= {(step.name, step.formula) for step in made.steps if step.row is not None}
    for step in card.steps.values():
        assert len({text for named, text in shown if named == step.name}) == max(len(step.formulas), 1), step.name


@pytest.mark.parametrize("name", METHODS)
def test_a_card_is_complete(name):
    card = METHODS[name].card
    assert re.sub(r"\(\d\)$", "", card.clause) in CLAUSES
    assert card.plain
    assert card.latex
    assert card.source
    assert method_named(card.label) == method_named(name) == name
    for one in card.inputs.values():
        if one.unit and one.unit != "1":
            assert one.heading.endswith(f"({one.unit})") or "含硫量" in one.heading, one.heading
        assert one.words or one.words_from or one.type not in ("word", "words")
    assert len({key(one.heading) for one in card.inputs.values()}) == len(card.inputs)


@pytest.mark.parametrize("name", METHODS)
def test_every_module_of_a_method_has_its_card_beside_it(name):
    folder = resources.files("quota_lib.methods")
    assert folder.joinpath(f"{name}.py").is_file()
    assert folder.joinpath(f"{name}.yaml").is_file()


@pytest.mark.parametrize("name", METHODS)
def test_no_number_of_a_rule_stands_in_a_function(name):
    text = Path(str(resources.files("quota_lib.methods").joinpath(f"{name}.py"))).read_text(encoding="utf-8")
    numbers = set(re.findall(r"Decimal\(\"?([\w.\-]+)\"?\)", text))
    assert numbers <= {"1e-6", "1e-9", "1000"}


@pytest.mark.parametrize("name", METHODS)
def test_every_formula_reads_as_mathml(name):
    converter = pytest.importorskip("latex2mathml.converter")
    card = METHODS[name].card
    assert "<math" in converter.convert(card.latex)
    for example in card.examples:
        for step in compute(name, example.rows, example.factor, example.day, TABLES).steps:
            for latex in (step.latex, step.latex_numbers):
                assert "<math" in converter.convert(latex)
                assert "merror" not in converter.convert(latex)


CARD = {
    "label": "试验",
    "clause": "REDUCE-2",
    "status": "local",
    "formula": {"plain": "R = A", "latex": "R = A"},
    "inputs": {"a": {"heading": "甲", "type": "number"}},
    "steps": {"reduction": {"label": "减排量", "unit": "t/a", "symbol": "R", "formula": "a"}},
    "examples": [],
}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"status": "guessed"}, "status 'guessed'"),
        ({"colour": "red"}, "unknown entry 'colour'"),
        ({"inputs": {"a": {"heading": "甲", "type": "float"}}}, "type 'float'"),
        ({"inputs": {"a": {"heading": "甲"}}}, "lacks 'type'"),
        ({"one_of": [["b"]]}, "names 'b'"),
        ({"steps": {"r": {"label": "", "unit": "", "symbol": "R", "formula": "b"}}}, "names 'b'"),
        ({"steps": {"r": {"label": "", "unit": "", "symbol": "R", "formula": "a ** 2"}}}, "may hold"),
        ({"steps": {"r": {"label": "", "unit": "", "symbol": "R", "formula": "a("}}}, "cannot be read"),
        ({"lookups": {"x": {"label": "", "table": "t", "unit": "%", "word": "b"}}}, "names 'b'"),
        ({"lookups": {"x": {"label": "", "table": "t", "unit": "%"}}}, "needs a word"),
        ({"inputs": {n: {"heading": "甲", "type": "number"} for n in "ab"}}, "same heading"),
        ({"inputs": {"role": {"heading": "甲", "type": "word", "words": ["新"]}}}, "words of role"),
        ({"examples": [{"title": "", "factor": "PM", "rows": [{"b": "1"}], "expect": {}}]}, "names 'b'"),
        ({"formula": "R = A"}, "must be a mapping"),
    ],
)
def test_a_malformed_card_is_refused(change, says):
    with pytest.raises(CardError) as raised:
        parse_card("trial", {**CARD, **change})
    assert says in str(raised.value)


def test_the_old_rows_add_and_the_new_ones_subtract():
    assert SIGNS == {"旧": 1, "新": -1}


def test_an_example_that_does_not_come_out_is_told():
    METHODS["closure"], kept = (
        METHODS["closure"]._replace(function=lambda baseline_t, share: baseline_t * share * Decimal("1.1")),
        METHODS["closure"],
    )
    try:
        told = faults_of_examples("closure", TABLES)
    finally:
        METHODS["closure"] = kept
    assert any("减排量 reduction 算得 1.485，应得 1.35" in text for text in told)
    assert any("gives another value than the function" in text for text in told)
