"""The annual report's tables of record, column by column as the contract lists them.

Source  contract §5, reports/2025
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from quota_lib.amounts import Ratio, plain, ratio, text
from quota_lib.annual import Closed
from quota_lib.findings import Finding
from quota_lib.report import record
from quota_lib.report.movements import Rows
from quota_lib.report.table import Cell, Column, Kind, Table
from quota_lib.report.workings import workings_columns
from quota_lib.totals.consistency import Compared
from quota_lib.totals.recovery import Candidate
from quota_lib.tracing import figure
from quota_lib.tracing.fact import ratio_figure
from quota_lib.tracing.year import usual

if TYPE_CHECKING:
    from quota_lib.hourly.results import OnlineQuarter

YEARLY, T = "t/a", "t"
TOTALS = (
    ("declared_permitted", "申报许可"),
    ("declared_actual", "申报实际"),
    ("declared_allowable", "申报允许"),
    ("online", "在线监测"),
    ("supervisory", "监督监测"),
    ("self_monitoring", "自行监测"),
    ("material_balance", "物料衡算"),
    ("coefficient", "产排污系数"),
    ("execution_report", "执行报告"),
    ("fugitive", "其中无组织"),
    ("route", "采用途径"),
    ("reason", "理由"),
    ("computed_actual", "核算实际"),
    ("verified_permitted", "核定许可"),
    ("verified_actual", "核定实际"),
    ("permitted", "台账许可"),
    ("allowable", "本年允许"),
    ("proposed_allowable", "下年拟定允许"),
    ("verified_allowable", "下年核定允许"),
    ("next_allowable", "下年允许"),
    ("grade", "绩效等级"),
)
_TEXTS = ("route", "reason", "grade")


def _columns(*ones: tuple[str, str, Kind, str] | tuple[str, str]) -> tuple[Column, ...]:
    return tuple(Column(*one) for one in ones)


def _mass(names: Iterable[tuple[str, str]]) -> tuple[Column, ...]:
    return tuple(Column(n, h) if n in _TEXTS else Column(n, h, "mass", YEARLY) for n, h in names)


def totals(closed: Closed) -> Table:
    """Return a row per plant, factor, 口径 and 范围: every route, what counts and why, declared, verified, allowable."""
    rows: Rows = []
    for one in closed.account.totals:
        cells = (getattr(one, name) for name, _ in TOTALS)
        rows.append((one.unit, one.zone or None, one.factor, one.basis, one.scope, *(_none(cell) for cell in cells)))
    columns = (
        *_columns(
            ("unit", "排污单位"), ("zone", "功能区"), ("factor", "污染因子"), ("basis", "口径"), ("scope", "范围")
        ),
        *_mass(TOTALS),
    )
    return Table("totals", "排污总量", columns, rows, factor="factor", empty="没有申报、核算或许可的排污总量。")


def routes(closed: Closed) -> Table:
    """Return every route of every outlet, the chosen one marked, each with its reason."""
    rows: Rows = [
        (
            one.unit,
            one.outlet or None,
            one.factor,
            one.basis,
            one.scope,
            one.route,
            one.amount,
            "是" if one.chosen else "否",
            one.reason or None,
        )
        for one in closed.account.actuals.rows
    ]
    columns = (
        *_columns(
            ("unit", "排污单位"),
            ("outlet", "排放口"),
            ("factor", "污染因子"),
            ("basis", "口径"),
            ("scope", "范围"),
            ("route", "途径"),
        ),
        Column("amount", "排放量", "mass", YEARLY),
        *_columns(("chosen", "采用"), ("reason", "理由")),
    )
    return Table("routes", "各排放口的核算途径", columns, rows, factor="factor", empty="没有可核算的排放口。")


def online(closed: Closed) -> Table:
    """Return the quarters of every monitored outlet and factor: hours, capture, sums as given and as computed."""
    order = closed.year.rules.factors.order
    quarters = closed.hourly.quarters if closed.hourly else ()
    rows: Rows = [
        (
            one.unit,
            one.outlet,
            one.factor,
            str(one.quarter),
            one.normal,
            figure(one.substituted, *_online(one), "substituted"),
            one.stopped,
            one.missing,
            None if one.capture is None else share(one.capture),
            figure(one.as_given, *_online(one), "as_given"),
            figure(one.computed, *_online(one), "computed"),
        )
        for one in sorted(quarters, key=lambda q: (q.unit, q.outlet, order[q.factor], q.quarter))
    ]
    columns = (
        *_columns(("unit", "排污单位"), ("outlet", "排放口"), ("factor", "污染因子"), ("quarter", "季度")),
        Column("normal", "正常", "count", "h"),
        Column("substituted", "替代", "count", "h"),
        Column("stopped", "停运", "count", "h"),
        Column("missing", "缺失", "count", "h"),
        Column("capture", "有效捕集率", "ratio"),
        Column("as_given", "按原值", "mass", T),
        Column("computed", "核算", "mass", T),
    )
    return Table("online", "在线监测", columns, rows, factor="factor", empty="没有小时数据。")


def _online(one: OnlineQuarter) -> tuple[str, ...]:
    return "online", one.unit, one.outlet, one.factor, str(one.quarter)


def share(exact: Fraction | Ratio) -> Ratio:
    """Return a share with six decimals, cut off: it never shows a line as reached that is not."""
    return ratio(Decimal(exact.numerator * 10**6 // exact.denominator).scaleb(-6))


def substitutions(closed: Closed) -> Table:
    """Return every hour that was replaced: old and new emission, the rule, where the value is from."""
    rows: Rows = [
        (
            one.unit,
            one.outlet,
            one.factor,
            f"{one.time:%Y-%m-%d %H:%M}",
            one.flag,
            None if one.old_kg is None else plain(one.old_kg),
            plain(one.new_kg),
            one.rule,
            f"{one.from_:%Y-%m-%d %H:%M}",
            one.hours_used,
        )
        for one in (closed.hourly.substitutions if closed.hourly else ())
    ]
    columns = (
        *_columns(
            ("unit", "排污单位"),
            ("outlet", "排放口"),
            ("factor", "污染因子"),
            ("time", "时间"),
            ("flag", "标记"),
            ("old_kg", "原值(kg)"),
            ("new_kg", "替代值(kg)"),
            ("rule", "规则"),
            ("from", "取自"),
        ),
        Column("hours_used", "所用有效小时", "count"),
    )
    return Table("substitutions", "替代的小时", columns, rows, factor="factor", empty="没有替代的小时。")


def recoveries(closed: Closed) -> Table:
    """Return the candidates for recovery, and what was decided on them."""
    rows: Rows = [
        (
            one.project,
            one.unit,
            one.factor,
            one.reason,
            _candidate(one, "permitted"),
            _candidate(one, "actual"),
            None if one.share is None else ratio_figure(share(one.share), *_candidate_id(one, "share")),
            _candidate(one, "surplus"),
            _candidate(one, "surplus_at_80"),
            None if one.load is None else ratio_figure(ratio(one.load), *_candidate_id(one, "load")),
            one.scope or None,
            "、".join(one.flips) or None,
            _candidate(one, "recovered"),
            one.status,
        )
        for one in closed.account.recoveries
    ]
    columns = (
        *_columns(("project", "建设项目"), ("unit", "排污单位"), ("factor", "污染因子"), ("reason", "情形")),
        Column("permitted", "许可", "mass", YEARLY),
        Column("actual", "实际", "mass", YEARLY),
        Column("share", "实际占许可", "ratio"),
        Column("surplus", "许可－实际", "mass", YEARLY),
        Column("surplus_at_80", "80% 许可－实际", "mass", YEARLY),
        Column("load", "监测时负荷", "ratio", "%"),
        *_columns(("scope", "范围"), ("flips", "结论会变的口径")),
        Column("recovered", "已回收", "mass", YEARLY),
        Column("status", "状态"),
    )
    return Table("recoveries", "指标校核与回收", columns, rows, factor="factor", empty="没有可能收回的指标。")


def _candidate(one: Candidate, what: str) -> int | None:
    return figure(getattr(one, what), "recovery", one.project, one.factor, one.reason, what)


def _candidate_id(one: Candidate, what: str) -> tuple[str, ...]:
    return "candidate", one.project, one.factor, one.reason, what


def consistency(closed: Closed) -> Table:
    """Return published figures beside the verified ones."""
    rows: Rows = [
        (
            one.unit,
            one.factor,
            one.basis,
            one.scope,
            one.source,
            figure(one.published, "published", *_compared(one)),
            figure(one.verified, "total", one.unit, one.factor, "verified_actual", *usual(one.basis, one.scope)),
            figure(one.difference, "difference", *_compared(one)),
            one.verdict,
        )
        for one in closed.account.consistency
    ]
    columns = (
        *_columns(
            ("unit", "排污单位"), ("factor", "污染因子"), ("basis", "口径"), ("scope", "范围"), ("source", "来源")
        ),
        Column("published", "公布", "mass", YEARLY),
        Column("verified", "核定", "mass", YEARLY),
        Column("difference", "差", "signed", YEARLY),
        Column("verdict", "结论"),
    )
    empty = "没有可比较的环境统计、信息披露或执行报告。"
    return Table("consistency", "与环境统计、信息披露、执行报告的一致性", columns, rows, factor="factor", empty=empty)


def _compared(one: Compared) -> tuple[str, ...]:
    return one.unit, one.factor, one.source, *usual(one.basis, one.scope)


SCORES = (
    ("reduced", "减排"),
    ("reserved", "储备"),
    ("used", "使用"),
    ("recovered", "回收"),
    ("actual", "实际"),
    ("permitted", "许可"),
    ("cap", "本年限量"),
    ("next_cap", "下年限量"),
)


def scorecard(closed: Closed) -> Table:
    """Return what each zone and plant reduced, reserved, used and recovered, beside actual, permitted and caps.

    Source  SAFE-4
    """
    rows: Rows = [
        (one.zone or None, one.unit or None, one.factor, *(getattr(one, name) for name, _ in SCORES))
        for one in closed.account.scorecard
    ]
    columns = (
        *_columns(("zone", "功能区"), ("unit", "排污单位"), ("factor", "污染因子")),
        *(Column(name, heading, "mass", YEARLY) for name, heading in SCORES),
    )
    return Table("scorecard", "总量记分卡", columns, rows, factor="factor", empty="没有数据。")


def workings(closed: Closed) -> Table:
    """Return every input, intermediate result and result of the year's computations."""
    rows: Rows = []
    order = closed.year.rules.factors.order
    results = closed.account.actuals.results
    for unit, outlet, factor in sorted(results, key=lambda key: (key[0], key[1], order[key[2]])):
        for method, one in sorted(results[(unit, outlet, factor)].items()):
            made = one.computation
            head: tuple[Cell, ...] = (outlet or None, unit, factor, method, made.edition or None)
            for given in made.inputs:
                value = given.value if isinstance(given.value, str) else plain(given.value)
                rows.append((*head, "输入", given.heading, value, given.unit or None))
            for step in made.steps:
                rows.append((*head, step.numbers, step.label, plain(step.value), step.unit))
            if made.result is not None:
                rows.append((*head, "修约到毫克", "结果", text(made.result), YEARLY))
    columns = workings_columns()
    return Table("workings", "核算过程", columns, rows, factor="factor", empty="没有核算输入。")


def warnings(found: Sequence[Finding]) -> Table:
    """Return every finding of the year."""
    return record.warning_table(found)


def _none(cell: Any) -> Cell:
    return None if cell == "" else cell
