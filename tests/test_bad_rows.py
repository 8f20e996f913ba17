"""Every mistake in a row is one error, at its cell, reported once; what names the row gets one 提示; the rest posts.

In the order of the contract: §2 above the single cell, then §3.  ``parked`` demands of every case that the
bystanders of the small park are posted.
"""

from datetime import date
from decimal import Decimal

import pytest

from quota_lib.reserve.ruling import Status
from quota_lib.rules import Rules
from tests.oracle.compare import PARAMETERS
from tests.small_park import BEFORE, LATER, NOW, A, B, C, applied, declared, left, paper, parked, posted, told, warned

MG = Decimal("0.000000001")
GONE = "91320599YX03167663"  # a plant that nobody registered


def message(park, line=0):
    return park.problems[line].message


def status(park, project="X9"):
    return park.ledger.ruling(project).status


def test_the_small_park_has_no_mistakes():
    park = parked()
    assert (told(park), warned(park)) == ([], [])
    assert (left(park), left(park, "HD", "TN")) == ("11.5", "49.912")


# ── the same row again ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("folder", [NOW, LATER])
def test_the_same_document_again_is_there_already_and_posts_once(folder):
    day = {"储备日期": "2025-05-10"}
    park = parked(paper("指标储备", 单号="CB-2", **day), paper("指标储备", folder, 单号="CB-2", **day), upto=LATER)
    assert told(park) == [f"{folder} 指标储备!A{3 if folder == NOW else 2} 提示 Q320"]
    assert "2025Q2/all.xlsx › 指标储备 第 2 行" in message(park)
    assert left(park) == "12.5"


def test_the_same_amount_written_otherwise_is_the_same_content():
    written = {"单号": "cb-2", "储备量": "１.0", "污染因子": "化学需氧量", "储备日期": "2025年5月10日"}
    park = parked(paper("指标储备", 单号="cb-2"), paper("指标储备", **written))
    assert told(park) == ["2025Q2 指标储备!A3 提示 Q320"]


@pytest.mark.parametrize(
    ("sheet", "again"),
    [
        ("减排量占用", "数量"),
        ("指标储备", "储备量"),
        ("上级储备", "数量"),
        ("功能区调剂", "数量"),
        ("指标回收", "回收量"),
    ],
)
def test_two_rows_of_one_folder_for_one_key_post_nothing_and_are_one_error(sheet, again):
    park = parked(paper(sheet), paper(sheet, **{again: "0.05"}))
    assert told(park) == [f"2025Q2 {sheet}!A3 错误 Q321"]
    assert f"2025Q2/all.xlsx › {sheet} 第 2 行" in message(park)
    assert posted(park) == set()


@pytest.mark.parametrize(
    ("sheet", "again", "day"),
    [
        ("减排量占用", "数量", "日期"),
        ("指标储备", "储备量", "储备日期"),
        ("上级储备", "数量", "日期"),
        ("功能区调剂", "数量", "日期"),
        ("指标回收", "回收量", "回收日期"),
        ("冲正", "原因", "日期"),
    ],
)
def test_a_row_of_a_later_folder_for_a_key_is_an_error_and_the_earlier_stands(sheet, again, day):
    number = paper(sheet).row["单号"]
    park = parked(paper(sheet), paper(sheet, LATER, **{again: "0.05", day: "2025-08-10"}), upto=LATER)
    assert told(park) == [f"2025Q3 {sheet}!A2 错误 Q322"]
    assert f"2025Q2/all.xlsx › {sheet} 第 2 行" in message(park)
    assert posted(park) == {number}


def test_two_different_openings_of_one_lot_open_nothing():
    park = parked(paper("期初结存", BEFORE, 单号="QC-2"), paper("期初结存", BEFORE, 单号="QC-2", 数量="2"))
    assert told(park) == ["2025Q1 期初结存!A5 错误 Q321"]  # behind the park's own two
    assert "QC-2" not in posted(park)


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        ("功能区", {"功能区名称": "苇南"}),
        ("排污单位", {"单位名称": "戊厂"}),
        ("减排量", {"申报减排量": "6"}),
        ("减排项目", {"项目名称": "更新"}),
        ("入库审核", {"核定减排量": "6"}),
        ("建设项目", {"建设项目名称": "新建"}),
        ("环境质量", {"考核结果": "未达标"}),
    ],
)
def test_two_different_replacing_rows_of_one_day_are_one_error(sheet, cells):
    park = parked(paper(sheet), paper(sheet, **cells))
    assert told(park) == [f"2025Q2 {sheet}!A3 错误 Q321"]
    assert f"{sheet} 第 2 行" in message(park)


def test_what_held_before_goes_on_holding_beside_two_rows_in_conflict():
    park = parked(paper("入库审核", 核定减排量="6"), paper("入库审核", 核定减排量="7"), paper("指标储备", 储备量="3"))
    assert told(park) == ["2025Q2 入库审核!A3 错误 Q321"]
    assert posted(park) == {"CB"}


def test_an_undated_row_is_compared_with_the_one_that_holds():
    rows = [paper("排污单位", folder, 统一社会信用代码=A, 单位名称=n) for folder, n in ((NOW, "新名"), (LATER, "甲厂"))]
    park = parked(*rows, upto=LATER)
    assert told(park) == []
    assert park.book.unit_label(A) == "甲厂"


def test_an_undated_row_holds_from_its_folders_first_day():
    park = parked(paper("排污单位", 统一社会信用代码=A, 单位名称="新名"))
    assert [park.book.holding("unit", (A,), day).label for day in (date(2025, 3, 31), date(2025, 4, 1))] == [
        "甲厂",
        "新名",
    ]


@pytest.mark.parametrize(("deposited", "complaints"), [("2025-05-19", 1), ("2025-05-20", 0), ("2025-05-21", 0)])
def test_a_dated_row_holds_from_its_day(deposited, complaints):
    park = parked(
        paper("入库审核", 核定减排量="8", 审核日期="2025-05-20"), paper("指标储备", 储备量="6", 储备日期=deposited)
    )
    assert told(park) == ["2025Q2 指标储备!D2 错误 Q401"][:complaints]


def test_a_late_row_holds_from_the_quarters_first_day():
    park = parked(
        paper("入库审核", 核定减排量="8", 审核日期="2025-03-10"), paper("指标储备", 储备量="6", 储备日期="2025-04-01")
    )
    assert told(park) == ["2025Q2 入库审核!E2 提示 Q304"]
    assert posted(park) == {"CB"}


def test_a_dated_row_that_was_there_before_is_there_already_and_changes_nothing():
    rows = [paper("入库审核", 核定减排量="6"), paper("入库审核", LATER, 审核日期="2025-01-20")]
    park = parked(*rows, upto=LATER)
    assert told(park) == ["2025Q3 入库审核!A2 提示 Q320"]
    assert park.ledger.verified[("J1", "COD")] == 6 * 10**9


def test_two_rows_of_one_folder_with_different_days_follow_each_other():
    park = parked(paper("入库审核", 核定减排量="6"), paper("入库审核", 核定减排量="7", 审核日期="2025-05-11"))
    assert told(park) == []
    assert park.ledger.verified[("J1", "COD")] == 7 * 10**9


def test_of_three_rows_for_one_key_two_alike_are_one_and_the_third_is_the_one_error():
    park = parked(paper("指标储备"), paper("指标储备"), paper("指标储备", 储备量="2"))
    assert told(park) == ["2025Q2 指标储备!A3 提示 Q320", "2025Q2 指标储备!A4 错误 Q321"]
    assert posted(park) == set()


def test_rows_in_conflict_leave_their_key_to_a_later_folder():
    again = paper("指标储备", LATER, 储备日期="2025-08-10")
    park = parked(paper("指标储备"), paper("指标储备", 储备量="2"), again, upto=LATER)
    assert told(park) == ["2025Q2 指标储备!A3 错误 Q321"]
    assert posted(park) == {"CB"}


# numbers


def test_a_number_on_two_sheets_of_one_folder_is_one_error_and_posts_nothing():
    park = parked(paper("指标储备", 单号="甲1"), paper("功能区调剂", 单号="甲1"))
    assert told(park) == ["2025Q2 指标储备!A2 错误 Q324"]
    assert "功能区调剂 第 2 行" in message(park)
    assert posted(park) == set()


def test_the_number_of_a_decision_is_in_the_same_space():
    park = parked(*applied(), paper("总量核定", 文号="甲1"), paper("功能区调剂", 单号="甲1"))
    assert told(park) == ["2025Q2 总量核定!F2 错误 Q324"]
    assert posted(park) == set()


def test_a_number_that_an_earlier_sheet_has_is_an_error_in_the_later_folder_only():
    park = parked(paper("功能区调剂", 单号="CB-1"))
    assert told(park) == ["2025Q2 功能区调剂!A2 错误 Q324"]
    assert "2025Q1/all.xlsx › 指标储备 第 2 行" in message(park)
    assert left(park) == "11.5"


def test_a_number_in_two_folders_is_an_error_in_the_later_one():
    park = parked(*declared("J9", COD="1"), paper("指标储备", 单号="CB-1", 项目编号="J9", 污染因子="SO2"))
    assert told(park) == ["2025Q2 指标储备!A2 错误 Q324"]
    assert left(park, factor="SO2") == "0"


def test_a_document_is_not_extended_in_a_later_folder():
    rows = [paper("入库审核", 污染因子="SO2"), paper("指标储备", 单号="CB-1", 储备量="2", 储备日期="2025-02-10")]
    park = parked(*rows, paper("指标储备", 单号="CB-1", 污染因子="SO2"))
    assert told(park) == ["2025Q2 指标储备!A2 提示 Q320", "2025Q2 指标储备!A3 错误 Q324"]
    assert (left(park), left(park, factor="SO2")) == ("11.5", "0")


def test_a_decision_may_go_on_to_another_project_in_a_later_folder_but_not_on_the_same_one():
    later = {"文号": "W-1", "核定日期": "2025-05-10"}
    park = parked(*applied("X9"), paper("总量核定", **later))
    assert told(park) == []
    assert status(park) is Status.DEBITED
    park = parked(paper("总量核定", 建设项目编号="X1", 污染因子="SO2", **later))
    assert told(park) == ["2025Q2 总量核定!F2 错误 Q324"]


