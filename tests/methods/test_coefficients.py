"""Coefficient tables: by edition and day, the unit part of the key, never one edition for another."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from quota_lib.coefficients import CoefficientError, Coefficients
from quota_lib.rules import RuleError, Rules

from .tables import TABLES, TEXTS, exact, faults, of

TABLE = """
label: 表
clause: REDUCE-2
unit: "%"
words:
  甲: {also: [A]}
editions:
  first:
    label: 第一版
    since: 2021-01-01
    source: 出处
    coefficients:
      - {word: 甲, factor: VOCS, unit: "%", value: "30", status: quoted}
      - {word: 乙, factor: VOCS, unit: "%", low: "10", high: "20", status: quoted}
  second:
    label: 第二版
    since: 2023-01-01
    source: 出处二
    coefficients:
      - {word: 甲, factor: VOCS, unit: "%", value: "40", status: enacted}
      - {word: 甲, factor: VOCS, unit: "%", value: "45", status: enacted, since: 2024-01-01}
"""
FIRST, SECOND = date(2022, 12, 31), date(2023, 1, 1)
CHANGED = date(2026, 1, 1)
VOC = {"generated_t": "2", "way_after": "密闭管道", "technology_after": "一次性活性炭吸附"}


def table(text=TABLE):
    return Coefficients({"t": text})


def value(tables, word, day, factor="VOCS", unit="%"):
    found = tables.lookup("t", word, factor, unit, day)
    return found and found.value


def test_the_edition_in_force_holds_from_its_day_on():
    assert value(table(), "甲", FIRST) == 30
    assert value(table(), "甲", SECOND) == 40


def test_a_coefficient_changed_from_a_day_on_leaves_earlier_days():
    assert value(table(), "甲", date(2023, 12, 31)) == 40
    assert value(table(), "甲", date(2024, 1, 1)) == 45


def test_an_edition_lends_nothing_to_another():
    assert table().lookup("t", "乙", "VOCS", "%", FIRST).low == 10
    assert table().lookup("t", "乙", "VOCS", "%", SECOND) is None
    with pytest.raises(CoefficientError, match="edition 'second' has no 乙/VOCS in %"):
        table().coefficient("t", "乙", "VOCS", "%", SECOND)


def test_an_edition_that_amends_another_keeps_its_other_rows():
    tables = table(TABLE.replace("    source: 出处二", "    source: 出处二\n    amends: first"))
    assert tables.lookup("t", "乙", "VOCS", "%", SECOND).edition == "first"
    assert value(tables, "甲", SECOND) == 40


def test_before_the_first_edition_there_is_none():
    assert table().edition_on("t", date(2020, 12, 31)) is None
    with pytest.raises(CoefficientError, match="no edition is in force"):
        table().coefficient("t", "甲", "VOCS", "%", date(2020, 12, 31))


def test_the_unit_is_part_of_the_key():
    assert value(table(), "甲", SECOND, unit="kg/t") is None
    assert value(table(), "甲", SECOND, factor="NOX") is None


def test_null_says_that_there_is_none_from_that_day_on():
    row = '      - {word: 甲, factor: VOCS, unit: "%", value: null, status: enacted, since: 2025-01-01}\n'
    tables = table(TABLE + row)
    assert value(tables, "甲", date(2024, 12, 31)) == 45
    assert tables.lookup("t", "甲", "VOCS", "%", date(2025, 1, 1)) is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("status: quoted", "status: guessed", "status 'guessed'"),
        ('value: "30", ', "", "needs a value"),
        (', high: "20"', "", "low and high together"),
        ('low: "10"', 'low: "21"', "low not above high"),
        ('value: "30"', 'value: "101"', "甲/VOCS has 101, which is out of bounds; use 0 to 100"),
        ('value: "30"', 'value: "-1"', "out of bounds; use 0 to 100"),
        ("{word: 甲, factor: VOCS, unit", "{word: 甲, factor: VOCS, unti", "甲/VOCS has an unknown entry 'unti'"),
        ('unit: "%", low', "unit: kg/t, low", "乙/VOCS has the unit 'kg/t'; known are %"),
        (
            "  甲: {also: [A]}",
            "  甲乙丙丁: {}\n  甲: {also: [A]}\n  甲乙丙戊: {aslo: [A]}",
            "甲乙丙戊 has an unknown entry 'aslo'",
        ),
        ('value: "30"', 'value: "ab"', "where a number is needed"),
        ("since: 2023-01-01", "since: 2021-01-01", "as first does"),
        ("since: 2021-01-01", "since: 2021/1/1", "write it as 2025-03-01"),
        ("    source: 出处\n", "", "lacks 'source'"),
        ("word: 乙", "wrod: 乙", "unknown entry 'wrod'"),
        ("    source: 出处二", "    source: 出处二\n    amends: zeroth", "amends 'zeroth'"),
        ('value: "45", status: enacted, since: 2024-01-01', 'value: "45", status: enacted', "stands twice"),
        ("label: 表", "label: [", "cannot be read: line 4, column 5"),
    ],
)
def test_a_malformed_table_is_refused_with_its_file(old, new, says):
    assert old in TABLE
    with pytest.raises(RuleError, match=r"parameters/t\.yaml") as raised:
        table(TABLE.replace(old, new))
    assert says in str(raised.value)


def test_the_rules_pass_over_coefficient_tables_and_the_tables_over_rules():
    assert not any(key.startswith(("collection.", "removal.", "generation.")) for key in Rules(TEXTS).parameters)
    assert set(TABLES.tables) == {"collection", "removal", "generation"}


def test_words_are_those_of_the_factors_asked_for():
    assert TABLES.words("removal", ["NOX"]) == ("低氮燃烧", "SNCR", "SCR", "SNCR+SCR")
    assert "蓄热燃烧" in TABLES.words("removal", ["VOCS"])
    assert TABLES.words("removal", ["PM"]) == ()
    assert len(TABLES.words("generation", kind="fuel")) == 6


def test_every_coefficient_has_a_status_a_source_and_a_unit():
    for one in TABLES.tables.values():
        for edition in one.editions.values():
            assert edition.source
            assert all(c.unit and c.source and c.status for c in edition.coefficients)


@pytest.mark.parametrize("table_", ["collection", "removal", "generation"])
def test_the_edition_in_force_today_is_of_the_nation(table_):
    assert TABLES.edition_on(table_, date(2025, 1, 1)).id in ("national-2022", "manual-2021")


def removal_changed(text):
    """Return the shipped tables with a line added to the edition in force of the removal table."""
    marker = "  provincial:\n"
    return Coefficients({**TEXTS, "removal": TEXTS["removal"].replace(marker, text + marker)})


OWN = '      - {word: 试验冷凝, factor: VOCS, unit: "%", value: "30", status: local}\n'  # a word of the tests alone


def test_a_coefficient_changed_from_2026_leaves_every_earlier_computation_as_it_was():
    line = '      - {word: 试验冷凝, factor: VOCS, unit: "%", value: "15", status: local, since: 2026-01-01}\n'
    asis, tables, row = removal_changed(OWN), removal_changed(OWN + line), {**VOC, "technology_after": "试验冷凝"}
    before = CHANGED - timedelta(days=1)
    assert of("voc_treatment", row, day=before, tables=tables) == of("voc_treatment", row, day=before, tables=asis)
    assert exact("voc_treatment", row, day=CHANGED, tables=tables) == Decimal("0.285")
    assert exact("voc_treatment", row, day=CHANGED, tables=asis) == Decimal("0.57")


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("word: 试验冷凝, factor: VOC,", "factor 'VOC'; the nearest is VOCS"),
        ("word: 一次性活性碳吸附, factor: VOCS,", "word '一次性活性碳吸附' is nearly '一次性活性炭吸附'"),
    ],
)
def test_a_factor_that_is_none_and_a_misspelt_word_are_refused_with_the_nearest(entry, says):
    with pytest.raises(CoefficientError, match=r"parameters/removal\.yaml") as raised:
        removal_changed(f'      - {{{entry} unit: "%", value: "15", status: local, since: 2026-01-01}}\n')
    assert says in str(raised.value)


def test_a_coefficient_of_a_fuel_is_in_the_unit_that_the_fuel_is_counted_in():
    text = TEXTS["generation"].replace(
        'factor: NOX, variants: ["", 国内一般, 国内领先, 国际领先], unit: kg/t', "factor: NOX, unit: kg/10⁴ m³"
    )
    assert text != TEXTS["generation"]
    with pytest.raises(CoefficientError, match="轻柴油（锅炉） is counted in t"):
        Coefficients({**TEXTS, "generation": text})


def test_a_line_with_a_source_of_its_own_does_not_bear_the_place_of_the_editions():
    line = '      - {word: 试验冷凝, factor: VOCS, unit: "%", value: "60", status: local, source: 本地试验}\n'
    found = removal_changed(line).lookup("removal", "试验冷凝", "VOCS", "%", CHANGED)
    assert (found.source, found.place) == ("本地试验", "")
    assert TABLES.lookup("removal", "光解", "VOCS", "%", CHANGED).place == "表2-3"


def test_a_coefficient_that_is_taken_out_is_refused_at_the_word_and_not_asked_for_by_a_variant():
    line = '      - {word: 一次性活性炭吸附, factor: VOCS, unit: "%", value: null, status: local, since: 2098-01-01}\n'
    made = of("voc_treatment", VOC, day=date(2098, 1, 1), tables=removal_changed(line))
    assert [(one.name, one.code) for one in made.faults] == [("technology_after", "Q232")]
    assert of("voc_treatment", VOC, day=date(2097, 12, 31), tables=removal_changed(line)).faults == ()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{word: 试验冷凝, factor: VOCS, unit: "%", value: "0.9", status: local}', "0.9 %; write 90 for 90 %"),
        (
            '{word: 光解, factor: VOCS, unit: "%", value: "9", status: local, since: 2022-01-01}',
            "its edition does on 2022-01-01",
        ),
    ],
)
def test_a_share_for_a_percentage_and_a_line_older_than_its_edition_are_refused(line, says):
    with pytest.raises(CoefficientError) as raised:
        removal_changed(f"      - {line}\n")
    assert says in str(raised.value)


def test_a_spelling_stands_for_one_word():
    text = TEXTS["removal"].replace("直接燃烧: {also: [TO,", "直接燃烧: {also: [RTO, TO,")
    assert text != TEXTS["removal"]
    with pytest.raises(CoefficientError, match="'RTO' stands for '蓄热燃烧' and for '直接燃烧'"):
        Coefficients({**TEXTS, "removal": text})


def test_a_local_line_without_a_source_does_not_bear_the_editions():
    found = removal_changed(OWN).lookup("removal", "试验冷凝", "VOCS", "%", CHANGED)
    assert (found.source, found.place) == ("本地约定（未写明出处）", "")


def test_a_day_before_a_coefficient_starts_is_told_when_it_does():
    line = '      - {word: 试验冷凝, factor: VOCS, unit: "%", value: "60", status: local, since: 2026-01-01}\n'
    tables = removal_changed(line)
    made = of("voc_treatment", {**VOC, "technology_after": "试验冷凝"}, day=date(2025, 12, 31), tables=tables)
    assert dict(made.faults[0].words)["why"] == "自 2026-01-01 起才有，按申报日 2025-12-31 计"
    assert dict(made.faults[0].words)["factor"] == "挥发性有机物"
    never = of("voc_treatment", {**VOC, "technology_after": "SCR"}, day=CHANGED, tables=tables)
    assert dict(never.faults[0].words).get("why", "不能计入") == "不能计入"


def test_a_technology_is_added_by_a_line():
    line = '      - {word: 试验冷凝, factor: VOCS, unit: "%", value: "60", status: local, since: 2026-01-01}\n'
    tables = removal_changed(line)
    row = {**VOC, "technology_after": "试验冷凝"}
    assert "试验冷凝" in tables.words("removal", ["VOCS"])
    assert exact("voc_treatment", row, day=CHANGED, tables=tables) == Decimal("1.14")
    assert faults("voc_treatment", row, tables=tables) == [(0, "technology_after", "Q232")]


def test_a_trial_under_another_edition_takes_that_edition_alone():
    hood = {**VOC, "way_after": "包围型集气罩"}
    trial = TABLES.changed({"collection": {"edition": "provincial-earlier"}})
    assert exact("voc_treatment", hood, tables=trial) == Decimal("0.48")
    assert exact("voc_treatment", hood) == Decimal("0.3")
    assert faults("voc_treatment", VOC, tables=trial) == [(0, "way_after", "Q232")]


def test_a_trial_with_another_coefficient_says_so_and_changes_nothing_else():
    entry = {"word": "一次性活性炭吸附", "factor": "VOCS", "unit": "%", "value": "20"}
    trial = TABLES.changed({"removal": {"coefficients": [entry]}})
    made = of("voc_treatment", VOC, tables=trial)
    assert made.exact == Decimal("0.38")
    assert made.coefficients[1].coefficient.edition == "试算"
    assert exact("voc_treatment", VOC) == Decimal("0.57")


def test_a_trial_may_add_a_technology():
    entry = {"word": "试验冷凝", "factor": "VOCS", "unit": "%", "value": "60"}
    trial = TABLES.changed({"removal": {"coefficients": [entry]}})
    assert exact("voc_treatment", {**VOC, "technology_after": "试验冷凝"}, tables=trial) == Decimal("1.14")
    assert "试验冷凝" in trial.words("removal", ["VOCS"])


@pytest.mark.parametrize(
    ("differences", "says"),
    [
        (
            {"remval": {}},
            "no coefficient table 'remval'; the nearest is removal, there are collection, generation, removal",
        ),
        ({"removal": {"edition": "x"}}, "no edition 'x'"),
        ({"removal": {"colour": "red"}}, "unknown entry 'colour'"),
        ({"removal": {"coefficients": [{"word": "光解"}]}}, "what_if/one.yaml: removal: 光解 lacks 'factor'"),
        ({"removal": {"coefficients": ["光解"]}}, "removal: coefficients must be a mapping"),
        ({"removal": {"coefficients": [{"word": "光解", "factor": "VOCS", "unit": "%", "value": "1"}] * 2}}, "twice"),
        ({"removal": {"coefficients": [{"word": "光解", "factor": "X", "unit": "%", "value": "1"}]}}, "factor 'X'"),
    ],
)
def test_a_malformed_trial_is_refused(differences, says):
    with pytest.raises(CoefficientError) as raised:
        TABLES.changed(differences, "parameters/what_if/one.yaml")
    assert says in str(raised.value)
