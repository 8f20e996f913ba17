"""Written stories about the reserve: transfers, the superior reserve, recoveries."""

from datetime import date

from .papers_building import apply, decide, state
from .papers_reduction import declare, deposit, review
from .papers_reserve import recover, superior, transfer
from .park import Park, amounts, t
from .register import Plant

Plants = dict[str, list[Plant]]


def tell(park: Park, plants: Plants) -> None:
    """Tell every story of this page."""
    for story in (there_and_back, lent_upwards, never_built, given_up_late, given_up_and_left, surplus):
        story(park, plants)


def there_and_back(park: Park, plants: Plants) -> None:
    """Sulphur dioxide goes from HX to WB, and some of it home again, into the lot it came from."""
    transfer(park, "HX", "WB", amounts("SO2 0.8, TN 1.2"), date(2023, 8, 16))
    transfer(park, "WB", "HX", amounts("SO2 0.3"), date(2024, 2, 20))


def lent_upwards(park: Park, plants: Plants) -> None:
    """Part of a lot goes up, some is used there, some comes back; in 2025Q4 again."""
    plant = plants["HD"][2]
    project = declare(
        park,
        plant,
        "深度治理",
        "反应釜废气蓄热燃烧",
        amounts("VOCS 5.2"),
        date(2023, 10, 17),
        done=date(2023, 8, 21),
    )
    review(park, project, amounts("VOCS 5.2"), date(2023, 11, 14))
    lot = deposit(park, project, amounts("VOCS 5.2"), date(2023, 11, 28))
    superior(park, "纳入上级", "HD", amounts("VOCS 3"), date(2023, 12, 12), lot)
    superior(park, "上级使用", "HD", amounts("VOCS 1"), date(2024, 5, 22), lot)
    superior(park, "退出上级", "HD", amounts("VOCS 1.2"), date(2024, 11, 20), lot)
    later = declare(
        park,
        plant,
        "深度治理",
        "储罐区油气回收",
        amounts("VOCS 4.1"),
        date(2025, 7, 22),
        done=date(2025, 6, 10),
    )
    review(park, later, amounts("VOCS 4.1"), date(2025, 9, 11))
    lot = deposit(park, later, amounts("VOCS 4.1"), date(2025, 9, 25))
    superior(park, "纳入上级", "HD", amounts("VOCS 2"), date(2025, 11, 6), lot)
    superior(park, "上级使用", "HD", amounts("VOCS 0.5"), date(2025, 12, 4), lot)
    superior(park, "申请使用", "XT", amounts("COD 2, NH3N 0.1"), date(2025, 10, 16))


def never_built(park: Park, plants: Plants) -> None:
    """Permitted in 2023 at ratio 2 in the air, never built: everything is taken back at the same ratio."""
    building = apply(park, plants["HX"][2], "功率器件项目", amounts("VOCS 1.5, COD 2, NH3N 0.1"), date(2023, 5, 10))
    decide(park, building, "同意", date(2023, 6, 14))
    state(park, building, "未开工", date(2024, 1, 10))
    state(park, building, "不再建设", date(2024, 10, 15))
    recover(park, building, amounts("VOCS 1.5, COD 2, NH3N 0.1"), "不再建设", date(2024, 11, 6), "企业终止建设函")


def given_up_late(park: Park, plants: Plants) -> None:
    """Permitted in 2023Q3, given up in 2025Q4 and taken back there."""
    building = apply(park, plants["XT"][3], "生物质气化项目", amounts("SO2 1.2, NOX 0.7"), date(2023, 7, 11))
    decide(park, building, "同意", date(2023, 8, 15))
    state(park, building, "未开工", date(2024, 6, 11))
    state(park, building, "不再建设", date(2025, 10, 13))
    recover(park, building, amounts("SO2 1.2, NOX 0.7"), "不再建设", date(2025, 11, 5), "企业终止建设函")


def given_up_and_left(park: Park, plants: Plants) -> None:
    """Given up in December 2025; nothing has been taken back yet."""
    building = apply(park, plants["XK"][2], "柔性线路板项目", amounts("COD 0.5, NH3N 0.025"), date(2024, 5, 14))
    decide(park, building, "同意", date(2024, 6, 18))
    state(park, building, "不再建设", date(2025, 12, 9))


def surplus(park: Park, plants: Plants) -> None:
    """In formal operation through 2024, verified below 80 % for COD: the surplus comes back in two steps."""
    plant = plants["HX"][1]
    building = apply(park, plant, "多层板项目", amounts("COD 6, VOCS 2"), date(2023, 1, 16))
    decide(park, building, "同意", date(2023, 2, 21))
    for word, day in (
        ("在建", date(2023, 3, 6)),
        ("调试", date(2023, 10, 10)),
        ("正式运行", date(2023, 12, 22)),
    ):
        state(park, building, word, day)
    for factor, permitted, actual in (("COD", "20", "14"), ("VOCS", "8", "6.5")):
        park.add(
            "2024",
            "总量复核",
            {
                "年度": 2024,
                **plant.keys,
                "污染因子": factor,
                "核定许可排放量": t(permitted),
                "核定实际排放量": t(actual),
                "下年度核定允许排放量": t(actual),
                "意见": "建议回收富余指标" if factor == "COD" else None,
                "复核人": "复核员甲",
                "复核日期": date(2025, 5, 16),
            },
        )
    recover(park, building, amounts("COD 2"), "富余", date(2025, 8, 14), "2024年度总量复核")
    recover(park, building, amounts("COD 1.5"), "富余", date(2025, 11, 12), "2024年度总量复核")
