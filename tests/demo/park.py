"""The park on paper: rows by folder, workbook and sheet, before anything is written."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .hourly_series import Stream

SEED = "衡湖"
QUARTERS = tuple(f"{year}Q{n}" for year in (2023, 2024, 2025) for n in (1, 2, 3, 4))
ZONES = {"HX": "湖西片区", "HD": "湖东片区", "XT": "新汀片区", "XK": "岫科片区", "WB": "苇北片区"}

Row = dict[str, Any]
Amounts = dict[str, Decimal]  # t, by factor
PROVISIONAL = re.compile(r"(JP|XM|CB|TJ|SJ|HS|CZ|占|文)(\d{4})#\d{4}")


class Inputs(NamedTuple):
    """What one factor of a reduction is computed from: the method's label, rows of its sheet, the evidence."""

    method: str
    rows: tuple[Row, ...]
    basis: str


def t(amount: str) -> Decimal:
    """Return an amount in tonnes as people write it."""
    return Decimal(amount)


def amounts(text: str) -> Amounts:
    """Return amounts by factor: ``amounts("COD 1.2, NH3N 0.05")``."""
    return {factor: Decimal(amount) for factor, amount in (part.split() for part in text.split(","))}


def quarter_of(day: date) -> str:
    """Return the quarter that a day lies in."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def first_day(quarter: str) -> date:
    """Return the first day of a quarter."""
    return date(int(quarter[:4]), int(quarter[5]) * 3 - 2, 1)


def working_day(quarter: str, offset: int) -> date:
    """Return the day ``offset`` days into a quarter, or the next that is no weekend."""
    day = first_day(quarter) + timedelta(days=offset)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def following(quarter: str, steps: int = 1) -> str | None:
    """Return the quarter so many steps later, None beyond the park's last one."""
    place = QUARTERS.index(quarter) + steps
    return QUARTERS[place] if place < len(QUARTERS) else None


class Park:
    """Everything that was handed in: ``rows[folder][workbook][sheet]`` is a list of rows.

    Numbers are provisional while papers are made (``CB2024#0007``); ``settle`` gives the final ones, in the
    order of their days, as an office would.
    """

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, dict[str, list[Row]]]] = {}
        self.headings: dict[str, list[str]] = {}
        self.zone_of: dict[str, str] = {}
        self.born: dict[str, date] = {}
        self.streams: list[Stream] = []  # hourly data

    def draw(self, *words: str) -> Random:
        """Return a source of chance of its own, so that one story's change moves no other."""
        return Random("/".join((SEED, *words)))

    def number(self, series: str, day: date) -> str:
        """Return a new provisional number of a series."""
        number = f"{series}{day.year}#{len(self.born):04d}"
        self.born[number] = day
        return number

    def add(self, folder: str, sheet: str, row: Row, zone: str = "", book: str = "") -> None:
        """Hand in one row; what is None was left empty."""
        zone = zone or str(
            row.get("功能区编码") or self.zone_of.get(str(row.get("项目编号") or row.get("建设项目编号")), "")
        )
        book = book or workbook_name(folder, sheet, zone)
        headings, last = self.headings.setdefault(sheet, []), -1
        for heading in row:  # a heading that only some rows have stands where those rows have it
            if heading in headings:
                last = max(last, headings.index(heading))
            else:
                last += 1
                headings.insert(last, heading)
        kept = {heading: value for heading, value in row.items() if value is not None}
        self.rows.setdefault(folder, {}).setdefault(book, {}).setdefault(sheet, []).append(kept)

    def folders(self) -> dict[str, dict[str, list[Row]]]:
        """Return the rows by folder and sheet, whatever workbook they stand in."""
        found: dict[str, dict[str, list[Row]]] = {}
        for folder, books in sorted(self.rows.items()):
            sheets = found.setdefault(folder, {})
            for book in sorted(books):
                for sheet, rows in books[book].items():
                    sheets.setdefault(sheet, []).extend(rows)
        return found

    def find(self, sheet: str, heading: str, **known: Any) -> str:
        """Return what stands under a heading in the first row of a sheet that says what is known."""
        rows = (row for sheets in self.folders().values() for row in sheets.get(sheet, []))
        return next(str(row[heading]) for row in rows if known.items() <= row.items())

    def settle(self) -> dict[str, str]:
        """Replace the provisional numbers everywhere and return what each became."""
        final: dict[str, str] = {}
        count: dict[str, int] = {}
        for number in sorted(self.born, key=lambda n: (self.born[n], n)):
            series, year = PROVISIONAL.match(number).groups()  # type: ignore[union-attr]
            count[series + year] = n = count.get(series + year, 0) + 1
            final[number] = {"占": f"{year}{n:04d}", "文": f"衡环总量〔{year}〕{n}号"}.get(
                series, f"{series}{year}-{n:03d}"
            )
        for row in self.every_row():
            for heading, value in row.items():
                if isinstance(value, str) and "#" in value:
                    row[heading] = PROVISIONAL.sub(lambda m: final[m.group()], value)
        return final

    def every_row(self) -> Iterable[Row]:
        """Yield each row once."""
        for books in self.rows.values():
            for sheets in books.values():
                for rows in sheets.values():
                    yield from rows


def workbook_name(folder: str, sheet: str, zone: str) -> str:
    """Return the name that the office in charge of a sheet gives to its workbook."""
    year = folder[:4]
    quarter = f"{year}年第{'一二三四'[int(folder[5]) - 1]}季度" if len(folder) > 4 else f"{year}年度"
    place = {"HX": "湖西", "HD": "湖东"}.get(zone, "")
    match sheet.partition("-")[0]:
        case "核算" | "总量申报" | "排放口年度" if len(folder) == 4:
            return f"{place}年度申报.xlsx" if place else f"{folder}年度申报.xlsx"
        case "总量管理名单" | "年度绩效" | "统计与披露" | "排放限量":
            return f"{year}年度{sheet.removeprefix('年度')}.xlsx"
        case "功能区" | "排污单位" | "许可总量" | "污水处理厂" | "排放口":
            return "企业名录.xlsx" if folder == QUARTERS[0] else "企业名录更新.xlsx"
        case "减排清单" | "减排项目" | "减排量" | "核算" | "佐证材料":
            return f"{place}减排申报.xlsx" if place else f"{folder}减排申报.xlsx"
        case "入库审核" | "减排量占用":
            return f"{quarter}减排审核.xlsx"
        case "建设项目" | "总量申请":
            return f"{place}总量申请.xlsx" if place else f"其他功能区总量申请{folder}.xlsx"
        case "总量核定":
            return f"{quarter}总量核定.xlsx"
        case "项目状态":
            return "建设项目进度.xlsx"
        case "结存核对":
            return f"{quarter}结存通报.xlsx"
        case "环境质量":
            return "环境质量考核结果.xlsx"
        case "总量复核":
            return f"{year}年度总量复核.xlsx"
        case _:
            return "储备台账.xlsx"


def tonnes(
    chance: Random, low: str | Decimal, high: str | Decimal, decimals: int, share: Decimal | None = None
) -> Decimal:
    """Return an amount between two bounds, small ones as likely as large ones, or at a share of the way."""
    share = Decimal(chance.randrange(1001)) / 1000 if share is None else share
    amount = Decimal(low) * (Decimal(high) / Decimal(low)) ** share
    return amount.quantize(Decimal(1).scaleb(-decimals)).normalize() + 0
