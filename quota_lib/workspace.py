"""The workspace on disk: where parameters, notebooks, data and reports lie, and how they are read."""

from __future__ import annotations

import gc
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from quota_lib.accounting import Basis
from quota_lib.admission import LEDGER_ANNUAL
from quota_lib.annual import Closed, close_year, hours_of_samples
from quota_lib.coefficients import Coefficients
from quota_lib.park import Park, fold
from quota_lib.periods import Period, Quarter, parse_period
from quota_lib.problems import Problem, problem
from quota_lib.rules import RuleError, Rules
from quota_lib.totals import Year
from quota_lib.what_if import WhatIf, parse_what_if
from quota_lib.workbook.folder import Folder, read_folder

if TYPE_CHECKING:
    from quota_lib.hourly import Hourly


class UsageError(Exception):
    """Something that the caller asked for does not exist or makes no sense; says what does."""


class Workspace(NamedTuple):
    """A folder with parameters/, notebooks/, data/ and reports/."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def parameters(self) -> Path:
        return self.root / "parameters"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    def report(self, period: Period) -> Path:
        return self.root / "reports" / str(period)

    def periods(self) -> list[Period]:
        """Return the periods that have a folder, quarters and years."""
        names = sorted(entry.name for entry in self.data.iterdir() if entry.is_dir())
        return [period for period in map(parse_period, names) if period is not None]


def packaged(name: str) -> Path:
    """Return the packaged ``notebooks`` or ``parameters``; in a checkout, the repository's own."""
    inside = Path(str(resources.files("quota_lib"))) / "_workspace" / name
    return inside if inside.is_dir() else Path(__file__).resolve().parent.parent / name


def open_workspace(root: Path) -> Workspace:
    """Return the workspace at a folder.

    Errors  UsageError if the folder is none.
    """
    workspace = Workspace(root)
    missing = [name for name in ("parameters", "data") if not (root / name).is_dir()]
    if missing:
        raise UsageError(
            f"{root} 不是工作区：没有 {'、'.join(missing)} 文件夹。用 `quota init 目录` 新建，或用 --workspace 指定。"
        )
    return workspace


def read_rules(workspace: Workspace | None) -> Rules:
    """Read a workspace's parameters; without a workspace the packaged ones.

    Errors  RuleError
    """
    return Rules(read_parameters(workspace))


def read_coefficients(workspace: Workspace | None) -> Coefficients:
    """Read a workspace's coefficient tables; without a workspace the packaged ones.

    Errors  CoefficientError
    """
    return Coefficients(read_parameters(workspace))


def read_parameters(workspace: Workspace | None) -> dict[str, str]:
    """Read the texts of all parameter files, by file name without ``.yaml``.

    Errors  RuleError if one is not UTF-8.
    """
    folder = workspace.parameters if workspace else packaged("parameters")
    texts = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            texts[path.stem] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise RuleError(f"parameters/{path.name} is not UTF-8. Save it with the encoding UTF-8.") from None
    return texts


