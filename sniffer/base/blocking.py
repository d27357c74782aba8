"""Calls that may block, run in a thread so that the event loop goes on.

In: a function without arguments. Out: what it returns or raises. The two functions differ in what a cancelled caller
does: `run_detached` returns at once and leaves the call running; `run_to_end` waits for the call first.

A disk can take minutes to answer, or never answer (a network share that is gone). So the threads of `run_detached` are
daemons: unlike the threads of asyncio's executor, they do not hold up the end of the program.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


async def run_detached(call: Callable[[], Result]) -> Result:
    """Run the call in a thread of its own; return its result, or raise its error.

    If the caller is cancelled, the thread goes on and its result is lost. It does not delay the end of the program.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def settle(setter: Callable[..., None], value: object) -> None:
        if not done.cancelled():
            setter(value)

    def run() -> None:
        try:
            outcome: tuple[Callable[..., None], object] = (done.set_result, call())
        except BaseException as error:
            outcome = (done.set_exception, error)
        # The loop may have been closed while the call ran; then nobody waits for the result.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, *outcome)

    Thread(target=run, name="disk", daemon=True).start()
    return await done


async def run_to_end(call: Callable[[], Result]) -> Result:
    """Run the call in a thread of a pool; return its result, or raise its error.

    If the caller is cancelled, the call still runs to its end, and `CancelledError` is raised then. Use it where the
    next step must not overlap with the call, as when a half-written file is removed.
    """
    running = asyncio.get_running_loop().run_in_executor(None, call)
    is_cancelled = False
    while not running.done():
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError:
            is_cancelled = True
    if is_cancelled:
        # asyncio logs an exception that nobody has read.
        running.exception()
        raise asyncio.CancelledError
    return running.result()
