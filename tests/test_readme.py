"""What the READMEs name is there: commands, files, links, codes, parameters, and the worked examples hold."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
import struct
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer

from quota_lib import __version__
from quota_lib.amounts import mass
from quota_lib.cli import app
from quota_lib.coefficients import Coefficients
from quota_lib.coverage import CLAUSES
from quota_lib.methods import LABELS, METHODS, faults_of_examples, withdraw
from quota_lib.periods import Quarter
from quota_lib.plain_yaml import parse_yaml
from quota_lib.problems import catalogue
from quota_lib.report.reserve import make_report
from quota_lib.report.trial import make_trial
from quota_lib.rules import STATUSES, Rules, ratio_rules
from quota_lib.schema import sheets
from quota_lib.workspace import Workspace, read_coefficients

ROOT = Path(__file__).parents[1]
NAMES = ("README.md", "README.zh-CN.md")
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in NAMES}
ENGLISH = TEXTS["README.md"]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
SUFFIXES = (".csv", ".html", ".ipynb", ".json", ".md", ".png", ".py", ".toml", ".txt", ".xlsx", ".yaml")
SHELLS = ("powershell", "text")
THE_TWO = (
    "    pip install -c constraints.txt -e . && quota reserve 2025Q4",
    "    pip install -c constraints.txt -e '.[test]' && pytest -n auto",
)
EXAMPLES = (
    "2026Q1/第一季度.xlsx",
    "填报模板-2026Q1.xlsx",
    "data/2026Q1/第一季度.xlsx",
    "quota_lib/methods/solvent_recovery.py",
    "quota_lib/methods/solvent_recovery.yaml",
    "reports/2025Q4/try/",
    "data/2025",
    "data/2025/monitoring",
    "data/2024/monitoring",
    "reports/2025/annual.html",
    "annual.xlsx",
    "online.csv",
    "substitutions.csv",
    "复核意见-2025Q4.xlsx",
    "reports/2025Q4/try/national-2021.html",
)  # made by whoever follows the steps


def codes(text: str) -> list[str]:
    """Return what stands in backquotes, fenced blocks aside."""
    return INLINE.findall(FENCE.sub("", text))


def blocks(text: str, *languages: str) -> list[str]:
    return [body for language, body in FENCE.findall(text) if language in languages]


def commands(text: str) -> Iterator[str]:
    """Return every quota command of a text: in backquotes, in a shell's block, or one of the two."""
    lines = [*codes(text), *"\n".join(blocks(text, *SHELLS)).splitlines()]
    lines += [part for line in text.splitlines() if line.startswith("    pip ") for part in line.split("&&")]
    for line in lines:
        line = re.split(r"\s{3,}", line.strip())[0]
        if line.startswith("quota ") and not line.startswith("quota_"):
            yield line


def words(command: str) -> list[str]:
    """Return a command's words; what may be left out (``[…]``) is there, an ellipsis is not."""
    return shlex.split(command.replace("[-", "-").replace("[", "").replace("]", "").replace("\\", "/"))[1:]


def paths(text: str) -> Iterator[str]:
    """Return what looks like a file or folder: in backquotes, in shell blocks, or the target of a link."""
    found = [*codes(text), *" ".join(blocks(text, *SHELLS)).split()]
    for one in found:
        one = one.split(" › ")[0].replace("\\", "/")
        looks = one.endswith(SUFFIXES) or re.fullmatch(r"[\w./-]+/", one)
        if looks and not re.search(r"[<>*…{\s:]|^\.", one):
            yield one


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the demo park's report in a copy, and return its folder."""
    root = tmp_path_factory.mktemp("park")
    for name in ("parameters", "notebooks", "data"):
        shutil.copytree(ROOT / name, root / name)
    return make_report(Workspace(root), Quarter(2025, 4), lambda said: None, english=True).folder


