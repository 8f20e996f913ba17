"""Figures of a trial's page: the official ones as they are, the trial's beside them, and by how much they differ.

Source  REDUCE-2; contract §4 quota try
"""

from __future__ import annotations

from collections.abc import Mapping

from quota_lib.amounts import mass, text
from quota_lib.report.working import TRIED
from quota_lib.tracing import KINDS, Trace, fact_id
from quota_lib.tracing.fact import Cell, Fact
from quota_lib.tracing.trace import Explain, shown
from quota_lib.trial import Trial, reductions_compared

MOVED, SUM = "moved", "computed"


class TrialTrace(Trace):
    """The official figures by their ids, and the trial's under ``try:`` and the same id."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial.official)
        self.trial = trial
        self.other = Trace(trial.park)

    @property
    def kinds(self) -> Mapping[str, Explain]:  # type: ignore[override]
        return {**KINDS, TRIED: _tried, MOVED: _moved, SUM: _sum}

    def found_at(self, place: str) -> str | None:
        """Return what the workbook's cell at a place holds; None where no row of the quarters stands there."""
        where, _, address = place.rpartition("!")
        file, _, sheet = where.partition(" › ")
        letters = address.rstrip("0123456789")
        row = self.rows.get((file, sheet, int(address[len(letters) :])))
        field = next((name for name, column in row.at.source.columns.items() if column == letters), "") if row else ""
        return shown(getattr(row, field)) if row and field else None


def _tried(trace: TrialTrace, *keys: str) -> Fact:
    """Return a figure of the trial; a cell shows what it holds, the note what the trial counts in its place."""
    one = _sum_of(trace, trace.other, *keys[1:]) if keys[0] == SUM else trace.other.fact(fact_id(*keys))
    cells, notes = [], [one.note] if one.note else []
    for cell in one.cells:
        held = trace.found_at(cell.place)
        if held is not None and held != cell.value:
            notes.append(f"{cell.place} 试算按 {cell.value} 计")
        cells.append(Cell(cell.place, cell.heading, cell.value if held is None else held))
    parts = tuple(f"{TRIED}:{part}" for part in one.parts)
    return one._replace(label=f"试算：{one.label}", parts=parts, cells=tuple(cells), note="；".join(notes))


def _moved(trace: TrialTrace, *keys: str) -> Fact:
    """Return by how much the trial moves a figure."""
    before, after = trace.fact(fact_id(*keys)), trace.fact(fact_id(TRIED, *keys))
    moved = text(mass(after.value) - mass(before.value))
    said = f"试算 {after.value} − 正式 {before.value}"
    return Fact("", f"{before.label} 变动", moved, before.unit, said, before.clause, (after.id, before.id))


def _sum(trace: TrialTrace, zone: str, factor: str) -> Fact:
    return _sum_of(trace, trace, zone, factor)


def _sum_of(trace: TrialTrace, side: Trace, zone: str, factor: str) -> Fact:
    """Return the sum of what may be reserved of the computed amounts of a zone (``*``: of the park)."""
    total, parts = 0, []
    for one in reductions_compared(trace.trial):
        about, tried = one.official.project, side is trace.other
        if zone in ("*", about.zone) and one.official.reduction.factor == factor:
            computed = (one.trial if tried else one.official).computed or 0
            total += max(computed, 0)
            parts += [fact_id("reduction", about.project, factor, "computed")] if computed > 0 else []
    where = "全园区" if zone == "*" else trace.park.book.zone_label(zone)
    label = f"{where} {trace.factor(factor)} 核算合计"
    return Fact("", label, text(total), "t/a", "只计入大于零的核算结果", "REDUCE-2", tuple(parts))
