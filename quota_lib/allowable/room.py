"""What a cap leaves to share out: less what is reserved, approved and not yet running, of unlisted plants, without a permit.

Every tonne is taken off at most once.  What counts where, of one plant and factor:

approved and not yet running, ``in_permitted``: in 已批未投运, at most what is permitted beside the bureau's
    figure; it is left out of what a method may give (grouping.py) and of what an unlisted plant is said to hold.
    The bureau's figure, like a proposal, is for what runs: what is approved stands beside it as far as the
    permitted amount reaches; beyond that, the figure has it in it.
approved and not yet running, not in the permitted amount (agreed after the year's end, running or not, or waiting): in
    已批未投运, whole.
a plant with the bureau's figure, listed or not: by that figure, among the allowables.
a listed plant: by its proposal, among the allowables.
an unlisted plant: in 名单外, by what it is permitted (less what of it is approved and not yet running, or went
    back after the year's end) or, by the reading ``allowable.unlisted``, by its verified actual, which what does
    not run has no part in.
a plant without any permitted figure: in 无许可总量, by its verified actual (``allowable.no_permit``).

A project that will not run (关停, 不再建设) keeps what it holds until it is recovered (RESERVE-4), so it stays in
已批未投运; by the other reading of ``allowable.ended`` the cap has that room back.  Its plant gets it in neither.

Source  TOTAL-3
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from quota_lib.allowable.facts import APPROVED, NO_PERMIT, PARK, UNLISTED, AllowableInput, Cap, Held, PlantFactor
from quota_lib.allowable.reading import Readings
from quota_lib.amounts import ZERO, Mass

Place = tuple[str, str]  # zone ("" the park), factor
ENDED = "不再投运"


class Taken(NamedTuple):
    """An amount that is taken off a cap before anything is shared out, and the fact that it stands on."""

    kind: str
    zone: str
    factor: str
    amount: Mass
    of: Held | PlantFactor


class Room(NamedTuple):
    """A cap and what is taken off it; ``cap`` and ``available`` None: no cap, no limit.  ``ended`` is part of ``approved``."""

    cap: Mass | None
    reserved: Mass
    approved: Mass
    unlisted: Mass
    unpermitted: Mass
    ended: Mass

    @property
    def available(self) -> int | None:
        if self.cap is None:
            return None
        return self.cap - self.reserved - self.approved - self.unlisted - self.unpermitted


def rooms(given: AllowableInput, readings: Readings) -> dict[Place, Room]:
    """Return what there is of every zone and factor that any fact names, and of the park for each of the factors."""
    caps = {(one.zone, one.factor): one for one in given.caps}
    sums = _sums(taken_off(given, readings))
    named = {(one.zone, one.factor) for one in given.plants} | {(one.zone, one.factor) for one in given.held}
    named |= set(caps)
    places = named | {(PARK, factor) for _, factor in named}
    return {
        place: Room(
            caps[place].cap if place in caps else None,
            _reserved(place, caps, readings.park_reserved),
            *(Mass(sums[(kind, *place)]) for kind in (APPROVED, UNLISTED, NO_PERMIT, ENDED)),
        )
        for place in sorted(places)
    }


def taken_off(given: AllowableInput, readings: Readings) -> Iterator[Taken]:
    """Return everything that is taken off the caps, each tonne once; amounts of 0 too, so that they can be asked for."""
    beside = {
        (one.unit, one.factor): max(one.permitted - (one.override or 0), 0)
        for one in given.plants
        if one.permitted is not None
    }
    idle: dict[Place, int] = defaultdict(int)
    for held in sorted(given.held):
        key, amount = (held.unit, held.factor), held.amount
        inside = held.in_permitted and key in beside
        idle[key] += amount if inside else 0
        if held.ended and readings.ended == "freed":
            amount = ZERO
        elif inside:
            amount = min(amount, Mass(beside[key]))
            beside[key] -= amount
        yield Taken(held.kind, held.zone, held.factor, amount, held)
    for plant in given.plants:
        kind, amount = _of_plant(plant, idle[(plant.unit, plant.factor)], readings)
        if kind:
            yield Taken(kind, plant.zone, plant.factor, amount, plant)


def _of_plant(plant: PlantFactor, idle: int, readings: Readings) -> tuple[str, Mass]:
    """Return what a plant takes off the cap, and as what; nothing ("") where its allowable counts instead."""
    if plant.override is not None:
        return "", ZERO
    if plant.permitted is None:
        return NO_PERMIT, plant.actual or ZERO if readings.no_permit == "actual" else ZERO
    if plant.listed:
        return "", ZERO
    if readings.unlisted == "actual" and plant.actual is not None:
        return UNLISTED, plant.actual
    return UNLISTED, Mass(max(plant.permitted - idle - plant.gone, 0))


def _sums(taken: Iterable[Taken]) -> Mapping[tuple[str, str, str], int]:
    """Return the sums by kind, zone and factor, and of the park; of 已批未投运 also what will not run."""
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for one in taken:
        ended = isinstance(one.of, Held) and one.of.ended
        for kind in (one.kind, ENDED) if ended else (one.kind,):
            for place in {one.zone, PARK}:
                found[(kind, place, one.factor)] += one.amount
    return found


def _reserved(place: Place, caps: Mapping[Place, Cap], park_reserved: str) -> Mass:
    own = caps[place].reserved if place in caps else ZERO
    if place[0] != PARK or park_reserved == "own":
        return own
    zones = sum(one.reserved for one in caps.values() if one.factor == place[1] and one.zone != PARK)
    return max(own, Mass(zones))
