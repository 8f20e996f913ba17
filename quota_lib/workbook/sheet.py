"""One sheet: find its header by content, then turn columns of cells into records that remember their rows."""

from __future__ import annotations

import re
from collections import Counter, namedtuple
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import compress, repeat, starmap
from typing import Any, NamedTuple

from quota_lib import facts
from quota_lib.periods import Period
from quota_lib.problems import Place, Problem, Source, at, problem
from quota_lib.schema import CODE_HEADING, SITE_HEADING, Field, Sheet, sheets
from quota_lib.words import Factors, fold, key, nearest
from quota_lib.workbook.cells import Column, Flaw, Mark, Raw, Units, empty, shown

NOT_DATA = ("说明", "填写说明", "单位：", "单位:", "示例", "注：", "注:", "合计", "小计", "总计")
_COPY = re.compile(r"\(\d+\)$")  # Excel names the copy of a sheet 减排量 (2)
_MAY_BE_NO_DATA = frozenset(word[0] for word in NOT_DATA) | {"\u200b", "\ufeff"}
_HEADER_WITHIN = 60  # rows from the top among which the header is looked for


class Absent(NamedTuple):
    """A row in error: what could be read of it, and the complaint that made it absent."""

    sheet: str
    values: Mapping[str, Any]
    at: Place
    cause: Problem


class Reading(NamedTuple):
    """A sheet as read.  ``rows`` are records of facts.py (of other sheets: alike)."""

    sheet: Sheet
    rows: list[Any]
    absent: list[Absent]
    problems: list[Problem]
    blind: Problem | None = None  # why the sheet could not be read at all


@cache
def record_of(sheet: Sheet) -> Any:
    """Return the record class of a sheet's rows."""
    known = facts.RECORDS.get(sheet.name)
    if known:
        return known
    return namedtuple(sheet.name, [*(field.name for field in sheet.fields), "at"])


def nearest_sheet(title: str) -> str | None:
    """Return the title of the sheet whose name ``title`` nearly is, or None."""
    meant = _COPY.sub("", key(title))
    return nearest(meant, sheets(), 75)


def read_sheet(
    sheet: Sheet,
    file: str,
    folder: Period,
    grid: list[list[Raw]],
    marks: Mapping[tuple[int, int], Mark],
    factors: Factors,
) -> Reading:
    """Return the records of a sheet and every complaint about its cells."""
    _enter(marks, grid)
    if not any(cell != "" for row in grid for cell in row):
        return Reading(sheet, [], [], [problem("Q115", file, sheet.title)])
    found = _header(sheet, grid)
    if not isinstance(found, _Header):
        code, row, words = found
        fault = problem(code, file, sheet.title, f"A{row + 1}", **words)
        return Reading(sheet, [], [], [fault], blind=fault)
    top, columns = found.row, found.columns
    source = Source(file, sheet.title, folder, _letters(sheet, columns))
    kept, numbers, problems = _data_rows(sheet, grid, top, source)
    beside = _without_heading(kept, grid[top], top, source)
    if beside:  # rows that hold something only beside the table are no rows of it
        headed = columns.values()
        inside = [any(row[place] != "" and fold(shown(row[place])) for place in headed) for row in kept]
        kept, numbers = list(compress(kept, inside)), list(compress(numbers, inside))
    problems += beside
    return _records(sheet, kept, numbers, columns, source, factors, problems)


def _enter(marks: Mapping[tuple[int, int], Mark], grid: list[list[Raw]]) -> None:
    """Put marked cells into the grid, which ends with the last cell that holds a value."""
    width = len(grid[0]) if grid else 0
    inside = {place: mark for place, mark in marks.items() if place[1] < width}
    last = max((row for row, _ in inside), default=-1)
    grid.extend([""] * width for _ in range(len(grid), last + 1))
    for (row, column), mark in inside.items():
        grid[row][column] = mark


class _Header(NamedTuple):
    row: int
    columns: Mapping[str, int]  # heading → column


def _header(sheet: Sheet, grid: list[list[Raw]]) -> _Header | tuple[str, int, dict[str, str]]:
    """Return the header's row and columns, or the code and words of what is wrong with it."""
    known = {key(heading): heading for heading in sheet.headings} | dict(sheet.aliases)
    names = [[key(fold(cell)) if isinstance(cell, str) else "" for cell in row] for row in grid[:_HEADER_WITHIN]]
    scores = [len({known[name] for name in row if name in known}) for row in names]
    best = max(scores)
    if best == 0:
        return "Q110", 0, {"headings": "、".join(sheet.required)}
    row = scores.index(best)
    filled = [(place, shown(cell)) for place, cell in enumerate(grid[row]) if cell != "" and fold(shown(cell))]
    read = [(place, known.get(key(text)), text) for place, text in filled]
    counts = Counter(heading for _, heading, _ in read if heading)
    missing = [heading for heading in sheet.required if heading not in counts]
    faults = [f"缺少“{heading}”" for heading in missing]
    faults += [f"“{heading}”出现 {count} 次" for heading, count in counts.items() if count > 1]
    faults += [_unknown(text, sheet) for _, heading, text in read if not heading]
    if faults:
        return "Q111", row, {"faults": "；".join(faults)}
    return _Header(row, {heading: place for place, heading, _ in read if heading})


