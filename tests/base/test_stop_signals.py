"""SIGTERM and SIGHUP end the work in order."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from sniffer.base.stop_signals import PATIENCE, call_on_interrupt, call_on_stop_signals, run_until_stopped

STOPS = [signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(autouse=True)
def alarms(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Yield the seconds of the alarms that were set; none goes off. Signal handlers are restored afterwards."""
    numbers = (*STOPS, signal.SIGALRM)
    before = [signal.getsignal(number) for number in numbers]
    seconds: list[int] = []
    monkeypatch.setattr(signal, "alarm", seconds.append)
    yield seconds
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def stopped_by(number: int) -> bool:
    """Return True if the signal calls the function within a moment."""

    async def wait() -> bool:
        stopped = asyncio.Event()
        call_on_stop_signals(stopped.set)
        os.kill(os.getpid(), number)
        try:
            await asyncio.wait_for(stopped.wait(), 0.2)
        except TimeoutError:
            return False
        return True

    return asyncio.run(wait())


@pytest.mark.parametrize("number", STOPS)
def test_a_signal_calls_the_function_and_sets_a_limit(number: int, alarms: list[int]) -> None:
    assert stopped_by(number)
    assert alarms == [PATIENCE]


def test_a_signal_that_is_ignored_stays_ignored(alarms: list[int]) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert not stopped_by(signal.SIGHUP)
    assert alarms == []


@pytest.mark.parametrize("number", [signal.SIGINT, *STOPS])
def test_work_is_cancelled_and_may_tidy_up(number: int) -> None:
    done: list[str] = []

    async def work() -> None:
        asyncio.get_running_loop().call_later(0.01, os.kill, os.getpid(), number)
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            done.append("tidied up")

    asyncio.run(run_until_stopped(work()))
    assert done == ["tidied up"]


def test_work_that_fails_raises_its_error() -> None:
    async def work() -> None:
        raise LookupError("broken")

    with pytest.raises(LookupError, match="broken"):
        asyncio.run(run_until_stopped(work()))


@pytest.mark.parametrize(
    ("after", "number"),
    [
        # The loop has ended: nothing is left to tidy up.
        ("asyncio.run(run_until_stopped(asyncio.sleep(0))); print('ready', flush=True); time.sleep(60)", 15),
        # The work does not end: the process does.
        ("stop_signals.PATIENCE = 1; asyncio.run(blocked())", signal.SIGALRM),
    ],
)
def test_the_process_ends_whatever_blocks_it(after: str, number: int) -> None:
    code = (
        "import asyncio, time\nfrom sniffer.base import stop_signals\n"
        "from sniffer.base.stop_signals import call_on_stop_signals, run_until_stopped\n"
        "async def blocked():\n"
        "    call_on_stop_signals(print); print('ready', flush=True); time.sleep(60)\n"
        f"{after}\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == -number


@pytest.mark.parametrize("is_set_before", [True, False])
def test_work_ends_when_the_event_is_set(is_set_before: bool) -> None:
    done: list[str] = []

    async def work(ended: asyncio.Event) -> None:
        try:
            ended.set()
            await asyncio.sleep(1000)
        finally:
            done.append("tidy")

    async def run() -> None:
        ended = asyncio.Event()
        if is_set_before:
            ended.set()
        await asyncio.wait_for(run_until_stopped(work(ended), ended), 30)

    asyncio.run(run())
    assert done == ["tidy"]


def test_an_interrupt_calls_the_function_and_leaves_nothing_that_a_later_signal_could_trip_over() -> None:
    async def wait() -> int:
        stopped = asyncio.Event()
        with call_on_interrupt(stopped.set):
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.wait_for(stopped.wait(), 30)
        # Python prints a traceback if a signal arrives while its number goes to a loop that has closed this descriptor.
        return signal.set_wakeup_fd(-1)

    assert asyncio.run(wait()) == -1
