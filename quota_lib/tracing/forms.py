"""Figures of annex 1: what a project and its whole plant are permitted, as decided or as applied for.

Source  ANNEX-1
"""

from __future__ import annotations

from quota_lib.amounts import text
from quota_lib.facts import Application, Decision
from quota_lib.tracing.fact import Fact, fact_id
from quota_lib.tracing.projects import YEARLY
from quota_lib.tracing.trace import Trace, cell, kind

FIELDS = {
    "to_sewer": ("permitted_to_sewer", "new_to_sewer", "本次核定 接管量"),
    "project": ("permitted_project", "new", "本次核定 外排环境量"),
    "whole_to_sewer": ("whole_to_sewer", "whole_to_sewer", "全厂核定 接管量"),
    "whole": ("whole", "whole", "全厂核定 外排环境量"),
}
"""Of each figure of the form: the field of the decision, that of the application, what it is called."""


def stated(what: str, applied: Application, decided: Decision | None) -> tuple[Application | Decision, str]:
    """Return the row and field that a figure of the form stands in: the decision's, else the application's."""
    by_decision, by_application, _ = FIELDS[what]
    if decided is not None and getattr(decided, by_decision) is not None:
        return decided, by_decision
    return applied, by_application


@kind("annex")
def annex(trace: Trace, project: str, factor: str, what: str) -> Fact:
    """Return a figure of a project's annex 1."""
    ruling = trace.park.ledger.standing(project)
    if ruling is None:
        raise KeyError(project)
    decided = ruling.document.row(factor)
    row, field = stated(what, trace.park.book.application(project)[factor], decided)
    note = f"文号 {ruling.document.document}" + ("" if row is decided else "；核定没有另填，按申请")
    parts = (fact_id("application", project, factor, "debit"),) if what == "project" and factor in ruling.debits else ()
    label = f"{project} {trace.factor(factor)} {FIELDS[what][2]}"
    return Fact("", label, text(getattr(row, field)), YEARLY, "", "ANNEX-1", parts, (), (cell(row, field),), note)
