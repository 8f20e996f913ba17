"""From any figure of the demo park's annual report to its cells, and single figures of a small park in full."""

from __future__ import annotations

import csv
import random
import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from html import unescape

import openpyxl
import pyarrow.parquet
import pytest

from quota_lib.accounting import Basis
from quota_lib.annual import close_year
from quota_lib.cli import main
from quota_lib.park import fold
from quota_lib.periods import Quarter
from quota_lib.report.annual import AnnualReport
from quota_lib.report.html import answers_html, table_html
from quota_lib.report.page import shown_in
from quota_lib.tracing import YEAR_KINDS, UnknownFact, YearTrace, keys_of, tree
from quota_lib.workspace import Workspace, as_of_quarter, load_year
from tests.totals.worlds import COEFFICIENTS, RULES, A, B, folders_of, row
from tests.tracing.printed import number, numeric, without_cells
from tests.workspaces import ROOT

YEAR = 2025
NOX = ("DA001", "NOX")


@pytest.fixture(scope="module")
def report():
    return AnnualReport(load_year(Workspace(ROOT), YEAR, as_of_quarter(YEAR)), [])


@pytest.fixture(scope="module")
def trace(report):
    return YearTrace(report.closed)


@pytest.fixture(scope="module")
def shown(report):
    """Return the ids of all figures in tables, with what is printed there."""
    pieces = [table_html(table, report.factors, None) for table in report.tables.values()]
    found = re.findall(r'data-fact="([^"]+)"[^>]*>([^<]*)<', "".join(pieces))
    return {unescape(name): inner.replace("\u2212", "-") for name, inner in found}


@pytest.fixture(scope="module")
def facts(trace, shown, report):
    return trace.closed({*shown, *shown_in(answers_html(report.answers))})


@cache
def book(file):
    return openpyxl.load_workbook(ROOT / "data" / file, data_only=True)


@cache
def hourly(file):
    path = ROOT / "data" / file
    if file.endswith(".parquet"):
        columns = pyarrow.parquet.read_table(path, columns=["credit_code", "outlet", "factor"]).to_pydict()
        return list(zip(*columns.values(), strict=True))
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [(one["credit_code"], one["outlet"], one["factor"]) for one in csv.DictReader(lines)]


def parts(facts, one):
    return [number(facts[part].value) for part in one.parts]


def of_kind(facts, *kinds):
    return [(keys_of(name), one) for name, one in facts.items() if keys_of(name)[0] in kinds]


def holds(cell):
    """Return whether a cell of a workbook holds what a figure says was found there."""
    file, _, rest = cell.place.partition(" › ")
    sheet, _, address = rest.partition("!")
    there = book(file)[sheet][address].value
    if cell.value in ("（空）", ""):
        return there in (None, "") or not cell.value
    if isinstance(there, int | float) and numeric(cell.value):
        return Decimal(repr(there)) == number(cell.value)
    return str(there).strip() not in ("", "None")


def in_a_workbook(cell):
    return ".xlsx › " in cell.place


# ── the demo park ────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_figure_that_is_printed_is_explained_and_has_the_printed_value(facts, shown):
    assert len(shown) > 3000
    assert [n for n, text in shown.items() if numeric(text) and number(text) != number(facts[n].value)] == []


def test_every_amount_of_the_tables_is_a_figure(report):
    for table in report.tables.values():
        for row_ in table.rows:
            for column, cell in zip(table.columns, row_, strict=True):
                if column.kind in ("mass", "signed") and cell is not None:
                    assert getattr(cell, "fact", ""), (table.id, column.name, row_)


def test_figures_picked_at_random_lead_to_workbook_cells_that_hold_the_stated_value(facts, shown):
    reached = 0
    for name in random.Random(11).sample(sorted(shown), 60):
        waiting, cells = [name], []
        while waiting:
            one = facts[waiting.pop()]
            cells += filter(in_a_workbook, one.cells)
            waiting += one.parts
        assert all(map(holds, cells)), name
        reached += bool(cells)
    assert reached > 40


def test_every_cell_of_every_figure_holds_the_stated_value(facts):
    cells = {cell for one in facts.values() for cell in one.cells if in_a_workbook(cell)}
    assert len(cells) > 1500
    assert [cell for cell in cells if not holds(cell)] == []


def test_every_figure_but_zero_ends_in_cells_or_parameters(facts):
    assert without_cells(facts) == []


def test_the_capture_of_a_quarter_is_valid_hours_by_hours_in_operation(facts, trace):
    shares = [(keys, one) for keys, one in of_kind(facts, "online") if keys[5] == "capture"]
    assert len(shares) > 200
    for keys, one in shares:
        hours = trace.online[keys[1:5]]
        valid, due = map(int, re.match(r"有效 (\d+) 小时 ÷ 运行 (\d+) 小时", one.formula).groups())
        assert due == hours.normal + hours.substituted + hours.missing and valid >= hours.normal, keys
        assert 0 <= Fraction(valid, due) - Fraction(one.value) < Fraction(1, 10**6), keys


