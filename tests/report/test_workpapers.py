"""Working papers and coefficients: what a reviewer recomputes from, and what a later coefficient must leave alone."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from quota_lib.methods import METHODS
from tests.small_park import LATER, NOW, paper
from tests.tracing.printed import facts_in, texts
from tests.workspaces import quota, small_workspace, write_book

FURNACE = {"activity": "1000", "ef_kg_per_unit": "10", "technology_after": "SCR", "removal_percent_after": "80"}
HOOD = {"generated_t": "10", "way_after": "包围型集气罩", "technology_after": "一次性活性炭吸附、光解"}


def inputs(folder: Path, method: str, project: str, factor: str, values: dict[str, str]) -> None:
    card = METHODS[method].card
    head = ["项目编号", "污染因子", *(one.heading for one in card.inputs.values())]
    row = [project, factor, *(values.get(name, "") for name in card.inputs)]
    write_book(folder / f"核算-{method}.xlsx", {card.sheet: [head, row]})


def declared(factor: str, method: str, amount: str, **cells: str):
    return paper(
        "减排量", 项目编号="J7", 污染因子=factor, 申报减排量=amount, 核算方法=method, 核算依据="设计文件", **cells
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    own = [
        paper("减排项目", 项目编号="J7"),
        declared("VOCS", "VOCs治理", "1.85"),
        declared("NOX", "废气治理", "8"),
        paper("项目状态", LATER, 建设项目编号="X1", 状态日期="2025-07-10"),
    ]
    place = small_workspace(tmp_path_factory.mktemp("papers") / "w", *own)
    inputs(place / "data" / NOW, "voc_treatment", "J7", "VOCS", HOOD)
    inputs(place / "data" / NOW, "stack_treatment", "J7", "NOX", FURNACE)
    assert quota(place, "reserve", NOW).code == 0
    return place


def page_of(place: Path) -> str:
    return (place / "reports" / NOW / "workpapers.html").read_text(encoding="utf-8")


def test_a_computation_can_be_followed_by_hand_from_the_page(place):
    page = page_of(place)
    text = re.sub(r"<[^>]+>", "", page)
    for words in ("包围型集气罩", "50", "一次性活性炭吸附", "30", "光解", "10", "national-2022", "转引", "未核实"):
        assert words in text
    assert "核算-voc_treatment.xlsx › 核算-VOCs治理!C2" in page  # the cell of an input
    assert "结果 1.85 t/a" in text  # 10 · 50 % · (1 − 0.7·0.9)


def test_inputs_coefficients_steps_and_definitions_open_to_cell_table_and_numbers(place):
    page = page_of(place)
    facts = facts_in(page)
    names = list(facts)
    shown = {names[at]: one.text for one in texts(page) for at in one.facts}
    inputs_ = {name: facts[name] for name in shown if name.startswith("input:J7:NOX")}
    assert {one.cells[0].value for one in inputs_.values()} == {"1000", "10", "80", "（空）"}
    assert {one.note for one in inputs_.values() if one.cells[0].value == "（空）"} == {"没有填报，按此计"}
    assert all("核算-stack_treatment.xlsx › 核算-废气治理!" in one.cells[0].place for one in inputs_.values())
    rules = {rule.label: rule for name in shown if name.startswith("coefficient:") for rule in facts[name].rules}
    hood = rules["包围型集气罩"]
    assert (hood.value, hood.unit, hood.key, hood.status) == ("50", "%", "collection.national-2022", "未核实")
    assert hood.reference
    result = facts["reduction:J7:NOX:computed"]
    assert (result.value, shown["reduction:J7:NOX:declared"]) == ("8", "8 t/a")
    last = facts[facts["outcome:J7:NOX:exact"].parts[0]]
    assert last.value == "8" and last.formula.endswith("= 8")
    reached, waiting = set(), [last.id]
    while waiting:
        one = facts[waiting.pop()]
        reached |= {cell.value for cell in one.cells}
        waiting += one.parts
    assert {"1000", "10", "80"} <= reached


def test_what_was_left_out_is_listed_with_what_counts_in_its_place(place):
    text = re.sub(r"<[^>]+>", "|", page_of(place))
    text = re.sub(r"\|+", "|", text)
    assert "治理前去除率|0|%|未填，按此计" in text
    assert "治理前收集率|0|%|未填，按此计" in text
    rows = (place / "reports" / NOW / "tables" / "workings.csv").read_text(encoding="utf-8-sig")
    assert "（未填，按此计）,治理前去除率,0,%" in rows


def test_a_step_that_the_result_does_not_stand_on_is_marked(place):
    text = re.sub(r"<[^>]+>", "", page_of(place))
    assert "治理前排放量（供参考，不进入结果）" in text
    assert "产生量（供参考" not in text


def test_the_table_of_workings_shows_the_limits_between_the_result_and_what_counts(tmp_path):
    own = [
        paper("减排项目", 项目编号="J7"),
        declared("VOCS", "VOCs治理", "1", 减排前实际排放量="1.25", 减排前许可排放量="1.5"),
    ]
    place = small_workspace(tmp_path / "w", *own)
    inputs(place / "data" / NOW, "voc_treatment", "J7", "VOCS", HOOD)
    assert quota(place, "reserve", NOW).code == 0
    rows = (place / "reports" / NOW / "tables" / "workings.csv").read_text(encoding="utf-8-sig").splitlines()
    last = [row.split(",")[-3:] for row in rows[-4:]]
    assert last == [
        ["减排量（修约）", "1.85", "t/a"],
        ["减排前许可排放量", "1.5", "t/a"],
        ["减排前实际排放量", "1.25", "t/a"],
        ["计入减排量", "1.25", "t/a"],
    ]


def test_a_percentage_below_one_gets_a_hint_at_its_cell(tmp_path):
    place = small_workspace(tmp_path / "w", paper("减排项目", 项目编号="J7"), declared("NOX", "废气治理", "0.01"))
    for value, hinted in (("0.85", True), ("1", False), ("0", False)):
        values = {**FURNACE, "technology_after": "", "removal_percent_after": value}
        inputs(place / "data" / NOW, "stack_treatment", "J7", "NOX", values)
        lines = [line for line in quota(place, "check", NOW).out.splitlines() if "Q142" in line]
        assert bool(lines) == hinted
        assert not hinted or ("0.85：按 0.85 % 计 → 若是 85 %，填 85" in lines[0] and "提示" in lines[0])


def test_how_far_a_reduction_moves_is_shown_as_a_picture_and_in_figures(place):
    page = page_of(place)
    assert 'id="chart-ranges-J7-NOX"' in page
    assert "核算结果 8 t/a，范围 7 至 8.5 t/a" in page
    assert 'id="chart-ranges-J7-VOCS"' not in page  # nothing of it has a range


def test_each_figure_names_its_method_and_the_document_that_it_stands_on(place):
    assert "VOCs治理：设计文件" in page_of(place)


def hashes(place: Path, quarter: str) -> dict[str, str]:
    folder = place / "reports" / quarter
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def change(place: Path, since: str) -> None:
    """Let an enclosing hood count for 40 % from a day on."""
    path = place / "parameters" / "collection.yaml"
    text = path.read_text(encoding="utf-8")
    own = [one for one in text.splitlines(True) if "word: 包围型集气罩" in one and "since:" in one]
    for one in own:  # of whoever followed the README
        text = text.replace(one, "")
    line = next(one for one in text.splitlines() if "word: 包围型集气罩" in one and 'value: "50"' in one)
    later = line.replace('value: "50"', f'value: "40", since: {since}')
    path.write_text(text.replace(line, f"{line}\n{later}", 1), encoding="utf-8")


def test_a_coefficient_changed_from_a_later_day_on_leaves_earlier_quarters_as_they_were_to_the_byte(place):
    before = hashes(place, NOW)
    original = (place / "parameters" / "collection.yaml").read_text(encoding="utf-8")
    change(place, "2026-01-01")
    assert quota(place, "reserve", NOW).code == 0
    assert hashes(place, NOW) == before
    (place / "parameters" / "collection.yaml").write_text(original, encoding="utf-8")
    change(place, "2025-04-10")  # the day of the declaration: the change is seen where it should be
    assert quota(place, "reserve", NOW).code == 0
    changed = {name for name, digest in hashes(place, NOW).items() if before[name] != digest}
    assert {"tables/reductions.csv", "tables/workings.csv", "workpapers.html"} <= changed
    assert not changed & {"tables/balances.csv", "tables/entries.csv", "tables/lots.csv"}  # the bureau's verdict counts
    (place / "parameters" / "collection.yaml").write_text(original, encoding="utf-8")
