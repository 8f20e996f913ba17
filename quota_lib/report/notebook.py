"""A report notebook run with parameters: checked before, complete afterwards, the same bytes every time."""

from __future__ import annotations

import ast
import importlib
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quota_lib.coefficients import CoefficientError
from quota_lib.report.atomic import write_whole
from quota_lib.rules import RuleError
from quota_lib.words import nearest

if TYPE_CHECKING:
    from nbformat import NotebookNode


_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class NotebookFault(Exception):
    """A notebook did not run to its end; ``details`` is the traceback of the cell, as IPython prints it."""

    def __init__(self, message: str, details: str = "") -> None:
        """Keep the message for people and the details for whoever mends the notebook."""
        super().__init__(message)
        self.details = details


class ParameterFault(NotebookFault):
    """A parameter is unknown, missing or not a string; nothing was run."""


def run_notebook(
    source: Path,
    parameters: Mapping[str, str],
    *,
    cwd: Path,
    progress: Callable[[int, int], None] | None = None,
) -> NotebookNode:
    """Return the notebook as executed, in canonical form.

    Errors  ParameterFault before anything runs; RuleError where a cell met a wrong parameter; NotebookFault unless
            every code cell ran without an error.

    ``progress`` is told (cells done, cells in all) after each code cell.  Nothing is written.
    """
    nb = read_notebook(source)
    check_parameters(source.name, declared_parameters(source.name, nb), parameters)
    executed = _executed(source.name, nb, parameters, cwd, progress)
    _demand_all_ran(source.name, executed)
    from quota_lib.report.canonical import canonical

    return canonical(executed, dict(parameters), cwd)


def read_notebook(source: Path) -> NotebookNode:
    """Return a notebook file; it is brought up to the current format."""
    nbformat = _nbformat()
    nb: NotebookNode = nbformat.v4.upgrade(nbformat.read(source, as_version=4))
    return nb


def write_notebook(nb: NotebookNode, path: Path) -> None:
    """Write a notebook whole or not at all."""
    write_whole(path, _nbformat().writes(nb) + "\n")


def declared_parameters(name: str, nb: NotebookNode) -> list[str]:
    """Return the names that the cell tagged ``parameters`` assigns.

    Errors  NotebookFault unless there is exactly one such cell and it assigns nothing but strings.
    """
    cells = [cell for cell in nb.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise NotebookFault(f"{name} 有 {len(cells)} 个带 parameters 标签的代码格 → 应恰有一个")
    names = []
    for node in ast.parse(cells[0].source).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=key)], value=ast.Constant(value=str())):
                names.append(key)
            case ast.AnnAssign(target=ast.Name(id=key), value=ast.Constant(value=str())):
                names.append(key)
            case _:
                raise NotebookFault(f'{name} 的参数格第 {node.lineno} 行不是字符串赋值 → 写成 名称 = "值"')
    return names


def check_parameters(name: str, declared: list[str], given: Mapping[str, str]) -> None:
    """Raise ParameterFault for a parameter that is unknown, missing or not a string."""
    for key, value in given.items():
        if key not in declared:
            near = nearest(key, declared) or "（无参数）"
            raise ParameterFault(f"{name} 没有参数 {key} → 最接近的是 {near}")
        if not isinstance(value, str):
            raise ParameterFault(f"{name} 的参数 {key} 是 {type(value).__name__} → 只接受字符串")
    for key in declared:
        if key not in given:
            raise ParameterFault(f"{name} 缺少参数 {key} → 请给出它的值")


def _executed(
    name: str,
    nb: NotebookNode,
    parameters: Mapping[str, str],
    cwd: Path,
    progress: Callable[[int, int], None] | None,
) -> NotebookNode:
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from quota_lib.report import engine

    engine.register()
    try:
        with _own_ipython():
            executed: NotebookNode = papermill.execute_notebook(
                nb,
                None,
                dict(parameters),
                engine_name=f"quota-{engine.engine_name()}",
                kernel_name="python3",
                language="python",
                cwd=str(cwd),
                progress_bar=False,
                record_timing=False,
                shutdown_kernel="immediate",
                progress=progress,
            )
        return executed
    except PapermillExecutionError as error:
        raise _fault(name, error.exec_count, error.ename, error.evalue, error.traceback) from None
    except RuntimeError as error:  # nbclient: the kernel died or did not start
        raise NotebookFault(f"{name} 没有运行完：{error}") from error


def _demand_all_ran(name: str, nb: NotebookNode) -> None:
    """Raise NotebookFault for what papermill lets pass: sys.exit, and cells that did not run."""
    for cell in nb.cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                raise _fault(name, cell.execution_count, output.ename, output.evalue, output.traceback)
        if cell.execution_count is None:
            raise NotebookFault(f"{name} 没有运行完：未运行的代码格以“{cell.source.strip().splitlines()[0][:60]}”开头")


def _fault(name: str, count: int | None, ename: str, evalue: str, traceback: list[Any]) -> Exception:
    """Return what went wrong in a cell: of the notebook, or of the parameters that it only handed on."""
    if ename in (RuleError.__name__, CoefficientError.__name__):
        return RuleError(evalue)
    details = _COLOUR.sub("", "\n".join(map(str, traceback)))
    return NotebookFault(f"{name} 代码格 [{count}] 出错：{ename}: {evalue}", details)


@contextmanager
def _own_ipython() -> Iterator[None]:
    """Keep start-up files and settings of the user's own IPython out of the run."""
    before = os.environ.get("IPYTHONDIR")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["IPYTHONDIR"] = folder
        try:
            yield
        finally:
            del os.environ["IPYTHONDIR"]
            if before is not None:
                os.environ["IPYTHONDIR"] = before


def _nbformat() -> Any:
    """Return nbformat, without the grammar that it would compile for two seconds and not use."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    return importlib.import_module("nbformat")
