"""The same figures where they should differ: in two outlets, in two plants, in two years.

Source  SAFE-4
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from quota_lib.amounts import text
from quota_lib.findings import Seen
from quota_lib.plausibility.facts import Declared, Series
from quota_lib.plausibility.registry import Asked, plausibility_check


@plausibility_check("W564")
def same_series_twice(asked: Asked) -> Iterator[Seen]:
    """Two outlets, or two factors of one, have the same hourly values all year."""
    least = asked.rules.count("plausibility.series_values", asked.day)
    groups: dict[tuple[str, str], list[Series]] = defaultdict(list)
    for one in asked.facts.series:
        if one.nonzero >= least:
            groups[(one.what, one.digest)].append(one)
    for (what, _), found in sorted(groups.items()):
        ordered = sorted(found, key=lambda one: one.order)
        for one in ordered:
            others = [f"{x.unit} {x.outlet} {asked.label(x.factor)}" for x in ordered if x.order != one.order]
            if others:
                words = {"unit": one.unit, "outlet": one.outlet, "factor": asked.label(one.factor), "what": what}
                yield Seen(
                    one.zone,
                    one.unit,
                    "",
                    one.factor,
                    {**words, "values": one.nonzero, "others": "、".join(others)},
                    one.at,
                )


@plausibility_check("W567")
def identical_in_two_plants(asked: Asked) -> Iterator[Seen]:
    """Two plants declare the same actual amount of a factor, to the milligram."""
    groups: dict[tuple[str, int], list[Declared]] = defaultdict(list)
    for one in asked.facts.declared_now:
        groups[(one.factor, one.actual)].append(one)
    least = asked.rules.count("plausibility.identical_digits", asked.day)
    for one in asked.facts.declared_now:
        others = [other.unit for other in groups[(one.factor, one.actual)] if other.unit != one.unit]
        if others and digits(one.actual) >= least:
            yield _same(asked, one, others="、".join(others))


@plausibility_check("W568")
def identical_to_the_year_before(asked: Asked) -> Iterator[Seen]:
    """A plant declares the same actual amount as the year before, to the milligram."""
    least = asked.rules.count("plausibility.identical_digits", asked.day)
    earlier = asked.facts.declared_before
    for one in asked.facts.declared_now:
        before = earlier.get((one.unit, one.factor))
        if before and before.actual == one.actual and digits(one.actual) >= least:
            yield _same(asked, one, before=before.year)


def digits(amount: int) -> int:
    """Return how many significant digits an amount has; 0 has none.

    >>> digits(0), digits(1_200_000_000), digits(1_204_000)
    (0, 2, 4)
    """
    return len(str(amount).strip("0"))


def _same(asked: Asked, one: Declared, **words: object) -> Seen:
    words |= {"factor": asked.label(one.factor), "amount": text(one.actual), "year": one.year}
    return Seen(one.zone, one.unit, "", one.factor, words, one.at)
