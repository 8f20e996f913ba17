"""A year of one monitor in whole numbers: what it would show, and where it shows nothing.

Chance is a hash of the hour, so that every machine makes the same; levels are scaled so that concentration times
flow over the hours in operation comes to what the plant discharged in the year.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .hourly_register import FIRST, Event

Whole = NDArray[np.int64]
YEAR, BEFORE = 8760, 744  # hours of 2025, and of the December before
MISSING, NORMAL, MAINTENANCE, FAULT, OUT_OF_CONTROL, STOPPED = range(6)
WORDS = ("missing", "normal", "maintenance", "fault", "out_of_control", "stopped")
HOLIDAYS = {"01-01", "04-04", *(f"01-{day}" for day in range(28, 32))}
HOLIDAYS |= {*(f"02-0{day}" for day in range(1, 5)), *(f"10-0{day}" for day in range(1, 5))}
RESTS = {4800: (6,), 6000: (5, 6), 7200: (6,)}  # the weekdays without work: 300 days in two shifts, 250 days, 300 days
TWO_SHIFTS = range(6, 22)
DAY = np.array((-9, -11, -12, -12, -10, -6, 0, 5, 9, 11, 12, 10, 7, 8, 10, 11, 9, 6, 3, 0, -2, -5, -7, -8)) * 8
WEEK = np.array((-20, 5, 18, 22, 15, -10, -30))


@dataclass
class Stream:
    """One monitor's year.  ``target``: t that leave in the year; ``volume``: m³; ``closed``: days without operation."""

    code: str
    site: str
    outlet: str
    factor: str
    water: bool
    hours: int
    target: Decimal
    volume: Decimal
    closed: str = ""
    history: bool = False
    events: tuple[Event, ...] = ()
    usual: bool = True  # has the small gaps that every monitor has
    system: str = ""
    twin: "Stream | None" = None  # whose concentrations are copied


class Values(NamedTuple):
    """Hours from ``first`` on; whole numbers with so many decimals; ``level`` or ``flow`` -1: blank; MISSING: no row."""

    first: int
    status: Whole
    level: Whole
    decimals: int
    flow: Whole
    flow_decimals: int


def hashed(key: str, index: Whole) -> Whole:
    """Return a number from 0 to 1023 for each index, the same everywhere (the last steps of splitmix64)."""
    seed = int.from_bytes(sha256(key.encode()).digest()[:8], "little")
    x = index.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((x ^ (x >> np.uint64(31))) >> np.uint64(54)).astype(np.int64)


def waves(key: str, index: Whole, step: int) -> Whole:
    """Return a line from -512 to 511 that bends every ``step`` hours."""
    knot, rest = index // step, index % step
    return (hashed(key, knot) * (step - rest) + hashed(key, knot + 1) * rest) // step - 512


