"""The demo park's hourly data: who has a monitor, sums by hand, every rule of substitution, the stories, small files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.workspaces import ROOT, demo_workspace, quota

from .hourly_files import write_hourly
from .make_park import build

D = Decimal
Table = list[dict[str, str]]
Hour = tuple[datetime, Decimal | None, Decimal | None, str]  # time, concentration, flow, flag
KEPT = sorted((ROOT / "data").glob("20*/monitoring/*"))
EDGES, SUMMER, BOILER = "91320599YX8948477W", "91320599YX67882896", "91320599YX6946662W"
KILN, COATING, FIRST_HOURS = "91320599YX0475142C", "91320599YX278466X3", "91320599YX2863851J"
COPIED, COPY = "91320599YX4865666J", "91320599YX2547090U"
RULES = {  # methods §5: every row of the table, the water rule, and a valid day's mean
    "max_180h",
    "max_720h",
    "max_2160h",
    "max_180h_before_calibration",
    "max_720h_before_calibration",
    "max_2160h_before_calibration",
    "max_30d",
    "day_mean",
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Table]:
    place = demo_workspace(tmp_path_factory.mktemp("demo"))
    ran = quota(place, "annual", "2025")
    assert ran.code == 0, ran.err
    folder = place / "reports/2025/tables"
    return {path.stem: read_table(path) for path in folder.glob("*.csv")}


@pytest.fixture(scope="module")
def sulphur() -> list[Hour]:
    """Return the hours of a kiln's sulphur dioxide, from the December before on."""
    return [*hours("湖东", 2024, EDGES, "SO2"), *hours("湖东", 2025, EDGES, "SO2")]


def read_table(path: Path) -> Table:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def hours(system: str, year: int, code: str, factor: str) -> list[Hour]:
    """Read the rows of one monitor of the main stack, with nothing of the library."""
    path = next((ROOT / f"data/{year}/monitoring").glob(f"{system}*.parquet"))
    rows = pq.read_table(path, filters=[("credit_code", "=", code), ("factor", "=", factor)]).to_pylist()
    return [(row["time"], row["concentration"], row["flow"], row["flag"]) for row in rows]


def only(table: Table, **known: str) -> dict[str, str]:
    """Return the one row of a table that says what is known."""
    (found,) = (row for row in table if known.items() <= row.items())
    return found


def online(tables: dict[str, Table], unit: str, factor: str, quarter: str) -> dict[str, str]:
    return only(tables["online"], unit=unit, factor=factor, quarter=f"2025Q{quarter}")


# what there is


def test_the_year_has_no_error(tables: dict[str, Table]) -> None:
    assert [row for row in tables["problems"] if row["severity"] == "error"] == []


def test_twenty_six_outlets_are_monitored_air_and_water(tables: dict[str, Table]) -> None:
    outlets = {(row["unit"], row["outlet"]) for row in tables["online"]}

    assert len(outlets) == 26 >= 20
    assert sum(outlet.startswith("DA") for _, outlet in outlets) == 14
    assert {row["factor"] for row in tables["online"]} == {"PM", "SO2", "NOX", "VOCS", "COD", "NH3N", "TN", "TP"}


def test_every_monitor_accounts_for_the_8760_hours_of_the_year(tables: dict[str, Table]) -> None:
    whole: dict[tuple[str, ...], int] = {}
    for row in tables["online"]:
        key = row["unit"], row["outlet"], row["factor"]
        whole[key] = whole.get(key, 0) + sum(int(row[one]) for one in ("normal", "substituted", "stopped", "missing"))

    assert len(whole) == 71
    assert set(whole.values()) == {8760}


def test_the_files_are_small_and_of_both_kinds() -> None:
    assert {path.suffix for path in KEPT} == {".csv", ".parquet"}
    assert sum(path.stat().st_size for path in KEPT) < 5_000_000 < 15_000_000
    assert sum(pq.read_metadata(path).num_rows for path in KEPT if path.suffix == ".parquet") > 600_000


