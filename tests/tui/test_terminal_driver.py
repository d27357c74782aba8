"""Any input of a terminal becomes messages, and a terminal that is gone takes nothing with it."""

import errno
import os
import random
import re
import select
import time
import tty
from io import TextIOWrapper

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, MouseScrollUp, Resize

from sniffer.tui import terminal_driver
from sniffer.tui.base_app import BaseApp
from sniffer.tui.terminal_driver import MAX_SIZE, InputDecoder, TerminalDriver, TerminalOutput


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
        assert time.monotonic() - began < 10
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
