"""What a person should look at in a year's account: small named functions, each with a code, a clause and a level.

Words stand in problems.yaml, levels and numbers in parameters/warnings.yaml.  To add one: a function
below ``@annual_finding``, its code in both files.

Source  TOTAL-1, TOTAL-2, TOTAL-3, RESERVE-4
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from quota_lib.allowable import PlantAllowable
from quota_lib.allowable.saying import percent
from quota_lib.amounts import Mass, mass, text
from quota_lib.findings import Finding, Seen
from quota_lib.findings.numbers import mark_of
from quota_lib.problems import Place, catalogue
from quota_lib.rules import RuleError
from quota_lib.totals.consistency import DIFFERENT
from quota_lib.totals.estimates import QUARTERS
from quota_lib.totals.plant import INCOMPLETE
from quota_lib.totals.reading import ONLINE, labels
from quota_lib.totals.review import (
    Annual,
    declared_until,
    exceeds,
    late,
    limit,
    listed_until,
    not_declared,
    not_listed,
)
from quota_lib.totals.totals import Total
from quota_lib.totals.year import TO_ENVIRONMENT, WHOLE_PLANT

Check = Callable[[Annual], Iterator[Seen]]
ANNUAL_CHECKS: dict[str, Check] = {}


def annual_finding(code: str) -> Callable[[Check], Check]:
    """Register a check under its code."""

    def register(check: Check) -> Check:
        ANNUAL_CHECKS[code] = check
        return check

    return register


def annual_findings(account: Annual) -> list[Finding]:
    """Return what every check sees in a year, by zone, unit, project, factor, code.

    Errors  RuleError for a check without its entry in parameters/warnings.yaml.
    """
    rules, day = account.year.rules, account.year.end
    found = []
    for code, check in sorted(ANNUAL_CHECKS.items()):
        parameter = rules.parameters.get(f"warnings.{code}")
        if parameter is None:
            raise RuleError(f"rule 'warnings.{code}' does not exist. Add it to parameters/warnings.yaml.")
        entry = catalogue()[code]
        for seen in check(account):
            rules.value(parameter.key, day)
            message = entry.message.format(**seen.words)
            about = (seen.zone, seen.unit, seen.project, seen.factor)
            mark = mark_of(code, seen.words)
            found.append(
                Finding(*about, parameter.more["level"], code, entry.clause, message, entry.fix, seen.at, mark)
            )
    order = rules.factors.order
    return sorted(
        found, key=lambda one: (one.zone, one.unit, one.project, order.get(one.factor, -1), one.code, one.message)
    )


def _line(account: Annual, code: str) -> Mass:
    return mass(account.year.rules.text(f"warnings.{code}", account.year.end))


def _name(account: Annual, unit: str) -> str:
    found = account.year.units.get(unit)
    return found.label if found else unit


def _what(account: Annual, row: Total) -> str:
    """Return whose figure it is, in words: the factor, and 口径 and 范围 where they are not the usual ones."""
    other = [] if row.basis == TO_ENVIRONMENT else [row.basis]
    other += [] if row.scope == WHOLE_PLANT else [row.scope]
    return account.year.rules.factors.label(row.factor) + (f"（{'，'.join(other)}）" if other else "")


def _seen(account: Annual, row: Total, words: dict[str, object], at: tuple[Place, str] | None) -> Seen:
    return Seen(row.zone, row.unit, "", row.factor, {"what": _what(account, row), **words}, at)


def _declared(account: Annual, row: Total, field: str) -> tuple[Place, str] | None:
    found = account.year.declarations.get(row.figure)
    return (found.at, field) if found else None


def _actual_at(account: Annual, row: Total) -> tuple[Place, str] | None:
    verified = account.year.verifications.get((row.unit, row.factor, row.basis))
    if verified and row.scope == WHOLE_PLANT:
        return verified.at, "actual"
    return _declared(account, row, "actual")


# TOTAL-1: the list


@annual_finding("W540")
def listed_without_declaration(account: Annual) -> Iterator[Seen]:
    """A plant on the management list declared nothing."""
    year = account.year
    for row in not_declared(year):
        words: dict[str, object] = {"unit": _name(account, row.unit), "year": year.year}
        yield Seen(year.zone(row.unit), row.unit, "", "", words, (row.at, "unit"))


@annual_finding("W541")
def declared_without_listing(account: Annual) -> Iterator[Seen]:
    """A plant declared and is not on the management list."""
    year = account.year
    for row in not_listed(year):
        words: dict[str, object] = {"unit": _name(account, row.unit), "year": year.year}
        yield Seen(year.zone(row.unit), row.unit, "", "", words, (row.at, "unit"))


@annual_finding("W543")
def listed_late(account: Annual) -> Iterator[Seen]:
    """A plant was put on the list after the last day."""
    year, deadline = account.year, listed_until(account.year)
    for unit, row in sorted(year.listed.items()):
        first = min(one.day for one in year.book.history("managed", (year.year, unit)))
        if first > deadline:
            words: dict[str, object] = {"unit": _name(account, unit), "year": year.year, "day": first}
            yield Seen(year.zone(unit), unit, "", "", {**words, "deadline": deadline}, (row.at, "date"))


# TOTAL-2: the declarations


@annual_finding("W542")
def declared_late(account: Annual) -> Iterator[Seen]:
    """A plant declared after the last day."""
    year, deadline = account.year, declared_until(account.year)
    for row, day, factors in late(year):
        names = "、".join(map(year.rules.factors.label, factors))
        words: dict[str, object] = {"unit": _name(account, row.unit), "year": year.year, "day": day}
        words |= {"factors": names, "deadline": deadline}
        yield Seen(year.zone(row.unit), row.unit, "", "", words, (row.at, "date"))


@annual_finding("W544")
def declared_differs(account: Annual) -> Iterator[Seen]:
    """What was declared and what was computed differ by more than the tolerance."""
    share = percent(account.year.rules.ratio("annual.declared_tolerance", account.year.end))
    for row in account.totals:
        if row.agrees is False:
            words: dict[str, object] = {"declared": text(row.declared_actual or 0), "share": share}
            words |= {"computed": text(row.computed_actual or 0), "route": labels(tuple(row.route.split("+")))}
            yield _seen(account, row, words, _declared(account, row, "actual"))


@annual_finding("W553")
def other_permit_declared(account: Annual) -> Iterator[Seen]:
    """What was declared as permitted is not what the register says."""
    for row in account.totals:
        if row.permitted is None or row.declared_permitted is None:
            continue
        if abs(row.declared_permitted - row.permitted) > _line(account, "W553"):
            words: dict[str, object] = {"declared": text(row.declared_permitted), "permitted": text(row.permitted)}
            yield _seen(account, row, words, _declared(account, row, "permitted"))


@annual_finding("W548")
def required_monitor_silent(account: Annual) -> Iterator[Seen]:
    """An outlet that must have online monitoring has no valid data for some quarter."""
    for key, one in sorted(account.actuals.outlets.items()):
        if one.required and len(one.used.get(ONLINE, ())) < len(QUARTERS):
            found = one.estimates.get(ONLINE)
            words: dict[str, object] = {"outlet": key[1], "factor": account.year.rules.factors.label(key[2])}
            words["why"] = found.note if found else "没有在线数据"
            yield Seen(account.year.zone(key[0]), key[0], "", key[2], words, (one.outlet.at, "monitored"))


@annual_finding("W549")
def not_accountable(account: Annual) -> Iterator[Seen]:
    """There are data of a plant's factor, and they do not make an annual amount; each cause is said once."""
    told: set[tuple[str, str, str]] = set()
    for row in sorted(account.totals, key=lambda one: (one.scope != WHOLE_PLANT, one.basis != TO_ENVIRONMENT)):
        made = account.actuals.plants.get(row.figure)
        if made and made.computed is None:
            cause = made.reason.removeprefix(INCOMPLETE)
            if (row.unit, row.factor, cause) not in told:
                told.add((row.unit, row.factor, cause))
                yield _seen(account, row, {"why": cause}, _declared(account, row, "actual"))


