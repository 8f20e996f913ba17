"""How people type what they mean: the habits of the offices that send the workbooks."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from .register import FACTORS

NAMES = tuple(  # how one office or another writes the factors
    dict(zip(FACTORS, words.split(), strict=True))
    for words in (
        "颗粒物 二氧化硫 氮氧化物 挥发性有机物 化学需氧量 氨氮 总氮 总磷 铅 汞 镉 铬 砷",
        "颗粒物 SO2 NOx VOCs COD NH3-N TN TP 总铅 总汞 总镉 总铬 总砷",
        "烟粉尘 二氧化硫 NOX VOCs CODcr 氨氮 总氮 总磷 铅 汞 镉 铬 砷",
    )
)
LONG_WORDS = {"产业结构升级": "产业结构升级类", "深度治理": "深度治理类"}
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass
class Manner:
    """The habits of whoever fills in one workbook."""

    names: dict[str, str]
    title: bool
    unit: bool  # a row that states the unit: under the title, or under the headings where there is none
    total: bool
    text_dates: float  # how often a date is typed as text
    slips: float  # how often a number or a code is typed in an odd but readable way
    program: str


def manner_of(book: str) -> Manner:
    """Return the habits of the office that sends a workbook; they stay the same from quarter to quarter."""
    office = Random("office391" + re.sub(r"[0-9]{4}(Q[1-4]|年第.季度|年度)?", "", book))
    return Manner(
        names=office.choice(NAMES),
        title=office.random() < 0.7,
        unit=office.random() < 0.4,
        total=office.random() < 0.3,
        text_dates=office.choice((0.03, 0.1, 0.3)),
        slips=office.choice((0, 0.01, 0.03)),
        program=office.choice(("openpyxl", "xlsxwriter")),
    )


def dressed(heading: str, value: Any, manner: Manner, chance: Random) -> Any:
    """Return a value as that office types it."""
    if value is None:
        return None
    if isinstance(value, date):
        return typed_day(value, chance) if chance.random() < manner.text_dates else value
    odd = chance.random() < manner.slips
    if isinstance(value, Decimal | int):
        plain = format(value, "f")
        return chance.choice((plain, plain + " ", plain.translate(WIDE))) if odd else number(Decimal(value))
    if heading == "污染因子":
        return manner.names[value]
    if heading == "单号" and value.isdigit():
        return int(value)
    if odd and heading == "统一社会信用代码":
        return chance.choice((value + " ", value.lower(), value.translate(WIDE)))
    if odd and heading in ("项目编号", "建设项目编号"):
        return value + " "
    return LONG_WORDS.get(value, value) if manner.slips > 0.02 else value


def typed_day(day: date, chance: Random) -> str:
    """Return a date, or a time, as text."""
    if isinstance(day, datetime):
        return f"{day:%Y-%m-%d %H:%M}"
    year, month, number_ = day.year, day.month, day.day
    return chance.choice((f"{year}.{month}.{number_}", f"{year}年{month}月{number_}日", f"{year}/{month}/{number_}"))


def number(value: Decimal) -> int | float:
    """Return a number as a workbook stores it."""
    return int(value) if value == value.to_integral_value() else float(value)
