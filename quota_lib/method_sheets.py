"""The sheets of the accounting methods (核算-…), made from their cards: one input set a row.

Source  REDUCE-2; contract §2, workbooks 核算-…
"""

from __future__ import annotations

from collections.abc import Iterator

from quota_lib.coefficients import Coefficients
from quota_lib.methods import METHODS, InputField, input_fields, method_named
from quota_lib.schema import INPUTS_PREFIX, Field, Sheet

PREFIX = "inputs_"  # of the names of these sheets
DOCUMENTED = "documented"  # 文件核定, the one method that may stand without a sheet
_TYPES = {"number": "number", "percent": "percent", "t": "number", "word": "word", "words": "text", "text": "text"}


def method_of(sheet_name: str) -> str:
    """Return the method whose inputs stand on a sheet of that name, "" of any other sheet."""
    return sheet_name.removeprefix(PREFIX) if sheet_name.startswith(PREFIX) else ""


def method_sheet(title: str) -> Sheet | None:
    """Return the sheet of a title such as 核算-VOCs治理 (or with the method's English name), or None."""
    if not title.startswith(INPUTS_PREFIX):
        return None
    name = method_named(title.removeprefix(INPUTS_PREFIX))
    return _sheet(name, None) if name else None


def method_sheets(coefficients: Coefficients | None = None) -> Iterator[Sheet]:
    """Return the sheet of every method; with coefficients, with the words of their tables as suggestions."""
    return (_sheet(name, coefficients) for name in METHODS)


def _sheet(name: str, coefficients: Coefficients | None) -> Sheet:
    card = METHODS[name].card
    own = (
        Field("project", "项目编号", "id", False, note="减排项目中的项目编号；同一项目同一因子的多行相加"),
        Field("factor", "污染因子", "factor", False),
    )
    return Sheet(
        title=card.sheet,
        name=PREFIX + name,
        part="减排库",
        row=f"核算方法“{card.label}”的一组输入",
        clauses=("REDUCE-2",),
        folders="quarter",
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
