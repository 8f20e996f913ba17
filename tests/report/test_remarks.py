"""A reviewer's remarks: numbers that stay, the form on the page, the workbook it exports, and the way back."""

import io
import json
import re
import shutil
from datetime import date
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quota_lib.checking import problems_of
from quota_lib.findings import Finding, findings
from quota_lib.findings.numbers import LETTERS, mark_of, numbered, read_number
from quota_lib.findings.remarks import remarks_of
from quota_lib.periods import Quarter
from quota_lib.report.reserve import ReserveReport
from quota_lib.schema import sheets
from quota_lib.words import Factors
from quota_lib.workbook.folder import read_folder
from tests.small_park import LATER, NOW, B, applied, paper, parked, posted, told
from tests.tools import chromium
from tests.workspaces import quota, small_workspace, write_rows

WAITING = [
    *applied(COD="30"),
    paper("总量核定", 确认方式="审核", 核定新增外排环境量="30"),
    *applied("X8", COD="20"),
    paper("总量核定", 建设项目编号="X8", 文号="W8", 确认方式="审核", 核定新增外排环境量="20"),
]
HOSTILE = '<script>document.title="taken"</script>\n=HYPERLINK("http://x")\u202e\u200fא 1 & _x0041_ "\u3000'
LONG = "长" * 10_000
HEADINGS = ("报告", "编号", "意见", "复核人", "意见日期")


def one(code="W504", project="X9", message="缺 1 t", mark="", zone="HX", factor="COD"):
    return Finding(zone, "", project, factor, "预警", code, "RESERVE-3", message, "", None, mark)


def numbers(*ones):
    return {finding: number for number, finding in numbered(ones)}


def remark(number, folder=NOW, **cells):
    usual = {"报告": "reserve 2025Q2", "编号": number, "意见": "请核实", "复核人": "甲", "意见日期": "2025-06-30"}
    return paper("复核意见", folder, **{**usual, **cells})


def waiting_number():
    return next(
        number
        for number, found in numbered(findings(parked(*WAITING)))
        if found.project == "X9" and found.code == "W504"
    )


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────

SUBJECTS = st.builds(
    one,
    code=st.sampled_from(["W502", "W504", "W521"]),
    project=st.sampled_from(["", "X1", "X2", "X3"]),
    factor=st.sampled_from(["", "COD", "TN"]),
    zone=st.sampled_from(["HX", "HD"]),
)


def test_a_number_is_the_code_and_five_letters_that_cannot_be_misheard():
    ((number, _),) = numbered([one()])
    assert re.fullmatch(rf"W504-[{LETTERS}]{{5}}", number)
    assert not set("ILOU") & set(LETTERS) and len(LETTERS) == 32


def test_a_number_never_changes():
    """Reviewers' remarks are filed under it: a change of the hash would lose them all."""
    assert numbers(one()) == {one(): "W504-DN62N"}


@given(st.lists(SUBJECTS, unique=True), st.lists(SUBJECTS, unique=True))
def test_no_finding_changes_the_number_of_another(some, others):
    alone, together = numbers(*some), numbers(*{*some, *others})
    assert all(together[finding] == alone[finding] for finding in some)


def test_a_number_does_not_depend_on_figures_levels_or_cells():
    other = one(message="缺 2 t")._replace(level="提示", fix="别的", at=None)
    assert numbers(one())[one()] == numbers(other)[other]


def test_whatever_a_finding_is_about_makes_another_number():
    ones = [one(), one(project="X8"), one(code="W502"), one(factor="TN"), one(zone="HD"), one(mark="2024")]
    assert len(set(numbers(*ones).values())) == len(ones)


@given(st.permutations(["缺 1 t", "缺 2 t", "缺 2 t", "缺 3 t"]))
def test_findings_of_one_subject_have_numbers_of_their_own_in_any_order(messages):
    found = numbered([one(message=message) for message in messages])
    assert len({number for number, _ in found}) == 4
    first = next(number for number, finding in found if finding.message == "缺 1 t")
    assert first == numbers(one())[one()]
    by_message = sorted((finding.message, number) for number, finding in found)
    assert by_message == sorted((f.message, n) for n, f in numbered([one(message=m) for m in sorted(messages)]))


def test_numbers_that_agree_by_chance_grow_by_a_letter(monkeypatch):
    monkeypatch.setattr("quota_lib.findings.numbers._short", lambda name, size: "A" * size)
    assert sorted(numbers(one(), one(project="X8")).values()) == ["W504-AAAAA", "W504-AAAAAA"]


