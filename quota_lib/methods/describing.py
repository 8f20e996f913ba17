"""What a method's sheet holds and what its card says: fields, JSON, Markdown.

Source  contract §2 核算-…, §4 quota methods
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from quota_lib.amounts import plain
from quota_lib.coefficients import Coefficient, Coefficients, Edition
from quota_lib.methods.card import Card, CardError, Example, Input, Lookup
from quota_lib.methods.computing import uncompared
from quota_lib.methods.proving import faults_of_example
from quota_lib.methods.reading import range_of
from quota_lib.methods.registry import LABELS, METHODS
from quota_lib.methods.steps import formula_of
from quota_lib.rules import STATUSES

KINDS = {"number": "数", "percent": "百分数", "t": "吨", "word": "选词", "words": "选词，可多个", "text": "文本"}
DASH = "—"


class InputField(NamedTuple):
    """One column of a method's sheet.

    ``type``: number, percent, t, word, words (several in one cell, separated by 、), text.
    ``checked``: the words are the column's own; else they are a coefficient table's, and
    ``compute`` refuses what the table of the day lacks.
    """

    name: str
    heading: str
    unit: str
    type: str
    words: tuple[str, ...]
    required: bool
    note: str
    checked: bool


def input_fields(name: str, coefficients: Coefficients | None = None) -> tuple[InputField, ...]:
    """Return the columns of a method's sheet; the words of coefficient tables only where these are given."""
    card = _card(name)
    return tuple(
        InputField(
            name=one.name,
            heading=one.heading,
            unit=one.unit,
            type=one.type,
            words=one.words or (_table_words(card, one, coefficients) if coefficients else ()),
            required=one.required,
            note="；".join(part for part in (range_of(one) if one.type != "percent" else "", one.note) if part),
            checked=bool(one.words),
        )
        for one in card.inputs.values()
    )


def as_json(coefficients: Coefficients | None = None) -> list[dict[str, Any]]:
    """Return every method as `quota methods --json` gives it.

    Beyond the contract: what names a row (``keys``), the types of project and factors it is for, the groups of inputs of
    which exactly one is filled, and of each input its type (words: several in one cell, joined by 、) and note.

    Source  contract §4
    """
    return [
        {
            "name": name,
            "label": label,
            "sheet": METHODS[name].card.sheet,
            "keys": ["项目编号", "污染因子"],
            "types": list(METHODS[name].card.types),
            "factors": list(METHODS[name].card.factors),
            "one_of": [list(group) for group in METHODS[name].card.one_of],
            "inputs": [
                {
                    "name": one.name,
                    "heading": one.heading,
                    "unit": one.unit,
                    "words": list(one.words),
                    "required": one.required,
                    "type": one.type,
                    "note": one.note,
                }
                for one in input_fields(name, coefficients)
            ],
        }
        for name, label in LABELS.items()
    ]


