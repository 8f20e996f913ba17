"""How an amount was computed, for the hand that recomputes it: formula, inputs, coefficients, steps, caps, ranges.

Source  REDUCE-2, REDUCE-3
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from html import escape

from quota_lib.accounting import Accounted, Limit, limits
from quota_lib.amounts import plain, text
from quota_lib.methods import METHODS, CarbonCheck, Given, activated_carbon_check
from quota_lib.park import Park
from quota_lib.problems import problem
from quota_lib.ranges import Spread, spread
from quota_lib.report.charts import Bar, range_chart
from quota_lib.report.html import MINUS, table_html, text_html, visible
from quota_lib.report.table import Cell, Column, FactorShown, Table
from quota_lib.rules import STATUSES, Rules
from quota_lib.tracing import fact_id
from quota_lib.tracing.fact import Figure, Sentence, Words, told
from quota_lib.tracing.working import coefficient_value

TRIED = "try"  # before the ids of a trial's figures


def working_html(made: Accounted, park: Park, factors: Mapping[str, FactorShown], tried: bool = False) -> Iterator[str]:
    """Return the formula, inputs, coefficients and steps of a computation, each number with its source.

    ``park``: whose basis and parameters it was made with; ``tried``: the trial's, beside which the official one may stand.
    """
    ids = ids_of(made, tried)
    key = f"{'try-' if tried else ''}{made.reduction.project}-{made.reduction.factor}"
    label = factors[made.reduction.factor].label
    about = f"{made.reduction.project} {label}{'（试算）' if tried else ''}"
    card = METHODS[made.computation.method].card
    yield f'<p class="formula" tabindex="0" role="group" aria-label="公式">{mathml(card.latex)}</p><p class="note">{visible(card.plain)}</p>'
    yield table_html(_inputs(made, key, about, ids), factors, None)
    if made.computation.coefficients:
        yield table_html(_coefficients(made, key, about, ids), factors, None)
    for fault in made.computation.faults:
        said = problem(fault.code, "", **dict(fault.words))
        yield f"<p><strong>不能核算：</strong>{visible(said.message)} → {visible(said.fix)}</p>"
    lines = []
    for at, step in enumerate(made.computation.steps):
        row = "" if step.row is None else _in_row(made, step.row)
        row += "（供参考，不进入结果）" if step.aside else ""
        formula = mathml(step.latex) if step.latex else visible(step.formula)
        numbers = mathml(step.latex_numbers) if step.latex_numbers else visible(step.numbers)
        shown = f'<span data-fact="{escape(ids("step", str(at)))}">{numbers}</span>'
        unit = "" if step.unit == "%" else f" {visible(step.unit)}"  # a percentage stands in its numbers
        lines.append(f"<li>{visible(step.label)}{row}：{formula}<br>{shown}{unit}</li>")
    if lines:
        yield f'<div class="steps" tabindex="0" role="group" aria-label="步骤"><ol>{"".join(lines)}</ol></div>'
    if made.counted is not None and made.computation.exact is not None:
        yield text_html(_limited(made, park.rules, ids))
    uptake = park.rules.ratio("checks.carbon_uptake", park.quarter.end)
    for at, check in enumerate(activated_carbon_check(made.computation, uptake)):
        yield text_html(_carbon(check, str(uptake), lambda what, at=at: ids("carbon", str(at), what)))  # type: ignore[misc]
    for note in made.computation.notes:
        yield f'<p class="note">{visible(note)}</p>'
    span = spread(made, park.basis, park.rules)
    if span and span.swings:
        yield _range_picture(span, key)
        yield table_html(_ranges(span, key, about, made.reduction.factor, ids), factors, None)


def ids_of(made: Accounted, tried: bool) -> Callable[..., str]:
    """Return what gives the id of a figure of a computation: its kind, and what tells it from others of the kind."""
    about = (made.reduction.project, made.reduction.factor)
    return lambda kind, *keys: fact_id(*((TRIED,) * tried), kind, *about, *keys)


def _limited(made: Accounted, rules: Rules, ids: Callable[..., str]) -> Sentence:
    """Return the one rounding and the caps in words: which there are, and which one bound."""
    exact, result = made.computation.exact or Decimal(0), made.computation.result or 0
    outcome = Words(plain(exact), ids("outcome", "exact")), Figure(result, ids("outcome", "rounded"))
    said = ("结果 ", outcome[0], " t/a，按四舍六入五成双修约到毫克为 ", outcome[1], " t/a")
    counted = Figure(made.counted or 0, ids("reduction", "computed"))
    caps = limits(rules, made)
    words: list[str | int] = []
    for at, one in enumerate(caps):
        amount = Figure(one.amount, ids("limit", str(at)))
        words += ["、" * bool(words), f"{one.label} ", amount, f" t/a（{limit_source(made, one)}）"]
    if not words:
        return Sentence(*said, "；没有填报减排前许可量和实际量，不受其限制，计 ", counted, " t/a。")
    if counted == result:
        return Sentence(*said, "；不超过", *words, "，计 ", counted, " t/a。")
    least = "中较小者" if len(caps) > 1 else ""
    return Sentence(*said, "；以", *words, f"{least}为限，计 ", counted, " t/a。")


def limit_source(made: Accounted, one: Limit) -> str:
    """Return the cells that a limit stands on."""
    return "、".join(made.reduction.at.reference(name) for name in one.fields)


def _carbon(check: CarbonCheck, uptake: str, name: Callable[[str], str]) -> Sentence:
    sign, verdict = ("≤", "成立") if check.holds else (">", "不成立")
    amounts = {"removed": plain(check.removed_t), "carbon": plain(check.carbon_t), "uptake": uptake}
    removed, carbon, share = (Words(value, name(what)) for what, value in amounts.items())
    most = Words(plain(check.most_t), name("most"))
    before = Sentence("活性炭核对：治理后去除 ", removed, f" t/a {sign} 更换量 ", carbon, " t/a × ", share)
    return Sentence(before, " = ", most, f" t/a，{verdict}。")


def shown_amount(amount: int) -> str:
    """Return an amount in t with a minus sign."""
    return text(amount).replace("-", MINUS)


def _in_row(made: Accounted, row: int) -> str:
    """Return in which of several input rows something stands; "" of the only one."""
    return f"（第 {row + 1} 行）" if len(made.inputs) > 1 else ""


def _inputs(made: Accounted, key: str, about: str, ids: Callable[..., str]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            f"{one.heading}{_in_row(made, one.row)}",
            Words(plain(one.value), ids("input", str(at))) if isinstance(one.value, Decimal) else one.value,
            one.unit or None,
            source_of(made, one),
        )
        for at, one in enumerate(made.computation.inputs)
    ]
    columns = (Column("input", "输入"), Column("value", "数值"), Column("unit", "单位"), Column("source", "单元格"))
    return Table(f"inputs-{key}", f"输入：{about}", columns, rows)


def source_of(made: Accounted, one: Given) -> str:
    """Return where an input stands: its cell, the trial's file, or that it was left out."""
    if one.left_out:
        return "未填，按此计"
    return made.rows[one.row].at.reference(one.name) if made.rows else "试算文件的 inputs"


def _coefficients(made: Accounted, key: str, about: str, ids: Callable[..., str]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for at, one in enumerate(made.computation.coefficients):
        found = one.coefficient
        value = Words(coefficient_value(made, at), ids("coefficient", str(at))) or None
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


def _ranges(span: Spread, key: str, about: str, factor: str, ids: Callable[..., str]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            one.label,
            Words(f"{plain(one.low)}–{plain(one.high)} {one.unit}", ids("range", str(at), "between")),
            Words(plain(one.stands_at), ids("range", str(at), "value")) if one.stands_at is not None else None,
            told(one.at_low, ids("range", str(at), "low")),
            told(one.at_high, ids("range", str(at), "high")),
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
