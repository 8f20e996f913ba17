"""What the source must keep to, read from the source itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from quota_lib.coverage import CLAUSES
from quota_lib.findings import CHECKS, dossier, recovery, reduction, reserve
from quota_lib.plausibility import PLAUSIBILITY_CHECKS
from quota_lib.problems import catalogue
from quota_lib.schema import sheets
from quota_lib.totals import ANNUAL_CHECKS
from tests.oracle.compare import rules

PACKAGE = Path(__file__).parents[1] / "quota_lib"
ROOT = PACKAGE.parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
CORE = [
    *(
        PACKAGE / f"{name}.py"
        for name in (
            "amounts",
            "periods",
            "words",
            "facts",
            "book",
            "row_rules",
            "input_rows",
            "naming",
            "admission",
            "accounting",
            "park",
            "rules",
        )
    ),
    *(PACKAGE / f"{name}.py" for name in ("reductions", "problems", "ranges", "what_if", "trial")),
    *(PACKAGE / "coefficients").glob("*.py"),
    *(PACKAGE / "methods").glob("*.py"),
    *(PACKAGE / "reserve").glob("*.py"),
    *(PACKAGE / "findings").glob("*.py"),
    *(PACKAGE / "allowable").glob("*.py"),
    *(PACKAGE / "plausibility").glob("*.py"),
    *(PACKAGE / "totals").glob("*.py"),
    *(PACKAGE / "tracing").glob("*.py"),
]
DISK_AND_CLOCK = {"os", "pathlib", "shutil", "tempfile", "time", "io", "subprocess", "socket"}
ROOMS = (
    ("amounts", "periods", "plain_yaml", "words"),
    ("schema", "problems", "coverage"),
    ("facts", "rules"),
    ("coefficients", "methods"),
    ("allowable",),
    ("hourly",),
    ("method_sheets",),
    ("workbook",),
    ("book",),
    ("input_rows", "naming"),
    ("row_rules",),
    ("admission",),
    ("reserve.lots", "reserve.documents", "reserve.route", "reserve.ratio", "reserve.ruling", "reserve.ledger"),
    ("reserve.desk", "reserve.balances"),
    ("reserve.deposits", "reserve.transfers", "reserve.decisions", "reserve.superior"),
    ("reserve.recoveries", "reserve.corrections", "reserve.posting"),
    ("accounting",),
    ("ranges",),
    ("park",),
    ("reductions", "applications"),
    ("findings",),
    ("plausibility",),
    ("totals",),
    ("annual",),
    ("tracing",),
    ("english",),
    ("what_if",),
    ("trial",),
    ("workspace",),
    ("checking",),
    ("report",),
    ("explain",),
    ("documentation",),
    ("cli",),
)


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def module(path: Path) -> str:
    name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    return name.removesuffix(".__init__")


def room(name: str) -> int | None:
    for place, names in enumerate(ROOMS):
        if any(name == one or name.startswith(f"{one}.") for one in names):
            return place
    return None


def test_the_core_imports_nothing_that_reads_the_disk_or_the_clock():
    for path in CORE:
        found = {name.split(".")[0] for name in imports(path)} & DISK_AND_CLOCK
        assert not found, f"{path.name} imports {found}"


def test_nothing_reads_the_clock():
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\.(today|now|utcnow)\(|time\.time\(", text), path.name


def test_modules_import_only_from_rooms_above_their_own():
    for path in SOURCES:
        own = module(path)
        if path.name == "__init__.py" and not imports(path) - {"__future__", "__future__.annotations"}:
            continue
        place = room(own)
        assert place is not None, f"{own} stands in no room"
        for name in imports(path):
            if name.startswith("quota_lib."):
                other = room(name.removeprefix("quota_lib."))
                assert other is None or other <= place, f"{own} imports {name} from a room below"


def test_every_clause_that_is_cited_exists():
    cited = {clause for sheet in sheets().values() for clause in sheet.clauses}
    cited |= {entry.clause for entry in catalogue().values() if entry.clause}
    cited |= {one.clause for one in rules().parameters.values()}
    for path in SOURCES:
        cited |= set(
            re.findall(r"\b(?:SCOPE|REDUCE|RESERVE|TOTAL|SAFE|ANNEX|EFFECT)-\d[a-d]?\b", path.read_text("utf-8"))
        )
    assert cited <= set(CLAUSES)


@pytest.mark.parametrize("clause", CLAUSES)
def test_each_clause_is_implemented_or_says_why_not(clause):
    one = CLAUSES[clause]
    assert one.implemented or one.reason
    for name in one.implemented:
        path = ROOT / name if name.endswith(".yaml") else PACKAGE / name.replace(".", "/")
        assert path.exists() or path.with_suffix(".py").exists(), name


def test_every_finding_has_words_a_level_and_a_clause():
    assert {module.__name__ for module in (dossier, recovery, reduction, reserve)}
    every = set(CHECKS) | set(ANNUAL_CHECKS) | set(PLAUSIBILITY_CHECKS)
    for code in every:
        assert catalogue()[code].clause in CLAUSES
        assert rules().parameters[f"warnings.{code}"].more["level"] in ("预警", "提示")
    assert {key.split(".")[1] for key in rules().parameters if key.startswith("warnings.")} == every
    assert {code for code in catalogue() if code.startswith("W")} == every


def test_every_code_of_the_catalogue_is_used():
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    assert [code for code in catalogue() if f'"{code}"' not in text] == []


def test_no_float_literal_stands_in_the_core():
    for path in CORE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path.name


def test_no_file_of_the_library_outgrows_one_head():
    for path in SOURCES:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 560, path.name


def test_no_path_of_a_machine_stands_in_the_project():
    for path in (*SOURCES, *ROOT.glob("*.md"), *ROOT.glob("parameters/*.yaml"), *ROOT.glob("notebooks/*.ipynb")):
        assert not re.search(r"/home/|/root/|/tmp/|C:\\\\Users", path.read_text(encoding="utf-8")), path.name
