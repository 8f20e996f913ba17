"""Published cases: what their stated inputs give, also where the report prints something else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quota_lib.methods import chain

from .tables import exact, of

TOLERANCE = Decimal("0.0006")


def near(value, expected):
    return abs(value - Decimal(expected)) <= TOLERANCE


@pytest.mark.parametrize(
    ("activity", "ef", "collection", "removal", "expected"),
    [
        ("102.5", "2.7", "65", "50", {"generated": "0.27675", "organised": "0.08994", "fugitive": "0.09686"}),
        ("200", "2.5", "90", "50", {"generated": "0.5", "organised": "0.225", "fugitive": "0.05", "emitted": "0.275"}),
        ("1002", "2.7", "65", "50", {"generated": "2.7054", "organised": "0.87926", "emitted": "1.82615"}),
        ("796", "1", "50", "50", {"organised": "0.199", "fugitive": "0.398", "emitted": "0.597"}),
    ],
    ids=["A1", "A3", "A4", "A5"],
)
def test_the_chain_of_published_reports(activity, ef, collection, removal, expected):
    made = of(
        "coefficient",
        {"activity": activity, "ef_kg_per_unit": ef, "collection_percent": collection, "removal_percent": removal},
    )
    for step, value in expected.items():
        assert near(made.total(step), value), step


@pytest.mark.parametrize(
    ("rates", "together"),
    [(("10", "30"), "37"), (("30", "30"), "51"), (("90", "90", "85"), "99.85"), ((), "0"), (("75",), "75")],
    ids=["B1", "B2", "B6 (printed 98.5)", "none", "one"],
)
def test_controls_in_series(rates, together):
    assert chain.in_series(Decimal(rate) / 100 for rate in rates) == Decimal(together) / 100


def test_c1_deep_treatment():
    row = {
        "activity": "200",
        "ef_kg_per_unit": "2.7",
        "collection_percent_before": "80",
        "removal_percent_before": "10",
        "collection_percent_after": "80",
        "removal_percent_after": "75",
    }
    assert exact("voc_treatment", row) == Decimal("0.2808")


@pytest.mark.parametrize(
    ("factor", "more", "expected"),
    [("NOX", {}, "0.02805"), ("SO2", {"sulphur": "100"}, "0.0030"), ("PM", {"removal_percent": "85"}, "0.00064")],
)
def test_d1_gas_kiln_by_the_kilns_coefficient_not_the_boilers(factor, more, expected):
    row = {"role": "旧", "fuel": "天然气（工业炉窑）", "amount": "1.5", **more}
    made = of("energy_substitution", row, factor=factor)
    assert made.total("flue") == 204000
    assert near(made.exact, expected)
    assert factor != "NOX" or made.exact == Decimal("0.02805")


@pytest.mark.parametrize(
    ("factor", "more", "expected"),
    [("NOX", {}, "0.01515"), ("SO2", {"sulphur": "0.001"}, "0.000095"), ("PM", {}, "0.0013")],
)
def test_d6_diesel_boiler(factor, more, expected):
    made = of("energy_substitution", {"role": "旧", "fuel": "轻柴油（锅炉）", "amount": "5", **more}, factor=factor)
    assert made.total("flue") == 89020
    assert made.exact == Decimal(expected)


@pytest.mark.parametrize(("factor", "before", "expected"), [("SO2", "120", "0.13824"), ("NOX", "160", "0.18432")])
def test_e1_concentration_times_flow(factor, before, expected):
    row = {"flow_nm3_per_h": "3200", "hours": "360", "before_mg_per_m3": before, "after_mg_per_m3": "0"}
    assert exact("stack_treatment", row, factor=factor) == Decimal(expected)


@pytest.mark.parametrize(
    ("factor", "direct", "outlet", "first", "second", "change"),
    [("COD", "100", "40", "0.018", "0.0072", "0.0108"), ("NH3N", "25", "5", "0.0045", "0.0009", "0.0036")],
)
def test_f1_f2_from_direct_discharge_to_the_sewage_plant(factor, direct, outlet, first, second, change):
    row = {"flow_m3": "180", "direct_mg_per_l": direct, "plant_outlet_mg_per_l": outlet}
    made = of("sewer_takeover", row, factor=factor)
    assert (made.total("before"), made.total("after")) == (Decimal(first), Decimal(second))
    assert made.exact == Decimal(change)


def test_the_gas_boilers_3_03_and_the_diesel_boilers_are_two_numbers():
    gas = of(
        "energy_substitution",
        {"role": "旧", "fuel": "天然气（锅炉）", "amount": "1", "burner": "国际领先"},
        factor="NOX",
    )
    diesel = of("energy_substitution", {"role": "旧", "fuel": "轻柴油（锅炉）", "amount": "1"}, factor="NOX")
    assert gas.exact == diesel.exact == Decimal("0.00303")
    units = [one.coefficient.unit for made in (gas, diesel) for one in made.coefficients if one.name == "ef"]
    assert units == ["kg/10⁴ m³", "kg/t"]
