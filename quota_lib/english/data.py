"""What of a page is data from workbooks and stays as it was typed, told by the Chinese heading that it stands under."""

from __future__ import annotations

KEPT_COLUMNS = frozenset(
    {
        "功能区", "调出功能区", "调入功能区", "排污单位", "减排单位", "减排项目", "建设项目", "项目", "单号", "文号",
        "文号或单号", "原单号", "冲正单号", "批次", "退回批次", "原因", "意见", "复核人", "复核意见", "单元格", "位置",
        "工作簿", "文件", "键", "版本", "版本（正式）", "版本（试算）", "所用命令",
    }
)  # fmt: skip
"""Columns of tables whose cells are names, numbers of documents, places and what people wrote."""

WORDS_AMONG_DATA = frozenset({"全园区", "合计", "未填，按此计"})
"""What the program itself writes into such a column: translated there, too."""

MIXED_HERE = frozenset({"runs›文件"})
"""Columns of one table, told by its id, that are mixed where others of that heading are kept."""

MIXED_COLUMNS = frozenset(
    {"结论", "核定", "方法与依据", "输入", "数值", "系数", "类别", "正式", "试算", "改动", "说明"}
)
"""Columns in which the program's words and data stand side by side: what the catalogue does not cover is data."""

KEPT_DEFINITIONS = frozenset(
    {"排污单位", "建设地点", "核算单位", "环评批复", "许可变更", "核算依据", "申报单元格", "作者", "理由"}
)
"""Names in a list of definitions whose values are data."""

MIXED_DEFINITIONS = frozenset({"审核", "核算方法", "试算"})
"""The same where words and data stand side by side."""
