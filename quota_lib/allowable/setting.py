"""Next year's allowable: the method proposes, the bounds and the caps hold, the bureau's own figures stand.

In this order: (1) what each cap leaves, without the bureau's figures of plants that get a proposal; (2) the
method's wishes, held between 0 and what is permitted; (3) cut in proportion to what the zone's cap leaves, then
the park's; (4) the bureau's figures taken as they are, and the other proposals cut further only where both
together would exceed a cap.  So a figure that the bureau enters beside a proposal never raises another plant's,
and lowers it only where a cap demands it.

Source  TOTAL-3
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from quota_lib.allowable.facts import (
    PARK,
    AllowableInput,
    Allowables,
    Balance,
    Group,
    PlantAllowable,
    PlantFactor,
    Step,
)
from quota_lib.allowable.grouping import groups, refuse_twice
from quota_lib.allowable.limits import answers, bounded, fitted
from quota_lib.allowable.reading import Readings, readings
from quota_lib.allowable.registry import AllowableMethod, chosen
from quota_lib.allowable.room import Place, Room, rooms, taken_off
from quota_lib.allowable.saying import amount_step
from quota_lib.amounts import ZERO, Mass, text
from quota_lib.rules import Rules

Key = tuple[str, str]  # unit, factor
Proposals = dict[Key, tuple[Mass, tuple[Step, ...]]]


def allowables(given: AllowableInput, rules: Rules, day: date, method: str | None = None) -> Allowables:
    """Return next year's allowable of every plant and factor, and what each cap must carry.

    Shape   ``method``: a registered one by name, in place of the one in force on ``day``.
    Errors  RuleError for an unknown method or a missing number; MethodError for a method that does not
            answer as it must; ValueError for a plant and factor, a cap or an assessment that stands twice.
    """
    refuse_twice(given)
    used = chosen(rules, day, method)
    read = readings(rules, day)
    room, before = rooms(given, read), rooms(_without_overrides(given), read)
    proposals: Proposals = {}
    for group in groups(given, before, rules, day):
        proposals |= _proposed(used, group, rules, day)
    proposals = _within_caps(proposals, given, before, {}, "合计超过{where}可用限量，等比削减")
    overrides = {(one.unit, one.factor): one.override for one in given.plants if one.override is not None}
    proposals = _within_caps(proposals, given, room, overrides, "与局核定数合计超过{where}可用限量，等比削减")
    order = rules.factors.order
    plants = sorted(given.plants, key=lambda one: (one.unit, order.get(one.factor, -1), one.factor))
    taken = {(one.of.unit, one.factor): one.amount for one in taken_off(given, read) if isinstance(one.of, PlantFactor)}
    made = tuple(_result(one, proposals, taken.get((one.unit, one.factor), ZERO), read) for one in plants)
    places = sorted(room, key=lambda place: (place[0], order.get(place[1], -1), place[1]))
    return Allowables(
        used.card.name, used.card.label, made, tuple(_balance(place, room[place], made) for place in places)
    )


def _without_overrides(given: AllowableInput) -> AllowableInput:
    """Return the facts without the bureau's figures of plants that a method proposes for as well."""
    plants = (one if one.permitted is None or not one.listed else one._replace(override=None) for one in given.plants)
    return given._replace(plants=tuple(plants))


def _proposed(used: AllowableMethod, group: Group, rules: Rules, day: date) -> Proposals:
    """Return what the method would give, held between 0 and what is permitted."""
    wishes = answers(used.card.name, group, used.function(group, rules, day))
    return {(one.unit, group.factor): bounded(wishes[one.unit], one.most) for one in group.plants}


def _within_caps(
    proposals: Proposals, given: AllowableInput, room: Mapping[Place, Room], fixed: Mapping[Key, Mass], label: str
) -> Proposals:
    """Return proposals that every zone's cap, then the park's, has room for beside what is fixed."""
    zone_of = {(one.unit, one.factor): one.zone for one in given.plants}
    made = dict(proposals)
    for park in (False, True):
        parts: dict[Place, list[Key]] = defaultdict(list)
        for key in (*sorted(made), *sorted(set(fixed) - set(made))):
            parts[(PARK if park else zone_of[key], key[1])].append(key)
        for place, keys in sorted(parts.items()):
            left = _left(room[place], sum(fixed.get(key, 0) for key in keys))
            made |= _cut({key: made[key] for key in keys if key not in fixed}, left, label.format(where=_name(place)))
    return made


