"""Random parks for the tests: what staff might have handed in, dense with what is easy to get wrong.

``park`` returns the folders that ``reference.run`` takes: folder, sheet, rows.  The maker looks at the
reference's state once a quarter, so that most documents fit; inside a quarter it goes by a rough idea of its
own, so that some do not.  The same seed gives the same park.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from . import reference

Row = dict[str, Any]
Folders = dict[str, dict[str, list[Row]]]

FIRST_QUARTER = "2025Q1"
CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SMALL = ("NH3N", "TN", "TP")
LATE_SHARE = 0.12  # of 补报
BEYOND_SHARE = 0.02  # of amounts that exceed what is known to be there
NO_LONGER = "不再建设"


def credit_code(random: Random) -> str:
    """Return a valid code of GB 32100-2015: 17 characters and a check digit of base 31."""
    body = "91320594MA" + "".join(random.choice(CODE_CHARACTERS) for _ in range(7))
    total = sum(CODE_CHARACTERS.index(c) * pow(3, place, 31) for place, c in enumerate(body))
    return body + CODE_CHARACTERS[(31 - total % 31) % 31]


@dataclass
class Reduction:
    """A reduction project as its maker remembers it."""

    number: str
    zone: str
    declared: date
    verified: dict[str, Decimal] = field(default_factory=dict)
    spoken_for: dict[str, Decimal] = field(default_factory=dict)
    passed: dict[str, date] = field(default_factory=dict)
    verdict_days: set[tuple[str, date]] = field(default_factory=set)

    def spare(self, factor: str) -> Decimal:
        return self.verified.get(factor, Decimal(0)) - self.spoken_for.get(factor, Decimal(0))


@dataclass
class Construction:
    """A construction project as its maker remembers it."""

    number: str
    plant: Row
    zone: str
    applied_on: date
    rows: dict[str, Row] = field(default_factory=dict)
    decided: str = ""  # 同意, 不同意, 撤回, "" again after a 冲正
    decided_on: date = date.min
    permitted: dict[str, Decimal] = field(default_factory=dict)
    statuses: dict[date, str] = field(default_factory=dict)

    def increase(self, factor: str) -> Decimal:
        row = self.rows.get(factor)
        return max(row["本项目外排环境量"] - row["以新带老削减量"], Decimal(0)) if row else Decimal(0)

    def last_status(self) -> str:
        return self.statuses[max(self.statuses)] if self.statuses else ""


@dataclass
class Booked:
    """A document that a 冲正 could name."""

    number: str
    day: date
    sheet: str
    project: Construction | None = None


class Maker:
    """Makes one park, quarter by quarter."""

    def __init__(self, seed: int, quarters: int, documents: int, faults: float) -> None:
        self.random = Random(seed)
        self.faults = faults
        self.folders: Folders = {}
        self.state = reference.State()
        self.numbers: set[str] = set()
        self.zones = [f"{letter}0{place}" for place, letter in enumerate("ZQA"[: self.random.randint(2, 3)], 1)]
        pool = ["COD", "NH3N", "TP", "VOCS", "NOX", "PB"]
        self.factors = self.random.sample(pool, self.random.randint(2, 4))
        self.plants: list[Row] = []
        self.old_plants: list[Row] = []
        self.reductions: list[Reduction] = []
        self.constructions: list[Construction] = []
        self.documents: list[Booked] = []
        self.reversed: set[str] = set()
        self.free: dict[tuple[str, str], Decimal] = {}
        self.quarter = FIRST_QUARTER
        self.day = reference.first_day(FIRST_QUARTER)
        self.make(quarters, documents)

    # ── small things ──

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def put(self, sheet: str, row: Row, folder: str = "") -> Row:
        rows = self.folders.setdefault(folder or self.quarter, {}).setdefault(sheet, [])
        rows.append({heading: value for heading, value in row.items() if value is not None or self.chance(0.5)})
        return row

    def amount(self, about: str | Decimal = "1") -> Decimal:
        """Return an amount above 0 around a size, with few or with up to 9 decimals."""
        digits = self.random.choice([1, 1, 2, 3, 9])
        value = Decimal(about) * Decimal(self.random.randint(50, 1500)) / 1000
        return max(round(value + Decimal(self.random.randint(0, 999)) / 10**9, digits), Decimal(1) / 10**digits)

    def size(self, factor: str) -> str:
        return "0.1" if factor in SMALL else "1"

    def part(self, whole: Decimal) -> Decimal:
        """Return a part of an amount: all of it rather often, a little more than it now and then."""
        if self.chance(BEYOND_SHARE):
            return whole + self.random.choice([Decimal("0.000000001"), Decimal("0.1")])
        if self.chance(0.3):
            return whole
        return min(
            max(
                round(whole * self.random.randint(5, 95) / 100, self.random.choice([2, 4, 9])),
                Decimal("0.000000001"),
            ),
            whole,
        )

    def number(self) -> str:
        """Return a new number; their order as text has nothing to do with time."""
        while True:
            number = f"{self.random.choice('ABXZab甲乙')}{self.random.randint(1, 9999)}"
            if number not in self.numbers:
                self.numbers.add(number)
                return number

    def when(self, not_before: date = reference.PLAN_START) -> date | None:
        """Return a business date: the day that is being booked, or one in an earlier quarter (补报)."""
        start = reference.first_day(self.quarter)
        if self.chance(LATE_SHARE):
            earliest = max(not_before, start - timedelta(days=100))
            if earliest < start:
                return earliest + timedelta(days=self.random.randrange((start - earliest).days))
        if self.day >= not_before:
            return self.day
        return not_before if not_before <= reference.last_day(self.quarter) else None

    def some_factors(self) -> list[str]:
        return self.random.sample(self.factors, min(len(self.factors), self.random.choice([1, 1, 2, 3])))

    def plant_cells(self, plant: Row) -> Row:
        return {"统一社会信用代码": plant["统一社会信用代码"], "厂区编号": plant["厂区编号"]}

    # ── registers and annual folders ──

    def make_registers(self) -> None:
        """Stand the zones and most plants in the oldest annual folder, some in the first quarter's."""
        oldest = str(int(FIRST_QUARTER[:4]) - 2)
        for zone in self.zones:
            self.put("功能区", {"功能区编码": zone, "功能区名称": f"{zone}片区"}, oldest)
        for place in range(self.random.randint(2, 4)):
            code = credit_code(self.random)
            for site in [None, "002"] if self.chance(0.4) else [self.random.choice([None, "001"])]:
                plant = {
                    "统一社会信用代码": code,
                    "厂区编号": site,
                    "单位名称": f"样例{place}厂",
                    "功能区编码": self.random.choice(self.zones),
                    "行业代码": self.random.choice([None, "C2614"]),
                }
                self.plants.append(plant)
                new = self.chance(0.2)
                self.put("排污单位", plant, FIRST_QUARTER if new else oldest)
                if not new:
                    self.old_plants.append(plant)

    def make_annual_folder(self, year: int) -> None:
        """Make the annual submissions about a year; their dates run to the end of the next."""
        folder = str(year)
        for medium in ("大气", "水"):
            self.put(
                "环境质量",
                {
                    "年度": year,
                    "要素": medium,
                    "污染因子": None,
                    "功能区编码": None,
                    "考核结果": self.random.choice(["达标", "未达标"]),
                    "发布日期": date(year + 1, 1, 20),
                },
                folder,
            )
            self.assess(year, medium, date(year + 1, self.random.randint(1, 9), 5), folder)
            if self.chance(0.5):
                self.assess(year, medium, date(year + 1, 6, 5), folder)
        for plant in self.old_plants:
            for factor in self.factors:
                if self.chance(0.7):
                    permitted = self.amount(str(Decimal(self.size(factor)) * 2))
                    self.put(
                        "总量复核",
                        {
                            "年度": year,
                            **self.plant_cells(plant),
                            "污染因子": factor,
                            "口径": None,
                            "核定许可排放量": permitted if self.chance(0.95) else None,
                            "核定实际排放量": round(permitted * self.random.choice([10, 30, 60, 79, 80, 90]) / 100, 9),
                            "复核人": "复核",
                            "复核日期": date(year + 1, self.random.randint(1, 12), 8),
                        },
                        folder,
                    )
        if self.chance(0.5) and self.old_plants and year >= int(FIRST_QUARTER[:4]) - 1:
            plant = self.random.choice(self.old_plants)
            self.put("排污单位", plant | {"单位名称": plant["单位名称"] + "（新）"}, folder)

    def assess(self, year: int, medium: str, day: date | None, folder: str = "") -> None:
        factors = [f for f in self.factors if f in (reference.AIR if medium == "大气" else reference.WATER)]
        key = (
            year,
            medium,
            self.random.choice([None, None, *factors]),
            self.random.choice([None, None, *self.zones]),
            day,
        )
        for rows in self.folders.values():
            for row in rows.get("环境质量", []):
                if key == tuple(row.get(h) for h in ("年度", "要素", "污染因子", "功能区编码", "发布日期")):
                    return
        self.put(
            "环境质量",
            {
                "年度": year,
                "要素": medium,
                "污染因子": key[2],
                "功能区编码": key[3],
                "考核结果": self.random.choice(["达标", "未达标"]),
                "发布日期": day,
            },
            folder,
        )

    def assess_now(self) -> None:
        medium = self.random.choice(["大气", "水"])
        day = None if self.chance(0.2) else self.when()
        self.assess(self.day.year - self.random.choice([1, 1, 2]), medium, day)

    def rename(self) -> None:
        """Hand in a register's row again: as it was, or with another name."""
        if self.chance(0.5):
            plant = self.random.choice(self.plants)
            if not self.same_in_quarter("排污单位", self.plant_cells(plant)):
                name = plant["单位名称"] + self.random.choice(["", "二"])
                self.put("排污单位", plant | {"单位名称": name})
        elif self.constructions:
            project = self.random.choice(self.constructions)
            if not self.same_in_quarter("建设项目", {"建设项目编号": project.number}):
                self.put("建设项目", self.construction_row(project) | {"建设项目名称": f"{project.number}改名"})

    def same_in_quarter(self, sheet: str, cells: Row) -> bool:
        rows = self.folders.get(self.quarter, {}).get(sheet, [])
        return any(all(row.get(h) == v for h, v in cells.items()) for row in rows)

    # ── reductions and the reserve ──

    def opening(self) -> None:
        for _ in range(self.random.randint(2, 4)):
            number = self.number()
            places = {(self.random.choice(self.zones), f) for f in self.some_factors()}
            for zone, factor in sorted(places):
                amount = self.amount(Decimal(self.size(factor)) * 2)
                self.put(
                    "期初结存",
                    {"单号": number, "功能区编码": zone, "污染因子": factor, "数量": amount, "依据": "-"},
                )
                self.gain(zone, factor, amount)
            self.documents.append(Booked(number, self.day, "期初结存"))

    def gain(self, zone: str, factor: str, amount: Decimal) -> None:
        self.free[zone, factor] = self.free.get((zone, factor), Decimal(0)) + amount

    def declare(self) -> None:
        plant = self.random.choice(self.plants)
        zone = self.random.choice(self.zones) if self.chance(0.1) else plant["功能区编码"]
        day = self.when()
        assert day
        project = Reduction(f"JP{len(self.reductions) * 37 % 100:02d}", zone, day)
        closure = self.chance(0.2)
        self.put(
            "减排项目",
            {
                "项目编号": project.number,
                "项目名称": "样例减排",
                **self.plant_cells(plant),
                "功能区编码": zone,
                "减排工程类型": "产业结构升级" if closure else "深度治理",
                "建设地点": "园区",
                "开工时间": date(2023, 1, 5),
                "竣工时间": date(2023, 6, 1),
                "验收时间": self.random.choice([None, date(2023, 7, 1)]),
                "关停时间": date(2023, 5, 31) if closure else None,
                "申报日期": day,
            },
        )
        for factor in self.some_factors():
            project.verified[factor] = Decimal(0)
            self.put(
                "减排量",
                {
                    "项目编号": project.number,
                    "污染因子": factor,
                    "申报减排量": self.amount(self.size(factor)),
                    "核算方法": "文件核定",
                },
            )
        self.reductions.append(project)
        for _ in range(2):
            self.judge(project)

    def judge(self, project: Reduction | None = None) -> None:
        """Make a verdict: the first, or one that raises or lowers what was verified."""
        if not self.reductions:
            return self.declare()
        project = project or self.random.choice(self.reductions)
        factor = self.random.choice(sorted(project.verified))
        day = self.when(project.declared)
        if day is None or (factor, day) in project.verdict_days:
            return None
        project.verdict_days.add((factor, day))
        passes = self.chance(0.9)
        floor = project.spoken_for.get(factor, Decimal(0))
        amount = self.amount(Decimal(self.size(factor)) * 3)
        if amount < floor and self.chance(0.8):
            amount = floor + self.random.choice([Decimal(0), Decimal("0.000000001"), Decimal("0.2")])
        self.put(
            "入库审核",
            {
                "项目编号": project.number,
                "污染因子": factor,
                "审核结论": "通过" if passes else "不通过",
                "核定减排量": amount if passes else None,
                "原因": None if passes else "材料不全",
                "审核人": "审核",
                "审核日期": day,
            },
        )
        if passes:
            project.passed[factor] = min(day, project.passed.get(factor, day))
        if (amount if passes else 0) >= floor:
            project.verified[factor] = amount if passes else Decimal(0)
        return None

    def from_reduction(self, sheet: str, amount_heading: str, day_heading: str, more: Row) -> None:
        """Make an occupation or a deposit: both speak for part of what was verified."""
        able = [(p, f) for p in self.reductions for f in sorted(p.passed) if p.spare(f) > 0]
        if not able:
            return self.judge()
        project = self.random.choice(able)[0]
        factors = [f for p, f in able if p is project]
        factors = self.random.sample(factors, self.random.randint(1, len(factors)))
        day = self.when(max(project.passed[f] for f in factors))
        if day is None:
            return None
        number = self.number()
        for factor in factors:
            amount = self.part(project.spare(factor))
            self.put(
                sheet,
                {
                    "单号": number,
                    "项目编号": project.number,
                    "污染因子": factor,
                    amount_heading: amount,
                    day_heading: day,
                    **more,
                },
            )
            if amount <= project.spare(factor):
                project.spoken_for[factor] = project.spoken_for.get(factor, Decimal(0)) + amount
                if sheet == "指标储备":
                    self.gain(project.zone, factor, amount)
        self.documents.append(Booked(number, day, sheet))
        return None

    def deposit(self) -> None:
        self.from_reduction("指标储备", "储备量", "储备日期", {})

    def occupy(self) -> None:
        use = {"用途": "约束性减排", "依据": "-"}
        if self.constructions and self.chance(0.3):
            use = {
                "用途": "以新带老",
                "建设项目编号": self.random.choice(self.constructions).number,
                "依据": "-",
            }
        self.from_reduction("减排量占用", "数量", "日期", use)

    def transfer(self) -> None:
        """Move an amount between zones; often one comes straight back."""
        if self.chance(0.01):
            zone = other = self.random.choice(self.zones)
        else:
            zone, other = self.random.sample(self.zones, 2)
        factors = [f for f in self.some_factors() if self.free.get((zone, f), 0) > 0]
        day = self.when()
        if not factors or day is None:
            return
        number = self.number()
        for factor in factors:
            most = self.free[zone, factor]
            amount = self.part(most if self.chance(0.3) else round(most / 2, 9) or most)
            self.put(
                "功能区调剂",
                {
                    "单号": number,
                    "日期": day,
                    "调出功能区": zone,
                    "调入功能区": other,
                    "污染因子": factor,
                    "数量": amount,
                    "文号": "调〔1〕",
                },
            )
            if amount <= self.free[zone, factor]:
                self.gain(zone, factor, -amount)
                self.gain(other, factor, amount)
        self.documents.append(Booked(number, day, "功能区调剂"))

    def superior(self) -> None:
        """Make a movement of the superior reserve, in one of its four directions."""
        way = self.random.choice(["申请使用", "纳入上级", "纳入上级", "上级使用", "退出上级"])
        number, day = self.number(), self.when()
        head = {"单号": number, "日期": day, "方向": way, "文号": "上〔1〕"}
        if way == "申请使用":
            zone = self.random.choice(self.zones)
            for factor in self.some_factors():
                amount = self.amount(self.size(factor))
                self.put("上级储备", {**head, "功能区编码": zone, "污染因子": factor, "数量": amount})
                self.gain(zone, factor, amount)
        else:
            lots = self.lots_for(way)
            if not lots:
                return self.deposit()
            zone = self.random.choice(lots)[1]
            chosen = [lot for lot in lots if lot[1] == zone]
            for lot, _zone, factor, amount in self.random.sample(chosen, min(len(chosen), self.random.choice([1, 2]))):
                self.put(
                    "上级储备",
                    {
                        **head,
                        "功能区编码": zone,
                        "污染因子": factor,
                        "数量": self.part(amount if self.chance(0.3) else round(amount / 3, 9) or amount),
                        "批次": lot,
                    },
                )
                self.gain(zone, factor, {"纳入上级": -1, "退出上级": 1, "上级使用": 0}[way] * amount)
        self.documents.append(Booked(number, day, "上级储备"))
        return None

    def lots_for(self, way: str) -> list[tuple[str, str, str, Decimal]]:
        """Return the lots that had something free (or frozen) when the quarter began."""
        found = []
        for lot, zone, factor in sorted({(e.lot, e.zone, e.factor) for e in self.state.entries}):
            deposited = reference.origin(self.state, lot, factor) == "指标储备"
            of = reference.free_in if way in ("纳入上级", "free") else reference.frozen_in
            amount = of(self.state, lot, zone, factor)
            if amount > 0 and (way != "纳入上级" or deposited or self.chance(0.02)):
                found.append((lot, zone, factor, Decimal(amount) / reference.MG_PER_T))
        return found

    # ── construction projects ──

    def construction_row(self, project: Construction) -> Row:
        return {
            "建设项目编号": project.number,
            "建设项目名称": project.number,
            **self.plant_cells(project.plant),
            "功能区编码": project.zone,
            "建设地点": "园区",
            "申请日期": project.applied_on,
        }

    def apply(self) -> None:
        """Make an application; few plants make many, so that the year's increments add up."""
        plant = self.random.choice(self.plants)
        zone = self.random.choice(self.zones) if self.chance(0.15) else plant["功能区编码"]
        day = self.when()
        assert day
        project = Construction(f"K{(len(self.constructions) * 61 + 7) % 997:03d}", plant, zone, day)
        self.constructions.append(project)
        self.put("建设项目", self.construction_row(project))
        for factor in self.some_factors():
            self.apply_for(project, factor)
        if self.chance(0.3):
            self.change_status(project)

    def apply_for(self, project: Construction, factor: str) -> None:
        line = Decimal(self.size(factor))
        own = self.random.choice([line, line / 2, line / 5, self.amount(line / 2), self.amount(line / 5)])
        offset = self.random.choice([Decimal(0)] * 4 + [round(own / 4, 9), own, own + line])
        existing = self.amount(line * 5) + line
        building = self.random.choice([None, Decimal(0), self.amount(line)])
        row = {
            "建设项目编号": project.number,
            "污染因子": factor,
            "现有外排环境量": existing,
            "在建外排环境量": building,
            "本项目外排环境量": own,
            "以新带老削减量": offset,
            "全厂外排环境量": existing + (building or 0) + own - offset,
        }
        project.rows[factor] = self.put("总量申请", row)

    def apply_again(self) -> None:
        """Replace or extend an application; now and then one on which a 同意 stands."""
        careless = self.chance(0.1)
        able = [p for p in self.constructions if p.decided != "同意" or careless]
        if not able:
            return self.apply()
        project = self.random.choice(able)
        for factor in self.some_factors():
            if not self.same_in_quarter("总量申请", {"建设项目编号": project.number, "污染因子": factor}):
                self.apply_for(project, factor)
        return None

    def year_new(self, project: Construction, factor: str) -> Decimal:
        """Return the maker's idea of plant_year_new."""
        total = project.increase(factor)
        for other in self.constructions:
            earlier = (other.applied_on, other.number) < (project.applied_on, project.number)
            if other.plant is project.plant and other.applied_on.year == project.applied_on.year and earlier:
                if other.decided == "同意":
                    total += other.permitted.get(factor, Decimal(0))
                elif not other.decided:
                    total += other.increase(factor)
        return total

    def route(self, project: Construction) -> str:
        for factor in project.rows:
            line = reference.FILING_LINE_T.get(factor)
            if project.increase(factor) and (line is None or self.year_new(project, factor) > Decimal(line)):
                return "审核"
        return "备案"

    def decide(self) -> None:
        """Decide one project, or two under one 文号."""
        careless = self.chance(0.02)
        able = [p for p in self.constructions if p.decided != "同意" or careless]
        able = [p for p in able if p.last_status() != NO_LONGER or self.chance(0.05)]
        if not able:
            return self.apply()
        projects = self.random.sample(able, min(len(able), 2 if self.chance(0.15) else 1))
        number, day = self.number(), self.when(max(p.applied_on for p in projects))
        if day is None:
            return None
        for project in projects:
            self.decide_one(project, number, day)
            self.documents.append(Booked(number, day, "总量核定", project))
        return None

    def decide_one(self, project: Construction, number: str, day: date) -> None:
        verdict = self.random.choices(["同意", "不同意", "撤回"], [80, 12, 8])[0]
        way = self.route(project)
        if way == "备案" and self.chance(0.1):
            way = "审核"
        project.permitted = {}
        for factor in project.rows:
            if project.increase(factor) == 0 and self.chance(0.5):
                continue
            self.put(
                "总量核定",
                {
                    "建设项目编号": project.number,
                    "污染因子": factor,
                    "确认方式": way,
                    "结论": verdict,
                    **(self.permit(project, factor) if verdict == "同意" else {}),
                    "审核人": "审核",
                    "核定日期": day,
                    "文号": number,
                },
            )
        if not any(project.increase(f) for f in project.rows) and not self.same_in_quarter(
            "总量核定", {"文号": number}
        ):
            factor = next(iter(project.rows))
            self.put(
                "总量核定",
                {
                    "建设项目编号": project.number,
                    "污染因子": factor,
                    "确认方式": way,
                    "结论": verdict,
                    "核定新增外排环境量": Decimal(0),
                    "核定日期": day,
                    "文号": number,
                },
            )
        project.decided, project.decided_on = verdict, day

    def permit(self, project: Construction, factor: str) -> Row:
        """Return the cells of a 同意: as applied, less, now and then more, or not from the reserve."""
        row, asked = project.rows[factor], project.increase(factor)
        permitted = asked
        cells: Row = {}
        if self.chance(0.3):
            permitted = self.random.choice([round(asked * 3 / 4, 9), round(asked / 2, 1), asked + Decimal("0.01")])
            cells = {
                "核定本项目外排环境量": permitted + row["以新带老削减量"],
                "全厂核定外排环境量": row["现有外排环境量"] + (row["在建外排环境量"] or 0) + permitted,
            }
        if self.chance(0.08):
            cells |= {"平衡途径": self.random.choice(["豁免", "污水处理厂内平衡"]), "审核意见": "另行平衡"}
        elif self.chance(0.2):
            lots = [lot for lot in self.lots_for("free") if lot[2] == factor]
            here = [lot for lot in lots if lot[1] == project.zone]
            if lots:
                cells |= {"平衡途径": "园区储备库", "指定批次": self.random.choice(here or lots)[0]}
        if not cells.get("审核意见"):
            self.gain(project.zone, factor, -round(permitted * 3 / 2, 9))
        project.permitted[factor] = permitted
        return {"核定新增外排环境量": permitted, **cells}

    def change_status(self, project: Construction | None = None) -> None:
        if not self.constructions:
            return
        project = project or self.random.choice(self.constructions)
        word = self.random.choice(["在建", "正式运行", "正式运行", "正式运行", "调试", "未开工"])
        if self.chance(0.3 if project.decided == "同意" else 0.05):
            word = NO_LONGER
        day = self.when()
        if word == "正式运行" and self.chance(0.6):
            day = self.random.choice([date(2023, 12, 15), date(2024, 1, 1), date(2022, 6, 1), date(2024, 1, 2)])
        if day is None or day in project.statuses:
            return
        project.statuses[day] = word
        self.put("项目状态", {"建设项目编号": project.number, "状态": word, "状态日期": day})

    def recover(self) -> None:
        debited = {
            d.project: {f: Decimal(line.permitted) / reference.MG_PER_T for f, line in d.lines.items() if line.debit}
            for d in self.state.decisions
            if d.state == "已扣除"
        }
        able = [
            p
            for p in self.constructions
            if (p.number in debited and p.decided == "同意")
            or (p.decided == "同意" and any(p.permitted.values()) and self.chance(0.03))
        ]
        if not able:
            return self.decide()
        project = self.random.choice(able)
        day = self.when(project.decided_on)
        reason = self.random.choice(["其他", "富余", "富余"])
        if project.last_status() == NO_LONGER or self.chance(0.05):
            reason = self.random.choice([NO_LONGER, NO_LONGER, "其他"])
            day = day and max(day, min((d for d, s in project.statuses.items() if s == NO_LONGER), default=day))
        elif "正式运行" not in project.statuses.values() and self.chance(0.95):
            reason = "其他"
        if day is None:
            return None
        number, left = self.number(), False
        for factor, permitted in debited.get(project.number, project.permitted).items():
            rest = permitted - Decimal(reference.recovered_so_far(self.state, project.number, factor)) / 10**9
            if rest > 0 and (not left or self.chance(0.5)):
                left = True
                amount = self.part(rest) if reason == NO_LONGER else self.part(round(rest / 3, 9) or rest)
                self.put(
                    "指标回收",
                    {
                        "单号": number,
                        "建设项目编号": project.number,
                        "污染因子": factor,
                        "回收原因": reason,
                        "回收量": amount,
                        "回收日期": day,
                        "依据": "-",
                    },
                )
                self.gain(project.zone, factor, amount)
        if left:
            self.documents.append(Booked(number, day, "指标回收"))
        return None

    def correct(self) -> None:
        """Reverse a document: mostly a recent one, and often several on one day."""
        for _ in range(self.random.choice([1, 1, 2, 3])):
            careless = self.chance(0.03)
            able = [d for d in self.documents if d.number not in self.reversed or careless]
            if not able:
                return
            document = self.random.choice(able[-6:] if self.chance(0.7) else able)
            day = self.day
            if self.chance(0.1):
                day = self.when(reference.first_day(self.quarter)) or day
            if self.chance(0.07):
                day = max(reference.first_day(self.quarter), day - timedelta(days=self.random.randint(1, 30)))
            self.put(
                "冲正",
                {"单号": self.number(), "原单号": document.number, "日期": day, "原因": "-", "依据": "-"},
            )
            self.reversed.add(document.number)
            for one in [d for d in self.documents if d.number == document.number]:
                if one.project:
                    one.project.decided = ""

    # ── faults ──

    def spoil(self) -> None:
        """Give some of the quarter's rows a mistake."""
        for sheet, rows in list(self.folders[self.quarter].items()):
            for row in list(rows):
                if sheet in reference.SHEETS and self.chance(self.faults):
                    self.random.choice(FAULTS)(self, sheet, row)

    def again(self, sheet: str, row: Row) -> None:
        """The same content again, in this folder."""
        self.put(sheet, dict(row))

    def again_from_earlier(self, sheet: str, row: Row) -> None:
        """A row of an earlier folder again, as it was or with another content."""
        earlier = [f for f in self.folders if f < self.quarter and self.folders[f].get(sheet) and "Q" in f]
        if earlier and sheet != "期初结存":
            old = dict(self.random.choice(self.folders[self.random.choice(earlier)][sheet]))
            self.put(sheet, old if self.chance(0.5) else self.changed(sheet, old))

    def changed(self, sheet: str, row: Row) -> Row:
        """Return the row with other content under the same key."""
        for heading in reversed(list(row)):
            value = row[heading]
            if heading in reference.AMOUNT_HEADINGS and value is not None:
                return row | {heading: value + Decimal("0.01")}
        for heading in ("依据", "功能区名称", "单位名称", "建设项目名称", "项目名称", "状态", "考核结果"):
            if heading in row:
                return row | {heading: {"状态": "调试", "考核结果": "达标"}.get(heading, "另一内容")}
        return row

    def same_key(self, sheet: str, row: Row) -> None:
        self.put(sheet, self.changed(sheet, dict(row)))

    def unknown_name(self, sheet: str, row: Row) -> None:
        for heading in ("原单号", "批次", "指定批次", "功能区编码", "调入功能区", "建设项目编号", "项目编号"):
            if row.get(heading) is not None and self.chance(0.6):
                row[heading] = "不存在"
                return

    def wrong_date(self, sheet: str, row: Row) -> None:
        heading = reference.SHEETS[sheet].date
        if row.get(heading) is not None:
            late = reference.last_day(self.quarter) + timedelta(days=1)
            row[heading] = self.random.choice([late, date(2020, 12, 31), date(2021, 1, 1)])

    def borrowed_number(self, sheet: str, row: Row) -> None:
        heading = reference.SHEETS[sheet].number
        if heading and self.documents:
            row[heading] = self.random.choice(self.documents).number

    def disagreement(self, sheet: str, row: Row) -> None:
        """Another date in one row of a document of several."""
        number, heading = reference.SHEETS[sheet].number, reference.SHEETS[sheet].date
        if number and heading:
            rows = [r for r in self.folders[self.quarter][sheet] if r.get(number) == row.get(number)]
            if len(rows) > 1 and row.get(heading):
                row[heading] += timedelta(days=-1)

    def broken_identity(self, sheet: str, row: Row) -> None:
        if row.get("全厂外排环境量"):
            row["全厂外排环境量"] += Decimal("0.000000001")
        elif row.get("全厂核定外排环境量"):
            row["全厂核定外排环境量"] += Decimal("0.000000001")

    def filed(self, sheet: str, row: Row) -> None:
        """备案 where 审核 may be due."""
        for other in self.folders[self.quarter].get("总量核定", []):
            if other["文号"] == row.get("文号") and other["建设项目编号"] == row.get("建设项目编号"):
                other["确认方式"] = "备案"

    def missing_row(self, sheet: str, row: Row) -> None:
        if sheet in ("总量核定", "入库审核", "总量申请"):
            self.folders[self.quarter][sheet].remove(row)

    def blank(self, sheet: str, row: Row) -> None:
        headings = [h for h in reference.SHEETS[sheet].required.split() if h not in ("文号", "单号")]
        row[self.random.choice(headings)] = None

    def zero(self, sheet: str, row: Row) -> None:
        if sheet in reference.DOCUMENT_AMOUNT:
            row[reference.DOCUMENT_AMOUNT[sheet]] = Decimal(0)

    def no_ground(self, sheet: str, row: Row) -> None:
        if sheet == "总量核定":
            row |= {"平衡途径": "豁免", "审核意见": None}

    # ── the whole ──

    def look(self) -> None:
        """Take the reference's state at the quarter's end; forget what was rough."""
        self.state = reference.state_after(self.folders, self.quarter)
        for zone in self.zones:
            for factor in self.factors:
                free = reference.free_in_zone(self.state, zone, factor)
                self.free[zone, factor] = Decimal(free) / reference.MG_PER_T
        for reduction in self.reductions:
            for factor in reduction.verified:
                verified = reference.verified(self.state, reduction.number, factor)
                spoken = reference.spoken_for(self.state, reduction.number, factor)
                reduction.verified[factor] = Decimal(verified) / reference.MG_PER_T
                reduction.spoken_for[factor] = Decimal(spoken) / reference.MG_PER_T
        for project in self.constructions:
            decisions = [d for d in self.state.decisions if d.project == project.number]
            if not decisions or decisions[-1].reversed:
                project.decided = ""
            else:
                project.decided = decisions[-1].conclusion

    def publish_balances(self) -> None:
        for row in reference.balances(self.state, self.quarter):
            if self.chance(0.4):
                wrong = Decimal("0.001") if self.chance(0.03) else Decimal(0)
                self.put(
                    "结存核对",
                    {
                        "功能区编码": row["zone"],
                        "污染因子": row["factor"],
                        "期末结存": abs(Decimal(row["closing"]) + wrong),
                    },
                )

    def make_quarter(self, documents: int) -> None:
        start, end = reference.first_day(self.quarter), reference.last_day(self.quarter)
        if self.quarter.endswith("Q1"):
            self.make_annual_folder(start.year - 1)
        busy = [start + timedelta(days=self.random.randrange((end - start).days)) for _ in range(4)]
        busy = sorted([*busy, self.random.choice([start, end])])
        if self.quarter == FIRST_QUARTER:
            self.day = start
            self.opening()
            for _ in range(2):
                self.declare()
        actions, weights = zip(*ACTIONS, strict=True)
        for place in range(documents):
            self.day = busy[place * len(busy) // documents]
            self.random.choices(actions, weights)[0](self)
        self.spoil()
        self.look()
        self.publish_balances()
        for rows in self.folders[self.quarter].values():
            self.random.shuffle(rows)

    def make(self, quarters: int, documents: int) -> None:
        self.make_registers()
        self.make_annual_folder(int(FIRST_QUARTER[:4]) - 2)
        for place in range(quarters):
            done = len(self.documents)
            share = max(1, (documents - done) // (quarters - place))
            self.folders.setdefault(self.quarter, {})
            self.make_quarter(share)
            self.quarter = reference.next_quarter(self.quarter)


ACTIONS: list[tuple[Callable[[Maker], None], int]] = [
    (Maker.declare, 3),
    (Maker.judge, 5),
    (Maker.deposit, 8),
    (Maker.occupy, 3),
    (Maker.transfer, 8),
    (Maker.superior, 8),
    (Maker.apply, 8),
    (Maker.apply_again, 3),
    (Maker.decide, 14),
    (Maker.change_status, 4),
    (Maker.recover, 8),
    (Maker.correct, 5),
    (Maker.assess_now, 2),
    (Maker.rename, 1),
]
FAULTS: list[Callable[[Maker, str, Row], None]] = [
    Maker.again,
    Maker.again_from_earlier,
    Maker.same_key,
    Maker.unknown_name,
    Maker.wrong_date,
    Maker.borrowed_number,
    Maker.disagreement,
    Maker.broken_identity,
    Maker.filed,
    Maker.missing_row,
    Maker.blank,
    Maker.zero,
    Maker.no_ground,
]


def park(seed: int, quarters: int, documents: int, faults: float = 0.0) -> Folders:
    """Return the folders of a random park.

    Shape about ``documents`` documents over ``quarters`` quarters from 2025Q1 on, and the annual folders.
    ``faults`` is the share of rows with a mistake of their own. Without any, about one document in twenty
    still does not fit what the ledger has.
    """
    return Maker(seed, quarters, documents, faults).folders
