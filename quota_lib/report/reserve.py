"""The quarterly reserve report: one way from the workbooks to everything that a run leaves.

The notebook shows what :class:`ReserveReport` gives; :func:`make_report` runs it and writes the rest.
Source  RESERVE-1 to RESERVE-4; contract §5
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from quota_lib.checking import problems_of
from quota_lib.findings import findings
from quota_lib.findings.remarks import remarks_of
from quota_lib.park import Park
from quota_lib.periods import Quarter
from quota_lib.problems import SEVERITIES, Problem, has_errors
from quota_lib.report import basis, forms, front, listing, movements, overview, pictures, record, workpapers
from quota_lib.report.annex1 import annex1_html, write_annex1_xlsx
from quota_lib.report.atomic import write_whole
from quota_lib.report.csvs import write_csv
from quota_lib.report.english import english_name, write_english
from quota_lib.report.filename import safe_name
from quota_lib.report.html import Answer, Shown, answers_html
from quota_lib.report.index import leave
from quota_lib.report.manifest import manifest
from quota_lib.report.notebook import write_notebook
from quota_lib.report.page import Head, page_html
from quota_lib.report.remarks import gone_list
from quota_lib.report.run import FIRST_REPORT, Made, differences, executed, put_in_place, reports_folder, summed_up
from quota_lib.report.showing import Showing
from quota_lib.report.summary import RESERVE, summary_of
from quota_lib.report.table import FactorShown, Table
from quota_lib.report.workings import workings
from quota_lib.report.xlsx import totalled, write_tables
from quota_lib.tracing import Trace
from quota_lib.workspace import (
    UsageError,
    Workspace,
    load_park,
    notebook_in,
    open_workspace,
    parameter_digests,
    quarter_in,
    stray,
)

if TYPE_CHECKING:
    pass

NOTEBOOK, WORKPAPERS = "reserve.ipynb", "workpapers.ipynb"
PAGES = ("reserve.html", "workpapers.html")
SIGNERS = ("核算（第三方技术支持）", "功能区", "生态环境局审核", "生态环境局负责人")
_CHINESE = {1: "第一季度", 2: "第二季度", 3: "第三季度", 4: "第四季度"}
PICTURES = {
    "flow": ("本期收支图", pictures.flow_pictures),
    "zones": ("各功能区收支图", pictures.zone_pictures),
    "history": ("各季度末结存图", pictures.history_pictures),
    "lots": ("批次构成图", pictures.lots_pictures),
    "supply": ("可用与需要图", pictures.supply_pictures),
}
TOTALS = {
    "shortages": (("need", "short"), ("factor",)),
    "bulletin": (listing.SUMS, ("factor",)),
    "deposits": (("amount",), ("kind", "factor")),
}
"""What of a table the workbook adds up, and for each of what."""
_ready: dict[tuple[str, Quarter], ReserveReport] = {}


class ReserveReport(Showing):
    """A quarter's figures, ready to be shown; a notebook calls one method a cell."""

    def __init__(self, park: Park, others: list[Problem]) -> None:
        self.park = park
        self.findings = findings(park)
        self.remarks = remarks_of(park, self.findings)
        self.problems = problems_of(park, others)
        shown = ((one.id, FactorShown(one.label, one.decimals)) for one in park.rules.factors.all)
        self.factors = dict(shown)

    @property
    def title(self) -> str:
        return f"苏州工业园区排污总量指标储备季度报告 {self.park.quarter.year} 年{_CHINESE[self.park.quarter.number]}"

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Return the tables that the page shows, in the order in which it numbers them."""
        park = self.park
        found = [
            overview.park_balances(park),
            overview.compared(park),
            pictures.short_map(park),
            overview.shortages(park),
            movements.reviewed(park),
            listing.bulletin(park),
            movements.deposits(park),
            listing.application_list(park),
            movements.sources(park),
            record.balance_plan(park),
            movements.transfers(park),
            movements.superior(park),
            movements.recoveries(park),
            overview.candidates(park, self.findings),
            movements.corrections(park),
            movements.late(park),
            overview.warning_list(park, self.findings, self.remarks),
            *([gone_list(self.remarks)] if self.remarks.gone else []),
            overview.deadlines(park),
            basis.problem_list(self.problems),
            basis.parameters(park),
            basis.clauses(),
            basis.files(park),
        ]
        return {table.id: table for table in found}

    @cached_property
    def record(self) -> dict[str, Table]:
        """Return the tables of record, which other programs read."""
        park = self.park
        found = [
            record.balances(park),
            record.entries(park),
            record.lots(park),
            record.applications(park),
            record.balance_plan(park),
            record.reductions(park),
            workings(park),
            record.warnings(park, self.findings),
            record.problems(self.problems),
        ]
        return {table.id: table for table in found}

    @cached_property
    def answers(self) -> list[Answer]:
        """Return the four questions with their answers."""
        return front.answers(self.park, self.findings, self.problems)

    def first_page(self) -> Shown:
        """Show the four questions with their answers."""
        return Shown(answers_html(self.answers), "<四个问题>")

    def pictures(self, name: str = "flow") -> Shown:
        """Show pictures, factor by factor, by their name in PICTURES; KeyError says which there are."""
        if name not in PICTURES:
            raise KeyError(f"没有图 {name!r}；现有：{', '.join(PICTURES)}")
        title, draw = PICTURES[name]
        return Shown(draw(self.park), f"<{title}>")


def load(workspace: str, period: str) -> ReserveReport:
    """Return the report of a quarter for a notebook; a run that has read it already hands it over.

    Errors  UsageError, RuleError
    """
    place = open_workspace(Path(workspace))
    quarter = quarter_in(place, period)
    ready = _ready.get((str(place.root.resolve()), quarter))
    return ready or ReserveReport(load_park(place, quarter), stray(place))


def make_report(
    workspace: Workspace, quarter: Quarter, tell: Callable[[str], None], pdf: bool = False, english: bool = False
) -> Made:
    """Make the quarterly report and everything beside it; with ``english`` and ``pdf`` its pages in both, too.

    Errors  RuleError, NotebookFault; files of an earlier run stay whole until the new one takes their place.
    """
    folder = workspace.report(quarter)
    with tempfile.TemporaryDirectory(prefix=".~", dir=reports_folder(workspace)) as place:
        report, files = _write(workspace, quarter, Path(place), tell, english)
        put_in_place(Path(place), folder, files, _ours(folder))
    pages = [folder / name for name in files if name.endswith(".html")]
    missed = leave(workspace, pages, quarter.end, pdf, tell)
    return summed_up(folder, "reserve.html", str(quarter), report.problems, files, missed)


def verify_report(workspace: Workspace, quarter: Quarter, tell: Callable[[str], None]) -> list[str]:
    """Make a quarter's report again beside the one that is there; return every file that differs."""
    folder = workspace.report(quarter)
    if not (folder / "manifest.json").is_file():
        raise UsageError(f"reports/{quarter} 里还没有报告。先运行 quota reserve {quarter}。")
    with tempfile.TemporaryDirectory(prefix=".~", dir=reports_folder(workspace)) as place:
        there = (folder / english_name("reserve.html")).is_file()
        _, files = _write(workspace, quarter, Path(place), tell, there)
        return differences(str(quarter), Path(place), folder, files, _ours(folder))


