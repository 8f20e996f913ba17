"""Pages as PDF: the same bytes twice, never over a file of others, and one clear line where it cannot be done."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pypdf
import pytest

from quota_lib.report import pdf
from quota_lib.report.pdf import NO_BROWSER, browser, drop_outdated, fixed, printable, write_pdfs
from tests.small_park import NOW, applied, paper
from tests.tools import missing
from tests.workspaces import quota, small_workspace

DAY = date(2025, 6, 30)
PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>报告</title>
<style>@page{size:A4;margin:20mm}</style></head><body><h1>报告 2025Q2</h1><a href="../index.html">索引</a>
<a href="#x">下</a><p id="x">末</p></body></html>"""
MADE = b"%PDF-1.4\n/CreationDate (D:20260101101112+00'00')\n/ModDate (D:20260101101112+08'00')>>\ntrailer<<>>\n%%EOF\n"


def silent(words: str) -> None:
    pass


def page(folder: Path, name: str = "a.html") -> Path:
    path = folder / name
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def chrome():
    if browser() is None:
        missing("a chromium")


def stand_in(monkeypatch, script: str) -> None:
    """Put in the browser's place a line of Python that is run with the same arguments; OUT is where the PDF is wanted."""
    head = "import sys\nOUT = next(a[15:] for a in sys.argv if a.startswith('--print-to-pdf='))\n"
    run = subprocess.run
    monkeypatch.setattr(pdf, "browser", lambda: "browser")
    monkeypatch.setattr(
        pdf.subprocess, "run", lambda command, **more: run([sys.executable, "-c", head + script, *command[1:]], **more)
    )


@pytest.mark.usefixtures("chrome")
def test_a_page_is_printed_on_a4_with_the_reports_day_and_the_same_bytes_twice(tmp_path):
    one = page(tmp_path)
    assert write_pdfs([one], DAY, silent) == ""
    made = tmp_path / "a.pdf"
    first = made.read_bytes()
    other = tmp_path / "elsewhere"
    other.mkdir()
    assert write_pdfs([one, page(other)], DAY, silent) == ""
    assert made.read_bytes() == first == (other / "a.pdf").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "a.pdf", "elsewhere"]
    book = pypdf.PdfReader(made)
    assert "报告 2025Q2" in book.pages[0].extract_text()
    assert [round(float(one)) for one in book.pages[0].mediabox[2:]] == [595, 842]
    assert book.metadata["/CreationDate"] == book.metadata["/ModDate"] == "D:20250630000000+00'00'"
    assert b"file:" not in first and str(tmp_path).encode() not in first


@pytest.mark.usefixtures("chrome")
def test_the_command_prints_each_page_and_the_index_names_it(tmp_path):
    root = small_workspace(tmp_path / "w", *applied(), paper("总量核定"))
    ran = quota(root, "reserve", NOW, "--pdf")
    assert (ran.code, ran.err) == (0, "")
    folder = root / "reports" / NOW
    pages = {path.relative_to(folder).with_suffix("") for path in folder.rglob("*.html")}
    assert {path.relative_to(folder).with_suffix("") for path in folder.rglob("*.pdf")} == pages
    assert {Path("reserve"), Path("workpapers"), Path("annex1/X9")} <= pages
    assert f'href="{NOW}/reserve.pdf"' in (root / "reports/index.html").read_text(encoding="utf-8")
    assert quota(root, "verify", NOW).code == 0
    before = {path: path.read_bytes() for path in folder.rglob("*.pdf")}
    assert quota(root, "reserve", NOW).code == 0  # without --pdf: the pages are the same, so their PDFs stay
    assert {path: path.read_bytes() for path in folder.rglob("*.pdf")} == before


def test_without_a_browser_one_line_says_so_and_everything_else_is_made(tmp_path, monkeypatch, capsys):
    from quota_lib.cli import main

    root = small_workspace(tmp_path / "w", paper("指标储备", 储备量="1.2吨"))
    monkeypatch.setattr(pdf, "browser", lambda: None)
    with pytest.raises(SystemExit) as ended:
        main(["--workspace", str(root), "reserve", NOW, "--pdf"])
    said = capsys.readouterr()
    assert ended.value.code == 1  # the data have an error; the missing browser changes nothing
    assert said.err == NO_BROWSER + "\n" and len(said.out.splitlines()) == 1
    assert (root / "reports" / NOW / "reserve.html").is_file() and (root / "reports/index.html").is_file()
    assert not list(root.rglob("*.pdf"))


