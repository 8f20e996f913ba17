"""A trial (试算): a quarter under other parameters, coefficients or methods, held against the official figures.

Pure, and apart: the official park goes in as it is and nothing of a trial goes back into it.
Source  REDUCE-2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from quota_lib.accounting import Basis, Key
from quota_lib.amounts import Mass, text
from quota_lib.applications import status
from quota_lib.coefficients import Coefficients
from quota_lib.findings import Finding, findings
from quota_lib.park import Park, fold
from quota_lib.periods import Period
from quota_lib.problems import Problem, problem
from quota_lib.reductions import Reduced, reductions
from quota_lib.reserve.balances import Balance, balances
from quota_lib.reserve.route import Years, judge
from quota_lib.rules import RuleError, Rules
from quota_lib.what_if import FOLLOW, WhatIf, with_methods
from quota_lib.workbook.folder import Folder

RECOVERY = ("W508", "W509", "W510")
ROUTE, ELIGIBILITY, STATUS, DEBIT, CANDIDATE = "途径", "可储备", "期末状态", "扣除量", "回收"


class Trial(NamedTuple):
    """The official figures and the trial's, of one quarter."""

    what: WhatIf
    official: Park
    park: Park


def try_out(official: Park, folders: Mapping[Period, Folder], what: WhatIf) -> Trial:
    """Return a quarter as it would be under a what-if, beside what it is.

    Errors  RuleError for a parameter, table, edition or coefficient that is not there, and for inputs that are wrong.
    """
    what = with_methods(what)
    rules, changed = changed_rules(official, what)
    basis = Basis(official.basis.coefficients, changed, frozenset(what.methods), what.instead, what.inputs)
    park = fold(folders, official.quarter, rules, basis)
    _demand_good_inputs(park, what)
    if what.verified == FOLLOW:
        park = fold(_lowered(folders, _falls(official, park), park), official.quarter, rules, basis)
    return Trial(what, official, park)


def changed_rules(official: Park, what: WhatIf) -> tuple[Rules, Coefficients]:
    """Return the parameters and coefficient tables as a trial has them.

    Errors  RuleError for a parameter, table, edition or coefficient that is not there.
    """
    rules = official.rules.changed(what.parameters, f"试算 {what.name}：{what.title}", what.where)
    for project, factor in what.inputs:
        if factor not in official.book.declared_of.get(project, ()):
            raise RuleError(
                f"{what.where}: inputs name {project}/{factor}, which nobody declared up to {official.quarter}."
            )
    return rules, official.basis.coefficients.changed(what.coefficients, what.where)


def _demand_good_inputs(park: Park, what: WhatIf) -> None:
    """Refuse a trial whose own inputs cannot be computed: the mistake stands in its file, not in a workbook."""
    for project, factor in what.inputs:
        made = park.accounted.get((project, factor))
        found = [problem(one.code, "", **dict(one.words)) for one in (made.computation.faults if made else ())]
        if found:
            said = "；".join(f"{one.message} → {one.fix}" for one in found)
            raise RuleError(f"{what.where}: inputs of {project}/{factor}: {said}")


def _falls(official: Park, trial: Park) -> dict[Key, Mass]:
    """Return, where the trial computes less than was computed, how much it computes: at least 0."""
    found = {}
    for key, one in trial.accounted.items():
        before = official.accounted.get(key)
        if before and before.counted is not None and one.counted is not None and one.counted < before.counted:
            found[key] = Mass(max(one.counted, 0))
    return found


def _lowered(folders: Mapping[Period, Folder], falls: Mapping[Key, Mass], park: Park) -> dict[Period, Folder]:
    """Return the folders with verdicts and deposits lowered to what the trial computes, the earliest deposit first."""
    left = {key: Mass(max(most - park.ledger.occupied.get(key, 0), 0)) for key, most in falls.items()}
    made: dict[Period, Folder] = {}
    for period in sorted(folders, key=str):
        folder = folders[period]
        readings = []
        for reading in folder.readings:
            if reading.sheet.name == "verdict":
                reading = reading._replace(rows=[_verdict(row, falls) for row in reading.rows])
            elif reading.sheet.name == "deposit":
                rows = sorted(reading.rows, key=lambda row: (row.date, row.document))
                reading = reading._replace(rows=[one for row in rows if (one := _deposit(row, left))])
            readings.append(reading)
        made[period] = folder._replace(readings=readings)
    return made


def _verdict(row: Any, falls: Mapping[Key, Mass]) -> Any:
    most = falls.get((row.project, row.factor))
    return row if most is None or row.verified is None else row._replace(verified=min(row.verified, most))


def _deposit(row: Any, left: dict[Key, Mass]) -> Any | None:
    """Return a deposit as far as there is something left to reserve; None where nothing is."""
    key = (row.project, row.factor)
    if key not in left:
        return row
    amount = min(row.amount, left[key])
    left[key] = Mass(left[key] - amount)
    return row._replace(amount=amount) if amount else None


class ReducedTwice(NamedTuple):
    """One factor of a reduction project, as it is and under the trial."""

    official: Reduced
    trial: Reduced

    @property
    def moved(self) -> int | None:
        """Return by how much the computed amount moves, mg; None where one of them is not computed."""
        before, after = self.official.computed, self.trial.computed
        return None if before is None or after is None else after - before


