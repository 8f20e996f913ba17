"""Adding a method: a function, a decorator and a card, and nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quota_lib.methods import (
    LABELS,
    METHODS,
    CardError,
    as_json,
    description,
    faults_of_examples,
    input_fields,
    method,
    method_named,
    withdraw,
)

from .tables import TABLES, exact, faults

CARD = """
status: local
source: 试验
factors: [VOCS]
formula: {plain: R = G·η, latex: 'R = G \\cdot \\eta'}
inputs:
  generated_t: {heading: 产生量(t/a), unit: t/a, type: t, required: "yes", symbol: G}
  technology: {heading: 治理技术, type: words, words_from: removal}
  removal_percent: {heading: 去除率(%), type: percent}
lookups:
  removal: {label: 去除率, table: removal, unit: "%", word: technology, stated: removal_percent, several: series, required: "yes", symbol: η}
steps:
  reduction: {label: 减排量, unit: t/a, symbol: R, formula: generated_t * removal}
examples:
  - {title: 一半, factor: VOCS, rows: [{generated_t: "2", removal_percent: "50"}], expect: {reduction: "1"}}
label: 试验冷凝
clause: REDUCE-1(3)
"""


@pytest.fixture
def condensing():
    @method("condensing", label="试验冷凝", clause="REDUCE-1(3)", card=CARD)
    def condensing(generated_t: Decimal, removal: Decimal) -> Decimal:
        return generated_t * removal

    yield condensing
    withdraw("condensing")


def test_a_method_of_a_notebook_is_a_method(condensing):
    assert exact("condensing", {"generated_t": "2", "technology": "光解"}) == Decimal("0.2")
    assert faults("condensing", {"technology": "SCR"}) == [(0, "generated_t", "Q201"), (0, "technology", "Q232")]
    assert faults_of_examples("condensing", TABLES) == []
    assert LABELS["condensing"] == "试验冷凝"
    assert method_named("试验冷凝") == "condensing"
    assert "光解" in input_fields("condensing", TABLES)[1].words
    (made,) = [one for one in as_json(TABLES) if one["name"] == "condensing"]
    assert (made["sheet"], made["factors"]) == ("核算-试验冷凝", ["VOCS"])
    assert "R = G·η" in description("condensing", TABLES)


def test_a_withdrawn_method_leaves_no_trace(condensing):
    others = set(METHODS) - {"condensing"}
    withdraw("condensing")
    assert "condensing" not in LABELS
    assert method_named("试验冷凝") is None
    assert set(METHODS) == others


def refused(says, name="condensing", card=CARD, **more):
    with pytest.raises(CardError) as raised:

        @method(name, card=card, **more)
        def anything(generated_t, removal):
            return generated_t * removal

    assert says in str(raised.value)
    assert name == "closure" or name not in METHODS


def test_a_decorator_that_disagrees_with_its_card_is_refused():
    refused("the decorator says label '别的'", label="别的")
    refused("the decorator says clause", clause="REDUCE-2")


def test_a_function_that_asks_for_what_the_card_does_not_have_is_refused():
    refused("asks for 'generated_t'", card=CARD.replace("generated_t", "made_t"))


def test_a_label_is_given_once():
    refused("'关停' is already the method 'closure'", card=CARD.replace("label: 试验冷凝", "label: 关停"))


def test_a_method_without_a_card_is_refused():
    refused("has no card", card=None)


def test_a_function_that_returns_an_undescribed_step_is_refused(condensing):
    METHODS["condensing"] = METHODS["condensing"]._replace(function=lambda generated_t, removal: {"magic": removal})
    withdrawn = METHODS["condensing"]
    assert withdrawn.parameters == ("generated_t", "removal")
    with pytest.raises(CardError, match="returns magic; its card describes reduction"):
        exact("condensing", {"generated_t": "2", "technology": "光解"})


def test_a_formula_that_is_not_what_the_function_computes_is_refused_in_the_row_that_shows_it():
    card = CARD.replace(
        "  removal_percent: {",
        "  running_percent: {heading: 运行(%), type: percent, left_out: '100'}\n  removal_percent: {",
    )
    row = {"generated_t": "2", "technology": "光解"}

    @method("condensing", label="试验冷凝", clause="REDUCE-1(3)", card=card)
    def condensing(generated_t: Decimal, removal: Decimal, running: Decimal) -> Decimal:
        return generated_t * removal * running

    try:
        assert exact("condensing", row) == Decimal("0.2")  # at 100 % nobody can tell
        with pytest.raises(CardError, match=r"condensing: step reduction: the card's formula .* another value"):
            exact("condensing", {**row, "running_percent": "50"})
    finally:
        withdraw("condensing")


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda generated_t, removal: 1.5, "condensing: its function gives reduction as float"),
        (lambda generated_t, removal: generated_t / 0, "condensing: its function fails: DivisionByZero"),
        (lambda generated_t, removal: None, "condensing: its function gives reduction as NoneType"),
    ],
)
def test_a_function_that_fails_is_named(condensing, function, says):
    METHODS["condensing"] = METHODS["condensing"]._replace(function=function)
    with pytest.raises(CardError, match=says):
        exact("condensing", {"generated_t": "2", "technology": "光解"})


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('required: "yes", symbol: G', "required: true, symbol: G", 'required is \'true\'; write "yes" or "no"'),
        ("status: local", "status: local\ntypes: [深度冶理]", "no type of project '深度冶理'"),
        ("clause: REDUCE-1(3)", "clause: REDUCE-9", "no clause 'REDUCE-9'"),
        ("heading: 治理技术", "heading: 项目编号", "heading '项目编号' stands on every"),
    ],
)
def test_a_card_that_nobody_could_use_is_refused(old, new, says):
    assert old in CARD
    refused(says, card=CARD.replace(old, new))


def test_a_factor_that_is_none_is_told_by_the_proof():
    @method("condensing", card=CARD.replace("factors: [VOCS]", "factors: [VOC]"))
    def condensing(generated_t: Decimal, removal: Decimal) -> Decimal:
        return generated_t * removal

    try:
        assert faults_of_examples("condensing", TABLES)[0].startswith("condensing: there is no factor VOC")
    finally:
        withdraw("condensing")