def shape(key: str, index: Whole, daily: int) -> Whole:
    """Return how an hour compares with others, about 1000: slow and quick changes, the hour of the day, the weekday."""
    slow = waves(key + "a", index, 400) // 5 + waves(key + "b", index, 53) // 6 + waves(key + "c", index, 7) // 9
    week = WEEK[(index // 24 + 2) % 7]  # 1 January 2025 is a Wednesday
    level: Whole = 1000 + slow + hashed(key + "d", index) // 24 - 21 + daily * DAY[index % 24] // 100 + week
    return level


def scaled(weights: Whole, whole: Decimal, of: int) -> Whole:
    """Return weights times ``whole`` / ``of``, to the nearest whole number, at least 1."""
    nearest: Whole = (2 * weights * int(whole) + of) // (2 * of)
    return np.maximum(nearest, 1)


def in_operation(hours: int, closed: str, index: Whole) -> NDArray[np.bool_]:
    """Return in which hours a plant runs: ``closed`` from..to if given, else by the weeks of so many hours a year."""
    runs = np.ones(len(index), bool)
    if not closed:
        days = [date(FIRST, 1, 1) + timedelta(days=int(one)) for one in range(index[0] // 24, index[-1] // 24 + 1)]
        rests = [day.weekday() in RESTS[hours] or f"{day:%m-%d}" in HOLIDAYS for day in days]
        runs = ~np.repeat(rests, 24)
    if hours == 4800:
        runs &= np.isin(index % 24, TWO_SHIFTS)
    for part in closed.split():
        first, after = (hour_of(one) for one in part.split(".."))
        runs &= (index < first) | (index >= after)
    return runs


def hour_of(text: str) -> int:
    """Return the hours from the year's beginning to ``month-day`` or ``month-day-hour``."""
    month, day, *hour = (int(one) for one in text.split("-"))
    return (date(FIRST, month, day) - date(FIRST, 1, 1)).days * 24 + (hour[0] if hour else 0)


def decimals_of(level: Decimal) -> int:
    """Return with how many decimals an instrument shows a concentration: about three digits."""
    return 1 if level >= 5 else 2 if level >= Decimal("0.5") else 3


def values(one: Stream) -> Values:
    """Return the year of one monitor, as it was handed in."""
    first = -BEFORE if one.history else 0
    index = np.arange(first, YEAR)
    runs = in_operation(one.hours, one.closed, index)
    own = runs & (index >= 0)
    name = f"{one.code}{one.site}{one.outlet}"
    flow_decimals = 0 if one.volume / one.hours >= 300 else 1
    flows = shape(name, index, 70)
    flow = scaled(flows, one.volume * 10**flow_decimals, int(flows[own].sum()))
    if one.twin:
        other = values(one.twin)
        weights = flows * other.level
        whole = one.target * 10 ** (9 + other.decimals + flow_decimals)
        flow = scaled(flows, whole, int(weights[(other.level >= 0) & own].sum()))
        return other._replace(flow=np.where(other.flow >= 0, flow, -1), flow_decimals=flow_decimals)
    decimals = decimals_of(one.target * 10 ** (6 if one.water else 9) / one.volume)
    levels = shape(name + one.factor, index, 40)
    whole = one.target * 10 ** ((6 if one.water else 9) + decimals + flow_decimals)
    level = scaled(levels, whole, int((levels * flow)[own].sum()))
    return Values(first, *shown(one, index, runs, level, flow, decimals), flow_decimals)


def shown(
    one: Stream, index: Whole, runs: NDArray[np.bool_], level: Whole, flow: Whole, decimals: int
) -> tuple[Whole, Whole, int, Whole]:
    """Return flags and values with the hours in which the monitor shows nothing, or nothing true."""
    status = np.where(runs, NORMAL, STOPPED)
    for event in (*small_gaps(one), *one.events):
        hours = np.arange(event.first, event.first + event.hours) - index[0]
        hours = hours[(hours < len(index)) & runs[hours % len(index)]]
        if event.what == "flat":
            level[hours] = level[hours[0]]
        else:
            status[hours] = WORDS.index(event.what)
    drift = status == OUT_OF_CONTROL
    level = np.where(drift, level * 13 // 10, level)
    blank = ~np.isin(status, (NORMAL, OUT_OF_CONTROL))
    no_flow = np.isin(status, (STOPPED, MISSING)) | ((status == FAULT) & (not one.water))
    return status, np.where(blank, -1, level), decimals, np.where(no_flow, -1, flow)


def small_gaps(one: Stream) -> tuple[Event, ...]:
    """Return the hours that every monitor lacks: an hour of maintenance every other week, a few short failures.

    None before there are hours and days enough that can stand for them; a few monitors also lose rows on the way.
    """
    if not one.usual:
        return ()
    start, *later = hashed(one.code + one.outlet + one.factor, np.arange(8)).tolist()
    served = (Event((start % 14 + 14 * n) * 24 + 9 + start % 3, 1, "maintenance") for n in range(2, 25))
    lost = "missing" if start % 6 == 0 else "fault"
    failed = (
        Event(1500 + 1030 * n + hour, 1 + hour % 6, lost if hour % 2 else "fault") for n, hour in enumerate(later)
    )
    return (*served, *failed)
