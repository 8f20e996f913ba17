"""One folder of workbooks, read from disk: every sheet of every file, and what could not be read."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineWorkbook

from quota_lib.method_sheets import ANNUAL_METHODS, method_sheet
from quota_lib.methods import LABELS, method_named
from quota_lib.periods import Period, Quarter
from quota_lib.problems import Problem, problem
from quota_lib.schema import INPUTS_PREFIX, Sheet, sheets
from quota_lib.words import Factors, fold
from quota_lib.workbook.marks import marks, sheet_parts
from quota_lib.workbook.sheet import Reading, nearest_sheet, read_sheet

OTHER_SPREADSHEETS = (".xls", ".xlsm", ".xlsb", ".et", ".ett", ".ods", ".csv")
OURS = ("填表说明", "_词表")  # sheets of the template that hold no data
_OLD_FILE = b"\xd0\xcf\x11\xe0"


class Folder(NamedTuple):
    """What lies in one folder below ``data/``.

    ``digests``: SHA-256 by file name (below data/).  ``blind``: workbooks that could not be read at all.
    """

    period: Period
    readings: list[Reading]
    problems: list[Problem]
    blind: list[Problem]
    digests: dict[str, str]


def read_folder(
    path: Path,
    period: Period,
    factors: Factors,
    only: Iterable[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Folder:
    """Read the workbooks of a folder; ``only``: the titles of the sheets to read, others are passed over."""
    folder = Folder(period, [], [], [], {})
    wanted = None if only is None else frozenset(only)
    books = []
    for entry in sorted(path.iterdir()):
        name = f"{path.name}/{entry.name}"
        if entry.name.startswith(("~$", ".~")):
            continue
        if entry.is_dir():
            if not (entry.name == "monitoring" and not isinstance(period, Quarter)):
                folder.problems.append(problem("Q105", name))
        elif entry.suffix.lower() == ".xlsx":
            books.append((entry, name))
        else:
            other = entry.suffix.lower() in OTHER_SPREADSHEETS
            folder.problems.append(problem("Q103" if other else "Q104", name, suffix=entry.suffix))
            if other:
                folder.blind.append(folder.problems[-1])
    if not books:
        folder.problems.append(problem("Q106", path.name))
    for entry, name in books:
        if progress:
            progress(name)
        content = entry.read_bytes()
        folder.digests[name] = hashlib.sha256(content).hexdigest()
        _read_book(content, name, folder, factors, wanted)
    return folder


def _read_book(content: bytes, name: str, folder: Folder, factors: Factors, wanted: frozenset[str] | None) -> None:
    book = _open(content)
    if isinstance(book, str):
        folder.problems.append(problem(book, name, suffix=".xls"))
        folder.blind.append(folder.problems[-1])
        return
    for title in book.values.sheet_names:
        known = sheets().get(fold(title)) or _inputs(fold(title), folder.period)
        if title in OURS:
            continue
        if known is None or not known.fields:
            _pass_over(title, name, folder, wanted)
            continue
        belongs = _belongs(known.folders, folder.period)
        if belongs and wanted is not None and known.title not in wanted:
            continue
        reading = _read_title(book, title, known, name, folder, factors)
        if reading and belongs:
            folder.readings.append(reading)
            folder.problems.extend(reading.problems)
        elif reading and (reading.rows or reading.absent or reading.blind):  # blank, it may lie anywhere
            folder.problems.append(problem("Q109", name, title, where=_WHERE[known.folders]))


def _read_title(book: _Book, title: str, known: Sheet, name: str, folder: Folder, factors: Factors) -> Reading | None:
    """Read one sheet; None, and a complaint, if it is damaged inside a package that opens."""
    try:
        grid = book.values.get_sheet_by_name(title).to_python(skip_empty_area=False)
        marked = marks(book.package.read(book.parts[title])) if title in book.parts else {}
    except BaseException as fault:
        _unless_ours(fault)
        folder.problems.append(problem("Q101", name, title))
        folder.blind.append(folder.problems[-1])
        return None
    return read_sheet(known, name, folder.period, grid, marked, factors)


_WHERE = {"quarter": "季度文件夹（如 2025Q1）", "first": "季度文件夹（如 2025Q1）", "year": "年度文件夹（如 2025）"}


def _belongs(folders: str, period: Period) -> bool:
    return folders == "any" or (folders == "year") == (not isinstance(period, Quarter))


def _inputs(title: str, period: Period) -> Sheet | None:
    """Return the sheet of a method's inputs, as it stands in a quarterly or an annual folder."""
    return method_sheet(title, annual=not isinstance(period, Quarter))


def _pass_over(title: str, name: str, folder: Folder, wanted: frozenset[str] | None) -> None:
    """Report a sheet that is not read: of no method, of one that does not fit, nearly a known one, or unknown."""
    if fold(title).startswith(INPUTS_PREFIX):
        if wanted is None:  # else: not asked for
            folder.problems.append(_no_method(fold(title), title, name, folder.period))
        return
    near = nearest_sheet(title)
    if near:
        fault = problem("Q108", name, title, near=near)
        folder.problems.append(fault)
        folder.readings.append(Reading(sheets()[near], [], [], [], blind=fault))
    else:
        folder.problems.append(problem("Q107", name, title))


def _no_method(folded: str, title: str, name: str, period: Period) -> Problem:
    """Return what is wrong with a sheet of inputs that no method of this folder reads."""
    given = folded.removeprefix(INPUTS_PREFIX)
    annual = not isinstance(period, Quarter)
    labels = "、".join(LABELS[one] for one in ANNUAL_METHODS) if annual else "、".join(LABELS.values())
    if annual and method_named(given):
        return problem("Q640", name, title, label=given, labels=labels)
    return problem("Q117", name, title, label=given, labels=labels)


class _Book(NamedTuple):
    """An opened workbook: its package, the part of each sheet, and the values."""

    package: zipfile.ZipFile
    parts: Mapping[str, str]
    values: CalamineWorkbook


def _open(content: bytes) -> _Book | str:
    """Open a workbook's bytes; return the code of what is wrong with it if it cannot be opened."""
    if content[:4] == _OLD_FILE:
        return "Q102" if "EncryptedPackage".encode("utf-16-le") in content else "Q103"
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        return _Book(package, sheet_parts(package), CalamineWorkbook.from_filelike(io.BytesIO(content)))
    except BaseException as fault:
        _unless_ours(fault)
        return "Q101"


def _unless_ours(fault: BaseException) -> None:
    """Raise what is not the file's fault; the reader's own panics are not Exceptions."""
    if isinstance(fault, KeyboardInterrupt | SystemExit | MemoryError):
        raise fault
