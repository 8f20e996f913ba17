"""What staff are told about sheets and columns: the words of the template, and the data dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from quota_lib.schema import CODE_HEADING, INPUTS_PREFIX, SITE_HEADING, Field, Sheet, sheets

FOLDERS = {
    "quarter": "季度文件夹，如 data/2025Q1/",
    "first": "台账第一个季度的文件夹",
    "year": "年度文件夹，如 data/2025/",
    "any": "季度或年度文件夹",
}
CODE_NOTE = "18 位，照营业执照填写，末位是校验码"
SITE_NOTE = "同一代码下有几个厂区时填，如 002；不填为 001"


class Kind(NamedTuple):
    """A type of the schema as staff know it: its name, the short hint above a heading, the rule."""

    label: str
    hint: str
    rule: str


KINDS = {
    "id": Kind("编号", "文本", "按文本读取，前面的 0 保留"),
    "text": Kind("文本", "文本", ""),
    "zone": Kind("功能区编码", "功能区编码", "须是“功能区”表中已有的编码"),
    "word": Kind("选词", "下拉选择", "从可选词中选一个"),
    "factor": Kind("污染因子", "下拉选择", "从下拉列表选；代号也可，如 COD"),
    "factors": Kind("污染因子（可以几种）", "几种用、分开", "几种之间用顿号或逗号分开"),
    "date": Kind("日期", "日期 2025-03-01", "日期，或写成 2025-03-01、2025/3/1、2025.3.1、2025年3月1日"),
    "time": Kind("日期和时间", "2025-03-01 08:30", "日期和时间，如 2025-03-01 08:30"),
    "moment": Kind("日期或日期和时间", "2025-03-01 或加 08:30", "日期，需要时加时间，如 2025-03-01 08:30"),
    "year": Kind("年份", "年份 2025", "四位数字，如 2025"),
    "integer": Kind("整数", "整数", "不小于 0 的整数"),
    "number": Kind("数字", "数字", "不小于 0 的数"),
    "percent": Kind("百分数", "0 至 100", "百分数的数值：95 表示 95%"),
    "t": Kind("吨", "t", "不小于 0，最多 9 位小数；不写单位和千位分隔符"),
    "measured": Kind("数字或“未检出”", "数字或未检出", "不小于 0 的数，或“未检出”"),
}


class ColumnWords(NamedTuple):
    """One heading of a sheet in words.  ``need``: 必填, 条件必填 (the note says when) or 选填."""

    heading: str
    field: Field
    kind: Kind
    need: str
    notes: tuple[str, ...]

    @property
    def hint(self) -> str:
        """Return what stands above the heading: whether it is needed, the unit or the form."""
        offered = "下拉可选" if self.field.type == "text" and self.field.words else ""
        return f"{self.need} · {self.field.unit or offered or self.kind.hint}"

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return all that is to be known about the column, in the order in which it is asked."""
        need = self.need if self.need != "条件必填" else ""
        unit = f"单位 {self.field.unit}" if self.field.unit else ""
        default = f"不填为“{self.field.default}”" if self.field.default else ""
        return tuple(part for part in (*self.notes, need, default, unit, self.kind.rule) if part)


def columns(sheet: Sheet) -> Iterator[ColumnWords]:
    """Yield a sheet's headings as they stand from left to right; a plant has two."""
    for field in sheet.fields:
        need = "必填" if not field.optional else "条件必填" if "必填" in field.note else "选填"
        if field.type == "unit":
            fixed = _fixed(sheet, field)
            yield ColumnWords(CODE_HEADING, field, Kind("统一社会信用代码", "18 位代码", ""), need, (CODE_NOTE, *fixed))
            yield ColumnWords(SITE_HEADING, field, KINDS["id"], "选填", (SITE_NOTE,))
        else:
            yield ColumnWords(field.heading, field, KINDS[field.type], need, tuple(_notes(sheet, field)))


def _notes(sheet: Sheet, field: Field) -> Iterator[str]:
    if field.note:
        yield field.note
    if field.name == sheet.number:
        yield f"一个{field.heading}{_used_once(sheet)}；冲正以后也不再用"
    if field.name == sheet.date and sheet.folders == "quarter":
        yield "业务日期：不晚于本期末；早于本期的，作为补报记入本期"
    yield from _fixed(sheet, field)


def _used_once(sheet: Sheet) -> str:
    """Return where a document's number may stand."""
    if sheet.same_each:  # one 文号 may decide another project in another folder
        return "只用于一张表，可有几行"
    return "只用于一张表、一个期间" + ("，可有几行" if len(sheet.key) > 1 else "")


def _fixed(sheet: Sheet, field: Field) -> tuple[str, ...]:
    return ("以后再报时不得更改",) if field.name in sheet.fixed else ()


