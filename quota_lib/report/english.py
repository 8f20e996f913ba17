"""The English page beside each Chinese one: ``reserve.en.html`` beside ``reserve.html``.

Source  contract §4 --lang en
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from pathlib import Path

from quota_lib.english import english_page
from quota_lib.report.atomic import write_whole

ENGLISH = ".en.html"
_log = logging.getLogger(__name__)


def english_name(name: str) -> str:
    """Return the file name of a page's English one.

    >>> english_name("reserve.html")
    'reserve.en.html'
    """
    return name.removesuffix(".html") + ENGLISH


def write_english(folder: Path, pages: Sequence[str], siblings: Collection[str] = ()) -> list[str]:
    """Write the English page beside each Chinese one of a folder; return their names.

    ``siblings``: more pages that have an English one, to which links lead.  What the catalogue does not cover stays in
    Chinese, marked as such; how much that is, is said on standard error.
    """
    files = []
    for name in pages:
        made = english_page((folder / name).read_text(encoding="utf-8"), Path(name).name, {*pages, *siblings})
        files.append(english_name(name))
        write_whole(folder / files[-1], made.html)
        if made.missed:
            _log.warning("%s：%d 处没有英文译文，保留中文", files[-1], len(made.missed))
    return files
