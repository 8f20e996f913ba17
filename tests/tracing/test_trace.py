"""From any figure of the demo park's report to its cells: sums open into their parts, cells hold what is stated."""

from __future__ import annotations

import json
import random
import re
from decimal import Decimal
from functools import cache
from html import unescape

import openpyxl
import pytest

from quota_lib.cli import main
from quota_lib.periods import Quarter
from quota_lib.report.html import answers_html, table_html
from quota_lib.report.page import shown_in
from quota_lib.report.reserve import ReserveReport
from quota_lib.reserve.balances import USES
from quota_lib.tracing import KINDS, Trace, UnknownFact, fact_id, keys_of, tree
from quota_lib.tracing.block import block, plain, unpacked
from quota_lib.tracing.ledger import CLOSING
from quota_lib.workspace import Workspace, load_park
from tests.tracing.printed import number, numeric, without_cells
from tests.workspaces import ROOT


@pytest.fixture(scope="module")
def report():
    return ReserveReport(load_park(Workspace(ROOT), Quarter(2025, 4)), [])


@pytest.fixture(scope="module")
def trace(report):
    return Trace(report.park)


@pytest.fixture(scope="module")
def shown(report):
    """Return the ids of all figures on the page, with what is printed there."""
    html = "".join(table_html(table, report.factors, None) for table in report.tables.values())
    found = re.findall(r'data-fact="([^"]+)"[^>]*>([^<]*)<', html)
    return {unescape(name): inner.replace("\u2212", "-") for name, inner in found}


@pytest.fixture(scope="module")
def facts(trace, shown, report):
    return trace.closed({*shown, *shown_in(answers_html(report.answers))})


@cache
def book(file):
    return openpyxl.load_workbook(ROOT / "data" / file, read_only=False, data_only=True)


def test_every_figure_that_is_printed_is_explained_and_has_the_printed_value(facts, shown):
    assert len(shown) > 2000
    assert [n for n, text in shown.items() if numeric(text) and number(text) != number(facts[n].value)] == []


def test_every_figure_leads_to_cells_that_hold_the_stated_values(facts):
    cells = {one for fact in facts.values() for one in fact.cells}
    assert len(cells) > 500
    for one in cells:
        file, _, rest = one.place.partition(" › ")
        sheet, _, address = rest.partition("!")
        there = book(file)[sheet][address].value
        if one.value in ("（空）", ""):
            assert there in (None, "") or not one.value, one
        elif isinstance(there, int | float):
            assert Decimal(repr(there)) == number(one.value), one
        else:
            assert str(there).strip() not in ("", "None"), one


def test_every_figure_but_zero_ends_in_cells_or_parameters(facts):
    left_out = [name for name, one in facts.items() if "没有填报，按此计" in one.note]
    assert without_cells(facts, left_out) == []


def test_a_balance_is_the_sum_of_its_parts(facts):
    for name, one in facts.items():
        kind, *keys = keys_of(name)
        if kind != "balance":
            continue
        values = {part: number(facts[part].value) for part in one.parts}
        if keys[2] == "change":
            *moves, closing, opening = values.items()
            signs = [-1 if keys_of(part)[3] in USES else 1 for part, _ in moves]
            moved = sum(sign * value for sign, (_, value) in zip(signs, moves, strict=True))
            assert number(one.value) == moved == closing[1] - opening[1], name
        elif keys[0] == "*" or keys[2] in ("brought", "opening", "frozen"):
            assert number(one.value) == sum(values.values()), name
        elif keys[2] == "closing":
            minus = ("debited", "transferred_out", "superior_out")
            parts = (-value if keys_of(part)[3] in minus else value for part, value in values.items())
            assert number(one.value) == sum(parts), name
        elif keys[2] in CLOSING:
            sign = -1 if keys[2] in ("debited", "transferred_out", "superior_out") else 1
            assert number(one.value) == sign * sum(values.values()), name


def test_a_lot_is_the_sum_of_its_entries(facts):
    for name, one in facts.items():
        if name.startswith("lot:") and keys_of(name)[4] in ("left", "frozen", "opening"):
            assert number(one.value) == sum(number(facts[part].value) for part in one.parts), name


def test_sums_of_the_bulletin_are_the_sums_of_their_projects(facts):
    sums = {name: one for name, one in facts.items() if name.startswith("bulletin:")}
    assert sums
    for one in sums.values():
        assert number(one.value) == sum(number(facts[part].value) for part in one.parts)


