"""YAML in which every scalar is the text that was written: ``0123``, ``no`` and ``1.10`` stay what they look like."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import yaml

Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Strict(Loader):  # type: ignore[misc]
    """The base loader (no implicit types), which also refuses a key that stands twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", node.start_mark)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def where_wrong(fault: yaml.YAMLError) -> str:
    """Return in a line what a YAML parser stumbled over, and where."""
    mark = getattr(fault, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    said = [getattr(fault, name, None) for name in ("context", "problem")]
    return place + (", ".join(one for one in said if one) or " ".join(str(fault).split()))


def known_entries(
    where: str, content: Any, allowed: set[str], needed: set[str], fault: type[Exception]
) -> Mapping[str, Any]:
    """Return a mapping that holds known entries only, and all that are needed.

    Errors  ``fault``, saying where and which.
    """
    if not isinstance(content, Mapping):
        raise fault(f"{where} must be a mapping.")
    for word in sorted(set(content) - allowed):
        raise fault(f"{where} has an unknown entry {word!r}; known are {', '.join(sorted(allowed))}.")
    for word in sorted(needed - set(content)):
        raise fault(f"{where} lacks {word!r}.")
    return content


def parse_yaml(text: str) -> Any:
    """Return the mappings, lists and texts of a YAML document.

    Errors  yaml.YAMLError with line and column, also for a key that stands twice.
    """
    return yaml.load(text, Loader=_Strict)
