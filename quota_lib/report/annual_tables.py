"""What the annual page shows in its own words: zones, plants, data quality, allowable, caps, permits.

Source  TOTAL-2, TOTAL-3, SAFE-4
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from quota_lib.amounts import text
from quota_lib.annual import Closed
from quota_lib.periods import Quarter
from quota_lib.report import annual_record
from quota_lib.report.charts import flow_moves, waterfall
from quota_lib.report.html import Answer
from quota_lib.report.movements import Rows
from quota_lib.report.overview import PARK
from quota_lib.report.table import Column, Table
from quota_lib.reserve.balances import balances
from quota_lib.totals.reading import labels
from quota_lib.totals.register import PERMIT
from quota_lib.totals.scorecard import Score
from quota_lib.totals.totals import Total
from quota_lib.totals.year import TO_ENVIRONMENT, WHOLE_PLANT

YEARLY, T = "t/a", "t"


def answers(closed: Closed) -> list[Answer]:
    """Return one answer for each zone: actual against cap and permitted, next year's cap, what to look at."""
    book = closed.park.book
    zones = sorted({one.zone for one in closed.account.scorecard if one.zone and not one.unit})
    return [_of_a_zone(closed, zone, book.zone_label(zone)) for zone in zones]


def _of_a_zone(closed: Closed, zone: str, label: str) -> Answer:
    rows = [one for one in closed.account.scorecard if one.zone == zone and not one.unit]
    over = [one for one in rows if one.cap is not None and one.actual is not None and one.actual > one.cap]
    short = [one for one in closed.allowables.balances if one.zone == zone and one.short > 0]
    looks = [one for one in closed.findings if one.zone == zone and one.level == "预警"]
    factor = closed.year.rules.factors.label
    lines = [f"{factor(one.factor)}实际 {text(one.actual or 0)} t，限量 {text(one.cap or 0)} t" for one in over]
    lines += [f"{factor(one.factor)}下年限量不能满足，差 {text(one.short)} t" for one in short]
    if looks:
        lines.append(f"{len(looks)} 条预警待核查")
    caps = sum(one.cap is not None for one in rows)
    if over or short:
        headline = f"{len(over)} 种因子超过限量，{len(short)} 种下年限量不能满足。"
    else:
        headline = f"{caps} 个限量均未超过。" if caps else "没有设定排放限量。"
    verdict = "bad" if over or short else "look" if looks else "good"
    return Answer(label, verdict, headline, lines, "#table-zones")  # type: ignore[arg-type]


def zones(closed: Closed) -> Table:
    """Return the scorecard of the zones, with the park's row where it has a cap."""
    rows: Rows = []
    total = set()
    for one in closed.account.scorecard:
        if not one.unit:
            if not one.zone:
                total.add(len(rows))
            label = f"{one.zone} {closed.park.book.zone_label(one.zone)}" if one.zone else PARK
            rows.append((label, one.factor, *_scores(one), _left(one.cap, one.actual)))
    columns = (
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        *_score_columns(),
        Column("left", "限量余量", "signed", YEARLY),
    )
    note = "减排、储备、使用、回收为本年各季度入账净额；实际为全厂外排环境量，先取核定，其次核算，再次申报。"
    return Table("zones", "各功能区记分卡", columns, rows, factor="factor", note=note, total=frozenset(total))


def _left(cap: int | None, actual: int | None) -> int | None:
    return None if cap is None or actual is None else cap - actual


def _scores(one: Score) -> tuple[int | None, ...]:
    return (
        one.reduced,
        one.reserved,
        one.used,
        one.recovered,
        one.actual,
        one.permitted,
        one.cap,
        one.next_cap,
    )


def _score_columns() -> tuple[Column, ...]:
    names = ("减排", "储备", "使用", "回收", "实际", "许可", "本年限量", "下年限量")
    ids = ("reduced", "reserved", "used", "recovered", "actual", "permitted", "cap", "next_cap")
    return tuple(Column(one, name, "mass", YEARLY) for one, name in zip(ids, names, strict=True))


