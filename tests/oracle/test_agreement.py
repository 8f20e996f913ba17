"""The program against the independent reference, on random parks, in every quarter."""

from __future__ import annotations

import pytest

from .compare import differences
from .generate import park


@pytest.mark.parametrize("seed", range(8))
def test_program_and_reference_agree_to_the_milligram_on_sound_parks(seed):
    folders = park(seed, quarters=4, documents=60)
    assert [line for quarter in _quarters(folders) for line in differences(folders, quarter)] == []


@pytest.mark.parametrize("seed", range(100, 108))
def test_program_and_reference_agree_to_the_milligram_where_rows_are_in_error(seed):
    folders = park(seed, quarters=4, documents=50, faults=0.1)
    assert [line for quarter in _quarters(folders) for line in differences(folders, quarter)] == []


def _quarters(folders):
    return sorted(name for name in folders if "Q" in name)