def _write(
    workspace: Workspace, quarter: Quarter, folder: Path, tell: Callable[[str], None], english: bool
) -> tuple[ReserveReport, list[str]]:
    """Write everything that a run leaves into a folder; return the report and the files' names in order."""
    park = load_park(workspace, quarter, lambda name: tell(f"读取 {name}"))
    tell("计算")
    report = ReserveReport(park, stray(workspace))
    tell("运行笔记本")
    _ready[(str(workspace.root.resolve()), quarter)] = report
    workpapers.hand_over(workspace.root, workpapers.Workpapers(park))
    try:
        ran = executed(workspace, NOTEBOOK, {"period": str(quarter)}, tell)
        papers = executed(workspace, WORKPAPERS, {"period": str(quarter)}, tell)
    finally:
        _ready.clear()
        workpapers.take_back()
    tell("写出报告")
    files = ["reserve.ipynb", "reserve.html", "workpapers.html", "reserve.xlsx"]
    trace = Trace(park)
    write_notebook(ran, folder / "reserve.ipynb")
    write_whole(folder / "reserve.html", page_html(ran, head(report), trace))
    title = f"{workpapers.TITLE} {quarter.year} 年{_CHINESE[quarter.number]}"
    write_whole(folder / "workpapers.html", page_html(papers, head(report, title, "reserve.html"), trace))
    if english:
        files += write_english(folder, PAGES)
    extra = [report.record[name] for name in ("entries", "lots", "reductions")]
    properties = {"subject": str(quarter), "company": "quota_lib"}
    shown = [totalled(one, *TOTALS[one.id]) if one.id in TOTALS else one for one in report.tables.values()]
    mark = FIRST_REPORT if has_errors(report.problems) else ""
    book, every = folder / "reserve.xlsx", [*shown, *extra]
    write_tables(book, report.title, every, report.factors, properties, quarter.end, mark)
    for name, table in report.record.items():
        files.append(f"tables/{name}.csv")
        write_csv(folder / files[-1], table)
    for project, annex in forms.annexes(park):
        stem = f"annex1/{safe_name(project)}"
        files += [f"{stem}.html", f"{stem}.xlsx"]
        write_whole(folder / f"{stem}.html", annex1_html(annex, mark, trace))
        write_annex1_xlsx(folder / f"{stem}.xlsx", annex, quarter.end, mark)
    files += _write_word(report, folder)
    write_whole(folder / "manifest.json", _manifest(workspace, report, folder, files))
    return report, [*files, "manifest.json"]


