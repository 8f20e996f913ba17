"""Everything that is wrong with the data of a period and of those it stands on."""

from __future__ import annotations

from collections.abc import Callable

from quota_lib.annual import remarks_of_year
from quota_lib.findings import findings
from quota_lib.findings.remarks import remarks_of, without_finding
from quota_lib.park import Park
from quota_lib.periods import Period, Quarter
from quota_lib.problems import Problem, in_order
from quota_lib.workspace import Workspace, load_park, load_year, period_in, stray


def check_period(workspace: Workspace, name: str, progress: Callable[[str], None]) -> list[Problem]:
    """Return every problem of a period and of those before it, in order, findings included.

    Errors  UsageError, RuleError
    """
    period = period_in(workspace, name)
    if isinstance(period, Quarter):
        return problems_of(load_park(workspace, period, progress), stray(workspace))
    return _of_a_year(workspace, period, progress)


def problems_of(park: Park, others: list[Problem]) -> list[Problem]:
    """Return a quarter's problems with its findings."""
    found = findings(park)
    warned = (one.as_problem(park.quarter) for one in found)
    return in_order([*others, *park.problems, *warned, *without_finding(remarks_of(park, found))])


def _of_a_year(workspace: Workspace, year: Period, progress: Callable[[str], None]) -> list[Problem]:
    """Return what is wrong with an annual folder, what the year's computations complain of, and the year's findings."""
    if isinstance(year, Quarter):
        raise TypeError(year)
    closed = load_year(workspace, year, Quarter(year + 1, 4), progress)
    own = (one for one in closed.problems if one.file.startswith(f"{year}/"))
    warned = (one.as_problem(year) for one in closed.findings)
    return in_order([*stray(workspace), *own, *warned, *without_finding(remarks_of_year(closed))])
