"""A year closed: its account, next year's allowable, what a person should look at, in one record.

Maps the year's facts onto what the methods of the allowable and the plausibility checks take.
Source  TOTAL-1 to TOTAL-3, RESERVE-4, SAFE-4
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from quota_lib.allowable import APPROVED, AllowableInput, Allowables, Held, PlantFactor, allowables
from quota_lib.allowable import Assessment as Assessed
from quota_lib.allowable import Cap as Capped
from quota_lib.allowable.reading import word
from quota_lib.amounts import ZERO, Mass
from quota_lib.findings import Finding
from quota_lib.findings.numbers import numbered
from quota_lib.findings.remarks import Remarks, remarks_on
from quota_lib.park import Park, fold
from quota_lib.periods import Period, Quarter
from quota_lib.plausibility import Applied, Declared, PlausibilityInput, Series, implausible
from quota_lib.problems import Problem, in_order
from quota_lib.reserve.ledger import NOT_BUILDING, RUNNING
from quota_lib.reserve.ratio import assessment
from quota_lib.reserve.route import increase, last_decision
from quota_lib.reserve.ruling import Status
from quota_lib.totals import Annual, Online, annual, annual_findings, year_of
from quota_lib.totals.review import as_verified, limit
from quota_lib.totals.totals import Total
from quota_lib.totals.year import TO_ENVIRONMENT, WHOLE_PLANT, Year
from quota_lib.workbook.folder import Folder

if TYPE_CHECKING:
    from quota_lib.hourly import Hourly

WATER, AIR = "水", "大气"
ENDED = (NOT_BUILDING, "关停")  # the states of a project that will not run, or not again


class Closed(NamedTuple):
    """A year's account with next year's allowable, its findings and every complaint about its data.

    ``before``: what the report of the year before proposed for this one; None: there is none.
    """

    account: Annual
    allowables: Allowables
    before: Allowables | None
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    hourly: Hourly | None

    @property
    def year(self) -> Year:
        return self.account.year

    @property
    def park(self) -> Park:
        return self.account.year.park


def close_year(
    park: Park,
    folders: Mapping[Period, Folder],
    number: int,
    read_hourly: Callable[[Year], Hourly] | None = None,
) -> Closed:
    """Return the account of a year from the park at the as-of quarter and the folders that were read.

    Shape   ``folders``: the annual ones up to the year read whole, and the quarterly ones.
            ``read_hourly``: reads the year's hourly data for its outlets and calibrations, where there are any.
    Errors  RuleError
    """
    year = year_of(park, folders, number)
    hourly = read_hourly(year) if read_hourly else None
    online = online_of(hourly)
    found = allowables(allowable_input(annual(year, online)), year.rules, year.end)
    before = allowed_before(park, folders, number)
    account = annual(year, online, _proposed(found), _proposed(before))._replace(allowables=found)
    seen = [*annual_findings(account), *implausible(plausibility_input(year, hourly), year.rules, year.end)]
    order = year.rules.factors.order
    seen.sort(key=lambda one: (one.zone, one.unit, one.project, order.get(one.factor, -1), one.code, one.message))
    problems = [*account.problems, *park.problems, *(hourly.problems if hourly else ())]
    return Closed(account, found, before, tuple(seen), tuple(in_order(problems)), hourly)


def allowed_before(park: Park, folders: Mapping[Period, Folder], number: int) -> Allowables | None:
    """Return what the report of the year before proposes for this one, as it stands by default: in the second quarter.

    Source  TOTAL-3; contract §5, totals: allowable, next_allowable; the reading ``allowable.held``

    One year back and no further: a proposal stands on what was declared and verified, not on what was computed
    nor on the proposal before it.  Without declarations and verifications of that year there was no report.
    """
    if word(park.rules, "held", date(number, 12, 31)) == "verified" or number - 1 not in folders:
        return None
    quarter = min(park.quarter, Quarter(number, 2))
    earlier = {one: read for one, read in folders.items() if _known(one, number, quarter)}
    year = year_of(fold(earlier, quarter, park.rules, park.basis), earlier, number - 1)
    if not year.declarations and not year.verifications:
        return None
    return allowables(allowable_input(as_verified(year)), year.rules, year.end)


def _known(period: Period, number: int, quarter: Quarter) -> bool:
    return period <= quarter if isinstance(period, Quarter) else period < number


def _proposed(found: Allowables | None) -> dict[tuple[str, str], Mass]:
    plants = found.plants if found else ()
    return {(one.unit, one.factor): one.proposed for one in plants if one.proposed is not None}


def remarks_of_year(closed: Closed) -> Remarks:
    """Return the remarks on a year's report."""
    numbers = [number for number, _ in numbered(closed.findings)]
    return remarks_on(closed.year.book, "annual", closed.year.year, numbers)


