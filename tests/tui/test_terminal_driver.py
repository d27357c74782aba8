"""Any input of a terminal becomes messages, and a terminal that is gone takes nothing with it."""

import asyncio
import errno
import os
import random
import re
import select
import selectors
import threading
import time
import tty
from collections.abc import Callable
from io import TextIOWrapper
from typing import Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, MouseScrollUp, Resize

from sniffer.tui import terminal_driver
from sniffer.tui.base_app import BaseApp
from sniffer.tui.terminal_driver import (
    LONG_POLL_SECONDS,
    MAX_SIZE,
    POLL_SECONDS,
    InputDecoder,
    TerminalDriver,
    TerminalOutput,
)
from sniffer.tui.window_title import KEEP_TITLE, RESTORE_TITLE
from tests.waiting import until


def keys_of(*reads: bytes) -> list[str | None]:
    decoder = InputDecoder()
    return [one.character for data in reads for one in decoder.feed(data) if isinstance(one, Key)]


def test_bytes_that_are_not_utf_8_are_ignored() -> None:
    assert keys_of(b"a\xe9b") == ["a", "b"]
    assert keys_of(b"\xff\xfe", b"\x80") == []


def test_a_character_may_come_in_two_reads() -> None:
    assert keys_of(b"\xc3", b"\xa9") == ["é"]


def test_a_sequence_that_the_parser_fails_on_takes_no_other_key_with_it() -> None:
    # The number is beyond the last character of Unicode.
    assert keys_of(b"a\x1b[97;1;99999999ub") == ["a", "b"]


def test_half_a_character_is_no_key() -> None:
    assert keys_of(b"a\x1b[97;1;55296ub") == ["a", "b"]


def test_a_size_that_no_terminal_has_is_ignored() -> None:
    decoder = InputDecoder()

    def sizes_of(data: bytes) -> list[tuple[int, int]]:
        return [one.size for one in decoder.feed(data) if isinstance(one, Resize)]

    assert sizes_of(b"\x1b[48;24;80;480;640t") == [(80, 24)]
    assert sizes_of(b"\x1b[48;0;0;0;0t") == []
    assert sizes_of(b"\x1b[48;24;0;480;0t") == sizes_of(b"\x1b[48;0;80;0;640t") == []
    assert sizes_of(b"\x1b[48;1;1;20;8t") == [(1, 1)]
    assert sizes_of(b"\x1b[48;%d;%d;1;1t" % (MAX_SIZE, MAX_SIZE)) == [(MAX_SIZE, MAX_SIZE)]
    assert sizes_of(b"\x1b[48;24;%d;1;1t" % (MAX_SIZE + 1)) == []
    assert sizes_of(b"\x1b[48;%d;80;1;1t" % (MAX_SIZE + 1)) == []


def test_the_mouse_is_still_where_it_was_after_a_sequence_that_fails() -> None:
    decoder = InputDecoder()
    list(decoder.feed(b"\x1b[48;24;80;480;800t\x1b[97;1;99999999u"))
    (event,) = decoder.feed(b"\x1b[<64;101;41M")
    assert isinstance(event, MouseScrollUp)
    assert (event.x, event.y) == (10, 2)


@given(st.lists(st.binary(max_size=40) | st.from_regex(rb"\x1b\[[<?0-9;:]{0,12}[A-Za-z~]", fullmatch=True)))
def test_no_input_raises(reads: list[bytes]) -> None:
    keys_of(*reads)


def test_ten_thousand_random_bytes_leave_a_decoder_that_works() -> None:
    assert keys_of(random.Random(16).randbytes(10_000), b"\x1b[201~", b"\x1b", b"[201~~", b"x")[-1] == "x"


def ignore() -> None:
    """Do nothing."""


class LostTerminal(TextIOWrapper):
    """A terminal that is gone."""

    encoding = "ascii"

    def __init__(self) -> None:
        """Open nothing."""

    def write(self, text: str) -> int:
        raise OSError(errno.EIO, "gone")

    def flush(self) -> None:
        raise OSError(errno.EIO, "gone")


def test_a_terminal_that_is_gone_is_reported_once() -> None:
    reports: list[str] = []
    output = TerminalOutput(LostTerminal(), lambda: reports.append("lost"), ignore)
    for _ in range(3):
        output.write("x")
        output.flush()
    assert reports == ["lost"]


