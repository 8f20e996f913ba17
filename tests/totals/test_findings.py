"""What a person should look at in a year: lists, deadlines, figures that do not fit."""

from __future__ import annotations

from typing import Any

import pytest

from quota_lib.problems import catalogue
from quota_lib.totals import ANNUAL_CHECKS, annual, annual_findings
from quota_lib.totals.online import Online
from tests.totals.monitors import online
from tests.totals.worlds import CODE, RULES, B, row, year

HOURS, SAMPLE = row("排放口年度"), row("手工监测")  # 0.4 t of NOX
LISTED = row("总量管理名单")


def seen(*rows: Any, data: Online = Online(), **changes: str) -> list[str]:  # noqa: B008
    given = RULES.changed({f"annual.{name}": value for name, value in changes.items()}, "试验")
    return [one.code for one in annual_findings(annual(year(*rows, given=given), data))]


def said(code: str, *rows: Any, data: Online = Online()) -> str:  # noqa: B008
    return next(one.message for one in annual_findings(annual(year(*rows), data)) if one.code == code)


def test_every_annual_check_has_words_a_level_and_a_clause():
    for code in ANNUAL_CHECKS:
        assert catalogue()[code].clause and RULES.parameters[f"warnings.{code}"].more["level"] in ("预警", "提示")


def test_a_listed_plant_that_declared_is_no_finding():
    assert seen(LISTED, row("总量申报"), row("许可总量")) == []


def test_listed_without_declaration_and_declared_without_listing():
    assert seen(LISTED) == ["W540"]
    assert seen(row("总量申报"), row("许可总量")) == ["W541"]
    both = seen(LISTED, row("总量申报", **{CODE: B}), row("许可总量", **{CODE: B}))
    assert both == ["W540", "W541"]


def test_a_list_of_another_year_does_not_help():
    assert seen(row("总量管理名单", 年度=2024), row("总量申报"), row("许可总量")) == ["W541"]


def test_what_is_in_error_is_not_called_missing():
    assert seen(LISTED, row("总量申报", 实际排放量="约5")) == []
    assert seen(LISTED, row("总量申报", 申报日期="2027-01-01")) == []
    assert "W541" not in seen(row("总量管理名单", 排定日期="2027-01-01"), row("总量申报"))


@pytest.mark.parametrize(("day", "late"), [("2026-03-30", False), ("2026-03-31", False), ("2026-04-01", True)])
def test_a_declaration_is_late_after_the_end_of_march(day, late):
    assert ("W542" in seen(LISTED, row("总量申报", 申报日期=day))) == late


def test_a_correction_of_a_declaration_in_time_is_not_late():
    rows = [LISTED, row("总量申报"), row("总量申报", 申报日期="2026-05-01", 实际排放量="6")]
    assert "W542" not in seen(*rows)


@pytest.mark.parametrize(("day", "late"), [("2026-02-27", False), ("2026-02-28", False), ("2026-03-01", True)])
def test_a_list_is_late_after_the_end_of_february(day, late):
    assert ("W543" in seen(row("总量管理名单", 排定日期=day))) == late


def test_under_the_other_reading_the_list_is_due_in_the_year_itself():
    day = row("总量管理名单", 排定日期="2025-03-01")
    assert "W543" not in seen(day) and "W543" in seen(day, managed_after="0")


@pytest.mark.parametrize(("declared", "found"), [("0.42", False), ("0.420000001", True)])
def test_declared_and_computed_differ(declared, found):
    assert ("W544" in seen(LISTED, row("总量申报", 实际排放量=declared), SAMPLE, HOURS)) == found


@pytest.mark.parametrize(("actual", "found"), [("9.999999999", False), ("10", False), ("10.000000001", True)])
def test_actual_above_permitted_is_strict(actual, found):
    assert ("W545" in seen(row("许可总量"), row("总量复核", 核定实际排放量=actual))) == found


@pytest.mark.parametrize(("actual", "found"), [("7.999999999", False), ("8", False), ("8.000000001", True)])
def test_actual_above_allowable_is_strict(actual, found):
    account = annual(year(row("总量复核", 核定实际排放量=actual)), held={("91320599YX0079190X", "NOX"): 8 * 10**9})  # type: ignore[dict-item]
    assert ("W546" in [one.code for one in annual_findings(account)]) == found


