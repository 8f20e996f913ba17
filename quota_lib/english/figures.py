"""The JSON blocks of a page in English: figures with where they come from, and the words of the page's script."""

from __future__ import annotations

from typing import Any

from quota_lib.english.translate import Translator
from quota_lib.tracing.block import Block, packed, unpacked

MIXED = frozenset({"label", "formula"})
"""Of a figure: names of zones and numbers of documents stand among the program's words."""
RULE = ("label", "value", "unit", "reference", "status")


def figures_in_english(block: Block, translator: Translator) -> Block:
    """Return the block of figures; ids, values, places and cells stay.

    Shape   see quota_lib.tracing.block
    """
    content = unpacked(block)
    rules = [{**one, **{name: translator.page_text(one[name]) for name in RULE}} for one in content["rules"]]
    return packed({**content, "rules": rules, "facts": [_figure(one, translator) for one in content["facts"]]})


def _figure(one: Block, translator: Translator) -> Block:
    changed: Block = {
        name: translator.page_text(one[name], name in MIXED)
        for name in ("label", "unit", "formula", "note")
        if name in one
    }
    if "cells" in one:
        changed["cells"] = [[sheet, at, translator.page_text(head), value] for sheet, at, head, value in one["cells"]]
    return {**one, **changed}


def words_in_english(block: Any, translator: Translator) -> Any:
    """Return the words of the script; what stands under ``kept`` goes into workbooks and stays Chinese."""
    if isinstance(block, str):
        return translator.page_text(block)
    if isinstance(block, list):
        return [words_in_english(one, translator) for one in block]
    return {name: one if name == "kept" else words_in_english(one, translator) for name, one in block.items()}
