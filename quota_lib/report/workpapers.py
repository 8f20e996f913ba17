"""Working papers (减排核算书): for every project of the quarter what a reviewer needs to recompute it by hand.

Source  REDUCE-2, REDUCE-3, REDUCE-4
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from html import escape
from pathlib import Path

from quota_lib.accounting import Accounted
from quota_lib.facts import Reduction, ReductionProject
from quota_lib.findings import Finding, findings
from quota_lib.findings.numbers import numbered
from quota_lib.method_sheets import DOCUMENTED
from quota_lib.methods import method_named
from quota_lib.park import Park
from quota_lib.report import record
from quota_lib.report.html import Shown, definitions_html, table_html, visible
from quota_lib.report.table import Column, FactorShown, Table
from quota_lib.report.working import working_html
from quota_lib.tracing import Figure, fact_id, figure
from quota_lib.tracing.fact import Sentence, Words
from quota_lib.workspace import load_park, open_workspace, quarter_in

TITLE = "减排核算书"


class Workpapers:
    """The working papers of a quarter, ready to be shown; a notebook calls one method a cell."""

    def __init__(self, park: Park) -> None:
        self.park = park
        self.evidence = park.evidence
        self.factors = {one.id: FactorShown(one.label, one.decimals) for one in park.rules.factors.all}

    @property
    def projects(self) -> list[ReductionProject]:
        """Return the projects that were declared, reviewed or given inputs for in the quarter."""
        rows = self.park.rows
        names = {row.project for one in ("reduction_project", "reduction", "verdict") for row in rows.get(one, ())}
        names |= {project for project, _ in record.of_the_quarter(self.park)}
        found = (self.park.book.reduction_project(name) for name in sorted(names))
        return [one for one in found if one]

    def summary(self) -> Shown:
        """Show declared, computed and verified amounts side by side, each project with its section."""
        rows = []
        for project in self.projects:
            for one in self.reductions(project):
                made, verdict = self._made(one), self.park.book.holding("verdict", (one.project, one.factor))
                verified = verdict.verified if verdict and verdict.verdict == "通过" else None
                computed = made.counted if made else None
                key = ("reduction", one.project, one.factor)
                rows.append(
                    (
                        f"{project.project} {project.label}",
                        self.park.book.unit_label(project.unit),
                        one.factor,
                        figure(one.declared, *key, "declared"),
                        figure(computed, *key, "computed"),
                        figure(one.declared - computed, *key, "above") if computed is not None else None,
                        figure(verified, *key, "verified"),
                        figure(verified - one.declared, *key, "difference") if verified is not None else None,
                        _evidence_named(one, made),
                    )
                )
        columns = (
            Column("project", "减排项目"),
            Column("unit", "排污单位"),
            Column("factor", "污染因子"),
            Column("declared", "申报", "mass", "t/a"),
            Column("computed", "核算", "mass", "t/a"),
            Column("above", "申报与核算之差", "signed", "t/a"),
            Column("verified", "核定", "mass", "t/a"),
            Column("difference", "核定与申报之差", "signed", "t/a"),
            Column("basis", "方法与依据"),
        )
        table = Table("summary", "申报、核算与核定", columns, rows, factor="factor", empty="本期没有减排项目。")
        return Shown(table_html(table, self.factors, 1), f"<{table.title}: {len(rows)}>")

    def sections(self) -> Shown:
        """Show one section for every project."""
        parts = [self._section(project) for project in self.projects]
        return Shown("\n".join(parts) or "<p>本期没有减排项目。</p>", f"<{TITLE}: {len(parts)}>")

    def reductions(self, project: ReductionProject) -> list[Reduction]:
        """Return what a project declares, by factor."""
        order = self.park.rules.factors.order
        factors = sorted(self.park.book.declared_of.get(project.project, ()), key=order.__getitem__)
        found = (self.park.book.holding("reduction", (project.project, one)) for one in factors)
        return [one for one in found if one]

    def _made(self, one: Reduction) -> Accounted | None:
        return self.park.accounted.get((one.project, one.factor))

    def _section(self, project: ReductionProject) -> str:
        unit = self.park.book.unit_label(project.unit)
        about = [
            ("排污单位", f"{unit}（{project.unit}）"),
            ("类型", project.type),
            ("建设地点", project.place),
            ("竣工", str(project.completed)),
            ("申报", str(project.date)),
            ("核算单位", project.accounted_by or "—"),
            ("环评批复", project.eia_reference or "—"),
            ("许可变更", str(project.permit_changed or "—")),
        ]
        parts = [
            f'<h3 id="paper-{escape(project.project)}" translate="no">{visible(project.project)} {visible(project.label)}</h3>',
            definitions_html(about),
        ]
        for one in self.reductions(project):
            parts += self._factor(project, one)
        parts.append(self._evidence(project))
        parts.append(self._seen(project))
        return f"<section>{''.join(parts)}</section>"

    def _factor(self, project: ReductionProject, one: Reduction) -> Iterator[str]:
        label = self.park.rules.factors.label(one.factor)
        made = self._made(one)
        verdict = self.park.book.holding("verdict", (one.project, one.factor))
        key = ("reduction", one.project, one.factor)
        told: list[str | int] = [verdict.verdict if verdict else "待审核"]
        if verdict and verdict.verified is not None:
            told += [" ", Figure(verdict.verified, fact_id(*key, "verified")), " t/a"]
        if verdict and verdict.reason:
            told.append(f"（{verdict.reason}）")
        computed = figure(made.counted, *key, "computed") if made else None
        amounts = [
            ("申报", Sentence(Figure(one.declared, fact_id(*key, "declared")), " t/a")),
            ("核算", "—" if computed is None else Sentence(computed, " t/a")),
            ("审核", Sentence(*told)),
            ("核算方法", one.method),
            ("核算依据", one.basis or "—"),
            ("申报单元格", one.at.reference("declared")),
        ]
        yield f"<h4>{visible(label)}</h4>{definitions_html(amounts)}"
        if made:
            yield from working_html(made, self.park, self.factors)

    @cached_property
    def findings(self) -> list[Finding]:
        return findings(self.park)

    def _seen(self, project: ReductionProject) -> str:
        """Return what the findings say of a project, beside its working."""
        own = [(number, one) for number, one in numbered(self.findings) if one.project == project.project]
        if not own:
            return ""
        rows = [(one.level, one.code, Words(one.message, fact_id("finding", number)), one.fix) for number, one in own]
        columns = (
            Column("level", "级别", "level"),
            Column("code", "代码"),
            Column("message", "情形"),
            Column("fix", "可采取的办法"),
        )
        return table_html(
            Table(f"seen-{project.project}", f"{project.project} 的预警与提示", columns, rows), self.factors, None
        )

    def _evidence(self, project: ReductionProject) -> str:
        rows = [
            (one.kind, one.file_name, one.reference or None, one.date, one.at.reference("file_name"))
            for one in self.evidence.get(project.project, ())
        ]
        columns = (
            Column("kind", "材料类型"),
            Column("file_name", "文件"),
            Column("reference", "文号"),
            Column("date", "日期", "date"),
            Column("source", "单元格"),
        )
        table = Table(
            f"evidence-{project.project}", f"佐证材料：{project.project}", columns, rows, empty="没有填报佐证材料。"
        )
        return table_html(table, self.factors, None)


def _evidence_named(one: Reduction, made: Accounted | None) -> str:
    """Return the method of a figure, and the document that it stands on where it is one of the fallback's.

    Source  REDUCE-2
    """
    words = {str(i.value) for i in made.computation.inputs if i.name == "evidence"} if made else set()
    named = (
        "、".join(sorted(words)) or one.basis or ("未写明依据文件" if method_named(one.method) == DOCUMENTED else "")
    )
    return "：".join(part for part in (one.method, named) if part)


_ready: dict[tuple[str, str], Workpapers] = {}


def load(workspace: str, period: str) -> Workpapers:
    """Return the working papers of a quarter for a notebook; a run that has read it already hands them over.

    Errors  UsageError, RuleError
    """
    place = open_workspace(Path(workspace))
    quarter = quarter_in(place, period)
    ready = _ready.get((str(place.root.resolve()), str(quarter)))
    return ready or Workpapers(load_park(place, quarter))


def hand_over(root: Path, papers: Workpapers) -> None:
    """Let the next :func:`load` of this workspace and quarter take what a run has read already."""
    _ready[(str(root.resolve()), str(papers.park.quarter))] = papers


def take_back() -> None:
    """Forget what was handed over."""
    _ready.clear()
