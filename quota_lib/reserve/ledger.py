"""The ledger's state: everything that was posted so far, and what follows from it.  It is derived, never typed in.

Source  contract §3
"""

from __future__ import annotations

from datetime import date

from quota_lib.amounts import Mass
from quota_lib.facts import State
from quota_lib.problems import Problem
from quota_lib.reserve.documents import Document
from quota_lib.reserve.lots import Entry, Lots
from quota_lib.reserve.ruling import STANDING, Recovered, Ruling

NOT_BUILDING, RUNNING = "不再建设", "正式运行"


class Ledger:
    """Everything that was posted so far, and what follows from it."""

    def __init__(self) -> None:
        self.lots = Lots()
        self.entries: list[Entry] = []
        self.posted: dict[str, list[Document]] = {}
        self.refused: dict[str, Problem] = {}  # why a document posted nothing, by its number
        self.verified: dict[tuple[str, str], Mass] = {}
        self.occupied: dict[tuple[str, str], int] = {}
        self.reserved: dict[tuple[str, str], int] = {}
        self.rulings: dict[str, list[Ruling]] = {}
        self.waiting: list[Ruling] = []
        self.recoveries: list[Recovered] = []
        self.states: dict[str, list[tuple[date, State]]] = {}  # project → (posting day, row)
        self.places = 0

    # what stands

    def ruling(self, project: str) -> Ruling | None:
        """Return the last decision on a project that is not in error."""
        rulings = self.rulings.get(project)
        return rulings[-1] if rulings else None

    def standing(self, project: str) -> Ruling | None:
        """Return the 同意 that stands on a project, or None."""
        last = self.ruling(project)
        return last if last and last.status in STANDING else None

    def agreed_applications(self) -> dict[str, str]:
        """Return the projects on which a 同意 stands, each with its 文号."""
        found = ((project, self.standing(project)) for project in self.rulings)
        return {project: ruling.document.document for project, ruling in found if ruling}

    def state(self, project: str, day: date, posting: date) -> str:
        """Return a project's state on a day, as it is known on the posting day; "" where none is.

        Source  contract §3: the state on a day is that of the latest 状态日期 up to it
        """
        known = [row for since, row in self.states.get(project, ()) if since <= posting and row.date <= day]
        return max(known, key=lambda row: row.date).state if known else ""

    def running_since(self, project: str, posting: date) -> date | None:
        """Return the first day of formal operation that is known on the posting day."""
        known = [row.date for since, row in self.states.get(project, ()) if since <= posting and row.state == RUNNING]
        return min(known, default=None)
