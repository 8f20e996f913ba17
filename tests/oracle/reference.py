"""A slow, obvious second implementation of the ledger, to test the real one against.

It follows ``contract.md`` sections 2 (what one row means), 3 (movements) and 5 (tables) paragraph by
paragraph, scans every row and every entry again for every question, and remembers nothing that it can
find out.  It reads no files: cells are given as Python values, and the typing of cells is not its subject.

Where the contract allows two readings, this file takes the one that seemed the most literal.  Each place
carries a ``READING`` comment; in short:

R1   A sound row beside a row in error posts nothing, but keeps its key and its number.
R2   A decision with a row in error is no decision for the route either.
R3   What names an absent row becomes absent itself (it takes neither key nor number), with a 提示.
R4   Naming a document of which a row is absent (冲正, 批次, 指定批次) is naming an absent row.
R5   A decision on a factor whose application row is absent names that row.
R6   A document that fails in posting keeps its key and its number.
R7   核定日期 agrees over all rows of a 文号 in one folder, not only over one project's.
R8   Rows that disagree in ``same``, or conflict, are all absent; each gets one error.
R9   An undated row equal to the one that held before its folder is 已存在, whatever else its folder says.
R10  Only 总量申请 is "an application" that a standing 同意 protects; a new 建设项目 row is not.
R11  An identity that does not hold is an error but leaves the application row in force.
R12  The route of a reversed decision stays judged as of that decision's quarter.
R13  "不再建设" is asked of a decision on its posting day, not on its 核定日期.
R14  "Several 冲正 of one day" share posting day and business date; "its own place" is the original's place.
R15  A 冲正 that posts right after a later original bears the original's posting day.
R16  A 冲正 of a document that failed in posting does nothing and is a 提示.
R17  核定 ≤ 回收 is asked of the decision whose debit the recovery goes against, in posting.
R18  A 文号 with projects in several folders has its place where the last of them stands.
R19  lots.date and a lot's age are the business date of the document that brought it.
R20  A project counts as recovered in the quarter even if that recovery is reversed since; the reversal of a
     recovery alone does not list the project.
R21  shortfall is empty unless the project waits; balance_way is empty for a factor without a row.
R22  "Other errors" of a 结存核对 are all errors of its quarter but those of 结存核对 mismatches.
R23  The factors of a waiting decision that have a row in balances are those that it would debit.
R24  A 指定批次 that no row brings is a name not known (§2: the row is absent), not an error of posting.
R25  "The same or an earlier folder" goes by when folders count: an annual folder stands before (Y+1)Q1.
R26  A plant is a code with a site: two sites of one code do not add up in plant_year_new or share a surplus.
R27  期初结存 belongs into the earliest quarterly folder that there is.
R28  Entries of one document are booked by factor, then lot in the order taken, out before in; a 冲正 books
     its entries in the order of the original's.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

Folders = dict[str, dict[str, list[dict[str, Any]]]]
Table = list[dict[str, str]]

MG_PER_T = 10**9
PLAN_START = date(2021, 1, 1)
FACTORS = ("PM", "SO2", "NOX", "VOCS", "COD", "NH3N", "TN", "TP", "PB", "HG", "CD", "CR", "AS")
AIR = ("PM", "SO2", "NOX", "VOCS")
WATER = ("COD", "NH3N", "TN", "TP")
FROM_RESERVE = "园区储备库"

# The parameters that the program ships with; the rules themselves are functions below.
FILING_LINE_T = {
    "PM": "1",
    "SO2": "1",
    "NOX": "1",
    "VOCS": "1",
    "COD": "1",
    "NH3N": "0.1",
    "TN": "0.1",
    "TP": "0.1",
}
RATIO_MET = {
    "PM": "1",
    "SO2": "1",
    "NOX": "1",
    "VOCS": "1",
    "COD": "1",
    "NH3N": "1",
    "TN": "1.1",
    "TP": "1.1",
}
RATIO_NOT_MET = {factor: "2" for factor in RATIO_MET}
RATIO_METALS = "1.2"
RECOVERY_LINE = Fraction(4, 5)


class Sheet(NamedTuple):
    """What ``workbooks.yaml`` says about one sheet."""

    required: str
    optional: str = ""
    key: str = ""
    again: str = "replaces"
    date: str = ""
    fixed: str = ""
    same: str = ""
    zones: str = ""
    number: str = ""


SHEETS = {
    "功能区": Sheet("功能区编码 功能区名称", key="功能区编码"),
    "排污单位": Sheet(
        "统一社会信用代码 单位名称 功能区编码",
        "厂区编号 行业代码 排污许可管理类别 排污许可证编号 受纳污水处理厂 地址",
        key="plant",
        fixed="功能区编码",
        zones="功能区编码",
    ),
    "减排清单": Sheet(
        "项目编号 项目名称 统一社会信用代码 功能区编码 提出单位 责任人 列入日期",
        "厂区编号",
        key="项目编号",
        date="列入日期",
        zones="功能区编码",
    ),
    "减排项目": Sheet(
        "项目编号 项目名称 统一社会信用代码 功能区编码 减排工程类型 建设地点 竣工时间 申报日期",
        "厂区编号 联系人 开工时间 验收时间 资金投入(万元) 减排运行情况 环评批复文号 排污许可变更日期"
        " 排污起始时间 关停时间 可监测 可统计 可核查 涉及设施 核算单位 填报人",
        key="项目编号",
        date="申报日期",
        fixed="plant 功能区编码",
        zones="功能区编码",
    ),
    "建设项目": Sheet(
        "建设项目编号 建设项目名称 统一社会信用代码 功能区编码 建设地点 申请日期",
        "厂区编号 项目代码 行业代码 环评批复文号",
        key="建设项目编号",
        date="申请日期",
        fixed="plant 功能区编码 申请日期",
        zones="功能区编码",
    ),
    "减排量": Sheet(
        "项目编号 污染因子 申报减排量 核算方法",
        "减排前许可排放量 减排前实际排放量 减排后许可排放量 核算依据",
        key="项目编号 污染因子",
    ),
    "入库审核": Sheet(
        "项目编号 污染因子 审核结论 审核人 审核日期",
        "核定减排量 原因 审核单位",
        key="项目编号 污染因子",
        date="审核日期",
    ),
    "总量申请": Sheet(
        "建设项目编号 污染因子 现有外排环境量 本项目外排环境量 以新带老削减量 全厂外排环境量",
        "在建外排环境量 本项目接管量 其中无组织 全厂接管量 平衡依据",
        key="建设项目编号 污染因子",
    ),
    "项目状态": Sheet("建设项目编号 状态 状态日期", key="建设项目编号 状态日期", again="refused", date="状态日期"),
    "结存核对": Sheet(
        "功能区编码 污染因子 期末结存",
        key="folder 功能区编码 污染因子",
        again="refused",
        zones="功能区编码",
    ),
    "环境质量": Sheet(
        "年度 要素 考核结果 发布日期",
        "污染因子 功能区编码 下年度改善目标(%)",
        key="年度 要素 污染因子 功能区编码 发布日期",
        date="发布日期",
        zones="功能区编码",
    ),
    "总量复核": Sheet(
        "年度 统一社会信用代码 污染因子 核定实际排放量 复核人 复核日期",
        "厂区编号 口径 核定许可排放量 下年度核定允许排放量 意见",
        key="年度 plant 污染因子 口径",
        date="复核日期",
    ),
    "期初结存": Sheet(
        "单号 功能区编码 污染因子 数量 依据",
        key="单号 功能区编码 污染因子",
        again="refused",
        zones="功能区编码",
        number="单号",
    ),
    "减排量占用": Sheet(
        "单号 项目编号 污染因子 用途 数量 日期 依据",
        "建设项目编号",
        key="单号 污染因子",
        again="refused",
        date="日期",
        same="项目编号 用途 日期",
        number="单号",
    ),
    "指标储备": Sheet(
        "单号 项目编号 污染因子 储备量 储备日期",
        key="单号 污染因子",
        again="refused",
        date="储备日期",
        same="项目编号 储备日期",
        number="单号",
    ),
    "上级储备": Sheet(
        "单号 日期 方向 功能区编码 污染因子 数量 文号",
        "批次",
        key="单号 污染因子 批次",
        again="refused",
        date="日期",
        same="日期 方向 功能区编码 文号",
        zones="功能区编码",
        number="单号",
    ),
    "功能区调剂": Sheet(
        "单号 日期 调出功能区 调入功能区 污染因子 数量 文号",
        key="单号 污染因子",
        again="refused",
        date="日期",
        same="日期 调出功能区 调入功能区 文号",
        zones="调出功能区 调入功能区",
        number="单号",
    ),
    "总量核定": Sheet(
        "建设项目编号 污染因子 确认方式 结论 核定日期 文号",
        "核定接管量 核定本项目外排环境量 核定新增外排环境量 全厂核定接管量 全厂核定外排环境量"
        " 平衡途径 指定批次 审核意见 审核人",
        key="文号 建设项目编号 污染因子",
        again="refused",
        date="核定日期",
        same="核定日期 确认方式 结论",
        number="文号",
    ),
    "指标回收": Sheet(
        "单号 建设项目编号 污染因子 回收原因 回收量 回收日期 依据",
        key="单号 污染因子",
        again="refused",
        date="回收日期",
        same="建设项目编号 回收原因 回收日期",
        number="单号",
    ),
    "冲正": Sheet("单号 原单号 日期 原因 依据", key="单号", again="refused", date="日期", number="单号"),
}
# Sheets stand in an order in which every row names only rows of sheets before it (上级储备: 申请使用 first).
DOCUMENT_SHEETS = tuple(name for name, sheet in SHEETS.items() if sheet.number)
ANNUAL_REGISTERS = ("功能区", "排污单位")
ANNUAL_DATED = ("环境质量", "总量复核")
NOT_IN_QUARTERS = ("总量复核",)
BIRTH_SHEETS = {"期初结存": "期初结存", "指标储备": "指标储备", "上级储备": "申请使用"}
AMOUNT_HEADINGS = {
    "减排前许可排放量",
    "减排前实际排放量",
    "减排后许可排放量",
    "申报减排量",
    "核定减排量",
    "数量",
    "储备量",
    "现有外排环境量",
    "在建外排环境量",
    "本项目接管量",
    "本项目外排环境量",
    "其中无组织",
    "以新带老削减量",
    "全厂接管量",
    "全厂外排环境量",
    "核定接管量",
    "核定本项目外排环境量",
    "核定新增外排环境量",
    "全厂核定接管量",
    "全厂核定外排环境量",
    "回收量",
    "期末结存",
    "核定许可排放量",
    "核定实际排放量",
    "下年度核定允许排放量",
}
DOCUMENT_AMOUNT = {
    "期初结存": "数量",
    "减排量占用": "数量",
    "指标储备": "储备量",
    "上级储备": "数量",
    "功能区调剂": "数量",
    "指标回收": "回收量",
}
KINDS = (
    "期初结存",
    "入库审核",
    "减排量占用",
    "指标储备",
    "申请使用",
    "退出上级",
    "指标回收",
    "冲正",
    "功能区调剂",
    "纳入上级",
    "上级使用",
    "总量核定",
)


# ── quarters and amounts ────────────────────────────────────────────────────────────────────────────────────


def first_day(quarter: str) -> date:
    return date(int(quarter[:4]), 3 * int(quarter[5]) - 2, 1)


def next_quarter(quarter: str) -> str:
    year, number = int(quarter[:4]), int(quarter[5])
    return f"{year + 1}Q1" if number == 4 else f"{year}Q{number + 1}"


def last_day(quarter: str) -> date:
    return first_day(next_quarter(quarter)) - timedelta(days=1)


def quarter_of(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def is_annual(folder: str) -> bool:
    return "Q" not in folder


def milligrams(tonnes: Any) -> int:
    """Return an amount in whole milligrams."""
    amount = Decimal(str(tonnes)) * MG_PER_T
    if amount != int(amount):
        raise ValueError(f"more than 9 decimals: {tonnes}")
    return int(amount)


def tonnes(amount: int | None) -> str:
    """Return "exact decimals in t": no exponent, no trailing zeros, ``0`` for zero, empty for nothing."""
    if amount is None:
        return ""
    whole, rest = divmod(abs(amount), MG_PER_T)
    text = f"{whole}.{rest:09d}".rstrip("0").rstrip(".")
    return "-" + text if amount < 0 else text


def times(amount: int, ratio: Fraction) -> int:
    """Return "a quantity times a ratio … rounded once, to the milligram, half to even"."""
    return round(amount * ratio)


def ratio_text(ratio: Fraction | None) -> str:
    return "" if ratio is None else tonnes(int(ratio * MG_PER_T))


def factor_place(factor: str) -> int:
    return FACTORS.index(factor)


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(eq=False)
class Row:
    """One row as handed in, with what §2 makes of it."""

    folder: str
    sheet: str
    index: int
    cells: dict[str, Any]  # without blanks, with defaults and the pseudo-column ``plant``
    booked: str = ""  # the quarter from which it counts
    date: date | None = None  # the business date
    status: str = "live"  # live, absent (in error, or naming what is absent), skipped (已存在)

    def __getitem__(self, heading: str) -> Any:
        return self.cells.get(heading)

    @property
    def number(self) -> str:
        return self[SHEETS[self.sheet].number]

    @property
    def key(self) -> tuple[Any, ...]:
        return tuple(self.folder if part == "folder" else self[part] for part in SHEETS[self.sheet].key.split())

    @property
    def posting_day(self) -> date:
        """The business date; of a 补报 (and of a row without a date) the quarter's first day."""
        start = first_day(self.booked)
        return start if self.date is None else max(self.date, start)

    @property
    def order(self) -> tuple[Any, ...]:
        """By folder, then business date: an annual folder stands before the quarter from which it counts."""
        return (self.booked, not is_annual(self.folder), self.date or date.min)


