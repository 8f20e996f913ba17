"""Annex 1: the bureau's form for the quota of one construction project, as page and as workbook.

Source  附件 1 苏州工业园区排污总量指标管理信息表
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from quota_lib.report.atomic import whole
from quota_lib.report.html import figures_attribute, visible
from quota_lib.report.page import SCRIPTS, TEMPLATES, facts_json, numbered, parts, script_hash
from quota_lib.report.wording import words_json
from quota_lib.report.xlsx import new_workbook, places, written
from quota_lib.tracing.fact import figures_of

if TYPE_CHECKING:
    from jinja2 import Template

    from quota_lib.tracing import Trace

TITLE = "苏州工业园区排污总量指标管理信息表"
BUREAU = "苏州工业园区生态环境局"
DAY = "年　　月　　日"
KINDS = "排污种类及数量（t/a）"
SCOPES = ("本次核定建设项目许可排放量", "全厂核定许可排放量")
QUANTITIES = ("接管量", "外排环境量")
ROWS = ("颗粒物", "二氧化硫", "氮氧化物", "挥发性有机物", "化学需氧量", "氨氮", "总氮", "总磷", "重金属")
REMINDER = (
    "提醒：我局对排污单位排污总量实施动态管理和指标校核，并根据苏州工业园区环境质量状况和排污单位实际管理情况，"
    "对不符合管理要求的排污单位排污总量指标予以收回。"
)
DRAFT = "草案 · 总量来源未落实"

ABOUT, AMOUNT = 64, 15  # places in a line of a cell; a Chinese character takes two
ROOMY = 19  # lines in all that stand on a sheet of A4 without closing up


class Annex1(NamedTuple):
    """What the form says of one project.

    ``rows``: label (``ROWS``, in order of showing) -> four ready-made cells: this project to sewer and to
    the environment, the whole plant to sewer and to the environment.
    ``draft``: the project still waits for its quota; the form says so.
    """

    unit_name: str
    code: str
    project_name: str
    place: str
    rows: Mapping[str, tuple[str, str, str, str]]
    draft: bool = False


def annex1_html(annex: Annex1, mark: str = "", trace: Trace | None = None) -> str:
    """Return the form as a page of its own that prints on one sheet of A4.

    ``mark``: what its data lack.  With a trace its amounts open where they came from; the page holds their figures alone.
    """
    from markupsafe import Markup

    template = _template()
    words = {name: value for name, value in globals().items() if name.isupper()}
    dense = sum(map(_lines, _rows(annex))) > ROOMY
    about = {"form": words, "annex": annex, "about": _about(annex), "dense": dense, "mark": mark}
    if trace is None:
        return str(template.render(**about))
    shown = {name for cells in annex.rows.values() for cell in cells for name in figures_of(cell)}
    facts, script = trace.closed(shown), parts(SCRIPTS[:2])
    opening = {"facts": Markup(facts_json(facts, trace.period)), "words": Markup(words_json())}
    page = template.render(**about, **opening, script=Markup(script), script_hash=script_hash(script))
    return numbered(str(page), list(facts))


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    jinja = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, keep_trailing_newline=True)
    jinja.filters["visible"] = lambda text: Markup(visible(text))
    jinja.filters["figures"] = lambda text: Markup(figures_attribute(text))
    return jinja.get_template("annex1/annex1.html.j2")


def write_annex1_xlsx(path: Path, annex: Annex1, day: date, mark: str = "") -> None:
    """Write the form as a workbook that prints on one sheet of A4; ``day`` is its date of creation.

    ``mark``: what it may not be read without, such as 初报·有错误.
    """
    with whole(path) as place, new_workbook(place, day) as book:
        sheet = book.add_worksheet("附件1")
        _lay_out(book, sheet, annex, mark)


def _about(annex: Annex1) -> tuple[tuple[str, str], ...]:
    return (
        ("排污单位名称", annex.unit_name),
        ("统一社会信用代码", annex.code),
        ("建设项目名称", annex.project_name),
        ("建设地点", annex.place),
    )


def _lay_out(book: Any, sheet: Any, annex: Annex1, mark: str) -> None:
    base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "text_wrap": True}
    boxed = book.add_format(base | {"border": 1, "align": "center", "num_format": "@"})
    plain = book.add_format(base | {"num_format": "@"})
    title = book.add_format(base | {"bold": True, "font_size": 16, "align": "center", "text_wrap": False})
    draft = book.add_format(base | {"bold": True, "font_size": 14, "align": "center", "font_color": "#A8201A"})
    left = book.add_format(base | {"left": 1, "right": 1, "top": 1, "valign": "top"})
    right = book.add_format(base | {"left": 1, "right": 1, "align": "right", "indent": 3})
    last = book.add_format(base | {"left": 1, "right": 1, "bottom": 1, "align": "right", "indent": 3})
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 4, 17)
    sheet.write_string(0, 0, "附件 1", plain)
    _line(sheet, 1, TITLE, title, 34)
    row = 2
    for said in (mark, DRAFT if annex.draft else ""):
        if said:
            _line(sheet, row, f"■ {said}", draft, 26)
            row += 1
    for name, value in _about(annex):
        sheet.set_row(row, _height([(value, ABOUT)]))
        sheet.write_string(row, 0, name, boxed)
        sheet.merge_range(row, 1, row, 4, "", boxed)
        sheet.write_string(row, 1, written(value), boxed)
        row += 1
    sheet.merge_range(row, 0, row + 1, 0, KINDS, boxed)
    for at, scope in enumerate(SCOPES):
        sheet.merge_range(row, 1 + 2 * at, row, 2 + 2 * at, scope, boxed)
    for at, quantity in enumerate(QUANTITIES * 2):
        sheet.write_string(row + 1, 1 + at, quantity, boxed)
    sheet.set_row(row, 24)
    sheet.set_row(row + 1, 24)
    row += 2
    for label, cells in annex.rows.items():
        sheet.set_row(row, _height([(cell, AMOUNT) for cell in cells]))
        for at, cell in enumerate((label, *cells)):
            sheet.write_string(row, at, written(cell), boxed)
        row += 1
    _line(sheet, row, REMINDER, left, 56)
    _line(sheet, row + 1, BUREAU, right, 40)
    _line(sheet, row + 2, DAY, last, 28)
    sheet.set_paper(9)  # A4
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.print_area(0, 0, row + 2, 4)


def _line(sheet: Any, row: int, words: str, style: Any, height: int) -> None:
    """Write one text across the form."""
    sheet.set_row(row, height)
    sheet.merge_range(row, 0, row, 4, words, style)


def _rows(annex: Annex1) -> list[list[tuple[str, int]]]:
    """Return the texts of each row that can be long, with the places that a line of theirs has."""
    return [[(value, ABOUT)] for _, value in _about(annex)] + [
        [(cell, AMOUNT) for cell in cells] for cells in annex.rows.values()
    ]


def _lines(row: list[tuple[str, int]]) -> int:
    """Return the lines that a row needs: those of its longest cell."""
    return max(sum(-(-max(places(line), 1) // width) for line in text.split("\n")) for text, width in row)


def _height(row: list[tuple[str, int]]) -> int:
    """Return the height of a row in points: merged cells do not grow by themselves."""
    return max(26, 15 * _lines(row) + 6)
