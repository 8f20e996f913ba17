"""An executed notebook in its canonical form: the same inputs give the same bytes, on any machine."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

_ADDRESS = re.compile(r"(?<= at )0x[0-9a-f]{6,}")
_STYLER = re.compile(r"\bT_[0-9a-f]{5}(?=[_\s\"'\]{.#])")  # pandas Styler names its tables by uuid4
_KEPT = ("tags", "alt")  # of a cell's metadata; the rest tells times and editors
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}

_log = logging.getLogger(__name__)


def canonical(nb: NotebookNode, parameters: dict[str, str], cwd: Path) -> NotebookNode:
    """Return the notebook without times, random ids, versions and places of this machine.

    What it said on standard error is not kept (it names files of the libraries) but logged.
    """
    cells = [_cell(cell, f"c{index:03d}") for index, cell in enumerate(nb.cells)]
    keep = {key: value for key, value in nb.metadata.items() if key in ("title", "authors")}
    keep |= {"kernelspec": _KERNEL, "language_info": _LANGUAGE}
    keep["papermill"] = {"parameters": dict(sorted(parameters.items()))}
    whole = {"cells": cells, "metadata": keep, "nbformat": 4, "nbformat_minor": 5}
    node: NotebookNode = as_node(_named_in_order(_without_place(whole, cwd), {}))
    return node


def as_node(value: Any) -> Any:
    """Return plain dicts and lists as nodes of a notebook."""
    from nbformat import from_dict

    return from_dict(value)


def _cell(cell: Any, name: str) -> dict[str, Any]:
    metadata = {key: cell.metadata[key] for key in _KEPT if cell.metadata.get(key)}
    kept = {"cell_type": cell.cell_type, "id": name, "metadata": metadata, "source": cell.source}
    if cell.get("attachments"):
        kept["attachments"] = cell.attachments
    if cell.cell_type == "code":
        kept |= {"execution_count": cell.execution_count, "outputs": _outputs(cell.outputs)}
    return kept


def _outputs(outputs: list[Any]) -> list[dict[str, Any]]:
    """Return the outputs with neighbours of one stream merged: timing splits them."""
    kept: list[dict[str, Any]] = []
    for output in map(dict, outputs):
        if output["output_type"] != "stream":
            kept.append(output)
        elif output["name"] == "stderr":
            _log.warning("%s", output["text"].rstrip())
        elif kept and kept[-1]["output_type"] == "stream":
            kept[-1]["text"] += output["text"]
        else:
            kept.append(output)
    return kept


def _without_place(value: Any, cwd: Path) -> Any:
    """Return a value with the folder of the run written as "." in every text, and no address of an object."""
    places = {str(cwd), str(cwd.resolve())} - {cwd.anchor}
    place = re.compile("|".join(rf"(?<![\w./<]){re.escape(name)}(?![\w.-])" for name in sorted(places)))
    return _mapped(value, lambda text: _ADDRESS.sub("0x…", place.sub(".", text) if places else text))


def _named_in_order(value: Any, names: dict[str, str]) -> Any:
    """Return a value with the random ids of pandas stylers replaced by numbers, in order of appearance."""

    def named(found: re.Match[str]) -> str:
        return names.setdefault(found[0], f"T_{len(names) + 1:05d}")

    return _mapped(value, lambda text: _STYLER.sub(named, text))


def _mapped(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _mapped(inner, change) for key, inner in value.items()}
    return [_mapped(inner, change) for inner in value] if isinstance(value, list) else value