def test_each_platform_writes_its_own_flags_and_one_writes_decimals() -> None:
    flags = {path.stem[:2]: set(pq.read_table(path)["flag"].to_pylist()) for path in KEPT if path.suffix == ".parquet"}
    (plant,) = (path for path in KEPT if path.suffix == ".csv")

    assert flags["第三"] == {"N", "C", "D", "T", "stopped"}  # HJ 212
    assert flags["湖东"] == {"normal", "maintenance", "fault", "out_of_control", "stopped"}
    assert {row["flag"] for row in read_table(plant)} == {"正常", "维护", "故障", "停产"}
    kinds = {str(pq.read_schema(path).field("concentration").type) for path in KEPT if path.suffix == ".parquet"}
    assert kinds == {"double", "decimal128(12, 3)"}


# the same as the seed makes


def test_two_runs_leave_the_same_bytes(tmp_path: Path) -> None:
    first, second = (write_hourly(build().streams, tmp_path / name) for name in "ab")

    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_the_hourly_data_in_the_repository_are_what_the_seed_makes(tmp_path: Path) -> None:
    made = sorted(write_hourly(build().streams, tmp_path))

    assert [path.relative_to(tmp_path) for path in made] == [path.relative_to(ROOT / "data") for path in KEPT]
    for one, kept in zip(made, KEPT, strict=True):  # a Parquet file's bytes name the version that wrote it
        assert content(one) == content(kept), kept.name


def content(path: Path) -> Any:
    return pq.read_table(path) if path.suffix == ".parquet" else path.read_bytes()


# by hand


def test_a_quarter_of_the_csv_is_the_sum_of_its_rows(tables: dict[str, Table]) -> None:
    (plant,) = (path for path in KEPT if path.suffix == ".csv")
    given = sum(
        (
            D(row["concentration"]) * D(row["flow"])
            for row in read_table(plant)
            if "2025-04" <= row["time"] < "2025-07" and row["concentration"]
        ),
        D(0),
    )

    assert given == D("13268731.480")  # g
    assert online(tables, SUMMER, "COD", "2")["as_given"] == "13.26873148"


