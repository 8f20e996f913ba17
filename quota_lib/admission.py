"""Which rows of a folder count: the rules of contract §2 above the single cell.

Sheet by sheet, in an order in which a row's names stand on earlier sheets: dates and
conditional columns, names, the same row again, dates that follow each other; then the
documents: their numbers, what their rows must agree in, and what is left of them.
A row in error is absent, and what names it posts nothing either, with a 提示 that says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from quota_lib.book import Book, DecisionDocument, Use, key_of
from quota_lib.input_rows import take_place
from quota_lib.method_sheets import DOCUMENTED, PREFIX, method_of
from quota_lib.methods import LABELS, method_named
from quota_lib.naming import NAMES, NAMES_DOCUMENT, SHEETS_OF, defines, named_by
from quota_lib.periods import Period, Quarter, posting_day
from quota_lib.problems import Place, Problem, at
from quota_lib.row_rules import CONDITIONS, FOLLOWS, Fault, Faults, Judge, ended_before, unpublished
from quota_lib.rules import Rules
from quota_lib.schema import Sheet, by_name, sheets
from quota_lib.workbook.sheet import Absent, Reading

DOCUMENTS = ("opening", "occupation", "deposit", "decision", "superior", "transfer", "recovery", "correction")
ABOVE_ZERO = {"opening", "occupation", "deposit", "superior", "transfer", "recovery"}
LEDGER_ANNUAL = ("功能区", "排污单位", "环境质量", "总量复核")
"""What the ledger reads of an annual folder."""


class Batch(NamedTuple):
    """The rows of one folder that count from one quarter on."""

    label: Period
    booked: Quarter
    readings: list[Reading]
    first: Quarter | None  # the ledger's first quarter, the only one that may open lots
    blind: tuple[Problem, ...] = ()


class Admitted(NamedTuple):
    """The rows that count, by sheet name, and the complaints about the others; ``absent``: these, as far as read."""

    rows: Mapping[str, list[Any]]
    problems: list[Problem]
    absent: Mapping[str, list[Absent]]


def admit(book: Book, batch: Batch, rules: Rules, standing: Mapping[str, str]) -> Admitted:
    """Enter into the Book what a folder brings, and return the rows that count and every complaint.

    ``standing``: projects whose application must stay as it is, with the 文号 that holds it (RESERVE-2c).
    """
    return _Admission(book, batch, rules, standing).run()


class _Admission:
    """One folder on its way into the Book."""

    def __init__(self, book: Book, batch: Batch, rules: Rules, standing: Mapping[str, str]) -> None:
        self.book, self.batch, self.rules, self.standing = book, batch, rules, standing
        self.start = rules.day("scope.start", batch.booked.end)
        self.problems: list[Problem] = []
        self.absent: dict[str, list[Absent]] = defaultdict(list)
        self.rows: dict[str, list[Any]] = {}
        book.batch += 1

    def run(self) -> Admitted:
        given: dict[str, list[Any]] = defaultdict(list)
        for fault in self.batch.blind:
            self.book.blind.setdefault("", fault)
        for reading in self.batch.readings:
            given[reading.sheet.name].extend(reading.rows)
            self.absent[reading.sheet.name].extend(reading.absent)
            if reading.blind:
                self.book.blind.setdefault(reading.sheet.name, reading.blind)
        for sheet in self._plain_sheets():
            rows = self._row_rules(sheet, given[sheet.name])
            self._enter(sheet, rows)
        pending = {}
        for name in DOCUMENTS:
            pending[name] = self._row_rules(by_name()[name], given[name])
        self._documents(pending)
        return Admitted(self.rows, self.problems, self.absent)

    def _plain_sheets(self) -> Iterator[Sheet]:
        """Return the sheets that hold no documents; the methods' inputs before the 减排量 that stand on them."""
        inputs = {one.sheet.name: one.sheet for one in self.batch.readings if method_of(one.sheet.name)}
        for sheet in sheets().values():
            if sheet.name == "reduction":
                yield from inputs.values()
            if sheet.name not in DOCUMENTS and sheet.fields:
                yield sheet

    # rows

    def _row_rules(self, sheet: Sheet, rows: list[Any]) -> list[Any]:
        """Return the rows of a sheet that pass everything a row is judged by."""
        if sheet.name == "assessment":
            rows = [self._published(row) for row in rows]
        self._note_absent(sheet, self.absent[sheet.name])
        for judge in (self._dates, self._conditions, self._names):
            rows = self._drop(sheet, rows, judge(sheet))
        rows = self._same_again(sheet, rows)
        follows = FOLLOWS.get(sheet.name)
        return self._drop(sheet, rows, partial(follows, self.book) if follows else None)

    def _published(self, row: Any) -> Any:
        label = self.batch.label
        return row._replace(date=label.start) if row.date is None and isinstance(label, Quarter) else row

    def _drop(self, sheet: Sheet, rows: list[Any], judge: Judge | None) -> list[Any]:
        """Return the rows without a fault; the others become absent, each fault reported at its cell."""
        if judge is None:
            return rows
        judged = [(row, faults) for row, faults in zip(rows, map(judge, rows), strict=True) if faults]
        if not judged:
            return rows
        bad = []
        for row, faults in judged:
            found = [at(row.at, f.field, f.code, **{"heading": sheet.heading(f.field), **f.words}) for f in faults]
            self.problems += found
            cause = next((one for one in found if one.severity == "error"), found[0])
            bad.append(Absent(sheet.name, row._asdict(), row.at, cause))
        self._note_absent(sheet, bad)
        self.absent[sheet.name] += bad
        gone = {id(row) for row, _ in judged}
        return [row for row in rows if id(row) not in gone]

    def _note_absent(self, sheet: Sheet, bad: Iterable[Absent]) -> None:
        for one in bad:
            for kind, name in defines(sheet, one.values):
                self.book.absent.setdefault((kind, name), one.cause)
            if sheet.number and one.values.get(sheet.number):
                project = (one.values.get("construction") or "") if sheet.name == "decision" else ""
                self.book.halt(one.values[sheet.number], (sheet.name, self.batch.label, project), one.cause)

    def _dates(self, sheet: Sheet) -> Judge | None:
        """Judge the business date: within the period or late, never after its end nor before the start (SCOPE-1)."""
        if not sheet.date:
            return None
        label, start, date_of = self.batch.label, self.start, attrgetter(sheet.date)
        if isinstance(label, Quarter):
            lower, upper = start, label.end
        else:
            lower, upper = date(label, 1, 1), date(label + 1, 12, 31)
        fine: set[Any] = {None}

        def judge(row: Any) -> Faults:
            day = date_of(row)
            if day in fine:
                return ()
            if isinstance(day, datetime):
                day = day.date()
            if isinstance(label, int) and not lower <= day <= upper:
                return [Fault(sheet.date, "Q307", {"value": day, "start": lower, "end": upper})]
            if day > upper and sheet.name != "remark":  # a report is reviewed after its quarter; nothing is booked
                return [Fault(sheet.date, "Q301", {"value": day, "end": upper})]
            if day < start and sheet.name != "sample":  # monitoring data are not tested
                return [Fault(sheet.date, "Q302", {"value": day, "start": start})]
            fine.add(date_of(row))
            return ()

        return judge

    def _conditions(self, sheet: Sheet) -> Judge | None:
        """Judge what a row must say beside its single cells."""
        judges: list[Judge] = []
        if sheet.name in ABOVE_ZERO:
            judges.append(lambda row: [Fault("amount", "Q218")] if row.amount == 0 else ())
        if sheet.name in CONDITIONS:
            judges.append(CONDITIONS[sheet.name])
        if sheet.name == "reduction_project":
            judges.append(lambda row: ended_before(row, self.start))
        if sheet.name == "assessment":
            judges.append(unpublished)
        if sheet.name == "decision":
            judges.append(self._factor_applied_for)
        if sheet.name == "reduction":
            judges.append(self._inputs_given)
        if sheet.name == "opening" and self.batch.first and self.batch.booked != self.batch.first:
            judges.append(lambda row: [Fault("document", "Q308", {"first": self.batch.first})])
        if len(judges) < 2:
            return judges[0] if judges else None
        return lambda row: [fault for judge in judges for fault in judge(row)]

    def _inputs_given(self, row: Any) -> Faults:
        """Judge whether the inputs of a declared method stand on its sheet, 文件核定 aside (REDUCE-2)."""
        name = method_named(row.method)
        if name in (None, DOCUMENTED) or name in dict(self.book.inputs.get((row.project, row.factor), ())):
            return ()
        label = LABELS[name]
        cause = self.book.absent.get(("inputs", f"{row.project}/{row.factor}")) or self.book.blind.get(PREFIX + name)
        if cause:
            words = {"value": f"核算-{label}", "cause": _where(cause)}
            return [Fault("method", "Q311", words)]
        return [Fault("method", "Q238", {"label": label})]

    def _factor_applied_for(self, row: Any) -> Faults:
        """Judge whether the application row that a decision is about is in error."""
        cause = self.book.absent.get(("application_row", f"{row.construction}/{row.factor}"))
        if cause is None or self.book.history("application", (row.construction, row.factor)):
            return ()
        words = {
            "heading": "建设项目编号与污染因子",
            "value": f"{row.construction} {row.factor}",
            "cause": _where(cause),
        }
        return [Fault("factor", "Q311", words)]

    def _names(self, sheet: Sheet) -> Judge | None:
        """Judge whether everything that a row names is known from this or an earlier folder."""
        wanted = [(f.name, f.type) for f in sheet.fields if f.type in ("zone", "unit")]
        wanted = [(name, kind) for name, kind in wanted if (sheet.name, name) != ("unit", "unit")]
        wanted += NAMES.get(named_by(sheet), ())
        return self._unknown(wanted) if wanted else None

    def _unknown(self, wanted: list[tuple[str, str]]) -> Judge:
        names_of = attrgetter(*(field for field, _ in wanted), wanted[0][0])
        fine: set[Any] = set()

        def judge(row: Any) -> Faults:
            names = names_of(row)
            if names in fine:
                return ()
            faults: dict[str, Fault] = {}
            for (field, kind), name in zip(wanted, names, strict=False):
                if name and field not in faults and not self.book.known(kind, name):
                    faults[field] = self._missing(field, kind, name)
            if not faults:
                fine.add(names)
            return list(faults.values())

        return judge

    def _missing(self, field: str, kind: str, name: str) -> Fault:
        cause = self.book.cause(kind, name)
        if cause:
            return Fault(field, "Q311", {"value": name, "cause": _where(cause)})
        return Fault(field, "Q310", {"value": name, "where": SHEETS_OF[kind]})

    # the same row again

    def _same_again(self, sheet: Sheet, rows: list[Any]) -> list[Any]:
        """Return the rows that are new: neither already there, nor in conflict with another of their key."""
        if named_by(sheet) == "inputs":
            kept, told = take_place(self.book.inputs, method_of(sheet.name), rows)
            self.problems += told
            return kept
        if not sheet.key:
            return rows
        groups: dict[Any, list[Any]] = defaultdict(list)
        for row in rows:
            groups[key_of(sheet, row)].append(row)
        kept = []
        for key, group in groups.items():
            held = [one.row for one in self.book.history(sheet.name, key)]
            if not held and len(group) == 1:
                kept.append(group[0])
                continue
            kept += self._new_rows(sheet, held, group)
        return kept

    def _new_rows(self, sheet: Sheet, held: list[Any], group: list[Any]) -> list[Any]:
        group.sort(key=_position)
        earlier = held if sheet.refuses or sheet.date else held[-1:]
        seen = {row[:-1]: row for row in earlier}
        new = []
        for row in group:
            if row[:-1] in seen:
                self.problems.append(_about(sheet, row, "Q320", other=seen[row[:-1]].at))
            else:
                seen[row[:-1]] = row
                new.append(row)
        if sheet.refuses and held:
            self._refuse(sheet, new, "Q322", held[0])
            return []
        rivals: dict[Any, list[Any]] = defaultdict(list)
        for row in new:
            rivals[getattr(row, sheet.date) if sheet.date and not sheet.refuses else None].append(row)
        kept = []
        for same_day in rivals.values():
            if len(same_day) > 1:
                self._refuse(sheet, same_day[1:], "Q321", same_day[0])
                self._lose(sheet, same_day[:1], self.problems[-1])
            else:
                kept += same_day
        return self._unchanged(sheet, held, kept)

    def _unchanged(self, sheet: Sheet, held: list[Any], rows: list[Any]) -> list[Any]:
        """Return the replacing rows that change nothing that is fixed."""
        if sheet.fixed:
            first = (
                held[0]
                if held
                else min(rows, key=lambda row: (getattr(row, sheet.date or "at"), _position(row)), default=None)
            )
            rows = self._drop(sheet, rows, lambda row: list(_changed(sheet, first, row)))
        return rows

    def _agreed(self, row: Any) -> Faults:
        document = self.standing.get(row.construction)
        return [Fault("construction", "Q326", {"value": row.construction, "document": document})] if document else ()

    def _refuse(self, sheet: Sheet, rows: list[Any], code: str, other: Any) -> None:
        for row in rows:
            self.problems.append(_about(sheet, row, code, other=other.at, what=_WHAT.get(sheet.name, "记录")))
            self._lose(sheet, [row], self.problems[-1])

    def _lose(self, sheet: Sheet, rows: Iterable[Any], cause: Problem) -> None:
        """Make rows absent whose fault is reported elsewhere."""
        bad = [Absent(sheet.name, row._asdict(), row.at, cause) for row in rows]
        self._note_absent(sheet, bad)
        self.absent[sheet.name] += bad

    def _enter(self, sheet: Sheet, rows: list[Any]) -> None:
        """Enter rows into the Book, and say of each late one that it is booked now."""
        if sheet.name == "application":
            rows = self._drop(sheet, rows, self._agreed)
        booked = self.batch.booked
        told: set[Any] = set()
        for row in rows:
            day = (getattr(row, sheet.date) if sheet.date else None) or booked.start
            day = day.date() if isinstance(day, datetime) else day
            late = isinstance(self.batch.label, Quarter) and sheet.key and day < booked.start
            once = getattr(row, sheet.number) if sheet.number else _position(row)
            if late and once not in told and not self._replaces_fixed_date(sheet, row):
                told.add(once)
                self.problems.append(at(row.at, sheet.date, "Q304", heading=sheet.heading(sheet.date), value=day))
            if named_by(sheet) == "inputs":
                self.book.inputs.setdefault((row.project, row.factor), []).append((method_of(sheet.name), row))
            if sheet.key:
                self.book.enter(sheet, row, posting_day(day, booked), day)
        self.rows[sheet.name] = rows

    def _replaces_fixed_date(self, sheet: Sheet, row: Any) -> bool:
        """Return whether a row only replaces one whose date it may not change, and so is not late itself."""
        return sheet.date in sheet.fixed and bool(self.book.history(sheet.name, key_of(sheet, row)))

    # documents

    def _documents(self, pending: dict[str, list[Any]]) -> None:
        self._numbers(pending)
        for name in DOCUMENTS:
            if name not in NAMES_DOCUMENT:
                self._complete(name, pending[name])
        for name, field in NAMES_DOCUMENT.items():
            sheet = by_name()[name]
            pending[name] = self._drop(sheet, pending[name], self._document_named(field, pending[name]))
            if name == "decision":
                pending[name] = self._drop(sheet, pending[name], self._lot_brought)
            self._complete(name, pending[name])

    def _document_named(self, field: str, rows: list[Any]) -> Judge:
        """Judge whether the document that a row names is known; one of its own sheet is judged when it posts."""
        own = {row.document for row in rows}
        unknown = self._unknown([(field, "document")])
        return lambda row: () if getattr(row, field) in own else unknown(row)

    def _lot_brought(self, row: Any) -> Faults:
        """Judge 指定批次: some row of this or an earlier quarter brings this factor under its number (RESERVE-2c)."""
        if not row.lot or row.decision != "同意" or (row.lot, row.factor) in self.book.brought:
            return ()
        return [Fault("lot", "Q417", {"lot": row.lot, "factor": self.rules.factors.label(row.factor)})]

    def _numbers(self, pending: dict[str, list[Any]]) -> None:
        """Drop the documents whose number stands on two sheets or in two folders."""
        uses: dict[str, dict[tuple[str, str], list[Any]]] = defaultdict(lambda: defaultdict(list))
        for name in DOCUMENTS:
            for row in pending[name]:
                uses[row.document][(name, row.construction if name == "decision" else "")].append(row)
        lost: dict[str, set[int]] = defaultdict(set)
        for number, documents in uses.items():
            earlier = self.book.numbers.get(number, ())
            if len({name for name, _ in documents}) > 1:
                first, *others = sorted(documents.items(), key=lambda one: _position(one[1][0]))
                for (name, _), rows in others:
                    self._number_fault(name, rows, number, first[1][0].at)
                self._lose(by_name()[first[0][0]], first[1], self.problems[-1])
                lost_here = [(name, rows) for (name, _), rows in documents.items()]
            else:
                lost_here = []
                for (name, project), rows in documents.items():
                    clash = _clash(earlier, name, project)
                    if clash:
                        self._number_fault(name, rows, number, clash.row.at)
                        lost_here.append((name, rows))
            for name, rows in lost_here:
                lost[name] |= {id(row) for row in rows}
        for name, gone in lost.items():
            pending[name] = [row for row in pending[name] if id(row) not in gone]

    def _number_fault(self, name: str, rows: list[Any], number: str, other: Place) -> None:
        self.problems.append(at(rows[0].at, "document", "Q324", value=number, other=other))
        self._lose(by_name()[name], rows, self.problems[-1])

    def _complete(self, name: str, rows: list[Any]) -> None:
        """Enter the documents of a sheet that are whole and agree with themselves."""
        sheet = by_name()[name]
        documents: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in rows:
            documents[_document(name, row)].append(row)
        broken = self._disagreeing(sheet, documents)
        gone = {id(row) for document in broken for row in documents[document]}
        for document in broken:
            self._lose(sheet, documents[document], broken[document])
        for one in self.absent[name]:
            number, project = one.values.get("document"), one.values.get("construction") if name == "decision" else ""
            if number and project is not None:
                broken.setdefault((number, project), one.cause)
        whole, held = [], []
        for document, members in documents.items():
            cause = broken.get(document)
            if cause is None:
                whole += members
                continue
            held += [row for row in members if id(row) not in gone]
            for row in members:
                if not _on_row(cause, row):
                    words = {"value": document[0], "cause": _where(cause)}
                    self.problems.append(at(row.at, "document", "Q312", **words))
        for (number, project), cause in broken.items():
            self.book.halt(number, (name, self.batch.label, project), cause)
        self._enter(sheet, whole)
        self._hold(sheet, held)
        if name == "decision":
            self._enter_decisions(whole)
        elif name == "correction":
            self.book.corrected |= {row.original for row in whole}

    def _hold(self, sheet: Sheet, rows: list[Any]) -> None:
        """Enter sound rows beside one in error: they keep key and number, and post nothing."""
        for row in rows:
            day = getattr(row, sheet.date) if sheet.date else self.batch.booked.start
            self.book.enter(sheet, row, posting_day(day, self.batch.booked), day)

    def _disagreeing(
        self, sheet: Sheet, documents: Mapping[tuple[str, str], list[Any]]
    ) -> dict[tuple[str, str], Problem]:
        """Return the documents whose rows differ in what they must agree in, with the complaint."""
        broken: dict[tuple[str, str], Problem] = {}
        groups: list[tuple[tuple[str, ...], list[tuple[str, str]], list[Any]]] = []
        if sheet.same_each:
            for document, rows in documents.items():
                groups.append((sheet.same_each, [document], rows))
            numbers: dict[str, list[tuple[str, str]]] = defaultdict(list)
            for document in documents:
                numbers[document[0]].append(document)
            groups += [(sheet.same, own, [row for one in own for row in documents[one]]) for own in numbers.values()]
        else:
            groups = [(sheet.same, [document], rows) for document, rows in documents.items()]
        for fields, owners, rows in groups:
            found = _difference(fields, sorted(rows, key=_position))
            if found and not any(owner in broken for owner in owners):
                row, field, first = found
                words = {"value": owners[0][0], "heading": sheet.heading(field), "other": first.at}
                self.problems.append(at(row.at, field, "Q325", **words))
                broken.update(dict.fromkeys(owners, self.problems[-1]))
        return broken

    def _enter_decisions(self, rows: list[Any]) -> None:
        documents: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in rows:
            documents[(row.construction, row.document)].append(row)
        order = self.rules.factors.order
        for (project, document), members in documents.items():
            members.sort(key=lambda row: order[row.factor])
            entry = DecisionDocument(project, document, self.batch.booked, members[0].date, tuple(members))
            known = self.book.decisions.setdefault(project, [])
            known.append(entry)
            known.sort(key=lambda one: (one.booked, one.date, one.document))


