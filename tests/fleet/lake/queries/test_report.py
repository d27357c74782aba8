"""The report on a lake of rows that are made for it, so that each figure is known."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fleet.lake.helpers import FAULT, SAG, add

pytest.importorskip("duckdb")

from sniffer.base.errors import LakeError
from sniffer.fleet.lake.queries.query import LakeConnection
from sniffer.fleet.lake.queries.report import NOTHING_HEARD, LakeFilter, LakeReport, build_report
from sniffer.fleet.lake.schema import TABLES_BY_NAME
from sniffer.fleet.lake.store import LakeStore, Partition
from sniffer.fleet.lake.tables.table_file import TableFiles

MONDAY = datetime(2026, 1, 12, tzinfo=UTC)


def nanoseconds(moment: datetime) -> int:
    return round(moment.timestamp()) * 1_000_000_000


def put(lake: Path, session: str, bench: str, **tables: list[dict[str, object]]) -> None:
    """Put a session of these rows into a lake; what a row does not name is null."""
    store = LakeStore(str(lake))
    with store.stage() as folder:
        files = TableFiles(folder, session)
        for name, found in tables.items():
            columns = [column.name for column in TABLES_BY_NAME[name].columns][1:]
            assert all({*row} <= {*columns} for row in found)
            files.extend(name, [tuple(row.get(column) for column in columns) for row in found])
        files.close()
        store.commit(session, Partition(bench, "2026-01-12"), files.paths, {})


def session_of(began: datetime, **more: object) -> list[dict[str, object]]:
    ended = began + timedelta(hours=1)
    common = {"began": nanoseconds(began), "ended": nanoseconds(ended), "frames": 10, "health": "alive"}
    return [common | {"coarse": False} | more]


def report_on(lake: Path, *benches: str, since: datetime | None = None) -> LakeReport:
    with LakeConnection(str(lake)) as connection:
        return build_report(connection, LakeFilter(benches, since))


def table(report: LakeReport, title: str) -> list[dict[str, object]]:
    found = next(one for one in report.tables if one.title == title)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def test_faults_are_counted_by_kind_week_unit_and_firmware(tmp_path: Path) -> None:
    for number, (unit, day, seconds) in enumerate((("A", 0, 2.0), ("A", 8, 4.0), ("B", 8, 12.0))):
        began = MONDAY + timedelta(days=day)
        fault = {"time": nanoseconds(began), "kind": "Under voltage", "recovery": seconds, "active": False}
        volts = {"l1_before": 230.0, "l1_lowest": 200.0 - number, "l2_before": 231.0, "l2_lowest": 230.0}
        put(
            tmp_path, f"s{number}", f"bench {unit}", sessions=session_of(began, unit=unit, firmware="V1"),
            faults=[fault | volts | {"firmware": "V2" if number == 2 else None}],
        )  # fmt: skip
    report = report_on(tmp_path)
    (kind,) = table(report, "Faults by kind")
    assert (kind["times"], kind["units"], kind["recovered in s"], kind["longest s"]) == (3, 2, 4.0, 12.0)
    weeks = [(row["week"], row["times"], row["units"]) for row in table(report, "Faults by week")]
    assert weeks == [("2026-01-19", 2, 2), ("2026-01-12", 1, 1)]
    assert [(row["unit"], row["times"]) for row in table(report, "Faults by unit")] == [("A", 2), ("B", 1)]
    firmware = [(row["firmware"], row["times"], row["hours"]) for row in table(report, "Faults by firmware")]
    assert firmware == [("V1", 2, 3.0), ("V2", 1, None)]
    (measured,) = table(report, "Voltage in the ten seconds before a fault")
    assert [measured["median lowest V"], measured["lowest V"], measured["largest fall V"]] == [199.0, 198.0, 32.0]
    assert table(report_on(tmp_path, "bench B"), "Faults by kind")[0]["times"] == 1
    assert table(report_on(tmp_path, since=MONDAY + timedelta(days=7)), "Faults by kind")[0]["times"] == 2


def test_a_unit_that_answers_slower_than_the_others_is_marked(tmp_path: Path) -> None:
    for number in range(7):
        latency = 90_000_000 if number == 3 else 10_000_000 + number * 100_000
        answer = {"time": nanoseconds(MONDAY), "name": "meter request", "answered": True, "latency": latency}
        lost = {"time": nanoseconds(MONDAY), "name": "meter request", "answered": False}
        few = [] if number else [answer | {"name": "start-up request"}]
        put(
            tmp_path, f"s{number}", "b", sessions=session_of(MONDAY, unit=f"U{number}"),
            exchanges=[answer] * 20 + [lost] + few,
        )  # fmt: skip
    coarse = [{"time": nanoseconds(MONDAY), "name": "meter request", "answered": True, "latency": 0}] * 30
    put(tmp_path, "log", "b", sessions=session_of(MONDAY, unit="log", coarse=True), exchanges=coarse)
    found = next(one for one in report_on(tmp_path).tables if one.title == "Answer times by unit")
    assert [row[0] for row in found.rows][:1] == ["U3"]
    assert found.marked == {0}
    assert found.rows[0][2:6] == (20, "90.0 ms", "90.0 ms", 1)
    assert len(found.rows) == 7


def test_a_bench_that_is_late_by_its_own_habit_is_silent(tmp_path: Path) -> None:
    days = {"daily": [0, 1, 2], "weekly": [-14, -7, 0], "here": [8], "once": [7]}
    for bench, found in days.items():
        for day in found:
            put(tmp_path, f"{bench}{day}", bench, sessions=session_of(MONDAY + timedelta(days=day)))
    rows = table(report_on(tmp_path), "Benches that went silent")
    assert [(row["bench"], row["days silent"], row["usual days between"]) for row in rows] == [("daily", 6.0, 1.0)]


def test_boot_loops_are_counted_by_unit(tmp_path: Path) -> None:
    detail = '{"of":"power board","boots":5}'
    loop = {"time": nanoseconds(MONDAY), "event": "boot_loop", "detail": detail}
    ended = loop | {"event": "boot_loop_ended", "detail": detail.replace("5", "9")}
    other = loop | {"event": "boot", "detail": "{}"}
    put(tmp_path, "s", "b", sessions=session_of(MONDAY, unit="A"), events=[loop, ended, other])
    (row,) = table(report_on(tmp_path), "Boot loops")
    assert (row["unit"], row["part"], row["loops"], row["most boots"]) == ("A", "power board", 1, 9)


def test_where_nothing_was_received_nothing_is_reported_of_faults(tmp_path: Path) -> None:
    put(tmp_path, "s", "b", sessions=session_of(MONDAY, frames=0, health="nothing heard"))
    report = report_on(tmp_path)
    assert (report.totals.sessions, report.totals.mute) == (1, 1)
    assert {one.empty for one in report.tables if one.title.startswith("Faults")} == {NOTHING_HEARD}


def test_a_bench_that_is_not_there_is_reported(tmp_path: Path) -> None:
    put(tmp_path, "s", "bench-7", sessions=session_of(MONDAY))
    with pytest.raises(LakeError, match="--bench bench-8: there is no such bench in the lake: did you mean bench-7"):
        report_on(tmp_path, "bench-8")


def test_the_name_of_a_bench_is_no_sql(tmp_path: Path) -> None:
    put(tmp_path, "s", "x' or '1'='1", sessions=session_of(MONDAY))
    put(tmp_path, "t", "other", sessions=session_of(MONDAY))
    assert report_on(tmp_path, "x' or '1'='1").totals.sessions == 1


def test_captures_are_reported_as_their_own_report_says(tmp_path: Path) -> None:
    add(tmp_path / "lake", FAULT, SAG)
    report = report_on(tmp_path / "lake")
    assert (report.totals.sessions, report.totals.units, report.totals.mute) == (2, 1, 0)
    (kind,) = table(report, "Faults by kind")
    assert (kind["fault"], kind["times"], kind["recovered in s"]) == ("Under voltage", 2, 11.0)
