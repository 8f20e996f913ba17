"""The sheets of the accounting methods (核算-…), made from their cards: one input set a row.

In a quarterly folder a row is about a reduction project; in an annual one about a plant's year, of
one outlet or (without 排放口编号) of what no outlet's row covers, fugitive emissions included.

Source  REDUCE-2, TOTAL-2; contract §2, workbooks 核算-…
"""

from __future__ import annotations

from collections.abc import Iterator

from quota_lib.coefficients import Coefficients
from quota_lib.methods import METHODS, InputField, input_fields, method_named
from quota_lib.schema import INPUTS_PREFIX, Field, Sheet

PREFIX = "inputs_"  # of the names of these sheets
DOCUMENTED = "documented"  # 文件核定, the one method that may stand without a sheet
ANNUAL_METHODS = ("material_balance", "coefficient")  # what a year's discharge is computed with (TOTAL-2)
_TYPES = {"number": "number", "percent": "percent", "t": "number", "word": "word", "words": "text", "text": "text"}


def method_of(sheet_name: str) -> str:
    """Return the method whose inputs stand on a sheet of that name, "" of any other sheet."""
    return sheet_name.removeprefix(PREFIX) if sheet_name.startswith(PREFIX) else ""


def method_sheet(title: str, annual: bool = False) -> Sheet | None:
    """Return the sheet of a title such as 核算-VOCs治理 (or with the method's English name), or None.

    ``annual``: as it stands in an annual folder; None then too for a method that computes reductions.
    """
    if not title.startswith(INPUTS_PREFIX):
        return None
    name = method_named(title.removeprefix(INPUTS_PREFIX))
    if name is None or (annual and name not in ANNUAL_METHODS):
        return None
    return _sheet(name, None, annual)


def method_sheets(coefficients: Coefficients | None = None, annual: bool = False) -> Iterator[Sheet]:
    """Return the sheet of every method; with coefficients, with the words of their tables as suggestions."""
    names = [name for name in METHODS if not annual or name in ANNUAL_METHODS]
    return (_sheet(name, coefficients, annual) for name in names)


_OF_A_PROJECT = (Field("project", "项目编号", "id", False, note="减排项目中的项目编号；同一项目同一因子的多行相加"),)
_OF_A_YEAR = (
    Field("year", "年度", "year", False, note="被核算的年度"),
    Field("unit", "plant", "unit", False),
    Field(
        "outlet",
        "排放口编号",
        "id",
        True,
        note="与“排放口”表一致；不填的为各排放口的行没有包括的排放，含无组织；同一排放口同一因子的多行相加",
    ),
)
_FACTOR = Field("factor", "污染因子", "factor", False)


def _sheet(name: str, coefficients: Coefficients | None, annual: bool) -> Sheet:
    card = METHODS[name].card
    own = (*(_OF_A_YEAR if annual else _OF_A_PROJECT), _FACTOR)
    return Sheet(
        title=card.sheet,
        name=PREFIX + name,
        part="总量库" if annual else "减排库",
        row=f"核算方法“{card.label}”的一组输入",
        clauses=("TOTAL-2",) if annual else ("REDUCE-2",),
        folders="year" if annual else "quarter",
        key=(),
        same=(),
        same_each=(),
        number="",
        date="",
        again="",
        fixed=(),
        fields=(*own, *(_field(one) for one in input_fields(name, coefficients))),
        aliases={},
    )


def _field(one: InputField) -> Field:
    """Return a column; the words of a coefficient table are offered and not required: another edition has others."""
    own = one.checked or one.type != "word"
    hint = "；可选，几个词以顿号分开自行填写" if one.words and one.type == "words" else ""
    return Field(
        name=one.name,
        heading=one.heading,
        type=_TYPES[one.type] if own else "text",
        optional=not one.required,
        words=one.words,
        unit=one.unit,
        note=f"{one.note}{hint}".lstrip("；"),
    )
