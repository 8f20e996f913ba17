"""The annual submissions of some thirty plants: what they declare of a year and what stands behind it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from . import annual_papers as papers
from .annual_figures import (
    COEFFICIENT,
    ONLINE,
    REPORT,
    SELF,
    YEARS,
    Key,
    PlantYear,
    exact,
    key_of,
    plant_year,
    verified,
)
from .annual_register import Permits
from .hourly_register import online
from .hourly_streams import calibrations
from .park import QUARTERS, Amounts, Park
from .register import Plant

REPORTERS = 34


@dataclass
class Odd:
    """What is unusual about one plant's submissions of a year; None: as ever."""

    listed: date | None = None
    unlisted: bool = False
    declared: date | None = None
    silent: bool = False
    actual: Amounts = field(default_factory=dict)
    permitted: Amounts = field(default_factory=dict)
    published: dict[tuple[str, str], Decimal] = field(default_factory=dict)  # source, factor


Years = dict[int, dict[Key, PlantYear]]
Oddities = dict[tuple[Key, int], Odd]


def reporters(park: Park, plants: list[Plant]) -> list[Plant]:
    """Return the plants that the list holds: those that were there from the beginning, drawn by lot."""
    old = [plant for plant in plants if plant.since == QUARTERS[0]]
    drawn = park.draw("reporters").sample(old, REPORTERS)
    return [plant for plant in old if plant in drawn]


def years(park: Park, listed: list[Plant], permits: Permits) -> Years:
    """Return every listed plant's three years."""
    found: Years = {}
    for year in YEARS:
        fixed = verified(park, year)
        found[year] = {}
        for plant in listed:
            made = plant_year(park, plant, year, permits.now[year][key_of(plant)], fixed)
            for factor in papers.must(made):
                made.figures[factor].method = REPORT
            for factor in online(plant, year):
                if made.figures[factor].method != COEFFICIENT:  # that of a workshop, of which one stack is watched
                    made.figures[factor].method = ONLINE
            found[year][key_of(plant)] = made
    return found


def submit(park: Park, made: PlantYear, n: int, odd: Odd) -> None:
    """Hand in one plant's year: samples, inputs, output, and what was published."""
    supervised = (n + made.year) % 3 == 0
    if made.water:
        papers.monitored_water(park, made, supervised)
    papers.monitored_air(park, made, supervised)
    papers.computed(park, made)
    calibrations(park, made)
    grade = "ABBCCD"[park.draw("grade", made.plant.code, str(made.year)).randrange(6)] if n % 4 else None
    row = {"年度": made.year, **made.plant.keys, "工业总产值(万元)": made.output, "绩效等级": grade}
    papers.hand_in(park, made, "年度绩效", row)
    publish(park, made, n, odd)


def publish(park: Park, made: PlantYear, n: int, odd: Odd) -> None:
    """Enter what stands in the execution reports, the statistics and the disclosures."""
    chance = park.draw("publish", made.plant.code, made.plant.site, str(made.year))
    for factor, figure in made.figures.items():
        if figure.method == REPORT or factor in papers.must(made):
            papers.publish(park, made, REPORT, factor, figure.actual)
            publish_main(park, made, factor)
        if factor in ("COD", "NOX", "VOCS"):
            share = Decimal(chance.choice((0, 0, 0, 3, -4))) / 1000
            usual = exact(factor, figure.actual * (1 + share))
            papers.publish(park, made, "环境统计", factor, odd.published.get(("环境统计", factor), usual))
    water = made.figures.get("COD")
    if water and water.to_sewer is not None and n % 3 == 0:
        papers.publish(park, made, "环境信息披露", "COD", water.to_sewer, 口径="接管量")
    for (source, factor), amount in odd.published.items():
        if source == "环境信息披露":
            papers.publish(park, made, source, factor, amount)


def publish_main(park: Park, made: PlantYear, factor: str) -> None:
    """Enter what an execution report says of a monitored outlet alone, which is the plant's only one of the factor."""
    if factor not in papers.must(made):
        return
    figure = made.figures[factor]
    papers.publish(park, made, REPORT, factor, figure.actual, 范围="主要排放口")
    if figure.to_sewer is not None:
        for scope in (None, "主要排放口"):
            papers.publish(park, made, REPORT, factor, figure.to_sewer, 口径="接管量", 范围=scope)


def declare(park: Park, made: PlantYear, odd: Odd, permits: Permits) -> None:
    """Declare every factor in March."""
    chance = park.draw("declare", made.plant.code, made.plant.site, str(made.year))
    usual = papers.working(date(made.year + 1, 3, 1) + timedelta(days=chance.randrange(2, 26)))
    for factor, figure in made.figures.items():
        share = Decimal(chance.choice((0, 0, 0, 7, -9, 12))) / 1000
        actual = exact(factor, figure.actual * (1 + share)) if figure.method in (SELF, ONLINE) else figure.actual
        said = odd.actual.get(factor, actual), odd.permitted.get(factor, figure.permitted)
        papers.declare(park, made, factor, odd.declared or usual, said, permits.sewer(made.plant, made.year))
        if factor in papers.must(made):
            papers.declare_main(park, made, factor, odd.declared or usual, said)


def listing(park: Park, plant: Plant, year: int, day: date | None = None) -> None:
    """Put a plant on the list of a year."""
    row = {"年度": year, **plant.keys, "排定日期": day or date(year + 1, 2, 20)}
    park.add(str(year), "总量管理名单", row, zone=plant.zone)


def hand_all_in(park: Park, found: Years, oddities: Oddities, permits: Permits) -> None:
    """Hand in every plant's three years."""
    for of in found.values():
        for n, (key, made) in enumerate(of.items()):
            odd = oddities.get((key, made.year), Odd())
            if not odd.unlisted:
                listing(park, made.plant, made.year, odd.listed)
            submit(park, made, n, odd)
            if not odd.silent:
                declare(park, made, odd, permits)


def verify_more(park: Park, of: dict[Key, PlantYear], granted: dict[tuple[Key, str, int], Decimal]) -> None:
    """Verify some more figures in a second batch: of factors that no decision ever granted, so no recovery rests on them."""
    decided = {(key, factor) for key, factor, _ in granted}
    for key, made in of.items():
        chance = park.draw("second batch", *key, str(made.year))
        day = papers.working(date(made.year + 1, 5, 26) + timedelta(days=chance.randrange(20)))
        before = verified(park, made.year)
        for factor, figure in made.figures.items():
            if chance.random() < 0.5 and (key, factor) not in decided and (key, factor) not in before:
                row = {"年度": made.year, **made.plant.keys, "污染因子": factor, "核定许可排放量": figure.permitted}
                row |= {"核定实际排放量": figure.actual, "复核人": "复核员丙", "复核日期": day}
                papers.hand_in(park, made, "总量复核", row, book=f"{made.year}年度总量复核（第二批）.xlsx")
