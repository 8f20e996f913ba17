"""What ordinary business hands in with a reduction: inputs whose computed amount is close to the declared one.

Plants round what they compute down when they declare it; one in eight declares a little more than it can show.
"""

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from random import Random

from .park import Amounts, Inputs, Row, t
from .register import METALS, OUTLET_MG_PER_L

G, KG, MG = Decimal(10**6), Decimal(1000), Decimal(10**9)  # in a tonne
METAL_FALL = {"PB": "0.05", "HG": "0.001", "CD": "0.005", "CR": "0.2", "AS": "0.03"}  # mg/L
STEP = {"COD": "0.1", "NH3N": "0.01", "TN": "0.1", "TP": "0.001"} | dict.fromkeys(METALS, "0.00001")


def up(value: Decimal, step: str) -> Decimal:
    """Return the next multiple of a power of ten at or above a value."""
    return plain(value.quantize(Decimal(step), ROUND_UP))


def plain(value: Decimal) -> Decimal:
    """Return a number without an exponent and trailing zeros."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def shown(amount: Decimal, chance: Random) -> Decimal:
    """Return the amount that the inputs will bear out."""
    return amount * t("0.96") if chance.random() < 0.125 else amount


def closure(amounts: Amounts, chance: Random) -> dict[str, Inputs]:
    """Return a shut line's discharge in its last full year."""
    more = t(chance.choice(("1", "1", "1.02")))
    return {
        factor: Inputs("关停", ({"关停前完整年度排放量(t/a)": plain(amount * more)},), "上一年度许可执行报告")
        for factor, amount in amounts.items()
    }


def paint(amounts: Amounts, chance: Random) -> dict[str, Inputs]:
    """Return the old paint and the new one, used alike in the same booth."""
    old, new = chance.randrange(42, 60), chance.randrange(6, 14)
    way, collected = chance.choice((("包围型集气罩", "0.5"), ("密闭空间负压", "0.9"), ("密闭空间正压", "0.8")))
    left = 1 - t(collected) * t("0.3")
    mass = up(shown(amounts["VOCS"], chance) / (t(str(old - new)) / 100 * left), "0.01")
    rows: tuple[Row, ...] = tuple(
        {
            "新旧": role,
            "原料用量(t/a)": mass,
            "VOCs质量分数(%)": Decimal(share),
            "收集方式": way,
            "治理技术": "一次性活性炭吸附",
        }
        for role, share in (("旧", old), ("新", new))
    )
    return {"VOCS": Inputs("原料替代", rows, "涂料检测报告与领用台账")}


def electric_kiln(amounts: Amounts, chance: Random) -> dict[str, Inputs]:
    """Return the gas that a kiln no longer burns; dust and sulphur dioxide rest on measurements."""
    if "NOX" not in amounts:
        return {}
    gas = up(shown(amounts["NOX"], chance) * KG / t("18.7"), "0.1")
    row = {"新旧": "旧", "燃料": "天然气（工业炉窑）", "燃料用量(t/a 或 10⁴ m³/a)": gas}
    return {"NOX": Inputs("能源替代", (row,), "燃气公司结算单")}


def oxidiser(amounts: Amounts, chance: Random) -> dict[str, Inputs]:
    """Return the same workshop before and after a regenerative oxidiser took the place of carbon."""
    way, collected = chance.choice((("包围型集气罩", "0.5"), ("半密闭集气罩", "0.65")))
    gain = t("0.9") * t("0.9") - t(collected) * t("0.3")
    row = {
        "VOCs产生量(t/a)": up(shown(amounts["VOCS"], chance) / gain, "0.01"),
        "治理前收集方式": way,
        "治理前治理技术": "一次性活性炭吸附",
        "治理后收集方式": "密闭空间负压",
        "治理后治理技术": "蓄热燃烧",
    }
    return {"VOCS": Inputs("VOCs治理", (row,), "物料衡算与验收监测报告")}


def enclosure(amounts: Amounts, chance: Random) -> dict[str, Inputs]:
    """Return the same workshop, treated alike, before and after it was enclosed."""
    way, collected = chance.choice((("外部集气罩", "0.3"), ("包围型集气罩", "0.5")))
    technology, removed = chance.choice((("蓄热燃烧", "0.9"), ("活性炭吸附（集中再生）", "0.5")))
    gain = t(removed) * (t("0.9") - t(collected))
    row = {
        "VOCs产生量(t/a)": up(shown(amounts["VOCS"], chance) / gain, "0.01"),
        "治理前收集方式": way,
        "治理前治理技术": technology,
        "治理后收集方式": "密闭空间负压",
        "治理后治理技术": technology,
    }
    return {"VOCS": Inputs("VOCs治理", (row,), "物料衡算与验收监测报告")}


def dust(amounts: Amounts, chance: Random) -> dict[str, Inputs]:
    """Return one stack's dust, measured before and after new filters."""
    hours, before, after = (
        chance.choice((4800, 6000, 7200)),
        t(str(chance.randrange(12, 28))),
        t(chance.choice(("2.5", "4", "6.2"))),
    )
    row = {
        "标干流量(Nm³/h)": up(shown(amounts["PM"], chance) * MG / (hours * (before - after)), "1E1"),
        "年运行时间(h/a)": Decimal(hours),
        "治理前浓度(mg/m³)": before,
        "治理后浓度(mg/m³)": after,
    }
    return {"PM": Inputs("废气治理", (row,), "改造前后第三方监测报告")}


