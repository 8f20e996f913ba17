"""The commands: parse, call, print.

Source  contract §4
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from quota_lib import __version__

app = typer.Typer(
    add_completion=True,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="排污总量指标：从工作簿到可复算的报告。",
)
DONE, DATA_ERRORS, USAGE, FAULT, NOT_THE_SAME = 0, 1, 2, 3, 4
LANG = "en：另写英文页面（….en.html），中文的照写"
PDF = "同时把每个页面印成 PDF；需要本机装有 Chromium、Chrome 或 Edge"


class Language(StrEnum):
    """In which languages a report's pages are made: ``en`` beside the Chinese ones."""

    zh = "zh"
    en = "en"


class Place:
    """The workspace that the commands work in."""

    root = Path(".")


def _version(asked: bool) -> None:
    if asked:
        print(f"quota_lib {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    workspace: Annotated[Path, typer.Option("--workspace", help="工作区；默认为当前文件夹")] = Path("."),
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="版本")] = False,
) -> None:
    Place.root = workspace


@app.command()
def init(directory: Annotated[Path, typer.Argument(help="新工作区的文件夹")]) -> None:
    """新建工作区：参数、笔记本、空的 data 与 reports。"""
    from quota_lib.workspace import make_workspace

    for line in make_workspace(directory):
        print(line)


