"""What a run says of itself in a few lines, kept in its manifest, and read again for the index.

Source  contract §4 reports/index.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from quota_lib.problems import SEVERITIES, Problem
from quota_lib.report.html import VERDICTS, Answer

CLEAN, WITH_ERRORS = "clean", "errors"
RESERVE, ANNUAL, TRY = "reserve", "annual", "try"
_FRAGMENT = re.compile(r"#[\w-]+")


class Unreadable(ValueError):
    """What a run should have left cannot be read; says why, in the words of the index."""


class Said(NamedTuple):
    """One answer of a first page: its question, verdict and line, and where on the page its figures stand."""

    question: str
    verdict: str
    headline: str
    link: str


class Summary(NamedTuple):
    """What a run says of itself.

    ``counts``: problems by severity, none for a trial.  ``author``, ``reason``: of a trial.
    """

    kind: str
    period: str
    title: str
    status: str
    counts: Mapping[str, int]
    answers: tuple[Said, ...]
    author: str = ""
    reason: str = ""


def summary_of(
    kind: str, period: str, title: str, problems: Sequence[Problem], answers: Sequence[Answer]
) -> dict[str, Any]:
    """Return the summary of a report as its manifest holds it.

    Shape   kind, period, title, status (clean, errors), problems (severity -> count),
            answers (question, verdict, headline, link: a place on the page).
    """
    counts = {name: sum(one.severity == name for one in problems) for name in SEVERITIES}
    return {
        "kind": kind,
        "period": period,
        "title": title,
        "status": WITH_ERRORS if counts["error"] else CLEAN,
        "problems": counts,
        "answers": [
            {"question": one.question, "verdict": one.verdict, "headline": one.headline, "link": one.link}
            for one in answers
        ],
    }


def trial_summary(period: str, title: str, author: str, reason: str, has_errors: bool) -> str:
    """Return the summary of a trial as the file beside its page."""
    content = {
        "kind": TRY,
        "period": period,
        "title": title,
        "author": author,
        "reason": reason,
        "status": WITH_ERRORS if has_errors else CLEAN,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_manifest_summary(path: Path) -> Summary | None:
    """Read the summary in a run's manifest; None if the run was one that left none.

    Errors  Unreadable
    """
    content = _read(path)
    return summary_in(content["summary"]) if "summary" in content else None


def read_trial_summary(path: Path) -> Summary | None:
    """Read the summary beside a trial's page; None if there is none.

    Errors  Unreadable
    """
    return summary_in(_read(path)) if path.is_file() else None


def summary_in(content: Any) -> Summary:
    """Return a summary from what a file holds, which anyone may have edited.

    Errors  Unreadable if it is not what a run leaves.
    """
    try:
        counts = content.get("problems", {})
        made = Summary(
            kind=_text(content["kind"]),
            period=_text(content["period"]),
            title=_text(content["title"]),
            status=_text(content["status"]),
            counts={name: int(counts[name]) for name in SEVERITIES if name in counts},
            answers=tuple(map(_said, content.get("answers", ()))),
            author=_text(content.get("author", "")),
            reason=_text(content.get("reason", "")),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Unreadable("摘要残缺") from None
    if made.status not in (CLEAN, WITH_ERRORS):
        raise Unreadable("摘要残缺")
    return made


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Unreadable(f"没有 {path.name}") from None
    except (OSError, ValueError, RecursionError):
        raise Unreadable(f"{path.name} 读不出") from None
    if not isinstance(content, dict):
        raise Unreadable(f"{path.name} 读不出")
    return content


def _said(content: Any) -> Said:
    link = _text(content["link"])
    said = Said(_text(content["question"]), _text(content["verdict"]), _text(content["headline"]), link)
    if said.verdict not in VERDICTS or (link and not _FRAGMENT.fullmatch(link)):
        raise ValueError(said)
    return said


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