class Problem(NamedTuple):
    row: Row
    severity: str
    what: str


def read_row(folder: str, sheet: str, index: int, given: dict[str, Any]) -> Row:
    """Return a row with its blanks dropped, its defaults filled in and its amounts in milligrams."""
    cells: dict[str, Any] = {}
    for heading, value in given.items():
        if isinstance(value, str):
            value = value.strip()
        if isinstance(value, datetime):
            value = value.date()
        if value is None or value == "":
            continue
        if heading in AMOUNT_HEADINGS:
            value = milligrams(value)
        elif isinstance(value, int | float | Decimal) and heading == "年度":
            value = int(value)
        elif isinstance(value, int | float | Decimal):
            value = tonnes(milligrams(value))
        elif heading == "污染因子":
            value = value.upper()
        cells[heading] = value
    if "统一社会信用代码" in cells:
        cells["统一社会信用代码"] = cells["统一社会信用代码"].upper()
        site = cells.setdefault("厂区编号", "001")
        cells["plant"] = cells["统一社会信用代码"] + ("" if site == "001" else f"-{site}")
    if sheet == "总量核定":
        cells.setdefault("平衡途径", FROM_RESERVE)
    if sheet == "总量复核":
        cells.setdefault("口径", "外排环境量")
    if sheet == "环境质量" and not is_annual(folder):
        cells.setdefault("发布日期", first_day(folder))
    row = Row(folder, sheet, index, cells)
    row.date = cells.get(SHEETS[sheet].date) if SHEETS[sheet].date else None
    row.booked = booking_quarter(row)
    return row


def booking_quarter(row: Row) -> str:
    """Return the quarter from which a row counts.

    "a row counts from the quarter of its folder on"; of an annual folder "only 环境质量 and 总量复核 …, each
    row from (Y+1)Q1 or the quarter of its date on, whichever is later, before that quarter's own rows, and
    the registers 功能区, 排污单位, from (Y+1)Q1 on".
    """
    if not is_annual(row.folder):
        return row.folder
    year = int(row.folder)
    earliest = f"{year + 1}Q1"
    if row.date is None or row.date > date(year + 1, 12, 31):
        return earliest
    return max(earliest, quarter_of(row.date))


def read_rows(folders: Folders) -> list[Row]:
    """Return every row that the ledger reads, in the order of folders, sheets and rows given."""
    rows = []
    for folder, sheets in folders.items():
        for sheet, given in sheets.items():
            if sheet not in SHEETS:
                continue
            if is_annual(folder) and sheet not in ANNUAL_REGISTERS + ANNUAL_DATED:
                continue
            rows += [read_row(folder, sheet, index, cells) for index, cells in enumerate(given)]
    return rows


# ── the state: all rows so far, and what they did ───────────────────────────────────────────────────────────


@dataclass(eq=False)
class Entry:
    """One movement of one lot.  A lot is (number, zone, factor)."""

    clock: int
    booked: str
    date: date
    kind: str
    zone: str
    factor: str
    lot: str
    amount: int
    frozen: int
    document: str
    original: str = ""
    project: str = ""
    ratio: Fraction | None = None
    gross: int | None = None
    business: date | None = None  # of births: the business date


@dataclass
class Line:
    """One factor of a 同意."""

    permitted: int
    way: str
    batch: str | None
    ratio: Fraction | None
    debit: int


@dataclass(eq=False)
class Decision:
    """A decision on one project, as posted without error."""

    number: str
    project: str
    date: date
    booked: str
    conclusion: str
    rows: list[Row]
    lines: dict[str, Line] = field(default_factory=dict)
    state: str = ""  # 不同意, 已撤回, 无需扣除, 已扣除, 待供给, 不再建设, 已冲正
    supplied: str = ""  # the quarter in which the debit was posted
    reversed: str = ""
    left: str = ""

    @property
    def stands(self) -> bool:
        return self.conclusion == "同意" and not self.reversed


@dataclass(eq=False)
class Recovery:
    """A posted 指标回收 of one factor."""

    number: str
    project: str
    factor: str
    reason: str
    amount: int
    booked: str
    year: int | None = None  # of 富余: the year whose figure it uses


@dataclass
class State:
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    recoveries: list[Recovery] = field(default_factory=list)
    verdicts: list[Row] = field(default_factory=list)  # posted without error, in posting order
    posted: set[str] = field(default_factory=set)  # documents posted without error, but for 总量核定
    reversed: set[str] = field(default_factory=set)
    places: dict[str, int] = field(default_factory=dict)  # the clock at which a document's turn came
    clock: int = 0

    def live(self, *sheets: str, upto: str = "9999Q4") -> list[Row]:
        return [r for r in self.rows if r.status == "live" and r.sheet in sheets and r.booked <= upto]

    def absent(self, *sheets: str) -> list[Row]:
        return [r for r in self.rows if r.status == "absent" and r.sheet in sheets]

    def report(self, row: Row, severity: str, what: str) -> None:
        self.problems.append(Problem(row, severity, what))

    def make_absent(self, row: Row, severity: str, what: str) -> None:
        row.status = "absent"
        self.report(row, severity, what)


# ── §2, a row by itself ─────────────────────────────────────────────────────────────────────────────────────


class RowError(Exception):
    """A mistake in the row itself."""


class NamesAbsent(Exception):
    """The row names something that is absent by a mistake elsewhere."""


def check_blanks(row: Row) -> None:
    """ "a blank in a required column is an error, never 0"; some columns are required only for a word."""
    required = SHEETS[row.sheet].required.split()
    if row.sheet == "入库审核":
        required.append({"通过": "核定减排量", "不通过": "原因"}[row["审核结论"]] if row["审核结论"] else "审核结论")
    if row.sheet == "减排量占用" and row["用途"] == "以新带老":
        required.append("建设项目编号")
    if row.sheet == "总量核定" and row["结论"] == "同意":
        required.append("核定新增外排环境量")
    if row.sheet == "上级储备" and row["方向"] != "申请使用":
        required.append("批次")
    for heading in required:
        if row[heading] is None:
            raise RowError(f"{heading} is blank")
    if row.sheet == "上级储备" and row["方向"] == "申请使用" and row["批次"] is not None:
        raise RowError("申请使用 names no 批次")