def rows(report: Path, name: str) -> list[dict[str, str]]:
    with (report / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_one_and_takes_what_it_is_given(name: str) -> None:
    known: Any = typer.main.get_command(app)
    found = list(commands(TEXTS[name]))
    assert {"init", "template", "check", "reserve", "verify", "explain"} <= {one.split()[1] for one in found}
    for command in found:
        given = words(command)
        if given[0] == "--workspace":
            given = given[2:]
        if given == ["--version"]:
            continue
        assert given[0] in known.commands, command
        if len(given) > 1 and "--help" not in given:
            known.commands[given[0]].make_context(given[0], given[1:])


def test_every_command_of_the_program_is_described() -> None:
    known: Any = typer.main.get_command(app)
    table = ENGLISH.split("\n## Commands")[1].split("\n## ")[0]
    assert set(known.commands) == set(re.findall(r"^\| `quota (\w+)", table, re.M))
    assert f"`quota_lib {__version__}`" in ENGLISH
    assert f"`quota_lib {__version__}`" in TEXTS["README.zh-CN.md"]


def test_the_two_commands_stand_as_they_are() -> None:
    assert tuple(line for line in ENGLISH.splitlines() if re.match(r" {4}pip install", line)) == THE_TWO


@pytest.mark.parametrize("name", NAMES)
def test_every_file_that_is_named_exists(name: str, report: Path) -> None:
    places = (ROOT, ROOT / "quota_lib", ROOT / "data", report, report.parents[1])
    found = list(paths(TEXTS[name]))
    assert len(found) > 10
    missing = [one for one in found if one not in EXAMPLES and not any((place / one).exists() for place in places)]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    text = TEXTS[name]
    headings = re.findall(r"^#{1,6} (.+)$", FENCE.sub("", text), re.M)
    anchors = {"".join(c for c in h.lower().replace(" ", "-") if c.isalnum() or c in "-_") for h in headings}
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif not target.startswith("https://"):
            assert (ROOT / target).is_file(), target


def test_the_picture_is_as_wide_as_a_page_and_not_heavy() -> None:
    content = (ROOT / "docs/report.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">I", content[16:20]) == (1280,)
    assert len(content) < 300_000
    assert all("(docs/report.png)" in text for text in TEXTS.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_code_and_clause_that_is_named_exists(name: str) -> None:
    text = FENCE.sub("", TEXTS[name])
    example = {"W590"}
    assert set(re.findall(r"\b[QW]\d{3}\b", text)) - example <= set(catalogue())
    assert set(re.findall(r"\b(?:SCOPE|REDUCE|RESERVE|TOTAL|SAFE|ANNEX|EFFECT)-\d[a-d]?\b", text)) <= set(CLAUSES)
    assert not example & set(catalogue())


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_a_problem_is_what_the_program_says(name: str) -> None:
    line = next(one for one in "".join(blocks(TEXTS[name], "text")).splitlines() if "错误 Q" in one)
    cell, said = re.fullmatch(r".+ › 减排量!([A-Z])4: 错误 Q203 (.+)", line).groups()  # type: ignore[union-attr]
    headings = [field.heading for field in sheets()["减排量"].fields]
    assert headings[ord(cell) - ord("A")] == "申报减排量"
    entry, given = catalogue()["Q203"], {"heading": "申报减排量", "value": "1.2吨", "unit": "t/a"}
    assert said == f"{entry.message.format(**given)} → {entry.fix.format(**given)}"


def test_the_parameters_of_the_examples_do_what_is_said() -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "parameters").glob("*.yaml")}
    line, ratio = (next(one for one in blocks(ENGLISH, "yaml") if one.startswith(key)) for key in ("NH3N", "sewage"))
    old = re.search(r"^NH3N:\n(?:  .*\n)+", texts["filing"], re.M)
    assert old
    assert line.startswith(old[0]), "the example shows the entry as it is, with one line more"
    texts["filing"] = texts["filing"].replace(old[0], line)
    texts["ratios"] += ratio
    rules = Rules(texts)
    assert rules.mass("filing.NH3N", date(2025, 12, 31)) == mass("0.1")
    assert rules.mass("filing.NH3N", date(2026, 1, 1)) == mass("0.2")
    industries = {one.key: one.industry for one in ratio_rules(rules, "NH3N", date(2026, 1, 1))}
    assert industries["ratios.sewage_water_met"] == ("462",)
    assert "ratios.sewage_water_met" not in {one.key for one in ratio_rules(rules, "NH3N", date(2025, 12, 31))}


def test_the_coefficient_of_the_example_counts_from_its_day_on() -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "parameters").glob("*.yaml")}
    new = next(one for one in blocks(ENGLISH, "yaml") if "包围型集气罩" in one).strip()
    old = next(one for one in texts["collection"].splitlines() if "包围型集气罩, factor" in one and '"50"' in one)
    own = [
        one for one in texts["collection"].splitlines() if "包围型集气罩, factor" in one and "since: 2026-01-01" in one
    ]
    for line in own:  # whoever followed the README has it already
        texts["collection"] = texts["collection"].replace(line + "\n", "")
    texts["collection"] = texts["collection"].replace(old, f"{old}\n{' ' * (len(old) - len(old.lstrip()))}{new}", 1)
    tables = Coefficients(texts)
    found = [
        tables.coefficient("collection", "包围型集气罩", "VOCS", "%", date(2025 + n, 12 - 11 * n, 31 - 30 * n))
        for n in (0, 1)
    ]
    assert [str(one.value) for one in found] == ["50", "40"]


