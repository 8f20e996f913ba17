"""The inputs of one row: checked against the card, each fault at its input, all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from quota_lib.amounts import plain
from quota_lib.methods.card import Card, Input
from quota_lib.words import fold, key

Raw = Decimal | int | str | None
Value = Decimal | str | None


class Fault(NamedTuple):
    """What is wrong with a row's input: a code of the catalogue and the words of its message.

    ``row``: the place in the rows given, None: all of them.  ``name``: the input, "" the row itself.
    """

    row: int | None
    name: str
    code: str
    words: tuple[tuple[str, str], ...]


def fault(row: int | None, name: str, code: str, **words: str) -> Fault:
    """Return a fault with the words for its message."""
    return Fault(row, name, code, tuple(words.items()))


def read_inputs(card: Card, row: int, raw: Mapping[str, Raw]) -> tuple[dict[str, Value], list[Fault]]:
    """Return a row's inputs by name, None where nothing stands, and what is wrong with them.

    Errors  ValueError for an input that the method does not have; TypeError for a float, and for an
            integer of tonnes, which could be milligrams.
    """
    for name in raw:
        if name not in card.inputs:
            raise ValueError(f"{card.name} has no input {name!r}; it has {', '.join(card.inputs)}")
    values: dict[str, Value] = {}
    faults: list[Fault] = []
    for name, one in card.inputs.items():
        values[name], found = _value(one, row, raw.get(name))
        faults += found
        if values[name] is None and not found and one.required:
            faults.append(fault(row, name, "Q201", heading=one.heading))
    return values, [*faults, *_choices(card, row, values, {one.name for one in faults})]


def _value(one: Input, row: int, raw: Raw) -> tuple[Value, list[Fault]]:
    if isinstance(raw, float | bool) or (isinstance(raw, int) and one.type == "t"):
        raise TypeError(f"{one.name} is {raw!r}; give a Decimal or the text of a number")
    text = fold(str(raw)) if isinstance(raw, str | int) else raw
    if text is None or text == "":
        return None, []
    if one.type in ("number", "percent", "t"):
        return _number(one, row, text)
    if one.words and isinstance(text, str):
        allowed = {key(word): word for word in one.words}
        if key(text) not in allowed:
            words = "、".join(one.words)
            return None, [fault(row, one.name, "Q212", heading=one.heading, value=text, words=words)]
        return allowed[key(text)], []
    return str(text), []


def _number(one: Input, row: int, raw: Decimal | str) -> tuple[Value, list[Fault]]:
    try:
        number = Decimal(raw)
    except InvalidOperation:
        number = Decimal("NaN")
    code, words = "", {"heading": one.heading, "value": str(raw)}
    if not number.is_finite():
        code, words = "Q219", {**words, "unit": one.unit or "个"}
    elif one.type == "percent" and not 0 <= number <= 100:
        code = "Q216"
    elif number < 0:
        code = "Q206"
    elif one.words and number not in map(Decimal, one.words):
        code, words = "Q212", {**words, "words": "、".join(one.words)}
    elif not in_range(one, number):
        code, words = "Q237", {**words, "range": range_of(one)}
    return (None, [fault(row, one.name, code, **words)]) if code else (number, [])


def in_range(one: Input, number: Decimal) -> bool:
    """Return whether a number lies in its input's range."""
    low = number > one.above if one.above is not None else number >= one.least
    return low and (one.most is None or number <= one.most)


def range_of(one: Input) -> str:
    """Return an input's range in words; "" where only negative numbers are out."""
    low = f"大于 {plain(one.above)}" if one.above is not None else f"不小于 {plain(one.least)}"
    if one.most is not None:
        return f"{low}、不大于 {plain(one.most)}"
    return low if one.above is not None or one.least else ""


def _choices(card: Card, row: int, values: Mapping[str, Value], faulty: set[str]) -> Iterator[Fault]:
    """Return what is wrong with a row where exactly one of several groups of inputs is to be filled."""
    if not card.one_of:
        return
    headings = {name: one.heading for name, one in card.inputs.items()}
    begun = [group for group in card.one_of if values[group[0]] is not None or group[0] in faulty]
    if not begun:
        choices = " 或 ".join("、".join(f"“{headings[name]}”" for name in group) for group in card.one_of)
        first = next(
            (group for group in card.one_of if any(values[name] is not None for name in group)), card.one_of[0]
        )
        yield fault(row, first[0], "Q231", heading=headings[first[0]], choices=choices)
        return
    for extra in begun[1:]:
        yield fault(
            row, extra[0], "Q306", heading=headings[extra[0]], why=f"已填“{headings[begun[0][0]]}”，两者只能填一"
        )
    for name in begun[0]:
        if values[name] is None and name not in faulty:
            yield fault(row, name, "Q305", heading=headings[name], why=f"填“{headings[begun[0][0]]}”")
