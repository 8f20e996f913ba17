"""One outlet and factor: which route counts in which quarter, and why.

The order is a parameter.  An outlet that must have online monitoring counts only valid online data, and
without them the coefficient method as if uncontrolled; that quarter by quarter, as online data are judged.

Source  TOTAL-2; HJ 1122-2020 §4.6
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from quota_lib.facts import Outlet
from quota_lib.periods import Quarter, quarter_of
from quota_lib.totals.estimates import (
    QUARTERS,
    Data,
    Estimate,
    as_if_uncontrolled,
    estimates_of,
    manual_of,
    weight,
    why_not,
)
from quota_lib.totals.fitting import WATER
from quota_lib.totals.manual import KINDS, Sampled
from quota_lib.totals.parts import Part
from quota_lib.totals.reading import COEFFICIENT, ONLINE, REPORT, ROUTES, SELF, SUPERVISORY, labels, order
from quota_lib.totals.year import OutletFactor

MANUAL = (SUPERVISORY, SELF)


class OutletAmount(NamedTuple):
    """One outlet and factor.  ``chosen`` (): nothing counts.  ``used``: the quarters of each route that counts."""

    outlet: Outlet
    factor: str
    required: bool  # must have online monitoring of the factor
    estimates: Mapping[str, Estimate]
    sampled: Mapping[str, Sampled]
    chosen: tuple[Part, ...]
    used: Mapping[str, tuple[int, ...]]
    reason: str

    @property
    def sewered(self) -> bool:
        return self.outlet.medium == WATER and bool(self.outlet.sewage_plant)

    @property
    def whole_year(self) -> bool:
        """Return whether something counts in every quarter."""
        return sum(len(numbers) for numbers in self.used.values()) == len(QUARTERS)

    @property
    def key(self) -> OutletFactor:
        return self.outlet.unit, self.outlet.outlet, self.factor


def outlet_amount(data: Data) -> OutletAmount:
    """Return what every route says of an outlet's year, and what counts."""
    manual = dict(manual_of(data))
    estimates = estimates_of(data, manual)
    picked = {quarter: _pick(data, estimates, quarter) for quarter in data.all_quarters}
    used: dict[str, tuple[int, ...]] = {}
    for quarter, route in picked.items():
        if route:
            used[route] = (*used.get(route, ()), quarter.number)
    return OutletAmount(
        outlet=data.outlet,
        factor=data.factor,
        required=data.required,
        estimates=estimates,
        sampled=manual,
        chosen=tuple(_parts(data, estimates, picked)),
        used=used,
        reason=_reason(data, estimates, used),
    )


# what counts


def _pick(data: Data, estimates: Mapping[str, Estimate], quarter: Quarter) -> str:
    """Return the route that counts in a quarter, "" for none."""
    online = ONLINE in estimates and not why_not(data, quarter)
    if data.required and data.reads("required_online") == "uncontrolled":
        if online:
            return ONLINE
        return COEFFICIENT if _has(estimates, COEFFICIENT) else ""
    usable = [
        route
        for route in order(data.year.rules, "order", data.year.end)
        if route != REPORT and (online if route == ONLINE else _has(estimates, route))
    ]
    first = usable[0] if usable else ""
    if first == ONLINE and not data.required and data.reads("manual_over_online") == "quarter":
        manual = [route for route in usable if route in MANUAL and _sampled_in(data, route, quarter)]
        return manual[0] if manual else first
    return first


def _has(estimates: Mapping[str, Estimate], route: str) -> bool:
    return route in estimates and bool(estimates[route].parts)


def _sampled_in(data: Data, route: str, quarter: Quarter) -> bool:
    return any(KINDS[one.kind] == route and quarter_of(one.date) == quarter for one in data.samples)


def _parts(data: Data, estimates: Mapping[str, Estimate], picked: Mapping[Quarter, str]) -> Iterator[Part]:
    """Return what counts: a route that counts in every quarter as it is, else by quarters."""
    routes = set(picked.values())
    if len(routes) == 1:
        route = routes.pop()
        yield from estimates[route].parts if route else ()
        return
    for quarter, route in picked.items():
        if route == ONLINE:
            yield next(part for part in estimates[ONLINE].parts if part.first == quarter.start)
        elif route:
            for part in estimates[route].parts:
                yield part.times(weight(data, quarter), quarter.start, quarter.end)


# why


def _reason(data: Data, estimates: Mapping[str, Estimate], used: Mapping[str, tuple[int, ...]]) -> str:
    lead = "应装自动监测，" if data.required else ""
    if not used:
        return lead + ("没有有效在线数据，也没有可用的产排污系数" if data.required else "没有可用的数据")
    clauses = [_clause(data, route, numbers, len(used) == 1) for route, numbers in used.items()]
    complete = sum(len(numbers) for numbers in used.values()) == len(data.all_quarters)
    missing = "" if complete else "；其余季度没有可用的数据"
    beside = tuple(route for route in ROUTES if _has(estimates, route) and route not in used)
    before = f"；优先于{labels(beside)}" if beside else ""
    return lead + "；".join(clauses) + missing + before


def _clause(data: Data, route: str, numbers: tuple[int, ...], alone: bool) -> str:
    when = "" if alone and len(numbers) == len(data.all_quarters) else f"第 {'、'.join(map(str, numbers))} 季度"
    if route == ONLINE:
        return f"{when}在线数据有效"
    first = data.all_quarters[numbers[0] - 1]
    why = "" if not data.quarters and not data.required else f"{why_not(data, first)}，" if why_not(data, first) else ""
    bare = "、视为没有治理" if route == COEFFICIENT and as_if_uncontrolled(data) else ""
    manual = "有手工监测，" if route in MANUAL and not why and data.quarters else ""
    return f"{when}{why}{manual}按{ROUTES[route]}{bare}"