def test_the_method_of_the_example_is_one_and_is_tried_on_the_demo_park(tmp_path: Path) -> None:
    code = next(one for one in blocks(ENGLISH, "python") if "@method(" in one)
    card, trial = (
        next(one for one in blocks(ENGLISH, "yaml") if word in one) for word in ("label: 溶剂回收", "title: 溶剂回收")
    )
    for name in ("parameters", "notebooks", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    cell = code.replace("quota_lib.methods.registry", "quota_lib.methods").replace(
        ")\ndef", f', card=r"""{card}""")\ndef'
    )
    path = tmp_path / "notebooks/try.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    next(one for one in notebook["cells"] if one["source"].startswith("# 试一种新的"))["source"] = cell
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "parameters/what_if/solvent.yaml").write_text(trial, encoding="utf-8")
    make_trial(Workspace(tmp_path), Quarter(2025, 4), "solvent", lambda said: None)
    page = (tmp_path / "reports/2025Q4/try/solvent.html").read_text(encoding="utf-8")
    row = next(line for line in page.split("<tr>") if "JP2025-053" in line and "0.602" in line)
    assert "0.630" in row or ">0.63" in row
    namespace: dict[str, Any] = {}
    own = METHODS.get("solvent_recovery")  # whoever followed the README has it already
    exec(cell, namespace)
    try:
        assert faults_of_examples("solvent_recovery", read_coefficients(None)) == []
    finally:
        withdraw("solvent_recovery")
        if own:
            METHODS["solvent_recovery"], LABELS["solvent_recovery"] = own, own.card.label


def test_the_readings_and_statuses_are_all_named() -> None:
    rules = Rules({path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "parameters").glob("*.yaml")})
    for one in rules.of("readings"):
        assert f"`{one.key}`" in ENGLISH
        assert f"`{one.history[0].value}`" in ENGLISH
        assert all(f"`{word}`" in ENGLISH for word in one.more["words"])
    assert all(f"| `{status}` | {label} |" in ENGLISH for status, label in STATUSES.items())


def test_the_finding_of_the_example_has_the_same_code_three_times() -> None:
    code = re.search(r'@finding\("(W\d+)"\)', ENGLISH)
    assert code
    parameter, message = (parse_yaml(one)[code[1]] for one in blocks(ENGLISH, "yaml") if one.startswith(code[1]))
    compile(next(one for one in blocks(ENGLISH, "python") if "@finding" in one), "README.md", "exec")
    assert set(parameter) == {"label", "level", "unit", "clause", "values"}
    assert set(message) == set(parse_yaml((ROOT / "quota_lib/problems.yaml").read_text(encoding="utf-8"))["W506"])


def test_the_entry_of_the_example_leads_to_its_cell(report: Path) -> None:
    entry = next(row for row in rows(report, "entries") if row["entry_id"] == "2025Q4-00006")
    file, _, cell = entry["source"].partition(" › ")
    sheet, _, address = cell.partition("!")
    assert (entry["zone"], entry["factor"], entry["amount"], entry["lot"]) == ("HX", "COD", "-0.72", "QC2023-HX")
    for text in TEXTS.values():
        assert "`2025Q4-00006`" in text
        assert f"`{entry['source']}`" in text
        assert entry["project"] in text
    assert entry["document"] in ENGLISH
    assert openpyxl.load_workbook(ROOT / "data" / file)[sheet][address].value == 0.72


def test_the_closing_balance_of_the_example_is_right(report: Path) -> None:
    balance = next(row for row in rows(report, "balances") if (row["zone"], row["factor"]) == ("XT", "SO2"))
    assert f"instead of {balance['closing']} t of SO2 in zone XT" in ENGLISH


def test_the_tables_of_record_are_all_named(report: Path) -> None:
    assert all(f"`tables/{path.name}`" in ENGLISH for path in (report / "tables").glob("*.csv"))


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    section = ENGLISH.split("\n## Dependencies")[1].split("\n## ")[0]
    for one in needed:
        name = re.split(r"[<>=\[ ]", one)[0]
        assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", section), name


def test_every_room_of_the_library_is_named() -> None:
    section = ENGLISH.split("\n## The library")[1].split("\n## ")[0]
    for path in (ROOT / "quota_lib").iterdir():
        if path.suffix == ".py" and path.stem != "__init__":
            assert f"`{path.name}`" in section, path.name
        elif path.is_dir() and (path / "__init__.py").exists():
            assert f"`{path.name}/`" in section, path.name


def test_the_changelog_says_of_each_version_which_figures_change() -> None:
    versions = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.M)[1:]
    assert versions[0].startswith(__version__)
    assert all("\nFigures change: " in one for one in versions)