def check_folder(row: Row, first_quarter: str) -> None:
    """期初结存 stands "in the first quarter only", 总量复核 in an annual folder."""
    if row.sheet == "期初结存" and row.folder != first_quarter:
        raise RowError("期初结存 stands in the first quarter only")
    if row.sheet in NOT_IN_QUARTERS and not is_annual(row.folder):
        raise RowError(f"{row.sheet} stands in an annual folder")


def check_date(row: Row) -> None:
    """ "A business date after the quarter's end is an error"; "In an annual folder business dates lie between
    Y-01-01 and the end of Y+1"; "Business dates before 2021-01-01 … are errors".
    """
    if row.date is None:
        return
    if row.date < PLAN_START:
        raise RowError(f"{row.date} is before the plan (SCOPE-1)")
    if is_annual(row.folder):
        year = int(row.folder)
        if not date(year, 1, 1) <= row.date <= date(year + 1, 12, 31):
            raise RowError(f"{row.date} does not belong into the annual folder {row.folder}")
    elif row.date > last_day(row.folder):
        raise RowError(f"{row.date} is after the quarter's end")


def check_reduction_dates(row: Row) -> None:
    """ "开工 ≤ 竣工 ≤ 验收"; "reductions with a 竣工时间 (a closure: 关停时间) before [2021-01-01] are
    errors".
    """
    if row.sheet != "减排项目":
        return
    days = [row[heading] for heading in ("开工时间", "竣工时间", "验收时间") if row[heading] is not None]
    if days != sorted(days):
        raise RowError("开工 ≤ 竣工 ≤ 验收 does not hold")
    closing = row["关停时间"] if row["减排工程类型"] == "产业结构升级" else row["竣工时间"]
    if closing is not None and closing < PLAN_START:
        raise RowError(f"{closing} is before the plan (SCOPE-1)")


def check_amount(row: Row) -> None:
    """ "Amounts of documents are above 0, but for 核定新增 and 期末结存"; no amount is negative."""
    for heading, value in row.cells.items():
        if heading in AMOUNT_HEADINGS and value < 0:
            raise RowError(f"{heading} is negative")
    if row.sheet in DOCUMENT_AMOUNT and row[DOCUMENT_AMOUNT[row.sheet]] == 0:
        raise RowError("the amount is 0")


def must_know(state: State, what: str, sheets: Iterable[str], matches: Any) -> None:
    """ "Every zone, plant, project and document that a row names must be known from the same or an earlier
    folder"; what names an absent row "posts nothing either, with a 提示 that gives the cause".
    """
    if any(matches(row) for row in state.live(*sheets)):
        return
    if any(matches(row) for row in state.absent(*sheets)):
        raise NamesAbsent(f"{what} is in error")
    raise RowError(f"{what} is not known")


def check_names(row: Row, state: State) -> None:
    """Test every zone, plant and project that a row names (documents: ``check_document_names``)."""
    for heading in SHEETS[row.sheet].zones.split():
        if row[heading] is not None:
            must_know(state, row[heading], ["功能区"], lambda r, h=heading: r["功能区编码"] == row[h])
    if row["plant"] and row.sheet != "排污单位":
        must_know(state, row["plant"], ["排污单位"], lambda r: r["plant"] == row["plant"])
    if row["项目编号"] and row.sheet not in ("减排项目", "减排清单"):
        must_know(state, row["项目编号"], ["减排项目"], lambda r: r["项目编号"] == row["项目编号"])
    if row["建设项目编号"] and row.sheet != "建设项目":
        project = row["建设项目编号"]
        must_know(state, project, ["建设项目"], lambda r: r["建设项目编号"] == project)
    if row.sheet == "总量核定":
        check_application_named(row, state)


def check_application_named(row: Row, state: State) -> None:
    """ "a decision names its project's application"."""
    project = row["建设项目编号"]
    must_know(state, f"the application of {project}", ["总量申请"], lambda r: r["建设项目编号"] == project)
    this_factor = [
        r
        for r in state.rows
        if r.sheet == "总量申请" and r["建设项目编号"] == project and r["污染因子"] == row["污染因子"]
    ]
    # READING R5: a decision on a factor whose application row is absent names that row (else: it names the
    # project's application only, and the factor is then one "not applied for", an error).
    if any(r.status == "absent" for r in this_factor) and not any(r.status == "live" for r in this_factor):
        raise NamesAbsent(f"the application of {project} for {row['污染因子']} is in error")


def check_order_of_dates(row: Row, state: State) -> None:
    """ "Dates follow: first 申报 ≤ 审核, first 通过 ≤ 储备, 申请 ≤ 核定 ≤ 回收"."""
    if row.sheet == "入库审核":
        declared = [r.date for r in state.live("减排项目") if r["项目编号"] == row["项目编号"]]
        if row.date < min(declared):
            raise RowError("审核日期 is before the first 申报日期")
    if row.sheet == "指标储备":
        passed = [
            r.date
            for r in state.live("入库审核")
            if r["项目编号"] == row["项目编号"] and r["污染因子"] == row["污染因子"] and r["审核结论"] == "通过"
        ]
        if passed and row.date < min(passed):
            raise RowError("储备日期 is before the first 通过")
    if row.sheet == "总量核定" and row.date < construction_project(state, row["建设项目编号"])["申请日期"]:
        raise RowError("核定日期 is before 申请日期")


def construction_project(state: State, project: str) -> Row:
    """Return the project's row; the plant, zone and date of it cannot change."""
    return next(r for r in state.live("建设项目") if r["建设项目编号"] == project)


def check_row(row: Row, state: State, first_quarter: str) -> None:
    check_blanks(row)
    check_folder(row, first_quarter)
    check_date(row)
    check_reduction_dates(row)
    check_amount(row)
    check_names(row, state)
    check_order_of_dates(row, state)
    check_number_known(row, state)


# ── §2, "The same row again" ────────────────────────────────────────────────────────────────────────────────


def content(row: Row) -> tuple[Any, ...]:
    """Return "the content as read, after folding and defaults"."""
    sheet = SHEETS[row.sheet]
    headings = sheet.required.split() + sheet.optional.split()
    return tuple(row[heading] for heading in headings)


def skip_same_content(batch: list[Row], state: State) -> None:
    """ "The same content again (as read, after folding and defaults; dated or `refused`: as any earlier row
    of the key; undated: as the row that holds) is 已存在 (提示) and skipped."
    """
    for place, row in enumerate(batch):
        if row.status != "live":
            continue
        sheet = SHEETS[row.sheet]
        before = [r for r in state.live(row.sheet) if r not in batch and r.key == row.key]
        if not sheet.date and sheet.again == "replaces":
            # READING R9: the row that held before this folder; or the holding row might be looked for among
            # the folder's own rows, where two different rows without a date are an error in any case.
            before = sorted(before, key=lambda r: r.order)[-1:]
        here = [r for r in batch[:place] if r.status == "live" and r.key == row.key]
        if any(content(r) == content(row) for r in before + here):
            row.status = "skipped"
            state.report(row, "info", "已存在")


def refuse_second_rows(batch: list[Row], state: State) -> None:
    """ "Where it says `refused`, another row for the key is an error naming both: of one folder both rows
    post nothing, of a later folder only the later."
    """
    # READING R8: each row that becomes absent gets an error here; the contract may mean one for the pair.
    wrong = []
    for row in [r for r in batch if r.status == "live" and SHEETS[r.sheet].again == "refused"]:
        others = [r for r in state.live(row.sheet) if r is not row and r.key == row.key]
        if others:
            wrong.append((row, others[0]))
    for row, other in wrong:
        state.make_absent(row, "error", f"another row for the key: {other.folder} row {other.index}")


def refuse_equal_days(batch: list[Row], state: State) -> None:
    """ "two different rows of one folder for one key, equal in date or without one, are an error naming
    both".
    """
    wrong = []
    for row in [r for r in batch if r.status == "live" and SHEETS[r.sheet].again == "replaces"]:
        others = [
            r
            for r in state.live(row.sheet)
            if r is not row and r.key == row.key and r.folder == row.folder and r.date == row.date
        ]
        if others:
            wrong.append((row, others[0]))
    for row, other in wrong:
        state.make_absent(row, "error", f"two rows for one key and day: row {other.index}")


def refuse_changed_fixed(batch: list[Row], state: State) -> None:
    """`fixed`: "what a replacing row may not change"."""
    for row in sorted((r for r in batch if r.status == "live"), key=lambda r: r.order):
        before = [r for r in state.live(row.sheet) if r.key == row.key and r.order < row.order]
        for heading in SHEETS[row.sheet].fixed.split():
            if row.status == "live" and before and before[0][heading] != row[heading]:
                state.make_absent(row, "error", f"{heading} may not change")


def check_keys(batch: list[Row], state: State) -> None:
    skip_same_content(batch, state)
    refuse_second_rows(batch, state)
    refuse_equal_days(batch, state)
    refuse_changed_fixed(batch, state)


# ── §2, documents and their numbers ─────────────────────────────────────────────────────────────────────────


def document_of(row: Row) -> tuple[str, ...]:
    """ "a document is all rows with one number, on one sheet, in one folder (of 总量核定: and of one
    project)".
    """
    project = row["建设项目编号"] if row.sheet == "总量核定" else ""
    return (row.sheet, row.folder, row.number, project)


def is_broken(row: Row, state: State) -> bool:
    """An error in a row: "nothing of its document posts (of a 总量核定: of that project in it)"."""
    return any(document_of(r) == document_of(row) for r in state.absent(row.sheet) if r.number is not None)


def sound(rows: list[Row], state: State) -> list[Row]:
    return [row for row in rows if not is_broken(row, state)]


def check_same(batch: list[Row], state: State) -> None:
    """The rows of a document "agree in what `same` lists"; of 总量核定 "核定日期, per project: 确认方式,
    结论".
    """
    wrong = []
    for row in [r for r in batch if r.status == "live"]:
        for heading in SHEETS[row.sheet].same.split():
            # READING R7: the 核定日期 of a 文号 is one in a folder, whatever the project; the contract's
            # definition of a document would ask it of each project alone.
            whole = row.sheet == "总量核定" and heading == "核定日期"
            rows = [
                r
                for r in batch
                if r.status == "live"
                and r.sheet == row.sheet
                and r.number == row.number
                and (whole or document_of(r) == document_of(row))
            ]
            if any(r[heading] != row[heading] for r in rows):
                wrong.append((row, heading))
                break
    for row, heading in wrong:
        state.make_absent(row, "error", f"the rows of {row.number} do not agree in {heading}")


