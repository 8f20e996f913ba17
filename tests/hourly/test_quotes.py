"""Quotes in CSV: one line is one row, and a quote that is not closed takes no other row with it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hourly.test_bad_files import HEAD, line, normal, read, told

LINES = [line(n) for n in range(48)]


def errors(made):
    return [(one.code, one.cell) for one in made.problems if one.severity == "error"]


def quoted(text):
    return ",".join(f'"{cell}"' for cell in text.rstrip("\n").split(",")) + "\n"


@pytest.mark.parametrize("column", range(8))
def test_a_quote_that_is_not_closed_costs_its_own_row_alone_and_is_named(tmp_path, column):
    cells = LINES[20].split(",")
    cells[column] = f'"{cells[column]}'
    made = read(tmp_path, HEAD + "".join([*LINES[:20], ",".join(cells), *LINES[21:]]))
    assert errors(made) == [("Q633", "22")]
    assert normal(made) == 47


def test_a_quote_in_the_last_line_is_named_too(tmp_path):
    made = read(tmp_path, HEAD + "".join(LINES[:-1]) + '"' + LINES[-1])
    assert (errors(made), normal(made)) == ([("Q633", "49")], 47)
    made = read(tmp_path, HEAD + "".join(LINES[:-1]) + LINES[-1].rstrip("\n") + '"')
    assert (errors(made), normal(made)) == ([("Q633", "49")], 47)


def test_a_field_over_two_lines_costs_both_and_no_other(tmp_path):
    broken = LINES[20].replace(",001,", ',"0\n01",')
    made = read(tmp_path, HEAD + "".join([*LINES[:20], broken, *LINES[21:]]))
    assert (errors(made), normal(made)) == ([("Q633", "22")], 47)
    (message,) = (one.message for one in made.problems if one.code == "Q633")
    assert message.startswith("2 行") and message.isprintable()


def test_a_quote_in_a_column_that_is_not_read_loses_no_row(tmp_path):
    head = HEAD.replace("\n", ",remark\n")
    rows = [one.replace("\n", ",x\n") for one in LINES]
    for broken in (rows[20].replace(",x", ',"x'), rows[20].replace(",x", ',"x\ny"')):
        made = read(tmp_path, head + "".join([*rows[:20], broken, *rows[21:]]))
        assert errors(made) == [("Q633", "22")] and normal(made) == 47
    made = read(tmp_path, head + "".join([*rows[:20], rows[20].replace(",x", ',"x, y"'), *rows[21:]]))
    assert (errors(made), normal(made)) == ([], 48)


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("\n", []),
        ("\r\n", []),
        (f"{LINES[0][:30]}\n", [("Q609", "2")]),
        (LINES[0].replace("\n", ",1\n"), [("Q609", "2")]),
        (f'"{LINES[0]}', [("Q633", "2")]),
    ],
)
def test_a_first_line_that_is_no_row_loses_no_other(tmp_path, first, expected):
    made = read(tmp_path, HEAD + first + "".join(LINES[1:]))
    assert (errors(made), normal(made)) == (expected, 47)


@pytest.mark.parametrize("place", [0, 1, 20, 47])
@pytest.mark.parametrize("word", ['"normal', 'nor"mal', 'normal"', '"normal"x', '"normal" '])
def test_a_wrong_quote_in_the_last_column_costs_its_own_row_alone(tmp_path, place, word):
    """Without a column behind it, the reader takes all that follows for one word, or gives up."""
    rows = list(LINES)
    rows[place] = rows[place].replace("normal", word)
    made = read(tmp_path, HEAD + "".join(rows))
    assert (errors(made), normal(made)) == ([("Q633", str(place + 2))], 47)


@pytest.mark.parametrize("cell", ['"5"0', '"50"x', '5"0"'])
def test_what_stands_beside_a_quoted_number_is_not_dropped_from_it(tmp_path, cell):
    rows = [*LINES[:20], LINES[20].replace(",50,", f",{cell},"), *LINES[21:]]
    made = read(tmp_path, HEAD + "".join(rows))
    assert [at for _, at in errors(made)] == ["22"]
    assert normal(made) == 47


def test_quoted_cells_say_what_bare_ones_say(tmp_path):
    made = read(tmp_path, quoted(HEAD) + "".join(map(quoted, LINES)))
    assert (errors(made), normal(made)) == ([], 48)
    assert made.quarters == read(tmp_path, HEAD + "".join(LINES)).quarters


def test_a_quoted_number_with_a_separator_is_no_number(tmp_path):
    thousands = LINES[20].replace(",1000,", ',"1,000",')
    made = read(tmp_path, HEAD + "".join([*LINES[:20], thousands, *LINES[21:]]))
    assert (errors(made), normal(made)) == ([("Q621", "22")], 47)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.booleans())
def test_wherever_quotes_are_put_no_other_row_is_lost(tmp_path_factory, data, all_quoted):
    """Every row whose quotes pair counts, or is named; a row whose quotes do not is named with its number."""
    rows = [quoted(one) if all_quoted else one for one in LINES]
    odd = data.draw(st.sets(st.integers(0, 47), min_size=1, max_size=4))
    for number in odd:
        place = data.draw(st.integers(0, len(rows[number]) - 1))
        rows[number] = rows[number][:place] + '"' + rows[number][place:]
    made = read(tmp_path_factory.mktemp("quotes"), HEAD + "".join(rows))
    (fault,) = (one for one in made.problems if one.severity == "error")
    assert (fault.code, fault.cell) == ("Q633", str(min(odd) + 2))
    assert fault.message.startswith(f"{len(odd)} 行")
    assert normal(made) == 48 - len(odd)


@pytest.mark.parametrize("all_quoted", [False, True])
def test_in_a_file_of_many_parts_no_other_row_is_lost_either(tmp_path, all_quoted):
    draw, rows = random.Random(3), [line(n) for n in range(8760)]
    rows += [line(n, factor="SO2") for n in range(8760)] + [line(n, factor="PM") for n in range(8760)]
    rows = [quoted(one) if all_quoted else one for one in rows] * 12  # the same again is told and counts once
    odd = draw.sample(range(26_280), 3)
    for number in odd:
        for copy in range(12):
            rows[number + 26_280 * copy] = '"' + rows[number + 26_280 * copy]
    made = read(tmp_path, HEAD + "".join(rows))
    assert errors(made) == [("Q633", str(min(odd) + 2))]
    assert normal(made) == 26_280 - 3
    assert told(made, "info")