def test_a_number_is_taken_whether_a_decision_or_a_document_had_it_first():
    assert told(parked(paper("功能区调剂", 单号="W-1"))) == ["2025Q2 功能区调剂!A2 错误 Q324"]
    park = parked(*applied(), paper("总量核定", 文号="CB-1"))
    assert told(park) == ["2025Q2 总量核定!F2 错误 Q324"]
    assert park.ledger.ruling("X9") is None


def test_a_row_in_error_occupies_neither_its_key_nor_its_number():
    park = parked(
        paper("指标储备", 储备量=None), paper("指标储备", LATER, 储备量="1", 储备日期="2025-08-10"), upto=LATER
    )
    assert told(park) == ["2025Q2 指标储备!D2 错误 Q201"]
    assert posted(park) == {"CB"}


def test_a_number_that_two_sheets_of_one_folder_dispute_is_free_in_the_next():
    park = parked(
        paper("指标储备", 单号="甲1"),
        paper("功能区调剂", 单号="甲1"),
        paper("指标储备", LATER, 单号="甲1", 储备日期="2025-08-10"),
        upto=LATER,
    )
    assert told(park) == ["2025Q2 指标储备!A2 错误 Q324"]
    assert posted(park) == {"甲1"}


def test_what_failed_in_posting_keeps_its_number():
    park = parked(
        paper("指标储备", 储备量="9"), paper("指标储备", LATER, 储备量="1", 储备日期="2025-08-10"), upto=LATER
    )
    assert told(park) == ["2025Q2 指标储备!D2 错误 Q401", "2025Q3 指标储备!A2 错误 Q322"]


def test_a_sound_row_beside_one_in_error_keeps_its_key_and_its_number():
    document = [paper("入库审核", 污染因子="SO2"), paper("指标储备"), paper("指标储备", 污染因子="SO2", 储备量=None)]
    day = {"储备日期": "2025-08-10"}
    again = [paper("指标储备", LATER, **day), paper("指标储备", LATER, 污染因子="SO2", **day)]
    lines = told(parked(*document, *again, upto=LATER))
    assert [line for line in lines if "2025Q3" in line] == [
        "2025Q3 指标储备!A2 错误 Q322",
        "2025Q3 指标储备!A3 错误 Q324",
    ]


# documents that disagree with themselves


@pytest.mark.parametrize(
    ("sheet", "first", "second", "cell"),
    [
        ("减排量占用", {}, {"污染因子": "SO2", "用途": "约束性减排"}, "D3"),
        ("减排量占用", {}, {"污染因子": "SO2", "日期": "2025-05-11"}, "F3"),
        ("减排量占用", {}, {"污染因子": "SO2", "项目编号": "旁减排"}, "B3"),
        ("指标储备", {}, {"污染因子": "SO2", "项目编号": "旁减排"}, "B3"),
        ("指标储备", {}, {"污染因子": "SO2", "储备日期": "2025-05-11"}, "E3"),
        ("上级储备", {}, {"批次": "旁申请", "日期": "2025-05-11"}, "B3"),
        ("上级储备", {}, {"批次": "旁申请", "方向": "退出上级"}, "C3"),
        ("上级储备", {}, {"批次": "旁申请", "功能区编码": "HD"}, "D3"),
        ("上级储备", {}, {"批次": "旁申请", "文号": "市储备2号"}, "G3"),
        ("功能区调剂", {}, {"污染因子": "TN", "日期": "2025-05-11"}, "B3"),
        ("功能区调剂", {}, {"污染因子": "TN", "文号": "调2号"}, "G3"),
        ("功能区调剂", {"调入功能区": "WB"}, {"污染因子": "TN"}, "D3"),
        ("功能区调剂", {"调出功能区": "WB"}, {"污染因子": "TN"}, "C3"),
        ("指标回收", {}, {"污染因子": "TN", "建设项目编号": "旁一"}, "B3"),
        ("指标回收", {}, {"污染因子": "TN", "回收原因": "富余"}, "D3"),
        ("指标回收", {}, {"污染因子": "TN", "回收日期": "2025-05-11"}, "F3"),
    ],
)
def test_a_document_that_disagrees_with_itself_is_one_error_and_posts_nothing(sheet, first, second, cell):
    park = parked(paper("功能区"), paper(sheet, **first), paper(sheet, **second))
    assert told(park) == [f"2025Q2 {sheet}!A2 提示 Q312", f"2025Q2 {sheet}!{cell} 错误 Q325"]
    assert f"{sheet} 第 2 行" in message(park, 1)
    assert posted(park) == set()


@pytest.mark.parametrize(("heading", "value", "cell"), [("确认方式", "审核", "C3"), ("结论", "不同意", "D3")])
def test_a_decision_agrees_with_itself_project_by_project(heading, value, cell):
    two = applied("X9", COD="0.5", SO2="0.5") + applied("X8", NOW, C, COD="0.5")
    rows = [
        paper("总量核定"),
        paper("总量核定", 污染因子="SO2", **{heading: value}),
        paper("总量核定", 建设项目编号="X8"),
    ]
    park = parked(*two, *rows)
    assert [line for line in told(park) if "错误" in line] == [f"2025Q2 总量核定!{cell} 错误 Q325"]
    assert park.ledger.ruling("X9") is None
    assert status(park, "X8") is Status.DEBITED


def test_the_date_of_a_decision_is_one_for_all_its_projects():
    two = applied("X9") + applied("X8", NOW, C)
    park = parked(*two, paper("总量核定"), paper("总量核定", 建设项目编号="X8", 核定日期="2025-05-11"))
    assert [line for line in told(park) if "错误" in line] == ["2025Q2 总量核定!E3 错误 Q325"]
    assert (park.ledger.ruling("X9"), park.ledger.ruling("X8")) == (None, None)


def test_a_row_in_error_holds_back_its_document_and_the_other_rows_say_why():
    rows = [paper("指标储备", 污染因子="COD"), paper("指标储备", 污染因子="SO2", 储备量="1.2吨")]
    park = parked(paper("入库审核", 污染因子="SO2"), *rows)
    assert told(park) == ["2025Q2 指标储备!A2 提示 Q312", "2025Q2 指标储备!D3 错误 Q203"]
    assert "2025Q2/all.xlsx › 指标储备!D3 Q203" in message(park)
    assert posted(park) == set()


def test_a_row_in_error_holds_back_a_decision_only_on_its_own_project():
    two = applied("X9", COD="0.5", SO2="0.5") + applied("X8", NOW, C)
    rows = [
        paper("总量核定"),
        paper("总量核定", 污染因子="SO2", 核定新增外排环境量="约2"),
        paper("总量核定", 建设项目编号="X8"),
    ]
    park = parked(*two, *rows)
    assert told(park) == ["2025Q2 总量核定!F2 提示 Q312", "2025Q2 总量核定!G3 错误 Q203"]
    assert park.ledger.ruling("X9") is None
    assert status(park, "X8") is Status.DEBITED


# what a replacing row may not change


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([paper("排污单位", 统一社会信用代码=A, 功能区编码="HD")], "排污单位!C2 错误 Q323"),
        ([paper("减排项目", 项目编号="J1", 统一社会信用代码=B, 申报日期="2025-04-20")], "减排项目!C2 错误 Q323"),
        ([paper("减排项目", 项目编号="J1", 功能区编码="HD", 申报日期="2025-04-20")], "减排项目!D2 错误 Q323"),
        ([paper("建设项目", 建设项目编号="X1", 申请日期="2025-01-15")], "建设项目!C2 错误 Q323"),
        (
            [paper("建设项目", 建设项目编号="X1", 统一社会信用代码=A, 功能区编码="HD", 申请日期="2025-01-15")],
            "建设项目!D2 错误 Q323",
        ),
        ([paper("建设项目", 建设项目编号="X1", 统一社会信用代码=A)], "建设项目!F2 错误 Q323"),
    ],
)
def test_a_replacing_row_may_not_change_what_is_fixed(rows, line):
    park = parked(*rows)
    assert told(park) == [f"2025Q2 {line}"]
    assert "2025Q1/all.xlsx" in str(park.problems[0])
    assert park.book.unit(A).zone == "HX"
    assert (park.book.reduction_project("J1").unit, park.book.reduction_project("J1").zone) == (A, "HX")
    assert park.book.construction("X1")[2:4] == (A, "HX") or park.book.construction("X1").unit == A


def test_of_one_folder_the_row_of_the_first_day_says_what_is_fixed():
    park = parked(paper("减排项目", 功能区编码="HD", 申报日期="2025-05-20"), paper("减排项目"))
    assert told(park) == ["2025Q2 减排项目!D2 错误 Q323"]
    assert park.book.reduction_project("J9").zone == "HX"


def test_a_replacing_row_may_change_the_rest():
    park = parked(paper("建设项目", 建设项目编号="X1", 统一社会信用代码=A, 申请日期="2025-01-15", 建设项目名称="新名"))
    assert told(park) == []
    assert park.book.construction("X1").label == "新名"


# an application under a decision that stands


def changed(folder=NOW, **cells):
    return paper("总量申请", folder, 建设项目编号="X1", **cells)


@pytest.mark.parametrize(
    "cells",
    [
        {"现有外排环境量": "0", "本项目外排环境量": "0.6", "全厂外排环境量": "0.6"},
        {"污染因子": "SO2", "现有外排环境量": "0", "全厂外排环境量": "0.5"},
    ],
    ids=["replaced", "extended"],
)
def test_an_application_is_neither_replaced_nor_extended_while_an_earlier_consent_stands(cells):
    park = parked(changed(**cells))
    assert told(park) == ["2025Q2 总量申请!A2 错误 Q326"]
    assert "W-1" in message(park)
    assert {f: row.new for f, row in park.book.application("X1").items()} == {"COD": 5 * 10**8}


def test_an_application_may_be_changed_when_its_consent_is_reversed_in_the_same_quarter():
    park = parked(
        changed(本项目外排环境量="0.6", 全厂外排环境量="1.6"),
        paper("冲正", 原单号="W-1", 日期="2025-06-30"),
        paper("总量核定", LATER, 建设项目编号="X1", 核定新增外排环境量="0.6", 核定日期="2025-08-10"),
        upto=LATER,
    )
    assert told(park) == []
    assert (status(park, "X1"), left(park)) == (Status.DEBITED, "11.4")


def test_an_application_may_not_be_changed_when_the_reversal_fails():
    park = parked(
        changed(本项目外排环境量="0.6", 全厂外排环境量="1.6"),
        paper("指标回收"),
        paper("冲正", 原单号="W-1", 日期="2025-06-30"),
    )
    assert told(park) == ["2025Q2 冲正!B2 错误 Q443", "2025Q2 总量申请!A2 错误 Q326"]


