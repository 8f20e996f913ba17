"""The ledger: documents in, entries out.  It is derived, never typed in.

One quarter at a time, one document after the other, all or nothing; the methods stand in
the order of the clauses.  A document that does not fit is a complaint and leaves no trace.

Source  contract §3; RESERVE-1 to RESERVE-4
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from quota_lib.amounts import ZERO, Mass, Ratio, below_share, text, times
from quota_lib.book import Book, DecisionDocument
from quota_lib.facts import Correction, Decision, Occupation, Recovery, State, Superior, Verdict, Verification
from quota_lib.periods import Quarter, posting_day
from quota_lib.problems import Problem, at
from quota_lib.reserve.documents import Document, documents
from quota_lib.reserve.lots import Entry, Lot, LotKey, Lots, Origin
from quota_lib.reserve.ratio import NoRatio, deduction
from quota_lib.reserve.route import FILING, REVIEW, Years, identity_sum, increase, judge
from quota_lib.reserve.ruling import STANDING, Debit, Recovered, Ruling, Status
from quota_lib.rules import Rules
from quota_lib.schema import by_name

RESERVE_ITSELF = "园区储备库"
NOT_BUILDING, RUNNING = "不再建设", "正式运行"


class Refused(Exception):
    """A document that does not fit: the complaints about it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


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


