"""Every page in a real browser: silent, offline, accessible, fitting each width, its figures opening to the cells they name."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from decimal import Decimal
from functools import cache
from itertools import pairwise

import openpyxl
import pytest

from tests.pages import PAGES
from tests.tools import missing
from tests.tracing.printed import numeric
from tests.workspaces import ROOT

WITH_FIGURES = ("reserve", "workpapers", "annual", "trial", "reserve in English", "annual in English")
WIDTHS = (375, 768, 1280, 1920)
LIMIT = 2_000_000
MINUS = "\u2212"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_stays_under_two_megabytes(name, reports):
    assert (reports / PAGES[name]).stat().st_size < LIMIT


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_at_any_width(name, opened):
    tab = opened(name)
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, width


@pytest.mark.parametrize("name", PAGES)
def test_headings_go_down_one_level_at_a_time_and_tables_have_captions_and_scopes(name, opened):
    tab = opened(name)
    levels = tab.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5')].map(one => +one.tagName[1])")
    assert levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels))
    bare = (
        "[...document.querySelectorAll('table')].filter(one => !one.caption && !one.getAttribute('aria-label')).length"
    )
    assert tab.evaluate(bare) == 0
    assert tab.evaluate("[...document.querySelectorAll('th')].filter(one => !one.scope).length") == 0
    silent = "[...document.querySelectorAll('svg')].filter(one => !(one.getAttribute('aria-label') && one.querySelector('desc'))).length"
    assert tab.evaluate(silent) == 0


LINKLESS = """[...document.querySelectorAll('main :is(h2, h3, figure.table, figure.chart)')].filter(one => {
  const link = one.querySelector(':scope a.here');
  return !one.closest('.answer') && !(one.id && link && link.getAttribute('href') === '#' + one.id);
}).map(one => one.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("name", WITH_FIGURES)
def test_every_section_table_and_picture_has_a_link_to_itself(name, opened):
    tab = opened(name)
    assert tab.evaluate(LINKLESS) == []
    ids = tab.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))


@cache
def book(file: str):
    return openpyxl.load_workbook(ROOT / "data" / file, data_only=True)


def number(text: str) -> Decimal:
    return Decimal(text.replace(MINUS, "-").split()[0])


@pytest.mark.parametrize("name", WITH_FIGURES)
def test_figures_clicked_at_random_say_what_is_printed_and_lead_to_cells_that_hold_the_stated_values(name, opened):
    tab = opened(name)
    figures = tab.locator(":is(td, th, span)[data-fact]")
    assert figures.count() > 20
    reached = 0
    for at in random.Random(11).sample(range(figures.count()), 25):
        figure = figures.nth(at)
        printed = figure.text_content()
        figure.evaluate("one => one.click()")
        panel = tab.locator("dialog.trace[open]")
        assert panel.count() == 1, figure.get_attribute("data-fact")
        stated = panel.locator("h2 b").first.text_content()
        if numeric(printed):  # else a sentence, a range or the working of an amount
            assert abs(number(stated)) == abs(number(printed))
        for _ in range(6):  # down to a cell
            closed = panel.locator("details:not([open]) > summary")
            if panel.locator(".cell").count() or not closed.count():
                break
            closed.first.evaluate("one => one.click()")
            tab.wait_for_timeout(20)
        for row in panel.locator(".cell").all()[:3]:
            place, value = row.locator("code").text_content(), row.locator("b").text_content()
            file, _, rest = place.partition(" › ")
            sheet, _, address = rest.partition("!")
            if not file.endswith(".xlsx"):
                continue  # hourly data have no cells
            there = book(file)[sheet][address].value
            if isinstance(there, int | float):
                assert Decimal(repr(there)) == number(value), place
                reached += 1
        tab.keyboard.press("Escape")
    assert reached > 5


@pytest.mark.parametrize("name", ["reserve", "annual"])
def test_bars_of_pictures_open_by_mouse_and_key_with_the_amount_that_they_show(name, opened):
    tab = opened(name)
    bars = tab.locator("svg [data-fact]")
    panel = tab.locator("dialog.trace[open]")
    assert bars.count() > 20
    for at in random.Random(3).sample(range(bars.count()), 12):
        bar = bars.nth(at)
        title = bar.locator("title").text_content()
        bar.dispatch_event("click")
        stated = number(panel.locator("h2 b").first.text_content())
        assert abs(number(title.split()[-2].lstrip("+"))) == abs(stated), title
        tab.keyboard.press("Escape")
    first = tab.locator("svg [data-fact][tabindex='0']").first
    first.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Enter")
    assert panel.count() == 1
    tab.keyboard.press("Escape")


@pytest.mark.parametrize("name", WITH_FIGURES)
def test_a_figure_opens_by_the_keyboard_and_gives_the_focus_back(name, opened):
    tab = opened(name)
    first = tab.locator("[data-fact][tabindex='0']").first
    first.focus()
    tab.keyboard.press("Enter")
    assert tab.locator("dialog.trace[open]").count() == 1
    tab.keyboard.press("Escape")
    assert tab.locator("dialog.trace[open]").count() == 0
    assert first.evaluate("one => one === document.activeElement")


@pytest.mark.parametrize("name", ["workpapers", "annual", "trial"])
def test_a_page_prints_on_numbered_a4_sheets_without_controls(name, opened, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    path = tmp_path / "page.pdf"
    opened(name).pdf(path=path, prefer_css_page_size=True)
    sheets = pypdf.PdfReader(path).pages
    texts = [sheet.extract_text() for sheet in (sheets[0], sheets[-1])]
    assert {tuple(sorted(round(float(side)) for side in sheet.mediabox[2:])) for sheet in sheets} == {(595, 842)}
    assert re.search(rf"1 .\s共 {len(sheets)} ", texts[0])  # chromium writes 页 as a radical
    assert "下载 CSV" not in "".join(texts) and "筛选" not in "".join(texts)


SHEET = re.compile(r'<page width="([\d.]+)"')
WORD = re.compile(r'xMax="([\d.]+)" yMax="[\d.]+">(.*?)</word>')
MARGIN = 15 * 72 / 25.4 - 1.5  # of 15 mm, in points; what ends at it may be rounded beyond it


@pytest.mark.parametrize("name", ["reserve in English", "annual in English"])
def test_no_word_is_cut_at_the_edge_of_the_paper(name, opened, tmp_path):
    tool = shutil.which("pdftotext") or missing("pdftotext")
    path = tmp_path / "page.pdf"
    opened(name).pdf(path=path, prefer_css_page_size=True)
    said = subprocess.run([tool, "-bbox", path, "-"], check=True, capture_output=True, text=True).stdout
    beyond, words, width = [], 0, 0.0
    for line in said.splitlines():
        if sheet := SHEET.search(line):
            width = float(sheet[1])
        elif word := WORD.search(line):
            words += 1
            beyond += [word[2]] if float(word[1]) > width - MARGIN else []
    assert words > 5000
    assert beyond == []
