"""What holds whichever method runs: nobody above permitted, nothing below zero, no cap exceeded.

Source  TOTAL-3
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from quota_lib.allowable.dividing import divide
from quota_lib.allowable.facts import Group, Step, Wish
from quota_lib.allowable.saying import amount_step
from quota_lib.amounts import Mass, text


class MethodError(Exception):
    """A method did not answer as it must: a plant left out, asked twice or unknown, or not whole milligrams."""


def answers(name: str, group: Group, wishes: Iterable[Wish]) -> dict[str, Wish]:
    """Return a method's wishes by plant: one for each plant of the group.

    Errors  MethodError
    """
    found: dict[str, Wish] = {}
    for wish in wishes:
        if type(wish.amount) is not int:
            raise MethodError(f"{name} gives {wish.unit} {wish.amount!r}, which is not whole milligrams.")
        if wish.unit in found:
            raise MethodError(f"{name} answers twice for {wish.unit}.")
        found[wish.unit] = wish
    if set(found) != {plant.unit for plant in group.plants}:
        wrong = sorted(set(found) ^ {plant.unit for plant in group.plants})
        raise MethodError(f"{name} must answer for each plant of {group.zone} {group.factor} once: {', '.join(wrong)}.")
    return found


def bounded(wish: Wish, most: Mass) -> tuple[Mass, tuple[Step, ...]]:
    """Return a wish held between 0 and what is permitted, with the step that says so where it was not."""
    amount = Mass(min(max(wish.amount, 0), most))
    if amount == wish.amount:
        return amount, wish.steps
    return amount, (
        *wish.steps,
        amount_step("不低于零、不超过许可", f"min(max({text(wish.amount)}, 0), {text(most)})", amount),
    )


def fitted(amounts: Mapping[str, int], room: int | None) -> dict[str, Mass]:
    """Return the amounts if there is room for them all, else cut in proportion so that they fill the room exactly.

    Shape   ``room`` None: no limit; below 0: nothing is left for anybody.
    """
    if room is None or sum(amounts.values()) <= room:
        return {name: Mass(amount) for name, amount in amounts.items()}
    return divide(max(room, 0), amounts, amounts)
