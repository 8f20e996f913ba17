"""What a cap leaves to share out: less what is reserved, approved and not yet running, and of unlisted plants.

Source  TOTAL-3
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from quota_lib.allowable.facts import APPROVED, PARK, UNLISTED, AllowableInput, Cap, PlantFactor
from quota_lib.amounts import ZERO, Mass

Place = tuple[str, str]  # zone ("" the park), factor


class Room(NamedTuple):
    """A cap and what is taken off it; ``cap`` and ``available`` None: no cap, no limit."""

    cap: Mass | None
    reserved: Mass
    approved: Mass
    unlisted: Mass

    @property
    def available(self) -> int | None:
        return None if self.cap is None else self.cap - self.reserved - self.approved - self.unlisted


def rooms(given: AllowableInput, unlisted_by: str, park_reserved: str) -> dict[Place, Room]:
    """Return what there is of every zone and factor that any fact names, and of the park for each of the factors."""
    caps = {(one.zone, one.factor): one for one in given.caps}
    approved, unlisted = _spoken_for(given, unlisted_by)
    named = {(one.zone, one.factor) for one in given.plants}
    named |= {(one.zone, one.factor) for one in given.held} | set(caps)
    places = named | {(PARK, factor) for _, factor in named}
    return {
        place: Room(
            caps[place].cap if place in caps else None,
            _reserved(place, caps, park_reserved),
            Mass(approved[place]),
            Mass(unlisted[place]),
        )
        for place in sorted(places)
    }


def held_by_unlisted(plant: PlantFactor, unlisted_by: str) -> Mass:
    """Return what an unlisted plant takes off the cap; nothing where the bureau gave it a figure, which counts itself."""
    if plant.listed or plant.override is not None:
        return ZERO
    return plant.actual if unlisted_by == "actual" and plant.actual is not None else plant.permitted


def _spoken_for(given: AllowableInput, unlisted_by: str) -> tuple[Mapping[Place, int], Mapping[Place, int]]:
    found: dict[str, dict[Place, int]] = {APPROVED: defaultdict(int), UNLISTED: defaultdict(int)}
    amounts = [(one.kind, one.zone, one.factor, one.amount) for one in given.held]
    amounts += [(UNLISTED, one.zone, one.factor, held_by_unlisted(one, unlisted_by)) for one in given.plants]
    for kind, zone, factor, amount in amounts:
        for place in {(zone, factor), (PARK, factor)}:
            found[kind][place] += amount
    return found[APPROVED], found[UNLISTED]


def _reserved(place: Place, caps: Mapping[Place, Cap], park_reserved: str) -> Mass:
    own = caps[place].reserved if place in caps else ZERO
    if place[0] != PARK or park_reserved == "own":
        return own
    zones = sum(one.reserved for one in caps.values() if one.factor == place[1] and one.zone != PARK)
    return max(own, Mass(zones))
