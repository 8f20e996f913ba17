"""The accounting methods: one small function and one card each, and the chain that they share.

``compute`` makes an amount of rows of inputs; ``input_fields`` and ``as_json`` say what a sheet
of a method holds; ``description`` prints its card.  A method is added by its two files, here,
and nothing else; in a notebook by the decorator ``method`` with ``card=…``.

Source  REDUCE-2
"""

from __future__ import annotations

from quota_lib.methods.around import Beyond, CarbonCheck, activated_carbon_check, beyond_reach, capped, permit_cap
from quota_lib.methods.card import Card, CardError, Example, Input, Lookup, parse_card
from quota_lib.methods.computing import NOTHING, REDUCTION, Computation, Given, compute, rounded
from quota_lib.methods.describing import InputField, as_json, description, input_fields, method_cards
from quota_lib.methods.formula import shown
from quota_lib.methods.lookups import Used, split_words, together
from quota_lib.methods.proving import faults_of_examples
from quota_lib.methods.reading import Fault
from quota_lib.methods.registry import (
    LABELS,
    METHODS,
    Method,
    Steps,
    discover,
    foreign,
    method,
    method_named,
    shipped_only,
    withdraw,
)
from quota_lib.methods.steps import Step

discover()

__all__ = [
    "LABELS",
    "METHODS",
    "NOTHING",
    "REDUCTION",
    "Beyond",
    "CarbonCheck",
    "Card",
    "CardError",
    "Computation",
    "Example",
    "Fault",
    "Given",
    "Input",
    "InputField",
    "Lookup",
    "Method",
    "Step",
    "Steps",
    "Used",
    "activated_carbon_check",
    "as_json",
    "beyond_reach",
    "capped",
    "compute",
    "description",
    "faults_of_examples",
    "foreign",
    "input_fields",
    "method",
    "method_cards",
    "method_named",
    "parse_card",
    "permit_cap",
    "rounded",
    "shipped_only",
    "shown",
    "split_words",
    "together",
    "withdraw",
]
