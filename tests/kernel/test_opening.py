"""The program sends nothing to a port of Debian's ftdi_sio, and leaves the port as it was found."""

import re

import pytest

from tests.kernel.bench import Bench, GuestTap, Wire
from tests.known_frames import STATUS_REPORT
from tests.live.system_calls import check_calls

FRAME = STATUS_REPORT.raw

TRACED = "trace=openat,close,ioctl,read,write,writev,pwrite64,sendto,sendmsg"

MODEM_LINES = re.compile(r"got control 0x4001, value (0x[0-9a-f]+)")
"""FTDI's request for DTR and RTS: the high byte says which are meant, the low one which of them are set."""


def test_nothing_is_sent_and_the_calls_are_those_on_a_pseudo_terminal(bench: Bench, adapter: str, wire: Wire) -> None:
    before = len(bench.machine.trace)
    command = ("strace", "-D", "-f", "--seccomp-bpf", "-e", TRACED, "-o", "/tmp/strace")
    with GuestTap(bench, adapter, "--baud", "115200", under=command) as tap:
        tap.wait_until_open(adapter)
        wire.write(FRAME)
        tap.next_seen(1)
        assert tap.interrupt() == (0, "")
    check_calls(bench.run("cat", "/tmp/strace"), adapter)
    assert wire.read() == b""
    # open(2) itself raises both lines; we lower them one after the other, and closing raises neither.
    assert MODEM_LINES.findall(bench.machine.trace[before:]) == ["0x303", "0x100", "0x200", "0x300"]


@pytest.mark.parametrize(
    "found", ["9600 ixon icanon echo hupcl", "19200 -hupcl parmrk cs7 parenb -ixon -icanon min 0 time 5"]
)
def test_the_settings_that_were_found_are_given_back(bench: Bench, adapter: str, wire: Wire, found: str) -> None:
    bench.run("stty", "-F", adapter, *found.split())
    before = bench.run("stty", "-a", "-F", adapter)
    with GuestTap(bench, adapter, "--baud", "115200") as tap:
        tap.wait_until_open(adapter)
        wire.write(FRAME)
        assert tap.next_seen(1)[0]["raw"] == FRAME.hex()
        tap.interrupt()
    assert bench.run("stty", "-a", "-F", adapter) == before
