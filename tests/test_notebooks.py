"""Committed notebooks are letters with figures: no output, no logic, no place; and what they print is held by nbval."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys

import nbformat
import pytest

from tests.small_park import NOW, applied, paper
from tests.workspaces import ROOT, quota, small_workspace

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


def code(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


@every_notebook
def test_a_committed_notebook_is_valid_and_holds_no_output(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in code(path):
        assert (cell.outputs, cell.execution_count) == ([], None)
    assert {key for cell in notebook.cells for key in cell.metadata} <= {"tags"}


@every_notebook
def test_one_cell_is_tagged_parameters_and_holds_nothing_but_strings(path):
    tagged = [cell for cell in code(path) if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1 == sum('"parameters"' in line for line in path.read_text(encoding="utf-8").splitlines())
    for node in ast.parse(tagged[0].source).body:
        assert isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        assert isinstance(node.value.value, str)


@every_notebook
def test_no_cell_has_more_than_three_lines_of_code_a_loop_or_arithmetic(path):
    for cell in code(path):
        assert sum(bool(line.strip()) for line in cell.source.splitlines()) <= 3
        kinds = (ast.For, ast.While, ast.If, ast.FunctionDef, ast.ListComp, ast.BinOp, ast.Lambda)
        assert not any(isinstance(node, kinds) for node in ast.walk(ast.parse(cell.source)))


@every_notebook
def test_a_notebook_begins_with_words(path):
    assert nbformat.read(path, as_version=4).cells[0].cell_type == "markdown"


@every_notebook
def test_no_notebook_names_a_place_on_a_machine(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"""["'(\s](/[a-z]+/|~/|[A-Za-z]:[\\/]|\\\\\\\\|file:)""", text)


@every_notebook
def test_a_notebook_is_stored_as_the_tools_store_it(path):
    text = path.read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
    assert "\r" not in text


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """Return the notebook as a run of the small park executed it, where it can be run again."""
    root = small_workspace(tmp_path_factory.mktemp("held") / "w", *applied(), paper("总量核定"))
    assert quota(root, "reserve", NOW).code == 0
    held = root / "notebooks" / "held.ipynb"
    held.write_bytes((root / "reports" / NOW / "reserve.ipynb").read_bytes())
    return held


def nbval(path):
    """Run a notebook again, in a kernel, and return how many cells agreed and how many did not."""
    command = [sys.executable, "-m", "pytest", "--nbval", "-p", "no:cacheprovider", "-p", "no:xdist", "-q", path.name]
    said = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, encoding="utf-8").stdout
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", said)}
    return counts.get("passed", 0), counts.get("failed", 0) + counts.get("error", 0)


def test_an_executed_notebook_shows_the_same_when_run_again(held):
    assert nbval(held) == (len(code(held)), 0)


def test_a_figure_that_changed_is_noticed_in_its_own_cell(held):
    notebook = nbformat.read(held, as_version=4)
    cell = next(one for one in notebook.cells if "park_balances" in one.source)
    page = cell.outputs[0].data["text/html"]
    assert page.count("11") and "10" in page
    figure = re.search(r"1(1|0\.5|1\.5)", page)
    cell.outputs[0].data["text/html"] = page[: figure.start()] + "7" + page[figure.end() :]
    changed = held.with_name("changed.ipynb")
    nbformat.write(notebook, changed)
    assert nbval(changed) == (len(code(held)) - 1, 1)