def test_a_flow_of_zero_says_that_nothing_of_its_kind_was_booked(trace, shown, facts):
    flows = [one for name, one in facts.items() if name.startswith("balance:") and one.value == "0" and not one.parts]
    assert len(flows) > 500 and all(one.note.endswith("。") for one in flows)
    recovered = trace.fact("balance:HD:COD:recovered")
    assert (recovered.value, recovered.note) == ("0", "所述期间没有“回收”的单据记入该功能区的该因子。")


def test_a_count_opens_what_was_counted(trace, report):
    waiting = trace.fact("count:waiting")
    assert [cell.value for cell in waiting.cells] == sorted(one.project for one in report.park.ledger.waiting)
    assert trace.fact("count:documents").value == "39" == str(len(trace.fact("count:documents").cells))
    late = trace.fact("round:HX:declared:late")
    assert len(late.cells) == int(late.value) and [rule.key for rule in late.rules] == ["deadlines.reductions_month"]


def test_a_count_of_zones_with_several_findings_each_says_how_many_findings_there_are(trace):
    one = trace.fact("count:uneven")
    assert int(one.value) < len(one.parts)
    assert one.formula == f"共 {one.value} 项，见以下 {len(one.parts)} 条预警"


def test_a_computed_reduction_that_a_limit_binds_says_which_limit_and_to_how_much(trace):
    one = trace.fact("reduction:JP2025-060:VOCS:computed")
    assert one.value == "1.62"
    assert one.formula.endswith("修约到毫克为 2.14326；以减排前许可排放量 2.4、减排前实际排放量 1.62 为限，计 1.62")


def test_the_ratio_of_a_debit_opens_its_parameter_and_assessment(trace):
    one = trace.fact("application:XM2023-001:COD:ratio")
    assert one.rules[0].key.startswith("ratios.water_") and one.cells[0].heading == "考核结果"


def test_a_debit_names_the_rule_that_gave_its_ratio_with_its_status(trace):
    name = next(n for n in sorted(trace.closed(["balance:HX:COD:debited"])) if n.startswith("application:"))
    one = trace.fact(name)
    assert one.rules[0].key == "ratios.water_met" and one.rules[0].status == "未核实"
    assert "× 比例 1" in one.formula


def test_the_block_of_a_page_is_json_that_no_page_ends_early(facts):
    text = block(facts, "2025Q4")
    assert "<" not in text
    held = json.loads(text)
    assert (held["schema"], held["period"], len(held["facts"])) == (3, "2025Q4", len(facts))
    found = unpacked(held)
    assert found == plain(facts, "2025Q4")
    for one in random.Random(4).sample(found["facts"], 200):
        fact = facts[one["id"]]
        assert [found["facts"][part]["id"] for part in one.get("parts", [])] == list(fact.parts)
        places = [f"{found['sheets'][sheet]}!{cell}" for sheet, cell, *_ in one.get("cells", [])]
        assert places == [cell.place for cell in fact.cells]
        assert [found["rules"][rule]["key"] for rule in one.get("rules", [])] == [rule.key for rule in fact.rules]


@pytest.mark.parametrize(
    "name",
    ["", "nix", "balance", "balance:HX:COD:nix", "lot:nix:HX:COD:left", "entry:2025Q4-99999:amount", "cell:a:b:c"],
)
def test_an_id_that_is_none_is_said_to_be_none(trace, name):
    with pytest.raises(UnknownFact):
        trace.fact(name)


def test_every_kind_of_figure_occurs_in_the_demo_park(facts):
    elsewhere = {"range", "step", "outcome", "limit", "stock", "annex", "together"}  # in other pages
    assert {keys_of(name)[0] for name in facts} >= set(KINDS) - elsewhere


def test_ids_keep_what_people_type_into_numbers():
    keys = ("entry", "衡环〔2025〕1号", "a:b", "c d", "100%", "<x>", "\u202e")
    name = fact_id(*keys)
    assert keys_of(name) == keys
    assert not re.search(r"[ <>\"'\u202e]", name)


def test_the_command_explains_a_figure_as_the_page_does(capsys, trace):
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(ROOT), "explain", "2025Q4", "balance:HX:COD:closing"])
    said = capsys.readouterr().out
    assert (left.value.code or 0) == 0
    assert said.splitlines() == list(tree(trace, "balance:HX:COD:closing"))
    assert f"算式：{trace.fact('balance:HX:COD:closing').value} = 期初 53.06 + 储备" in said
    assert "2025Q4/2025年第四季度总量核定.xlsx › 总量核定!G7 核定新增外排环境量 = 0.72" in said


def test_the_command_says_of_an_unknown_figure_how_to_find_one(capsys):
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(ROOT), "explain", "2025Q4", "balance:XX"])
    said = capsys.readouterr()
    assert (left.value.code, said.out, len(said.err.splitlines())) == (2, "", 1)
    assert "balance:…" in said.err