@annual_finding("W550")
def nothing_permitted(account: Annual) -> Iterator[Seen]:
    """A plant discharges, and no permit says how much it may; where nobody says so at all, W554 has it."""
    told = {(one.unit, one.factor) for one in account.allowables.plants if one.permitted is None}
    for row in account.totals:
        usual = (row.basis, row.scope) == (TO_ENVIRONMENT, WHOLE_PLANT) and (row.unit, row.factor) not in told
        if usual and row.permitted is None and (row.actual or 0) > _line(account, "W550"):
            yield _seen(account, row, {}, _actual_at(account, row))


# TOTAL-3: verification


@annual_finding("W545")
def above_permitted(account: Annual) -> Iterator[Seen]:
    """A plant discharged more than it is permitted."""
    for row in account.totals:
        line = limit(row)
        if exceeds(row.actual, line, _line(account, "W545")):
            words: dict[str, object] = {"actual": text(row.actual or 0), "source": row.actual_from}
            yield _seen(account, row, {**words, "permitted": text(line or 0)}, _actual_at(account, row))


@annual_finding("W546")
def above_allowable(account: Annual) -> Iterator[Seen]:
    """A plant discharged more than it was allowed for the year."""
    for row in account.totals:
        if exceeds(row.actual, row.allowable, _line(account, "W546")):
            words: dict[str, object] = {"actual": text(row.actual or 0), "source": row.actual_from}
            words |= {"allowable": text(row.allowable or 0), "basis": row.allowable_from}
            yield _seen(account, row, words, _actual_at(account, row))


