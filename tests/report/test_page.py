import re
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from quota_lib.amounts import mass
from quota_lib.report.html import table_html
from quota_lib.report.page import Head, chinese, external_addresses, page_html, read_markdown
from quota_lib.report.table import Column, FactorShown, Table
from tests.pages import quiet
from tests.tools import chromium

FACTORS = {"COD": FactorShown("化学需氧量", 3)}
HOSTILE = '=HYPERLINK("http://x")<script>document.title="taken"</script>'
NAMES = ["湖西", "湖东", "高教区", "娄葑", "斜塘", "唯亭", "胜浦"]
AMOUNTS = ["10", "9.5", "-2", "0", "9.500000001", "100", "0.000125"]


def wide_table():
    texts = (Column("zone", "功能区"), Column("remark", "说明"))
    masses = tuple(Column(f"m{n}", f"指标{n}", "signed", "t", factor="COD") for n in range(11))
    rows = [
        (name, HOSTILE if name == "湖西" else "-1 起", *[mass(amount)] * 10, None if amount == "0" else 1)
        for name, amount in zip(NAMES, AMOUNTS, strict=True)
    ]
    total = ("合计", None, *[sum(map(mass, AMOUNTS))] * 10, 6)
    return Table("wide", "宽表", texts + masses, [*rows, total], total=frozenset({7}))


def notebook(*cells):
    nb = new_notebook(cells=list(cells))
    for number, cell in enumerate(nb.cells):
        cell.id = f"c{number:03d}"
    return nb


def shown(html, source="shown()"):
    output = new_output("execute_result", data={"text/html": html, "text/plain": "<表>"}, execution_count=1)
    return new_code_cell(source, execution_count=1, outputs=[output])


def report(**head):
    text = "# 季度报告\n\n## 储备与使用\n\n正文。\n\n### 汇总\n\n## 数据问题\n\n### 汇总"
    nb = notebook(new_markdown_cell(text), shown(table_html(wide_table(), FACTORS, 1)))
    options = {
        "title": "储备季度报告 2025Q1",
        "facts": [("报告期", "2025年第一季度")],
        "banner": "初报·有错误",
    }
    return page_html(nb, Head(**{**options, **head}))


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser, tmp_path):
    """The report, opened from a file; afterwards nothing may have been asked for or complained of."""
    path = tmp_path / "reserve.html"
    path.write_text(report(), encoding="utf-8")
    with quiet(browser, path, viewport={"width": 1280, "height": 900}, accept_downloads=True) as opened:
        yield opened


def column(page, at):
    return page.eval_on_selector_all("tbody tr:not([hidden])", f"rows => rows.map(r => r.cells[{at}].textContent)")


def test_contents_follow_the_headings_with_numbers_and_unlike_ids():
    contents, title, _ = read_markdown(notebook(new_markdown_cell("# 报告\n## 甲\n### 乙\n## 甲\n### 丙 & 丁")))
    assert title == "报告"
    assert [(h.number, h.id) for h in contents] == [
        ("一、", "甲"),
        ("（一）", "乙"),
        ("二、", "甲-2"),
        ("（一）", "丙-丁"),
    ]


def test_every_line_of_the_contents_leads_to_a_heading():
    html = report()
    links = re.findall(r'<a href="#([^"]+)"><span class="number">', html)
    assert links == ["储备与使用", "汇总", "数据问题", "汇总-2"]
    assert all(html.count(f' id="{link}"') == 1 for link in links)


def test_numbers_are_chinese_numerals():
    assert [chinese(n) for n in (1, 9, 10, 11, 20, 99)] == ["一", "九", "十", "十一", "二十", "九十九"]


def test_the_title_is_shown_once():
    html = report()
    assert html.count("<h1>") == 1 and "<h1>季度报告</h1>" in html
    assert "<h1>储备 &amp; 使用</h1>" in page_html(notebook(), Head("储备 & 使用"))


def test_the_page_is_chinese_and_forbids_any_network():
    html = report()
    assert '<html lang="zh-CN">' in html and "default-src 'none'" in html
    assert external_addresses(html) == []


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://example.org/a.png">',
        "<script src=//example.org/a.js></script>",
        '<link rel="stylesheet" href="a.css">',
        "<style>@import 'a.css';</style>",
        "<p style='background:url(http://example.org/a)'>",
    ],
)
def test_a_page_that_would_fetch_something_is_refused(html):
    with pytest.raises(ValueError, match="would fetch"):
        page_html(notebook(shown(html)), Head("报告"))


def test_two_pages_of_one_notebook_have_the_same_bytes():
    assert report() == report()


def test_hostile_words_in_the_head_stay_words():
    hostile = '</style><script>alert(1)</script>"}\n\\'
    html = page_html(notebook(), Head(hostile, [(hostile, hostile)], hostile, hostile, "", [hostile]))
    assert "<script>alert" not in html and html.count("</style>") == 1


def test_the_style_and_the_script_stay_small():
    folder = Path(__file__).parents[2] / "quota_lib" / "report" / "templates" / "report"
    assert (folder / "report.js").stat().st_size < 4500
    assert (folder / "report.css").stat().st_size < 14000


def test_the_page_opens_without_a_request_or_a_complaint(page):
    assert page.title() == "储备季度报告 2025Q1"
    assert page.locator(".banner").inner_text().startswith("■ 初报·有错误")


