"""What a row must say beside its single cells: conditional columns, the natural order of its dates, dates that follow.

Source  contract §2
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from quota_lib.book import Book
from quota_lib.methods import LABELS, method_named
from quota_lib.schema import by_name


class Fault(NamedTuple):
    """What is wrong with a row: the field, the code of the complaint and its words."""

    field: str
    code: str
    words: Mapping[str, object] = MappingProxyType({})


Faults = Sequence[Fault]
Judge = Callable[[Any], Faults]


# what a row must say beside its single cells


def unpublished(row: Any) -> Faults:
    """Judge an assessment of an annual folder: it must say when it was published."""
    return [Fault("date", "Q305", {"why": "在年度文件夹中填报"})] if row.date is None else ()


def ended_before(row: Any, start: date) -> Faults:
    """SCOPE-1: reductions completed (a closure: shut) before the start do not count."""
    field = "closed" if row.type == "产业结构升级" and row.closed else "completed"
    day = getattr(row, field)
    return [Fault(field, "Q302", {"value": day, "start": start})] if day < start else ()


_ORDER = (("started", "completed"), ("completed", "accepted"), ("started", "accepted"), ("discharging_since", "closed"))


def _project_dates(row: Any) -> Faults:
    """开工 ≤ 竣工 ≤ 验收, 排污起始 ≤ 关停; a date that is wrong is reported once."""
    faults: dict[str, Fault] = {}
    for before, after in _ORDER:
        first, second = getattr(row, before), getattr(row, after)
        if first and second and second < first:
            words = {"value": second, "other": by_name()["reduction_project"].heading(before), "before": first}
            faults.setdefault(after, Fault(after, "Q303", words))
    return list(faults.values())


def _reduction(row: Any) -> Faults:
    if method_named(row.method) is None:
        return [Fault("method", "Q221", {"value": row.method, "words": "、".join(LABELS.values())})]
    return ()


def _needed(field: str, missing: bool, why: str) -> Faults:
    return [Fault(field, "Q305", {"why": why})] if missing else ()


def _verdict(row: Any) -> Faults:
    if row.verdict == "通过":
        return _needed("verified", row.verified is None, "审核结论为通过")
    return _needed("reason", not row.reason, "审核结论为不通过")


def _occupation(row: Any) -> Faults:
    return _needed("construction", row.purpose == "以新带老" and not row.construction, "用途为以新带老")


def _decision(row: Any) -> Faults:
    return _needed("permitted", row.decision == "同意" and row.permitted is None, "结论为同意")


def _superior(row: Any) -> Faults:
    if row.direction == "申请使用":
        return [Fault("lot", "Q306", {"why": "申请使用上级储备形成新的批次"})] if row.lot else ()
    return _needed("lot", not row.lot, f"方向为{row.direction}")


def _transfer(row: Any) -> Faults:
    return [Fault("to_zone", "Q413", {"zone": row.to_zone})] if row.from_zone == row.to_zone else ()


def _sample(row: Any) -> Faults:
    return _needed("detection_limit", row.concentration is None and row.detection_limit is None, "浓度为未检出")


CONDITIONS: Mapping[str, Judge] = {
    "reduction_project": _project_dates,
    "reduction": _reduction,
    "verdict": _verdict,
    "occupation": _occupation,
    "decision": _decision,
    "superior": _superior,
    "transfer": _transfer,
    "sample": _sample,
}


# dates that follow each other: 首次申报 ≤ 审核, 首次通过 ≤ 储备, 申请 ≤ 核定 (核定 ≤ 回收: when it posts)


def _not_before(row: Any, first: date | None, other: str) -> Faults:
    if first and row.date < first:
        return [Fault("date", "Q327", {"value": row.date, "other": other, "before": first})]
    return ()


def _after_declaration(book: Book, row: Any) -> Faults:
    first = min(one.day for one in book.history("reduction_project", (row.project,)))
    return _not_before(row, first, "首次申报日期")


def _after_passing(book: Book, row: Any) -> Faults:
    return _not_before(row, book.first_passed(row.project, row.factor), "首次通过的审核日期")


def _after_application(book: Book, row: Any) -> Faults:
    return _not_before(row, book.construction(row.construction).date, "申请日期")


FOLLOWS: Mapping[str, Callable[[Book, Any], Faults]] = {
    "verdict": _after_declaration,
    "deposit": _after_passing,
    "decision": _after_application,
}
