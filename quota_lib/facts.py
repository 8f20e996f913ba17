"""The records: what each row of each sheet says, frozen, in the order of the sheets.

Fields stand in the order of the sheet's columns (a plant's two columns are one ``unit``);
``at`` is the row they were read from.  An empty optional text is "", an empty optional
amount or date None: not stated, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from quota_lib.amounts import Mass
from quota_lib.problems import Place


class Zone(NamedTuple):
    """A functional zone (功能区)."""

    zone: str
    label: str
    at: Place


class Unit(NamedTuple):
    """A plant: one site of one company (排污单位)."""

    unit: str
    label: str
    zone: str
    industry: str
    permit_class: str
    permit_number: str
    sewage_plant: str
    address: str
    at: Place


class Permit(NamedTuple):
    """What a permit allows a whole plant (许可总量)."""

    unit: str
    factor: str
    permitted_to_sewer: Mass | None
    permitted_to_environment: Mass
    basis: str
    reference: str
    since: date
    at: Place


class SewagePlant(NamedTuple):
    """A sewage plant's outlet concentration (污水处理厂)."""

    sewage_plant: str
    factor: str
    concentration: Decimal
    basis: str
    since: date
    at: Place


class Outlet(NamedTuple):
    """An outlet (排放口)."""

    unit: str
    outlet: str
    medium: str
    main: str
    monitored: tuple[str, ...]
    sewage_plant: str
    at: Place


class Listed(NamedTuple):
    """A project that ought to declare (减排清单)."""

    project: str
    label: str
    unit: str
    zone: str
    proposer: str
    responsible: str
    date: date
    at: Place


class ReductionProject(NamedTuple):
    """A reduction project (减排项目)."""

    project: str
    label: str
    unit: str
    zone: str
    type: str
    place: str
    contact: str
    started: date | None
    completed: date
    accepted: date | None
    investment: Decimal | None
    operation: str
    eia_reference: str
    permit_changed: date | None
    discharging_since: date | None
    closed: date | None
    monitorable: str
    countable: str
    checkable: str
    equipment: str
    accounted_by: str
    filled_by: str
    date: date
    at: Place


class Reduction(NamedTuple):
    """A project's declared reduction of one factor (减排量)."""

    project: str
    factor: str
    permitted_before: Mass | None
    actual_before: Mass | None
    permitted_after: Mass | None
    declared: Mass
    method: str
    basis: str
    at: Place


class Evidence(NamedTuple):
    """A piece of evidence (佐证材料)."""

    project: str
    kind: str
    file_name: str
    reference: str
    date: date | None
    at: Place


class Verdict(NamedTuple):
    """The bureau's verdict on one factor of a project (入库审核)."""

    project: str
    factor: str
    verdict: str
    verified: Mass | None
    reason: str
    reviewer: str
    reviewed_by: str
    date: date
    at: Place


class Occupation(NamedTuple):
    """An amount that may not be reserved (减排量占用)."""

    document: str
    project: str
    factor: str
    purpose: str
    amount: Mass
    construction: str
    date: date
    basis: str
    at: Place


class Opening(NamedTuple):
    """An opening lot (期初结存)."""

    document: str
    zone: str
    factor: str
    amount: Mass
    basis: str
    at: Place


class Deposit(NamedTuple):
    """An amount taken into the reserve (指标储备)."""

    document: str
    project: str
    factor: str
    amount: Mass
    date: date
    at: Place


class Construction(NamedTuple):
    """A construction project (建设项目)."""

    construction: str
    project_code: str
    label: str
    unit: str
    zone: str
    place: str
    industry: str
    date: date
    eia_reference: str
    at: Place


class Application(NamedTuple):
    """What a construction project applies for of one factor (总量申请)."""

    construction: str
    factor: str
    existing: Mass
    under_construction: Mass | None
    new_to_sewer: Mass | None
    new: Mass
    fugitive: Mass | None
    replaced: Mass
    whole_to_sewer: Mass | None
    whole: Mass
    basis: str
    at: Place


class Decision(NamedTuple):
    """The bureau's decision on one factor of a project (总量核定)."""

    construction: str
    factor: str
    route: str
    decision: str
    permitted_to_sewer: Mass | None
    permitted_project: Mass | None
    permitted: Mass | None
    whole_to_sewer: Mass | None
    whole: Mass | None
    balance_way: str
    lot: str
    opinion: str
    reviewer: str
    date: date
    document: str
    at: Place


class Superior(NamedTuple):
    """A movement between the park and the superior reserve (上级储备)."""

    document: str
    date: date
    direction: str
    zone: str
    factor: str
    amount: Mass
    lot: str
    reference: str
    at: Place


