"""Written stories about the annual submissions: lists, deadlines, figures that do not agree, figures too good to be true."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from . import annual_papers as papers
from .annual_caps import set_caps
from .annual_figures import BALANCE, COEFFICIENT, REPORT, SELF, Key, PlantYear, exact, key_of, verified
from .annual_register import Permits, enter_outlets, enter_permits, granted_in
from .annual_traffic import Odd, Oddities, Years, hand_all_in, reporters, verify_more, years
from .hourly_register import FIRST
from .hourly_streams import EDGES, streams
from .park import Park, Row
from .register import Plant

KILN_KG = Decimal("18.7")  # NOX of 10⁴ m³ of natural gas in a kiln
REMOVED = Decimal("0.4")  # of it, by ammonia (SNCR)


class Stories:
    """The years as they would be, and what is made odd about them; no plant has two stories."""

    def __init__(self, park: Park, found: Years, permits: Permits) -> None:
        self.park, self.found, self.permits = park, found, permits
        self.odd: Oddities = {}
        self.taken: set[Key] = set()

    def pick(self, year: int, fits: Callable[[PlantYear], bool]) -> tuple[PlantYear, Odd]:
        """Return the first plant whose year fits and that no story has told of, and its oddities."""
        made = next(one for key, one in self.found[year].items() if key not in self.taken and fits(one))
        key = key_of(made.plant)
        self.taken.add(key)
        return made, self.odd.setdefault((key, year), Odd())

    def checked(self, made: PlantYear, factor: str) -> bool:
        """Return whether the bureau verified a figure."""
        return (key_of(made.plant), factor) in verified(self.park, made.year)

    def by(self, factor: str, method: str, verified: bool | None = None) -> Callable[[PlantYear], bool]:
        """Return a test: the plant has the factor by this method, and it was verified or not."""
        return lambda made: (
            factor in made.figures
            and made.figures[factor].method == method
            and verified in (None, self.checked(made, factor))
        )


def tell(park: Park, everyone: list[Plant], plants: list[Plant], permits: Permits) -> None:
    """Hand in all that is submitted about three years."""
    listed = reporters(park, plants)
    enter_permits(park, plants, listed, permits)
    enter_outlets(park, listed)
    stories = Stories(park, years(park, listed, permits), permits)
    for story in (
        lists,
        late,
        too_low,
        above_its_permit,
        old_statistics,
        wrong_basis,
        chromium_into_the_sewer,
        permit_before_the_reduction,
        just_above_the_line,
        taken_from_the_permit,
        one_consultant,
        last_years_figure,
        new_line,
        in_yuan,
        below_the_capture,
    ):
        story(stories)
    hand_all_in(park, stories.found, stories.odd, permits)
    park.streams = streams(park, stories.found[FIRST])
    for of in stories.found.values():
        verify_more(park, of, granted_in(park))
    for story in (
        above_what_it_may,
        boiler_without_a_permit,
    ):
        story(stories)
    set_caps(park, everyone, permits)


def lists(on: Stories) -> None:
    """One plant is listed and silent, one declares unlisted, one is listed only in March."""
    on.pick(2024, lambda made: made.plant.zone == "WB")[1].silent = True
    on.pick(2025, lambda made: made.plant.zone == "HD")[1].unlisted = True
    on.pick(2023, lambda made: made.plant.zone == "XK")[1].listed = date(2024, 3, 12)


def late(on: Stories) -> None:
    """A plant declares 2024 after 31 March, and the year after on the last day."""
    made, odd = on.pick(2024, lambda made: made.plant.zone == "XT")
    odd.declared = date(2025, 4, 11)
    on.odd[key_of(made.plant), 2025] = Odd(declared=date(2026, 3, 31))


def too_low(on: Stories) -> None:
    """A plant declares what leaves its stack and forgets the fugitive part that it computed."""
    made, odd = on.pick(2024, on.by("VOCS", COEFFICIENT))
    odd.actual["VOCS"] = exact("VOCS", made.figures["VOCS"].actual * Decimal("0.47"))


def above_its_permit(on: Stories) -> None:
    """A furnace's dust is above what the permit allows, and the plant says so."""
    figure = on.pick(2025, on.by("PM", SELF, verified=False))[0].figures["PM"]
    figure.actual = exact("PM", figure.permitted * Decimal("1.06"))


def old_statistics(on: Stories) -> None:
    """The statistics still hold the year before."""
    made, odd = on.pick(2024, lambda made: on.checked(made, "VOCS"))
    odd.published["环境统计", "VOCS"] = exact("VOCS", made.figures["VOCS"].actual * Decimal("1.13"))


def wrong_basis(on: Stories) -> None:
    """A plant discloses what it sends to the sewer as what reaches the environment."""
    made, odd = on.pick(2025, lambda made: on.checked(made, "COD") and made.figures["COD"].to_sewer is not None)
    odd.published["环境信息披露", "COD"] = made.figures["COD"].to_sewer or Decimal(0)


