"""What a reporting plant discharges in a year, factor by factor: what its permit, its sewer and the verification allow."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .park import Amounts, Park, Row
from .register import DECIMALS, OUTLET_MG_PER_L, SEWAGE, WATER, Plant

YEARS = (2023, 2024, 2025)
Key = tuple[str, str]  # credit code, site
UPGRADE = date(2024, 7, 1)  # the day from which one sewage plant discharges less
UPGRADED, LOWER = SEWAGE["HX"], {"COD": Decimal(20), "TN": Decimal(8)}
SEWER_MG_PER_L = {"NH3N": Decimal(15), "TN": Decimal(38), "TP": Decimal("2.6")}
ONLINE, SUPERVISORY, SELF = "在线监测", "监督监测", "自行监测"
BALANCE, COEFFICIENT, REPORT = "物料衡算", "产排污系数", "执行报告"


@dataclass
class Figure:
    """One factor of a plant's year, t, and how it is known."""

    permitted: Decimal
    actual: Decimal
    method: str
    to_sewer: Decimal | None = None
    mg_per_l: Decimal = Decimal(0)
    fugitive: Decimal | None = None


@dataclass
class PlantYear:
    """A plant's year: its figures, its water, its output.  ``water``: m³ a year."""

    plant: Plant
    year: int
    hours: int
    water: Decimal = Decimal(0)
    output: Decimal = Decimal(0)
    figures: dict[str, Figure] = field(default_factory=dict)


def key_of(plant: Plant) -> Key:
    """Return what tells plants apart."""
    return plant.code, plant.site or "001"


def exact(factor: str, amount: Decimal) -> Decimal:
    """Return an amount with the decimals that people write for the factor."""
    return amount.quantize(Decimal(1).scaleb(-DECIMALS[factor])).normalize() + 0


def verified(park: Park, year: int) -> dict[tuple[Key, str], Row]:
    """Return the bureau's verified figures of a year, 外排环境量."""
    found = {}
    for sheets in park.rows[str(year)].values():
        for row in sheets.get("总量复核", []):
            if "口径" not in row:
                key = str(row["统一社会信用代码"]), str(row.get("厂区编号", "001"))
                found[key, str(row["污染因子"])] = row
    return found


def level(zone: str, factor: str, year: int, sewer: Decimal) -> Decimal:
    """Return what leaves the zone's sewage plant on average of a year, mg/L; at most what came through the sewer."""
    before = Decimal(OUTLET_MG_PER_L[factor])
    after = LOWER.get(factor, before) if SEWAGE[zone] == UPGRADED else before
    whole = (date(year, 12, 31) - date(year, 1, 1)).days + 1
    days = min(max((UPGRADE - date(year, 1, 1)).days, 0), whole)
    return (min(before, sewer) * days + min(after, sewer) * (whole - days)) / whole


def plant_year(park: Park, plant: Plant, year: int, permitted: Amounts, fixed: dict[tuple[Key, str], Row]) -> PlantYear:
    """Return what a plant discharges in a year."""
    chance = park.draw("plant year", plant.code, plant.site)
    made = PlantYear(plant, year, chance.choice((4800, 6000, 7200, 8000)))
    for factor in permitted:
        row = fixed.get((key_of(plant), factor))
        wiggle = park.draw("percent", plant.code, plant.site, factor, str(year)).randrange(-4, 5)
        percent = chance.randrange(58, 92) + wiggle
        share = Decimal(82 if percent in (80, 81) else percent) / 100
        actual = row["核定实际排放量"] if row else exact(factor, permitted[factor] * share)
        method = SELF if factor in ("PM", "SO2", "NOX") else REPORT
        if factor == "VOCS":
            method = (COEFFICIENT, BALANCE, SELF)[chance.randrange(3)]
        made.figures[factor] = Figure(permitted[factor], actual, method)
    if "COD" in made.figures:
        drain(made, fixed)
    made.output = output_of(park, made)
    return made


def drain(made: PlantYear, fixed: dict[tuple[Key, str], Row]) -> None:
    """Let the plant's water carry its factors: as much water as its COD takes."""
    plant, cod = made.plant, made.figures["COD"]
    cod_level = level(plant.zone, "COD", made.year, Decimal(1000))
    made.water = (cod.actual * 10**6 / cod_level).quantize(Decimal(1))
    for factor in [one for one in WATER if one in made.figures]:
        figure = made.figures[factor]
        figure.mg_per_l = SEWER_MG_PER_L.get(factor, cod_level * 10)
        if (key_of(plant), factor) in fixed and factor != "COD":
            continue  # verified from the execution report
        most = figure.permitted * Decimal("0.93") * 10**6 / made.water
        if factor != "COD" and most < level(plant.zone, factor, made.year, figure.mg_per_l):
            figure.mg_per_l = (most * Decimal("0.95")).quantize(Decimal("0.01"))
        if factor != "COD":
            figure.actual = exact(factor, made.water * level(plant.zone, factor, made.year, figure.mg_per_l) / 10**6)
        figure.to_sewer = exact(factor, made.water * figure.mg_per_l / 10**6)
        figure.method = SELF


def output_of(park: Park, made: PlantYear) -> Decimal:
    """Return what the plant sold in a year, 10⁴ yuan: much where it discharges much."""
    chance = park.draw("output", made.plant.code, made.plant.site)
    factor = "VOCS" if "VOCS" in made.figures else "NOX" if "NOX" in made.figures else min(made.figures)
    growth = 100 + (made.year - 2023) * chance.randrange(-3, 9)
    return (made.figures[factor].permitted * chance.randrange(1400, 4200) * growth / 100).quantize(Decimal(10)) + 0