@pytest.mark.parametrize("width", [320, 375, 1024, 1920])
def test_the_page_never_scrolls_sideways_and_its_tables_do(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    scroll = page.locator(".scroll")
    assert width > 1000 or scroll.evaluate("e => e.scrollWidth > e.clientWidth")


def test_figures_of_a_column_end_at_the_same_place(page):
    edges = page.eval_on_selector_all(
        "tbody tr:not(.total) td:nth-child(3)",
        """cells => cells.map(cell => {
            const words = cell.firstChild, range = document.createRange();
            const at = words.data.indexOf(".") < 0 ? words.data.length : words.data.indexOf(".");
            range.setStart(words, 0); range.setEnd(words, at);
            return Math.round(range.getBoundingClientRect().right);
        })""",
    )
    assert len(set(edges)) == 1


def test_a_column_sorts_by_amount_exactly_and_the_total_stays_last(page):
    button = page.locator("thead button").nth(2)
    button.click()
    assert page.locator("thead th").nth(2).get_attribute("aria-sort") == "ascending"
    ascending = column(page, 2)
    assert ascending[:-1] == ["−2.000", "0", "0.000125", "9.500", "9.500000001", "10.000", "100.000"]
    button.press("Enter")
    assert page.locator("thead th").nth(2).get_attribute("aria-sort") == "descending"
    assert column(page, 2) == [*ascending[-2::-1], ascending[-1]]
    assert column(page, 0)[-1] == "合计"


def test_what_does_not_apply_sorts_last_in_both_directions(page):
    button = page.locator("thead button").nth(12)
    for _ in range(2):
        button.click()
        assert column(page, 12)[-2] == "—"


def test_words_sort_in_chinese_order(page):
    page.locator("thead button").first.click()
    assert column(page, 0) == ["高教区", "湖东", "湖西", "娄葑", "胜浦", "唯亭", "斜塘", "合计"]


def test_the_filter_shows_what_contains_the_words_and_says_how_many(page):
    page.get_by_role("searchbox").fill("湖")
    assert column(page, 0) == ["湖西", "湖东"]
    assert page.get_by_role("status").inner_text() == "筛选“湖”：2 / 8 行"
    page.get_by_role("searchbox").fill("")
    assert len(column(page, 0)) == 8 and page.get_by_role("status").inner_text() == ""


def test_the_download_has_plain_figures_and_no_formula(page):
    page.get_by_role("searchbox").fill("湖")
    with page.expect_download() as caught:
        page.get_by_role("button", name="下载 CSV").click()
    assert caught.value.suggested_filename == "wide.csv"
    text = Path(caught.value.path()).read_text(encoding="utf-8")
    lines = text.split("\n")
    assert lines[0].startswith("\ufeff功能区,说明,指标0（t）")
    assert lines[1].startswith('湖西,"\'=HYPERLINK(""http://x"")<script>document.title=""taken""</script>",10.000,')
    assert lines[2].startswith("湖东,'-1 起,9.500,") and lines[3:] == [""]


def test_a_negative_figure_downloads_as_a_number_and_a_dash_as_nothing(page):
    with page.expect_download() as caught:
        page.get_by_role("button", name="下载 CSV").click()
    rows = [line.split(",") for line in Path(caught.value.path()).read_text(encoding="utf-8").split("\n")]
    assert rows[3][2] == "-2.000" and rows[4][-1] == ""


def test_one_switch_shows_and_hides_the_code(page):
    code = page.locator(".code").first
    assert not code.is_visible()
    page.get_by_label("显示代码").check()
    assert code.is_visible()
    page.get_by_label("显示代码").uncheck()
    assert not code.is_visible()


def test_everything_that_can_be_clicked_can_be_reached_by_key_and_is_seen_to_be(page):
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "((e, style) => [e.tagName, style.outlineStyle, parseFloat(style.outlineWidth)])"
            "(document.activeElement, getComputedStyle(document.activeElement))"
        )
        assert seen[0] == "BODY" or (seen[1] != "none" and seen[2] >= 2), seen
        reached.add(seen[0])
    assert {"A", "INPUT", "BUTTON", "DIV"} <= reached


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(page, scheme):
    page.emulate_media(color_scheme=scheme)
    found = page.evaluate(CONTRASTS)
    assert len(found) > 50 and [pair for pair in found if pair[0] < 4.5] == []


def test_paper_repeats_the_head_numbers_its_pages_and_leaves_room_to_sign(page, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    page.pdf(path=tmp_path / "reserve.pdf", prefer_css_page_size=True)
    sheets = pypdf.PdfReader(tmp_path / "reserve.pdf").pages
    texts = [re.sub(r"\s", "", sheet.extract_text()) for sheet in sheets]
    numbers = [re.search(r"第(\d+).共(\d+)", text).groups() for text in texts]  # 页 may come as a radical
    assert numbers == [(str(n + 1), str(len(sheets))) for n in range(len(sheets))]
    assert all("初报·有错误" in text for text in texts)
    assert re.search(r"编制.：复核.：负责.：.期：年.{2}$", texts[-1])
    across = [sheet.mediabox.width > sheet.mediabox.height for sheet in sheets]
    assert across == ["0.000000006" in text for text in texts]  # the sheet with the wide table, and no other
    assert not any("下载" in text or "shown()" in text for text in texts)


CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const part = (c) => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
    return .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = rgba(getComputedStyle(e).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return rgba("white");
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (words.nextNode()) {
    const e = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || !e.checkVisibility() || e.matches("script, .skip")) continue;
    const [a, b] = [light(rgba(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    found.push([(a + .05) / (b + .05), words.currentNode.data.trim().slice(0, 20)]);
  }
  return found;
}"""
