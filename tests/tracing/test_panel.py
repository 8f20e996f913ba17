"""On the demo park's pages: what is printed opens, what is opened is true, by mouse and by key; nothing is left out unsaid."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from quota_lib.tracing import keys_of
from tests.pages import PAGES
from tests.tracing.printed import NUMBER, facts_in, false_sums, number, numeric, texts, without_cells

CHINESE = ("reserve", "workpapers", "annex1", "annual", "trial")

NOT_FIGURES = {
    r"nav|(span\.caption )?span\.number|.*h[1-4]$": "numbers of sections and tables, the report's own title",
    r"svg": "the words of pictures: the bars they name open, or the table below has the same amounts as figures",
    r"math": "formulas in symbols with their constants; the same with numbers opens as a step",
    r"table-parameters›.*": "a parameter's row says itself what it is, since when, where it stands and how well it is known",
    r"table-clauses›.*|table-files›.*|.*thead.*|tr th\..*": "clauses, files with their digests, headings",
    r"table-problem_list›.*|table-try_problems›.*": "a complaint quotes what stands in its cell, which its row names",
    r"dd›(报告期|核查年度|台账截至|截止日|输入|复核办法|试算|重新运行|正式报告|环评批复|许可变更|竣工|申报)": "dates, names, digests",
    r"dd›数据问题": "the number of rows of each level in the table 数据问题",
    r".*p\.note|section\.prose p": "the words of rules, methods and tables; how many files were read",
    r"table-(inputs|coefficients|ranges|evidence|workings)›(输入|系数|类别|单位|版本|出处|文件|文号)": "names, units, sources",
    r".*›(建设项目|减排项目|项目|单号|文号|原单号|文号或单号|批次|原因|意见|方法与依据|排污单位|代码|位置)|dd›核算依据|table-summary›.*": "typed by people: names and numbers of documents",
    r"table-deadlines›结论": "repeats the count in the column before it, which opens",
    r"ul li": "“另有 … 处”: how many lines the first page leaves to the table",
    r"main p": "附件 1, the name of the form",
    r"details\.working (summary|p|p\.note)|section p": "a computation's title repeats what opens inside; why one cannot be made",
    r"table-try_(editions|changes)›.*": "editions with how many rows of the table of computed results have them",
}
"""Where a page prints numbers that do not open, and why that is right."""


@pytest.fixture(scope="module")
def html(reports):
    return {name: (reports / PAGES[name]).read_text(encoding="utf-8") for name in CHINESE}


@pytest.fixture(scope="module")
def facts(html):
    return {name: facts_in(html[name]) for name in CHINESE}


@pytest.mark.parametrize("name", CHINESE)
def test_every_number_of_a_page_opens_or_stands_where_it_is_said_why_not(name, html):
    silent = {one.where: one.text for one in texts(html[name]) if not one.facts}
    assert {where: text for where, text in silent.items() if not any(re.fullmatch(p, where) for p in NOT_FIGURES)} == {}


def test_no_reason_for_a_number_that_does_not_open_is_left_over(html):
    silent = {one.where for name in CHINESE for one in texts(html[name]) if not one.facts}
    assert [pattern for pattern in NOT_FIGURES if not any(re.fullmatch(pattern, where) for where in silent)] == []


@pytest.mark.parametrize("name", CHINESE)
def test_every_number_that_opens_is_the_figure_s_or_one_that_it_stands_on(name, html, facts):
    known, names, wrong = facts[name], list(facts[name]), []
    for one in texts(html[name]):
        opened = [names[at] for at in one.facts]
        if not opened or one.where == "math":
            continue
        if one.alone and numeric(one.text.replace("\u2212", "-")):
            if abs(number(one.text)) != abs(number(known[opened[0]].value)):
                wrong.append((one, known[opened[0]].value))
        elif missing := [said for said in one.numbers if abs(number(said)) not in stands_on(known, opened)]:
            wrong.append((one, missing))
    assert wrong == []


def stands_on(facts, names):
    """Return every number that a figure, what it is made of, its cells and its parameters say."""
    seen, waiting, found = set(), [*names], set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            one = facts[name]
            waiting += one.parts
            said = [one.value, one.formula, one.note, *(cell.value for cell in one.cells)]
            said += [part for rule in one.rules for part in (rule.value, rule.label)]
            shares = [rule.value for rule in one.rules if re.fullmatch(r"0?\.\d+|\d+/\d+", rule.value)]
            shares += [one.value] if one.value.startswith("0.") else []
            found |= {Decimal(int(Fraction(share) * 10**4)) / 100 for share in shares}  # in per cent, cut off
            found |= {abs(number(value)) for text in said for value in NUMBER.findall(text)}
            found |= {abs(number(cell.value)) for cell in one.cells if numeric(cell.value)}
    return found


@pytest.mark.parametrize("name", CHINESE)
def test_what_says_to_be_a_sum_is_the_sum_of_its_parts_with_the_sign_that_it_states(name, facts):
    assert false_sums(facts[name]) == []


def test_a_figure_of_the_opposite_sign_than_its_parts_says_so(facts):
    uses = [one for one in facts["reserve"].values() if keys_of(one.id)[:1] == ("balance",) and "debited" in one.id]
    signed = [one for one in uses if one.parts and not one.id.startswith("balance:%2A")]
    assert len(signed) > 50 and all(one.formula.startswith("−（") for one in signed)


@pytest.mark.parametrize("name", CHINESE)
def test_every_figure_but_zero_leads_to_a_cell_a_parameter_or_says_that_nothing_was_stated(name, facts):
    left_out = [one.id for one in facts[name].values() if "没有填报，按此计" in one.note]
    assert without_cells(facts[name], left_out) == []


@pytest.mark.parametrize("name", CHINESE)
def test_a_figure_with_nothing_behind_it_says_why(name, facts):
    empty = [one for one in facts[name].values() if not (one.parts or one.cells or one.rules)]
    assert [one.id for one in empty if not one.note] == []
    assert [one.id for one in empty if one.value not in ("0", "") and "没有填报" not in one.note] == []


def test_a_figure_opens_and_closes_by_the_keyboard_and_the_focus_comes_back(opened):
    tab = opened("reserve")
    cell = tab.locator('[data-fact="balance:HX:COD:closing"]').first
    cell.focus()
    tab.keyboard.press("Enter")
    assert tab.locator("dialog.trace[open]").count() == 1
    assert "期末" in tab.locator("dialog.trace h2").text_content()
    tab.keyboard.press("Escape")
    assert tab.locator("dialog.trace[open]").count() == 0
    assert tab.evaluate("document.activeElement.dataset.fact") == "balance:HX:COD:closing"


@pytest.mark.parametrize("name", ["reserve", "annual", "trial", "reserve in English", "annual in English"])
def test_every_figure_in_a_sentence_opens_with_the_number_that_stands_there(name, opened):
    tab = opened(name)
    lacking = "[...document.querySelectorAll('[data-facts]')].filter(one => one.querySelectorAll('[data-fact]').length !== one.dataset.facts.split(' ').length).map(one => one.textContent)"
    assert tab.evaluate(lacking) == []
    figures = tab.locator(".answer span[data-fact]")
    assert figures.count() > 3
    for at in range(min(figures.count(), 12)):
        figure = figures.nth(at)
        figure.focus()
        tab.keyboard.press("Enter")
        stated = tab.locator("dialog.trace h2 b").text_content().split()[0].replace("\u2212", "-")
        assert abs(number(stated)) == abs(number(figure.text_content()))
        tab.keyboard.press("Escape")


def test_a_finding_opens_into_the_amounts_that_its_sentence_holds(opened):
    tab = opened("reserve")
    cell = tab.locator("#table-warnings td[data-fact]", has_text="共需").first
    need, available, short = re.findall(r"\d+\.?\d*(?= t)", cell.locator("xpath=../td[2]").text_content())
    cell.evaluate("one => one.click()")
    parts = tab.locator("dialog.trace > .fact > details > summary b").all_text_contents()
    assert {need, available, short} <= {part.split()[0] for part in parts}


def test_the_arrow_keys_go_from_figure_to_figure_and_tab_stops_once_a_table(opened):
    tab = opened("reserve")
    first = tab.locator("#table-park_balances [data-fact]").first
    first.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowDown")
    there = tab.evaluate("[document.activeElement.cellIndex, document.activeElement.parentElement.rowIndex]")
    assert there == [first.evaluate("one => one.cellIndex") + 1, 2]
    stops = (
        "[...document.querySelectorAll('#table-park_balances [data-fact]')].filter(one => one.tabIndex === 0).length"
    )
    assert tab.evaluate(stops) == 1


def test_the_facts_of_the_page_are_readable_by_a_program(opened, html, facts):
    tab = opened("reserve")
    block = tab.evaluate("JSON.parse(document.getElementById('facts').textContent)")
    assert (block["schema"], block["period"]) == (3, "2025Q4")
    shown = set(tab.evaluate("[...document.querySelectorAll('[data-fact]')].map(one => one.dataset.fact)"))
    assert len(shown) > 2000 and shown <= set(facts["reserve"])


@pytest.mark.parametrize("name", ["reserve", "annual", "trial", "workpapers", "annual in English"])
def test_every_table_picture_and_section_has_a_link_that_leads_there_and_is_not_printed(name, opened):
    tab = opened(name)
    places = "[...document.querySelectorAll('main :is(h2, figure.table, figure.chart)[id]')]"
    lacking = (
        f"{places}.filter(one => one.querySelector('a.here')?.getAttribute('href') !== '#' + one.id).map(one => one.id)"
    )
    assert tab.evaluate(f"{places}.length") > 5 and tab.evaluate(lacking) == []
    link = tab.locator("figure.table a.here").last
    assert link.is_visible() and link.get_attribute("aria-label")
    link.focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate("decodeURIComponent(location.hash)") == link.get_attribute("href")
    tab.emulate_media(media="print")
    assert not link.is_visible()