def check_numbers(batch: list[Row], state: State) -> None:
    """ "A number that stands on two sheets, or in two folders (a 文号: for one project), is an error: of one
    folder all its rows post nothing, of a later folder only the later."
    """
    # READING R1: only the row in error gives up its number; the sound rows beside it keep theirs, so that a
    # later folder cannot use it again.  (Or: a document that posts nothing for a row in error is free.)
    # READING R6: a document that fails in posting keeps its number and key.  (Or: its error frees them.)
    wrong = []
    for row in [r for r in batch if r.status == "live"]:
        for other in [r for r in state.live(*DOCUMENT_SHEETS) if r.number == row.number]:
            elsewhere = other.folder != row.folder and not (
                other.sheet == row.sheet == "总量核定" and other["建设项目编号"] != row["建设项目编号"]
            )
            if other.sheet != row.sheet or elsewhere:
                wrong.append((row, other))
                break
    for row, other in wrong:
        state.make_absent(row, "error", f"{row.number} also stands on {other.sheet} of {other.folder}")


def names_documents(row: Row) -> list[str]:
    headings = {"上级储备": ["批次"], "总量核定": ["指定批次"], "冲正": ["原单号"]}.get(row.sheet, [])
    return [row[heading] for heading in headings if row[heading] is not None]


def check_number_known(row: Row, state: State) -> None:
    """Every document that a row names must be known; of a 指定批次, "that no row of this or an earlier
    quarter brings this factor under it is an error".
    """
    # READING R24: a name in the sense of §2; or an error of the decision in posting, which then still counts
    # for the route.
    for number in names_documents(row):
        must_know(state, number, DOCUMENT_SHEETS, lambda r, n=number: r.number == n)
        if row.sheet == "总量核定" and row["结论"] == "同意":
            must_know(
                state,
                f"{number} for {row['污染因子']}",
                BIRTH_SHEETS,
                lambda r, n=number: r.number == n and r["污染因子"] == row["污染因子"] and brings(r),
            )


def brings(row: Row) -> bool:
    """True for rows that bring a lot."""
    return row.sheet in ("期初结存", "指标储备") or (row.sheet == "上级储备" and row["方向"] == "申请使用")


def drop_what_names_broken_documents(batch: list[Row], state: State) -> None:
    """ "what names it posts nothing either, with a 提示 that gives the cause", in any number of steps."""
    # READING R4: a document of which a row is absent cannot be named (冲正, 批次, 指定批次).  (Or: only the
    # number of a row in error cannot; the sound rows beside it can be named and have no lot.)
    # READING R3: what names an absent row becomes absent in the full sense, without key or number.
    changed = True
    while changed:
        changed = False
        for row in [r for r in batch if r.status == "live"]:
            for number in names_documents(row):
                if not sound([r for r in state.live(*DOCUMENT_SHEETS) if r.number == number], state):
                    state.make_absent(row, "info", f"{number}, which it names, is in error")
                    changed = True
                    break


# ── §2, all rows of one folder ──────────────────────────────────────────────────────────────────────────────


def check_own(rows: list[Row], state: State, first_quarter: str, forbidden: set[Any]) -> None:
    """ "An error in a row makes it absent"."""
    state.rows += rows
    for row in rows:
        if id_of(row) in forbidden:
            state.make_absent(row, "error", "the application is decided: a 同意 of an earlier quarter stands")
            continue
        try:
            check_row(row, state, first_quarter)
        except RowError as error:
            state.make_absent(row, "error", str(error))
        except NamesAbsent as cause:
            state.make_absent(row, "info", str(cause))


def id_of(row: Row) -> tuple[str, str, int]:
    return (row.folder, row.sheet, row.index)


def check_batch(batch: list[Row], state: State, first_quarter: str, forbidden: set[Any]) -> None:
    """Test all rows of one folder that count from one quarter on, so that what is named comes first."""
    for sheet in [name for name in SHEETS if name not in DOCUMENT_SHEETS]:
        rows = [r for r in batch if r.sheet == sheet]
        check_own(rows, state, first_quarter, forbidden)
        check_keys(rows, state)
    documents = [r for r in batch if r.sheet in DOCUMENT_SHEETS]
    for sheet in DOCUMENT_SHEETS:
        rows = [r for r in documents if r.sheet == sheet]
        births = [r for r in rows if brings(r)]
        check_own(births, state, first_quarter, forbidden)
        check_own([r for r in rows if not brings(r)], state, first_quarter, forbidden)
    for sheet in DOCUMENT_SHEETS:
        check_keys([r for r in documents if r.sheet == sheet], state)
    check_same(documents, state)
    check_numbers(documents, state)
    drop_what_names_broken_documents(documents, state)
    for row in batch:
        if row.status == "live" and not is_annual(row.folder) and row.date and row.date < first_day(row.folder):
            state.report(row, "info", "补报")


# ── §3, Lots ────────────────────────────────────────────────────────────────────────────────────────────────


def left_in(state: State, lot: str, zone: str, factor: str) -> int:
    return sum(e.amount for e in state.entries if (e.lot, e.zone, e.factor) == (lot, zone, factor))


def frozen_in(state: State, lot: str, zone: str, factor: str) -> int:
    return sum(e.frozen for e in state.entries if (e.lot, e.zone, e.factor) == (lot, zone, factor))


def free_in(state: State, lot: str, zone: str, factor: str) -> int:
    """ "*free* is left − frozen"."""
    return left_in(state, lot, zone, factor) - frozen_in(state, lot, zone, factor)


def birth(state: State, lot: str, factor: str) -> Entry:
    """Return an entry that brought the lot's number; parts in other zones have its origin and age."""
    kinds = ("opening", "deposit", "superior_in")
    return next(e for e in state.entries if e.kind in kinds and e.lot == lot and e.factor == factor)


def origin(state: State, lot: str, factor: str) -> str:
    kind = birth(state, lot, factor).kind
    return {"opening": "期初结存", "deposit": "指标储备", "superior_in": "申请使用"}[kind]


def age(state: State, lot: str, factor: str) -> tuple[Any, ...]:
    """ "opening lots … before all others, then by booked quarter, business date, number"."""
    born = birth(state, lot, factor)
    return (born.kind != "opening", born.booked, born.business, lot)


def lots_of(state: State, zone: str, factor: str) -> list[str]:
    """Return the numbers of the lots of a factor that ever were in a zone, oldest first."""
    numbers = {e.lot for e in state.entries if (e.zone, e.factor) == (zone, factor)}
    return sorted(numbers, key=lambda lot: age(state, lot, factor))


def free_in_zone(state: State, zone: str, factor: str) -> int:
    return sum(free_in(state, lot, zone, factor) for lot in lots_of(state, zone, factor))


def take(state: State, zone: str, factor: str, amount: int, batch: str | None = None) -> list[tuple[str, int]]:
    """Return what to take of which lots, first-in first-out or from the 指定批次; it must fit."""
    taken = []
    for lot in [batch] if batch else lots_of(state, zone, factor):
        part = min(amount, free_in(state, lot, zone, factor))
        if part > 0:
            taken.append((lot, part))
            amount -= part
    assert amount == 0
    return taken


def reduction_project(state: State, lot: str, factor: str) -> str:
    return birth(state, lot, factor).project


# ── §3, Route ───────────────────────────────────────────────────────────────────────────────────────────────


def application(state: State, project: str, quarter: str) -> dict[str, Row]:
    """Return the application's row per factor, as it stands at the quarter's end."""
    rows = [r for r in state.live("总量申请", upto=quarter) if r["建设项目编号"] == project]
    latest = {r["污染因子"]: r for r in sorted(rows, key=lambda r: r.order)}
    return {factor: latest[factor] for factor in sorted(latest, key=factor_place)}


def increase(row: Row) -> int:
    """ "The increase is max(本项目 − 以新带老, 0)"."""
    return max(row["本项目外排环境量"] - row["以新带老削减量"], 0)


def identity_holds(row: Row) -> bool:
    """ "全厂 = 现有 + 在建 + 本项目 − 以新带老 must hold (a blank optional amount is 0 in it …)"."""
    existing = row["现有外排环境量"] + (row["在建外排环境量"] or 0)
    return row["全厂外排环境量"] == existing + row["本项目外排环境量"] - row["以新带老削减量"]


def decision_rows(state: State, project: str, quarter: str) -> list[list[Row]]:
    """Return the rows of each decision on a project up to a quarter, "by folder, date, 文号"."""
    # READING R2: a decision of which a row is absent is none here; "rows that §2 makes absent do not [count]"
    # might leave the sound rows beside it in force for this purpose.
    rows = [r for r in state.live("总量核定", upto=quarter) if r["建设项目编号"] == project]
    rows = sound(rows, state)
    documents = sorted({(r.folder, r.date, r.number) for r in rows})
    return [[r for r in rows if (r.folder, r.date, r.number) == document] for document in documents]


def last_decision_for_route(state: State, project: str, quarter: str) -> list[Row]:
    """Return "its last decision (by folder, date, 文号; one that follows a 同意 which no 冲正 row names is
    passed over)"; an empty list without a decision.
    """
    named = {r["原单号"] for r in state.live("冲正", upto=quarter)}
    last: list[Row] = []
    for rows in decision_rows(state, project, quarter):
        if last and last[0]["结论"] == "同意" and last[0].number not in named:
            continue
        last = rows
    return last


def counted_for_route(state: State, project: str, factor: str, quarter: str) -> int:
    """Return what an earlier application counts: "the 核定新增 of its last decision … if that says 同意 (0
    without a row for the factor), left out if it says 不同意 or 撤回, as applied without a decision".
    """
    decision = last_decision_for_route(state, project, quarter)
    if not decision:
        applied = application(state, project, quarter)
        return increase(applied[factor]) if factor in applied else 0
    if decision[0]["结论"] != "同意":
        return 0
    return sum(r["核定新增外排环境量"] for r in decision if r["污染因子"] == factor)


