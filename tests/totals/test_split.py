"""Where the sewage plant's concentration changes inside a quarter: split at the hour where there are hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from quota_lib.totals.parts import Part
from quota_lib.totals.plants import actuals
from quota_lib.totals.year import TO_SEWER
from tests.totals.hours import Hour, account, environment, level, place, reason
from tests.totals.worlds import row, year

APRIL, MAY = place(datetime(2025, 4, 1)), place(datetime(2025, 5, 16))
STOPPED = Hour("", "", "stopped")
SPLIT = (level("50"), level("30", "2025-05-16"))


def second_half(n):
    """Return an hour of a plant that stands still in the first half of the second quarter."""
    return STOPPED if APRIL <= n < MAY else Hour()


def test_a_quarter_is_split_at_the_hour_where_there_are_hours():
    found, _ = account(*SPLIT, COD=second_half)
    assert environment(found) == "2.736"  # 90 days at 50, 230 at 30 mg/L, 240 m³ a day
    assert "出水浓度自 2025-05-16 起变化，按小时数据拆分" in reason(found)


def test_the_load_is_split_by_its_own_hours_and_not_by_the_waters():
    found, _ = account(*SPLIT, COD=lambda n: Hour("20") if APRIL <= n < MAY else Hour())
    whole = 90 * 240 * 50 + 45 * 240 * 20 + 230 * 240 * 30  # 20 mg/L are below 50
    assert environment(found) == f"{whole / 10**6:.9f}".rstrip("0")


def test_a_stated_volume_is_spread_over_the_hours_in_operation():
    stated = row("排放口年度", 排放口编号="DW001", **{"年排放时间(h)": None, "年排水量(m³)": "76800"})  # 240 a day
    silent = {"COD": lambda n: second_half(n)._replace(flow="" if n % 3 else "30")}
    changes = {"annual.online_water_least": "1", "monitoring.water_capture_least": "0"}
    found, _ = account(*SPLIT, stated, changes=changes, **silent)
    assert "有效流量只占 33.33 %，低于 100 %" in reason(found) and "按小时数据拆分" in reason(found)
    assert environment(found) == "2.736"


def test_without_hours_it_is_split_by_days_and_said():
    sample = row("手工监测", 排放口编号="DW001", 污染因子="COD", **{"浓度(mg/m³ 或 mg/L)": "200", "流量(m³/h)": "10"})
    hours = row("排放口年度", 排放口编号="DW001", **{"年排放时间(h)": "7300"})
    found = actuals(year(sample, hours, *SPLIT))
    (told,) = [one.reason for one in found.rows if one.route == "self_monitoring" and one.basis != TO_SEWER]
    assert "出水浓度自 2025-05-16 起变化，按天数拆分" in told


def test_hours_without_a_flow_have_the_mean_on_their_own_days():
    silent = {"COD": lambda n: Hour("", "", "fault") if APRIL <= n < APRIL + 240 else Hour()}
    found, _ = account(*SPLIT, **silent)
    whole = 135 * 240 * 50 + 230 * 240 * 30  # ten days of the first part have no flow of their own
    assert environment(found) == f"{whole / 10**6:.9f}".rstrip("0")
    found, _ = account(*SPLIT, changes={"annual.online_water_rest": "none"}, **silent)
    assert environment(found) == f"{(whole - 10 * 240 * 50) / 10**6:.9f}".rstrip("0")


def test_a_manual_sample_changes_the_load_of_its_own_day():
    sample = row(
        "手工监测", 排放口编号="DW001", 污染因子="COD", 采样日期="2025-05-15 08:30",
        **{"浓度(mg/m³ 或 mg/L)": "40", "流量(m³/h)": "10"},
    )  # fmt: skip
    levels = (level("1000"), level("20", "2025-05-16"))  # no limit before, far below the load after
    found, _ = account(*levels, sample, COD=lambda n: Hour())
    load = 135 * 240 * 100 - 10 * 100 + 10 * 40
    assert environment(found) == f"{(load + 230 * 240 * 20) / 10**6:.9f}".rstrip("0")


def test_where_nothing_changes_nothing_is_said_of_a_split():
    found, _ = account(level("50"), level("30", "2025-07-01"), COD=second_half)
    assert "拆分" not in reason(found)  # the first day of a quarter parts nothing
    found, _ = account(level("50"), level("30", "2025-06-30"), COD=second_half)
    assert "2025-06-30 起变化" in reason(found)
    found, _ = account(level("50"), level("30", "2025-07-02"), COD=second_half)
    assert "2025-07-02 起变化" in reason(found)


FIRST = date(2025, 4, 1)
amounts = some.lists(some.integers(0, 10**15), min_size=91, max_size=91)


@given(amounts, amounts, some.integers(0, 10**9), some.sets(some.integers(1, 90), max_size=4))
def test_the_pieces_of_a_part_add_up_to_it_and_are_its_own_days(loads, volumes, load, cuts):
    part = Part(
        "online", FIRST, date(2025, 6, 30), Fraction(load), Fraction(sum(volumes)), tuple(loads), tuple(volumes)
    )
    edges = [0, *sorted(cuts), 91]
    pieces = [part.within(FIRST + timedelta(days=a), FIRST + timedelta(days=b - 1)) for a, b in pairwise(edges)]
    assert sum(one.load for one in pieces) == part.load
    assert sum(one.volume for one in pieces) == part.volume
    assert all(one.load >= 0 for one in pieces)
    for one, a, b in ((piece, *edge) for piece, edge in zip(pieces, pairwise(edges), strict=True)):
        assert one.volume == sum(volumes[a:b])
        again = [
            one.within(one.first, one.first),
            *([one.within(one.first + timedelta(days=1), one.last)] * (b - a > 1)),
        ]
        assert sum(piece.load for piece in again) == one.load


def test_a_part_without_hours_is_spread_evenly():
    part = Part("coefficient", FIRST, date(2025, 4, 30), Fraction(30), Fraction(60))
    piece = part.within(FIRST, date(2025, 4, 10))
    assert (piece.load, piece.volume) == (10, 20)
