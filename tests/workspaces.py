"""Workspaces on disk for the tests: the small park or the demo park, and the command run in them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl

from quota_lib.schema import sheets
from quota_lib.workspace import make_workspace
from tests.small_park import Paper, folders_of

ROOT = Path(__file__).parents[1]


class Ran(NamedTuple):
    """What a command said, and the code that it returned."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def quota(workspace: Path, *arguments: str, **environment: str) -> Ran:
    """Run a command in a workspace, in a process of its own; it never ends in a traceback."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-c", "from quota_lib.cli import main; main()", *arguments],
        cwd=workspace,
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        timeout=120,
    )
    ran = Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
    assert "Traceback" not in ran.err and "panicked" not in ran.err, ran.err
    return ran


def write_book(path: Path, pages: Mapping[str, Iterable[Sequence[Any]]]) -> None:
    """Write rows of cells, by sheet name, into a workbook; text that begins with = stays text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    del book["Sheet"]
    for title, rows in pages.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
        for cell in (cell for row in page.iter_rows() for cell in row if cell.data_type == "f"):
            cell.data_type = "s"
    book.save(path)


def write_rows(path: Path, content: Mapping[str, list[dict[str, Any]]]) -> None:
    """Write rows given by heading, by sheet name, into a workbook."""
    pages = {}
    for title, rows in content.items():
        headings = list(dict.fromkeys([*sheets()[title].required, *(heading for row in rows for heading in row)]))
        pages[title] = [headings, *([row.get(heading) for heading in headings] for row in rows)]
    write_book(path, pages)


def small_workspace(root: Path, *papers: Paper) -> Path:
    """Make a workspace that holds the small park with some papers more: two quarters, a workbook each."""
    make_workspace(root)
    for folder, content in folders_of(*papers).items():
        write_rows(root / "data" / folder / "all.xlsx", content)
    return root


def demo_workspace(root: Path) -> Path:
    """Copy the demo park's workspace, without reports."""
    for name in ("data", "parameters", "notebooks"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return root
