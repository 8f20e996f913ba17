"""What the setting of next year's allowable stands on, and what it comes to: frozen records.

Amounts are of one 口径, discharge to the environment, plant-wide.  The caller maps the year's
facts onto these; nothing here knows a sheet.

Source  TOTAL-3
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from quota_lib.amounts import ZERO, Mass, Ratio, times

MET, NOT_MET = "达标", "未达标"
APPROVED, UNLISTED, NO_PERMIT = "已批未投运", "名单外", "无许可总量"
PARK = ""  # the zone of a park-wide cap


class PlantFactor(NamedTuple):
    """What one plant may, did and declared to discharge of one factor; ``override``: the bureau's own next figure.

    A plant that is not ``listed``, or of which no permit, verification or declaration says what it is
    ``permitted`` (None), gets no proposal: what it holds or did is taken off the cap (room.py).
    """

    unit: str
    zone: str
    factor: str
    permitted: Mass | None
    actual: Mass | None = None  # verified; None: not verified, not zero
    declared: Mass | None = None  # 允许排放量 as declared for the past year
    output: Decimal | None = None  # 工业总产值, 万元
    grade: str = ""  # A–D; "": none given
    override: Mass | None = None  # 总量复核 下年度核定允许排放量
    listed: bool = True
    gone: Mass = ZERO  # of what is permitted: recovered or reversed after 31 December, so nothing to share out again


class Cap(NamedTuple):
    """排放限量 of the next year: of a zone, or with the zone "" of the park."""

    zone: str
    factor: str
    cap: Mass
    reserved: Mass = ZERO  # 预留量


class Held(NamedTuple):
    """An amount that is spoken for before anything is shared out.

    ``kind``: 已批未投运 (approved, not yet running) or 名单外 (of a plant that is on no list and has no row).
    ``in_permitted``: the plant ``unit`` has it in its permitted amount already, so that it is not given twice.
    ``ended``: its project is 关停 or 不再建设 and will not run, and what it holds is not recovered yet.
    """

    zone: str
    factor: str
    kind: str
    amount: Mass
    unit: str = ""
    document: str = ""
    in_permitted: bool = False
    ended: bool = False
    project: str = ""


class Assessment(NamedTuple):
    """The last assessment that applies to a zone and factor: 达标 or 未达标, and 下年度改善目标 in per cent."""

    zone: str
    factor: str
    result: str
    target: Decimal | None = None


class AllowableInput(NamedTuple):
    """Everything that next year's allowable stands on."""

    plants: tuple[PlantFactor, ...]
    caps: tuple[Cap, ...] = ()
    held: tuple[Held, ...] = ()
    assessments: tuple[Assessment, ...] = ()


class Candidate(NamedTuple):
    """A listed plant as a method sees it; ``most``: permitted, less what of it does not run yet or is gone."""

    unit: str
    most: Mass
    actual: Mass | None
    declared: Mass | None
    output: Decimal | None
    grade: str


class Group(NamedTuple):
    """The listed plants of one zone × factor; ``available`` None: no cap.  ``target``: a share of 1, 0 without one."""

    zone: str
    factor: str
    plants: tuple[Candidate, ...]
    available: Mass | None
    result: str
    target: Ratio

    @property
    def kept(self) -> Ratio:
        """Return the share that the improvement target leaves."""
        return Ratio(self.target.denominator - self.target.numerator, self.target.denominator)

    @property
    def goal(self) -> Mass:
        """Return what may be shared out: what is permitted less the improvement, at most what the cap leaves."""
        wanted = times(Mass(sum(one.most for one in self.plants)), self.kept)
        return wanted if self.available is None else min(wanted, self.available)


class Step(NamedTuple):
    """How a number came about: what it is, by which sum (in words, with its numbers), and its value."""

    label: str
    formula: str
    value: str
    unit: str = "t/a"


class Wish(NamedTuple):
    """What a method would give a plant, in whole milligrams, and why."""

    unit: str
    amount: Mass
    steps: tuple[Step, ...] = ()


class PlantAllowable(NamedTuple):
    """Next year's allowable of one plant and factor.  ``next``: the bureau's figure, else the proposal.

    ``proposed`` is None, and without a bureau's figure ``next`` too, for a plant that is not listed or has no
    permitted figure; ``taken``: what it takes off the cap instead.
    """

    unit: str
    zone: str
    factor: str
    permitted: Mass | None
    proposed: Mass | None
    override: Mass | None
    next: Mass | None
    taken: Mass
    steps: tuple[Step, ...]
    notes: tuple[str, ...]  # what a person should know: above permitted, no verified actual, cut to nothing


class Balance(NamedTuple):
    """A cap and what it must carry, of a zone × factor or (zone "") of the park.

    ``cap``, ``available`` and ``headroom`` are None where no cap is set.  ``available`` may be below 0:
    what is spoken for exceeds the cap.  ``short`` above 0: the cap cannot be met, by that much.
    """

    zone: str
    factor: str
    cap: Mass | None
    reserved: Mass
    approved: Mass
    unlisted: Mass
    unpermitted: Mass
    ended: Mass  # of what is approved: of projects that will not run
    available: int | None
    total: Mass  # Σ next of the plants
    headroom: int | None
    short: Mass
    words: str


class Allowables(NamedTuple):
    """What a method gave: by unit and factor, and by zone (the park first) and factor."""

    method: str
    label: str
    plants: tuple[PlantAllowable, ...]
    balances: tuple[Balance, ...]