def online_of(hourly: Hourly | None) -> Online:
    """Return a year's online data as the account takes them."""
    if hourly is None:
        return Online()
    return Online(hourly.quarters, hourly.barred, hourly.volumes, hourly.hours)


def hours_of_samples(year: Year) -> set[tuple[str, str, str, datetime]]:
    """Return the hours in which manual samples were taken: of these the account wants the online emission."""
    found = set()
    for row in year.samples:
        if isinstance(row.date, datetime):
            hour = row.date.replace(minute=0, second=0, microsecond=0)
            found.add((row.unit, row.outlet, row.factor, hour))
    return found


def allowable_input(account: Annual) -> AllowableInput:
    """Return what next year's allowable stands on.

    Source  TOTAL-3 根据上年度环境质量考核、本年度目标、总量控制要求

    Without a management list nobody is taken for unlisted.  What was agreed and does not run yet is
    spoken for; up to 31 December it is in what the register permits already.  A plant that discharges, or has the
    bureau's figure, and of which nobody says what it is permitted, is among the plants with None for it.
    """
    year = account.year
    rows = [row for row in account.totals if (row.basis, row.scope) == (TO_ENVIRONMENT, WHOLE_PLANT)]
    plants = tuple(_plant(account, row) for row in rows if limit(row) is not None or _counts(row))
    caps = tuple(
        Capped(cap.zone, cap.factor, cap.cap, cap.held_back or ZERO)
        for (of, _, _), cap in sorted(year.caps.items())
        if of == year.year + 1
    )
    pairs = {(one.zone, one.factor) for one in plants}
    held = tuple(one for _, one in not_running(account))
    assessed = (_assessed(year, zone, factor) for zone, factor in sorted(pairs))
    return AllowableInput(plants, caps, held, tuple(one for one in assessed if one))


def _counts(row: Total) -> bool:
    """Return whether there is something of a plant that a cap must carry, whatever it is permitted."""
    return row.verified_allowable is not None or (row.actual or 0) > 0


def _plant(account: Annual, row: Total) -> PlantFactor:
    year = account.year
    performance = year.performances.get(row.unit)
    return PlantFactor(
        unit=row.unit,
        zone=row.zone,
        factor=row.factor,
        permitted=limit(row),
        actual=row.verified_actual,
        declared=row.declared_allowable,
        output=performance.output_value if performance else None,
        grade=performance.grade if performance else "",
        override=row.verified_allowable,
        listed=not year.listed or row.unit in year.listed,
        gone=_gone(account, row),
    )


def _gone(account: Annual, row: Total) -> Mass:
    """Return how much of what was permitted on 31 December went back up to the as-of quarter's end, mg."""
    end = account.year.end
    steps = account.register.history(row.unit, row.factor, account.year.park.quarter.end)
    there = {step.project for step in steps if step.day <= end}
    falls = (
        (one.permitted or 0) - (after.permitted or 0)
        for one, after in pairwise(steps)
        if after.day > end and after.project in there
    )
    return Mass(sum(max(fall, 0) for fall in falls))