def method_cards(coefficients: Coefficients) -> str:
    """Return all cards in one Markdown document."""
    rows = [
        (f"`{name}`", label, f"`{card.sheet}`", _list(card.types), _list(card.factors), STATUSES[card.status])
        for name, label in LABELS.items()
        for card in [METHODS[name].card]
    ]
    parts = [
        "# 核算方法",
        "<!-- 由程序生成，请勿手改：python -m quota_lib.documentation -->",
        "每种方法是一个函数加一张卡片（`quota_lib/methods/`）；系数在 `parameters/` 的系数表中，按版本排列。",
        _table(("名称", "方法", "工作表", "减排工程类型", "污染因子", "状态"), rows),
        *(description(name, coefficients) for name in LABELS),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def description(name: str, coefficients: Coefficients) -> str:
    """Return a method's card in Markdown: formula, inputs, coefficients by edition with their status, examples."""
    card = _card(name)
    head = [
        f"## {card.label} `{card.name}`",
        f"工作表 `{card.sheet}` · 依据 {card.clause} · 减排工程类型：{_list(card.types)} · 污染因子：{_list(card.factors)} · "
        f"状态：{STATUSES[card.status]}",
        card.plain,
        f"$$ {card.latex} $$",
    ]
    notes = [f"来源：{card.source}" if card.source else "", card.note]
    return (
        "\n\n".join(
            part
            for part in (
                *head,
                *notes,
                "### 输入",
                _table(
                    ("名称", "列名", "单位", "类型", "必填", "说明"),
                    [_input_row(card, one) for one in card.inputs.values()],
                ),
                _choice(card),
                "### 步骤",
                _table(("步骤", "符号", "算式", "单位"), list(_steps(card))),
                *_coefficient_parts(card, coefficients),
                "### 算例",
                *(_example(card, one, coefficients) for one in card.examples),
            )
            if part
        )
        + "\n"
    )


def _card(name: str) -> Card:
    if name not in METHODS:
        raise CardError(f"there is no method {name!r}; there are {', '.join(METHODS)}")
    return METHODS[name].card


def _table_words(card: Card, one: Input, coefficients: Coefficients) -> tuple[str, ...]:
    """Return the words that a table offers for the factors of the method."""
    return coefficients.words(one.words_from, card.factors, one.kind) if one.words_from else ()


def _input_row(card: Card, one: Input) -> tuple[str, ...]:
    said = [one.note, range_of(one) if one.type != "percent" else ""]
    said += [f"不填按 {one.left_out}" if one.left_out else "", "、".join(one.words)]
    said += [f"系数表 {one.words_from} 的词" if one.words_from else ""]
    needed = "是" if one.required else "择一" if any(one.name in group for group in card.one_of) else "否"
    said_text = "；".join(part for part in said if part)
    return (f"`{one.name}`", one.heading, one.unit or DASH, KINDS[one.type], needed, said_text or DASH)


def _choice(card: Card) -> str:
    groups = [" + ".join(f"“{card.inputs[name].heading}”" for name in group) for group in card.one_of]
    return f"须填且只填其中一组：{' 或 '.join(groups)}。" if groups else ""


def _steps(card: Card) -> Iterator[tuple[str, ...]]:
    for step in card.steps.values():
        yield (step.label, step.symbol, " 或 ".join(formula_of(card, text) for text in step.formulas), step.unit)
    if card.signed:
        last = list(card.steps.values())[-1]
        yield (card.result.label, card.result.symbol, f"Σ旧 {last.symbol} − Σ新 {last.symbol}", card.result.unit)


def _coefficient_parts(card: Card, coefficients: Coefficients) -> Iterator[str]:
    """Return, for each table that the method asks, its editions and the numbers in them that may apply."""
    if card.lookups:
        yield "### 系数"
    seen: set[tuple[str, str, str]] = set()
    for lookup in card.lookups.values():
        asked = (lookup.table, lookup.kind, lookup.fixed or lookup.factor)
        if asked in seen:
            continue
        seen.add(asked)
        table = coefficients.table(lookup.table)
        for edition in table.editions.values():
            rows = [
                _coefficient_row(one, edition)
                for one in edition.coefficients
                if _applies(card, lookup, one, coefficients)
            ]
            if rows:
                yield f"**{table.label}** `{lookup.table}` · {_edition(edition)}"
                yield _table(("词", "因子", "数值", "状态", "位置、说明"), rows)


def _applies(card: Card, lookup: Lookup, one: Coefficient, coefficients: Coefficients) -> bool:
    word = coefficients.table(lookup.table).words[one.word]
    if lookup.fixed:
        return one.word == lookup.fixed
    factors = (lookup.factor,) if lookup.factor else card.factors
    return word.kind == lookup.kind and (not factors or one.factor in factors)


def _edition(edition: Edition) -> str:
    since = f"自 {edition.since}" if edition.since else "不作为现行版本，只供试算"
    note = f"，{edition.note}" if edition.note else ""
    amends = f"，其余同 `{edition.amends}`" if edition.amends else ""
    return f"`{edition.id}` {edition.label}，{since}，{edition.source} {edition.place}".rstrip() + amends + note


def _coefficient_row(one: Coefficient, edition: Edition) -> tuple[str, ...]:
    since = f"自 {one.since}" if one.since else ""
    source = one.source if one.source != edition.source else ""
    said = "，".join(part for part in (source, one.place, since, one.note) if part)
    return (one.word + one.equipment, one.factor, one.shown, STATUSES[one.status], said or DASH)


def _example(card: Card, example: Example, coefficients: Coefficients) -> str:
    """Return a worked example with its steps, as the program computes it today."""
    made = uncompared(card.name, example.rows, example.factor, example.day, coefficients)
    given = ["；".join(f"{card.inputs[name].heading} {value}" for name, value in row.items()) for row in example.rows]
    lines = [f"**{example.title}**（{example.factor}，{example.day}{'，' + example.source if example.source else ''}）"]
    lines += [f"- 输入：{text}" for text in given]
    lines += [f"- {step.label}：{step.numbers} {'' if step.unit == '%' else step.unit}".rstrip() for step in made.steps]
    tolerance = f"（误差不超过 {plain(example.within)}）" if example.within else ""
    expected = "，".join(f"{_described(card, name)} {plain(value)}" for name, value in example.expect.items())
    lines += [f"- 应得：{expected}{tolerance}"]
    lines += [f"- **不符** {said}" for said in faults_of_example(card, example, coefficients)]
    lines += [f"- {example.note}"] if example.note else []
    return lines[0] + "\n\n" + "\n".join(lines[1:])


def _described(card: Card, name: str) -> str:
    return card.result.label if name == card.result.name else card.steps[name].label


def _list(words: tuple[str, ...]) -> str:
    return "、".join(words) or "不限"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines)
