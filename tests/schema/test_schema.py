"""The schema says what the data contract says: its sheets, written down here a second time."""

from quota_lib.facts import RECORDS
from quota_lib.schema import also_accepted, by_name, sheets
from quota_lib.words import key

# A type: its name, ° where the column may be missing; words with /, and °= where a blank means the first.
CONTRACT = {
    "功能区": dict(
        folder="any",
        key="功能区编码",
        again="replaces",
        columns="功能区编码 id; 功能区名称 text",
    ),
    "排污单位": dict(
        folder="any",
        key="plant",
        again="replaces",
        fixed="功能区编码",
        columns="plant plant; 单位名称 text; 功能区编码 zone; 行业代码 text°; "
        "排污许可管理类别 重点管理/简化管理/登记管理°; 排污许可证编号 text°; "
        "受纳污水处理厂 text°; 地址 text°",
    ),
    "许可总量": dict(
        folder="any",
        key="plant 污染因子 生效日期",
        again="replaces",
        columns="plant plant; 污染因子 factor; 全厂许可接管量 t°; "
        "全厂许可外排环境量 t; 依据 text; 文号 text°; 生效日期 date",
    ),
    "污水处理厂": dict(
        folder="any",
        key="污水处理厂名称 污染因子 生效日期",
        again="replaces",
        columns="污水处理厂名称 text; 污染因子 factor; 出水浓度(mg/L) number; 依据 text; 生效日期 date",
    ),
    "排放口": dict(
        folder="any",
        key="plant 排放口编号",
        again="replaces",
        columns="plant plant; 排放口编号 id; 类别 大气/水; 主要排放口 是/否; "
        "应装自动监测因子 factor+°; 受纳污水处理厂 text°",
    ),
    "减排清单": dict(
        folder="quarter",
        key="项目编号",
        date="列入日期",
        again="replaces",
        columns="项目编号 id; 项目名称 text; plant plant; 功能区编码 zone; "
        "提出单位 功能区/生态环境局/经发委; 责任人 text; 列入日期 date",
    ),
    "减排项目": dict(
        folder="quarter",
        key="项目编号",
        date="申报日期",
        again="replaces",
        fixed="plant 功能区编码",
        columns="项目编号 id; 项目名称 text; plant plant; 功能区编码 zone; "
        "减排工程类型 产业结构升级/工艺改进/深度治理/其他; 建设地点 text; 联系人 text°; "
        "开工时间 date°; 竣工时间 date; 验收时间 date°; "
        "资金投入(万元) number°; 减排运行情况 text°; 环评批复文号 text°; "
        "排污许可变更日期 date°; 排污起始时间 date°; 关停时间 date°; "
        "可监测 是/否°; 可统计 是/否°; 可核查 是/否°; 涉及设施 text°; "
        "核算单位 text°; 填报人 text°; 申报日期 date",
    ),
    "减排量": dict(
        folder="quarter",
        key="项目编号 污染因子",
        again="replaces",
        columns="项目编号 id; 污染因子 factor; 减排前许可排放量 t°; 减排前实际排放量 t°; "
        "减排后许可排放量 t°; 申报减排量 t; 核算方法 text; 核算依据 text°",
    ),
    "佐证材料": dict(
        folder="quarter",
        columns="项目编号 id; 材料类型 竣工验收/资金证明/核算过程/环评审批/排污许可证; "
        "文件名称 text; 文号 text°; 日期 date°",
    ),
    "入库审核": dict(
        folder="quarter",
        key="项目编号 污染因子",
        date="审核日期",
        again="replaces",
        columns="项目编号 id; 污染因子 factor; 审核结论 通过/不通过; 核定减排量 t°; "
        "原因 text°; 审核人 text; 审核单位 text°; 审核日期 date",
    ),
    "减排量占用": dict(
        folder="quarter",
        key="单号 污染因子",
        same="项目编号 用途 日期",
        date="日期",
        again="refused",
        columns="单号 id; 项目编号 id; 污染因子 factor; "
        "用途 约束性减排/以新带老/排污权出让/其他; 数量 t; 建设项目编号 id°; "
        "日期 date; 依据 text",
    ),
    "期初结存": dict(
        folder="first",
        key="单号 功能区编码 污染因子",
        again="refused",
        columns="单号 id; 功能区编码 zone; 污染因子 factor; 数量 t; 依据 text",
    ),
    "指标储备": dict(
        folder="quarter",
        key="单号 污染因子",
        same="项目编号 储备日期",
        date="储备日期",
        again="refused",
        columns="单号 id; 项目编号 id; 污染因子 factor; 储备量 t; 储备日期 date",
    ),
    "建设项目": dict(
        folder="quarter",
        key="建设项目编号",
        date="申请日期",
        again="replaces",
        fixed="plant 功能区编码 申请日期",
        columns="建设项目编号 id; 项目代码 text°; 建设项目名称 text; plant plant; "
        "功能区编码 zone; 建设地点 text; 行业代码 text°; 申请日期 date; "
        "环评批复文号 text°",
    ),
    "总量申请": dict(
        folder="quarter",
        key="建设项目编号 污染因子",
        again="replaces",
        columns="建设项目编号 id; 污染因子 factor; 现有外排环境量 t; 在建外排环境量 t°; "
        "本项目接管量 t°; 本项目外排环境量 t; 其中无组织 t°; 以新带老削减量 t; "
        "全厂接管量 t°; 全厂外排环境量 t; 平衡依据 text°",
    ),
    "总量核定": dict(
        folder="quarter",
        key="文号 建设项目编号 污染因子",
        same="核定日期",
        date="核定日期",
        again="refused",
        same_each="确认方式 结论",
        columns="建设项目编号 id; 污染因子 factor; 确认方式 备案/审核; 结论 同意/不同意/撤回; "
        "核定接管量 t°; 核定本项目外排环境量 t°; 核定新增外排环境量 t°; "
        "全厂核定接管量 t°; 全厂核定外排环境量 t°; "
        "平衡途径 园区储备库/污水处理厂内平衡/豁免°=; 指定批次 id°; 审核意见 text°; "
        "审核人 text°; 核定日期 date; 文号 id",
    ),
    "上级储备": dict(
        folder="quarter",
        key="单号 污染因子 批次",
        same="日期 方向 功能区编码 文号",
        date="日期",
        again="refused",
        columns="单号 id; 日期 date; 方向 申请使用/纳入上级/上级使用/退出上级; "
        "功能区编码 zone; 污染因子 factor; 数量 t; 批次 id°; 文号 text",
    ),
    "功能区调剂": dict(
        folder="quarter",
        key="单号 污染因子",
        same="日期 调出功能区 调入功能区 文号",
        date="日期",
        again="refused",
        columns="单号 id; 日期 date; 调出功能区 zone; 调入功能区 zone; 污染因子 factor; 数量 t; 文号 text",
    ),
    "项目状态": dict(
        folder="quarter",
        key="建设项目编号 状态日期",
        date="状态日期",
        again="refused",
        columns="建设项目编号 id; 状态 未开工/在建/调试/正式运行/关停/不再建设; 状态日期 date",
    ),
    "指标回收": dict(
        folder="quarter",
        key="单号 污染因子",
        same="建设项目编号 回收原因 回收日期",
        date="回收日期",
        again="refused",
        columns="单号 id; 建设项目编号 id; 污染因子 factor; 回收原因 不再建设/富余/其他; "
        "回收量 t; 回收日期 date; 依据 text",
    ),
    "冲正": dict(
        folder="quarter",
        key="单号",
        date="日期",
        again="refused",
        columns="单号 id; 原单号 id; 日期 date; 原因 text; 依据 text",
    ),
    "结存核对": dict(
        folder="quarter",
        key="folder 功能区编码 污染因子",
        again="refused",
        columns="功能区编码 zone; 污染因子 factor; 期末结存 t",
    ),
    "环境质量": dict(
        folder="any",
        key="年度 要素 污染因子 功能区编码 发布日期",
        date="发布日期",
        again="replaces",
        columns="年度 year; 要素 大气/水; 污染因子 factor°; 功能区编码 zone°; "
        "考核结果 达标/未达标; 下年度改善目标(%) percent°; 发布日期 date°",
    ),
    "总量管理名单": dict(
        folder="year",
        key="年度 plant",
        date="排定日期",
        again="replaces",
        columns="年度 year; plant plant; 排定日期 date",
    ),
    "总量申报": dict(
        folder="year",
        key="年度 plant 污染因子 口径 范围",
        date="申报日期",
        again="replaces",
        columns="年度 year; plant plant; 污染因子 factor; "
        "口径 外排环境量/接管量°=; 范围 全厂/主要排放口°=; 许可排放量 t; 实际排放量 t; "
        "其中无组织 t°; 允许排放量 t; "
        "核算方法 在线监测/监督监测/自行监测/物料衡算/产排污系数/执行报告; 申报日期 date",
    ),
    "手工监测": dict(
        folder="year",
        key="类型 plant 排放口编号 采样日期 污染因子 报告编号",
        date="采样日期",
        again="refused",
        columns="类型 监督监测/自行监测; plant plant; 排放口编号 id; "
        "采样日期 date|time; 污染因子 factor; "
        "浓度(mg/m³ 或 mg/L) number|未检出; 检出限 number°; "
        "流量(m³/h) number; 生产负荷(%) percent°; 监测单位 text°; "
        "报告编号 text°",
    ),
    "校准记录": dict(
        folder="year",
        key="plant 排放口编号 污染因子 校准时间",
        again="refused",
        columns="plant plant; 排放口编号 id; 污染因子 factor; 校准时间 time; 结果 合格/不合格",
    ),
    "排放口年度": dict(
        folder="year",
        key="年度 plant 排放口编号",
        again="replaces",
        columns="年度 year; plant plant; 排放口编号 id; 年排放时间(h) number°; 年排水量(m³) number°",
    ),
    "年度绩效": dict(
        folder="year",
        key="年度 plant",
        again="replaces",
        columns="年度 year; plant plant; 工业总产值(万元) number°; 绩效等级 A/B/C/D°",
    ),
    "统计与披露": dict(
        folder="year",
        key="年度 plant 污染因子 来源 口径 范围",
        again="replaces",
        columns="年度 year; plant plant; 污染因子 factor; "
        "来源 环境统计/环境信息披露/执行报告; 口径 外排环境量/接管量°=; "
        "范围 全厂/主要排放口°=; 排放量 t",
    ),
    "排放限量": dict(
        folder="any",
        key="年度 功能区编码 污染因子",
        date="发布日期",
        again="replaces",
        columns="年度 year; 功能区编码 zone°; 污染因子 factor; 限量 t; 预留量 t°; 发布日期 date°",
    ),
    "总量复核": dict(
        folder="year",
        key="年度 plant 污染因子 口径",
        date="复核日期",
        again="replaces",
        columns="年度 year; plant plant; 污染因子 factor; "
        "口径 外排环境量/接管量°=; 核定许可排放量 t°; 核定实际排放量 t; "
        "下年度核定允许排放量 t°; 意见 text°; 复核人 text; 复核日期 date",
    ),
    "复核意见": dict(
        folder="any",
        key="报告 编号 意见日期",
        date="意见日期",
        again="replaces",
        columns="报告 text; 编号 id; 意见 text; 复核人 text; 意见日期 date",
    ),
}
WORDS = {
    "产业结构升级": ["产业结构升级类"],
    "工艺改进": ["工艺改进类"],
    "深度治理": ["深度治理类"],
    "其他": ["其他类"],
    "环境信息披露": ["信息披露"],
    "未开工": ["未建", "未建设"],
    "污水处理厂内平衡": ["污水厂内平衡"],
}
HEADINGS = {"污水处理厂": {"污水处理厂名称": ["污水厂名称"]}, "排污单位": {"受纳污水处理厂": ["受纳污水厂"]}}


