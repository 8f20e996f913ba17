"""The caps of each year, by zone and factor, and one of the whole park."""

from datetime import date
from decimal import ROUND_UP, Decimal

from .annual_figures import exact, key_of
from .annual_register import Permits
from .park import ZONES, Park, Row
from .register import AIR, WATER, Plant

MORE = Decimal("1.1")  # a usual cap holds what is permitted and what will be built
LESS = {  # by year, zone, factor: the caps that pinch, as a share of what is permitted
    (2025, "HD", "TP"): Decimal("0.42"),  # and is not kept
    (2026, "HX", "NOX"): Decimal("0.9"),
    (2026, "XT", "COD"): Decimal("0.2"),  # cannot be met
}


def set_caps(park: Park, plants: list[Plant], permits: Permits) -> None:
    """Publish the caps of a year in the spring of that year, with the annual submissions about the year before."""
    for year in (2024, 2025, 2026):
        day = date(year, 3, 18)
        sums: dict[tuple[str, str], Decimal] = {}
        for plant in plants:
            for factor, amount in permits.now[year - 1][key_of(plant)].items():
                key = plant.zone, factor
                sums[key] = sums.get(key, Decimal(0)) + amount
        for zone in ZONES:
            for factor in (*AIR, *WATER):
                if (zone, factor) in sums:
                    cap(park, year, zone, factor, sums[zone, factor] * LESS.get((year, zone, factor), MORE), day)
        whole = sum((amount for (_, factor), amount in sums.items() if factor == "VOCS"), Decimal(0))
        cap(park, year, None, "VOCS", whole * Decimal("1.08"), day)


def cap(park: Park, year: int, zone: str | None, factor: str, amount: Decimal, day: date) -> None:
    """Publish one cap; of a usual one a fiftieth is held back."""
    limit = amount.quantize(Decimal("0.1") if amount > 2 else Decimal("0.01"), ROUND_UP).normalize() + 0
    row: Row = {"年度": year, "功能区编码": zone, "污染因子": factor, "限量": limit}
    row |= {"预留量": exact(factor, limit / 50) if (year, zone, factor) not in LESS else None, "发布日期": day}
    park.add(str(year - 1), "排放限量", row, zone=zone or "park")
