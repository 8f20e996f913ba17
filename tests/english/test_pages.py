"""The demo park's pages in English: nothing is left untranslated, nothing but the language differs."""

import json
import re
from html import unescape
from urllib.parse import unquote

import pytest
from python_calamine import CalamineWorkbook

from quota_lib.english import english_page, load_catalogue
from quota_lib.english.catalogue import complaint_entries, load_entries
from quota_lib.english.pattern import HOLE
from quota_lib.english.translate import CHINESE
from quota_lib.periods import Quarter
from quota_lib.report.annual import make_annual
from quota_lib.report.reserve import make_report, verify_report
from quota_lib.report.trial import make_trial
from quota_lib.tracing.block import unpacked
from quota_lib.workspace import Workspace
from tests.tools import chromium
from tests.workspaces import ROOT, demo_workspace, quota

Q4 = Quarter(2025, 4)
PAGES = ("2025Q4/reserve", "2025Q4/workpapers", "2025Q4/try/national-2021", "2025/annual")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
MONTH = re.compile(r"\d+ 月")  # 2 月底前 is "by the end of February"
LIMIT = 2_200_000


def silent(said):
    pass


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    workspace = Workspace(demo_workspace(tmp_path_factory.mktemp("demo") / "w"))
    make_report(workspace, Q4, silent, english=True)
    make_annual(workspace, 2025, Quarter(2026, 2), silent, english=True)
    make_trial(workspace, Q4, "national-2021", silent, english=True)
    return workspace


@pytest.fixture(scope="module")
def pages(made):
    reports = made.root / "reports"
    return {
        name: tuple((reports / f"{name}{end}").read_text(encoding="utf-8") for end in (".html", ".en.html"))
        for name in PAGES
    }


@pytest.mark.parametrize("name", PAGES)
def test_nothing_of_a_page_lacks_its_english(pages, name):
    assert dict(english_page(pages[name][0], "x.html").missed) == {}


@pytest.mark.parametrize("name", PAGES)
def test_what_stays_chinese_stands_in_the_workbooks_or_names_a_sheet_or_a_citation(pages, name):
    """A part of a sentence that slipped through as data would stand in no cell."""
    known = data_of(ROOT) | {text for entries in load_entries().values() for text in entries.values()}
    known |= {english for _, english in complaint_entries()}
    known |= {path.read_text(encoding="utf-8") for path in (ROOT / "parameters").rglob("*.yaml")}
    everything = "\n".join(known)
    assert {run for run in english_page(pages[name][0], "x.html").left if run not in everything} == set()


def data_of(root):
    """Return every text of the workbooks, and the names of files and sheets."""
    found = set()
    for path in sorted((root / "data").rglob("*.xlsx")):
        found.add(path.relative_to(root / "data").as_posix())
        book = CalamineWorkbook.from_path(path)
        for title in book.sheet_names:
            found.add(title)
            found |= {
                cell for row in book.get_sheet_by_name(title).to_python() for cell in row if isinstance(cell, str)
            }
    return found


def spoken(html):
    """Return the texts of a page in order, each with its numbers; scripts, styles and numerals of headings apart."""
    html = re.sub(r"<(script|style)\b.*?</\1>|<p class=\"note translation\">.*?</p>\n?", "", html, flags=re.DOTALL)
    html = re.sub(r'<span class="number">[^<]*</span>', "", html)
    html = re.sub(r"</?span[^>]*>", "", html)
    return [sorted(NUMBER.findall(MONTH.sub("", unescape(text)))) for text in re.findall(r">([^<]+)<", html)]


@pytest.mark.parametrize("name", PAGES)
def test_every_number_is_the_same_in_both_languages(pages, name):
    chinese, english = map(spoken, pages[name])
    assert [one for one in english if one] == [one for one in chinese if one]


@pytest.mark.parametrize("name", ["2025Q4/reserve", "2025/annual"])
def test_every_figure_opens_the_same_cells_in_both_languages(pages, name):
    chinese, english = (
        unpacked(json.loads(re.search(r'id="facts">(.*?)</script>', html, re.DOTALL)[1])) for html in pages[name]
    )
    assert english["sheets"] == chinese["sheets"]
    for one, other in zip(chinese["facts"], english["facts"], strict=True):
        assert [one.get(key) for key in ("id", "value", "parts", "rules", "clause")] == [
            other.get(key) for key in ("id", "value", "parts", "rules", "clause")
        ]
        assert [cell[:2] + cell[3:] for cell in one.get("cells", ())] == [
            cell[:2] + cell[3:] for cell in other.get("cells", ())
        ]