def plants(closed: Closed) -> Table:
    """Return every plant's year: declared, computed by which route, verified, permitted, allowable."""
    rows: Rows = [
        (
            closed.park.book.unit_label(one.unit),
            one.unit,
            one.zone or None,
            one.factor,
            one.basis,
            one.scope,
            one.declared_actual,
            one.computed_actual,
            labels(tuple(one.route.split("+"))) if one.route else None,
            one.verified_actual,
            one.permitted,
            one.allowable,
            one.next_allowable,
            one.reason or None,
        )
        for one in closed.account.totals
    ]
    columns = (
        Column("label", "排污单位"),
        Column("unit", "代码"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("basis", "口径"),
        Column("scope", "范围"),
        Column("declared_actual", "申报实际", "mass", YEARLY),
        Column("computed_actual", "核算实际", "mass", YEARLY),
        Column("route", "采用途径"),
        Column("verified_actual", "核定实际", "mass", YEARLY),
        Column("permitted", "台账许可", "mass", YEARLY),
        Column("allowable", "本年允许", "mass", YEARLY),
        Column("next_allowable", "下年允许", "mass", YEARLY),
        Column("reason", "理由"),
    )
    note = "接管量与外排环境量是两种量，不相加。全部途径的数值见 tables/totals.csv 与 annual.xlsx。"
    return Table("plants", "各排污单位", columns, rows, factor="factor", note=note, empty="没有申报或核算的排污单位。")


def quality(closed: Closed) -> Table:
    """Return, by factor, how much of the computed total stands on which route."""
    sums: dict[tuple[str, str], int] = {}
    totals: dict[str, int] = {}
    for one in _whole(closed.account.totals):
        if one.computed_actual is not None and one.route:
            key = (one.factor, one.route)
            sums[key] = sums.get(key, 0) + one.computed_actual
            totals[one.factor] = totals.get(one.factor, 0) + one.computed_actual
    order = closed.year.rules.factors.order
    rows: Rows = [
        (
            factor,
            labels(tuple(route.split("+"))),
            sums[(factor, route)],
            _percent(sums[(factor, route)], totals[factor]),
        )
        for factor, route in sorted(sums, key=lambda key: (order[key[0]], key[1]))
    ]
    columns = (
        Column("factor", "污染因子"),
        Column("route", "途径"),
        Column("amount", "核算实际", "mass", YEARLY),
        Column("share", "占该因子（%）", "count"),
    )
    note = "外排环境量，全厂；占比取整数百分点（舍去小数）。"
    return Table(
        "quality", "数据质量：各途径所占的排放量", columns, rows, factor="factor", note=note, empty="没有核算的排放量。"
    )


def _percent(part: int, whole: int) -> int | None:
    return part * 100 // whole if whole else None


def _whole(rows: Iterable[Total]) -> Iterable[Total]:
    return (one for one in rows if (one.basis, one.scope) == (TO_ENVIRONMENT, WHOLE_PLANT))


def allowable(closed: Closed) -> Table:
    """Return next year's allowable of every plant, and how each number came about."""
    rows: Rows = [
        (
            closed.park.book.unit_label(one.unit),
            one.zone,
            one.factor,
            one.permitted,
            one.proposed,
            one.override,
            one.next,
            "\n".join(f"{step.label}：{step.formula} = {step.value} {step.unit}" for step in one.steps) or None,
            "；".join(one.notes) or None,
        )
        for one in closed.allowables.plants
    ]
    columns = (
        Column("unit", "排污单位"),
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("permitted", "许可", "mass", YEARLY),
        Column("proposed", "拟定允许", "mass", YEARLY),
        Column("override", "生态环境局核定", "mass", YEARLY),
        Column("next", "下年允许", "mass", YEARLY),
        Column("steps", "由来"),
        Column("notes", "说明"),
    )
    note = f"方法：{closed.allowables.label}（{closed.allowables.method}）。生态环境局核定的以核定为准。"
    return Table(
        "allowable", "下年度允许排放量", columns, rows, factor="factor", note=note, empty="没有可拟定的排污单位。"
    )


STATES = {"candidate": "候选", "decided": "已决定", "none": "不列入"}


def recoveries(closed: Closed) -> Table:
    """Return the candidates for recovery as people read them."""
    table = annual_record.recoveries(closed)
    return replace(table, rows=[(*row[:-1], STATES[str(row[-1])]) for row in table.rows])


def caps(closed: Closed) -> Table:
    """Return next year's caps and what they must carry; one that cannot be met is said, with by how much."""
    rows: Rows = [
        (
            f"{one.zone} {closed.park.book.zone_label(one.zone)}" if one.zone else PARK,
            one.factor,
            one.cap,
            one.reserved,
            one.approved,
            one.unlisted,
            one.available,
            one.total,
            one.headroom,
            one.words,
        )
        for one in closed.allowables.balances
    ]
    columns = (
        Column("zone", "功能区"),
        Column("factor", "污染因子"),
        Column("cap", "下年限量", "mass", YEARLY),
        Column("reserved", "预留", "mass", YEARLY),
        Column("approved", "已批未投运", "mass", YEARLY),
        Column("unlisted", "名单外", "mass", YEARLY),
        Column("available", "可分配", "signed", YEARLY),
        Column("total", "允许合计", "mass", YEARLY),
        Column("headroom", "余量", "signed", YEARLY),
        Column("words", "结论"),
    )
    return Table("caps", "下年度限量与允许排放量", columns, rows, factor="factor", empty="没有排放限量。")


def permits(closed: Closed) -> Table:
    """Return the register of what plants are permitted: every change of the year."""
    rows: Rows = []
    end, start = closed.year.end, closed.year.start
    order = closed.year.rules.factors.order
    for unit, factor in sorted(closed.account.register.steps, key=lambda key: (key[0], order[key[1]])):
        before: int | None = None
        for step in closed.account.register.history(unit, factor, end):
            change = step.amount if step.kind != PERMIT else None
            if step.kind == PERMIT and before is not None and step.permitted is not None:
                change = step.permitted - before
            before = step.permitted
            if step.day >= start:
                label = closed.park.book.unit_label(unit)
                place = step.at.reference(step.field)
                rows.append((label, factor, step.day, step.kind, step.document or None, change, step.permitted, place))
    columns = (
        Column("unit", "排污单位"),
        Column("factor", "污染因子"),
        Column("date", "日期", "date"),
        Column("kind", "事项"),
        Column("document", "文号或单号"),
        Column("amount", "变动", "signed", YEARLY),
        Column("permitted", "此后许可", "mass", YEARLY),
        Column("source", "单元格"),
    )
    return Table("permits", "许可总量台账：本年变动", columns, rows, factor="factor", empty="本年许可总量没有变动。")


def flow_pictures(closed: Closed) -> str:
    """Return the year's flow of the reserve as pictures, one for each factor that moved."""
    table = flow(closed)
    found = []
    for row in table.rows:
        name, *amounts = row
        opening, deposited, superior, recovered, debited, given, corrected, closing = (int(str(one)) for one in amounts)
        parts = [
            ("储备", deposited),
            ("上级申请", superior),
            ("回收", recovered),
            ("扣除", -debited),
            ("上级使用", -given),
            ("冲正", corrected),
        ]
        if any(amount for _, amount in parts):
            title = f"{closed.year.rules.factors.label(str(name))}（t）"
            moves = flow_moves(opening, parts, closing, ("年初", "年末"))
            found.append(waterfall(f"flow-{name}", title, moves, T))
    return f'<div class="flows">{"".join(found)}</div>' if found else "<p>本年储备库没有收支。</p>"


def flow(closed: Closed) -> Table:
    """Return the year's flow of the reserve by factor: opening, sources, uses, closing.

    Source  RESERVE-2a, SAFE-4
    """
    year = closed.year.year
    found = balances(closed.park.ledger.entries, Quarter(year, 1), Quarter(year, 4))
    rows: Rows = []
    for factor in closed.year.rules.factors.by_id:
        own = [one for (_, name), one in found.items() if name == factor]
        if own:
            names = (
                "opening",
                "deposited",
                "superior_in",
                "recovered",
                "debited",
                "superior_out",
                "corrected",
                "closing",
            )
            rows.append((factor, *(sum(getattr(one, name) for one in own) for name in names)))
    columns = (
        Column("factor", "污染因子"),
        Column("opening", "年初", "mass", T),
        Column("deposited", "储备", "mass", T),
        Column("superior_in", "上级申请", "mass", T),
        Column("recovered", "回收", "mass", T),
        Column("debited", "扣除", "mass", T),
        Column("superior_out", "上级使用", "mass", T),
        Column("corrected", "冲正", "signed", T),
        Column("closing", "年末", "mass", T),
    )
    note = "年末＝年初＋储备＋上级申请＋回收－扣除－上级使用＋冲正。功能区之间的调剂在全园区相抵。"
    return Table("flow", "全园区储备：本年收支", columns, rows, factor="factor", note=note, empty="储备库没有收支。")
