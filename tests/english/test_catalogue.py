"""The catalogue: what the program can say has its English, with the same numbers; no entry is left over."""

import ast
import re
from pathlib import Path

import pytest

from quota_lib.allowable import ALLOWABLE_METHODS
from quota_lib.coverage import CLAUSES
from quota_lib.english.catalogue import load_catalogue, load_complaints, load_entries
from quota_lib.english.translate import CHINESE, CITATION
from quota_lib.methods import METHODS
from quota_lib.plain_yaml import parse_yaml
from quota_lib.problems import SEVERITIES, catalogue
from quota_lib.report.html import VERDICTS
from quota_lib.report.wording import WORDS
from quota_lib.reserve.ruling import Status
from quota_lib.rules import STATUSES
from quota_lib.schema import also_accepted, sheets

ROOT = Path(__file__).parents[2]
HOLE = re.compile(r"\{(\w+)[^{}]*\}")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
MONTH = re.compile(r"\d+ 月")  # 2 月底前 is "by the end of February"
ON_SHEETS = re.compile("核算-(?:…|\\{|(?= and the))|冲正|不再建设|环境质量|排放口|佐证材料|许可总量|公告|（?初报）?")
"""Chinese that English entries quote, since it is what people look for in workbooks and on the Chinese pages."""
TABLES = ("Table", "Column", "Answer")
ENTRIES = [(name, *one) for name, entries in load_entries().items() for one in entries.items()]


@pytest.fixture
def translator():
    return load_catalogue().translator()


def untranslated(translator, texts):
    return [text for text in dict.fromkeys(texts) if translator.translate(text) is None]


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("7.233 = 储备 7.233", "7.233 = deposited 7.233"),
        (
            "16 = 期初 18 + 储备 0.5 − 扣除 1.5 − 上级使用 1",
            "16 = opening 18 + deposited 0.5 − debited 1.5 − used by higher authority 1",
        ),
        ("max(本项目 6 − 以新带老 0, 0)", "max(this project 6 − old-for-new offset 0, 0)"),
        ("细则储备 1，2 月底前", "Rules, reserve 1, by the end of February"),
        (
            "没有核定实际排放量，按许可排放量，扣除改善目标",
            "No verified actual discharge, by the permitted, less the improvement target",
        ),
        ("治理前去除率（低氮燃烧）", "Removal rate before (low-NOx burner)"),
        ("1 处不足，1 个已同意的项目待供给。", "1 shortfall, 1 approved project awaiting supply."),
        ("2025Q3/台账.xlsx › 排污单位 第 64 行", "2025Q3/台账.xlsx › 排污单位, row 64"),
    ],
)
def test_sentences_made_of_several_entries_read_well(translator, chinese, english):
    assert translator.translate(chinese) == english


def test_every_complaint_has_its_english():
    assert set(load_complaints()) == set(catalogue())


@pytest.mark.parametrize("code", catalogue())
def test_a_complaint_in_english_says_the_same_things(code):
    for name in ("message", "fix"):
        chinese, english = getattr(catalogue()[code], name), load_complaints()[code][name]
        assert set(HOLE.findall(english)) == set(HOLE.findall(chinese))
        assert numbers(english) == numbers(chinese)


def numbers(text):
    return sorted(NUMBER.findall(HOLE.sub("", MONTH.sub("", text))))


@pytest.mark.parametrize("file", load_entries())
def test_an_entry_keeps_its_numbers_and_placeholders(file):
    for chinese, english in load_entries()[file].items():
        assert (chinese, numbers(english)) == (chinese, numbers(chinese))
        assert (chinese, set(HOLE.findall(english))) == (chinese, set(HOLE.findall(chinese)))


def test_every_pattern_has_chinese_of_its_own_to_be_known_by():
    """One of punctuation alone would match what other entries are for."""
    patterns = [chinese for _, chinese, _ in ENTRIES if "{" in chinese]
    assert [one for one in patterns if not CHINESE.search(HOLE.sub("", one))] == []


def test_english_is_english():
    said = [english for _, _, english in ENTRIES] + [
        words for one in load_complaints().values() for words in one.values()
    ]
    assert [text for text in said if CHINESE.search(ON_SHEETS.sub("", CITATION.sub("", text)))] == []


def test_every_sheet_heading_word_and_unit_of_the_workbooks_has_its_english(translator):
    said = []
    for title, sheet in sheets().items():
        said += [title, sheet.part, *sheet.headings]
        said += [text for field in sheet.fields for text in (*field.words, field.unit)]
    assert untranslated(translator, [*said, *also_accepted()]) == []


def test_every_parameter_has_its_english(translator):
    said = []
    for path in sorted((ROOT / "parameters").glob("*.yaml")):
        said += list(texts(parse_yaml(path.read_text(encoding="utf-8")), skip={"note", "aliases", "medium", "place"}))
    assert untranslated(translator, said) == []


OWN = {"word", "reference", "source"}  # what an analyst names in a line of one's own: English is welcome, not due


def texts(found, skip=frozenset()):
    """Yield every text of a YAML document but those under the keys to skip and what a local line names."""
    if isinstance(found, dict):
        unsaid = {*skip, *OWN} if found.get("status") == "local" else skip
        for name, inner in found.items():
            if name not in unsaid:
                yield from texts(inner, skip)
    elif isinstance(found, list):
        for inner in found:
            yield from texts(inner, skip)
    else:
        yield found


def test_every_method_has_its_english(translator):
    said = []
    for one in METHODS.values():
        if one.card.status == "local":
            continue
        said += [one.card.label, one.card.plain]
        said += [text for given in one.card.inputs.values() for text in (given.heading, given.unit, *given.words)]
        said += [lookup.label for lookup in one.card.lookups.values()]
        said += [
            text for step in (*one.card.steps.values(), one.card.result) if step for text in (step.label, step.unit)
        ]
    assert untranslated(translator, said) == []


def test_every_method_of_allowable_discharge_has_its_english(translator):
    said = [text for one in ALLOWABLE_METHODS.values() for text in (one.card.label, one.card.plain)]
    assert untranslated(translator, said) == []


def test_every_status_level_verdict_and_clause_has_its_english(translator):
    said = [*STATUSES.values(), *SEVERITIES.values(), *(one.value for one in Status)]
    said += [text for mark, word in VERDICTS.values() for text in (word, f"{mark} {word}")]
    said += [text for one in CLAUSES.values() for text in (one.place, one.about)]
    assert untranslated(translator, said) == []


def test_every_word_of_the_scripts_has_its_english(translator):
    assert untranslated(translator, texts(WORDS, skip={"kept"})) == []


def test_the_scripts_themselves_hold_no_chinese():
    for path in (ROOT / "quota_lib/report/templates/report").glob("*.js"):
        assert not CHINESE.search(path.read_text(encoding="utf-8")), path.name


def table_words(path):
    """Yield every constant text that a module gives to a table: titles, headings, notes, what stands for no rows."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        named = [one.id for one in node.targets if isinstance(one, ast.Name)] if isinstance(node, ast.Assign) else []
        inside = node.args + [one.value for one in node.keywords] if called in TABLES else []
        inside += [node.value] if {"note", "empty", "title"}.intersection(named) else []
        yield from (one.value for one in inside if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_every_title_heading_and_note_of_a_table_has_its_english(translator):
    said = [text for path in sorted((ROOT / "quota_lib/report").glob("*.py")) for text in table_words(path)]
    assert len(said) > 400
    assert untranslated(translator, said) == []
