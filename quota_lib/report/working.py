"""How an amount was computed, for the hand that recomputes it: formula, inputs, coefficients, steps, caps, ranges.

Source  REDUCE-2, REDUCE-3
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from quota_lib.accounting import Accounted, Limit, limits
from quota_lib.amounts import plain, text
from quota_lib.methods import METHODS, CarbonCheck, Given, activated_carbon_check
from quota_lib.park import Park
from quota_lib.problems import problem
from quota_lib.ranges import Spread, spread
from quota_lib.report.charts import Bar, range_chart
from quota_lib.report.html import MINUS, table_html, visible
from quota_lib.report.table import Column, FactorShown, Table
from quota_lib.rules import STATUSES, Rules
from quota_lib.tracing import figure

TRIED = "try"  # before the ids of a trial's figures


def working_html(made: Accounted, park: Park, factors: Mapping[str, FactorShown], tried: bool = False) -> Iterator[str]:
    """Return the formula, inputs, coefficients and steps of a computation, each number with its source.

    ``park``: whose basis and parameters it was made with; ``tried``: the trial's, beside which the official one may stand.
    """
    ids = ("range", made.reduction.project, made.reduction.factor)
    key = f"{'try-' if tried else ''}{made.reduction.project}-{made.reduction.factor}"
    label = factors[made.reduction.factor].label
    about = f"{made.reduction.project} {label}{'（试算）' if tried else ''}"
    card = METHODS[made.computation.method].card
    yield f'<p class="formula" tabindex="0" role="group" aria-label="公式">{mathml(card.latex)}</p><p class="note">{visible(card.plain)}</p>'
    yield table_html(_inputs(made, key, about), factors, None)
    if made.computation.coefficients:
        yield table_html(_coefficients(made, key, about), factors, None)
    for fault in made.computation.faults:
        said = problem(fault.code, "", **dict(fault.words))
        yield f"<p><strong>不能核算：</strong>{visible(said.message)} → {visible(said.fix)}</p>"
    lines = []
    for step in made.computation.steps:
        row = "" if step.row is None else _in_row(made, step.row)
        row += "（供参考，不进入结果）" if step.aside else ""
        formula = mathml(step.latex) if step.latex else visible(step.formula)
        numbers = mathml(step.latex_numbers) if step.latex_numbers else visible(step.numbers)
        lines.append(f"<li>{visible(step.label)}{row}：{formula}<br>{numbers} {visible(step.unit)}</li>")
    if lines:
        yield f'<div class="steps" tabindex="0" role="group" aria-label="步骤"><ol>{"".join(lines)}</ol></div>'
    if made.counted is not None and made.computation.exact is not None:
        yield f"<p>{visible(_limited(made, park.rules))}</p>"
    uptake = park.rules.ratio("checks.carbon_uptake", park.quarter.end)
    for check in activated_carbon_check(made.computation, uptake):
        yield f"<p>{visible(_carbon(check, str(uptake)))}</p>"
    for note in made.computation.notes:
        yield f'<p class="note">{visible(note)}</p>'
    span = spread(made, park.basis, park.rules)
    if span and span.swings:
        yield _range_picture(span, key)
        yield table_html(_ranges(span, key, about, (TRIED, *ids) if tried else ids), factors, None)


def _limited(made: Accounted, rules: Rules) -> str:
    """Return the one rounding and the caps in words: which there are, and which one bound."""
    exact, result, counted = made.computation.exact or Decimal(0), made.computation.result or 0, made.counted or 0
    said = f"结果 {plain(exact)} t/a，按四舍六入五成双修约到毫克为 {text(result)} t/a".replace(" -", f" {MINUS}")
    caps = limits(rules, made)
    told = [f"{one.label} {text(one.amount)} t/a（{limit_source(made, one)}）" for one in caps]
    if not told:
        return f"{said}；没有填报减排前许可量和实际量，不受其限制，计 {shown_amount(counted)} t/a。"
    if counted == result:
        return f"{said}；不超过{'、'.join(told)}，计 {shown_amount(counted)} t/a。"
    least = "中较小者" if len(told) > 1 else ""
    return f"{said}；以{'、'.join(told)}{least}为限，计 {shown_amount(counted)} t/a。"


def limit_source(made: Accounted, one: Limit) -> str:
    """Return the cells that a limit stands on."""
    return "、".join(made.reduction.at.reference(name) for name in one.fields)


def _carbon(check: CarbonCheck, uptake: str) -> str:
    sign, verdict = ("≤", "成立") if check.holds else (">", "不成立")
    return (
        f"活性炭核对：治理后去除 {plain(check.removed_t)} t/a {sign} 更换量 {plain(check.carbon_t)} t/a × {uptake} = "
        f"{plain(check.most_t)} t/a，{verdict}。"
    )


def shown_amount(amount: int) -> str:
    """Return an amount in t with a minus sign."""
    return text(amount).replace("-", MINUS)


def _in_row(made: Accounted, row: int) -> str:
    """Return in which of several input rows something stands; "" of the only one."""
    return f"（第 {row + 1} 行）" if len(made.inputs) > 1 else ""


def _inputs(made: Accounted, key: str, about: str) -> Table:
    rows = [
        (
            f"{one.heading}{_in_row(made, one.row)}",
            plain(one.value) if isinstance(one.value, Decimal) else one.value,
            one.unit or None,
            source_of(made, one),
        )
        for one in made.computation.inputs
    ]
    columns = (Column("input", "输入"), Column("value", "数值"), Column("unit", "单位"), Column("source", "单元格"))
    return Table(f"inputs-{key}", f"输入：{about}", columns, rows)


def source_of(made: Accounted, one: Given) -> str:
    """Return where an input stands: its cell, the trial's file, or that it was left out."""
    if one.left_out:
        return "未填，按此计"
    return made.rows[one.row].at.reference(one.name) if made.rows else "试算文件的 inputs"


def _coefficients(made: Accounted, key: str, about: str) -> Table:
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
                found.word + found.equipment,
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
    return Table(f"coefficients-{key}", f"系数：{about}", columns, rows)


def _range_picture(span: Spread, key: str) -> str:
    """Return how far the result moves with each range by itself, and with all of them at once."""
    bars = [
        Bar(one.label, span.counted, min(one.at_low, one.at_high), max(one.at_low, one.at_high)) for one in span.swings
    ]
    if len(bars) > 1 and span.least is not None and span.most is not None:
        bars.append(Bar("各项同时变动", span.counted, span.least, span.most))
    return range_chart(f"ranges-{key}", "系数在所列范围内变动时的减排量", bars, "t/a", ("核算结果", ""))


def _ranges(span: Spread, key: str, about: str, ids: tuple[str, ...]) -> Table:
    factor = ids[-1]
    rows = [
        (
            one.label,
            f"{plain(one.low)}–{plain(one.high)} {one.unit}",
            plain(one.stands_at) if one.stands_at is not None else None,
            figure(one.at_low, *ids, str(at), "low"),
            figure(one.at_high, *ids, str(at), "high"),
            one.source,
            STATUSES.get(one.status, one.status),
        )
        for at, one in enumerate(span.swings)
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
    return Table(f"ranges-{key}", f"系数范围与减排量：{about}", columns, rows)


def mathml(latex: str) -> str:
    """Return a formula as MathML, which every browser shows without a script."""
    from latex2mathml.converter import convert

    return str(convert(latex))
