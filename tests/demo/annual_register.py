"""What the annual folders add to the registers: permits, their changes after a reduction, outlets, the better sewage plant."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .annual_figures import UPGRADE, UPGRADED, YEARS, Key, key_of
from .hourly_register import required
from .park import QUARTERS, Amounts, Park
from .register import SEWAGE, WATER, Plant

FACTOR_WORDS = {"PM": "颗粒物", "SO2": "二氧化硫", "NOX": "氮氧化物", "VOCS": "挥发性有机物"}
FACTOR_WORDS |= {"COD": "化学需氧量", "NH3N": "氨氮", "TN": "总氮", "TP": "总磷"}


@dataclass
class Permits:
    """What the plants may discharge at each year's end (2022: at first), and the last permit's 接管量 of COD."""

    now: dict[int, dict[Key, Amounts]]
    to_sewer: dict[tuple[Key, int], Decimal] = field(default_factory=dict)

    def sewer(self, plant: Plant, year: int) -> Decimal | None:
        """Return the 接管量 of COD that the permit in force at a year's end states."""
        known = [
            self.to_sewer[key_of(plant), y] for y in (2022, *YEARS) if y <= year and (key_of(plant), y) in self.to_sewer
        ]
        return known[-1] if known else None


def enter_permits(park: Park, plants: list[Plant], listed: list[Plant], permits: Permits) -> None:
    """Enter what is permitted to whom the first register left out, and who changed permits after a reduction."""
    first = park.folders()[QUARTERS[0]]["许可总量"]
    known = {(str(row["统一社会信用代码"]), str(row.get("厂区编号", "001"))) for row in first}
    granted = granted_in(park)
    for plant in plants:
        key, chance = key_of(plant), park.draw("permit", plant.code, plant.site)
        if key not in known and plant not in listed and chance.random() < 0.2:
            continue
        if key not in known:
            folder, day = max(plant.since[:4], "2023"), date(2022, chance.randrange(1, 13), chance.randrange(1, 28))
            for factor, amount in permits.now[2022][key].items():
                permit(park, permits, plant, factor, amount, day, folder)
        for year in YEARS:
            day = date(year, 12, chance.randrange(26, 31))
            for factor, amount in permits.now[year][key].items():
                before = permits.now[year - 1][key].get(factor, Decimal(0))
                if amount - before != granted.get((key, factor, year), 0) and int(plant.since[:4]) <= year:
                    permit(park, permits, plant, factor, amount, day, str(year))


def granted_in(park: Park) -> dict[tuple[Key, str, int], Decimal]:
    """Return what the decisions of each year added to what a plant may discharge."""
    folders = park.folders()
    owner = {
        row["建设项目编号"]: (str(row["统一社会信用代码"]), str(row.get("厂区编号", "001")))
        for sheets in folders.values()
        for row in sheets.get("建设项目", [])
    }
    found: dict[tuple[Key, str, int], Decimal] = {}
    for folder, sheets in folders.items():
        for row in sheets.get("总量核定", []):
            if row["结论"] == "同意":
                key = owner[row["建设项目编号"]], str(row["污染因子"]), int(folder[:4])
                found[key] = found.get(key, Decimal(0)) + row["核定新增外排环境量"]
    return found


def permit(park: Park, permits: Permits, plant: Plant, factor: str, amount: Decimal, day: date, folder: str) -> None:
    """Enter what a permit allows a plant."""
    row = plant.keys | {"污染因子": factor, "全厂许可接管量": amount * 10 if factor == "COD" else None}
    row |= {
        "全厂许可外排环境量": amount,
        "依据": "排污许可证" if day.year == 2022 else "排污许可证变更",
        "生效日期": day,
    }
    if factor == "COD":
        permits.to_sewer[key_of(plant), day.year] = amount * 10
    park.add(folder, "许可总量", row, zone=plant.zone)


def enter_outlets(park: Park, listed: list[Plant]) -> None:
    """Register the outlets, in 2025 those again that must be monitored online from then on, and the sewage plant's levels."""
    for plant in listed:
        outlets(park, plant, required(plant, 2023), "2023", everything=True)
        outlets(park, plant, required(plant, 2025), "2025", everything=False)
    for factor, limit in (("COD", 20), ("TN", 8)):
        row = {"污水处理厂名称": UPGRADED, "污染因子": factor, "出水浓度(mg/L)": Decimal(limit)}
        park.add("2024", "污水处理厂", row | {"依据": "提标改造后出水限值", "生效日期": UPGRADE}, zone="park")


def outlets(park: Park, plant: Plant, monitored: dict[str, tuple[str, ...]], folder: str, everything: bool) -> None:
    """Register a plant's outlets: one of water, one of air, a small one of air; or only those with a monitor."""
    air = [factor for factor in plant.permitted if factor not in WATER]
    have = {"DW001": "COD" in plant.permitted, "DA001": bool(air), "DA002": "VOCS" in air}
    for number, medium, main in (("DW001", "水", "是"), ("DA001", "大气", "是"), ("DA002", "大气", "否")):
        if have[number] and (everything or number in monitored):
            factors = "、".join(FACTOR_WORDS[one] for one in monitored.get(number, []))
            row = plant.keys | {"排放口编号": number, "类别": medium, "主要排放口": main}
            row |= {"应装自动监测因子": factors or None}
            row |= {"受纳污水处理厂": SEWAGE[plant.zone] if medium == "水" else None}
            park.add(folder, "排放口", row, zone=plant.zone)
