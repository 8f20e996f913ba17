"""The papers of a construction project: application, decision, how it goes on."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from .park import Amounts, Park, quarter_of
from .register import METALS, Plant

LINE = {"PM": "1", "SO2": "1", "NOX": "1", "VOCS": "1", "COD": "1", "NH3N": "0.1", "TN": "0.1", "TP": "0.1"}
SEWER = {
    "COD": Decimal(10),
    "NH3N": Decimal(20),
    "TN": Decimal("4.5"),
    "TP": Decimal(15),
}  # sewer over environment, by concentrations


@dataclass
class Building:
    """A construction project as applied for."""

    project: str
    plant: Plant
    day: date
    asked: dict[str, dict[str, Decimal]] = field(default_factory=dict)  # factor: existing, own, replaced
    route: str = "备案"

    def increase(self, factor: str) -> Decimal:
        """Return what is applied for beyond what it replaces."""
        asked = self.asked[factor]
        return max(asked["own"] - asked["replaced"], Decimal(0))


def apply(
    park: Park,
    plant: Plant,
    name: str,
    own: Amounts,
    day: date,
    *,
    replaced: Amounts | None = None,
    folder: str = "",
    zone: str = "",
    project: str = "",
    route: str = "",
    **other: Any,
) -> Building:
    """Apply for a construction project's amounts."""
    project = project or park.number("XM", day)
    park.zone_of[project] = zone or plant.zone
    folder = folder or quarter_of(day)
    building = Building(project, plant, day)
    chance = park.draw("apply", project)
    park.add(
        folder,
        "建设项目",
        {
            "建设项目编号": project,
            "项目代码": f"{day:%y%m}-320599-89-01-{chance.randrange(100000, 999999)}",
            "建设项目名称": name,
            **plant.keys,
            "功能区编码": zone or plant.zone,
            "建设地点": plant.name[:4] + "厂区内",
            "申请日期": day,
        }
        | other,
    )
    for factor, amount in own.items():
        old = (replaced or {}).get(factor, Decimal(0))
        existing = max(plant.permitted.get(factor, Decimal(0)), old)
        building.asked[factor] = {"existing": existing, "own": amount, "replaced": old}
        sewer = SEWER.get(factor)
        whole = existing + amount - old
        park.add(
            folder,
            "总量申请",
            {
                "建设项目编号": project,
                "污染因子": factor,
                "现有外排环境量": existing,
                "在建外排环境量": Decimal(0) if chance.random() < 0.4 else None,
                "本项目接管量": sewer and amount * sewer,
                "本项目外排环境量": amount,
                "其中无组织": (amount / 10).quantize(amount) if factor in ("VOCS", "PM") else None,
                "以新带老削减量": old,
                "全厂接管量": sewer and whole * sewer,
                "全厂外排环境量": whole,
                "平衡依据": "拟由园区储备库平衡" if amount > old else "厂内以新带老平衡",
            },
        )
    rising = [factor for factor in own if building.increase(factor)]
    over = any(factor in METALS or building.increase(factor) > Decimal(LINE[factor]) for factor in rising)
    building.route = route or ("审核" if over else "备案")
    return building


def decide(
    park: Park,
    building: Building,
    verdict: str,
    day: date,
    *,
    number: str = "",
    folder: str = "",
    amounts: Amounts | None = None,
    ways: dict[str, str] | None = None,
    lot: str | None = None,
    route: str = "",
    note: str | None = None,
    full: bool = False,
) -> str:
    """Decide an application; ``amounts`` where less or more is permitted than was applied for."""
    number = number or park.number("文", day)
    rising = [factor for factor in building.asked if building.increase(factor)] or list(building.asked)
    for factor in rising if verdict == "同意" else building.asked:
        asked = building.asked[factor]
        row: dict[str, Any] = {
            "建设项目编号": building.project,
            "污染因子": factor,
            "确认方式": route or building.route,
            "结论": verdict,
        }
        if verdict == "同意":
            increase = building.increase(factor)
            granted = (amounts or {}).get(factor, increase)
            building.plant.permitted[factor] = asked["existing"] + granted
            changed = granted != increase
            sewer = SEWER.get(factor)
            own = granted + asked["replaced"]
            way = (ways or {}).get(factor)
            row |= {
                "核定接管量": sewer and own * sewer if changed or full else None,
                "核定本项目外排环境量": own if changed else asked["own"] if full else None,
                "核定新增外排环境量": granted,
                "全厂核定接管量": sewer and (asked["existing"] + granted) * sewer if changed or full else None,
                "全厂核定外排环境量": asked["existing"] + granted
                if changed
                else asked["existing"] + asked["own"] - asked["replaced"]
                if full
                else None,
                "平衡途径": way,
                "指定批次": lot,
                "审核意见": note or (f"{way}，不占用园区储备" if way else "同意按核减后数量核定" if changed else None),
            }
        else:
            row["审核意见"] = note or ("申请单位自行撤回" if verdict == "撤回" else "总量来源与平衡方案不完整")
        park.add(
            folder or quarter_of(day),
            "总量核定",
            row | {"审核人": "审核员" + "丙丁"[day.month % 2], "核定日期": day, "文号": number},
        )
    return number


def state(park: Park, building: Building, word: str, day: date, folder: str = "") -> None:
    """Report a step in a construction project's life."""
    park.add(
        folder or quarter_of(day),
        "项目状态",
        {"建设项目编号": building.project, "状态": word, "状态日期": day},
    )
