"""Findings about a reduction project's set of papers; each is seen where it should be, and not where it should not."""

from __future__ import annotations

import pytest

from quota_lib.findings import findings
from tests.small_park import A, B, applied, paper, parked

EVERYTHING = ("竣工验收", "资金证明", "核算过程", "环评审批", "排污许可证")


def seen(*papers):
    return sorted({(one.code, one.project, one.factor) for one in findings(parked(*papers)) if one.code >= "W520"})


def codes(*papers):
    return sorted({code for code, _, _ in seen(*papers)} - {code for code, _, _ in seen()})


def project(number="J7", **cells):
    return paper(
        "减排项目", **{"项目编号": number, "申报日期": "2025-04-10", "排污许可变更日期": "2025-02-01", **cells}
    )


def evidence(number="J7", kinds=EVERYTHING):
    rows = [{"项目编号": number, "材料类型": kind, "文件名称": f"{kind}.pdf"} for kind in kinds]
    return [paper("佐证材料", **row) for row in rows]


def reduction(number="J7", factor="COD", amount="1.2345"):
    return paper("减排量", 项目编号=number, 污染因子=factor, 申报减排量=amount)


def test_a_complete_set_of_papers_gives_no_finding():
    assert codes(project(), reduction(), *evidence()) == []


@pytest.mark.parametrize("missing", EVERYTHING)
def test_each_kind_of_evidence_that_is_due_and_missing_is_a_finding(missing):
    assert codes(project(), *evidence(kinds=[kind for kind in EVERYTHING if kind != missing])) == ["W520"]


def test_a_closure_needs_no_acceptance():
    closure = project(减排工程类型="产业结构升级", 排污起始时间="2020-01-01", 关停时间="2024-06-01")
    assert codes(closure, *evidence(kinds=["核算过程", "排污许可证"])) == []


@pytest.mark.parametrize(
    ("closed", "expected"), [("2023-05-31", ["W522"]), ("2023-06-01", ["W522"]), ("2023-06-02", [])]
)
def test_a_closure_must_have_discharged_for_strictly_more_than_a_year(closed, expected):
    closure = project(减排工程类型="产业结构升级", 排污起始时间="2022-06-01", 关停时间=closed)
    assert codes(closure, *evidence()) == expected


def test_a_closure_without_its_dates_is_a_finding():
    assert codes(project(减排工程类型="产业结构升级", 关停时间="2024-06-01"), *evidence()) == ["W522"]


def test_a_project_of_type_other_must_declare_all_three_abilities():
    yes = {"可监测": "是", "可统计": "是", "可核查": "是"}
    assert codes(project(减排工程类型="其他", **yes), *evidence()) == []
    assert codes(project(减排工程类型="其他", **{**yes, "可核查": "否"}), *evidence()) == ["W523"]
    assert codes(project(减排工程类型="其他", 可监测="是", 可统计="是"), *evidence()) == ["W523"]


def test_a_listed_project_is_a_finding_until_it_is_declared():
    listed = paper(
        "减排清单",
        项目编号="J7",
        项目名称="清单项目",
        统一社会信用代码=A,
        功能区编码="HX",
        提出单位="功能区",
        责任人="专人甲",
        列入日期="2025-04-01",
    )
    assert codes(listed) == ["W521"]
    assert codes(listed, project(), *evidence()) == []


def verdict(number="J7", **cells):
    usual = {"污染因子": "COD", "审核结论": "通过", "核定减排量": "1", "审核人": "审核员甲", "审核日期": "2025-05-01"}
    return paper("入库审核", **{"项目编号": number, **usual, **cells})


def test_a_passed_project_without_a_permit_change_is_a_finding():
    assert codes(project(排污许可变更日期=None), *evidence(), reduction(), verdict()) == ["W524"]
    assert codes(project(), *evidence(), reduction(), verdict()) == []


def test_one_body_that_accounts_and_reviews_is_a_finding():
    assert codes(project(核算单位="机构甲"), *evidence(), reduction(), verdict(审核单位="机构甲")) == ["W527"]
    assert codes(project(核算单位="机构甲"), *evidence(), reduction(), verdict(审核单位="机构乙")) == []
    assert codes(project(), *evidence(), reduction(), verdict()) == []


def test_the_same_equipment_of_one_plant_in_two_projects_is_a_finding():
    two = [project("J7", 涉及设施="DA001"), *evidence("J7")]
    assert codes(*two, project("J8", 涉及设施="DA001"), *evidence("J8")) == ["W525"]
    assert codes(*two, project("J8", 涉及设施="DA002"), *evidence("J8")) == []
    assert codes(*two, project("J8", 涉及设施="DA001", 统一社会信用代码=B), *evidence("J8")) == []


def test_identical_figures_of_different_plants_are_a_finding():
    first = [project("J7", 统一社会信用代码=A), *evidence("J7"), reduction("J7")]
    second = [project("J8", 统一社会信用代码=B), *evidence("J8")]
    assert codes(*first, *second, reduction("J8")) == ["W526"]
    assert codes(*first, *second, reduction("J8", amount="1.2346")) == []


def test_an_offset_whose_plant_has_verified_projects_and_no_occupation_is_a_finding():
    plant = [project("J7", 统一社会信用代码=A), *evidence("J7"), reduction("J7"), verdict("J7")]
    asks = paper(
        "总量申请",
        建设项目编号="X7",
        污染因子="COD",
        现有外排环境量="1",
        本项目外排环境量="0.5",
        以新带老削减量="0.2",
        全厂外排环境量="1.3",
    )
    build = [*applied("X7", plant=A)[:1], asks]
    occupied = paper(
        "减排量占用",
        单号="ZY-7",
        项目编号="J7",
        污染因子="COD",
        用途="以新带老",
        数量="0.2",
        建设项目编号="X7",
        日期="2025-05-10",
    )
    assert codes(*plant, *build) == ["W529"]
    assert codes(*plant, *build, occupied) == []


def test_an_occupation_for_a_project_that_asks_for_no_offset_is_a_finding():
    plant = [project("J7", 统一社会信用代码=A), *evidence("J7"), reduction("J7"), verdict("J7")]
    occupied = paper(
        "减排量占用",
        单号="ZY-7",
        项目编号="J7",
        污染因子="COD",
        用途="以新带老",
        数量="0.2",
        建设项目编号="X7",
        日期="2025-05-10",
    )
    assert codes(*plant, *applied("X7", plant=A, COD="0.5"), occupied) == ["W530"]
