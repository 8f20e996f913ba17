"""What every report's run does: run a workspace's notebook, put the finished files in their place."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from quota_lib.report.notebook import run_notebook
from quota_lib.workspace import Workspace, notebook_in

if TYPE_CHECKING:
    from nbformat import NotebookNode


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