def test_the_first_browser_on_the_path_is_taken_else_one_in_its_usual_place(tmp_path, monkeypatch):
    monkeypatch.setattr(
        pdf.shutil, "which", lambda name: f"/bin/{name}" if name in ("msedge", "google-chrome") else None
    )
    assert browser() == "/bin/google-chrome"
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    monkeypatch.setattr(pdf, "USUAL_PLACES", ("{NOWHERE}/chrome.exe", "{ProgramFiles(x86)}/Edge/msedge.exe"))
    monkeypatch.delenv("NOWHERE", raising=False)
    monkeypatch.setenv("ProgramFiles(x86)", str(tmp_path))
    assert browser() is None
    (tmp_path / "Edge").mkdir()
    (tmp_path / "Edge/msedge.exe").write_text("")
    (tmp_path / "Edge/msedge.exe").chmod(0o755)
    assert browser() == f"{tmp_path}/Edge/msedge.exe"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("sys.exit(7)", "浏览器以代码 7 结束"),
        ("pass", "浏览器没有写出文件"),
        ("open(OUT, 'wb').write(b'no')", "浏览器没有写出文件"),
    ],
)
def test_a_browser_that_fails_is_said_with_the_files_that_are_missing(tmp_path, monkeypatch, script, said):
    stand_in(monkeypatch, script)
    line = write_pdfs([page(tmp_path), page(tmp_path, "b.html")], DAY, silent)
    assert f"没有生成 PDF：a.pdf、b.pdf（{said}）" in line and "\n" not in line
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]


def test_a_browser_that_cannot_be_started_or_does_not_end_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "browser", lambda: str(tmp_path / "none"))
    assert "浏览器无法启动" in write_pdfs([page(tmp_path)], DAY, silent)
    monkeypatch.setattr(pdf, "PATIENCE", 1)
    stand_in(monkeypatch, "import time; time.sleep(30)")
    assert "1 秒内没有完成" in write_pdfs([page(tmp_path)], DAY, silent)


def test_the_times_become_the_reports_day_and_nothing_moves():
    made = fixed(MADE, PAGE.encode(), DAY)
    assert made.count(b"(D:20250630000000+00'00')") == 2 and b"2026" not in made
    assert made.index(b"%%EOF") == MADE.index(b"%%EOF")
    assert re.search(rb"%%EOF\n%quota_lib page sha256 [0-9a-f]{64}\n\Z", made)


def test_a_random_id_becomes_one_of_the_page():
    first = fixed(b"/ID [<" + b"A1" * 16 + b"> <" + b"B2" * 16 + b">]", b"page", DAY)
    second = fixed(b"/ID [<" + b"C3" * 16 + b"> <" + b"D4" * 16 + b">]", b"page", DAY)
    assert first == second != fixed(b"/ID [<" + b"A1" * 16 + b"> <" + b"B2" * 16 + b">]", b"other", DAY)


def test_a_printed_page_is_dropped_when_its_page_changes_or_goes_and_no_file_of_others_is(tmp_path):
    pages = [page(tmp_path, f"{name}.html") for name in ("same", "changed", "gone", "signed")]
    for one in pages:
        one.with_suffix(".pdf").write_bytes(fixed(MADE, one.read_bytes(), DAY))
    with pages[3].with_suffix(".pdf").open("ab") as file:
        file.write(b"% signed\n")
    (tmp_path / "签字.pdf").write_bytes(MADE)
    pages[1].write_text("x")
    pages[2].unlink()
    pages[3].write_text("x")
    drop_outdated(tmp_path)
    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == ["same.pdf", "signed.pdf", "签字.pdf"]


def test_a_pdf_of_others_is_not_written_over(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "browser", lambda: "/bin/false")
    one = page(tmp_path)
    one.with_suffix(".pdf").write_bytes(MADE)
    assert "没有覆盖" in write_pdfs([one], DAY, silent)
    assert one.with_suffix(".pdf").read_bytes() == MADE


def test_links_to_files_beside_the_page_are_left_out_on_paper_and_others_stay():
    page = '<a class="k" href="../x.html">a</a><a href="#b">b</a><a href="https://example.org">c</a>'
    assert printable(page) == '<a class="k">a</a><a href="#b">b</a><a href="https://example.org">c</a>'