def _write_word(report: ReserveReport, folder: Path) -> list[str]:
    """Write annex 1 and the zones' bulletins as Word documents; return their names in order."""
    from quota_lib.report.word.annex import write_annex1_docx
    from quota_lib.report.word.bulletin import of_zone, sections, signed, write_bulletin, zones

    park, mark = report.park, FIRST_REPORT if has_errors(report.problems) else ""
    files = []
    for project, annex in forms.annexes(park):
        files.append(f"annex1/{safe_name(project)}.docx")
        write_annex1_docx(folder / files[-1], project, annex, park.quarter.end, mark)
    balances = report.record["balances"]
    for zone in zones(park, balances):
        files.append(f"bulletin/{safe_name(zone)}.docx")
        parts, detail = sections(park, zone, report.tables, balances), signed(of_zone(balances, zone))
        write_bulletin(folder / files[-1], park, zone, parts, detail, report.factors, SIGNERS, mark)
    return files


def head(report: ReserveReport, title: str = "", problems_in: str = "") -> Head:
    """Return what stands around a notebook's page: title block, banner, provenance, signatures."""
    quarter = report.park.quarter
    errors = [one for one in report.problems if one.severity == "error"]
    counts = {name: sum(one.severity == name for one in report.problems) for name in SEVERITIES}
    status = FIRST_REPORT if errors else "无数据错误"
    facts = [
        ("报告期", f"{quarter}（{quarter.start} 至 {quarter.end}）"),
        ("截止日", str(quarter.end)),
        ("状态", status),
        ("数据问题", "，".join(f"{SEVERITIES[name]} {count}" for name, count in counts.items())),
    ]
    digest = hashlib.sha256("".join(f"{k}{v}" for k, v in sorted(report.park.digests.items())).encode()).hexdigest()
    provenance = [
        ("输入", f"{len(report.park.digests)} 个工作簿，合并散列 {digest[:16]}"),
        ("复核办法", f"quota verify {quarter} 重新生成并逐字节比较；各文件散列见 manifest.json"),
    ]
    detail = f"数据有 {len(errors)} 处错误，所涉单据未入账；改正后重新生成。" if errors else ""
    return Head(
        title=title or report.title,
        facts=facts,
        banner=FIRST_REPORT if errors else "",
        banner_detail=detail,
        banner_link=f"{problems_in}#table-problem_list" if errors else "",
        signers=SIGNERS,
        provenance=provenance,
    )


def _manifest(workspace: Workspace, report: ReserveReport, folder: Path, files: list[str]) -> str:
    inputs = {f"data/{name}": digest for name, digest in report.park.digests.items()}
    inputs |= parameter_digests(workspace)
    return manifest(
        inputs=inputs,
        parameters={"period": str(report.park.quarter)},
        notebook={
            f"notebooks/{name}": hashlib.sha256(notebook_in(workspace, name).read_bytes()).hexdigest()
            for name in (NOTEBOOK, WORKPAPERS)
        },
        statuses=report.park.rules.statuses_used(),
        outputs={name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files},
        summary=summary_of(RESERVE, str(report.park.quarter), report.title, report.problems, report.answers),
    )


def _ours(folder: Path) -> list[str]:
    """Return the files that runs leave in a report's folder; what others put there is not theirs to touch."""
    names = ("reserve.ipynb", *PAGES, *map(english_name, PAGES), "reserve.xlsx", "manifest.json")
    found = [folder / name for name in names]
    found += (
        sorted(folder.glob("tables/*.csv"))
        + sorted(folder.glob("annex1/*.html"))
        + sorted(folder.glob("annex1/*.xlsx"))
        + sorted(folder.glob("annex1/*.docx"))
        + sorted(folder.glob("bulletin/*.docx"))
    )
    return [path.relative_to(folder).as_posix() for path in found if path.is_file()]
