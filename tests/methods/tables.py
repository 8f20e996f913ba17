"""The tables that the program ships with, and short ways to ask a method."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from quota_lib.coefficients import Coefficients
from quota_lib.methods import compute

PARAMETERS = Path(__file__).parents[2] / "parameters"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(PARAMETERS.glob("*.yaml"))}
TABLES = Coefficients(TEXTS)
DAY = date(2025, 3, 31)


def of(name, *rows, factor="VOCS", day=DAY, tables=TABLES, project_type=""):
    return compute(name, rows, factor, day, tables, project_type)


def exact(name, *rows, **more):
    made = of(name, *rows, **more)
    assert made.faults == ()
    return made.exact


def faults(name, *rows, **more):
    """Return row, input and code of each fault."""
    made = of(name, *rows, **more)
    assert made.exact is None or made.faults == ()
    return [(one.row, one.name, one.code) for one in made.faults]