def test_a_date_or_year_that_makes_a_finding_another_is_its_mark():
    assert mark_of("W516", {"day": date(2025, 3, 1), "project": "J1"}) == "2025-03-01"
    assert mark_of("W566", {"year": 2024}) == "2024" and mark_of("W504", {"short": "1"}) == ""


def test_findings_carry_their_mark_from_the_park():
    late = [paper("指标储备", 单号=f"CB-{day}", 储备量="1", 储备日期=f"2025-05-{day}") for day in (10, 20)]
    park = parked(paper("减排项目", 竣工时间="2024-03-01"), paper("减排量", 项目编号="J9"),
                  paper("入库审核", 项目编号="J9"), *(p._replace(row={**p.row, "项目编号": "J9"}) for p in late))  # fmt: skip
    found = [number for number, finding in numbered(findings(park)) if finding.code == "W516"]
    assert len(set(found)) == 2


def test_a_number_is_the_same_in_the_next_quarter():
    later = [
        found
        for found in numbered(findings(parked(*WAITING, upto=LATER)))
        if found[1].code == "W504" and found[1].project == "X9"
    ]
    assert [number for number, _ in later] == [waiting_number()]


@pytest.mark.parametrize("typed", ["W504-7K3Q0", "w504-7k3qo", " W504 － 7K3QO ", "W504—7K3QO"])
def test_a_number_is_known_however_it_is_typed(typed):
    assert read_number(typed) == "W504-7K3Q0"


# ── what is read ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_remark_stands_beside_its_finding_and_changes_nothing():
    number = waiting_number()
    park, plain = parked(*WAITING, remark(number.lower())), parked(*WAITING)
    assert told(park) == told(plain) and posted(park) == posted(plain)
    assert park.ledger.entries == plain.ledger.entries
    table = ReserveReport(park, []).tables["warnings"]
    row = next(row for row in table.rows if row[0] == number)
    assert row[3] == "2025-06-30 甲：请核实"
    assert all(other[3] is None for other in table.rows if other is not row)
    assert "remarks" not in ReserveReport(park, []).tables


def test_several_remarks_on_a_finding_stand_newest_first():
    number = waiting_number()
    park = parked(*WAITING, remark(number, 意见日期="2025-06-01", 意见="一"), remark(number, 意见="二"))
    assert next(r for r in ReserveReport(park, []).tables["warnings"].rows if r[0] == number)[3] == (
        "2025-06-30 甲：二\n2025-06-01 甲：一"
    )


@pytest.mark.parametrize("day", ["2025-06-30", "2025-07-01", "2026-02-28"])
def test_a_remark_may_be_made_after_the_quarter_it_is_about(day):
    park = parked(*WAITING, remark(waiting_number(), 意见日期=day))
    assert told(park) == told(parked(*WAITING))
    assert [str(one.date) for one in remarks_of(park, findings(park)).all] == [day]


def test_a_remark_before_the_plan_period_is_an_error_as_on_every_sheet():
    assert "2025Q2 复核意见!E2 错误 Q302" in told(parked(remark("W504-00000", 意见日期="2020-12-31")))


def test_two_remarks_of_one_day_on_a_finding_are_an_error_that_names_both():
    assert "2025Q2 复核意见!A3 错误 Q321" in told(parked(remark("W504-00000"), remark("W504-00000", 意见="另一条")))


def test_the_same_remark_again_is_there_already():
    park = parked(remark("W504-00000"), remark("W504-00000"))
    assert [line for line in told(park) if "复核意见" in line] == ["2025Q2 复核意见!A3 提示 Q320"]


def test_a_remark_whose_finding_is_gone_is_said_to_be_and_is_listed():
    park = parked(remark("W504-00000"))
    gone = [one for one in problems_of(park, []) if one.code == "Q141"]
    assert [(one.sheet, one.cell, one.severity) for one in gone] == [("复核意见", "B2", "info")]
    report = ReserveReport(park, [])
    assert report.tables["remarks"].rows == [
        ("W504-00000", "请核实", "甲", date(2025, 6, 30), "2025Q2/all.xlsx › 复核意见!C2")
    ]
    assert report.show("warnings").html.count("W504-00000") == 2  # in the list, and to be exported again


@pytest.mark.parametrize("name", ["reserve 2025Q1", "annual 2025", "2025", "季报"])
def test_a_remark_on_another_report_is_neither_shown_nor_complained_of(name):
    park = parked(*WAITING, remark(waiting_number(), 报告=name), remark("W504-00000", 报告=name))
    assert problems_of(park, []) == problems_of(parked(*WAITING), [])
    assert remarks_of(park, findings(park)).all == []


