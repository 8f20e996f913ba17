"""Tables as DataFrames, for analysts: amounts as exact decimals in t, never floats."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from quota_lib.amounts import Ratio, tonnes
from quota_lib.report.table import Cell, Column, Table


def frame(table: Table) -> pd.DataFrame:
    """Return a table as a DataFrame, its columns named as in the CSV files."""
    rows = [[_value(column, cell) for column, cell in zip(table.columns, row, strict=True)] for row in table.rows]
    return pd.DataFrame(rows, columns=[column.name for column in table.columns], dtype=object)


def _value(column: Column, cell: Cell) -> object:
    if isinstance(cell, Ratio):
        return Decimal(cell.numerator) / Decimal(cell.denominator)
    return tonnes(cell) if isinstance(cell, int) and column.kind in ("mass", "signed") else cell
