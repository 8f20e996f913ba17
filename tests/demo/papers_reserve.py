"""The papers of the reserve itself: recoveries, transfers, the superior reserve, corrections."""

from datetime import date

from .papers_building import Building
from .park import Amounts, Park, quarter_of


def recover(park: Park, building: Building, amounts: Amounts, why: str, day: date, ground: str) -> str:
    """Take permitted tonnes back."""
    number = park.number("HS", day)
    for factor, amount in amounts.items():
        park.add(
            quarter_of(day),
            "指标回收",
            {
                "单号": number,
                "建设项目编号": building.project,
                "污染因子": factor,
                "回收原因": why,
                "回收量": amount,
                "回收日期": day,
                "依据": ground,
            },
        )
    return number


def transfer(park: Park, source: str, target: str, amounts: Amounts, day: date, *, folder: str = "") -> str:
    """Move amounts from one zone to another."""
    number = park.number("TJ", day)
    for factor, amount in amounts.items():
        park.add(
            folder or quarter_of(day),
            "功能区调剂",
            {
                "单号": number,
                "日期": day,
                "调出功能区": source,
                "调入功能区": target,
                "污染因子": factor,
                "数量": amount,
                "文号": f"衡环调〔{day.year}〕{day.month}号",
            },
        )
    return number


def superior(park: Park, way: str, zone: str, amounts: Amounts, day: date, lot: str | None = None) -> str:
    """Move amounts between the park and the superior reserve."""
    number = park.number("SJ", day)
    for factor, amount in amounts.items():
        park.add(
            quarter_of(day),
            "上级储备",
            {
                "单号": number,
                "日期": day,
                "方向": way,
                "功能区编码": zone,
                "污染因子": factor,
                "数量": amount,
                "批次": lot,
                "文号": f"市储备〔{day.year}〕{day.month * 7}号",
            },
        )
    return number


def reverse(park: Park, original: str, day: date, why: str) -> str:
    """Reverse a document."""
    number = park.number("CZ", day)
    park.add(
        quarter_of(day),
        "冲正",
        {"单号": number, "原单号": original, "日期": day, "原因": why, "依据": f"更正单（{day.month}月）"},
    )
    return number
