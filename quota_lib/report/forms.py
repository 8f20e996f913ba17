"""Annex 1 of every construction project that the quarter debited, or that waits: which projects, and what stands in the form.

Source  ANNEX-1; contract §5
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from quota_lib.amounts import text
from quota_lib.facts import Application, Decision
from quota_lib.park import Park
from quota_lib.report.annex1 import Annex1
from quota_lib.reserve.ruling import Ruling, Status
from quota_lib.tracing import fact_id
from quota_lib.tracing.fact import Sentence, Words
from quota_lib.tracing.forms import stated

NOT_APPLICABLE = "/"
METALS = "重金属"  # the medium, and the row of the form
AIR = "大气"
CODE_LENGTH = 18  # a plant's code without its site
Cells = tuple[str, str, str, str]


def annexes(park: Park) -> Iterator[tuple[str, Annex1]]:
    """Return the form of every project debited or 无需扣除 in the quarter, and the draft of every one that waits."""
    for project in sorted(park.ledger.rulings):
        ruling = park.ledger.standing(project)
        if ruling is None:
            continue
        debited = ruling.status is Status.DEBITED and ruling.supplied == park.quarter
        nothing = ruling.status is Status.NOTHING and ruling.document.booked == park.quarter
        if debited or nothing or ruling.status is Status.WAITING:
            yield project, _form(park, ruling)


def _form(park: Park, ruling: Ruling) -> Annex1:
    project = park.book.construction(ruling.project)
    return Annex1(
        unit_name=park.book.unit_label(project.unit),
        code=project.unit[:CODE_LENGTH],
        project_name=project.label,
        place=project.place,
        rows=_rows(park, ruling),
        draft=ruling.status is Status.WAITING,
    )


def _rows(park: Park, ruling: Ruling) -> Mapping[str, Cells]:
    """Return the form's rows: one for every factor, the metals together in one."""
    application = park.book.application(ruling.project)
    rows: dict[str, Cells] = {}
    metals: list[tuple[str, Cells]] = []
    for factor in park.rules.factors.all:
        applied = application.get(factor.id)
        cells = (
            _cells(ruling.project, applied, ruling.document.row(factor.id), factor.medium == AIR)
            if applied
            else (NOT_APPLICABLE,) * 4
        )
        if factor.medium != METALS:
            rows[factor.label] = cells
        elif applied:
            metals.append((factor.label, cells))
    rows[METALS] = _together(metals)
    return rows


def _cells(project: str, applied: Application, decided: Decision | None, air: bool) -> Cells:
    """Return what is permitted of a factor: as decided, and as applied where the decision leaves it out."""

    def cell(what: str) -> str:
        amount = getattr(*stated(what, applied, decided))
        if amount is None or (air and "sewer" in what):
            return NOT_APPLICABLE
        return Words(text(amount), fact_id("annex", project, applied.factor, what))

    return cell("to_sewer"), cell("project"), cell("whole_to_sewer"), cell("whole")


def _together(metals: list[tuple[str, Cells]]) -> Cells:
    """Return the metals by name with their amounts, in the one cell that the form has for them."""
    if not metals:
        return (NOT_APPLICABLE,) * 4
    joined = []
    for place in range(4):
        parts = [Sentence(f"{label} ", cells[place]) for label, cells in metals if cells[place] != NOT_APPLICABLE]
        between = [piece for part in parts for piece in ("；", part)]
        joined.append(Sentence(*between[1:]) if parts else NOT_APPLICABLE)
    return (joined[0], joined[1], joined[2], joined[3])