def test_an_application_may_be_changed_beside_a_consent_of_the_same_quarter():
    same = [*applied(COD="0.5"), paper("总量核定")]
    park = parked(
        *same, paper("总量申请", 污染因子="SO2", 现有外排环境量="0", 本项目外排环境量="0", 全厂外排环境量="0")
    )
    assert told(park) == []
    assert status(park) is Status.DEBITED


def test_the_same_application_again_is_there_already():
    amounts = {"现有外排环境量": "0", "全厂外排环境量": "0.5"}
    assert told(parked(changed(**amounts))) == ["2025Q2 总量申请!A2 提示 Q320"]


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([paper("排污单位", 功能区编码="HQ")], "排污单位!C2"),
        ([paper("环境质量", 功能区编码="HQ")], "环境质量!E2"),
        ([paper("减排项目", 统一社会信用代码=GONE)], "减排项目!C2"),
        ([paper("减排项目", 功能区编码="HQ")], "减排项目!D2"),
        ([paper("减排量", 项目编号="J0")], "减排量!A2"),
        ([paper("入库审核", 项目编号="J0")], "入库审核!A2"),
        ([paper("减排量占用", 项目编号="J0")], "减排量占用!B2"),
        ([paper("减排量占用", 用途="以新带老", 建设项目编号="X0")], "减排量占用!H2"),
        ([paper("指标储备", 项目编号="J0")], "指标储备!B2"),
        ([paper("建设项目", 统一社会信用代码=GONE)], "建设项目!C2"),
        ([paper("建设项目", 功能区编码="HQ")], "建设项目!D2"),
        ([paper("总量申请", 建设项目编号="X0")], "总量申请!A2"),
        ([paper("总量核定", 建设项目编号="X0")], "总量核定!A2"),
        ([paper("建设项目"), paper("总量核定")], "总量核定!A2"),  # known, but nothing applied for
        ([paper("上级储备", 功能区编码="HQ")], "上级储备!D2"),
        ([paper("上级储备", 批次="CB-0")], "上级储备!H2"),
        ([paper("功能区调剂", 调出功能区="HQ")], "功能区调剂!C2"),
        ([paper("功能区调剂", 调入功能区="HQ")], "功能区调剂!D2"),
        ([paper("项目状态", 建设项目编号="X0")], "项目状态!A2"),
        ([paper("指标回收", 建设项目编号="X0")], "指标回收!B2"),
        ([paper("冲正", 原单号="CB-0")], "冲正!B2"),
        ([paper("结存核对", 功能区编码="HQ", 期末结存="0")], "结存核对!A2"),
    ],
)
def test_what_nobody_handed_in_cannot_be_named(rows, line):
    park = parked(*rows)
    assert told(park) == [f"2025Q2 {line} 错误 Q310"]
    assert posted(park) == set()


def test_a_name_may_stand_in_the_same_folder_and_not_in_a_later_one():
    assert told(parked(paper("功能区"), paper("排污单位", 功能区编码="WB"))) == []
    park = parked(paper("排污单位", 功能区编码="WB"), paper("功能区", LATER), upto=LATER)
    assert told(park) == ["2025Q2 排污单位!C2 错误 Q310"]


def test_every_row_that_names_what_is_unknown_is_told_so():
    rows = [paper("功能区调剂", 单号=number, 调入功能区="HQ") for number in ("TJ-1", "TJ-2")]
    assert told(parked(*rows)) == ["2025Q2 功能区调剂!D2 错误 Q310", "2025Q2 功能区调剂!D3 错误 Q310"]


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        ("减排量占用", {"建设项目编号": "X1", "用途": "以新带老"}),
        ("指标回收", {}),
    ],
)
def test_a_document_with_a_row_in_error_cannot_be_reversed(sheet, cells):
    number = {"减排量占用": "数量", "指标回收": "回收量"}[sheet]
    rows = [paper(sheet, **cells), paper(sheet, 污染因子="TN", **{number: None}, **cells)]
    park = parked(*rows, paper("冲正", 原单号=rows[0].row["单号"]))
    assert [line for line in told(park) if "冲正" in line] == ["2025Q2 冲正!B2 提示 Q311"]
    assert [line for line in told(park) if "错误" in line] == [f"2025Q2 {sheet}!E3 错误 Q201"]
    assert posted(park) == set()


def test_the_hint_gives_the_error_as_the_cause_where_a_row_has_both_an_error_and_a_hint():
    both = paper("减排项目", 统一社会信用代码=GONE, 功能区编码="HQ")
    park = parked(paper("排污单位", 单位名称=None), both, paper("入库审核", 项目编号="J9"))
    assert told(park)[0] == "2025Q2 入库审核!A2 提示 Q311"
    assert "减排项目!D2 Q310" in message(park)


@pytest.mark.parametrize(
    ("bad", "named", "hints"),
    [
        (paper("功能区", 功能区名称=None), [paper("排污单位", 功能区编码="WB")], ["排污单位!C2"]),
        (paper("排污单位", 单位名称=None), [paper("减排项目", 统一社会信用代码=GONE)], ["减排项目!C2"]),
        (paper("排污单位", 单位名称=None), [paper("建设项目", 统一社会信用代码=GONE)], ["建设项目!C2"]),
        (
            paper("减排项目", 竣工时间="2025-02-30"),
            [paper(name, 项目编号="J9") for name in ("减排量", "入库审核", "减排量占用", "指标储备")],
            ["入库审核!A2", "减排量!A2", "减排量占用!B2", "指标储备!B2"],
        ),
        (
            paper("建设项目", 建设地点=None),
            [
                paper("总量申请"),
                paper("总量核定"),
                paper("项目状态", 建设项目编号="X9"),
                paper("指标回收", 建设项目编号="X9"),
            ],
            ["总量核定!B2", "总量申请!A2", "指标回收!B2", "项目状态!A2"],
        ),
        (paper("指标储备", 储备量="1.2吨"), [paper("上级储备", 批次="CB")], ["上级储备!H2"]),
        (paper("指标储备", 储备量="1.2吨"), [paper("冲正", 原单号="CB")], ["冲正!B2"]),
    ],
)
def test_what_names_a_row_in_error_gets_one_hint_and_posts_nothing(bad, named, hints):
    park = parked(bad, *named)
    lines = told(park)
    assert [line for line in lines if "错误" in line] == [line for line in lines if f" {bad.sheet}!" in line]
    assert [line for line in lines if "错误" not in line] == [f"2025Q2 {hint} 提示 Q311" for hint in hints]
    assert all(bad.sheet in one.message for one in park.problems if one.code == "Q311")
    assert posted(park) == set()


def test_a_row_in_error_leaves_what_was_known_before():
    park = parked(
        paper("减排项目", 项目编号="J1", 竣工时间="去年"), paper("入库审核", 核定减排量="6"), paper("指标储备")
    )
    assert told(park) == ["2025Q2 减排项目!G2 错误 Q210"]
    assert posted(park) == {"CB"}


def test_once_the_mistake_is_mended_later_rows_post():
    bad, good = paper("减排项目", BEFORE, 竣工时间="去年"), paper("减排项目")
    rows = [paper("入库审核", 项目编号="J9"), paper("指标储备", 项目编号="J9")]
    park = parked(bad, *rows)
    assert told(park) == [
        "2025Q1 减排项目!G4 错误 Q210",
        "2025Q2 入库审核!A2 提示 Q311",
        "2025Q2 指标储备!B2 提示 Q311",
    ]
    park = parked(bad, good, *rows)
    assert told(park) == ["2025Q1 减排项目!G4 错误 Q210"]
    assert posted(park) == {"CB"}


def test_one_mistake_at_the_root_is_one_error_down_the_whole_chain():
    park = parked(
        paper("功能区", 功能区名称=None),
        paper("排污单位", 功能区编码="WB"),
        paper("减排项目", 统一社会信用代码=GONE, 功能区编码="WB"),
        paper("入库审核", 项目编号="J9"),
        paper("指标储备", 项目编号="J9"),
        paper("冲正", 原单号="CB"),
    )
    assert [line for line in told(park) if "错误" in line] == ["2025Q2 功能区!B2 错误 Q201"]
    assert len({line.split("!")[0] for line in told(park)}) == 6
    assert posted(park) == set()


def test_what_failed_in_posting_can_be_named_and_the_hint_says_why():
    park = parked(paper("指标储备", 储备量="9"), paper("冲正", 原单号="CB"))
    assert told(park) == ["2025Q2 冲正!B2 提示 Q311", "2025Q2 指标储备!D2 错误 Q401"]


def test_a_decision_on_a_factor_whose_application_is_in_error_is_a_hint():
    rows = [*applied(COD="0.5"), paper("总量申请", 污染因子="SO2", 本项目外排环境量="约1")]
    park = parked(*rows, paper("总量核定"), paper("总量核定", 污染因子="SO2"))
    assert [line for line in told(park) if "错误" in line] == ["2025Q2 总量申请!D3 错误 Q203"]
    assert posted(park) == set()


# ── dates ────────────────────────────────────────────────────────────────────────────────────────────────────────

DATED = [
    ("减排项目", "申报日期", "H", {}),
    ("入库审核", "审核日期", "E", {}),
    ("减排量占用", "日期", "F", {}),
    ("指标储备", "储备日期", "E", {}),
    ("建设项目", "申请日期", "F", {}),
    ("上级储备", "日期", "B", {}),
    ("功能区调剂", "日期", "B", {}),
    ("项目状态", "状态日期", "C", {}),
    ("指标回收", "回收日期", "F", {}),
    ("冲正", "日期", "C", {}),
    ("环境质量", "发布日期", "D", {}),
]


@pytest.mark.parametrize(("sheet", "heading", "letter", "cells"), DATED)
def test_a_date_after_the_periods_end_is_an_error_and_its_last_day_is_not(sheet, heading, letter, cells):
    park = parked(paper(sheet, **cells, **{heading: "2025-07-01"}))
    assert told(park) == [f"2025Q2 {sheet}!{letter}2 错误 Q301"]
    assert posted(park) == set()
    assert told(parked(paper(sheet, **cells, **{heading: "2025-06-30"}))) == []


@pytest.mark.parametrize(("sheet", "heading", "letter", "cells"), DATED)
def test_a_date_before_the_plan_period_is_an_error(sheet, heading, letter, cells):
    park = parked(paper(sheet, **cells, **{heading: "2020-12-31"}))
    assert told(park) == [f"2025Q2 {sheet}!{letter}2 错误 Q302"]
    assert posted(park) == set()


