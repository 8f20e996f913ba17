import os
import re
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from quota_lib.report.notebook import NotebookFault, ParameterFault, run_notebook, write_notebook

PARAMETERS = 'period = "2024Q4"\nname = ""'
GIVEN = {"period": "2025Q1", "name": "甲"}
CELLS = (
    "import os, sys, warnings\nfrom IPython.display import Markdown, display",
    "print('一'); print('noi' 'se', file=sys.stderr); warnings.warn('noi' 'se'); print(os.getcwd())",
    "display(Markdown(f'*{period}*'))\nclass Bold:\n  def _repr_html_(self): return f'<b>{name}</b>'\nBold()",
    "handle = display('old', display_id=True)",
    "handle.update('new'); period, name",
    "1 + 1;",
    "",
)


@pytest.fixture
def notebook(tmp_path):
    def make(*sources, parameters=PARAMETERS):
        cells = [new_markdown_cell("# 报告"), new_code_cell(parameters, metadata={"tags": ["parameters"]})]
        path = tmp_path / "report.ipynb"
        nbformat.write(new_notebook(cells=cells + [new_code_cell(source) for source in sources]), path)
        return path

    return make


@pytest.fixture(params=["fork", "kernel"])
def engine(request, monkeypatch):
    monkeypatch.setenv("QUOTA_ENGINE", request.param)
    return request.param


def run(path, **parameters):
    return run_notebook(path, {**GIVEN, **parameters}, cwd=path.parent)


def bytes_of(path, name):
    write_notebook(run(path), path.parent / name)
    return (path.parent / name).read_bytes()


def test_the_fork_and_the_kernel_leave_the_same_bytes(notebook, monkeypatch):
    path = notebook(*CELLS)
    monkeypatch.setenv("QUOTA_ENGINE", "fork")
    forked = bytes_of(path, "a.ipynb")
    monkeypatch.setenv("QUOTA_ENGINE", "kernel")
    assert bytes_of(path, "b.ipynb") == forked


def test_two_runs_leave_the_same_bytes(notebook):
    path = notebook(*CELLS)
    assert bytes_of(path, "a.ipynb") == bytes_of(path, "b.ipynb")


def test_the_executed_notebook_names_no_place_time_or_version(notebook, engine):
    path = notebook(*CELLS, "object()")
    text = bytes_of(path, "a.ipynb").decode()
    assert str(path.parent) not in text and sys.prefix not in text
    assert not re.search(r"0x[0-9a-f]{6}|start_time|duration|ipykernel|\d\.\d+\.\d+|noise", text)


def test_outputs_are_kept_in_order_and_an_update_replaces_what_was_shown(notebook, engine):
    cells = run(notebook(*CELLS)).cells
    assert cells[4].outputs[0].text == "一\n.\n"
    assert [o.output_type for o in cells[5].outputs] == ["display_data", "execute_result"]
    assert cells[5].outputs[1].data["text/html"] == "<b>甲</b>"
    assert cells[6].outputs[0].data["text/plain"] == "'new'"
    assert cells[7].outputs[0].data["text/plain"] == "('2025Q1', '甲')"
    assert cells[8].outputs == []


def test_the_parameters_are_kept(notebook):
    assert run(notebook()).metadata.papermill.parameters == GIVEN


def test_an_unknown_parameter_is_refused_with_the_nearest_name(notebook):
    with pytest.raises(ParameterFault, match=r"没有参数 perod.*period"):
        run(notebook("raise SystemExit"), perod="2025Q1")


def test_a_missing_parameter_is_refused(notebook):
    path = notebook()
    with pytest.raises(ParameterFault, match="缺少参数 name"):
        run_notebook(path, {"period": "2025Q1"}, cwd=path.parent)


def test_a_parameter_that_is_not_a_string_is_refused(notebook):
    with pytest.raises(ParameterFault, match="period 是 int"):
        run(notebook(), period=2025)


@pytest.mark.parametrize("parameters", ["period = 1", "period = str(1)", "import os", "a = b = ''", "a, b = '', ''"])
def test_a_parameters_cell_assigns_nothing_but_strings(notebook, parameters):
    with pytest.raises(NotebookFault, match="不是字符串赋值"):
        run(notebook(parameters=parameters))