def test_rows_of_hourly_files_are_those_of_the_outlet_and_factor(facts):
    found = {(keys[1:4], cell) for keys, one in of_kind(facts, "online") for cell in one.cells}
    assert len(found) > 20
    for (unit, outlet, factor), cell in random.Random(3).sample(sorted(found), 20):
        file, _, rest = cell.place.partition(" › ")
        first, last = (int(one) for one in rest.removeprefix("行!").split("–"))
        rows = hourly(file)
        head = 2 if file.endswith(".csv") else 1  # the first row under the headings
        for at in (first, last):
            credit, there, what = rows[at - head]
            assert (credit, there) == (unit[:18], outlet) and RULES.factors.read(what) == factor
        assert number(cell.value) == last - first + 1


SUMS = ("quality", "outlet", "fugitive")


def test_a_finding_shows_what_was_found_in_its_cell(trace):
    found = {number: trace.fact(f"finding:{number}") for number in trace.seen}
    assert len(found) > 50
    assert [number for number, one in found.items() if any(not cell.value for cell in one.cells)] == []


def test_sums_open_into_their_parts(facts):
    checked = 0
    for keys, one in of_kind(facts, *SUMS, "score", "online", "total", "room"):
        kind, what = keys[0], keys[3] if len(keys) > 3 else ""
        summed = (
            (kind in SUMS and what != "share" and bool(one.parts))
            or (kind == "score" and what != "left")
            or (kind == "online" and keys[4] == str(YEAR) and keys[5] not in ("normal", "stopped", "missing"))
            or (kind == "total" and what == "computed_actual")
            or (kind == "room" and what in ("approved", "unlisted", "total"))
        )
        if summed:
            checked += 1
            assert number(one.value) == sum(parts(facts, one)), keys
    assert checked > 1000


def test_differences_are_those_of_their_parts(facts):
    for keys, one in of_kind(facts, "difference", "room", "permit", "score"):
        values = parts(facts, one)
        if keys[0] == "difference" or keys[-1] == "headroom" or keys[3] == "left":
            first, second = values
            assert number(one.value) == first - second, keys
        elif keys[0] == "room" and keys[3] == "available":
            assert number(one.value) == values[0] - sum(values[1:]), keys
        elif keys[0] == "permit" and keys[3] == "permitted" and values:
            assert number(one.value) == sum(values), keys
        elif keys[0] == "permit" and keys[3] == "change":
            assert number(one.value) == values[0] - values[1], keys


def test_a_zone_opens_into_plants_these_into_outlets_and_these_into_cells(facts):
    names = {name: one for name, one in facts.items() if name.startswith("score:") and ":actual" in name}
    deep = 0
    for one in names.values():
        for part in one.parts:
            if keys_of(part)[0] == "total":
                outlets = [name for name in facts[part].parts if keys_of(name)[0] in ("route", "outlet")]
                deep += sum(bool(facts[name].cells or facts[name].parts) for name in outlets)
    assert deep > 20


def test_what_was_used_of_the_reserve_opens_into_entries(trace, facts):
    name = next(
        n for n, one in facts.items() if n.startswith("score:") and keys_of(n)[3] == "used" and one.value != "0"
    )
    below = trace.closed([name])
    entries = [one for one in below if one.startswith("entry:")]
    assert entries and all(below[one].cells for one in entries)


def test_what_is_proposed_names_its_method_with_status_and_every_step(trace):
    name = next(f"allowable:{u}:{f}:proposed" for (u, f), one in trace.allowed.items() if len(one.steps) > 2)
    one = trace.fact(name)
    assert one.rules[0].key == "allowable.method" and one.rules[0].status == "本地约定"
    assert one.formula.count("：") >= 3 and one.parts


def test_what_is_agreed_and_does_not_run_stands_beside_what_is_permitted(trace, facts):
    found = [one for keys, one in of_kind(facts, "allowable") if any(p.startswith("approved:") for p in one.parts)]
    assert found
    for one in found:
        permitted = number(facts[one.parts[0]].value)
        idle = sum(number(facts[part].value) for part in one.parts if part.startswith("approved:"))
        most = f"{(permitted - idle).normalize():f}"
        assert permitted >= idle and re.search(rf"(?<![\d.]){re.escape(most)}(?![\d.])", one.formula)


def test_every_kind_of_figure_of_a_year_occurs_in_the_demo_park(facts):
    assert set(YEAR_KINDS) <= {keys_of(name)[0] for name in facts}


@pytest.mark.parametrize(
    "name",
    ["", "nix", "total:nix:COD:permitted", "score:HX:COD:nix", "permit:nix:COD:permitted", "room:HX:COD:nix",
     "online:a:b:c:2025Q1:computed", "route:a:b:c:d", "allowable:a:b:proposed", "cap:HX:COD:x"],
)  # fmt: skip
def test_an_id_that_is_none_is_said_to_be_none(trace, name):
    with pytest.raises(UnknownFact):
        trace.fact(name)


def test_the_command_explains_a_years_figure_as_the_page_does(capsys, trace, shown):
    name = next(n for n in sorted(shown) if n.startswith("score:") and keys_of(n)[3] == "actual")
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(ROOT), "explain", str(YEAR), name])
    assert (left.value.code or 0) == 0
    assert capsys.readouterr().out.splitlines() == list(tree(trace, name))


