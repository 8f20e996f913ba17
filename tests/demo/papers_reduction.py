"""The papers of a reduction: list, declaration, verdict, what is set aside, what is reserved."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .inputs import inputs_of
from .park import Amounts, Inputs, Park, quarter_of, t
from .register import AIR, Plant

EVIDENCE = {  # the paper, and its age in days after completion
    "竣工验收": ("竣工环保验收意见.pdf", 12),
    "资金证明": ("投资凭证.pdf", -20),
    "核算过程": ("减排量核算说明.docx", 30),
    "环评审批": ("环评批复.pdf", -310),
    "排污许可证": ("排污许可证变更页.pdf", 10),
}
GROUNDS = (
    "竣工验收监测报告第3.2节",
    "排污许可证副本变更前后对照",
    "环评报告表第4章及批复",
    "环境统计年报与许可执行报告",
    "第三方监测报告（验收期两日）",
)


def list_project(park: Park, project: str, plant: Plant, name: str, day: date, by: str = "功能区") -> None:
    """Put a reduction project on the list of those that ought to declare."""
    park.add(
        quarter_of(day),
        "减排清单",
        {
            "项目编号": project,
            "项目名称": name,
            **plant.keys,
            "功能区编码": plant.zone,
            "提出单位": by,
            "责任人": "环保专员" + "甲乙丙"[day.month % 3],
            "列入日期": day,
        },
    )


def declare(
    park: Park,
    plant: Plant,
    kind: str,
    name: str,
    amounts: Amounts,
    day: date,
    *,
    done: date,
    folder: str = "",
    project: str = "",
    lacking: tuple[str, ...] = (),
    sources: dict[str, tuple[str, str]] | None = None,
    **other: Any,
) -> str:
    """Declare a reduction project with its amounts and its evidence, and return its number.

    ``sources``: by factor, what the source alone was permitted and what it discharged, where that is known.
    """
    project = project or park.number("JP", day)
    park.zone_of[project] = plant.zone
    folder = folder or quarter_of(day)
    chance = park.draw("declare", project)
    list_project(park, project, plant, name, day - timedelta(days=chance.randrange(1, 4)))
    closed = {"排污起始时间": date(2015 + chance.randrange(5), 1 + chance.randrange(12), 1), "关停时间": done}
    able = dict.fromkeys(("可监测", "可统计", "可核查"), "是")
    park.add(
        folder,
        "减排项目",
        {
            "项目编号": project,
            "项目名称": name,
            **plant.keys,
            "功能区编码": plant.zone,
            "减排工程类型": kind,
            "建设地点": plant.name[:4] + "厂区内",
            "联系人": "联系人" + "甲乙丙丁"[chance.randrange(4)],
            "开工时间": done - timedelta(days=chance.randrange(60, 300)),
            "竣工时间": done,
            "验收时间": done + timedelta(days=chance.randrange(5, 40)) if (day - done).days > 45 else None,
            "资金投入(万元)": Decimal(chance.randrange(20, 900)),
            "减排运行情况": "正常运行",
            "环评批复文号": f"衡环建〔{(done - timedelta(days=310)).year}〕{chance.randrange(1, 200)}号",
            "排污许可变更日期": done + timedelta(days=10) if (day - done).days > 15 else None,
            **(closed if kind == "产业结构升级" else {}),
            **(able if kind == "其他" else {}),
            "涉及设施": f"DA{chance.randrange(1, 9):03d}" if set(amounts) & set(AIR) else "DW001",
            "核算单位": "核算单位" + "乙丙丁"[chance.randrange(3)],
            "填报人": "填报员" + "甲乙丙"[chance.randrange(3)],
            "申报日期": day,
        }
        | other,
    )
    inputs = {} if "核算过程" in lacking else inputs_of(park, project, name, amounts)
    for factor, amount in amounts.items():
        declare_amount(park, folder, project, plant, factor, amount, inputs.get(factor), (sources or {}).get(factor))
    for paper, (name_of_file, age) in EVIDENCE.items():
        if paper not in lacking:
            park.add(
                folder,
                "佐证材料",
                {
                    "项目编号": project,
                    "材料类型": paper,
                    "文件名称": name_of_file,
                    "日期": min(done + timedelta(days=age), day - timedelta(days=1)),
                },
            )
    return project


def declare_amount(
    park: Park,
    folder: str,
    project: str,
    plant: Plant,
    factor: str,
    amount: Decimal,
    inputs: Inputs | None,
    source: tuple[str, str] | None,
) -> None:
    """Declare what a project reduces of one factor and from what that is computed; the plant's permit shrinks by it."""
    before = plant.permitted.get(factor, Decimal(0))
    if before < amount * 2:
        before = amount * 3
    plant.permitted[factor] = before - amount
    actual = max((before * Decimal("0.8")).quantize(amount) if amount else before, amount)
    if source:
        before, actual = t(source[0]), t(source[1])
    park.add(
        folder,
        "减排量",
        {
            "项目编号": project,
            "污染因子": factor,
            "减排前许可排放量": before,
            "减排前实际排放量": actual,
            "减排后许可排放量": max(before - amount, Decimal(0)),
            "申报减排量": amount,
            "核算方法": inputs.method if inputs else "文件核定",
            "核算依据": inputs.basis if inputs else park.draw("ground", project, factor).choice(GROUNDS),
        },
    )
    if inputs:
        for row in inputs.rows:
            park.add(folder, f"核算-{inputs.method}", {"项目编号": project, "污染因子": factor, **row})


def review(
    park: Park,
    project: str,
    verdicts: Mapping[str, Decimal | str],
    day: date,
    *,
    folder: str = "",
    by: str = "区环境技术中心",
) -> None:
    """Record the bureau's verdict: a verified amount, or the reason why there is none."""
    for factor, verdict in verdicts.items():
        failed = isinstance(verdict, str)
        park.add(
            folder or quarter_of(day),
            "入库审核",
            {
                "项目编号": project,
                "污染因子": factor,
                "审核结论": "不通过" if failed else "通过",
                "核定减排量": None if failed else verdict,
                "原因": verdict if failed else None,
                "审核人": "审核员" + "甲乙"[day.month % 2],
                "审核单位": by,
                "审核日期": day,
            },
        )


def occupy(
    park: Park,
    project: str,
    amounts: Amounts,
    use: str,
    day: date,
    ground: str,
    *,
    served: str | None = None,
    folder: str = "",
) -> str:
    """Set verified amounts aside that may not be reserved."""
    number = park.number("占", day)
    for factor, amount in amounts.items():
        park.add(
            folder or quarter_of(day),
            "减排量占用",
            {
                "单号": number,
                "项目编号": project,
                "污染因子": factor,
                "用途": use,
                "数量": amount,
                "建设项目编号": served,
                "日期": day,
                "依据": ground,
            },
        )
    return number


def deposit(park: Park, project: str, amounts: Amounts, day: date, *, folder: str = "", number: str = "") -> str:
    """Take verified amounts into the reserve."""
    number = number or park.number("CB", day)
    for factor, amount in amounts.items():
        park.add(
            folder or quarter_of(day),
            "指标储备",
            {"单号": number, "项目编号": project, "污染因子": factor, "储备量": amount, "储备日期": day},
        )
    return number
