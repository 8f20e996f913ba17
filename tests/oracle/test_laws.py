"""The laws of contract §3, as properties of random parks."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quota_lib.periods import parse_period
from quota_lib.reserve.balances import balances

from .compare import ours, park_of, rules
from .generate import park

RULES = rules()
FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(min_value=1000, max_value=10**6)
faults = st.sampled_from([0.0, 0.05, 0.2])


def made(seed, share, quarters=3, documents=50):
    folders = park(seed, quarters=quarters, documents=documents, faults=share)
    names = sorted(name for name in folders if "Q" in name)
    return folders, names


@FEW
@given(seeds, faults)
def test_opening_and_sources_equal_closing_and_uses_in_every_zone_and_factor(seed, share):
    folders, names = made(seed, share)
    found = park_of(folders, names[-1], RULES)
    for name in names:
        for one in balances(found.ledger.entries, parse_period(name)).values():
            assert one.opening + one.sources + one.corrected == one.closing + one.uses


@FEW
@given(seeds, faults)
def test_each_quarter_opens_where_the_last_one_closed(seed, share):
    folders, names = made(seed, share)
    found = park_of(folders, names[-1], RULES)
    for before, after in itertools.pairwise(names):
        closing = {key: one.closing for key, one in balances(found.ledger.entries, parse_period(before)).items()}
        for key, one in balances(found.ledger.entries, parse_period(after)).items():
            assert one.opening == closing.get(key, 0)


@FEW
@given(seeds, faults)
def test_entries_of_all_quarters_sum_to_what_is_left_and_frozen_of_every_lot_and_no_lot_is_ever_overdrawn(seed, share):
    folders, names = made(seed, share)
    found = park_of(folders, names[-1], RULES)
    left, frozen = Counter(), Counter()
    for entry in found.ledger.entries:
        left[entry.lot_key] += entry.amount
        frozen[entry.lot_key] += entry.frozen
        assert left[entry.lot_key] >= 0
        assert frozen[entry.lot_key] >= 0
    for lot in found.ledger.lots:
        assert (lot.left, lot.frozen) == (left[lot.key], frozen[lot.key])
        assert 0 <= lot.frozen <= lot.left


@FEW
@given(seeds, faults)
def test_verified_covers_what_is_occupied_and_reserved_of_every_project_and_factor(seed, share):
    folders, names = made(seed, share)
    ledger = park_of(folders, names[-1], RULES).ledger
    reserved = defaultdict(int)
    for entry in ledger.entries:
        origin = ledger.lots.by_key[entry.lot_key].origin
        kinds = {one.kind for one in ledger.posted.get(entry.original or entry.document, ())}
        if kinds == {"指标储备"}:
            reserved[(origin.project, entry.factor)] += entry.amount
    for key in {*ledger.reserved, *ledger.occupied}:
        assert ledger.reserved.get(key, 0) == reserved[key]
        assert ledger.verified[key] >= ledger.occupied.get(key, 0) + ledger.reserved.get(key, 0)


@FEW
@given(seeds, faults)
def test_the_order_of_files_sheets_and_rows_changes_nothing(seed, share):
    folders, names = made(seed, share)
    shuffled = {}
    dice = random.Random(seed)
    for folder in dice.sample(sorted(folders), len(folders)):
        titles = dice.sample(sorted(folders[folder]), len(folders[folder]))
        shuffled[folder] = {title: dice.sample(folders[folder][title], len(folders[folder][title])) for title in titles}
    first, second = (ours(park_of(one, names[-1], RULES)) for one in (folders, shuffled))
    assert _without_places(first) == _without_places(second)


@FEW
@given(seeds)
def test_a_reported_quarter_stays_when_later_quarters_come(seed):
    folders, names = made(seed, 0.0)
    early = park_of(folders, names[0], RULES).ledger.entries
    late = [
        entry for entry in park_of(folders, names[-1], RULES).ledger.entries if entry.booked == parse_period(names[0])
    ]
    assert [entry[:14] for entry in early] == [entry[:14] for entry in late]


@FEW
@given(seeds)
def test_a_document_and_its_correction_on_the_same_day_leave_no_trace_in_any_balance(seed):
    folders, names = made(seed, 0.0, documents=40)
    last = folders[names[-1]]
    deposits = last.get("指标储备", [])
    if not deposits:
        return
    number, day = deposits[0]["单号"], deposits[0]["储备日期"]
    if any(
        number in (row.get("原单号"), row.get("批次"), row.get("指定批次")) for rows in last.values() for row in rows
    ):
        return
    without = {**last, "指标储备": [row for row in deposits if row["单号"] != number]}
    undo = {"单号": "UNDO-1", "原单号": number, "日期": day, "原因": "-", "依据": "-"}
    undone = {**last, "冲正": [*last.get("冲正", []), undo]}
    first = ours(park_of({**folders, names[-1]: without}, names[-1], RULES))["balances"]
    second = ours(park_of({**folders, names[-1]: undone}, names[-1], RULES))["balances"]
    closings = [
        {(row["zone"], row["factor"]): row["closing"] for row in rows if Decimal(row["closing"])}
        for rows in (first, second)
    ]
    assert closings[0] == closings[1]


@pytest.mark.parametrize("seed", [3, 4])
def test_a_later_change_of_rule_reprices_nothing(seed):
    folders, names = made(seed, 0.0)
    other = rules()
    for key in ("ratios.air_met", "ratios.air_not_met", "ratios.metals"):
        one = other.parameters[key]
        change = one.history[-1]._replace(since=parse_period(names[-1]).start, value="3")
        other.parameters[key] = one._replace(history=(*one.history, change))
    before = [
        entry for entry in park_of(folders, names[-1], RULES).ledger.entries if entry.booked < parse_period(names[-1])
    ]
    after = [
        entry for entry in park_of(folders, names[-1], other).ledger.entries if entry.booked < parse_period(names[-1])
    ]
    assert [entry[:14] for entry in before] == [entry[:14] for entry in after]


def _without_places(tables):
    dropped = ("source", "entry_id")
    return {
        name: sorted(tuple(sorted((key, value) for key, value in row.items() if key not in dropped)) for row in rows)
        for name, rows in tables.items()
    }