def _left(room: Room, fixed: int) -> int | None:
    return None if room.available is None else room.available - fixed


def _cut(proposals: Proposals, left: int | None, label: str) -> Proposals:
    """Return one place's proposals cut to what is left, each cut with its step."""
    amounts = {unit: amount for (unit, _), (amount, _) in proposals.items()}
    new, whole = fitted(amounts, left), sum(amounts.values())
    made: Proposals = {}
    for key, (amount, steps) in proposals.items():
        cut = new[key[0]]
        if left is not None and whole > max(left, 0):
            formula = f"{text(amount)} × {text(max(left, 0))} ÷ {text(whole)}"
            steps = (*steps, amount_step(label, formula, cut))
        made[key] = (cut, steps)
    return made


def _result(plant: PlantFactor, proposals: Proposals, taken: Mass, read: Readings) -> PlantAllowable:
    proposed, steps = proposals.get((plant.unit, plant.factor), (None, ()))
    if plant.override is not None:
        steps = (*steps, amount_step("局核定的下年度允许排放量（以此为准）", "总量复核", plant.override))
    return PlantAllowable(
        unit=plant.unit,
        zone=plant.zone,
        factor=plant.factor,
        permitted=plant.permitted,
        proposed=proposed,
        override=plant.override,
        next=proposed if plant.override is None else plant.override,
        taken=taken,
        steps=steps,
        notes=tuple(_notes(plant, read)),
    )


def _notes(plant: PlantFactor, read: Readings) -> Iterator[str]:
    if plant.permitted is None:
        yield _without_permit(plant, read)
    elif not plant.listed:
        yield "不在总量管理名单" + ("" if plant.override is not None else "，不核定，从限量中扣除")
    elif plant.actual is None:
        yield "没有核定实际排放量"
    if plant.gone:
        yield f"年末以后收回或冲正 {text(plant.gone)} t，不再分配"
    if above_permitted(plant.override, plant.permitted):
        yield f"局核定 {text(plant.override or 0)} t 高于许可 {text(plant.permitted or 0)} t"


def above_permitted(override: Mass | None, permitted: Mass | None) -> bool:
    """Return whether the bureau's figure is above what is permitted; at it, it is not."""
    return override is not None and permitted is not None and override > permitted


def _without_permit(plant: PlantFactor, read: Readings) -> str:
    if plant.override is not None:
        return "没有许可总量"
    if read.no_permit == "nothing":
        return "没有许可总量，不核定，不从限量中扣除"
    if plant.actual is None:
        return "没有许可总量，也没有核定实际排放量，不核定，无从扣除"
    return "没有许可总量，不核定，按核定实际排放量从限量中扣除"


def _balance(place: Place, room: Room, plants: tuple[PlantAllowable, ...]) -> Balance:
    zone, factor = place
    total = sum(one.next or 0 for one in plants if one.factor == factor and zone in (PARK, one.zone))
    headroom = _left(room, total)
    short = Mass(max(-(headroom or 0), 0))
    return Balance(
        zone=zone,
        factor=factor,
        cap=room.cap,
        reserved=room.reserved,
        approved=room.approved,
        unlisted=room.unlisted,
        unpermitted=room.unpermitted,
        ended=room.ended,
        available=room.available,
        total=Mass(total),
        headroom=headroom,
        short=short,
        words=_balance_words(room, total, short),
    )


def _balance_words(room: Room, total: int, short: Mass) -> str:
    if room.available is None:
        return "未设限量，不受限制"
    if not short:
        return f"可用 {text(room.available)} t，核定合计 {text(total)} t，余 {text(room.available - total)} t"
    if room.available < 0 and not total:
        why = "预留、已批未投运、名单外和无许可总量已超过限量"
    else:
        why = f"可用 {text(room.available)} t，局核定数合计 {text(total)} t"
    return f"限量无法满足，超出 {text(short)} t：{why}"


def _name(place: Place) -> str:
    return "全园区" if place[0] == PARK else "功能区"
