"""Manual samples to a year's amount: flow-weighted mean × mean flow × the outlet's hours.

Source  TOTAL-2 监督监测、自行监测; methods HJ 1122-2020 §4.6
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from quota_lib.amounts import Ratio
from quota_lib.facts import OutletYear, Sample
from quota_lib.totals.parts import MG_PER_GRAM, Part
from quota_lib.totals.reading import SELF, SUPERVISORY
from quota_lib.workbook.cells import Day

KINDS: Mapping[str, str] = {"监督监测": SUPERVISORY, "自行监测": SELF}


class Sampled(NamedTuple):
    """What some samples say: mean concentration (mg/m³ or mg/L) and flow (m³/h), their number, the load at sampling.

    ``concentration`` None: nothing flowed.  ``part`` None: hours (or water) of the year are not known.
    """

    number: int
    undetected: int
    concentration: Fraction | None
    flow: Fraction
    load: Decimal | None  # mean 生产负荷, %
    part: Part | None


def concentration(sample: Sample, share: Ratio) -> Fraction:
    """Return a sample's concentration; 未检出 counts as a share of its detection limit."""
    if sample.concentration is not None:
        return Fraction(sample.concentration)
    return Fraction(sample.detection_limit or 0) * Fraction(share.numerator, share.denominator)


def hourly_load(sample: Sample, share: Ratio, water: bool) -> Fraction:
    """Return what a sample says is discharged in an hour, mg."""
    return concentration(sample, share) * Fraction(sample.flow) * (MG_PER_GRAM if water else 1)


def names_an_hour(sample: Sample) -> bool:
    """Return whether a sample says in which hour it was taken."""
    return not isinstance(sample.date, Day)


def sampled(
    samples: Sequence[Sample],
    known: OutletYear | None,
    days: tuple[date, date],
    share: Ratio,
    water: bool,
    volume_first: bool = False,
) -> Sampled:
    """Return what samples of one kind, outlet and factor come to.

    Units   air: mg/m³ · m³/h · h; water: mg/L · m³/h · h.
    Shape   at least one sample.  C = Σ C·Q / Σ Q, Q = mean, E = C·Q·T; without hours, of water C·V.
    """
    flows = [Fraction(one.flow) for one in samples]
    mean = sum(flows, Fraction(0)) / len(flows)
    weighted = sum((concentration(one, share) * flow for one, flow in zip(samples, flows, strict=True)), Fraction(0))
    level = weighted / sum(flows) if mean else None
    loads = [one.load for one in samples if one.load is not None]
    volume = _volume(mean, known, water, volume_first)
    part = None
    if volume is not None:
        route = KINDS[samples[0].kind]
        load = (level or Fraction(0)) * volume * (MG_PER_GRAM if water else 1)
        part = Part(route, *days, load, volume if water else None)
    return Sampled(
        number=len(samples),
        undetected=sum(one.concentration is None for one in samples),
        concentration=level,
        flow=mean,
        load=sum(loads, Decimal(0)) / len(loads) if loads else None,
        part=part,
    )


def _volume(flow: Fraction, known: OutletYear | None, water: bool, volume_first: bool) -> Fraction | None:
    """Return the m³ of the year: mean flow × hours, or of water what 排放口年度 says."""
    stated = known.water_volume if known and water else None
    if known is None or (known.hours is None and stated is None):
        return None
    if stated is not None and (volume_first or known.hours is None):
        return Fraction(stated)
    return None if known.hours is None else flow * Fraction(known.hours)
