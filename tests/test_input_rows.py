"""A method's inputs handed in again: the same are there already, a later folder's take the place, one folder's add up."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quota_lib.input_rows import take_place
from quota_lib.problems import Place, Source
from tests.report.test_workpapers import declared, inputs
from tests.small_park import NOW, paper
from tests.workspaces import quota, small_workspace

WATER = {"flow_m3": "100000", "before_mg_per_l": "50", "after_mg_per_l": "20"}  # 3 t


def computed(place, quarter):
    assert quota(place, "reserve", quarter).code == 0
    rows = (place / "reports" / quarter / "tables" / "reductions.csv").read_text("utf-8-sig").splitlines()
    return next(row.split(",")[6] for row in rows if row.startswith("J7,"))


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        (WATER, "3"),  # the same once more is there already
        ({**WATER, "after_mg_per_l": "30"}, "2"),  # corrected
        (None, "3"),  # not handed in again: what there is holds
    ],
)
def test_a_project_declared_again_in_a_later_quarter_is_computed_from_what_was_handed_in_last(
    tmp_path, again, expected
):
    later = [
        paper("减排项目", "2025Q3", 项目编号="J7", 申报日期="2025-07-10"),
        paper("减排量", "2025Q3", 项目编号="J7", 污染因子="COD", 申报减排量="3", 核算方法="废水治理"),
    ]
    first = [paper("减排项目", 项目编号="J7"), declared("COD", "废水治理", "3")]
    place = small_workspace(tmp_path / "w", *first, *later)
    inputs(place / "data" / NOW, "wastewater_treatment", "J7", "COD", WATER)
    assert computed(place, NOW) == "3"
    if again:
        inputs(place / "data" / "2025Q3", "wastewater_treatment", "J7", "COD", again)
    assert computed(place, "2025Q3") == expected
    assert computed(place, NOW) == "3"  # what was published stays


def test_a_workbook_that_lies_in_the_folder_twice_counts_once(tmp_path):
    place = small_workspace(tmp_path / "w", paper("减排项目", 项目编号="J7"), declared("COD", "废水治理", "3"))
    inputs(place / "data" / NOW, "wastewater_treatment", "J7", "COD", WATER)
    book = next((place / "data" / NOW).glob("核算-*.xlsx"))
    book.with_name("副本.xlsx").write_bytes(book.read_bytes())
    assert computed(place, NOW) == "3"
    assert sum("Q320" in line for line in quota(place, "check", NOW).lines) == 1


class Row(NamedTuple):
    project: str
    factor: str
    amount: int
    at: Place


def row(amount, file, number):
    return Row("J", "COD", amount, Place(Source(file, "核算", None, {"project": "A"}), number))


@given(st.lists(st.integers(1, 3), max_size=5), st.lists(st.integers(1, 3), max_size=5))
def test_what_counts_does_not_depend_on_the_order_of_rows_and_files(one, other):
    rows = [row(n, "a", at) for at, n in enumerate(one)] + [row(n, "b", at) for at, n in enumerate(other)]
    kept = [sorted(r.amount for r in take_place({}, "m", order)[0]) for order in (rows, rows[::-1])]
    assert kept[0] == kept[1] == sorted(one + [n for n in other if n not in one])


@given(st.lists(st.integers(1, 3), min_size=1, max_size=4), st.lists(st.integers(1, 3), min_size=1, max_size=4))
def test_a_later_folder_takes_the_place_as_a_whole_or_changes_nothing(before, after):
    inputs_ = {("J", "COD"): [("m", row(n, "a", at)) for at, n in enumerate(before)] + [("other", row(9, "c", 1))]}
    kept, _ = take_place(inputs_, "m", [row(n, "b", at) for at, n in enumerate(after)])
    held = [r.amount for name, r in inputs_["J", "COD"] if name == "m"] + [r.amount for r in kept]
    assert sorted(held) == sorted(after)
    assert ("other", 9) in [(name, r.amount) for name, r in inputs_["J", "COD"]]
