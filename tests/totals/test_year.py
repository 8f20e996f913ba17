"""A year's facts: which rows of the annual folders count, and what is said of the others."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from quota_lib.amounts import mass
from quota_lib.workbook.folder import read_folder
from tests.totals.worlds import CODE, RULES, A, B, row, told, year

D = "91320599YX03167663"  # known to nobody
PLANT = {CODE: A, "单位名称": "甲厂", "功能区编码": "HX"}
DECLARED = (A, "NOX", "外排环境量", "全厂")


def test_every_annual_sheet_is_read_into_the_year():
    found = year(
        *(row(sheet) for sheet in ("总量管理名单", "总量申报", "手工监测", "校准记录", "排放口年度", "年度绩效")),
        *(row(sheet) for sheet in ("统计与披露", "排放限量", "总量复核", "许可总量", "核算-产排污系数")),
    )
    assert told(found.problems) == []
    assert set(found.listed) == {A} and set(found.performances) == {A}
    assert found.declarations[DECLARED].actual == mass("5")
    assert [one.outlet for one in found.samples] == ["DA001"]
    assert [one.result for one in found.calibrations] == ["合格"]
    assert found.outlet_years[(A, "DA001")].hours == 8000
    assert found.disclosures[(A, "NOX", "环境统计", "外排环境量", "全厂")].amount == mass("5")
    assert found.caps[(2025, "HX", "NOX")].cap == mass("100")
    assert found.verifications[(A, "NOX", "外排环境量")].actual == mass("5")
    assert list(found.inputs) == [(A, "", "NOX")]
    assert [one.permitted_to_environment for one in found.permits[(A, "NOX")]] == [mass("10")]


def test_rows_about_another_year_are_not_taken_for_this_one():
    found = year(row("总量申报", 年度=2024), row("手工监测", 采样日期="2026-01-02"), row("总量复核", 年度=2024))
    assert not found.declarations and not found.samples and not found.verifications
    assert set(found.held) == {(A, "NOX", "外排环境量")}


def test_a_row_about_the_year_counts_from_an_earlier_annual_folder_too():
    own = row("功能区", "2024", 功能区编码="HX", 功能区名称="HX"), row("排污单位", "2024", **PLANT)
    assert set(year(*own, row("总量管理名单", "2024")).listed) == {A}


@pytest.mark.parametrize(("day", "said"), [("2024-12-31", ["Q307"]), ("2025-01-01", []), ("2026-12-31", [])])
def test_business_dates_lie_between_the_first_day_and_the_end_of_the_next_year(day, said):
    found = year(row("总量申报", 申报日期=day))
    assert [one.code for one in found.problems] == said
    assert (DECLARED in found.declarations) == (not said)


def test_a_date_after_the_next_year_is_an_error_at_its_cell():
    assert told(year(row("总量申报", 申报日期="2027-01-01")).problems) == ["2025 总量申报!H2 Q307"]


def test_an_unknown_plant_is_an_error_at_its_cell():
    found = year(row("总量申报", **{CODE: D}))
    assert told(found.problems) == ["2025 总量申报!B2 Q310"] and not found.declarations


def test_an_unknown_plant_of_a_method_sheet_is_an_error_too():
    assert told(year(row("核算-产排污系数", **{CODE: D})).problems) == ["2025 核算-产排污系数!B2 Q310"]


def test_an_unknown_zone_of_a_cap_is_an_error():
    assert told(year(row("排放限量", 功能区编码="无")).problems) == ["2025 排放限量!D2 Q310"]


def test_a_plant_may_be_registered_in_the_annual_folder_itself():
    own = row("排污单位", **{CODE: D, "单位名称": "丁厂", "功能区编码": "HX"})
    found = year(own, row("总量申报", **{CODE: D}))
    assert told(found.problems) == [] and found.zone(D) == "HX"


def test_a_plant_that_only_a_later_quarter_registers_is_not_known_yet():
    own = row("排污单位", "2026Q1", **{CODE: D, "单位名称": "丁厂", "功能区编码": "HX"})
    early, later = row("总量申报", 申报日期="2026-03-20"), row("总量申报", 申报日期="2026-04-20")
    assert [one.code for one in year(own, row(*early[1::-1], **{**early[2], CODE: D})).problems] == ["Q310"]
    assert year(own, row(*later[1::-1], **{**later[2], CODE: D})).problems == ()


def test_two_different_rows_of_one_day_for_one_figure_are_an_error_naming_both():
    found = year(row("总量申报"), row("总量申报", 实际排放量="6"))
    assert told(found.problems) == ["2025 总量申报!A3 Q321"] and not found.declarations


def test_a_later_declaration_replaces_an_earlier_one_and_the_first_day_is_kept():
    found = year(row("总量申报"), row("总量申报", 实际排放量="6", 申报日期="2026-05-01"))
    assert found.declarations[DECLARED].actual == mass("6")
    assert found.declared_first[DECLARED].isoformat() == "2026-03-20"


def test_the_same_row_again_is_a_hint():
    assert told(year(row("总量申报"), row("总量申报")).problems) == ["2025 总量申报!A3 Q320"]


def test_another_sample_under_one_key_is_refused_and_neither_counts():
    found = year(row("手工监测"), row("手工监测", **{"流量(m³/h)": "7"}))
    assert told(found.problems) == ["2025 手工监测!A3 Q321"] and not found.samples


def test_an_undetected_sample_needs_its_detection_limit():
    cells = {"浓度(mg/m³ 或 mg/L)": "未检出"}
    assert [one.code for one in year(row("手工监测", **cells)).problems] == ["Q305"]
    assert year(row("手工监测", **cells, 检出限="3")).problems == ()


def test_scopes_and_measures_are_different_figures():
    found = year(row("总量申报"), row("总量申报", 范围="主要排放口"), row("总量申报", 口径="接管量"))
    assert len(found.declarations) == 3 and not found.problems


def test_a_cap_may_stand_in_a_quarterly_folder_with_or_without_a_date():
    found = year(row("排放限量", "2025Q2"), row("排放限量", "2025Q3", 限量="90", 发布日期="2025-08-01"))
    assert found.caps[(2025, "HX", "NOX")].cap == mass("90") and not found.problems


def test_a_factor_of_the_other_medium_is_an_error_at_its_cell():
    found = year(row("手工监测", 污染因子="COD"), row("核算-产排污系数", 排放口编号="DW001"))
    assert told(found.problems) == ["2025 手工监测!E2 Q641", "2025 核算-产排污系数!C2 Q641"]
    assert not found.samples and not found.inputs


def test_an_outlet_that_is_not_registered_is_taken_as_the_factor_says_and_told():
    found = year(row("手工监测", 排放口编号="DA077"))
    assert told(found.problems) == ["2025 手工监测!C2 Q642"]
    assert found.outlets[(A, "DA077")].medium == "大气" and found.outlets[(A, "DA077")].main == "否"


def test_of_a_metal_at_an_unknown_outlet_nothing_can_be_taken():
    found = year(row("手工监测", 排放口编号="DA077", 污染因子="PB"), row("手工监测", 污染因子="PB"))
    assert told(found.problems) == ["2025 手工监测!C2 Q643"] and len(found.samples) == 1


def test_the_register_of_outlets_is_that_of_the_years_end():
    now = row("排放口", "2025Q4", 排放口编号="DA001", 主要排放口="否")
    after = row("排放口", "2026Q1", 排放口编号="DA001", 主要排放口="是")
    new = row("排放口", "2026Q1", 排放口编号="DA009")
    found = year(now, after, new)
    assert found.outlets[(A, "DA001")].main == "否" and (A, "DA009") in found.outlets


def test_the_quarterly_park_does_not_change_with_an_annual_mistake():
    wrong = (row("总量申报", 申报日期="2027-01-01"), row("手工监测", **{CODE: B, "采样日期": "2023-01-01"}))
    found = year(*wrong)
    assert found.park.problems == [] and len(found.problems) == 2


def test_what_is_dated_after_the_as_of_quarter_still_belongs_to_the_year():
    assert year(row("总量复核", 复核日期="2026-11-01")).verifications


def _folder(tmp_path: Path, title: str, headings: list[str], cells: list[object], period: int = 2025) -> list[str]:
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    page.append(headings)
    page.append(cells)
    (tmp_path / str(period)).mkdir()
    book.save(tmp_path / str(period) / "a.xlsx")
    found = read_folder(tmp_path / str(period), period, RULES.factors)
    return [*(one.code for one in found.problems), *(type(r).__name__ for one in found.readings for r in one.rows)]


def test_method_sheets_of_an_annual_folder_are_read_from_the_workbook(tmp_path):
    headings = ["年度", "统一社会信用代码", "排放口编号", "污染因子", "活动水平(计量单位/a)", "产污系数(kg/计量单位)"]
    assert _folder(tmp_path, "核算-产排污系数", headings, [2025, A, "DA001", "NOX", 10, 2]) == ["inputs_coefficient"]


def test_a_method_that_computes_reductions_does_not_belong_into_a_year(tmp_path):
    assert _folder(tmp_path, "核算-VOCs治理", ["项目编号", "污染因子"], ["J", "VOCS"]) == ["Q640"]


def test_an_unknown_method_of_a_year_is_an_error(tmp_path):
    assert _folder(tmp_path, "核算-估计", ["项目编号"], ["J"]) == ["Q117"]
