"""A trial as a command: its page beside the official report, marked, the same bytes twice, the report untouched."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from quota_lib.methods import LABELS
from quota_lib.report.charts import Bar, range_chart
from quota_lib.report.page import external_addresses
from tests.report.test_workpapers import HOOD, declared, inputs
from tests.small_park import NOW, paper
from tests.tracing.printed import facts_in
from tests.workspaces import Ran, quota, small_workspace

LINE = "title: 备案限值减半\nauthor: 分析人员\nreason: 比较\nparameters: {filing.COD: '0.5'}\n"
METHOD = '''
from decimal import Decimal

from quota_lib.methods import method

CARD = """
status: local
source: 试验
factors: [COD]
formula: {plain: R = Q·C, latex: 'R = Q \\\\times C'}
inputs:
  flow_m3: {heading: 水量(m³/a), unit: m³/a, type: number, required: "yes", symbol: Q}
  before_mg_per_l: {heading: 浓度(mg/L), unit: mg/L, type: number, required: "yes", symbol: C}
steps:
  reduction: {label: 减排量, unit: t/a, symbol: R, formula: flow_m3 * before_mg_per_l * 1e-6}
examples:
  - {title: 一, factor: COD, rows: [{flow_m3: "1000", before_mg_per_l: "1"}], expect: {reduction: "0.001"}}
