"""Figures of a trial's page: the official ones as they are, the trial's beside them, and by how much they differ.

Source  REDUCE-2; contract §4 quota try
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from quota_lib.amounts import mass, text
from quota_lib.periods import Quarter
from quota_lib.report.working import TRIED
from quota_lib.tracing import KINDS, Trace, UnknownFact, fact_id
from quota_lib.tracing.counts import NOTHING_TO_COUNT
from quota_lib.tracing.fact import Cell, Fact
from quota_lib.tracing.trace import Explain, cell, shown
from quota_lib.trial import Trial, flips, problems_of_the_trial, reductions_compared, try_out
from quota_lib.workspace import Workspace, read_official, read_what_if

MOVED, SUM, COUNT, FLIP = "moved", "computed", "tried", "flip"
OF_TRIALS = (TRIED, MOVED, SUM, COUNT, FLIP)
"""What the ids of figures that only a trial has begin with."""


class TrialTrace(Trace):
    """The official figures by their ids, and the trial's under ``try:`` and the same id."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial.official)
        self.trial = trial
        self.other = Trace(trial.park)

    @cached_property
    def kinds(self) -> Mapping[str, Explain]:  # type: ignore[override]
        return {**KINDS, TRIED: _tried, MOVED: _moved, SUM: _sum, COUNT: _count, FLIP: _flip}

    def found_at(self, place: str) -> str | None:
        """Return what the workbook's cell at a place holds; None where no row of the quarters stands there."""
        where, _, address = place.rpartition("!")
        file, _, sheet = where.partition(" › ")
        letters = address.rstrip("0123456789")
        row = self.rows.get((file, sheet, int(address[len(letters) :])))
        field = next((name for name, column in row.at.source.columns.items() if column == letters), "") if row else ""
        return shown(getattr(row, field)) if row and field else None


def load_trial(workspace: Workspace, quarter: Quarter, name: str, tell: Callable[[str], None]) -> TrialTrace:
    """Return the figures of a trial by its name; its notebook's own methods are not among them.

    Errors  UsageError, RuleError
    """
    official, folders = read_official(workspace, quarter, lambda file: tell(f"读取 {file}"))
    return TrialTrace(try_out(official, folders, read_what_if(workspace, name)))


def _tried(trace: TrialTrace, *keys: str) -> Fact:
    """Return a figure of the trial; a cell shows what it holds, the note what the trial counts in its place."""
    one = _sum_of(trace, trace.other, *keys[1:]) if keys[0] == SUM else trace.other.fact(fact_id(*keys))
    cells, notes = [], [one.note] if one.note else []
    for there in one.cells:
        held = trace.found_at(there.place)
        if held is not None and held != there.value:
            notes.append(f"{there.place} 试算按 {there.value} 计")
        cells.append(Cell(there.place, there.heading, there.value if held is None else held))
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


def _count(trace: TrialTrace, what: str, kind: str = "") -> Fact:
    """Return a count of the trial's first page with what was counted: reductions, flips (of a kind), complaints."""
    if what in ("reductions", "moved"):
        every = reductions_compared(trace.trial)
        found = [one for one in every if what == "reductions" or one.official.computed != one.trial.computed]
        moved = [one for one in found if what == "moved" and one.moved is not None]
        keys = [(one.official.project.project, one.official.reduction.factor) for one in moved]
        parts = tuple(fact_id(MOVED, "reduction", *key, "computed") for key in keys)
        cells = tuple(cell(one.official.reduction, "declared") for one in found if one not in moved)
        word = "核算结果" if what == "reductions" else "变动的核算结果"
        return Fact("", word, str(len(found)), "", "", "REDUCE-2", parts, (), cells, NOTHING_TO_COUNT * (not found))
    if what == "flips":
        turned = [str(at) for at, one in enumerate(flips(trace.trial)) if kind in ("", one.kind)]
        parts = tuple(fact_id(FLIP, at) for at in turned)
        return Fact("", "会变的判断", str(len(turned)), "", "", "", parts, note=NOTHING_TO_COUNT * (not turned))
    if what != "problems":
        raise ValueError(what)
    wrong = problems_of_the_trial(trace.trial)
    told = tuple(Cell(f"{one.file} › {one.sheet}!{one.cell}", one.code, one.message) for one in wrong)
    return Fact("", "不再成立的数据", str(len(wrong)), "", "", "", cells=told, note=NOTHING_TO_COUNT * (not wrong))


def _flip(trace: TrialTrace, at: str) -> Fact:
    """Return a decision that the trial turns, with the computed amounts of its project and factor."""
    one = flips(trace.trial)[int(at)]
    key = ("reduction", one.project, one.factor, "computed")
    known = one.factor and (one.project, one.factor) in trace.reduced
    parts = (fact_id(*key), fact_id(TRIED, *key)) if known else ()
    there = tuple(name for name in parts if _is(trace, name))
    return Fact("", f"{one.project} {one.label}", "", "", f"{one.kind}：{one.official} → {one.trial}", "", there)


def _is(trace: TrialTrace, name: str) -> bool:
    try:
        trace.fact(name)
    except UnknownFact:
        return False
    return True
