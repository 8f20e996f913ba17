"""What every report's run does: run a workspace's notebook, put the finished files in their place, compare two runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from quota_lib.problems import SEVERITIES, Problem, has_errors
from quota_lib.report.notebook import run_notebook
from quota_lib.workspace import Workspace, notebook_in

if TYPE_CHECKING:
    from nbformat import NotebookNode


FIRST_REPORT = "初报·有错误"


class Made(NamedTuple):
    """What a run left; ``missed`` says in a line which PDF was asked for and not made, and why."""

    folder: Path
    files: tuple[str, ...]
    summary: str
    has_errors: bool
    missed: str = ""


def reports_folder(workspace: Workspace) -> Path:
    """Return the folder of all reports, made where it is missing."""
    place = workspace.root / "reports"
    place.mkdir(parents=True, exist_ok=True)
    return place


def executed(
    workspace: Workspace, name: str, parameters: Mapping[str, str], tell: Callable[[str], None]
) -> NotebookNode:
    """Return a notebook of the workspace as executed with parameters."""
    return run_notebook(
        notebook_in(workspace, name),
        {**parameters, "workspace": ".."},
        cwd=workspace.notebooks if workspace.notebooks.is_dir() else workspace.data,
        progress=lambda done, of: tell(f"运行笔记本 {name} {done}/{of}"),
    )


def put_in_place(source: Path, folder: Path, files: Sequence[str], before: Sequence[str]) -> None:
    """Put a finished run in its place, the manifest last, and take away what an earlier run left and this one does not."""
    for name in before:
        if name not in files:
            (folder / name).unlink()
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(source / name, folder / name)


def summed_up(
    folder: Path, page: str, period: str, problems: Sequence[Problem], files: Sequence[str], missed: str
) -> Made:
    """Return what a run left, with the line that the command prints."""
    counts = {name: sum(one.severity == name for one in problems) for name in SEVERITIES}
    words = "，".join(f"{SEVERITIES[name]} {count}" for name, count in counts.items())
    bad = has_errors(problems)
    mark = f"（{FIRST_REPORT}）" if bad else ""
    summary = f"{os.path.relpath(folder / page)}：{period}{mark}，{words}；共 {len(files)} 个文件"
    return Made(folder, tuple(files), summary, bad, missed)


def differences(period: str, source: Path, folder: Path, files: Sequence[str], there: Sequence[str]) -> list[str]:
    """Return every file of a run made again that differs from what is there, is missing, or should not be."""
    found = []
    for name in files:
        if not (folder / name).is_file():
            found.append(f"{period}/{name}：缺少")
        elif (folder / name).read_bytes() != (source / name).read_bytes():
            found.append(f"{period}/{name}：内容不同")
    return found + [f"{period}/{name}：不应存在" for name in there if name not in files]
