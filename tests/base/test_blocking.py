"""What blocks in a thread holds up neither the loop nor the end of the program."""

import asyncio
import subprocess
import sys
import threading

import pytest

from sniffer.base.blocking import run_detached


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
