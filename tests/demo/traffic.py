"""The ordinary business of a quarter: plants reduce, are reviewed and reserved; plants apply and build."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from .papers_building import Building, apply, decide, state
from .papers_reduction import declare, deposit, list_project, occupy, review
from .park import Amounts, Park, first_day, following, tonnes, working_day
from .register import AIR, DECIMALS, FACTORS, METALS, WATER, Plant

QUIET = {  # kept for the stories, so that what they show can be followed by hand
    "XK": {"PM", "SO2", "NOX"} | set(METALS),
    "WB": {"PM", "SO2", "NOX"} | set(METALS),
    "HD": set(METALS),
    "XT": {"PB", "CD"},
    "HX": {"HG", "AS"},
}
SCARCE = {("XT", "NOX"), ("XT", "COD"), ("WB", "VOCS")}  # few reductions

WORKS = (  # type, name, factors, the least and the most that it takes off
    ("产业结构升级", "生产线关停", FACTORS, 25, 60),
    ("产业结构升级", "高耗能工序淘汰", AIR, 20, 50),
    ("工艺改进", "水性涂料替代油性涂料", ("VOCS",), 15, 45),
    ("工艺改进", "燃气炉窑改电加热", ("NOX", "SO2", "PM"), 20, 50),
    ("深度治理", "有机废气改蓄热燃烧", ("VOCS",), 15, 40),
    ("深度治理", "集气罩改密闭负压收集", ("VOCS",), 8, 25),
    ("深度治理", "除尘设施更新", ("PM",), 15, 40),
    ("深度治理", "锅炉低氮与脱硝改造", ("NOX", "SO2"), 15, 40),
    ("深度治理", "污水站提标改造", WATER, 10, 30),
    ("深度治理", "废水重金属深度处理", METALS, 15, 40),
    ("其他", "职工食堂油烟净化提升", ("PM", "VOCS"), 3, 8),
    ("其他", "厂内老旧运输车辆淘汰", ("NOX",), 3, 10),
    ("其他", "油品储存油气回收", ("VOCS",), 3, 10),
)
BUILDS = ("产线扩建项目", "技术改造项目", "新建厂房及配套项目", "研发中试线项目", "自动化升级项目")
PRODUCTS = {
    "半导体": "万片晶圆",
    "食品饮料": "万箱饮品",
    "生物医药": "万盒制剂",
    "热能供应": "万吨蒸汽",
    "树脂涂料": "吨涂料",
}
REASONS = ("减排前基数与环境统计不一致", "未办理排污许可变更", "核算依据不足，请补充监测报告")


@dataclass
class Traffic:
    """What ordinary business is under way from one quarter to the next."""

    park: Park
    plants: list[Plant]
    to_review: list[tuple[str, Plant, Amounts]] = field(default_factory=list)
    to_reserve: list[tuple[str, Amounts]] = field(default_factory=list)
    to_decide: list[Building] = field(default_factory=list)
    built: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def quarter(self, quarter: str) -> None:
        """Let one quarter's ordinary business happen."""
        self.reductions(quarter, self.park.draw("reductions", quarter))
        self.applications(quarter, self.park.draw("applications", quarter))

    def reductions(self, quarter: str, chance: Random) -> None:
        """Declare, review, occupy and reserve."""
        for _ in range(chance.randrange(10, 15)):
            self.declare_one(quarter, chance)
        plant = chance.choice(self.plants)  # one that is listed and declares later, or never
        day = working_day(quarter, chance.randrange(5, 60))
        list_project(
            self.park,
            self.park.number("JP", day),
            plant,
            "挥发性有机物治理提升",
            day,
            chance.choice(("功能区", "生态环境局", "经发委")),
        )
        waiting, self.to_review = self.to_review, []
        for project, plant, amounts in waiting:
            if chance.random() < 0.12:
                self.to_review.append((project, plant, amounts))
            else:
                self.review_one(quarter, chance, project, plant, amounts)
        ready, self.to_reserve = self.to_reserve, []
        day = working_day(quarter, 83)
        for project, amounts in ready:
            if chance.random() < 0.1:
                self.to_reserve.append((project, amounts))
            elif chance.random() < 0.08 and following(quarter):
                deposit(self.park, project, amounts, day, folder=following(quarter) or "")
            else:
                deposit(self.park, project, amounts, day)

    def declare_one(self, quarter: str, chance: Random) -> None:
        """Let one plant declare a reduction that it finished some months ago."""
        while True:
            plant = chance.choice([p for p in self.plants if p.since <= quarter])
            kind, name, factors, low, high = chance.choice(WORKS)
            fit = [
                f
                for f in open_factors(plant)
                if f in factors and ((plant.zone, f) not in SCARCE or chance.random() < 0.15)
            ]
            if fit and (plant.code, name, 0) not in self.built:
                break
        self.built[plant.code, name, 0] = 1
        day = working_day(quarter, chance.randrange(12, 52))
        share = Decimal(chance.randrange(low, high)) / 100
        amounts = {
            f: (plant.permitted[f] * share * Decimal("0.55")).quantize(Decimal(1).scaleb(-DECIMALS[f])) for f in fit
        }
        amounts = {f: amount.normalize() + 0 for f, amount in amounts.items() if amount}
        if not amounts:
            return
        lacking = (chance.choice(("资金证明", "环评审批", "排污许可证")),) if chance.random() < 0.12 else ()
        project = declare(
            self.park,
            plant,
            kind,
            plant.name[2:4] + name,
            amounts,
            day,
            lacking=lacking,
            done=max(day - timedelta(days=chance.randrange(20, 150)), date(2022, 7, 1)),
        )
        self.to_review.append((project, plant, amounts))

    def review_one(self, quarter: str, chance: Random, project: str, plant: Plant, amounts: Amounts) -> None:
        """Pass most projects, some with less than declared; keep a part of some for other uses."""
        day = working_day(quarter, chance.randrange(66, 76))
        if chance.random() < 0.07:
            review(self.park, project, dict.fromkeys(amounts, chance.choice(REASONS)), day)
            return
        less = Decimal(chance.choice(("1", "1", "1", "1", "0.9", "0.85")))
        passed = {f: (amount * less).quantize(amount) for f, amount in amounts.items()}
        passed = {f: amount if amount else amounts[f] for f, amount in passed.items()}
        review(self.park, project, passed, day)
        kept: Amounts = {}
        if chance.random() < 0.3:
            use, ground = chance.choice(
                (
                    ("约束性减排", "年度重点工程减排任务"),
                    ("排污权出让", "排污权交易鉴证书"),
                    ("其他", "不符合收储条件部分"),
                )
            )
            kept = {
                f: (amount * Decimal(chance.choice(("0.2", "0.5", "1")))).quantize(amount)
                for f, amount in passed.items()
            }
            kept = {f: amount for f, amount in kept.items() if amount}
            if kept:
                occupy(self.park, project, kept, use, day + timedelta(days=2), ground)
        left = {f: amount - kept.get(f, 0) for f, amount in passed.items() if amount > kept.get(f, 0)}
        if left:
            self.to_reserve.append((project, left))

    def applications(self, quarter: str, chance: Random) -> None:
        """Decide what lies there, and take in the quarter's applications."""
        days = [working_day(quarter, offset) for offset in (14, 37, 58, 80)]
        waiting = self.to_decide + [self.apply_one(quarter, chance) for _ in range(chance.randrange(10, 15))]
        self.to_decide = []
        last: tuple[date, str] | None = None
        for building in sorted(waiting, key=lambda b: (b.day, b.project)):
            day = next((day for day in days if (day - building.day).days > 18), None)
            if not day or chance.random() < 0.04:
                self.to_decide.append(building)
                continue
            if not last or last[0] != day or chance.random() < 0.55:
                last = day, ""
            last = day, self.decide_one(quarter, chance, building, day, last[1])

    def decide_one(self, quarter: str, chance: Random, building: Building, day: date, number: str) -> str:
        """Decide one application, now and then against it or for less, and let it be built."""
        fate = chance.random()
        if fate < 0.05:
            return decide(self.park, building, "不同意" if fate < 0.03 else "撤回", day)
        amounts = None
        if fate < 0.12:
            factor = chance.choice(list(building.asked))
            less = (building.increase(factor) * Decimal("0.8")).quantize(building.asked[factor]["own"])
            amounts = {factor: less} if less else None
        folder = following(quarter) if day == working_day(quarter, 80) and fate > 0.94 else None
        number = decide(
            self.park,
            building,
            "同意",
            day,
            amounts=amounts,
            full=chance.random() < 0.3,
            number="" if folder else number,
            folder=folder or "",
        )
        ahead = day
        for word in ("在建", "调试", "正式运行"):
            ahead += timedelta(days=chance.randrange(70, 200))
            if ahead > date(2025, 12, 31) or chance.random() < 0.04:
                break
            if not folder or ahead >= first_day(folder):
                state(self.park, building, word, ahead)
        return "" if folder else number

    def apply_one(self, quarter: str, chance: Random) -> Building:
        """Let a plant that has not built this year apply."""
        while True:
            plant = chance.choice([p for p in self.plants if p.since <= quarter])
            if (plant.code, plant.site, int(quarter[:4])) not in self.built:
                break
        self.built[plant.code, plant.site, int(quarter[:4])] = 1
        day = working_day(quarter, chance.randrange(3, 78))
        own = new_amounts(plant, chance)
        replaced = {}
        if chance.random() < 0.25:
            factor = chance.choice(list(own))
            most = min(own[factor] * chance.choice((1, 1, 2)), plant.permitted.get(factor, Decimal(0)))
            replaced = {factor: most.quantize(own[factor])} if most >= own[factor] else {}
        name = f"年产{chance.randrange(2, 90)}{PRODUCTS.get(plant.industry, '万件部件')}{chance.choice(BUILDS)}"
        return apply(self.park, plant, name, own, day, replaced=replaced)