def test_a_whole_quarter_is_its_normal_hours_and_what_stands_for_the_others(
    tables: dict[str, Table], sulphur: list[Hour]
) -> None:
    normal = sum(
        (
            level * flow
            for time, level, flow, flag in sulphur
            if flag == "normal" and (time.year, time.month // 4) == (2025, 0)
        ),
        D(0),
    )
    rows = [row for row in tables["substitutions"] if row["unit"] == EDGES and row["factor"] == "SO2"]
    replaced = [D(row["new_kg"]) for row in rows if row["time"] < "2025-04"]

    assert len(replaced) == 216
    assert normal / 10**9 + sum(replaced) / 1000 == D("0.3851073348")
    assert online(tables, EDGES, "SO2", "1")["computed"] == "0.385107335"


@pytest.mark.parametrize(
    ("gap", "until", "wanted", "rule", "kilograms"),
    [  # the gap's first hour; the hour before which valid hours count; how many; what they give
        ("2025-01-01 00:00", "2025-01-01 00:00", 180, "max_180h", "0.231044"),  # of the December before
        ("2025-01-20 08:00", "2025-01-20 08:00", 180, "max_180h", "0.1849428"),  # 24 h without a row
        ("2025-02-10 08:00", "2025-02-10 08:00", 720, "max_720h", "0.244422"),  # 25 h
        ("2025-02-25 09:00", "2025-01-08 09:00", 180, "max_180h_before_calibration", "0.2523976"),  # 24 h
        ("2025-03-05 09:00", "2025-02-26 09:00", 720, "max_720h_before_calibration", "0.244422"),  # 25 h
        ("2025-04-22 09:00", "2025-04-08 09:00", 2160, "max_2160h_before_calibration", "0.2523976"),  # 89.97 %
        ("2025-07-09 11:00", "2025-07-09 11:00", 2160, "max_2160h", "0.2322465"),  # 75 %
    ],
)
def test_a_gap_takes_the_highest_of_the_valid_hours_before_it(
    tables: dict[str, Table], sulphur: list[Hour], gap: str, until: str, wanted: int, rule: str, kilograms: str
) -> None:
    before = [
        level * flow
        for time, level, flow, flag in sulphur
        if flag == "normal" and time < datetime.fromisoformat(until) and level is not None and flow is not None
    ]
    row = only(tables["substitutions"], unit=EDGES, factor="SO2", time=gap)

    assert max(before[-wanted:]) / 10**6 == D(kilograms)
    assert (row["rule"], row["hours_used"], D(row["new_kg"])) == (rule, str(wanted), D(kilograms))


def test_an_invalid_day_of_water_takes_the_highest_of_thirty_valid_days(tables: dict[str, Table]) -> None:
    rows = [
        row
        for row in tables["substitutions"]
        if (row["unit"], row["factor"]) == ("91320599YX0950281C", "COD") and row["time"][:10] == "2025-06-09"
    ]
    data = by_day(hours("湖西", 2025, "91320599YX0950281C", "COD"))

    assert len(rows) == 24  # ten hours of it failed: 14 of 24 are less than 75 %
    assert {row["rule"] for row in rows} == {"max_30d"}
    assert {row["from"] for row in rows} == {"2025-05-15 00:00"}
    days = [datetime(2025, 6, 8) - timedelta(days=n) for n in range(30)]
    assert max(days, key=lambda day: data[f"{day:%Y-%m-%d}"]) == datetime(2025, 5, 15)
    assert sum(D(row["new_kg"]) for row in rows) == pytest.approx(D(str(data["2025-05-15"])) / 1000, abs=D("1e-9"))


def by_day(rows: list[Hour]) -> dict[str, float]:
    """Return a day's grams: of its normal hours, their mean for the others."""
    found: dict[str, list[float]] = {}
    for time, level, flow, flag in rows:
        if flag == "normal" and level is not None and flow is not None:
            found.setdefault(f"{time:%Y-%m-%d}", []).append(float(level) * float(flow))
    return {day: sum(values) / len(values) * 24 for day, values in found.items()}


# the rules, each somewhere


def test_every_rule_of_substitution_is_used(tables: dict[str, Table]) -> None:
    assert {row["rule"] for row in tables["substitutions"]} == RULES


@pytest.mark.parametrize(
    ("factor", "quarter", "capture", "able"),
    [
        ("SO2", "1", "0.9", True),  # 216 of 2160 h lack
        ("PM", "1", "0.899537", True),  # 217
        ("SO2", "2", "0.899725", True),  # 219 of 2184
        ("SO2", "3", "0.75", True),  # 552 of 2208
        ("NOX", "3", "0.749547", False),  # 553
    ],
)
def test_captures_lie_at_and_beside_the_lines(
    tables: dict[str, Table], factor: str, quarter: str, capture: str, able: bool
) -> None:
    row = online(tables, EDGES, factor, quarter)

    assert row["capture"] == capture
    assert bool(row["computed"]) == able


def test_the_quarter_at_the_line_is_replaced_by_one_rule_and_that_below_by_another(tables: dict[str, Table]) -> None:
    def rules(factor: str) -> set[str]:
        rows = (row for row in tables["substitutions"] if row["unit"] == EDGES and row["factor"] == factor)
        return {row["rule"][:9] for row in rows if row["time"] < "2025-04"}

    assert rules("SO2") == {"max_180h", "max_180h_", "max_720h", "max_720h_"}
    assert rules("PM") == {"max_2160h"}


def test_more_than_a_quarter_of_the_year_without_data_bars_the_year(tables: dict[str, Table]) -> None:
    (barred,) = (row for row in tables["problems"] if row["code"] == "Q629")
    chosen = only(tables["totals"], unit=BOILER, factor="SO2", basis="外排环境量", scope="全厂")

    assert "二氧化硫全年缺失 2597 小时" in barred["message"]  # of 8760: 29.6 %
    assert (chosen["route"], chosen["online"]) == ("execution_report", "")


# the stories


def test_what_should_be_monitored_and_is_not_is_said_of_three_monitors_only(tables: dict[str, Table]) -> None:
    found = {(row["unit"], row["factor"]) for row in tables["warnings"] if row["code"] == "W548"}

    assert found == {(EDGES, "NOX"), (BOILER, "SO2"), (COPIED, "COD")}


def test_the_quarter_below_the_line_counts_without_its_treatment(tables: dict[str, Table]) -> None:
    row = only(tables["totals"], unit=EDGES, factor="NOX", basis="外排环境量", scope="全厂")
    differs = {(row["unit"], row["factor"]) for row in tables["warnings"] if row["code"] == "W544"}

    assert (row["route"], row["declared_actual"]) == ("online+coefficient", "2.847")
    assert D(row["computed_actual"]) > D("3.3")
    assert differs == {(EDGES, "NOX"), ("91320599YX64715216", "VOCS")}  # the other's figure is its consultant's


def test_most_declare_what_their_monitors_show(tables: dict[str, Table]) -> None:
    shares = [
        D(row["declared_actual"]) / D(row["computed_actual"])
        for row in tables["totals"]
        if row["route"] == "online" and row["scope"] == "全厂" and row["declared_actual"]
    ]

    assert len(shares) > 60
    assert all(D("0.97") < share < D("1.03") for share in shares)
    assert D(1) not in shares


def test_two_outlets_show_the_same_year(tables: dict[str, Table]) -> None:
    found = {row["unit"]: row["message"] for row in tables["warnings"] if row["code"] == "W564"}

    assert set(found) == {COPIED, COPY}
    assert COPIED in found[COPY]


def test_a_monitor_stands_still(tables: dict[str, Table]) -> None:
    (row,) = (row for row in tables["warnings"] if row["code"] == "W565")

    assert (row["unit"], row["factor"]) == (COATING, "NOX")
    assert "2025-03-11 04:00 起连续 42 小时为同一值" in row["message"]


def test_a_quarter_is_stopped_throughout(tables: dict[str, Table]) -> None:
    row = online(tables, SUMMER, "COD", "4")

    assert (row["stopped"], row["capture"], row["computed"]) == ("2208", "", "0")


def test_before_the_first_hours_one_monitor_has_the_december_and_one_has_nothing(tables: dict[str, Table]) -> None:
    row = only(tables["substitutions"], unit=KILN, factor="PM", time="2025-01-02 00:00")
    (nothing,) = (one for one in tables["problems"] if one["code"] == "Q627")

    assert row["from"] == "2024-12-27 10:00"
    assert f"{FIRST_HOURS} DA001 挥发性有机物有 7 个小时" in nothing["message"]


def test_outlets_run_as_long_as_their_year_says(tables: dict[str, Table]) -> None:
    said = {(row["统一社会信用代码"], row["排放口编号"]): row["年排放时间(h)"] for row in outlet_years()}
    ran: dict[tuple[str, str, str], int] = {}
    for row in tables["online"]:
        key = row["unit"], row["outlet"], row["factor"]
        ran[key] = ran.get(key, 8760) - int(row["stopped"])

    compared = [(whole, said[key[:2]]) for key, whole in ran.items() if key[:2] in said]
    assert len(compared) == 70  # one small stack says nothing of its year
    assert all(whole == one for whole, one in compared)


def outlet_years() -> Iterator[dict[str, Any]]:
    yield from build().folders()["2025"]["排放口年度"]


def test_samples_at_a_monitored_outlet_say_the_hour(tables: dict[str, Table]) -> None:
    row = only(tables["routes"], unit="91320599YX4390525U", outlet="DA001", factor="VOCS", route="online")

    assert "2 个采样小时以手工监测为准" in row["reason"]