@annual_finding("W547")
def published_differs(account: Annual) -> Iterator[Seen]:
    """A published figure is not the verified one."""
    rows = {row.figure: row for row in account.totals}
    for one in account.consistency:
        row = rows.get((one.unit, one.factor, one.basis, one.scope))
        if one.verdict == DIFFERENT and row:
            words: dict[str, object] = {"source": one.source, "published": text(one.published)}
            words |= {"verified": text(one.verified or 0), "difference": text(one.difference or 0)}
            yield _seen(account, row, words, (one.row.at, "amount"))


@annual_finding("W551")
def above_cap(account: Annual) -> Iterator[Seen]:
    """A zone's plants (or the park's) discharged more than its cap."""
    year = account.year
    for one in account.scorecard:
        if not one.unit and exceeds(one.actual, one.cap, _line(account, "W551")):
            zone = year.park.book.zone_label(one.zone) if one.zone else "全园区"
            words: dict[str, object] = {"zone": zone, "factor": year.rules.factors.label(one.factor)}
            words |= {"actual": text(one.actual or 0), "cap": text(one.cap or 0), "year": year.year}
            cap = year.caps[(year.year, one.zone, one.factor)]
            yield Seen(one.zone, "", "", one.factor, words, (cap.at, "cap"))


# TOTAL-3: next year's allowable


def _next_of_plants(account: Annual) -> Iterator[tuple[PlantAllowable, Total]]:
    """Return every plant's allowable with the plant's row; none before they are set."""
    rows = {row.figure: row for row in account.totals}
    for one in account.allowables.plants:
        yield one, rows[(one.unit, one.factor, TO_ENVIRONMENT, WHOLE_PLANT)]


def _next_at(account: Annual, row: Total) -> tuple[Place, str] | None:
    verified = account.year.verifications.get((row.unit, row.factor, row.basis))
    return (verified.at, "next_allowable") if verified and verified.next_allowable is not None else None


@annual_finding("W554")
def nothing_to_propose_by(account: Annual) -> Iterator[Seen]:
    """A plant discharges or has the bureau's figure, and neither permit, verification nor declaration says what it may."""
    for one, row in _next_of_plants(account):
        if one.permitted is None:
            if one.override is not None:
                how = f"按局核定数 {text(one.override)} t 计入下年限量"
            elif one.taken:
                how = f"按核定实际 {text(one.taken)} t 从下年限量中扣除"
            else:
                how = "下年限量没有为它扣除"
            yield _seen(account, row, {"how": how}, _next_at(account, row) or _actual_at(account, row))


@annual_finding("W555")
def next_cap_not_met(account: Annual) -> Iterator[Seen]:
    """What a zone (or the park) must carry next year is more than its cap, whatever is proposed."""
    year = account.year
    for one in account.allowables.balances:
        if one.cap is not None and one.short > _line(account, "W555"):
            zone = year.park.book.zone_label(one.zone) if one.zone else "全园区"
            words: dict[str, object] = {"zone": zone, "factor": year.rules.factors.label(one.factor)}
            taken = one.reserved + one.approved + one.unlisted + one.unpermitted
            words |= {"year": year.year + 1, "cap": text(one.cap), "short": text(one.short)}
            words |= {"taken": text(taken), "total": text(one.total)}
            row = year.caps[(year.year + 1, one.zone, one.factor)]
            yield Seen(one.zone, "", "", one.factor, words, (row.at, "cap"))


@annual_finding("W556")
def bureau_above_permitted(account: Annual) -> Iterator[Seen]:
    """The bureau set more for next year than the plant is permitted."""
    for one, row in _next_of_plants(account):
        if exceeds(one.override, one.permitted, _line(account, "W556")):
            words: dict[str, object] = {"override": text(one.override or 0), "permitted": text(one.permitted or 0)}
            yield _seen(account, row, words, _next_at(account, row))


# RESERVE-4: recovery


@annual_finding("W552")
def verdict_flips(account: Annual) -> Iterator[Seen]:
    """Whether a plant used less than the line depends on what is counted."""
    share = percent(account.year.rules.ratio("recovery.actual_below", account.year.end))
    for one in account.recoveries:
        if one.flips:
            label = account.year.rules.factors.label(one.factor)
            words: dict[str, object] = {"project": one.project, "factor": label, "share": share}
            row = one.ruling.takes[one.factor].row
            yield Seen(
                one.ruling.zone,
                one.unit,
                one.project,
                one.factor,
                {**words, "views": "、".join(one.flips)},
                (row.at, "permitted"),
            )
