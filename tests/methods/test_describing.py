"""What a program and a person are told of a method."""

from __future__ import annotations

import json

import pytest

from quota_lib.methods import LABELS, METHODS, CardError, as_json, description, input_fields, method_cards
from quota_lib.methods.describing import KINDS
from quota_lib.rules import STATUSES

from .tables import TABLES


def test_the_json_is_that_of_the_contract():
    found = as_json(TABLES)
    assert [one["name"] for one in found] == list(LABELS)
    for one in found:
        assert {"name", "label", "sheet", "inputs"} <= set(one)
        assert (one["keys"], one["factors"]) == (["项目编号", "污染因子"], list(METHODS[one["name"]].card.factors))
        assert one["sheet"] == f"核算-{one['label']}"
        for field in one["inputs"]:
            assert {"name", "heading", "unit", "words", "required"} <= set(field)
            assert field["type"] in KINDS
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found


def test_the_words_of_a_column_are_those_that_the_method_takes():
    fields = {one.name: one for one in input_fields("stack_treatment", TABLES)}
    assert fields["technology_after"].words == ("低氮燃烧", "SNCR", "SCR", "SNCR+SCR")
    assert not fields["technology_after"].checked
    assert input_fields("stack_treatment")[2].words == ()
    evidence = input_fields("documented")[0]
    assert evidence.words == ("验收报告", "排污许可", "环评", "环境统计", "环境监测")
    assert evidence.checked


@pytest.mark.parametrize("name", METHODS)
def test_a_description_holds_formula_inputs_coefficients_and_examples(name):
    text, card = description(name, TABLES), METHODS[name].card
    assert card.plain in text
    assert card.latex in text
    assert STATUSES[card.status] in text
    assert all(one.heading in text for one in card.inputs.values())
    assert all(example.title in text for example in card.examples)
    for lookup in card.lookups.values():
        assert f"`{lookup.table}`" in text


def test_every_edition_is_shown_with_its_days_and_statuses():
    text = description("voc_treatment", TABLES)
    assert "`national-2021` 主要污染物总量减排核算技术指南（2021年），自 2021-01-01" in text
    assert "`provincial` 省级去除率表（年份不详），不作为现行版本，只供试算" in text
    assert "| 催化燃烧 | VOCS | 80–85 % | 未核实 |" in text


def test_all_cards_are_one_document():
    text = method_cards(TABLES)
    assert text.startswith("# 核算方法\n")
    assert [label for label in LABELS.values() if f"## {label} `" not in text] == []


def test_an_unknown_method_has_no_card():
    with pytest.raises(CardError, match="no method 'magic'"):
        description("magic", TABLES)