def test_the_first_day_of_the_plan_period_is_inside_it():
    assert told(parked(paper("功能区调剂", 日期="2021-01-01"))) == ["2025Q2 功能区调剂!B2 提示 Q304"]


@pytest.mark.parametrize(("day", "late"), [("2025-03-31", 1), ("2025-04-01", 0), ("2025-04-02", 0)])
def test_a_date_before_the_quarter_is_booked_now_and_says_so(day, late):
    park = parked(paper("功能区调剂", 日期=day))
    assert told(park) == ["2025Q2 功能区调剂!B2 提示 Q304"][:late]
    moved = [one for one in park.ledger.entries if one.document == "TJ"]
    assert {(str(one.booked), one.date) for one in moved} == {(NOW, max(date.fromisoformat(day), date(2025, 4, 1)))}


def test_a_late_document_of_several_rows_says_so_once():
    cells = {"方向": "申请使用", "批次": None, "日期": "2025-03-01"}
    rows = [paper("上级储备", 污染因子=factor, **cells) for factor in ("COD", "SO2")]
    assert told(parked(*rows)) == ["2025Q2 上级储备!B2 提示 Q304"]


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        ({"竣工时间": "2020-12-31"}, ["减排项目!G2 错误 Q302"]),
        ({"竣工时间": "2021-01-01"}, []),
        (
            {"减排工程类型": "产业结构升级", "竣工时间": "2021-06-01", "关停时间": "2020-12-31"},
            ["减排项目!I2 错误 Q302"],
        ),
        ({"减排工程类型": "产业结构升级", "竣工时间": "2020-06-01", "关停时间": "2021-01-01"}, []),
        ({"竣工时间": "2020-06-01", "关停时间": "2021-01-01"}, ["减排项目!G2 错误 Q302"]),
    ],
)
def test_reductions_completed_before_the_plan_period_do_not_count_and_closures_go_by_their_own_day(cells, lines):
    assert told(parked(paper("减排项目", **cells))) == [f"2025Q2 {line}" for line in lines]


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        ({"开工时间": "2025-03-02"}, ["减排项目!G2 错误 Q303"]),
        ({"开工时间": "2025-03-01"}, []),
        ({"验收时间": "2025-02-28"}, ["减排项目!I2 错误 Q303"]),
        ({"验收时间": "2025-03-01"}, []),
        ({"开工时间": "2024-03-02", "验收时间": "2025-02-28"}, ["减排项目!J2 错误 Q303"]),
    ],
)
def test_begun_completed_and_accepted_follow_each_other(cells, lines):
    assert told(parked(paper("减排项目", **cells))) == [f"2025Q2 {line}" for line in lines]


@pytest.mark.parametrize(("day", "lines"), [("2025-01-09", 1), ("2025-01-10", 0)])
def test_a_verdict_does_not_precede_the_first_declaration(day, lines):
    again = paper("减排项目", 项目编号="J1", 申报日期="2025-04-20")
    verdict = paper("入库审核", 污染因子="SO2", 审核日期=day)
    park = parked(again, verdict)
    assert told(park) == [f"2025Q2 入库审核!E2 {'错误 Q327' if lines else '提示 Q304'}"]
    assert (("J1", "SO2") in park.ledger.verified) == (not lines)


@pytest.mark.parametrize(("day", "line"), [("2025-01-19", "错误 Q327"), ("2025-01-20", "提示 Q304")])
def test_a_deposit_does_not_precede_the_first_passing(day, line):
    park = parked(paper("入库审核", 核定减排量="6"), paper("指标储备", 储备日期=day))
    assert told(park) == [f"2025Q2 指标储备!E2 {line}"]


@pytest.mark.parametrize(("day", "lines"), [("2025-04-09", 1), ("2025-04-10", 0)])
def test_a_decision_does_not_precede_its_application(day, lines):
    park = parked(*applied(), paper("总量核定", 核定日期=day))
    assert told(park) == ["2025Q2 总量核定!E2 错误 Q327"][:lines]


@pytest.mark.parametrize(("day", "line"), [("2025-02-19", "错误 Q327"), ("2025-02-20", "提示 Q304")])
def test_a_recovery_does_not_precede_its_decision(day, line):
    park = parked(paper("指标回收", 回收日期=day))
    assert told(park)[-1] == f"2025Q2 指标回收!F2 {line}"
    assert [one for one in told(park) if "错误" in one] == [one for one in told(park) if "Q327" in one]


# opening lots, annual folders


def test_opening_lots_outside_the_first_quarter_are_an_error():
    park = parked(paper("期初结存"))
    assert told(park) == ["2025Q2 期初结存!A2 错误 Q308"]
    assert left(park) == "11.5"


def test_an_assessment_without_a_day_of_publication_counts_from_its_quarters_first_day():
    park = parked(
        paper("环境质量", 考核结果="未达标", 发布日期=None), *applied(), paper("总量核定", 核定日期="2025-04-10")
    )
    assert told(park) == []
    assert left(park) == "10.5"  # 0.5 t at 2


def test_in_an_annual_folder_the_day_of_publication_is_required():
    park = parked(paper("环境质量", "2024", 考核结果="未达标", 发布日期=None))
    assert told(park) == ["2024 环境质量!D2 错误 Q305"]


@pytest.mark.parametrize(
    ("day", "lines"),
    [("2023-12-31", 1), ("2024-01-01", 0), ("2025-12-31", 0), ("2026-01-01", 1)],
)
def test_in_an_annual_folder_days_lie_between_its_first_and_the_next_years_last(day, lines):
    park = parked(paper("环境质量", "2024", 发布日期=day), upto="2026Q1")
    assert told(park) == ["2024 环境质量!D2 错误 Q307"][:lines]


@pytest.mark.parametrize(
    ("folder", "published", "ratio"),
    [
        ("2024", "2025-05-09", 2),
        ("2024", "2025-05-10", 2),
        ("2024", "2025-05-11", 1),
        (NOW, "2025-05-10", 2),
        (LATER, "2025-05-10", 1),
    ],
)
def test_an_assessment_counts_once_it_is_published_and_its_folder_counts(folder, published, ratio):
    worse = paper("环境质量", folder, 考核结果="未达标", 发布日期=published)
    park = parked(worse, *applied(), paper("总量核定"), upto=LATER)
    assert [line for line in told(park) if "错误" in line] == []
    assert {int(one.ratio.numerator) for one in park.ledger.entries if one.document == "W9"} == {ratio}


def test_an_annual_register_counts_from_the_next_years_first_quarter():
    own = [paper("功能区", "2024"), paper("排污单位", "2024", 功能区编码="WB")]
    assert told(parked(*own, *applied(plant=GONE))) == []
    park = parked(paper("排污单位", "2025"), *applied(plant=GONE), upto="2026Q1")
    assert "2025Q2 建设项目!C2 错误 Q310" in told(park)
    assert park.book.known("unit", GONE)


# ── RESERVE-1: verified ≥ occupied + reserved ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("amount", "lines"), [("2.999999999", 0), ("3", 0), ("3.000000001", 1)])
def test_a_deposit_takes_at_most_what_is_left_of_the_verified_amount(amount, lines):
    park = parked(paper("指标储备", 储备量=amount))
    assert told(park) == ["2025Q2 指标储备!D2 错误 Q401"][:lines]
    assert posted(park) == ({"CB"} if not lines else set())


@pytest.mark.parametrize(("amount", "lines"), [("2.999999999", 0), ("3", 0), ("3.000000001", 1)])
def test_an_occupation_takes_at_most_what_is_left_of_the_verified_amount(amount, lines):
    park = parked(paper("减排量占用", 数量=amount))
    assert told(park) == ["2025Q2 减排量占用!E2 错误 Q401"][:lines]
    assert posted(park) == ({"ZY"} if not lines else set())


@pytest.mark.parametrize(("amount", "lines"), [("1.999999999", 0), ("2", 0), ("2.000000001", 1)])
def test_occupied_and_reserved_amounts_share_the_verified_one(amount, lines):
    park = parked(paper("减排量占用"), paper("指标储备", 储备量=amount))
    assert told(park) == ["2025Q2 指标储备!D2 错误 Q401"][:lines]


@pytest.mark.parametrize(("amount", "lines"), [("2.000000001", 0), ("2", 0), ("1.999999999", 1)])
def test_a_lower_verdict_leaves_what_is_occupied_and_reserved(amount, lines):
    park = parked(paper("入库审核", 核定减排量=amount))
    assert told(park) == ["2025Q2 入库审核!F2 错误 Q401"][:lines]
    assert (park.ledger.verified[("J1", "COD")] == 5 * 10**9) == bool(lines)


def test_a_verdict_of_not_passed_on_something_reserved_is_an_error():
    park = parked(paper("入库审核", 审核结论="不通过", 核定减排量=None, 原因="重复申报"))
    assert told(park) == ["2025Q2 入库审核!C2 错误 Q401"]
    assert left(park) == "11.5"


@pytest.mark.parametrize(
    ("sheet", "cells", "cell"),
    [
        ("入库审核", {"核定减排量": None}, "F2"),
        ("入库审核", {"审核结论": "不通过", "核定减排量": None, "原因": None}, "G2"),
        ("减排量占用", {"用途": "以新带老", "建设项目编号": None}, "H2"),
        ("上级储备", {"批次": None}, "H2"),
    ],
)
def test_what_the_other_cells_make_necessary_may_not_be_blank(sheet, cells, cell):
    assert told(parked(paper(sheet, **cells))) == [f"2025Q2 {sheet}!{cell} 错误 Q305"]


def test_a_consent_says_how_much():
    park = parked(*applied(), paper("总量核定", 核定新增外排环境量=None))
    assert told(park) == ["2025Q2 总量核定!G2 错误 Q305"]


def test_what_comes_from_the_superior_reserve_names_no_lot():
    park = parked(paper("上级储备", 方向="申请使用"))
    assert told(park) == ["2025Q2 上级储备!H2 错误 Q306"]
    assert posted(park) == set()


@pytest.mark.parametrize(
    ("sheet", "heading", "cell"),
    [
        ("减排量占用", "数量", "E2"),
        ("指标储备", "储备量", "D2"),
        ("上级储备", "数量", "F2"),
        ("功能区调剂", "数量", "F2"),
        ("指标回收", "回收量", "E2"),
    ],
)
def test_a_document_moves_more_than_nothing(sheet, heading, cell):
    assert told(parked(paper(sheet, **{heading: "0"}))) == [f"2025Q2 {sheet}!{cell} 错误 Q218"]
    assert told(parked(paper(sheet, **{heading: "0.000000001"}))) == []


