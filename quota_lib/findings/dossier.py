"""A reduction project's set of papers: complete, of its type, and not counted twice.

Source  REDUCE-1, REDUCE-3, RESERVE-1, SAFE-3, SAFE-4
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from quota_lib.accounting import Accounted
from quota_lib.amounts import plain, text
from quota_lib.facts import ReductionProject
from quota_lib.findings import Seen, finding
from quota_lib.methods import REDUCTION, activated_carbon_check, beyond_reach, split_words
from quota_lib.park import Park
from quota_lib.problems import Place
from quota_lib.words import key

CLOSURE, OTHER = "产业结构升级", "其他"
EVIDENCE = {CLOSURE: "structure", "工艺改进": "process", "深度治理": "treatment", OTHER: "other"}


def _declared_now(park: Park) -> list[ReductionProject]:
    """Return the projects that were declared in the quarter."""
    rows: list[ReductionProject] = list(park.rows.get("reduction_project", ()))
    return rows


def _about(
    row: ReductionProject, field: str, words: dict[str, object], factor: str = "", place: Place | None = None
) -> Seen:
    return Seen(row.zone, row.unit, row.project, factor, {"project": row.project, **words}, (place or row.at, field))


@finding("W520")
def incomplete(park: Park) -> Iterator[Seen]:
    """A project's set of papers lacks evidence that its type needs (REDUCE-3)."""
    end = park.quarter.end
    due = {type_: park.rules.text(f"evidence.{name}", end).split("、") for type_, name in EVIDENCE.items()}
    there = {project: {one.kind for one in found} for project, found in park.evidence.items()}
    for row in _declared_now(park):
        missing = [kind for kind in due[row.type] if kind not in there.get(row.project, ())]
        if missing:
            yield _about(row, "project", {"missing": "、".join(missing)})


@finding("W521")
def listed_and_not_declared(park: Park) -> Iterator[Seen]:
    """A project of the list has not been declared (REDUCE-3)."""
    for row in park.book.latest("listed"):
        if park.book.reduction_project(row.project) is None:
            words = {"project": row.project, "label": row.label, "day": row.date}
            yield Seen(row.zone, row.unit, row.project, "", dict(words), (row.at, "project"))


@finding("W522")
def short_closure(park: Park) -> Iterator[Seen]:
    """A closure that did not discharge for strictly more than a year, or lies outside the plan period (REDUCE-1)."""
    years = park.rules.count("eligibility.closure_years", park.quarter.end)
    end = park.rules.day("scope.plan_end", park.quarter.end)
    for row in _declared_now(park):
        if row.type != CLOSURE:
            continue
        if row.closed is None or row.discharging_since is None:
            yield _about(row, "closed", {"why": "未填排污起始时间或关停时间，无法判断"})
        elif row.closed <= _years_after(row.discharging_since, years):
            yield _about(row, "closed", {"why": f"排污自 {row.discharging_since} 至 {row.closed}，未超过 {years} 年"})
        elif row.closed > end:
            yield _about(row, "closed", {"why": f"关停于 {row.closed}，晚于规划期末 {end}"})


def _years_after(day: date, years: int) -> date:
    """Return the same day so many years on; 29 February becomes 28."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@finding("W523")
def abilities_not_declared(park: Park) -> Iterator[Seen]:
    """A project of type 其他 is not declared 可监测、可统计、可核查 (REDUCE-1)."""
    fields = {"monitorable": "可监测", "countable": "可统计", "checkable": "可核查"}
    for row in _declared_now(park):
        missing = [word for field, word in fields.items() if getattr(row, field) != "是"]
        if row.type == OTHER and missing:
            yield _about(row, "type", {"missing": "、".join(missing)})


@finding("W531")
def verified_above_computed(park: Park) -> Iterator[Seen]:
    """The bureau verified more than the method computes (REDUCE-4)."""
    for row in park.rows.get("verdict", ()):
        about, made = park.book.reduction_project(row.project), park.accounted.get((row.project, row.factor))
        if not about or row.verdict != "通过" or made is None or made.counted is None:
            continue
        if (row.verified or 0) > max(made.counted, 0):
            label = park.rules.factors.label(row.factor)
            words = {"factor": label, "verified": text(row.verified or 0), "computed": text(made.counted)}
            yield _about(about, "verified", dict(words), row.factor, row.at)


def _computed_now(park: Park) -> Iterator[tuple[ReductionProject, Accounted]]:
    """Return what was computed for the quarter's declarations and inputs."""
    quarter = park.quarter
    for (project, _), made in sorted(park.accounted.items()):
        about = park.book.reduction_project(project)
        if about and quarter in {row.at.source.folder for row in (made.reduction, *made.rows)}:
            yield about, made


