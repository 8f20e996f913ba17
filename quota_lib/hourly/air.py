"""Air: an hour that needs substitution takes the highest hourly emission of the last valid hours before its gap.

| α of the hour's quarter | length of the gap | valid hours that count |
|---|---|---|
| ≥ capture_full | ≤ gap_short | history_short |
| ≥ capture_full | > gap_short | history_long |
| below, ≥ capture_least | any | history_low |
| < capture_least | – | the quarter is not usable, nothing is replaced |

Source  TOTAL-2; methods §5, HJ 75-2017
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quota_lib.hourly.emission import Whole
from quota_lib.hourly.flags import NORMAL, OUT_OF_CONTROL
from quota_lib.hourly.gaps import Gaps, changes, gaps, lengths
from quota_lib.hourly.limits import Limits
from quota_lib.hourly.replaced import CALIBRATED, MAXIMUM, Replaced, columns

FULL, LOW, UNUSABLE = range(3)


class Passed(NamedTuple):
    """Calibrations that were passed (合格), in the order of time: the hour each lies in, and the first that began after it."""

    hour: Whole
    after: Whole


def passed(minutes: Sequence[tuple[int, bool]]) -> Passed:
    """Return calibrations by the place of their hour, and whether they lie inside it rather than at its start."""
    ordered = sorted(minutes)
    return Passed(
        np.array([hour for hour, _ in ordered], np.int64),
        np.array([hour + inside for hour, inside in ordered], np.int64),
    )


def replace_air(
    status: NDArray[np.int8], emission: Whole, grade: Whole, limits: Limits, calibrations: Passed
) -> tuple[Replaced, Whole]:
    """Return what replaces each hour that needs it, and the hours before which there is no valid hour.

    Shape   one outlet and factor; ``grade`` by hour: FULL, LOW, or UNUSABLE, where nothing is replaced.
    Source  TOTAL-2; methods §5, the table above

    ``out_of_control`` counts only valid hours that had ended by the last passed calibration before the gap, where there
    is one: what the monitor showed since then is in doubt as a measure for others.  Of equal maxima the earliest is named.
    """
    found = gaps(status)
    wanted = _history(grade[found.hour], found.length, limits)
    end, kind = _end_of_history(status, found, calibrations)
    kept = grade[found.hour] != UNUSABLE
    hour, end, kind, wanted = (one[kept] for one in (found.hour, end, kind, wanted))
    valid = np.flatnonzero(status == NORMAL)
    values = emission[valid]
    up_to = np.searchsorted(valid, end)
    starts = _runs(up_to, kind, wanted)
    repeats = lengths(starts, len(hour))
    rows = [
        _highest(values, valid, *one) for one in zip(*(x[starts].tolist() for x in (up_to, kind, wanted)), strict=True)
    ]
    able = up_to > 0
    made = [row for row in rows if row]
    return columns(made, repeats[able[starts]], hour[able]), hour[~able]


def _history(grade: Whole, length: Whole, limits: Limits) -> Whole:
    full = np.where(length <= limits.gap_short, limits.history_short, limits.history_long)
    return np.where(grade == FULL, full, limits.history_low)


def _end_of_history(status: NDArray[np.int8], found: Gaps, calibrations: Passed) -> tuple[Whole, Whole]:
    """Return the hour before which valid hours count, and by which rule."""
    last = np.searchsorted(calibrations.after, found.first, side="right") - 1
    used = (status[found.hour] == OUT_OF_CONTROL) & (last >= 0)
    if not used.any():
        return found.first, np.full(len(found.hour), MAXIMUM)
    return np.where(used, calibrations.hour[last], found.first), np.where(used, CALIBRATED, MAXIMUM)


def _runs(*keys: Whole) -> Whole:
    """Return where a run of hours with the same keys begins."""
    changed = keys[0][1:] != keys[0][:-1]
    for one in keys[1:]:
        changed |= one[1:] != one[:-1]
    return changes(changed, len(keys[0]))


def _highest(values: Whole, valid: Whole, up_to: int, kind: int, wanted: int) -> tuple[int, ...] | None:
    """Return the highest of the last ``wanted`` values before a place; None without any."""
    if not up_to:
        return None
    first = max(up_to - wanted, 0)
    highest = first + int(values[first:up_to].argmax())
    used = up_to - first
    return int(values[highest]), kind, wanted, int(valid[highest]), used, wanted - used