class Transfer(NamedTuple):
    """An amount moved between zones (功能区调剂)."""

    document: str
    date: date
    from_zone: str
    to_zone: str
    factor: str
    amount: Mass
    reference: str
    at: Place


class State(NamedTuple):
    """A step in a construction project's life (项目状态)."""

    construction: str
    state: str
    date: date
    at: Place


class Recovery(NamedTuple):
    """A recovery, in tonnes of permitted discharge (指标回收)."""

    document: str
    construction: str
    factor: str
    reason: str
    amount: Mass
    date: date
    basis: str
    at: Place


class Correction(NamedTuple):
    """A correction of a document (冲正)."""

    document: str
    original: str
    date: date
    reason: str
    basis: str
    at: Place


class PublishedBalance(NamedTuple):
    """A published closing balance (结存核对)."""

    zone: str
    factor: str
    closing: Mass
    at: Place


class Assessment(NamedTuple):
    """A year's assessment of air or water (环境质量)."""

    year: int
    medium: str
    factor: str
    zone: str
    result: str
    target: Decimal | None
    date: date | None
    at: Place


class Verification(NamedTuple):
    """The bureau's verified figure of a past year (总量复核)."""

    year: int
    unit: str
    factor: str
    measure: str
    permitted: Mass | None
    actual: Mass
    next_allowable: Mass | None
    opinion: str
    reviewer: str
    date: date
    at: Place


class Managed(NamedTuple):
    """A plant on a year's management list (总量管理名单)."""

    year: int
    unit: str
    date: date
    at: Place


class Declaration(NamedTuple):
    """A plant's annual declaration of one factor, one 口径 and one 范围 (总量申报)."""

    year: int
    unit: str
    factor: str
    measure: str
    scope: str
    permitted: Mass
    actual: Mass
    fugitive: Mass | None
    allowable: Mass
    method: str
    date: date
    at: Place


class Sample(NamedTuple):
    """A manual sample (手工监测).  ``concentration`` None: 未检出, below ``detection_limit``; mg/m³ or mg/L, m³/h."""

    kind: str
    unit: str
    outlet: str
    date: datetime
    factor: str
    concentration: Decimal | None
    detection_limit: Decimal | None
    flow: Decimal
    load: Decimal | None
    monitored_by: str
    report: str
    at: Place


class Calibration(NamedTuple):
    """A calibration of an online monitor (校准记录)."""

    unit: str
    outlet: str
    factor: str
    time: datetime
    result: str
    at: Place


class OutletYear(NamedTuple):
    """An outlet's year (排放口年度): hours of discharge, m³ of water."""

    year: int
    unit: str
    outlet: str
    hours: Decimal | None
    water_volume: Decimal | None
    at: Place


class Performance(NamedTuple):
    """A plant's output and grade in a year (年度绩效)."""

    year: int
    unit: str
    output_value: Decimal | None
    grade: str
    at: Place


class Disclosure(NamedTuple):
    """A figure published elsewhere (统计与披露)."""

    year: int
    unit: str
    factor: str
    source: str
    measure: str
    scope: str
    amount: Mass
    at: Place


class Cap(NamedTuple):
    """A cap of a zone, or with the zone "" of the park (排放限量)."""

    year: int
    zone: str
    factor: str
    cap: Mass
    held_back: Mass | None
    date: date | None
    at: Place


class Remark(NamedTuple):
    """A reviewer's remark on a finding (复核意见)."""

    report: str
    finding: str
    opinion: str
    reviewer: str
    date: date
    at: Place


RECORDS: Mapping[str, Any] = {
    "zone": Zone,
    "unit": Unit,
    "permit": Permit,
    "sewage_plant": SewagePlant,
    "outlet": Outlet,
    "listed": Listed,
    "reduction_project": ReductionProject,
    "reduction": Reduction,
    "evidence": Evidence,
    "verdict": Verdict,
    "occupation": Occupation,
    "opening": Opening,
    "deposit": Deposit,
    "construction": Construction,
    "application": Application,
    "decision": Decision,
    "superior": Superior,
    "transfer": Transfer,
    "state": State,
    "recovery": Recovery,
    "correction": Correction,
    "published_balance": PublishedBalance,
    "assessment": Assessment,
    "verification": Verification,
    "managed": Managed,
    "declaration": Declaration,
    "sample": Sample,
    "calibration": Calibration,
    "outlet_year": OutletYear,
    "performance": Performance,
    "disclosure": Disclosure,
    "cap": Cap,
    "remark": Remark,
}
"""Record class by the name of its sheet."""
