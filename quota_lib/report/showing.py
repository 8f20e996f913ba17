"""What every report does for a notebook: show a table of its page, give one of record for further work."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from quota_lib.findings.remarks import Remarks
from quota_lib.report.html import Shown, shown_table
from quota_lib.report.remarks import with_form
from quota_lib.report.table import FactorShown, Table


class Showing(ABC):
    """A report's tables, ready to be shown; a notebook calls one method a cell."""

    factors: Mapping[str, FactorShown]
    remarks: Remarks  # of a report with a table of warnings: those on its findings

    @property
    @abstractmethod
    def tables(self) -> Mapping[str, Table]:
        """Return the tables that the page shows, in the order in which it numbers them."""

    @property
    def record(self) -> Mapping[str, Table]:
        """Return the tables of record, which other programs read: those of the page, where there are no others."""
        return self.tables

    def show(self, name: str) -> Shown:
        """Show a table of the page by its name; KeyError says which there are."""
        table = _named(self.tables, name)
        shown = shown_table(table, self.factors, list(self.tables).index(name) + 1)
        if name != "warnings":
            return shown
        gone = self.show("remarks").html if self.remarks.gone else ""
        return with_form(shown, table, self.remarks, gone)

    def frame(self, name: str) -> object:
        """Return a table of record as a pandas DataFrame, amounts as exact decimals in t, for further work."""
        from quota_lib.report.frames import frame

        return frame(_named(self.record, name))


def _named(tables: Mapping[str, Table], name: str) -> Table:
    if name not in tables:
        raise KeyError(f"没有表 {name!r}；现有：{', '.join(tables)}")
    return tables[name]