def reductions_compared(trial: Trial) -> list[ReducedTwice]:
    """Return every reduction that one of the two computes, by project and factor."""
    after = {(one.reduction.project, one.reduction.factor): one for one in reductions(trial.park)}
    pairs = ((one, after.get((one.reduction.project, one.reduction.factor))) for one in reductions(trial.official))
    found = (ReducedTwice(one, other) for one, other in pairs if other)
    return [one for one in found if one.official.computed is not None or one.trial.computed is not None]


def balances_compared(trial: Trial) -> Iterator[tuple[str, str, Balance | None, Balance | None]]:
    """Return zone, factor and the balances of the quarter, as they are and under the trial."""
    quarter = trial.official.quarter
    before, after = (balances(park.ledger.entries, quarter, quarter) for park in (trial.official, trial.park))
    order = trial.official.rules.factors.order
    for zone, factor in sorted({*before, *after}, key=lambda key: (key[0], order[key[1]])):
        yield zone, factor, before.get((zone, factor)), after.get((zone, factor))


class Flip(NamedTuple):
    """A decision that would be another one; ``factor`` "": of the whole project."""

    kind: str
    project: str
    label: str
    zone: str
    factor: str
    official: str
    trial: str


def flips(trial: Trial) -> list[Flip]:
    """Return every decision that the trial turns: eligibility, route, status and debit, recovery."""
    return [*_eligibility(trial), *_applications(trial), *_recoveries(trial)]


def _eligibility(trial: Trial) -> Iterator[Flip]:
    for one in reductions_compared(trial):
        before, after = _reservable(one.official), _reservable(one.trial)
        if before != after:
            about = one.official.project
            yield Flip(
                ELIGIBILITY, about.project, about.label, about.zone, one.official.reduction.factor, before, after
            )


def _reservable(one: Reduced) -> str:
    if one.computed is None:
        return "没有核算结果"
    if one.computed <= 0:
        return "没有可储备的减排量"
    return "核定超过核算" if (one.verified or 0) > one.computed else "可储备"


def _applications(trial: Trial) -> Iterator[Flip]:
    before, after = (_states(park) for park in (trial.official, trial.park))
    for project in sorted(before):
        about = trial.official.book.construction(project)
        for key in before[project]:
            kind, factor = key
            was, now = before[project][key], after.get(project, {}).get(key, "没有申请")
            if was != now:
                yield Flip(kind, project, about.label, about.zone, factor, was, now)


def _states(park: Park) -> dict[str, dict[tuple[str, str], str]]:
    """Return, of every application so far, its route, status and debits, in words."""
    years, found = Years(park.book), {}
    for project in park.book.factors_of:
        ruling = park.ledger.ruling(project)
        judgement = ruling.judgement if ruling else judge(park.book, park.rules, project, park.quarter.end, years)
        one = {(ROUTE, ""): judgement.route, (STATUS, ""): status(park, project).value}
        for factor, debit in (ruling.takes if ruling else {}).items():
            one[(DEBIT, factor)] = f"{text(debit.amount)} t"
        found[project] = one
    return found


def _recoveries(trial: Trial) -> Iterator[Flip]:
    seen = [
        {(one.project, one.factor, one.code): one.message for one in findings(park) if one.code in RECOVERY}
        for park in (trial.official, trial.park)
    ]
    for key in sorted({*seen[0], *seen[1]}):
        was, now = (one.get(key, "不列入回收候选") for one in seen)
        if (key in seen[0]) != (key in seen[1]):
            about = trial.official.book.construction(key[0])
            yield Flip(CANDIDATE, key[0], about.label, about.zone, key[1], was, now)


def warnings_compared(trial: Trial) -> list[tuple[str, Finding]]:
    """Return the findings that only one of the two has, each with 新增 or 消失; the recoveries stand in the flips."""
    before, after = (findings(park) for park in (trial.official, trial.park))
    words = [{_words(one) for one in found} for found in (before, after)]
    gone = [("消失", one) for one in before if _words(one) not in words[1]]
    return [*gone, *(("新增", one) for one in after if _words(one) not in words[0])]


def _words(one: Finding) -> tuple[str, ...]:
    return (one.code, one.zone, one.unit, one.project, one.factor, one.message)


def problems_of_the_trial(trial: Trial) -> list[Problem]:
    """Return what the trial complains about and the official run does not: what would no longer fit."""
    there = set(trial.official.problems)
    return [one for one in trial.park.problems if one not in there]


def computed_with(trial: Trial) -> Iterator[tuple[str, str, str]]:
    """Return, by method, how many reductions were computed with which edition, as they are and under the trial."""
    counts: dict[str, list[dict[str, int]]] = {}
    for place, park in enumerate((trial.official, trial.park)):
        for one in park.accounted.values():
            label = one.computation.label
            edition = one.computation.edition or "不用系数表"
            found = counts.setdefault(label, [{}, {}])[place]
            found[edition] = found.get(edition, 0) + 1
    for label in sorted(counts):
        before, after = ("、".join(f"{name} {n} 项" for name, n in sorted(one.items())) for one in counts[label])
        yield label, before, after