@pytest.mark.parametrize("name", ["reserve 2025Q2", "Reserve2025q2", "2025Q2"])
def test_a_report_is_known_by_its_kind_and_period_or_its_period(name):
    park = parked(*WAITING, remark(waiting_number(), 报告=name))
    assert len(remarks_of(park, findings(park)).all) == 1


def test_hostile_remarks_go_into_the_page_as_text():
    html = ReserveReport(parked(*WAITING, remark(waiting_number(), 意见=HOSTILE)), []).show("warnings").html
    assert "<script" not in html and "\u202e" not in html and "[U+202E]" in html
    given = json.loads(unescape(re.search(r'data-remarks="([^"]*)"', html)[1]))
    assert given == [[waiting_number(), HOSTILE.strip(), "甲", "2025-06-30"]]


# ── on an annual report ──────────────────────────────────────────────────────────────────────────────────────────


def annual_remark(number, folder="2025", **cells):
    usual = {"报告": "annual 2025", "意见日期": "2026-05-10"}
    return remark(number, folder, **{**usual, **cells})


LISTED = paper("总量管理名单", "2025", 年度=2025, 统一社会信用代码=B, 排定日期="2026-02-20")
PARKED = paper(
    "总量申报", "2025", 年度=2025, 统一社会信用代码=B, 污染因子="COD", 许可排放量="20", 实际排放量="20",
    允许排放量="20", 核算方法="自行监测", 申报日期="2026-03-10",
)  # fmt: skip


def annual_numbers(root):
    """Return the number of each finding of the year's page, by its message."""
    page = (root / "reports" / "2025" / "annual.html").read_text(encoding="utf-8")
    body = page.split('id="table-warnings"')[1].split("<tbody>")[1].split("</tbody>")[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("</tr>")]
    return {row[2]: (row[0], unescape(row[3])) for row in rows if row}


def test_a_remark_in_the_annual_folder_stands_beside_its_finding_in_the_next_run(tmp_path):
    root = small_workspace(tmp_path / "w", LISTED, PARKED)
    assert quota(root, "annual", "2025").code == 0
    before = annual_numbers(root)
    number = next(number for number, _ in before.values() if number.startswith("W562"))  # a plausibility finding
    row = dict(zip(HEADINGS, ("annual 2025", number.lower(), "已核实", "甲", "2026-05-10"), strict=True))
    write_rows(root / "data" / "2025" / "意见.xlsx", {"复核意见": [row, {**row, "编号": "W540-00000"}]})
    assert quota(root, "annual", "2025").code == 0
    after = annual_numbers(root)
    assert {said: number for said, (number, _) in after.items()} == {said: n for said, (n, _) in before.items()}
    assert [said for _, said in after.values() if said != "—"] == ["2026-05-10 甲：已核实"]
    page = (root / "reports" / "2025" / "annual.html").read_text(encoding="utf-8")
    assert 'id="table-remarks"' in page and "W540-00000" in page
    checked = quota(root, "check", "2025")
    assert [line for line in checked.lines if "Q141" in line and "复核意见!B3" in line]
    assert quota(root, "verify", "2025").code == 0
    book = openpyxl.load_workbook(root / "reports" / "2025" / "annual.xlsx")
    assert "2026-05-10 甲：已核实" in [cell.value for row in book["预警与提示"] for cell in row]


@pytest.mark.parametrize("name", ["reserve 2025Q2", "annual 2024", "2025Q2"])
def test_a_remark_on_another_report_is_not_the_years(tmp_path, name):
    root = small_workspace(tmp_path / "w", LISTED, annual_remark("W540-00000", 报告=name))
    assert quota(root, "annual", "2025").code == 0
    assert "Q141" not in quota(root, "check", "2025").out


def test_what_is_exported_from_the_annual_page_is_read_by_the_next_run(context, tmp_path):
    root = small_workspace(tmp_path / "w", LISTED, PARKED)
    assert quota(root, "annual", "2025").code == 0
    page = context.new_page()
    page.goto((root / "reports" / "2025" / "annual.html").as_uri())
    number = next(number for number, _ in annual_numbers(root).values() if number.startswith("W562"))
    page.get_by_label("复核人").fill("乙")
    page.get_by_label("意见日期").fill("2026-05-12")
    form(page, number).fill("实测如此")
    file = exported(page)
    assert file.suggested_filename == "复核意见-2025.xlsx"
    assert rows_of(file) == [("annual 2025", number, "实测如此", "乙", "2026-05-12")]
    file.save_as(root / "data" / "2025" / file.suggested_filename)
    assert quota(root, "annual", "2025").code == 0
    assert (number, "2026-05-12 乙：实测如此") in annual_numbers(root).values()


