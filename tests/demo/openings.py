"""What the reserve held when the ledger began, and the assessments of air and water."""

from datetime import date
from decimal import Decimal

from .park import QUARTERS, Park, amounts

OPENING = {
    "HX": "PM 6.2, SO2 4.15, NOX 9.8, VOCS 12.35, COD 31.5, NH3N 2.46, TN 6.4, TP 0.62"
    ", PB 0.0021, CD 0.00035, CR 0.0014",
    "HD": "PM 4.4, SO2 3.2, NOX 6.1, VOCS 15.2, COD 38, NH3N 2.9, TN 7.7, TP 0.75, PB 0.0002",
    "XT": "PM 7.5, SO2 4.8, NOX 6.5, VOCS 12.6, COD 24, NH3N 1.9, TN 5.2, TP 0.48, HG 0.000045, CR 0.0031, AS 0.0006",
    "XK": "PM 0.5, NOX 1.5, VOCS 7.4, COD 13, NH3N 1.05, TN 3.1, TP 0.31",
    "WB": "PM 1, NOX 3, VOCS 7.2, COD 11, NH3N 0.85, TN 2.4, TP 0.22, AS 0.0006",
}


def open_reserve(park: Park) -> None:
    """Enter the opening lots; one of them twice, which a correction undoes in the next quarter."""
    entered = [(f"QC2023-{zone}", zone, amounts(text)) for zone, text in OPENING.items()]
    for number, zone, lots in [*entered, ("QC2023-XK2", "XK", amounts("TP 0.08"))]:
        for factor, amount in lots.items():
            row = {"单号": number, "功能区编码": zone, "污染因子": factor, "数量": amount}
            park.add(QUARTERS[0], "期初结存", row | {"依据": "2022年末储备台账"})


def assess(park: Park) -> None:
    """Publish the yearly assessments: some in quarterly folders, some in the annual ones."""

    def publish(
        folder: str,
        year: int,
        medium: str,
        result: str,
        day: date,
        factor: str | None = None,
        zone: str | None = None,
        target: str | None = None,
    ) -> None:
        park.add(
            folder,
            "环境质量",
            {
                "年度": year,
                "要素": medium,
                "污染因子": factor,
                "功能区编码": zone,
                "考核结果": result,
                "下年度改善目标(%)": Decimal(target) if target else None,
                "发布日期": day,
            },
            zone="park",
        )

    publish("2023Q1", 2021, "大气", "达标", date(2022, 4, 15))
    publish("2023Q1", 2020, "水", "达标", date(2021, 4, 15))
    publish("2023Q1", 2022, "大气", "未达标", date(2023, 3, 10), target="3")
    publish("2023Q1", 2022, "水", "达标", date(2023, 3, 10), target="1")
    publish("2023Q1", 2022, "水", "未达标", date(2023, 3, 10), factor="TN", target="2")
    publish("2023", 2023, "大气", "达标", date(2024, 3, 5), target="1.5")
    publish("2023", 2023, "水", "达标", date(2024, 3, 5), target="1")
    publish("2023", 2023, "水", "未达标", date(2024, 3, 5), zone="XT", target="2")
    publish("2024", 2024, "大气", "达标", date(2025, 2, 26), target="1")
    publish("2024", 2024, "大气", "未达标", date(2025, 2, 26), factor="NOX", target="2.5")
    publish("2024", 2024, "水", "达标", date(2025, 2, 26), target="1")
    publish("2024", 2024, "水", "未达标", date(2025, 2, 26), zone="XT", target="1.5")
    publish("2025", 2025, "大气", "达标", date(2026, 3, 4), target="1")
    publish("2025", 2025, "大气", "未达标", date(2026, 3, 4), factor="VOCS", target="2")
    publish("2025", 2025, "水", "达标", date(2026, 3, 4), target="1")
    publish("2025Q2", 2024, "水", "达标", date(2025, 5, 20), zone="XT", target="1")
