"""Who has an online monitor, and what happened to it: the tables of ``hourly_stories.txt``."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from .register import Plant

FIRST = 2025  # the year from which there are monitors
MUST, OWN, SILENT = "应装", "自愿", "未联网"
START = datetime(FIRST, 1, 1)


class Monitor(NamedTuple):
    """The monitors of one outlet."""

    outlet: str
    factors: tuple[str, ...]
    why: str


class Event(NamedTuple):
    """Hours of one monitor that are not as usual; ``first``: hours since the year began."""

    first: int
    hours: int
    what: str


def monitors(plant: Plant, year: int) -> tuple[Monitor, ...]:
    """Return what a plant monitors online, or ought to."""
    return tuple(one for name, one in _tables()[0] if name == plant.name) if year >= FIRST else ()


def events(plant: Plant, outlet: str, factor: str) -> tuple[Event, ...]:
    """Return what happened to one monitor."""
    return _tables()[1].get((plant.name, outlet, factor), ())


def required(plant: Plant, year: int) -> dict[str, tuple[str, ...]]:
    """Return the factors that a plant must monitor online, by outlet."""
    return {one.outlet: one.factors for one in monitors(plant, year) if one.why != OWN}


def online(plant: Plant, year: int) -> dict[str, str]:
    """Return the factors that a plant has online data of, and by which outlet."""
    return {factor: one.outlet for one in monitors(plant, year) if one.why != SILENT for factor in one.factors}


@cache
def _tables() -> tuple[list[tuple[str, Monitor]], dict[tuple[str, str, str], tuple[Event, ...]]]:
    text = (Path(__file__).parent / "hourly_stories.txt").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.split("|")] for line in text.splitlines() if line and not line.startswith("#")
    ]
    have = [(row[0], Monitor(row[1], tuple(row[2].split()), row[3])) for row in rows if len(row) == 4]
    found: dict[tuple[str, str, str], tuple[Event, ...]] = {}
    for name, outlet, factors, first, hours, what in (row for row in rows if len(row) == 6):
        event = Event(place(first), int(hours), what)
        for factor in factors.split():
            found[name, outlet, factor] = (*found.get((name, outlet, factor), ()), event)
    return have, found


def place(text: str) -> int:
    """Return the hours from the year's beginning to ``month-day hour``."""
    return int((datetime.strptime(f"{FIRST}-{text}", "%Y-%m-%d %H") - START).total_seconds()) // 3600
