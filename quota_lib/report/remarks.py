"""Reviewers' remarks on the page: beside their findings, and the form in which new ones are written and exported.

Source  TOTAL-3
"""

from __future__ import annotations

import json
from html import escape

from quota_lib.facts import Remark
from quota_lib.findings.remarks import Remarks
from quota_lib.report.html import Shown
from quota_lib.report.movements import Rows
from quota_lib.report.table import Column, Table


def remark_text(ones: list[Remark]) -> str | None:
    """Return the remarks on a finding as one text, newest first; None if there are none."""
    return "\n".join(f"{one.date} {one.reviewer}：{one.opinion}" for one in ones) or None


def gone_list(remarks: Remarks) -> Table:
    """Return the remarks whose finding no longer occurs."""
    rows: Rows = [
        (one.finding, one.opinion, one.reviewer, one.date, one.at.reference("opinion")) for one in remarks.gone
    ]
    columns = (
        Column("number", "编号"),
        Column("opinion", "意见"),
        Column("reviewer", "复核人"),
        Column("date", "意见日期", "date"),
        Column("place", "位置"),
    )
    note = "这些意见所指的发现本次不再出现：情况已消除，或编号抄错。"
    return Table("remarks", "所指发现已不再出现的复核意见", columns, rows, note=note, empty="没有。")


def with_form(shown: Shown, table: Table, remarks: Remarks, below: str = "") -> Shown:
    """Return a table of numbered findings as one that takes remarks, with what stands below it.

    What was remarked already goes into the export too: the new workbook may take the place of the old one.
    The form itself is made by the page's script: without it the table is whole, only still.
    """
    there = [[one.finding, one.opinion, one.reviewer, one.date.isoformat()] for one in remarks.all]
    given = escape(json.dumps(there, separators=(",", ":")))  # in ASCII: nothing in it reorders or hides
    column = [column.name for column in table.columns].index("remark")
    about = f'data-report="{escape(remarks.report)}" data-column="{column}" data-remarks="{given}"'
    html = f"<div {about}>{shown.html}</div>{below}"
    return Shown(html, shown.text)
