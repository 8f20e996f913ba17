"""The demo park's three years: no errors, every finding by a story, figures that agree, and quarters that do not notice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from quota_lib.amounts import mass
from quota_lib.annual import Closed
from quota_lib.problems import catalogue
from quota_lib.totals.totals import Total
from quota_lib.workspace import as_of_quarter, load_year, open_workspace
from tests.workspaces import ROOT

from .annual_figures import LOWER, UPGRADED, level
from .make_park import build
from .park import Row
from .register import SEWAGE

D = Decimal
YEARS = (2023, 2024, 2025)
STORIES = {  # the finding, its year, and a word of what it says
    ("W540", 2024): "衡苇己一食品饮料有限公司",
    ("W541", 2025): "衡澜庚一热能供应有限公司",
    ("W542", 2024): "2025-04-11",
    ("W543", 2023): "2024-03-12",
    ("W547", 2025): "环境信息披露公布",
    ("W549", 2024): "污水处理厂没有该因子的出水浓度",
    ("W551", 2025): "总磷实际合计",
    ("W553", 2025): "化学需氧量申报许可",
    ("W562", 2023): "等于许可",
    ("W567", 2025): "完全相同",
}


@pytest.fixture(scope="module")
def years() -> dict[int, Closed]:
    place = open_workspace(ROOT)
    return {year: load_year(place, year, as_of_quarter(year)) for year in YEARS}


@pytest.fixture(scope="module")
def folders() -> dict[str, dict[str, list[Row]]]:
    return build().folders()


def test_no_year_has_an_error(years: dict[int, Closed]) -> None:
    for closed in years.values():
        assert [problem for problem in closed.problems if problem.severity == "error"] == []


def test_every_finding_about_a_year_is_seen_in_one_of_them(years: dict[int, Closed]) -> None:
    codes = {code for code in catalogue() if "W540" <= code <= "W569"}
    seen = {one.code for closed in years.values() for one in closed.findings}

    assert codes - seen == set()


@pytest.mark.parametrize(("code", "year"), STORIES, ids=str)
def test_a_story_is_seen_in_its_year(years: dict[int, Closed], code: str, year: int) -> None:
    assert STORIES[code, year] in " ".join(one.message for one in years[year].findings if one.code == code)


def test_most_of_what_is_declared_is_what_is_computed(years: dict[int, Closed]) -> None:
    for closed in years.values():
        compared = [row.agrees for row in closed.account.totals if row.agrees is not None]

        assert len(compared) > 120
        assert compared.count(False) <= 3


def test_what_is_declared_as_permitted_is_what_the_register_says(years: dict[int, Closed]) -> None:
    for closed in years.values():
        rows = [row for row in whole(closed) if row.declared_permitted is not None]

        assert len(rows) > 120
        assert sum(row.permitted != row.declared_permitted for row in rows) <= 1


def test_every_route_is_taken(years: dict[int, Closed]) -> None:
    routes = {row.route for closed in years.values() for row in closed.account.totals}

    assert {"online", "supervisory", "self_monitoring", "material_balance", "coefficient"} <= routes
    assert {"execution_report", "online+coefficient"} <= routes


def test_one_cap_cannot_be_met_and_it_is_said_by_how_much(years: dict[int, Closed]) -> None:
    short = {
        year: [(one.zone, one.factor) for one in closed.allowables.balances if one.short]
        for year, closed in years.items()
    }

    assert short == {2023: [], 2024: [], 2025: [("XT", "COD")]}


def test_the_sewage_plant_is_counted_at_its_two_levels_of_2024() -> None:
    zone = next(zone for zone, name in SEWAGE.items() if name == UPGRADED)

    assert LOWER["COD"] == 20
    assert level(zone, "COD", 2023, D(300)) == 30
    assert level(zone, "COD", 2024, D(300)) == (182 * 30 + 184 * D(20)) / 366  # from 1 July of a leap year
    assert level(zone, "COD", 2025, D(300)) == 20


def test_what_reaches_the_environment_is_the_water_at_the_sewage_plants_level(years: dict[int, Closed]) -> None:
    row = next(
        row
        for row in whole(years[2024])
        if row.factor == "COD" and row.route == "self_monitoring" and row.zone in ("HX", "HD", "WB")
    )
    account = years[2024].account
    samples = [one for one in account.year.samples if (one.unit, one.factor, one.kind) == (row.unit, "COD", "自行监测")]
    water = sum(one.flow for one in samples) / len(samples) * account.year.outlet_years[row.unit, "DW001"].hours

    assert row.computed_actual == pytest.approx(mass(str(round(water * (182 * 30 + 184 * 20) / 366 / 10**6, 9))), abs=1)


@pytest.mark.parametrize(
    "sheet", ["许可总量", "污水处理厂", "排放口", "总量管理名单", "总量申报", "手工监测", "排放口年度"]
)
def test_a_sheet_of_the_total_library_is_used_in_an_annual_folder(
    folders: dict[str, dict[str, list[Row]]], sheet: str
) -> None:
    assert any(folders[str(year)].get(sheet) for year in YEARS)


def test_samples_below_the_limit_state_it(folders: dict[str, dict[str, list[Row]]]) -> None:
    rows = [row for year in YEARS for row in folders[str(year)]["手工监测"]]
    low = [row for row in rows if row["浓度(mg/m³ 或 mg/L)"] == "未检出"]

    assert low
    assert all("检出限" in row for row in low)


def test_no_figure_verified_later_rests_under_a_recovery(folders: dict[str, dict[str, list[Row]]]) -> None:
    owner = {row["建设项目编号"]: row for sheets in folders.values() for row in sheets.get("建设项目", [])}
    granted = {
        (owner[row["建设项目编号"]]["统一社会信用代码"], row["污染因子"])
        for sheets in folders.values()
        for row in sheets.get("总量核定", [])
        if row["结论"] == "同意"
    }
    second = [row for year in YEARS for row in folders[str(year)]["总量复核"] if row["复核人"] == "复核员丙"]

    assert second
    assert [row for row in second if (row["统一社会信用代码"], row["污染因子"]) in granted and row["年度"] < 2025] == []


def whole(closed: Closed) -> Iterator[Total]:
    """Return the plant-wide rows to the environment."""
    return (row for row in closed.account.totals if (row.basis, row.scope) == ("外排环境量", "全厂"))
