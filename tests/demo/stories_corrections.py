"""Written stories about mistakes that were booked and reversed: one for every kind of document."""

from datetime import date

from .papers_building import apply, decide, state
from .papers_reduction import declare, deposit, occupy, review
from .papers_reserve import recover, reverse, superior, transfer
from .park import Park, amounts
from .register import Plant

Plants = dict[str, list[Plant]]


def tell(park: Park, plants: Plants) -> None:
    """Tell every story of this page."""
    for story in (
        wrong_opening,
        wrong_deposit,
        wrong_occupation,
        sold_after_reserve,
        wrong_transfer,
        wrong_freeze,
        wrong_recovery,
        decision_reversed,
        refusal_reversed,
        withdrawn_while_waiting,
    ):
        story(park, plants)


def wrong_opening(park: Park, plants: Plants) -> None:
    """An opening lot that was entered twice is reversed in the next quarter."""
    reverse(park, "QC2023-XK2", date(2023, 4, 18), "岫科片区总磷期初结存重复登记")


def wrong_deposit(park: Park, plants: Plants) -> None:
    """A deposit that forgot the part already sold is reversed and entered anew."""
    project = declare(
        park,
        plants["HX"][2],
        "深度治理",
        "半导体车间废气深度治理",
        amounts("VOCS 3.21, NOX 0.86"),
        date(2023, 7, 18),
        done=date(2023, 5, 22),
    )
    review(park, project, amounts("VOCS 3.21, NOX 0.86"), date(2023, 8, 22))
    wrong = deposit(park, project, amounts("VOCS 3.21, NOX 0.86"), date(2023, 8, 28))
    reverse(park, wrong, date(2023, 9, 5), "未扣除已出让部分")
    occupy(park, project, amounts("VOCS 1.2"), "排污权出让", date(2023, 9, 6), "排污权交易鉴证书")
    deposit(park, project, amounts("VOCS 2.01, NOX 0.86"), date(2023, 9, 6))


def wrong_occupation(park: Park, plants: Plants) -> None:
    """An amount set aside by mistake is freed and reserved after all."""
    project = declare(
        park,
        plants["XK"][2],
        "工艺改进",
        "低VOCs清洗剂替代",
        amounts("VOCS 1.9"),
        date(2023, 11, 14),
        done=date(2023, 9, 28),
    )
    review(park, project, amounts("VOCS 1.9"), date(2023, 12, 12))
    wrong = occupy(park, project, amounts("VOCS 0.8"), "其他", date(2024, 1, 16), "收储条件待核")
    reverse(park, wrong, date(2024, 2, 19), "经核实符合收储条件")
    deposit(park, project, amounts("VOCS 1.9"), date(2024, 3, 25))


def sold_after_reserve(park: Park, plants: Plants) -> None:
    """In 2025Q4 a deposit of the quarter before is reversed, since a part of it had been sold."""
    project = declare(
        park,
        plants["HX"][3],
        "深度治理",
        "涂装废水膜处理",
        amounts("COD 3.4"),
        date(2025, 7, 15),
        done=date(2025, 5, 27),
    )
    review(park, project, amounts("COD 3.4"), date(2025, 9, 11))
    wrong = deposit(park, project, amounts("COD 3.4"), date(2025, 9, 25))
    reverse(park, wrong, date(2025, 11, 18), "其中1.4吨已出让")
    occupy(park, project, amounts("COD 1.4"), "排污权出让", date(2025, 11, 19), "排污权交易鉴证书")
    deposit(park, project, amounts("COD 2"), date(2025, 11, 20))


def wrong_transfer(park: Park, plants: Plants) -> None:
    """Ten times too much was moved; reversed and entered anew."""
    wrong = transfer(park, "HX", "WB", amounts("PM 0.4"), date(2024, 8, 8))
    reverse(park, wrong, date(2024, 8, 15), "数量多录一位")
    transfer(park, "HX", "WB", amounts("PM 0.04"), date(2024, 8, 16))


def wrong_freeze(park: Park, plants: Plants) -> None:
    """Too much of a lot was put up; reversed and put up anew."""
    project = declare(
        park,
        plants["HX"][3],
        "产业结构升级",
        "电泳线关停",
        amounts("COD 8.4, NH3N 0.5"),
        date(2024, 1, 23),
        done=date(2023, 12, 15),
    )
    review(park, project, amounts("COD 8.4, NH3N 0.5"), date(2024, 3, 12))
    lot = deposit(park, project, amounts("COD 8.4, NH3N 0.5"), date(2024, 3, 25))
    wrong = superior(park, "纳入上级", "HX", amounts("COD 4"), date(2024, 5, 14), lot)
    reverse(park, wrong, date(2024, 5, 28), "上级核定收储量为2.5吨")
    superior(park, "纳入上级", "HX", amounts("COD 2.5"), date(2024, 5, 29), lot)


def wrong_recovery(park: Park, plants: Plants) -> None:
    """A recovery is reversed, and a lower one takes its place."""
    building = apply(park, plants["WB"][1], "压铸机扩容项目", amounts("NOX 0.9"), date(2024, 5, 14))
    decide(park, building, "同意", date(2024, 6, 18))
    state(park, building, "在建", date(2024, 9, 2))
    wrong = recover(park, building, amounts("NOX 0.5"), "其他", date(2025, 5, 12), "企业调减燃气用量说明")
    reverse(park, wrong, date(2025, 6, 3), "调减量应为0.3吨")
    recover(park, building, amounts("NOX 0.3"), "其他", date(2025, 6, 4), "企业调减燃气用量说明（更正）")


def decision_reversed(park: Park, plants: Plants) -> None:
    """A decision is reversed in its quarter; a lower one follows in the next."""
    building = apply(park, plants["WB"][2], "凹印机组项目", amounts("NOX 0.8"), date(2024, 10, 9))
    wrong = decide(park, building, "同意", date(2024, 11, 5))
    reverse(park, wrong, date(2024, 12, 3), "燃气用量核算有误")
    decide(park, building, "同意", date(2025, 1, 14), amounts=amounts("NOX 0.6"))
    state(park, building, "在建", date(2025, 5, 6))


def refusal_reversed(park: Park, plants: Plants) -> None:
    """A refusal is reversed, and the project is permitted in 2025Q4."""
    building = apply(park, plants["HD"][3], "无菌车间项目", amounts("VOCS 1.8"), date(2025, 7, 15))
    refusal = decide(park, building, "不同意", date(2025, 9, 16), note="治理设施效率论证不足")
    reverse(park, refusal, date(2025, 10, 20), "引用标准有误，重新审核")
    decide(park, building, "同意", date(2025, 11, 10), full=True)


def withdrawn_while_waiting(park: Park, plants: Plants) -> None:
    """A waiting decision is reversed and taken anew once cadmium has been moved there."""
    building = apply(park, plants["WB"][3], "稳定剂改性项目", amounts("CD 0.0000105"), date(2025, 1, 14))
    waiting = decide(park, building, "同意", date(2025, 2, 25))
    reverse(park, waiting, date(2025, 5, 20), "平衡方案调整，待调剂落实后重新核定")
    transfer(park, "HX", "WB", amounts("CD 0.00003"), date(2025, 6, 5))
    decide(park, building, "同意", date(2025, 6, 17))
