"""Written stories about what a computation shows: caps, falls below zero, percentages and papers that do not hold.

Their inputs stand in ``inputs.txt``.  Told last, so that no number of an earlier story changes.
"""

from datetime import date

from .papers_reduction import declare, deposit, occupy, review
from .park import Park, amounts
from .register import Plant

Plants = dict[str, list[Plant]]


def tell(park: Park, plants: Plants) -> None:
    """Tell every story of this page."""
    for story in (
        cannot_be_checked,
        permit_not_changed,
        shut_after_ten_months,
        shut_after_recovery,
        too_little_carbon,
        copied,
        above_the_table,
        capped,
        more_gas_than_before,
        claimed_for_another,
    ):
        story(park, plants)


def cannot_be_checked(park: Park, plants: Plants) -> None:
    """A plant's own filling station: what it sells is known, what it recovers nobody can check."""
    project = declare(
        park,
        plants["HD"][0],
        "其他",
        "厂内加油站油气回收",
        amounts("VOCS 0.96"),
        date(2023, 11, 7),
        done=date(2023, 8, 28),
        可核查="否",
    )
    review(park, project, {"VOCS": "回收量无计量，不可核查"}, date(2023, 12, 12))


def permit_not_changed(park: Park, plants: Plants) -> None:
    """Direct discharge moved to the sewer; passed before the permit was changed, so nothing is reserved yet."""
    project = declare(
        park,
        plants["XK"][3],
        "深度治理",
        "清洗废水由直排改接管",
        amounts("COD 0.84, NH3N 0.095"),
        date(2024, 5, 15),
        done=date(2024, 3, 4),
        lacking=("排污许可证",),
        排污许可变更日期=None,
    )
    review(park, project, amounts("COD 0.84, NH3N 0.095"), date(2024, 6, 12))


def shut_after_ten_months(park: Park, plants: Plants) -> None:
    """A trial line ran from September 2023 to July 2024: not more than a year."""
    project = declare(
        park,
        plants["XK"][2],
        "产业结构升级",
        "压合中试线关停",
        amounts("VOCS 0.38"),
        date(2024, 8, 20),
        done=date(2024, 7, 1),
        排污起始时间=date(2023, 9, 1),
    )
    review(park, project, {"VOCS": "排放未超过一年，不属于产业结构升级类"}, date(2024, 9, 10))


def shut_after_recovery(park: Park, plants: Plants) -> None:
    """The plant whose never built project was taken back in 2024 shuts an old line and reserves that."""
    project = declare(
        park,
        plants["HX"][2],
        "产业结构升级",
        "封装老线关停",
        amounts("COD 0.36, NH3N 0.018"),
        date(2025, 11, 4),
        done=date(2025, 8, 29),
        涉及设施="封装一线",
    )
    review(park, project, amounts("COD 0.36, NH3N 0.018"), date(2025, 11, 27))
    deposit(park, project, amounts("COD 0.36, NH3N 0.018"), date(2025, 12, 18))


def too_little_carbon(park: Park, plants: Plants) -> None:
    """Printers remove 1.53 t with 6 t of carbon a year, which takes up 0.9 t; not reviewed yet."""
    declare(
        park,
        plants["HD"][1],
        "深度治理",
        "印刷废气活性炭装置更新",
        amounts("VOCS 1.224"),
        date(2025, 11, 12),
        done=date(2025, 9, 18),
        核算单位="核算单位乙",
    )


def copied(park: Park, plants: Plants) -> None:
    """Another plant, helped by the same body, declares the same figure to the kilogram."""
    project = declare(
        park,
        plants["XT"][2],
        "深度治理",
        "镀前清洗废气治理",
        amounts("VOCS 1.224"),
        date(2025, 11, 18),
        done=date(2025, 9, 30),
        核算单位="核算单位乙",
    )
    review(park, project, {"VOCS": "核算过程与其他单位雷同，请按本厂实际重新核算"}, date(2025, 12, 16))


def above_the_table(park: Park, plants: Plants) -> None:
    """Single-use carbon that removes 65 %, says its maker; the bureau counts the table's 30 %."""
    project = declare(
        park,
        plants["WB"][0],
        "深度治理",
        "清洗废气治理提升",
        amounts("VOCS 0.7"),
        date(2025, 11, 5),
        done=date(2025, 8, 14),
    )
    review(park, project, amounts("VOCS 0.171"), date(2025, 12, 10))


def capped(park: Park, plants: Plants) -> None:
    """By coefficient the presses emit more than they were ever found to: what was discharged is the most."""
    project = declare(
        park,
        plants["XK"][4],
        "深度治理",
        "注塑废气蓄热燃烧",
        amounts("VOCS 2.143"),
        date(2025, 11, 6),
        done=date(2025, 7, 31),
        sources={"VOCS": ("2.4", "1.62")},
    )
    review(park, project, amounts("VOCS 1.62"), date(2025, 12, 9))


def more_gas_than_before(park: Park, plants: Plants) -> None:
    """Better burners, but more steam: the boiler emits more than before, and nothing is reserved."""
    project = declare(
        park,
        plants["XT"][3],
        "工艺改进",
        "蒸汽锅炉换低氮燃烧器",
        amounts("NOX 0.11"),
        date(2025, 11, 13),
        done=date(2025, 9, 10),
    )
    review(park, project, {"NOX": "用气量上升，核算结果为负"}, date(2025, 12, 11))


def claimed_for_another(park: Park, plants: Plants) -> None:
    """A part is set aside for the plant's filling line, which never applied for an offset."""
    occupy(
        park,
        park.find("减排项目", "项目编号", 项目名称="污水站厌氧段改造"),
        amounts("COD 0.2"),
        "以新带老",
        date(2025, 12, 3),
        "企业情况说明",
        served=park.find("建设项目", "建设项目编号", 建设项目名称="饮品灌装线项目"),
    )
