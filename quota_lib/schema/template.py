"""The blank submission workbook: every sheet of the schema that fits a period, ready to be filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from quota_lib.periods import Period, Quarter
from quota_lib.schema import INPUTS_PREFIX, SITE_HEADING, Sheet, sheets
from quota_lib.schema.dictionary import FOLDERS, ColumnWords, clauses, columns
from quota_lib.schema.guide import GUIDE, guide_lines, who_fills
from quota_lib.words import Factors

LISTS = "_词表"
HEADER = 2  # the header's row, counted from 0; a title and the hints stand above it
ROWS = 2000  # rows below the header that dropdowns, checks and notes cover
LONGEST_LIST = 255  # characters that Excel takes for a list inside a cell's check
CREATED = datetime(2021, 1, 1)  # fixed: two runs leave the same bytes

STYLES: Mapping[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 13},
    "hint": {"font_size": 8, "font_color": "#666666", "align": "center"},
    "必填": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79"},
    "条件必填": {"bold": True, "font_color": "#1F3864", "bg_color": "#9DC3E6"},
    "选填": {"font_color": "#404040", "bg_color": "#E7EEF6"},
    "section": {
        "bold": True,
        "font_size": 11,
        "font_color": "#1F4E79",
        "bottom": 1,
        "bottom_color": "#1F4E79",
    },
    "wrapped": {"text_wrap": True, "valign": "top"},
    "link": {"font_color": "#0563C1", "underline": 1, "valign": "top"},
    "@": {"num_format": "@"},
    "number": {"num_format": "0.#########"},
    "whole": {"num_format": "0"},
    "date": {"num_format": "yyyy-mm-dd"},
    "time": {"num_format": "yyyy-mm-dd hh:mm"},
    "measured": {},
}
_HEADING = {"align": "center", "valign": "vcenter", "text_wrap": True, "border": 1, "border_color": "#BFBFBF"}
_CELL_STYLE = {
    "number": "number",
    "percent": "number",
    "t": "number",
    "year": "whole",
    "integer": "whole",
    "date": "date",
    "time": "time",
    "moment": "time",
    "measured": "measured",
}
_WIDTHS = {"unit": 22, "text": 18, "date": 13, "time": 17, "moment": 17, "factors": 20, "year": 9, "id": 15}
_TABS = {"基础信息": "#7F7F7F", "减排库": "#548235", "储备库": "#1F4E79", "总量库": "#BF8F00"}


def fitting(period: Period | None) -> list[Sheet]:
    """Return the sheets that may lie in a period's folder; None: all of them."""
    folders = {"quarter", "any", "first"} if isinstance(period, Quarter) else {"year", "any"}
    return [
        sheet
        for sheet in sheets().values()
        if not sheet.title.startswith(INPUTS_PREFIX) and (period is None or sheet.folders in folders)
    ]


def write_template(path: Path, period: Period | None, factors: Factors, methods: Iterable[Sheet] = ()) -> None:
    """Write the blank workbook for a period; the same period, factors and methods give the same bytes.

    ``methods``: the sheets of the accounting methods (核算-…), which follow the others.
    """
    content = BytesIO()
    with Workbook(content, {"in_memory": True, "default_format_properties": {"font_size": 10}}) as book:
        book.set_properties({"title": "排污总量指标填报模板", "created": CREATED})
        _Template(book, factors).fill([*fitting(period), *methods], period)
    path.write_bytes(content.getvalue())


