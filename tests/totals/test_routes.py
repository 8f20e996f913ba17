"""The routes to an actual amount, and which one counts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from quota_lib.amounts import mass, text
from quota_lib.periods import Quarter
from quota_lib.rules import RuleError
from quota_lib.totals.online import Online
from quota_lib.totals.plants import Actuals, actuals
from quota_lib.totals.route_rows import RouteRow
from quota_lib.totals.year import MAIN_OUTLETS, TO_ENVIRONMENT, TO_SEWER, WHOLE_PLANT
from tests.totals.monitors import Measured, online, quarter
from tests.totals.worlds import CODE, RULES, A, row, told, year

C, Q = "浓度(mg/m³ 或 mg/L)", "流量(m³/h)"
OUTLET = {"排放口编号": "DA001"}
REQUIRED = row("排放口", "2025Q2", **OUTLET, 主要排放口="是", 应装自动监测因子="NOX")


def made(*rows: Any, data: Online = Online(), **readings: str) -> Actuals:  # noqa: B008
    changes = {f"annual.{name}": value for name, value in readings.items()}
    given = RULES.changed(changes, "试验") if changes else RULES
    return actuals(year(*rows, given=given), data)


def plant(found: Actuals, factor: str = "NOX", basis: str = TO_ENVIRONMENT, scope: str = WHOLE_PLANT) -> str | None:
    """Return the computed amount, t."""
    amount = found.plants[(A, factor, basis, scope)].computed
    return None if amount is None else text(amount)


def routes(found: Actuals, factor: str = "NOX", basis: str = TO_ENVIRONMENT) -> dict[tuple[str, str], str | None]:
    """Return the amounts by outlet and route."""
    rows = [one for one in found.rows if (one.factor, one.basis) == (factor, basis)]
    return {(one.outlet, one.route): None if one.amount is None else text(one.amount) for one in rows}


def row_of(found: Actuals, route: str, outlet: str = "DA001") -> RouteRow:
    return next(one for one in found.rows if (one.route, one.outlet) == (route, outlet))


# manual samples

HOURS = row("排放口年度")  # 8000 h
ONE, TWO = row("手工监测", 报告编号="1"), row("手工监测", 报告编号="2", **{C: "80", Q: "3000"})


def test_a_sample_is_concentration_times_flow_times_the_outlets_hours():
    assert plant(made(ONE, HOURS)) == "0.4"  # 50 mg/m³ · 1000 m³/h · 8000 h


def test_samples_are_weighted_by_flow_and_the_flow_is_their_mean():
    assert plant(made(ONE, TWO, HOURS)) == "1.16"  # (50·1000 + 80·3000)/4000 = 72.5; 2000 m³/h


def test_water_is_in_milligrams_a_litre():
    found = made(
        row("手工监测", 排放口编号="DW001", 污染因子="COD", **{C: "200", Q: "10"}),
        row("排放口年度", 排放口编号="DW001", **{"年排放时间(h)": "1000"}),
    )
    assert plant(found, "COD", TO_SEWER) == "2"


@pytest.mark.parametrize(("reading", "amount"), [("1/2", "0.016"), ("1", "0.032"), ("0", "0")])
def test_undetected_counts_the_stated_share_of_its_detection_limit(reading, amount):
    sample = row("手工监测", **{C: "未检出", "检出限": "4"})
    assert plant(made(sample, HOURS, detection_share=reading)) == amount


def test_without_hours_a_sample_does_not_make_a_year_and_says_so():
    found = made(ONE)
    assert routes(found) == {("DA001", "self_monitoring"): None}
    assert plant(found) is None and "缺年排放时间" in row_of(found, "self_monitoring").reason


def test_supervisory_and_own_samples_stand_beside_each_other_and_the_supervisory_ones_count():
    found = made(ONE, row("手工监测", 类型="监督监测", **{C: "60"}), HOURS)
    assert routes(found) == {("DA001", "supervisory"): "0.48", ("DA001", "self_monitoring"): "0.4"}
    assert plant(found) == "0.48"


def test_the_load_at_sampling_is_kept():
    loads = [
        row("手工监测", 报告编号=n, **{"生产负荷(%)": load}) for n, load in (("1", "80"), ("2", "90"), ("3", None))
    ]
    assert made(*loads).outlets[(A, "DA001", "NOX")].sampled["self_monitoring"].load == 85


def test_samples_without_any_flow_are_zero():
    assert plant(made(row("手工监测", **{Q: "0"}), HOURS)) == "0"


@pytest.mark.parametrize(("reading", "amount"), [("hours", "2"), ("water_volume", "1")])
def test_the_water_of_the_year_is_mean_flow_times_hours_or_what_is_stated(reading, amount):
    found = made(
        row("手工监测", 排放口编号="DW001", 污染因子="COD", **{C: "200", Q: "10"}),
        row("排放口年度", 排放口编号="DW001", **{"年排放时间(h)": "1000", "年排水量(m³)": "5000"}),
        manual_volume=reading,
    )
    assert plant(found, "COD", TO_SEWER) == amount


# to sewer and to the environment

SEWAGE = [
    row("手工监测", 排放口编号="DW001", 污染因子="COD", **{C: "200", Q: "10"}),
    row("排放口年度", 排放口编号="DW001", **{"年排放时间(h)": "7300"}),
]  # 73,000 m³, 14.6 t


def outlet_level(amount: str, since: str, factor: str = "COD") -> Any:
    return row("污水处理厂", **{"出水浓度(mg/L)": amount, "生效日期": since, "污染因子": factor})


def test_what_goes_to_a_sewage_plant_leaves_it_at_its_outlets_concentration():
    found = made(*SEWAGE)
    assert [plant(found, "COD", TO_SEWER), plant(found, "COD")] == ["14.6", "3.65"]


@pytest.mark.parametrize(("level", "amount"), [("199", "14.527"), ("200", "14.6"), ("201", "14.6")])
def test_never_more_leaves_it_than_came(level, amount):
    assert plant(made(*SEWAGE, outlet_level(level, "2025-01-01")), "COD") == amount


def test_the_year_is_split_where_the_sewage_plants_concentration_changes():
    found = made(*SEWAGE, outlet_level("30", "2025-07-02"))  # 182 days at 50, 183 at 30 mg/L, 200 m³ a day
    assert plant(found, "COD") == text(mass("1.82") + mass("1.098"))


def test_a_change_on_the_first_of_january_holds_the_whole_year_and_one_after_it_not_at_all():
    assert plant(made(*SEWAGE, outlet_level("30", "2025-01-01")), "COD") == "2.19"
    assert plant(made(*SEWAGE, outlet_level("30", "2026-01-01")), "COD") == "3.65"
    assert plant(made(*SEWAGE, outlet_level("30", "2025-12-31")), "COD") == text(mass("3.64") + mass("0.006"))


def test_without_a_concentration_of_the_sewage_plant_nothing_is_converted_and_it_is_said():
    samples = [(a, b, {**c, "污染因子": "TN"}) for a, b, c in SEWAGE[:1]]
    found = made(*samples, SEWAGE[1])
    assert plant(found, "TN", TO_SEWER) == "14.6" and plant(found, "TN") is None
    assert "没有该因子的出水浓度" in found.plants[(A, "TN", TO_ENVIRONMENT, WHOLE_PLANT)].reason


def test_without_the_years_water_online_data_are_a_sewer_load_only():
    data = online("1", "1", "1", "1", factor="COD", outlet="DW001")
    found = made(data=data)
    assert plant(found, "COD", TO_SEWER) == "4" and plant(found, "COD") is None
    volume = row("排放口年度", 排放口编号="DW001", **{"年排放时间(h)": None, "年排水量(m³)": "36500"})
    assert plant(made(volume, data=data), "COD") == "1.825"


def test_measured_water_of_a_quarter_goes_before_the_years():
    data = online("1", "1", "1", "1", factor="COD", outlet="DW001")
    volumes = {(A, "DW001", Quarter(2025, number)): Measured(2000, 2000, Decimal(1000)) for number in (1, 2, 3, 4)}
    assert plant(made(data=data._replace(volumes=volumes)), "COD") == "0.2"


def test_a_direct_discharger_has_no_sewer_amount():
    direct = row("排放口", "2025Q2", 排放口编号="DW001", 类别="水", 主要排放口="是", 受纳污水处理厂=None)
    found = made(direct, *SEWAGE)
    assert plant(found, "COD") == "14.6" and (A, "COD", TO_SEWER, WHOLE_PLANT) not in found.plants


def test_air_has_no_sewer_amount():
    assert {key[2] for key in made(ONE, HOURS).plants} == {TO_ENVIRONMENT}


# the order

INPUTS = row("核算-产排污系数", **OUTLET, **{"去除率(%)": "75"})  # 2 t generated, 0.5 t emitted


def test_valid_online_data_go_before_manual_ones_and_coefficients():
    found = made(ONE, HOURS, INPUTS, data=online("1", "2", "3", "4"))
    assert plant(found) == "10"
    assert [row_of(found, name).chosen for name in ("online", "self_monitoring", "coefficient")] == [True, False, False]
    assert "优先于自行监测、产排污系数" in row_of(found, "online").reason


def test_manual_data_go_before_coefficients():
    assert plant(made(ONE, HOURS, INPUTS)) == "0.4"


def test_a_material_balance_goes_before_coefficients():
    balance = row("核算-物料衡算", 排放口编号="DA001")
    rate = row("核算-产排污系数", **OUTLET, 污染因子="VOCS")
    assert plant(made(balance, rate), "VOCS") == "2"


def test_the_order_is_a_parameter():
    order = "coefficient, self_monitoring"
    assert plant(made(ONE, HOURS, INPUTS, data=online("1", "2", "3", "4"), order=order)) == "0.5"


@pytest.mark.parametrize("order", ["online, onlin", "online, online", ""])
def test_a_misspelt_or_doubled_route_in_the_order_is_refused(order):
    with pytest.raises(RuleError, match="order"):
        made(ONE, HOURS, order=order)


def test_a_misspelt_reading_is_refused():
    with pytest.raises(RuleError, match="required_online"):
        made(ONE, HOURS, required_online="sometimes")


def test_a_quarter_that_may_not_be_used_goes_by_another_route_for_its_share_of_the_year():
    found = made(INPUTS, data=online("1", None, "1", "1"))
    assert plant(found) == text(mass("3") + round(mass("0.5") * 2184 / 8760))
    reason = row_of(found, "coefficient").reason
    assert "第 2 季度捕集率 70 %，低于 75 %，按产排污系数" in reason and "其中采用" in reason


def test_its_share_is_by_the_hours_in_operation():
    quarters = [quarter(n, None if n == 2 else "1", stopped=HOURS_STOPPED.get(n, 0)) for n in (1, 2, 3, 4)]
    found = made(INPUTS, data=Online(tuple(quarters)))
    assert plant(found) == text(mass("3") + round(mass("0.5") * 1000 / 4000))


HOURS_STOPPED = {1: 1160, 2: 1184, 3: 1208, 4: 1208}


def test_a_year_that_the_rules_bar_is_not_used_at_all():
    data = online("1", "1", "1", "1")._replace(barred={(A, "DA001", "NOX"): "缺失超过 25 %"})
    found = made(INPUTS, data=data)
    assert plant(found) == "0.5" and "缺失超过 25 %" in row_of(found, "coefficient").reason


def test_online_data_that_lack_a_quarter_with_nothing_else_make_no_year():
    found = made(data=online("1", None, "1", "1"))
    assert plant(found) is None and found.plants[(A, "NOX", TO_ENVIRONMENT, WHOLE_PLANT)].by_route["online"] == mass(
        "3"
    )


# an outlet that must have online monitoring


def test_a_required_monitor_counts_only_valid_online_data():
    found = made(REQUIRED, ONE, HOURS, INPUTS, data=online("1", "1", "1", "1"))
    assert plant(found) == "4" and routes(found)[("DA001", "coefficient")] == "0.5"


def test_without_valid_online_data_a_required_monitor_goes_by_coefficients_as_if_uncontrolled():
    found = made(REQUIRED, ONE, HOURS, INPUTS)
    assert plant(found) == "2"
    assert "视为没有治理" in row_of(found, "coefficient").reason
    assert not row_of(found, "self_monitoring").chosen


def test_a_quarter_without_valid_online_data_likewise():
    found = made(REQUIRED, ONE, HOURS, INPUTS, data=online("1", None, "1", "1"))
    assert plant(found) == text(mass("3") + round(mass("2") * 2184 / 8760))


def test_a_required_monitor_without_coefficients_has_no_amount_whatever_else_there_is():
    found = made(REQUIRED, ONE, HOURS)
    assert plant(found) is None
    assert "应装自动监测" in found.plants[(A, "NOX", TO_ENVIRONMENT, WHOLE_PLANT)].reason


def test_a_required_monitor_without_any_data_is_seen():
    assert plant(made(REQUIRED)) is None


def test_as_others_a_required_monitor_follows_the_usual_order():
    assert plant(made(REQUIRED, ONE, HOURS, INPUTS, required_online="as_others")) == "0.4"


# manual data of the same period

SAMPLED = row("手工监测", 采样日期="2025-05-10 09:30")  # 0.05 kg in the hour
AT_NINE = {(A, "DA001", "NOX", datetime(2025, 5, 10, 9)): Decimal("0.02")}


@pytest.mark.parametrize(("reading", "amount"), [("hour", "4.00003"), ("never", "4")])
def test_valid_manual_data_prevail_over_online_data_of_the_same_hour(reading, amount):
    data = online("1", "1", "1", "1")._replace(hours=AT_NINE)
    assert plant(made(SAMPLED, data=data, manual_over_online=reading)) == amount


def test_a_sample_that_names_no_hour_prevails_over_none():
    at_midnight = {(A, "DA001", "NOX", datetime(2025, 5, 10)): Decimal("0.02")}
    found = made(ONE, data=online("1", "1", "1", "1")._replace(hours=at_midnight))
    assert plant(found) == "4" and "以手工监测为准" not in row_of(found, "online").reason


@pytest.mark.parametrize("clock", ["2025-05-10 00:00", "2025-05-10 00:00:00", "2025/5/10 0:00"])
def test_a_sample_written_at_midnight_names_the_first_hour_of_the_day(clock):
    at_midnight = {(A, "DA001", "NOX", datetime(2025, 5, 10)): Decimal("0.02")}
    found = made(row("手工监测", 采样日期=clock), data=online("1", "1", "1", "1")._replace(hours=at_midnight))
    assert plant(found) == "4.00003" and "1 个采样小时以手工监测为准" in row_of(found, "online").reason


@pytest.mark.parametrize("day", ["2025-05-10", date(2025, 5, 10)])
def test_a_date_alone_names_no_hour_and_it_is_said(day):
    at_midnight = {(A, "DA001", "NOX", datetime(2025, 5, 10)): Decimal("0.02")}
    found = made(row("手工监测", 采样日期=day), data=online("1", "1", "1", "1")._replace(hours=at_midnight))
    assert plant(found) == "4"
    assert "1 次采样只有日期、没有钟点（日期单元格的零点也分不出），不代替在线数据" in row_of(found, "online").reason


def test_it_is_said_that_manual_data_prevailed():
    found = made(SAMPLED, data=online("1", "1", "1", "1")._replace(hours=AT_NINE))
    assert "1 个采样小时以手工监测为准" in row_of(found, "online").reason


def test_several_samples_of_an_hour_count_with_their_mean():
    data = online("1", "1", "1", "1")._replace(hours=AT_NINE)
    more = row("手工监测", 采样日期="2025-05-10 09:50", **{C: "70"})
    assert plant(made(SAMPLED, more, data=data)) == "4.00004"


def test_not_where_online_monitoring_is_required():
    data = online("1", "1", "1", "1")._replace(hours=AT_NINE)
    assert plant(made(REQUIRED, SAMPLED, data=data)) == "4"


def test_as_quarters_manual_data_prevail_in_the_quarter_in_which_they_were_taken():
    found = made(SAMPLED, HOURS, data=online("1", "1", "1", "1"), manual_over_online="quarter")
    assert plant(found) == text(mass("3") + round(mass("0.4") * 2184 / 8760))


# coefficients, scope and the fugitive part

VOCS = {
    "污染因子": "VOCS",
    "活动水平(计量单位/a)": "102.5",
    "产污系数(kg/计量单位)": "2.7",
    "收集率(%)": "65",
    "去除率(%)": "50",
}


def test_the_uncollected_share_is_fugitive_and_the_plants_alone():
    found = made(row("核算-产排污系数", **OUTLET, **VOCS))
    assert plant(found, "VOCS") == "0.18680625"
    assert plant(found, "VOCS", scope=MAIN_OUTLETS) == "0.08994375"
    assert routes(found, "VOCS") == {("DA001", "coefficient"): "0.08994375", ("", "fugitive"): "0.0968625"}
    assert found.plants[(A, "VOCS", TO_ENVIRONMENT, WHOLE_PLANT)].fugitive == mass("0.0968625")


def test_what_a_monitor_does_not_see_is_added_to_what_it_sees():
    found = made(row("核算-产排污系数", **OUTLET, **VOCS), data=online("1", "1", "1", "1", factor="VOCS"))
    assert plant(found, "VOCS") == "4.0968625" and plant(found, "VOCS", scope=MAIN_OUTLETS) == "4"


def test_rows_without_an_outlet_cover_what_no_outlets_row_covers():
    found = made(row("核算-产排污系数", **VOCS), data=online("1", "1", "1", "1", factor="VOCS"))
    assert plant(found, "VOCS") == "4.18680625"
    assert found.plants[(A, "VOCS", TO_ENVIRONMENT, WHOLE_PLANT)].route == "online+coefficient"


def test_several_rows_for_one_outlet_add_up():
    assert plant(made(INPUTS, INPUTS)) == "1"


def test_without_a_computed_fugitive_part_the_declared_one_is_added():
    declared = row("总量申报", 其中无组织="0.3")
    assert plant(made(ONE, HOURS, declared)) == "0.7"
    assert plant(made(ONE, HOURS, declared, declared_fugitive="leave_out")) == "0.4"
    assert plant(made(ONE, HOURS, declared), scope=MAIN_OUTLETS) == "0.4"


def test_a_material_balance_holds_the_fugitive_part_already():
    balance = row("核算-物料衡算", 排放口编号="DA001")
    declared = row("总量申报", 污染因子="VOCS", 其中无组织="0.3")
    assert plant(made(balance, declared, row("核算-产排污系数", **OUTLET, **VOCS)), "VOCS") == "2"


def test_a_negative_balance_is_no_discharge_and_is_told():
    found = made(row("核算-物料衡算", **{"投入量(t/a)": "1"}))
    assert [one.code for one in found.problems] == ["Q644"]
    assert plant(found, "VOCS") is None


def test_a_balance_of_nothing_is_zero():
    assert plant(made(row("核算-物料衡算", **{"投入量(t/a)": "8"})), "VOCS") == "0"


def test_a_fault_of_an_input_is_told_at_its_cell_and_makes_no_amount():
    found = made(row("核算-产排污系数", **OUTLET, 治理技术="魔法"))
    assert told(found.problems) == ["2025 核算-产排污系数!G2 Q212"]
    assert plant(found) is None


def test_the_edition_is_the_one_in_force_on_the_last_day_of_the_year():
    found = made(INPUTS)
    assert found.results[(A, "DA001", "NOX")]["coefficient"].computation.day.isoformat() == "2025-12-31"


def test_outlets_add_up_to_the_plant_and_only_main_ones_to_their_own_figure():
    other = row("排放口", "2025Q2"), row("核算-产排污系数", 排放口编号="DA002")
    found = made(INPUTS, *other)
    assert [plant(found), plant(found, scope=MAIN_OUTLETS)] == ["2.5", "0.5"]


# the execution report

REPORTED = row("统计与披露", 来源="执行报告", 排放量="7")


def test_the_execution_report_counts_where_nothing_else_does():
    found = made(REPORTED)
    assert plant(found) == "7" and found.plants[(A, "NOX", TO_ENVIRONMENT, WHOLE_PLANT)].route == "execution_report"


def test_it_stands_beside_what_counts_otherwise():
    found = made(REPORTED, INPUTS)
    assert plant(found) == "0.5" and not row_of(found, "execution_report", "").chosen


def test_it_fills_in_where_a_part_of_the_plant_is_missing():
    assert plant(made(REPORTED, REQUIRED)) == "7"


def test_it_goes_first_where_the_order_says_so():
    assert plant(made(REPORTED, INPUTS, order="execution_report, coefficient")) == "7"


def test_it_is_of_its_own_measure_and_scope():
    found = made(row("统计与披露", 来源="执行报告", 范围="主要排放口"), INPUTS)
    assert plant(found) == "0.5"
    assert found.plants[(A, "NOX", TO_ENVIRONMENT, MAIN_OUTLETS)].by_route["execution_report"] == mass("5")


# what no outlet's row covers, of water


def test_water_of_no_outlet_of_a_sewered_plant_is_a_sewer_load_and_not_converted():
    found = made(row("核算-产排污系数", 污染因子="COD"))
    assert plant(found, "COD", TO_SEWER) == "2" and plant(found, "COD") is None
    whole = found.plants[(A, "COD", TO_ENVIRONMENT, WHOLE_PLANT)]
    assert "没有水量" in whole.reason and not whole.by_route
    assert routes(found, "COD") == {("", "coefficient"): None}


def test_water_of_no_outlet_of_a_direct_discharger_is_its_discharge():
    direct = row("排污单位", "2025Q2", **{CODE: A, "单位名称": "甲厂", "功能区编码": "HX"})
    assert plant(made(direct, row("核算-产排污系数", 污染因子="COD")), "COD") == "2"


def test_online_data_of_another_year_are_not_taken_for_this_one():
    last = [one._replace(quarter=Quarter(2024, one.quarter.number)) for one in online("1", "1", "1", "1").quarters]
    assert not made(data=Online(tuple(last))).plants or plant(made(data=Online(tuple(last)))) is None


def test_the_parts_of_the_chosen_routes_are_the_plants_amount():
    found = made(INPUTS, row("核算-产排污系数", **VOCS, 排放口编号=None), row("排放口", "2025Q2"), ONE, HOURS)
    for factor in ("NOX", "VOCS"):
        chosen = sum(one.amount or 0 for one in found.rows if one.chosen and one.factor == factor)
        assert text(chosen) == plant(found, factor)
