"""The demo park's pages, and a browser that opens them and hears what they ask for and complain of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools import chromium
from tests.workspaces import demo_workspace, quota

PAGES = {
    "reserve": "2025Q4/reserve.html",
    "workpapers": "2025Q4/workpapers.html",
    "annex1": "2025Q4/annex1/XM2025-024.html",
    "annual": "2025/annual.html",
    "trial": "2025Q4/try/national-2021.html",
    "index": "index.html",
    "reserve in English": "2025Q4/reserve.en.html",
    "workpapers in English": "2025Q4/workpapers.en.html",
    "annual in English": "2025/annual.en.html",
    "trial in English": "2025Q4/try/national-2021.en.html",
    "index in English": "index.en.html",
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> Path:
    place = demo_workspace(tmp_path_factory.mktemp("browser") / "w")
    for command in (("reserve", "2025Q4"), ("annual", "2025"), ("try", "national-2021", "2025Q4")):
        assert quota(place, *command, "--lang", "en").code in (0, 1), command
    return place / "reports"


@pytest.fixture(scope="module")
def any_browser():
    with chromium() as running:
        yield running


@pytest.fixture
def opened(any_browser, reports):
    """Open pages by name; afterwards none of them may have asked for anything or complained."""
    tabs, asked, said = [], [], []

    def open_(name: str, width: int = 1280, **options):
        tab = any_browser.new_page(viewport={"width": width, "height": 900}, **options)
        address = (reports / PAGES[name]).as_uri()
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("request", lambda request: asked.append(request.url) if request.url != address else None)
        tab.goto(address)
        tabs.append(tab)
        return tab

    yield open_
    assert said == []
    assert [url for url in asked if not url.startswith("blob:")] == []
    for tab in tabs:
        tab.close()