def plant_year_new(state: State, project: str, factor: str, quarter: str) -> int:
    """ "plant_year_new of a factor is this application's increase, as applied, plus those of the plant's
    earlier applications of that calendar year (by 申请日期, then 建设项目编号)".
    """
    mine = construction_project(state, project)
    applied = application(state, project, quarter)
    total = increase(applied[factor]) if factor in applied else 0
    for other in sorted({r["建设项目编号"] for r in state.live("建设项目", upto=quarter)}):
        theirs = construction_project(state, other)
        # READING R26: a plant is "two headings", code and site; or all sites of a code.
        if theirs["plant"] != mine["plant"] or theirs["申请日期"].year != mine["申请日期"].year:
            continue
        if (theirs["申请日期"], other) < (mine["申请日期"], project):
            total += counted_for_route(state, other, factor, quarter)
    return total


def filing_line(factor: str) -> int | None:
    return milligrams(FILING_LINE_T[factor]) if factor in FILING_LINE_T else None


def route(state: State, project: str, quarter: str) -> str:
    """ "备案 if every factor with an increase is within its line; a factor without a line (a metal) never is;
    without any increase 备案"; equality files.
    """
    for factor, row in application(state, project, quarter).items():
        if increase(row) == 0:
            continue
        line = filing_line(factor)
        if line is None or plant_year_new(state, project, factor, quarter) > line:
            return "审核"
    return "备案"


# ── §3, Ratio ───────────────────────────────────────────────────────────────────────────────────────────────


def assessment(state: State, factor: str, zone: str, day: date, quarter: str) -> Row | None:
    """ "of the rows for the medium that apply to factor and zone, whose 年度 is before the decision's year,
    published by its date, in a folder that counts by the decision's — the latest 年度, of that the most
    specific (factor, then zone), of these the latest published".
    """
    medium = "大气" if factor in AIR else "水"
    held: dict[Any, Row] = {}
    for row in sorted(state.live("环境质量", upto=quarter), key=lambda r: r.order):
        held[row.key] = row
    rows = [
        row
        for row in held.values()
        if row["要素"] == medium
        and row["年度"] < day.year
        and row.date <= day
        and row["污染因子"] in (None, factor)
        and row["功能区编码"] in (None, zone)
    ]
    return max(
        rows,
        default=None,
        key=lambda r: (r["年度"], r["污染因子"] is not None, r["功能区编码"] is not None, r.date),
    )


def ratio(state: State, factor: str, zone: str, day: date, quarter: str) -> tuple[Fraction | None, str]:
    """Return the ratio and a warning; "There is no default: a ratio that no rule gives, or no assessment
    supports, is an error. … Older than two years: 预警."
    """
    if factor not in AIR + WATER:
        return Fraction(RATIO_METALS), ""
    row = assessment(state, factor, zone, day, quarter)
    if row is None:
        return None, ""
    given = RATIO_MET[factor] if row["考核结果"] == "达标" else RATIO_NOT_MET[factor]
    old = f"the assessment is of {row['年度']}" if day.year - row["年度"] > 2 else ""
    return Fraction(given), old


# ── §3, 项目状态 ────────────────────────────────────────────────────────────────────────────────────────────


def status_on(state: State, project: str, day: date, known_on: date) -> str:
    """ "A 项目状态 counts from the start of its posting day; the state on a day is that of the latest
    状态日期 up to it."
    """
    rows = [
        r
        for r in state.live("项目状态")
        if r["建设项目编号"] == project and r.posting_day <= known_on and r.date <= day
    ]
    return max(rows, key=lambda r: r.date)["状态"] if rows else ""


# ── §3, posting: one function per kind of document ──────────────────────────────────────────────────────────


class DoesNotFit(Exception):
    """An error of posting: the row where it shows, and what it is."""

    def __init__(self, row: Row, what: str) -> None:
        super().__init__(what)
        self.row = row
        self.what = what


@dataclass(eq=False)
class Document:
    """What posts as one: the rows of a document, or one verdict."""

    kind: str
    rows: list[Row]
    number: str
    project: str = ""

    @property
    def posting_day(self) -> date:
        return self.rows[0].posting_day

    @property
    def business(self) -> date:
        """The business date; "opening lots (dated the quarter's first day)"."""
        return self.rows[0].date or self.rows[0].posting_day

    @property
    def place(self) -> tuple[Any, ...]:
        """ "Documents post by posting day …, business date, kind, number"; 期初结存 "before everything",
        总量核定 "its projects by 建设项目编号".
        """
        opening = self.kind == "期初结存"
        return (
            not opening,
            self.posting_day,
            self.business,
            KINDS.index(self.kind),
            self.number,
            self.project,
        )


def by_factor(rows: list[Row]) -> list[Row]:
    # READING R28: the contract orders documents, not the rows of one; any other order has the same effect.
    return sorted(rows, key=lambda r: (factor_place(r["污染因子"]), r["功能区编码"] or "", r["批次"] or ""))


def add(state: State, document: Document, day: date, kind: str, zone: str, factor: str, lot: str, **more: Any) -> None:
    """Book one entry; "No entry of 0"."""
    amount, frozen = more.pop("amount", 0), more.pop("frozen", 0)
    if amount or frozen:
        booked = quarter_of(day)
        state.entries.append(
            Entry(state.clock, booked, day, kind, zone, factor, lot, amount, frozen, document.number, **more)
        )


def post_opening(state: State, document: Document, day: date) -> None:
    for row in by_factor(document.rows):
        add(
            state,
            document,
            day,
            "opening",
            row["功能区编码"],
            row["污染因子"],
            document.number,
            amount=row["数量"],
            business=document.business,
        )


def verified(state: State, project: str, factor: str) -> int:
    """Return the 核定减排量 of the verdict that holds, 0 without a 通过."""
    verdicts = [r for r in state.verdicts if (r["项目编号"], r["污染因子"]) == (project, factor)]
    return verdicts[-1]["核定减排量"] if verdicts and verdicts[-1]["审核结论"] == "通过" else 0


def spoken_for(state: State, project: str, factor: str) -> int:
    """Return occupied + reserved, of documents that posted and are not reversed."""
    standing = state.posted - state.reversed
    rows = [
        r
        for r in state.live("减排量占用", "指标储备")
        if r.number in standing and (r["项目编号"], r["污染因子"]) == (project, factor)
    ]
    return sum(r[DOCUMENT_AMOUNT[r.sheet]] for r in rows)


def post_verdict(state: State, document: Document, day: date) -> None:
    """ "verified ≥ occupied + reserved, per project and factor, at every moment; the row that would break it
    is in error, be it a deposit, an occupation or a lower verdict".
    """
    row = document.rows[0]
    amount = row["核定减排量"] if row["审核结论"] == "通过" else 0
    if amount < spoken_for(state, row["项目编号"], row["污染因子"]):
        raise DoesNotFit(row, "verified would be less than occupied + reserved")
    state.verdicts.append(row)


def post_occupation(state: State, document: Document, day: date) -> None:
    check_deposit(state, document)


def check_deposit(state: State, document: Document) -> None:
    for row in by_factor(document.rows):
        project, factor = row["项目编号"], row["污染因子"]
        asked = row[DOCUMENT_AMOUNT[row.sheet]]
        if spoken_for(state, project, factor) + asked > verified(state, project, factor):
            raise DoesNotFit(row, "occupied + reserved would exceed verified")


def post_deposit(state: State, document: Document, day: date) -> None:
    """A deposit brings a lot into the zone of the reduction project."""
    check_deposit(state, document)
    for row in by_factor(document.rows):
        project = next(r for r in state.live("减排项目") if r["项目编号"] == row["项目编号"])
        add(
            state,
            document,
            day,
            "deposit",
            project["功能区编码"],
            row["污染因子"],
            document.number,
            amount=row["储备量"],
            project=row["项目编号"],
            business=document.business,
        )


def post_superior(state: State, document: Document, day: date) -> None:
    """ "申请使用 brings a lot; 纳入上级 freezes part of a lot of origin 指标储备; 上级使用 takes from what is
    frozen in a lot; 退出上级 frees it."
    """
    zone = document.rows[0]["功能区编码"]
    for row in by_factor(document.rows):
        factor, lot, amount = row["污染因子"], row["批次"], row["数量"]
        if document.kind == "申请使用":
            add(
                state,
                document,
                day,
                "superior_in",
                zone,
                factor,
                document.number,
                amount=amount,
                business=document.business,
            )
            continue
        if lot not in lots_of(state, zone, factor):
            raise DoesNotFit(row, f"no lot {lot} of {factor} in {zone}")
        project = reduction_project(state, lot, factor)
        if document.kind == "纳入上级":
            if origin(state, lot, factor) != "指标储备":
                raise DoesNotFit(row, f"{lot} is not of origin 指标储备")
            if amount > free_in(state, lot, zone, factor):
                raise DoesNotFit(row, f"{lot} has not so much free")
            add(state, document, day, "freeze", zone, factor, lot, frozen=amount, project=project)
            continue
        if amount > frozen_in(state, lot, zone, factor):
            raise DoesNotFit(row, f"{lot} has not so much frozen")
        if document.kind == "上级使用":
            add(
                state,
                document,
                day,
                "superior_out",
                zone,
                factor,
                lot,
                amount=-amount,
                frozen=-amount,
                project=project,
            )
        else:
            add(state, document, day, "release", zone, factor, lot, frozen=-amount, project=project)


def post_transfer(state: State, document: Document, day: date) -> None:
    """ "A transfer takes first-in first-out and gives the other zone lots of the same number, origin and
    age"; "A transfer to the same zone is an error."
    """
    giving, taking = document.rows[0]["调出功能区"], document.rows[0]["调入功能区"]
    for row in by_factor(document.rows):
        factor, amount = row["污染因子"], row["数量"]
        if giving == taking:
            raise DoesNotFit(row, "a transfer to the same zone")
        if amount > free_in_zone(state, giving, factor):
            raise DoesNotFit(row, f"{giving} has not so much free of {factor}")
        for lot, part in take(state, giving, factor, amount):
            project = reduction_project(state, lot, factor)
            add(state, document, day, "transfer_out", giving, factor, lot, amount=-part, project=project)
            add(state, document, day, "transfer_in", taking, factor, lot, amount=part, project=project)


