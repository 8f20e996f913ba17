"""No page keeps anybody out: every rule of axe-core holds, by day and by night; no words of a picture are hidden."""

from __future__ import annotations

import re

import pytest

from tests.pages import PAGES

CASES = [
    *((name, "light") for name in PAGES),
    ("index", "dark"),
    ("workpapers", "dark"),
    ("annex1", "dark"),
]


@pytest.mark.parametrize(("name", "scheme"), CASES)
def test_no_page_has_a_barrier_that_axe_knows(name, scheme, opened):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(opened(name, color_scheme=scheme)).response["violations"]
    assert [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found] == []


HIDDEN = """() => [...document.querySelectorAll("main svg")].flatMap((picture) => {
  const edge = picture.getBoundingClientRect();
  const words = [...picture.querySelectorAll("text")].map((one) => [one.textContent, one.getBoundingClientRect()]);
  const cut = words.filter(([, at]) => at.left < edge.left - 1 || at.right > edge.right + 1);
  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom - 4 <= b.top || b.bottom - 4 <= a.top;
  const over = words.filter(([, one], at) => words.some(([, other], place) => place < at && !apart(one, other)));
  return [...cut, ...over].map(([text]) => `${picture.getAttribute("aria-label")}: ${text}`);
})"""


@pytest.mark.parametrize("name", [name for name in PAGES if not name.startswith(("annex1", "index"))])
def test_no_words_of_a_picture_are_cut_or_lie_on_each_other_at_any_width(name, opened):
    tab = opened(name)
    assert tab.locator("main svg").count() > 0
    for width in (375, 768, 1280, 1920):
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate(HIDDEN) == [], width


@pytest.mark.parametrize("name", ["reserve in English", "annual"])
def test_sheets_are_turned_once_for_all_wide_tables_and_once_back(name, opened, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    opened(name).pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    sizes = [sheet.mediabox for sheet in pypdf.PdfReader(tmp_path / "page.pdf").pages]
    turned = "".join("L" if one.width > one.height else "P" for one in sizes)
    assert re.fullmatch("P+L+P+", turned), turned


def test_a_very_long_text_says_that_it_scrolls(opened):
    tab = opened("reserve")
    tab.evaluate(
        """document.querySelector("#table-warnings td.text").innerHTML = `<div class="long">${"长".repeat(9999)}</div>`"""
    )
    box = tab.locator("div.long")
    assert box.evaluate("one => one.scrollHeight > one.clientHeight && getComputedStyle(one).borderTopWidth === '1px'")
    assert "可滚动" in box.evaluate("one => getComputedStyle(one, '::after').content")