_WHAT = {name: "单据的同一项" for name in DOCUMENTS}


def _position(row: Any) -> tuple[str, str, int]:
    place: Place = row.at
    return place.position


def _where(cause: Problem) -> str:
    place = "!".join(part for part in (cause.sheet, cause.cell) if part)
    return " › ".join(part for part in (cause.file, place) if part) + f" {cause.code}"


def _on_row(cause: Problem, row: Any) -> bool:
    place = row.at
    return (cause.file, cause.sheet, cause.order[2]) == (place.source.file, place.source.sheet, place.row)


def _document(name: str, row: Any) -> tuple[str, str]:
    return (row.document, row.construction if name == "decision" else "")


def _clash(earlier: Iterable[Use], name: str, project: str) -> Use | None:
    """Return where a number stands already, so that it may not stand again."""
    return next((use for use in earlier if use.sheet != name or name != "decision" or use.project == project), None)


def _about(sheet: Sheet, row: Any, code: str, **words: object) -> Problem:
    return at(row.at, sheet.key[0] if sheet.key[0] != "folder" else sheet.key[1], code, **words)


def _difference(fields: Iterable[str], rows: list[Any]) -> tuple[Any, str, Any] | None:
    first = rows[0]
    for row in rows[1:]:
        for field in fields:
            if getattr(row, field) != getattr(first, field):
                return row, field, first
    return None


def _changed(sheet: Sheet, first: Any, row: Any) -> Iterator[Fault]:
    for field in sheet.fixed:
        before, now = getattr(first, field), getattr(row, field)
        if before != now:
            yield Fault(field, "Q323", {"before": before, "value": now, "other": first.at})
