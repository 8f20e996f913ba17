"""The documents that are made from the program's own data, so that they cannot disagree with it."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from quota_lib.allowable import describe_all
from quota_lib.coverage import clause_coverage
from quota_lib.methods import method_cards
from quota_lib.problems import SEVERITIES, Entry, catalogue
from quota_lib.schema.dictionary import data_dictionary, table
from quota_lib.workspace import read_coefficients, read_rules

GENERATED = "<!-- 由程序生成，请勿手改：python -m quota_lib.documentation -->"
LATEST = date(9999, 12, 31)  # the parameters that hold last
GROUPS = {
    "Q1": "文件和工作表",
    "Q2": "单元格",
    "Q3": "行、单据和名称",
    "Q4": "台账",
    "Q6": "年度与小时数据",
    "W5": "报告中的发现",
}
_BLANKS = {
    "heading": "〔列名〕",
    "value": "〔所填内容〕",
    "other": "〔另一处〕",
    "zone": "〔功能区〕",
    "factor": "〔因子〕",
    "project": "〔项目〕",
    "unit": "〔单位〕",
    "lot": "〔批次〕",
    "document": "〔单据〕",
    "original": "〔原单据〕",
    "year": "〔年份〕",
    "day": "〔日期〕",
}


def error_catalogue() -> str:
    """Return every code that ``quota check`` may print, in Markdown, grouped by what it is about."""
    parts = [
        "# 错误代码",
        GENERATED,
        "代码固定不变，一个代码只有一个意思。错误：所在的行不入账；预警：需要有人看；提示：无须处理或仅供参考。",
    ]
    for prefix, title in GROUPS.items():
        rows = [_row(code, entry) for code, entry in sorted(catalogue().items()) if code.startswith(prefix)]
        parts += [f"## {prefix} {title}", table(("代码", "级别", "内容", "怎样改", "依据"), rows)]
    return "\n\n".join(parts) + "\n"


def _row(code: str, entry: Entry) -> tuple[str, ...]:
    return (code, SEVERITIES[entry.severity], _blanked(entry.message), _blanked(entry.fix), entry.clause)


def _blanked(text: str) -> str:
    """Return a message with what differs from case to case left open."""
    return re.sub(r"\{(\w+)\}", lambda found: _BLANKS.get(found[1], "…"), text)


def documents() -> Mapping[str, str]:
    """Return every generated document by its file name below ``docs/``."""
    return {
        "clauses.md": clause_coverage(),
        "data-dictionary.md": data_dictionary(),
        "errors.md": error_catalogue(),
        "methods.md": method_cards(read_coefficients(None)),
        "allowable.md": f"{GENERATED}\n\n{describe_all(read_rules(None), LATEST)}",
    }


def write_documents(folder: Path) -> None:
    """Write every generated document into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (folder / name).write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    write_documents(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
