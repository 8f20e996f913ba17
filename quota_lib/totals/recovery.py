"""What might be taken back: not built, less than 80 % used after a year of operation, other; and what was decided.

Source  RESERVE-4; contract §5, recoveries
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from quota_lib.amounts import Mass, Ratio, below_share, times
from quota_lib.facts import Verification
from quota_lib.reserve.ledger import NOT_BUILDING
from quota_lib.reserve.recoveries import surplus as surplus_left
from quota_lib.reserve.recoveries import verified_figure
from quota_lib.reserve.ruling import Debit, Ruling, Status
from quota_lib.totals.plants import Actuals
from quota_lib.totals.totals import Total
from quota_lib.totals.year import MAIN_OUTLETS, TO_ENVIRONMENT, WHOLE_PLANT, Figure, Year

NOT_BUILT, SURPLUS, OTHER = "不再建设", "富余", "其他"
CANDIDATE, DECIDED, NONE = "candidate", "decided", "none"
WITHOUT_FUGITIVE = "不含无组织"


class Candidate(NamedTuple):
    """A row of recoveries.csv.

    Of 富余 ``permitted`` and ``actual`` are the plant's, ``surplus`` is permitted − actual, ``surplus_at_80``
    what actual lacks of the line (80 %); both at least 0, before what was recovered.  Of 不再建设 and 其他
    ``permitted`` is the project's 核定新增.  ``left``: what a recovery may still take at most.
    ``flips``: the views under which the verdict on the line is another one.
    """

    project: str
    unit: str
    factor: str
    reason: str
    permitted: Mass | None
    actual: Mass | None
    share: Ratio | None
    surplus: Mass | None
    surplus_at_80: Mass | None
    load: Decimal | None
    scope: str
    flips: tuple[str, ...]
    recovered: Mass
    status: str
    left: Mass
    year: int | None
    ruling: Ruling


def recoveries(year: Year, made: Actuals, rows: Mapping[Figure, Total]) -> tuple[Candidate, ...]:
    """Return every project with a standing debit that is not built, or runs and was verified, or was recovered from."""
    found: list[Candidate] = []
    for project in sorted(year.park.ledger.rulings):
        ruling = year.park.ledger.standing(project)
        if ruling and ruling.status is Status.DEBITED:
            for factor in sorted(ruling.takes, key=year.order):
                found += _of_factor(year, made, rows, ruling, factor)
    return tuple(sorted(found, key=lambda one: (one.project, one.unit, year.order(one.factor), one.reason)))


def _of_factor(
    year: Year, made: Actuals, rows: Mapping[Figure, Total], ruling: Ruling, factor: str
) -> Iterator[Candidate]:
    debit = ruling.takes[factor]
    taken = _taken(year, ruling, factor)
    open_part = Mass(max(debit.permitted - ruling.recovered.get(factor, 0), 0))
    quarter = year.park.quarter
    state = year.park.ledger.state(ruling.project, quarter.end, quarter.end)
    if state == NOT_BUILDING or NOT_BUILT in taken:
        left = open_part if state == NOT_BUILDING else Mass(0)
        yield _whole(ruling, factor, debit, NOT_BUILT, taken.get(NOT_BUILT, Mass(0)), left)
    if OTHER in taken:
        yield _whole(ruling, factor, debit, OTHER, taken[OTHER], Mass(0))
    since = year.park.ledger.running_since(ruling.project, quarter.end)
    figure = verified_figure(year.book, ruling.unit, factor, since, date.max)
    if figure is not None and state != NOT_BUILDING:
        yield _surplus(year, made, rows, ruling, figure, taken.get(SURPLUS, Mass(0)), open_part)
    elif SURPLUS in taken:
        yield _whole(ruling, factor, debit, SURPLUS, taken[SURPLUS], Mass(0))


def _taken(year: Year, ruling: Ruling, factor: str) -> dict[str, Mass]:
    """Return 回收量 so far by reason, of recoveries that stand."""
    found: dict[str, Mass] = {}
    for one in year.park.ledger.recoveries:
        if one.ruling is ruling and one.factor == factor:
            found[one.reason] = Mass(found.get(one.reason, 0) + one.amount)
    return found


def _whole(ruling: Ruling, factor: str, debit: Debit, reason: str, recovered: Mass, left: Mass) -> Candidate:
    """Return a row about all that a project was permitted."""
    return Candidate(
        project=ruling.project,
        unit=ruling.unit,
        factor=factor,
        reason=reason,
        permitted=debit.permitted,
        actual=None,
        share=None,
        surplus=left if reason == NOT_BUILT else None,
        surplus_at_80=None,
        load=None,
        scope=WHOLE_PLANT,
        flips=(),
        recovered=recovered,
        status=CANDIDATE if left else DECIDED,
        left=left,
        year=None,
        ruling=ruling,
    )


def _surplus(
    year: Year,
    made: Actuals,
    rows: Mapping[Figure, Total],
    ruling: Ruling,
    figure: Verification,
    recovered: Mass,
    open_part: Mass,
) -> Candidate:
    """RESERVE-4(2): a plant that uses less than the line; "less than" is strict."""
    line = year.rules.ratio("recovery.actual_below", year.end)
    permitted, actual = figure.permitted, figure.actual
    left = Mass(min(surplus_left(year.park.ledger, year.rules, figure, year.end), open_part))
    return Candidate(
        project=ruling.project,
        unit=ruling.unit,
        factor=figure.factor,
        reason=SURPLUS,
        permitted=permitted,
        actual=actual,
        share=Ratio(actual, permitted) if permitted else None,
        surplus=None if permitted is None else Mass(max(permitted - actual, 0)),
        surplus_at_80=None if permitted is None else Mass(max(times(permitted, line) - actual, 0)),
        load=_load(year, made, figure),
        scope=WHOLE_PLANT,
        flips=tuple(_flips(rows, figure, line)) if figure.year == year.year else (),
        recovered=recovered,
        status=CANDIDATE if left else DECIDED if recovered else NONE,
        left=left,
        year=figure.year,
        ruling=ruling,
    )


def _load(year: Year, made: Actuals, figure: Verification) -> Decimal | None:
    """Return the mean load at which the plant's manual samples of the figure's year were taken, %.

    Shape   each outlet's supervisory and own samples have one mean each, and weigh the same.
    """
    wanted = (figure.unit, figure.factor)
    if figure.year == year.year:
        own = (one.sampled for key, one in made.outlets.items() if (key[0], key[2]) == wanted)
        known = [found.load for sampled in own for found in sampled.values() if found.load is not None]
        return _mean(known)
    loads: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for one in year.book.rows("sample"):
        if (one.unit, one.factor) == wanted and one.date.year == figure.year and one.load is not None:
            loads[(one.outlet, one.kind)].append(one.load)
    return _mean([sum(found, Decimal(0)) / len(found) for found in loads.values()])


def _mean(known: Sequence[Decimal]) -> Decimal | None:
    return sum(known, Decimal(0)) / len(known) if known else None


def _flips(rows: Mapping[Figure, Total], figure: Verification, line: Ratio) -> Iterator[str]:
    """Return the views under which the verdict is another one: without the fugitive part, of the main outlets alone."""
    if not figure.permitted:
        return
    verdict = below_share(figure.actual, figure.permitted, line)
    whole = rows.get((figure.unit, figure.factor, TO_ENVIRONMENT, WHOLE_PLANT))
    main = rows.get((figure.unit, figure.factor, TO_ENVIRONMENT, MAIN_OUTLETS))
    part = whole.fugitive if whole else None
    if part:
        bare = Mass(max(figure.actual - part, 0))
        if below_share(bare, figure.permitted, line) != verdict:
            yield WITHOUT_FUGITIVE
    if main and main.actual is not None:
        permitted = main.declared_permitted or figure.permitted
        if below_share(main.actual, permitted, line) != verdict:
            yield MAIN_OUTLETS
