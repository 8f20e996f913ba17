"""The annual verification (总量库): what every plant may, did and declared in a year, by every route, and its review.

``year_of`` collects a year's facts from the folders that were read, ``annual`` makes the account of it,
``annual_findings`` says what a person should look at.

Source  TOTAL-1, TOTAL-2, TOTAL-3, RESERVE-4, SAFE-4
"""

from __future__ import annotations

from quota_lib.totals.findings import ANNUAL_CHECKS, annual_finding, annual_findings
from quota_lib.totals.online import Online, OnlineQuarter
from quota_lib.totals.review import Annual, annual
from quota_lib.totals.year import Year, year_of

__all__ = [
    "ANNUAL_CHECKS",
    "Annual",
    "Online",
    "OnlineQuarter",
    "Year",
    "annual",
    "annual_finding",
    "annual_findings",
    "year_of",
]
