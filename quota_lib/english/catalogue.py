"""The catalogue of terms: what stands in ``catalogue/*.yaml``, and the complaints of ``problems.yaml`` by their code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from quota_lib.english.pattern import Pattern, pattern_of
from quota_lib.english.translate import Translator
from quota_lib.plain_yaml import parse_yaml
from quota_lib.problems import catalogue as complaints

TERMS, COMPLAINTS = "terms.yaml", "complaints.yaml"


class Catalogue(NamedTuple):
    """Every entry: exact ones, those with placeholders, and the terms that get their Chinese in brackets.

    ``terms``: Chinese -> the forms of its English, "recovery|recovered", those of another meaning after a semicolon;
    of several Chinese words with the same forms the first is the one to show.
    """

    words: Mapping[str, str]
    patterns: tuple[Pattern, ...]
    terms: Mapping[str, str]

    def translator(self) -> Translator:
        """Return a translator that has seen nothing yet."""
        return Translator(self.words, self.patterns)


@cache
def load_catalogue() -> Catalogue:
    """Return the catalogue of the library.

    Errors  ValueError for Chinese that has two different translations
    """
    words: dict[str, str] = {}
    entries_of = dict(load_entries())
    terms = entries_of.pop(TERMS)
    for name, entries in entries_of.items():
        for chinese, english in entries.items():
            if words.setdefault(chinese, english) != english:
                raise ValueError(f"{name}: {chinese} is {english!r} here and {words[chinese]!r} elsewhere")
    patterns = [pattern_of(chinese, english) for chinese, english in words.items() if "{" in chinese]
    plain = {chinese: english for chinese, english in words.items() if "{" not in chinese}
    for chinese, english in complaint_entries():
        if "{" in chinese:
            patterns.append(pattern_of(chinese, english, loose=True))
        else:
            plain.setdefault(chinese, english)
    first = {chinese: re.split("[|;]", forms)[0] for chinese, forms in terms.items()}
    return Catalogue(first | plain, tuple(patterns), terms)


@cache
def load_entries() -> Mapping[str, dict[str, str]]:
    """Return the entries of each file of the catalogue, the complaints aside."""
    folder = resources.files("quota_lib.english").joinpath("catalogue")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".yaml") and one.name != COMPLAINTS)
    return {name: parse_yaml(folder.joinpath(name).read_text(encoding="utf-8")) for name in names}


@cache
def load_complaints() -> Mapping[str, Mapping[str, str]]:
    """Return the English of each complaint by its code: message and fix."""
    text = resources.files("quota_lib.english").joinpath("catalogue", COMPLAINTS).read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = parse_yaml(text)
    return found


def complaint_entries() -> list[tuple[str, str]]:
    """Return message and fix of every complaint, Chinese and English."""
    english = load_complaints()
    pairs = []
    for code, entry in complaints().items():
        for chinese, name in ((entry.message, "message"), (entry.fix, "fix")):
            if name in english.get(code, {}):
                pairs.append((chinese, english[code][name]))
    return pairs