class Posting:
    """One quarter's documents on their way into the ledger."""

    def __init__(self, ledger: Ledger, book: Book, rules: Rules, booked: Quarter) -> None:
        self.ledger, self.book, self.rules, self.booked = ledger, book, rules, booked
        self.years = Years(book)
        self.problems: list[Problem] = []
        self.post: Mapping[str, Callable[[Document], None]] = {
            "期初结存": self.open,
            "入库审核": self.verify,
            "减排量占用": self.occupy,
            "指标储备": self.deposit,
            "申请使用": self.take_from_superior,
            "退出上级": self.release,
            "指标回收": self.recover,
            "冲正": self.correct,
            "功能区调剂": self.transfer,
            "纳入上级": self.freeze,
            "上级使用": self.use_frozen,
            "总量核定": self.decide,
        }

    # order

    def run(self, rows: Mapping[str, list[Any]]) -> list[Problem]:
        """Post a quarter's rows and return every complaint."""
        self.check_identities(rows.get("application", ()))
        queue = documents(rows, self.booked, self.rules.factors.order)
        at_once = self._right_after(queue)
        held_back = {id(one) for group in at_once.values() for one in group}
        days = self._state_days(rows.get("state", ()))
        turn = [one for one in queue if id(one) not in held_back]
        for _, same in groupby(turn, key=lambda one: one.order[:3] if one.kind == "冲正" else (id(one),)):
            group = list(same)
            day = group[0].posting
            days = self._advance(days, day)
            for one in self._last_booked_first(group) if group[0].kind == "冲正" else group:
                self._turn(one)
                for correction in at_once.get(id(one), ()):
                    correction.posting = one.posting
                    self._turn(correction)
                self.try_again(day)
        self._advance(days, self.booked.end)
        return self.problems

    def _right_after(self, queue: list[Document]) -> dict[int, list[Document]]:
        """Return the corrections that post right after their original: its posting day and date are not before theirs."""
        last = {one.number: one for one in queue if one.kind not in ("冲正", "入库审核")}
        found: dict[int, list[Document]] = {}
        for one in queue:
            original = last.get(one.rows[0].original) if one.kind == "冲正" else None
            if original and original.posting >= one.posting and original.date >= one.date:
                found.setdefault(id(original), []).append(one)
        return found

    def _last_booked_first(self, corrections: list[Document]) -> list[Document]:
        """Of several 冲正 of one day the one whose original's entries were booked last goes first."""

        def booked(one: Document) -> int:
            originals = self.ledger.posted.get(one.rows[0].original, ())
            return max((original.last_booked for original in originals), default=-1)

        return sorted(corrections, key=lambda one: -booked(one))

    def _turn(self, document: Document) -> None:
        """Post one document whole, or not at all."""
        ledger = self.ledger
        ledger.places += 1
        document.place = ledger.places
        try:
            self.post[document.kind](document)
        except Refused as refused:  # it posts nothing; its rows, its key and its number stay
            self.problems += refused.problems
            ledger.refused.setdefault(document.number, refused.problems[0])
            return
        if document.kind != "入库审核":
            ledger.posted.setdefault(document.number, []).append(document)

    # a project's life

    def _state_days(self, rows: Iterable[State]) -> list[tuple[date, State]]:
        return sorted(
            ((posting_day(row.date, self.booked), row) for row in rows), key=lambda one: (one[0], one[1].date)
        )

    def _advance(self, days: list[tuple[date, State]], day: date) -> list[tuple[date, State]]:
        """Let the states up to a day count, each from the start of its posting day; return the later ones."""
        ledger = self.ledger
        while days and days[0][0] <= day:
            today = days[0][0]
            arrived = [row for since, row in days if since == today]
            days = [one for one in days if one[0] > today]
            for row in arrived:
                ledger.states.setdefault(row.construction, []).append((today, row))
            gone = {row.construction for row in arrived if ledger.state(row.construction, today, today) == NOT_BUILDING}
            for ruling in [one for one in ledger.waiting if one.project in gone]:
                ledger.waiting.remove(ruling)
                ruling.status, ruling.left = Status.LEFT, self.booked
        return days

    # entries

    def _enter(
        self, document: Document, row: Any, field: str, kind: str, lot: Lot, amount: int, frozen: int = 0, **more: Any
    ) -> Entry:
        ledger = self.ledger
        ledger.lots.change(lot, amount, frozen)
        ledger.places += 1
        entry = Entry(
            sequence=ledger.places,
            booked=self.booked,
            date=more.pop("day", document.posting),
            kind=kind,
            zone=lot.zone,
            factor=lot.factor,
            lot=lot.number,
            amount=amount,
            frozen=frozen,
            document=document.number,
            original=more.pop("original", ""),
            project=more.pop("project", lot.origin.project),
            ratio=more.pop("ratio", None),
            gross=more.pop("gross", None),
            clause=more.pop("clause"),
            place=row.at,
            field=field,
        )
        ledger.entries.append(entry)
        document.entries.append(entry)
        return entry

    def _birth(self, document: Document, row: Any, kind: str, zone: str, origin: Origin, clause: str) -> None:
        field = "amount"
        lot = self.ledger.lots.lot(document.number, zone, row.factor, origin)
        lot.born += row.amount
        self._enter(document, row, field, kind, lot, row.amount, clause=clause)

    # RESERVE-2a  opening lots

    def open(self, document: Document) -> None:
        for row in document.rows:
            origin = Origin("期初结存", "", self.booked, self.booked.start)
            self._birth(document, row, "opening", row.zone, origin, "RESERVE-2a")

    # REDUCE-4, RESERVE-1  verdicts, occupations, deposits: verified ≥ occupied + reserved, at every moment

    def verify(self, document: Document) -> None:
        row: Verdict = document.rows[0]
        key = (row.project, row.factor)
        passed = (row.verified or ZERO) if row.verdict == "通过" else ZERO
        used = self.ledger.occupied.get(key, 0) + self.ledger.reserved.get(key, 0)
        if used > passed:
            field = "verified" if row.verdict == "通过" else "verdict"
            raise Refused(self._too_much(row, field, f"审核结论{row.verdict}", passed, used, passed))
        self.ledger.verified[key] = passed

    def occupy(self, document: Document) -> None:
        self._claim(document, self.ledger.occupied, "占用")
        document.memory = self.ledger.occupied

    def deposit(self, document: Document) -> None:
        self._claim(document, self.ledger.reserved, "储备")
        document.memory = self.ledger.reserved
        for row in document.rows:
            project = self.book.reduction_project(row.project)
            if project is None:
                raise AssertionError(f"{row.project} was admitted without its project")
            origin = Origin("指标储备", row.project, self.booked, row.date)
            self._birth(document, row, "deposit", project.zone, origin, "RESERVE-1")

    def _claim(self, document: Document, claims: dict[tuple[str, str], int], what: str) -> None:
        problems = []
        for row in document.rows:
            key = (row.project, row.factor)
            verified = self.ledger.verified.get(key, ZERO)
            used = self.ledger.occupied.get(key, 0) + self.ledger.reserved.get(key, 0) + row.amount
            if used > verified:
                problems.append(self._too_much(row, "amount", what, row.amount, used, verified))
        if problems:
            raise Refused(*problems)
        for row in document.rows:
            claims[(row.project, row.factor)] = claims.get((row.project, row.factor), 0) + row.amount

    def _too_much(
        self, row: Verdict | Occupation, field: str, what: str, amount: int, used: int, verified: int
    ) -> Problem:
        words = {"what": what, "amount": text(amount), "project": row.project, "factor": self._label(row.factor)}
        return at(row.at, field, "Q401", used=text(used), verified=text(verified), **words)

    # RESERVE-2a  transfers between zones

    def transfer(self, document: Document) -> None:
        lots = self.ledger.lots
        problems = []
        for row in document.rows:
            free = lots.free(row.from_zone, row.factor)
            if row.amount > free:
                words = {"zone": row.from_zone, "factor": self._label(row.factor), "amount": text(row.amount)}
                problems.append(at(row.at, "amount", "Q412", free=text(free), **words))
        if problems:
            raise Refused(*problems)
        for row in document.rows:
            for lot, part in lots.first_out(row.from_zone, row.factor, row.amount):
                lot.moved -= part
                self._enter(document, row, "amount", "transfer_out", lot, -part, clause="RESERVE-2a")
                other = lots.lot(lot.number, row.to_zone, row.factor, lot.origin)
                other.moved += part
                self._enter(document, row, "amount", "transfer_in", other, part, clause="RESERVE-2a")

    # RESERVE-2b  the identity of every application

    def check_identities(self, rows: Iterable[Any]) -> None:
        """Report every application whose amounts do not add up; the row stays in force until it is mended."""
        for row in rows:
            total = identity_sum(row)
            if row.whole != total:
                self.problems.append(at(row.at, "whole", "Q402", whole=text(row.whole), sum=text(total)))

    # RESERVE-2c  decisions and debits

    def decide(self, document: Document) -> None:
        first: Decision = document.rows[0]
        project = first.construction
        stands = self.ledger.standing(project)
        if stands:
            raise Refused(at(first.at, "document", "Q403", project=project, document=stands.document.document))
        entry = DecisionDocument(project, document.number, self.booked, document.date, document.rows)
        judgement = judge(self.book, self.rules, project, document.date, self.years)
        construction = self.book.construction(project)
        ruling = Ruling(entry, construction.zone, construction.unit, judgement, Status.REFUSED)
        if entry.agreed:
            self._check_agreement(document, ruling)
            self._price(ruling)
            ruling.status = Status.WAITING if ruling.takes else Status.NOTHING
        elif first.decision == "撤回":
            ruling.status = Status.WITHDRAWN
        self.ledger.rulings.setdefault(project, []).append(ruling)
        document.memory = ruling
        ruling.entries = document.entries
        if ruling.status is Status.WAITING and not self._supply(ruling, document.posting, document):
            self.ledger.waiting.append(ruling)
            self.ledger.waiting.sort(key=lambda one: one.place_in_queue)

    def _check_agreement(self, document: Document, ruling: Ruling) -> None:
        """Judge a 同意 against its application; every complaint at its cell.

        Errors  Refused
        """
        project, first = ruling.project, document.rows[0]
        application = self.book.application(project)
        problems = [
            at(row.at, "factor", "Q404", project=project, factor=self._label(row.factor))
            for row in document.rows
            if row.factor not in application
        ]
        decided = {row.factor for row in document.rows}
        missing = [factor for factor, row in application.items() if increase(row) > 0 and factor not in decided]
        if missing:
            problems.append(at(first.at, "factor", "Q405", factors="、".join(map(self._label, missing))))
        if first.route == FILING and ruling.judgement.route == REVIEW:
            problems.append(at(first.at, "route", "Q406", why=self._over(ruling)))
        if self.ledger.state(project, document.posting, document.posting) == NOT_BUILDING:
            problems.append(at(first.at, "construction", "Q408", project=project))
        for row in document.rows:
            if row.factor in application:
                problems += _permitted_amounts(row, application[row.factor])
            if row.balance_way != RESERVE_ITSELF and not row.opinion:
                problems.append(at(row.at, "opinion", "Q411", way=row.balance_way))
        if problems:
            raise Refused(*problems)
        if first.route == REVIEW and ruling.judgement.route == FILING:
            self.problems.append(at(first.at, "route", "Q407"))

    def _over(self, ruling: Ruling) -> str:
        lines = ruling.judgement.lines
        over = [factor for factor, line in lines.items() if line.applied > 0 and not line.files]
        return "；".join(
            f"{self._label(factor)}全厂年新增 {text(lines[factor].plant_year_new)} t"
            + ("，无备案限值" if lines[factor].threshold is None else f"，超过 {text(lines[factor].threshold or 0)} t")
            for factor in over
        )

    def _price(self, ruling: Ruling) -> None:
        """Set what every factor of a 同意 takes: 核定新增 × ratio, at the ratio of the decision's date.

        Errors  Refused where no ratio is given.
        """
        project = self.book.construction(ruling.project)
        problems = []
        for row in ruling.document.rows:
            permitted = row.permitted or ZERO
            if row.balance_way != RESERVE_ITSELF or permitted == 0:
                ruling.debits[row.factor] = Debit(permitted, None, "", ZERO, "", row)
                continue
            try:
                rule, found = deduction(self.book, self.rules, project, row.factor, row.date)
            except NoRatio as none:
                problems.append(at(row.at, "permitted", none.code, **none.words))
                continue
            debit = Debit(permitted, rule.ratio, rule.key, times(permitted, rule.ratio), row.lot, row)
            ruling.debits[row.factor] = debit
            if found:
                ruling.assessments[row.factor] = found
        if problems:
            raise Refused(*problems)

    def _supply(self, ruling: Ruling, day: date, document: Document) -> bool:
        """Debit all factors of a project, or none; return whether it was possible."""
        lots = self.ledger.lots
        takes = ruling.takes
        if any(debit.amount > supply(lots, ruling.zone, factor, debit.lot) for factor, debit in takes.items()):
            return False
        for factor, debit in takes.items():
            named = lots.get(debit.lot, ruling.zone, factor) if debit.lot else None
            parts = [(named, int(debit.amount))] if named else lots.first_out(ruling.zone, factor, debit.amount)
            for lot, part in parts:
                words: dict[str, Any] = {"project": ruling.project, "ratio": debit.ratio, "gross": debit.permitted}
                words |= {"day": day, "clause": "RESERVE-2c"}
                self._enter(document, debit.row, "permitted", "debit", lot, -part, **words)
        ruling.status, ruling.supplied = Status.DEBITED, self.booked
        return True

    def try_again(self, day: date) -> None:
        """Try every waiting project again, oldest decision first; one that does not fit holds up nobody."""
        ledger = self.ledger
        for ruling in list(ledger.waiting):
            document = next(one for one in ledger.posted[ruling.document.document] if one.memory is ruling)
            if self._supply(ruling, day, document):
                ledger.waiting.remove(ruling)

    # RESERVE-2d  the superior reserve

    def take_from_superior(self, document: Document) -> None:
        for row in document.rows:
            origin = Origin("申请使用", "", self.booked, row.date)
            self._birth(document, row, "superior_in", row.zone, origin, "RESERVE-2d")

    def freeze(self, document: Document) -> None:
        def bound(row: Superior, lot: Lot) -> Problem | None:
            if lot.origin.kind != "指标储备":
                return at(row.at, "lot", "Q421", lot=row.lot, origin=lot.origin.kind)
            return self._beyond(row, "Q422", lot.free)

        self._on_lots(document, bound, "freeze", 0, 1)

    def release(self, document: Document) -> None:
        self._on_lots(document, lambda row, lot: self._beyond(row, "Q423", lot.frozen), "release", 0, -1)

    def use_frozen(self, document: Document) -> None:
        self._on_lots(document, lambda row, lot: self._beyond(row, "Q423", lot.frozen), "superior_out", -1, -1)

    def _beyond(self, row: Superior, code: str, bound: int) -> Problem | None:
        if row.amount <= bound:
            return None
        words = {"direction": row.direction, "amount": text(row.amount), "lot": row.lot}
        return at(row.at, "amount", code, bound=text(bound), **words)

    def _on_lots(
        self, document: Document, bound: Callable[[Superior, Lot], Problem | None], kind: str, amount: int, frozen: int
    ) -> None:
        problems: list[Problem] = []
        for row in document.rows:
            lot = self.ledger.lots.get(row.lot, row.zone, row.factor)
            if lot is None:
                problems.append(at(row.at, "lot", "Q420", zone=row.zone, factor=self._label(row.factor), lot=row.lot))
            else:
                problems += [fault for fault in [bound(row, lot)] if fault]
        if problems:
            raise Refused(*problems)
        for row in document.rows:
            lot = self.ledger.lots.lot(row.lot, row.zone, row.factor, Origin("", "", self.booked, row.date))
            self._enter(
                document, row, "amount", kind, lot, amount * row.amount, frozen * row.amount, clause="RESERVE-2d"
            )

    # RESERVE-4  recoveries, into the lots they came from

    def recover(self, document: Document) -> None:
        plans = []
        problems: list[Problem] = []
        for row in document.rows:
            try:
                plans.append((row, *self._recoverable(row, document)))
            except Refused as refused:
                problems += refused.problems
        if problems:
            raise Refused(*problems)
        document.memory = []
        for row, ruling, year in plans:
            debit = ruling.debits[row.factor]
            ratio = self._return_ratio(debit, row.date)
            so_far = ruling.recovered.get(row.factor, ZERO)
            returned = ruling.returned.get(row.factor, ZERO)
            back = max(times(Mass(so_far + row.amount), ratio) - returned, 0)
            words: dict[str, Any] = {
                "project": ruling.project,
                "ratio": ratio,
                "gross": row.amount,
                "clause": "RESERVE-4",
            }
            entries = [
                self._enter(document, row, "amount", "recovery", self.ledger.lots.by_key[key], part, **words)
                for key, part in _last_taken_first(self._taken(ruling, row.factor), back)
            ]
            ruling.recovered[row.factor] = Mass(so_far + row.amount)
            ruling.returned[row.factor] = Mass(returned + back)
            one = Recovered(ruling, row.factor, row.reason, row.amount, year, tuple(entries), document.number)
            self.ledger.recoveries.append(one)
            document.memory.append(one)

    def _recoverable(self, row: Recovery, document: Document) -> tuple[Ruling, int | None]:
        """Return the ruling a recovery takes from, and of a 富余 the year it rests on.

        Errors  Refused if it is above its ceiling or its reason does not hold.
        """
        ruling = self.ledger.standing(row.construction)
        debit = ruling.takes.get(row.factor) if ruling and ruling.status is Status.DEBITED else None
        if ruling is None or debit is None:
            raise Refused(at(row.at, "factor", "Q430", project=row.construction, factor=self._label(row.factor)))
        if row.date < ruling.document.date:
            words = {"heading": "回收日期", "value": row.date, "other": "核定日期", "before": ruling.document.date}
            raise Refused(at(row.at, "date", "Q327", **words))
        recovered = ruling.recovered.get(row.factor, ZERO)
        ceiling = debit.permitted - recovered
        if row.amount > ceiling:
            words = {"amount": text(row.amount), "ceiling": text(ceiling), "permitted": text(debit.permitted)}
            raise Refused(at(row.at, "amount", "Q431", recovered=text(recovered), **words))
        if row.reason == "不再建设":
            state = self.ledger.state(row.construction, row.date, document.posting)
            if state != NOT_BUILDING:
                raise Refused(at(row.at, "reason", "Q432", day=row.date, state=state or "未填报"))
        if row.reason != "富余":
            return ruling, None
        return ruling, self._within_surplus(row, ruling, document.posting)

    def _within_surplus(self, row: Recovery, ruling: Ruling, posting: date) -> int:
        since = self.ledger.running_since(row.construction, posting)
        figure = verified_figure(self.book, ruling.unit, row.factor, since, row.date)
        if figure is None:
            raise Refused(at(row.at, "reason", "Q434", day=row.date))
        if figure.permitted is None:
            raise Refused(at(row.at, "amount", "Q435", year=figure.year, other=figure.at))
        left = self.surplus(figure, row.date)
        if row.amount > left:
            words = {"amount": text(row.amount), "year": figure.year, "surplus": text(left)}
            raise Refused(at(row.at, "amount", "Q433", **words))
        return figure.year

    def surplus(self, figure: Verification, day: date) -> int:
        """Return what is left of a plant's surplus of a year, after every standing 富余 taken on its figure, mg.

        Source  RESERVE-4(2) 核定实际排放量小于许可总量80%的; "less than" is strict
        """
        permitted = figure.permitted or ZERO
        unused = below_share(figure.actual, permitted, self.rules.ratio("recovery.actual_below", day))
        taken = sum(
            one.amount
            for one in self.ledger.recoveries
            if (one.ruling.unit, one.factor, one.year) == (figure.unit, figure.factor, figure.year)
        )
        return max((permitted - figure.actual if unused else 0) - taken, 0)

    def _return_ratio(self, debit: Debit, day: date) -> Ratio:
        as_debited = self.rules.text("readings.recovery_ratio", day) == "as_debited"
        return debit.ratio if as_debited and debit.ratio else Ratio(1, 1)

    def _taken(self, ruling: Ruling, factor: str) -> list[tuple[LotKey, int]]:
        """Return what a debit took of each lot, in order, less what went back and stays there."""
        back: dict[LotKey, int] = {}
        for one in self.ledger.recoveries:
            if one.ruling is ruling and one.factor == factor:
                for entry in one.returned:
                    back[entry.lot_key] = back.get(entry.lot_key, 0) + entry.amount
        taken = [entry for entry in ruling.entries if entry.kind == "debit" and entry.factor == factor]
        return [(entry.lot_key, -entry.amount - back.get(entry.lot_key, 0)) for entry in taken]

    # SAFE-4  corrections

    def correct(self, document: Document) -> None:
        """Reverse every effect of one document on its lots, in this quarter."""
        row: Correction = document.rows[0]
        uses = self.book.numbers.get(row.original, ())
        if any(use.sheet == "correction" for use in uses):
            raise Refused(at(row.at, "original", "Q440", original=row.original))
        posted = self.ledger.posted.get(row.original, [])
        originals = [one for one in posted if not one.undone_by]
        if not posted:
            cause = self.ledger.refused[row.original]
            words = {"value": row.original, "cause": f"{cause.file} › {cause.sheet}!{cause.cell} {cause.code}"}
            raise Refused(at(row.at, "original", "Q311", heading="原单号", **words))
        if not originals:
            raise Refused(at(row.at, "original", "Q441", original=row.original, document=posted[0].undone_by))
        self._check_reversible(row, originals)
        for original in originals:
            for entry in list(original.entries):
                lot = self.ledger.lots.by_key[entry.lot_key]
                if entry.kind in ("opening", "deposit", "superior_in"):
                    lot.born -= entry.amount
                elif entry.kind in ("transfer_out", "transfer_in"):
                    lot.moved -= entry.amount
            self._undo_memory(original)
            original.undone_by = document.number
        self._reverse(document, row, [entry for original in originals for entry in original.entries])

    def _check_reversible(self, row: Correction, originals: list[Document]) -> None:
        """Errors  Refused if part of a debit is recovered, or a lot would leave its bounds."""
        rulings = [one.memory for one in originals if one.kind == "总量核定"]
        users = [one.document for one in self.ledger.recoveries if any(one.ruling is ruling for ruling in rulings)]
        if users:
            raise Refused(at(row.at, "original", "Q443", original=row.original, users="、".join(sorted(set(users)))))
        change: dict[LotKey, tuple[int, int]] = {}
        for original in originals:
            for entry in original.entries:
                amount, frozen = change.get(entry.lot_key, (0, 0))
                change[entry.lot_key] = (amount - entry.amount, frozen - entry.frozen)
        for key, (amount, frozen) in change.items():
            lot = self.ledger.lots.by_key[key]
            left, held = lot.left + amount, lot.frozen + frozen
            if not 0 <= held <= left:
                short = max(held - left, -held)
                own = {id(entry) for original in originals for entry in original.entries}
                first = min(entry.sequence for original in originals for entry in original.entries)
                later = (e for e in self.ledger.entries if e.sequence > first and e.lot_key == key and id(e) not in own)
                used = "、".join(dict.fromkeys(entry.document for entry in later)) or "转出或扣除"
                words = {"lot": lot.number, "zone": lot.zone, "factor": self._label(lot.factor), "users": used}
                raise Refused(at(row.at, "original", "Q442", original=row.original, short=text(short), **words))

    def _undo_memory(self, original: Document) -> None:
        if original.kind in ("减排量占用", "指标储备"):
            for row in original.rows:
                original.memory[(row.project, row.factor)] -= row.amount
        elif original.kind == "指标回收":
            for one in original.memory:
                self.ledger.recoveries.remove(one)
                one.ruling.recovered[one.factor] = Mass(one.ruling.recovered[one.factor] - one.amount)
                back = sum(entry.amount for entry in one.returned)
                one.ruling.returned[one.factor] = Mass(one.ruling.returned[one.factor] - back)
        elif original.kind == "总量核定":
            ruling: Ruling = original.memory
            if ruling in self.ledger.waiting:
                self.ledger.waiting.remove(ruling)
            ruling.status, ruling.reversed_in = Status.REVERSED, self.booked

    def _reverse(self, document: Document, row: Correction, entries: Iterable[Entry]) -> None:
        """Enter the opposite of every entry."""
        for entry in sorted(entries, key=lambda one: one.sequence):
            lot = self.ledger.lots.by_key[entry.lot_key]
            words = {"original": entry.document, "project": entry.project, "clause": "SAFE-4"}
            self._enter(document, row, "original", "correction", lot, -entry.amount, -entry.frozen, **words)

    def _label(self, factor: str) -> str:
        return self.rules.factors.label(factor)