@finding("W532")
def more_removed_than_the_carbon_takes_up(park: Park) -> Iterator[Seen]:
    """More VOCs are removed than the activated carbon that is replaced can take up (REDUCE-2)."""
    uptake = park.rules.ratio("checks.carbon_uptake", park.quarter.end)
    for about, made in _computed_now(park):
        for check in activated_carbon_check(made.computation, uptake):
            if not check.holds:
                amounts = {"removed": check.removed_t, "carbon": check.carbon_t, "most": check.most_t}
                words = {name: plain(value) for name, value in amounts.items()}
                yield _about(about, "carbon_t_after", dict(words), made.reduction.factor, made.rows[check.row].at)


@finding("W534")
def removal_beyond_the_technology(park: Park) -> Iterator[Seen]:
    """A stated percentage is above what the table gives for the technology that is named (SAFE-4)."""
    for about, made in _computed_now(park):
        for one in beyond_reach(made.computation):
            words: dict[str, object] = {
                "rate": one.label,
                "stated": plain(one.stated),
                "technology": "、".join(one.words),
                "most": plain(one.most),
            }
            yield _about(about, one.stated_in, words, made.reduction.factor, made.rows[one.row].at)


@finding("W533")
def nothing_to_reserve(park: Park) -> Iterator[Seen]:
    """A computation comes to zero or less: nothing may be reserved of it (REDUCE-2)."""
    for about, made in _computed_now(park):
        if made.counted is not None and made.counted <= 0:
            factor = made.reduction.factor
            words = {"factor": park.rules.factors.label(factor), "computed": text(made.counted)}
            yield _about(about, "declared", dict(words), factor, made.reduction.at)


@finding("W535")
def emission_as_reduction(park: Park) -> Iterator[Seen]:
    """A method that computes what is discharged stands behind a reduction (REDUCE-2)."""
    for about, made in _computed_now(park):
        if made.computation.result_name != REDUCTION and (made.counted or 0) > 0 and about.type != CLOSURE:
            words = {"factor": park.rules.factors.label(made.reduction.factor), "method": made.computation.label}
            yield _about(about, "method", dict(words), made.reduction.factor, made.reduction.at)


@finding("W524")
def permit_not_changed(park: Park) -> Iterator[Seen]:
    """The bureau passed a project whose permit change is not on record (REDUCE-4)."""
    for row in park.rows.get("verdict", ()):
        about = park.book.reduction_project(row.project)
        if row.verdict == "通过" and about and about.type != OTHER and about.permit_changed is None:
            yield _about(about, "date", {"factor": park.rules.factors.label(row.factor)}, row.factor, row.at)


@finding("W525")
def same_equipment_twice(park: Park) -> Iterator[Seen]:
    """Two projects of one plant name the same equipment, whatever the width, case and spaces (SAFE-4)."""
    groups: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in park.book.latest("reduction_project"):
        for one in split_words(row.equipment):
            groups[(row.unit, key(one))][row.project] = one
    for row in _declared_now(park):
        for one in dict.fromkeys(split_words(row.equipment)):
            others = sorted(set(groups[(row.unit, key(one))]) - {row.project})
            if others:
                yield _about(row, "equipment", {"equipment": one, "others": "、".join(others)})


