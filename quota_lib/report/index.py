"""``reports/index.html``: every run that lies in ``reports/``, what it says of itself, and what is due next.

Made from the files that are there and from nothing else: no clock, no network, no list kept elsewhere.
Source  contract §4
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

from quota_lib.periods import Period, Quarter, parse_period
from quota_lib.problems import SEVERITIES
from quota_lib.report.atomic import write_whole
from quota_lib.report.due import due_list
from quota_lib.report.english import ENGLISH, english_name, write_english
from quota_lib.report.html import VERDICTS, Answer, answers_html, definitions_html, table_html, visible
from quota_lib.report.pdf import drop_outdated, write_pdfs
from quota_lib.report.summary import (
    ANNUAL,
    CLEAN,
    RESERVE,
    TRY,
    WITH_ERRORS,
    Summary,
    Unreadable,
    read_manifest_summary,
    read_trial_summary,
)
from quota_lib.report.table import UNSEEN, spelt_out
from quota_lib.report.wording import words_json
from quota_lib.workspace import Workspace, read_rules

TITLE = "苏州工业园区排污总量指标报告索引"
TEMPLATES = Path(__file__).parent / "templates"
KINDS = {RESERVE: "季度储备报告", ANNUAL: "年度核查报告", TRY: "试算", "": "其他文件夹"}
STATES = {CLEAN: ("good", "✓", "无数据错误"), WITH_ERRORS: ("bad", "■", "初报·有错误")}
PAGES = {"reserve": "报告", "workpapers": "核算底稿", "annual": "报告", "manifest": "运行清单"}
FORMS = {
    ".html": "网页",
    ".pdf": "PDF",
    ".xlsx": "工作簿",
    ".docx": "Word",
    ".ipynb": "笔记本",
    ".csv": "CSV",
    ".json": "JSON",
}
FOLDERS = {"annex1": "附件 1", "bulletin": "功能区通报", "tables": "数据表"}
NO_NAMES: Mapping[str, str] = {}
STEMS = {RESERVE: ("reserve", "workpapers"), ANNUAL: ("annual",)}


class Link(NamedTuple):
    """A file: what its form is called, and its address from ``reports/``."""

    words: str
    address: str


class Document(NamedTuple):
    """One thing in all the forms in which it lies there: 报告 as 网页, PDF, 工作簿."""

    name: str
    links: tuple[Link, ...]


class Run(NamedTuple):
    """One line of the index: a report or a trial, or a folder in which neither can be found.

    ``summary``: None where the run left none; ``trouble`` then says why, where something is wrong.
    ``sealed``: None where that does not apply.
    """

    name: str
    period: Period | None
    kind: str
    summary: Summary | None
    trouble: str
    sealed: bool | None
    files: Sequence[Document]
    groups: Mapping[str, Sequence[Document]]

    @property
    def end(self) -> date:
        return end_of(self.period) if self.period is not None else date.min

    @property
    def page(self) -> str:
        """The address of its page, "" if there is none."""
        return next((one.address for file in self.files for one in file.links if one.address.endswith(".html")), "")


def leave(workspace: Workspace, pages: Sequence[Path], day: date, pdf: bool, tell: Callable[[str], None]) -> str:
    """Do what follows every run: print its pages where asked, and bring the index up to date.

    Return "" or one line that says which PDF was not made, and why.
    """
    for folder in sorted({page.parent for page in pages}):
        drop_outdated(folder)
    said = write_pdfs(pages, day, tell) if pdf else ""
    write_index(workspace)
    return said


def write_index(workspace: Workspace) -> Path:
    """Write ``reports/index.html`` from what lies in ``reports/`` and ``data/ledger/``.

    Errors  RuleError if a deadline has no value in force at the end of the last period reported.
    """
    path = workspace.root / "reports" / "index.html"
    html = index_html(workspace, read_runs(workspace))
    write_whole(path, html)
    _write_english(path, html)
    return path


def _write_english(path: Path, html: str) -> None:
    """Write the index in English where any page has an English one beside it."""
    root = path.parent
    found = sorted(root.glob(f"*/*{ENGLISH}")) + sorted(root.glob(f"*/try/*{ENGLISH}"))
    pages = [one.relative_to(root).as_posix().removesuffix(ENGLISH) + ".html" for one in found]
    if pages:
        write_english(root, [path.name], {path.name, *map(quote, pages)})
    else:
        (root / english_name(path.name)).unlink(missing_ok=True)


def read_runs(workspace: Workspace) -> list[Run]:
    """Read what every folder of ``reports/`` holds: newest period first, the report before its trials."""
    sealed = _read_sealed(workspace)
    places = workspace.root / "reports"
    found = [
        run
        for folder in (places.iterdir() if places.is_dir() else ())
        if folder.is_dir() and not folder.name.startswith((".", "~"))
        for run in _read_folder(folder, sealed)
    ]
    found.sort(key=lambda run: (run.kind == TRY, run.name))
    found.sort(key=lambda run: (run.end, isinstance(run.period, int)), reverse=True)
    return found


def last_reported(runs: Iterable[Run]) -> date | None:
    """Return the end of the last period that has a report, None if none has; trials and stray folders do not count."""
    return max((run.end for run in runs if run.kind in STEMS and run.page), default=None)


def _behind(runs: Iterable[Run]) -> tuple[date | None, frozenset[int]]:
    """Return the end of the last quarter that has a report, and the years that have one."""
    there = [run for run in runs if run.kind in STEMS and run.page]
    years = frozenset(run.period for run in there if isinstance(run.period, int))
    return max((run.end for run in there if run.kind == RESERVE), default=None), years


def end_of(period: Period) -> date:
    """Return the last day of a quarter or year."""
    return period.end if isinstance(period, Quarter) else date(period, 12, 31)


def index_html(workspace: Workspace, runs: Sequence[Run]) -> str:
    """Return the index as one page that fetches nothing."""
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    jinja = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    jinja.filters["visible"] = lambda text: Markup(visible(text))
    jinja.filters["spelt"] = lambda text: UNSEEN.sub(spelt_out, text)
    script = (TEMPLATES / "report" / "report.js").read_text(encoding="utf-8")
    style = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("report/report.css", "index/index.css"))
    latest = next((run for run in runs if run.kind == RESERVE and run.page), None)
    end = last_reported(runs)
    due = table_html(due_list(end, read_rules(workspace), *_behind(runs)), {}, 1) if end else ""
    words = {"TITLE": TITLE, "KINDS": KINDS, "STATES": STATES, "SEVERITIES": SEVERITIES, "VERDICTS": VERDICTS}
    return str(
        jinja.get_template("index/index.html.j2").render(
            **words,
            runs=runs,
            facts=Markup(definitions_html(_facts(runs, end))),
            latest=latest,
            cards=Markup(_cards(latest)),
            due=Markup(due),
            style=Markup(style),
            script_words=Markup(words_json()),
            script=Markup(script),
            script_hash="sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


def _facts(runs: Sequence[Run], end: date | None) -> list[tuple[str, str]]:
    official = [run for run in runs if run.kind in STEMS and run.page]
    newest = official[0].name if official else "尚无"
    return [
        ("最近一期", f"{newest}（至 {end}）" if end else newest),
        ("报告", f"{len(official)} 份"),
        ("试算", f"{sum(run.kind == TRY for run in runs)} 份"),
        ("有错误", f"{sum(bool(run.summary and run.summary.status == WITH_ERRORS) for run in official)} 份"),
        ("已封存", f"{sum(run.sealed is True for run in runs)} 个季度"),
    ]


def _cards(run: Run | None) -> str:
    """Return the four answers of a quarterly report, each leading to its figures there."""
    if run is None or run.summary is None:
        return ""
    said = run.summary.answers
    answers = [Answer(one.question, one.verdict, one.headline, (), f"{run.page}{one.link}") for one in said]  # type: ignore[arg-type]
    return answers_html(answers)


def _read_folder(folder: Path, sealed: frozenset[str]) -> list[Run]:
    """Read one folder of ``reports/``: the report of its period, and its trials."""
    period = parse_period(folder.name)
    if period is None:
        return [Run(folder.name, None, "", None, "名称不是期间，其中的文件没有列出", None, (), {})]
    kind = RESERVE if isinstance(period, Quarter) else ANNUAL
    summary, trouble = _read(lambda: read_manifest_summary(folder / "manifest.json"), kind, folder.name)
    root = folder.parent
    found = (_documents(folder.glob(f"{stem}.*"), root, PAGES) for stem in (*STEMS[kind], "manifest"))
    files = [one for documents in found for one in documents]
    groups = {words: _documents((folder / name).glob("*.*"), root) for name, words in FOLDERS.items()}
    seal = folder.name in sealed if kind == RESERVE else None
    return [Run(folder.name, period, kind, summary, trouble, seal, files, groups), *_read_trials(folder, period)]


def _read_trials(folder: Path, period: Period) -> list[Run]:
    found = []
    pages = sorted((folder / "try").glob("*.html"))
    for page in (one for one in pages if not one.name.endswith(ENGLISH)):
        summary, trouble = _read(lambda page=page: read_trial_summary(page.with_suffix(".json")), TRY, folder.name)  # type: ignore[misc]
        suffixes = (".html", ".pdf", ".ipynb", ENGLISH, ".en.pdf")
        files = _documents((page.with_suffix(suffix) for suffix in suffixes), folder.parent)
        found.append(Run(folder.name, period, TRY, summary, trouble, None, files, {}))
    return found


def _read(read: Callable[[], Summary | None], kind: str, name: str) -> tuple[Summary | None, str]:
    """Return a summary, or why there is none; one of another report is none of this folder's."""
    try:
        summary = read()
    except Unreadable as fault:
        return None, str(fault)
    if summary is not None and (summary.kind, summary.period) != (kind, name):
        return None, "摘要属于另一份报告"
    return summary, ""