def parameter_digests(workspace: Workspace) -> dict[str, str]:
    """Return the SHA-256 of every parameter file, by its place in the workspace."""
    paths = sorted(workspace.parameters.glob("*.yaml"))
    return {f"parameters/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def period_in(workspace: Workspace, name: str) -> Period:
    """Return the period that an argument names.

    Errors  UsageError if it is none, or has no folder.
    """
    period = parse_period(name.upper())
    known = "、".join(map(str, workspace.periods())) or "（尚无）"
    if period is None:
        raise UsageError(f"“{name}”不是期间。季度写作 2025Q4，年度写作 2025；现有：{known}。")
    if not (workspace.data / str(period)).is_dir():
        raise UsageError(f"data/{period} 不存在。把该期间的工作簿放进去再运行；现有：{known}。")
    return period


def quarter_in(workspace: Workspace, name: str) -> Quarter:
    """Return the quarter that an argument names.

    Errors  UsageError if it is none, or has no folder.
    """
    if isinstance(parse_period(name), int):
        raise UsageError(f"“{name}”是年度，这里要季度，例如 {name}Q4。")
    period = period_in(workspace, name)
    if not isinstance(period, Quarter):
        raise TypeError(period)
    return period


def load_park(workspace: Workspace, quarter: Quarter, progress: Callable[[str], None] | None = None) -> Park:
    """Read every folder up to a quarter and fold it.

    Errors  RuleError if a parameter is missing or malformed.
    """
    return read_official(workspace, quarter, progress)[0]


def load_year(workspace: Workspace, year: int, as_of: Quarter, progress: Callable[[str], None] | None = None) -> Closed:
    """Read the annual folders up to a year, the quarterly ones up to the as-of quarter, and close the year.

    Errors  RuleError
    """
    rules = read_rules(workspace)
    with _no_collection():
        folders = dict(_folders_of_a_year(workspace, year, as_of, rules, progress))
        park = fold(folders, as_of, rules, Basis(read_coefficients(workspace)))
        for folder in folders.values():
            park.digests |= folder.digests
        return close_year(park, folders, year, _monitoring(workspace, year, progress))


def _monitoring(
    workspace: Workspace, year: int, progress: Callable[[str], None] | None
) -> Callable[[Year], Hourly] | None:
    """Return what reads the hourly data of a year for its outlets; None where there are none."""
    files, before = _hourly_files(workspace, year), _hourly_files(workspace, year - 1)
    if not files:
        return None

    def read(about: Year) -> Hourly:
        from quota_lib.hourly import read_year

        wanted = hours_of_samples(about)
        return read_year(files, before, year, about.rules, about.outlets, about.calibrations, progress, wanted)

    return read


def monitoring_digests(workspace: Workspace, year: int) -> dict[str, str]:
    """Return the SHA-256 of every hourly file that an annual report reads: of the year and of the one before."""
    found = {}
    for name, path in (*_hourly_files(workspace, year - 1), *_hourly_files(workspace, year)):
        with path.open("rb") as file:
            found[f"data/{name}"] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _hourly_files(workspace: Workspace, year: int) -> list[tuple[str, Path]]:
    folder = workspace.data / str(year) / "monitoring"
    if not folder.is_dir():
        return []
    found = (path for path in sorted(folder.iterdir()) if not path.name.startswith((".", "~$")))
    return [(path.relative_to(workspace.data).as_posix(), path) for path in found if path.is_file()]


def _folders_of_a_year(
    workspace: Workspace, year: int, as_of: Quarter, rules: Rules, progress: Callable[[str], None] | None
) -> Iterator[tuple[Period, Folder]]:
    """Return the quarters up to the as-of one, the annual folders up to the year whole, later ones for the ledger."""
    for period in workspace.periods():
        path = workspace.data / str(period)
        if isinstance(period, Quarter):
            if period <= as_of:
                yield period, read_folder(path, period, rules.factors, progress=progress)
        elif period != year and _holds_hours_alone(path):
            continue
        elif period <= year:
            yield period, read_folder(path, period, rules.factors, progress=progress)
        elif period < as_of.year:
            yield period, read_folder(path, period, rules.factors, LEDGER_ANNUAL, progress=progress)


def as_of_quarter(year: int, name: str = "") -> Quarter:
    """Return the quarter up to which an annual report reads the ledger: the one named, else (year + 1)Q2.

    Errors  UsageError if the name is no quarter, or one that ends before the year does.
    """
    found = parse_period(name.upper()) if name else Quarter(year + 1, 2)
    if not isinstance(found, Quarter):
        raise UsageError(f"“{name}”不是季度。写作 {year + 1}Q2。")
    if found < Quarter(year, 4):
        raise UsageError(f"{found} 在 {year} 年结束之前。请用 {year}Q4 或以后的季度。")
    return found


def year_in(workspace: Workspace, name: str) -> int:
    """Return the year that an argument names.

    Errors  UsageError if it is none, or has no folder.
    """
    if isinstance(parse_period(name.upper()), Quarter):
        raise UsageError(f"“{name}”是季度，这里要年度，例如 {name[:4]}。")
    period = period_in(workspace, name)
    if isinstance(period, Quarter):
        raise TypeError(period)
    return period


def read_official(
    workspace: Workspace, quarter: Quarter, progress: Callable[[str], None] | None = None
) -> tuple[Park, dict[Period, Folder]]:
    """Return the park of a quarter with the folders that it was made from.

    Errors  RuleError if a parameter is missing or malformed.
    """
    rules = read_rules(workspace)
    with _no_collection():
        folders = read_folders(workspace, quarter, rules, progress)
        return fold(folders, quarter, rules, Basis(read_coefficients(workspace))), folders


def read_folders(
    workspace: Workspace, quarter: Quarter, rules: Rules, progress: Callable[[str], None] | None = None
) -> dict[Period, Folder]:
    """Read every folder that counts for a quarter's ledger."""
    return dict(_folders(workspace, quarter, rules, progress))


def read_what_if(workspace: Workspace, name: str) -> WhatIf:
    """Read a trial's description, ``parameters/what_if/NAME.yaml``.

    Errors  UsageError if there is none of this name, RuleError if it is malformed.
    """
    paths = {path.stem: path for path in sorted((workspace.parameters / "what_if").glob("*.yaml"))}
    if name not in paths:
        known = "、".join(paths) or "（尚无）"
        raise UsageError(f"没有试算“{name}”；现有：{known}。在 parameters/what_if/{name}.yaml 里写明改什么。")
    try:
        return parse_what_if(name, paths[name].read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise RuleError(f"parameters/what_if/{name}.yaml is not UTF-8. Save it with the encoding UTF-8.") from None


def notebook_in(workspace: Workspace, name: str) -> Path:
    """Return a workspace's notebook; where it has none, the packaged one."""
    own = workspace.notebooks / name
    return own if own.is_file() else packaged("notebooks") / name


@contextmanager
def _no_collection() -> Iterator[None]:
    """Hold back the garbage collector while many small records are made that all stay."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.freeze()
            gc.enable()


def _folders(
    workspace: Workspace, quarter: Quarter, rules: Rules, progress: Callable[[str], None] | None
) -> Iterator[tuple[Period, Folder]]:
    for period in workspace.periods():
        path = workspace.data / str(period)
        if isinstance(period, Quarter):
            if period <= quarter:
                yield period, read_folder(path, period, rules.factors, progress=progress)
        elif period < quarter.year and not _holds_hours_alone(path):
            yield period, read_folder(path, period, rules.factors, LEDGER_ANNUAL, progress=progress)


def _holds_hours_alone(path: Path) -> bool:
    """Return whether a year's folder is there for its hourly data only: no workbook is missing from it."""
    return {one.name for one in path.iterdir() if not one.name.startswith(("~$", ".~"))} == {"monitoring"}


def stray(workspace: Workspace) -> list[Problem]:
    """Return what lies in ``data/`` and belongs to no period; a folder that nearly names one is an error."""
    return [
        problem("Q116", entry.name, meant=entry.name.upper())
        if entry.is_dir() and parse_period(entry.name.upper()) is not None
        else problem("Q105", entry.name)
        for entry in sorted(workspace.data.iterdir())
        if entry.name != "ledger"
        and not entry.name.startswith(".")
        and not (entry.is_dir() and parse_period(entry.name) is not None)
    ]


def make_workspace(root: Path) -> list[str]:
    """Lay out a new workspace; what is there already is left alone.  Return what was made.

    Errors  UsageError if the folder holds files that are no workspace's.
    """
    if root.exists() and (not root.is_dir() or (any(root.iterdir()) and not (root / "parameters").is_dir())):
        raise UsageError(f"{root} 已有其他内容。请用一个新的或空的文件夹。")
    made = []
    for name in ("parameters", "parameters/what_if", "notebooks"):
        for source in sorted(packaged(name).iterdir()):
            target = root / name / source.name
            if source.suffix in (".yaml", ".ipynb") and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
                made.append(f"{root / name / source.name}")
    for name in ("data", "reports"):
        (root / name).mkdir(parents=True, exist_ok=True)
        made.append(f"{root / name}/")
    made.append("下一步：在 data/ 下为每个季度建文件夹（如 2025Q4），放入填好的工作簿，再运行 quota check 2025Q4。")
    return made
