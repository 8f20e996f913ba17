"""What a run was made from and what it made, as hashes: the same run gives the same manifest."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1]
SOURCES = (".py", ".yaml", ".j2", ".css", ".js")
DISTRIBUTIONS = (
    "papermill",
    "nbconvert",
    "nbclient",
    "ipython",
    "xlsxwriter",
    "python-calamine",
    "pyyaml",
)
BLOCK = 1 << 20


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def library_hash(package: Path = PACKAGE) -> str:
    """Return one hash over all sources of the package, each with its relative name, ordered by it."""
    found = (path for path in package.rglob("*") if path.suffix in SOURCES)
    files = {path.relative_to(package).as_posix(): path for path in found}
    own = {name: path for name, path in files.items() if not name.startswith("_workspace/")}  # a wheel's copies
    lines = [f"{sha256_file(path)}  {name}\n" for name, path in sorted(own.items())]
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()


def versions(distributions: Sequence[str] = DISTRIBUTIONS) -> dict[str, str]:
    """Return the versions that can change a report: Python's (major.minor) and those of its packages."""
    found = {"python": ".".join(platform.python_version_tuple()[:2])}
    for name in distributions:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def manifest(
    *,
    inputs: Mapping[str, str],
    parameters: Mapping[str, str],
    notebook: Mapping[str, str],
    statuses: Mapping[str, str],
    outputs: Mapping[str, str],
    library: str | None = None,
    used: Mapping[str, str] | None = None,
    summary: Mapping[str, Any] | None = None,
) -> str:
    """Return the manifest of a run as canonical JSON: sorted keys, indent 1, LF at the end.

    Shape   ``inputs``, ``notebook``, ``outputs``: path relative to the workspace -> SHA-256;
            ``parameters``: name -> value; ``statuses``: rule -> status of the value used;
            ``summary``: what the index shows of the run (quota_lib.report.summary), left out if not given.
    Errors  ValueError if a path is absolute or leads out of the workspace.
    """
    for path in (*inputs, *notebook, *outputs):
        if path.startswith(("/", "\\")) or path[1:2] == ":" or ".." in path.replace("\\", "/").split("/"):
            raise ValueError(f"{path} is not a path within the workspace")
    content: dict[str, Any] = {
        "inputs": dict(inputs),
        "library": library_hash() if library is None else library,
        "notebook": dict(notebook),
        "outputs": dict(outputs),
        "parameters": dict(parameters),
        "statuses": dict(statuses),
        "versions": versions() if used is None else dict(used),
    }
    if summary is not None:
        content["summary"] = dict(summary)
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