# ── §3, Decision and Debit ──────────────────────────────────────────────────────────────────────────────────


def standing_decision(state: State, project: str) -> Decision | None:
    return next((d for d in state.decisions if d.project == project and d.stands), None)


def check_consent(state: State, document: Document, day: date) -> None:
    """Test a 同意 against the application.

    "A 同意 needs a row for every factor with an increase; a factor not applied for is an error. As 备案 where
    the route is 审核 it is an error (the reverse: 提示); for a project that is 不再建设 too. Left-out amounts
    are as applied if 核定新增 equals the increase; if not, 核定本项目外排环境量 and 全厂核定外排环境量 are
    required; where given, 核定新增 = max(全厂核定 − 现有 − 在建, 0) must hold. More than applied for: 预警. A
    row with another 平衡途径 than 园区储备库 … needs 审核意见 as its ground".
    """
    first, project = document.rows[0], document.project
    quarter = first.booked
    applied = application(state, project, quarter)
    for row in by_factor(document.rows):
        if row["污染因子"] not in applied:
            raise DoesNotFit(row, f"{row['污染因子']} is not applied for")
    for factor, asked in applied.items():
        if increase(asked) > 0 and factor not in [r["污染因子"] for r in document.rows]:
            raise DoesNotFit(first, f"no row for {factor}")
    due = route(state, project, quarter)
    if first["确认方式"] == "备案" and due == "审核":
        raise DoesNotFit(first, "备案 where the route is 审核")
    if first["确认方式"] == "审核" and due == "备案":
        state.report(first, "info", "审核 where the route is 备案")
    # READING R13: the state on the posting day, when the debit would be taken; or the state on 核定日期.
    if status_on(state, project, day, day) == "不再建设":
        raise DoesNotFit(first, f"{project} is 不再建设")
    for row in by_factor(document.rows):
        check_permitted(row, applied[row["污染因子"]], state)


def check_permitted(row: Row, asked: Row, state: State) -> None:
    permitted, whole_plant = row["核定新增外排环境量"], row["全厂核定外排环境量"]
    if permitted != increase(asked) and (whole_plant is None or row["核定本项目外排环境量"] is None):
        raise DoesNotFit(row, "核定本项目外排环境量 and 全厂核定外排环境量 are required")
    if whole_plant is not None:
        existing = asked["现有外排环境量"] + (asked["在建外排环境量"] or 0)
        if permitted != max(whole_plant - existing, 0):
            raise DoesNotFit(row, "核定新增 = max(全厂核定 − 现有 − 在建, 0) does not hold")
    if row["平衡途径"] != FROM_RESERVE and row["审核意见"] is None:
        raise DoesNotFit(row, "another 平衡途径 needs 审核意见")
    if permitted > increase(asked):
        state.report(row, "warning", "more than applied for")


def line_of(state: State, row: Row, zone: str) -> Line:
    """ "Debit = 核定新增 × ratio, kept as permitted, ratio and debit"; a row with another 平衡途径 "debits
    nothing".
    """
    permitted, factor = row["核定新增外排环境量"], row["污染因子"]
    if row["平衡途径"] != FROM_RESERVE or permitted == 0:
        return Line(permitted, row["平衡途径"], row["指定批次"], None, 0)
    given, warning = ratio(state, factor, zone, row.date, row.booked)
    if given is None:
        raise DoesNotFit(row, f"no assessment supports a ratio for {factor}")
    if warning:
        state.report(row, "warning", warning)
    return Line(permitted, row["平衡途径"], row["指定批次"], given, times(permitted, given))


def post_decision(state: State, document: Document, day: date) -> None:
    """ "while a 同意 on a project stands (is not reversed), another decision on it is an error; a refused
    project may be decided again as it is"; "不同意 and 撤回 post nothing and are not tested for any of this
    but the standing 同意".
    """
    first = document.rows[0]
    if standing_decision(state, document.project):
        raise DoesNotFit(first, f"a 同意 on {document.project} stands")
    decision = Decision(
        document.number,
        document.project,
        first.date,
        first.booked,
        first["结论"],
        document.rows,
    )
    if decision.conclusion == "同意":
        check_consent(state, document, day)
        zone = construction_project(state, document.project)["功能区编码"]
        decision.lines = {r["污染因子"]: line_of(state, r, zone) for r in by_factor(document.rows)}
        takes = any(line.debit for line in decision.lines.values())
        decision.state = "待供给" if takes else "无需扣除"
    else:
        decision.state = {"不同意": "不同意", "撤回": "已撤回"}[decision.conclusion]
    state.decisions.append(decision)
    try_to_supply(state, decision, day)


def free_for(state: State, decision: Decision, factor: str) -> int:
    """ "free amounts … in the project's zone, or only from the 指定批次"."""
    zone = construction_project(state, decision.project)["功能区编码"]
    batch = decision.lines[factor].batch
    return free_in(state, batch, zone, factor) if batch else free_in_zone(state, zone, factor)


def try_to_supply(state: State, decision: Decision, day: date) -> None:
    """ "All factors of a project are debited, or none. What does not fit is not posted and not an error"; "A
    debit supplied later is booked then, at the ratio of its decision."
    """
    if decision.state != "待供给":
        return
    if any(line.debit > free_for(state, decision, factor) for factor, line in decision.lines.items()):
        return
    zone = construction_project(state, decision.project)["功能区编码"]
    document = Document("总量核定", decision.rows, decision.number, decision.project)
    state.clock += 1
    for factor, line in decision.lines.items():
        for lot, part in take(state, zone, factor, line.debit, line.batch) if line.debit else []:
            add(
                state,
                document,
                day,
                "debit",
                zone,
                factor,
                lot,
                amount=-part,
                project=decision.project,
                ratio=line.ratio,
                gross=line.permitted,
            )
    decision.state = "已扣除"
    decision.supplied = quarter_of(day)


def try_all_waiting(state: State, day: date) -> None:
    """ "It is tried again after every document that brings or frees amounts in its zone, oldest decision
    first (核定日期, 文号, project); one that does not fit holds up nobody".

    After a document that brings or frees nothing a decision fits no better than before.
    """
    for decision in sorted(state.decisions, key=lambda d: (d.date, d.number, d.project)):
        try_to_supply(state, decision, day)


def leave_the_queue(state: State, day: date) -> None:
    """ "A project that becomes 不再建设 while it waits leaves the queue for good." """
    for decision in state.decisions:
        if decision.state == "待供给" and status_on(state, decision.project, day, day) == "不再建设":
            decision.state = "不再建设"
            decision.left = quarter_of(day)


# ── §3, Recovery ────────────────────────────────────────────────────────────────────────────────────────────


def standing_recoveries(state: State, project: str, factor: str) -> list[Recovery]:
    return [
        r for r in state.recoveries if (r.project, r.factor) == (project, factor) and r.number not in state.reversed
    ]


def recovered_so_far(state: State, project: str, factor: str) -> int:
    return sum(r.amount for r in standing_recoveries(state, project, factor))


def gone_back(state: State, project: str, factor: str, lot: str | None = None) -> int:
    """Return "what went back so far (of standing recoveries)", into one lot or all."""
    numbers = {r.number for r in standing_recoveries(state, project, factor)}
    return sum(
        e.amount
        for e in state.entries
        if e.kind == "recovery" and e.document in numbers and e.factor == factor and lot in (None, e.lot)
    )


def first_operation(state: State, project: str, known_on: date) -> date | None:
    """Return the day of "the project's first 正式运行"."""
    return min(
        (
            r.date
            for r in state.live("项目状态")
            if r["建设项目编号"] == project and r["状态"] == "正式运行" and r.posting_day <= known_on
        ),
        default=None,
    )


def surplus(state: State, row: Row, day: date) -> tuple[int, int]:
    """Return the plant's surplus and its year, for a 富余.

    "of the latest calendar year that began on or after the project's first 正式运行 and was verified
    (复核日期) by 回收日期, 核定许可排放量 − 核定实际排放量 if actual < 80 % of permitted, else 0 (外排环境量;
    an empty 核定许可排放量 is an error), less every standing 富余 recovered on that year's figure from any
    project of the plant".
    """
    plant = construction_project(state, row["建设项目编号"])["plant"]
    factor = row["污染因子"]
    started = first_operation(state, row["建设项目编号"], day)
    if started is None:
        raise DoesNotFit(row, "no 正式运行")
    reviews = [
        r
        for r in state.live("总量复核", upto=row.booked)
        if r["plant"] == plant
        and r["污染因子"] == factor
        and r["口径"] == "外排环境量"
        and r.date <= row.date
        and date(r["年度"], 1, 1) >= started
    ]
    if not reviews:
        raise DoesNotFit(row, "no verified year since 正式运行")
    year = max(r["年度"] for r in reviews)
    review = sorted((r for r in reviews if r["年度"] == year), key=lambda r: r.order)[-1]
    permitted, actual = review["核定许可排放量"], review["核定实际排放量"]
    if permitted is None:
        raise DoesNotFit(row, f"核定许可排放量 of {year} is empty")
    left = permitted - actual if actual < RECOVERY_LINE * permitted else 0
    for other in state.recoveries:
        same_plant = construction_project(state, other.project)["plant"] == plant
        if same_plant and other.factor == factor and other.year == year and other.number not in state.reversed:
            left -= other.amount
    return left, year


