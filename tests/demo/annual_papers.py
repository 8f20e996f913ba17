"""The forms of the annual submissions, each filled in for one plant and year."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from .annual_figures import BALANCE, COEFFICIENT, ONLINE, SELF, SUPERVISORY, Figure, PlantYear, exact
from .hourly_register import required
from .park import Park, Row
from .register import WATER

AIR_MG_PER_M3 = {"PM": 9, "SO2": 14, "NOX": 38, "VOCS": 30}
COLLECTED = (("密闭空间负压", "蓄热燃烧", "0.19"), ("半密闭集气罩", "一次性活性炭吸附", "0.805"))
LABS = ("检测机构甲", "检测机构乙", "检测机构丙")


def working(day: date) -> date:
    """Return the day, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def hand_in(park: Park, made: PlantYear, sheet: str, row: Row, book: str = "") -> None:
    """Hand in one row about a plant's year."""
    park.add(str(made.year), sheet, row, zone=made.plant.zone, book=book)


def sample(
    park: Park,
    made: PlantYear,
    kind: str,
    outlet: str,
    factor: str,
    day: date,
    level: Decimal | None,
    flow: Decimal,
    chance: Random,
    limit: str | None = None,
) -> None:
    """Hand in one sample; a level of None was not detected."""
    lab = "园区环境监测站" if kind == SUPERVISORY else LABS[int(made.plant.code[8:14], 36) % 3]
    row = {"类型": kind, **made.plant.keys, "排放口编号": outlet, "采样日期": day, "污染因子": factor}
    row |= {"浓度(mg/m³ 或 mg/L)": "未检出" if level is None else level, "检出限": Decimal(limit) if limit else None}
    row |= {"流量(m³/h)": flow, "生产负荷(%)": Decimal(chance.randrange(72, 99)), "监测单位": lab}
    row["报告编号"] = f"{'监' if kind == SUPERVISORY else '自'}{day:%y%m%d}-{made.plant.code[10:14]}"
    hand_in(park, made, "手工监测", row, book=f"{kind}.xlsx")


def significant(value: Decimal, digits: int) -> Decimal:
    """Return a value as an instrument shows it."""
    return value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1)).normalize() + 0 if value else value


def samples(
    park: Park, made: PlantYear, factor: str, outlet: str, level: Decimal, flow: Decimal, supervised: bool
) -> None:
    """Sample a factor twice a year, and where the bureau's station came, once more."""
    chance = park.draw("sample", made.plant.code, made.plant.site, str(made.year), factor)
    visit = park.draw("visit", made.plant.code, made.plant.site, str(made.year))
    hour = time(10) if made.figures[factor].method == ONLINE else None  # so that it can be held against the monitor
    spread = Decimal(chance.randrange(2, 9)) / 100
    for sign, month in ((1, visit.randrange(3, 6)), (-1, visit.randrange(9, 12))):
        day = working(date(made.year, month, visit.randrange(1, 26)))
        low = factor == "SO2" and level < 3 and sign < 0
        seen = None if low else significant(level * (1 + sign * spread), 4)
        if factor == "SO2" and level < 3 and sign > 0:
            seen = significant(level * 2 - Decimal("1.5"), 4)
        sample(
            park,
            made,
            SELF,
            outlet,
            factor,
            datetime.combine(day, hour) if hour else day,
            seen,
            significant(flow * (1 + sign * Decimal("0.02")), 4),
            chance,
            "3" if low else None,
        )
    if supervised:
        day = working(date(made.year, visit.randrange(6, 9), visit.randrange(1, 26)))
        seen = significant(level * Decimal(chance.randrange(98, 103)) / 100, 3)
        sample(park, made, SUPERVISORY, outlet, factor, day, seen, significant(flow, 4), chance)


def monitored_water(park: Park, made: PlantYear, supervised: bool) -> None:
    """Hand in what was sampled of the water, and its volume."""
    hours = made.hours
    for factor in [one for one in WATER if one in made.figures and made.figures[one].method == SELF]:
        samples(park, made, factor, "DW001", made.figures[factor].mg_per_l, made.water / hours, supervised)
    outlet_year(park, made, "DW001", made.water)


def outlet_year(park: Park, made: PlantYear, outlet: str, water: Decimal | None = None) -> None:
    """Hand in how long an outlet ran, and how much water left by it."""
    row: Row = {
        "年度": made.year,
        **made.plant.keys,
        "排放口编号": outlet,
        "年排放时间(h)": made.hours,
        "年排水量(m³)": water,
    }
    hand_in(park, made, "排放口年度", row)


def monitored_air(park: Park, made: PlantYear, supervised: bool) -> None:
    """Hand in what was sampled of the air: one stack whose flow carries the most."""
    loads = stack_loads(made)
    for factor, load in loads.items():
        if made.figures[factor].method == SELF or factor not in must(made):
            samples(park, made, factor, "DA001", load / stack_flow(made), stack_flow(made), supervised)
    if loads:
        outlet_year(park, made, "DA001")


