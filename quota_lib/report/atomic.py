"""Files appear whole or not at all: written under another name, then moved into place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a name to write under; the file takes its place at ``path`` only if nothing was raised."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".~", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    try:
        yield Path(name)
        Path(name).chmod(0o644)  # mkstemp gives 0600, which colleagues on a shared disk could not read
        os.replace(name, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


def write_whole(path: Path, text: str) -> None:
    """Write a text file (UTF-8, line ends as they are) whole or not at all."""
    with whole(path) as place:
        place.write_bytes(text.encode("utf-8"))
