"""The plants' year becomes their monitors' year: what each carries, which platform sends it, how it was calibrated."""

from datetime import datetime, timedelta
from decimal import Decimal

from .annual_figures import Key, PlantYear
from .annual_papers import AIR_MG_PER_M3, hand_in, stack_flow
from .hourly_files import CSV, DECIMAL, LETTERS, PLAIN
from .hourly_register import FIRST, MUST, SILENT, START, events, monitors
from .hourly_series import Stream
from .park import Park
from .register import WATER

PLATFORM = {"HX": PLAIN, "HD": DECIMAL}
CONTINUOUS = "01-25..02-10 09-15..09-30-16"  # the two overhauls of a plant that runs 8000 hours
EDGES = "衡澜丙二树脂涂料有限公司"  # its captures lie at the edges; it stops only in the last quarter
SUMMER = "衡汀乙二食品饮料有限公司"  # makes drinks until September, and exports its own data
COPIED, COPY = "衡岫丁二半导体有限公司", "衡苇甲二半导体有限公司"  # nitrogen oxides of one shown as the other's
CLOSED = {EDGES: "11-01..12-02-16", SUMMER: "01-24..02-16 10-01..12-31-24"}
HISTORY = {(EDGES, "SO2"), ("衡湖己一树脂涂料有限公司", "PM")}  # monitors that have run since the December before
SHOWN = {  # what a monitor shows, as a share of what is reckoned in the end where much is substituted
    (EDGES, "PM"): "0.985",
    (EDGES, "SO2"): "0.95",
    (EDGES, "NOX"): "0.95",
}
CALIBRATED = ("01-08", "04-08", "07-08", "10-13")


def streams(park: Park, found: dict[Key, PlantYear]) -> list[Stream]:
    """Return every monitor's year."""
    made = [one for year in found.values() for one in of_plant(park, year)]
    twin = next(one for one in made if one.factor == "NOX" and one.code == code_of(found, COPIED))
    next(one for one in made if one.factor == "NOX" and one.code == code_of(found, COPY)).twin = twin
    return made


def code_of(found: dict[Key, PlantYear], name: str) -> str:
    """Return the code of a plant."""
    return next(one.plant.code for one in found.values() if one.plant.name == name)


def of_plant(park: Park, made: PlantYear) -> list[Stream]:
    """Return the monitors of one plant, outlet by outlet."""
    return [
        stream(park, made, one.outlet, factor)
        for one in sorted(monitors(made.plant, FIRST))
        if one.why != SILENT
        for factor in one.factors
    ]


def near(park: Park, made: PlantYear, *what: str) -> Decimal:
    """Return by how much a monitor's year differs from what the plant reckons: up to 1.2 %."""
    return 1 + Decimal(park.draw("monitor", made.plant.code, *what).randrange(-12, 13)) / 1000


def stream(park: Park, made: PlantYear, outlet: str, factor: str) -> Stream:
    """Return one monitor's year."""
    plant, figure, water = made.plant, made.figures[factor], factor in WATER
    target = (figure.to_sewer if water else figure.actual - (figure.fugitive or 0)) or Decimal(0)
    if water:
        volume = made.water
    elif outlet == "DA001":
        volume = stack_flow(made) * made.hours
    else:
        volume = target * 10**9 / AIR_MG_PER_M3[factor]
    return Stream(
        plant.code,
        plant.site or "001",
        outlet,
        factor,
        water,
        made.hours,
        target * Decimal(SHOWN.get((plant.name, factor), 1)) * near(park, made, outlet, factor),
        volume * near(park, made, outlet, "flow"),
        CLOSED.get(plant.name, CONTINUOUS if made.hours == 8000 else ""),
        (plant.name, factor) in HISTORY,
        events(plant, outlet, factor),
        not (plant.name == EDGES and not water),
        CSV if plant.name == SUMMER else PLATFORM.get(plant.zone, LETTERS),
    )


def calibrations(park: Park, made: PlantYear) -> None:
    """Hand in how the monitors of the air were calibrated: each quarter, and around the hours out of control."""
    for one in monitors(made.plant, made.year):
        for factor in one.factors if one.outlet != "DW001" and one.why == MUST else ():
            tried = [(datetime.strptime(f"{FIRST}-{day} 09:30", "%Y-%m-%d %H:%M"), "合格") for day in CALIBRATED]
            for event in events(made.plant, one.outlet, factor):
                if event.what == "out_of_control":
                    first = START + timedelta(hours=event.first)
                    tried += [(first + timedelta(minutes=20), "不合格"), (first + timedelta(hours=event.hours), "合格")]
            for time, result in sorted(tried):
                row = {
                    **made.plant.keys,
                    "排放口编号": one.outlet,
                    "污染因子": factor,
                    "校准时间": time,
                    "结果": result,
                }
                hand_in(park, made, "校准记录", row, book="在线监测校准记录.xlsx")
