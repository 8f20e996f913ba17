"""The tables of a trial: what it changes, and the official figure and the trial's side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from quota_lib.coefficients import Table as CoefficientTable
from quota_lib.findings import Finding, findings
from quota_lib.findings.numbers import numbered
from quota_lib.park import Park
from quota_lib.report.html import Answer
from quota_lib.report.table import Column, Table
from quota_lib.report.trial_facts import COUNT, MOVED, SUM
from quota_lib.report.working import TRIED
from quota_lib.reserve.balances import NOTHING
from quota_lib.tracing import fact_id, figure
from quota_lib.tracing.fact import Sentence, Words
from quota_lib.trial import (
    Flip,
    ReducedTwice,
    Trial,
    balances_compared,
    computed_with,
    flips,
    problems_of_the_trial,
    reductions_compared,
    warnings_compared,
)
from quota_lib.what_if import FOLLOW
from quota_lib.words import nearest

YEARLY, T = "t/a", "t"
GONE, NEW = "消失", "新增"


def answers(trial: Trial) -> list[Answer]:
    """Return three answers: how many computed reductions move, which decisions flip, what no longer fits."""
    compared = reductions_compared(trial)
    moved = [one for one in compared if one.official.computed != one.trial.computed]
    turned = flips(trial)
    kinds = {kind: sum(one.kind == kind for one in turned) for kind in dict.fromkeys(one.kind for one in turned)}
    wrong = problems_of_the_trial(trial)
    return [
        Answer(
            "核算结果变动多少？",
            "look" if moved else "good",
            Sentence(_count(len(compared), "reductions"), " 项核算中 ", _count(len(moved), "moved"), " 项变动"),
            [],
            "#table-try_reductions",
        ),
        Answer(
            "哪些判断会变？",
            "look" if turned else "good",
            Sentence(_count(len(turned), "flips"), " 处") if turned else "没有",
            [Sentence(f"{kind} ", _count(count, "flips", kind), " 处") for kind, count in kinds.items()],
            "#table-try_flips",
        ),
        Answer(
            "有什么不再成立？",
            "bad" if any(one.severity == "error" for one in wrong) else "good",
            Sentence(_count(len(wrong), "problems"), " 条") if wrong else "没有",
            [],
            "#table-try_problems",
        ),
    ]


def _count(number: int, *what: str) -> Words:
    return Words(str(number), fact_id(COUNT, *what))


def changes(trial: Trial) -> Table:
    """Return what the trial changes: the official value, the trial's, from when on."""
    rows = [*_parameters(trial), *_coefficients(trial), *_others(trial)]
    columns = (
        Column("what", "改动"),
        Column("since", "起"),
        Column("official", "正式"),
        Column("trial", "试算"),
        Column("source", "说明"),
    )
    return Table("try_changes", "试算改了什么", columns, rows, note=f"见 {trial.what.where}；其余一律与正式报告相同。")


def _parameters(trial: Trial) -> Iterator[tuple[str, ...]]:
    for key in trial.what.parameters:
        before, after = (park.rules.parameters[key] for park in (trial.official, trial.park))
        for value in after.history:
            was = before.on(value.since)
            if was is None or was.value != value.value:
                shown = (was.value or "无" if was else "无"), value.value or "无"
                yield f"{before.label}（{key}）", str(value.since), *shown, value.reference


def _coefficients(trial: Trial) -> Iterator[tuple[str, ...]]:
    whom = "、".join(trial.what.methods) or "全部方法"
    changed = trial.park.basis.changed
    for name, change in trial.what.coefficients.items():
        table = trial.official.basis.coefficients.table(name)
        if change.get("edition"):
            edition = table.editions[change["edition"]]
            yield f"{table.label}（{name}）的版本", "各日", "按申报日", edition.label, f"{edition.source}；用于{whom}"
        end = trial.official.quarter.end
        for one in changed.table(name).trial if changed else ():
            held = trial.official.basis.coefficients.alternatives(name, one.word, one.factor, one.unit, end)
            was = held[0].shown if held else _not_held(table, one.word)
            yield f"{table.label}：{one.word}／{one.factor}", str(one.since or "各日"), was, one.shown, f"用于{whom}"


