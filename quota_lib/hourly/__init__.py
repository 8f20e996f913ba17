"""Hourly monitoring data: what a year of them comes to (TOTAL-2, methods §5).

``read_year`` reads the files of ``data/<YEAR>/monitoring/`` once and gives quarters, years, every replaced hour and
what is wrong, with file and row.  Everything between reading and results is pure and works on the hours of one outlet
and factor: flags → ``judging`` (``capture``, ``gaps``, ``air``, ``water``) → ``results``.

Source  TOTAL-2
"""

from __future__ import annotations

from quota_lib.hourly.reading import read_year
from quota_lib.hourly.results import Hourly, OnlineQuarter, OnlineYear, Rows, Substitution, Substitutions

__all__ = ["Hourly", "OnlineQuarter", "OnlineYear", "Rows", "Substitution", "Substitutions", "read_year"]
