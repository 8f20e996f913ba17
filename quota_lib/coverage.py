"""Each clause of the rules and what the software does about it: where it is implemented, or why not.

Source  the clauses' ids; docs/clauses.md is made from this
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Clause(NamedTuple):
    """A clause: where it stands in the rules, what it is about, and the modules that implement it, or the reason why none does."""

    place: str
    about: str
    implemented: tuple[str, ...] = ()
    reason: str = ""


CLAUSES: Mapping[str, Clause] = {
    "SCOPE-1": Clause("三、1", "实施范围：“十四五”以来、园区内", ("admission", "parameters/scope.yaml")),
    "SCOPE-2": Clause("三、2", "十三种污染因子，含无组织", ("words", "parameters/factors.yaml")),
    "SCOPE-3": Clause("三、3", "一个平台、三个库", ("park", "report.record")),
    "REDUCE-1": Clause("四（减排项目）1", "四类减排项目", ("schema", "admission", "findings.dossier")),
    "REDUCE-2": Clause("四（减排项目）2", "核算方法", ("methods", "coefficients", "parameters/removal.yaml")),
    "REDUCE-3": Clause(
        "四（减排项目）3",
        "申报、季度开展、2 月底前",
        ("schema", "findings.reduction", "findings.dossier", "report.overview"),
    ),
    "REDUCE-4": Clause("四（减排项目）4", "入库审核", ("admission", "reserve.deposits", "findings.reduction")),
    "REDUCE-5": Clause("四（减排项目）5", "考核通报", ("reductions", "report.listing")),
    "RESERVE-1": Clause("四（指标储备）1", "指标储备，不纳入储备的情形", ("reserve.deposits",)),
    "RESERVE-2a": Clause(
        "四（指标储备）2 第一段", "按功能区统计、调剂", ("reserve.balances", "reserve.transfers", "reserve.deposits")
    ),
    "RESERVE-2b": Clause("四（指标储备）2 第二段", "备案与审核", ("reserve.route", "parameters/filing.yaml")),
    "RESERVE-2c": Clause(
        "四（指标储备）2 第二段末", "许可与按比例扣除", ("reserve.decisions", "reserve.ratio", "parameters/ratios.yaml")
    ),
    "RESERVE-2d": Clause("四（指标储备）2 第三段", "上级储备", ("reserve.superior", "report.overview")),
    "RESERVE-3": Clause("四（指标储备）3", "预警通报", ("findings.reserve", "park", "parameters/warnings.yaml")),
    "RESERVE-4": Clause(
        "四（指标储备）4", "指标校核与回收", ("reserve.recoveries", "findings.recovery", "parameters/recovery.yaml")
    ),
    "TOTAL-1": Clause("五、1", "管理名单", ("schema", "totals"), ""),
    "TOTAL-2": Clause("五、2", "总量申报", ("schema", "totals", "hourly"), ""),
    "TOTAL-3": Clause(
        "五、3",
        "总量复核",
        ("schema", "reserve.recoveries", "totals", "allowable", "annual"),
        "总量复核供富余回收使用。",
    ),
    "SAFE-1": Clause("六、1", "组织领导", (), "没有可计算的内容；报告的签署栏列出角色。"),
    "SAFE-2": Clause("六、2", "责任落实", (), "没有可计算的内容；报告的签署栏列出角色。"),
    "SAFE-3": Clause("六、3", "第三方技术支撑", ("schema", "findings.dossier")),
    "SAFE-4": Clause(
        "六、4", "监督考核", ("reserve.corrections", "admission", "plausibility", "totals.scorecard", "tracing"), ""
    ),
    "ANNEX-1": Clause("附件 1", "附件 1 信息表", ("report.annex1", "report.forms")),
    "EFFECT-1": Clause(
        "七", "自发布之日起实施，试行期一年", ("findings.reserve", "report.basis", "parameters/scope.yaml")
    ),
}


def clause_coverage() -> str:
    """Return the coverage of the clauses as Markdown."""
    lines = ["| 条款 | 细则条目 | 内容 | 实现 | 说明 |", "|---|---|---|---|---|"]
    for name, clause in CLAUSES.items():
        where = "、".join(f"`{one}`" for one in clause.implemented) or "—"
        lines.append(f"| {name} | {clause.place} | {clause.about} | {where} | {clause.reason or '—'} |")
    return (
        "# 条款的实现\n\n<!-- 由程序生成，请勿手改：python -m quota_lib.documentation -->\n\n" + "\n".join(lines) + "\n"
    )
