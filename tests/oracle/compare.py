"""The program and the reference on the same folders: the same tables to the milligram, or what differs."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from quota_lib.amounts import plain
from quota_lib.park import Park, fold
from quota_lib.periods import Quarter, parse_period
from quota_lib.report import record
from quota_lib.report.csvs import csv_text
from quota_lib.rules import Rules
from quota_lib.schema import sheets
from quota_lib.workbook.folder import Folder
from quota_lib.workbook.sheet import read_sheet

from . import reference

TABLES = ("balances", "entries", "lots", "applications")
NOT_COMPARED = {"entry_id", "source", "clause", "rule"}
PARAMETERS = Path(__file__).parents[2] / "parameters"


def rules() -> Rules:
    return Rules({path.stem: path.read_text(encoding="utf-8") for path in PARAMETERS.glob("*.yaml")})


def park_of(folders: reference.Folders, period: str, given: Rules | None = None) -> Park:
    """Fold rows given as dictionaries, as if each folder held one workbook."""
    given = given or rules()
    read = {}
    for name, content in folders.items():
        found = parse_period(name)
        assert found is not None
        read[found] = folder_of(name, content, given)
    quarter = parse_period(period)
    assert isinstance(quarter, Quarter)
    upto = {
        one: folder for one, folder in read.items() if (one if isinstance(one, Quarter) else Quarter(one, 4)) <= quarter
    }
    return fold(upto, quarter, given)


def folder_of(name: str, content: Mapping[str, list[dict[str, Any]]], given: Rules) -> Folder:
    period = parse_period(name)
    assert period is not None
    folder = Folder(period, [], [], [], {f"{name}/all.xlsx": "0"})
    for title, rows in content.items():
        sheet = sheets()[title]
        headings = list(dict.fromkeys([*sheet.required, *(heading for row in rows for heading in row)]))
        grid = [list(headings), *([_cell(row.get(heading)) for heading in headings] for row in rows)]
        reading = read_sheet(sheet, f"{name}/all.xlsx", period, grid, {}, given.factors)
        folder.readings.append(reading)
        folder.problems.extend(reading.problems)
    return folder


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return plain(value) if isinstance(value, Decimal) else value


def ours(park: Park) -> dict[str, list[dict[str, str]]]:
    made = {
        "balances": record.balances,
        "entries": record.entries,
        "lots": record.lots,
        "applications": record.applications,
    }
    return {name: list(csv.DictReader(io.StringIO(csv_text(make(park))[1:]))) for name, make in made.items()}


def differences(folders: reference.Folders, period: str) -> list[str]:
    """Return every row that only one of the two has, by table."""
    expected, found = reference.run(folders, period), ours(park_of(folders, period))
    lines = []
    for name in TABLES:
        want, have = (Counter(_row(row) for row in tables[name]) for tables in (expected, found))
        lines += [f"{period} {name} only in the reference: {dict(row)}" for row in sorted((want - have).elements())]
        lines += [f"{period} {name} only in the program: {dict(row)}" for row in sorted((have - want).elements())]
    return lines


def _row(row: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, value or "") for key, value in row.items() if key not in NOT_COMPARED))
