"""The laboratory's page (试算): what another edition, coefficient, parameter or method would change.

Beside the official report, never in it: ``reports/<period>/try/NAME.*``.
Source  REDUCE-2; contract §4 quota try
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from html import escape
from pathlib import Path
from typing import NamedTuple

from quota_lib.methods import foreign, shipped_only
from quota_lib.park import Park
from quota_lib.periods import Period, Quarter
from quota_lib.problems import has_errors
from quota_lib.ranges import spread
from quota_lib.report.atomic import write_whole
from quota_lib.report.charts import Bar, range_chart
from quota_lib.report.english import english_name, write_english
from quota_lib.report.filename import safe_name
from quota_lib.report.html import Shown, answers_html, visible
from quota_lib.report.index import leave
from quota_lib.report.notebook import run_notebook, write_notebook
from quota_lib.report.page import Head, page_html
from quota_lib.report.showing import Showing
from quota_lib.report.summary import trial_summary
from quota_lib.report.table import FactorShown, Table
from quota_lib.report.trial_facts import TrialTrace
from quota_lib.report.trial_tables import answers, changes, tables
from quota_lib.report.working import shown_amount, working_html
from quota_lib.rules import RuleError
from quota_lib.trial import Trial, changed_rules, flips, reductions_compared, try_out
from quota_lib.what_if import WhatIf
from quota_lib.words import nearest
from quota_lib.workbook.folder import Folder
from quota_lib.workspace import (
    Workspace,
    notebook_in,
    open_workspace,
    quarter_in,
    read_folders,
    read_official,
    read_what_if,
)

NOTEBOOK, TRIAL = "try.ipynb", "试算"
Folders = Mapping[Period, Folder]
_ready: dict[tuple[str, Quarter], tuple[Park, Folders]] = {}


class TrialReport(Showing):
    """A trial beside the official figures, ready to be shown; a notebook calls one method a cell."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.factors = {one.id: FactorShown(one.label, one.decimals) for one in trial.official.rules.factors.all}

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Return the tables that the page shows, in the order in which it numbers them."""
        return {table.id: table for table in (changes(self.trial), *tables(self.trial))}

    def first_page(self) -> Shown:
        """Show what the trial would turn, in three answers."""
        return Shown(answers_html(answers(self.trial)), "<试算结论>")

    def ranges(self) -> Shown:
        """Show how far each computed reduction moves inside the stated ranges, and where the official figure lies."""
        bars = list(self._bars())
        if not bars:
            return Shown("<p>没有用到带范围的系数的核算结果。</p>", "<范围: 0>")
        title = "各核算结果在系数所列范围内的变动"
        html = range_chart("ranges", title, bars, "t/a", (TRIAL, "正式"))
        return Shown(html, f"<范围: {len(bars)}>")

    def workings(self) -> Shown:
        """Show how the trial computes each reduction that it moves, and below it how the official figure was computed."""
        parts = []
        for one in reductions_compared(self.trial):
            key = (one.trial.reduction.project, one.trial.reduction.factor)
            sides = (("试算", self.trial.park), ("正式", self.trial.official))
            if one.official.computed == one.trial.computed and key not in self.trial.what.inputs:
                continue
            title = f"{key[0]} {one.trial.project.label} {self.trial.official.rules.factors.label(key[1])}"
            amounts = "，".join(
                f"{word} {shown_amount(side.computed)} t/a" if side.computed is not None else f"{word} —"
                for word, side in ((TRIAL, one.trial), ("正式", one.official))
            )
            shown = (
                f"<h4>{word}：{escape(made.computation.label)}</h4>"
                + "".join(working_html(made, park, self.factors, park is self.trial.park))
                for word, park in sides
                if (made := park.accounted.get(key))
            )
            head = f"<summary>{visible(title)}：{amounts}</summary>"
            parts.append(
                f'<details class="working" id="working-{escape("-".join(key))}">{head}{"".join(shown)}</details>'
            )
        return Shown("\n".join(parts) or "<p>试算没有改动任何核算结果。</p>", f"<试算的核算过程: {len(parts)}>")

    def _bars(self) -> list[Bar]:
        found = []
        park, factors = self.trial.park, self.trial.official.rules.factors
        for one in reductions_compared(self.trial):
            key = (one.trial.reduction.project, one.trial.reduction.factor)
            made = park.accounted.get(key)
            span = spread(made, park.basis, park.rules) if made else None
            if span and span.swings and span.least is not None and span.most is not None:
                label = f"{key[0]} {one.trial.project.label} {factors.label(key[1])}"
                found.append(Bar(label, span.counted, span.least, span.most, one.official.computed))
        return found


def load(workspace: str, period: str, name: str) -> TrialReport:
    """Return a trial for a notebook; methods written in its cells above take part, in the trial alone.

    Errors  UsageError, RuleError
    """
    place = open_workspace(Path(workspace))
    quarter = quarter_in(place, period)
    ready = _ready.get((str(place.root.resolve()), quarter))
    with shipped_only():
        official, folders = ready or read_official(place, quarter)
    if foreign():  # a method of a cell may have a sheet of its own
        folders = read_folders(place, quarter, official.rules)
    return TrialReport(try_out(official, folders, read_what_if(place, name)))


class Tried(NamedTuple):
    """What a trial left; ``missed`` says in a line which PDF was asked for and not made, and why."""

    files: tuple[Path, ...]
    summary: str
    has_errors: bool
    missed: str = ""


def make_trial(
    workspace: Workspace,
    quarter: Quarter,
    name: str,
    tell: Callable[[str], None],
    pdf: bool = False,
    english: bool = False,
) -> Tried:
    """Make the page of a trial beside the official reports; the official ones are not touched.

    Errors  UsageError, RuleError, NotebookFault
    """
    official, folders = read_official(workspace, quarter, lambda file: tell(f"读取 {file}"))
    what = read_what_if(workspace, name)
    changed_rules(official, what)  # what is not there is said before anything runs
    _ready[(str(workspace.root.resolve()), quarter)] = (official, folders)
    try:
        executed = run_notebook(
            notebook_in(workspace, NOTEBOOK),
            {"name": name, "period": str(quarter), "workspace": ".."},
            cwd=workspace.notebooks if workspace.notebooks.is_dir() else workspace.data,
            progress=lambda done, of: tell(f"运行笔记本 {NOTEBOOK} {done}/{of}"),
        )
    finally:
        _ready.clear()
    tell("写出试算")
    folder = workspace.report(quarter) / "try"
    folder.mkdir(parents=True, exist_ok=True)
    files = tuple(folder / f"{safe_name(name)}{suffix}" for suffix in (".html", ".ipynb", ".json"))
    trace = _trace(official, folders, what)
    write_whole(files[0], page_html(executed, head(official, what), trace))
    other = folder / english_name(files[0].name)
    other.unlink(missing_ok=True)
    if english:
        write_english(folder, (files[0].name,))
        files += (other,)
    write_notebook(executed, files[1])
    bad = has_errors(official.problems)
    write_whole(files[2], trial_summary(str(quarter), what.title, what.author, what.reason, bad))
    missed = leave(workspace, [one for one in files if one.suffix == ".html"], quarter.end, pdf, tell)
    shown = os.path.relpath(files[0])
    return Tried(files, f"{shown}：{TRIAL}“{what.title}”，{_outcome(trace)}正式报告没有改动", bad, missed)


def _outcome(trace: TrialTrace | None) -> str:
    """Return in words how much a trial moves, and which of its words no table knows; "" where it is known on the page alone."""
    if trace is None:
        return ""
    compared, turned = reductions_compared(trace.trial), flips(trace.trial)
    moved = sum(one.official.computed != one.trial.computed for one in compared)
    unknown = [
        f"“{one.word}”不在系数表 {name} 中，最接近的是“{nearest(one.word, table.words)}”；"
        for name, table in trace.trial.official.basis.coefficients.tables.items()
        if (changed := trace.trial.park.basis.changed) is not None
        for one in changed.table(name).trial
        if one.word not in table.words
    ]
    return f"{len(compared)} 项核算中 {moved} 项变动，{len(turned)} 处判断会变，{''.join(unknown)}"


def _trace(official: Park, folders: Folders, what: WhatIf) -> TrialTrace | None:
    """Return where the page's figures come from; None where a method of a notebook's cell took part, known only there."""
    try:
        return TrialTrace(try_out(official, folders, what))
    except RuleError:
        return None


def head(official: Park, what: WhatIf) -> Head:
    """Return what stands around the page of a trial: that it is one, whose, and why."""
    quarter = official.quarter
    facts = [
        ("试算", f"{what.name}　{what.title}"),
        ("作者", what.author),
        ("理由", what.reason),
        ("报告期", f"{quarter}（{quarter.start} 至 {quarter.end}）"),
        ("改动", what.where),
    ]
    return Head(
        title=f"{TRIAL}：{what.title}　{quarter}",
        facts=facts,
        banner=TRIAL,
        banner_detail="不是正式报告。本页的试算数字不进入任何正式报告、台账或附件。",
        signers=(),
        provenance=[("正式报告", f"reports/{quarter}/reserve.html"), ("重新运行", f"quota try {what.name} {quarter}")],
    )
