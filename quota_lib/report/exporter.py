"""The nbconvert exporter behind ``page.py``: our template, our headings, no second pass over the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

Heading = Callable[[str, int], str]

BEST_FIRST = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain")

_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)


class ReportExporter(HTMLExporter):  # type: ignore[misc]
    """Notebook to page with the template beside this module."""

    def __init__(self) -> None:
        """Find the template."""
        filters = {"best_kind": _best_kind, "text_html": _text_html}
        templates = [str(Path(__file__).parent / "templates")]
        super().__init__(template_name="report", extra_template_basedirs=templates, filters=filters)

    def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> Any:
        """Return page and resources, without the pass in which HTMLExporter rewrites the page."""
        return TemplateExporter.from_notebook_node(self, nb, resources, **options)


class _Renderer(IPythonRenderer):  # type: ignore[misc]
    """Markdown with our headings; images only from the cell's own attachments."""

    def __init__(self, heading: Heading, attachments: Mapping[str, Any]) -> None:
        super().__init__(escape=False, attachments=dict(attachments))
        self._heading = heading

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        return self._heading(text, level)


def markdown_html(source: str, heading: Heading, attachments: Mapping[str, Any]) -> str:
    """Return a text cell as HTML, its headings as ``heading`` gives them."""
    html: str = MarkdownWithMath(renderer=_Renderer(heading, attachments)).render(source)
    return _TABLE.sub(r'<div class="scroll" tabindex="0">\g<0></div>', html)


def _text_html(source: str) -> str:
    """Return Markdown that a cell put out; its headings stay out of the contents."""
    return markdown_html(source, lambda html, level: f"<h4>{html}</h4>\n", {})


def _best_kind(data: Mapping[str, Any]) -> str:
    return next((kind for kind in BEST_FIRST if kind in data), "")