# ── in a browser ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = small_workspace(tmp_path_factory.mktemp("remarks") / "park", *WAITING)
    assert quota(root, "reserve", NOW).code == 0
    return root


@pytest.fixture
def park(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "park"))


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def context(browser):
    """A reviewer's browser, in which nothing may be asked for or complained of."""
    opened, asked, said = browser.new_context(accept_downloads=True), [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.on("weberror", lambda error: said.append(str(error.error)))
    yield opened
    assert [url for url in asked if not url.startswith(("blob:", "file:"))] == []
    assert len({url for url in asked if url.startswith("file:")}) == 1 and said == []
    opened.close()


def page_of(context, root):
    page = context.new_page()
    page.goto((root / "reports" / NOW / "reserve.html").as_uri())
    return page


def form(page, number):
    return page.get_by_label(f"对 {number} 的复核意见", exact=True)


def shown_beside(page, number):
    return page.locator("#table-warnings tbody tr", has_text=number).locator("td").nth(2).inner_text()


def exported(page):
    with page.expect_download() as caught:
        page.get_by_role("button", name="导出复核意见").click()
    return caught.value


def exported_rows(page):
    return rows_of(exported(page))


def rows_of(download):
    book = openpyxl.load_workbook(io.BytesIO(Path(download.path()).read_bytes()))
    return list(book["复核意见"].values)[1:]


def test_remarks_are_written_exported_handed_in_and_shown_beside_their_findings(context, park):
    page, number = page_of(context, park), waiting_number()
    others = [one for one in page.locator("#table-warnings tbody th").all_inner_texts() if one != number]
    page.get_by_label("复核人").fill("甲 <b>")
    page.get_by_label("意见日期").fill("2025-07-15")
    form(page, number).fill(HOSTILE)
    form(page, others[0]).fill(LONG)
    form(page, others[1]).fill("\u3000 \n")
    file = exported(page)
    assert file.suggested_filename == f"复核意见-{NOW}.xlsx"
    place = park / "data" / NOW / file.suggested_filename
    file.save_as(place)

    book = openpyxl.load_workbook(place)
    assert book.sheetnames == ["复核意见"]
    (heads, *rows), cells = book["复核意见"].values, [cell for row in book["复核意见"] for cell in row]
    assert heads == HEADINGS and {cell.data_type for cell in cells} == {"s"} | {"inlineStr"} & {
        c.data_type for c in cells
    }
    told_ = {row[1]: tuple(text.replace("_x005F_", "_") for text in row) for row in rows}  # openpyxl leaves it
    assert set(told_) == {number, others[0]}
    assert told_[number] == ("reserve 2025Q2", number, HOSTILE.strip(), "甲 <b>", "2025-07-15")
    assert told_[others[0]][2] == LONG

    checked = quota(park, "check", NOW)
    assert checked.code == 0 and "复核意见" not in checked.out
    before = {path.name: path.read_bytes() for path in (park / "reports" / NOW / "tables").iterdir()}
    assert quota(park, "reserve", NOW).code == 0
    assert {path.name: path.read_bytes() for path in (park / "reports" / NOW / "tables").iterdir()} == before

    again = page_of(context, park)
    words = "2025-07-15 甲 <b>：" + HOSTILE.strip().replace("\u202e", "[U+202E]").replace("\u200f", "[U+200F]")
    assert shown_beside(again, number) == words
    assert LONG in shown_beside(again, others[0])
    assert form(again, number).input_value() == form(again, others[0]).input_value() == ""  # handed in, no draft left
    assert again.title() != "taken"
    sheet = openpyxl.load_workbook(park / "reports" / NOW / "reserve.xlsx")["预警与提示"]
    assert words in [cell.value for row in sheet for cell in row]
    page.close()


def test_the_exported_workbook_is_read_by_the_projects_own_reader(context, park, tmp_path):
    page = page_of(context, park)
    page.get_by_label("复核人").fill("甲")
    page.get_by_label("意见日期").fill("2025-06-30")
    form(page, waiting_number()).fill("一行\n_x0041_ \u0001 \U00020bb7")
    folder = tmp_path / NOW
    exported(page).save_as(folder / "a.xlsx")
    read = read_folder(folder, Quarter(2025, 2), Factors([]))
    (reading,) = read.readings
    assert reading.sheet is sheets()["复核意见"] and read.problems == []
    assert [row[:-1] for row in reading.rows] == [
        ("reserve 2025Q2", waiting_number(), "一行\n_x0041_ \ufffd \U00020bb7", "甲", date(2025, 6, 30))
    ]


def test_a_later_export_holds_what_was_handed_in_before(context, park):
    page, number = page_of(context, park), waiting_number()
    place = park / "data" / NOW / f"复核意见-{NOW}.xlsx"
    for day, words in (("2025-06-28", "先"), ("2025-06-30", "后")):
        page = page_of(context, park)
        page.get_by_label("复核人").fill("甲")
        page.get_by_label("意见日期").fill(day)
        form(page, number).fill(words)
        exported(page).save_as(place)
        assert quota(park, "reserve", NOW).code == 0
    page = page_of(context, park)
    assert shown_beside(page, number) == "2025-06-30 甲：后\n2025-06-28 甲：先"
    page.get_by_label("复核人").fill("乙")
    form(page, number).fill("乙的意见")
    page.get_by_role("button", name="导出复核意见").click()
    assert "已有甲的意见" in page.locator(".remarks [role=status]").inner_text()


def test_what_is_written_outlives_a_reload_and_a_sort(context, park):
    page, number = page_of(context, park), waiting_number()
    form(page, number).fill("草稿")
    page.reload()
    assert form(page, number).input_value() == "草稿"
    page.locator("#table-warnings thead button").first.click()
    row = page.locator("#table-warnings tbody tr", has=form(page, number))
    assert row.locator("th").inner_text() == number


def test_a_draft_whose_finding_is_gone_is_exported_too_and_said_to_be(context, park):
    page, number = page_of(context, park), waiting_number()
    page.get_by_label("复核人").fill("甲")
    page.get_by_label("意见日期").fill("2025-06-30")
    form(page, number).fill("草稿")
    path = park / "reports" / NOW / "reserve.html"
    path.write_text(path.read_text(encoding="utf-8").replace(number, "W504-00000"), encoding="utf-8")
    page.reload()
    assert "其中 1 条所指的发现本页已没有" in page.locator(".remarks [role=status]").inner_text()
    assert exported_rows(page) == [("reserve 2025Q2", number, "草稿", "甲", "2025-06-30")]


def test_nothing_is_dated_or_signed_for_the_reviewer_and_a_gap_is_said(context, park):
    page = page_of(context, park)
    status, button = page.locator(".remarks [role=status]"), page.get_by_role("button", name="导出复核意见")
    assert page.get_by_label("复核人").input_value() == page.get_by_label("意见日期").input_value() == ""
    for words, fill in (
        ("还没有填写意见", lambda: form(page, waiting_number()).fill("好")),
        ("请填写复核人", lambda: page.get_by_label("复核人").fill("甲")),
        ("请填写意见日期", lambda: page.get_by_label("意见日期").fill("2025-06-30")),
    ):
        button.click()
        assert status.inner_text() == f"■ {words}"
        fill()
    exported(page)
    assert "已导出" in status.inner_text()


def test_remarks_are_written_and_exported_by_keyboard_alone(context, park):
    page = page_of(context, park)
    focused = "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || ''"

    def tab_to(wanted):
        for _ in range(400):
            page.keyboard.press("Tab")
            if wanted(page.evaluate(focused)):
                return
        raise AssertionError("not reached by Tab")

    def is_reviewer(_):
        return page.evaluate("document.activeElement.matches('.remarks input:not([type=date])')")

    tab_to(is_reviewer)
    page.keyboard.type("甲")
    page.keyboard.press("Tab")
    page.keyboard.type("06302025")
    tab_to(lambda name: name == "导出复核意见")
    tab_to(lambda name: name == f"对 {waiting_number()} 的复核意见")
    page.keyboard.type("键盘填写")
    for _ in range(200):
        page.keyboard.press("Shift+Tab")
        if page.evaluate(focused) == "导出复核意见":
            break
    with page.expect_download() as caught:
        page.keyboard.press("Enter")
    assert rows_of(caught.value) == [("reserve 2025Q2", waiting_number(), "键盘填写", "甲", "2025-06-30")]


def test_the_form_is_not_printed(context, park):
    page = page_of(context, park)
    page.emulate_media(media="print")
    assert not page.locator(".remarks").is_visible() and not form(page, waiting_number()).is_visible()
    assert page.get_by_text(waiting_number()).first.is_visible()


def test_two_runs_with_remarks_leave_the_same_bytes(park):
    row = dict(zip(HEADINGS, ("reserve 2025Q2", waiting_number(), HOSTILE, "甲", "2025-06-30"), strict=True))
    write_rows(park / "data" / NOW / "意见.xlsx", {"复核意见": [row, {**row, "编号": "W504-00000"}]})
    assert quota(park, "reserve", NOW).code == 0
    assert quota(park, "verify", NOW).code == 0