@finding("W526")
def identical_figures(park: Park) -> Iterator[Seen]:
    """Different plants declare exactly the same figure of a factor, to more than two digits (SAFE-4)."""
    groups: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in park.book.latest("reduction"):
        if len(text(row.declared).replace(".", "").strip("0")) > 2:
            groups[(row.factor, row.declared)].append(row)
    now = {(row.project, row.factor) for row in park.rows.get("reduction", ())}
    for rows in groups.values():
        for row in rows:
            about = park.book.reduction_project(row.project)
            others = [one.project for one in rows if _unit(park, one.project) != (about.unit if about else "")]
            if about and others and (row.project, row.factor) in now:
                label = park.rules.factors.label(row.factor)
                words = {"factor": label, "amount": text(row.declared), "others": "、".join(sorted(others))}
                yield Seen(about.zone, about.unit, row.project, row.factor, dict(words), (row.at, "declared"))


def _unit(park: Park, project: str) -> str:
    about = park.book.reduction_project(project)
    return about.unit if about else ""


@finding("W527")
def accounting_and_reviewing_body_the_same(park: Park) -> Iterator[Seen]:
    """One body both accounted and reviewed a project (SAFE-3)."""
    for row in park.rows.get("verdict", ()):
        about = park.book.reduction_project(row.project)
        if about and row.reviewed_by and row.reviewed_by == about.accounted_by:
            yield _about(about, "reviewed_by", {"body": row.reviewed_by}, row.factor, row.at)


@finding("W528")
def recovered_and_reserved(park: Park) -> Iterator[Seen]:
    """A plant's debit was recovered, and a closure of the same plant is reserved for the same factor (SAFE-4)."""
    recovered = {(one.ruling.unit, one.factor): one.ruling.project for one in park.ledger.recoveries}
    for row in park.rows.get("deposit", ()):
        about = park.book.reduction_project(row.project)
        if about and about.type == CLOSURE and (about.unit, row.factor) in recovered:
            words = {
                "factor": park.rules.factors.label(row.factor),
                "construction": recovered[(about.unit, row.factor)],
            }
            yield _about(about, "amount", dict(words), row.factor, row.at)


@finding("W529")
def offset_not_occupied(park: Park) -> Iterator[Seen]:
    """An application nets 以新带老, its plant has verified projects of the factor, and no occupation names it (RESERVE-1)."""
    occupied = {(row.construction, row.factor) for row in _standing_occupations(park)}
    verified: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (project, factor), amount in park.ledger.verified.items():
        if amount:
            verified[(_unit(park, project), factor)].append(project)
    for row in park.rows.get("application", ()):
        about = park.book.construction(row.construction)
        projects = verified.get((about.unit, row.factor))
        if row.replaced and projects and (row.construction, row.factor) not in occupied:
            words = {
                "project": row.construction,
                "factor": park.rules.factors.label(row.factor),
                "replaced": text(row.replaced),
                "others": "、".join(sorted(projects)),
            }
            yield Seen(about.zone, about.unit, row.construction, row.factor, dict(words), (row.at, "replaced"))


@finding("W530")
def occupied_and_not_offset(park: Park) -> Iterator[Seen]:
    """An amount is occupied as 以新带老 for a project that applies for no offset of the factor (RESERVE-1)."""
    for row in _standing_occupations(park):
        if row.at.source.folder != park.quarter:
            continue
        applied = park.book.application(row.construction).get(row.factor)
        about = park.book.reduction_project(row.project)
        if about and (applied is None or not applied.replaced):
            words = {"construction": row.construction, "factor": park.rules.factors.label(row.factor)}
            yield _about(about, "construction", dict(words), row.factor, row.at)


def _standing_occupations(park: Park) -> Iterator[Any]:
    """Return the occupations as 以新带老 that were posted and are not reversed."""
    for documents in park.ledger.posted.values():
        for one in documents:
            if one.kind == "减排量占用" and not one.undone_by:
                yield from (row for row in one.rows if row.purpose == "以新带老")
