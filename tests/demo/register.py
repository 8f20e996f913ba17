"""Who and where: zones, plants and sewage plants.  No name or code here belongs to anyone."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .park import QUARTERS, ZONES, Park, Row, amounts, tonnes

AIR = ("PM", "SO2", "NOX", "VOCS")
WATER = ("COD", "NH3N", "TN", "TP")
METALS = ("PB", "HG", "CD", "CR", "AS")
FACTORS = AIR + WATER + METALS

DECIMALS = dict(zip(FACTORS, (3, 3, 3, 4, 3, 4, 3, 5, 7, 7, 7, 7, 7), strict=True))
LEAST = "PM 0.4, SO2 0.3, NOX 0.8, VOCS 1, COD 2, NH3N 0.15, TN 0.6, TP 0.04"
LEAST += ", PB 0.0001, HG 0.00001, CD 0.00002, CR 0.0003, AS 0.00002"
MOST = "PM 12, SO2 9, NOX 20, VOCS 45, COD 90, NH3N 8, TN 20, TP 1.6"
MOST += ", PB 0.004, HG 0.0002, CD 0.0006, CR 0.006, AS 0.0008"
INDUSTRIES = {  # word in the name: industry code (GB/T 4754), factors
    "精密机械": ("3484", ("PM", "VOCS", "COD", "NH3N")),
    "电子材料": ("3985", ("VOCS", "COD", "NH3N", "TN", "TP", "PB")),
    "半导体": ("3973", ("NOX", "VOCS", "COD", "NH3N", "TN", "TP", "AS")),
    "汽车部件": ("3670", ("PM", "SO2", "NOX", "VOCS", "COD")),
    "印刷包装": ("2319", ("PM", "VOCS")),
    "树脂涂料": ("2641", ("PM", "SO2", "NOX", "VOCS", "COD", "NH3N", "TN", "TP")),
    "生物医药": ("2761", ("VOCS", "COD", "NH3N", "TN", "TP", "HG")),
    "食品饮料": ("1523", ("SO2", "NOX", "COD", "NH3N", "TN", "TP")),
    "表面处理": ("3360", ("VOCS", "COD", "NH3N", "TN", "TP", "PB", "CD", "CR")),
    "热能供应": ("4430", ("PM", "SO2", "NOX", "HG", "AS")),
}
STREETS = ("明湖路", "星汀街", "岫云路", "苇塘路", "衡山街")
PREFIX = {"HX": "衡湖", "HD": "衡澜", "XT": "衡汀", "XK": "衡岫", "WB": "衡苇"}
SEWAGE = {zone: f"衡湖{'一' if zone in ('HX', 'HD', 'WB') else '二'}号污水处理厂" for zone in ZONES}
OUTLET_MG_PER_L = {"COD": "30", "NH3N": "1.5", "TN": "10", "TP": "0.3"}
STORY_PLANTS = 5  # the first plants of each zone, kept for the written stories
PER_ZONE = 16


@dataclass
class Plant:
    """A plant of the register and what it may discharge now, t/a."""

    code: str
    site: str
    name: str
    zone: str
    industry: str
    since: str  # the folder that registers it
    permitted: dict[str, Decimal] = field(default_factory=dict)

    @property
    def keys(self) -> Row:
        """Return the two headings that name a plant; site 001 is left out as people do."""
        return {"统一社会信用代码": self.code} | ({"厂区编号": self.site} if self.site else {})


def credit_code(serial: int) -> str:
    """Return a code of an area that does not exist, with valid check digits (GB 32100-2015, GB 11714)."""
    body = f"YX{serial * 7919 % 1000000:06d}"
    value = {letter: place for place, letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    inner = (11 - sum(value[c] * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11) % 11
    code = "91320599" + body + ("X" if inner == 10 else str(inner))
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    check = (31 - sum(letters.index(c) * pow(3, place, 31) for place, c in enumerate(code)) % 31) % 31
    return code + letters[check]


def make_plants(park: Park) -> dict[str, list[Plant]]:
    """Register the zones and some eighty plants, and return the plants by zone."""
    first = QUARTERS[0]
    for code, name in ZONES.items():
        park.add(first, "功能区", {"功能区编码": code, "功能区名称": name})
    found: dict[str, list[Plant]] = {zone: [] for zone in ZONES}
    words = list(INDUSTRIES)
    for z, zone in enumerate(ZONES):
        for n in range(PER_ZONE):
            word = words[(n + 3 * z) % len(words)]
            name = PREFIX[zone] + "甲乙丙丁戊己庚辛壬癸"[n % 10] + "一二"[n // 10] + word + "有限公司"
            since = first if n < PER_ZONE - 1 else QUARTERS[3 + z]
            code = credit_code(z * 100 + n + 1)
            found[zone].append(Plant(code, "", name, zone, word, since))
    twin = found["HX"][0]
    twin.site = "001"
    found["XT"].insert(STORY_PLANTS, Plant(twin.code, "002", twin.name, "XT", twin.industry, first))
    for plants in found.values():
        for plant in plants:
            enter(park, plant)
    for name in sorted(set(SEWAGE.values())):
        for factor, limit in OUTLET_MG_PER_L.items():
            park.add(
                first,
                "污水处理厂",
                {
                    "污水处理厂名称": name,
                    "污染因子": factor,
                    "出水浓度(mg/L)": Decimal(limit),
                    "依据": "设计出水限值",
                    "生效日期": date(2021, 1, 1),
                },
            )
    return found


def enter(park: Park, plant: Plant) -> None:
    """Register one plant with its size and, for the larger ones, what its permit allows."""
    chance = park.draw("plant", plant.code, plant.site)
    code, factors = INDUSTRIES[plant.industry]
    least, most = amounts(LEAST), amounts(MOST)
    size = chance.randrange(120, 881)
    for factor in factors:  # a large plant is large in everything, more or less
        share = Decimal(size + chance.randrange(-120, 121)) / 1000
        plant.permitted[factor] = tonnes(chance, least[factor], most[factor], DECIMALS[factor], share)
    level = chance.choice(("重点管理", "简化管理", "简化管理", "登记管理"))
    water = "COD" in plant.permitted
    park.add(
        plant.since,
        "排污单位",
        plant_row(plant)
        | {
            "行业代码": code,
            "排污许可管理类别": level,
            "排污许可证编号": None if level == "登记管理" else plant.code + (plant.site or "001") + "V",
            "受纳污水处理厂": SEWAGE[plant.zone] if water else None,
            "地址": f"{ZONES[plant.zone]}{chance.choice(STREETS)}{chance.randrange(1, 299)}号",
        },
    )
    if level == "重点管理":
        for factor, amount in plant.permitted.items():
            park.add(
                plant.since,
                "许可总量",
                plant.keys
                | {
                    "污染因子": factor,
                    "全厂许可外排环境量": amount,
                    "依据": "排污许可证",
                    "生效日期": date(2022, chance.randrange(1, 13), chance.randrange(1, 28)),
                },
                zone=plant.zone,
            )


def plant_row(plant: Plant) -> Row:
    """Return the required part of a plant's row."""
    return plant.keys | {"单位名称": plant.name, "功能区编码": plant.zone}
