"""Pictures of the reserve: what they say in words is what the tables hold, and no kind differs by colour alone."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quota_lib.amounts import mass, text
from quota_lib.periods import Quarter
from quota_lib.report import overview, pictures
from quota_lib.report.bars import TALL, Amount, bars, columns
from quota_lib.report.charts import Move, flow_moves, waterfall, waterfalls
from quota_lib.report.html import table_html
from quota_lib.report.table import FactorShown
from quota_lib.reserve.balances import balances, by_factors
from quota_lib.tracing import fact_id
from quota_lib.workspace import Workspace, load_park
from tests.workspaces import ROOT

AMOUNTS = st.lists(st.integers(0, 10**13), min_size=1, max_size=14)


@pytest.fixture(scope="module")
def park():
    return load_park(Workspace(ROOT), Quarter(2025, 4))


def words(picture: str) -> list[str]:
    """Return what each picture says in words."""
    return [unescape(one) for one in re.findall(r"<desc>([^<]*)</desc>", picture)]


def named(picture: str) -> dict[str, str]:
    return dict(zip(re.findall(r'id="chart-\w+-(\w+)"', picture), words(picture), strict=True))


@given(AMOUNTS)
def test_bars_stand_to_each_other_as_their_amounts_and_say_them_exactly(amounts):
    picture = bars("a", "甲", [Amount(f"第{at}", one) for at, one in enumerate(amounts)], "t")
    assert words(picture) == ["；".join(f"第{at} {text(one)} t" for at, one in enumerate(amounts))]
    shares = [int(whole) * 100 + int(rest) for whole, rest in re.findall(r'width="(\d+)\.(\d\d)%" y', picture)]
    most = max(amounts) or 1
    assert shares == [one * 10_000 // most for one in amounts]


@given(AMOUNTS)
def test_the_highest_column_is_as_tall_as_the_picture_and_each_says_its_amount(amounts):
    picture = columns("a", "甲", [Amount(f"第{at}", one) for at, one in enumerate(amounts)], "t")
    heights = [int(one) for one in re.findall(r'height="(\d+)"/>', picture)]
    assert max(heights) == (TALL if any(amounts) else 1)
    assert [unescape(one) for one in re.findall(r"<title>([^<]*)</title>", picture)] == [
        f"第{at} {text(one)} t" for at, one in enumerate(amounts)
    ]


def test_the_last_column_always_bears_its_figure():
    picture = columns("a", "甲", [Amount("一", 2), Amount("二", 1), Amount("三", 9), Amount("四", 8)], "t")
    told = re.findall(r'<text class="\w+" x="[^"]*" y="\d+">([^<]*)</text>', picture)
    assert text(8) in told and text(9) not in told  # the peak stands right beside it


def spans(picture: str) -> list[tuple[int, int]]:
    """Return where each bar begins and ends, in hundredths of a per cent of the width."""
    found = re.findall(r'<rect class="\w+" x="(\d+)\.(\d\d)%" width="(\d+)\.(\d\d)%"', picture)
    return [(int(a + b), int(a + b) + int(c + d)) for a, b, c, d in found]


def test_a_flow_hangs_together_and_says_each_step_in_words():
    moves = flow_moves(2_000_000_000, [("储备", 1_000_000_000), ("扣除", -500_000_000), ("冲正", 0)], 2_500_000_000)
    picture = waterfall("a", "化学需氧量", moves, "t")
    assert "期初 2 t；储备 +1 t；扣除 −0.5 t；期末 2.5 t" in picture
    opening, came, went, closing = spans(picture)
    assert came[0] == opening[1]  # what came goes on from what was there
    assert went[1] == came[1] and went[0] == closing[1]  # what went goes back to what is left
    assert opening[0] == closing[0]


def test_flows_of_one_picture_share_their_scale():
    one, other = [Move("期末", 4_000_000_000, True)], [Move("期末", 1_000_000_000, True)]
    picture = waterfalls("a", "化学需氧量", [("甲", one), ("乙", other)], "t")
    assert words(picture) == ["甲：期末 4 t；乙：期末 1 t"]
    (left, right), (start, end) = spans(picture)
    assert (left, right - left) == (start, 4 * (end - start))


@given(st.integers(0, 10**13), st.lists(st.integers(-(10**12), 10**12), max_size=8))
def test_every_step_stays_between_labels_and_figures(opening, parts):
    moves = flow_moves(opening, [("冲正", one) for one in parts], opening + sum(parts))
    assert all(3_400 <= left <= right <= 7_120 for left, right in spans(waterfall("a", "甲", moves, "t")))


def test_kinds_of_bars_differ_by_their_filling():
    picture = bars("a", "甲", [Amount("一", 1), Amount("二", 1, "hollow"), Amount("三", 1, "dashed")], "t")
    assert all(f'class="bar {style}"' in picture for style in ("solid", "hollow", "dashed"))
    css = (ROOT / "quota_lib/report/templates/report/charts.css").read_text(encoding="utf-8")
    assert all(f".bar.{style}" in css for style in ("hollow", "dashed")) and "stroke-dasharray" in css


def test_hostile_words_stay_words():
    picture = bars("a", "<b>\u202e", [Amount("<script>", 1)], "t") + columns("a", "<b>", [Amount("<script>", 1)], "t")
    assert "<script>" not in picture and "<b>" not in picture and "\u202e" not in picture


def test_each_zone_that_moved_has_its_flow_which_opens_where_the_table_of_balances_does(park):
    picture = pictures.zone_pictures(park)
    table = overview.park_balances(park)
    names = [column.name for column in table.columns]
    facts = set(re.findall(r'data-fact="([^"]+)"', picture))
    moved = set()
    for row in (row for row in table.rows if row[0] != overview.PARK):
        one = dict(zip(names, row, strict=True))
        if any(one[name] for _, name, _ in pictures.OF_A_ZONE):
            moved.add((one["zone"], one["factor"]))
            steps = {name for _, name, _ in pictures.OF_A_ZONE if one[name]} | {"opening", "closing"}
            assert {one[name].fact for name in steps} <= facts
    told = named(picture)
    assert {(zone, factor) for zone, factor in moved if f"{zone}：期初" in told.get(factor, "")} == moved
    assert sum(said.count("期初") for said in told.values()) == len(moved)


def test_a_flow_from_nothing_opens_at_its_opening_too(park):
    assert 'data-fact="balance:XK:PM:opening"' in pictures.zone_pictures(park)
    assert pictures._named(0, "COD", "opening").fact == fact_id("balance", "*", "COD", "opening")


def test_the_last_column_of_history_is_the_closing_balance_and_there_is_one_for_every_quarter(park):
    told = named(pictures.history_pictures(park))
    closing = by_factors(balances(park.ledger.entries, park.quarter))
    assert told
    for factor, said in told.items():
        parts = said.split("；")
        assert len(parts) == 12  # 2023Q1 to 2025Q4
        assert parts[-1] == f"2025Q4 {text(closing[factor].closing)} t"


def test_the_lots_of_a_picture_add_up_to_the_closing_balance(park):
    told = named(pictures.lots_pictures(park))
    closing = by_factors(balances(park.ledger.entries, park.quarter))
    assert set(told) == {factor for factor, one in closing.items() if one.closing}
    for factor, said in told.items():
        amounts = [part.split(" ")[-2] for part in said.split("；")]
        assert sum(map(mass, amounts)) == closing[factor].closing


def test_supply_stands_beside_demand_for_every_factor_that_is_needed(park):
    told = named(pictures.supply_pictures(park))
    table = overview.shortages(park)
    names = [column.name for column in table.columns]
    needed = {}
    for row in table.rows:
        one = dict(zip(names, row, strict=True))
        needed[one["factor"]] = needed.get(one["factor"], 0) + one["need"]
    assert set(told) == {factor for factor, need in needed.items() if need}
    for factor, said in told.items():
        assert said.split("；")[1] == f"待供给与待核定的需要 {text(needed[factor])} t"


def test_the_map_says_what_is_lacking_where_the_table_of_shortages_does(park):
    table = pictures.short_map(park)
    lacking = {
        (str(row[0]).split()[0], column.name): -cell
        for row in table.rows
        for column, cell in zip(table.columns[1:], row[1:], strict=True)
        if cell is not None and cell < 0
    }
    short = {(str(row[0]).split()[0], row[1]): row[4] for row in overview.shortages(park).rows if row[4]}
    assert lacking == short and short
    page = table_html(table, {one.id: FactorShown(one.label, one.decimals) for one in park.rules.factors.all}, None)
    assert page.count('class="signed lacking"') == len(short)
