"""Hourly water data of the small park's sewered outlet DW001, through the reader and the account."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from quota_lib.amounts import text
from quota_lib.annual import hours_of_samples, online_of
from quota_lib.hourly import Hourly, read_year
from quota_lib.rules import Rules
from quota_lib.totals.plants import Actuals, actuals
from quota_lib.totals.year import TO_ENVIRONMENT, WHOLE_PLANT
from tests.totals.worlds import RULES, A, row, year

FIRST, HOUR, HOURS = datetime(2025, 1, 1), timedelta(hours=1), 8760
HEAD = "credit_code,site,outlet,time,factor,concentration,flow,flag\n"
DIRTY, CLEAN = "100", "10"  # mg/L, m³/h


class Hour(NamedTuple):
    """A row; None instead: no row."""

    concentration: str = DIRTY
    flow: str = CLEAN
    flag: str = "normal"


Hours = Callable[[int], Hour | None]


def csv(**factors: Hours) -> str:
    """Return a file of a year of DW001: by factor what each hour (from 0) holds."""
    lines = [HEAD]
    for factor, hour_of in factors.items():
        for n in range(HOURS):
            found = hour_of(n)
            if found is not None:
                time = FIRST + HOUR * n
                lines.append(f"{A},001,DW001,{time:%Y-%m-%d %H:%M},{factor},{','.join(found)}\n")
    return "".join(lines)


def place(day: datetime) -> int:
    """Return the number of an hour."""
    return (day - FIRST) // HOUR


def account(*rows: Any, changes: dict[str, str] | None = None, **factors: Hours) -> tuple[Actuals, Hourly]:
    """Return the year's amounts of the small park with such hours."""
    given: Rules = RULES.changed(changes, "试验") if changes else RULES
    about = year(*rows, given=given)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text(csv(**factors), encoding="utf-8")
        files = [("2025/monitoring/a.csv", path)]
        hourly = read_year(files, (), 2025, given, about.outlets, about.calibrations, None, hours_of_samples(about))
    return actuals(about, online_of(hourly)), hourly


def environment(found: Actuals, factor: str = "COD") -> str | None:
    """Return the 外排环境量, t."""
    amount = found.plants[(A, factor, TO_ENVIRONMENT, WHOLE_PLANT)].computed
    return None if amount is None else text(amount)


def reason(found: Actuals, factor: str = "COD", basis: str = TO_ENVIRONMENT) -> str:
    """Return what routes.csv says of the online route."""
    rows = (one for one in found.rows if (one.factor, one.basis, one.route) == (factor, basis, "online"))
    return next(rows).reason


def level(amount: str, since: str = "2024-01-01", factor: str = "COD") -> Any:
    """Return a concentration at the sewage plant's outlet."""
    return row("污水处理厂", **{"出水浓度(mg/L)": amount, "生效日期": since, "污染因子": factor})
