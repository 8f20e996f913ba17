"""What a row names, which must be known, and what it makes known to later rows.

Source  contract §2, Names
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from quota_lib.method_sheets import method_of
from quota_lib.schema import Sheet

NAMES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "inputs": (("project", "reduction_project"),),
    "reduction": (("project", "reduction_project"),),
    "evidence": (("project", "reduction_project"),),
    "verdict": (("project", "reduction_project"),),
    "occupation": (("project", "reduction_project"), ("construction", "construction")),
    "deposit": (("project", "reduction_project"),),
    "application": (("construction", "construction"),),
    "decision": (("construction", "construction"), ("construction", "application")),  # and its factor's row, see below
    "state": (("construction", "construction"),),
    "recovery": (("construction", "construction"),),
}
NAMES_DOCUMENT = {"superior": "lot", "decision": "lot", "correction": "original"}
SHEETS_OF = {
    "zone": "功能区",
    "unit": "排污单位",
    "reduction_project": "减排项目",
    "construction": "建设项目",
    "application": "总量申请",
    "document": "相应单据",
}


def named_by(sheet: Sheet) -> str:
    """Return under which entry of NAMES a sheet stands; a method's inputs of an annual folder name no project."""
    return "inputs" if method_of(sheet.name) and sheet.fields[0].name == "project" else sheet.name


def defines(sheet: Sheet, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return what a row would have made known (documents aside)."""
    name = values.get({"reduction_project": "project", "application": "construction"}.get(sheet.name, sheet.name))
    if name and sheet.name in ("zone", "unit", "construction", "reduction_project", "application"):
        yield sheet.name, name
    if name and sheet.name == "application" and values.get("factor"):
        yield "application_row", f"{name}/{values['factor']}"
    if method_of(sheet.name) and values.get("project"):
        yield "inputs", f"{values['project']}/{values.get('factor') or ''}"
    if sheet.name == "reduction" and values.get("project"):
        yield "reduction_row", f"{values['project']}/{values.get('factor') or ''}"
