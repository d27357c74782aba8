"""A charger's log in each form of time that loggers print: every command reads it as the original."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.helpers import objects, run
from tests.paths import CAPTURES

LOG = CAPTURES / "starcharge-idle.log"
_TIME = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\+0900 ", re.MULTILINE)
FORMS: dict[str, Callable[[int], str]] = {
    "milliseconds": lambda line: ".123+0900",
    "milliseconds that go on": lambda line: f".{line % 1000:03}+0900",
    "microseconds": lambda line: f".{line:06}+09:00",
    "another zone": lambda line: "Z",
}
"""The text after the second in each form, by the number of the line."""

COMMANDS = (
    ("dump", "--summary"),
    ("dump", "--json"),
    ("report",),
    ("report", "--html"),
    ("report", "--json"),
    ("learn",),
)
ENDINGS = (".pcapng", ".jsonl", ".log", ".txt", ".csv", ".parquet", ".bin")


def write_log(folder: Path, form: str) -> Path:
    """Write the public log in a form of time, and return its path."""
    lines = iter(range(1_000))
    path = folder / "a.log"
    path.write_text(_TIME.sub(lambda match: f"{match[1]}{FORMS[form](next(lines))} ", LOG.read_text()))
    return path


def count_exchanges(path: Path) -> list[tuple[Any, ...]]:
    """Return how often each command came and was answered, as the report of a session counts them."""
    report = json.loads(run("report", "--json", path).stdout)
    keys = ("link", "direction", "name", "count", "answered", "retransmissions")
    return [tuple(one.get(key) for key in keys) for one in report["exchanges"]]


@pytest.mark.parametrize("form", FORMS)
def test_every_command_reads_it(tmp_path: Path, form: str) -> None:
    log = write_log(tmp_path, form)
    for words in COMMANDS:
        done = run(*words, log)
        assert (done.returncode, done.stderr.count(b"\n") <= 1) == (0, True), (words, done.stderr)
    for ending in ENDINGS:
        done = run("convert", log, tmp_path / f"b{ending}")
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False), (ending, done.stderr)


@pytest.mark.parametrize("form", FORMS)
def test_exchanges_and_records_are_those_of_the_original(tmp_path: Path, form: str) -> None:
    log = write_log(tmp_path, form)
    assert count_exchanges(log) == count_exchanges(LOG)
    kept = ("type", "hex", "text", "name", "fields", "process", "link", "direction")
    ours, theirs = (objects(run("dump", "--json", path)) for path in (log, LOG))
    records = [[{key: one.get(key) for key in kept} for one in found if "number" in one] for found in (ours, theirs)]
    assert records[0] == records[1]


def test_latencies_of_ocpp_are_no_latencies_of_a_board(tmp_path: Path) -> None:
    report = json.loads(run("report", "--json", write_log(tmp_path, "milliseconds that go on")).stdout)
    counted = [(one["latency"]["count"], one["answered"]) for one in report["exchanges"] if one["latency"]]
    assert counted
    assert all(count == answered for count, answered in counted)