def _not_held(table: CoefficientTable, word: str) -> str:
    """Return what the official side has where a trial gives a number: nothing, and whether the word is known at all."""
    return "没有" if word in table.words else f"没有这个词；最接近的是“{nearest(word, table.words)}”"


def _others(trial: Trial) -> Iterator[tuple[str, ...]]:
    for old, new in trial.what.instead.items():
        yield "核算方法", "各日", old, new, "代替申报的方法"
    for (project, factor), (method, rows) in trial.what.inputs.items():
        yield f"{project}／{factor} 的输入", "各日", "申报的输入", f"{method}，{len(rows)} 行", _given(rows)
    if trial.what.verified == FOLLOW:
        yield "核定与储备", "各日", "按审核结论", "不超过试算结果", "只在试算结果低于正式核算时下调"


def _given(rows: tuple[Mapping[str, Any], ...]) -> str:
    return "；".join("，".join(f"{name} {value}" for name, value in row.items()) for row in rows)


def tables(trial: Trial) -> list[Table]:
    """Return what the trial moves: reductions, zones, factors, decisions, findings, problems, editions."""
    return [
        _reductions(trial),
        _zones(trial),
        _factors(trial),
        _flips(trial),
        _warnings(trial),
        _problems(trial),
        _editions(trial),
    ]


