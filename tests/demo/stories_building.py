"""Written stories about construction projects: routes and decisions."""

from datetime import date

from .papers_building import apply, decide, state
from .papers_reduction import declare, deposit, occupy, review
from .papers_reserve import recover
from .park import Park, amounts, t
from .register import Plant

Plants = dict[str, list[Plant]]


def tell(park: Park, plants: Plants) -> None:
    """Tell every story of this page."""
    for story in (
        old_for_new,
        split,
        at_the_line,
        in_another_zone,
        other_ways,
        more_and_less,
        revised_application,
        refused_then_agreed,
        cannot_be_covered,
        decided_late,
    ):
        story(park, plants)


def old_for_new(park: Park, plants: Plants) -> None:
    """A plant's own reduction serves its new line in part; the rest is reserved; some comes back later."""
    plant = plants["HX"][0]
    project = declare(
        park,
        plant,
        "深度治理",
        "机加工油雾收集治理",
        amounts("VOCS 2.4"),
        date(2023, 2, 14),
        done=date(2022, 12, 6),
    )
    review(park, project, amounts("VOCS 2.4"), date(2023, 3, 14))
    building = apply(
        park,
        plant,
        "精密零部件二期项目",
        amounts("VOCS 1.5, PM 0.12"),
        date(2023, 4, 12),
        replaced=amounts("VOCS 0.9"),
    )
    decide(park, building, "同意", date(2023, 5, 16), full=True)
    occupy(park, project, amounts("VOCS 0.9"), "以新带老", date(2023, 5, 18), "环评批复", served=building.project)
    deposit(park, project, amounts("VOCS 1.5"), date(2023, 6, 26))
    state(park, building, "在建", date(2023, 9, 11))
    state(park, building, "正式运行", date(2024, 4, 22))
    recover(park, building, amounts("VOCS 0.2"), "其他", date(2024, 6, 18), "企业自愿退还承诺书")


def split(park: Park, plants: Plants) -> None:
    """Two applications of one plant in one year, together above the line (HD), or exactly at it (XT)."""
    for zone, place, first, second in (("HD", 1, "0.6", "0.5"), ("XT", 1, "0.4", "0.6")):
        plant = plants[zone][place]
        one = apply(park, plant, "一号车间改造项目", {"VOCS": t(first)}, date(2024, 2, 20))
        decide(park, one, "同意", date(2024, 3, 19))
        two = apply(
            park,
            plant,
            "二号车间改造项目",
            {"VOCS": t(second)},
            date(2024, 9, 10),
            route="审核" if zone == "HD" else "备案",
        )
        decide(park, two, "同意", date(2024, 10, 15))
        state(park, one, "在建", date(2024, 6, 3))
        state(park, two, "在建", date(2025, 1, 6))


def at_the_line(park: Park, plants: Plants) -> None:
    """Exactly 1 t and 0.1 t still file; a filing may be reviewed all the same."""
    plant = plants["HD"][3]
    one = apply(park, plant, "制剂分装项目", amounts("VOCS 1, COD 1, NH3N 0.1"), date(2023, 3, 7))
    decide(park, one, "同意", date(2023, 4, 11))
    state(park, one, "在建", date(2023, 8, 7))
    state(park, one, "正式运行", date(2024, 6, 3))
    two = apply(park, plants["XT"][4], "检测中心项目", amounts("VOCS 0.35"), date(2023, 4, 4))
    decide(park, two, "同意", date(2023, 5, 9), route="审核", note="位于敏感目标附近，按审核程序办理")
    state(park, two, "在建", date(2023, 10, 16))


def in_another_zone(park: Park, plants: Plants) -> None:
    """A plant of one zone builds in another: the project's zone counts."""
    building = apply(
        park,
        plants["XT"][0],
        "岫科研发中心项目",
        amounts("VOCS 0.42, COD 0.6, NH3N 0.03"),
        date(2024, 7, 9),
        zone="XK",
        行业代码="7340",
    )
    decide(park, building, "同意", date(2024, 8, 13), full=True)
    state(park, building, "在建", date(2024, 11, 4))


def other_ways(park: Park, plants: Plants) -> None:
    """What is balanced in a sewage plant or is exempt takes nothing from the reserve."""
    building = apply(park, plants["HD"][4], "饮品灌装线项目", amounts("COD 3.6, NH3N 0.18, SO2 0.05"), date(2023, 8, 8))
    ways = dict.fromkeys(("COD", "NH3N"), "污水处理厂内平衡")
    decide(park, building, "同意", date(2023, 9, 12), ways=ways)
    state(park, building, "在建", date(2024, 1, 8))
    free = apply(park, plants["XK"][4], "消防应急设施项目", amounts("PM 0.08"), date(2025, 9, 9))
    decide(park, free, "同意", date(2025, 10, 14), ways={"PM": "豁免"})


def more_and_less(park: Park, plants: Plants) -> None:
    """Less is permitted than was applied for; in another case more."""
    less = apply(park, plants["HD"][2], "树脂扩产项目", amounts("VOCS 2, COD 1.35"), date(2023, 10, 10))
    decide(park, less, "同意", date(2023, 11, 14), amounts=amounts("VOCS 1.5"))
    state(park, less, "在建", date(2024, 4, 15))
    more = apply(park, plants["XT"][2], "镀层车间改扩建项目", amounts("COD 3"), date(2025, 9, 2))
    decide(park, more, "同意", date(2025, 10, 21), amounts=amounts("COD 3.2"))


def revised_application(park: Park, plants: Plants) -> None:
    """An application is revised in the next quarter and decided then; it is never started."""
    plant, day = plants["XT"][2], date(2024, 2, 20)
    first = apply(park, plant, "连续镀铬线项目", amounts("CR 0.0004, COD 0.8"), day)
    second = apply(
        park,
        plant,
        "连续镀铬线项目（减量）",
        amounts("CR 0.0003125, COD 0.8"),
        day,
        folder="2024Q2",
        project=first.project,
    )
    decide(park, second, "同意", date(2024, 5, 14))


def refused_then_agreed(park: Park, plants: Plants) -> None:
    """A refused project is decided again as it is."""
    building = apply(park, plants["HX"][4], "包装印刷智能化项目", amounts("VOCS 1.26"), date(2024, 4, 16))
    decide(park, building, "不同意", date(2024, 5, 14), note="未说明替代来源")
    decide(park, building, "同意", date(2024, 7, 16))
    state(park, building, "在建", date(2024, 12, 2))


def cannot_be_covered(park: Park, plants: Plants) -> None:
    """At the end of 2025Q4 two applications lie there that the reserve cannot cover."""
    apply(park, plants["HD"][0], "蓄电池组装项目", amounts("PB 0.0042, COD 0.45"), date(2025, 11, 12))
    apply(
        park,
        plants["XK"][2],
        "高密度线路板项目",
        amounts("COD 48.5, NH3N 2.425, TP 0.485"),
        date(2025, 11, 20),
    )


def decided_late(park: Park, plants: Plants) -> None:
    """A decision of September 2025 and an application of that month are booked in 2025Q4."""
    building = apply(park, plants["HX"][2], "封测线项目", amounts("VOCS 0.88, COD 0.72"), date(2025, 8, 26))
    decide(park, building, "同意", date(2025, 9, 26), folder="2025Q4")
    late = apply(park, plants["WB"][2], "柔版印刷项目", amounts("VOCS 0.31"), date(2025, 9, 28), folder="2025Q4")
    decide(park, late, "同意", date(2025, 11, 10))
