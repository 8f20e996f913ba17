"""How much water an outlet with hourly data sent to the sewer: whose flows count, what stands for hours without one."""

from __future__ import annotations

from datetime import datetime

import pytest

from quota_lib.rules import RuleError
from quota_lib.totals.year import TO_SEWER
from tests.totals.hours import CLEAN, DIRTY, Hour, account, environment, level, place, reason
from tests.totals.worlds import row

AUGUST = place(datetime(2025, 8, 1))
USUAL = Hour()
STATED = row("排放口年度", 排放口编号="DW001", **{"年排放时间(h)": "8760", "年排水量(m³)": "1000000"})
WHOLE = "4.38"  # 8,760 h · 10 m³/h · 50 mg/L, t


def year(first=AUGUST, hours=1, odd=USUAL):
    """Return usual hours, but for some from a first on."""
    return lambda n: odd if first <= n < first + hours else USUAL


def test_water_of_hours_that_all_have_a_flow_is_their_sum():
    found, _ = account(COD=year())
    assert environment(found) == WHOLE
    assert "水量按实测流量" in reason(found) and "没有有效流量" not in reason(found)


@pytest.mark.parametrize("odd", [None, Hour("", "", "fault"), Hour("", "", "maintenance"), Hour(DIRTY, "", "normal")])
def test_one_hour_without_a_flow_does_not_throw_away_the_quarters_water(odd):
    found, _ = account(COD=year(odd=odd))
    assert environment(found) == WHOLE  # the hour takes the quarter's mean flow
    assert "第 3 季度运行 2208 小时中 1 小时没有有效流量，按该季度平均流量计 10 m³" in reason(found)


def test_the_measured_water_goes_before_the_stated_also_where_an_hour_lacks():
    found, _ = account(STATED, COD=year(odd=Hour("", "", "fault")))
    assert environment(found) == WHOLE


@pytest.mark.parametrize("flow", ["-1000", "100000"])
def test_the_flow_of_an_hour_that_is_not_valid_does_not_count(flow):
    found, _ = account(COD=year(hours=10, odd=Hour(DIRTY, flow, "fault")))
    assert environment(found) == WHOLE


def test_what_was_left_out_is_on_record_with_its_hours():
    found, _ = account(COD=year(hours=10, odd=Hour(DIRTY, "200", "fault")))
    assert "其中 10 小时有流量而数据无效，共 2000 m³ 未采用" in reason(found)
    found, _ = account(COD=year(hours=10, odd=Hour(DIRTY, "-200", "fault")))
    assert "未采用" not in reason(found).split("；")[2]


@pytest.mark.parametrize("odd", [Hour("-1"), Hour(flow="-1"), Hour(flag="gut"), Hour(flow="1e12"), Hour(flow="viel")])
def test_an_hour_whose_row_was_refused_has_no_flow(odd):
    found, hourly = account(COD=year(odd=odd))
    assert any(one.severity == "error" for one in hourly.problems)
    assert environment(found) == WHOLE and "1 小时没有有效流量" in reason(found)


def test_the_parameter_may_let_flows_of_flagged_hours_count():
    changes = {"monitoring.water_flow_flags": "normal, fault"}
    found, _ = account(COD=year(hours=10, odd=Hour("", "210", "fault")), changes=changes)
    assert environment(found) == "4.48"  # 2,000 m³ more
    assert "没有有效流量" not in reason(found)
    found, _ = account(level("200"), COD=year(hours=10, odd=Hour("", "0", "fault")), changes=changes)
    assert "没有有效流量" not in reason(found)


@pytest.mark.parametrize("odd", [Hour(flow="-1"), Hour("", "-1", "fault"), Hour(flow="1e12"), Hour(flow="viel")])
def test_a_flow_that_was_refused_counts_under_no_reading(odd):
    changes = {"monitoring.water_flow_flags": "normal, fault, invalid"}
    found, _ = account(COD=year(odd=odd), changes=changes)
    assert "1 小时没有有效流量" in reason(found)
    found, _ = account(COD=year(odd=Hour("-1")), changes=changes)
    assert "没有有效流量" not in reason(found)  # the concentration was refused, the flow was not


