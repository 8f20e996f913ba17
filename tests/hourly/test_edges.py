"""The numbers of the rules, below, at and above; what is said, with which code and where."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quota_lib.hourly import read_year
from quota_lib.hourly.emission import NG_PER_MG
from quota_lib.hourly.flags import flag_codes
from quota_lib.rules import RuleError
from tests.hourly.series import FIRST, HOUR, RULES, YEAR, judged, new, steady, used
from tests.small_park import A

OUTLETS = {
    (A, "DA001"): SimpleNamespace(medium="大气"),
    (A, "DW001"): SimpleNamespace(medium="水"),
}
HEAD = "credit_code,outlet,time,factor,concentration,flow,flag\n"
GAP = 4000


@pytest.mark.parametrize(
    ("length", "earlier", "wanted"), [(24, 0, 180), (25, 0, 720), (24, 217, 2160), (25, 217, 2160)]
)
@pytest.mark.parametrize(("more", "counts"), [(-1, True), (0, True), (1, False)])
def test_the_last_valid_hours_count_and_no_hour_more(length, earlier, wanted, more, counts):
    hours = steady()
    for n in range(earlier):  # of the gap's quarter, after it: they lower the capture and are no history
        hours[FIRST + HOUR * (GAP + 100 + n)] = ("fault", 0)
    for n in range(length):
        hours[FIRST + HOUR * (GAP + n)] = ("fault", 0)
    hours[FIRST + HOUR * (GAP - wanted - more)] = ("normal", 77)
    one = judged(hours)
    assert used(one, FIRST + HOUR * GAP) == wanted
    assert new(one, FIRST + HOUR * GAP) == (77 if counts else 10) * NG_PER_MG


def text(factor="NOX", outlet="DA001", hours=8760, flag=lambda n: "normal", value="2"):
    """Return a file of some hours; ``flag`` None: no row."""
    rows = ((n, flag(n)) for n in range(hours))
    return HEAD + "".join(
        f"{A},{outlet},{FIRST + HOUR * n:%Y-%m-%d %H:%M},{factor},{value},1000,{word}\n" for n, word in rows if word
    )


def read(tmp_path, content, name="a.csv"):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return read_year([(f"2025/monitoring/{name}", path)], (), YEAR, RULES, OUTLETS)


def told(made, code):
    return [(one.severity, one.cell) for one in made.problems if one.code == code]


@pytest.mark.parametrize(("invalid", "usable"), [(2189, True), (2190, True), (2191, False)])
def test_a_quarter_of_the_years_hours_may_be_missing_and_no_more(tmp_path, invalid, usable):
    made = read(
        tmp_path,
        text(
            flag=lambda n: "fault" if (n % 4 == 0 and n // 4 < invalid) or 0 < n - 8757 < invalid - 2189 else "normal"
        ),
    )
    (year,) = made.years
    assert year.invalid == invalid
    assert (year.usable, bool(year.why)) == (usable, not usable)
    assert bool(told(made, "Q629")) == bool(made.barred) == (not usable)


def test_the_quarter_of_a_year_binds_only_the_factors_that_are_named(tmp_path):
    made = read(tmp_path, text("VOCS", flag=lambda n: "fault" if n % 3 == 0 else "normal"))
    assert [one.usable for one in made.years] == [True]
    assert [one.usable for one in made.quarters] == [False] * 4


@pytest.mark.parametrize("other", ["3,1000,normal", "2,1001,normal", "2,1000,fault"])
def test_rows_that_differ_in_any_value_count_as_none(tmp_path, other):
    made = read(tmp_path, text(hours=24) + f"{A},DA001,2025-01-01 05:00,NOX,{other}\n")
    assert told(made, "Q623") == [("error", "26")]
    assert made.quarters[0].normal == 23
    assert made.quarters[0].as_given == 23 * 2000


def test_rows_that_are_skipped_are_named_at_the_row_before(tmp_path):
    made = read(tmp_path, text(flag=lambda n: None if 100 <= n < 103 else "normal"))
    assert told(made, "Q625") == [("warning", "101")]
    (one,) = (one for one in made.problems if one.code == "Q625")
    assert "3 个小时" in one.message
    assert "2025-01-05 04:00" in one.message


def test_hours_that_went_back_are_told(tmp_path):
    lines = text(hours=50).splitlines(keepends=True)
    lines[30], lines[31] = lines[31], lines[30]
    assert told(read(tmp_path, "".join(lines)), "Q624") == [("info", "32")]


def test_a_history_that_is_short_is_told_with_its_length(tmp_path):
    made = read(tmp_path, text(flag=lambda n: "fault" if 50 <= n < 55 else "normal"))
    (one,) = (one for one in made.problems if one.code == "Q626")
    assert (one.severity, one.cell) == ("warning", "52")
    assert "不足 180 个有效小时（最少 50 个）" in one.message


def test_what_cannot_be_replaced_or_used_is_told(tmp_path):
    made = read(tmp_path, text(flag=lambda n: "fault" if n < 3 or 2160 <= n < 4000 else "normal"))
    assert told(made, "Q627") == [("warning", "2")]
    (one,) = (one for one in made.problems if one.code == "Q628")
    assert "2025Q2" in one.message
    assert "低于 75 %" in one.message


def test_a_stopped_hour_with_an_emission_is_told_and_emits_nothing(tmp_path):
    made = read(tmp_path, text(flag=lambda n: "stopped" if n == 9 else "normal"))
    assert told(made, "Q630") == [("warning", "11")]
    assert made.quarters[0].as_given - made.quarters[0].computed == 2000


def test_water_that_is_read_every_other_hour_is_told_until_the_parameter_says_so(tmp_path):
    content = text("COD", "DW001", flag=lambda n: None if n % 2 else "normal")
    assert told(read(tmp_path, content), "Q631") == [("warning", "2")]
    path = tmp_path / "a.csv"
    rules = RULES.changed({"monitoring.interval_COD": "2"}, "trial")
    made = read_year([("2025/monitoring/a.csv", path)], (), YEAR, rules, OUTLETS)
    assert told(made, "Q631") == []
    assert [one.normal for one in made.quarters] == [2160, 2184, 2208, 2208]
    assert sum(one.as_given for one in made.quarters) == 8760 * 2 * 1000 * 1000  # 2 mg/L, 1,000 m³/h
    assert made.volumes[(A, "DW001", made.quarters[0].quarter)].water == 2_160_000


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (HEAD.replace("flow", "flux"), "Q603"),
        (HEAD.replace("\n", ",flag\n"), "Q604"),
        (HEAD.replace("\n", ",o2\n"), "Q605"),
    ],
)
def test_columns_that_lack_or_stand_twice_or_are_not_read_are_told(tmp_path, head, code):
    content = text(hours=3).replace(HEAD, head)
    content = content.replace("normal\n", "normal,x\n") if head.count(",") == 7 else content
    made = read(tmp_path, content)
    assert told(made, code)
    assert bool(made.quarters) == (code == "Q605")


def test_an_empty_file_is_told(tmp_path):
    assert told(read(tmp_path, HEAD), "Q606") == [("warning", "")]
    assert told(read(tmp_path, ""), "Q603")


def test_a_last_line_without_an_end_is_told(tmp_path):
    assert told(read(tmp_path, text(hours=3).rstrip("\n")), "Q608") == [("warning", "")]


def test_a_column_of_a_strange_type_is_told(tmp_path):
    content = {name: pa.array([[1]]) if name == "flow" else pa.array(["x"]) for name in HEAD.strip().split(",")}
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table(content), path)
    made = read_year([("2025/monitoring/a.parquet", path)], (), YEAR, RULES, OUTLETS)
    assert told(made, "Q607") == [("error", "")]


def test_a_parquet_file_with_a_damaged_part_is_told_and_does_not_count(tmp_path):
    times = [FIRST + HOUR * n for n in range(8760)]
    content = pa.table(
        {
            "credit_code": [A] * 8760,
            "outlet": ["DA001"] * 8760,
            "time": times,
            "factor": ["NOX"] * 8760,
            "concentration": [float(n) for n in range(8760)],
            "flow": [1.0] * 8760,
            "flag": ["normal"] * 8760,
        }
    )
    path = tmp_path / "a.parquet"
    pq.write_table(content, path, row_group_size=2000, compression="zstd")
    whole = bytearray(path.read_bytes())
    start = pq.ParquetFile(path).metadata.row_group(3).column(4).data_page_offset
    whole[start : start + 3000] = bytes(3000)
    path.write_bytes(whole)
    made = read_year([("2025/monitoring/a.parquet", path)], (), YEAR, RULES, OUTLETS)
    assert told(made, "Q601") == [("error", "")]
    assert sum(one.normal for one in made.quarters) <= 6000


@pytest.mark.parametrize(("site", "unit"), [("", A), ("001", A), ("002", f"{A}-002"), ("0", f"{A}-0")])
def test_a_blank_site_is_the_first(tmp_path, site, unit):
    path = tmp_path / "a.csv"
    path.write_text(
        HEAD.replace("outlet", "site,outlet") + f"{A.lower()},{site},DA001,2025/1/1 0:00,nox,1,1,N\n", "utf-8"
    )
    outlets = {(unit, "DA001"): SimpleNamespace(medium="大气")}
    made = read_year([("2025/monitoring/a.csv", path)], (), YEAR, RULES, outlets)
    assert {one.unit for one in made.quarters} == {unit}


def test_marks_of_other_systems_are_read_by_the_tables_in_force():
    day = datetime(2025, 12, 31).date()
    codes = flag_codes(RULES, day)
    assert (codes["n"], codes["normal"], codes["正常"]) == (1, 1, 1)
    with pytest.raises(RuleError, match="'M'"):
        flag_codes(RULES.changed({"flags.epa": "in_force"}, "trial"), day)


def test_negative_values_count_as_given_and_impossible_ones_do_not(tmp_path):
    rows = ("-1,1000,normal", "2000000,1000,normal", "2,1000,normal", "900000,40000000,normal")
    lines = (f"{A},DA001,2025-01-01 {n:02}:00,NOX,{row}\n" for n, row in enumerate(rows))
    made = read(tmp_path, HEAD + "".join(lines))
    assert (told(made, "Q619"), told(made, "Q620")) == ([("error", "2")], [("error", "3"), ("error", "5")])
    assert made.quarters[0].as_given == 2000 - 1000
    assert made.quarters[0].normal == 1


def test_an_amount_is_rounded_once_half_to_even(tmp_path):
    half = "".join(f"{A},DA001,2025-01-01 {n:02}:00,NOX,0.0005,1000,normal\n" for n in range(5))
    assert read(tmp_path, HEAD + half).quarters[0].as_given == 2  # 2.5 mg
