"""The chain that all source methods share: generated → collected → removed, and what is left of it.

Amounts in t, coefficients in kg per unit, rates and shares as shares of 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

KG_PER_TONNE = Decimal(1000)
ONE = Decimal(1)


def generated(activity: Decimal, ef_kg_per_unit: Decimal) -> Decimal:
    """Return G = A·EF/1000, what arises before any collection or control."""
    return activity * ef_kg_per_unit / KG_PER_TONNE


def organised(amount: Decimal, collection: Decimal, removal: Decimal, running: Decimal) -> Decimal:
    """Return G·ηc·(1 − ηr·k), what leaves through the stack."""
    return amount * collection * (ONE - removal * running)


def fugitive(amount: Decimal, collection: Decimal) -> Decimal:
    """Return G·(1 − ηc), what is never collected (无组织)."""
    return amount * (ONE - collection)


def emitted(amount: Decimal, collection: Decimal, removal: Decimal, running: Decimal) -> Decimal:
    """Return organised and fugitive together."""
    return organised(amount, collection, removal, running) + fugitive(amount, collection)


def removed(amount: Decimal, collection: Decimal, removal: Decimal, running: Decimal) -> Decimal:
    """Return G·ηc·ηr·k, what the control takes out."""
    return amount * collection * removal * running


def in_series(rates: Iterable[Decimal]) -> Decimal:
    """Return 1 − Π(1 − ηi): what controls in series remove together.  Of none, 0."""
    left = ONE
    for rate in rates:
        left *= ONE - rate
    return ONE - left
