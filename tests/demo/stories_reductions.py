"""Written stories about reductions: what a bureau meets between a declaration and the reserve."""

from datetime import date

from .papers_reduction import declare, deposit, occupy, review
from .park import Park, amounts, t
from .register import Plant, plant_row

Plants = dict[str, list[Plant]]


def tell(park: Park, plants: Plants) -> None:
    """Tell every story of this page."""
    for story in (
        lower_verdict,
        failed_then_passed,
        more_than_declared,
        declared_late,
        revised,
        declared_twice,
        booked_late,
        renamed,
        handed_in_twice,
    ):
        story(park, plants)


def lower_verdict(park: Park, plants: Plants) -> None:
    """A later verdict lowers what was verified, not below what is reserved."""
    project = declare(
        park,
        plants["XK"][4],
        "产业结构升级",
        "喷涂线关停",
        amounts("VOCS 3.2, PM 0.42"),
        date(2023, 8, 9),
        done=date(2023, 4, 30),
    )
    review(park, project, amounts("VOCS 3, PM 0.42"), date(2023, 9, 12))
    deposit(park, project, amounts("VOCS 2"), date(2023, 9, 25))
    occupy(park, project, amounts("PM 0.42"), "约束性减排", date(2023, 10, 11), "年度减排工程清单第3项")
    review(park, project, amounts("VOCS 2.5"), date(2024, 11, 12))


def failed_then_passed(park: Park, plants: Plants) -> None:
    """A project fails for a missing permit change and passes once that is done; a part stays unreserved."""
    project = declare(
        park,
        plants["XK"][1],
        "深度治理",
        "清洗废水回用改造",
        amounts("COD 2.75, NH3N 0.18"),
        date(2024, 2, 20),
        done=date(2024, 1, 12),
        lacking=("排污许可证",),
    )
    review(park, project, {"COD": "未办理排污许可变更", "NH3N": "未办理排污许可变更"}, date(2024, 3, 12))
    review(park, project, amounts("COD 2.75, NH3N 0.18"), date(2024, 5, 14))
    deposit(park, project, amounts("COD 2.75, NH3N 0.12"), date(2024, 6, 25))


def more_than_declared(park: Park, plants: Plants) -> None:
    """The bureau verifies more than was declared, and a factor that was not declared."""
    project = declare(
        park,
        plants["HD"][4],
        "深度治理",
        "污水站厌氧段改造",
        amounts("COD 2.6, TP 0.04"),
        date(2025, 10, 14),
        done=date(2025, 8, 5),
    )
    review(park, project, amounts("COD 2.8, TP 0.04, TN 0.3"), date(2025, 11, 18))
    deposit(park, project, amounts("COD 2.6, TP 0.04"), date(2025, 11, 26))


def declared_late(park: Park, plants: Plants) -> None:
    """Finished in 2023, declared in April 2024; accounted and reviewed by one body."""
    project = declare(
        park,
        plants["XT"][4],
        "其他",
        "食堂油烟与柴油叉车淘汰",
        amounts("PM 0.06, NOX 0.09"),
        date(2024, 4, 18),
        done=date(2023, 6, 12),
        核算单位="区环境技术中心",
    )
    review(park, project, amounts("PM 0.06, NOX 0.09"), date(2024, 6, 11))
    deposit(park, project, amounts("PM 0.06, NOX 0.09"), date(2024, 6, 25))
    late = declare(
        park,
        plants["XT"][1],
        "工艺改进",
        "燃油锅炉改燃气",
        amounts("SO2 0.72, NOX 0.35"),
        date(2025, 11, 6),
        done=date(2024, 10, 20),
        核算单位="区环境技术中心",
        lacking=("资金证明",),
    )
    review(park, late, amounts("SO2 0.72, NOX 0.3"), date(2025, 12, 11))
    deposit(park, late, amounts("SO2 0.72"), date(2025, 12, 24))


def revised(park: Park, plants: Plants) -> None:
    """A declaration is revised in the next quarter, before its review."""
    plant = plants["HX"][4]
    project = declare(
        park,
        plant,
        "工艺改进",
        "胶印油墨水性化",
        amounts("VOCS 1.2"),
        date(2023, 10, 19),
        done=date(2023, 9, 4),
        lacking=("核算过程",),
    )
    plant.permitted["VOCS"] += t("1.2")
    declare(
        park,
        plant,
        "工艺改进",
        "胶印油墨水性化",
        amounts("VOCS 1.05"),
        date(2024, 1, 16),
        done=date(2023, 9, 4),
        project=project,
    )
    review(park, project, amounts("VOCS 1.05"), date(2024, 3, 12))
    deposit(park, project, amounts("VOCS 1.05"), date(2024, 3, 25))


def declared_twice(park: Park, plants: Plants) -> None:
    """One reduction declared under two projects: the second fails."""
    plant = plants["XT"][0]
    project = declare(
        park,
        plant,
        "深度治理",
        "发酵废气收集治理",
        amounts("VOCS 2.364"),
        date(2025, 2, 12),
        done=date(2024, 12, 9),
    )
    review(park, project, amounts("VOCS 2.364"), date(2025, 3, 12))
    deposit(park, project, amounts("VOCS 2.364"), date(2025, 3, 25))
    again = declare(
        park,
        plant,
        "深度治理",
        "发酵废气治理二期",
        amounts("VOCS 2.364"),
        date(2025, 8, 13),
        done=date(2024, 12, 9),
    )
    review(park, again, {"VOCS": "与已入库项目重复申报"}, date(2025, 9, 10))


def booked_late(park: Park, plants: Plants) -> None:
    """A deposit of September 2025 reaches the office in October."""
    project = declare(
        park,
        plants["HD"][3],
        "深度治理",
        "制剂废水提标",
        amounts("COD 1.85, NH3N 0.11, TP 0.0123"),
        date(2025, 8, 19),
        done=date(2025, 6, 30),
    )
    review(park, project, amounts("COD 1.85, NH3N 0.11, TP 0.0123"), date(2025, 9, 16))
    deposit(park, project, amounts("COD 1.85, NH3N 0.11, TP 0.0123"), date(2025, 9, 29), folder="2025Q4")


def renamed(park: Park, plants: Plants) -> None:
    """A plant gets a new name in 2024Q2; another is handed in again as it was."""
    for plant, name in (
        (plants["HD"][1], "衡澜乙新印刷包装有限公司"),
        (plants["WB"][0], plants["WB"][0].name),
    ):
        old = next(
            row for row in park.rows["2023Q1"]["企业名录.xlsx"]["排污单位"] if row["统一社会信用代码"] == plant.code
        )
        park.add("2024Q2", "排污单位", old | plant_row(plant) | {"单位名称": name})
        plant.name = name


def handed_in_twice(park: Park, plants: Plants) -> None:
    """The same deposit stands in the ledger and in a zone's own list, and once more in the next quarter."""
    project = declare(
        park,
        plants["WB"][3],
        "深度治理",
        "树脂车间废气治理",
        amounts("VOCS 4.126, PM 0.315"),
        date(2024, 7, 16),
        done=date(2024, 5, 20),
    )
    review(park, project, amounts("VOCS 4.126, PM 0.315"), date(2024, 9, 11))
    number = deposit(park, project, amounts("VOCS 4.126, PM 0.315"), date(2024, 9, 25))
    for folder in ("2024Q3", "2024Q4"):
        row = {
            "单号": number,
            "项目编号": project,
            "污染因子": "VOCS",
            "储备量": t("4.126"),
            "储备日期": date(2024, 9, 25),
        }
        park.add(folder, "指标储备", row, book="苇北片区储备明细.xlsx")
