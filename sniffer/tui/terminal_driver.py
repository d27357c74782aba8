"""The terminal of the screen on POSIX: Textual's driver, which survives any input and a terminal that is gone.

In: the bytes of the terminal. Out: Textual's messages. Bytes that are not UTF-8, as a Latin-1 terminal sends, are
ignored. So is a sequence that Textual's parser fails on, a size that no terminal has, and a key that no text can hold.
When the terminal takes nothing, output is discarded until it does again. When it is gone, the app exits. Textual's own
thread would wait or end instead, and its full queue would block the event loop: nothing would be read or saved.
"""

import os
import select
import selectors
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import TextIOWrapper
from time import monotonic
from typing import Any, TextIO, cast

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.constants import ESCAPE_DELAY
from textual.events import Key, Resize
from textual.message import Message

from sniffer.base.platform import IS_POSIX
from sniffer.tui.window_title import KEEP_TITLE, RESTORE_TITLE, shows_title

READ_SIZE = 4096

POLL_SECONDS = 0.1
"""Seconds for which the input thread waits for bytes before it checks whether a sequence or the thread has to end."""

LONG_POLL_SECONDS = 0.5
"""Those where no sequence can wait for its end, as no byte has come for `SEQUENCE_SECONDS`."""

SEQUENCE_SECONDS = ESCAPE_DELAY + 1.0
"""Seconds after the last byte in which a sequence may wait for its end, such as the escape key."""

MAX_SIZE = 4096
"""The most columns or lines of a terminal. A larger size is noise, and would take all memory."""

PATIENCE = 0.5
"""Seconds that a write waits for a terminal that takes nothing, such as one behind a connection that has stalled."""

LOST_STATUS = 1
"""The exit status of a program whose terminal is gone."""


class InputDecoder:
    """The decoder of the bytes that a terminal sends."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")("ignore").decode
        self._parser = XTermParser()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield the messages of these bytes."""
        # One by one: a character that the parser fails on takes no other with it. An empty text would end the parser.
        for character in self._decode(data):
            yield from self._run(partial(self._parser.feed, character))

    def tick(self) -> Iterator[Message]:
        """Yield the messages of a sequence that has waited too long for its end, such as the escape key."""
        yield from self._run(self._parser.tick)

    def _run(self, step: Callable[[], Iterable[Message]]) -> Iterator[Message]:
        """Yield the usable messages of a step of the parser. If it fails, a new parser goes on."""
        try:
            messages = list(step())
        except Exception:
            # The parser documents no error, and raises many kinds on bytes that no key sends: they are no key then.
            failed, self._parser = self._parser, XTermParser()
            # Positions of the mouse are converted by these.
            self._parser.mouse_pixels = failed.mouse_pixels
            self._parser.terminal_size = failed.terminal_size
            self._parser.terminal_pixel_size = failed.terminal_pixel_size
            return
        yield from filter(_is_usable, messages)


def _is_usable(message: Message) -> bool:
    """Return False for a size that no terminal has, and for a key that is half a character."""
    if isinstance(message, Resize):
        return 0 < message.size.width <= MAX_SIZE and 0 < message.size.height <= MAX_SIZE
    if isinstance(message, Key):
        return not any("\ud800" <= character <= "\udfff" for character in message.character or "")
    return True


