"""Two papermill engines with the same results: a forked child of this warm process, and a kernel.

The fork costs a tenth of a kernel: what the parent has imported is there already.  The kernel is the
reference, and what remains where a process cannot fork (Windows) or must not (inside a notebook).
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
import warnings
from collections.abc import Callable
from typing import IO, Any

from papermill.engines import Engine, NBClientEngine, papermill_engines

from quota_lib.report.canonical import as_node
from quota_lib.report.shell import run_cells

Progress = Callable[[int, int], None]


class ForkEngine(Engine):  # type: ignore[misc]
    """Run the cells in a forked child, which says how far it is and at the end what the cells put out."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
        """Run what can run; a cell that fails or a child that dies leaves the cells after it unrun."""
        cells = [cell for cell in nb_man.nb.cells if _runs(cell)]
        progress: Progress | None = options.get("progress")
        child, lines = _forked([cell.source for cell in cells])
        try:
            for done, line in enumerate(lines):
                said = json.loads(line)
                if isinstance(said, list):
                    for cell, outputs in zip(cells, said, strict=False):
                        cell.outputs = as_node(outputs)
                    break
                cells[done].execution_count = said
                if progress:
                    progress(done + 1, len(cells))
        finally:
            lines.close()
            os.kill(child, signal.SIGKILL)  # it has said all, or is not wanted any more
            os.waitpid(child, 0)


class KernelEngine(NBClientEngine):  # type: ignore[misc]
    """Run the cells in a kernel, as papermill does by default, and say how far it has come."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
        """Run the notebook in a kernel of this Python."""
        progress: Progress | None = options.pop("progress", None)
        options.setdefault("extra_arguments", ["--log-level=ERROR"])  # it warns of TCP at each start
        complete, total = nb_man.cell_complete, sum(_runs(cell) for cell in nb_man.nb.cells)
        done = 0

        def cell_complete(cell: Any, **more: Any) -> None:
            nonlocal done
            complete(cell, **more)
            done += _runs(cell)
            if progress and _runs(cell):
                progress(done, total)

        nb_man.cell_complete = cell_complete
        super().execute_managed_notebook(nb_man, kernel_name, **options)


def engine_name() -> str:
    """Return "fork" where this process can and may, "kernel" where it must or QUOTA_ENGINE says so."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    can_fork = hasattr(os, "fork") and shell is None
    return "fork" if can_fork and os.environ.get("QUOTA_ENGINE") != "kernel" else "kernel"


def register() -> None:
    """Make both engines known to papermill, as "quota-fork" and "quota-kernel"."""
    papermill_engines.register("quota-fork", ForkEngine)
    papermill_engines.register("quota-kernel", KernelEngine)


def _runs(cell: Any) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


def _forked(sources: list[str]) -> tuple[int, IO[str]]:
    """Start a child that runs the cells; return its process id and what it has to say, line by line."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside a thread that draws progress
        child = os.fork()
    if child:
        os.close(writing)
        return child, os.fdopen(reading, encoding="utf-8")
    try:  # the child, which must not come back into the parent's code
        os.close(reading)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)  # standard output is the command's result
        with os.fdopen(writing, "w", encoding="utf-8") as report:
            outputs = []
            for count, shown in run_cells(sources):
                outputs.append(shown)
                print(count, file=report, flush=True)
            print(json.dumps(outputs, default=_base64), file=report, flush=True)  # a cell can change earlier ones
    finally:
        os._exit(0)


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