def must(made: PlantYear) -> set[str]:
    """Return the factors of a plant's year that must be monitored online."""
    return {factor for factors in required(made.plant, made.year).values() for factor in factors}


def stack_loads(made: PlantYear) -> dict[str, Decimal]:
    """Return what the main stack carries of each factor that is measured there, mg/h."""
    return {
        factor: one.actual * 10**9 / made.hours
        for factor, one in made.figures.items()
        if one.method in (SELF, ONLINE) and factor in AIR_MG_PER_M3
    }


def stack_flow(made: PlantYear) -> Decimal:
    """Return the main stack's flow, m³/h: what the factor needs that takes most."""
    return significant(max(load / AIR_MG_PER_M3[factor] for factor, load in stack_loads(made).items()), 3)


def computed(park: Park, made: PlantYear) -> None:
    """Hand in the inputs of coefficients and balances."""
    figure = made.figures.get("VOCS")
    if figure and figure.method == COEFFICIENT:
        by_coefficient(park, made, figure)
    elif figure and figure.method == BALANCE:
        by_balance(park, made, figure)


def by_coefficient(park: Park, made: PlantYear, figure: Figure) -> None:
    """Compute VOCs from the activity, with the collection and the treatment that the plant has."""
    chance = park.draw("coefficient", made.plant.code, made.plant.site)
    way, technology, emitted = COLLECTED[chance.randrange(2)]
    factor = Decimal(chance.choice(("2.7", "2.5", "1.5")))
    activity = (figure.actual * 1000 / Decimal(emitted) / factor).quantize(Decimal("0.1"))
    figure.fugitive = exact(
        "VOCS", activity * factor / 1000 * (Decimal("0.1") if emitted == "0.19" else Decimal("0.35"))
    )
    row = {
        "年度": made.year,
        **made.plant.keys,
        "排放口编号": "DA002" if emitted == "0.19" else None,  # else of the workshop as a whole
        "污染因子": "VOCS",
        "活动水平(计量单位/a)": activity,
        "产污系数(kg/计量单位)": factor,
    }
    hand_in(park, made, "核算-产排污系数", row | {"收集方式": way, "治理技术": technology})


def by_balance(park: Park, made: PlantYear, figure: Figure) -> None:
    """Balance two solvents; the second is all that is not in the first."""
    chance = park.draw("balance", made.plant.code, made.plant.site, str(made.year))
    first = exact("VOCS", figure.actual * chance.randrange(55, 80) / 100)
    for part in (first, figure.actual - first):
        out, back, removed = (
            exact("VOCS", part * chance.randrange(*bounds) / 100) for bounds in ((20, 60), (0, 90), (150, 400))
        )
        row: Row = {
            "年度": made.year,
            **made.plant.keys,
            "污染因子": "VOCS",
            "投入量(t/a)": part + out + back + removed,
        }
        row |= {"产品和废物带出量(t/a)": out, "回收量(t/a)": back, "治理去除量(t/a)": removed}
        hand_in(park, made, "核算-物料衡算", row)


def declare(
    park: Park, made: PlantYear, factor: str, day: date, said: tuple[Decimal, Decimal], sewer: Decimal | None
) -> None:
    """Declare a factor as it is ``said`` (actual, permitted), and the 接管量 of what goes through the sewer."""
    figure, (actual, permitted) = made.figures[factor], said
    base: Row = {"年度": made.year, **made.plant.keys, "污染因子": factor}
    allowed = max(min(exact(factor, actual * Decimal("1.08")), permitted), actual)
    row = {"许可排放量": permitted, "实际排放量": actual, "其中无组织": figure.fugitive, "允许排放量": allowed}
    hand_in(park, made, "总量申报", base | row | {"核算方法": figure.method, "申报日期": day})
    if factor == "COD" and figure.to_sewer is not None and sewer is not None:
        through: Row = {
            "口径": "接管量",
            "许可排放量": sewer,
            "实际排放量": figure.to_sewer,
            "允许排放量": figure.to_sewer,
        }
        hand_in(park, made, "总量申报", base | through | {"核算方法": figure.method, "申报日期": day})


def declare_main(park: Park, made: PlantYear, factor: str, day: date, said: tuple[Decimal, Decimal]) -> None:
    """Declare what leaves the main outlet alone, as the permit limits it."""
    row: Row = {"年度": made.year, **made.plant.keys, "污染因子": factor, "范围": "主要排放口", "许可排放量": said[1]}
    row |= {"实际排放量": said[0], "允许排放量": said[1], "核算方法": made.figures[factor].method, "申报日期": day}
    hand_in(park, made, "总量申报", row)


def publish(park: Park, made: PlantYear, source: str, factor: str, amount: Decimal, **other: object) -> None:
    """Enter a figure that was published elsewhere."""
    row = {"年度": made.year, **made.plant.keys, "污染因子": factor, "来源": source, **other, "排放量": amount}
    hand_in(park, made, "统计与披露", row)
