"""No page keeps anybody out: every rule of axe-core holds, by day and by night."""

from __future__ import annotations

import pytest

from tests.pages import PAGES

LARGE = ("reserve in English", "annual in English")  # built like their Chinese pages, and a minute of work
CASES = [
    *((name, "light") for name in PAGES if name not in LARGE),
    ("index", "dark"),
    ("workpapers", "dark"),
    ("annex1", "dark"),
]


@pytest.mark.parametrize(("name", "scheme"), CASES)
def test_no_page_has_a_barrier_that_axe_knows(name, scheme, opened):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(opened(name, color_scheme=scheme)).response["violations"]
    assert [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found] == []