def clauses(sheet: Sheet) -> str:
    """Return the clauses that a sheet serves, as one text."""
    return "、".join(sheet.clauses)


def _headings(sheet: Sheet, names: tuple[str, ...]) -> str:
    """Return fields by their headings; a plant by both of its."""
    shown = {"folder": "所在文件夹"} | {field.name: "＋".join(field.headings) for field in sheet.fields}
    return "＋".join(shown[name] for name in names)


def _again(sheet: Sheet) -> str:
    """Return what a second row for the same key does."""
    if not sheet.key:
        return "每一行单独计算，没有重复的说法"
    if sheet.refuses:
        mend = "；更正用“冲正”" if sheet.number and sheet.name != "correction" else ""
        return f"不允许：内容不同为错误，内容相同的跳过（已存在）{mend}"
    since = f"从其{sheet.heading(sheet.date)}起" if sheet.date else "从所在文件夹的第一天起"
    return f"取代前一行，{since}有效；内容相同的跳过（已存在）"


def _facts(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Yield what holds for a sheet as a whole, as label and text."""
    yield "一行是", sheet.row
    yield "放在", FOLDERS[sheet.folders]
    yield "依据", f"实施细则 {clauses(sheet)}"
    if sheet.key:
        yield "视为同一行", "相同的" + _headings(sheet, sheet.key)
    if sheet.date:
        yield "业务日期", sheet.heading(sheet.date)
    yield "再填一行", _again(sheet)
    if sheet.fixed:
        yield "不得更改", _headings(sheet, sheet.fixed).replace("＋", "、")
    if sheet.number:
        yield "单据", _document(sheet)


def _document(sheet: Sheet) -> str:
    number = sheet.heading(sheet.number)
    same = [sheet.heading(name) for name in sheet.same]
    agree = f"，各行的{'、'.join(same)}须一致" if same else ""
    each = [sheet.heading(name) for name in sheet.same_each]
    agree += f"；同一建设项目各行的{'、'.join(each)}也须一致，每个项目分别处理" if each else ""
    return f"同一文件夹中{number}相同的各行是一张单据{agree}"


def cell(text: str) -> str:
    """Return text as it may stand in a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


def table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines)


def _sheet_section(sheet: Sheet) -> str:
    facts = "\n".join(f"- {label}：{text}" for label, text in _facts(sheet))
    if sheet.title.startswith(INPUTS_PREFIX):
        return f"### {sheet.title}\n\n{facts}\n- 表名是“{INPUTS_PREFIX}”加核算方法的名称，各列随方法而定"
    rows = [
        (
            one.heading,
            one.kind.label,
            one.field.unit,
            one.need,
            "、".join(one.field.words),
            one.field.default,
            "；".join(one.notes),
        )
        for one in columns(sheet)
    ]
    return f"### {sheet.title}\n\n{facts}\n\n{table(_COLUMN_HEADINGS, rows)}"


_COLUMN_HEADINGS = ("列", "类型", "单位", "必填", "可选词", "不填时", "说明")
INTRODUCTION = """\
工作簿（.xlsx）放在 data/ 下以期间命名的文件夹中；表名、列名以本页为准，列的先后不限。表头上方可以有标题行，
标“选填”“条件必填”的列可以没有。表名和列名都必须逐字一致；写错的表整张不入账，并指出是哪一处。

- 首格以 说明、填写说明、单位：、示例、注：、合计、小计、总计 开头的行不是数据，跳过并提示；各列都空的行跳过。
- 必填的格空着是错误，不当作 0；确为零的填 0。
- 全角数字、字母和空格按半角读取，首尾空格不计。编号按文本读取，前面的 0 保留。
- 数字按 Excel 显示的 15 位有效数字读取；写成文本的纯数字也可以，带单位、千位分隔符或“约”字的是错误。
- Excel 错误值（#REF! 等）、没有计算结果的公式、负数、超过 9 位小数或 10 亿吨的数、不存在的日期都是错误。
- 有错误的行不入账，所在单据也不入账；指向它的行给出提示。每处错误只报一次，写明单元格和改法。"""


def _kinds() -> str:
    used = {field.type for sheet in sheets().values() for field in sheet.fields}
    rows = [(kind.label, kind.rule) for name, kind in KINDS.items() if name in used and kind.rule]
    return f"## 类型\n\n{table(('类型', '怎样填'), rows)}"


def data_dictionary() -> str:
    """Return the data dictionary in Markdown: every sheet, its columns and what a second row does."""
    parts = [
        "# 数据字典",
        "<!-- 由程序生成，请勿手改：python -m quota_lib.documentation -->",
        INTRODUCTION,
        _kinds(),
    ]
    heading = ""
    for sheet in sheets().values():
        if sheet.part != heading:
            heading = sheet.part
            parts.append(f"## {heading}")
        parts.append(_sheet_section(sheet))
    return "\n\n".join(parts) + "\n"
