"""Parameters: dated, checked, and never a silent default."""

from __future__ import annotations

from datetime import date

import pytest

from quota_lib.amounts import Ratio
from quota_lib.rules import RuleError, Rules, ratio_rules
from tests.oracle.compare import PARAMETERS, rules

LINE = """
COD:
  label: 限值
  unit: t/a
  clause: RESERVE-2b
  values:
    2021-01-01: {value: "1", reference: 出处, status: draft}
    2025-01-01: {value: "0.5", reference: 出处, status: enacted}
"""


def test_a_value_holds_from_its_day_on_until_the_next_one():
    found = Rules({"filing": LINE})
    assert found.mass("filing.COD", date(2024, 12, 31)) == 1_000_000_000
    assert found.mass("filing.COD", date(2025, 1, 1)) == 500_000_000


def test_a_value_before_its_first_day_raises_and_says_how_to_mend():
    with pytest.raises(RuleError, match=r"no value on 2020-12-31; it starts on 2021-01-01.*parameters/filing.yaml"):
        Rules({"filing": LINE}).mass("filing.COD", date(2020, 12, 31))


def test_a_missing_key_raises():
    with pytest.raises(RuleError, match=r"filing\.TN"):
        Rules({"filing": LINE}).mass("filing.TN", date(2025, 1, 1))


def test_null_says_that_there_is_no_line():
    assert rules().mass("filing.PB", date(2025, 1, 1)) is None


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (LINE.replace("label:", "lable:"), "unknown entry 'lable'"),
        (LINE.replace("  unit: t/a\n", ""), "lacks 'unit'"),
        (LINE.replace("status: draft", "status: guessed"), "status 'guessed'"),
        (LINE.replace("2021-01-01", "2021/1/1"), "2021/1/1"),
        (LINE.replace(", status: draft", ""), "lacks 'status'"),
        ("- a\n- b\n", "must hold keys"),
        ("COD: [", "cannot be read"),
        (LINE + LINE.lstrip(), "stands twice"),
        ("COD:\n  label: a\n  unit: b\n  clause: c\n  values: {}\n", "at least one dated value"),
    ],
)
def test_a_malformed_parameter_is_refused_with_its_file(broken, says):
    with pytest.raises(RuleError, match=r"parameters/filing\.yaml") as raised:
        Rules({"filing": broken})
    assert says in str(raised.value)


def test_numbers_stay_the_text_that_was_written():
    assert Rules({"filing": LINE.replace('"0.5"', "0123")}).text("filing.COD", date(2025, 1, 1)) == "0123"


def test_values_asked_for_are_remembered_with_their_status():
    found = Rules({"filing": LINE})
    found.mass("filing.COD", date(2025, 6, 1))
    assert found.statuses_used() == {"filing.COD @ 2025-01-01": "enacted"}


def test_ratio_rules_are_those_in_force_for_the_factor():
    day = date(2025, 1, 1)
    assert {rule.ratio for rule in ratio_rules(rules(), "TN", day)} == {Ratio(11, 10), Ratio(2, 1)}
    assert ratio_rules(rules(), "TN", date(2020, 1, 1)) == []


def test_every_reading_with_an_alternative_is_a_parameter():
    readings = {key: one for key, one in rules().parameters.items() if key.startswith("readings.")}
    assert set(readings) == {"readings.increments", "readings.recovery_ratio", "readings.reduction_cap"}
    assert all(len(one.more["words"]) == 2 for one in readings.values())


def test_a_misspelt_reading_is_refused_and_not_taken_for_the_alternative():
    text = (
        (PARAMETERS / "readings.yaml").read_text(encoding="utf-8").replace('value: "plant_year"', "value: plant_yaer")
    )
    with pytest.raises(RuleError, match="use one of plant_year, each_application"):
        Rules({"readings": text})


@pytest.mark.parametrize("value", ["abc", "1,2", "1e400x"])
def test_a_value_that_is_no_number_names_its_key_and_file(value):
    with pytest.raises(RuleError, match=r"parameters/filing\.yaml: filing\.COD"):
        Rules({"filing": LINE.replace('value: "1"', f'value: "{value}"')}).mass("filing.COD", date(2024, 1, 1))