def _unknown(text: str, sheet: Sheet) -> str:
    meant = nearest(text, sheet.headings, 60)
    return f"不认识“{text}”" + (f"（是否“{meant}”）" if meant else "")


def _letters(sheet: Sheet, columns: Mapping[str, int]) -> Mapping[str, str]:
    named = {f.name: letters(columns[f.headings[0]]) for f in sheet.fields if f.headings[0] in columns}
    return named | ({SITE_HEADING: letters(columns[SITE_HEADING])} if SITE_HEADING in columns else {})


def letters(column: int) -> str:
    """Return the letters of a column counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _data_rows(
    sheet: Sheet, grid: list[list[Raw]], top: int, source: Source
) -> tuple[list[list[Raw]], list[int], list[Problem]]:
    kept: list[list[Raw]] = []
    numbers: list[int] = []
    problems = []
    for number, row in enumerate(grid[top + 1 :], start=top + 2):
        first: Raw = row[0]
        if isinstance(first, str) and (not first or first[0] in _MAY_BE_NO_DATA or first[0].isspace()):
            place, first = next(((p, c) for p, c in enumerate(row) if c != "" and fold(shown(c))), (-1, ""))
            if place < 0:
                continue
            if isinstance(first, str) and fold(first).startswith(NOT_DATA):
                cell = f"{letters(place)}{number}"
                problems.append(problem("Q113", source.file, source.sheet, cell, value=shown(first)))
                continue
        kept.append(row)
        numbers.append(number)
    return kept, numbers, problems


def _without_heading(kept: list[list[Raw]], header: list[Raw], top: int, source: Source) -> list[Problem]:
    """Report the columns that hold something under no heading: nothing is dropped in silence."""
    bare = [place for place, cell in enumerate(header) if isinstance(cell, str) and not fold(cell)]
    return [
        problem("Q112", source.file, source.sheet, f"{letters(place)}{top + 1}", column=letters(place))
        for place in bare
        if any(row[place] != "" and fold(shown(row[place])) for row in kept)
    ]


def _cells(kept: list[list[Raw]], column: int) -> Sequence[Raw]:
    cells = [row[column] for row in kept]
    if bool in set(map(type, cells)):  # True would be taken for a 1 seen before
        cells = [Mark("", "TRUE" if cell else "FALSE") if isinstance(cell, bool) else cell for cell in cells]
    return cells


def _values(
    field: Field, kept: list[list[Raw]], columns: Mapping[str, int], factors: Factors
) -> tuple[list[object], bool]:
    if field.type == "unit":
        codes = _cells(kept, columns[CODE_HEADING])
        sites = _cells(kept, columns[SITE_HEADING]) if SITE_HEADING in columns else [""] * len(kept)
        units = Units()
        return list(map(units.__getitem__, zip(codes, sites, strict=True))), units.flawed
    if field.heading not in columns:
        return [empty(field)] * len(kept), False
    column = Column(field, factors)
    return list(map(column.__getitem__, _cells(kept, columns[field.heading]))), column.flawed


def _records(
    sheet: Sheet,
    kept: list[list[Raw]],
    numbers: list[int],
    columns: Mapping[str, int],
    source: Source,
    factors: Factors,
    problems: list[Problem],
) -> Reading:
    values: list[list[object]] = []
    flaws: dict[int, list[Problem]] = {}
    for field in sheet.fields:
        read, flawed = _values(field, kept, columns, factors)
        values.append(read)
        for place, value in enumerate(read) if flawed else ():
            if isinstance(value, Flaw):
                words = {"heading": field.headings[0], "unit": field.unit or "数值"} | dict(value.words)
                name = SITE_HEADING if words["heading"] == SITE_HEADING else field.name
                flaws.setdefault(place, []).append(at(Place(source, numbers[place]), name, value.code, **words))
    rows = list(starmap(record_of(sheet), zip(*values, map(Place, repeat(source), numbers), strict=True)))
    absent = []
    for place, found in flaws.items():
        problems += found
        names = {
            f.name: None if isinstance(v[place], Flaw) else v[place] for f, v in zip(sheet.fields, values, strict=True)
        }
        absent.append(Absent(sheet.name, names, Place(source, numbers[place]), found[0]))
    good = [row for place, row in enumerate(rows) if place not in flaws] if flaws else rows
    return Reading(sheet, good, absent, problems)