class TerminalOutput:
    """The output to a terminal. It never waits long, whatever the terminal does.

    If the terminal takes nothing for `PATIENCE` seconds, output is discarded until it takes something again; then
    `on_back` is called, to draw everything anew. Once a write fails, `on_lost` is called, and all output is discarded.
    """

    def __init__(self, file: TextIO, on_lost: Callable[[], None], on_back: Callable[[], None]) -> None:
        self._file = file
        self._on_lost = on_lost
        self._on_back = on_back
        self._is_lost = False
        self._descriptor = _open_without_waiting(file)
        self._rest = b""

    def write(self, text: str) -> int:
        """Write a text. What the terminal's encoding lacks is replaced."""
        if not self._is_lost:
            try:
                self._write(text.encode(self._file.encoding, "replace"))
            except OSError:
                self._is_lost = True
                self._on_lost()
        return len(text)

    def flush(self) -> None:
        """Do nothing: every write is complete."""

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""
        return self._file.fileno()

    def close(self) -> None:
        """Close what this opened, not the terminal's file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _write(self, data: bytes) -> None:
        """Write this text, after what the terminal did not take before.

        If it still takes nothing, the text is dropped.
        """
        if self._rest:
            # What was cut off comes first, as it may be within an escape sequence.
            self._rest = self._write_some(self._rest, 0)
            if self._rest:
                return
            self._on_back()
        self._rest = self._write_some(data, PATIENCE)

    def _write_some(self, data: bytes, patience: float) -> bytes:
        """Write until the terminal takes nothing for `patience` seconds. Return what is left."""
        if self._descriptor is None:
            self._file.write(data.decode(self._file.encoding))
            self._file.flush()
            return b""
        while data:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:
                if not select.select([], [self._descriptor], [], patience)[1]:
                    break
        return data


def _open_without_waiting(file: TextIO) -> int | None:
    """Return a descriptor of the same terminal that does not wait, or None if it cannot be opened.

    The file itself must go on to wait: other programs in this terminal share that setting with it.
    """
    try:
        return os.open(os.ttyname(file.fileno()), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except (OSError, ValueError):
        return None


if IS_POSIX:
    from textual.drivers.linux_driver import LinuxDriver

    class TerminalDriver(LinuxDriver):
        """Textual's driver with this module's input and output."""

        def __init__(
            self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
        ):
            super().__init__(app, debug=debug, mouse=mouse, size=size)
            self._terminal = cast(TextIOWrapper, self._file)
            self._output: TerminalOutput | None = None

        def start_application_mode(self) -> None:
            """Take over the terminal."""
            self._output = TerminalOutput(self._terminal, self._exit_app, self._draw_anew)
            # Textual only writes to it and flushes it.
            self._file = cast(TextIOWrapper, self._output)
            super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual states no types here.
            if shows_title():
                self.write(KEEP_TITLE)

        def stop_application_mode(self) -> None:
            """Give the terminal back as it was found."""
            if shows_title():
                self.write(RESTORE_TITLE)
            super().stop_application_mode()

        def _sigcont_application(self, *_: object) -> None:
            """Take over the terminal again.

            A process that was stopped by SIGSTOP has not given it back before: its threads would run twice, and the
            program would never end.
            """
            if self._key_thread and self._key_thread.is_alive():
                self.suspend_application_mode()
                self._must_signal_resume = True
            super()._sigcont_application()

        def close(self) -> None:
            """End the thread that writes."""
            super().close()
            if self._output:
                self._output.close()

        def run_input_thread(self) -> None:
            """Read the terminal until the driver is stopped, or until the terminal is gone."""
            decoder, last = InputDecoder(), monotonic()
            with selectors.SelectSelector() as selector:
                selector.register(self.fileno, selectors.EVENT_READ)
                while not self.exit_event.is_set():
                    is_calm = monotonic() - last > SEQUENCE_SECONDS
                    if selector.select(LONG_POLL_SECONDS if is_calm else POLL_SECONDS):
                        last = monotonic()
                        try:
                            data = os.read(self.fileno, READ_SIZE)
                        except OSError:
                            data = b""
                        if not data:
                            self._exit_app()
                            return
                        for message in decoder.feed(data):
                            self.process_message(message)
                    for message in decoder.tick():
                        self.process_message(message)

        def _exit_app(self) -> None:
            """Exit the app; this is called by a thread."""
            self._loop.call_soon_threadsafe(lambda: self._app.exit(return_code=LOST_STATUS))

        def _draw_anew(self) -> None:
            """Draw the whole screen; this is called by a thread."""
            self._loop.call_soon_threadsafe(self._app.refresh)
