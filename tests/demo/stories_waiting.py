"""Written stories about what the reserve could not serve at once, or served to the last milligram."""

from datetime import date

from .papers_building import apply, decide, state
from .papers_reduction import declare, deposit, review
from .papers_reserve import superior, transfer
from .park import Park, amounts
from .register import Plant

Plants = dict[str, list[Plant]]


def tell(park: Park, plants: Plants) -> None:
    """Tell every story of this page."""
    for story in (
        waits_for_a_deposit,
        waits_for_the_superior,
        waits_for_a_transfer,
        waits_at_the_end,
        given_up_while_waiting,
        named_lot,
        uses_it_up,
        relieved,
    ):
        story(park, plants)


def waits_for_a_deposit(park: Park, plants: Plants) -> None:
    """Lead in HD: a project waits from 2024Q2 on until a deposit of 2024Q4 supplies it."""
    building = apply(park, plants["HD"][0], "焊接线束项目", amounts("PB 0.0003"), date(2024, 4, 11))
    decide(park, building, "同意", date(2024, 5, 21))
    project = declare(
        park,
        plants["HD"][2],
        "产业结构升级",
        "含铅稳定剂生产线关停",
        amounts("PB 0.000528"),
        date(2024, 8, 13),
        done=date(2024, 6, 28),
    )
    review(park, project, amounts("PB 0.000528"), date(2024, 10, 15))
    deposit(park, project, amounts("PB 0.000528"), date(2024, 11, 12))
    state(park, building, "在建", date(2025, 2, 17))


def waits_for_the_superior(park: Park, plants: Plants) -> None:
    """Sulphur dioxide in XK: nothing there, until the superior reserve lends some in 2025Q1."""
    building = apply(park, plants["XK"][0], "备用锅炉项目", amounts("SO2 0.6, PM 0.15"), date(2024, 11, 5))
    decide(park, building, "同意", date(2024, 12, 10))
    superior(park, "申请使用", "XK", amounts("SO2 1"), date(2025, 2, 18))
    state(park, building, "在建", date(2025, 4, 8))
    state(park, building, "正式运行", date(2025, 11, 24))


def waits_for_a_transfer(park: Park, plants: Plants) -> None:
    """Dust in XK: waits from 2025Q3, supplied by a transfer in 2025Q4."""
    building = apply(park, plants["XK"][1], "五轴加工中心项目", amounts("PM 0.9"), date(2025, 7, 8))
    decide(park, building, "同意", date(2025, 8, 20))
    transfer(park, "HX", "XK", amounts("PM 0.75"), date(2025, 10, 22))


def waits_at_the_end(park: Park, plants: Plants) -> None:
    """Nitrogen oxides in XK: decided in 2025Q4, still waiting at its end; so does one bound to a lot."""
    building = apply(park, plants["XK"][3], "晶圆扩产项目", amounts("NOX 2.4, VOCS 0.66"), date(2025, 9, 16))
    decide(park, building, "同意", date(2025, 10, 28))


def given_up_while_waiting(park: Park, plants: Plants) -> None:
    """Cadmium in WB: a project waits, then is given up and leaves the queue."""
    building = apply(park, plants["WB"][4], "镉系颜料中试项目", amounts("CD 0.000012"), date(2023, 11, 8))
    decide(park, building, "同意", date(2023, 12, 18))
    state(park, building, "未开工", date(2024, 3, 5))
    state(park, building, "不再建设", date(2024, 7, 9))


def named_lot(park: Park, plants: Plants) -> None:
    """A decision that takes from the lot it names; another that names a lot which is too small, and waits."""
    project = declare(
        park,
        plants["WB"][1],
        "深度治理",
        "铸造除尘与脱硝",
        amounts("NOX 1.1, PM 0.6"),
        date(2025, 1, 21),
        done=date(2024, 11, 18),
    )
    review(park, project, amounts("NOX 1.1, PM 0.6"), date(2025, 3, 12))
    lot = deposit(park, project, amounts("NOX 1.1, PM 0.6"), date(2025, 3, 25))
    one = apply(park, plants["WB"][1], "铸件精加工项目", amounts("PM 0.25"), date(2025, 3, 25))
    decide(park, one, "同意", date(2025, 5, 13), lot=lot)
    two = apply(park, plants["WB"][3], "热氧化炉项目", amounts("NOX 0.95"), date(2025, 10, 15))
    decide(park, two, "同意", date(2025, 11, 25), lot=lot)


def uses_it_up(park: Park, plants: Plants) -> None:
    """Arsenic in WB: one decision takes exactly what there is."""
    building = apply(park, plants["WB"][0], "砷化镓器件项目", amounts("AS 0.0005"), date(2025, 8, 12))
    decide(park, building, "同意", date(2025, 9, 16))


def relieved(park: Park, plants: Plants) -> None:
    """Nitrogen oxides run short in HD: the superior reserve lends some, later HX gives some."""
    superior(park, "申请使用", "HD", amounts("NOX 5.5"), date(2024, 1, 24))
    transfer(park, "HX", "HD", amounts("NOX 3.6"), date(2025, 7, 2))
