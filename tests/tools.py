"""Tools that some tests need beside Python; where one is missing, the test says so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


def missing(what: str) -> None:
    """Skip the test for want of a tool; fail it where QUOTA_REQUIRE_TOOLS=1 forbids that."""
    if os.environ.get("QUOTA_REQUIRE_TOOLS") == "1":
        pytest.fail(f"{what} is missing, and QUOTA_REQUIRE_TOOLS=1")
    pytest.skip(f"{what} is missing")


@contextmanager
def chromium() -> Iterator[Any]:
    """Give a running chromium: the system's if there is one, else playwright's own."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        missing("playwright")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
                args=["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [],
            )
        except Error as error:
            missing(f"a chromium for playwright ({str(error).splitlines()[0]})")
        yield browser
        browser.close()