@pytest.mark.parametrize("name", PAGES)
def test_all_chinese_of_an_english_page_is_marked_as_chinese(pages, name):
    body = re.sub(r"<(script|style|title)\b.*?</\1>|<svg\b.*?</svg>", "", pages[name][1], flags=re.DOTALL)
    body = re.sub(r'<pre class="code" translate="no">.*?</pre>', "", body, flags=re.DOTALL)
    body = re.sub(r'<(\w+)[^>]*\blang="zh-CN"[^>]*>(?:(?!</\1>).)*</\1>', "", body, flags=re.DOTALL)
    assert [text for text in re.findall(r">([^<]+)<", body) if CHINESE.search(text)] == []


@pytest.mark.parametrize("name", PAGES)
def test_terms_of_the_regulation_get_their_chinese_once(pages, name):
    said = [pages[name][1].count(f'(<span lang="zh-CN" translate="no">{one}</span>)') for one in load_catalogue().terms]
    assert set(said) == {0, 1}


@pytest.mark.parametrize("name", PAGES)
def test_no_number_bears_its_unit_twice(pages, name):
    for html in pages[name]:
        text = unescape(re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", "", html, flags=re.DOTALL))
        assert re.findall(r".{20}(?:% ?%|t/a ?t/a|mg/L ?mg/L)", text) == []


SHOWN_IN = {
    "2025Q4/reserve": "储备库 上级储备库 指标回收 功能区调剂 扣除 功能区 排污单位 批次 指标储备 备案 审核 待供给 冲正 补报",
    "2025/annual": "排放限量 接管量 外排环境量 储备库 扣除 功能区调剂 指标回收 允许排放量",
    "2025Q4/workpapers": "许可排放量 实际排放量 佐证材料",
    "2025Q4/try/national-2021": "试算 扣除 指标回收 待供给",
}


@pytest.mark.parametrize("name", PAGES)
def test_the_terms_that_a_page_is_about_are_explained_where_it_first_uses_them(pages, name):
    html = pages[name][1]
    marks = {one: html.find(f'(<span lang="zh-CN" translate="no">{one}</span>)') for one in SHOWN_IN[name].split()}
    assert [one for one, place in marks.items() if place < 0] == []


def test_the_english_page_stays_small(made):
    for name in PAGES:
        assert (made.root / "reports" / f"{name}.en.html").stat().st_size < LIMIT


def test_the_chinese_page_is_the_same_with_and_without_the_english_one_and_so_is_a_second_run(made, tmp_path):
    again, plain = (Workspace(demo_workspace(tmp_path / name)) for name in ("again", "plain"))
    first = read(made, "2025Q4")
    make_report(again, Q4, silent, english=True)
    assert read(again, "2025Q4") == {name: text for name, text in first.items() if not name.startswith("try/")}
    make_report(plain, Q4, silent)
    without = read(plain, "2025Q4")
    assert {"reserve.en.html", "workpapers.en.html"} == set(read(again, "2025Q4")) - set(without)
    assert [name for name in without if without[name] != first[name]] == ["manifest.json"]
    assert "reserve.en.html" in first["manifest.json"].decode()


def read(workspace, period):
    folder = workspace.root / "reports" / period
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_english_page_is_verified_and_goes_with_a_run_that_does_not_make_it(made):
    page = made.root / "reports" / "2025Q4" / "reserve.en.html"
    whole = page.read_bytes()
    assert verify_report(made, Q4, silent) == []
    page.write_bytes(whole.replace(b"Opening", b"Closing", 1))
    assert verify_report(made, Q4, silent) == ["2025Q4/reserve.en.html：内容不同"]
    make_report(made, Q4, silent)
    assert not page.exists()
    make_report(made, Q4, silent, english=True)
    assert page.read_bytes() == whole


def test_the_command_takes_a_language(tmp_path):
    place = demo_workspace(tmp_path / "w")
    assert quota(place, "reserve", "2023Q1", "--lang", "en").code == 0
    assert (place / "reports" / "2023Q1" / "reserve.en.html").is_file()
    assert quota(place, "reserve", "2023Q1", "--lang", "fr").code == 2


def test_no_entry_of_the_catalogue_is_left_over(pages):
    """An entry is used by a page, or its literal parts stand in the program, its parameters or notebooks."""
    used = frozenset().union(*(english_page(chinese, "x.html").used for chinese, _ in pages.values()))
    sources = [*ROOT.glob("quota_lib/**/*.py"), *ROOT.glob("quota_lib/**/*.yaml"), *ROOT.glob("quota_lib/**/*.j2")]
    sources += [*ROOT.glob("parameters/**/*.yaml"), *ROOT.glob("notebooks/*.ipynb")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources if "english" not in path.parts)
    left = []
    for name, entries in load_entries().items():
        for chinese in entries:
            words = re.findall("[\u3400-\u9fff]+", HOLE.sub(" ", re.sub("^\\w+›", "", chinese)))
            if chinese not in used and name != "terms.yaml" and not all(word in text for word in words):
                left.append(f"{name}: {chinese}")
    assert left == []


def test_the_english_page_works_in_a_browser(made):
    said, asked = [], []
    page = (made.root / "reports" / "2025Q4" / "reserve.en.html").as_uri()
    with chromium() as browser:
        tab = browser.new_page()
        tab.on("console", lambda one: said.append(one.text))
        tab.on("pageerror", lambda one: said.append(str(one)))
        tab.on("request", lambda one: asked.append(one.url))
        tab.goto(page)
        tab.locator("[data-fact]").first.click()
        panel = tab.locator("dialog.trace").text_content()
        assert "Formula" in panel
        assert "Clause" in panel
        tab.keyboard.press("Escape")
        assert tab.locator(".tools button", has_text="Download CSV").count() > 5
        assert tab.locator("button", has_text="Export remarks").count() == 1
        assert not CHINESE.search(" ".join(tab.locator("button, label").all_text_contents()).replace("中文", ""))
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert (said, asked) == ([], [page])


@pytest.mark.parametrize("name", PAGES)
def test_the_elements_of_a_page_are_the_same_in_both_languages(pages, name):
    """A translation that opened or closed an element would change the page's structure."""
    chinese, english = map(elements, pages[name])
    assert english == chinese


def elements(html):
    html = re.sub(r"<(script|style)\b.*?</\1>|<p class=\"note translation\">.*?</p>\n?", "", html, flags=re.DOTALL)
    html = re.sub(r'<span lang="zh-CN" translate="no">(.*?)</span>', r"\1", html, flags=re.DOTALL)
    return re.findall(r"</?[a-z][a-z0-9]*\b", html)


def test_remarks_written_on_the_english_page_go_into_the_workbook_that_the_next_run_reads(made, tmp_path):
    with chromium() as browser:
        tab = browser.new_page()
        tab.goto((made.root / "reports" / "2025Q4" / "reserve.en.html").as_uri())
        tab.get_by_label("Reviewer", exact=True).fill("Li")
        tab.get_by_label("Date of the remark").fill("2026-01-15")
        number = tab.locator("#table-warnings tbody th").first.text_content()
        tab.get_by_label(f"Remark on {number}").fill("Looked at")
        with tab.expect_download() as download:
            tab.get_by_role("button", name="Export remarks").click()
        assert download.value.suggested_filename == "复核意见-2025Q4.xlsx"
        download.value.save_as(tmp_path / "remarks.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "remarks.xlsx").get_sheet_by_name("复核意见").to_python()
    assert rows[0] == ["报告", "编号", "意见", "复核人", "意见日期"]
    assert [str(cell) for cell in rows[1]] == ["reserve 2025Q4", number, "Looked at", "Li", "2026-01-15"]


def test_the_index_is_there_in_english_and_leads_to_english_pages(made):
    reports = made.root / "reports"
    html = (reports / "index.en.html").read_text(encoding="utf-8")
    assert dict(english_page((reports / "index.html").read_text(encoding="utf-8"), "index.html").missed) == {}
    assert "报告" not in html.partition("<script")[0]
    targets = {unquote(one).partition("#")[0] for one in re.findall(r'href="([^"#]+\.html[^"]*)"', html)}
    assert {"2025Q4/reserve.en.html", "2025/annual.en.html", "2025Q4/reserve.html", "index.html"} <= targets
    assert [one for one in targets if not (reports / one).is_file()] == []
