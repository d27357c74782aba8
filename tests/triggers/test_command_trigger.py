"""`--exec`: which records start the command, what it is given, how it ends, and what is reported."""

import asyncio
import json
import threading
from typing import Any

import pytest

from sniffer.formats.jsonl.writer import build_whole_object
from sniffer.triggers import command_trigger as module
from sniffer.triggers.command_trigger import CommandTrigger
from sniffer.triggers.start_limit import StartLimit
from tests.triggers.helpers import DEFINITION, FAULT, filter_of


class Runs:
    """A command that keeps its inputs. It runs until `go_on` if `waits`, or is ended before by the signals it obeys."""

    def __init__(self, failure: str = "", *, waits: bool = False, obeys: str = "terminate kill") -> None:
        self.inputs: list[dict[str, Any]] = []
        self.signals: list[str] = []
        self._failure = failure
        self._obeys = obeys
        self._ended = threading.Event()
        if not waits:
            self.go_on()

    def go_on(self) -> None:
        self._ended.set()

    def run(self, data: bytes) -> str:
        assert data.endswith(b"}\n")
        self.inputs.append(json.loads(data))
        assert self._ended.wait(30)
        return self._failure

    def terminate(self) -> None:
        self._take("terminate")

    def kill(self) -> None:
        self._take("kill")

    def _take(self, name: str) -> None:
        self.signals.append(name)
        if name in self._obeys:
            self.go_on()


def trigger_of(runs: Runs, *, interval: float = 0.0, reports: list[str] | None = None) -> CommandTrigger:
    return CommandTrigger(
        filter_of("status == Faulted"),
        runs,
        StartLimit(interval),
        lambda record: build_whole_object(record, DEFINITION, None),
        (reports if reports is not None else []).append,
    )


async def test_the_command_gets_the_record_that_matches() -> None:
    runs = Runs()
    trigger = trigger_of(runs)
    trigger.receive(FAULT[:3])
    await trigger.close()
    (given,) = runs.inputs
    assert (given["type"], given["number"], given["fields"]["status"]) == ("frame", 2, "Faulted")
    assert [event["event"] for event in given["events"]] == ["status", "fault_raised", "contradiction"]
    assert (given["trigger"], given["skipped"]) == ("status == Faulted", 0)
    assert trigger.summary == ""


async def test_one_runs_at_a_time_and_the_next_is_given_the_number_of_what_was_skipped() -> None:
    runs = Runs(waits=True)
    trigger = trigger_of(runs)
    trigger.receive(FAULT)
    trigger.receive(FAULT)
    runs.go_on()
    await trigger.close()
    trigger.receive(FAULT)
    await trigger.close()
    assert [(given["number"], given["skipped"]) for given in runs.inputs] == [(2, 0), (2, 3)]
    assert trigger.summary == (
        "--exec 'status == Faulted': 2 starts; 4 matches skipped (one at a time, at most one start in 0 s)"
    )


async def test_nothing_starts_within_the_interval() -> None:
    runs = Runs()
    trigger = trigger_of(runs, interval=60)
    for _ in range(500):
        trigger.receive(FAULT)
        await asyncio.sleep(0)
    await trigger.close()
    assert len(runs.inputs) == 1
    assert "1 start; 999 matches skipped (one at a time, at most one start in 60 s)" in trigger.summary


async def test_a_failure_is_reported_once_and_counted() -> None:
    reports: list[str] = []
    trigger = trigger_of(Runs("ended with status 1"), reports=reports)
    for _ in range(3):
        trigger.receive(FAULT[:2])
        await trigger.close()
    assert reports == ["--exec 'status == Faulted': the command ended with status 1; later failures are only counted"]
    assert trigger.summary == "--exec 'status == Faulted': 3 starts (3 failed)"


async def test_the_loop_goes_on_while_the_command_runs() -> None:
    runs = Runs(waits=True)
    trigger = trigger_of(runs)
    trigger.receive(FAULT)
    closing = asyncio.create_task(trigger.close())
    for _ in range(100):
        await asyncio.sleep(0)
    assert not closing.done()
    runs.go_on()
    await closing
    assert runs.signals == []


@pytest.mark.parametrize(("obeys", "signals"), [("terminate", ["terminate"]), ("kill", ["terminate", "kill"])])
async def test_a_command_that_goes_on_after_the_end_is_ended(
    monkeypatch: pytest.MonkeyPatch, obeys: str, signals: list[str]
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.02)
    monkeypatch.setattr(module, "GRACE", 0.2 if obeys == "kill" else 20.0)
    runs = Runs(waits=True, obeys=obeys)
    trigger = trigger_of(runs)
    trigger.receive(FAULT)
    await trigger.close()
    assert runs.signals == signals


async def test_a_second_interrupt_ends_the_command_at_once() -> None:
    runs = Runs(waits=True)
    trigger = trigger_of(runs)
    trigger.receive(FAULT)
    await asyncio.sleep(0)
    closing = asyncio.create_task(trigger.close())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert runs.signals == ["kill"]
