"""Real hourly data against published annual totals: `python benchmarks/hourly_published.py FOLDER`.

The folder holds one Parquet file of hours, a ``*_totals.csv`` with credit_code, outlet, factor, sum_of_hours_t and
published_t, and ``register.xlsx`` with the outlets.  Two lines are printed: how far ``as_given`` lies from either column.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

from quota_lib.amounts import tonnes
from quota_lib.hourly import Hourly, read_year
from quota_lib.rules import Rules
from quota_lib.workbook.folder import read_folder

ROOT = Path(__file__).parents[1]
LINE = Decimal("0.0001")  # 0.01 %, and half of the last digit that the table gives
DIGIT = Decimal("0.0000005")


def read_hourly(folder: Path, rules: Rules) -> Hourly:
    (hours,) = folder.glob("*.parquet")
    readings = read_folder(folder, 2023, rules.factors, only=["排放口"]).readings
    outlets = {(row.unit, row.outlet): row for one in readings for row in one.rows}
    return read_year([(f"2023/monitoring/{hours.name}", hours)], (), 2023, rules, outlets)


def main(folder: Path) -> int:
    rules = Rules({path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "parameters").glob("*.yaml")})
    start = time.perf_counter()
    found = read_hourly(folder, rules)
    print(
        f"{time.perf_counter() - start:.2f} s, {len(found.quarters)} quarters, {len(found.substitutions)} hours substituted"
    )
    given: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for one in found.quarters:
        given[(one.unit, one.outlet, one.factor)] += tonnes(one.as_given)
    (totals,) = folder.glob("*_totals.csv")
    rows = list(csv.DictReader(totals.read_text(encoding="utf-8-sig").splitlines()))
    good = True
    for column in ("sum_of_hours_t", "published_t"):
        off = [
            (
                abs(given[(row["credit_code"], row["outlet"], row["factor"])] - Decimal(row[column])),
                Decimal(row[column]),
            )
            for row in rows
            if row[column]
        ]
        worst = max(max(difference - DIGIT, Decimal(0)) / total for difference, total in off if total)
        good &= all(difference <= LINE * total + DIGIT for difference, total in off)
        print(f"{column}: {len(off)} totals, worst {worst:.6%}, largest difference {max(d for d, _ in off)} t")
    print(dict(sorted(Counter(one.code for one in found.problems).items())))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
