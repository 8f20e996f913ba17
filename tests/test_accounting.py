"""Inputs on their sheets → computed reductions: added up, capped, each fault at its cell."""

from __future__ import annotations

import re

import pytest

from quota_lib.accounting import Basis
from quota_lib.amounts import text
from quota_lib.coefficients import Coefficients
from quota_lib.findings import findings
from quota_lib.method_sheets import method_sheet
from quota_lib.methods import METHODS
from quota_lib.park import fold
from quota_lib.periods import Quarter, parse_period
from quota_lib.report import record
from quota_lib.report.table import FactorShown
from quota_lib.report.working import working_html
from quota_lib.report.workings import workings
from quota_lib.rules import Rules
from quota_lib.workbook.folder import Folder
from quota_lib.workbook.sheet import read_sheet
from tests.oracle.compare import PARAMETERS, folder_of
from tests.small_park import NOW, folders_of, paper, told

TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in PARAMETERS.glob("*.yaml")}
WATER = {"flow_m3": "1000", "before_mg_per_l": "100", "after_mg_per_l": "10"}


def accounted(*papers, inputs=(), texts=TEXTS):
    """Return the park with projects' declarations and input rows ``(method, project, factor, inputs by name)``."""
    return fold(folders_with(*papers, inputs=inputs), Quarter(2025, 2), Rules(texts), Basis(Coefficients(texts)))


def folders_with(*papers, inputs=()):
    """Return the folders of the small park with these rows and inputs."""
    rules, folders = Rules(TEXTS), {}
    for name, content in folders_of(*papers).items():
        folders[parse_period(name)] = folder_of(name, content, rules)
    _add(folders[Quarter(2025, 2)], inputs, rules)
    return folders


def _add(folder: Folder, inputs, rules: Rules) -> None:
    for method in dict.fromkeys(one[0] for one in inputs):
        card = METHODS[method].card
        sheet = method_sheet(card.sheet)
        rows = [[p, f, *(v.get(name, "") for name in card.inputs)] for m, p, f, v in inputs if m == method]
        grid = [["项目编号", "污染因子", *(one.heading for one in card.inputs.values())], *rows]
        reading = read_sheet(sheet, f"{NOW}/all.xlsx", folder.period, grid, {}, rules.factors)
        folder.readings.append(reading)
        folder.problems.extend(reading.problems)


def project(kind="深度治理", **cells):
    return paper("减排项目", 项目编号="J7", 减排工程类型=kind, **cells)


def declared(method="废水治理", factor="COD", **cells):
    usual = {"项目编号": "J7", "污染因子": factor, "申报减排量": "0.09", "核算方法": method, "核算依据": "监测报告"}
    return paper("减排量", **{**usual, **cells})


def counted(park, factor="COD"):
    return text(park.accounted[("J7", factor)].counted)


def errors(park):
    return [line for line in told(park) if "错误" in line]


def test_a_computed_reduction_flows_into_the_table_of_reductions():
    park = accounted(project(), declared(), inputs=[("wastewater_treatment", "J7", "COD", WATER)])
    row = next(
        dict(zip([c.name for c in t.columns], r, strict=True))
        for t in [record.reductions(park)]
        for r in t.rows
        if r[0] == "J7"
    )
    assert (text(row["declared"]), text(row["computed"]), row["method"]) == ("0.09", "0.09", "wastewater_treatment")
    assert errors(park) == []


def test_several_input_rows_of_one_project_and_factor_add_up():
    rows = [("wastewater_treatment", "J7", "COD", WATER)] * 2
    park = accounted(project(), declared(), inputs=rows)
    assert counted(park) == "0.18"
    assert [line.split()[-1] for line in told(park) if "Q143" in line] == ["Q143"]  # the same twice on a sheet is told


def test_input_rows_of_no_declared_reduction_or_of_another_method_are_told():
    rows = [("wastewater_treatment", "J7", "COD", WATER), ("wastewater_treatment", "J7", "TN", WATER)]
    park = accounted(project(), declared(), inputs=rows)
    assert [(line.split()[-1]) for line in told(park) if "Q144" in line] == ["Q144"]
    other = accounted(project(), declared("文件核定"), inputs=rows[:1])
    assert [(line.split()[-1]) for line in told(other) if "Q144" in line] == ["Q144"]
    assert not [line for line in told(accounted(project(), declared(), inputs=rows[:1])) if "Q144" in line]