def open_factors(plant: Plant) -> list[str]:
    """Return the factors in which ordinary business moves at a plant."""
    return [factor for factor in plant.permitted if factor not in QUIET.get(plant.zone, ())]


def new_amounts(plant: Plant, chance: Random) -> Amounts:
    """Return what a new line would discharge; its waste water is one flow at the sewage plant's outlet."""
    bounds = {"PM": ("0.02", "1.3"), "SO2": ("0.02", "0.9"), "NOX": ("0.05", "2.2"), "VOCS": ("0.03", "2.6")}
    fit = open_factors(plant)
    own = {f: tonnes(chance, *bounds[f], DECIMALS[f]) for f in fit if f in AIR and chance.random() < 0.75}
    if any(f in WATER for f in fit) and (not own or chance.random() < 0.7):
        flow = tonnes(chance, "1500", "110000", 0)
        outlet = {"COD": "30", "NH3N": "1.5", "TN": "10", "TP": "0.3"}
        own |= {
            f: (flow * Decimal(outlet[f]) / 1000000).quantize(Decimal(1).scaleb(-DECIMALS[f]))
            for f in fit
            if f in WATER
        }
    own |= {
        f: tonnes(chance, "0.000002", "0.00015", chance.choice((7, 9)))
        for f in fit
        if f in METALS and chance.random() < 0.3
    }
    own = {f: amount.normalize() + 0 for f, amount in own.items() if amount}
    return own or {fit[0]: Decimal("0.02")}
