"""How far a computed reduction moves inside the stated ranges of its coefficients."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from quota_lib.amounts import text
from quota_lib.ranges import spread
from tests.test_accounting import accounted, declared, project

PETROL = {"sales_t": "1000", "removal_percent_before": "0", "removal_percent_after": "95"}


def spread_of(kind, method, label, factor, *rows, **cells):
    usual = {"申报减排量": "1", **cells}
    inputs = [(method, "J7", factor, row) for row in rows]
    park = accounted(project(kind), declared(label, factor, **usual), inputs=inputs)
    return spread(park.accounted[("J7", factor)], park.basis, park.rules)


def petrol(**cells):
    return spread_of("其他", "vapour_recovery", "油气回收", "VOCS", PETROL, **cells)


def furnace(*rows, **cells):
    usual = {"activity": "1000", "ef_kg_per_unit": "10", "technology_after": "SCR"}
    return spread_of("深度治理", "stack_treatment", "废气治理", "NOX", *({**usual, **row} for row in rows), **cells)


def ends(one):
    return [(text(swing.at_low), text(swing.at_high)) for swing in one.swings]


def test_a_coefficient_with_a_value_and_a_range_moves_from_end_to_end():
    found = petrol()
    assert text(found.counted) == "2.2895"  # 1000 t · 2.41 kg/t · 95 %
    assert ends(found) == [("1.3965", "3.287")]  # 1.47 and 3.46 kg/t
    assert (text(found.least), text(found.most)) == ("1.3965", "3.287")
    assert (found.swings[0].low, found.swings[0].stands_at, found.swings[0].high) == (
        Decimal("1.47"),
        Decimal("2.41"),
        Decimal("3.46"),
    )


def test_a_stated_percentage_moves_inside_the_range_of_its_technology():
    found = furnace({"removal_percent_after": "80"})
    assert (text(found.counted), ends(found)) == ("8", [("7", "8.5")])  # 70 and 85 % of 10 t


def test_rows_of_their_own_move_by_themselves_and_together():
    found = furnace({"removal_percent_after": "80"}, {"removal_percent_after": "75"})
    assert (text(found.counted), ends(found)) == ("15.5", [("14.5", "16"), ("15", "16.5")])
    assert (text(found.least), text(found.most)) == ("14", "17")


def test_more_ranges_than_can_be_moved_together_each_move_by_themselves():
    found = furnace(*[{"removal_percent_after": "80"}] * 9)
    assert (len(found.swings), found.least, found.most) == (9, None, None)


def test_the_cap_holds_at_the_ends_too():
    assert ends(petrol(减排前实际排放量="2.5")) == [("1.3965", "2.5")]


def test_a_value_without_a_range_and_what_is_stated_in_its_place_do_not_move():
    rows = {"generated_t": "1", "collection_percent_after": "100", "technology_after": "光解"}
    still = spread_of("深度治理", "voc_treatment", "VOCs治理", "VOCS", rows)
    stated = spread_of("深度治理", "voc_treatment", "VOCs治理", "VOCS", {**rows, "removal_percent_after": "9"})
    assert (still.swings, stated.swings) == ((), ())
    assert (still.least, still.counted, still.most) == (still.counted,) * 3


def test_technologies_in_series_move_between_what_their_ends_come_to_together():
    found = furnace({"technology_after": "低氮燃烧、SNCR", "removal_percent_after": "60"})
    assert (found.swings[0].low, found.swings[0].high) == (Decimal("44"), Decimal("75"))  # 1 − 0.8·0.7, 1 − 0.5·0.5
    assert ends(found) == [("4.4", "7.5")]


def test_a_faulty_computation_has_no_spread():
    assert furnace({"removal_percent_after": "90"}) is None  # outside 70–85 %


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(70, 85), min_size=1, max_size=3))
def test_the_figure_lies_between_the_least_and_the_most(percentages):
    found = furnace(*({"removal_percent_after": str(one)} for one in percentages))
    assert found.least <= found.counted <= found.most
    assert all(found.least <= min(one.at_low, one.at_high) for one in found.swings)
    assert all(max(one.at_low, one.at_high) <= found.most for one in found.swings)