def test_a_notebook_without_a_parameters_cell_is_refused(tmp_path):
    path = tmp_path / "report.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1")]), path)
    with pytest.raises(NotebookFault, match="0 个带 parameters"):
        run_notebook(path, {}, cwd=tmp_path)


def test_a_raising_cell_is_a_fault_that_names_cell_and_error(notebook, engine):
    with pytest.raises(NotebookFault, match=r"report\.ipynb 代码格 \[3\] 出错：ZeroDivisionError: ") as caught:
        run(notebook("1 / 0", "print('never')"))
    assert "1 / 0" in caught.value.details


def test_no_cell_runs_after_one_that_failed(notebook, engine, tmp_path):
    with pytest.raises(NotebookFault, match="ZeroDivisionError"):
        run(notebook("1 / 0", "open('ran', 'w').close()"))
    assert not (tmp_path / "ran").exists()


def test_what_a_cell_writes_past_the_notebook_does_not_reach_the_result_of_the_command(notebook, capfd):
    run(notebook("import os; os.write(1, b'raw'); os.system('echo raw');"))
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("stop", ["import sys; sys.exit(0)", "raise SystemExit", "import sys; sys.exit(3)"])
def test_a_notebook_that_stops_early_is_a_fault(notebook, engine, stop):
    with pytest.raises(NotebookFault):
        run(notebook(stop, "print('never')"))
    with pytest.raises(NotebookFault):
        run(notebook(stop))


def test_a_process_that_dies_is_a_fault(notebook, engine):
    with pytest.raises(NotebookFault, match="没有运行完"):
        run(notebook("import os; os._exit(0)", "print('never')"))


def test_an_error_that_a_tag_allows_is_still_a_fault(notebook, engine):
    path = notebook("1 / 0")
    nb = nbformat.read(path, as_version=4)
    nb.cells[-1].metadata["tags"] = ["raises-exception"]
    nbformat.write(nb, path)
    with pytest.raises(NotebookFault, match="ZeroDivisionError"):
        run(path)


def test_a_cell_that_a_tag_skips_is_a_fault_in_a_kernel(notebook, monkeypatch):
    monkeypatch.setenv("QUOTA_ENGINE", "kernel")
    path = notebook("print('skipped')")
    nb = nbformat.read(path, as_version=4)
    nb.cells[-1].metadata["tags"] = ["skip-execution"]
    nbformat.write(nb, path)
    with pytest.raises(NotebookFault, match="print"):
        run(path)


def test_a_run_leaves_no_name_behind_for_the_next(notebook):
    run(notebook("left_behind = 1"))
    assert run(notebook("'left_behind' in globals()")).cells[-1].outputs[0].data["text/plain"] == "False"


def test_a_run_changes_neither_the_folder_nor_the_environment(notebook):
    before = os.getcwd(), dict(os.environ), sys.stdout
    run(notebook("import os; os.chdir('/'); os.environ['X_LEFT'] = '1'"))
    assert (os.getcwd(), dict(os.environ), sys.stdout) == before


def test_progress_counts_the_code_cells(notebook, engine):
    path, told = notebook("1", "", "2"), []
    run_notebook(path, GIVEN, cwd=path.parent, progress=lambda *step: told.append(step))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(notebook, tmp_path, monkeypatch):
    target = tmp_path / "out" / "a.ipynb"
    nb = run(notebook())
    write_notebook(nb, target)
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    before = target.read_bytes()
    with pytest.raises(OSError, match="disk full"):
        write_notebook(nb, target)
    assert target.read_bytes() == before and list(target.parent.iterdir()) == [target]


def test_importing_the_runner_imports_no_jupyter():
    code = "import sys, quota_lib.report.notebook; print(*sys.modules)"
    imported = set(subprocess.check_output([sys.executable, "-c", code], text=True).split())
    assert not imported & {"nbformat", "papermill", "IPython", "jupyter_client", "zmq", "asyncio"}


def test_a_run_does_not_compile_the_grammar_that_costs_two_seconds(notebook):
    code = (
        "import sys\nfrom pathlib import Path\nfrom quota_lib.report.notebook import read_notebook\n"
        f"read_notebook(Path({str(notebook())!r}))\n"
        "print(sys.modules['rfc3987_syntax'], 'lark' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "None False"
