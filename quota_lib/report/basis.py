"""What the figures rest on: parameters in force with their status, problems in the data, files.

Source  REDUCE-2, RESERVE-2c, EFFECT-1
"""

from __future__ import annotations

from quota_lib.coverage import CLAUSES
from quota_lib.park import Park
from quota_lib.problems import SEVERITIES, Problem
from quota_lib.report.movements import Rows
from quota_lib.report.table import Column, Table
from quota_lib.rules import STATUSES, Parameter, Value


def parameters(park: Park) -> Table:
    """Return every parameter in force on the quarter's last day, with what it rests on."""
    used = {key for key, _ in park.rules.used}
    rows: Rows = [
        (
            one.label,
            _shown(one, value),
            UNITS.get(one.unit, one.unit),
            one.clause,
            value.since,
            value.reference,
            STATUSES[value.status],
            "是" if one.key in used else "否",
            one.key,
        )
        for one, value in park.rules.in_force(park.quarter.end)
        if not one.key.startswith("factors.")
    ]
    columns = (
        Column("label", "参数"),
        Column("value", "值"),
        Column("unit", "单位"),
        Column("clause", "条款"),
        Column("since", "起用日", "date"),
        Column("reference", "出处"),
        Column("status", "状态"),
        Column("used", "本次用到"),
        Column("key", "键"),
    )
    published = park.rules.value("scope.published", park.quarter.end).value
    note = "状态：" + "；".join(STATUSES.values()) + "。未核实与征求意见稿的数值可用，但不是规则的正式条文。"
    if published is None:
        note += "细则的发布日期尚未填写（scope.published），未判断核定时规则是否已生效。"
    return Table("parameters", "采用的参数", columns, rows, note=note)


UNITS = {
    "month": "月",
    "quarter": "季度",
    "year": "年",
    "day": "日",
    "date": "日期",
    "word": "读法",
    "words": "项目",
}


def _shown(one: Parameter, value: Value) -> str:
    """Return a value as people read it; a reading with the alternative that stands beside it."""
    words = one.more.get("words")
    if value.value is None or not isinstance(words, dict):
        return value.value or "无"
    others = "、".join(label for word, label in words.items() if word != value.value)
    return f"{words[value.value]}（另一读法：{others}）"


def clauses() -> Table:
    """Return which part of the rules every clause id stands for."""
    rows: Rows = [(name, one.place, one.about) for name, one in CLAUSES.items()]
    columns = (Column("clause", "条款代号"), Column("place", "细则条目"), Column("about", "内容"))
    return Table("clauses", "条款代号对照", columns, rows)


def problem_list(found: list[Problem]) -> Table:
    """Return every complaint, errors first, as people read them."""
    order = {name: place for place, name in enumerate(SEVERITIES)}
    ones = sorted(found, key=lambda one: (order[one.severity], one.order))
    rows: Rows = [
        (SEVERITIES[one.severity], one.code, _place(one), one.message, one.fix)
        for one in ones
        if one.severity == "error" or not one.code.startswith("W")
    ]
    columns = (
        Column("severity", "级别", "level"),
        Column("code", "代码"),
        Column("place", "位置"),
        Column("message", "问题"),
        Column("fix", "处理办法"),
    )
    note = "错误不入账，所在单据整张不入账；提示不影响入账。预警见前文。"
    return Table("problem_list", "数据问题", columns, rows, note=note, empty="数据没有问题。")


def _place(one: Problem) -> str:
    place = "!".join(part for part in (one.sheet, one.cell) if part)
    return " › ".join(part for part in (one.file, place) if part)


def files(park: Park) -> Table:
    """Return the workbooks that were read, with the start of their SHA-256."""
    rows: Rows = [
        (name, digest[:16]) for name, digest in sorted(park.digests.items()) if name.startswith(f"{park.quarter}/")
    ]
    columns = (Column("file", "工作簿"), Column("sha256", "SHA-256（前 16 位）"))
    note = f"共读取 {len(park.digests)} 个工作簿（含以前期间）；全部散列值见 manifest.json。"
    return Table("files", "本期工作簿", columns, rows, note=note, empty="本期没有工作簿。")