def test_a_permitted_amount_and_a_closing_balance_may_be_nothing():
    nothing = {"核定新增外排环境量": "0", "核定本项目外排环境量": "0", "全厂核定外排环境量": "0"}
    park = parked(*applied(), paper("总量核定", **nothing), paper("结存核对", 污染因子="SO2", 期末结存="0"))
    assert told(park) == []
    assert status(park) is Status.NOTHING


# ── RESERVE-2a: transfers ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("amount", "lines"), [("11.499999999", 0), ("11.5", 0), ("11.500000001", 1)])
def test_a_transfer_takes_at_most_what_is_free(amount, lines):
    park = parked(paper("功能区调剂", 数量=amount))
    assert told(park) == ["2025Q2 功能区调剂!F2 错误 Q412"][:lines]
    assert left(park, "HD") == ("0" if lines else amount)


def test_what_is_frozen_is_not_free_to_transfer():
    park = parked(paper("上级储备", 日期="2025-05-09"), paper("功能区调剂", 数量="10.500000001"))
    assert told(park) == ["2025Q2 功能区调剂!F2 错误 Q412"]


def test_a_transfer_to_the_same_zone_is_an_error():
    park = parked(paper("功能区调剂", 调入功能区="HX"))
    assert told(park) == ["2025Q2 功能区调剂!D2 错误 Q413"]
    assert posted(park) == set()


def test_a_document_that_does_not_fit_in_one_row_posts_nothing():
    park = parked(paper("功能区调剂"), paper("功能区调剂", 污染因子="SO2"))
    assert told(park) == ["2025Q2 功能区调剂!F3 错误 Q412"]
    assert left(park, "HD") == "0"


# ── RESERVE-2b: identity and route ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        ({"全厂外排环境量": "1.500000001"}, 1),
        ({"全厂外排环境量": "1.499999999"}, 1),
        ({"全厂外排环境量": "1.5"}, 0),
        ({"在建外排环境量": "0.2", "全厂外排环境量": "1.5"}, 1),
        ({"在建外排环境量": "0.2", "全厂外排环境量": "1.7"}, 0),
        ({"以新带老削减量": "0.3", "全厂外排环境量": "1.5"}, 1),
        ({"以新带老削减量": "0.3", "全厂外排环境量": "1.2"}, 0),
        ({"以新带老削减量": "1.6", "全厂外排环境量": "0"}, 1),
    ],
)
def test_the_amounts_of_an_application_must_add_up(cells, lines):
    park = parked(paper("建设项目"), paper("总量申请", **cells))
    assert told(park) == ["2025Q2 总量申请!F2 错误 Q402"][:lines]


def test_an_identity_that_fails_changes_nothing_else():
    park = parked(paper("建设项目"), paper("总量申请", 全厂外排环境量="9"), paper("总量核定"))
    assert told(park) == ["2025Q2 总量申请!F2 错误 Q402"]
    assert (status(park), left(park)) == (Status.DEBITED, "11")


def routed(*others, way="备案", lots=(), **amounts):
    """Return what is told of a consent as 备案 (or 审核) on the amounts given, and the park."""
    decisions = [paper("总量核定", 污染因子=f, 确认方式=way, 核定新增外排环境量=a) for f, a in amounts.items()]
    park = parked(*others, *applied(**amounts), *decisions)
    return told(park), park


LINES = [(factor, "1") for factor in ("PM", "SO2", "NOX", "VOCS", "COD")]
LINES += [(factor, "0.1") for factor in ("NH3N", "TN", "TP")]


@pytest.mark.parametrize(("factor", "line"), LINES)
def test_up_to_the_line_an_application_files_and_above_it_is_reviewed(factor, line):
    below, at, above = (str(Decimal(line) + step) for step in (-MG, 0, MG))
    assert routed(**{factor: below})[0] == []
    assert routed(**{factor: at})[0] == []
    lines, park = routed(**{factor: above})
    assert lines == ["2025Q2 总量核定!C2 错误 Q406"]
    assert park.ledger.ruling("X9") is None
    assert routed(way="审核", **{factor: above})[0] == []


@pytest.mark.parametrize("factor", ["PB", "HG", "CD", "CR", "AS"])
def test_a_metal_is_always_reviewed(factor):
    assert routed(**{factor: "0.000000001"})[0] == ["2025Q2 总量核定!C2 错误 Q406"]
    assert routed(way="审核", **{factor: "0.000000001"})[0] == []


def test_one_factor_above_its_line_sends_the_whole_application_to_review():
    lines, park = routed(COD="0.5", NH3N="0.100000001")
    assert lines == ["2025Q2 总量核定!C2 错误 Q406"]
    assert "氨氮全厂年新增 0.100000001 t，超过 0.1 t" in message(park) and "化学需氧量" not in message(park)


def test_the_complaint_names_the_factors_that_call_for_review_and_no_others():
    _, park = routed(COD="2", PB="0", HG="0.001")
    assert "化学需氧量全厂年新增 2 t，超过 1 t；汞全厂年新增 0.001 t，无备案限值" in message(park)
    assert "铅" not in message(park)


def test_a_review_where_filing_would_do_is_a_hint_and_posts():
    lines, park = routed(way="审核", COD="1")
    assert lines == ["2025Q2 总量核定!C2 提示 Q407"]
    assert status(park) is Status.DEBITED


def test_the_increase_is_net_of_what_is_replaced():
    amounts = {"现有外排环境量": "2", "本项目外排环境量": "2", "以新带老削减量": "1", "全厂外排环境量": "3"}
    decided = paper("总量核定", 核定新增外排环境量="1")
    assert told(parked(paper("建设项目"), paper("总量申请", **amounts), decided)) == []


def test_without_any_increase_an_application_files_even_for_a_metal():
    amounts = {"污染因子": "PB", "现有外排环境量": "1", "以新带老削减量": "0.5"}
    own = [paper("建设项目"), paper("总量申请", **amounts, 全厂外排环境量="1")]
    park = parked(*own, paper("总量核定", 污染因子="PB", 核定新增外排环境量="0"))
    assert told(park) == []
    assert status(park) is Status.NOTHING


@pytest.mark.parametrize(
    ("earlier", "project", "lines"),
    [
        (applied("X8", BEFORE, B, COD="0.5"), "0.499999999", 0),
        (applied("X8", BEFORE, B, COD="0.5"), "0.5", 0),
        (applied("X8", BEFORE, B, COD="0.5"), "0.500000001", 1),
        (applied("X8", BEFORE, C, COD="0.5"), "0.500000001", 0),  # another plant
        (applied("X8", BEFORE, B, SO2="0.5"), "0.500000001", 0),  # another factor
        (applied("X8", BEFORE, B, "HD", COD="0.5"), "0.500000001", 1),  # the plant's, in whatever zone
    ],
)
def test_a_split_application_adds_up_over_the_plant_and_the_year(earlier, project, lines):
    assert routed(*earlier, COD=project)[0] == ["2025Q2 总量核定!C2 错误 Q406"][:lines]


@pytest.mark.parametrize(("day", "lines"), [("2024-12-31", 0), ("2025-01-01", 1)])
def test_another_calendar_year_starts_anew(day, lines):
    earlier = [paper("建设项目", BEFORE, 建设项目编号="X8", 申请日期=day), *applied("X8", BEFORE, B, COD="0.6")[1:]]
    assert [one for one in routed(*earlier, COD="0.6")[0] if "错误" in one] == ["2025Q2 总量核定!C2 错误 Q406"][:lines]


def test_of_two_applications_the_first_is_judged_without_the_second():
    later = [paper("建设项目", 建设项目编号="X99", 申请日期="2025-04-11"), *applied("X99", COD="0.9")[1:]]
    assert routed(*later, COD="0.9")[0] == []
    first = [paper("建设项目", 建设项目编号="X0"), *applied("X0", COD="0.9")[1:]]  # of one day, by number
    assert routed(*first, COD="0.9")[0] == ["2025Q2 总量核定!C2 错误 Q406"]


@pytest.mark.parametrize(
    ("decided", "lines"),
    [
        ({}, 1),
        ({"结论": "不同意", "核定新增外排环境量": None}, 0),
        ({"结论": "撤回", "核定新增外排环境量": None}, 0),
        ({"核定新增外排环境量": "0.1", "核定本项目外排环境量": "0.1", "全厂核定外排环境量": "0.1"}, 0),
    ],
    ids=["as applied", "refused", "withdrawn", "permitted less"],
)
def test_an_earlier_application_counts_as_it_was_decided(decided, lines):
    earlier = applied("X8", BEFORE, B, COD="0.6")
    if decided:
        day = {"核定日期": "2025-03-01", "建设项目编号": "X8", "文号": "W8"}
        earlier.append(paper("总量核定", BEFORE, **day, **decided))
    assert routed(*earlier, COD="0.6")[0] == ["2025Q2 总量核定!C2 错误 Q406"][:lines]


def consent(number, permitted, day="2025-03-01", **cells):
    """Return a decision of the first quarter on X8, which applied for 0.6 t."""
    amounts = dict.fromkeys(("核定新增外排环境量", "核定本项目外排环境量", "全厂核定外排环境量"), permitted)
    own = {"文号": number, "核定日期": day, "建设项目编号": "X8"}
    return paper("总量核定", BEFORE, **{**own, **amounts, **cells})


REFUSED = {"结论": "不同意", "核定本项目外排环境量": None, "全厂核定外排环境量": None}


@pytest.mark.parametrize(
    ("decided", "lines"),
    [
        ([consent("W8", "0.5")], 1),
        ([consent("W8", None, **REFUSED), consent("W8b", "0.5", "2025-03-02")], 1),
        ([consent("W8", "0.5"), paper("冲正", BEFORE, 原单号="W8", 日期="2025-03-02")], 1),  # only the rows count
        (
            [
                consent("W8", "0.5"),
                paper("冲正", BEFORE, 原单号="W8", 日期="2025-03-02"),
                consent("W8b", None, "2025-03-03", **REFUSED),
            ],
            0,
        ),
    ],
    ids=["permitted", "refused, then permitted", "reversed", "reversed, then refused"],
)
def test_the_last_decision_on_an_earlier_application_counts(decided, lines):
    earlier = applied("X8", BEFORE, B, COD="0.6")
    assert routed(*earlier, *decided, COD="0.6")[0] == ["2025Q2 总量核定!C2 错误 Q406"][:lines]