@app.command()
def template(
    period: Annotated[str | None, typer.Argument(help="期间，如 2025Q4 或 2025；省略则含全部工作表")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写到此文件")] = None,
) -> None:
    """填报模板：本期可填的全部工作表，带下拉、单位与说明。"""
    from quota_lib.coefficients import Coefficients
    from quota_lib.method_sheets import method_sheets
    from quota_lib.periods import parse_period
    from quota_lib.schema.template import write_template
    from quota_lib.workspace import UsageError, Workspace, read_parameters, read_rules

    of = parse_period(period) if period else None
    if period and of is None:
        raise UsageError(f"“{period}”不是期间。季度写作 2025Q4，年度写作 2025。")
    here = Workspace(Place.root)
    chosen = here if here.parameters.is_dir() else None
    rules, coefficients = read_rules(chosen), Coefficients(read_parameters(chosen))
    methods = list(method_sheets(coefficients, annual=isinstance(of, int)))
    path = output or Path(f"填报模板-{period or '全部'}.xlsx")
    if path.exists() and path.stat().st_size and not _untouched(path, of, rules.factors, methods):
        raise UsageError(
            f"{path} 已存在，且与现在的空白模板不同（已填写，或参数已改），没有覆盖。用 -o 另取文件名，或先移走它。"
        )
    write_template(path, of, rules.factors, methods)
    print(path)


@app.command()
def check(
    period: Annotated[str, typer.Argument(help="期间，如 2025Q4 或 2025")],
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """读入并检查该期及其以前的全部数据，列出每一个问题。"""
    from quota_lib.checking import check_period
    from quota_lib.problems import SEVERITIES, has_errors

    with progress() as tell:
        found = check_period(_workspace(), period, tell)
    if as_json:
        print(json.dumps([one._asdict() for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            print(one)
        counts = {name: sum(one.severity == name for one in found) for name in SEVERITIES}
        print("，".join(f"{SEVERITIES[name]} {count}" for name, count in counts.items()))
    raise typer.Exit(DATA_ERRORS if has_errors(found) else DONE)


@app.command()
def reserve(
    period: Annotated[str, typer.Argument(help="季度，如 2025Q4")],
    pdf: Annotated[bool, typer.Option("--pdf", help=PDF)] = False,
    lang: Annotated[Language, typer.Option("--lang", help=LANG)] = Language.zh,
) -> None:
    """季度储备报告：reports/<季度>/reserve.* 与全部表格、附件 1。"""
    from quota_lib.report.reserve import make_report
    from quota_lib.workspace import quarter_in

    workspace = _workspace()
    quarter = quarter_in(workspace, period)
    with progress() as tell:
        made = make_report(workspace, quarter, tell, pdf, lang is Language.en)
    _say_made(made.summary, made.missed)
    raise typer.Exit(DATA_ERRORS if made.has_errors else DONE)


@app.command()
def annual(
    year: Annotated[str, typer.Argument(help="年度，如 2025")],
    as_of: Annotated[str, typer.Option("--as-of", help="台账读到哪个季度；默认为次年第二季度")] = "",
    pdf: Annotated[bool, typer.Option("--pdf", help=PDF)] = False,
    lang: Annotated[Language, typer.Option("--lang", help=LANG)] = Language.zh,
) -> None:
    """年度核查报告：reports/<年度>/annual.* 与全部表格。"""
    from quota_lib.report.annual import make_annual
    from quota_lib.workspace import as_of_quarter, year_in

    workspace = _workspace()
    number = year_in(workspace, year)
    with progress() as tell:
        made = make_annual(workspace, number, as_of_quarter(number, as_of), tell, pdf, lang is Language.en)
    _say_made(made.summary, made.missed)
    raise typer.Exit(DATA_ERRORS if made.has_errors else DONE)


@app.command("try")
def try_(
    name: Annotated[str, typer.Argument(help="parameters/what_if/ 中的名称")],
    period: Annotated[str, typer.Argument(help="季度，如 2025Q4")],
    pdf: Annotated[bool, typer.Option("--pdf", help=PDF)] = False,
    lang: Annotated[Language, typer.Option("--lang", help=LANG)] = Language.zh,
) -> None:
    """试算：在另一组参数、系数或方法下的该季度，与正式数字并列。"""
    from quota_lib.report.trial import make_trial
    from quota_lib.workspace import quarter_in

    workspace = _workspace()
    quarter = quarter_in(workspace, period)
    with progress() as tell:
        made = make_trial(workspace, quarter, name, tell, pdf, lang is Language.en)
    _say_made(made.summary, made.missed)
    raise typer.Exit(DATA_ERRORS if made.has_errors else DONE)


@app.command()
def methods(
    name: Annotated[str | None, typer.Argument(help="一种方法的名称；省略则列出全部")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出，供程序填表")] = False,
) -> None:
    """核算方法及其系数；给出名称则完整显示一种。"""
    from quota_lib.coefficients import Coefficients
    from quota_lib.methods import LABELS, description, method_named
    from quota_lib.methods import as_json as listed
    from quota_lib.workspace import UsageError, Workspace, read_parameters

    here = Workspace(Place.root)
    coefficients = Coefficients(read_parameters(here if here.parameters.is_dir() else None))
    chosen = method_named(name) if name else None
    if name and chosen is None:
        raise UsageError(
            f"没有核算方法“{name}”；现有：{'、'.join(f'{one} {label}' for one, label in LABELS.items())}。"
        )
    if as_json:
        found = [one for one in listed(coefficients) if chosen in (None, one["name"])]
        print(json.dumps(found, ensure_ascii=False, indent=1))
    elif chosen:
        print(description(chosen, coefficients))
    else:
        for one, label in LABELS.items():
            print(f"{one:<28}{label}")


@app.command()
def explain(
    period: Annotated[str, typer.Argument(help="季度，如 2025Q4；给编号时也可以是年度，如 2025")],
    zone: Annotated[str, typer.Argument(help="功能区编码；或报告中一个数字的编号，如 balance:HX:COD:closing")],
    factor: Annotated[str | None, typer.Argument(help="污染因子；给编号时省略")] = None,
    as_of: Annotated[str, typer.Option("--as-of", help="年度：台账读到哪个季度；默认为次年第二季度")] = "",
    trial: Annotated[str, typer.Option("--try", help="试算页上的数字：试算的名称，如 national-2021")] = "",
) -> None:
    """一个结存，或报告中任何一个数字，从何而来：算式、参数、分录、批次、单元格。"""
    from quota_lib.explain import explain_balance, explain_fact
    from quota_lib.report.trial_facts import load_trial
    from quota_lib.tracing import Trace, YearTrace
    from quota_lib.workspace import as_of_quarter, load_park, load_year, period_in, quarter_in

    workspace = _workspace()
    of = quarter_in(workspace, period) if factor is not None or trial else period_in(workspace, period)
    with progress() as tell:
        if trial:
            trace: Trace = load_trial(workspace, quarter_in(workspace, period), trial, tell)
        elif isinstance(of, int):
            trace = YearTrace(load_year(workspace, of, as_of_quarter(of, as_of), tell))
        else:
            trace = Trace(load_park(workspace, of, tell))
    for line in explain_balance(trace.park, zone, factor) if factor is not None else explain_fact(trace, zone):
        print(line)


@app.command()
def verify(
    period: Annotated[str, typer.Argument(help="季度或年度，如 2025Q4 或 2025")],
    as_of: Annotated[str, typer.Option("--as-of", help="年度：台账读到哪个季度；默认为次年第二季度")] = "",
) -> None:
    """重新生成该期报告，逐字节比较。"""
    from quota_lib.periods import Quarter
    from quota_lib.report.annual import verify_annual
    from quota_lib.report.reserve import verify_report
    from quota_lib.workspace import as_of_quarter, period_in

    workspace = _workspace()
    found = period_in(workspace, period)
    with progress() as tell:
        if isinstance(found, Quarter):
            differences = verify_report(workspace, found, tell)
        else:
            differences = verify_annual(workspace, found, as_of_quarter(found, as_of), tell)
    for line in differences:
        print(line)
    print(f"{found} 逐字节一致" if not differences else f"{found} 有 {len(differences)} 处不一致")
    raise typer.Exit(NOT_THE_SAME if differences else DONE)


def _say_made(summary: str, missed: str) -> None:
    """Print what a run left; what was asked for and could not be made goes to standard error."""
    if missed:
        print(missed, file=sys.stderr)
    print(summary)


def _untouched(path: Path, period: Any, factors: Any, methods: Any) -> bool:
    """Return whether a file is the template as it was made: nobody's work is overwritten."""
    import tempfile

    from quota_lib.schema.template import write_template

    with tempfile.TemporaryDirectory() as folder:
        blank = Path(folder) / path.name
        write_template(blank, period, factors, methods)
        return blank.read_bytes() == path.read_bytes()


def _workspace() -> Any:
    from quota_lib.workspace import open_workspace

    return open_workspace(Place.root)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show on standard error what is being done; on a terminal in one line, elsewhere not at all."""
    if not sys.stderr.isatty():
        yield lambda words: None
        return
    from rich.console import Console

    with Console(stderr=True).status("读取……") as status:
        yield lambda words: status.update(words)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; every fault becomes one line that says what to do, never a traceback."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # two seconds of grammar that nobody uses
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app(args=arguments, prog_name="quota")
    except KeyboardInterrupt:
        print("已中断；没有留下写了一半的文件。", file=sys.stderr)
        raise SystemExit(USAGE) from None
    except Exception as fault:
        if os.environ.get("QUOTA_DEBUG"):
            raise
        raise SystemExit(_say(fault)) from None


def _say(fault: Exception) -> int:
    """Print a fault in one line and return the exit code that it stands for."""
    if type(fault).__name__ == "CardError":  # by its name: with a faulty card the methods cannot be imported
        print(f"核算方法的卡片有误：{fault} 请改正 quota_lib/methods/ 中该方法的 .yaml 或 .py。", file=sys.stderr)
        return USAGE
    from quota_lib.report.notebook import NotebookFault
    from quota_lib.rules import RuleError
    from quota_lib.workspace import UsageError

    if isinstance(fault, NotebookFault):
        print(f"笔记本有误：{str(fault).rstrip('。.')}。请检查 notebooks/ 中的改动；原有报告没有动。", file=sys.stderr)
        return FAULT
    if isinstance(fault, UsageError):
        print(fault, file=sys.stderr)
        return USAGE
    if isinstance(fault, RuleError):
        print(f"参数有误：{fault}", file=sys.stderr)
        return USAGE
    if isinstance(fault, FileNotFoundError):
        print(f"没有 {fault.filename}。请检查路径；文件夹须先建好。", file=sys.stderr)
        return USAGE
    if isinstance(fault, OSError):
        name = fault.filename2 or fault.filename or ""  # of a move: where to, which may be open elsewhere
        print(
            f"无法读写 {name}：{fault.strerror or fault}。文件若在 WPS 或 Excel 中打开，请先关闭。",
            file=sys.stderr,
        )
        return USAGE
    print(f"程序内部错误：{type(fault).__name__}: {fault}", file=sys.stderr)
    print("这不是数据的问题。请保留本行并联系维护者；加 QUOTA_DEBUG=1 可得到细节。", file=sys.stderr)
    return FAULT