@pytest.mark.parametrize(
    ("arguments", "said"), [(("nix",), "score:…"), (("HX", "COD"), "2025Q4"), (("nix", "--as-of", "2024Q1"), "2025Q4")]
)
def test_the_command_says_in_a_line_what_there_is_not(capsys, arguments, said):
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(ROOT), "explain", str(YEAR), *arguments])
    told = capsys.readouterr()
    assert (left.value.code, told.out, len(told.err.splitlines())) == (2, "", 1)
    assert said in told.err


# ── a small park ─────────────────────────────────────────────────────────────────────────────────────────────────


def small(*rows):
    folders = folders_of(*rows)
    park = fold(folders, Quarter(YEAR + 1, 2), RULES, Basis(COEFFICIENTS))
    return YearTrace(close_year(park, folders, YEAR))


def test_a_load_to_the_sewer_counts_at_most_what_the_sewage_plant_lets_out():
    water = {"排放口编号": "DW001", "污染因子": "COD", "浓度(mg/m³ 或 mg/L)": "200", "流量(m³/h)": "10"}
    found = small(row("手工监测", **water), row("排放口年度", 排放口编号="DW001", **{"年排放时间(h)": "1000"}))
    one = found.fact(f"route:{A}:DW001:COD:self_monitoring")
    assert one.value == "0.5"  # 10 000 m³ × 50 mg/L, less than the 2 t to the sewer
    assert one.formula == "min(接管 2, 10000 m³ × 50 mg/L × 1e-6)"
    assert one.parts == (f"route:{A}:DW001:COD:self_monitoring:接管量",)
    assert found.fact(one.parts[0]).value == "2"
    assert [cell.value for cell in one.cells] == ["50"]


def test_samples_open_into_mean_flow_hours_and_cells():
    rows = [row("手工监测", 采样日期=f"2025-0{n}-10", **{"流量(m³/h)": flow}) for n, flow in ((3, "1000"), (6, "3000"))]
    found = small(*rows, row("排放口年度"))
    one = found.fact(f"route:{A}:DA001:NOX:self_monitoring")
    assert one.value == "0.8"
    assert one.formula == (
        "C = ΣC·Q ÷ ΣQ = 50 mg/m³（2 次监测）；E = C × 平均流量 2000 m³/h × 8000 h × 1e-9，修约到毫克"
    )
    assert [cell.value for cell in one.cells] == ["50", "1000", "50", "3000", "8000"]
    total = found.fact(f"total:{A}:NOX:computed_actual")
    assert (total.value, total.parts) == ("0.8", (one.id,))


def test_half_the_detection_limit_names_the_parameter():
    sample = row("手工监测", **{"浓度(mg/m³ 或 mg/L)": "未检出", "检出限": "4"})
    one = small(sample, row("排放口年度")).fact(f"route:{A}:DA001:NOX:self_monitoring")
    assert one.value == "0.016"
    assert [rule.key for rule in one.rules] == ["annual.detection_share"]
    assert one.cells[0].value == "4"


def test_coefficients_open_into_steps_inputs_and_the_fugitive_part():
    controlled = {"污染因子": "VOCS", "收集率(%)": "90", "去除率(%)": "80"}
    found = small(row("核算-产排污系数", **controlled))  # 1000 · 2 kg
    total = found.fact(f"total:{A}:VOCS:computed_actual")
    assert total.formula == "0.56 = 未列排放口 0.36 + 无组织 0.2"
    organised, fugitive = (found.fact(name) for name in total.parts)
    assert (organised.value, fugitive.value) == ("0.36", "0.2")
    assert "减去无组织" in organised.formula and "0.36" in organised.formula
    assert {"1000", "2", "90", "80"} <= {cell.value for cell in organised.cells}


def test_an_execution_report_stands_for_the_plant_where_nothing_else_does():
    published = row("统计与披露", 来源="执行报告", 排放量="5.5")
    found = small(published)
    total = found.fact(f"total:{A}:NOX:computed_actual")
    assert (total.value, total.formula) == ("5.5", "按执行报告")
    assert found.fact(total.parts[0]).cells[0].value == "5.5"


def test_a_permit_opens_into_its_cell():
    found = small(row("许可总量"))
    assert found.fact(f"permit:{A}:NOX:permitted").cells[0].value == "10"


def test_an_unlisted_plant_is_taken_off_the_cap_as_it_is_permitted():
    cap = row("排放限量", 年度=2026, 限量="100", 预留量="5")
    listed = row("总量管理名单", **{"统一社会信用代码": B})
    found = small(cap, listed, row("许可总量"), row("许可总量", **{"统一社会信用代码": B, "全厂许可外排环境量": "30"}))
    assert found.fact("room:HX:NOX:unlisted").formula == "10 = 甲厂 10"
    available = found.fact("room:HX:NOX:available")
    assert (available.value, available.formula) == ("85", "限量 100 − 预留 5 − 名单外 10")
    assert found.fact("room:HX:NOX:headroom").value == "55"
