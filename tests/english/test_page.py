"""Pages: their texts change, everything else stays; names and cells stay, marked as Chinese."""

import json
import re

import pytest

from quota_lib.english.catalogue import Catalogue
from quota_lib.english.page import english_page
from quota_lib.english.pattern import pattern_of
from quota_lib.english.terms import Terms

CATALOGUE = Catalogue(
    {
        "功能区": "Zone",
        "数量": "Amount",
        "单位：吨": "Unit: tonne",
        "储备库结存": "Balance of the reserve",
        "储备库": "Reserve",
        "全园区": "Whole park",
        "目录": "Contents",
        "核算依据": "Basis",
        "下载": "Download",
        "表 {n}": "",
    },
    (pattern_of("表 {n}", "Table {n}"), pattern_of("项目 {name*}", "project {name!}")),
    {"储备库": "reserve"},
)


def english(body, page="a.html", siblings=()):
    html = f'<!DOCTYPE html>\n<html lang="zh-CN">\n<body><header></header>\n{body}</body></html>\n'
    made = english_page(html, page, siblings, CATALOGUE)
    return made, re.sub(r".*</header>\n|</body></html>\n$", "", made.html, flags=re.DOTALL)


def table(*rows, heads=("功能区", "数量")):
    head = "".join(f'<th scope="col" class="text">{one}</th>' for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"


def test_a_page_says_that_it_is_english_and_leads_to_the_chinese_one():
    made, _ = english("")
    assert made.html.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert 'href="a.html" lang="zh-CN" hreflang="zh-CN"' in made.html


@pytest.mark.parametrize(
    "body",
    [
        '<p class="a" data-x=\'1>2\'>1 &lt; 2 &amp; "x"</p>',
        "<!-- 目录 -->",
        "<script>const a = 1 < 2, b = '目录';</script>",
        '<path d="M0 1"/><br><input type="checkbox">',
        '<pre class="code" translate="no">目录</pre>'.replace("目录", "x"),
    ],
)
def test_what_is_not_a_text_stays_byte_for_byte(body):
    assert english(body)[1] == body


def test_texts_and_what_is_read_aloud_are_translated():
    assert english('<nav aria-label="目录"><b title="目录">目录</b></nav>')[1] == (
        '<nav aria-label="Contents"><b title="Contents">Contents</b></nav>'
    )


def test_a_column_of_data_stays_and_is_marked():
    made, body = english(table(("湖东 &amp; 湖西", "1"), ("HX", "目录")))
    assert '<td lang="zh-CN" translate="no">湖东 &amp; 湖西</td><td>1</td>' in body
    assert "<td>HX</td><td>Contents</td>" in body
    assert not made.missed


def test_the_words_of_sums_are_translated_in_a_column_of_data():
    assert "<td>Whole park</td>" in english(table(("全园区", "1")))[1]


def test_definitions_of_data_stay():
    assert english("<dl><div><dt>核算依据</dt><dd>目录，三本</dd></div></dl>")[1] == (
        '<dl><div><dt>Basis</dt><dd lang="zh-CN" translate="no">目录，三本</dd></div></dl>'
    )


def test_what_is_marked_as_not_to_be_translated_stays():
    made, body = english('<h3 translate="no">X1 目录</h3><p>目录</p>')
    assert "目录</span></h3><p>Contents</p>" in body
    assert not made.missed


def test_data_inside_a_sentence_are_marked_as_chinese():
    assert english("<p>项目 湖东一号</p>")[1] == '<p>project <span lang="zh-CN" translate="no">湖东一号</span></p>'


def test_a_miss_stays_in_chinese_and_is_counted():
    made, body = english("<p>未知</p><p>未知</p>")
    assert body == '<p><span lang="zh-CN" translate="no">未知</span></p>' * 2
    assert dict(made.missed) == {"未知": 2}


def test_a_term_gets_its_chinese_at_its_first_use_only():
    _, body = english("<nav>储备库</nav><p>储备库结存</p><p>储备库</p>")
    mark = '<span lang="zh-CN" translate="no">储备库</span>'
    assert body == f"<nav>Reserve</nav><p>Balance of the reserve ({mark})</p><p>Reserve</p>"


def test_a_term_of_several_words_and_forms_is_explained_once():
    terms = {"储备库": "reserve", "储备": "reserve", "上级储备": "superior reserve", "回收": "recovery|recovered"}
    known = Terms(terms)
    assert known.explained("上级储备", "the superior reserve") == "the superior reserve (上级储备)"
    assert known.explained("已回收，储备", "Recovered into reserves") == "Recovered (回收) into reserves (储备库)"
    assert known.explained("回收，储备库", "recovery, reserve") == "recovery, reserve"


def test_a_term_is_not_explained_where_the_chinese_does_not_use_it():
    assert Terms({"审核": "review"}).explained("复核", "the review") == "the review"


def test_the_day_of_a_signature_is_no_number_of_days():
    words = {**CATALOGUE.words, "年": "years", "day›年": "(year)", "日期：": "Date:"}
    html = '<header></header><p class="day">日期：<span></span>年</p><p>年</p>'
    made = english_page(html, "a.html", (), CATALOGUE._replace(words=words)).html
    assert made.endswith('<p class="day">Date: <span></span>(year)</p><p>years</p>')


def test_words_of_neighbouring_elements_do_not_run_together():
    assert english("<p><span>表 1</span>目录</p>")[1] == "<p><span>Table 1</span> Contents</p>"


def test_a_text_that_goes_on_in_the_next_element_keeps_its_space():
    assert english("<p>目录：<math>x</math></p>")[1] == "<p>Contents: <math>x</math></p>"


def test_a_heading_may_have_a_translation_of_its_own_in_its_table():
    words = {**CATALOGUE.words, "t1›数量": "How much"}
    html = f'<header></header><figure class="table" id="table-t1">{table(("1", "2"))}</figure>{table(("1", "2"))}'
    made = english_page(html, "a.html", (), CATALOGUE._replace(words=words)).html
    assert re.findall("Amount|How much", made) == ["How much", "Amount"]


def test_hostile_text_stays_text():
    made, body = english(table(("&lt;script&gt;alert(1)&lt;/script&gt;湖", "&lt;b&gt;")) + "<p>项目 &lt;b&gt;湖</p>")
    assert "<script>" not in body
    assert body.count("&lt;b&gt;") == 2
    assert not made.missed


def test_links_lead_to_english_pages_where_there_are_some():
    _, body = english(
        '<a href="b.html#x">1</a><a href="c.html">2</a><a href="#d">3</a>', "a.html", ("a.html", "b.html")
    )
    assert body == '<a href="b.en.html#x">1</a><a href="c.html">2</a><a href="#d">3</a>'


def test_printed_heads_in_styles_are_translated():
    assert english('<style>@page{content:"储备库结存"}</style>')[1] == (
        '<style>@page{content:"Balance of the reserve"}</style>'
    )


def test_the_words_of_scripts_are_translated_but_not_what_goes_into_workbooks():
    words = json.dumps({"a": {"b": "下载", "kept": {"sheet": "储备库"}}}, ensure_ascii=False)
    body = english(f'<script type="application/json" id="words">{words}</script>')[1]
    assert json.loads(re.sub("<[^>]*>", "", body)) == {"a": {"b": "Download", "kept": {"sheet": "储备库"}}}