def headings_of(sheet, names):
    shown = {field.name: "plant" if field.type == "unit" else field.heading for field in sheet.fields}
    return " ".join(({"folder": "folder"} | shown)[name] for name in names)


def type_of(field):
    if field.words:
        mark = "°=" if field.default else "°" if field.optional else ""
        return "/".join(field.words) + mark
    name = {"unit": "plant", "measured": "number|未检出", "moment": "date|time", "factors": "factor+"}
    return name.get(field.type, field.type) + ("°" if field.optional else "")


def as_the_contract_writes(sheet):
    columns = {headings_of(sheet, [field.name]): type_of(field) for field in sheet.fields}
    said = {
        "folder": sheet.folders,
        "key": headings_of(sheet, sheet.key),
        "same": headings_of(sheet, sheet.same),
        "same_each": headings_of(sheet, sheet.same_each),
        "date": sheet.date and sheet.heading(sheet.date),
        "again": sheet.again,
        "fixed": headings_of(sheet, sheet.fixed),
        "columns": "; ".join(f"{heading} {kind}" for heading, kind in columns.items()),
    }
    return {name: value for name, value in said.items() if value}


def test_every_sheet_is_as_in_the_contract():
    written = {title: as_the_contract_writes(sheet) for title, sheet in sheets().items() if title != "核算-…"}
    assert list(written) == list(CONTRACT)
    for title, sheet in CONTRACT.items():
        assert written[title] == sheet, title


