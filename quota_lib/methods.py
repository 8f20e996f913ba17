"""The accounting methods by name: what 核算方法 may say.  (Their formulas and cards come with the reduction library.)

Source  REDUCE-2
"""

from __future__ import annotations

from collections.abc import Mapping

from quota_lib.words import key

LABELS: Mapping[str, str] = {
    "closure": "关停",
    "raw_material_substitution": "原料替代",
    "energy_substitution": "能源替代",
    "voc_treatment": "VOCs治理",
    "stack_treatment": "废气治理",
    "wastewater_treatment": "废水治理",
    "sewer_takeover": "接管",
    "reclaimed_water": "中水回用",
    "tank_loading": "储罐装卸",
    "vapour_recovery": "油气回收",
    "retired_vehicles": "机动车淘汰",
    "catering": "餐饮",
    "documented": "文件核定",
    "coefficient": "产排污系数",
    "material_balance": "物料衡算",
}
_READ = {key(text): name for name, label in LABELS.items() for text in (name, label)}


def method_named(text: str) -> str | None:
    """Return the English name of the method that a label or name stands for, or None."""
    return _READ.get(key(text))