def test_input_rows_of_a_declaration_in_error_are_not_told_as_well():
    rows = [("wastewater_treatment", "J7", "COD", WATER)]
    park = accounted(project(), declared(申报减排量="约0.09"), inputs=rows)
    assert not [line for line in told(park) if "Q144" in line]


def test_an_emission_declared_as_a_reduction_is_a_finding():
    emitted = {"activity": "1000", "ef_kg_per_unit": "2.7"}
    park = accounted(project(), declared("产排污系数", "VOCS"), inputs=[("coefficient", "J7", "VOCS", emitted)])
    assert [one.code for one in findings(park) if one.code == "W535"] == ["W535"]
    closed = accounted(
        project("产业结构升级"), declared("产排污系数", "VOCS"), inputs=[("coefficient", "J7", "VOCS", emitted)]
    )
    fine = accounted(project(), declared(), inputs=[("wastewater_treatment", "J7", "COD", WATER)])
    for other in (closed, fine):  # what a closed plant discharged is what its closure saves
        assert [one.code for one in findings(other) if one.code == "W535"] == []


def test_an_emission_that_comes_to_nothing_is_one_finding():
    nothing = {"activity": "0", "ef_kg_per_unit": "2.7"}
    park = accounted(project(), declared("产排污系数", "VOCS"), inputs=[("coefficient", "J7", "VOCS", nothing)])
    assert [one.code for one in findings(park) if one.code in ("W533", "W535")] == ["W533"]


def test_a_declared_method_without_inputs_is_an_error_and_a_documented_one_is_none():
    assert [line.split()[-1] for line in errors(accounted(project(), declared()))] == ["Q238"]
    assert errors(accounted(project(), declared("文件核定"))) == []


def test_inputs_in_error_are_the_one_error_and_the_declaration_says_why():
    park = accounted(
        project(), declared(), inputs=[("wastewater_treatment", "J7", "COD", {**WATER, "flow_m3": "1000吨"})]
    )
    assert [line.split()[-1] for line in errors(park)] == ["Q203"]
    assert any(line.endswith("提示 Q311") and "减排量" in line for line in told(park))


def test_a_reduction_is_capped_by_what_was_permitted_and_discharged():
    rows = [("wastewater_treatment", "J7", "COD", WATER)]
    assert counted(accounted(project(), declared(减排前许可排放量="0.08"), inputs=rows)) == "0.08"
    assert counted(accounted(project(), declared(减排前实际排放量="0.07"), inputs=rows)) == "0.07"
    assert counted(accounted(project(), declared(减排前实际排放量="0.09"), inputs=rows)) == "0.09"


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({}, "没有填报减排前许可量和实际量，不受其限制，计 0.09 t/a。"),
        ({"减排前实际排放量": "0.089"}, "以减排前实际排放量 0.089 t/a（…）为限，计 0.089 t/a。"),
        ({"减排前实际排放量": "0.09"}, "不超过减排前实际排放量 0.09 t/a（…），计 0.09 t/a。"),
        (
            {"减排前实际排放量": "0.091", "减排前许可排放量": "0.08"},
            "以减排前许可排放量 0.08 t/a（…）、减排前实际排放量 0.091 t/a（…）中较小者为限，计 0.08 t/a。",
        ),
    ],
)
def test_the_working_says_which_limits_there_are_and_which_one_bound(cells, says):
    park = accounted(project(), declared(**cells), inputs=[("wastewater_treatment", "J7", "COD", WATER)])
    factors = {one.id: FactorShown(one.label, one.decimals) for one in park.rules.factors.all}
    page = re.sub("<[^>]+>", "", "".join(working_html(park.accounted[("J7", "COD")], park, factors)))
    said = re.search("修约到毫克为 0.09 t/a；(.*?。)", page)
    assert said and re.sub("（[^）]*）", "（…）", said[1]) == says


def test_a_technology_that_the_table_lacks_is_refused_at_its_cell():
    inputs = {"generated_t": "1", "technology_before": "", "technology_after": "魔法", "way_after": "密闭管道"}
    park = accounted(project(), declared("VOCs治理", "VOCS"), inputs=[("voc_treatment", "J7", "VOCS", inputs)])
    (line,) = errors(park)
    assert "核算-VOCs治理!" in line


