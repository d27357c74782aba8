"""The screen in a real terminal: it starts, answers keys, follows a resize, shows what is on the wire as text only, and
leaves the terminal as it found it.
"""

import os
import subprocess

import pytest

from tests.known_frames import STATUS_REPORT
from tests.live.helpers import PATIENCE, Line
from tests.live.terminal import Terminal, remains
from tests.paths import CAPTURES
from tests.tools import EVSE_SNIFF

CAPTURE = str(CAPTURES / "undervoltage.log")
HOSTILE = "".join(
    f"2023-11-30T00:00:4{number}+0000 [comproc] {text}\n"
    for number, text in enumerate(
        [
            "[/] [red]red[/red] [@click=app.quit]quit[/]",
            "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m",
            "\x9b31mred \x9d0;owned\x9c",
            "\u202eright to left \u0301\u0301\u0301 marks",
            "cpid = \x1b[5mblink,evseNum = 1",
        ]
    )
)


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 36)])
def test_the_fault_stands_on_the_screen_and_q_restores_the_terminal(width, height):
    with Terminal(CAPTURE, width=width, height=height) as terminal:
        screen = terminal.wait_for("Under voltage", "Faulted", "traffic")
        assert terminal.uses_alternate_screen
        assert terminal.size == (width, height)
        assert len(screen.splitlines()) == height
        terminal.press("q")
        terminal.wait_for("status=0", "echo")
        assert "-echo" not in terminal.screen
        assert not terminal.uses_alternate_screen


def test_keys_do_on_a_terminal_what_the_help_says():
    with Terminal(CAPTURE, width=120, height=36) as terminal:
        terminal.wait_for("announcement relay", "Under voltage")
        terminal.press("g")
        terminal.wait_for("availabilitySrc", "charge point information…")
        terminal.press("?")
        terminal.wait_for("type to search")
        terminal.press("q")
        terminal.wait_until(lambda screen: "type to search" not in screen, "the help to close")
        terminal.press("Space")
        terminal.wait_for("▶ 1 x")
        terminal.press("C-c")
        terminal.wait_for("status=0")


def test_keys_that_come_in_one_read_go_where_each_of_them_leads():
    with Terminal(CAPTURE, width=120, height=36) as terminal:
        terminal.wait_for("traffic", "all read")
        terminal.type("fstatus == Faulted")
        terminal.wait_for("status == Faulted")
        terminal.type("\x15noise\r")
        terminal.wait_for("filter: noise: 0 found")
        assert "status == Faulted" not in terminal.screen


@pytest.mark.parametrize("way", ["q", "C-q", "C-c", "TERM", "HUP"])
def test_leaving_by_any_way_restores_the_terminal(way):
    with Terminal("demo", width=80, height=24) as terminal:
        terminal.wait_for("ALIVE", "traffic")
        assert terminal.reports_mouse
        if way in ("TERM", "HUP"):
            terminal.signal(way)
        else:
            terminal.press(way)
        terminal.wait_for("status=0", "echo")
        assert "-echo" not in terminal.screen
        assert not terminal.uses_alternate_screen
        assert not terminal.reports_mouse


def test_notes_are_listed_before_they_are_lost():
    with Terminal(CAPTURE, width=80, height=24) as terminal:
        terminal.wait_for("announcement relay")
        terminal.press("\\;")
        terminal.wait_for("note at #27")
        terminal.type("look here")
        terminal.press("Enter")
        terminal.wait_for("✎ look here")
        terminal.press("q")
        terminal.wait_for("1 note is not exported", "again quits")
        terminal.press("C-c")
        terminal.wait_for("status=0")
        assert not terminal.uses_alternate_screen


def test_the_program_ends_with_its_terminal():
    with Terminal("demo", width=80, height=24) as terminal:
        terminal.wait_for("ALIVE", "traffic")
        program = terminal.program
    assert not remains(program)


def test_the_program_ends_where_its_terminal_goes_without_a_word():
    ours, theirs = os.openpty()
    program = subprocess.Popen([*EVSE_SNIFF, "demo"], stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    while b"ALIVE" not in shown:
        shown += os.read(ours, 65536)
    os.close(ours)
    try:
        assert program.wait(PATIENCE) != 0
    finally:
        program.kill()


def test_it_follows_a_resize():
    with Terminal(CAPTURE, width=120, height=36) as terminal:
        terminal.wait_for("Under voltage", "traffic", "detail", "link")
        terminal.resize(80, 24)
        screen = terminal.wait_until(
            lambda screen: len(screen.splitlines()) <= 24 and "detail" in screen and "Under voltage" in screen,
            "24 lines",
        )
        assert "Under voltage" in screen
        terminal.resize(20, 5)
        terminal.resize(120, 36)
        terminal.wait_for("Under voltage", "traffic", "detail", "link")


def test_what_a_log_holds_is_text_and_nothing_else(tmp_path):
    path = tmp_path / "hostile.log"
    path.write_text(HOSTILE, encoding="utf-8")
    with Terminal(str(path), width=120, height=36) as terminal:
        terminal.wait_for("[/] [red]red[/red]", r"\x1b]0;owned", r"\x9b31mred", r"\u202eright")
        assert "owned" not in terminal.title
        for _ in range(5):
            terminal.press("k")
        terminal.wait_for("[/] [red]red[/red]", r"\x1b]0;owned")
        assert terminal.uses_alternate_screen
        assert terminal.title.endswith("hostile.log")
        assert "owned" not in terminal.title


def test_a_live_line_shows_as_it_speaks_and_a_lost_port_stays_on_the_screen():
    with Line() as line, Terminal(line.port, width=100, height=30) as terminal:
        terminal.wait_for("NOTHING HEARD")
        line.write(STATUS_REPORT.raw)
        terminal.wait_for("Under voltage", "Faulted")
        line.unplug()
        terminal.wait_for("SOURCE LOST", "Under voltage")
        terminal.press("q")
        terminal.wait_for("status=0")


def test_a_source_that_cannot_be_used_never_opens_the_screen():
    with Terminal("/dev/ttyUSB99", width=100, height=30) as terminal:
        terminal.wait_for("no such port", "status=1")
