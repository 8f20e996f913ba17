"""The words of the template's first page: how to fill in, where to save, how to check, who fills what."""

from __future__ import annotations

from collections.abc import Mapping

from quota_lib.periods import Period, Quarter
from quota_lib.schema import Sheet

GUIDE = "填表说明"
BUREAU = "生态环境局"
OTHERS: Mapping[str, str] = {
    "排污单位": "功能区",
    "排放口": "排污单位",
    "减排清单": "功能区；生态环境局、经发委提出增补",
    "减排项目": "排污单位，由功能区督促",
    "减排量": "排污单位，由功能区督促",
    "佐证材料": "排污单位，由功能区督促",
    "建设项目": "排污单位",
    "总量申请": "排污单位",
    "项目状态": "功能区",
    "总量管理名单": "生态环境局、功能区",
    "总量申报": "排污单位",
    "手工监测": "排污单位；监督监测由生态环境局",
    "校准记录": "排污单位",
    "排放口年度": "排污单位",
    "年度绩效": "功能区",
}
"""Who fills a sheet, where it is not the bureau.

Source  REDUCE-3, RESERVE-2b, TOTAL-1, TOTAL-2; for 排污单位, 项目状态 and 年度绩效 the rules name nobody
"""

Line = tuple[str, str]
"""The name of a style, or "", and the text."""


def who_fills(sheet: Sheet) -> str:
    """Return who fills a sheet."""
    return OTHERS.get(sheet.title, BUREAU)


def guide_lines(period: Period | None) -> list[Line]:
    """Return the lines of the first page that stand above the table of sheets."""
    folder = "2025Q1" if period is None else str(period)
    return [
        ("title", "排污总量指标填报" + ("" if period is None else f" · {period}")),
        ("", ""),
        ("section", "列的颜色"),
        ("必填", "每行都要填；空着是错误，确为零的填 0"),
        ("条件必填", "有时必填：什么时候必填，选中单元格或指向列名可以看到"),
        ("选填", "可以空着，也可以删去整列；不填时按什么计算，见各列的说明"),
        ("", ""),
        ("section", "怎样填"),
        ("", "1. 从表头下面一行填起，一行填一件事。表名、列名不要改；不用的工作表可以删去或空着。"),
        ("", "2. 日期填 2025-03-01（2025/3/1、2025.3.1、2025年3月1日 也可以）。"),
        ("", "3. 编号、代码、文号按文本填，前面的 0 照填，如 001；统一社会信用代码照营业执照填 18 位。"),
        ("", "4. 数量的单位见列名上方，多为 t/a；只填数字，不写单位、千位分隔符和“约”；最多 9 位小数。"),
        ("", "5. 以 合计、小计、总计、说明、示例、注： 开头的行不算数据，读取时跳过并提示。"),
        ("", "6. 单号、文号全园区统一：同一张单据的几行相同；别的表、别的期间不能再用，冲正后也不再用。"),
        ("", "7. 已入账的单据不改、不删：在“冲正”表填原单号，整张冲回，再用新单号填正确的内容。"),
        ("", "8. 已填报的项目、申请有变化，在新的期间再填一行，从该行的日期起取代原来的；相同的自动跳过。"),
        *_dates(period),
        ("", ""),
        ("section", "保存和检查"),
        ("", f"保存为 .xlsx，放在 data/{folder}/ 中；文件名自定，可以分成几个文件，不设打开密码。"),
        ("", f"检查：quota check {folder}。每处错误都写明单元格和改法；改正后再检查，直到没有错误。"),
        ("", ""),
        ("section", "工作表"),
    ]


def _dates(period: Period | None) -> list[Line]:
    """Return the lines on late rows and on which folder takes what."""
    late = "9. 以前发生、当时没有报的（补报），填在本期，日期照实填，自动标为补报；日期晚于本期末的是错误。"
    if period is None:
        where = "10. 本工作簿含全部工作表。季度的表放季度文件夹，年度的表放年度文件夹；放错的不入账。"
        return [("", late), ("", where)]
    if isinstance(period, Quarter):
        return [("", late)]
    return [("", f"9. 申报、复核等的日期应在 {period}-01-01 至 {period + 1}-12-31 之间。")]
