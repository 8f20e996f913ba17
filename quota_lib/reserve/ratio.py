"""How many tonnes of reserve one permitted tonne costs.

Source  RESERVE-2c 在储备库中按总量平衡办法规定的比例予以扣除
"""

from __future__ import annotations

from datetime import date

from quota_lib.book import Book
from quota_lib.facts import Assessment, Construction
from quota_lib.rules import RatioRule, Rules, ratio_rules


class NoRatio(Exception):
    """No rule gives a ratio, or no assessment supports one: ``code`` and words of the complaint."""

    def __init__(self, code: str, **words: object) -> None:
        super().__init__(code)
        self.code, self.words = code, words


def deduction(
    book: Book, rules: Rules, project: Construction, factor: str, day: date
) -> tuple[RatioRule, Assessment | None]:
    """Return the rule that gives the ratio of a decision taken on ``day``, and the assessment it follows.

    Shape   one project, one factor.
    Errors  NoRatio where no rule fits, no assessment is published, or an industry is needed and missing.
    Source  RESERVE-2c; there is no default
    """
    rows = ratio_rules(rules, factor, day)
    if not rows:
        raise NoRatio("Q414", factor=rules.factors.label(factor), day=day, why="参数中没有这种因子")
    found = assessment(book, rows[0].medium, factor, project.zone, day) if rows[0].medium else None
    if rows[0].medium and found is None:
        raise NoRatio("Q415", day=day, year=day.year, medium=rows[0].medium)
    rows = [row for row in rows if not row.medium or (found and row.result == found.result)]
    rule = _by_industry(rows, _industry(book, project))
    if rule is None:
        why = f"考核结果为{found.result}" if found else "行业不符"
        raise NoRatio("Q414", factor=rules.factors.label(factor), day=day, why=why)
    rules.value(rule.key, day)
    return rule, found


def assessment(book: Book, medium: str, factor: str, zone: str, day: date) -> Assessment | None:
    """Return the assessment that a decision on ``day`` follows.

    Of the rows for the medium that apply to factor and zone, of a year before the decision's and
    published by its date: the latest year, of that the most specific, of these the latest published.
    """
    fitting = [
        row
        for row in book.latest("assessment")
        if row.medium == medium
        and row.factor in ("", factor)
        and row.zone in ("", zone)
        and row.year < day.year
        and row.date <= day
    ]
    return max(fitting, key=lambda row: (row.year, row.factor != "", row.zone != "", row.date), default=None)


def _industry(book: Book, project: Construction) -> str:
    if project.industry:
        return project.industry
    unit = book.unit(project.unit)
    return unit.industry if unit else ""


def _by_industry(rows: list[RatioRule], industry: str) -> RatioRule | None:
    """Return the rule with the longest prefix that fits the industry, else one that names none.

    Errors  NoRatio if a rule names an industry and the project has none.
    """
    if any(row.industry for row in rows) and not industry:
        raise NoRatio("Q416")
    fitting = [
        (max((len(prefix) for prefix in row.industry if industry.startswith(prefix)), default=0), row)
        for row in rows
        if not row.industry or any(industry.startswith(prefix) for prefix in row.industry)
    ]
    return max(fitting, key=lambda one: one[0])[1] if fitting else None
