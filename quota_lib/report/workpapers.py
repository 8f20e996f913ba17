"""Working papers (减排核算书): for every project of the quarter what a reviewer needs to recompute it by hand.

Source  REDUCE-2, REDUCE-3, REDUCE-4
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from html import escape
from pathlib import Path

from quota_lib.accounting import Accounted
from quota_lib.amounts import Ratio, plain, text
from quota_lib.facts import Reduction, ReductionProject
from quota_lib.findings import Finding, findings
from quota_lib.method_sheets import DOCUMENTED
from quota_lib.methods import METHODS, CarbonCheck, activated_carbon_check, method_named
from quota_lib.park import Park
from quota_lib.ranges import Spread, spread
from quota_lib.report import record
from quota_lib.report.charts import Bar, range_chart
from quota_lib.report.html import MINUS, Shown, definitions_html, table_html, visible
from quota_lib.report.table import Column, FactorShown, Table
from quota_lib.rules import STATUSES
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
                rows.append(
                    (
                        f"{project.project} {project.label}",
                        self.park.book.unit_label(project.unit),
                        one.factor,
                        one.declared,
                        computed,
                        one.declared - computed if computed is not None else None,
                        verified,
                        verified - one.declared if verified is not None else None,
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
        parts = [f"<h3>{visible(project.project)} {visible(project.label)}</h3>", definitions_html(about)]
        for one in self.reductions(project):
            parts += self._factor(project, one)
        parts.append(self._evidence(project))
        parts.append(self._seen(project))
        return f'<section id="paper-{escape(project.project)}">{"".join(parts)}</section>'

    def _factor(self, project: ReductionProject, one: Reduction) -> Iterator[str]:
        label = self.park.rules.factors.label(one.factor)
        made = self._made(one)
        verdict = self.park.book.holding("verdict", (one.project, one.factor))
        told = (
            f"{verdict.verdict} {f'{text(verdict.verified)} t/a' if verdict.verified is not None else ''}"
            if verdict
            else "待审核"
        )
        amounts = [
            ("申报", f"{text(one.declared)} t/a"),
            ("核算", f"{_amount(made.counted)} t/a" if made and made.counted is not None else "—"),
            ("审核", told.strip() + (f"（{verdict.reason}）" if verdict and verdict.reason else "")),
            ("核算方法", one.method),
            ("核算依据", one.basis or "—"),
            ("申报单元格", one.at.reference("declared")),
        ]
        yield f"<h4>{visible(label)}</h4>{definitions_html(amounts)}"
        if made:
            yield from self._working(made)

    def _working(self, made: Accounted) -> Iterator[str]:
        """Return the formula, inputs, coefficients and steps of a computation, each number with its source."""
        key = f"{made.reduction.project}-{made.reduction.factor}"
        card = METHODS[made.computation.method].card
        yield f'<p class="formula">{mathml(card.latex)}</p><p class="note">{visible(card.plain)}</p>'
        yield table_html(_inputs(made, key), self.factors, None)
        if made.computation.coefficients:
            yield table_html(_coefficients(made, key), self.factors, None)
        lines = []
        for step in made.computation.steps:
            row = "" if step.row is None else f"（第 {step.row + 1} 行）"
            formula = mathml(step.latex) if step.latex else visible(step.formula)
            numbers = mathml(step.latex_numbers) if step.latex_numbers else visible(step.numbers)
            lines.append(f"<li>{visible(step.label)}{row}：{formula}<br>{numbers} {visible(step.unit)}</li>")
        yield f'<ol class="steps">{"".join(lines)}</ol>'
        if made.counted is not None and made.computation.exact is not None:
            yield f"<p>{visible(_limited(made))}</p>"
        for check in activated_carbon_check(made.computation, self.uptake):
            yield f"<p>{visible(_carbon(check, str(self.uptake)))}</p>"
        for note in made.computation.notes:
            yield f'<p class="note">{visible(note)}</p>'
        span = spread(made, self.park.basis, self.park.rules)
        if span and span.swings:
            yield _range_picture(span, key)
            yield table_html(_ranges(span, key, made.reduction.factor), self.factors, None)

    @cached_property
    def uptake(self) -> Ratio:
        """Return how much VOCs a tonne of carbon takes up at most in a year, t/t."""
        return self.park.rules.ratio("checks.carbon_uptake", self.park.quarter.end)

    @cached_property
    def findings(self) -> list[Finding]:
        return findings(self.park)

    def _seen(self, project: ReductionProject) -> str:
        """Return what the findings say of a project, beside its working."""
        own = [one for one in self.findings if one.project == project.project]
        if not own:
            return ""
        rows = [(one.level, one.code, one.message, one.fix) for one in own]
        columns = (
            Column("level", "级别", "level"),
            Column("code", "代码"),
            Column("message", "情形"),
            Column("fix", "可采取的办法"),
        )
        return table_html(Table(f"seen-{project.project}", "本项目的预警与提示", columns, rows), self.factors, None)

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
        table = Table(f"evidence-{project.project}", "佐证材料", columns, rows, empty="没有填报佐证材料。")
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


def _limited(made: Accounted) -> str:
    """Return the one rounding and the caps in words: which there are, and which one bound."""
    exact, result, counted = made.computation.exact or Decimal(0), made.computation.result or 0, made.counted or 0
    said = f"结果 {plain(exact)} t/a，按四舍六入五成双修约到毫克为 {text(result)} t/a".replace(" -", f" {MINUS}")
    names = {"permitted_before": "减排前许可排放量", "actual_before": "减排前实际排放量"}
    caps = [(name, word, getattr(made.reduction, name)) for name, word in names.items()]
    told = [
        f"{word} {text(cap)} t/a（{made.reduction.at.reference(name)}）" for name, word, cap in caps if cap is not None
    ]
    if not told:
        return f"{said}；没有填报减排前许可量和实际量，不受其限制，计 {_amount(counted)} t/a。"
    if counted == result:
        return f"{said}；不超过{'、'.join(told)}，计 {_amount(counted)} t/a。"
    return f"{said}；以{'、'.join(told)}中较小者为限，计 {_amount(counted)} t/a。"


def _carbon(check: CarbonCheck, uptake: str) -> str:
    sign, verdict = ("≤", "成立") if check.holds else (">", "不成立")
    return (
        f"活性炭核对：治理后去除 {plain(check.removed_t)} t/a {sign} 更换量 {plain(check.carbon_t)} t/a × {uptake} = "
        f"{plain(check.most_t)} t/a，{verdict}。"
    )


def _amount(amount: int) -> str:
    return text(amount).replace("-", MINUS)


def _in_row(made: Accounted, row: int) -> str:
    """Return in which of several input rows something stands; "" of the only one."""
    return f"（第 {row + 1} 行）" if len(made.rows) > 1 else ""


def _inputs(made: Accounted, key: str) -> Table:
    rows = [
        (
            f"{one.heading}{_in_row(made, one.row)}",
            plain(one.value) if isinstance(one.value, Decimal) else one.value,
            one.unit or None,
            "未填，按此计" if one.left_out else made.rows[one.row].at.reference(one.name),
        )
        for one in made.computation.inputs
    ]
    columns = (Column("input", "输入"), Column("value", "数值"), Column("unit", "单位"), Column("source", "单元格"))
    return Table(f"inputs-{key}", "输入", columns, rows)


def _coefficients(made: Accounted, key: str) -> Table:
    rows = []
    for one in made.computation.coefficients:
        found = one.coefficient
        spread = [plain(value) for value in (found.low, found.high) if value is not None]
        value = plain(found.value) if found.value is not None else "–".join(spread) or None
        used = "由填报值代替" if one.replaced else "采用"
        status = STATUSES.get(found.status, found.status)
        label = METHODS[made.computation.method].card.lookups[one.name].label
        rows.append(
            (
                f"{label}{_in_row(made, one.row)}",
                found.word,
                value,
                found.unit,
                used,
                found.edition,
                found.source,
                status,
            )
        )
    columns = (
        Column("name", "系数"),
        Column("word", "类别"),
        Column("value", "数值"),
        Column("unit", "单位"),
        Column("used", "用法"),
        Column("edition", "版本"),
        Column("source", "出处"),
        Column("status", "状态"),
    )
    return Table(f"coefficients-{key}", "系数", columns, rows)


def _range_picture(span: Spread, key: str) -> str:
    """Return how far the result moves with each range by itself, and with all of them at once."""
    bars = [
        Bar(one.label, span.counted, min(one.at_low, one.at_high), max(one.at_low, one.at_high)) for one in span.swings
    ]
    if len(bars) > 1 and span.least is not None and span.most is not None:
        bars.append(Bar("各项同时变动", span.counted, span.least, span.most))
    return range_chart(f"ranges-{key}", "系数在所列范围内变动时的减排量", bars, "t/a", ("核算结果", ""))


def _ranges(span: Spread, key: str, factor: str) -> Table:
    rows = [
        (
            one.label,
            f"{plain(one.low)}–{plain(one.high)} {one.unit}",
            plain(one.stands_at) if one.stands_at is not None else None,
            one.at_low,
            one.at_high,
            one.source,
            STATUSES.get(one.status, one.status),
        )
        for one in span.swings
    ]
    columns = (
        Column("range", "系数"),
        Column("between", "所列范围"),
        Column("value", "取值"),
        Column("at_low", "取下限时的减排量", "mass", "t/a", factor),
        Column("at_high", "取上限时的减排量", "mass", "t/a", factor),
        Column("source", "出处"),
        Column("status", "状态"),
    )
    return Table(f"ranges-{key}", "系数范围与减排量", columns, rows)


def mathml(latex: str) -> str:
    """Return a formula as MathML, which every browser shows without a script."""
    from latex2mathml.converter import convert

    return str(convert(latex))


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