def check_recovery(state: State, row: Row, day: date) -> int | None:
    """Test one row of a recovery; return the year whose figure a 富余 uses."""
    project, factor, amount = row["建设项目编号"], row["污染因子"], row["回收量"]
    decision = standing_decision(state, project)
    if decision is None or decision.state != "已扣除" or not decision.lines.get(factor):
        raise DoesNotFit(row, f"no standing debit of {factor} on {project}")
    line = decision.lines[factor]
    if line.debit == 0:
        raise DoesNotFit(row, f"no standing debit of {factor} on {project}")
    # READING R17: 核定 ≤ 回收 of the decision whose debit stands; or, in §2 already, of the first decision.
    if row.date < decision.date:
        raise DoesNotFit(row, "回收日期 is before 核定日期")
    if amount > line.permitted - recovered_so_far(state, project, factor):
        raise DoesNotFit(row, "more than 核定新增 less what was recovered before")
    if row["回收原因"] == "不再建设" and status_on(state, project, row.date, day) != "不再建设":
        raise DoesNotFit(row, f"{project} is not 不再建设 on 回收日期")
    if row["回收原因"] == "富余":
        left, year = surplus(state, row, day)
        if amount > left:
            raise DoesNotFit(row, f"more than the plant's surplus of {year}")
        return year
    return None


def post_recovery(state: State, document: Document, day: date) -> None:
    """ "What goes back is round(回收量 so far × the debit's ratio) less what went back so far (of standing
    recoveries; at least 0), into the lots that the debit took from, last taken first. … Ceiling: 核定新增
    less what was recovered before; a project or factor without a standing debit is an error. 不再建设 needs
    that state on 回收日期."
    """
    years = [check_recovery(state, row, day) for row in by_factor(document.rows)]
    for row, year in zip(by_factor(document.rows), years, strict=True):
        project, factor = row["建设项目编号"], row["污染因子"]
        decision = standing_decision(state, project)
        assert decision
        line = decision.lines[factor]
        before = gone_back(state, project, factor)
        back = max(times(recovered_so_far(state, project, factor) + row["回收量"], line.ratio) - before, 0)
        debits = [
            e
            for e in state.entries
            if e.kind == "debit" and e.document == decision.number and e.project == project and e.factor == factor
        ]
        for debit in reversed(debits):
            part = min(back, -debit.amount - gone_back(state, project, factor, debit.lot))
            add(
                state,
                document,
                day,
                "recovery",
                debit.zone,
                factor,
                debit.lot,
                amount=part,
                project=project,
                ratio=line.ratio,
                gross=row["回收量"],
            )
            back -= part
        assert back == 0
        state.recoveries.append(
            Recovery(document.number, project, factor, row["回收原因"], row["回收量"], row.booked, year)
        )


# ── §3, Correction ──────────────────────────────────────────────────────────────────────────────────────────


def decisions_of(state: State, number: str) -> list[Decision]:
    return [d for d in state.decisions if d.number == number]


def post_correction(state: State, document: Document, day: date) -> None:
    """ "冲正 reverses every effect of one document on its lots …, never a 冲正, and each document once. … One
    that would break a lot's bounds is an error that names what has used it since; so is the reversal of a
    debit while part of it is recovered."
    """
    row = document.rows[0]
    original = row["原单号"]
    if any(r.number == original for r in state.live("冲正")):
        raise DoesNotFit(row, "a 冲正 cannot be reversed")
    if original in state.reversed:
        raise DoesNotFit(row, f"{original} is reversed already")
    decisions = decisions_of(state, original)
    if original not in state.posted and not decisions:
        # READING R16: a document that failed in posting has no effect to reverse: 提示, as for what names a
        # row in error; or an error of the 冲正; or a 冲正 that posts without entries.
        state.report(row, "info", f"{original} posted nothing")
        return
    for decision in decisions:
        for factor in decision.lines:
            if recovered_so_far(state, decision.project, factor) > 0 and decision.state == "已扣除":
                raise DoesNotFit(row, f"{original} is recovered in part")
    entries = [e for e in state.entries if e.document == original]
    for lot, zone, factor in {(e.lot, e.zone, e.factor) for e in entries}:
        mine = [e for e in entries if (e.lot, e.zone, e.factor) == (lot, zone, factor)]
        left = left_in(state, lot, zone, factor) - sum(e.amount for e in mine)
        frozen = frozen_in(state, lot, zone, factor) - sum(e.frozen for e in mine)
        if not 0 <= frozen <= left:
            raise DoesNotFit(row, f"{lot} has been used since")
    for entry in entries:
        add(
            state,
            document,
            day,
            "correction",
            entry.zone,
            entry.factor,
            entry.lot,
            amount=-entry.amount,
            frozen=-entry.frozen,
            original=original,
            project=entry.project,
        )
    state.reversed.add(original)
    for decision in decisions:
        decision.state = "已冲正"
        decision.reversed = row.booked


# ── §3, Order ───────────────────────────────────────────────────────────────────────────────────────────────


def documents_of(state: State, quarter: str) -> list[Document]:
    """Return what posts in a quarter, in posting order, 冲正 included."""
    rows = [r for r in state.live(*DOCUMENT_SHEETS, upto=quarter) if r.booked == quarter]
    rows = sound(rows, state)
    found = []
    for name in {document_of(r) for r in rows}:
        sheet, _folder, number, project = name
        mine = [r for r in rows if document_of(r) == name]
        found.append(Document(mine[0]["方向"] if sheet == "上级储备" else sheet, mine, number, project))
    for row in state.live("入库审核", upto=quarter):
        if row.booked == quarter:
            found.append(Document("入库审核", [row], row["项目编号"], row["污染因子"]))
    return sorted(found, key=lambda d: d.place)


def originals_of(correction: Document, documents: list[Document]) -> list[Document]:
    """Return the parts of the original that post in the same quarter, in posting order."""
    original = correction.rows[0]["原单号"]
    return [d for d in documents if d.number == original and d.kind != "入库审核"]


def posts_after_original(correction: Document, documents: list[Document]) -> bool:
    """True for a 冲正 "whose original's posting day and business date are not before its own"."""
    # READING R18: a 文号 with several projects has the place of the last of them.
    parts = originals_of(correction, documents)
    return (
        bool(parts)
        and parts[-1].kind != "冲正"
        and ((parts[-1].posting_day, parts[-1].business) >= (correction.posting_day, correction.business))
    )


def booked_last_first(state: State, corrections: list[Document]) -> list[Document]:
    """ "Several 冲正 of one day: the one whose original's entries were booked last goes first (without
    entries: its own place; as it stands before the first of them)."
    """

    # READING R14: the place of an original without entries is where its own turn came; or the 冲正 without
    # entries keeps its own place among the day's 冲正 by number.
    def last_booked(correction: Document) -> int:
        original = correction.rows[0]["原单号"]
        clocks = [e.clock for e in state.entries if e.document == original]
        return max(clocks, default=state.places.get(original, 0))

    return sorted(corrections, key=lambda c: (-last_booked(c), c.number))


POST = {
    "期初结存": post_opening,
    "入库审核": post_verdict,
    "减排量占用": post_occupation,
    "指标储备": post_deposit,
    "申请使用": post_superior,
    "退出上级": post_superior,
    "纳入上级": post_superior,
    "上级使用": post_superior,
    "功能区调剂": post_transfer,
    "指标回收": post_recovery,
    "总量核定": post_decision,
    "冲正": post_correction,
}


def post(state: State, document: Document, day: date) -> None:
    """Post one document wholly or not at all: "beyond its bounds [it] is an error at its amount … and the
    whole document posts nothing".
    """
    state.clock += 1
    if document.kind != "入库审核":
        state.places[document.number] = state.clock
    before = len(state.entries)
    try:
        POST[document.kind](state, document, day)
    except DoesNotFit as error:
        del state.entries[before:]
        state.report(error.row, "error", error.what)
        return
    if document.kind not in ("入库审核", "总量核定", "冲正"):
        state.posted.add(document.number)
    check_bounds(state)


def check_bounds(state: State) -> None:
    """ "At every moment, in every lot, 0 ≤ frozen ≤ left"."""
    for lot, zone, factor in {(e.lot, e.zone, e.factor) for e in state.entries if e.clock == state.clock}:
        assert 0 <= frozen_in(state, lot, zone, factor) <= left_in(state, lot, zone, factor), (
            lot,
            zone,
            factor,
        )


def post_quarter(state: State, quarter: str) -> None:
    """Post a quarter's documents in order.

    A 项目状态 "counts from the start of its posting day", so the queue is looked at first on each day; a 冲正
    that posts right after its original does so "before anything is tried again".
    """
    documents = documents_of(state, quarter)
    corrections = [d for d in documents if d.kind == "冲正"]
    following = [c for c in corrections if posts_after_original(c, documents)]
    others = [d for d in documents if d not in following]
    days = {d.posting_day for d in others} | {
        r.posting_day for r in state.live("项目状态", upto=quarter) if r.booked == quarter
    }
    for day in sorted(days):
        leave_the_queue(state, day)
        today = [d for d in others if d.posting_day == day]
        while today:
            document = today[0]
            if document.kind == "冲正":
                group = [d for d in today if d.kind == "冲正" and d.business == document.business]
            else:
                group = [document]
            for one in booked_last_first(state, group) if document.kind == "冲正" else group:
                post(state, one, day)
                for correction in following:
                    if originals_of(correction, documents)[-1] is one:
                        # READING R15: it bears the day on which it posts; or its own 日期.
                        post(state, correction, day)
                try_all_waiting(state, day)
            today = [d for d in today if d not in group]


# ── the whole run ───────────────────────────────────────────────────────────────────────────────────────────


def protected_applications(state: State, quarter: str) -> set[Any]:
    """Return the quarter's 总量申请 rows that may not be: "An application is neither replaced nor extended
    while a 同意 booked in an earlier quarter stands on it at the quarter's end."
    """
    # READING R10: an application is its 总量申请 rows; or its 建设项目 row as well.
    wrong = set()
    for row in state.live("总量申请", upto=quarter):
        decision = standing_decision(state, row["建设项目编号"])
        if row.booked == quarter and decision and decision.booked < quarter:
            wrong.add(id_of(row))
    return wrong


