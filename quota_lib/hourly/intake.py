"""Rows → the store: names and flags translated, values judged one by one, faults noted with file and row.

Source  contract §2, Hourly data
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quota_lib.hourly.batch import UNREADABLE, Batch, Numbers
from quota_lib.hourly.faults import Faults
from quota_lib.hourly.flags import INVALID, NORMAL
from quota_lib.hourly.limits import WATER, Limits
from quota_lib.hourly.lookup import Lookup
from quota_lib.hourly.register import Refused, Register
from quota_lib.hourly.results import Key
from quota_lib.hourly.span import Span
from quota_lib.hourly.store import GROUP, Block, Store
from quota_lib.words import key

Rows = NDArray[np.int64]


class File(NamedTuple):
    """A file that is being read.  ``base``: what its row numbers are counted from over all files."""

    name: str
    base: int
    hours: range


class Intake:
    """What was taken in so far: the series in the order of their first row, and their rows."""

    def __init__(
        self, register: Register, flags: Mapping[str, int], span: Span, limits: Limits, faults: Faults
    ) -> None:
        self.keys: list[Key] = []
        self.media: list[str] = []
        self.store = Store()
        self.faults = faults
        self._register = register
        self._flags = flags
        self._span = span
        self._limits = limits
        self._number: dict[Key, int] = {}
        self._refused: list[Refused] = []
        self._water = np.zeros(0, bool)
        self._last = -1, -1, -1  # of the row before: its file's base, series, cell
        self._series = Lookup(4, self._series_number)
        self._flag = Lookup(1, lambda flag: flags.get(key(flag), -1))

    def take(self, batch: Batch, file: File) -> int:
        """Take the rows of a batch; return how many were counted."""
        series = self._series.values([batch.names[one] for one in ("credit_code", "site", "outlet", "factor")])
        place = batch.time.hours - self._span.start
        counted = (series >= 0) & (place >= file.hours.start) & (place < file.hours.stop)
        if batch.skipped:
            counted[list(batch.skipped)] = False
        if not counted.all():
            self._report_uncounted(batch, file, series, place)
        status, values = self._values(batch, file, series, counted)
        row = (file.base + batch.first + np.arange(len(series))).astype(np.uint32)
        whole = bool(counted.all())
        cell = (series % GROUP * self._span.length + place).astype(np.int32)
        columns = [cell, *values, status, row]
        if not whole:
            columns = [one[counted] for one in columns]  # type: ignore[index]
            series = series[counted]
        self._report_order(series, columns[0], columns[4], file)  # type: ignore[arg-type]
        self.store.add(series // GROUP, Block(*columns))  # type: ignore[arg-type]
        return len(series)

    def _series_number(self, *words: str) -> int:
        """Return the number of a series, or FIRST_REFUSED and below: of the reason why it is none."""
        found = self._register.find(*words)
        if isinstance(found, Refused):
            self._refused.append(found)
            return FIRST_REFUSED + 1 - len(self._refused)
        if found not in self._number:
            self._number[found] = len(self.keys)
            self.keys.append(found)
            self.media.append(self._register.medium(found))
            self._water = np.append(self._water, self.media[-1] == WATER)
        return self._number[found]

    def _values(
        self, batch: Batch, file: File, series: NDArray[np.int32], counted: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int8], list[NDArray[np.float64]]]:
        """Return the rows' flags and values; a row that cannot count as normal is INVALID."""
        status = self._flag.values([batch.names["flag"]]).astype(np.int8)
        unknown = (status < 0) & counted
        if unknown.any():
            self._report_flags(batch, file, np.flatnonzero(unknown))
        status[status < 0] = INVALID
        concentration, flow = batch.concentration.values, batch.flow.values
        most = min(self._limits.air_most, self._limits.water_most)
        with np.errstate(over="ignore", invalid="ignore"):
            fine = (concentration >= 0) & (flow >= 0) & (concentration <= most) & (flow <= self._limits.flow_most)
            fine &= concentration * flow <= self._limits.emission_most * self._per_kg(series)
        doubtful = np.flatnonzero(~fine & counted)
        if len(doubtful):
            concentration, flow = concentration.copy(), flow.copy()
            self._judge(batch, file, doubtful, series, status, concentration, flow)
        return status, [concentration, flow]

    def _per_kg(self, series: NDArray[np.int32]) -> NDArray[np.int64] | int:
        """Return what concentration times flow comes to for a kilogram: mg of air, g of water."""
        return np.where(self._water[series], 1_000, 1_000_000) if self._water.any() else 1_000_000

    def _judge(
        self,
        batch: Batch,
        file: File,
        rows: Rows,
        series: NDArray[np.int32],
        status: NDArray[np.int8],
        concentration: NDArray[np.float64],
        flow: NDArray[np.float64],
    ) -> None:
        """Judge the rows with a blank, negative or too large value."""
        wrong = np.zeros(len(rows), bool)
        most = np.where(self._water[series[rows]], self._limits.water_most, self._limits.air_most)
        kg = self._per_kg(series[rows])
        for column, values, limit in (("concentration", concentration, most), ("flow", flow, self._limits.flow_most)):
            here = values[rows]
            wrong |= self._note("Q619", batch, file, rows, here < 0, column, here)
            absurd = np.abs(here) > limit
            wrong |= self._note("Q620", batch, file, rows, absurd, column, here)
            values[rows[absurd]] = np.nan
            wrong |= self._text(batch, file, rows, column)
        with np.errstate(over="ignore"):
            product = concentration[rows] * flow[rows]
        absurd = np.abs(product) > self._limits.emission_most * kg
        wrong |= self._note("Q620", batch, file, rows, absurd, "emission", product / kg)
        concentration[rows[absurd]] = np.nan
        normal = status[rows] == NORMAL
        for column, values in (("concentration", concentration), ("flow", flow)):
            blank = np.isnan(values[rows]) & normal & ~wrong
            wrong |= self._note("Q618", batch, file, rows, blank, column, values[rows])
        status[rows[wrong & normal]] = INVALID

    def _note(
        self,
        code: str,
        batch: Batch,
        file: File,
        rows: Rows,
        which: NDArray[np.bool_],
        column: str,
        values: NDArray[np.float64],
    ) -> NDArray[np.bool_]:
        found = np.flatnonzero(which)
        if len(found):
            first = int(found[0])
            row = batch.first + int(rows[first])
            said = () if code == "Q618" else (("value", f"{values[first]:.15g}"),)
            self.faults.add(code, file.name, row, len(found), said, column=COLUMN[column])
        return which

    def _text(self, batch: Batch, file: File, rows: Rows, column: str) -> NDArray[np.bool_]:
        """Note values that are no numbers."""
        numbers: Numbers = getattr(batch, column)
        if not numbers.refused:
            return np.zeros(len(rows), bool)
        found = np.isin(rows, list(numbers.refused))
        for row in rows[found].tolist():
            said = (("value", numbers.refused[row]),)
            self.faults.add("Q621", file.name, batch.first + row, 1, said, column=COLUMN[column])
        return found

    def _report_flags(self, batch: Batch, file: File, rows: Rows) -> None:
        flags = batch.names["flag"]
        codes, firsts, counts = np.unique(flags.codes[rows], return_index=True, return_counts=True)
        for code, first, count in zip(codes.tolist(), firsts.tolist(), counts.tolist(), strict=True):
            word = flags.words[code] if code >= 0 else ""
            self.faults.add("Q617", file.name, batch.first + int(rows[first]), count, value=word)

    def _report_uncounted(self, batch: Batch, file: File, series: NDArray[np.int32], place: Rows) -> None:
        """Note why rows were not counted: for their names, else for their time."""
        skipped = np.zeros(len(series), bool)
        skipped[list(batch.skipped)] = True
        for number in np.unique(series[(series < 0) & ~skipped]).tolist():
            rows = np.flatnonzero((series == number) & ~skipped)
            code, words = self._refused[FIRST_REFUSED - number]
            self.faults.add(code, file.name, batch.first + int(rows[0]), len(rows), **words)
        named = (series >= 0) & ~skipped
        unreadable = batch.time.hours == UNREADABLE
        for code, which in (
            ("Q615", named & unreadable),
            ("Q616", named & ~unreadable & ((place < file.hours.start) | (place >= file.hours.stop))),
        ):
            rows = np.flatnonzero(which)
            if len(rows):
                said = (("value", batch.time.written(int(rows[0]))),)
                year = {"year": str(self._span.time(file.hours.start).year)} if code == "Q616" else {}
                self.faults.add(code, file.name, batch.first + int(rows[0]), len(rows), said, **year)

    def _report_order(
        self, series: NDArray[np.int32], cell: NDArray[np.int32], row: NDArray[np.uint32], file: File
    ) -> None:
        """Note rows that stand after a later one of the same series."""
        if not len(series):
            return
        base, one, last = self._last
        back = np.flatnonzero((cell[1:] < cell[:-1]) & (series[1:] == series[:-1])) + 1
        if base == file.base and one == series[0] and cell[0] < last:
            back = np.append(0, back)
        if len(back):
            self.faults.add("Q624", file.name, int(row[back[0]]) - file.base, len(back))
        self._last = file.base, int(series[-1]), int(cell[-1])


FIRST_REFUSED = -4  # above it: codes of the lookup
COLUMN = {"concentration": "浓度", "flow": "流量", "emission": "小时排放量(kg)"}
