"""The hourly files of a year → what they come to: read once, a group of outlets at a time.

Source  TOTAL-2; contract §1, §2, Hourly data
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from quota_lib.hourly.account import Account
from quota_lib.hourly.batch import Batch
from quota_lib.hourly.calibrations import Calibrated, kept_by_series
from quota_lib.hourly.csv_file import read_csv
from quota_lib.hourly.faults import Faults
from quota_lib.hourly.flags import flag_codes
from quota_lib.hourly.intake import File, Intake
from quota_lib.hourly.limits import limits_of
from quota_lib.hourly.parquet_file import read_parquet
from quota_lib.hourly.register import HasMedium, Register
from quota_lib.hourly.results import Hourly
from quota_lib.hourly.span import span_of
from quota_lib.rules import Rules

Files = Iterable[tuple[str, Path]]
"""Files of a monitoring folder: the name below data/, and where it lies."""


def read_year(
    files: Files,
    before: Files,
    year: int,
    rules: Rules,
    outlets: Mapping[tuple[str, str], HasMedium],
    calibrations: Iterable[Calibrated] = (),
    progress: Callable[[str], None] | None = None,
    wanted: Collection[tuple[str, str, str, datetime]] = (),
) -> Hourly:
    """Return what the hourly data of a year come to.

    Shape   ``files`` of the year's folder, ``before`` of the year before, for the hours before the first; ``outlets`` by
            unit and outlet; ``wanted``: hours of which the emission is given one by one.
    Errors  RuleError for a number of the rules that is missing or cannot be; what is wrong with the data is in ``problems``.
    Source  TOTAL-2; methods §5

    The order of files and rows changes nothing but which of two rows is named first.
    """
    earlier, now = sorted(before), sorted(files)
    span = span_of(year, bool(earlier))
    limits, faults = limits_of(rules, year), Faults()
    flags = flag_codes(rules, date(year, 12, 31))
    intake = Intake(Register(outlets, rules.factors), flags, span, limits, faults)
    offset, base = rules.count("monitoring.clock_offset", date(year, 12, 31)), 0
    named: list[File] = []
    try:
        for name, path in (*earlier, *now):
            if progress:
                progress(name)
            file = File(name, base, span.year_of(before=len(named) < len(earlier)))
            named.append(file)
            base = _read_file(path, file, intake, faults, offset)
        account = Account(span, limits, rules, named, faults, kept_by_series(calibrations, span), frozenset(wanted))
        return account.of(intake)
    finally:
        intake.store.close()


def _read_file(path: Path, file: File, intake: Intake, faults: Faults, clock_offset: int) -> int:
    """Take in a file; return the number after that of its last row."""
    last = 0
    for batch in _read_batches(path, file.name, faults, clock_offset):
        intake.take(batch, file)
        last = batch.first + len(batch.time.hours) - 1
    if not last and not faults.names(file.name):
        faults.of_file("Q606", file.name)
    return file.base + last + 1


def _read_batches(path: Path, file: str, faults: Faults, clock_offset: int) -> Iterator[Batch]:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return read_parquet(path, file, faults, clock_offset)
    if suffix == ".csv":
        return read_csv(path, file, faults)
    faults.of_file("Q602", file, suffix=path.suffix)
    return iter(())