def test_main_outlets_are_measured_by_what_is_declared_as_permitted_for_them():
    rows = [row("总量申报", 范围="主要排放口", 许可排放量="0.3", 实际排放量="0.4"), row("许可总量"), SAMPLE, HOURS]
    assert said("W545", *rows) == "氮氧化物（主要排放口）实际 0.4 t（核算），超过许可 0.3 t"


def test_the_fugitive_part_counts_against_the_plants_permit():
    rows = [SAMPLE, HOURS, row("许可总量", 全厂许可外排环境量="0.5")]
    assert "W545" not in seen(*rows)
    assert "W545" in seen(*rows, row("总量申报", 其中无组织="0.2"))


def test_a_published_figure_that_differs():
    rows = [row("总量复核", 核定实际排放量="10"), row("统计与披露", 排放量="11")]
    assert said("W547", *rows) == "氮氧化物环境统计公布 11 t，核定 10 t，相差 1 t"


REQUIRED = row("排放口", "2025Q2", 排放口编号="DA001", 主要排放口="是", 应装自动监测因子="NOX")


def test_a_required_monitor_that_is_silent_in_some_quarter():
    assert "W548" in seen(REQUIRED)
    assert "W548" not in seen(REQUIRED, data=online("1", "1", "1", "1"))
    assert "第 2 季度不可用" in said("W548", REQUIRED, data=online("1", None, "1", "1"))


def test_data_that_make_no_year_are_said():
    assert "W549" in seen(SAMPLE) and "W549" not in seen(SAMPLE, HOURS)


def test_what_does_not_make_a_year_says_each_cause_once():
    water = {"排放口编号": "DW001", "污染因子": "TN"}
    rows = [row("手工监测", **water), row("排放口年度", 排放口编号="DW001")]
    messages = [one.message for one in annual_findings(annual(year(*rows))) if one.code == "W549"]
    assert messages == ["总氮实际排放量不能核算：DW001 自 2025-01-01 起污水处理厂没有该因子的出水浓度"]


def test_quarters_without_valid_data_for_one_cause_stand_together():
    silent = said("W548", REQUIRED, data=online("1", None, "1", None))
    assert silent == "排放口 DA001 应装氮氧化物自动监测：第 2、4 季度不可用：捕集率 70 %，低于 75 %"


@pytest.mark.parametrize(("zone", "named"), [("HX", "HX"), (None, "全园区")])
def test_a_cap_that_is_exceeded_names_its_zone_without_a_blank(zone, named):
    rows = [row("排放限量", 功能区编码=zone), row("总量复核", 核定实际排放量="101")]
    assert said("W551", *rows) == f"{named}氮氧化物实际合计 101 t，超过 2025 年度限量 100 t"


def test_shares_are_said_in_per_cent():
    differs = said("W544", LISTED, row("总量申报", 实际排放量="1"), SAMPLE, HOURS)
    assert differs == "氮氧化物申报实际 1 t，核算 0.4 t（自行监测），相差超过 5 %"


def test_a_discharge_without_a_permit():
    assert "W550" in seen(SAMPLE, HOURS) and "W550" not in seen(SAMPLE, HOURS, row("许可总量"))
    assert "W550" not in seen(row("总量复核", 核定实际排放量="0"))


@pytest.mark.parametrize(("actual", "found"), [("99.999999999", False), ("100", False), ("100.000000001", True)])
@pytest.mark.parametrize("zone", ["HX", None])
def test_the_zones_and_the_parks_cap(actual, found, zone):
    rows = [
        row("排放限量", 功能区编码=zone),
        row("总量复核", 核定实际排放量="60"),
        row("许可总量", 全厂许可外排环境量="500"),
    ]
    rest = row("总量复核", **{CODE: B, "污染因子": "NOX", "核定实际排放量": _less(actual)})
    assert ("W551" in seen(*rows, rest)) == found


def _less(actual: str) -> str:
    whole, _, part = actual.partition(".")
    return f"{int(whole) - 60}.{part or '0'}"


def test_a_declared_permit_that_is_not_the_registers():
    assert "W553" in seen(row("总量申报", 许可排放量="11"), row("许可总量"))
    assert "W553" not in seen(row("总量申报", 许可排放量="10"), row("许可总量"))