def chromium_into_the_sewer(on: Stories) -> None:
    """Chromium is sampled before the sewer, and nobody knows what leaves the sewage plant."""
    made, _ = on.pick(2024, lambda made: "CR" in made.figures)
    figure, chance = made.figures["CR"], on.park.draw("chromium")
    figure.method = SELF
    level = papers.significant(figure.actual * 10**6 / made.water, 3)
    flow = papers.significant(made.water / made.hours, 4)
    for day, seen in ((date(2024, 5, 15), level), (date(2024, 10, 23), None)):
        papers.sample(on.park, made, "自行监测", "DW001", "CR", day, seen, flow, chance, None if seen else "0.004")


def permit_before_the_reduction(on: Stories) -> None:
    """A plant declares the permit that it had before its reduction."""

    def reduced(made: PlantYear) -> bool:
        key = key_of(made.plant)
        return (
            on.permits.now[2024][key].get("COD", Decimal(0)) > made.figures["COD"].permitted
            if "COD" in made.figures
            else False
        )

    made, odd = on.pick(2025, reduced)
    odd.permitted["COD"] = on.permits.now[2024][key_of(made.plant)]["COD"]


def just_above_the_line(on: Stories) -> None:
    """A plant declares a hair more than 80 % of its permit."""
    made, _ = on.pick(2025, on.by("VOCS", BALANCE, verified=False))
    made.figures["VOCS"].actual = exact("VOCS", made.figures["VOCS"].permitted * Decimal("0.803"))


def taken_from_the_permit(on: Stories) -> None:
    """A plant declares what it may discharge as what it discharged."""
    made, odd = on.pick(2023, on.by("NOX", SELF))
    odd.actual["NOX"] = made.figures["NOX"].permitted


def one_consultant(on: Stories) -> None:
    """Two plants with one consultant declare the same figure."""
    first = on.pick(2025, on.by("VOCS", COEFFICIENT))[0].figures["VOCS"].actual
    near = on.by("VOCS", BALANCE)
    second = on.pick(
        2025, lambda made: near(made) and made.figures["VOCS"].actual / 2 < first < made.figures["VOCS"].permitted
    )
    second[1].actual["VOCS"] = first


def last_years_figure(on: Stories) -> None:
    """A plant declares last year's nitrogen once more."""
    made, odd = on.pick(2024, on.by("TN", REPORT))
    odd.actual["TN"] = on.found[2023][key_of(made.plant)].figures["TN"].actual


def new_line(on: Stories) -> None:
    """A plant's second line starts; its nitrogen oxides more than double."""

    def free(made: PlantYear) -> bool:
        years = [of[key_of(made.plant)] for of in on.found.values()]
        return all(on.by("NOX", SELF, verified=False)(one) for one in years)

    made, _ = on.pick(2025, free)
    for year, share in ((2023, "0.4"), (2024, "0.41")):
        before = on.found[year][key_of(made.plant)].figures["NOX"]
        before.actual = exact("NOX", made.figures["NOX"].actual * Decimal(share))


def below_the_capture(on: Stories) -> None:
    """A monitor captured too little in one quarter: there the kiln's gas counts as if nothing were removed."""
    made = next(one for one in on.found[FIRST].values() if one.plant.name == EDGES)
    row: Row = {"年度": FIRST, **made.plant.keys, "排放口编号": "DA001", "污染因子": "NOX"}
    gas = (made.figures["NOX"].actual * 1000 / KILN_KG / (1 - REMOVED)).quantize(Decimal("0.1"))
    row |= {"活动水平(计量单位/a)": gas, "产污系数(kg/计量单位)": KILN_KG, "治理技术": "SNCR"}
    papers.hand_in(on.park, made, "核算-产排污系数", row | {"去除率(%)": REMOVED * 100})


def above_what_it_may(on: Stories) -> None:
    """The bureau sets more for next year than the plant is permitted: a slip of the pen."""
    rows = verified(on.park, 2025)

    def factor_of(made: PlantYear) -> str:
        own = (one for one in made.figures if (key_of(made.plant), one) in rows)
        return next((one for one in own if "下年度核定允许排放量" in rows[key_of(made.plant), one]), "")

    made, _ = on.pick(2025, lambda made: bool(factor_of(made)))
    factor = factor_of(made)
    row = rows[key_of(made.plant), factor]
    row["下年度核定允许排放量"] = exact(factor, made.figures[factor].permitted * Decimal("1.05"))


def boiler_without_a_permit(on: Stories) -> None:
    """A stand-by boiler ran; the bureau verified its sulphur dioxide, which no permit names."""
    made, _ = on.pick(2025, lambda made: "SO2" not in made.figures and "NOX" in made.figures)
    row: Row = {"年度": 2025, **made.plant.keys, "污染因子": "SO2", "核定实际排放量": Decimal("0.214")}
    row |= {"意见": "备用锅炉启用，许可证未载明", "复核人": "复核员丙", "复核日期": date(2026, 6, 9)}
    papers.hand_in(on.park, made, "总量复核", row, book="2025年度总量复核（第二批）.xlsx")


def in_yuan(on: Stories) -> None:
    """A plant gives its output in yuan."""
    made, _ = on.pick(2024, lambda made: made.plant.industry in ("半导体", "电子材料"))
    made.output *= 10000
