"""Split applications: each under the filing line, together above it.

Source  RESERVE-2b 全厂年新增; SAFE-4
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from quota_lib.amounts import text
from quota_lib.findings import Seen
from quota_lib.plausibility.facts import Applied
from quota_lib.plausibility.registry import Asked, plausibility_check


@plausibility_check("W563")
def split_application(asked: Asked) -> Iterator[Seen]:
    """A plant's applications within so many days, also across the turn of a year, are together above the line."""
    days = asked.rules.count("plausibility.split_days", asked.day)
    plants: dict[tuple[str, str], list[Applied]] = defaultdict(list)
    for one in asked.facts.applications:
        if 0 < one.increase <= (_line(asked, one.factor, one.day) or 0):
            plants[(one.unit, one.factor)].append(one)
    for (_, factor), found in sorted(plants.items()):
        for together in _close(sorted(found, key=lambda one: (one.day, one.project)), days):
            last = together[-1]
            line, whole = _line(asked, factor, last.day) or 0, sum(one.increase for one in together)
            if whole > line and last.day.year == asked.facts.year:
                words = {
                    "factor": asked.label(factor),
                    "projects": "、".join(one.project for one in together),
                    "first": together[0].day,
                    "last": last.day,
                    "sum": text(whole),
                    "line": text(line),
                }
                yield Seen(last.zone, last.unit, last.project, factor, words, last.at)


def _line(asked: Asked, factor: str, day: date) -> int | None:
    return asked.rules.mass(f"filing.{factor}", day)


def _close(applications: list[Applied], days: int) -> Iterator[list[Applied]]:
    """Return the longest series of applications that lie within so many days of their first, none inside another."""
    reached = 0
    for start, first in enumerate(applications):
        end = max(place for place, one in enumerate(applications) if (one.day - first.day).days <= days) + 1
        if end > reached and end - start > 1:
            reached = end
            yield applications[start:end]
