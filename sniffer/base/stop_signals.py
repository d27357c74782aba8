"""An orderly end on SIGTERM and SIGHUP: what was read is saved before the process ends.

In: a function of the event loop that ends the program's work. Out: its call when such a signal arrives. A signal that
the parent process has set to be ignored stays ignored, as under nohup. If the work has not ended after `PATIENCE`, the
process is ended by SIGALRM: a blocked terminal or disk must not keep it for ever. Windows has no such signals.
"""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress

from sniffer.base.platform import IS_POSIX

PATIENCE = 15
"""Seconds after a signal in which the work must end. The recording alone may take five."""


def call_on_stop_signals(stop: Callable[[], object]) -> None:
    """Call `stop` on the running event loop when SIGTERM or SIGHUP arrives."""
    if not IS_POSIX:
        return
    loop = asyncio.get_running_loop()

    def handle_signal(number: int, _frame: object) -> None:
        # Not a handler of the loop: that would never run while the loop is blocked, and the process could not be ended.
        if loop.is_closed():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
            return
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(PATIENCE)
        loop.call_soon_threadsafe(stop)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handle_signal)


@contextmanager
def call_on_interrupt(stop: Callable[[], object]) -> Iterator[None]:
    """Call `stop` on the running event loop when SIGINT arrives, within the context.

    The handler must be gone before the loop is closed: a signal of any kind that arrives in between would have Python
    print a traceback.
    """
    if not IS_POSIX:
        yield
        return
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, stop)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)


async def run_until_stopped(work: Coroutine[object, object, None], ended: asyncio.Event | None = None) -> None:
    """Run `work` to its end, or until `ended` is set or SIGINT, SIGTERM or SIGHUP arrives, which cancel it.

    A cancelled `work` may tidy up.
    """
    task = asyncio.ensure_future(work)
    call_on_stop_signals(task.cancel)
    waiting = asyncio.ensure_future(_cancel_after(ended, task)) if ended else None
    # SIGINT cancels this coroutine, which cancels the task that it waits for.
    with suppress(asyncio.CancelledError):
        await task
    if waiting:
        waiting.cancel()


async def _cancel_after(ended: asyncio.Event, task: asyncio.Future[None]) -> None:
    """Cancel the task once the event is set."""
    await ended.wait()
    task.cancel()