# ── RESERVE-2c: decisions ────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_decision_while_a_consent_stands_is_an_error():
    park = parked(paper("总量核定", 建设项目编号="X1"))
    assert told(park) == ["2025Q2 总量核定!F2 错误 Q403"]
    assert "W-1" in message(park)
    assert left(park) == "11.5"


@pytest.mark.parametrize("conclusion", ["不同意", "撤回"])
def test_not_even_a_refusal_may_follow_a_consent_that_stands(conclusion):
    park = parked(paper("总量核定", 建设项目编号="X1", 结论=conclusion, 核定新增外排环境量=None))
    assert told(park) == ["2025Q2 总量核定!F2 错误 Q403"]
    assert status(park, "X1") is Status.DEBITED


@pytest.mark.parametrize("conclusion", ["不同意", "撤回"])
def test_a_refused_project_may_be_decided_again(conclusion):
    refused = paper("总量核定", 文号="W8", 结论=conclusion, 核定新增外排环境量=None, 核定日期="2025-05-09")
    park = parked(*applied(), refused, paper("总量核定"))
    assert told(park) == []
    assert status(park) is Status.DEBITED


def test_a_refusal_is_tested_for_nothing_else():
    cells = {"污染因子": "PB", "结论": "不同意", "核定新增外排环境量": None, "平衡途径": "豁免", "指定批次": "QC-1"}
    park = parked(*applied(COD="5", SO2="5"), paper("总量核定", **cells))
    assert told(park) == []
    assert status(park) is Status.REFUSED


def test_a_factor_that_was_not_applied_for_cannot_be_permitted():
    park = parked(*applied(), paper("总量核定"), paper("总量核定", 污染因子="SO2"))
    assert told(park) == ["2025Q2 总量核定!B3 错误 Q404"]
    assert park.ledger.ruling("X9") is None


def test_a_consent_has_a_row_for_every_factor_with_an_increase():
    park = parked(*applied(COD="0.5", SO2="0.5", NOX="0"), paper("总量核定"))
    assert told(park) == ["2025Q2 总量核定!B2 错误 Q405"]
    assert "二氧化硫" in message(park) and "氮氧化物" not in message(park)
    assert park.ledger.ruling("X9") is None


def test_a_project_that_is_not_to_be_built_gets_no_consent():
    gone = paper("项目状态", 建设项目编号="X9", 状态="不再建设")
    park = parked(*applied(), gone, paper("总量核定"))
    assert told(park) == ["2025Q2 总量核定!A2 错误 Q408"]
    park = parked(*applied(), gone, paper("总量核定", 核定日期="2025-05-09"))
    assert told(park) == []


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        ({"核定新增外排环境量": "0.4"}, ["总量核定!H2 错误 Q409", "总量核定!I2 错误 Q409"]),
        ({"核定新增外排环境量": "0.4", "核定本项目外排环境量": "0.4"}, ["总量核定!I2 错误 Q409"]),
        ({"核定新增外排环境量": "0.4", "全厂核定外排环境量": "0.4"}, ["总量核定!H2 错误 Q409"]),
        ({"核定新增外排环境量": "0.4", "核定本项目外排环境量": "0.4", "全厂核定外排环境量": "0.4"}, []),
        (
            {"核定新增外排环境量": "0.4", "核定本项目外排环境量": "0.4", "全厂核定外排环境量": "0.400000001"},
            ["总量核定!G2 错误 Q410"],
        ),
        ({"全厂核定外排环境量": "0.499999999"}, ["总量核定!G2 错误 Q410"]),
        ({"全厂核定外排环境量": "0.5"}, []),
    ],
)
def test_permitted_amounts_are_as_applied_or_are_given_and_add_up(cells, lines):
    usual = {"核定本项目外排环境量": None, "全厂核定外排环境量": None}
    park = parked(*applied(), paper("总量核定", **{**usual, **cells}))
    assert told(park) == [f"2025Q2 {line}" for line in lines]
    assert (park.ledger.ruling("X9") is None) == bool(lines)


def test_a_whole_plant_below_what_it_has_permits_nothing_more():
    own = [paper("建设项目"), paper("总量申请")]
    cells = {"核定新增外排环境量": "0", "核定本项目外排环境量": "0", "全厂核定外排环境量": "0.9"}  # 现有 1
    assert told(parked(*own, paper("总量核定", **cells))) == []


@pytest.mark.parametrize(("permitted", "lines"), [("0.5", 0), ("0.500000001", 1)])
def test_more_than_applied_for_is_a_warning(permitted, lines):
    cells = {"核定本项目外排环境量": permitted, "全厂核定外排环境量": permitted, "核定新增外排环境量": permitted}
    park = parked(*applied(), paper("总量核定", **cells))
    assert (told(park), warned(park)) == ([], ["2025Q2 总量核定!G2 预警 W506"][:lines])
    assert status(park) is Status.DEBITED


@pytest.mark.parametrize("way", ["污水处理厂内平衡", "豁免"])
def test_another_balance_needs_its_ground_and_takes_nothing(way):
    park = parked(*applied(), paper("总量核定", 平衡途径=way, 审核意见=None))
    assert told(park) == ["2025Q2 总量核定!I2 错误 Q411"]
    park = parked(*applied(), paper("总量核定", 平衡途径=way, 审核意见="见会议纪要"))
    assert (told(park), status(park), left(park)) == ([], Status.NOTHING, "11.5")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"指定批次": "CB-0"}, "Q310"),
        ({"指定批次": "旁期初"}, "Q417"),  # it brought another factor
        ({"指定批次": "W-1"}, "Q417"),  # a document that brings nothing
    ],
)
def test_a_lot_that_nobody_brought_cannot_be_named(cells, code):
    park = parked(*applied(), paper("总量核定", **cells))
    assert told(park) == [f"2025Q2 总量核定!H2 错误 {code}"]
    assert park.ledger.ruling("X9") is None


@pytest.mark.parametrize(
    ("project", "lot"),
    [
        (applied(COD="0.5", zone="HD"), "CB-1"),  # not in the project's zone
        (applied(COD="0.5"), "CB"),  # brought in this quarter, after the decision, and too small
    ],
    ids=["elsewhere", "too small"],
)
def test_a_named_lot_that_is_not_there_waits_and_is_no_error(project, lot):
    late = paper("指标储备", 储备日期="2025-06-01", 储备量="0.4")
    park = parked(late, *project, paper("总量核定", 指定批次=lot))
    assert told(park) == []
    assert status(park) is Status.WAITING
    assert warned(park) == ["2025Q2 总量核定!G2 预警 W504"]


def test_a_named_lot_whose_deposit_failed_waits():
    park = parked(paper("指标储备", 储备量="9"), *applied(), paper("总量核定", 指定批次="CB"))
    assert told(park) == ["2025Q2 指标储备!D2 错误 Q401"]
    assert status(park) is Status.WAITING


def test_a_named_lot_serves_alone_and_waits_when_too_small():
    park = parked(*applied(COD="2"), paper("总量核定", 确认方式="审核", 核定新增外排环境量="2", 指定批次="CB-1"))
    assert (told(park), status(park)) == ([], Status.DEBITED)
    assert {one.lot for one in park.ledger.entries if one.document == "W9"} == {"CB-1"}
    cells = {"确认方式": "审核", "核定新增外排环境量": "2.000000001", "指定批次": "CB-1"}
    park = parked(*applied(COD="2.000000001"), paper("总量核定", **cells))
    assert (told(park), status(park), left(park)) == ([], Status.WAITING, "11.5")


@pytest.mark.parametrize(("amount", "waits"), [("11.499999999", 0), ("11.5", 0), ("11.500000001", 1)])
def test_a_debit_that_does_not_fit_waits_with_a_warning_and_is_no_error(amount, waits):
    park = parked(*applied(COD=amount), paper("总量核定", 确认方式="审核", 核定新增外排环境量=amount))
    assert told(park) == []
    assert warned(park) == ["2025Q2 总量核定!G2 预警 W504"][:waits]
    assert status(park) is (Status.WAITING if waits else Status.DEBITED)


def test_all_factors_of_a_project_are_debited_or_none():
    rows = [paper("总量核定", 污染因子=factor) for factor in ("COD", "SO2")]
    park = parked(*applied(COD="0.5", SO2="0.5"), *rows)
    assert (told(park), status(park), left(park)) == ([], Status.WAITING, "11.5")
    assert warned(park) == ["2025Q2 总量核定!G3 预警 W504"]


def test_one_that_does_not_fit_holds_up_nobody():
    rows = [
        *applied("X8", plant=C, COD="20"),
        *applied("X9"),
        paper(
            "总量核定", 建设项目编号="X8", 文号="W8", 确认方式="审核", 核定新增外排环境量="20", 核定日期="2025-05-01"
        ),
        paper("总量核定"),
    ]
    park = parked(*rows)
    assert (told(park), status(park, "X8"), status(park)) == ([], Status.WAITING, Status.DEBITED)


@pytest.mark.parametrize(("state", "end"), [("不再建设", Status.LEFT), ("在建", Status.DEBITED)])
def test_a_project_that_is_given_up_while_it_waits_leaves_the_queue_for_good(state, end):
    cells = {"确认方式": "审核", "核定新增外排环境量": "12"}
    supply = paper("上级储备", 日期="2025-06-01", 方向="申请使用", 批次=None)
    gone = paper("项目状态", 建设项目编号="X9", 状态=state, 状态日期="2025-05-20")
    park = parked(*applied(COD="12"), paper("总量核定", **cells), gone, supply)
    assert (told(park), status(park)) == ([], end)


# the ratio


def assessed(medium, year, published="2025-01-10"):
    return paper("环境质量", BEFORE, 要素=medium, 年度=year, 发布日期=published)


def test_without_an_assessment_there_is_no_ratio():
    own = applied("X8", BEFORE, B, COD="0.5")
    early = paper("总量核定", BEFORE, 建设项目编号="X8", 文号="W8", 核定日期="2025-01-09")
    early_application = paper("建设项目", BEFORE, 建设项目编号="X8", 申请日期="2025-01-05")
    park = parked(early_application, *own[1:], early)
    assert told(park) == ["2025Q1 总量核定!G4 错误 Q415"]
    assert park.ledger.ruling("X8") is None


