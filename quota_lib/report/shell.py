"""Notebook cells in this process: an IPython shell whose outputs are kept as a notebook keeps them.

Meant for a process of its own (``engine.py`` forks one per notebook): it takes over the standard
streams and the names of ``__main__``.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

Output = dict[str, Any]
"""An output as nbformat 4 has it."""


class Recorder:
    """What the running cell has put out so far, in order."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.outputs: list[Output] = []
        self.named: dict[str, list[Output]] = {}  # by display id, over the whole notebook
        self.clear_next = False

    def add(self, output: Output) -> Output:
        """Keep one output."""
        if self.clear_next:
            self.clear()
        self.outputs.append(output)
        return output

    def stream(self, name: str, text: str) -> None:
        """Keep text of a stream, as one output with what the same stream said just before."""
        last = self.outputs[-1] if self.outputs and not self.clear_next else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self.add({"output_type": "stream", "name": name, "text": text})

    def clear(self) -> None:
        """Drop what the cell has put out."""
        self.outputs.clear()
        self.clear_next = False


RECORDER = Recorder()


class _Stream(io.TextIOBase):
    def __init__(self, name: str) -> None:
        self.stream_name = name

    def write(self, text: str) -> int:
        if text:
            RECORDER.stream(self.stream_name, text)
        return len(text)


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: Any = False,
        **more: Any,
    ) -> None:
        name = str((transient or {}).get("display_id", ""))
        if update:
            for output in RECORDER.named.get(name, []):
                output.update(data=dict(data), metadata=dict(metadata or {}))
            return
        output = {"output_type": "display_data", "data": dict(data), "metadata": dict(metadata or {})}
        RECORDER.add(output)
        if name:
            RECORDER.named.setdefault(name, []).append(output)

    def clear_output(self, wait: bool = False) -> None:
        if wait:
            RECORDER.clear_next = True
        else:
            RECORDER.clear()


class _Hook(DisplayHook):  # type: ignore[misc]
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        result = {"output_type": "execute_result", "data": dict(format_dict), "metadata": dict(md_dict or {})}
        RECORDER.add(result | {"execution_count": self.prompt_count})

    def finish_displayhook(self) -> None:
        pass


class _Shell(InteractiveShell):  # type: ignore[misc]
    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        RECORDER.add({"output_type": "error", "ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)})

    def enable_gui(self, gui: Any = None) -> None:
        pass


def run_cells(sources: list[str]) -> Iterator[tuple[int, list[Output]]]:
    """Run cells in order; give each one's execution count and outputs, up to the first that fails."""
    shell = _new_shell()
    sys.stdout, sys.stderr = _Stream("stdout"), _Stream("stderr")
    for source in sources:
        RECORDER.outputs = []
        result = shell.run_cell(source, store_history=True)
        yield shell.execution_count - 1, RECORDER.outputs
        if not result.success:
            return


def _new_shell() -> _Shell:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    _Shell.clear_instance()
    _forget_figures()
    shell: _Shell = _Shell.instance(config=config)
    shell.display_trap.hook = shell.displayhook
    if "" not in sys.path:
        sys.path.insert(0, "")
    return shell


def _forget_figures() -> None:
    """Make matplotlib's inline backend meet the new shell; it would keep the first, and lose every figure."""
    if "matplotlib_inline.config" in sys.modules:
        sys.modules["matplotlib_inline.config"].InlineBackend.clear_instance()
    if "matplotlib_inline.backend_inline" in sys.modules:
        inline = sys.modules["matplotlib_inline.backend_inline"].configure_inline_support
        inline.current_backend = "unset"
