import re
from datetime import date
from html.parser import HTMLParser

import pytest

from quota_lib.amounts import Ratio, mass
from quota_lib.report.html import (
    Answer,
    Shown,
    answers_html,
    banner_html,
    definitions_html,
    shown_table,
    table_html,
    visible,
)
from quota_lib.report.table import Column, FactorShown, Table

FACTORS = {"COD": FactorShown("化学需氧量", 3), "TP": FactorShown("总磷", 4)}
COLUMNS = (Column("zone", "功能区"), Column("factor", "污染因子"), Column("left", "结存", "signed", "t"))


def balances(*rows, **more):
    return Table("balances", "结存", COLUMNS, rows, factor="factor", **more)


class Cells(HTMLParser):
    """The words of each body cell, as a reader sees them."""

    def __init__(self, html):
        super().__init__()
        self.cells, self.inside = [], False
        self.feed(html[html.index("<tbody>") :])

    def handle_starttag(self, tag, attrs):
        if tag in ("td", "th"):
            self.inside = True
            self.cells.append("")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data):
        if self.inside:
            self.cells[-1] += data


def cells(table):
    return Cells(table_html(table, FACTORS, None)).cells


def shown(amount, factor="COD"):
    return cells(balances(("湖西", factor, amount)))[2]


def test_a_mass_is_shown_with_at_least_the_decimals_of_its_factor():
    assert shown(mass("1.5")) == "1.500"
    assert shown(mass("1.5"), "TP") == "1.5000"


def test_a_mass_is_never_rounded():
    assert shown(mass("999999999.123456789")) == "999999999.123456789"
    assert shown(mass("0.000000001")) == "0.000000001"


def test_zero_is_zero_and_none_is_a_dash_and_minus_is_a_minus():
    assert shown(0) == "0"
    assert shown(None) == "—"
    assert shown(-1) == "−0.000000001"
    assert shown(mass("-2")) == "−2.000"


def test_figures_of_a_column_stand_under_each_others_points():
    rows = [("a", "COD", mass("1.5")), ("b", "TP", mass("2")), ("c", "COD", 0)]
    html = table_html(balances(*rows), FACTORS, None)
    ends = re.findall(r'<td class="signed"(?: data-pad="([.0]*)")?>\d+([.\d]*)<', html)
    assert ends == [("0", ".500"), ("", ".0000"), (".0000", "")]


def test_a_dash_gets_no_invisible_digits():
    html = table_html(balances(("a", "COD", mass("1.5")), ("b", "COD", None)), FACTORS, None)
    assert '<td class="signed">—</td>' in html


def test_a_column_of_one_factor_has_its_decimals_without_naming_it_in_the_rows():
    column = Column("tp", "总磷", "mass", "t", factor="TP")
    assert cells(Table("x", "表", (column,), [(mass("1"),)])) == ["1.0000"]


def test_ratios_dates_and_counts_are_shown_as_they_are():
    columns = (Column("r", "比例", "ratio"), Column("d", "日期", "date"), Column("n", "笔数", "count"))
    rows = [(Ratio(11, 10), date(2025, 3, 31), 12), (Ratio(1, 3), None, 0)]
    assert cells(Table("x", "表", columns, rows)) == ["1.1", "2025-03-31", "12", "1/3", "—", "0"]


def test_a_level_is_shown_by_shape_and_word():
    table = Table("x", "表", (Column("level", "级别", "level"),), [("错误",), ("预警",), ("提示",)])
    assert cells(table) == ["■ 错误", "▲ 预警", "● 提示"]


def test_a_factor_is_shown_by_its_name():
    assert cells(balances(("湖西", "COD", 0)))[1] == "化学需氧量"


def test_headings_have_scopes_and_units_and_the_first_column_heads_its_rows():
    html = table_html(balances(("湖西", "COD", 0)), FACTORS, 7)
    assert html.count('scope="col"') == 3
    assert '<th scope="row" class="short">湖西</th>' in html
    assert '结存<span class="unit">（t）</span>' in html
    assert '<caption id="caption-balances"><span class="caption"><span class="number">表 7</span>结存' in html


def test_an_empty_table_says_so():
    assert cells(balances(empty="本期没有预警。")) == ["本期没有预警。"]


def test_total_rows_are_set_off_and_a_note_stands_below():
    html = table_html(balances(("合计", None, 1), total=frozenset({0}), note="期末＝期初"), FACTORS, None)
    assert '<tr class="total">' in html
    assert html.endswith('<p class="note">期末＝期初</p></figure>')


def test_a_figure_carries_the_id_that_explains_it():
    html = table_html(balances(("湖西", "COD", 0), facts={(0, "left"): "湖西/COD/left"}), FACTORS, None)
    assert 'data-fact="湖西/COD/left"' in html


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&lt;b&gt;"])
def test_no_text_of_a_table_becomes_markup(hostile):
    columns = (Column("a", hostile, "text", hostile),)
    table = Table(hostile, hostile, columns, [(hostile,)], note=hostile, facts={(0, "a"): hostile})
    html = table_html(table, {}, None)
    assert "<script" not in html and "<img" not in html and "<b>" not in html
    assert cells(table) == [hostile]


@pytest.mark.parametrize("mark", "\u202a\u202e\u2066\u2069\u200b\x00\x1f")
def test_a_character_that_reorders_or_hides_is_spelt_out(mark):
    assert visible(f"甲{mark}乙") == f'甲<span class="unseen">[U+{ord(mark):04X}]</span>乙'


def test_an_answer_gives_its_verdict_by_shape_and_word():
    html = answers_html([Answer("平衡？", "bad", "<不平>", ["差 1 mg"], "#table-balances")])
    assert "■ 须处理" in html and "&lt;不平&gt;" in html and 'href="#table-balances"' in html


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://example.org", "//example.org", "/etc/passwd"])
def test_an_answer_cannot_link_out_of_the_report(link):
    with pytest.raises(ValueError, match="leads out"):
        answers_html([Answer("?", "good", "", [], link)])


def test_banner_and_definitions_escape_what_they_show():
    assert "<i>" not in banner_html("<i>", "<i>") + definitions_html([("<i>", "<i>")])
    assert 'role="alert"' in banner_html("初报·有错误")


def test_a_shown_table_has_a_plain_form_without_an_address():
    table = shown_table(balances(("湖西", "COD", 0)), FACTORS, 1)
    assert repr(table) == "<结存: 1>"
    assert repr(Shown("<b>x</b>", "x")) == "x" and Shown("<b>x</b>", "x")._repr_html_() == "<b>x</b>"
