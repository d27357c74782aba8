"""An orderly exit on SIGTERM and SIGHUP, so that the terminal is restored.

Textual restores the terminal when the app exits; a signal that ends the process would leave the terminal without echo
and with mouse reports on. If the terminal itself is gone, there is nothing to restore, and a write to it would block
for ever: then the process ends at once. Windows has no such signals.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable

from sniffer.base.platform import IS_WINDOWS

_TERMINAL = 2
"""The file descriptor that Textual draws on: standard error."""


def exit_on_signals(leave_app: Callable[[], object]) -> None:
    """Call `leave_app` when the process receives SIGTERM or SIGHUP."""
    if IS_WINDOWS:
        return
    loop = asyncio.get_running_loop()

    def handle_signal(number: int, _frame: object) -> None:
        # Not a handler of the loop: that would never run while the loop waits for a terminal that is gone.
        if os.isatty(_TERMINAL) and not loop.is_closed():
            loop.call_soon_threadsafe(leave_app)
        else:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    def handle_thread_error(args: threading.ExceptHookArgs) -> None:
        # The drawing thread is the first to notice that the terminal is gone, and everything else waits for it.
        if isinstance(args.exc_value, OSError) and not os.isatty(_TERMINAL):
            os.kill(os.getpid(), signal.SIGHUP)
        else:
            threading.__excepthook__(args)

    threading.excepthook = handle_thread_error
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handle_signal)
