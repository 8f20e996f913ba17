"""What might be taken back: not started, not to be built, or used for less than was permitted.

Source  RESERVE-4
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from quota_lib.allowable.saying import percent
from quota_lib.amounts import text
from quota_lib.findings import Seen, finding
from quota_lib.park import Park
from quota_lib.periods import Quarter
from quota_lib.reserve.ledger import NOT_BUILDING
from quota_lib.reserve.recoveries import surplus as surplus_left
from quota_lib.reserve.recoveries import verified_figure
from quota_lib.reserve.ruling import Ruling, Status


def _debited(park: Park) -> Iterator[Ruling]:
    for project in sorted(park.ledger.rulings):
        ruling = park.ledger.standing(project)
        if ruling and ruling.status is Status.DEBITED:
            yield ruling


def _state(park: Park, project: str) -> str:
    return park.ledger.state(project, park.quarter.end, park.quarter.end)


def months_before(day: date, months: int) -> date:
    """Return the first day of the month that lies so many months before a quarter's end."""
    place = day.year * 12 + day.month - months
    return date((place - 1) // 12, (place - 1) % 12 + 1, 1)


@finding("W508")
def not_started(park: Park) -> Iterator[Seen]:
    """A project was debited long ago and is not started (RESERVE-4(1))."""
    months = park.rules.count("warnings.W508", park.quarter.end)
    line = months_before(park.quarter.end, months)
    for ruling in _debited(park):
        state = _state(park, ruling.project)
        if state in ("", "未开工") and ruling.document.date < line:
            day = ruling.document.date
            words = {"project": ruling.project, "day": day, "months": months, "state": state or "状态未填报"}
            row = ruling.document.rows[0]
            yield Seen(ruling.zone, ruling.unit, ruling.project, "", dict(words), (row.at, "date"))


@finding("W509")
def surplus(park: Park) -> Iterator[Seen]:
    """A plant used less than the line of what it was permitted, and part of it may be recovered (RESERVE-4(2))."""
    end: Quarter = park.quarter
    share = percent(park.rules.ratio("recovery.actual_below", end.end))
    for ruling in _debited(park):
        since = park.ledger.running_since(ruling.project, end.end)
        for factor, debit in ruling.takes.items():
            figure = verified_figure(park.book, ruling.unit, factor, since, end.end)
            if figure is None or figure.permitted is None:
                continue
            open_part = debit.permitted - ruling.recovered.get(factor, 0)
            left = min(surplus_left(park.ledger, park.rules, figure, end.end), open_part)
            if left > 0:
                words = {
                    "unit": park.book.unit_label(ruling.unit),
                    "year": figure.year,
                    "actual": text(figure.actual),
                    "permitted": text(figure.permitted),
                    "share": share,
                    "surplus": text(left),
                }
                yield Seen(ruling.zone, ruling.unit, ruling.project, factor, dict(words), (figure.at, "actual"))


@finding("W510")
def not_taken_back(park: Park) -> Iterator[Seen]:
    """A project will not be built, and what it was permitted is not all taken back (RESERVE-4(1))."""
    for ruling in _debited(park):
        if _state(park, ruling.project) != NOT_BUILDING:
            continue
        for factor, debit in ruling.takes.items():
            left = debit.permitted - ruling.recovered.get(factor, 0)
            if left > 0:
                label = park.rules.factors.label(factor)
                words = {
                    "project": ruling.project,
                    "factor": label,
                    "permitted": text(debit.permitted),
                    "left": text(left),
                }
                yield Seen(ruling.zone, ruling.unit, ruling.project, factor, dict(words), (debit.row.at, "permitted"))