def supply(lots: Lots, zone: str, factor: str, named: str) -> int:
    """Return what is free for a debit: in the zone, or of the 指定批次."""
    if not named:
        return lots.free(zone, factor)
    lot = lots.get(named, zone, factor)
    return lot.free if lot else 0


def verified_figure(book: Book, unit: str, factor: str, since: date | None, day: date) -> Verification | None:
    """Return a plant's latest verified year that began on or after formal operation, verified by ``day``.

    Source  RESERVE-4(2): a verified full calendar year after formal operation began
    """
    if since is None:
        return None
    fitting = [row for row in book.verifications(unit, factor) if date(row.year, 1, 1) >= since and row.date <= day]
    latest = max((row.year for row in fitting), default=None)
    return next((row for row in reversed(fitting) if row.year == latest), None)


def _permitted_amounts(row: Decision, applied: Any) -> list[Problem]:
    """Return what is wrong with the permitted amounts of a 同意: left out they are as applied.

    Source  contract §3, Decision
    """
    permitted, increased = row.permitted or ZERO, increase(applied)
    problems = []
    if permitted != increased:
        words = {"permitted": text(permitted), "applied": text(increased)}
        for field in ("permitted_project", "whole"):
            if getattr(row, field) is None:
                problems.append(at(row.at, field, "Q409", heading=by_name()["decision"].heading(field), **words))
    if row.whole is not None:
        total = max(row.whole - applied.existing - (applied.under_construction or 0), 0)
        if permitted != total:
            problems.append(at(row.at, "permitted", "Q410", permitted=text(permitted), sum=text(total)))
    return problems


def _last_taken_first(taken: list[tuple[LotKey, int]], amount: int) -> list[tuple[LotKey, int]]:
    """Return how much goes back into each lot, beginning with the one the debit took from last."""
    parts = []
    for key, left in reversed(taken):
        part = min(left, amount)
        if part > 0:
            parts.append((key, part))
            amount -= part
    return parts
