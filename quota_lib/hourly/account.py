"""The account of a year: each series judged, in the order of the tables, and what a person should know of it.

Source  TOTAL-2; contract §5, online
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import numpy as np

from quota_lib.hourly.calibrations import NOTHING, Kept, complaint, doubts, ruled_out
from quota_lib.hourly.capture import capture, exceeds
from quota_lib.hourly.emission import kilograms, milligrams
from quota_lib.hourly.faults import Faults
from quota_lib.hourly.findings import Places, findings, percent
from quota_lib.hourly.flags import NORMAL, STOPPED
from quota_lib.hourly.flows import Flows, Volume
from quota_lib.hourly.grid import grid_of
from quota_lib.hourly.intake import File, Intake
from quota_lib.hourly.judging import Judged, Series, at_intervals, judge, without_history
from quota_lib.hourly.limits import BY_FLAG, WATER, Limits, interval_of
from quota_lib.hourly.replaced import compact
from quota_lib.hourly.results import Hourly, Key, OnlineQuarter, OnlineYear, Substituted, Substitutions
from quota_lib.hourly.shape import digest_of, flat_of
from quota_lib.hourly.span import Span
from quota_lib.hourly.store import GROUP
from quota_lib.periods import Quarter
from quota_lib.rules import Rules


class Account:
    """What all series come to."""

    def __init__(
        self,
        span: Span,
        limits: Limits,
        rules: Rules,
        files: Sequence[File],
        faults: Faults,
        calibrations: Mapping[Key, Kept],
        wanted: Collection[tuple[str, str, str, datetime]],
    ) -> None:
        self.span, self.limits, self.rules, self.faults = span, limits, rules, faults
        self.places = Places(files, span)
        self.calibrations = calibrations
        self.wanted: dict[Key, list[datetime]] = defaultdict(list)
        for *key, time in wanted:
            self.wanted[(key[0], key[1], key[2])].append(time)
        self.quarters: dict[Key, list[OnlineQuarter]] = {}
        self.years: dict[Key, OnlineYear] = {}
        self.parts: dict[Key, Substituted] = {}
        self.hours: dict[tuple[str, str, str, datetime], Decimal] = {}
        self.flows: dict[tuple[str, str], Flows] = {}

    def of(self, intake: Intake) -> Hourly:
        """Return the account of everything that was taken in."""
        for series in self._series(intake):
            interval = 1
            if series.medium == WATER:
                interval = interval_of(self.rules, self.span.year, *series.key)
            whole = self._calibrated(without_history(at_intervals(series, interval), self.span))
            kept = self.calibrations.get(series.key, NOTHING)
            self._enter(judge(whole, self.span, self.limits, kept.passed))
        ordered = sorted(self.years, key=lambda key: (*key[:2], self.rules.factors.order[key[2]]))
        return Hourly(
            [one for key in ordered for one in self.quarters[key]],
            [self.years[key] for key in ordered],
            Substitutions(self.span, [self.parts[key] for key in ordered]),
            sorted(set(self.faults.problems()), key=lambda one: one.order),
            self._volumes(),
            self.hours,
        )

    def _series(self, intake: Intake) -> Iterator[Series]:
        """Return the series that have a row of the year, group by group."""
        for group in intake.store.groups():
            keys = intake.keys[group * GROUP : (group + 1) * GROUP]
            grid, twice = grid_of(intake.store.read(group), len(keys), self.span.length)
            if twice is not None:
                self.places.note_twice(twice, self.faults)
            for number, key in enumerate(keys):
                if grid.row[number, self.span.own :].any():
                    medium = intake.media[group * GROUP + number]
                    yield Series(key, medium, *(one[number] for one in grid))

    def _calibrated(self, series: Series) -> Series:
        """Return a series without the hours that failed calibrations rule out, and note those."""
        reading, kept = self.limits.failed_calibration, self.calibrations.get(series.key, NOTHING)
        found = list(doubts(kept, series.status, self.span, reading))
        for one in found:
            self.faults.note(complaint(one, self.span, reading, self.rules.factors.label(series.key[2])))
        return series if reading == BY_FLAG else series._replace(status=ruled_out(series.status, found))

    def _enter(self, one: Judged) -> None:
        key, new = one.series.key, one.replaced
        self.quarters[key] = list(self._quarters(one))
        self.years[key] = self._year(one)
        given = ~np.isnan(one.series.concentration[new.hour] * one.series.flow[new.hour])
        self.parts[key] = Substituted(key, one.series.status[new.hour], one.emission[new.hour], given, compact(new))
        if key in self.wanted:
            self.hours.update(self._hours(one))
        if one.series.medium == WATER:
            self._add_flow(one.series)
        label = self.rules.factors.label(key[2])
        for problem in findings(one, self.quarters[key], self.years[key], self.places, self.span, label):
            self.faults.note(problem)

    def _quarters(self, one: Judged) -> Iterator[OnlineQuarter]:
        taken = one.replaced.hour[one.series.status[one.replaced.hour] == NORMAL]  # of invalid days of water
        for number, (quarter, first, after) in enumerate(self.span.quarters):
            count, amount, replaced = one.counts[number], one.computed[number], one.substituted[number]
            normal = count.valid - int(np.count_nonzero((taken >= first) & (taken < after)))
            missing = count.hours - normal - replaced - count.stopped
            share = capture(count)
            least = self.limits.capture(one.series.medium)
            why = "" if amount is not None else f"{quarter} 有效捕集率 {percent(share)}，低于 {percent(least)}"
            yield OnlineQuarter(
                *one.series.key,
                quarter,
                normal,
                replaced,
                count.stopped,
                missing,
                share,
                milligrams(one.as_given[number]),
                None if amount is None else milligrams(amount),
                amount is not None,
                why,
                one.days[number] if amount is not None else (),
            )

    def _year(self, one: Judged) -> OnlineYear:
        invalid, stopped = sum(count.invalid for count in one.counts), sum(count.stopped for count in one.counts)
        line = self.limits.year_missing
        barred = one.series.key[2] in self.limits.year_factors and exceeds(invalid, self.span.hours, line)
        why = f"全年缺失 {invalid} 小时，超过 {self.span.hours} 小时的 {percent(line)}" if barred else ""
        own = slice(self.span.own, None)
        values, status = one.series.concentration[own], one.series.status[own]
        flat = flat_of(np.where(status == NORMAL, values, np.nan))
        emission = np.where(status == NORMAL, one.emission[own], -1)
        most = int(emission.argmax())
        return OnlineYear(
            *one.series.key,
            one.series.medium,
            self.span.hours,
            stopped,
            invalid,
            not barred,
            why,
            self.places.rows(one.series.row[own]),
            digest_of(values),
            int((values > 0).sum()),
            flat.hours,
            self.span.time(self.span.own + flat.start) if flat.hours else None,
            f"{values[flat.start]:.15g}" if flat.hours else "",
            milligrams(max(int(emission[most]), 0)),
            self.span.time(self.span.own + most) if emission[most] >= 0 else None,
        )

    def _hours(self, one: Judged) -> Iterator[tuple[tuple[str, str, str, datetime], Decimal]]:
        """Return the emission of the hours that were asked for, of usable quarters and where there is one."""
        usable = {quarter: able for (quarter, _, _), able in zip(self.span.quarters, one.usable, strict=True)}
        new = dict(zip(one.replaced.hour.tolist(), one.replaced.amount.tolist(), strict=True))
        for time in self.wanted[one.series.key]:
            place = self.span.place(time)
            if self.span.own <= place < self.span.length and usable[Quarter(time.year, (time.month + 2) // 3)]:
                status = int(one.series.status[place])
                if place in new:
                    yield (*one.series.key, time), kilograms(new[place])
                elif status in (NORMAL, STOPPED):
                    yield (*one.series.key, time), kilograms(int(one.emission[place]) if status == NORMAL else 0)

    def _add_flow(self, series: Series) -> None:
        flows = self.flows.setdefault(series.key[:2], Flows(self.span.hours))
        own, place = slice(self.span.own, None), self.rules.factors.order[series.key[2]]
        flows.add(place, series.status[own], series.flow[own], self.limits.flow_flags)

    def _volumes(self) -> dict[tuple[str, str, Quarter], Volume]:
        """Return the water of each outlet and quarter."""
        return {
            (*outlet, quarter): flows.volume(first - self.span.own, after - self.span.own)
            for outlet, flows in sorted(self.flows.items())
            for quarter, first, after in self.span.quarters
        }