def test_every_default_is_the_first_word():
    for sheet in sheets().values():
        assert all(field.default in ("", *field.words[:1]) for field in sheet.fields), sheet.title


def test_other_words_and_headings_are_accepted_as_the_contract_lists_them():
    assert also_accepted() == {key(other): word for word, others in WORDS.items() for other in others}
    aliases = {
        title: {key(other): heading for heading, others in said.items() for other in others}
        for title, said in HEADINGS.items()
    }
    assert {title: sheet.aliases for title, sheet in sheets().items() if sheet.aliases} == aliases


def test_documents_are_numbered_by_the_first_column_of_their_key():
    numbered = {sheet.title: sheet.heading(sheet.number) for sheet in sheets().values() if sheet.number}
    assert numbered == {
        "减排量占用": "单号",
        "期初结存": "单号",
        "指标储备": "单号",
        "总量核定": "文号",
        "上级储备": "单号",
        "功能区调剂": "单号",
        "指标回收": "单号",
        "冲正": "单号",
    }
    assert all(sheet.key[0] == sheet.number for sheet in sheets().values() if sheet.number)


def test_records_have_the_fields_of_their_sheets_in_order():
    for name, record in RECORDS.items():
        assert record._fields == (*(field.name for field in by_name()[name].fields), "at"), name


def test_no_two_fields_of_a_sheet_share_a_name():
    for sheet in sheets().values():
        names = [field.name for field in sheet.fields]
        assert len(names) == len(set(names)), sheet.title


def test_every_clause_looks_like_one():
    known = ("SCOPE-", "REDUCE-", "RESERVE-", "TOTAL-", "SAFE-", "ANNEX-")
    assert all(clause.startswith(known) for sheet in sheets().values() for clause in sheet.clauses)