"""


@method("evaporation", label="蒸发", clause="REDUCE-1(3)", card=CARD)
def evaporation(flow_m3: Decimal, before_mg_per_l: Decimal) -> Decimal:
    return flow_m3 * before_mg_per_l * Decimal("1e-6")
'''


def workspace(folder: Path, **trials: str) -> Path:
    place = small_workspace(folder, paper("减排量", 项目编号="J1", 污染因子="COD", 申报减排量="5"))
    for name, content in trials.items():
        (place / "parameters" / "what_if" / f"{name}.yaml").write_text(content, encoding="utf-8")
    return place


def hashes(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return workspace(tmp_path_factory.mktemp("trial") / "w", line=LINE)


def test_a_trial_stands_beside_the_report_and_leaves_it_as_it_is(place):
    assert quota(place, "reserve", NOW).code == 0
    before = hashes(place / "reports" / NOW)
    ran = quota(place, "try", "line", NOW)
    assert (ran.code, ran.err) == (0, "")
    assert "line.html" in ran.out and "正式报告没有改动" in ran.out
    after = hashes(place / "reports" / NOW)
    assert {name: after[name] for name in before} == before
    assert sorted(set(after) - set(before)) == ["try/line.html", "try/line.ipynb", "try/line.json"]
    assert quota(place, "verify", NOW).code == 0


def test_two_runs_of_a_trial_leave_the_same_bytes(place):
    quota(place, "try", "line", NOW)
    first = hashes(place / "reports" / NOW / "try")
    quota(place, "try", "line", NOW)
    assert hashes(place / "reports" / NOW / "try") == first


def test_the_page_of_a_trial_says_that_it_is_one_who_made_it_and_why(place):
    quota(place, "try", "line", NOW)
    page = (place / "reports" / NOW / "try" / "line.html").read_text(encoding="utf-8")
    assert '<div class="banner" role="alert"><strong>■ 试算</strong>' in page
    assert "不是正式报告" in page
    for words in ("备案限值减半", "分析人员", "比较", "0.5", "parameters/what_if/line.yaml"):
        assert words in page
    assert external_addresses(page) == []
    assert "@page{@top-left" in page.replace(" ", "") and "■ 试算" in page  # on each printed sheet


def test_the_command_explains_a_figure_of_a_trial_that_is_named_and_says_so_where_none_is(place):
    quota(place, "try", "line", NOW)
    facts = facts_in((place / "reports" / NOW / "try" / "line.html").read_text(encoding="utf-8"))
    name = next(one for one in facts if one.startswith("tried:"))
    ran = quota(place, "explain", NOW, name, "--try", "line")
    assert ran.code == 0
    assert ran.lines[0] == f"{facts[name].label} = {facts[name].value} 　[{name}]".rstrip()
    ran = quota(place, "explain", NOW, name)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert "--try" in ran.err


def test_a_trial_that_is_not_there_is_said_with_those_that_are(place):
    ran = quota(place, "try", "nix", NOW)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "line" in ran.err and "national-2021" in ran.err


def test_a_malformed_trial_is_a_fault_of_the_parameters_and_leaves_nothing(tmp_path):
    place = workspace(tmp_path / "w", bad=LINE.replace("filing.COD", "filing.CODD"))
    ran = quota(place, "try", "bad", NOW)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "filing.CODD" in ran.err and "filing.COD." in ran.err
    assert not (place / "reports" / NOW).exists()


def test_a_period_with_errors_is_tried_and_the_code_says_so(tmp_path):
    place = small_workspace(tmp_path / "w", paper("指标储备", 储备量="1.2吨"))
    (place / "parameters" / "what_if" / "line.yaml").write_text(LINE, encoding="utf-8")
    assert quota(place, "try", "line", NOW).code == 1


def test_a_method_written_in_the_notebook_is_tried_and_is_nowhere_else(tmp_path):
    given = "inputs: [{project: J1, factor: COD, method: 蒸发, flow_m3: '2000', before_mg_per_l: '500'}]\n"
    place = workspace(tmp_path / "w", new="title: 蒸发\nauthor: 分析人员\nreason: 新技术\n" + given)
    refused = quota(place, "try", "new", NOW)
    assert refused.code == 2 and "蒸发" in refused.err and "笔记本" not in refused.err
    path = place / "notebooks" / "try.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(one for one in notebook["cells"] if one["source"].startswith("# 试一种新的"))
    cell["source"] = METHOD
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    ran: Ran = quota(place, "try", "new", NOW)
    assert (ran.code, ran.err) == (0, "")
    page = (place / "reports" / NOW / "try" / "new.html").read_text(encoding="utf-8")
    assert "蒸发" in page and "evaporation，1 行" in page
    text = re.sub(r"<[^>]+>", "", page)
    assert "J1" in text and "试算 1 t/a" in text  # how the trial computes it, step by step
    assert "试算文件的 inputs" in text and "2000" in text
    assert "evaporation" not in quota(place, "methods").out


def test_a_reduction_that_the_trial_cannot_compute_says_why_beside_the_official_working(tmp_path):
    own = [paper("减排项目", 项目编号="J7"), declared("VOCS", "VOCs治理", "1.85")]
    place = small_workspace(tmp_path / "w", *own)
    inputs(place / "data" / NOW, "voc_treatment", "J7", "VOCS", HOOD)
    what = "title: 甲\nauthor: 分析人员\nreason: 比较\ncoefficients: {removal: {edition: national-2021}}\n"
    what = what.replace("national-2021", "provincial")
    (place / "parameters" / "what_if" / "other.yaml").write_text(what, encoding="utf-8")
    quota(place, "try", "other", NOW)
    text = re.sub(r"<[^>]+>", "", (place / "reports" / NOW / "try" / "other.html").read_text(encoding="utf-8"))
    assert "试算 —，正式 1.85 t/a" in text and "不能核算：" in text
    assert "结果 1.85 t/a，按四舍六入五成双修约到毫克为 1.85 t/a" in text


def test_a_mistake_in_a_trials_own_inputs_is_said_of_its_file(tmp_path):
    given = "inputs: [{project: J1, factor: COD, method: 污水处理提升, flow_m3: '约2', {word}: '500'}]\n"
    given = given.replace("{word}", "before_mg_per_l").replace("污水处理提升", LABELS["wastewater_treatment"])
    head = "title: 甲\nauthor: 分析人员\nreason: 新技术\n"
    place = workspace(tmp_path / "w", bad=head + given, other=head + given.replace("flow_m3", "flow_m4"))
    ran = quota(place, "try", "bad", NOW)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "parameters/what_if/bad.yaml: inputs of J1/COD" in ran.err and "约2" in ran.err and "→" in ran.err
    ran = quota(place, "try", "other", NOW)
    assert ran.code == 2 and "has no input 'flow_m4'" in ran.err and "笔记本" not in ran.err


def test_a_picture_says_in_words_what_it_shows_and_hides_nothing():
    picture = range_chart(
        "a", "范围", [Bar("甲<b>\u202e", 2_000_000_000, 1_000_000_000, 3_500_000_000, 0)], "t/a", ("试算", "正式")
    )
    assert "试算 2 t/a，正式 0 t/a，范围 1 至 3.5 t/a" in picture
    assert "<b>" not in picture and "[U+202E]" in picture
    assert picture.count('class="mark"') == 1


def test_marks_keep_their_order_on_the_axis():
    picture = range_chart("a", "", [Bar("", 20, 10, 30), Bar("", -5, -10, 0)], "t")
    marks = [line.split('"')[0] for line in picture.split('cx="')[1:]]
    lines = [line.split('"')[0] for line in picture.split('class="range" x1="')[1:]]
    share = [float(one.rstrip("%")) for one in (*marks, *lines)]
    assert share[3] < share[1] < share[2] < share[0]  # −10, −5, 10, 20