def test_a_fault_of_the_analyser_is_told_from_one_of_the_flow_meter_by_the_outlets_other_rows():
    odd = year(hours=10, odd=Hour(DIRTY, "20", "fault"))
    found, hourly = account(COD=odd, NH3N=year(hours=10, odd=Hour("1", "20")))
    assert "没有有效流量" not in reason(found)
    (third,) = [one for key, one in hourly.volumes.items() if key[2].number == 3]
    assert (third.water, third.counted, third.due) == (2208 * 10 + 10 * 10, 2208, 2208)
    found, hourly = account(COD=odd, NH3N=odd)
    (third,) = [one for key, one in hourly.volumes.items() if key[2].number == 3]
    assert (third.water, third.counted, third.due, third.aside) == (2198 * 10, 2198, 2208, 200)


def test_the_order_of_factors_decides_which_row_gives_an_hours_flow_not_the_order_of_the_file():
    one, other = year(odd=Hour(flow="20")), year(odd=Hour(flow="30"))
    volumes = [account(**factors)[1].volumes for factors in ({"COD": one, "NH3N": other}, {"NH3N": other, "COD": one})]
    assert volumes[0] == volumes[1]
    assert sum(one.water for one in volumes[0].values()) == 87_610


def test_stopped_hours_have_no_water_and_are_not_due():
    found, hourly = account(COD=year(hours=100, odd=Hour("", CLEAN, "stopped")))
    (third,) = [one for key, one in hourly.volumes.items() if key[2].number == 3]
    assert (third.water, third.counted, third.due, third.aside) == (21_080, 2108, 2108, 0)
    assert environment(found) == "4.33"


LINE = 2208 * 3 // 4  # hours


@pytest.mark.parametrize(("counted", "measured"), [(LINE - 1, False), (LINE, True), (LINE + 1, True)])
def test_the_measured_water_counts_from_the_stated_share_of_hours_on(counted, measured):
    lacking = 2208 - counted
    half = year(place(datetime(2025, 7, 1)), lacking, Hour("", "", "fault"))
    found, _ = account(STATED, COD=half, changes={"monitoring.water_capture_least": "0"})
    assert ("第 3 季度有效流量只占 74.95 %，低于 75 %，水量按排放口年度" in reason(found)) == (not measured)
    assert environment(found) == (WHOLE if measured else "5.484")  # so much water that the quarter's whole load stays


def test_below_it_and_without_a_stated_volume_nothing_is_converted():
    half = year(place(datetime(2025, 7, 1)), 600, Hour("", "", "fault"))
    found, _ = account(COD=half, changes={"monitoring.water_capture_least": "0"})
    assert environment(found) is None
    assert "有效流量只占 72.82 %，低于 75 %，没有水量" in reason(found)


def test_the_alternative_gives_hours_without_a_flow_no_water():
    found, _ = account(COD=year(hours=100, odd=Hour("", "", "fault")), changes={"annual.online_water_rest": "none"})
    assert environment(found) == "4.33"
    assert "100 小时没有有效流量，不计水量" in reason(found)


def test_the_sewer_load_says_nothing_of_water():
    found, _ = account(COD=year(odd=None))
    assert "流量" not in reason(found, basis=TO_SEWER)


def test_each_source_of_water_is_named_with_its_quarters():
    found, _ = account(
        STATED,
        COD=year(place(datetime(2025, 7, 1)), 600, Hour("", "", "fault")),
        changes={"monitoring.water_capture_least": "0"},
    )
    assert reason(found).endswith(
        "；第 1、2、4 季度水量按实测流量；第 3 季度有效流量只占 72.82 %，低于 75 %，水量按排放口年度"
    )


def test_a_quarter_that_was_stopped_throughout_has_no_water():
    found, _ = account(STATED, COD=year(place(datetime(2025, 7, 1)), 2208, Hour("", "", "stopped")))
    assert environment(found) == "3.276"
    assert "水量按实测流量" in reason(found)


def test_a_flag_that_there_is_not_is_refused():
    with pytest.raises(RuleError, match="water_flow_flags"):
        account(COD=year(), changes={"monitoring.water_flow_flags": "normal, stopped"})