def boiler(amounts: Amounts, chance: Random) -> dict[str, Inputs]:
    """Return a gas boiler that had a low-NOx burner and now has SCR behind it."""
    if "NOX" not in amounts:
        return {}
    row = {
        "活动水平(计量单位/a)": up(shown(amounts["NOX"], chance) * KG / (t("18.71") * t("0.5")), "0.1"),
        "产污系数(kg/计量单位)": t("18.71"),
        "治理前治理技术": "低氮燃烧",
        "治理前去除率(%)": Decimal(30),
        "治理后治理技术": "低氮燃烧、SCR",
        "治理后去除率(%)": Decimal(80),
    }
    return {"NOX": Inputs("废气治理", (row,), "锅炉设计文件与验收监测报告，脱硝后合计去除率80%")}


def water(amounts: Amounts, chance: Random) -> dict[str, Inputs]:
    """Return one flow that now stays below what the sewage plant lets out, so that the environment gets less."""
    most = {factor: t(OUTLET_MG_PER_L[factor]) * t("0.7") for factor in amounts}
    flow = up(max(amount * G / most[factor] for factor, amount in amounts.items()), "1E2")
    return {
        factor: Inputs(
            "废水治理", (_outlet(flow, t(OUTLET_MG_PER_L[factor]), amount, STEP[factor]),), "总排口在线监测年均值"
        )
        for factor, amount in amounts.items()
    }


def _outlet(flow: Decimal, before: Decimal, amount: Decimal, step: str) -> Row:
    after = (before - amount * G / flow).quantize(Decimal(step), ROUND_DOWN)
    return {"排水量(m³/a)": flow, "治理前浓度(mg/L)": before, "治理后浓度(mg/L)": plain(after)}


def metals(amounts: Amounts, chance: Random) -> dict[str, Inputs]:
    """Return the water of one workshop before and after its metals were precipitated and exchanged."""
    flow = up(max(amount * G / t(METAL_FALL[factor]) for factor, amount in amounts.items()), "1E2")
    found = {}
    for factor, amount in amounts.items():
        fall = up(amount * G / flow, STEP[factor])
        after = up(fall * t("0.3"), STEP[factor])
        row = {"排水量(m³/a)": flow, "治理前浓度(mg/L)": plain(after + fall), "治理后浓度(mg/L)": after}
        found[factor] = Inputs("废水治理", (row,), "车间排口监测报告")
    return found


def canteen(amounts: Amounts, chance: Random) -> dict[str, Inputs]:
    """Return a canteen's fume, where the flow is one that a canteen has."""
    hours, before, after = 1500, t("8.5"), 85
    gain = before * hours * (t("0.85") - t("0.4"))
    flow = up(shown(amounts["PM"], chance) * MG / gain, "1E1") if "PM" in amounts else MG
    row = {
        "净化前浓度(mg/m³)": before,
        "排风量(m³/h)": flow,
        "年运行时间(h/a)": Decimal(hours),
        "治理前去除率(%)": Decimal(40),
        "治理后去除率(%)": Decimal(after),
    }
    return {"PM": Inputs("餐饮", (row,), "油烟监测报告")} if flow <= 30000 else {}


def lorries(amounts: Amounts, chance: Random) -> dict[str, Inputs]:
    """Return the lorries that were scrapped and what took their place."""
    amount = shown(amounts["NOX"], chance)
    gain = t("6.4") - t("1.9")
    vehicles = (amount * G / (gain * 18000)).quantize(Decimal(1), ROUND_UP)
    row = {
        "淘汰车辆数(辆)": vehicles,
        "年行驶里程(km/a)": up(amount * G / (gain * vehicles), "1E1"),
        "淘汰车辆排放系数(g/km)": t("6.4"),
        "替代车辆排放系数(g/km)": t("1.9"),
    }
    return {"NOX": Inputs("机动车淘汰", (row,), "车辆报废证明与里程表读数")}


def petrol(amounts: Amounts, chance: Random) -> dict[str, Inputs]:
    """Return the petrol sold by a depot that recovers more of its vapours than before."""
    before = chance.choice((0, 60))
    sales = up(shown(amounts["VOCS"], chance) * KG / (t("2.41") * (95 - before) / 100), "1")
    row = {"汽油销售量(t/a)": sales, "治理前回收率(%)": Decimal(before), "治理后回收率(%)": Decimal(95)}
    return {"VOCS": Inputs("油气回收", (row,), "油品进销台账与回收装置检测报告")}


WORKS: dict[str, Callable[[Amounts, Random], dict[str, Inputs]]] = {
    "生产线关停": closure,
    "水性涂料替代油性涂料": paint,
    "燃气炉窑改电加热": electric_kiln,
    "有机废气改蓄热燃烧": oxidiser,
    "集气罩改密闭负压收集": enclosure,
    "除尘设施更新": dust,
    "锅炉低氮与脱硝改造": boiler,
    "污水站提标改造": water,
    "废水重金属深度处理": metals,
    "职工食堂油烟净化提升": canteen,
    "厂内老旧运输车辆淘汰": lorries,
    "油品储存油气回收": petrol,
}
