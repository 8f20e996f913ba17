"""The workings of the quarter's computations as a table of record, a row for every number.

Source  REDUCE-2, REDUCE-3; contract §5, workings
"""

from __future__ import annotations

from decimal import Decimal

from quota_lib.accounting import limits
from quota_lib.amounts import plain, text
from quota_lib.methods import METHODS, shown
from quota_lib.park import Park
from quota_lib.report.record import of_the_quarter
from quota_lib.report.table import Cell, Column, Table
from quota_lib.report.working import limit_source
from quota_lib.rules import STATUSES


def workings(park: Park) -> Table:
    """Return every input, coefficient, intermediate result and result of the computations of the quarter's projects.

    Source  REDUCE-2, REDUCE-3; contract §5, workings
    """
    rows: list[tuple[Cell, ...]] = []
    order = park.rules.factors.order
    for key in sorted(of_the_quarter(park), key=lambda one: (one[0], order[one[1]])):
        one = park.accounted[key]
        made, project = one.computation, park.book.reduction_project(key[0])
        head = (key[0], project.unit if project else None, key[1], made.method, made.edition or None)
        for given in made.inputs:
            source = one.rows[given.row].at.reference(given.name)
            rows.append(
                (
                    *head,
                    f"{source}（未填，按此计）" if given.left_out else source,
                    given.heading,
                    _value(given.value),
                    given.unit,
                )
            )
        labels = METHODS[made.method].card.lookups
        for used in made.coefficients:
            found = used.coefficient
            status = STATUSES.get(found.status, found.status)
            value = f"{_value(found.low)}–{_value(found.high)}" if found.value is None else _value(found.value)
            rows.append(
                (
                    *head,
                    f"{found.edition}，{found.source}（{status}）",
                    f"{labels[used.name].label} {found.word}{found.equipment}",
                    value,
                    found.unit,
                )
            )
        for step in made.steps:
            rows.append((*head, step.numbers, step.label, shown(step.value), step.unit))
        if one.counted is not None and made.result is not None:
            rows.append((*head, "结果修约到毫克，四舍六入五成双", "减排量（修约）", text(made.result), "t/a"))
            for limit in limits(park.rules, one):
                rows.append((*head, limit_source(one, limit), limit.label, text(limit.amount), "t/a"))
            said = "不超过许可与实际" if limits(park.rules, one) else "没有填报许可与实际，不受其限制"
            rows.append((*head, said, "计入减排量", text(one.counted), "t/a"))
    return Table(
        "workings", "减排核算过程", workings_columns(), rows, factor="factor", empty="本期的项目没有核算输入。"
    )


def workings_columns() -> tuple[Column, ...]:
    """Return the columns of workings.csv; of a year's plants, ``project`` holds the outlet."""
    return (
        Column("project", "减排项目"),
        Column("unit", "排污单位"),
        Column("factor", "污染因子"),
        Column("method", "核算方法"),
        Column("edition", "版本"),
        Column("source", "来源"),
        Column("step", "步骤"),
        Column("value", "数值"),
        Column("unit_of_value", "单位"),
    )


def _value(value: Decimal | str | None) -> str:
    return plain(value) if isinstance(value, Decimal) else value or ""
