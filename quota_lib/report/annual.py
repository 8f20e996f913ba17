"""The annual verification report: one way from the workbooks and hourly data to everything that a run leaves.

Source  TOTAL-1 to TOTAL-3, RESERVE-4, SAFE-4; contract §4 quota annual, §5
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from quota_lib.annual import Closed, remarks_of_year
from quota_lib.findings.remarks import without_finding
from quota_lib.periods import Quarter
from quota_lib.problems import SEVERITIES, Problem, has_errors, in_order
from quota_lib.report import annual_data, annual_permits, annual_record, annual_tables, basis, overview, record
from quota_lib.report.atomic import write_whole
from quota_lib.report.csvs import write_csv
from quota_lib.report.english import english_name, write_english
from quota_lib.report.html import Answer, Shown, answers_html
from quota_lib.report.index import leave
from quota_lib.report.manifest import manifest
from quota_lib.report.notebook import write_notebook
from quota_lib.report.page import Head, page_html
from quota_lib.report.remarks import gone_list
from quota_lib.report.reserve import SIGNERS
from quota_lib.report.run import FIRST_REPORT, Made, differences, executed, put_in_place, reports_folder, summed_up
from quota_lib.report.showing import Showing
from quota_lib.report.summary import ANNUAL, summary_of
from quota_lib.report.table import FactorShown, Table
from quota_lib.report.xlsx import write_tables
from quota_lib.tracing import YearTrace
from quota_lib.workspace import (
    UsageError,
    Workspace,
    as_of_quarter,
    load_year,
    monitoring_digests,
    notebook_in,
    open_workspace,
    parameter_digests,
    stray,
    year_in,
)

NOTEBOOK, PAGE = "annual.ipynb", "annual.html"
_ready: dict[tuple[str, int, str], AnnualReport] = {}


class AnnualReport(Showing):
    """A year's figures, ready to be shown; a notebook calls one method a cell."""

    def __init__(self, closed: Closed, others: list[Problem]) -> None:
        self.closed = closed
        year = closed.year.year
        self.remarks = remarks_of_year(closed)
        found = (one.as_problem(year) for one in closed.findings)
        self.problems = in_order([*others, *closed.problems, *found, *without_finding(self.remarks)])
        factors = closed.year.rules.factors.all
        self.factors = {one.id: FactorShown(one.label, one.decimals) for one in factors}

    @property
    def title(self) -> str:
        return f"苏州工业园区排污总量年度核查报告 {self.closed.year.year} 年"

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Return the tables that the page shows, in the order in which it numbers them."""
        closed = self.closed
        found = [
            annual_tables.zones(closed),
            annual_tables.flow(closed),
            annual_tables.plants(closed),
            annual_data.quality(closed),
            annual_data.online(closed),
            annual_data.consistency(closed),
            annual_permits.permits(closed),
            annual_permits.recoveries(closed),
            annual_permits.allowable(closed),
            annual_permits.caps(closed),
            overview.warning_list(closed.park, list(closed.findings), self.remarks),
            *([gone_list(self.remarks)] if self.remarks.gone else []),
            basis.problem_list(self.problems),
            basis.parameters(closed.park),
            basis.clauses(),
        ]
        return {table.id: table for table in found}

    @cached_property
    def record(self) -> dict[str, Table]:
        """Return the tables of record, which other programs read."""
        closed = self.closed
        found = [
            annual_record.totals(closed),
            annual_record.routes(closed),
            annual_record.online(closed),
            annual_record.substitutions(closed),
            annual_record.recoveries(closed),
            annual_record.consistency(closed),
            annual_record.scorecard(closed),
            annual_record.workings(closed),
            annual_record.warnings(closed.findings),
            record.problems(self.problems),
        ]
        return {table.id: table for table in found}

    @cached_property
    def answers(self) -> list[Answer]:
        """Return the answer for each zone."""
        return annual_tables.answers(self.closed)

    def first_page(self) -> Shown:
        """Show the answer for each zone."""
        return Shown(answers_html(self.answers), "<各功能区结论>")

    def pictures(self) -> Shown:
        """Show the year's flow of the reserve as pictures."""
        return Shown(annual_tables.flow_pictures(self.closed), "<全年收支图>")


def load(workspace: str, year: str, as_of: str = "") -> AnnualReport:
    """Return the report of a year for a notebook; a run that has read it already hands it over.

    Errors  UsageError, RuleError
    """
    place = open_workspace(Path(workspace))
    number = year_in(place, year)
    quarter = as_of_quarter(number, as_of)
    ready = _ready.get((str(place.root.resolve()), number, str(quarter)))
    return ready or AnnualReport(load_year(place, number, quarter), stray(place))


def make_annual(
    workspace: Workspace,
    year: int,
    as_of: Quarter,
    tell: Callable[[str], None],
    pdf: bool = False,
    english: bool = False,
) -> Made:
    """Make the annual report and everything beside it; with ``english`` and ``pdf`` its page in both, too.

    Errors  RuleError, NotebookFault; files of an earlier run stay whole until the new one takes their place.
    """
    folder = workspace.report(year)
    with tempfile.TemporaryDirectory(prefix=".~", dir=reports_folder(workspace)) as place:
        report, files = _write(workspace, year, as_of, Path(place), tell, english)
        put_in_place(Path(place), folder, files, _ours(folder))
    pages = [folder / name for name in files if name.endswith(".html")]
    missed = leave(workspace, pages, report.closed.year.end, pdf, tell)
    return summed_up(folder, "annual.html", str(year), report.problems, files, missed)


