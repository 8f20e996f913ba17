"""The proof of a card: its worked examples come out.

Source  TOTAL-3
"""

from __future__ import annotations

from collections.abc import Iterator

from quota_lib.allowable.registry import ALLOWABLE_METHODS
from quota_lib.allowable.setting import allowables
from quota_lib.amounts import text
from quota_lib.rules import Rules


def faults_of_examples(name: str, rules: Rules) -> list[str]:
    """Return what does not come out in a method's worked examples; a card without any is a fault itself."""
    if not ALLOWABLE_METHODS[name].card.examples:
        return [f"{name}: the card has no worked example"]
    return list(_faults(name, rules))


def _faults(name: str, rules: Rules) -> Iterator[str]:
    for example in ALLOWABLE_METHODS[name].card.examples:
        made = allowables(example.given, rules, example.day, name)
        got = {one.unit: one.next for one in made.plants if one.next is not None}
        for unit in sorted({*got, *example.expect}):
            if got.get(unit) != example.expect.get(unit):
                values = [text(found[unit]) if unit in found else "nothing" for found in (got, dict(example.expect))]
                yield f"{name}: {example.title}: {unit} gets {values[0]}, not {values[1]}"
        short = {one.zone: one.short for one in made.balances if one.short}
        if short != {zone: amount for zone, amount in example.short.items() if amount}:
            yield f"{name}: {example.title}: the caps are short by {short}, not {dict(example.short)}"
