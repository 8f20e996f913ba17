"""按限量等比分配: what the cap leaves, in proportion to what each plant is permitted.

Source  TOTAL-3
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from quota_lib.allowable.dividing import divide
from quota_lib.allowable.facts import Group, Wish
from quota_lib.allowable.registry import allowable_method
from quota_lib.allowable.saying import amount_step, goal_step
from quota_lib.amounts import text
from quota_lib.rules import Rules


@allowable_method("proportional")
def proportional(group: Group, rules: Rules, day: date) -> Iterator[Wish]:
    """Return each plant's share of what may be shared out, by what it is permitted."""
    most = {plant.unit: plant.most for plant in group.plants}
    shares = divide(group.goal, most, most)
    whole = sum(most.values())
    for plant in group.plants:
        yield Wish(
            plant.unit,
            shares[plant.unit],
            (
                goal_step(group),
                amount_step(
                    "按许可排放量分得",
                    f"{text(group.goal)} × {text(plant.most)} ÷ {text(whole)}",
                    shares[plant.unit],
                ),
            ),
        )
