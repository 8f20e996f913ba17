"""Pages printed to PDF by a chromium that is there; without one the pages stay as they are, and that is said.

The same page printed by the same chromium with the same fonts gives the same bytes: the times that the
browser writes are replaced by the report's day.  Another version of it, or other fonts, may draw differently.
Source  contract §4 --pdf
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from quota_lib.report.atomic import whole

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
USUAL_PLACES = (  # where the installers of Windows and macOS put it, which is not on PATH
    "{ProgramFiles}/Google/Chrome/Application/chrome.exe",
    "{ProgramFiles(x86)}/Google/Chrome/Application/chrome.exe",
    "{LOCALAPPDATA}/Google/Chrome/Application/chrome.exe",
    "{ProgramFiles}/Microsoft/Edge/Application/msedge.exe",
    "{ProgramFiles(x86)}/Microsoft/Edge/Application/msedge.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
NO_BROWSER = (
    "没有生成 PDF：这台计算机上找不到 Chromium、Google Chrome 或 Microsoft Edge。安装其中一种"
    "（Debian、Ubuntu：apt install chromium）后加 --pdf 重新运行；也可用任何浏览器打开页面，打印为 PDF。其他文件已生成。"
)
SWITCHES = ("--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", "--disable-dev-shm-usage")
PATIENCE = 180  # seconds for one page
AT_ONCE = 4  # browsers
_DATE = re.compile(rb"(/(?:Creation|Mod)Date \(D:)\d{14}[+-]\d\d'\d\d'\)")
_ID = re.compile(rb"(/ID ?\[ ?<)([0-9A-Fa-f]+)(> ?<)([0-9A-Fa-f]+)>")
_LEADING_OUT = re.compile(r"(<a\b[^>]*?)\shref=\"(?!#|https?:)[^\"]*\"")
_STAMP = re.compile(rb"%quota_lib page sha256 ([0-9a-f]{64})\n\Z")


class NotPrinted(Exception):
    """A browser was there but gave no PDF; says what it said."""


def browser() -> str | None:
    """Return the chromium to print with, None if there is none."""
    on_path = (shutil.which(name) for name in NAMES)
    usual = (path for path in map(_filled, USUAL_PLACES) if path and os.access(path, os.X_OK))
    return next((path for path in (*on_path, *usual) if path), None)


def write_pdfs(pages: Sequence[Path], day: date, tell: Callable[[str], None]) -> str:
    """Print each page to a PDF beside it; return "" or one line that says what was not made, and why.

    ``day``: the day that the files bear as their date.
    """
    program = browser()
    if program is None:
        return NO_BROWSER
    failed: dict[str, list[str]] = {}
    with ThreadPoolExecutor(min(AT_ONCE, os.cpu_count() or 1)) as pool:
        for done, (page, trouble) in enumerate(pool.map(lambda page: _tried(program, page, day), pages), 1):
            tell(f"打印 PDF {done}/{len(pages)}")
            if trouble:
                failed.setdefault(trouble, []).append(page.with_suffix(".pdf").name)
    if not failed:
        return ""
    said = "；".join(f"{'、'.join(names)}（{trouble}）" for trouble, names in failed.items())
    return f"没有生成 PDF：{said}。所用浏览器是 {program}；其他文件已生成，也可用浏览器打开页面，打印为 PDF。"


def drop_outdated(folder: Path) -> None:
    """Take away each PDF that was printed here from a page that is no more, or no more the same."""
    for path in sorted(folder.rglob("*.pdf")):
        page, stamp = path.with_suffix(".html"), _STAMP.search(path.read_bytes())
        if stamp and not (page.is_file() and _digest(page.read_bytes()) == stamp[1]):
            path.unlink()


def fixed(pdf: bytes, page: bytes, day: date) -> bytes:
    """Return a printed PDF with the report's day as its times, and stamped with the page that it shows.

    Shape   nothing moves: what is replaced keeps its length, the stamp is a comment at the end.
    """
    digest, time = _digest(page), f"{day:%Y%m%d}000000+00'00')".encode()
    dated = _DATE.sub(lambda found: found[1] + time, pdf)
    named = _ID.sub(lambda found: found[1] + _cut(digest, found[2]) + found[3] + _cut(digest, found[4]) + b">", dated)
    return named + b"%%quota_lib page sha256 %s\n" % digest


def printable(html: str) -> str:
    """Return a page without its links to files beside it: on paper they would name a folder of this machine."""
    return _LEADING_OUT.sub(r"\1", html)


def _tried(program: str, page: Path, day: date) -> tuple[Path, str]:
    try:
        _print(program, page, day)
    except NotPrinted as fault:
        return page, str(fault)
    return page, ""


def _print(program: str, page: Path, day: date) -> None:
    content, target = page.read_bytes(), page.with_suffix(".pdf")
    if target.exists() and not _STAMP.search(target.read_bytes()):
        raise NotPrinted("已有同名文件，不是由本程序印出的或后来改过，没有覆盖")
    with tempfile.TemporaryDirectory(prefix="~pdf-", dir=page.parent, ignore_cleanup_errors=True) as name:
        place = Path(name).resolve()
        (place / "page.html").write_bytes(printable(content.decode("utf-8")).encode("utf-8"))
        _run([program, *SWITCHES, *_as_root(), f"--user-data-dir={place / 'profile'}"], place)
        made = place / "page.pdf"
        if not made.is_file() or not made.read_bytes().startswith(b"%PDF"):
            raise NotPrinted("浏览器没有写出文件")
        with whole(target) as there:
            there.write_bytes(fixed(made.read_bytes(), content, day))


def _run(command: list[str], place: Path) -> None:
    page = (place / "page.html").as_uri()
    try:
        done = subprocess.run(
            [*command, f"--print-to-pdf={place / 'page.pdf'}", page],
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotPrinted(f"浏览器 {PATIENCE} 秒内没有完成") from None
    except OSError as fault:
        raise NotPrinted(f"浏览器无法启动：{fault.strerror or fault}") from None
    if done.returncode:
        raise NotPrinted(f"浏览器以代码 {done.returncode} 结束")


def _as_root() -> tuple[str, ...]:
    """Return the switch without which chromium refuses to run as root."""
    return ("--no-sandbox",) if getattr(os, "geteuid", lambda: 1)() == 0 else ()


def _filled(place: str) -> str:
    """Return a usual place with the variables of the environment filled in, "" where one is not set."""
    names = re.findall(r"\{(.+?)\}", place)
    if not all(os.environ.get(name) for name in names):
        return ""
    return re.sub(r"\{(.+?)\}", lambda found: os.environ[found[1]], place)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _cut(digest: bytes, old: bytes) -> bytes:
    return (digest * (len(old) // len(digest) + 1))[: len(old)]
