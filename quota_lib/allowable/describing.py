"""What the methods of setting the allowable are, in Markdown: formula, reasoning, numbers in force, worked examples.

Source  TOTAL-3
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from quota_lib.allowable.card import Card, Example
from quota_lib.allowable.facts import Step
from quota_lib.allowable.registry import ALLOWABLE_METHODS, in_order
from quota_lib.allowable.setting import allowables
from quota_lib.amounts import text
from quota_lib.rules import STATUSES, Rules

LAWS = (
    "无论采用哪种方法：每个功能区、每种因子的允许排放量之和不超过下年度限量减去预留量、已批未投运、名单外单位和没有许可总量的单位之后的可用量，每吨只扣一次，全园区限量同样；"
    "任何单位不高于许可，不低于零；以毫克为单位分配，余数按最大余额法，相等时按单位编码；没有限量的不受限制，并注明；"
    "生态环境局自己核定的数以其为准，其余只在限量容纳不下时才再削减；限量无法满足的，说明超出多少。"
)


def describe_all(rules: Rules, day: date) -> str:
    """Return all methods in one Markdown document, with the numbers that are in force on a day."""
    used = rules.text("allowable.method", day)
    rows = [
        (f"`{one.card.name}`" + ("（现行）" if one.card.name == used else ""), one.card.label, one.card.plain)
        for one in in_order()
    ]
    parts = ["# 下年度允许排放量的核定方法", LAWS, _table(("名称", "方法", "算式"), rows)]
    parts += [describe(one.card.name, rules, day) for one in in_order()]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def describe(name: str, rules: Rules, day: date) -> str:
    """Return a method's card in Markdown."""
    card = ALLOWABLE_METHODS[name].card
    parts = [
        f"## {card.label} `{card.name}`",
        f"依据 {card.clause} · 状态：{STATUSES[card.status]}" + (f" · 来源：{card.source}" if card.source else ""),
        card.plain,
        f"$$ {card.latex} $$",
        card.reasoning,
        "### 输入",
        _table(("名称", "说明"), [(f"`{word}`", said) for word, said in card.inputs.items()]),
        *_numbers(card, rules, day),
        "### 算例",
        *(_example(card, one, rules) for one in card.examples),
    ]
    return "\n\n".join(parts) + "\n"


def _numbers(card: Card, rules: Rules, day: date) -> Iterator[str]:
    if card.parameters:
        yield "### 参数"
        rows = []
        for short in card.parameters:
            value = rules.value(f"allowable.{short}", day)
            label = rules.parameters[f"allowable.{short}"].label
            rows.append((f"`allowable.{short}`", label, value.value or "—", STATUSES[value.status], value.reference))
        yield _table(("名称", "参数", "数值", "状态", "出处"), rows)


def _example(card: Card, example: Example, rules: Rules) -> str:
    """Return a worked example with its steps, as the program computes it today."""
    made = allowables(example.given, rules, example.day, card.name)
    lines = [f"**{example.title}**（{example.day}）", ""]
    for one in made.plants:
        lines.append(f"- {one.unit}：{'不核定' if one.next is None else text(one.next) + ' t'}")
        lines += [f"  - {step_words(step)}" for step in one.steps]
        lines += [f"  - {note}" for note in one.notes]
    lines += [f"- {one.zone or '全园区'}：{one.words}" for one in made.balances if one.cap is not None]
    return "\n".join(lines)


def step_words(step: Step) -> str:
    """Return a step in one line: what it is, its sum, its value."""
    return f"{step.label}：{step.formula} → {step.value} {'' if step.unit == '1' else step.unit}".rstrip()


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines)
