"""Plants, caps and figures for the tests: small ones by hand, and whole parks by hypothesis."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from quota_lib.allowable import (
    APPROVED,
    MET,
    NOT_MET,
    PARK,
    UNLISTED,
    AllowableInput,
    Assessment,
    Cap,
    Held,
    PlantFactor,
)
from quota_lib.amounts import Mass, mass
from tests.oracle.compare import rules

RULES = rules()
ZONES, FACTORS = ("Z1", "Z2"), ("COD", "NOX")
AMOUNTS = st.one_of(st.integers(0, 9), st.integers(0, 10**13)).map(Mass)


def ruled(**values: str):
    """Return the rules with other values of parameters/allowable.yaml."""
    made = rules()
    for name, value in values.items():
        one = made.parameters[f"allowable.{name}"]
        made.parameters[one.key] = one._replace(history=(one.history[0]._replace(value=value),))
    return made


def t(amount: str) -> Mass:
    return mass(amount)


def plant(unit: str, permitted: str | None, actual: str | None = None, **more) -> PlantFactor:
    more = {"zone": "Z1", "factor": "COD", **more}
    for name in ("declared", "override"):
        if name in more:
            more[name] = t(more[name])
    known = {name: None if one is None else t(one) for name, one in (("permitted", permitted), ("actual", actual))}
    return PlantFactor(unit=unit, **known, **more)


def cap(amount: str, reserved: str = "0", zone: str = "Z1") -> Cap:
    return Cap(zone, "COD", t(amount), t(reserved))


@st.composite
def parks(draw) -> AllowableInput:
    """Two zones, two factors, up to six plants, with caps of any size, so that some cannot be met."""
    plants = []
    for unit in draw(st.lists(st.sampled_from("ABCDEF"), min_size=1, unique=True)):
        zone = draw(st.sampled_from(ZONES))
        for factor in draw(st.lists(st.sampled_from(FACTORS), min_size=1, unique=True)):
            plants.append(
                PlantFactor(
                    unit=unit,
                    zone=zone,
                    factor=factor,
                    permitted=draw(AMOUNTS | AMOUNTS | st.none()),
                    actual=draw(st.none() | AMOUNTS),
                    declared=draw(st.none() | AMOUNTS),
                    output=draw(st.none() | st.integers(0, 10**6).map(Decimal)),
                    grade=draw(st.sampled_from(("", "A", "B", "C", "D"))),
                    override=draw(st.none() | st.none() | AMOUNTS),
                    listed=draw(st.booleans() | st.just(True)),
                )
            )
    places = [(zone, factor) for zone in (*ZONES, PARK) for factor in FACTORS]
    caps = [
        Cap(zone, factor, draw(AMOUNTS), draw(st.just(Mass(0)) | AMOUNTS))
        for zone, factor in draw(st.lists(st.sampled_from(places), unique=True))
    ]
    held = [
        Held(draw(st.sampled_from(ZONES)), draw(st.sampled_from(FACTORS)), kind, draw(AMOUNTS), unit, "", *flags)
        for kind, unit, flags in draw(
            st.lists(
                st.tuples(
                    st.sampled_from((APPROVED, UNLISTED)),
                    st.sampled_from("ABCDEF"),
                    st.tuples(st.booleans(), st.booleans()),
                ),
                max_size=4,
            )
        )
    ]
    assessments = [
        Assessment(
            zone,
            factor,
            draw(st.sampled_from((MET, NOT_MET))),
            draw(st.none() | st.integers(0, 1000).map(lambda tenths: Decimal(tenths) / 10)),
        )
        for zone, factor in draw(st.lists(st.sampled_from(places[:4]), unique=True))
    ]
    return AllowableInput(tuple(plants), tuple(caps), tuple(held), tuple(assessments))
