"""What each route says of one outlet and factor: online, samples, computed inputs, whatever the data allow.

Source  TOTAL-2 结合在线数据、监督监测数据、自行监测数据及物料衡算、产排污系数等核算方法
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from quota_lib.facts import Outlet, Sample
from quota_lib.periods import Quarter, quarter_of
from quota_lib.totals.computed import Computed
from quota_lib.totals.fitting import WATER
from quota_lib.totals.manual import KINDS, Sampled, hourly_load, names_an_hour, sampled
from quota_lib.totals.online import MG_PER_KG, Online, OnlineQuarter, operating, unusable
from quota_lib.totals.parts import Part
from quota_lib.totals.reading import COEFFICIENT, ONLINE, word
from quota_lib.totals.water import Water, said_of_water, water
from quota_lib.totals.year import OutletFactor, Year

QUARTERS = (1, 2, 3, 4)
NG_PER_MG = 10**6


class Estimate(NamedTuple):
    """What one route says of an outlet's year.  ``parts`` (): data are there and do not suffice, see ``note``.

    ``water``: where online data's volume is from, for what is converted to 外排环境量; ``stated``: some of it, or all
    of another route's, from 排放口年度.
    """

    route: str
    parts: tuple[Part, ...]
    note: str
    water: str = ""
    stated: bool = True


class Data(NamedTuple):
    """What there is of one outlet and factor."""

    year: Year
    outlet: Outlet
    factor: str
    samples: tuple[Sample, ...]
    quarters: Mapping[Quarter, OnlineQuarter]
    online: Online
    computed: Mapping[str, Computed]

    @property
    def key(self) -> OutletFactor:
        return self.outlet.unit, self.outlet.outlet, self.factor

    @property
    def water(self) -> bool:
        return self.outlet.medium == WATER

    @property
    def required(self) -> bool:
        return self.factor in self.outlet.monitored

    @property
    def all_quarters(self) -> list[Quarter]:
        return [Quarter(self.year.year, number) for number in QUARTERS]

    def reads(self, name: str) -> str:
        return word(self.year.rules, name, self.year.end)


def estimates_of(data: Data, manual: Mapping[str, Sampled]) -> dict[str, Estimate]:
    """Return what each route says, by route."""
    return {one.route: one for one in (*_online(data), *_of_samples(data, manual), *_of_inputs(data))}


def manual_of(data: Data) -> Iterator[tuple[str, Sampled]]:
    """Return what the samples of each kind come to, by route."""
    rules, day = data.year.rules, data.year.end
    known = data.year.outlet_years.get((data.outlet.unit, data.outlet.outlet))
    share = rules.ratio("annual.detection_share", day)
    first = data.reads("manual_volume") == "water_volume"
    for kind, route in KINDS.items():
        own = [one for one in data.samples if one.kind == kind]
        if own:
            yield route, sampled(own, known, (data.year.start, data.year.end), share, data.water, first)


def _of_samples(data: Data, manual: Mapping[str, Sampled]) -> Iterator[Estimate]:
    lacks = "缺年排放时间或年排水量" if data.water else "缺年排放时间"
    for route, one in manual.items():
        undetected = f"，其中未检出 {one.undetected} 次" if one.undetected else ""
        counted = f"{one.number} 次监测{undetected}"
        if one.part:
            yield Estimate(route, (one.part,), counted)
        else:
            yield Estimate(route, (), f"{counted}，{lacks}，不能推算全年")


def _of_inputs(data: Data) -> Iterator[Estimate]:
    days = (data.year.start, data.year.end)
    known = data.year.outlet_years.get((data.outlet.unit, data.outlet.outlet))
    water = known.water_volume if known and data.water else None
    volume = None if water is None else Fraction(water)
    for method, one in data.computed.items():
        amount, note = one.organised, f"{one.computation.label}，版本 {one.computation.edition or '—'}"
        if method == COEFFICIENT and as_if_uncontrolled(data):
            amount, note = one.organised_uncontrolled, f"{note}，视为没有治理"
        if one.computation.faults or amount is None:
            yield Estimate(method, (), f"{one.computation.label}的输入有错误或结果为负")
        else:
            yield Estimate(method, (Part(method, *days, Fraction(amount), volume),), note)


def as_if_uncontrolled(data: Data) -> bool:
    """Return whether the outlet must have online monitoring and lacks valid data in some quarter."""
    reading = data.reads("required_online")
    return data.required and reading == "uncontrolled" and any(why_not(data, one) for one in data.all_quarters)


def _online(data: Data) -> Iterator[Estimate]:
    if not data.quarters:
        return
    good = [quarter for quarter in sorted(data.quarters) if not why_not(data, quarter)]
    waters = {quarter: _water(data, quarter) for quarter in good if data.water}
    parts = tuple(_online_part(data, data.quarters[quarter], waters.get(quarter)) for quarter in good)
    bad: dict[str, list[str]] = {}
    for quarter in data.all_quarters:
        if why := why_not(data, quarter):
            bad.setdefault(why, []).append(str(quarter.number))
    notes = [f"第 {'、'.join(numbers)} 季度不可用：{why}" for why, numbers in bad.items()]
    hours = sum(len(_by_hour(data, quarter)) for quarter in data.all_quarters)
    sampled_hours = f"；{hours} 个采样小时以手工监测为准" if hours else ""
    dates = sum(not names_an_hour(one) for one in data.samples) if _prevail_by_hour(data) else 0
    sampled_hours += f"；{dates} 次采样只有日期、没有钟点（日期单元格的零点也分不出），不代替在线数据" if dates else ""
    said = said_of_water({quarter.number: one for quarter, one in waters.items()})
    stated = any(one.source == "stated" for one in waters.values())
    yield Estimate(ONLINE, parts, ("；".join(notes) or "四个季度均有效") + sampled_hours, said, stated)


def why_not(data: Data, quarter: Quarter) -> str:
    """Return why online data do not count in a quarter; "" where they do."""
    return unusable(data.quarters.get(quarter), data.online.barred.get(data.key))


def _online_part(data: Data, one: OnlineQuarter, water: Water | None) -> Part:
    """Return a quarter; manual samples change the load of their hours, and so of their days."""
    changed = _sampled_hours(data, one.quarter)
    days = [Fraction(amount, NG_PER_MG) for amount in one.days]
    for hour, difference in changed.items():
        if days:
            days[(hour.date() - one.quarter.start).days] += difference
    load = Fraction(one.computed or 0) + sum(changed.values(), Fraction(0))
    volume, by_day = (water.volume, water.by_day) if water else (None, ())
    return Part(ONLINE, one.quarter.start, one.quarter.end, load, volume, tuple(days), by_day)


def _water(data: Data, quarter: Quarter) -> Water:
    """Return the water of a quarter: as measured, else its share of what 排放口年度 says."""
    outlet, rules, day = (data.outlet.unit, data.outlet.outlet), data.year.rules, data.year.end
    known = data.year.outlet_years.get(outlet)
    of_year = known.water_volume if known else None
    stated = None if of_year is None else Fraction(of_year) * weight(data, quarter)
    least = rules.ratio("annual.online_water_least", day)
    return water(data.online.volumes.get((*outlet, quarter)), stated, least, data.reads("online_water_rest"))


def _by_hour(data: Data, quarter: Quarter) -> dict[datetime, list[Fraction]]:
    """Return what manual samples say of the hours in which they prevail over online data, mg; a bare date names none."""
    if not _prevail_by_hour(data):
        return {}
    share = data.year.rules.ratio("annual.detection_share", data.year.end)
    found: dict[datetime, list[Fraction]] = {}
    for one in data.samples:
        hour = datetime(one.date.year, one.date.month, one.date.day, one.date.hour)
        if names_an_hour(one) and quarter_of(one.date) == quarter and (*data.key, hour) in data.online.hours:
            found.setdefault(hour, []).append(hourly_load(one, share, data.water))
    return found


def _prevail_by_hour(data: Data) -> bool:
    return not data.required and data.reads("manual_over_online") == "hour"


def _sampled_hours(data: Data, quarter: Quarter) -> dict[datetime, Fraction]:
    """Return by how much the manual data of a quarter's hours differ from the online data, mg."""
    return {
        hour: sum(loads, Fraction(0)) / len(loads) - Fraction(data.online.hours[(*data.key, hour)]) * MG_PER_KG
        for hour, loads in _by_hour(data, quarter).items()
    }


def weight(data: Data, quarter: Quarter) -> Fraction:
    """Return a quarter's share of the year: by hours in operation where online data tell, else by days."""
    hours = {one: operating(row) for one, row in data.quarters.items()}
    whole = sum(hours.values(), Fraction(0))
    if len(hours) == len(data.all_quarters) and whole:
        return hours[quarter] / whole
    return Fraction((quarter.end - quarter.start).days + 1, (data.year.end - data.year.start).days + 1)