def verify_annual(workspace: Workspace, year: int, as_of: Quarter, tell: Callable[[str], None]) -> list[str]:
    """Make a year's report again beside the one that is there; return every file that differs."""
    folder = workspace.report(year)
    if not (folder / "manifest.json").is_file():
        raise UsageError(f"reports/{year} 里还没有报告。先运行 quota annual {year}。")
    with tempfile.TemporaryDirectory(prefix=".~", dir=reports_folder(workspace)) as place:
        there = (folder / english_name(PAGE)).is_file()
        _, files = _write(workspace, year, as_of, Path(place), tell, there)
        return differences(str(year), Path(place), folder, files, _ours(folder))


def _write(
    workspace: Workspace, year: int, as_of: Quarter, folder: Path, tell: Callable[[str], None], english: bool
) -> tuple[AnnualReport, list[str]]:
    closed = load_year(workspace, year, as_of, lambda name: tell(f"读取 {name}"))
    report = AnnualReport(closed, stray(workspace))
    _ready[(str(workspace.root.resolve()), year, str(as_of))] = report
    try:
        made = executed(workspace, NOTEBOOK, {"year": str(year), "as_of": str(as_of)}, tell)
    finally:
        _ready.clear()
    tell("写出报告")
    files = ["annual.ipynb", "annual.html", "annual.xlsx"]
    write_notebook(made, folder / "annual.ipynb")
    write_whole(folder / "annual.html", page_html(made, head(report), YearTrace(closed)))
    if english:
        files += write_english(folder, (PAGE,))
    extra = [report.record[name] for name in ("totals", "routes", "online", "consistency", "scorecard")]
    properties = {"subject": str(year), "company": "quota_lib"}
    every = [*report.tables.values(), *extra]
    mark = FIRST_REPORT if has_errors(report.problems) else ""
    write_tables(folder / "annual.xlsx", report.title, every, report.factors, properties, closed.year.end, mark)
    for name, table in report.record.items():
        files.append(f"tables/{name}.csv")
        write_csv(folder / files[-1], table)
    write_whole(folder / "manifest.json", _manifest(workspace, report, as_of, folder, files))
    return report, [*files, "manifest.json"]


def head(report: AnnualReport) -> Head:
    """Return what stands around the annual page: title block, banner, provenance, signatures."""
    year, park = report.closed.year, report.closed.park
    errors = sum(one.severity == "error" for one in report.problems)
    counts = {name: sum(one.severity == name for one in report.problems) for name in SEVERITIES}
    facts = [
        ("核查年度", f"{year.year}（{year.start} 至 {year.end}）"),
        ("台账截至", f"{park.quarter}（{park.quarter.end}）"),
        ("状态", FIRST_REPORT if errors else "无数据错误"),
        ("数据问题", "，".join(f"{SEVERITIES[name]} {count}" for name, count in counts.items())),
    ]
    digest = hashlib.sha256("".join(f"{k}{v}" for k, v in sorted(park.digests.items())).encode()).hexdigest()
    return Head(
        title=report.title,
        facts=facts,
        banner=FIRST_REPORT if errors else "",
        banner_detail=f"数据有 {errors} 处错误，所涉各行没有计入；改正后重新生成。" if errors else "",
        banner_link="#table-problem_list" if errors else "",
        signers=SIGNERS,
        provenance=[
            ("输入", f"{len(park.digests)} 个工作簿，合并散列 {digest[:16]}"),
            ("复核办法", f"quota verify {year.year} 重新生成并逐字节比较；各文件散列见 manifest.json"),
        ],
    )


def _manifest(workspace: Workspace, report: AnnualReport, as_of: Quarter, folder: Path, files: list[str]) -> str:
    park = report.closed.park
    inputs = {f"data/{name}": digest for name, digest in park.digests.items()} | parameter_digests(workspace)
    inputs |= monitoring_digests(workspace, report.closed.year.year)
    source = notebook_in(workspace, NOTEBOOK)
    return manifest(
        inputs=inputs,
        parameters={"year": str(report.closed.year.year), "as_of": str(as_of)},
        notebook={f"notebooks/{NOTEBOOK}": hashlib.sha256(source.read_bytes()).hexdigest()},
        statuses=park.rules.statuses_used(),
        outputs={name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files},
        summary=summary_of(ANNUAL, str(report.closed.year.year), report.title, report.problems, report.answers),
    )


def _ours(folder: Path) -> list[str]:
    """Return the files that runs leave in an annual report's folder."""
    found = [folder / name for name in ("annual.ipynb", PAGE, english_name(PAGE), "annual.xlsx", "manifest.json")]
    found += sorted(folder.glob("tables/*.csv"))
    return [path.relative_to(folder).as_posix() for path in found if path.is_file()]
