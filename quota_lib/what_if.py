"""What a trial changes: only what differs from the parameters in force, with title, author and reason.

Source  REDUCE-2; contract §1 parameters/what_if
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import yaml

from quota_lib.methods import LABELS, METHODS, method_named
from quota_lib.plain_yaml import parse_yaml, where_wrong
from quota_lib.rules import RuleError

STAND, FOLLOW = "stand", "follow"
_NEEDED = {"title", "author", "reason"}
_KNOWN = _NEEDED | {"parameters", "coefficients", "methods", "instead", "inputs", "verified"}
Key = tuple[str, str]


class WhatIf(NamedTuple):
    """A trial as its file describes it.

    ``parameters``: by key, another value or dated values.  ``coefficients``: by table, another
    edition or other coefficients, for ``methods`` (none named: all).  ``instead``: by method, the
    one that takes its place.  ``inputs``: by project and factor, a method with its rows.
    ``verified``: "stand", or "follow": what the bureau verified, and what was reserved of it, is
    lowered to what the trial computes where that is less than what was computed.
    """

    name: str
    title: str
    author: str
    reason: str
    parameters: Mapping[str, Any]
    coefficients: Mapping[str, Any]
    methods: tuple[str, ...]
    instead: Mapping[str, str]
    inputs: Mapping[Key, tuple[str, tuple[Mapping[str, str], ...]]]
    verified: str

    @property
    def where(self) -> str:
        return f"parameters/what_if/{self.name}.yaml"


def parse_what_if(name: str, text: str) -> WhatIf:
    """Return a trial of the text of its file.

    Errors  RuleError naming file, entry and what is wrong.
    """
    where = f"parameters/what_if/{name}.yaml"
    try:
        content = parse_yaml(text)
    except yaml.YAMLError as fault:
        raise RuleError(f"{where} cannot be read: {where_wrong(fault)}") from None
    if not isinstance(content, dict):
        raise RuleError(f"{where} must hold title, author, reason and what differs.")
    for word in sorted(set(content) - _KNOWN):
        raise RuleError(f"{where} has an unknown entry {word!r}; known are {', '.join(sorted(_KNOWN))}.")
    for word in sorted(_NEEDED):
        if not isinstance(content.get(word), str) or not content[word].strip():
            raise RuleError(f"{where} needs a {word}.")
    verified = content.get("verified", STAND)
    if verified not in (STAND, FOLLOW):
        raise RuleError(f"{where}: verified is {verified!r}; use {STAND} or {FOLLOW}.")
    made = WhatIf(
        name=name,
        title=content["title"],
        author=content["author"],
        reason=content["reason"],
        parameters=_mapping(where, content, "parameters"),
        coefficients=_mapping(where, content, "coefficients"),
        methods=tuple(_method(where, one) for one in _list(where, content, "methods")),
        instead={_method(where, old): _method(where, new) for old, new in _mapping(where, content, "instead").items()},
        inputs=_inputs(where, _list(where, content, "inputs")),
        verified=verified,
    )
    if not (made.parameters or made.coefficients or made.instead or made.inputs):
        raise RuleError(
            f"{where} changes nothing. Name what differs under parameters, coefficients, instead or inputs."
        )
    return made


def with_methods(what: WhatIf) -> WhatIf:
    """Return a trial with every method by its English name: those of the package and those of a notebook's cells.

    Errors  RuleError for a method or an input that is not there.
    """
    where = what.where
    return what._replace(
        methods=tuple(_method(where, one) for one in what.methods),
        instead={_method(where, old): _method(where, new) for old, new in what.instead.items()},
        inputs={key: _known_inputs(where, name, rows) for key, (name, rows) in what.inputs.items()},
    )


def _known_inputs(
    where: str, text: str, rows: tuple[Mapping[str, str], ...]
) -> tuple[str, tuple[Mapping[str, str], ...]]:
    name = _method(where, text)
    for row in rows:
        for word in sorted(set(row) - set(METHODS[name].card.inputs)):
            known = ", ".join(METHODS[name].card.inputs)
            raise RuleError(f"{where}: {name} has no input {word!r}; it has {known}.")
    return name, rows


def _mapping(where: str, content: Mapping[str, Any], word: str) -> Mapping[str, Any]:
    found = content.get(word) or {}
    if not isinstance(found, dict):
        raise RuleError(f"{where}: {word} must be a mapping.")
    return found


def _list(where: str, content: Mapping[str, Any], word: str) -> list[Any]:
    found = content.get(word) or []
    if not isinstance(found, list):
        raise RuleError(f"{where}: {word} must be a list.")
    return found


def _method(where: str, text: Any) -> str:
    name = method_named(text) if isinstance(text, str) else None
    if name is None:
        known = ", ".join(LABELS)
        raise RuleError(
            f"{where}: there is no method {text!r}; there are {known}. A new one is written in the notebook."
        )
    return name


def _inputs(where: str, rows: list[Any]) -> dict[Key, tuple[str, tuple[Mapping[str, str], ...]]]:
    """Return input rows by project and factor; several of one key are of one method and add up."""
    found: dict[Key, tuple[str, tuple[Mapping[str, str], ...]]] = {}
    for row in rows:
        if not isinstance(row, dict) or not {"project", "factor", "method"} <= set(row):
            raise RuleError(f"{where}: each of inputs needs project, factor, method and the method's inputs.")
        name, key = row["method"], (row["project"], row["factor"].upper())
        values = {word: value for word, value in row.items() if word not in ("project", "factor", "method")}
        before, rows_before = found.get(key, (name, ()))
        if before != name:
            raise RuleError(f"{where}: {'/'.join(key)} is given inputs of two methods, {before} and {name}.")
        found[key] = (name, (*rows_before, values))
    return found