@pytest.mark.parametrize(("quarter", "lines"), [("2026Q2", 0), ("2027Q2", 1)])
def test_an_assessment_older_than_two_years_is_a_warning(quarter, lines):
    year = quarter[:4]
    own = [
        paper("建设项目", quarter, 申请日期=f"{year}-04-10"),
        paper("总量申请", quarter),
        paper("总量核定", quarter, 核定日期=f"{year}-05-10"),
    ]
    park = parked(*own, upto=quarter)
    assert told(park) == []
    assert [line for line in warned(park) if "W505" in line] == [f"{quarter} 总量核定!G2 预警 W505"][:lines]
    assert status(park) is Status.DEBITED


def test_the_assessment_of_the_decisions_own_year_does_not_count():
    worse = paper("环境质量", 年度=2025, 考核结果="未达标", 发布日期="2025-04-10")
    park = parked(worse, *applied(), paper("总量核定"))
    assert (told(park), left(park)) == ([], "11")


@pytest.mark.parametrize(
    ("rows", "closing"),
    [
        ([{"考核结果": "未达标"}], "10.5"),
        ([{"考核结果": "未达标", "功能区编码": "HX"}], "10.5"),
        ([{"考核结果": "未达标", "功能区编码": "HD"}], "11"),
        ([{"考核结果": "未达标", "污染因子": "COD"}], "10.5"),
        ([{"考核结果": "未达标", "污染因子": "TP"}], "11"),
        ([{"考核结果": "未达标", "年度": 2023}], "11"),
        ([{"考核结果": "未达标", "污染因子": "COD"}, {"功能区编码": "HX"}], "10.5"),  # the factor before the zone
        ([{"考核结果": "未达标"}, {"功能区编码": "HX"}], "11"),
    ],
)
def test_the_latest_year_then_the_most_specific_then_the_latest_published_assessment_counts(rows, closing):
    park = parked(*(paper("环境质量", **row) for row in rows), *applied(), paper("总量核定"))
    assert (told(park), left(park)) == ([], closing)


def industrial(ratios):
    """Return the rules with ratios for NH3N by industry (a prefix, or "" for any)."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in PARAMETERS.glob("*.yaml")}
    lines = [texts["ratios"].replace("[COD, NH3N]", "[COD]")]
    for number, (prefix, value) in enumerate(ratios.items()):
        industry = f"industry: [{prefix!r}], " if prefix else ""
        dated = f'values: {{2021-01-01: {{value: "{value}", reference: r, status: local}}}}'
        lines.append(f"r{number}: {{label: r, factors: [NH3N], {industry}unit: t/t, clause: RESERVE-2c, {dated}}}")
    return Rules(texts | {"ratios": "\n".join(lines)})


def priced(ratios, project, plant):
    """Return the park after 0.1 t of NH3N was permitted to a project and a plant of these industries."""
    rows = [
        paper("排污单位", 统一社会信用代码=B, 单位名称="乙厂（更名）", 功能区编码="HX", 行业代码=plant),
        paper("上级储备", 方向="申请使用", 污染因子="NH3N", 批次=None),
        paper("建设项目", 行业代码=project),
        *applied(NH3N="0.1")[1:],
        paper("总量核定", 污染因子="NH3N", 核定新增外排环境量="0.1"),
    ]
    return parked(*rows, given=industrial(ratios))


@pytest.mark.parametrize(
    ("project", "plant", "closing"),
    [
        ("3484", None, "0.7"),
        ("3985", None, "0.8"),
        ("1523", None, "0.9"),
        (None, "3484", "0.7"),
        ("1523", "3484", "0.9"),
    ],
)
def test_the_longest_industry_that_fits_gives_the_ratio_the_projects_own_before_the_plants(project, plant, closing):
    park = priced({"": "1", "3": "2", "34": "3"}, project, plant)
    assert (told(park), left(park, factor="NH3N")) == ([], closing)


def test_where_a_rule_names_an_industry_project_or_plant_must_have_one():
    park = priced({"": "1", "3": "2"}, None, None)
    assert told(park) == ["2025Q2 总量核定!G2 错误 Q416"]
    assert park.ledger.ruling("X9") is None


def test_there_is_no_default_ratio():
    assert told(priced({"3": "2"}, "1523", None)) == ["2025Q2 总量核定!G2 错误 Q414"]
    assert told(priced({}, "1523", None)) == ["2025Q2 总量核定!G2 错误 Q414"]


# ── RESERVE-2d: the superior reserve ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("amount", "lines"), [("1.999999999", 0), ("2", 0), ("2.000000001", 1)])
def test_at_most_what_is_free_of_a_lot_is_frozen(amount, lines):
    park = parked(paper("上级储备", 数量=amount))
    assert told(park) == ["2025Q2 上级储备!F2 错误 Q422"][:lines]


@pytest.mark.parametrize("direction", ["上级使用", "退出上级"])
@pytest.mark.parametrize(("amount", "lines"), [("0.999999999", 0), ("1", 0), ("1.000000001", 1)])
def test_at_most_what_is_frozen_is_used_or_released(direction, amount, lines):
    park = parked(paper("上级储备", 日期="2025-05-09"), paper("上级储备", 单号="SJ-2", 方向=direction, 数量=amount))
    assert told(park) == ["2025Q2 上级储备!F3 错误 Q423"][:lines]


def test_only_lots_from_reduction_projects_are_frozen():
    park = parked(paper("上级储备", 批次="QC-1"))
    assert told(park) == ["2025Q2 上级储备!H2 错误 Q421"]
    park = parked(paper("上级储备", 批次="旁申请", 功能区编码="HD", 污染因子="TN", 日期="2025-05-11"))
    assert told(park) == ["2025Q2 上级储备!H2 错误 Q421"]


@pytest.mark.parametrize("cells", [{"功能区编码": "HD"}, {"污染因子": "SO2"}, {"批次": "W-1"}])
def test_a_lot_must_be_where_the_row_says(cells):
    park = parked(paper("上级储备", **cells))
    assert told(park) == ["2025Q2 上级储备!H2 错误 Q420"]
    assert posted(park) == set()


# ── RESERVE-4: recoveries ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("amount", "lines"), [("0.499999999", 0), ("0.5", 0), ("0.500000001", 1)])
def test_at_most_what_was_permitted_is_recovered(amount, lines):
    park = parked(paper("指标回收", 回收量=amount))
    assert told(park) == ["2025Q2 指标回收!E2 错误 Q431"][:lines]


@pytest.mark.parametrize(("amount", "lines"), [("0.3", 0), ("0.300000001", 1)])
def test_what_was_recovered_before_is_not_recovered_again(amount, lines):
    park = parked(paper("指标回收", 单号="HS-1", 回收量="0.2", 回收日期="2025-05-09"), paper("指标回收", 回收量=amount))
    assert told(park) == ["2025Q2 指标回收!E3 错误 Q431"][:lines]


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        ([], {"污染因子": "SO2"}),
        (applied(), {"建设项目编号": "X9"}),
        (
            [*applied(COD="20"), paper("总量核定", 确认方式="审核", 核定新增外排环境量="20")],
            {"建设项目编号": "X9", "回收日期": "2025-05-11"},
        ),
        (
            [*applied(), paper("总量核定", 平衡途径="豁免", 审核意见="见纪要")],
            {"建设项目编号": "X9", "回收日期": "2025-05-11"},
        ),
        ([paper("冲正", 原单号="W-1", 日期="2025-05-09")], {}),
    ],
    ids=["another factor", "undecided", "waiting", "nothing debited", "reversed"],
)
def test_without_a_debit_that_stands_nothing_is_recovered(rows, cells):
    park = parked(*rows, paper("指标回收", **cells))
    assert told(park) == ["2025Q2 指标回收!C2 错误 Q430"]
    assert "HS" not in posted(park)


@pytest.mark.parametrize(
    ("states", "lines"),
    [
        ([], 1),
        ([("不再建设", "2025-05-11")], 1),
        ([("不再建设", "2025-05-10")], 0),
        ([("不再建设", "2025-05-08"), ("在建", "2025-05-09")], 1),
    ],
)
def test_given_up_needs_that_state_on_the_day_of_recovery(states, lines):
    rows = [paper("项目状态", 状态=word, 状态日期=day) for word, day in states]
    park = parked(*rows, paper("指标回收", 回收原因="不再建设"))
    assert told(park) == ["2025Q2 指标回收!D2 错误 Q432"][:lines]
    if lines:
        assert f"项目状态是“{'在建' if len(states) == 2 else '未填报'}”" in message(park)


def surplus(actual, *, running="2025-01-01", verified="2026-05-10", amount="0.1", permitted="10", year=2025):
    """Return a 富余 recovery of 2026Q2 from X1, on plant A's verified figure of 2025."""
    return [
        paper("项目状态", BEFORE, 状态="正式运行", 状态日期=running),
        paper("总量复核", "2025", 年度=year, 核定许可排放量=permitted, 核定实际排放量=actual, 复核日期=verified),
        paper("指标回收", "2026Q2", 回收原因="富余", 回收量=amount, 回收日期="2026-05-10"),
    ]


@pytest.mark.parametrize(
    ("actual", "lines"), [("7.999", 0), ("7.999999999", 0), ("8", 1), ("8.000000001", 1), ("8.001", 1)]
)
def test_a_plant_at_exactly_eighty_percent_keeps_its_quota(actual, lines):
    park = parked(*surplus(actual), upto="2026Q2")
    assert told(park) == ["2026Q2 指标回收!E2 错误 Q433"][:lines]


@pytest.mark.parametrize(("amount", "lines"), [("0.299999999", 0), ("0.3", 0), ("0.300000001", 1)])
def test_at_most_the_surplus_is_recovered(amount, lines):
    park = parked(*surplus("0.7", permitted="1", amount=amount), upto="2026Q2")
    assert told(park) == ["2026Q2 指标回收!E2 错误 Q433"][:lines]


@pytest.mark.parametrize(("amount", "lines"), [("0.2", 0), ("0.200000001", 1)])
def test_the_surplus_is_shared_by_the_plants_projects(amount, lines):
    other = [
        *applied("X8", BEFORE, A, COD="0.4"),
        paper("总量核定", BEFORE, 建设项目编号="X8", 文号="W8", 核定新增外排环境量="0.4", 核定日期="2025-02-20"),
        paper("项目状态", BEFORE, 建设项目编号="X8", 状态="正式运行", 状态日期="2025-01-01"),
    ]
    cells = {"回收原因": "富余", "回收日期": "2026-05-11", "建设项目编号": "X8", "单号": "HS-8", "回收量": amount}
    park = parked(*other, *surplus("0.7", permitted="1"), paper("指标回收", "2026Q2", **cells), upto="2026Q2")
    assert told(park) == ["2026Q2 指标回收!E3 错误 Q433"][:lines]