def test_a_method_for_another_factor_is_refused():
    park = accounted(
        project(),
        declared("VOCs治理", "COD"),
        inputs=[
            (
                "voc_treatment",
                "J7",
                "COD",
                {"generated_t": "1", "removal_percent_after": "50", "collection_percent_after": "80"},
            )
        ],
    )
    assert [line.split()[-1] for line in errors(park)] == ["Q236"]


def test_a_stated_percentage_needs_its_evidence():
    stated = {"generated_t": "1", "collection_percent_after": "80", "removal_percent_after": "50"}
    rows = [("voc_treatment", "J7", "VOCS", stated)]
    assert errors(accounted(project(), declared("VOCs治理", "VOCS"), inputs=rows)) == []
    park = accounted(project(), declared("VOCs治理", "VOCS", 核算依据=None), inputs=rows)
    assert [line.split()[-1] for line in errors(park)] == ["Q239"]


def test_a_reduction_that_is_negative_reserves_nothing_and_says_so():
    worse = {**WATER, "after_mg_per_l": "120"}
    park = accounted(project(), declared(), inputs=[("wastewater_treatment", "J7", "COD", worse)])
    assert counted(park) == "-0.02"
    assert [one.project for one in findings(park) if one.code == "W533"] == ["J7"]


def test_verified_above_computed_is_a_finding_and_equal_is_none():
    def verdict(amount):
        cells = {"核定减排量": amount, "审核日期": "2025-05-01", "审核人": "审核员甲"}
        return paper("入库审核", 项目编号="J7", 污染因子="COD", **cells)

    rows = [("wastewater_treatment", "J7", "COD", WATER)]
    above = findings(accounted(project(), declared(), verdict("0.090000001"), inputs=rows))
    equal = findings(accounted(project(), declared(), verdict("0.09"), inputs=rows))
    assert [one.code for one in above if one.code == "W531"] == ["W531"]
    assert [one.code for one in equal if one.code == "W531"] == []


def test_more_removed_than_the_carbon_can_take_up_is_a_finding():
    def found(carbon):
        inputs = {
            "generated_t": "1",
            "collection_percent_after": "100",
            "removal_percent_after": "60",
            "carbon_t_after": carbon,
        }
        park = accounted(project(), declared("VOCs治理", "VOCS"), inputs=[("voc_treatment", "J7", "VOCS", inputs)])
        return [one.code for one in findings(park) if one.code == "W532"]

    assert (found("3.9"), found("4"), found("4.1")) == (["W532"], [], [])


def test_a_removal_above_what_the_technology_reaches_is_a_finding_and_at_its_reach_none():
    def found(technology, percent):
        rows = [
            (
                "voc_treatment",
                "J7",
                "VOCS",
                {
                    "generated_t": "1",
                    "collection_percent_after": "100",
                    "technology_after": technology,
                    "removal_percent_after": percent,
                },
            )
        ]
        park = accounted(project(), declared("VOCs治理", "VOCS", 申报减排量="0.1"), inputs=rows)
        return [one.message.partition("填报")[2] for one in findings(park) if one.code == "W534"]

    assert (found("光解", "9.9"), found("光解", "10")) == ([], [])
    assert found("光解", "10.1") == [" 10.1 %，高于“光解”表列可达的 10 %"]
    two = "一次性活性炭吸附、光解"  # 1 − 0.7·0.9
    assert (found(two, "37"), len(found(two, "37.1"))) == ([], 1)
    assert (found("生物", "15"), found("生物", "20")) == ([], [])  # a range, whose top is still within reach


def test_words_stand_for_the_coefficients_of_the_edition_in_force():
    inputs = {"generated_t": "1", "way_after": "密闭管道", "technology_after": "一次性活性炭吸附"}
    rows = [("voc_treatment", "J7", "VOCS", inputs)]
    before = accounted(project(), declared("VOCs治理", "VOCS"), inputs=rows)
    assert counted(before, "VOCS") == "0.285"


def test_the_workings_hold_every_input_step_and_the_result_with_their_sources():
    park = accounted(project(), declared(), inputs=[("wastewater_treatment", "J7", "COD", WATER)])
    rows = [row for row in workings(park).rows if row[0] == "J7"]
    assert [row[7] for row in rows] == ["1000", "100", "10", "0.09", "0.09", "0.09"]  # the step, rounded, what counts
    assert str(rows[0][5]).startswith("2025Q2/all.xlsx › 核算-废水治理!C2")
