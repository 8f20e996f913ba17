"""What the bureau verified of a past year, in the annual folders."""

from datetime import date, timedelta
from decimal import Decimal

from .park import QUARTERS, Park
from .register import Plant


def verify(park: Park, plants: list[Plant], year: int) -> None:
    """Verify the year of some plants; a few of them use far less than they may."""
    chance = park.draw("verify", str(year))
    for plant in plants:
        if plant.since != QUARTERS[0] or chance.random() < 0.4:
            continue
        day = date(year + 1, 4, 20) + timedelta(days=chance.randrange(30))
        for factor in chance.sample(sorted(plant.permitted), 2):
            permitted = plant.permitted[factor]
            if not permitted:
                continue
            share = Decimal(chance.choice((52, 68, 76, 83, 86, 88, 90, 91, 93, 95, 97))) / 100
            actual = (permitted * share).quantize(permitted)
            park.add(
                str(year),
                "总量复核",
                {
                    "年度": year,
                    **plant.keys,
                    "污染因子": factor,
                    "核定许可排放量": permitted,
                    "核定实际排放量": actual,
                    "下年度核定允许排放量": max(actual, (permitted * Decimal("0.9")).quantize(permitted)),
                    "意见": "实际排放量偏低，建议校核" if share < Decimal("0.8") else None,
                    "复核人": "复核员" + "甲乙"[year % 2],
                    "复核日期": day,
                },
                zone=plant.zone,
            )
            if factor == "COD":
                park.add(
                    str(year),
                    "总量复核",
                    {
                        "年度": year,
                        **plant.keys,
                        "污染因子": factor,
                        "口径": "接管量",
                        "核定许可排放量": permitted * 10,
                        "核定实际排放量": actual * 10,
                        "复核人": "复核员" + "甲乙"[year % 2],
                        "复核日期": day,
                    },
                    zone=plant.zone,
                )