class AsciiTerminal(LostTerminal):
    """A terminal without any characters but ASCII."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def write(self, text: str) -> int:
        text.encode(self.encoding)
        self.texts.append(text)
        return len(text)


def test_a_character_that_the_terminal_lacks_is_replaced() -> None:
    terminal = AsciiTerminal()
    TerminalOutput(terminal, ignore, ignore).write("│ é")
    assert terminal.texts == ["? ?"]


def test_a_terminal_that_takes_nothing_is_not_waited_for_and_is_drawn_anew_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(terminal_driver, "PATIENCE", 0.05)
    back: list[str] = []
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    shown = b""
    with open(theirs, "w", encoding="utf-8") as file:
        output = TerminalOutput(file, lambda: back.append("lost"), lambda: back.append("back"))
        began = time.monotonic()
        for number in range(1000):
            output.write(f"<{number:>1000}>")
        assert time.monotonic() - began < 40
        assert back == []
        while select.select([ours], [], [], 0.1)[0]:
            shown += os.read(ours, 65536)
        output.write("<now>")
        while select.select([ours], [], [], 0.1)[0]:
            shown += os.read(ours, 65536)
        assert back == ["back"]
        # The first texts and the last, and each of them whole.
        assert re.fullmatch(rb"(<[ 0-9]{1000}>)+<now>", shown)
        assert os.get_blocking(theirs)
        output.close()
        output.close()
    os.close(ours)


def test_the_programs_use_this_driver() -> None:
    assert BaseApp[None]().driver_class is TerminalDriver
    assert issubclass(TerminalDriver, LinuxDriver)


def test_a_write_returns_how_much_it_wrote() -> None:
    ours, theirs = os.openpty()
    with open(theirs, "w", encoding="utf-8") as file:
        output = TerminalOutput(file, ignore, ignore)
        assert (output.write("é│"), output.fileno()) == (2, theirs)
        output.close()
    os.close(ours)


class Program(BaseApp[None]):
    """A program that records the calls by which it was to exit or to be drawn."""

    def __init__(self) -> None:
        self.calls: list[object] = []
        super().__init__()
        self.calls.clear()

    def exit(self, result: None = None, return_code: int = 0, message: object = None) -> None:
        self.calls.append(return_code)

    def refresh(self, *regions: object, **options: object) -> Self:
        self.calls.append("drawn")
        return self


class Steps:
    """The steps of Textual's driver, which are remembered and not taken."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.taken: list[str] = []
        for name in ("start_application_mode", "stop_application_mode", "suspend_application_mode", "close"):
            monkeypatch.setattr(LinuxDriver, name, self.step(name))
        monkeypatch.setattr(LinuxDriver, "_sigcont_application", self.step("continue"))
        monkeypatch.setattr(LinuxDriver, "write", lambda driver, text: self.taken.append(repr(text)))

    def step(self, name: str) -> Callable[..., None]:
        return lambda *_: self.taken.append(name)


async def test_the_options_of_the_driver_are_those_of_textual() -> None:
    driver = TerminalDriver(Program(), debug=True, mouse=False, size=(80, 24))
    assert (driver._debug, driver._mouse, driver._size) == (True, False, (80, 24))
    driver = TerminalDriver(Program())
    assert (driver._debug, driver._mouse, driver._size) == (False, True, None)


@pytest.mark.parametrize("has_title", [True, False])
async def test_the_terminal_is_taken_over_and_given_back_with_its_title(
    monkeypatch: pytest.MonkeyPatch, has_title: bool
) -> None:
    monkeypatch.setattr(terminal_driver, "shows_title", lambda: has_title)
    steps, driver = Steps(monkeypatch), TerminalDriver(Program())
    driver.start_application_mode()
    assert isinstance(driver._file, TerminalOutput)
    driver.stop_application_mode()
    driver.close()
    assert driver._file._descriptor is None
    kept, restored = ([repr(text)] if has_title else [] for text in (KEEP_TITLE, RESTORE_TITLE))
    assert steps.taken == ["start_application_mode", *kept, *restored, "stop_application_mode", "close"]


async def test_a_driver_that_has_not_begun_closes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(monkeypatch)
    TerminalDriver(Program()).close()
    assert steps.taken == ["close"]


@pytest.mark.parametrize("is_running", [True, False])
async def test_after_sigstop_the_threads_end_before_they_begin_again(
    monkeypatch: pytest.MonkeyPatch, is_running: bool
) -> None:
    steps, driver = Steps(monkeypatch), TerminalDriver(Program())
    driver._must_signal_resume = False
    driver._key_thread = threading.Thread(target=driver.exit_event.wait)
    if is_running:
        driver._key_thread.start()
    driver._sigcont_application()
    driver.exit_event.set()
    assert steps.taken == (["suspend_application_mode", "continue"] if is_running else ["continue"])
    assert driver._must_signal_resume is is_running


async def test_the_input_of_a_terminal_reaches_the_app_and_its_end_exits_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    app = Program()
    driver = TerminalDriver(app)
    driver.fileno = theirs
    messages: list[object] = []
    monkeypatch.setattr(driver, "process_message", messages.append)
    thread = threading.Thread(target=driver.run_input_thread)
    thread.start()
    os.write(ours, b"a\x1b")
    await until(lambda: [one.key for one in messages if isinstance(one, Key)] == ["a", "escape"])
    assert app.calls == []
    os.close(ours)
    await until(lambda: app.calls == [1])
    thread.join()
    os.close(theirs)


async def test_a_terminal_without_input_is_looked_at_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    class Selector(selectors.SelectSelector):
        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            waits.append(timeout)
            return super().select(0.001)

    waits: list[float | None] = []
    monkeypatch.setattr(selectors, "SelectSelector", Selector)
    monkeypatch.setattr(terminal_driver, "SEQUENCE_SECONDS", 0.2)
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    driver = TerminalDriver(Program())
    driver.fileno = theirs
    monkeypatch.setattr(driver, "process_message", lambda _: None)
    thread = threading.Thread(target=driver.run_input_thread)
    thread.start()
    assert waits[:1] in ([], [POLL_SECONDS])
    await until(lambda: waits[-1:] == [LONG_POLL_SECONDS])
    os.write(ours, b"\x1b")
    await until(lambda: waits[-1] == POLL_SECONDS)
    await until(lambda: waits[-1] == LONG_POLL_SECONDS)
    driver.exit_event.set()
    thread.join(30)
    os.close(ours)
    os.close(theirs)


async def test_a_driver_that_is_stopped_reads_no_more_and_does_not_exit() -> None:
    ours, theirs = os.openpty()
    app = Program()
    driver = TerminalDriver(app)
    driver.fileno = theirs
    thread = threading.Thread(target=driver.run_input_thread)
    thread.start()
    driver.exit_event.set()
    thread.join(30)
    await asyncio.sleep(0)
    assert (thread.is_alive(), app.calls) == (False, [])
    os.close(ours)
    os.close(theirs)


async def test_a_screen_is_drawn_anew_from_a_thread() -> None:
    app = Program()
    await asyncio.to_thread(TerminalDriver(app)._draw_anew)
    await until(lambda: app.calls == ["drawn"])
