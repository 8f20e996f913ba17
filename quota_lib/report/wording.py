"""The words that the page's scripts show, which stand in the page as one JSON block, ``id="words"``.

``{0}``, ``{1}`` … are filled in by the script.  What stands under ``kept`` goes into workbooks and is never translated.
"""

from __future__ import annotations

import json

WORDS = {
    "tables": {
        "filter": "筛选…",
        "filterOf": "筛选 {0}",
        "filtered": "筛选“{0}”：{1} / {2} 行",
        "download": "下载 CSV",
        "link": "到“{0}”的链接",
    },
    "figures": {
        "formula": "算式",
        "clause": "条款",
        "note": "说明",
        "rule": "参数",
        "since": "{0} 起",
        "about": "{0} {1} {2}（{3}）",
        "comma": "，",
        "whence": "数字的来源",
        "close": "关闭",
        "id": "编号",
    },
    "remarks": {
        "title": "复核意见",
        "reviewer": "复核人",
        "day": "意见日期",
        "export": "导出复核意见",
        "write": "填写意见…",
        "on": "对 {0} 的复核意见",
        "written": "已填 {0} 条，尚未导出",
        "writtenAndGone": "已填 {0} 条（其中 {1} 条所指的发现本页已没有），尚未导出",
        "nothing": "还没有填写意见",
        "noReviewer": "请填写复核人",
        "noDay": "请填写意见日期",
        "taken": "{0} 在 {1} 已有{2}的意见，请另填意见日期",
        "exported": "已导出 {0}：{1} 条。放入该期间的文件夹（替换同名文件），重新生成报告后列在各条旁。",
        "kept": {"sheet": "复核意见", "headings": ["报告", "编号", "意见", "复核人", "意见日期"]},
    },
}


def words_json() -> str:
    """Return the words as JSON that may stand in a page."""
    return json.dumps(WORDS, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
