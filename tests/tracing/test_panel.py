"""On the page itself: a figure that is clicked, or focused and entered, opens where it came from; offline, without a sound."""

from __future__ import annotations

import random
from contextlib import contextmanager
from decimal import Decimal

import openpyxl
import pytest

from quota_lib.periods import Quarter
from quota_lib.report.annual import make_annual
from quota_lib.report.reserve import make_report
from quota_lib.tracing.block import unpacked
from quota_lib.workspace import Workspace
from tests.tools import chromium
from tests.workspaces import ROOT, demo_workspace

LIMIT = 2_000_000


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    place = demo_workspace(tmp_path_factory.mktemp("demo") / "w")
    make_report(Workspace(place), Quarter(2025, 4), lambda said: None)
    return place / "reports" / "2025Q4" / "reserve.html"


@pytest.fixture(scope="module")
def annual_page(page):
    place = page.parents[2]
    make_annual(Workspace(place), 2025, Quarter(2026, 2), lambda said: None)
    return place / "reports" / "2025" / "annual.html"


@contextmanager
def quiet_tab(browser, path):
    """Open a page that asks for nothing and complains of nothing."""
    said, asked = [], []
    tab = browser.new_page()
    tab.on("console", lambda one: said.append(one.text))
    tab.on("pageerror", lambda one: said.append(str(one)))
    tab.on("request", lambda one: asked.append(one.url))
    tab.goto(path.as_uri())
    yield tab
    assert said == []
    assert asked == [path.as_uri()]


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def opened(browser, page):
    with quiet_tab(browser, page) as tab:
        yield tab


@pytest.fixture(scope="module")
def opened_year(browser, annual_page):
    with quiet_tab(browser, annual_page) as tab:
        yield tab


def test_the_pages_stay_under_two_megabytes(page, annual_page):
    assert page.stat().st_size < LIMIT
    assert annual_page.stat().st_size < LIMIT


@pytest.mark.parametrize("name", ["opened", "opened_year"])
def test_figures_clicked_at_random_lead_to_cells_that_hold_the_stated_values(request, name):
    opened = request.getfixturevalue(name)
    figures = opened.locator(":is(td, th, span)[data-fact]")
    ids = random.Random(7).sample(range(figures.count()), 25)
    reached = 0
    for at in ids:
        cell = figures.nth(at)
        printed = cell.text_content().replace("\u2212", "-")
        cell.evaluate("one => one.click()")
        head = opened.locator("dialog.trace h2 b").text_content().replace("\u2212", "-")
        assert Decimal(head.split()[0]) == Decimal(printed)
        closed = opened.locator("dialog.trace details:not([open]) > summary")
        for _ in range(6):  # down to a cell
            if opened.locator("dialog.trace .cell").count() or not closed.count():
                break
            closed.first.evaluate("one => one.click()")
            opened.wait_for_timeout(30)
        for row in opened.locator("dialog.trace .cell").all()[:3]:
            place, value = row.locator("code").text_content(), row.locator("b").text_content()
            file, _, rest = place.partition(" › ")
            if not file.endswith(".xlsx"):
                continue
            sheet, _, address = rest.partition("!")
            there = openpyxl.load_workbook(ROOT / "data" / file, data_only=True)[sheet][address].value
            if isinstance(there, int | float):
                assert Decimal(repr(there)) == Decimal(value.replace("\u2212", "-"))
                reached += 1
        opened.keyboard.press("Escape")
    assert reached > 5


def test_a_figure_opens_and_closes_by_the_keyboard_and_the_focus_comes_back(opened):
    cell = opened.locator('[data-fact="balance:HX:COD:closing"]').first
    cell.focus()
    opened.keyboard.press("Enter")
    assert opened.locator("dialog.trace[open]").count() == 1
    assert "期末" in opened.locator("dialog.trace h2").text_content()
    opened.keyboard.press("Escape")
    assert opened.locator("dialog.trace[open]").count() == 0
    assert opened.evaluate("document.activeElement.dataset.fact") == "balance:HX:COD:closing"


def test_a_figure_in_an_answer_opens_too(opened_year):
    figure = opened_year.locator(".answer span[data-fact]").first
    figure.focus()
    opened_year.keyboard.press("Enter")
    assert opened_year.locator("dialog.trace h2 b").text_content().split()[0] == figure.text_content()
    opened_year.keyboard.press("Escape")


def test_the_arrow_keys_go_from_figure_to_figure_and_tab_stops_once_a_table(opened):
    first = opened.locator("#table-park_balances [data-fact]").first
    first.focus()
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowDown")
    there = opened.evaluate("[document.activeElement.cellIndex, document.activeElement.parentElement.rowIndex]")
    assert there == [first.evaluate("one => one.cellIndex") + 1, 2]
    stops = (
        "[...document.querySelectorAll('#table-park_balances [data-fact]')].filter(one => one.tabIndex === 0).length"
    )
    assert opened.evaluate(stops) == 1


def test_the_facts_of_the_page_are_readable_by_a_program(opened):
    found = opened.evaluate("JSON.parse(document.getElementById('facts').textContent)")
    assert (found["schema"], found["period"]) == (2, "2025Q4")
    ids = {one["id"] for one in unpacked(found)["facts"]}
    assert set(opened.evaluate("[...document.querySelectorAll('[data-fact]')].map(one => one.dataset.fact)")) <= ids
