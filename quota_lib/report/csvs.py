"""The tables of a run as CSV files, for other programs to read."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from quota_lib.amounts import Ratio, text
from quota_lib.report.atomic import write_whole
from quota_lib.report.table import Cell, Column, Table

BOM = "\ufeff"


def csv_text(table: Table) -> str:
    """Return a table as CSV: BOM, LF, plain decimals in t, ISO dates, empty where a column does not apply.

    Source  contract §5

    Texts stand as they are, also those that a spreadsheet would take for a formula: programs read this.
    Rows that are sums are left out; who reads the rows can add them.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    for index, row in enumerate(table.rows):
        if index not in table.total:
            writer.writerow([_field(column, cell) for column, cell in zip(table.columns, row, strict=True)])
    return BOM + out.getvalue()


def write_csv(path: Path, table: Table) -> None:
    """Write a table as a CSV file, whole or not at all."""
    write_whole(path, csv_text(table))


def _field(column: Column, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, (str, Ratio)):
        return str(cell)
    return text(cell) if column.kind in ("mass", "signed") else str(cell)