@pytest.mark.parametrize(
    "cells",
    [
        {"running": "2025-01-02"},  # the year began before
        {"verified": "2026-05-11"},  # verified after the recovery
        {"year": 2024},  # the year before formal operation
    ],
)
def test_without_a_verified_full_year_of_operation_there_is_no_surplus(cells):
    park = parked(*surplus("5", **cells), upto="2026Q2")
    assert told(park) == ["2026Q2 指标回收!D2 错误 Q434"]


def test_the_latest_verified_year_counts():
    figure = {"年度": 2026, "核定许可排放量": "10", "核定实际排放量": "9", "复核日期": "2027-05-01"}
    own = surplus("5")[:2]
    day = {"回收原因": "富余", "回收日期": "2027-05-10"}
    park = parked(*own, paper("总量复核", "2026", **figure), paper("指标回收", "2027Q2", **day), upto="2027Q2")
    assert told(park) == ["2027Q2 指标回收!E2 错误 Q433"]
    assert "2026 年度的富余 0 t" in message(park)


def test_what_is_recovered_goes_back_into_the_lots_last_taken_first():
    decisions = [paper("总量核定", 确认方式="审核", 核定新增外排环境量="11", 污染因子="COD")]
    decisions += [paper("总量核定", 确认方式="审核", 核定新增外排环境量="1", 污染因子="SO2")]
    lot = paper("上级储备", 单号="SJ-2", 方向="申请使用", 污染因子="SO2", 批次=None)
    rows = [
        paper("指标回收", 单号=number, 建设项目编号="X9", 污染因子=factor, 回收量="1", 回收日期=day)
        for number, factor, day in (
            ("HS-0", "SO2", "2025-05-11"),
            ("HS-1", "COD", "2025-05-11"),
            ("HS-2", "COD", "2025-05-12"),
        )
    ]
    rows += [paper("指标回收", 单号="R-1", 回收日期="2025-05-11")]  # of another project, from the same lot
    rows += [paper("指标回收", 单号="HS-3", 建设项目编号="X9", 回收量="9", 回收日期="2025-05-13")]
    park = parked(lot, *applied(COD="11", SO2="1"), *decisions, *rows)
    assert told(park) == []
    found = [(e.document, e.lot, e.amount) for e in park.ledger.entries if e.document.startswith("HS")]
    half = 5 * 10**8
    assert found == [
        ("HS-0", "SJ-2", 2 * half),
        ("HS-1", "CB-1", 2 * half),
        ("HS-2", "CB-1", half),
        ("HS-2", "QC-1", half),
        ("HS-3", "QC-1", 18 * half),
    ]


@pytest.mark.parametrize(("reading", "closing"), [("as_debited", "49.912"), ("one", "49.911")])
def test_what_is_recovered_goes_back_at_the_debits_ratio_or_as_the_reading_says(reading, closing):
    text = (PARAMETERS / "readings.yaml").read_text(encoding="utf-8")
    assert '"as_debited"' in text
    texts = {path.stem: path.read_text(encoding="utf-8") for path in PARAMETERS.glob("*.yaml")}
    given = Rules(texts | {"readings": text.replace('"as_debited"', f'"{reading}"')})
    assert left(parked(given=given), "HD", "TN") == closing  # the bystanders recover 0.01 t of what cost 1.1


def test_without_a_permitted_amount_there_is_no_surplus():
    park = parked(*surplus("5", permitted=None), upto="2026Q2")
    assert told(park) == ["2026Q2 指标回收!E2 错误 Q435"]
    assert "2025/all.xlsx › 总量复核 第 2 行" in park.problems[0].fix


# ── SAFE-4: corrections ──────────────────────────────────────────────────────────────────────────────────────────


def test_what_has_been_used_since_cannot_be_reversed():
    rows = [paper("功能区调剂", 数量="11", 日期="2025-05-01"), paper("冲正")]
    park = parked(*rows)
    assert told(park) == ["2025Q2 冲正!B2 错误 Q442"]
    assert message(park).endswith("会使批次 CB-1（HX/化学需氧量）不足 1.5 t；其后已被使用：TJ")
    assert posted(park) == {"TJ"}


def test_what_is_frozen_since_cannot_be_reversed():
    park = parked(paper("上级储备", 日期="2025-05-01", 数量="0.5"), paper("冲正"))
    assert told(park) == ["2025Q2 冲正!B2 错误 Q442"]
    assert "SJ" in message(park)


def test_a_transfer_cannot_be_reversed_once_the_other_zone_has_used_it():
    rows = [
        paper("功能区调剂", 日期="2025-05-01"),
        paper("功能区调剂", 单号="TJ-2", 日期="2025-05-02", 调出功能区="HD", 调入功能区="WB", 数量="0.5"),
        paper("冲正", 原单号="TJ"),
    ]
    park = parked(paper("功能区"), *rows)
    assert told(park) == ["2025Q2 冲正!B2 错误 Q442"]
    assert "TJ-2" in message(park)


def test_of_several_corrections_of_one_day_the_one_whose_original_was_booked_last_goes_first():
    rows = [
        paper("功能区调剂", 单号="TJ-1", 日期="2025-05-01"),
        paper("功能区调剂", 单号="TJ-2", 日期="2025-05-02", 调出功能区="HD", 调入功能区="WB"),
        *(paper("冲正", 单号=f"CZ-{n}", 原单号=f"TJ-{n}") for n in (1, 2)),
    ]
    park = parked(paper("功能区"), *rows)
    assert (told(park), left(park), left(park, "WB")) == ([], "11.5", "0")


def test_a_debit_cannot_be_reversed_while_part_of_it_is_recovered():
    park = parked(paper("指标回收"), paper("冲正", 原单号="W-1", 日期="2025-05-11"))
    assert told(park) == ["2025Q2 冲正!B2 错误 Q443"]
    assert "HS" in message(park)
    rows = [paper("冲正", 单号="CZ-1", 原单号="HS", 日期="2025-05-11"), paper("冲正", 原单号="W-1", 日期="2025-05-12")]
    park = parked(paper("指标回收"), *rows)
    assert (told(park), status(park, "X1"), left(park)) == ([], Status.REVERSED, "12")


@pytest.mark.parametrize("folder", [NOW, LATER])
def test_a_correction_is_never_reversed(folder):
    day = "2025-05-11" if folder == NOW else "2025-08-10"
    park = parked(paper("冲正"), paper("冲正", folder, 单号="CZ-2", 原单号="CZ", 日期=day), upto=LATER)
    assert told(park) == [f"{folder} 冲正!B{3 if folder == NOW else 2} 错误 Q440"]
    assert posted(park) == {"CZ"}


def test_a_document_is_reversed_once():
    park = parked(paper("冲正"), paper("冲正", 单号="CZ-2", 日期="2025-05-11"))
    assert told(park) == ["2025Q2 冲正!B3 错误 Q441"]
    assert "CZ" in message(park)
    assert left(park) == "9.5"


@pytest.mark.parametrize(
    "rows",
    [
        [paper("减排量占用"), paper("冲正", 原单号="ZY")],
        [paper("指标储备"), paper("冲正", 原单号="CB")],
        [paper("上级储备"), paper("冲正", 原单号="SJ")],
        [paper("上级储备", 方向="申请使用", 批次=None), paper("冲正", 原单号="SJ")],
        [paper("功能区调剂"), paper("冲正", 原单号="TJ")],
        [paper("指标回收"), paper("冲正", 原单号="HS")],
        [*applied(), paper("总量核定"), paper("冲正", 原单号="W9")],
        [*applied(COD="20"), paper("总量核定", 确认方式="审核", 核定新增外排环境量="20"), paper("冲正", 原单号="W9")],
    ],
    ids=["occupation", "deposit", "freeze", "superior", "transfer", "recovery", "decision", "waiting"],
)
def test_a_document_and_its_correction_leave_no_trace_in_any_balance(rows):
    park, before = parked(*rows), parked()
    assert told(park) == []
    for zone in ("HX", "HD"):
        assert left(park, zone) == left(before, zone)
    assert sum(lot.frozen for lot in park.ledger.lots) == 0
    assert park.ledger.reserved == before.ledger.reserved
    assert {k: v for k, v in park.ledger.occupied.items() if v} == before.ledger.occupied


def test_a_reversed_decision_may_be_decided_anew_under_a_new_number():
    rows = [
        paper("冲正", 原单号="W-1", 日期="2025-05-09"),
        paper("总量核定", 建设项目编号="X1", 文号="W-2"),
    ]
    park = parked(*rows)
    assert (told(park), status(park, "X1"), left(park)) == ([], Status.DEBITED, "11.5")


# ── RESERVE-3: published balances ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("closing", "lines"), [("11.499999999", 1), ("11.5", 0), ("11.500000001", 1)])
def test_a_published_balance_is_the_ledgers_to_the_last_digit(closing, lines):
    assert told(parked(paper("结存核对", 期末结存=closing))) == ["2025Q2 结存核对!C2 错误 Q450"][:lines]


def test_where_the_ledger_has_no_row_the_published_balance_is_nothing():
    assert told(parked(paper("结存核对", 污染因子="SO2", 期末结存="0"))) == []
    assert told(parked(paper("结存核对", 污染因子="SO2", 期末结存="0.1"))) == ["2025Q2 结存核对!C2 错误 Q450"]


def test_a_published_balance_that_differs_beside_other_errors_is_a_hint():
    park = parked(paper("指标储备", 储备量="9"), paper("结存核对", 期末结存="20.5"))
    assert told(park) == ["2025Q2 指标储备!D2 错误 Q401", "2025Q2 结存核对!C2 提示 Q451"]


def test_two_published_balances_that_differ_are_two_errors():
    rows = [paper("结存核对", 期末结存="1"), paper("结存核对", 污染因子="SO2", 期末结存="1")]
    assert told(parked(*rows)) == ["2025Q2 结存核对!C2 错误 Q450", "2025Q2 结存核对!C3 错误 Q450"]


def test_the_published_balance_of_another_folder_is_another_row():
    rows = [paper("结存核对"), paper("结存核对", LATER, 期末结存="11.5")]
    assert told(parked(*rows, upto=LATER)) == []