def _reductions(trial: Trial) -> Table:
    rows = [
        (
            f"{one.official.project.project} {one.official.project.label}",
            one.official.project.zone,
            one.official.reduction.factor,
            *_compared_figures(one),
            one.official.edition or None,
            one.trial.edition or None,
        )
        for one in reductions_compared(trial)
    ]
    columns = (
        Column("project", "减排项目"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("declared", "申报", "mass", YEARLY),
        Column("computed", "核算（正式）", "mass", YEARLY),
        Column("tried", "核算（试算）", "mass", YEARLY),
        Column("moved", "变动", "signed", YEARLY),
        Column("verified", "核定", "mass", YEARLY),
        Column("lowered", "核定（试算下调）", "mass", YEARLY),
        Column("edition", "版本（正式）"),
        Column("tried_edition", "版本（试算）"),
    )
    note = "核算结果以减排前许可量、实际量为限。"
    return Table(
        "try_reductions", "各项目核算结果", columns, rows, factor="factor", note=note, empty="没有核算的减排项目。"
    )


def _compared_figures(one: ReducedTwice) -> tuple[int | None, ...]:
    """Return declared, computed twice, moved, verified, lowered: each a figure that opens."""
    key = ("reduction", one.official.project.project, one.official.reduction.factor)
    lowered = one.trial.verified if one.trial.verified != one.official.verified else None
    return (
        figure(one.official.reduction.declared, *key, "declared"),
        figure(one.official.computed, *key, "computed"),
        figure(one.trial.computed, TRIED, *key, "computed"),
        figure(one.moved, MOVED, *key, "computed"),
        figure(one.official.verified, *key, "verified"),
        figure(lowered, TRIED, *key, "verified"),
    )


def _sums_of(zone: str, factor: str, sums: tuple[int, int]) -> tuple[int | None, ...]:
    key = (SUM, zone, factor)
    before, after = sums
    return figure(before, *key), figure(after, TRIED, *key), figure(after - before, MOVED, *key)


def _zones(trial: Trial) -> Table:
    computed = _computed_by(trial, lambda one: (one.official.project.zone, one.official.reduction.factor))
    rows = []
    for zone, factor, before, after in balances_compared(trial):
        was, now = before or NOTHING, after or NOTHING
        sums = computed.get((zone, factor))
        moves = _sums_of(zone, factor, sums) if sums else (None, None, None)
        key = ("balance", zone, factor)
        if sums or was != now:
            label = f"{zone} {trial.official.book.zone_label(zone)}"
            rows.append(
                (
                    label,
                    factor,
                    *moves,
                    figure(was.closing, *key, "closing"),
                    figure(now.closing, TRIED, *key, "closing"),
                    figure(now.closing - was.closing, MOVED, *key, "closing"),
                    figure(was.available, *key, "available"),
                    figure(now.available, TRIED, *key, "available"),
                )
            )
    columns = (
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        *_sums(),
        Column("closing", "期末结存（正式）", "mass", T),
        Column("tried_closing", "期末结存（试算）", "mass", T),
        Column("difference", "变动", "signed", T),
        Column("available", "可用（正式）", "mass", T),
        Column("tried_available", "可用（试算）", "mass", T),
    )
    empty = "没有变动的功能区。"
    return Table("try_zones", "各功能区", columns, rows, factor="factor", empty=empty)


def _sums() -> tuple[Column, ...]:
    return (
        Column("computed", "核算合计（正式）", "mass", YEARLY),
        Column("tried", "核算合计（试算）", "mass", YEARLY),
        Column("moved", "核算变动", "signed", YEARLY),
    )


def _computed_by(trial: Trial, key: Any) -> dict[Any, tuple[int, int]]:
    """Return the sums of what may be reserved of the computed amounts, official and of the trial."""
    found: dict[Any, tuple[int, int]] = {}
    for one in reductions_compared(trial):
        before, after = found.get(key(one), (0, 0))
        found[key(one)] = (before + max(one.official.computed or 0, 0), after + max(one.trial.computed or 0, 0))
    return found


def _factors(trial: Trial) -> Table:
    sums = _computed_by(trial, lambda one: one.official.reduction.factor)
    rows = [
        (factor, *_sums_of("*", factor, sums[factor]))
        for factor in trial.official.rules.factors.by_id
        if factor in sums
    ]
    note = "只计入大于零的核算结果。"
    columns = (Column("factor", "污染因子"), *_sums())
    return Table("try_factors", "各污染因子", columns, rows, factor="factor", note=note, empty="没有核算的减排项目。")


def _flips(trial: Trial) -> Table:
    found: list[Flip] = flips(trial)
    rows = [
        (one.kind, f"{one.project} {one.label}", one.zone, one.factor or None, one.official, one.trial) for one in found
    ]
    columns = (
        Column("kind", "判断"),
        Column("project", "项目"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("official", "正式"),
        Column("tried", "试算"),
    )
    return Table("try_flips", "会变的判断", columns, rows, factor="factor", empty="没有判断会变。")


def _warnings(trial: Trial) -> Table:
    numbers = {side: {_told(one): name for name, one in numbered(findings(park))} for side, park in _sides(trial)}
    rows = [
        (
            change,
            one.level,
            one.zone or None,
            one.project or None,
            one.factor or None,
            one.code,
            Words(one.message, fact_id(*((TRIED,) * (change == NEW)), "finding", numbers[change][_told(one)])),
        )
        for change, one in warnings_compared(trial)
    ]
    columns = (
        Column("change", "试算中"),
        Column("level", "级别", "level"),
        Column("zone", "功能区"),
        Column("project", "项目"),
        Column("factor", "污染因子"),
        Column("code", "编号"),
        Column("message", "内容"),
    )
    return Table("try_warnings", "预警与提示的增减", columns, rows, factor="factor", empty="预警与提示没有增减。")


def _told(one: Finding) -> tuple[str, ...]:
    return one.code, one.zone, one.unit, one.project, one.factor, one.message


def _sides(trial: Trial) -> tuple[tuple[str, Park], tuple[str, Park]]:
    return (GONE, trial.official), (NEW, trial.park)


def _problems(trial: Trial) -> Table:
    from quota_lib.problems import SEVERITIES

    rows = [
        (SEVERITIES[one.severity], f"{one.file} › {one.sheet}!{one.cell}", one.code, one.message)
        for one in problems_of_the_trial(trial)
    ]
    columns = (
        Column("severity", "级别", "level"),
        Column("place", "单元格"),
        Column("code", "编号"),
        Column("message", "试算中不再成立的内容"),
    )
    return Table("try_problems", "试算中不再成立的数据", columns, rows, empty="没有。")


def _editions(trial: Trial) -> Table:
    rows = list(computed_with(trial))
    columns = (Column("method", "核算方法"), Column("official", "正式"), Column("tried", "试算"))
    return Table("try_editions", "方法与系数版本", columns, rows, empty="没有核算的减排项目。")