def _read_sealed(workspace: Workspace) -> frozenset[str]:
    """Return the quarters of which ``data/ledger/`` holds something."""
    place = workspace.data / "ledger"
    return frozenset(path.name.partition(".")[0] for path in (place.iterdir() if place.is_dir() else ()))


def _documents(paths: Iterable[Path], root: Path, names: Mapping[str, str] = NO_NAMES) -> list[Document]:
    """Return the files that are there, those of one name together; what no run makes is passed over.

    ``names``: what a stem is called; others are shown as the name in the data that they were made from.
    """
    found: dict[str, list[Path]] = {}
    for path in sorted(paths, key=lambda path: path.stem):
        if path.suffix in FORMS and path.is_file() and not path.name.startswith((".", "~")):
            found.setdefault(path.stem, []).append(path)
    return [
        Document(_called(stem, names), tuple(_link(path, root) for path in sorted(ones, key=_place)))
        for stem, ones in found.items()
    ]


def _called(stem: str, names: Mapping[str, str]) -> str:
    base, _, language = stem.partition(".")
    return f"{names[base]} {language}".rstrip() if base in names else unquote(stem)


def _place(path: Path) -> int:
    return list(FORMS).index(path.suffix)


def _link(path: Path, root: Path) -> Link:
    return Link(FORMS[path.suffix], quote(os.fsencode(path.relative_to(root).as_posix())))
