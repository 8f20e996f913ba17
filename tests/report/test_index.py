"""The index of all reports: what lies there is listed as it is, what is due is counted from the last one, no clock."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from quota_lib.periods import Quarter
from quota_lib.report.due import due_next, next_month_end
from quota_lib.report.index import last_reported, read_runs, write_index
from quota_lib.report.page import external_addresses
from quota_lib.report.summary import Unreadable, summary_in
from quota_lib.rules import RuleError
from quota_lib.workspace import Workspace, make_workspace, read_rules
from tests.small_park import NOW, paper
from tests.tools import chromium
from tests.workspaces import quota, small_workspace

HOSTILE = '<script>alert(1)</script>"\u202e=HYPERLINK("x")' + "长" * 10_000
RULES = read_rules(None)
SUMMARY = {
    "kind": "reserve",
    "period": "2025Q4",
    "title": "季度报告",
    "status": "errors",
    "problems": {"error": 3, "warning": 2, "info": 1},
    "answers": [{"question": "哪里不足？", "verdict": "bad", "headline": "5 处不足。", "link": "#table-shortages"}],
}
TRIAL = {"kind": "try", "period": "2025Q4", "title": "限值减半", "author": "分析人员", "reason": "比较"} | {
    "status": "clean"
}


@pytest.fixture
def place(tmp_path):
    make_workspace(tmp_path / "w")
    return Workspace(tmp_path / "w")


def put(place: Workspace, name: str, content: object = "x") -> Path:
    path = place.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def report(place: Workspace, period: str, **changes: object) -> None:
    put(place, f"reports/{period}/reserve.html")
    put(place, f"reports/{period}/manifest.json", {"summary": SUMMARY | {"period": period} | changes})


def page(place: Workspace) -> str:
    return write_index(place).read_text(encoding="utf-8")


def lines(html: str) -> list[str]:
    """Return the words of each row of the list of runs."""
    table = html.split('id="table-runs"')[1].split("</table>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)[1:]]


def test_each_run_brings_the_index_up_to_date_and_leaves_the_same_bytes_twice(tmp_path):
    root = small_workspace(tmp_path / "w", paper("指标储备", 储备量="1.2吨"))
    (root / "parameters/what_if/line.yaml").write_text(
        "title: 限值减半\nauthor: 分析人员\nreason: 比较\nparameters: {filing.COD: '0.5'}\n", encoding="utf-8"
    )
    index = root / "reports/index.html"
    assert quota(root, "reserve", NOW).code == 1
    first = index.read_bytes()
    said = lines(first.decode())
    assert len(said) == 1 and said[0].startswith(f"{NOW} 季度储备报告")
    assert "■ 初报·有错误" in said[0] and "错误 1" in said[0] and "□ 未封存" in said[0]
    for question in ("各功能区是否收支平衡？", "哪里不足？", "需要人来决定什么？", "与上季度相比有何变化？"):
        assert question in said[0]
    assert quota(root, "reserve", NOW).code == 1
    assert index.read_bytes() == first
    assert quota(root, "try", "line", NOW).code == 1
    with_trial = index.read_bytes()
    assert quota(root, "try", "line", NOW).code == 1
    assert index.read_bytes() == with_trial
    said = lines(with_trial.decode())
    assert len(said) == 2 and said[1].startswith(f"{NOW} 试算")
    for words in ("◆ 试算", "不是正式报告", "限值减半", "比较", "分析人员", "line 网页 笔记本"):
        assert words in said[1]
    ran = quota(root, "verify", NOW)
    assert (ran.code, ran.out) == (0, f"{NOW} 逐字节一致\n")
    assert index.read_bytes() == with_trial


def test_a_run_without_errors_is_said_to_have_none(tmp_path):
    root = small_workspace(tmp_path / "w")
    assert quota(root, "reserve", NOW).code == 0
    html = (root / "reports/index.html").read_text(encoding="utf-8")
    assert "✓ 无数据错误" in lines(html)[0] and "初报·有错误" not in html.split("<script>")[0]
    assert f'href="{NOW}/reserve.html#table-shortages"' in html
    assert '<h2 id="due">' in html and "2025-09-30" in html  # the round after 2025Q2


def test_an_annual_run_is_listed_beside_the_quarters(tmp_path):
    root = small_workspace(tmp_path / "w", paper("总量管理名单", "2025", 年度=2025, 排定日期="2026-02-20"))
    quota(root, "annual", "2025")
    said = lines((root / "reports/index.html").read_text(encoding="utf-8"))
    assert said[0].startswith("2025 年度核查报告 至 2025-12-31") and "报告 网页" in said[0]


def test_periods_stand_newest_first_and_trials_after_their_report(place):
    for period in ("2024Q4", "2025Q4", "2025Q3"):
        report(place, period)
    put(place, "reports/2025/annual.html")
    put(place, "reports/2025/manifest.json", {})
    put(place, "reports/2025Q3/try/a.html")
    names = [(run.name, run.kind) for run in read_runs(place)]
    assert names == [
        ("2025", "annual"),
        ("2025Q4", "reserve"),
        ("2025Q3", "reserve"),
        ("2025Q3", "try"),
        ("2024Q4", "reserve"),
    ]


def test_a_quarter_of_which_the_ledger_holds_something_is_sealed(place):
    for period in ("2025Q1", "2025Q2", "2025Q3"):
        report(place, period)
    put(place, "data/ledger/2025Q1.json")
    (place.root / "data/ledger/2025Q2").mkdir()
    assert {run.name: run.sealed for run in read_runs(place)} == {"2025Q1": True, "2025Q2": True, "2025Q3": False}
    said = lines(page(place))
    assert ["▣ 已封存" in line for line in said] == [False, True, True]


def test_a_run_of_an_older_version_is_listed_without_a_state(place):
    put(place, "reports/2025Q3/reserve.html")
    put(place, "reports/2025Q3/manifest.json", {"inputs": {}})
    html = page(place)
    assert "▲ 状态未记录" in lines(html)[0] and "quota reserve 2025Q3" in lines(html)[0]
    assert last_reported(read_runs(place)) == date(2025, 9, 30)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "manifest.json 读不出"),
        ("[1]", "manifest.json 读不出"),
        ("[" * 100_000, "manifest.json 读不出"),
        ({"summary": 1}, "摘要残缺"),
        ({"summary": {**SUMMARY, "title": None}}, "摘要残缺"),
        ({"summary": {**SUMMARY, "status": "good"}}, "摘要残缺"),
        ({"summary": {**SUMMARY, "problems": {"error": "many"}}}, "摘要残缺"),
        ({"summary": {**SUMMARY, "answers": [{"question": "？"}]}}, "摘要残缺"),
        ({"summary": {**SUMMARY, "period": "2025Q3"}}, "摘要属于另一份报告"),
        ({"summary": {**SUMMARY, "kind": "annual"}}, "摘要属于另一份报告"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_said_and_the_report_still_listed(place, content, said):
    put(place, "reports/2025Q4/reserve.html")
    put(place, "reports/2025Q4/manifest.json", content)
    line = lines(page(place))[0]
    assert line.startswith("2025Q4 季度储备报告") and f"■ {said}" in line and "报告 网页" in line


def test_a_manifest_that_is_not_text_is_said(place):
    put(place, "reports/2025Q4/reserve.html")
    (place.root / "reports/2025Q4/manifest.json").write_bytes(b"\xff\xfe\x00")
    assert "■ manifest.json 读不出" in lines(page(place))[0]


def test_a_folder_without_a_manifest_and_one_of_another_name_are_listed_as_such(place):
    put(place, "reports/2025Q4/reserve.html")
    put(place, "reports/旧稿/reserve.html")
    put(place, "reports/.~x/reserve.html")
    put(place, "reports/说明.txt")
    said = lines(page(place))
    assert len(said) == 2
    assert "■ 没有 manifest.json" in said[0]
    assert said[1].startswith("旧稿 其他文件夹") and "名称不是期间" in said[1]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "#a\"onclick='x'", "https://example.org", "//x", "x.html"])
def test_an_answer_leads_only_to_a_place_on_its_own_page(link):
    with pytest.raises(Unreadable):
        summary_in({**SUMMARY, "answers": [{**SUMMARY["answers"][0], "link": link}]})


def test_hostile_text_is_shown_as_text(place):
    answers = [{"question": HOSTILE, "verdict": "look", "headline": HOSTILE, "link": ""}]
    report(place, "2025Q4", title=HOSTILE, answers=answers)
    put(place, "reports/2025Q4/try/a.html")
    put(place, "reports/2025Q4/try/a.json", {**TRIAL, "title": HOSTILE, "author": HOSTILE, "reason": HOSTILE})
    put(place, "reports/2025Q4/annex1/a\u202e&lt;b%2F.html")
    put(place, "reports/<b>x/reserve.html".replace("</", "<"))
    html = page(place)
    assert "<script>alert" not in html and "\u202e" not in html and "<b>" not in html
    assert html.count("<script>") == 1
    assert external_addresses(html) == []
    assert 'href="2025Q4/annex1/a%E2%80%AE%26lt%3Bb%252F.html"' in html


def test_files_stand_together_in_all_their_forms(place):
    report(place, "2025Q4")
    for name in ("reserve.pdf", "reserve.xlsx", "reserve.en.html", "workpapers.html", "annex1/X%2F1.xlsx", "意见.docx"):
        put(place, f"reports/2025Q4/{name}")
    put(place, "reports/2025Q4/annex1/X%2F1.html")
    line = lines(page(place))[0]
    assert "报告 网页 PDF 工作簿 报告 en 网页 核算底稿 网页 运行清单 JSON 附件 1（1） X/1 网页 工作簿" in line
    assert "意见" not in line


def test_no_report_yet_is_said(place):
    html = page(place)
    assert "reports/ 里还没有报告。" in html and "期限无从起算" in html and "quota reserve 2025Q4" in html


def test_a_trial_alone_is_no_report_from_which_deadlines_count(place):
    put(place, "reports/2025Q4/try/a.html")
    put(place, "reports/2025Q4/try/a.json", TRIAL)
    assert last_reported(read_runs(place)) is None
    report(place, "2025Q3")
    assert last_reported(read_runs(place)) == date(2025, 9, 30)


@pytest.mark.parametrize(
    ("reported", "days"),
    [
        (Quarter(2025, 4), ["2026-02-28"] * 3 + ["2026-03-31"] * 3),
        (Quarter(2023, 4), ["2024-02-29"] * 3 + ["2024-03-31"] * 3),
        (Quarter(2025, 3), ["2025-12-31"] * 2 + ["2026-02-28"] * 3 + ["2026-03-31"]),
        (Quarter(2026, 1), ["2026-06-30"] * 2 + ["2027-02-28"] * 3 + ["2027-03-31"]),  # what fell due in it is over
    ],
)
def test_what_is_due_next_is_counted_from_the_last_periods_end(reported, days):
    assert [str(one.day) for one in due_next(reported.end, RULES)] == days


def due(place: Workspace) -> list[str]:
    """Return the words of each row of what is due next."""
    table = page(place).split('id="table-due"')[1].split("</tbody>")[0].split("<tbody>")[1]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in table.split("</tr>")[:-1]]


def annual(place: Workspace, year: str) -> None:
    put(place, f"reports/{year}/annual.html")
    put(place, f"reports/{year}/manifest.json", {"summary": SUMMARY | {"kind": "annual", "period": year}})


def test_a_year_that_has_its_annual_report_is_no_longer_due(place):
    report(place, "2025Q4")
    before = due(place)
    assert any(row.startswith("2026-03-31 上一年度排放总量申报 2025 90") for row in before)
    annual(place, "2024")  # another year's
    assert due(place) == before
    annual(place, "2025")
    after = due(place)
    assert [row.split()[:3] for row in after] == [
        ["2026-02-28", "上一年度减排项目申报", "2025"],
        ["2026-02-28", "上一年度指标储备", "2025"],
        ["2026-03-31", "季度减排申报", "2026Q1"],
        ["2026-03-31", "季度指标储备", "2026Q1"],
        ["2027-02-28", "总量管理名单排定", "2026"],
        ["2027-03-31", "上一年度排放总量申报", "2026"],
    ]


def test_the_next_round_follows_the_last_quarterly_report_also_after_an_annual_one(place):
    report(place, "2025Q3")
    annual(place, "2025")
    rounds = [row.split() for row in due(place) if "季度" in row]
    assert [row[:4] for row in rounds] == [
        ["2025-12-31", "季度减排申报", "2025Q4", "0"],
        ["2025-12-31", "季度指标储备", "2025Q4", "0"],
    ]


def test_without_a_quarterly_report_the_next_round_follows_the_year(place):
    annual(place, "2025")
    assert [row.split()[2] for row in due(place) if "季度" in row] == ["2026Q1", "2026Q1"]


def test_each_thing_due_names_its_period_its_clause_and_the_command():
    found = {(one.what, one.about, one.clause, one.command) for one in due_next(date(2025, 12, 31), RULES)}
    assert found == {
        ("上一年度减排项目申报", "2025", "REDUCE-3", "quota check 2026Q1"),
        ("上一年度指标储备", "2025", "RESERVE-1", "quota check 2026Q1"),
        ("总量管理名单排定", "2025", "TOTAL-1", "quota template 2025"),
        ("上一年度排放总量申报", "2025", "TOTAL-2", "quota annual 2025"),
        ("季度减排申报", "2026Q1", "REDUCE-3", "quota template 2026Q1"),
        ("季度指标储备", "2026Q1", "RESERVE-1", "quota reserve 2026Q1"),
    }


@pytest.mark.parametrize(
    ("day", "due"),
    [("2026-02-27", "2026-02-28"), ("2026-02-28", "2027-02-28"), ("2026-03-01", "2027-02-28")],
)
def test_a_last_day_is_next_until_it_is_reached(day, due):
    assert next_month_end(date.fromisoformat(day), 2) == date.fromisoformat(due)


def test_a_deadline_that_the_workspace_moves_is_moved_in_the_index(place):
    report(place, "2025Q4")
    path = place.root / "parameters/deadlines.yaml"
    text = path.read_text(encoding="utf-8")
    assert "2026-04-30" not in page(place)
    path.write_text(re.sub(r'(declarations_month:.*?value: )"3"', r'\1"4"', text, flags=re.DOTALL), encoding="utf-8")
    assert "2026-04-30" in page(place)


def test_a_deadline_without_a_value_is_a_fault_of_the_parameters(place):
    report(place, "2025Q4")
    path = place.root / "parameters/deadlines.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("managed_month", "other_month"), encoding="utf-8")
    with pytest.raises(RuleError, match="managed_month"):
        write_index(place)


def test_the_page_is_read_in_order_and_fits_from_375_px_in_light_and_dark(place):
    report(place, "2025Q4")
    put(place, "reports/2025Q4/try/a.html")
    put(place, "reports/2025Q4/try/a.json", TRIAL)
    report(place, "2025Q3", title=HOSTILE)
    address = write_index(place).resolve().as_uri()
    with chromium() as browser:
        for width in (375, 768, 1280):
            for scheme in ("light", "dark"):
                view = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                said: list[str] = []
                view.on("console", lambda message, said=said: said.append(message.text))
                view.on("request", lambda request, said=said: said.append(request.url))
                view.goto(address)
                assert said == [address]
                assert view.evaluate("document.documentElement.scrollWidth") == width
                levels = view.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(e => +e.tagName[1])")
                assert levels[0] == 1 and all(b <= a + 1 for a, b in pairwise(levels))
                bare = "[...document.querySelectorAll('th')].filter(e => !e.scope).length"
                assert view.evaluate(bare) == 0
                assert view.evaluate("document.querySelectorAll('table > caption').length") == 2
                view.close()
