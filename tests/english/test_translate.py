"""Texts: exact entries first, then patterns, then part by part; what no entry covers is a miss."""

import pytest

from quota_lib.english.pattern import pattern_of
from quota_lib.english.translate import Translator

WORDS = {
    "期末": "Closing",
    "期初": "Opening",
    "氨氮": "NH₃-N",
    "铅": "Lead",
    "废水治理": "Waste water treatment",
    "无误": "All is well",
    "完": "Done",
    "heading›期末": "Closing balances",
}
PATTERNS = {
    "{factor}不足": "{factor} short",
    "铅不足": "Lead is short",
    "{n} 张单据": "{n} {n?document:documents}",
    "单号 {number*}": "document {number!}",
    "项目 {project*} 用尽": "project {project!} used up",
    "与 {others*} 相同": "the same as {others!,}",
    "从“{word}”起": "from “{word}” on",
    "{a} 至 {b}": "{a} to {b}",
}


@pytest.fixture
def translator():
    exact = {chinese: english for chinese, english in PATTERNS.items() if "{" not in chinese}
    return Translator(WORDS | exact, [pattern_of(*one) for one in PATTERNS.items() if "{" in one[0]])


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("期末", "Closing"),
        ("  期末\n", "  Closing\n"),
        ("氨氮不足", "NH₃-N short"),
        ("铅不足", "Lead is short"),  # the exact entry, not the pattern
        ("1 张单据", "1 document"),
        ("21 张单据", "21 documents"),
        ("期末 = 期初", "Closing = opening"),
        ("铅、氨氮", "Lead, NH₃-N"),
        ("无误。完。", "All is well. Done."),
        ("废水治理（铅）", "Waste water treatment (lead)"),
        ("废水治理(m³/a)", "Waste water treatment (m³/a)"),
        ("从“期末”起", "from “Closing” on"),
        ("单号 衡环总量〔2025〕35号", "document 衡环总量〔2025〕35号"),
        ("环发〔2014〕197号", "环发〔2014〕197号"),
        ("2025Q4（2025-10-01 至 2025-12-31）", "2025Q4 (2025-10-01 to 2025-12-31)"),
        ("2025Q4（1，2）", "2025Q4 (1, 2)"),
        ("项目 J1、J2 用尽", "project J1, J2 used up"),
        ("项目 废水、废气 用尽", "project 废水、废气 used up"),
        ("与 甲厂、乙厂 相同", "the same as 甲厂, 乙厂"),
        ("十二、", "12."),
        ("（三）", "(3)"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_a_text_is_translated_from_the_catalogue(translator, chinese, english):
    assert translator.translate(chinese) == english


@pytest.mark.parametrize("chinese", ["未知", "未知不足", "期末 未知", "期末（未知）", "铅、未知", "期末。未知。"])
def test_what_is_not_wholly_covered_is_a_miss(translator, chinese):
    assert translator.translate(chinese) is None
    assert translator.page_text(chinese) == chinese
    assert translator.missed == {chinese: 1}


def test_a_loose_placeholder_keeps_data_and_remembers_it(translator):
    assert translator.page_text("项目 湖东一号 用尽") == "project 湖东一号 used up"
    assert translator.left == {"湖东一号"}
    assert not translator.missed


def test_where_words_and_data_are_mixed_data_stay_as_they_were_typed(translator):
    assert translator.translate("废水治理：锅炉，两台", partly=True) == "Waste water treatment: 锅炉，两台"
    assert translator.translate("湖东 氨氮 期末", partly=True) == "湖东 NH₃-N closing"
    assert translator.translate("甲，乙、丙", partly=True) == "甲，乙、丙"


def test_a_text_may_have_a_translation_of_its_own_where_it_stands(translator):
    assert translator.page_text(" 期末 ", where="heading") == " Closing balances "
    assert translator.page_text("期末", where="table-1") == "Closing"


def test_the_pattern_with_the_most_literal_text_is_tried_first():
    ones = [pattern_of("{a}为空", "{a} is empty"), pattern_of("{a}为空，必填", "{a} is required")]
    for order in (ones, ones[::-1]):
        assert Translator({"依据": "Basis"}, order).translate("依据为空，必填") == "Basis is required"