class _Template:
    """A workbook being written: its formats, and the lists that are too long for a cell's check."""

    def __init__(self, book: Workbook, factors: Factors) -> None:
        self.book = book
        self.factors = tuple(factor.label for factor in factors.all)
        self.long_lists: list[tuple[str, ...]] = []
        self.styles: dict[str, Format] = {
            name: book.add_format(style | (_HEADING if "bg_color" in style else {})) for name, style in STYLES.items()
        }

    def fill(self, chosen: list[Sheet], period: Period | None) -> None:
        """Write every page of the workbook."""
        self.guide(self.book.add_worksheet(GUIDE), chosen, period)
        for sheet in chosen:
            self.sheet(self.book.add_worksheet(sheet.title), sheet)
        if self.long_lists:
            page = self.book.add_worksheet(LISTS)
            page.hide()
            for column, words in enumerate(self.long_lists):
                page.write_column(0, column, words)

    def guide(self, page: Worksheet, chosen: list[Sheet], period: Period | None) -> None:
        """Write the first page: how to fill in, and which sheet is for what."""
        page.set_column(0, 0, 16)
        page.set_column(1, 1, 48, self.styles["wrapped"])
        page.set_column(2, 4, 24, self.styles["wrapped"])
        row = 0
        for row, (style, text) in enumerate(guide_lines(period)):
            if style in ("必填", "条件必填", "选填"):
                page.write_string(row, 0, style, self.styles[style])
                page.write_string(row, 1, text)
            else:
                page.write_string(row, 0, text, self.styles[style] if style else None)
        top = row + 1
        for place, heading in enumerate(("工作表", "一行是什么", "由谁填", "放在", "依据")):
            page.write_string(top, place, heading, self.styles["选填"])
        for row, sheet in enumerate(chosen, start=top + 1):
            page.write_url(row, 0, f"internal:'{sheet.title}'!A{HEADER + 2}", self.styles["link"], sheet.title)
            cells = (sheet.row, who_fills(sheet), FOLDERS[sheet.folders], clauses(sheet))
            for place, text in enumerate(cells, start=1):
                page.write_string(row, place, text, self.styles["wrapped"])
        _printed(page, None)

    def sheet(self, page: Worksheet, sheet: Sheet) -> None:
        """Write one sheet: title, hints and headings, and below them what every cell is and may be."""
        page.write_string(0, 0, f"{sheet.title}　一行是：{sheet.row}（{clauses(sheet)}）", self.styles["title"])
        page.set_row(HEADER, 32)
        for place, column in enumerate(columns(sheet)):
            self.column(page, place, column)
        page.freeze_panes(HEADER + 1, 1)
        page.set_tab_color(_TABS[sheet.part])
        page.set_comments_author("")
        page.ignore_errors({"number_stored_as_text": f"A{HEADER + 2}:XFD{HEADER + 1 + ROWS}"})
        _printed(page, HEADER)

    def column(self, page: Worksheet, place: int, column: ColumnWords) -> None:
        """Write one column: hint, heading with its note, format, check and input message."""
        first, last = HEADER + 1, HEADER + ROWS
        style = _CELL_STYLE.get(column.field.type, "@")
        message = "\n".join(column.sentences)
        page.set_column(place, place, _width(column), self.styles[style])
        page.write_string(HEADER - 1, place, column.hint, self.styles["hint"])
        page.write_string(HEADER, place, column.heading, self.styles[column.need])
        lines = sum(1 + len(line) // 18 for line in column.sentences)
        page.write_comment(HEADER, place, message, {"width": 240, "height": 18 + 17 * lines, "font_size": 9})
        said = {"input_title": column.heading, "input_message": message}
        page.data_validation(first, place, last, place, self.check(column, place) | said)
        if style == "number":  # without this a whole number shows a bare decimal point
            cell = xl_rowcol_to_cell(first, place)
            whole = {"type": "formula", "criteria": f"={cell}=INT({cell})", "format": self.styles["whole"]}
            page.conditional_format(first, place, last, place, whole)

    def check(self, column: ColumnWords, place: int) -> dict[str, Any]:
        """Return what Excel checks in a cell; it only warns where more is allowed than it can check."""
        warn = {
            "error_type": "warning",
            "error_title": column.heading,
            "error_message": "与要求的填法不同，确定要这样填吗？",
        }
        stop = {"error_title": column.heading, "error_message": "\n".join(column.sentences)}
        match column.field.type:
            case "word":
                return {"validate": "list", "source": self.listed(column.field.words)} | stop
            case "text" if column.field.words:
                return {"validate": "list", "source": self.listed(column.field.words), "show_error": False}
            case "factor":
                return {"validate": "list", "source": self.listed(self.factors)} | warn
            case "zone":  # offered as far as they stand in this workbook; others are known from earlier folders
                return {
                    "validate": "list",
                    "source": f"=功能区!$A${HEADER + 2}:$A${HEADER + 201}",
                    "show_error": False,
                }
            case "t":
                return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 10**9} | stop
            case "number":
                return {"validate": "decimal", "criteria": ">=", "value": 0} | stop
            case "percent":
                return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100} | stop
            case "year" | "integer":
                return {"validate": "integer", "criteria": "between", "minimum": 2000, "maximum": 2100} | stop
            case "date" | "time" | "moment":
                return {"validate": "date", "criteria": ">=", "value": date(1950, 1, 1)} | warn
            case "measured":
                cell = xl_rowcol_to_cell(HEADER + 1, place)
                return {
                    "validate": "custom",
                    "value": f'=OR({cell}="未检出",AND(ISNUMBER({cell}),{cell}>=0))',
                } | warn
            case _:
                return {"validate": "any"}

    def listed(self, words: tuple[str, ...]) -> list[str] | str:
        """Return words as a check takes them: in place, or on the hidden sheet where they are too long."""
        if len(",".join(words)) <= LONGEST_LIST and not any("," in word for word in words):
            return list(words)
        if words not in self.long_lists:
            self.long_lists.append(words)
        letter = xl_col_to_name(self.long_lists.index(words))
        return f"='{LISTS}'!${letter}$1:${letter}${len(words)}"


def _width(column: ColumnWords) -> float:
    """Return the width that shows the heading in two lines, the hint, and what is usually filled in."""
    least = 12 if column.heading == SITE_HEADING else _WIDTHS.get(column.field.type, 11)
    heading = _wide(column.heading) + 2
    return max(least, heading if heading <= 16 else heading / 2 + 4, 0.85 * _wide(column.hint) + 1)


def _wide(text: str) -> int:
    return sum(1 if letter.isascii() else 2 for letter in text)


def _printed(page: Worksheet, header: int | None) -> None:
    """Make a page print on A4, as wide as the paper, its header on each sheet of paper."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    if header is not None:
        page.repeat_rows(0, header)
