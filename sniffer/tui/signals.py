"""Leave in good order when the system asks for it, so that the terminal is as it was found.

Textual gives the terminal back when the program ends by itself; a signal that ends it before would leave the
terminal without echo and with the mouse reported. Where the terminal itself has gone, there is nothing to give back,
and what is still written would wait for ever: the program ends at once. Windows has no such signals.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable

from sniffer.base.platform import IS_WINDOWS

_TERMINAL = 2
"""Textual draws on standard error."""


def exit_on_signals(leave: Callable[[], object]) -> None:
    """Call `leave` when the program is to end (SIGTERM, SIGHUP)."""
    if IS_WINDOWS:
        return
    loop = asyncio.get_running_loop()

    def asked(number: int, _frame: object) -> None:
        # Not a handler of the loop's: that would never come where the loop waits for a terminal that has gone.
        if os.isatty(_TERMINAL) and not loop.is_closed():
            loop.call_soon_threadsafe(leave)
        else:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    def failed(args: threading.ExceptHookArgs) -> None:
        # The thread that draws is the first to find that the terminal has gone, and all else waits for it.
        if isinstance(args.exc_value, OSError) and not os.isatty(_TERMINAL):
            os.kill(os.getpid(), signal.SIGHUP)
        else:
            threading.__excepthook__(args)

    threading.excepthook = failed
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, asked)
