"""A thread that blocks holds up neither the loop nor the end of the program."""

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from sniffer.base.blocking import run_detached, run_to_end


async def test_what_the_work_returns_comes_back() -> None:
    assert await run_detached(lambda: 7) == 7


async def test_what_the_work_raises_comes_back() -> None:
    with pytest.raises(ZeroDivisionError):
        await run_detached(lambda: 1 // 0)


async def test_who_waits_can_be_cancelled_while_the_work_goes_on() -> None:
    go_on, ended = threading.Event(), threading.Event()

    def work() -> None:
        go_on.wait(20)
        ended.set()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await run_detached(work)
    assert not ended.is_set()
    go_on.set()
    assert ended.wait(20)


def test_the_program_ends_while_the_work_hangs() -> None:
    code = """
import asyncio, threading
from sniffer.base.blocking import run_detached
async def main():
    try:
        async with asyncio.timeout(0.1):
            await run_detached(threading.Event().wait)
    except TimeoutError:
        print("left")
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, "left\n", "")


async def test_cancelled_caller_waits_for_the_call_however_often_it_is_cancelled() -> None:
    goes_on = threading.Event()
    seen: list[str] = []

    def work() -> None:
        goes_on.wait(10)
        seen.append("done")

    waiting = asyncio.ensure_future(run_to_end(work))
    for _ in range(3):
        await asyncio.sleep(0.01)
        waiting.cancel()
    assert not waiting.done()
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert seen == ["done"]


async def test_loop_runs_on_during_the_call() -> None:
    def work() -> int:
        time.sleep(0.05)
        return 7

    working = asyncio.ensure_future(run_to_end(work))
    turns = 0
    while not working.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert await working == 7
    assert turns > 3


async def test_exception_of_a_waited_for_call_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        await run_to_end(lambda: 1 // 0)
