"""The commands as people type them: exit codes, what goes to which stream, and one helpful line for every fault."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from quota_lib import cli
from quota_lib.problems import catalogue, split_cell
from tests.small_park import LATER, NOW, applied, paper
from tests.workspaces import ROOT, Ran, demo_workspace, quota, small_workspace, write_book, write_rows

KEYS = ["file", "sheet", "cell", "severity", "code", "message", "fix"]
LINE = re.compile(r"(?P<place>[^:]+): (错误|预警|提示) [QW]\d{3} .+ → .+")
COUNTS = re.compile(r"错误 \d+，预警 \d+，提示 \d+")
BAD = paper("指标储备", 储备量="1.2吨")


@pytest.fixture
def run(capsys):
    """Run a command in this process; it never ends in a traceback."""

    def run(*arguments: object) -> Ran:
        with pytest.raises(SystemExit) as left:
            cli.main([str(one) for one in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err and "panicked" not in said.err, said.err
        return Ran(left.value.code or 0, said.out, said.err)

    return run


@pytest.fixture
def place(tmp_path):
    return small_workspace(tmp_path / "园区")


@pytest.fixture
def bad_place(tmp_path):
    return small_workspace(tmp_path / "园区", BAD)


def one_line(ran, *words):
    """Return whether a command failed with exit code 2 and one line on standard error that holds the words."""
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    for word in words:
        assert word in ran.err


# ── exit codes ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_mistakes_a_check_ends_with_0_and_counts_none(place, run):
    assert run("--workspace", place, "check", NOW) == (0, "错误 0，预警 0，提示 0\n", "")


def test_warnings_do_not_change_the_exit_code(tmp_path, run):
    cells = {"确认方式": "审核", "核定新增外排环境量": "20"}
    place = small_workspace(tmp_path / "w", *applied(COD="20"), paper("总量核定", **cells))
    ran = run("--workspace", place, "check", NOW)
    assert ran.code == 0
    assert re.match(r"错误 0，预警 [1-9]", ran.lines[-1])


def test_an_error_ends_with_1(bad_place, run):
    ran = run("--workspace", bad_place, "check", NOW)
    assert ran.code == 1
    assert ran.lines[-1] == "错误 1，预警 0，提示 0"


def test_an_error_in_a_quarter_that_the_period_stands_on_ends_with_1(bad_place, run):
    write_rows(bad_place / "data" / LATER / "空.xlsx", {"指标储备": []})
    ran = run("--workspace", bad_place, "check", LATER)
    assert (ran.code, len(ran.lines)) == (1, 2)


def test_a_later_error_does_not_touch_an_earlier_quarter(bad_place, run):
    assert run("--workspace", bad_place, "check", "2025Q1").code == 0


@pytest.mark.parametrize(
    "arguments",
    [["chekc", NOW], ["check"], ["check", NOW, "--jason"], ["check", NOW, NOW], ["explain", NOW]],
)
def test_wrong_usage_ends_with_2_and_says_so_on_standard_error(place, run, arguments, monkeypatch):
    monkeypatch.chdir(place)
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: quota" in ran.err


def test_a_fault_of_the_program_ends_with_3_and_tells_whom_to_ask(place, run, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("quota_lib.checking.check_period", broken)
    ran = run("--workspace", place, "check", NOW)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("程序内部错误：ZeroDivisionError: division by zero\n")
    assert "维护者" in ran.err


def test_the_details_of_a_fault_are_shown_on_demand(place, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("quota_lib.checking.check_period", broken)
    monkeypatch.setenv("QUOTA_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main(["--workspace", str(place), "check", NOW])


def test_the_version_and_the_help_end_with_0(run):
    assert run("--version").out.startswith("quota_lib ")
    assert "check" in run("--help").out
    assert run("check", "--help").code == 0


# ── what a check prints ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_line_says_where_what_and_how_to_mend(place, run):
    headings = [
        "项目编号",
        "污染因子",
        "减排前许可排放量",
        "减排前实际排放量",
        "减排后许可排放量",
        "申报减排量",
        "核算方法",
    ]
    rows = [["减排量申报表"], ["填报单位：甲厂"], headings, ["J1", "SO2", 3, 2, 1, 1, "文件核定"]]
    rows.append(["J1", "COD", 3, 2, 1, "1.2吨", "文件核定"])
    write_book(place / "data" / NOW / "申报.xlsx", {"减排量": rows})
    ran = run("--workspace", place, "check", NOW)
    assert (
        ran.lines[0] == "2025Q2/申报.xlsx › 减排量!F5: 错误 Q203 申报减排量是文本“1.2吨” → 填数字，单位 t/a，例如 1.2"
    )
    assert ran.lines[1:] == ["错误 1，预警 0，提示 0"]


@pytest.fixture
def many(place):
    """Return a workspace with mistakes in several files, sheets, rows and columns, out of order."""
    wide = ["单号", "项目编号", "污染因子", "储备量", "储备日期"]
    below = [["CB", "J1", "COD", "约1", "昨天"]] + [[f"CB{n}", "J1", "COD", "约1", "2025-05-10"] for n in range(12)]
    write_book(place / "data" / NOW / "b.xlsx", {"指标储备": [wide, *below], "会议纪要": [["议题"]]})
    write_book(
        place / "data" / NOW / "a.xlsx", {"结存核对": [["功能区编码", "污染因子", "期末结存"], ["HX", "苯", None]]}
    )
    write_book(place / "data" / "2025Q1" / "z.xlsx", {"功能区": [["功能区编码", "功能区名称"], ["WB", None]]})
    (place / "data" / NOW / "说明.txt").write_text("x")
    (place / "data" / "旧数据").mkdir()
    return place


def test_the_problems_are_sorted_by_file_sheet_row_and_column_and_counted_last(many, run):
    ran = run("--workspace", many, "check", NOW)
    assert ran.code == 1
    assert all(LINE.fullmatch(line) for line in ran.lines[:-1])
    assert COUNTS.fullmatch(ran.lines[-1])
    places = [LINE.fullmatch(line)["place"] for line in ran.lines[:-1]]
    assert [one for one in places if "b.xlsx" not in one] == [
        "2025Q1/z.xlsx › 功能区!B2",
        "2025Q2/a.xlsx › 结存核对!B2",
        "2025Q2/a.xlsx › 结存核对!C2",
        "2025Q2/说明.txt",
        "旧数据",
    ]
    deposits = [one.split("!")[1] for one in places if "指标储备" in one]
    assert deposits == ["D2", "E2", *(f"D{row}" for row in range(3, 15))]
    assert places.index("2025Q2/b.xlsx › 会议纪要") < places.index("2025Q2/b.xlsx › 指标储备!D2")


def test_columns_beyond_z_come_after_it(place, run):
    headings = [*[""] * 24, "功能区编码", "污染因子", "期末结存"]  # Y, Z, AA
    write_book(place / "data" / NOW / "a.xlsx", {"结存核对": [headings, [*[None] * 24, "HX", "苯", "约"]]})
    ran = run("--workspace", place, "check", NOW)
    assert [line.split(": ")[0].split("!")[1] for line in ran.lines[:-1]] == ["Z2", "AA2"]


def test_json_is_a_list_of_objects_with_exactly_the_contracts_keys(many, run):
    listed = json.loads(run("--workspace", many, "check", NOW, "--json").out)
    lines = run("--workspace", many, "check", NOW).lines
    assert isinstance(listed, list) and len(listed) == len(lines) - 1
    assert all(list(one) == KEYS for one in listed)
    assert {one["severity"] for one in listed} == {"error", "info"}
    assert all(one["code"] in catalogue() for one in listed)
    assert listed[0] == {
        "file": "2025Q1/z.xlsx",
        "sheet": "功能区",
        "cell": "B2",
        "severity": "error",
        "code": "Q201",
        "message": "功能区名称为空",
        "fix": "填写；确为零的填 0",
    }


def test_json_without_problems_is_an_empty_list(place, run):
    assert run("--workspace", place, "check", NOW, "--json") == (0, "[]\n", "")


def test_the_exit_code_is_the_same_with_json(bad_place, run):
    assert run("--workspace", bad_place, "check", NOW, "--json").code == 1


def test_a_year_is_checked_by_its_own_folder(place, run):
    write_rows(place / "data/2024/年度.xlsx", {"环境质量": [{**paper("环境质量").row, "发布日期": None}]})
    ran = run("--workspace", place, "check", "2024")
    assert ran.code == 1
    assert ran.lines[0].startswith("2024/年度.xlsx › 环境质量!D2: 错误 Q305 ")


# ── periods and folders ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", [["check"], ["reserve"], ["verify"], ["explain"]])
@pytest.mark.parametrize("period", ["2025Q5", "二〇二五", "2025-Q1", "", "2025Q1 ", "../2025Q1", "2025Q"])
def test_what_is_no_period_gives_one_line_that_shows_how_to_write_one(place, run, command, period):
    more = ["HX", "COD"] if command == ["explain"] else []
    one_line(run("--workspace", place, *command, period, *more), f"“{period}”不是期间", "2025Q4", "2025Q1、2025Q2")


@pytest.mark.parametrize("command", ["check", "reserve", "verify"])
def test_a_period_without_a_folder_gives_one_line_that_lists_the_ones_there_are(place, run, command):
    one_line(run("--workspace", place, command, "2019Q1"), "data/2019Q1 不存在", "2025Q1、2025Q2")
    assert not (place / "reports" / "2019Q1").exists()


def test_a_year_where_a_quarter_is_due_gives_one_line(place, run):
    write_rows(place / "data/2024/年度.xlsx", {"环境质量": []})
    one_line(run("--workspace", place, "reserve", "2024"), "2024Q4")


@pytest.mark.parametrize("command", ["check", "reserve", "verify"])
def test_a_folder_that_is_no_workspace_gives_one_line_and_is_left_alone(tmp_path, run, command):
    one_line(run("--workspace", tmp_path, command, NOW), str(tmp_path), "quota init")
    one_line(run("--workspace", tmp_path / "nirgends", command, NOW), "quota init")
    assert list(tmp_path.iterdir()) == []


def test_a_verification_without_a_report_gives_one_line_that_says_how_to_make_one(place, run):
    one_line(run("--workspace", place, "verify", NOW), "reports/2025Q2", "quota reserve 2025Q2")


def test_an_empty_folder_is_an_error_with_advice(place, run):
    (place / "data" / LATER).mkdir()
    ran = run("--workspace", place, "check", LATER)
    assert ran.code == 1
    assert ran.lines == [
        f"2025Q3: 错误 Q106 {catalogue()['Q106'].message} → {catalogue()['Q106'].fix}",
        "错误 1，预警 0，提示 0",
    ]


def test_a_blank_template_is_a_quarter_without_business(place, run):
    (place / "data" / LATER).mkdir()
    ran = run("--workspace", place, "template", LATER, "-o", place / "data" / LATER / "模板.xlsx")
    assert ran.code == 0
    ran = run("--workspace", place, "check", LATER)
    assert (ran.code, ran.lines) == (0, ["错误 0，预警 0，提示 0"])


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("说明.txt", "2025Q2/说明.txt: 提示 Q104"),
        ("证照/", "2025Q2/证照: 提示 Q105"),
        ("monitoring/", "2025Q2/monitoring: 提示 Q105"),
        ("旧表.xls", "2025Q2/旧表.xls: 错误 Q103"),
        ("宏.xlsm", "2025Q2/宏.xlsm: 错误 Q103"),
        ("表.et", "2025Q2/表.et: 错误 Q103"),
        ("表.csv", "2025Q2/表.csv: 错误 Q103"),
        ("../备份/", "备份: 提示 Q105"),
        ("../说明.docx", "说明.docx: 提示 Q105"),
        ("~$all.xlsx", None),
        (".~all.xlsx", None),
        ("../ledger/", None),
    ],
)
def test_what_is_no_workbook_is_reported_and_lock_files_are_passed_over(place, run, name, line):
    stray = place / "data" / NOW / name
    stray.mkdir() if name.endswith("/") else stray.write_bytes(b"x")
    ran = run("--workspace", place, "check", NOW)
    assert [one.startswith(line) for one in ran.lines[:-1]] == ([True] if line else [])
    assert ran.code == (1 if line and "错误" in line else 0)


def test_a_sheet_in_the_wrong_folder_is_an_error(place, run):
    write_rows(place / "data" / NOW / "年度.xlsx", {"总量复核": [paper("总量复核").row]})
    ran = run("--workspace", place, "check", NOW)
    assert ran.lines[0].startswith("2025Q2/年度.xlsx › 总量复核: 错误 Q109 ")
    assert (ran.code, len(ran.lines)) == (1, 2)


# ── files that cannot be read ────────────────────────────────────────────────────────────────────────────────────

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def spoilt(how, whole):
    """Return the bytes of a workbook that something happened to."""
    match how:
        case "empty":
            return b""
        case "noise":
            return bytes(range(256)) * 20
        case "half":
            return whole[: len(whole) // 2]
        case "nearly whole":
            return whole[:-1]
        case "zeros":
            return whole[:400] + bytes(len(whole) - 400)
        case "locked":
            return OLD + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
        case "old":
            return OLD + bytes(600) + "Workbook".encode("utf-16-le") + bytes(600)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("empty", "Q101"),
        ("noise", "Q101"),
        ("half", "Q101"),
        ("nearly whole", "Q101"),
        ("zeros", "Q101"),
        ("locked", "Q102"),
        ("old", "Q103"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_error_and_the_others_are_read(tmp_path, run, how, code):
    place = small_workspace(tmp_path / "w")
    lost = place / "data" / NOW / "bad.xlsx"
    write_rows(lost, {"减排项目": [paper("减排项目").row]})
    lost.write_bytes(spoilt(how, lost.read_bytes()))
    write_rows(place / "data" / NOW / "more.xlsx", {"入库审核": [paper("入库审核", 项目编号="J9").row]})
    ran = run("--workspace", place, "check", NOW)
    assert [line.split(" ")[0:3:2] for line in ran.lines[:1]] == [["2025Q2/bad.xlsx:", code]]
    assert ran.lines[1].startswith("2025Q2/more.xlsx › 入库审核!A2: 提示 Q311 ")  # perhaps it stands in the lost file
    assert ran.lines[2:] == ["错误 1，预警 0，提示 1"]
    assert ran.code == 1


def test_a_zip_that_is_no_workbook_is_one_error(place, run):
    with zipfile.ZipFile(place / "data" / NOW / "文档.xlsx", "w") as package:
        package.writestr("word/document.xml", "<w/>")
    assert run("--workspace", place, "check", NOW).lines[0].startswith("2025Q2/文档.xlsx: 错误 Q101 ")


def test_a_damaged_sheet_in_a_sound_package_is_one_error(place, run):
    path = place / "data" / NOW / "bad.xlsx"
    write_rows(path, {"功能区": [paper("功能区").row]})
    parts = {name: zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part[: len(part) // 2] if "sheet1.xml" in name else part)
    ran = run("--workspace", place, "check", NOW)
    assert [line.split(" ")[0] for line in ran.lines[:-1]] == ["2025Q2/bad.xlsx"]
    assert (ran.code, "Q101" in ran.lines[0]) == (1, True)


def test_a_workbook_cut_anywhere_never_stops_the_program(place, run):
    path = place / "data" / NOW / "bad.xlsx"
    write_rows(path, {"功能区": [paper("功能区").row]})
    whole = path.read_bytes()
    for part in range(1, 20):
        path.write_bytes(whole[: len(whole) * part // 20])
        assert run("--workspace", place, "check", NOW).code == 1


def held(name):
    """Return a function of the disk that is refused where another program holds a file of that name open."""

    def refuse(*places, **_):
        source, *target = (str(one) for one in places if isinstance(one, (str, Path)))
        if [source, *target][-1].endswith(name):
            raise PermissionError(13, "Permission denied", source, None, *target)

    return refuse


@pytest.mark.parametrize("way", ["read_bytes", "open"])
def test_a_workbook_that_another_program_holds_gives_one_line_that_names_it(place, run, monkeypatch, way):
    real, refuse = getattr(Path, way), held("all.xlsx")
    monkeypatch.setattr(Path, way, lambda path, *more, **named: (refuse(path), real(path, *more, **named))[1])
    one_line(run("--workspace", place, "check", NOW), "all.xlsx", "WPS", "关闭")


def test_a_template_that_another_program_holds_gives_one_line_that_names_it(place, run, monkeypatch):
    monkeypatch.setattr(Path, "write_bytes", held("模板.xlsx"))
    one_line(run("--workspace", place, "template", "2025Q4", "-o", place / "模板.xlsx"), "模板.xlsx", "WPS", "关闭")


def test_a_report_that_another_program_holds_gives_one_line_that_names_it_and_leaves_no_half_of_a_file(
    place, run, monkeypatch
):
    old = place / "reports" / NOW / "reserve.xlsx"
    old.parent.mkdir()
    old.write_bytes(b"old")
    real, refuse = os.replace, held("reports/2025Q2/reserve.xlsx")
    monkeypatch.setattr(os, "replace", lambda *places: (refuse(*places), real(*places))[1])
    one_line(run("--workspace", place, "reserve", NOW), "reports/2025Q2/reserve.xlsx", "WPS", "关闭")
    assert old.read_bytes() == b"old"
    assert [path.name for path in (place / "reports").rglob("*") if path.name.startswith(".~")] == []


# ── parameters ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        (
            "filing",
            lambda text: text.replace("  unit: t/a\n", "  unit: t/a\n  einheit: t/a\n", 1),
            ["filing.PM", "einheit"],
        ),
        ("filing", lambda text: text.replace('{value: "1", ', "{", 1), ["filing.PM 2021-01-01", "'value'"]),
        ("filing", lambda text: text.replace("  clause: RESERVE-2b\n", "", 1), ["filing.PM", "'clause'"]),
        ("filing", lambda text: "PM: [1, 2\n" + text, ["filing.yaml", "line"]),
        ("filing", lambda text: text + text, ["filing.yaml", "'PM'"]),
        ("filing", lambda text: text.replace("2021-01-01", "2030-01-01"), ["filing.", "2025-", "2030-01-01"]),
        ("filing", lambda text: text.replace("2021-01-01", "1.1.2021", 1), ["filing.PM", "1.1.2021"]),
        ("filing", lambda text: text.replace("status: draft", "status: done", 1), ["filing.PM", "done"]),
        ("filing", lambda text: text.replace('value: "0.1"', 'value: "0,1"'), ["filing.NH3N", "0,1"]),
        ("filing", lambda text: "", ["filing.yaml"]),
        ("filing", lambda text: "- PM\n- SO2\n", ["filing.yaml"]),
        ("filing", lambda text: "PM: 1\n", ["filing.PM"]),
        ("scope", lambda text: text.replace('value: "2021-01-01"', 'value: "soon"'), ["scope.start", "soon"]),
        ("scope", lambda text: text.replace('value: "2021-01-01"', "value: null"), ["scope.start", "null"]),
        ("ratios", lambda text: text.replace('value: "1.1"', 'value: "elf"'), ["ratios.nutrients_met", "elf"]),
        ("ratios", lambda text: text.replace('value: "1.1"', 'value: "1/0"'), ["ratios.nutrients_met", "1/0"]),
        ("recovery", lambda text: text.replace('"4/5"', '"80%"'), ["recovery.actual_below", "80%"]),
        ("factors", lambda text: text.replace("medium: 水, ", "", 1), ["factors.COD", "medium"]),
        ("factors", lambda text: text.replace('decimals: "4"', 'decimals: "vier"', 1), ["factors.PM", "vier"]),
        ("warnings", lambda text: text.replace('value: "2"', 'value: "zwei"'), ["warnings.W505", "zwei"]),
    ],
)
def test_a_broken_parameter_file_gives_one_line_that_names_what_is_wrong(place, run, name, change, words):
    path = place / "parameters" / f"{name}.yaml"
    before = path.read_text(encoding="utf-8")
    assert change(before) != before
    path.write_text(change(before), encoding="utf-8")
    rows = {"指标回收": [{**paper("指标回收").row, "回收原因": "富余"}]} if name == "recovery" else {}
    if rows:
        _with_surplus(place)
    ran = run("--workspace", place, "check", "2026Q2" if rows else NOW)
    one_line(ran, "参数有误：", *words)


def _with_surplus(place):
    """Hand in what a 富余 rests on, so that the line of 80 % is asked for."""
    running = {**paper("项目状态").row, "状态": "正式运行", "状态日期": "2025-01-01"}
    write_rows(place / "data/2025Q1/状态.xlsx", {"项目状态": [running]})
    figure = {**paper("总量复核").row, "年度": 2025, "复核日期": "2026-05-10"}
    write_rows(place / "data/2025/年度.xlsx", {"总量复核": [figure]})
    taken = {**paper("指标回收").row, "回收原因": "富余", "回收日期": "2026-05-10"}
    write_rows(place / "data/2026Q2/回收.xlsx", {"指标回收": [taken]})


def test_a_parameter_file_that_is_not_utf8_gives_one_line_that_names_it(place, run):
    path = place / "parameters" / "filing.yaml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    one_line(run("--workspace", place, "check", NOW), "参数有误：", "filing.yaml", "UTF-8")


def test_a_parameter_file_saved_by_notepad_is_read(place, run):
    for path in (place / "parameters").rglob("*.yaml"):
        path.write_text("\ufeff" + path.read_text(encoding="utf-8"), encoding="utf-8", newline="\r\n")
    assert run("--workspace", place, "check", NOW).code == 0


@pytest.mark.parametrize("name", ["filing", "scope", "ratios", "warnings", "factors", "readings", "recovery"])
def test_a_parameter_file_that_is_gone_is_missed(place, run, name):
    (place / "parameters" / f"{name}.yaml").unlink()
    ran = run("--workspace", place, "check", NOW)
    assert ran.code in (1, 2)
    assert ran.code == 1 or (len(ran.err.splitlines()) == 1 and ran.err.startswith("参数有误："))


def test_a_report_on_broken_parameters_leaves_the_earlier_one_alone(place, run):
    (place / "reports" / NOW).mkdir()
    (place / "reports" / NOW / "reserve.html").write_text("einst")
    (place / "parameters" / "filing.yaml").write_text("PM: 1\n", encoding="utf-8")
    one_line(run("--workspace", place, "reserve", NOW), "参数有误：")
    assert [path.name for path in (place / "reports").rglob("*")] == [NOW, "reserve.html"]


# ── text on every system ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONIOENCODING": "gbk"}]
)
def test_text_goes_out_as_utf8_whatever_the_system_prefers(bad_place, environment):
    line = "2025Q2/all.xlsx › 指标储备!D2: 错误 Q203 储备量是文本“1.2吨” → 填数字，单位 t/a，例如 1.2"
    ran = quota(bad_place, "check", NOW, **environment)
    assert (ran.code, ran.lines) == (1, [line, "错误 1，预警 0，提示 0"])
    assert json.loads(quota(bad_place, "check", NOW, "--json", **environment).out)[0]["sheet"] == "指标储备"
    assert "不是期间" in quota(bad_place, "check", "甲", **environment).err


def test_results_go_to_standard_output_and_nothing_else_does(bad_place):
    assert quota(bad_place, "check", NOW).err == ""


# ── init ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def contents(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_init_lays_out_a_workspace_with_the_packaged_parameters_and_notebooks(tmp_path, run):
    root = tmp_path / "新园区"
    ran = run("init", root)
    assert (ran.code, ran.err) == (0, "")
    assert sorted(path.name for path in root.iterdir()) == ["data", "notebooks", "parameters", "reports"]
    ours = [*(ROOT / "parameters").rglob("*.yaml"), *(ROOT / "notebooks").glob("*.ipynb")]
    assert contents(root) == {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in ours}


def test_init_into_an_empty_folder_is_init(tmp_path, run):
    assert run("init", tmp_path).code == 0


@pytest.mark.parametrize("name", ["账本.docx", "src/main.c", ".git/HEAD"])
def test_init_refuses_a_folder_with_other_content_and_touches_nothing(tmp_path, run, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"x")
    one_line(run("init", tmp_path), str(tmp_path), "空的文件夹")
    assert contents(tmp_path) == {name: b"x"}


def test_init_refuses_a_file(tmp_path, run):
    (tmp_path / "a").write_bytes(b"x")
    one_line(run("init", tmp_path / "a"), str(tmp_path / "a"))


def test_init_again_keeps_what_was_edited_and_brings_back_what_is_missing(place, run):
    edited = place / "parameters" / "filing.yaml"
    edited.write_text(edited.read_text(encoding="utf-8") + "# ours\n", encoding="utf-8")
    (place / "notebooks" / "reserve.ipynb").write_text("ours")
    before = contents(place)
    (place / "parameters" / "scope.yaml").unlink()
    assert run("init", place).code == 0
    assert contents(place) == before


# ── template, explain ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("period", "has", "lacks"),
    [
        (["2025Q4"], {"减排量", "总量核定", "结存核对", "环境质量"}, {"总量复核", "总量申报", "手工监测"}),
        (["2025"], {"总量复核", "总量申报", "环境质量"}, {"减排量", "总量核定", "结存核对"}),
        ([], {"减排量", "总量核定", "总量复核", "总量申报"}, set()),
    ],
)
def test_a_template_holds_the_sheets_that_fit_its_period(place, run, period, has, lacks):
    path = place / "表 格.xlsx"
    ran = run("--workspace", place, "template", *period, "-o", path)
    assert (ran.code, ran.lines, ran.err) == (0, [str(path)], "")
    titles = set(openpyxl.load_workbook(path).sheetnames)
    assert has <= titles and not lacks & titles


def test_a_template_needs_no_workspace_and_is_named_after_its_period(tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("template", "2025Q4").lines == ["填报模板-2025Q4.xlsx"]
    assert (tmp_path / "填报模板-2025Q4.xlsx").is_file()


def test_a_template_for_no_period_gives_one_line_and_no_file(tmp_path, run):
    one_line(run("--workspace", tmp_path, "template", "2025Q7", "-o", tmp_path / "a.xlsx"), "“2025Q7”不是期间")
    assert list(tmp_path.iterdir()) == []


def test_an_explanation_leads_from_the_balance_to_the_cells(place, run):
    ran = run("--workspace", place, "explain", NOW, "HX", "化学需氧量")
    assert ran.code == 0
    assert "期末 11.5 = 期初 11.5 " in ran.out
    for cell in ("2025Q1/all.xlsx › 期初结存!D2", "2025Q1/all.xlsx › 指标储备!D2", "2025Q1/all.xlsx › 总量核定!G2"):
        assert cell in ran.out


def test_an_explanation_of_what_does_not_exist_gives_one_line_that_says_what_does(place, run):
    one_line(run("--workspace", place, "explain", NOW, "HQ", "COD"), "“HQ”", "HD、HX")
    one_line(run("--workspace", place, "explain", NOW, "HX", "苯"), "“苯”", "NH3N")


# ── the usual mistakes ───────────────────────────────────────────────────────────────────────────────────────────

EXPECTED = {
    "上级储备": "F2 Q423, G3 Q421, G4 Q305",
    "会议纪要": "Q107",
    "佐证材料": "A1 Q111",
    "入库审核": "E2 Q305, D3 Q305, G4 Q327, A5 Q311",
    "冲正": "B2 Q310, B3 Q441, B4 Q440",
    "减排清单": "A1 Q111",
    "减排量": "C2 Q203, C3 Q203, C4 Q203, C5 Q202, C6 Q209, C7 Q206, C8 Q207, C9 Q201, C10 Q204, C11 Q205, C12 Q208, "
    "B13 Q213, D14 Q221, A17 Q321, A18 Q311",
    "减排量占用": "E2 Q401, F3 Q305",
    "减排项日": "Q108",
    "减排项目": "H4 Q220, I5 Q301, H6 Q302, H7 Q303, C8 Q310, E9 Q212, H10 Q210, I11 Q201",
    "功能区调剂": "F2 Q412, D3 Q413, B4 Q220",
    "建设项目": "C9 Q310",
    "总量核定": "C2 Q406, E3 Q305, H4 Q411, G5 Q310, B7 Q404, J8 Q403, A9 Q310, I10 Q327",
    "总量申请": "F3 Q402",
    "指标储备": "D2 Q401, A3 Q322, D4 Q218",
    "指标回收": "E2 Q431, D3 Q432, C4 Q430",
    "排污单位": "A3 Q214, A4 Q214, C5 Q310, E6 Q212, B7 Q201",
    "期初结存": "A2 Q308",
    "环境质量": "C2 Q212, A3 Q217",
    "结存核对": "C2 Q451",
    "项目状态": "A1 Q111",
}
HINTS = {"Q107", "Q311", "Q451"}


@pytest.fixture(scope="module")
def mistaken(tmp_path_factory):
    """Return the demo park with the workbook of mistakes in its last quarter, and what its report said."""
    place = demo_workspace(tmp_path_factory.mktemp("mistakes"))
    shutil.copyfile(ROOT / "tests/demo/常见错误.xlsx", place / "data/2025Q4/常见错误.xlsx")
    return place, quota(place, "reserve", "2025Q4")


def test_every_usual_mistake_is_one_complaint_at_its_cell(mistaken):
    place, _ = mistaken
    ran = quota(place, "check", "2025Q4", "--json")
    assert ran.code == 1
    found = [one for one in json.loads(ran.out) if one["code"].startswith("Q")]
    told = {}
    for one in found:
        if one["file"] == "2025Q4/常见错误.xlsx":
            told.setdefault(one["sheet"], []).append(f"{one['cell']} {one['code']}".strip())
            assert one["severity"] == ("info" if one["code"] in HINTS else "error")
    assert {sheet: ", ".join(cells) for sheet, cells in told.items()} == EXPECTED
    assert [one for one in found if one["severity"] == "error" and "常见错误" not in one["file"]] == []


def test_the_mistakes_of_the_list_are_the_ones_that_are_marked_in_it():
    text = (ROOT / "tests/demo/mistakes.txt").read_text(encoding="utf-8")
    marked = {}
    for part in text.split("\n# ")[1:]:
        title, _, *rows = part.splitlines()
        marked[title] = {n for n, row in enumerate((row for row in rows if row), start=2) if "~" in row}
    rows = {sheet: {split_cell(one.split(" ")[0])[1] for one in told.split(", ")} for sheet, told in EXPECTED.items()}
    whole = {"会议纪要", "佐证材料", "减排清单", "减排项日", "项目状态"}  # sheets that cannot be read, or are unknown
    cells = {sheet: found for sheet, found in rows.items() if sheet not in whole}
    alike = {"减排量": {3, 7, 10}}  # 约2 as 1.2吨, -0.5 and TRUE: they speak for themselves
    assert cells == {s: found | alike.get(s, set()) for s, found in marked.items() if s not in whole and found}


def test_a_report_on_mistakes_is_made_and_marked_as_a_first_one_with_errors_and_lists_them(mistaken):
    place, ran = mistaken
    assert (ran.code, ran.err) == (1, "")
    assert "（初报·有错误）" in ran.out and "错误 64" in ran.out
    page = (place / "reports/2025Q4/reserve.html").read_text(encoding="utf-8")
    assert page.index("初报·有错误") < page.index("各功能区")
    assert "申报减排量是文本“1.2吨”" in page and "减排量!C2" in page.replace(" ", "")
    problems = (place / "reports/2025Q4/tables/problems.csv").read_text(encoding="utf-8-sig")
    assert problems.count(",error,") == 64


def test_mistakes_do_not_move_what_has_nothing_to_do_with_them(mistaken):
    place, _ = mistaken
    clean = demo_workspace(place.parent / f"{place.name}-clean")
    ledgers = [quota(one, "explain", "2025Q4", "XT", "COD").out for one in (place, clean)]
    assert ledgers[0] == ledgers[1] != ""


def test_a_faulty_card_gives_one_line_that_names_it(tmp_path):
    shutil.copytree(ROOT / "quota_lib", tmp_path / "quota_lib", ignore=shutil.ignore_patterns("__pycache__"))
    card = tmp_path / "quota_lib" / "methods" / "closure.yaml"
    card.write_text(card.read_text(encoding="utf-8").replace("inputs:", "input:", 1), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from quota_lib.cli import main; main()", "methods"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "closure" in done.stderr and "quota_lib/methods/" in done.stderr