def run_quarter(before: State, rows: list[Row], quarter: str, first_quarter: str, forbidden: set[Any]) -> State:
    """Return the state after a quarter, with some application rows declared to be in error."""
    state = copy.deepcopy(before)
    rows = [copy.copy(row) for row in rows]
    # READING R25: folders follow each other as they count, so that rows of an annual folder cannot name what
    # only the quarter's own folder knows.
    for folder in sorted({r.folder for r in rows}, key=lambda name: (not is_annual(name), name)):
        check_batch([r for r in rows if r.folder == folder], state, first_quarter, forbidden)
    for row in state.live("总量申请", upto=quarter):
        if row.booked == quarter and not identity_holds(row):
            # READING R11: the row stays in force ("an identity that fails changes nothing"); or, as any error
            # in a row, it makes the row absent but for the route.
            state.report(row, "error", "全厂 = 现有 + 在建 + 本项目 − 以新带老 does not hold")
    post_quarter(state, quarter)
    for decision in state.decisions:
        if decision.state == "待供给":
            state.report(decision.rows[0], "warning", f"{decision.project} 待供给 at the end of {quarter}")
    check_published_balances(state, quarter)
    return state


def check_published_balances(state: State, quarter: str) -> None:
    """ "期末结存 other than `closing` of its folder's quarter (0 without a row) is an error at the cell;
    while the quarter has other errors, a 提示."
    """
    # READING R22: other errors are those of the quarter's rows that are no such mismatch.
    errors = [p for p in state.problems if p.severity == "error" and p.row.booked == quarter]
    for row in state.live("结存核对", upto=quarter):
        if row.booked == quarter:
            closing = sum(e.amount for e in state.entries if (e.zone, e.factor) == (row["功能区编码"], row["污染因子"]))
            if row["期末结存"] != closing:
                state.report(row, "info" if errors else "error", f"closing is {tonnes(closing)}")


def state_after(folders: Folders, period: str) -> State:
    """Return everything that is known and posted at the end of a quarter."""
    quarterly = sorted(folder for folder in folders if not is_annual(folder))
    # READING R27: the earliest quarterly folder; or the quarter that a workspace declares to be its first.
    first_quarter = quarterly[0] if quarterly else period
    rows = [r for r in read_rows(folders) if r.booked <= period]
    state = State()
    quarter = min([r.booked for r in rows] + [first_quarter, period])
    while quarter <= period:
        mine = [r for r in rows if r.booked == quarter]
        forbidden: set[Any] = set()
        while True:
            after = run_quarter(state, mine, quarter, first_quarter, forbidden)
            more = protected_applications(after, quarter)
            if not more:
                break
            forbidden |= more
        state = after
        quarter = next_quarter(quarter)
    return state


def run(folders: Folders, period: str) -> dict[str, Table]:
    """Return the tables of a quarter: balances, entries, lots, applications, and the problems up to it."""
    state = state_after(folders, period)
    return {
        "balances": balances(state, period),
        "entries": entries_table(state, period),
        "lots": lots_table(state),
        "applications": applications(state, period),
        "problems": problems(state),
    }


# ── §5, the tables ──────────────────────────────────────────────────────────────────────────────────────────


def balances(state: State, period: str) -> Table:
    """ "a row for every zone and factor with any entry ever or a decision waiting. closing = opening +
    deposited + transferred_in + superior_in + recovered − debited − transferred_out − superior_out +
    corrected … 期初结存 stands in its quarter's opening; `corrected` is the net effect of the quarter's
    冲正".
    """
    places = {(e.zone, e.factor) for e in state.entries}
    for decision in state.decisions:
        if decision.state == "待供给":
            zone = construction_project(state, decision.project)["功能区编码"]
            # READING R23: the factors that would be debited; or all factors of the decision.
            places |= {(zone, factor) for factor, line in decision.lines.items() if line.debit}
    table = []
    for zone, factor in sorted(places, key=lambda place: (place[0], factor_place(place[1]))):
        mine = [e for e in state.entries if (e.zone, e.factor) == (zone, factor)]

        def booked(kind: str, entries: list[Entry] = mine) -> int:
            return sum(e.amount for e in entries if e.kind == kind and e.booked == period)

        closing = sum(e.amount for e in mine)
        frozen = sum(e.frozen for e in mine)
        amounts = {
            "opening": sum(e.amount for e in mine if e.booked < period) + booked("opening"),
            "deposited": booked("deposit"),
            "transferred_in": booked("transfer_in"),
            "superior_in": booked("superior_in"),
            "recovered": booked("recovery"),
            "debited": -booked("debit"),
            "transferred_out": -booked("transfer_out"),
            "superior_out": -booked("superior_out"),
            "corrected": booked("correction"),
            "closing": closing,
            "frozen": frozen,
            "available": closing - frozen,
        }
        table.append({"zone": zone, "factor": factor} | {name: tonnes(value) for name, value in amounts.items()})
    return table


def entries_table(state: State, period: str) -> Table:
    return [
        {
            "booked": e.booked,
            "date": e.date.isoformat(),
            "kind": e.kind,
            "zone": e.zone,
            "factor": e.factor,
            "lot": e.lot,
            "amount": tonnes(e.amount),
            "frozen": tonnes(e.frozen),
            "document": e.document,
            "original": e.original,
            "project": e.project,
            "ratio": ratio_text(e.ratio),
            "gross": tonnes(e.gross),
        }
        for e in state.entries
        if e.booked == period
    ]


def lots_table(state: State) -> Table:
    """ "every lot ever … born: births net of their 冲正; moved: transfers in less out, net of theirs; used =
    born + moved − left; left includes frozen".
    """
    table = []
    lots = {(e.lot, e.zone, e.factor) for e in state.entries}
    for lot, zone, factor in sorted(lots, key=lambda name: (name[0], name[1], factor_place(name[2]))):
        first = birth(state, lot, factor)
        mine = [e for e in state.entries if (e.lot, e.zone, e.factor) == (lot, zone, factor)]
        born = net(state, mine, ("opening", "deposit", "superior_in"))
        moved = net(state, mine, ("transfer_in", "transfer_out"))
        left = left_in(state, lot, zone, factor)
        assert first.business
        table.append(
            {
                "lot": lot,
                "zone": zone,
                "factor": factor,
                "origin": origin(state, lot, factor),
                # READING R19: date is the business date, as in the lot's age; or the day of posting.
                "project": first.project,
                "booked": first.booked,
                "date": first.business.isoformat(),
                "born": tonnes(born),
                "moved": tonnes(moved),
                "used": tonnes(born + moved - left),
                "left": tonnes(left),
                "frozen": tonnes(frozen_in(state, lot, zone, factor)),
            }
        )
    return table


def net(state: State, entries: list[Entry], kinds: tuple[str, ...]) -> int:
    """Return the sum of some kinds of entries, net of the 冲正 of their documents."""
    documents = {e.document for e in entries if e.kind in kinds}
    return sum(e.amount for e in entries if e.kind in kinds or (e.kind == "correction" and e.original in documents))


def is_listed(state: State, project: str, period: str) -> bool:
    """True for "every project that is undecided (已冲正 and not decided anew is) or waiting at the quarter's
    end or was applied for, decided, supplied, reversed or recovered in it, or left the queue in it".
    """
    decisions = [d for d in state.decisions if d.project == project]
    if not decisions or decisions[-1].state in ("已冲正", "待供给"):
        return True
    # READING R20: a recovery counts although it is reversed; "reversed" is said of a decision only.
    return (
        any(r.booked == period and r["建设项目编号"] == project for r in state.live("总量申请"))
        or any(period in (d.booked, d.supplied, d.reversed, d.left) for d in decisions)
        or any(r.booked == period and r.project == project for r in state.recoveries)
    )


def applications(state: State, period: str) -> Table:
    """ "a row per factor applied for"."""
    table = []
    for project in sorted({r["建设项目编号"] for r in state.live("总量申请")}):
        if is_listed(state, project, period):
            table += [
                application_row(state, project, factor, row, period)
                for factor, row in application(state, project, period).items()
            ]
    return table


def application_row(state: State, project: str, factor: str, row: Row, period: str) -> dict[str, str]:
    """ "The decision's columns show the last one that is not in error, reversed or not; balance_way and
    permitted only of 同意 (a factor without a row: permitted 0)"; "in a 同意 a row that takes nothing from
    the reserve has debit 0 and no ratio; where nothing is posted or waiting … all three are empty".
    """
    decisions = [d for d in state.decisions if d.project == project]
    last = decisions[-1] if decisions else None
    # READING R12: the route "is taken as known at the end of the quarter in which this application's decision
    # was booked … and not judged again until it is decided anew", so a reversed decision's judgement stays;
    # or, as 已冲正 is "undecided" elsewhere, it is judged as of the quarter reported.
    known = last.booked if last else period
    line = filing_line(factor)
    new = plant_year_new(state, project, factor, known)
    mine = construction_project(state, project)
    consent = last is not None and last.conclusion == "同意"
    decided = last.lines.get(factor) if last else None
    in_force = last is not None and last.state in ("无需扣除", "已扣除", "待供给")
    debit = (decided.debit if decided else 0) if in_force else None
    short = None
    # READING R21: shortfall is empty unless the project waits; or 0.
    if last and last.state == "待供给":
        short = max(decided.debit - free_for(state, last, factor), 0) if decided else 0
    return {
        "project": project,
        "unit": mine["plant"],
        "zone": mine["功能区编码"],
        "factor": factor,
        "applied": tonnes(increase(row)),
        "plant_year_new": tonnes(new),
        "threshold": tonnes(line),
        "margin": "" if line is None else tonnes(line - new),
        "route": route(state, project, known),
        "decision": last.conclusion if last else "",
        "decided": last.date.isoformat() if last else "",
        "document": last.number if last else "",
        "balance_way": decided.way if decided else "",
        "permitted": tonnes((decided.permitted if decided else 0) if consent else None),
        "ratio": ratio_text(decided.ratio) if decided and in_force else "",
        "debit": tonnes(debit),
        "recovered": tonnes(recovered_so_far(state, project, factor)),
        "status": last.state if last else "待核定",
        "shortfall": tonnes(short),
    }


def problems(state: State) -> Table:
    return [
        {
            "folder": p.row.folder,
            "sheet": p.row.sheet,
            "row": str(p.row.index),
            "severity": p.severity,
            "what": p.what,
        }
        for p in state.problems
    ]
