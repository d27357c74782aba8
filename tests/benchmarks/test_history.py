"""The history of the figures keeps each run, with what it was measured on."""

from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.history import append, build_run, read
from tests.benchmarks.measure import Figure, Ratio


def test_runs_are_added_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "new" / "history.jsonl"
    runs = [build_run([Figure("lag", 51.0, "ms", 50)]), build_run([Ratio("framing", 0.5, 0.4, 2.0, 1.0)])]
    for run in runs:
        append(path, run)
    assert read(path) == runs
    assert [figure["holds"] for run in runs for figure in run["figures"]] == [False, True]


def test_a_run_says_when_and_on_what_it_was_measured() -> None:
    run = build_run([Figure("size", 7.0, "MB")], datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert run["time"] == "2030-01-02T03:04:05+00:00"
    assert run["form"] in ("pure Python", "compiled core")
    assert run["figures"] == [{"what": "size", "value": 7.0, "unit": "MB", "limit": None, "holds": True}]
