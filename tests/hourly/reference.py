"""A slow, obvious reckoning of a year of one air outlet and factor, hour by hour, from methods §5 alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

HOUR = timedelta(hours=1)
TO_REPLACE = ("maintenance", "fault", "out_of_control", "missing")


class Reckoned(NamedTuple):
    normal: int
    stopped: int
    invalid: int
    capture: Fraction | None
    computed: int | None  # mg
    replaced: dict[datetime, int]  # hour → mg


def quarter(time: datetime) -> int:
    return (time.month - 1) // 3 + 1


def reckon(hours: dict[datetime, tuple[str, int]], year: int) -> dict[int, Reckoned]:
    """Return each quarter; ``hours``: flag and emission in mg by hour, what is not there is missing."""
    first, last = datetime(year, 1, 1), datetime(year + 1, 1, 1)
    every = [first + HOUR * n for n in range(int((last - first) / HOUR))]
    flag = {time: hours.get(time, ("missing", 0))[0] for time in every}
    found = {}
    for number in (1, 2, 3, 4):
        own = [time for time in every if quarter(time) == number]
        normal = [time for time in own if flag[time] == "normal"]
        stopped = [time for time in own if flag[time] == "stopped"]
        invalid = [time for time in own if flag[time] in TO_REPLACE]
        running = len(own) - len(stopped)
        capture = Fraction(len(normal), running) if running else None
        replaced = {}
        for time in invalid:
            value = replacement(time, every, flag, hours, capture)
            if value is not None:
                replaced[time] = value
        usable = capture is None or capture >= Fraction(3, 4)
        total = sum(hours[time][1] for time in normal) + sum(replaced.values())
        found[number] = Reckoned(len(normal), len(stopped), len(invalid), capture, total if usable else None, replaced)
    return found


def replacement(time, every, flag, hours, capture):
    """Return what stands for one hour: the highest of the last valid hours before its gap."""
    start = time
    while start - HOUR in flag and flag[start - HOUR] in TO_REPLACE:
        start -= HOUR
    end = time
    while end + HOUR in flag and flag[end + HOUR] in TO_REPLACE:
        end += HOUR
    length = int((end - start) / HOUR) + 1
    if capture is None or capture < Fraction(3, 4):
        return None
    if capture >= Fraction(9, 10):
        count = 180 if length <= 24 else 720
    else:
        count = 2160
    before = [one for one in every if one < start and flag[one] == "normal"][-count:]
    return max((hours[one][1] for one in before), default=None)