def not_running(account: Annual) -> Iterator[tuple[str, Held]]:
    """Return what was agreed, is not recovered, and whose project (named) does not run at the as-of quarter's end.

    A project that is 关停 or 不再建设 then will not run: what it was given is recovered (RESERVE-4), and until it is,
    it is held.  One that left the queue (不再建设 while it waited) was given nothing.  What was given after
    31 December is in no permitted figure of the year yet: it is held although it runs.
    """
    year, ledger = account.year, account.year.park.ledger
    day = year.park.quarter.end
    for project in sorted(ledger.rulings):
        ruling = ledger.standing(project)
        state = ledger.state(project, day, day)
        if ruling is None or ruling.status is Status.LEFT:
            continue
        if state == RUNNING and (ruling.supplied or ruling.document.booked).year <= year.year:
            continue
        for row in ruling.document.rows:
            amount = Mass((row.permitted or ZERO) - ruling.recovered.get(row.factor, ZERO))
            steps = account.register.history(ruling.unit, row.factor, year.end)
            document = ruling.document.document
            inside = any((step.document, step.project) == (document, project) for step in steps)
            ended = state in ENDED
            if amount > 0:
                about = (ruling.unit, document, inside, ended, project)
                yield project, Held(ruling.zone, row.factor, APPROVED, amount, *about)


def _assessed(year: Year, zone: str, factor: str) -> Assessed | None:
    """Return the latest assessment of the factor's medium for a zone, with its target; metals follow water."""
    medium = AIR if year.rules.factors.by_id[factor].medium == AIR else WATER
    day = min(year.park.quarter.end, date(year.year + 1, 12, 31))  # of a later year is not asked
    found = assessment(year.park.book, medium, factor, zone, day)
    if found is None:
        return None
    return Assessed(zone, factor, found.result, found.target)


def plausibility_input(year: Year, hourly: Hourly | None) -> PlausibilityInput:
    """Return what the plausibility checks look at: applications and declarations of the year and the year before."""
    return PlausibilityInput(
        year.year,
        tuple(_applied(year)),
        tuple(_declared(year)),
        tuple(_series(year, hourly)) if hourly else (),
    )


def _series(year: Year, hourly: Hourly) -> Iterator[Series]:
    for one in hourly.years:
        yield Series(
            one.unit,
            year.zone(one.unit),
            one.outlet,
            one.factor,
            one.digest,
            one.nonzero,
            one.flat_hours,
            f"{one.flat_from:%Y-%m-%d %H:%M}" if one.flat_from else "",
            one.flat_value,
        )


def _applied(year: Year) -> Iterator[Applied]:
    book = year.park.book
    running: dict[tuple[str, int, str], int] = {}
    projects = sorted(book.factors_of, key=lambda one: (book.construction(one).date, one))
    for project in projects:
        own, decision = book.construction(project), last_decision(book, project)
        if own.date.year not in (year.year, year.year - 1) or (decision and not decision.agreed):
            continue
        for factor, row in sorted(book.application(project).items()):
            key = (own.unit, own.date.year, factor)
            running[key] = running.get(key, 0) + increase(row)
            total = Mass(running[key])
            yield Applied(project, own.unit, own.zone, factor, own.date, increase(row), total, (row.at, "new"))


def _declared(year: Year) -> Iterator[Declared]:
    for row in year.book.latest("declaration"):
        if row.year in (year.year, year.year - 1) and (row.measure, row.scope) == (TO_ENVIRONMENT, WHOLE_PLANT):
            unit, performance = year.units.get(row.unit), year.performances.get(row.unit)
            output = performance.output_value if performance and row.year == year.year else None
            yield Declared(
                row.year,
                row.unit,
                year.zone(row.unit),
                row.factor,
                row.permitted,
                row.actual,
                unit.industry if unit else "",
                output,
                (row.at, "actual"),
            )
