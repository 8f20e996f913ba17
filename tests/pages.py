"""The demo park's pages, and a browser that opens them and hears what they ask for and complain of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

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


@contextmanager
def quiet(browser: Any, path: Path, **options: Any) -> Iterator[Any]:
    """Open a page in a tab of its own; in the end it may have asked for nothing and complained of nothing."""
    asked, said = [], []
    tab = browser.new_page(**options)
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(path.as_uri())
    yield tab
    assert said == []
    assert [url for url in asked if not url.startswith("blob:")] == [path.as_uri()]
    tab.close()


@pytest.fixture
def opened(any_browser, reports):
    """Open pages by name; afterwards none of them may have asked for anything or complained."""
    with ExitStack() as tabs:

        def open_(name: str, width: int = 1280, **options: Any) -> Any:
            size = {"width": width, "height": 900}
            return tabs.enter_context(quiet(any_browser, reports / PAGES[name], viewport=size, **options))

        yield open_
