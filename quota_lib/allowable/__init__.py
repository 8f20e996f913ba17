"""Next year's allowable discharge: registered methods, and the caps that hold whichever of them runs.

``allowables`` sets it; ``describe`` prints the methods.  A method is added by its two files here, a
function below ``@allowable_method`` and its card, and used by the dated parameter ``allowable.method``.

Source  TOTAL-3
"""

from __future__ import annotations

from quota_lib.allowable.card import Card, Example
from quota_lib.allowable.describing import describe, describe_all
from quota_lib.allowable.dividing import divide
from quota_lib.allowable.facts import (
    APPROVED,
    MET,
    NO_PERMIT,
    NOT_MET,
    PARK,
    UNLISTED,
    AllowableInput,
    Allowables,
    Assessment,
    Balance,
    Candidate,
    Cap,
    Group,
    Held,
    PlantAllowable,
    PlantFactor,
    Step,
    Wish,
)
from quota_lib.allowable.limits import MethodError
from quota_lib.allowable.proving import faults_of_examples
from quota_lib.allowable.registry import ALLOWABLE_METHODS, AllowableMethod, allowable_method, discover, withdraw
from quota_lib.allowable.setting import allowables
from quota_lib.methods.card import CardError

discover()

__all__ = [
    "ALLOWABLE_METHODS",
    "APPROVED",
    "MET",
    "NOT_MET",
    "NO_PERMIT",
    "PARK",
    "UNLISTED",
    "AllowableInput",
    "AllowableMethod",
    "Allowables",
    "Assessment",
    "Balance",
    "Candidate",
    "Cap",
    "Card",
    "CardError",
    "Example",
    "Group",
    "Held",
    "MethodError",
    "PlantAllowable",
    "PlantFactor",
    "Step",
    "Wish",
    "allowable_method",
    "allowables",
    "describe",
    "describe_all",
    "divide",
    "faults_of_examples",
    "withdraw",
]
